package mp4

import (
	"fmt"
	"sync"
)

// maxTimings bounds the frames that are under way in a worker: its reordering
// and look-ahead hold far fewer.
const maxTimings = 1 << 14

// Timings keeps when frames are shown while they are in a worker, by the
// number that they went in with. Samples go in in decoding order and frames
// come out in presentation order: only the number distinguishes them. The zero
// value is empty and ready. Safe for one goroutine that puts and one that takes.
type Timings struct {
	mu sync.Mutex
	m  map[uint64]Timing
}

// Put remembers the timing of the frame that goes in as number seq.
func (t *Timings) Put(seq uint64, timing Timing) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.m) >= maxTimings {
		return fmt.Errorf("%d pictures went in and none came out", maxTimings)
	}
	if t.m == nil {
		t.m = make(map[uint64]Timing)
	}
	t.m[seq] = timing
	return nil
}

// Take returns and forgets the timing of frame seq; false where it is unknown.
func (t *Timings) Take(seq uint64) (Timing, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	timing, ok := t.m[seq]
	delete(t.m, seq)
	return timing, ok
}

// Len is the number of frames that went in and did not come out yet.
func (t *Timings) Len() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.m)
}
