package onvifserver

import (
	"crypto/md5"  // HTTP digest's hash (RFC 2617); recorders know no other
	"crypto/sha1" // the UsernameToken profile's hash
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/gateway/challenge"
	"github.com/bauta-gateway/bauta/gateway/connlimit"
	"github.com/bauta-gateway/bauta/gateway/onvif/soapxml"
)

const (
	// ClockSkew is how far the clock of a recorder may be off, either way, and how long a nonce of ours is good.
	ClockSkew = 5 * time.Minute
	realm     = "bauta"
	// maxName and maxNonce bound what a login may be made of, in bytes.
	maxName  = 64
	maxNonce = 128
)

func unauthorized(reason string, stale bool) *fault {
	return &fault{codes: []string{"ter:NotAuthorized"}, reason: reason, challenge: true, stale: stale}
}

// credential is what somebody sent to prove a login.
type credential struct {
	name string
	// fits compares with a password.
	fits func(password string) bool
	// nonce counts once for each count, until its time is over.
	nonce string
	count uint32
	until time.Time
}

// login is who asks: by WS-UsernameToken, else by HTTP digest.
func (s *Server) login(r *http.Request, doc *soapxml.Node) (name string, err error) {
	var p credential
	if token := doc.Find("Header", "UsernameToken"); token != nil {
		p, err = byToken(token, time.Now())
	} else {
		p, err = s.byDigest(r, time.Now())
	}
	if err != nil {
		return "", err
	}
	return p.name, s.prove(p, connlimit.Source(r.RemoteAddr))
}

// prove checks what was sent. Who guesses has to wait: by address and name, so that a recorder
// with an old password keeps no other one at its address out.
func (s *Server) prove(p credential, from string) error {
	s.checking.Lock()
	defer s.checking.Unlock()
	key := from + " " + p.name
	if s.tries.Begin(key) > 0 {
		return s.wrong(from, "too many wrong logins: wait a minute")
	}
	password, known := s.cfg.Logins.Password(p.name)
	if fits := p.fits(password); !fits || !known {
		return s.wrong(from, "wrong login")
	}
	s.tries.Right(key)
	if !s.used.take(p.name, p.nonce, p.count, p.until) {
		return unauthorized("Sender not authorized: a nonce counts once", true)
	}
	s.cfg.Logins.Saw(p.name, door)
	return nil
}

// wrong says the same of every wrong login.
func (s *Server) wrong(from, why string) error {
	s.loginsFailed.Add(1)
	if muted, ok := s.failures.Allow(from); ok {
		s.cfg.Log.Warn("ONVIF login refused", "from", from, "reason", why, "muted", muted)
	}
	return unauthorized("Sender not authorized", false)
}

// byToken reads the OASIS UsernameToken profile 1.0, with a digest: the password itself is
// refused, for everybody on the way could read it.
func byToken(token *soapxml.Node, now time.Time) (credential, error) {
	sent := token.Find("Password")
	if sent == nil || !strings.HasSuffix(sent.Attr("Type"), "#PasswordDigest") {
		return credential{}, unauthorized("Sender not authorized: only a digest of the password is taken", false)
	}
	created := token.Value("Created")
	at, err := time.Parse("2006-01-02T15:04:05Z07:00", created)
	if err != nil {
		at, err = time.Parse("2006-01-02T15:04:05", created) // without its zone
	}
	if err != nil || now.Sub(at).Abs() > ClockSkew {
		return credential{}, unauthorized("Sender not authorized: the time in the token is more than 5 minutes off", false)
	}
	name, nonce := token.Value("Username"), token.Value("Nonce")
	raw, err := base64.StdEncoding.DecodeString(nonce)
	if err != nil || len(raw) == 0 || len(nonce) > maxNonce || len(name) > maxName {
		return credential{}, unauthorized("Sender not authorized", false)
	}
	fits := func(password string) bool {
		sum := sha1.Sum([]byte(string(raw) + created + password)) // section 3.1
		return same(base64.StdEncoding.EncodeToString(sum[:]), sent.Text)
	}
	return credential{name: name, fits: fits, nonce: "token " + created + string(raw), count: 1, until: at.Add(ClockSkew)}, nil
}

// byDigest reads the header Authorization, with qop=auth: the count guards against one who sends
// the same once more. Basic is no login here.
func (s *Server) byDigest(r *http.Request, now time.Time) (credential, error) {
	scheme, rest, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Digest") {
		return credential{}, unauthorized("Sender not authorized", false)
	}
	p := challenge.Parameters(rest)
	count, err := strconv.ParseUint(p["nc"], 16, 32)
	fresh, until := s.ours(p["nonce"], now)
	switch {
	case err != nil, p["qop"] != "auth", p["uri"] != r.RequestURI, p["realm"] != realm, len(p["username"]) > maxName, len(p["cnonce"]) > maxNonce:
		return credential{}, unauthorized("Sender not authorized", false)
	case !fresh:
		return credential{}, unauthorized("Sender not authorized", true)
	}
	fits := func(password string) bool {
		a1 := md5Hex(p["username"] + ":" + realm + ":" + password)
		a2 := md5Hex(r.Method + ":" + p["uri"])
		return same(md5Hex(strings.Join([]string{a1, p["nonce"], p["nc"], p["cnonce"], p["qop"], a2}, ":")), p["response"])
	}
	return credential{name: p["username"], fits: fits, nonce: "digest " + p["nonce"], count: uint32(count), until: until}, nil
}

func md5Hex(s string) string {
	sum := md5.Sum([]byte(s))
	return hex.EncodeToString(sum[:])
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
