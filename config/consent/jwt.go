package consent

import (
	"errors"
	"regexp"
	"strings"

	"github.com/golang-jwt/jwt/v5"

	"github.com/bauta-gateway/bauta/config/text"
)

// The types of signed statements, as typ in their header.
const (
	tokenType       = "bauta-consent+jwt"
	revocationType  = "bauta-revocation+jwt"
	listType        = "bauta-revocation-list+jwt"
	delegationType  = "bauta-delegation+jwt"
	attestationType = "bauta-attestation+jwt"
)

// parser leaves the claims to claims.go: what it would check, it checks more
// leniently.
var parser = jwt.NewParser(jwt.WithValidMethods([]string{jwt.SigningMethodEdDSA.Alg()}), jwt.WithStrictDecoding(), jwt.WithoutClaimsValidation())

// compact is the one form of a statement: Go's base64 would overlook line ends.
var compact = regexp.MustCompile(`^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$`)

// unread lets the library pass over the claims, which claims.go reads once and strictly.
type unread struct{ jwt.RegisteredClaims }

// UnmarshalJSON keeps nothing.
func (*unread) UnmarshalJSON([]byte) error { return nil }

// sign makes a statement of the claims.
func sign(typ string, body jwt.MapClaims, key PrivateKey) (string, error) {
	t := jwt.NewWithClaims(jwt.SigningMethodEdDSA, body)
	t.Header["typ"], t.Header["kid"] = typ, key.Public().ID()
	return t.SignedString(key.key)
}

// proved is a statement with a good signature.
type proved struct {
	issuer Issuer
	keyID  string
	body   []byte // the claims' JSON
}

// prove checks everything of a statement but its claims.
func prove(raw, typ string, trust Issuers) (proved, error) {
	return proveUpTo(MaxSize, raw, typ, trust)
}

// proveUpTo is prove for statements of another size, in bytes.
func proveUpTo(largest int, raw, typ string, trust Issuers) (proved, error) {
	if len(raw) > largest {
		return proved{}, text.Fail(ErrMalformed, text.ConsentTooLarge, largest)
	}
	if !compact.MatchString(raw) {
		return proved{}, text.Fail(ErrMalformed, text.ConsentMalformed)
	}
	kid, err := checkHeader(raw, typ)
	if err != nil {
		return proved{}, err
	}
	issuer, known := trust[kid]
	if !known {
		return proved{}, text.Fail(ErrIssuer, text.ConsentIssuer, kid)
	}
	_, err = parser.ParseWithClaims(raw, &unread{}, func(*jwt.Token) (any, error) { return issuer.Key.key, nil })
	switch {
	case errors.Is(err, jwt.ErrTokenSignatureInvalid):
		return proved{}, text.Fail(ErrSignature, text.ConsentSignature)
	case err != nil:
		return proved{}, text.Fail(ErrMalformed, text.ConsentMalformed)
	}
	body, err := parser.DecodeSegment(strings.Split(raw, ".")[1])
	if err != nil {
		return proved{}, text.Fail(ErrMalformed, text.ConsentMalformed)
	}
	return proved{issuer: issuer, keyID: kid, body: body}, nil
}

// checkHeader takes alg, typ and kid alone: another member may be one that
// must be understood (crit), or another way to name a key.
func checkHeader(raw, typ string) (kid string, err error) {
	t, _, err := parser.ParseUnverified(raw, &unread{})
	switch {
	case errors.Is(err, jwt.ErrTokenUnverifiable): // an algorithm that the library does not know, or none named
		return "", text.Fail(ErrAlgorithm, text.ConsentAlgorithm)
	case err != nil:
		return "", text.Fail(ErrMalformed, text.ConsentMalformed)
	case t.Header["alg"] != jwt.SigningMethodEdDSA.Alg():
		return "", text.Fail(ErrAlgorithm, text.ConsentAlgorithm)
	case t.Header["typ"] != typ:
		return "", text.Fail(ErrType, text.ConsentType, typ)
	}
	if kid, _ = t.Header["kid"].(string); kid == "" {
		return "", text.Fail(ErrNoKeyID, text.ConsentNoKeyID)
	}
	if len(t.Header) != 3 {
		return "", text.Fail(ErrMalformed, text.ConsentHeader)
	}
	return kid, nil
}

// IsRevocation tells by the header alone, without any proof, what raw wants to be.
func IsRevocation(raw string) bool { return wants(raw, revocationType) }

// IsList is IsRevocation for lists.
func IsList(raw string) bool { return wants(raw, listType) }

// IsAttestation is IsRevocation for attestations.
func IsAttestation(raw string) bool { return wants(raw, attestationType) }

func wants(raw, typ string) bool {
	t, _, err := parser.ParseUnverified(raw, &unread{})
	return err == nil && t.Header["typ"] == typ
}

// checkName compares the statement's issuer with the key's.
func (p proved) checkName(iss string) error {
	if p.issuer.Name != "" && p.issuer.Name != iss {
		return text.Fail(ErrIssuer, text.ConsentIssuerName, iss, p.issuer.Name)
	}
	return nil
}
