package rtsp

import (
	"math/rand/v2"
	"sync/atomic"
	"time"
)

// delays are the bounds of the waits between tries.
type delays struct {
	first, longest time.Duration
}

// retry gives the waits: each twice the one before, and up to a quarter more
// by chance so that many cameras behind one switch do not come back at once.
type retry struct {
	delays
	tries int
}

func (r *retry) next() time.Duration {
	d := r.first
	for range r.tries {
		if d >= r.longest {
			break
		}
		d *= 2
	}
	r.tries++
	d = min(d, r.longest)
	return d + rand.N(d/4+1)
}

func (r *retry) reset() { r.tries = 0 }

// SourceStats are a Source's counters since it was made.
type SourceStats struct {
	Connections uint64 // that gave a video track
	Units       uint64 // access units given to the Sink
	Bytes       uint64 // of those units
	PacketsLost uint64 // RTP packets that never came
	Damaged     uint64 // access units left out: packets missing or malformed, too large, or before PLAY was answered
	Malformed   uint64 // RTP and RTCP packets that could not be read
}

type sourceCounters struct {
	connections, units, bytes, lost, damaged, malformed atomic.Uint64
}

func (c *sourceCounters) stats() SourceStats {
	return SourceStats{
		Connections: c.connections.Load(),
		Units:       c.units.Load(),
		Bytes:       c.bytes.Load(),
		PacketsLost: c.lost.Load(),
		Damaged:     c.damaged.Load(),
		Malformed:   c.malformed.Load(),
	}
}
