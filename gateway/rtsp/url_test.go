package rtsp

import (
	"net/url"
	"strings"
	"testing"

	"github.com/bluenviron/gortsplib/v4/pkg/base"
)

func TestSplitCredentials(t *testing.T) {
	for _, c := range []struct{ in, clean, user, pass string }{
		{"rtsp://host/a?b=c", "rtsp://host/a?b=c", "", ""},
		{" RTSP://host:554/a ", "rtsp://host:554/a", "", ""},
		{"rtsps://admin:secret@host:322/", "rtsps://host:322/", "admin", "secret"},
		{"rtsp://admin@host/", "rtsp://host/", "admin", ""},
		{"rtsp://admin:@host", "rtsp://host", "admin", ""},
		{"rtsp://:secret@host", "rtsp://host", "", "secret"},
		{"rtsp://a:b@[fe80::1]:554/x", "rtsp://[fe80::1]:554/x", "a", "b"},
		{"rtsp://a%40b:p%2Fw%3a%20@host/", "rtsp://host/", "a@b", "p/w: "},
		// As people paste them.
		{"rtsp://admin:p@ss:w@host/", "rtsp://host/", "admin", "p@ss:w"},
		{"rtsp://admin:100%@host/", "rtsp://host/", "admin", "100%"},
		{"rtsp://admin:100%zz@host/", "rtsp://host/", "admin", "100%zz"},
		{"rtsp://admin:pa/ss#w?d@host:554/x", "rtsp://host:554/x", "admin", "pa/ss#w?d"},
		// An @ elsewhere, behind an address that cannot be a login.
		{"rtsp://192.168.1.5:554/user@cam", "rtsp://192.168.1.5:554/user@cam", "", ""},
		{"rtsp://a:b@192.168.1.5/user@cam", "rtsp://192.168.1.5/user@cam", "a", "b"},
		{"rtsp://[::1]/user@cam", "rtsp://[::1]/user@cam", "", ""},
	} {
		clean, user, pass, err := SplitCredentials(c.in)
		if err != nil || clean != c.clean || user != c.user || pass != c.pass {
			t.Errorf("SplitCredentials(%q) = %q, %q, %q, %v", c.in, clean, user, pass, err)
		}
	}
}

func TestSplitCredentialsRefuses(t *testing.T) {
	for _, in := range []string{
		"", "host/x", "http://hunter2:hunter2@host/", "rtsp://", "rtsp:///x", "rtsp://u:hunter2@/", "rtsp://u:hunter2@host:port/",
		"rtsp://u:hunter2@host/#x", "rtsp://u:hunter2@host/%zz", "rtsp://u:hunter2@host/\x00",
		// Nobody can tell where the password ends.
		"rtsp://u:123/hunter2@host/", "rtsp://u:p@hunter2/x@host/", "rtsp://u:pa/hunter2@x@host/", "rtsp://hunter2/x@host/",
	} {
		if clean, user, pass, err := SplitCredentials(in); err == nil {
			t.Errorf("SplitCredentials(%q) = %q, %q, %q", in, clean, user, pass)
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("SplitCredentials(%q) quotes it: %v", in, err)
		}
		if r := RedactURL(in); strings.Contains(r, "hunter2") && strings.Contains(in, "@") {
			t.Errorf("RedactURL(%q) = %q", in, r)
		}
	}
}

func TestRedactURL(t *testing.T) {
	for in, want := range map[string]string{
		"rtsp://host/a":                "rtsp://host/a",
		"rtsp://admin:secret@host/a":   "rtsp://***@host/a",
		"rtsp://admin@host/a":          "rtsp://***@host/a",
		"rtsp://***@host/a":            "rtsp://***@host/a",
		"rtsp://u:pa/ss@host/a":        "rtsp://***@host/a",
		"rtsp://u:1/ss@host/a":         "***",
		"http://u:p@host/a":            "***",
		"lobby":                        "lobby",
		"rtsp://host/a?pwd=x&c=1":      "rtsp://host/a?pwd=***&c=1",
		"rtsp://host/a?Password=x%26y": "rtsp://host/a?Password=***",
		"rtsp://host/user=admin_password=x_channel=1_stream=0.sdp?real": "rtsp://host/user=admin_password=***?real",
	} {
		if got := RedactURL(in); got != want {
			t.Errorf("RedactURL(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestSecrets(t *testing.T) {
	const pass = `p@ss w/%41"`
	s := newSecrets("rtsp://h/?token=tok-en", "admin", pass)
	for _, bad := range []string{
		"x " + pass + " y", url.QueryEscape(pass), url.PathEscape(pass), url.UserPassword("a", pass).String(),
		strings.ToUpper(url.QueryEscape(pass)), `"p@ss w/%41\""`, "YWRtaW46cEBzcyB3LyU0MSI=", "the tok-en",
	} {
		if got := s.clean(bad); got != redacted {
			t.Errorf("clean(%q) = %q", bad, got)
		}
	}
	for in, want := range map[string]string{
		"connection refused":                "connection refused",
		"see rtsp://a:b@c/d and\r\nmore":    "see rtsp://***@c/d and  more",
		strings.Repeat("ü", maxForeignText): strings.Repeat("ü", maxForeignText/2) + "...",
	} {
		if got := s.clean(in); got != want {
			t.Errorf("clean(%q) = %q", in, got)
		}
	}
	if got := newSecrets("rtsp://h/", "", "").clean("all of it"); got != "all of it" {
		t.Errorf("without secrets: %q", got)
	}
}

// However a login is written into an address, it is understood or refused, and
// never shows.
func FuzzSplitCredentials(f *testing.F) {
	f.Add("admin", "secret", "rtsp://admin:secret@host/")
	f.Add("a@b", "p/w#?", "rtsp://u:123/p@host/")
	f.Add("", "%", "rtsp://[::1]:1/x@y")
	f.Add("x", "\x00\xff", "rtsps://@@@/:@")
	f.Fuzz(func(t *testing.T, user, pass, raw string) {
		address := "rtsp://" + url.UserPassword(user, pass).String() + "@camera.example:554/stream"
		clean, u, p, err := SplitCredentials(address)
		if err != nil || clean != "rtsp://camera.example:554/stream" || u != user || p != pass {
			t.Errorf("SplitCredentials(%q) = %q, %q, %q, %v", address, clean, u, p, err)
		}
		if got := RedactURL(address); got != "rtsp://***@camera.example:554/stream" {
			t.Errorf("RedactURL(%q) = %q", address, got)
		}
		if clean, _, _, err := SplitCredentials(raw); err == nil {
			if again, u, p, err := SplitCredentials(clean); err != nil || again != clean || u != "" || p != "" {
				t.Errorf("clean %q still splits: %q, %q, %q, %v", clean, again, u, p, err)
			}
			if _, err := base.ParseURL(clean); err != nil {
				t.Errorf("clean %q: %v", clean, err)
			}
		}
		if once := RedactURL(raw); RedactURL(once) != once {
			t.Errorf("RedactURL(%q) = %q, then %q", raw, once, RedactURL(once))
		}
		newSecrets(raw, user, pass).clean(raw)
	})
}
