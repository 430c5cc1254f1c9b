package broker

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Rotation is one broker or several, of which one is in use at a time: they are tried in
// turn, in the order in which they were named, and one that failed rests for as long as it
// would if it were the only one. It belongs to one goroutine.
type Rotation struct {
	servers []*Server
	tries   map[*Server]*tried
	last    *Server // tried last; nil: none yet
	now     func() time.Time
}

// tried is what became of the tries at one of them.
type tried struct {
	Retries
	rests time.Time // not to be tried before
}

// NewRotation refuses what can never work. Of c the address may be several, parted by commas.
func NewRotation(c Config) (*Rotation, error) {
	r := &Rotation{tries: map[*Server]*tried{}, now: time.Now}
	for _, address := range strings.Split(c.Address, ",") {
		one := c
		one.Address = strings.TrimSpace(address)
		s, err := New(one)
		if err != nil {
			return nil, err
		}
		r.servers = append(r.servers, s)
		r.tries[s] = &tried{}
	}
	return r, nil
}

// Servers are all of them, in the order in which they were named. Any goroutine may ask.
func (r *Rotation) Servers() []*Server { return r.servers }

// Next is the broker whose turn it is: the one after that which was tried last, or the
// next one that does not rest; where all do, the one that rests for the shortest time.
func (r *Rotation) Next() *Server {
	now := r.now()
	best := r.after(r.last)
	for s, n := best, 0; n < len(r.servers); s, n = r.after(s), n+1 {
		if !r.tries[s].rests.After(now) {
			best = s
			break
		}
		if r.tries[s].rests.Before(r.tries[best].rests) {
			best = s
		}
	}
	r.last = best
	return best
}

// after is the one that follows; after none comes the first.
func (r *Rotation) after(s *Server) *Server {
	for i, one := range r.servers {
		if one == s {
			return r.servers[(i+1)%len(r.servers)]
		}
	}
	return r.servers[0]
}

// Pause is how long to wait before Next after a try at s that took so long and failed for
// this reason. Where another one does not rest, that is a moment only, which chance makes
// longer or shorter: many gateways that lose one broker do not all come to the next at once.
func (r *Rotation) Pause(s *Server, why Reason, took time.Duration) time.Duration {
	now := r.now()
	t := r.tries[s]
	t.rests = now.Add(t.Pause(why, took))
	soonest := t.rests
	for _, other := range r.tries {
		if other.rests.Before(soonest) {
			soonest = other.rests
		}
	}
	if len(r.servers) == 1 {
		return soonest.Sub(now)
	}
	return max(quick.After(1), soonest.Sub(now))
}

// Exposed names a broker at which the login would cross a network in clear text.
func (r *Rotation) Exposed() (host string, exposed bool) {
	for _, s := range r.servers {
		if s.Exposed() {
			return s.Host(), true
		}
	}
	return "", false
}

// first connects to the first broker that answers, trying each once.
func (r *Rotation) first(connect func(*Server) (*Link, error)) (*Link, error) {
	var errs []error
	for _, s := range r.servers {
		l, err := connect(s)
		if err == nil {
			return l, nil
		}
		errs = append(errs, err)
	}
	if len(errs) == 1 {
		return nil, errs[0]
	}
	return nil, fmt.Errorf("none of the brokers: %w", errors.Join(errs...))
}
