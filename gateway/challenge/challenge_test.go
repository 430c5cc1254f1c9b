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
		{[]string{`Digest realm="a, Basic b", nonce="n=,\"x", Basic realm="cam", Digest nonce=k, algorithm=md5`}, `MD5/a, Basic b/n=,"x/[] MD5//k/[] basic`},
		{[]string{`Digest realm="no commas" nonce="n" stale=TRUE`}, "MD5/no commas/n/[]"},
		{[]string{`Digest realm="cam" , nonce = "n",`}, "MD5/cam/n/[]"},
		{[]string{`Digest realm="cam", nonce="n", algorithm=MD5-sess`, `Digest realm="cam", nonce="n", qop="other"`, `Digest realm="cam"`, `NTLM`, ``}, ""},
		{[]string{`Digest realm="open, nonce=n`}, ""},
	} {
		o := Read(c.headers)
		var got []string
		for _, d := range o.Digests {
			got = append(got, fmt.Sprintf("%s/%s/%s/%v", Algorithm(d), d.Realm, d.Nonce, d.QOP))
		}
		if o.Basic {
			got = append(got, "basic")
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%q is read as\n%s, expected\n%s", c.headers, s, c.want)
		}
	}
	if o := Read([]string{`Digest nonce="n" stale=TRUE`}); len(o.Digests) != 1 || !o.Digests[0].Stale {
		t.Error("stale is not read")
	}
}

func FuzzRead(f *testing.F) {
	f.Add(`Digest realm="cam", nonce="n", qop="auth, auth-int", algorithm=SHA-256, Basic realm="x"`, `Digest nonce=n`)
	f.Fuzz(func(t *testing.T, a, b string) {
		o := Read([]string{a, b})
		for _, d := range o.Digests {
			if d.Nonce == "" {
				t.Fatalf("%q %q: a challenge without a nonce was taken", a, b)
			}
		}
	})
}
