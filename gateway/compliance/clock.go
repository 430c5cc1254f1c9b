package compliance

import (
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Watch is what a camera's viewers get at a moment, as far as the time of
// protection is concerned.
type Watch uint8

// The states.
const (
	Off       Watch = iota // not running
	Protected              // masked frames
	Gap                    // the camera sends, viewers get the slate
	Offline                // the camera sends nothing
	Starting               // nobody knows yet: counts as nothing
)

// longestStep is the longest time between two notes that is counted: more
// means that the host slept, and nobody knows what was then.
const longestStep = 30 * time.Second

// Clock adds up how long each camera was in which state, by day.
type Clock struct {
	mu    sync.Mutex
	last  map[media.CameraID]note
	sums  map[dayOf]*store.Day // since the last Take
	today map[dayOf]*store.Day // of the newest day, with what Take took
}

type note struct {
	at    time.Time
	state Watch
}

type dayOf struct {
	day    civil.Date
	camera media.CameraID
}

// NewClock starts from what is stored of today.
func NewClock(today []store.Day) *Clock {
	c := &Clock{last: map[media.CameraID]note{}, sums: map[dayOf]*store.Day{}, today: map[dayOf]*store.Day{}}
	for _, d := range today {
		c.today[dayOf{d.Day, d.Camera}] = &d
	}
	return c
}

// Note says what a camera's viewers get from now on; the time since the last
// note counts for what they got before. Call it at each change and every few
// seconds.
func (c *Clock) Note(id media.CameraID, state Watch, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	was, known := c.last[id]
	if c.last[id] = (note{now, state}); state == Off {
		delete(c.last, id)
	}
	spent := now.Sub(was.at)
	if !known || spent <= 0 || spent > longestStep {
		return
	}
	key := dayOf{civil.Of(now), id}
	add(c.sums, key, was.state, spent)
	for k := range c.today {
		if k.day != key.day {
			delete(c.today, k)
		}
	}
	add(c.today, key, was.state, spent)
}

func add(to map[dayOf]*store.Day, key dayOf, state Watch, spent time.Duration) {
	d := to[key]
	if d == nil {
		d = &store.Day{Day: key.day, Camera: key.camera}
		to[key] = d
	}
	switch state {
	case Protected:
		d.Protected += spent.Seconds()
	case Gap:
		d.Gap += spent.Seconds()
	case Offline:
		d.Offline += spent.Seconds()
	}
}

// Take returns what was added up since the last Take, to be stored.
func (c *Clock) Take() (days []store.Day) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, d := range c.sums {
		days = append(days, *d)
	}
	clear(c.sums)
	return days
}

// Return gives back what could not be stored; the next Take has it again.
func (c *Clock) Return(days []store.Day) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, d := range days {
		sum := c.sums[dayOf{d.Day, d.Camera}]
		if sum == nil {
			sum = &store.Day{Day: d.Day, Camera: d.Camera}
			c.sums[dayOf{d.Day, d.Camera}] = sum
		}
		sum.Add(d)
	}
}

// Share is the protected share of today over all cameras that sent, nil where
// none did.
func (c *Clock) Share() *float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []store.Day
	for _, d := range c.today {
		all = append(all, *d)
	}
	return Share(all)
}

// Share is the protected share of some days' time, nil where nothing was sent.
func Share(days []store.Day) *float64 {
	protected, gap := 0.0, 0.0
	for _, d := range days {
		protected += d.Protected
		gap += d.Gap
	}
	return policy.Share(protected, protected+gap)
}
