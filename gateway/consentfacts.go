package gateway

import (
	"cmp"
	"slices"
	"time"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/compliance"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// expiringDays is from when on a consent's end is told.
const expiringDays = 30

// bulk is how many consents that came in one request look like somebody else's
// act than that of each person (Order 19, Article 9): this product's choice.
const bulk = 20

// consentFacts counts over the consents that count or may later, and over what
// the workers of this run said they showed. Tokens without an age, and those of
// minors without a guardian, are refused when they come, so there are none to
// count.
func (g *Gateway) consentFacts() policy.ConsentFacts {
	g.consents.mu.Lock()
	defer g.consents.mu.Unlock()
	people, together := map[string]bool{}, map[time.Time]int{}
	var f policy.ConsentFacts
	soon := time.Now().AddDate(0, 0, expiringDays)
	for _, one := range g.consents.live {
		people[person(one)] = true
		together[one.Imported.UTC()]++
		if one.Expires.Before(soon) {
			f.Expiring++
		}
	}
	for _, n := range together {
		if n >= bulk {
			f.Bulk += n
		}
	}
	f.People = len(people)
	f.Reached = g.enrolled(f.People)
	f.ShownWithoutToken, f.RevokedFor = g.proved()
	return f
}

// proved is the worst of all cameras.
func (g *Gateway) proved() (faults int, delay time.Duration) {
	for _, cam := range g.sorted() {
		n, d := cam.proof.found()
		faults, delay = faults+n, max(delay, d)
	}
	return faults, delay
}

// shownWithout puts a fault on the trail, where it stays after a restart.
func (g *Gateway) shownWithout(id media.CameraID) {
	g.trail.Note(audit.Record{Action: audit.ConsentFault, Actor: audit.Gateway, Subject: subject(id)})
	g.engine.Poke()
}

// enrolled is the day on which so many people were enrolled that it has to be
// filed, empty where they are fewer or the day cannot be known; the caller
// holds the consents' mu. All of them are read once.
func (g *Gateway) enrolled(people int) policy.Date {
	limit := g.pack().Param("enrolment_filing", "people")
	if limit == 0 || people < limit {
		return ""
	}
	if g.consents.enrolled == "" {
		all, err := g.store.Consents()
		if err != nil {
			g.log.Error("since when so many people are enrolled cannot be known", "error", err)
			return ""
		}
		g.consents.enrolled = reached(all, limit)
	}
	return g.consents.enrolled
}

func person(c store.Consent) string { return c.Issuer + "/" + c.Subject }

// reached is the first day on which so many people were enrolled: from a
// consent's import until it is revoked or ends. Fewer later change nothing.
func reached(all []store.Consent, limit int) policy.Date {
	type step struct {
		at     time.Time
		person string
		by     int
	}
	var steps []step
	for _, c := range all {
		end := c.Expires
		if !c.Revoked.IsZero() && c.Revoked.Before(end) {
			end = c.Revoked
		}
		if c.Imported.Before(end) {
			steps = append(steps, step{c.Imported, person(c), 1}, step{end, person(c), -1})
		}
	}
	// Ends come first: who changes a consent for another is one person.
	slices.SortFunc(steps, func(a, b step) int { return cmp.Or(a.at.Compare(b.at), a.by-b.by) })
	enrolled := map[string]int{}
	for _, s := range steps {
		if enrolled[s.person] += s.by; enrolled[s.person] == 0 {
			delete(enrolled, s.person)
		}
		if len(enrolled) >= limit {
			return policy.DateOf(s.at.Local())
		}
	}
	return ""
}

// consentRegister lists the consents by pseudonym, for the evidence.
func (g *Gateway) consentRegister() (all []compliance.Consent, err error) {
	now := time.Now()
	err = g.store.EachConsent("", func(c store.Consent) bool {
		state := "valid"
		switch {
		case !c.Revoked.IsZero():
			state = "revoked"
		case !now.Before(c.Expires):
			state = "expired"
		}
		all = append(all, compliance.Consent{Token: c.ID, Subject: c.Subject, Issuer: c.Issuer, Purpose: c.Purpose, Basis: string(c.Basis),
			Statement: c.Statement, Zones: c.Zones, NotBefore: c.NotBefore, Expires: c.Expires, Footage: c.Footage, State: state})
		return true
	})
	return all, err
}
