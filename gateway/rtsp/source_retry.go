package rtsp

import "sync/atomic"

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
