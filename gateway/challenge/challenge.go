// Package challenge reads the challenges by which a camera asks for a login (WWW-Authenticate of
// RTSP and HTTP, RFC 9110 and RFC 7616) as cameras write them, and makes the answers. It takes
// header values and gives what can be answered; whether a password is handed
// over its caller says. No library does: those of Go want commas and quotes where cameras leave them out, and write a
// realm in GB 18030 otherwise than it came, which no camera takes.
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
	"fmt"
	"hash"
	"slices"
	"strings"
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
	realm, nonce, opaque string
	algorithm            string // as the camera writes it, empty where it names none
	qop                  bool   // auth is offered
	stale                bool
	count                int
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
		if d != nil && len(o.Digests) < maxDigests && !slices.ContainsFunc(o.Digests, same) {
			o.Digests = append(o.Digests, d)
		}
	}
	return o
}

// readDigest reads one; nil: it cannot be answered.
func readDigest(s string) *Digest {
	p := Parameters(s)
	d := &Digest{realm: p["realm"], nonce: p["nonce"], opaque: p["opaque"], algorithm: p["algorithm"], stale: strings.EqualFold(p["stale"], "true")}
	for _, q := range strings.FieldsFunc(p["qop"], func(r rune) bool { return r == ',' || r == ' ' }) {
		d.qop = d.qop || strings.EqualFold(q, "auth")
	}
	if d.nonce == "" || d.hash() == nil || p["qop"] != "" && !d.qop || d.session() && !d.qop {
		return nil
	}
	return d
}

// sessionEnd is how the algorithms end that bind the password's hash to both nonces.
const sessionEnd = "-SESS"

// Algorithm names the algorithm in upper case; MD5 where the camera names none.
func (d *Digest) Algorithm() string { return cmp.Or(strings.ToUpper(d.algorithm), "MD5") }

func (d *Digest) session() bool { return strings.HasSuffix(d.Algorithm(), sessionEnd) }

// hash is that of the algorithm; nil: it is not known.
func (d *Digest) hash() hash.Hash {
	switch strings.TrimSuffix(d.Algorithm(), sessionEnd) {
	case "MD5":
		return md5.New() // as RFC 7616 says
	case "SHA-256":
		return sha256.New()
	case "SHA-512-256":
		return sha512.New512_256()
	}
	return nil
}

// Stale reports that the login may be right, and that the nonce was too old.
func (d *Digest) Stale() bool { return d.stale }

// Answer is the value of the header Authorization for the next request with this challenge.
func (d *Digest) Answer(method, uri, user, password string) string {
	d.count++
	count, own := fmt.Sprintf("%08x", d.count), rand.Text()
	out := fmt.Sprintf(`Digest username=%s, realm=%s, nonce=%s, uri=%s`, quote(user), quote(d.realm), quote(d.nonce), quote(uri))
	if d.qop {
		out += fmt.Sprintf(`, qop=auth, nc=%s, cnonce="%s"`, count, own)
	}
	out += `, response="` + d.response(method, uri, user, password, count, own) + `"`
	if d.opaque != "" {
		out += ", opaque=" + quote(d.opaque)
	}
	if d.algorithm != "" {
		out += ", algorithm=" + d.algorithm
	}
	return out
}

// response is RFC 7616, 3.4; own is our nonce.
func (d *Digest) response(method, uri, user, password, count, own string) string {
	ha1, ha2 := d.sum(user, d.realm, password), d.sum(method, uri)
	if d.session() {
		ha1 = d.sum(ha1, d.nonce, own)
	}
	if d.qop {
		return d.sum(ha1, d.nonce, count, own, "auth", ha2)
	}
	return d.sum(ha1, d.nonce, ha2)
}

func (d *Digest) sum(parts ...string) string {
	h := d.hash()
	h.Write([]byte(strings.Join(parts, ":")))
	return hex.EncodeToString(h.Sum(nil))
}

// quote keeps all bytes but those that would end the line.
func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\r", "", "\n", "").Replace(s) + `"`
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

// Parameters reads name=value and name="value"; commas between them may be missing.
func Parameters(s string) map[string]string {
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
