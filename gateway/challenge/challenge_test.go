package challenge

import (
	"crypto/md5"
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
		{[]string{`basic realm="cam"`, `DIGEST realm="cam", nonce="n"`}, "MD5/cam/n/false basic"},
		{[]string{`Digest realm="cam", nonce="n", qop="auth, auth-int", algorithm=SHA-256`, `Digest realm="cam", nonce="m"`}, "SHA-256/cam/n/true MD5/cam/m/false"},
		{[]string{`Digest realm="a, Basic b", nonce="n=,\"x", Basic realm="cam", Digest nonce=k, algorithm=sha-256`}, `MD5/a, Basic b/n=,"x/false SHA-256//k/false basic`},
		{[]string{`Digest realm="no commas" nonce="n" stale=TRUE`}, "MD5/no commas/n/false"},
		{[]string{`Digest realm="cam" , nonce = "n",`}, "MD5/cam/n/false"},
		{[]string{`Digest realm="cam", nonce="n", algorithm=MD5-sess`, `Digest realm="cam", nonce="n", qop="other"`, `Digest realm="cam"`, `NTLM`, ``}, ""},
		{[]string{`Digest realm="open, nonce=n`}, ""},
	} {
		o := Read(c.headers)
		var got []string
		for _, d := range o.Digests {
			got = append(got, fmt.Sprintf("%s/%s/%s/%v", d.Algorithm(), d.realm, d.nonce, d.qop))
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

// The examples of RFC 7616, 3.9.1, and offers as cameras write them.
func TestAnswer(t *testing.T) {
	const own = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
	for algorithm, want := range map[string]string{"MD5": "8ca523f5e9506fed4657c9700eebdbec", "sha-256": "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"} {
		o := Read([]string{`digest REALM="http-auth@example.org", qop="auth, auth-int", algorithm=` + algorithm + `, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`})
		if len(o.Digests) != 1 {
			t.Fatal(algorithm)
		}
		if got := o.Digests[0].response("GET", "/dir/index.html", "Mufasa", "Circle of Life", "00000001", own); got != want {
			t.Errorf("%s: %s", algorithm, got)
		}
	}
	d := Read([]string{`Digest realm="c", nonce="n", qop="auth", algorithm=MD5-sess`}).Digests[0]
	for _, nc := range []string{"nc=00000001", "nc=00000002", "nc=00000003"} {
		if a := d.Answer("PLAY", "rtsp://x/", "u", "p"); !strings.Contains(a, nc) || !strings.Contains(a, "qop=auth,") || !strings.Contains(a, "algorithm=MD5-sess") {
			t.Errorf("%s, expected %s", a, nc)
		}
	}
	if got, want := d.response("PLAY", "x", "u", "p", "00000004", "own"), sessionResponse("u", "c", "p", "n", "own", "00000004", "PLAY", "x"); got != want {
		t.Errorf("%s, expected %s", got, want)
	}
	// A realm in GB 18030 comes back as it was, byte for byte.
	if a := Read([]string{"Digest realm=\"\xc9\xe3\xcf\xf1 \\\"1\\\"\", nonce=n"}).Digests[0].Answer("GET", "/", "u", "p"); !strings.Contains(a, "realm=\"\xc9\xe3\xcf\xf1 \\\"1\\\"\"") {
		t.Errorf("%q", a)
	}
}

func sessionResponse(user, realm, password, nonce, own, count, method, uri string) string {
	sum := func(parts ...string) string { return fmt.Sprintf("%x", md5.Sum([]byte(strings.Join(parts, ":")))) }
	return sum(sum(sum(user, realm, password), nonce, own), nonce, count, own, "auth", sum(method, uri))
}

func TestOffers(t *testing.T) {
	for in, want := range map[string]string{
		`Digest realm="a", nonce="1"`: "MD5", `Digest nonce=1,algorithm="SHA-256", Digest nonce=2`: "SHA-256 MD5", `Basic realm="x, Digest y", Digest nonce="1",algorithm=MD5-sess,qop=auth`: "MD5-SESS Basic",
		`Digest nonce=1, algorithm=MD5-sess`: "digest", `Digest nonce=1, qop=auth-int`: "digest", `Digest realm=x`: "digest", `Digest nonce=1, algorithm=SHA-512-256`: "SHA-512-256", `basic`: "Basic", `Negotiate`: "", ``: "",
		`Digest nonce=1, algorithm=MD5, Digest nonce=2, algorithm=MD5, Digest nonce=3, algorithm=SHA-256, Digest nonce=4, algorithm=SHA-512-256`: "MD5 SHA-256",
	} {
		o := Read([]string{in})
		var said []string
		for _, d := range o.Digests {
			said = append(said, d.Algorithm())
		}
		if o.Digest && len(said) == 0 {
			said = append(said, "digest")
		}
		if o.Basic {
			said = append(said, "Basic")
		}
		if got := strings.Join(said, " "); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}

// FuzzRead: whatever a camera asks, the answers fit a header, and no more is tried than may be.
func FuzzRead(f *testing.F) {
	f.Add(`Digest realm="a", nonce="b", qop="auth", algorithm=MD5`, `Digest a="\`)
	f.Add(`Basic realm="x, Digest y", Digest realm="z", nonce=1, algorithm=SHA-256, stale=TRUE, Digest nonce=2`, `Digest nonce=n`)
	f.Fuzz(func(t *testing.T, a, b string) {
		all := Read([]string{a, b}).Digests
		if len(all) > maxDigests {
			t.Errorf("%d digests", len(all))
		}
		for i, d := range all {
			if got := d.Answer("POST", "/x", "u", "p"); strings.ContainsAny(got, "\r\n") || !strings.HasPrefix(got, "Digest ") {
				t.Errorf("%q breaks a header", got)
			}
			if i > 0 && d.Algorithm() == all[0].Algorithm() {
				t.Errorf("%s twice", d.Algorithm())
			}
		}
	})
}
