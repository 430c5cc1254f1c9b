package onvifserver

import (
	"crypto/rand"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// The bounds of subscriptions: one is held by each recorder for each device that it knows.
const (
	MaxSubscriptions     = 256
	MaxSubscriptionsEach = 80 // of one login
	// MaxMessages wait in one; then the oldest make room.
	MaxMessages = 256
	// LongestTerm is how long one lives that nobody renews or pulls; usualTerm where none is asked for.
	LongestTerm  = time.Hour
	shortestTerm = 10 * time.Second
	usualTerm    = 10 * time.Minute
)

// topic is a property of each camera.
type topic struct {
	// path is in ONVIF's own form, with its prefix.
	path string
	is   func(condition) bool
}

// topics: the first is known to recorders as loss of video. The last is for programs that know
// only ONVIF's own topics: whenever the slate is in the picture's place, the whole of it has changed.
var topics = []topic{
	{"tns1:VideoSource/SignalLoss", func(c condition) bool { return c.lost }},
	{"tns1:VideoSource/bauta:MaskingWithheld", func(c condition) bool { return c.unmasked }},
	{"tns1:VideoSource/GlobalSceneChange/ImagingService", func(c condition) bool { return c.lost || c.unmasked }},
}

// condition is how a camera is for recorders.
type condition struct {
	lost     bool // the camera sends nothing
	unmasked bool // nobody vouches for its frames, so none is sent
}

// message is one event.
type message struct {
	camera    media.CameraID
	topic     string
	state     bool
	operation string
	at        time.Time
}

// What a message says of its property.
const (
	initialized = "Initialized"
	changed     = "Changed"
	deleted     = "Deleted"
)

// events keeps the conditions and who is subscribed to their changes. It has no goroutine: what is
// over is forgotten when the next one comes.
type events struct {
	may func(login string, camera media.CameraID) bool
	now func() time.Time

	mu         sync.Mutex
	conditions map[media.CameraID]condition
	all        map[string]*subscription
	dropped    uint64
}

// subscription is a pull point. The lock of events guards it.
type subscription struct {
	id     string
	user   string
	camera media.CameraID // empty: all
	filter []string       // of topics; empty: all
	term   time.Duration
	until  time.Time

	queue []message
	// ready holds one when there is something; taken is closed when another pull takes its place,
	// or it ends.
	ready chan struct{}
	taken chan struct{}
}

func newEvents(may func(string, media.CameraID) bool) *events {
	return &events{may: may, now: time.Now, conditions: map[media.CameraID]condition{}, all: map[string]*subscription{}}
}

// changed takes a camera's protection. A camera of which nobody knows yet how it is keeps its
// condition: it begins anew, or a worker does.
func (e *events) changed(id media.CameraID, now media.Protection) {
	e.mu.Lock()
	defer e.mu.Unlock()
	was, known := e.conditions[id]
	is := was
	switch now {
	case "":
		if known {
			delete(e.conditions, id)
			e.publish(id, was, func(topic) string { return deleted })
		}
		return
	case media.Offline:
		is = condition{lost: true}
	case media.Blocked:
		is = condition{unmasked: true}
	case media.Protected, media.OverMasked:
		is = condition{}
	}
	e.conditions[id] = is
	e.publish(id, is, func(t topic) string {
		switch {
		case !known:
			return initialized
		case t.is(was) != t.is(is):
			return changed
		}
		return ""
	})
}

// publish queues what operation has a word for. The lock is held.
func (e *events) publish(id media.CameraID, is condition, operation func(topic) string) {
	for _, t := range topics {
		word := operation(t)
		if word == "" {
			continue
		}
		for _, s := range e.all {
			e.queue(s, message{id, t.path, t.is(is), word, e.now()})
		}
	}
}

func (e *events) queue(s *subscription, m message) {
	if s.camera != "" && s.camera != m.camera || !s.wants(m.topic) || !e.may(s.user, m.camera) {
		return
	}
	if len(s.queue) >= MaxMessages {
		s.queue = s.queue[1:]
		e.dropped++
	}
	s.queue = append(s.queue, m)
	select {
	case s.ready <- struct{}{}:
	default: // it has yet to see the last one
	}
}

// wants compares a topic with the filter, without prefixes: a topic itself, or what lies below one
// that ends in "//." (WS-Topics 1.3, section 8.3).
func (s *subscription) wants(topic string) bool {
	topic = unprefixed(topic)
	return len(s.filter) == 0 || slices.ContainsFunc(s.filter, func(wanted string) bool {
		above, tree := strings.CutSuffix(wanted, "//.")
		return topic == above || tree && strings.HasPrefix(topic, above+"/")
	})
}

func unprefixed(topic string) string {
	parts := strings.Split(topic, "/")
	for i, p := range parts {
		parts[i] = p[strings.LastIndexByte(p, ':')+1:]
	}
	return strings.Join(parts, "/")
}

// subscribe makes a pull point whose first messages are how everything is. nil: there are too many.
func (e *events) subscribe(user string, camera media.CameraID, filter []string, term time.Duration) *subscription {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.sweep()
	own := 0
	for _, s := range e.all {
		if s.user == user {
			own++
		}
	}
	if len(e.all) >= MaxSubscriptions || own >= MaxSubscriptionsEach {
		return nil
	}
	s := &subscription{
		id: rand.Text(), user: user, camera: camera, filter: filter, term: term, until: e.now().Add(term),
		ready: make(chan struct{}, 1), taken: make(chan struct{}),
	}
	e.all[s.id] = s
	e.synchronize(s)
	return s
}

// synchronize queues how everything is. The lock is held.
func (e *events) synchronize(s *subscription) {
	for _, id := range slices.Sorted(maps.Keys(e.conditions)) {
		for _, t := range topics {
			e.queue(s, message{id, t.path, t.is(e.conditions[id]), initialized, e.now()})
		}
	}
}

// sweep forgets those whose time is over. The lock is held.
func (e *events) sweep() {
	for _, s := range e.all {
		if e.now().After(s.until) {
			e.end(s)
		}
	}
}

func (e *events) end(s *subscription) {
	delete(e.all, s.id)
	close(s.taken)
}

// with does something with the pull point of an id that is this login's; false: there is none.
func (e *events) with(id, user string, do func(*subscription)) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.sweep()
	s := e.all[id]
	if s == nil || s.user != user {
		return false
	}
	do(s)
	return true
}

// take is what waits in a pull point, at most so many messages.
func (e *events) take(s *subscription, most int) []message {
	e.mu.Lock()
	defer e.mu.Unlock()
	n := min(most, len(s.queue))
	out := slices.DeleteFunc(slices.Clone(s.queue[:n]), func(m message) bool { return !e.may(s.user, m.camera) })
	s.queue = slices.Clone(s.queue[n:])
	select {
	case <-s.ready: // what it stood for is taken
	default:
	}
	if len(s.queue) > 0 {
		s.ready <- struct{}{}
	}
	return out
}

func (e *events) stats() (subscriptions int, dropped uint64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.all), e.dropped
}
