// Package consent makes and proves consent tokens: signed statements that one
// person, known by a pseudonym, agreed to be shown unmasked in named zones, for
// one purpose and time. It also makes and proves their revocations.
//
// A token is a JWT (RFC 7519) signed with Ed25519 (EdDSA, RFC 8037) by an
// issuer whose public key the gateway trusts. Everything about it is checked
// strictly: a claim that is missing, of the wrong type, out of range or not
// known here makes the whole token worthless, for what is not understood may
// be a limit.
//
// In: claims and an issuer's key, or a token and the trusted keys. Out: a signed token,
// or a Signed one, which only Open makes. It starts no goroutines, asks no clock that it
// is not given, and holds no name of a person.
package consent

import (
	"regexp"
	"slices"
	"time"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

const (
	// Skew is how far an issuer's clock may be off.
	Skew = 60 * time.Second
	// DefaultMaxLife is the longest life of a token, from its issue or its
	// beginning, whichever comes first, to its expiry.
	DefaultMaxLife = 400 * 24 * time.Hour
	// MaxSize bounds a token or revocation in bytes.
	MaxSize = 8 << 10
	// MaxZones bounds the zones of one token.
	MaxZones = 64
	// AnyZone among a token's zones stands for every consent zone.
	AnyZone = "*"
	// MinBadge and MaxBadge are the markers in use: ArUco DICT_4X4_250 has
	// ids 0 to 249, and 0 is left out because cheap prints look like it.
	MinBadge, MaxBadge = 1, 249
)

// Basis is the form in which the person agreed.
type Basis string

// The forms that the Security Management Measures for face recognition (Order
// 19 of 2025, Article 6) and the Personal Information Protection Law (Article
// 29) know.
const (
	Separate Basis = "separate"
	Written  Basis = "written"
)

// Age is what matters of a person's age.
type Age string

// The ages. A minor14 is under 14: the guardian agrees (Order 19, Article 7).
const (
	Adult   Age = "adult"
	Minor14 Age = "minor14"
)

// Token is what a consent token says. Its JSON is for the store and the local
// API, not the token's own.
type Token struct {
	// Issuer is the name of who signed it, a slug.
	Issuer string `json:"iss"`
	// Subject is the person's pseudonym: 1 to 64 letters, digits, dots,
	// dashes and underscores. Who it is, only the issuer's own files tell.
	Subject string `json:"sub"`
	// ID names the token, as jti: 8 to 64 letters, digits, dashes and underscores.
	ID string `json:"jti"`
	// Issued, NotBefore and Expires are full seconds in UTC. The token counts
	// from NotBefore until before Expires.
	Issued    time.Time `json:"iat"`
	NotBefore time.Time `json:"nbf"`
	Expires   time.Time `json:"exp"`
	// Zones are slugs, 1 to MaxZones, or AnyZone alone.
	Zones []string `json:"zones"`
	// Purpose is a slug; the gateway has a list of those it takes.
	Purpose string `json:"purpose"`
	// Footage is what a token for SubjectAccess covers; zero for all others.
	Footage Footage `json:"footage,omitzero"`
	Basis   Basis   `json:"basis"`
	// Statement is the SHA-256, in lower-case hex, of the text that the
	// person agreed to.
	Statement string `json:"statement"`
	// Badge is the number of the marker that the person wears, MinBadge to
	// MaxBadge; 0 where Face binds instead.
	Badge int `json:"badge,omitempty"`
	// Face is the id of an enrolled template; empty where Badge binds.
	Face string `json:"face,omitempty"`
	Age  Age    `json:"age"`
	// Guardian refers to the guardian's own consent, as pseudonymous as
	// Subject; set for a Minor14 and for nobody else.
	Guardian string `json:"guardian,omitempty"`
}

// Footage is a span of recorded footage: from From until before To, full seconds
// in UTC. It may lie before the token was issued: who asks for a copy asks
// for what was filmed already.
type Footage struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// Covers is the footage that may show the person. A token for SubjectAccess names
// it. Any other covers what was filmed while it counted, and nothing from before
// it was signed, whatever its NotBefore says.
func (t Token) Covers() Footage {
	if t.Purpose == SubjectAccess {
		return t.Footage
	}
	from := t.Issued
	if t.NotBefore.After(from) {
		from = t.NotBefore
	}
	return Footage{From: from, To: t.Expires}
}

// Signed is a token whose signature and form were proved. Only Open makes one
// that is not empty.
type Signed struct {
	Token
	keyID string
	raw   string
}

// KeyID is the thumbprint of the key that signed it.
func (s Signed) KeyID() string { return s.keyID }

// Raw is the token as its issuer made it; empty in the zero value.
func (s Signed) Raw() string { return s.raw }

// Rules are what a gateway asks of a token beyond its signature.
type Rules struct {
	Now time.Time
	// Purposes are those that may be served; none means none.
	Purposes []string
	// Zone reports whether a consent zone of this name is here; nil asks nothing.
	Zone func(string) bool
	// MaxLife is the longest life; 0 means DefaultMaxLife.
	MaxLife time.Duration
}

// Check says why a token does not count under these rules: what CheckUse and
// CheckTime say.
func (t Token) Check(r Rules) error {
	if err := t.CheckUse(r); err != nil {
		return err
	}
	return t.CheckTime(r.Now)
}

// CheckUse says why a token does not count at any time: ErrPurpose, ErrFootage,
// ErrZone or ErrLife.
func (t Token) CheckUse(r Rules) error {
	life := r.MaxLife
	if life == 0 {
		life = DefaultMaxLife
	}
	switch {
	case !slices.Contains(r.Purposes, t.Purpose):
		return text.Fail(ErrPurpose, text.ConsentPurpose, t.Purpose, list(r.Purposes))
	case t.Purpose == SubjectAccess && t.Footage == Footage{}:
		return text.Fail(ErrFootage, text.ConsentNoFootage)
	case r.Zone != nil && !t.inZone(r.Zone):
		return text.Fail(ErrZone, text.ConsentZone, list(t.Zones))
	case t.Expires.Sub(earlier(t.Issued, t.NotBefore)) > life:
		return text.Fail(ErrLife, text.ConsentLife, int(life.Hours()/24))
	case t.Footage.To.Sub(t.Footage.From) > life:
		return text.Fail(ErrLife, text.ConsentFootageLong, int(life.Hours()/24))
	}
	return nil
}

// CheckTime says why a token does not count now, by now's clock: ErrExpired or ErrNotYetValid.
func (t Token) CheckTime(now time.Time) error {
	switch {
	case !now.Before(t.Expires.Add(Skew)):
		return text.Fail(ErrExpired, text.ConsentExpired, stamp(t.Expires, now))
	case t.Issued.After(now.Add(Skew)):
		return text.Fail(ErrNotYetValid, text.ConsentIssuedLater, stamp(t.Issued, now))
	case t.NotBefore.After(now.Add(Skew)):
		return text.Fail(ErrNotYetValid, text.ConsentNotYetValid, stamp(t.NotBefore, now))
	}
	return nil
}

// inZone reports whether one of the token's zones is known.
func (t Token) inZone(known func(string) bool) bool {
	return slices.Contains(t.Zones, AnyZone) || slices.ContainsFunc(t.Zones, known)
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

var (
	idPattern    = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{7,63}$`)
	pseudonym    = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)
	hashPattern  = regexp.MustCompile(`^[0-9a-f]{64}$`)
	knownBases   = []Basis{Separate, Written}
	knownAges    = []Age{Adult, Minor14}
	earliestTime = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	latestTime   = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
)

// ValidID reports whether s can be a token's id.
func ValidID(s string) bool { return idPattern.MatchString(s) }

// ValidSubject reports whether s can be a pseudonym.
func ValidSubject(s string) bool { return pseudonym.MatchString(s) }

// ValidBadge reports whether n can be a badge's number.
func ValidBadge(n int) bool { return n >= MinBadge && n <= MaxBadge }

// ValidName reports whether s is a slug, as the names of issuers, zones and
// purposes are.
func ValidName(s string) bool {
	_, err := media.ParseCameraID(s) // the same slugs
	return err == nil
}
