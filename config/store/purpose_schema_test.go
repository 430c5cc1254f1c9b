package store

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/zone"
)

// early makes a database of the schema before zones had purposes.
func early(t *testing.T) (path string, s *Store) {
	t.Helper()
	path = newPath(t)
	s, err := openWith(path, Options{}, steps[:4])
	if err != nil {
		t.Fatal(err)
	}
	put(t, s, full("hall"))
	for _, z := range []zone.Zone{square("lobby", zone.Consent), square("gate", zone.Consent), square("empty", zone.Consent), square("window", zone.Private)} {
		if err := s.PutZone("hall", z, false); err != nil {
			t.Fatal(err)
		}
	}
	return path, s
}

// Only consents that count live and now say for what a zone shows people.
func TestZonesGetThePurposesOfTheirLiveConsents(t *testing.T) {
	path, s := early(t)
	if err := s.AddIssuer(desk); err != nil {
		t.Fatal(err)
	}
	now := time.Now().UTC().Truncate(time.Second)
	badge := 0
	give := func(purpose string, zones []string, f func(*consent.Token)) {
		t.Helper()
		badge++
		token := sample(consent.NewID(), func(c *consent.Token) {
			c.Purpose, c.Zones, c.Badge = purpose, zones, badge
			c.Issued, c.NotBefore, c.Expires = now.Add(-2*time.Hour), now.Add(-2*time.Hour), now.Add(time.Hour)
			if f != nil {
				f(c)
			}
		})
		if err := add(t, s, token, now); err != nil {
			t.Fatal(err)
		}
	}
	give("event", []string{"lobby"}, nil)
	give("care", []string{"lobby", "gate"}, nil)
	give("care", []string{"lobby"}, nil)
	give("access-control", []string{"gate"}, func(c *consent.Token) { c.NotBefore = now.Add(time.Minute) }) // it will count
	give("subject-access", []string{"lobby", "gate"}, nil)
	give("over", []string{"lobby"}, func(c *consent.Token) { c.Expires = now.Add(-time.Minute) })
	give("withdrawn", []string{"lobby"}, func(c *consent.Token) { c.Subject = "p-gone" })
	mustRevoke(t, s, now, consent.Revocation{Subject: "p-gone"})
	closed(t, s)

	s = open(t, path)
	want := map[string][]string{"lobby": {"care", "event"}, "gate": {"access-control", "care"}, "empty": nil, "window": nil}
	zones, err := s.Zones("hall")
	if err != nil || len(zones) != len(want) {
		t.Fatalf("%+v, %v", zones, err)
	}
	for _, z := range zones {
		if !slices.Equal(z.Purposes, want[z.ID]) || z.Assumed != (z.Kind == zone.Consent) || len(z.Points) != 4 {
			t.Errorf("%+v, want %v", z, want[z.ID])
		}
	}
}

// Whom nobody vouches for any more says nothing about a zone; what cannot be read
// stays as it is.
func TestPurposesOfUntrustedAndDamaged(t *testing.T) {
	path, s := early(t)
	now := time.Now().UTC().Truncate(time.Second)
	token := sample("0001", func(c *consent.Token) { c.Issued, c.NotBefore, c.Expires = now, now, now.Add(time.Hour) })
	if err := add(t, s, token, now); err != nil { // its issuer is not in the store
		t.Fatal(err)
	}
	if err := s.db.Update(func(tx *bbolt.Tx) error {
		return errors.Join(tx.Bucket(zonesBucket).Put(under("hall", "torn"), []byte("{")), tx.Bucket(tokensBucket).Put([]byte("torn-token"), []byte("{")))
	}); err != nil {
		t.Fatal(err)
	}
	closed(t, s)
	zones, err := open(t, path).Zones("hall")
	if !errors.Is(err, ErrUnreadable) {
		t.Errorf("the damaged zone: %v", err)
	}
	for _, z := range zones {
		if len(z.Purposes) > 0 {
			t.Errorf("%+v", z)
		}
	}
}

func TestPutPurposes(t *testing.T) {
	s := open(t, newPath(t))
	put(t, s, full("hall"))
	for _, z := range []zone.Zone{square("lobby", zone.Consent), square("window", zone.Private)} {
		z.Assumed = true // nobody but the migration says so
		if err := s.PutZone("hall", z, false); err != nil {
			t.Fatal(err)
		}
	}
	if z, err := s.PutPurposes("hall", "lobby", []string{"care", "event"}); err != nil || !slices.Equal(z.Purposes, []string{"care", "event"}) || z.Kind != zone.Consent {
		t.Errorf("%+v, %v", z, err)
	}
	for what, c := range map[string]struct {
		zone     string
		purposes []string
		want     error
	}{
		"no zone":        {"roof", []string{"care"}, ErrNotFound},
		"private":        {"window", []string{"care"}, ErrInvalid},
		"subject access": {"lobby", []string{"subject-access"}, ErrInvalid},
		"twice":          {"lobby", []string{"care", "care"}, ErrInvalid},
	} {
		if _, err := s.PutPurposes("hall", c.zone, c.purposes); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", what, err)
		}
	}
	zones, err := s.Zones("hall")
	if b, _ := json.Marshal(zones[0].Purposes); err != nil || string(b) != `["care","event"]` || zones[0].Assumed || zones[1].Assumed {
		t.Errorf("%+v, %v", zones, err)
	}
	if z, err := s.PutPurposes("hall", "lobby", nil); err != nil || len(z.Purposes) != 0 {
		t.Errorf("emptied: %+v, %v", z, err)
	}
}
