package oddcamera

import (
	"cmp"
	"crypto/md5"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
)

// login is how a mode asks who is there.
type login struct {
	offers   []offer
	basic    bool
	works    string // the only hash that is taken of those offered; Basic is not then
	wantsQop bool   // an answer without qop, nc and cnonce is refused
	oneUse   bool   // each nonce counts once
	realm    string // empty: cam
	fresh    bool   // each challenge says stale="FALSE"
	other    string // a challenge of another kind
}

// offer is one challenge of digest.
type offer struct {
	hash string // "" is MD5 without a word on it
	qop  bool
}

// nonces are those that a connection was given.
type nonces struct {
	current string
	used    bool
}

func (n *nonces) renew() { n.current, n.used = strings.ToLower(rand.Text()), false }

// admit lets a request in, or makes a refusal with the challenges of it.
func (l *login) admit(x *exchange) bool {
	n := &x.conn.nonces
	given := x.request.headers["authorization"]
	if n.current == "" {
		n.renew()
	}
	if given != "" && l.takes(x, given) {
		return true
	}
	stale := ""
	if l.fresh {
		stale = `, stale="FALSE"`
	}
	if given != "" && l.oneUse {
		stale = `, stale="TRUE"`
		n.renew()
	}
	x.refuse(401, "Unauthorized")
	for _, o := range l.offers {
		x.headers = append(x.headers, "WWW-Authenticate: "+o.challenge(cmp.Or(l.realm, "cam"), n.current)+stale)
	}
	if l.basic {
		x.headers = append(x.headers, `WWW-Authenticate: Basic realm="cam"`)
	}
	if l.other != "" {
		x.headers = append(x.headers, "WWW-Authenticate: "+l.other)
	}
	return false
}

func (o offer) challenge(realm, nonce string) string {
	text := fmt.Sprintf(`Digest realm="%s", nonce="%s"`, realm, nonce)
	if o.hash != "" {
		text += ", algorithm=" + o.hash
	}
	if o.qop {
		text += `, qop="auth"`
	}
	return text
}

var parameter = regexp.MustCompile(`(\w+)=(?:"([^"]*)"|([^",\s]+))`)

func (l *login) takes(x *exchange, given string) bool {
	opts := x.conn.camera.opts
	scheme, rest, _ := strings.Cut(given, " ")
	if strings.EqualFold(scheme, "basic") {
		return l.basic && l.works == "" && strings.TrimSpace(rest) == base64.StdEncoding.EncodeToString([]byte(opts.User+":"+opts.Password))
	}
	f := map[string]string{}
	for _, m := range parameter.FindAllStringSubmatch(rest, -1) {
		f[strings.ToLower(m[1])] = m[2] + m[3]
	}
	name := l.hashOf(f)
	if name == "" || f["username"] != opts.User || !l.counts(x, f) {
		return false
	}
	if l.wantsQop && (f["qop"] == "" || f["nc"] == "" || f["cnonce"] == "") {
		return false
	}
	secret := hash(name, opts.User+":"+f["realm"]+":"+opts.Password)
	middle := f["nonce"]
	if f["qop"] != "" {
		middle += ":" + f["nc"] + ":" + f["cnonce"] + ":" + f["qop"]
	}
	return f["response"] == hash(name, secret+":"+middle+":"+hash(name, x.method+":"+f["uri"]))
}

// counts reports whether the nonce is the current one, and uses it.
func (l *login) counts(x *exchange, f map[string]string) bool {
	n := &x.conn.nonces
	if f["nonce"] != n.current || l.oneUse && n.used {
		return false
	}
	n.used = true
	return true
}

// hashOf is the hash of an answer; empty: the mode does not take it.
func (l *login) hashOf(f map[string]string) string {
	name := strings.ToUpper(f["algorithm"])
	if name == "" && len(f["response"]) == 64 {
		name = "SHA-256"
	}
	if name == "" {
		name = "MD5"
	}
	if l.works != "" && l.works != name {
		return ""
	}
	for _, o := range l.offers {
		if o.hash == name || o.hash == "" && name == "MD5" {
			return name
		}
	}
	return ""
}

func hash(name, text string) string {
	if name == "SHA-256" {
		sum := sha256.Sum256([]byte(text))
		return hex.EncodeToString(sum[:])
	}
	sum := md5.Sum([]byte(text))
	return hex.EncodeToString(sum[:])
}
