package consent

import (
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/bauta-gateway/bauta/config/text"
)

// Delegation lets another key than the issuer's say how new the issuer's list is, and
// nothing else: the issuing key can stay offline.
type Delegation struct {
	Issuer string
	Key    PublicKey
	// Issued and Expires are full seconds in UTC; it counts between them.
	Issued, Expires time.Time
}

// Attestation says that at the time Issued the issuer had withdrawn nothing beyond the list of
// this number and hash. Number 0, without a hash: nothing at all so far.
type Attestation struct {
	Issuer string
	Number uint64
	Hash   string
	// Issued is in full seconds, in UTC.
	Issued time.Time
}

// SignDelegation makes the statement that says d, with the issuer's key.
func SignDelegation(d Delegation, key PrivateKey) (string, error) {
	raw, err := sign(delegationType, jwt.MapClaims{
		"iss": d.Issuer, "iat": d.Issued.Unix(), "exp": d.Expires.Unix(), "key": strings.TrimSpace(string(d.Key.PEM())),
	}, key)
	if err != nil {
		return "", err
	}
	if _, err := OpenDelegation(raw, NewIssuers(Issuer{d.Issuer, key.Public()})); err != nil {
		return "", err
	}
	return raw, nil
}

// OpenDelegation proves a delegation, at whatever time it counts. Errors are those of Open.
func OpenDelegation(raw string, trust Issuers) (Delegation, error) {
	p, err := prove(raw, delegationType, trust)
	if err != nil {
		return Delegation{}, err
	}
	c, err := readClaims(p.body)
	if err != nil {
		return Delegation{}, text.Fail(ErrMalformed, text.ConsentMalformed)
	}
	d := Delegation{Issuer: c.word("iss", ValidName), Issued: c.when("iat"), Expires: c.when("exp")}
	d.Key, err = ParsePublicKey([]byte(c.word("key", func(s string) bool { return s != "" })))
	if err != nil {
		c.fault("key")
	}
	if !d.Expires.After(d.Issued) {
		c.fault("exp")
	}
	if err := c.end(); err != nil {
		return Delegation{}, err
	}
	return d, p.checkName(d.Issuer)
}

// SignAttestation makes the statement that says a: with the issuer's key, by being empty, or
// with a key to which by, a delegation, gives the right.
func SignAttestation(a Attestation, by string, key PrivateKey) (string, error) {
	body := jwt.MapClaims{"iss": a.Issuer, "iat": a.Issued.Unix(), "number": a.Number}
	if a.Number > 0 {
		body["list"] = a.Hash
	}
	if by != "" {
		body["by"] = by
	}
	return sign(attestationType, body, key)
}

// OpenAttestation proves an attestation and, where it has one, the delegation in it. Errors are
// those of Open; ErrExpired and ErrNotYetValid where the delegation did not count at that time.
func OpenAttestation(raw string, trust Issuers) (Attestation, error) {
	d, delegated, err := delegationIn(raw, trust)
	if err != nil {
		return Attestation{}, err
	}
	if delegated {
		trust = NewIssuers(Issuer{d.Issuer, d.Key})
	}
	p, err := prove(raw, attestationType, trust)
	if err != nil {
		return Attestation{}, err
	}
	a, err := decodeAttestation(p.body)
	switch {
	case err != nil:
		return Attestation{}, err
	case delegated && a.Issued.Before(d.Issued):
		return Attestation{}, text.Fail(ErrNotYetValid, text.ConsentNotYetValid, stamp(d.Issued, a.Issued))
	case delegated && !a.Issued.Before(d.Expires):
		return Attestation{}, text.Fail(ErrExpired, text.ConsentExpired, stamp(d.Expires, a.Issued))
	}
	return a, p.checkName(a.Issuer)
}

// delegationIn proves the delegation in an attestation that is not proved yet: its key is needed
// for that.
func delegationIn(raw string, trust Issuers) (d Delegation, there bool, err error) {
	if len(raw) > MaxSize || !compact.MatchString(raw) {
		return d, false, nil // prove says why
	}
	body, err := parser.DecodeSegment(strings.Split(raw, ".")[1])
	if err != nil {
		return d, false, text.Fail(ErrMalformed, text.ConsentMalformed)
	}
	c, err := readClaims(body)
	if err != nil {
		return d, false, text.Fail(ErrMalformed, text.ConsentMalformed)
	}
	var by string
	if _, there = c.members["by"]; !there {
		return d, false, nil
	}
	if !c.take("by", &by) {
		return d, true, text.Fail(ErrMalformed, text.ConsentClaim, "by")
	}
	d, err = OpenDelegation(by, trust)
	return d, true, err
}

func decodeAttestation(body []byte) (Attestation, error) {
	c, err := readClaims(body)
	if err != nil {
		return Attestation{}, text.Fail(ErrMalformed, text.ConsentMalformed)
	}
	a := Attestation{Issuer: c.word("iss", ValidName), Issued: c.when("iat")}
	if !c.take("number", &a.Number) || a.Number > MaxListNumber {
		c.fault("number")
	}
	if a.Number > 0 {
		a.Hash = c.word("list", matches(hashPattern))
	}
	delete(c.members, "by") // delegationIn has proved it
	return a, c.end()
}
