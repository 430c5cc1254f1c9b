package consents

import (
	"cmp"
	"slices"
	"time"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/store"
)

// expiringDays is from when on a consent's end is announced.
const expiringDays = 30

// bulk is how many consents that came in one request look like somebody else's
// act than that of each person (Order 19, Article 9): this product's choice.
const bulk = 20

// Facts, by the days of the site's time zone, counts over the consents that count or may later, and over what the workers of
// this run said they showed. Tokens without an age, and those of minors without a
// guardian, are refused when they come, so there are none to count.
func (c *Consents) Facts(zone *time.Location) policy.ConsentFacts {
	f := c.liveFacts(time.Now())
	if at := c.enrolled(f.People); !at.IsZero() {
		f.Reached = civil.Of(at.In(zone))
	}
	f.ShownWithoutToken, f.RevokedFor = c.cfg.Cameras.Monitored()
	return f
}

func (c *Consents) liveFacts(now time.Time) (f policy.ConsentFacts) {
	c.mu.Lock()
	defer c.mu.Unlock()
	people, together := map[string]bool{}, map[time.Time]int{}
	soon := now.AddDate(0, 0, expiringDays)
	for _, one := range c.live {
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
	return f
}

// enrolled is when so many people were enrolled that it has to be filed, zero
// where they are fewer or that cannot be known. All of them are read once.
func (c *Consents) enrolled(people int) time.Time {
	limit := c.cfg.FilingPeople
	if limit == 0 || people < limit {
		return time.Time{}
	}
	if at := c.enrolledAt.Load(); at != nil {
		return *at
	}
	all, err := c.cfg.Store.Consents()
	if err != nil {
		c.cfg.Log.Error("since when so many people are enrolled cannot be known", "error", err)
		return time.Time{}
	}
	at := reached(all, limit)
	if !at.IsZero() {
		c.enrolledAt.Store(&at)
	}
	return at
}

func person(c store.ConsentRow) string { return c.Issuer + "/" + c.Subject }

// reached is when so many people were enrolled for the first time: from a
// consent's import until it is revoked or ends. Fewer later change nothing.
func reached(all []store.ConsentRow, limit int) time.Time {
	type change struct {
		at     time.Time
		person string
		by     int
	}
	var changes []change
	for _, c := range all {
		end := c.Expires
		if !c.Revoked.IsZero() && c.Revoked.Before(end) {
			end = c.Revoked
		}
		if c.Imported.Before(end) {
			changes = append(changes, change{c.Imported, person(c), 1}, change{end, person(c), -1})
		}
	}
	// Ends come first: who changes a consent for another is one person.
	slices.SortFunc(changes, func(a, b change) int { return cmp.Or(a.at.Compare(b.at), a.by-b.by) })
	enrolled := map[string]int{}
	for _, s := range changes {
		if enrolled[s.person] += s.by; enrolled[s.person] == 0 {
			delete(enrolled, s.person)
		}
		if len(enrolled) >= limit {
			return s.at
		}
	}
	return time.Time{}
}
