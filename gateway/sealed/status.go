package sealed

import (
	"maps"
	"slices"
	"syscall"
	"time"

	"github.com/bauta-gateway/bauta/config/sealed"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// State is what a recorder says of itself.
type State struct {
	// Sealing: a segment is being written.
	Sealing bool
	// Fault is why none can be: one of process's words; empty: nothing is wrong.
	Fault string

	// Changed is a segment that is not as it was sealed, or is missing; 0: none was found.
	Changed uint64

	blocks []block
	begun  time.Time // the start of the segment that is being written
}

// Status is how a camera's sealed originals stand.
type Status struct {
	Camera media.CameraID
	Setting
	State
	// From is since when there is footage, To until when; zero: none.
	From, To time.Time
	Last     uint64 // number of the newest segment
	Sum      sealed.Sum
	Segments uint64
	Torn     int
	Size     int64 // bytes
	// Gaps are those within the term, without those in which the camera sent nothing; Missing is how
	// long they are together, and Silent how long the camera sent nothing.
	Gaps            int
	Missing, Silent time.Duration
	// Dropped access units, and the bytes that waited at most.
	Dropped uint64
	Peak    int
	// Forecast is for how long the disk lasts at the rate of late, what is on it included; 0: nobody
	// knows yet.
	Forecast time.Duration
}

// Status of all cameras that are sealed, in order, and after them of those of which there is footage
// only: their Days are 0.
func (r *Room) Status() []Status {
	var all []Status
	now := time.Now()
	settings := r.Settings()
	r.mu.RLock()
	others := r.others
	r.mu.RUnlock()
	for _, id := range slices.Sorted(maps.Keys(settings)) {
		s := Status{Camera: id, Setting: settings[id]}
		if c := r.of(id); c != nil {
			c.mu.Lock()
			s.State, s.Dropped, s.Peak = c.state, c.dropped, c.peak
			c.mu.Unlock()
		}
		s.sum(now)
		all = append(all, s)
	}
	for _, id := range slices.Sorted(maps.Keys(others)) {
		if _, set := settings[id]; set {
			continue
		}
		s := Status{Camera: id, State: State{blocks: others[id]}}
		s.sum(now)
		all = append(all, s)
	}
	r.forecast(all)
	return all
}

// Keeps reports whether a camera's originals are kept now.
func (r *Room) Keeps(id media.CameraID) bool {
	c := r.of(id)
	if c == nil {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state.Fault == "" && c.state.Sealing
}

// sum adds the blocks up.
func (s *Status) sum(now time.Time) {
	if s.Sealing {
		s.From, s.To = s.begun, now.UTC()
	}
	since := now.AddDate(0, 0, -s.Days)
	for i, b := range s.blocks {
		if i == 0 {
			s.From = b.Begin
		}
		if !s.Sealing {
			s.To = b.End
		}
		s.Last, s.Sum = b.Last, b.Sum
		s.Segments += b.Last - b.First + 1
		s.Torn += b.Torn
		s.Size += b.Size
		for _, g := range b.Gaps {
			s.gap(g, since)
		}
	}
}

func (s *Status) gap(g gap, since time.Time) {
	d := g.Until.Sub(g.Since)
	switch {
	case g.Until.Before(since) || d <= 0:
	case g.Reason == sealed.EndCamera:
		s.Silent += d
	default:
		s.Gaps++
		s.Missing += d
	}
}

// rateOver is the newest stretch of footage that tells how much comes a day.
const rateOver = 3 * 24 * time.Hour

// perDay is how many bytes a camera has of a day.
func (s *Status) perDay() float64 {
	var size int64
	var recorded time.Duration
	for i := len(s.blocks) - 1; i >= 0 && recorded < rateOver; i-- {
		size += s.blocks[i].Size
		recorded += s.blocks[i].Recorded
	}
	if recorded < time.Minute {
		return 0
	}
	return float64(size) / recorded.Hours() * 24
}

// forecast says for how long the disk lasts with all cameras on it.
func (r *Room) forecast(all []Status) {
	var used int64
	var rate float64
	for i := range all {
		used += all[i].Size
		rate += all[i].perDay()
	}
	room := r.space(used)
	if rate <= 0 || room <= 0 {
		return
	}
	lasts := time.Duration(float64(room) / rate * float64(24*time.Hour))
	for i := range all {
		all[i].Forecast = lasts
	}
}

// space is how many bytes sealed footage may have in all, with what it has.
func (r *Room) space(used int64) int64 {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(r.Folder, &fs); err != nil {
		return 0
	}
	room := used + int64(fs.Bavail)*fs.Bsize
	if r.Quota > 0 {
		room = min(room, r.Quota)
	}
	return room
}
