package main

import (
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/bluenviron/gortsplib/v4"
	"github.com/pion/rtcp"

	"github.com/bauta-gateway/bauta/cmd/dev/internal/probe"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// got is one access unit that the viewer has in full.
type got struct {
	stamp uint32
	at    time.Time
	nalus [][]byte
}

// viewer reads a stream over TCP and notes when each frame came.
type viewer struct {
	client *gortsplib.Client

	mu      sync.Mutex
	units   []got
	reports []report
}

// report ties RTP time to capture time.
type report struct {
	stamp    uint32
	captured time.Time
	at       time.Time
}

func startViewer(address string) (*viewer, error) {
	v := &viewer{}
	var err error
	v.client, err = probe.Stream{Unit: v.unit, Report: v.report}.Play(address)
	return v, err
}

func (v *viewer) unit(stamp uint32, nalus [][]byte) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.units = append(v.units, got{stamp, time.Now(), nalus})
}

func (v *viewer) report(r *rtcp.SenderReport) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.reports = append(v.reports, report{r.RTPTime, fromNTP(r.NTPTime), time.Now()})
}

// received is a frame by its capture time.
type received struct {
	captured, at time.Time
	nalus        [][]byte
}

// sentSoFar returns what came so far in the order of capture. Only the last report counts: the first ones
// may speak of the slate, or of the time before the camera sent its own.
func (v *viewer) receivedSoFar() ([]received, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.reports) == 0 {
		return nil, errors.New("the gateway sent no sender report: frames cannot be told apart")
	}
	anchor := v.reports[len(v.reports)-1]
	out := make([]received, 0, len(v.units))
	for _, u := range v.units {
		since := media.Ticks90k(int32(u.stamp - anchor.stamp)).Duration()
		out = append(out, received{anchor.captured.Add(since), u.at, u.nalus})
	}
	slices.SortFunc(out, func(a, b received) int { return a.captured.Compare(b.captured) })
	return out, nil
}

// matchWithin is how far two capture times of one frame may lie apart: less
// than half a frame's time at 60 a second.
const matchWithin = 8 * time.Millisecond

// delays finds each sent frame again among those that came. missing counts
// those that did not come.
func delays(out []sent, in []received) (took []time.Duration, missing int) {
	for _, s := range out {
		if i := find(in, s.captured); i < 0 {
			missing++
		} else {
			took = append(took, in[i].at.Sub(s.written))
		}
	}
	return took, missing
}

// find is the place of the frame captured then, -1 where it did not come;
// in is in the order of capture.
func find(in []received, captured time.Time) int {
	i, _ := slices.BinarySearchFunc(in, captured.Add(-matchWithin), func(r received, t time.Time) int { return r.captured.Compare(t) })
	if i == len(in) || in[i].captured.Sub(captured) > matchWithin {
		return -1
	}
	return i
}

// percentile p, 0 to 100, by the nearest rank; 0 of none.
func percentile(values []time.Duration, p int) time.Duration {
	if len(values) == 0 {
		return 0
	}
	v := slices.Sorted(slices.Values(values))
	rank := (len(v)*p + 99) / 100
	return v[min(max(rank, 1), len(v))-1]
}
