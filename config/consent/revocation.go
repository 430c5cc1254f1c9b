package consent

import (
	"errors"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/bauta-gateway/bauta/config/text"
)

// Revocation withdraws tokens of one issuer for good: the one with the id
// Token, or all that were issued up to Issued for Subject or for Badge. Exactly
// one of the three is set.
type Revocation struct {
	// Issuer is the name of who signed it, as of the tokens; empty for one
	// that the gateway's own administrator ordered, which concerns all issuers.
	Issuer string
	// ID names the revocation, as jti.
	ID string
	// Issued is in full seconds, in UTC.
	Issued  time.Time
	Token   string
	Subject string
	Badge   int
}

// Concerns reports whether the revocation withdraws t.
func (r Revocation) Concerns(t Token) bool {
	if r.Issuer != "" && r.Issuer != t.Issuer {
		return false
	}
	if r.Token != "" {
		return r.Token == t.ID
	}
	return !t.Issued.After(r.Issued) && (r.Subject != "" && r.Subject == t.Subject || r.Badge != 0 && r.Badge == t.Badge)
}

// Valid reports whether exactly one of Token, Subject and Badge is set, and well.
func (r Revocation) Valid() bool {
	n := 0
	for _, set := range []bool{r.Token != "", r.Subject != "", r.Badge != 0} {
		if set {
			n++
		}
	}
	return n == 1 && (r.Token == "" || ValidID(r.Token)) && (r.Subject == "" || ValidSubject(r.Subject)) && (r.Badge == 0 || ValidBadge(r.Badge))
}

// SignRevocation makes the statement that says r.
func SignRevocation(r Revocation, key PrivateKey) (string, error) {
	raw, err := sign(revocationType, jwt.MapClaims{"iss": r.Issuer, "jti": r.ID, "iat": r.Issued.Unix(), "revoke": target(r)}, key)
	if err != nil {
		return "", err
	}
	if _, err := OpenRevocation(raw, NewIssuers(Issuer{r.Issuer, key.Public()}), r.Issued); err != nil {
		return "", err
	}
	return raw, nil
}

func target(r Revocation) map[string]any {
	switch {
	case r.Token != "":
		return map[string]any{"jti": r.Token}
	case r.Subject != "":
		return map[string]any{"sub": r.Subject}
	}
	return map[string]any{"badge": r.Badge}
}

// OpenRevocation proves a revocation. One of any age counts; one from the
// future is ErrNotYetValid, for it would withdraw consents not yet given. Other
// errors are those of Open.
func OpenRevocation(raw string, trust Issuers, now time.Time) (Revocation, error) {
	p, err := prove(raw, revocationType, trust)
	if err != nil {
		return Revocation{}, err
	}
	r, err := decodeRevocation(p.body)
	if err == nil {
		err = p.checkName(r.Issuer)
	}
	if err == nil && r.Issued.After(now.Add(Skew)) {
		err = text.Fail(ErrNotYetValid, text.ConsentIssuedLater, stamp(r.Issued, now))
	}
	if err != nil {
		return Revocation{}, err
	}
	return r, nil
}

func decodeRevocation(body []byte) (Revocation, error) {
	c, err := readClaims(body)
	if err != nil {
		return Revocation{}, text.Fail(errors.Join(ErrMalformed, err), text.ConsentMalformed)
	}
	r := Revocation{Issuer: c.word("iss", ValidName), ID: c.word("jti", ValidID), Issued: c.when("iat")}
	inner, which := c.one("revoke", "jti", "sub", "badge")
	switch which {
	case "jti":
		r.Token = inner.word("jti", ValidID)
	case "sub":
		r.Subject = inner.word("sub", ValidSubject)
	case "badge":
		r.Badge = inner.badge("badge")
	}
	if inner.bad != "" {
		c.fault("revoke")
	}
	return r, c.end()
}
