package challenge

import (
	"errors"
	"strings"
	"testing"
)

// A login under way: what the camera refuses with, and what it is then sent.
func TestAuthorizer(t *testing.T) {
	const (
		md5    = `Digest realm="cam", nonce="a"`
		md5New = `Digest realm="cam", nonce="b", stale=true`
		sha    = `Digest realm="cam", nonce="a", algorithm=SHA-256, qop="auth"`
		basic  = `Basic realm="cam"`
	)
	for _, c := range []struct {
		name     string
		login    Login
		refusals [][]string
		want     []string // of each answer: its algorithm, or why there is none
		digest   bool
	}{
		{"no login", Login{}, [][]string{{md5}}, []string{"none"}, false},
		{"digest", Login{User: "u", Password: "p"}, [][]string{{md5}, {md5}}, []string{"MD5", "none"}, true},
		{"a nonce too old", Login{User: "u", Password: "p"}, [][]string{{md5}, {md5New}, {md5New}}, []string{"MD5", "MD5", "none"}, true},
		{"both, in the camera's order", Login{User: "u", Password: "p"}, [][]string{{md5, sha}, {md5, sha}, {md5, sha}}, []string{"MD5", "SHA-256", "none"}, true},
		{"both, the other order", Login{User: "u", Password: "p"}, [][]string{{sha, md5}, {sha, md5}}, []string{"SHA-256", "MD5"}, true},
		{"basic beside digest is never sent", Login{User: "u", Password: "p", Basic: true}, [][]string{{basic, md5}, {basic, md5}}, []string{"MD5", "none"}, true},
		{"basic alone", Login{User: "u", Password: "p", Basic: true}, [][]string{{basic}, {basic}}, []string{"Basic", "none"}, false},
		{"basic alone, not allowed", Login{User: "u", Password: "p"}, [][]string{{basic}}, []string{"refused"}, false},
		{"digest, then basic, not allowed", Login{User: "u", Password: "p"}, [][]string{{md5}, {basic}}, []string{"MD5", "refused"}, true},
	} {
		a, tries := Authorizer{Login: c.login}, Tries{}
		for i, headers := range c.refusals {
			again, err := a.Refused(headers, &tries)
			got := "none"
			switch h := a.Header("DESCRIBE", "rtsp://x/"); {
			case errors.Is(err, ErrBasicOnly):
				got = "refused"
			case !again:
			case strings.HasPrefix(h, "Basic "):
				got = "Basic"
			case strings.Contains(h, "SHA-256") && strings.Contains(h, "qop=auth") && strings.Contains(h, "nc=00000001"):
				got = "SHA-256"
			case strings.HasPrefix(h, "Digest "):
				got = "MD5"
			}
			if got != c.want[i] {
				t.Errorf("%s: answer %d is %s, expected %s", c.name, i, got, c.want[i])
			}
		}
		if a.Digest != c.digest {
			t.Errorf("%s: digest seen: %v", c.name, a.Digest)
		}
	}
}
