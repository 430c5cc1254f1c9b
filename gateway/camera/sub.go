package camera

import (
	"cmp"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// subLinger is how long a sub-stream is made for somebody who asked for it or has left: players ask
// before they watch, and come back.
const subLinger = 10 * time.Second

// sub is a camera's sub-stream: what it is like, and who wants it. It is made while somebody does.
type sub struct {
	like wire.SubStream

	mu       sync.Mutex
	watching map[string]int // viewers by the way in which they watch
	until    time.Time      // wanted until then in any case
}

// subOf is what a camera's sub-stream is like, by its own settings or the configured ones.
func (cs *Set) subOf(rec store.Camera) wire.SubStream {
	out := cs.cfg.Output
	return wire.SubStream{Size: cmp.Or(rec.SubSize, media.SubSize(out.SubSize)), FPS: cmp.Or(rec.SubFPS, out.SubFPS)}
}

// asked notes that somebody is about to watch.
func (s *sub) asked(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.until = now.Add(subLinger)
}

// watched notes how many watch by one way.
func (s *sub) watched(way string, viewers int, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.watching == nil {
		s.watching = map[string]int{}
	}
	s.watching[way] = viewers
	s.until = now.Add(subLinger)
}

// wanted is the sub-stream to make now; the zero value: none.
func (s *sub) wanted(now time.Time) wire.SubStream {
	s.mu.Lock()
	defer s.mu.Unlock()
	total := 0
	for _, n := range s.watching {
		total += n
	}
	if total == 0 && !now.Before(s.until) {
		return wire.SubStream{}
	}
	return s.like
}

// Watched says how many watch a stream by one way, of those who are not its path's viewers. It
// never waits.
func (cs *Set) Watched(id media.StreamID, way string, viewers int) {
	if c := cs.camera(id.Camera); c != nil && id.Sub {
		c.subWatched(way, viewers)
	}
}

func (c *camera) subWatched(way string, viewers int) {
	c.sub.watched(way, viewers, time.Now())
	c.makeSub(time.Now())
}

// subAsked is for somebody who is about to watch.
func (c *camera) subAsked() {
	c.sub.asked(time.Now())
	c.makeSub(time.Now())
}

// makeSub has the sub-stream made, or not any more, where that changed.
func (c *camera) makeSub(now time.Time) {
	c.sending.Lock()
	defer c.sending.Unlock()
	want := c.sub.wanted(now)
	c.mu.Lock()
	same := c.applied.Sub == want
	c.applied.Sub = want
	s := c.applied
	c.mu.Unlock()
	if !same {
		c.handle.SetSettings(s)
	}
}

// subMade reports whether the sub-stream is made.
func (c *camera) subMade() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.applied.Sub != wire.SubStream{}
}

// Sub is called by the worker's handle: a frame of the sub-stream, or the slate.
func (c *camera) Sub(u media.Clean) {
	if !c.subMade() {
		return
	}
	id := media.StreamID{Camera: c.ID(), Sub: true}
	c.subPath.Write(u)
	c.with.Previews.Write(id, u)
	c.with.HLS.Write(id, u)
}
