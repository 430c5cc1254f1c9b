package store

import (
	"slices"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/consent"
)

// A token for a copy of footage is about a badge that was worn then: it takes the
// badge from nobody today, whoever wears it, and goes when the badge is withdrawn.
func TestCopiesOfFootageWearNoBadge(t *testing.T) {
	s := open(t, newPath(t))
	forCopy := func(id string) consent.Token {
		return sample(id, func(c *consent.Token) {
			c.Purpose, c.Footage = consent.SubjectAccess, consent.Footage{From: noon.Add(-month), To: noon.Add(-days)}
		})
	}
	mustAdd(t, s, forCopy("0001"), sample("0002", nil), forCopy("0003"))
	wants(t, "a second wearer", add(t, s, sample("0004", nil), noon), consent.ErrBadge)
	if ids := mustRevoke(t, s, noon, consent.Revocation{Token: "token-0001"}); !slices.Equal(ids, []string{"token-0001"}) {
		t.Errorf("revoked %v", ids)
	}
	// What was withdrawn leaves no rest behind on a badge that it never took.
	nine := forCopy("0005")
	nine.Badge = 9
	mustAdd(t, s, nine)
	mustRevoke(t, s, noon.Add(time.Hour), consent.Revocation{Token: nine.ID})
	if err := add(t, s, sample("0006", func(c *consent.Token) { c.Badge = 9 }), noon.Add(2*time.Hour)); err != nil {
		t.Errorf("the badge of a withdrawn copy: %v", err)
	}
	ids := mustRevoke(t, s, noon.Add(time.Hour), consent.Revocation{Badge: 7})
	slices.Sort(ids)
	if !slices.Equal(ids, []string{"token-0002", "token-0003"}) {
		t.Errorf("with the badge %v were revoked", ids)
	}
}
