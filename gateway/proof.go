package gateway

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

// proof compares what a camera's worker says it shows with what it may show. It
// counts since the camera was started.
type proof struct {
	mu     sync.Mutex
	may    map[string]wire.Show // by token, as the worker was told
	ended  map[string]ending    // by token
	faces  map[int]string       // the token by which each track is shown
	last   time.Time            // when a picture with a shown face last left
	faults int
	delay  time.Duration
}

type ending struct {
	at      time.Time
	revoked bool
}

func newProof() *proof {
	return &proof{may: map[string]wire.Show{}, ended: map[string]ending{}, faces: map[int]string{}}
}

// told takes the consents that count from now on.
func (p *proof) told(shows []wire.Show, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for token, e := range p.ended {
		if now.Sub(e.at) > endedFor {
			delete(p.ended, token)
		}
	}
	was := p.may
	p.may = map[string]wire.Show{}
	for _, s := range shows {
		p.may[s.Token] = s
		delete(p.ended, s.Token)
	}
	for token := range was {
		if _, still := p.may[token]; !still && p.ended[token].at.IsZero() {
			p.ended[token] = ending{at: now}
		}
	}
}

// withdrawn tells that a token was revoked, before the worker hears of it.
func (p *proof) withdrawn(token string, at time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, counted := p.may[token]; counted {
		p.ended[token] = ending{at: at, revoked: true}
	}
}

// decided takes what the worker decided on a face. It returns false where that
// face must not be shown.
func (p *proof) decided(d wire.Decision, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.counted(p.faces[d.Track], now)
	delete(p.faces, d.Track)
	if !d.Shown {
		return true
	}
	if len(p.faces) < maxFaces {
		p.faces[d.Track] = d.Token
	}
	p.counted(d.Token, now)
	if p.allows(d, now) {
		return true
	}
	p.faults++
	return false
}

// counted notes how long a revoked token still counted.
func (p *proof) counted(token string, until time.Time) {
	if e := p.ended[token]; e.revoked {
		p.delay = max(p.delay, until.Sub(e.at))
	}
}

func (p *proof) allows(d wire.Decision, now time.Time) bool {
	if e, over := p.ended[d.Token]; over {
		return now.Sub(e.at) <= wayTime
	}
	s, known := p.may[d.Token]
	return known && slices.Contains(s.Zones, d.Zone) && !now.Before(s.NotBefore) && now.Before(s.Expires.Add(wayTime))
}

// left takes each picture that leaves.
func (p *proof) left(shown int, now time.Time) {
	if shown == 0 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last = now
}

// gone tells that the worker is: nothing of what it showed leaves any more.
func (p *proof) gone() {
	p.mu.Lock()
	defer p.mu.Unlock()
	clear(p.faces)
}

// found returns the faces shown without a consent that counts, and the longest
// time that a revoked one still counted, faces that are still shown included.
func (p *proof) found() (faults int, delay time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, token := range p.faces {
		p.counted(token, p.last)
	}
	return p.faults, p.delay
}
