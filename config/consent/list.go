package consent

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/bauta-gateway/bauta/config/text"
)

const (
	// MaxList bounds a signed list in bytes: some 6,000 withdrawals.
	MaxList = 240 << 10
	// MaxListNumber bounds a list's number, so that every JSON reader takes it whole.
	MaxListNumber = 1 << 53
)

// List is all that an issuer has withdrawn so far. Whoever has the newest list has missed
// nothing, whichever single revocations a broker lost.
type List struct {
	Issuer string
	// Number grows by one with each list of an issuer; the first is 1.
	Number uint64
	// Previous is the hash of the list before; empty in the first.
	Previous string
	// Issued is in full seconds, in UTC.
	Issued time.Time
	// Withdrawn are the revocations. Of each its target counts, and of those of a subject
	// or a badge their time.
	Withdrawn []Revocation
}

// SignedList is a list whose signature and form were proved. Only OpenList makes one that
// is not empty.
type SignedList struct {
	List
	hash, raw string
}

// Hash is the SHA-256 of the list as its issuer made it, in lower-case hex.
func (l SignedList) Hash() string { return l.hash }

// Raw is the list as its issuer made it.
func (l SignedList) Raw() string { return l.raw }

func hashOf(raw string) string {
	sum := sha256.Sum256([]byte(raw))
	return hex.EncodeToString(sum[:])
}

// With is the list that follows one and withdraws more. What it has already, it has once;
// of a subject or a badge that was withdrawn again the later time counts.
func (l SignedList) With(issued time.Time, more ...Revocation) List {
	next := List{Issuer: l.Issuer, Number: l.Number + 1, Previous: l.hash, Issued: issued, Withdrawn: slices.Clone(l.Withdrawn)}
	for _, r := range more {
		next.withdraw(r)
	}
	return next
}

func (l *List) withdraw(r Revocation) {
	r.Issuer, r.ID = l.Issuer, ""
	if r.Token != "" {
		r.Issued = time.Time{}
	}
	i := slices.IndexFunc(l.Withdrawn, func(have Revocation) bool {
		return have.Token == r.Token && have.Subject == r.Subject && have.Badge == r.Badge
	})
	switch {
	case i < 0:
		l.Withdrawn = append(l.Withdrawn, r)
	case l.Withdrawn[i].Issued.Before(r.Issued):
		l.Withdrawn[i].Issued = r.Issued
	}
}

// SignList makes the statement that says l. What OpenList would refuse is refused here with
// the same errors.
func SignList(l List, key PrivateKey) (string, error) {
	tokens, subjects, badges := []string{}, [][2]any{}, [][2]any{}
	for _, r := range l.Withdrawn {
		switch {
		case r.Token != "":
			tokens = append(tokens, r.Token)
		case r.Subject != "":
			subjects = append(subjects, [2]any{r.Subject, r.Issued.Unix()})
		default:
			badges = append(badges, [2]any{r.Badge, r.Issued.Unix()})
		}
	}
	body := jwt.MapClaims{"iss": l.Issuer, "iat": l.Issued.Unix(), "number": l.Number, "tokens": tokens, "subjects": subjects, "badges": badges}
	if l.Previous != "" {
		body["previous"] = l.Previous
	}
	raw, err := sign(listType, body, key)
	switch {
	case err != nil:
		return "", err
	case len(raw) > MaxList:
		return "", text.Fail(ErrMalformed, text.ConsentListFull, len(l.Withdrawn))
	}
	if _, err := OpenList(raw, NewIssuers(Issuer{l.Issuer, key.Public()})); err != nil {
		return "", err
	}
	return raw, nil
}

// OpenList proves a list. One of any time counts, from the future too: what it withdraws is
// masked at once, whoever's clock is wrong. Errors are those of Open.
func OpenList(raw string, trust Issuers) (SignedList, error) {
	p, err := proveUpTo(MaxList, raw, listType, trust)
	if err != nil {
		return SignedList{}, err
	}
	l, err := decodeList(p.body)
	if err == nil {
		err = p.checkName(l.Issuer)
	}
	if err != nil {
		return SignedList{}, err
	}
	return SignedList{List: l, hash: hashOf(raw), raw: raw}, nil
}

func decodeList(body []byte) (List, error) {
	c, err := readClaims(body)
	if err != nil {
		return List{}, text.Fail(ErrMalformed, text.ConsentMalformed)
	}
	l := List{Issuer: c.word("iss", ValidName), Issued: c.when("iat"), Number: c.number("number")}
	if l.Number > 1 {
		l.Previous = c.word("previous", matches(hashPattern))
	}
	l.Withdrawn = c.withdrawn(l.Issuer)
	return l, c.end()
}

func (c *claims) number(name string) (n uint64) {
	if !c.take(name, &n) || n < 1 || n > MaxListNumber {
		c.fault(name)
	}
	return n
}

// withdrawn reads what a list withdraws.
func (c *claims) withdrawn(issuer string) (all []Revocation) {
	var tokens []string
	if !c.take("tokens", &tokens) {
		c.fault("tokens")
	}
	for _, id := range tokens {
		all = append(all, Revocation{Issuer: issuer, Token: id})
	}
	c.pairs("subjects", func(what json.RawMessage, at time.Time) bool {
		r := Revocation{Issuer: issuer, Issued: at}
		all = append(all, r)
		return json.Unmarshal(what, &all[len(all)-1].Subject) == nil
	})
	c.pairs("badges", func(what json.RawMessage, at time.Time) bool {
		r := Revocation{Issuer: issuer, Issued: at}
		all = append(all, r)
		return json.Unmarshal(what, &all[len(all)-1].Badge) == nil
	})
	if slices.ContainsFunc(all, func(r Revocation) bool { return !r.Valid() }) {
		c.fault("tokens, subjects or badges")
	}
	return all
}

// pairs reads an array of pairs of a target and a time in seconds since 1970.
func (c *claims) pairs(name string, use func(what json.RawMessage, at time.Time) bool) {
	var all [][]json.RawMessage
	if !c.take(name, &all) {
		c.fault(name)
	}
	for _, pair := range all {
		var at int64
		if len(pair) != 2 || json.Unmarshal(pair[1], &at) != nil || at < earliestTime.Unix() || at > latestTime.Unix() || !use(pair[0], time.Unix(at, 0).UTC()) {
			c.fault(name)
			return
		}
	}
}
