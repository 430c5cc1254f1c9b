package challenge

import (
	"fmt"
	"strings"
	"testing"
)

func TestRead(t *testing.T) {
	for _, c := range []struct {
		headers []string
		want    string // algorithm/realm/nonce/qop of each digest, and basic
	}{
		{nil, ""},
		{[]string{`Basic realm="cam"`}, "basic"},
		{[]string{`basic realm="cam"`, `DIGEST realm="cam", nonce="n"`}, "MD5/cam/n/[] basic"},
		{[]string{`Digest realm="cam", nonce="n", qop="auth, auth-int", algorithm=SHA-256`, `Digest realm="cam", nonce="m"`}, "SHA-256/cam/n/[auth auth-int] MD5/cam/m/[]"},
		{[]string{`Digest realm="a, Basic b", nonce="n=,\"x", Basic realm="cam", Digest nonce=k, algorithm=sha-256`}, `MD5/a, Basic b/n=,"x/[] SHA-256//k/[] basic`},
		{[]string{`Digest realm="no commas" nonce="n" stale=TRUE`}, "MD5/no commas/n/[]"},
		{[]string{`Digest realm="cam" , nonce = "n",`}, "MD5/cam/n/[]"},
		{[]string{`Digest realm="cam", nonce="n", algorithm=MD5-sess`, `Digest realm="cam", nonce="n", qop="other"`, `Digest realm="cam"`, `NTLM`, ``}, ""},
		{[]string{`Digest realm="open, nonce=n`}, ""},
	} {
		o := Read(c.headers)
		var got []string
		for _, d := range o.Digests {
			got = append(got, fmt.Sprintf("%s/%s/%s/%v", d.Algorithm(), d.challenge.Realm, d.challenge.Nonce, d.challenge.QOP))
		}
		if o.Basic {
			got = append(got, "basic")
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%q is read as\n%s, expected\n%s", c.headers, s, c.want)
		}
	}
	if o := Read([]string{`Digest nonce="n" stale=TRUE`}); len(o.Digests) != 1 || !o.Digests[0].Stale() {
		t.Error("stale is not read")
	}
}

// The answers of RFC 7616, 3.9.1, but for the count of the nonce's uses and the client's own nonce, which are
// its own affair; and the one of RFC 2617 without qop.
func TestAnswer(t *testing.T) {
	d := Read([]string{`Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc"`}).Digests[0]
	if a := d.Answer("GET", "/dir/index.html", "Mufasa", "Circle Of Life"); !strings.Contains(a, `response="670fd8c2df070c60b045671b8b24ff02"`) || !strings.Contains(a, `opaque="5ccc"`) {
		t.Error(a)
	}
	d = Read([]string{`Digest realm="c", nonce="n", qop="auth,auth-int", algorithm=SHA-256`}).Digests[0]
	for _, nc := range []string{"nc=00000001", "nc=00000002", "nc=00000003"} {
		if a := d.Answer("PLAY", "rtsp://x/", "u", "p"); !strings.Contains(a, nc) || !strings.Contains(a, "qop=auth,") || !strings.Contains(a, "algorithm=SHA-256") {
			t.Errorf("%s, expected %s", a, nc)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(`Digest realm="cam", nonce="n", qop="auth, auth-int", algorithm=SHA-256, Basic realm="x"`, `Digest nonce=n`)
	f.Fuzz(func(t *testing.T, a, b string) {
		o := Read([]string{a, b})
		for _, d := range o.Digests {
			if d.challenge.Nonce == "" {
				t.Fatalf("%q %q: a challenge without a nonce was taken", a, b)
			}
		}
	})
}
