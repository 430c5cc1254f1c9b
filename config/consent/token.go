package consent

import (
	"crypto/rand"
	"errors"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/bauta-gateway/bauta/config/text"
)

// NewID makes a random id for a token, a revocation or a pseudonym.
func NewID() string { return strings.ToLower(rand.Text()) }

// Sign makes the token that says t. Times are cut to full seconds. What Open
// would refuse is refused here with the same errors.
func Sign(t Token, key PrivateKey) (string, error) {
	body := jwt.MapClaims{
		"iss": t.Issuer, "sub": t.Subject, "jti": t.ID, "iat": t.Issued.Unix(), "nbf": t.NotBefore.Unix(), "exp": t.Expires.Unix(),
		"zones": t.Zones, "purpose": t.Purpose, "basis": t.Basis, "statement": t.Statement, "bind": binding(t), "age": t.Age,
	}
	if t.Guardian != "" {
		body["guardian"] = t.Guardian
	}
	if t.Footage != (Footage{}) {
		// Full seconds, and none that was not asked for.
		body["footage"] = map[string]int64{"from": t.Footage.From.Add(time.Second - 1).Unix(), "to": t.Footage.To.Unix()}
	}
	raw, err := sign(tokenType, body, key)
	if err != nil {
		return "", err
	}
	if _, err := Open(raw, NewIssuers(Issuer{t.Issuer, key.Public()})); err != nil {
		return "", err
	}
	return raw, nil
}

func binding(t Token) map[string]any {
	if t.Face != "" {
		return map[string]any{"face": t.Face}
	}
	return map[string]any{"badge": t.Badge}
}

// Open proves a token's signature, issuer and form. Whether it counts, here and
// now, Check tells. Errors: ErrMalformed, ErrType, ErrAlgorithm, ErrNoKeyID,
// ErrIssuer, ErrSignature, ErrGuardian.
func Open(raw string, trust Issuers) (Signed, error) {
	p, err := prove(raw, tokenType, trust)
	if err != nil {
		return Signed{}, err
	}
	t, err := decodeToken(p.body)
	if err == nil {
		err = p.checkName(t.Issuer)
	}
	if err != nil {
		return Signed{}, err
	}
	return Signed{Token: t, keyID: p.keyID, raw: raw}, nil
}

// Peek reads what a token says without any proof; for showing it to its
// holder, never for deciding.
func Peek(raw string) (Token, error) {
	parts := strings.Split(raw, ".")
	if len(raw) > MaxSize || len(parts) != 3 {
		return Token{}, text.Fail(ErrMalformed, text.ConsentMalformed)
	}
	body, err := parser.DecodeSegment(parts[1])
	if err != nil {
		return Token{}, text.Fail(ErrMalformed, text.ConsentMalformed)
	}
	return decodeToken(body)
}

func decodeToken(body []byte) (Token, error) {
	c, err := readClaims(body)
	if err != nil {
		return Token{}, text.Fail(errors.Join(ErrMalformed, err), text.ConsentMalformed)
	}
	t := Token{
		Issuer: c.word("iss", ValidName), Subject: c.word("sub", ValidSubject), ID: c.word("jti", ValidID),
		Issued: c.when("iat"), NotBefore: c.when("nbf"), Expires: c.when("exp"),
		Zones: c.zones(), Purpose: c.word("purpose", ValidName),
		Basis: Basis(c.word("basis", oneOf(knownBases))), Statement: c.word("statement", matches(hashPattern)),
		Age: Age(c.word("age", oneOf(knownAges))),
	}
	t.Footage = c.footage(t.Purpose)
	c.bind(&t)
	guarded := c.guard(&t)
	if !t.Expires.After(t.NotBefore) || !t.Expires.After(t.Issued) {
		c.fault("exp")
	}
	if err := c.end(); err != nil {
		return Token{}, err
	}
	if t.Age == Minor14 && !guarded {
		return Token{}, text.Fail(ErrGuardian, text.ConsentGuardian)
	}
	return t, nil
}

func (c *claims) bind(t *Token) {
	inner, which := c.one("bind", "badge", "face")
	switch which {
	case "badge":
		t.Badge = inner.badge("badge")
	case "face":
		t.Face = inner.word("face", ValidID)
	}
	if inner.bad != "" {
		c.fault("bind")
	}
}

// guard reads the guardian, whom a minor must have and nobody else may.
func (c *claims) guard(t *Token) (guarded bool) {
	if _, there := c.members["guardian"]; !there {
		return false
	}
	t.Guardian = c.word("guardian", ValidSubject)
	if t.Age != Minor14 {
		c.fault("guardian")
	}
	return true
}
