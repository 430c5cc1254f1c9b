// Package challenge reads the challenges by which a camera asks for a login (WWW-Authenticate of
// RTSP and HTTP, RFC 9110 and RFC 7616) as cameras write them, and makes the answers. It takes
// header values and gives what can be answered; it never decides whether a password is handed
// over.
package challenge

import (
	"cmp"
	"encoding/base64"
	"errors"
	"slices"
	"strings"

	"github.com/icholy/digest"
)

// ErrBasicOnly means that a camera takes a password in clear only, where it was once seen to know
// better, and nobody has said that this is so now.
var ErrBasicOnly = errors.New("the camera offers basic login only, and was seen to know digest or TLS")

// Bounds on what is read, in bytes and challenges.
const (
	maxHeader  = 4 << 10
	maxHeaders = 16
)

// maxDigests bounds how many digests of one refusal are answered: each wrong answer brings the account
// nearer to being locked.
const maxDigests = 2

// Offer is what a camera asks for.
type Offer struct {
	// Digests are those that can be answered, one of each algorithm, in the camera's order: it names first
	// what it likes best (RFC 7616, 3.7).
	Digests []*Digest
	// Basic reports that it would take the password in clear.
	Basic bool
}

// Digest is a digest challenge with the count of its answers.
type Digest struct {
	challenge digest.Challenge
	count     int
}

// Read takes the values of all headers WWW-Authenticate of an answer. One may hold several
// challenges.
func Read(headers []string) Offer {
	var o Offer
	for _, part := range split(headers) {
		scheme, rest, _ := strings.Cut(part, " ")
		if strings.EqualFold(scheme, "Basic") {
			o.Basic = true
		}
		if !strings.EqualFold(scheme, "Digest") || len(o.Digests) >= maxDigests {
			continue
		}
		d := readDigest(rest)
		same := func(o *Digest) bool { return o.Algorithm() == d.Algorithm() }
		if d.challenge.Nonce != "" && digest.CanDigest(&d.challenge) && !slices.ContainsFunc(o.Digests, same) {
			o.Digests = append(o.Digests, d)
		}
	}
	return o
}

func readDigest(s string) *Digest {
	p := parameters(s)
	d := &Digest{challenge: digest.Challenge{
		Realm: p["realm"], Nonce: p["nonce"], Opaque: p["opaque"], Algorithm: p["algorithm"],
		Stale: strings.EqualFold(p["stale"], "true"), Userhash: strings.EqualFold(p["userhash"], "true"),
	}}
	for _, q := range strings.FieldsFunc(p["qop"], func(r rune) bool { return r == ',' || r == ' ' }) {
		d.challenge.QOP = append(d.challenge.QOP, strings.ToLower(q))
	}
	return d
}

// Algorithm names the hash in upper case; MD5 where the camera names none.
func (d *Digest) Algorithm() string {
	return cmp.Or(strings.ToUpper(d.challenge.Algorithm), "MD5")
}

// Stale reports that the login may be right, and that the nonce was too old.
func (d *Digest) Stale() bool { return d.challenge.Stale }

// Answer is the value of the header Authorization for the next request with this challenge.
func (d *Digest) Answer(method, uri, user, password string) string {
	d.count++
	cred, err := digest.Digest(&d.challenge, digest.Options{Method: method, URI: uri, Count: d.count, Username: user, Password: password})
	if err != nil {
		return ""
	}
	return cred.String()
}

// Basic is the header's value of a basic login (RFC 7617).
func Basic(user, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
}

// split cuts headers at the names of the schemes; challenges are separated by commas as their
// parameters are.
func split(headers []string) []string {
	var out []string
	for _, h := range headers[:min(len(headers), maxHeaders)] {
		for h = strings.TrimSpace(h[:min(len(h), maxHeader)]); h != ""; {
			end := nextScheme(h)
			out = append(out, strings.Trim(h[:end], ", \t"))
			h = h[end:]
		}
	}
	return slices.DeleteFunc(out, func(s string) bool { return s == "" })
}

// nextScheme is where the next "Digest " or "Basic " begins, outside of quotes.
func nextScheme(h string) int {
	quoted := false
	for i := 1; i < len(h); i++ {
		switch {
		case h[i] == '\\' && quoted:
			i++
		case h[i] == '"':
			quoted = !quoted
		case !quoted && strings.ContainsRune(", \t", rune(h[i-1])) && (begins(h[i:], "Digest ") || begins(h[i:], "Basic ")):
			return i
		}
	}
	return len(h)
}

func begins(s, scheme string) bool {
	return len(s) >= len(scheme) && strings.EqualFold(s[:len(scheme)], scheme)
}

// parameters reads name=value and name="value"; commas between them may be missing.
func parameters(s string) map[string]string {
	out := map[string]string{}
	for {
		name, rest, ok := strings.Cut(s, "=")
		if !ok {
			return out
		}
		var value string
		rest = strings.TrimLeft(rest, " \t")
		if quoted, is := strings.CutPrefix(rest, `"`); is {
			value, s = unquote(quoted)
		} else {
			end := strings.IndexAny(rest, ", \t")
			if end < 0 {
				end = len(rest)
			}
			value, s = rest[:end], rest[end:]
		}
		out[strings.ToLower(strings.Trim(name, ", \t"))] = strings.TrimSpace(value)
	}
}

// unquote reads up to the closing quote.
func unquote(s string) (value, rest string) {
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return out.String(), s[i+1:]
		case s[i] == '\\' && i+1 < len(s):
			i++
		}
		out.WriteByte(s[i])
	}
	return out.String(), ""
}
