package store

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/text"
)

var (
	noon   = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	month  = 30 * 24 * time.Hour
	days   = 24 * time.Hour
	issuer = consent.NewKey()
	desk   = consent.Issuer{Name: "front-desk", Key: issuer.Public()}
	adding = Adding{Now: noon, Quarantine: month}
)

// sample is a token from noon on for 60 days; f changes it.
func sample(id string, f func(*consent.Token)) consent.Token {
	t := consent.Token{
		Issuer: "front-desk", Subject: "p-" + id, ID: "token-" + id, Issued: noon.Add(-time.Hour), NotBefore: noon, Expires: noon.Add(60 * days),
		Zones: []string{"lobby"}, Purpose: "care", Basis: consent.Separate, Statement: strings.Repeat("0a", 32), Badge: 7, Age: consent.Adult,
	}
	if f != nil {
		f(&t)
	}
	return t
}

func sign(t testing.TB, token consent.Token) consent.Signed {
	t.Helper()
	raw, err := consent.Sign(token, issuer)
	if err != nil {
		t.Fatal(err)
	}
	s, err := consent.Open(raw, consent.NewIssuers(consent.Issuer{Name: token.Issuer, Key: issuer.Public()}))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// add stores one token as of a time and returns why not.
func add(t *testing.T, s *Store, token consent.Token, now time.Time) error {
	t.Helper()
	refused, err := s.AddConsents([]consent.Signed{sign(t, token)}, Adding{Now: now, Quarantine: month})
	if err != nil {
		t.Fatal(err)
	}
	return refused[0]
}

func mustAdd(t *testing.T, s *Store, tokens ...consent.Token) {
	t.Helper()
	for _, token := range tokens {
		if err := add(t, s, token, noon); err != nil {
			t.Fatal(err)
		}
	}
}

func mustRevoke(t *testing.T, s *Store, now time.Time, r consent.Revocation) []string {
	t.Helper()
	ids, err := s.Revoke([]consent.Revocation{r}, now)
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

func TestConsentsSurvive(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	two := sample("0002", func(t *consent.Token) { t.Badge = 8 })
	face := sample("0003", func(t *consent.Token) { t.Badge, t.Face = 0, "template-1" })
	mustAdd(t, s, two, sample("0001", nil), face)
	if ids := mustRevoke(t, s, noon, consent.Revocation{Token: two.ID}); !slices.Equal(ids, []string{two.ID}) {
		t.Errorf("revoked %v", ids)
	}
	closed(t, s)

	s = open(t, path)
	all, err := s.Consents()
	if err != nil || len(all) != 3 {
		t.Fatalf("%v, %v", all, err)
	}
	one := sign(t, sample("0001", nil))
	if got := all[0]; got.Raw != one.Raw() || got.KeyID != desk.Key.ID() || !got.Imported.Equal(noon) || !got.Revoked.IsZero() || got.ID != one.ID {
		t.Errorf("%+v", got)
	}
	if !all[1].Revoked.Equal(noon) || all[2].Face != "template-1" {
		t.Errorf("%+v", all[1:])
	}
	if _, err := s.Consent("token-0009"); !errors.Is(err, ErrNotFound) {
		t.Errorf("%v", err)
	}
}

// wants checks that both languages say why.
func wants(t *testing.T, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: %v, want %v", what, err, want)
		return
	}
	if err != nil && strings.Contains(err.Error()+text.Explain(text.ZhCN, err), "%!") {
		t.Errorf("%s: %s", what, text.Explain(text.ZhCN, err))
	}
}

func TestSameIDAndAgain(t *testing.T) {
	s := open(t, newPath(t))
	mustAdd(t, s, sample("0001", nil))
	wants(t, "again", add(t, s, sample("0001", nil), noon), ErrExists)
	wants(t, "another of that id", add(t, s, sample("0001", func(t *consent.Token) { t.Badge = 9 }), noon), consent.ErrID)
	if refused, err := s.AddConsents([]consent.Signed{{}}, adding); err != nil || !errors.Is(refused[0], ErrInvalid) {
		t.Errorf("a token that nobody proved: %v, %v", refused, err)
	}
}

// A badge shows one person at a time, and rests between two.
func TestBadges(t *testing.T) {
	at := func(from, to time.Duration) func(*consent.Token) {
		return func(t *consent.Token) { t.NotBefore, t.Expires = noon.Add(from), noon.Add(to) }
	}
	as := func(subject string, f func(*consent.Token)) func(*consent.Token) {
		return func(t *consent.Token) { f(t); t.Subject = subject }
	}
	// Token 0001 is of p-0001 from noon to the 60th day.
	for _, c := range []struct {
		name   string
		f      func(*consent.Token)
		revoke consent.Revocation
		now    time.Duration
		want   error
	}{
		{"same time", at(0, 60*days), consent.Revocation{}, 0, consent.ErrBadge},
		{"same time and person", as("p-0001", at(0, 60*days)), consent.Revocation{}, 0, consent.ErrBadge},
		{"within", at(days, 2*days), consent.Revocation{}, 0, consent.ErrBadge},
		{"next person at once", at(60*days, 90*days), consent.Revocation{}, 0, consent.ErrBadge},
		{"next person, badge rests", at(60*days+month-time.Second, 99*days), consent.Revocation{}, 0, consent.ErrBadge},
		{"next person, badge has rested", at(60*days+month, 99*days), consent.Revocation{}, 0, nil},
		{"same person goes on", as("p-0001", at(60*days, 90*days)), consent.Revocation{}, 0, nil},
		{"same person after a minute of overlap", as("p-0001", at(60*days-time.Minute, 90*days)), consent.Revocation{}, 0, consent.ErrBadge},
		{"another badge", func(t *consent.Token) { t.Badge = 8 }, consent.Revocation{}, 0, nil},
		{"same pseudonym of another issuer", as("p-0001", func(t *consent.Token) { at(60*days, 90*days)(t); t.Issuer = "back-desk" }), consent.Revocation{}, 0, consent.ErrBadge},

		{"revoked, next person at once", at(days, 60*days), consent.Revocation{Token: "token-0001"}, days, consent.ErrBadge},
		{"revoked and rested", at(days, 60*days), consent.Revocation{Token: "token-0001"}, month + days, nil},
		{"revoked, same person again", as("p-0001", at(0, 60*days)), consent.Revocation{Token: "token-0001"}, days, nil},
		{"badge lost, same person", as("p-0001", func(t *consent.Token) { at(days, 50*days)(t); t.Issued = noon.Add(days) }), consent.Revocation{Badge: 7}, days, consent.ErrBadge},
		{"badge lost and rested", as("p-0001", func(t *consent.Token) { at(month+days, 50*days)(t); t.Issued = noon.Add(2 * days) }), consent.Revocation{Badge: 7}, 2 * days, nil},
	} {
		s := open(t, newPath(t))
		mustAdd(t, s, sample("0001", nil))
		if c.revoke.Valid() {
			c.revoke.Issued = noon.Add(time.Hour)
			mustRevoke(t, s, noon.Add(time.Hour), c.revoke)
		}
		wants(t, c.name, add(t, s, sample("0002", c.f), noon.Add(c.now)), c.want)
	}
}

// How long a badge rests is told by the clock of the site.
func TestBadgeRestsByTheSitesClock(t *testing.T) {
	site := time.FixedZone("site", 8*60*60)
	next := sample("0002", func(t *consent.Token) {
		t.Issued, t.NotBefore, t.Expires = noon.Add(50*days), noon.Add(60*days), noon.Add(90*days)
	})
	for want, revoke := range map[time.Time]consent.Revocation{noon.Add(60*days + month): {}, noon.Add(40*days + month): {Badge: 7, Issued: noon.Add(40 * days)}} {
		s := open(t, newPath(t))
		mustAdd(t, s, sample("0001", nil))
		if revoke.Valid() {
			mustRevoke(t, s, revoke.Issued, revoke)
		}
		err := add(t, s, next, noon.In(site))
		if said := "rests until " + want.In(site).Format("2006-01-02 15:04"); !strings.Contains(fmt.Sprint(err), said) || strings.Contains(fmt.Sprint(err), "UTC") {
			t.Errorf("%v, want %s", err, said)
		}
	}
}

// A token of the past or the future may come in any order.
func TestBadgeBefore(t *testing.T) {
	s := open(t, newPath(t))
	mustAdd(t, s, sample("0001", func(t *consent.Token) { t.NotBefore = noon.Add(50 * days) }))
	early := func(to time.Duration) consent.Token {
		return sample("0002", func(t *consent.Token) { t.Expires = noon.Add(to) })
	}
	wants(t, "too near", add(t, s, early(21*days), noon), consent.ErrBadge)
	wants(t, "far enough", add(t, s, early(20*days), noon), nil)
	// One that was withdrawn before it began leaves no rest behind.
	mustRevoke(t, s, noon, consent.Revocation{Token: "token-0001"})
	wants(t, "in its place", add(t, s, sample("0003", func(t *consent.Token) { t.NotBefore = noon.Add(51 * days) }), noon), nil)
}

// TestRevocationsInAnyOrder: what a revocation concerns never counts again,
// whether the token or the revocation comes first.
func TestRevocationsInAnyOrder(t *testing.T) {
	later := sample("0002", func(t *consent.Token) {
		t.Subject, t.Badge, t.Issued, t.NotBefore = "p-0001", 8, noon.Add(2*time.Hour), noon.Add(2*time.Hour)
	})
	for _, by := range []string{"", "front-desk"} {
		for _, r := range []consent.Revocation{{Token: "token-0001"}, {Subject: "p-0001"}, {Badge: 7}} {
			r.Issuer, r.Issued = by, noon
			for _, first := range []string{"token", "revocation"} {
				name := fmt.Sprintf("%+v, %s first", r, first)
				path := newPath(t)
				s := open(t, path)
				if first == "token" {
					mustAdd(t, s, sample("0001", nil))
				}
				ids := mustRevoke(t, s, noon, r)
				if first == "token" != slices.Equal(ids, []string{"token-0001"}) {
					t.Errorf("%s: withdrawn %v", name, ids)
				}
				if again := mustRevoke(t, s, noon, r); len(again) != 0 {
					t.Errorf("%s: a second time %v", name, again)
				}
				closed(t, s)
				s = open(t, path)
				wants(t, name, add(t, s, sample("0001", nil), noon.Add(days)), consent.ErrRevoked)
				wants(t, name+", asked", s.CheckRevoked(sample("0001", nil)), consent.ErrRevoked)
				wants(t, name+", a later consent", s.CheckRevoked(later), nil)
				wants(t, name+", a later consent", add(t, s, later, noon.Add(2*time.Hour)), nil)
			}
		}
	}
}

func TestRevocationOfAnotherIssuer(t *testing.T) {
	s := open(t, newPath(t))
	mustAdd(t, s, sample("0001", nil))
	for _, r := range []consent.Revocation{{Token: "token-0001"}, {Subject: "p-0001"}, {Badge: 7}} {
		r.Issuer, r.Issued = "back-desk", noon
		if ids := mustRevoke(t, s, noon, r); len(ids) != 0 {
			t.Errorf("%+v withdrew %v", r, ids)
		}
	}
	wants(t, "asked", s.CheckRevoked(sample("0001", nil)), nil)
	if _, err := s.Revoke([]consent.Revocation{{Subject: "p", Badge: 7}}, noon); !errors.Is(err, ErrInvalid) {
		t.Errorf("two targets: %v", err)
	}
}

// The administrator means all that is there, whatever an issuer's clock says.
func TestRevokeAheadOfTheClock(t *testing.T) {
	s := open(t, newPath(t))
	ahead := sample("0001", func(t *consent.Token) { t.Issued = noon.Add(50 * time.Second) })
	mustAdd(t, s, ahead)
	if ids := mustRevoke(t, s, noon, consent.Revocation{Subject: "p-0001", Issued: noon}); len(ids) != 1 {
		t.Errorf("withdrew %v", ids)
	}
	wants(t, "asked", s.CheckRevoked(ahead), consent.ErrRevoked)
}

func TestIssuers(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	second := consent.NewKey().Public()
	for _, i := range []consent.Issuer{desk, {Name: "front-desk", Key: second}} {
		if err := s.AddIssuer(i); err != nil {
			t.Fatal(err)
		}
	}
	wants(t, "again", s.AddIssuer(consent.Issuer{Name: "other", Key: second}), ErrExists)
	wants(t, "no slug", s.AddIssuer(consent.Issuer{Name: "Front Desk", Key: second}), ErrInvalid)
	wants(t, "remove", s.DeleteIssuer(second.ID()), nil)
	wants(t, "remove again", s.DeleteIssuer(second.ID()), ErrNotFound)
	closed(t, s)
	got, err := open(t, path).Issuers()
	if err != nil || len(got) != 1 || got[0].Name != desk.Name || got[0].Key.ID() != desk.Key.ID() || got[0].Added.IsZero() {
		t.Errorf("%+v, %v", got, err)
	}
}

// A damaged entry is reported and hides no other; it never counts.
func TestDamagedConsents(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	mustAdd(t, s, sample("0001", nil), sample("0002", func(t *consent.Token) { t.Badge = 8 }))
	if err := s.AddIssuer(desk); err != nil {
		t.Fatal(err)
	}
	closed(t, s)
	edit(t, path, func(tx *bbolt.Tx) error {
		tokens := tx.Bucket(tokensBucket)
		return errors.Join(tokens.Put([]byte("token-0001"), tokens.Get([]byte("token-0002"))), tx.Bucket(issuersBucket).Put([]byte("x"), []byte("{")))
	})
	s = open(t, path)
	all, err := s.Consents()
	if !errors.Is(err, ErrUnreadable) || len(all) != 1 || all[0].ID != "token-0002" {
		t.Errorf("%v, %v", all, err)
	}
	issuers, err := s.Issuers()
	if !errors.Is(err, ErrUnreadable) || len(issuers) != 1 {
		t.Errorf("%v, %v", issuers, err)
	}
}

func TestFromSchemaOne(t *testing.T) {
	path := newPath(t)
	s, err := openWith(path, Options{}, steps[:1])
	if err != nil {
		t.Fatal(err)
	}
	put(t, s, full("a"))
	closed(t, s)
	s = open(t, path)
	mustAdd(t, s, sample("0001", nil))
	if c, err := s.Camera("a"); err != nil || c.Name != full("a").Name {
		t.Errorf("%+v, %v", c, err)
	}
	checkCopy(t, path+".v1.bak", slurp(t, path+".v1.bak"))
}

// TestTenThousandConsents holds the promised times: import under 10 s in
// batches as they come over the local API, opening under 2 s.
func TestTenThousandConsents(t *testing.T) {
	const total, batch = 10_000, 60
	tokens := make([]consent.Signed, total)
	for i := range tokens {
		tokens[i] = sign(t, sample(fmt.Sprintf("%06d", i), func(t *consent.Token) {
			turn := time.Duration(i / consent.MaxBadge)
			t.Badge, t.Subject = 1+i%consent.MaxBadge, fmt.Sprintf("p-%d", i%consent.MaxBadge)
			t.NotBefore, t.Expires = noon.Add(turn*days), noon.Add((turn+1)*days)
		}))
	}
	path := newPath(t)
	s := open(t, path)
	began := time.Now()
	for part := range slices.Chunk(tokens, batch) {
		refused, err := s.AddConsents(part, adding)
		if err := errors.Join(append(refused, err)...); err != nil {
			t.Fatal(err)
		}
	}
	imported := time.Since(began)
	closed(t, s)
	began = time.Now()
	all, err := open(t, path).Consents()
	if err != nil || len(all) != total {
		t.Fatalf("%d consents, %v", len(all), err)
	}
	opened := time.Since(began)
	t.Logf("%d consents: imported in %v, opened and read in %v", total, imported, opened)
	if imported > slack*10*time.Second || opened > slack*2*time.Second {
		t.Errorf("too slow: %v, %v", imported, opened)
	}
}
