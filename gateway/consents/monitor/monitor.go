// Package monitor compares what a worker says it shows with what it may show. Inputs are
// the consents in force and the worker's decisions, outputs counts of faults and delays.
// It has no goroutine and never decides what is shown.
package monitor

import (
	"slices"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
)

const (
	// wayTime is how long what the worker has said may be on its way after a
	// consent ended here: as long as a withdrawal may take to show.
	wayTime = time.Second
	// endedFor is how long the end of a consent is remembered: much longer than
	// anything can be on its way. After that, showing its face is a fault
	// without any need to know when it ended.
	endedFor = 10 * time.Minute
	// maxFaces bounds the faces that are followed. A worker has far fewer.
	maxFaces = 1000
)

// Monitor compares what a camera's worker says it shows with what it may show. It
// counts since the camera was started.
type Monitor struct {
	mu     sync.Mutex
	may    map[string]wire.Show // by token, as the worker has them
	ended  map[string]ending    // by token
	faces  map[int]string       // the token by which each track is shown
	last   time.Time            // when a frame with a shown face last left
	faults int
	delay  time.Duration
}

type ending struct {
	at      time.Time
	revoked bool
	// counted is how long it did after its end, said what Late returned of that.
	counted, said time.Duration
}

// New is a monitor of a worker that shows nobody yet.
func New() *Monitor {
	return &Monitor{may: map[string]wire.Show{}, ended: map[string]ending{}, faces: map[int]string{}}
}

// Allowed takes the consents that count from now on.
func (m *Monitor) Allowed(shows []wire.Show, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for token, e := range m.ended {
		if now.Sub(e.at) > endedFor {
			delete(m.ended, token)
		}
	}
	was := m.may
	m.may = map[string]wire.Show{}
	for _, s := range shows {
		m.may[s.Token] = s
		delete(m.ended, s.Token)
	}
	for token := range was {
		if _, still := m.may[token]; !still && m.ended[token].at.IsZero() {
			m.ended[token] = ending{at: now}
		}
	}
}

// Withdrawn says that a token was revoked, before the worker knows.
func (m *Monitor) Withdrawn(token string, at time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, counted := m.may[token]; counted {
		m.ended[token] = ending{at: at, revoked: true}
	}
}

// Decided takes what the worker decided on a face. It returns false where that
// face must not be shown.
func (m *Monitor) Decided(d wire.Decision, now time.Time) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.counted(m.faces[d.Track], now)
	delete(m.faces, d.Track)
	if !d.Shown {
		return true
	}
	if len(m.faces) < maxFaces {
		m.faces[d.Track] = d.Token
	}
	m.counted(d.Token, now)
	if m.allows(d, now) {
		return true
	}
	m.faults++
	return false
}

// counted notes how long a revoked token still counted.
func (m *Monitor) counted(token string, until time.Time) {
	e := m.ended[token]
	if !e.revoked {
		return
	}
	e.counted = max(e.counted, until.Sub(e.at))
	m.ended[token] = e
	m.delay = max(m.delay, e.counted)
}

func (m *Monitor) allows(d wire.Decision, now time.Time) bool {
	if e, over := m.ended[d.Token]; over {
		return now.Sub(e.at) <= wayTime
	}
	s, known := m.may[d.Token]
	return known && slices.Contains(s.Zones, d.Zone) && !now.Before(s.NotBefore) && now.Before(s.Expires.Add(wayTime))
}

// Left takes each frame that leaves.
func (m *Monitor) Left(shown int, now time.Time) {
	if shown == 0 {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.last = now
}

// Stopped says that the worker has: nothing of what it showed leaves any more.
func (m *Monitor) Stopped() {
	m.mu.Lock()
	defer m.mu.Unlock()
	clear(m.faces)
}

// Found returns the faces shown without a consent that counts, and the longest
// time that a revoked one still counted, faces that are still shown included.
func (m *Monitor) Found() (faults int, delay time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.stillShown()
	return m.faults, m.delay
}

func (m *Monitor) stillShown() {
	for _, token := range m.faces {
		m.counted(token, m.last)
	}
}

// Late returns how many withdrawals came late since it was last called, and the longest
// time that one of them counted, or one from before where that has grown by a tenth: each
// frame makes it longer. It is 0 where there is nothing new.
func (m *Monitor) Late() (n int, longest time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.stillShown()
	for token, e := range m.ended {
		if e.counted <= wayTime || e.counted <= e.said+e.said/10 {
			continue
		}
		if e.said == 0 {
			n++
		}
		longest, e.said = max(longest, e.counted), e.counted
		m.ended[token] = e
	}
	return n, longest
}
