package consents

import (
	"time"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/store"
)

// expiringDays is from when on a consent's end is announced.
const expiringDays = 30

// bulk is how many consents that came in one request look like somebody else's
// act than that of each person (Order 19, Article 9): this product's choice.
const bulk = 20

// Facts counts over the consents that count or may later, and over what the workers of this
// run said they showed. Tokens without an age, and those of minors without a guardian, are
// refused when they come, so there are none to count.
func (c *Consents) Facts() policy.ConsentFacts {
	f := c.liveFacts(time.Now())
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

func person(c store.ConsentRow) string { return c.Issuer + "/" + c.Subject }
