package onvif

import (
	"crypto/md5" // HTTP digest's hash; nothing else rests on it
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"strings"
)

// maxChallenge bounds a challenge's length in bytes.
const maxChallenge = 2048

// challenge is an HTTP digest challenge (RFC 7616). Basic is never answered:
// it would hand the password over.
type challenge struct {
	realm, nonce, opaque, algorithm string
	qop                             bool // auth is offered
	count                           int
}

// parseChallenge takes the best digest that is offered; nil: none.
func parseChallenge(headers []string) *challenge {
	var best *challenge
	for _, h := range headers {
		scheme, rest, _ := strings.Cut(strings.TrimSpace(h), " ")
		if !strings.EqualFold(scheme, "Digest") || len(h) > maxChallenge {
			continue
		}
		p := parameters(rest)
		ch := &challenge{realm: p["realm"], nonce: p["nonce"], opaque: p["opaque"], algorithm: strings.ToUpper(p["algorithm"])}
		for _, q := range strings.Split(p["qop"], ",") {
			ch.qop = ch.qop || strings.EqualFold(strings.TrimSpace(q), "auth")
		}
		if ch.nonce == "" || ch.hash() == nil || p["qop"] != "" && !ch.qop {
			continue
		}
		if best == nil || ch.algorithm == "SHA-256" {
			best = ch
		}
	}
	return best
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

func (c *challenge) hash() hash.Hash {
	switch c.algorithm {
	case "", "MD5":
		return md5.New() // as RFC 7616 says
	case "SHA-256":
		return sha256.New()
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
	ha1, ha2 := c.sum(user, c.realm, password), c.sum(method, uri)
	out := fmt.Sprintf(`Digest username=%s, realm=%s, nonce=%s, uri=%s`, quote(user), quote(c.realm), quote(c.nonce), quote(uri))
	if c.qop {
		out += fmt.Sprintf(`, qop=auth, nc=%s, cnonce="%s", response="%s"`, count, own, c.sum(ha1, c.nonce, count, own, "auth", ha2))
	} else {
		out += fmt.Sprintf(`, response="%s"`, c.sum(ha1, c.nonce, ha2))
	}
	if c.opaque != "" {
		out += ", opaque=" + quote(c.opaque)
	}
	if c.algorithm != "" {
		out += ", algorithm=" + c.algorithm
	}
	return out
}

func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\r", "", "\n", "").Replace(s) + `"`
}
