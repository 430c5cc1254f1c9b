// Package challenge reads the challenges by which a camera asks for a login (WWW-Authenticate of
// RTSP and HTTP, RFC 9110 and RFC 7616) as cameras write them, and makes the answers. It takes
// header values and gives what can be answered; it never decides whether a password is handed
// over.
package challenge

import (
	"cmp"
	"crypto/md5" // HTTP digest's hash; nothing else rests on it
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"hash"
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
	// Digest reports that one was offered, be it one that is not known here: the camera needs no password in
	// clear.
	Digest bool
	// Basic reports that it would take the password in clear.
	Basic bool
}

// Digest is a digest challenge with the count of its answers.
type Digest struct {
	challenge digest.Challenge
	session   bool // the password's hash is bound to both nonces (RFC 7616, 3.4.2)
	count     int
}

// Read takes the values of all headers WWW-Authenticate of an answer. One may hold several
// challenges.
func Read(headers []string) Offer {
	var o Offer
	for _, part := range split(headers) {
		scheme, rest, _ := strings.Cut(part, " ")
		o.Basic = o.Basic || strings.EqualFold(scheme, "Basic")
		if !strings.EqualFold(scheme, "Digest") {
			continue
		}
		o.Digest = true
		d := readDigest(rest)
		same := func(o *Digest) bool { return o.Algorithm() == d.Algorithm() }
		if d.answerable() && len(o.Digests) < maxDigests && !slices.ContainsFunc(o.Digests, same) {
			o.Digests = append(o.Digests, d)
		}
	}
	return o
}

func readDigest(s string) *Digest {
	p := parameters(s)
	plain, session := cutSession(p["algorithm"])
	d := &Digest{session: session, challenge: digest.Challenge{
		Realm: p["realm"], Nonce: p["nonce"], Opaque: p["opaque"], Algorithm: plain,
		Stale: strings.EqualFold(p["stale"], "true"), Userhash: strings.EqualFold(p["userhash"], "true"),
	}}
	for _, q := range strings.FieldsFunc(p["qop"], func(r rune) bool { return r == ',' || r == ' ' }) {
		d.challenge.QOP = append(d.challenge.QOP, strings.ToLower(q))
	}
	return d
}

// sessionEnd is how the algorithms end that bind the password's hash to both nonces.
const sessionEnd = "-SESS"

func cutSession(algorithm string) (plain string, session bool) {
	at := len(algorithm) - len(sessionEnd)
	if at < 0 || !strings.EqualFold(algorithm[at:], sessionEnd) {
		return algorithm, false
	}
	return algorithm[:at], true
}

// hashes are those of RFC 7616, 3.3.
var hashes = map[string]func() hash.Hash{"MD5": md5.New, "SHA-256": sha256.New, "SHA-512-256": sha512.New512_256}

func (d *Digest) answerable() bool {
	_, known := hashes[d.plain()]
	auth := d.challenge.SupportsQOP("auth")
	return d.challenge.Nonce != "" && known && (auth || len(d.challenge.QOP) == 0 && !d.session)
}

// plain names the hash in upper case; MD5 where the camera names none.
func (d *Digest) plain() string { return cmp.Or(strings.ToUpper(d.challenge.Algorithm), "MD5") }

// Algorithm names the algorithm in upper case.
func (d *Digest) Algorithm() string {
	if d.session {
		return d.plain() + sessionEnd
	}
	return d.plain()
}

// Stale reports that the login may be right, and that the nonce was too old.
func (d *Digest) Stale() bool { return d.challenge.Stale }

// Answer is the value of the header Authorization for the next request with this challenge.
func (d *Digest) Answer(method, uri, user, password string) string {
	return d.answer(method, uri, user, password, rand.Text())
}

// answer uses this nonce of our own.
func (d *Digest) answer(method, uri, user, password, own string) string {
	d.count++
	o := digest.Options{Method: method, URI: uri, Count: d.count, Username: user, Password: password, Cnonce: own}
	if d.session {
		o.A1 = d.sum(d.sum(user, d.challenge.Realm, password), d.challenge.Nonce, own)
	}
	cred, err := digest.Digest(&d.challenge, o)
	if err != nil {
		return ""
	}
	if d.session {
		cred.Algorithm = d.Algorithm()
	}
	return cred.String()
}

func (d *Digest) sum(parts ...string) string {
	h := hashes[d.plain()]()
	h.Write([]byte(strings.Join(parts, ":")))
	return hex.EncodeToString(h.Sum(nil))
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
