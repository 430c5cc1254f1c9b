package onvif

import (
	"cmp"
	"crypto/md5" // HTTP digest's hash; nothing else rests on it
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"hash"
	"slices"
	"strings"
)

const (
	// maxChallenge bounds a challenge's length in bytes, maxDigests their number.
	maxChallenge = 2048
	maxDigests   = 2
)

// challenge is an HTTP digest challenge (RFC 7616).
type challenge struct {
	realm, nonce, opaque, algorithm string
	qop                             bool // auth is offered
	stale                           bool // the login may be right, the nonce was too old
	count                           int
}

// offers are what a refusal offers: the digests that can be answered, one of each algorithm,
// in the device's order, which is the one it likes best first (RFC 7616, section 3.7), and
// whether it named any digest, and Basic.
type offers struct {
	digests       []*challenge
	digest, basic bool
}

func parseChallenges(headers []string) (o offers) {
	for _, one := range schemes(headers) {
		scheme, rest, _ := strings.Cut(one, " ")
		o.basic = o.basic || strings.EqualFold(scheme, "Basic")
		if !strings.EqualFold(scheme, "Digest") {
			continue
		}
		o.digest = true
		ch := parseDigest(rest)
		if ch != nil && len(o.digests) < maxDigests && !slices.ContainsFunc(o.digests, func(d *challenge) bool { return d.name() == ch.name() }) {
			o.digests = append(o.digests, ch)
		}
	}
	return o
}

// name is that of the algorithm.
func (c *challenge) name() string { return cmp.Or(strings.ToUpper(c.algorithm), "MD5") }

// session reports whether the password's hash is bound to both nonces.
func (c *challenge) session() bool { return strings.HasSuffix(c.name(), "-SESS") }

// schemes takes headers apart that hold several challenges each: one begins with its scheme
// and a blank, at the beginning or after a comma, but not within quotes.
func schemes(headers []string) []string {
	var out []string
	for _, h := range headers {
		if len(h) > maxChallenge {
			continue
		}
		begin, quoted := 0, false
		for i := 0; i < len(h); i++ {
			switch {
			case h[i] == '\\':
				i++
			case h[i] == '"':
				quoted = !quoted
			case h[i] == ',' && !quoted && isScheme(h[i+1:]):
				out = append(out, strings.TrimSpace(h[begin:i]))
				begin = i + 1
			}
		}
		out = append(out, strings.TrimSpace(h[begin:]))
	}
	return out
}

func isScheme(s string) bool {
	word, _, _ := strings.Cut(strings.TrimLeft(s, " "), " ")
	return strings.EqualFold(word, "Digest") || strings.EqualFold(word, "Basic")
}

// parseDigest reads one; nil: it cannot be answered.
func parseDigest(s string) *challenge {
	p := parameters(s)
	ch := &challenge{realm: p["realm"], nonce: p["nonce"], opaque: p["opaque"], algorithm: p["algorithm"], stale: strings.EqualFold(p["stale"], "true")}
	for _, q := range strings.FieldsFunc(p["qop"], func(r rune) bool { return r == ',' || r == ' ' }) {
		ch.qop = ch.qop || strings.EqualFold(q, "auth")
	}
	if ch.nonce == "" || ch.hash() == nil || p["qop"] != "" && !ch.qop || ch.session() && !ch.qop {
		return nil
	}
	return ch
}

// parameters reads name=value and name="value", separated by commas.
func parameters(s string) map[string]string {
	out := map[string]string{}
	for s != "" {
		name, rest, ok := strings.Cut(s, "=")
		if !ok {
			return out
		}
		var value string
		rest = strings.TrimLeft(rest, " ")
		if quoted, is := strings.CutPrefix(rest, `"`); is {
			value, s = unquote(quoted)
			_, s, _ = strings.Cut(s, ",")
		} else {
			value, s, _ = strings.Cut(rest, ",")
		}
		out[strings.ToLower(strings.TrimSpace(name))] = strings.TrimSpace(value)
	}
	return out
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

// hash is that of the algorithm; nil: it is not known.
func (c *challenge) hash() hash.Hash {
	switch strings.TrimSuffix(c.name(), "-SESS") {
	case "MD5":
		return md5.New() // as RFC 7616 says
	case "SHA-256":
		return sha256.New()
	case "SHA-512-256":
		return sha512.New512_256()
	}
	return nil
}

func (c *challenge) sum(parts ...string) string {
	h := c.hash()
	h.Write([]byte(strings.Join(parts, ":")))
	return hex.EncodeToString(h.Sum(nil))
}

// answer is the Authorization header for one request.
func (c *challenge) answer(user, password, method, uri string) string {
	c.count++
	count, own := fmt.Sprintf("%08x", c.count), rand.Text()
	out := fmt.Sprintf(`Digest username=%s, realm=%s, nonce=%s, uri=%s`, quote(user), quote(c.realm), quote(c.nonce), quote(uri))
	if c.qop {
		out += fmt.Sprintf(`, qop=auth, nc=%s, cnonce="%s"`, count, own)
	}
	out += `, response="` + c.response(user, password, method, uri, count, own) + `"`
	if c.opaque != "" {
		out += ", opaque=" + quote(c.opaque)
	}
	if c.algorithm != "" {
		out += ", algorithm=" + c.algorithm
	}
	return out
}

// response is RFC 7616, section 3.4; own is our nonce.
func (c *challenge) response(user, password, method, uri, count, own string) string {
	ha1, ha2 := c.sum(user, c.realm, password), c.sum(method, uri)
	if c.session() {
		ha1 = c.sum(ha1, c.nonce, own)
	}
	if c.qop {
		return c.sum(ha1, c.nonce, count, own, "auth", ha2)
	}
	return c.sum(ha1, c.nonce, ha2)
}

func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\r", "", "\n", "").Replace(s) + `"`
}
