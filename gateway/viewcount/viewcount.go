// Package viewcount says how many watch a stream, whenever that is another number than before.
//
// In: hints that it may have changed. Out: the numbers, one call after another. It has no
// goroutine; it must never call back while its user holds a lock, so users call it without one.
package viewcount

import (
	"maps"
	"slices"
	"sync"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// Count is what was said of each stream. Its methods may be called from any goroutine.
type Count struct {
	viewers func(media.StreamID) int
	say     func(id media.StreamID, viewers int)

	order sync.Mutex // one call of say at a time
	said  map[media.StreamID]int
}

// New makes one that knows of nobody. viewers is how many watch a stream now; say takes a new number
// and must not wait; nil: nobody wants it.
func New(viewers func(media.StreamID) int, say func(id media.StreamID, viewers int)) *Count {
	if say == nil {
		say = func(media.StreamID, int) {}
	}
	return &Count{viewers: viewers, say: say, said: map[media.StreamID]int{}}
}

// Changed says how many watch a stream, where that is another number than before.
func (c *Count) Changed(id media.StreamID) {
	c.order.Lock()
	defer c.order.Unlock()
	n := c.viewers(id)
	if n == c.said[id] {
		return
	}
	c.said[id] = n
	if n == 0 {
		delete(c.said, id)
	}
	c.say(id, n)
}

// AllChanged is Changed for all streams that were watched so far.
func (c *Count) AllChanged() {
	c.order.Lock()
	said := slices.Collect(maps.Keys(c.said))
	c.order.Unlock()
	for _, id := range said {
		c.Changed(id)
	}
}
