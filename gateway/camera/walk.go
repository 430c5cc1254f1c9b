package camera

import (
	"context"
	"strconv"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// How long a walk test takes, in seconds.
const (
	defaultWalk = 60
	longestWalk = 600
	// maxAppearances bounds what a test keeps; more are counted in the last one.
	maxAppearances = 500
)

// walk is a camera's running or last test. It takes what the worker said of each
// frame as it leaves.
type walk struct {
	mu             sync.Mutex
	started, until time.Time
	frames         int
	all            []api.Appearance
	open           []int // of all, the oldest first
}

func (w *walk) start(now time.Time, long time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.started, w.until, w.frames, w.all, w.open = now, now.Add(long), 0, nil, nil
}

// clean takes a frame that is delivered now.
func (w *walk) clean(u media.Clean, now time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if u.Slate() || !now.Before(w.until) {
		return
	}
	w.take(u.Record(), now)
}

func (w *walk) take(r media.Record, now time.Time) {
	w.frames++
	for len(w.open) > r.Faces {
		w.all[w.open[0]].To = now
		w.open = w.open[1:]
	}
	for len(w.open) < r.Faces && len(w.all) < maxAppearances {
		w.open = append(w.open, len(w.all))
		w.all = append(w.all, api.Appearance{From: now, Masked: true})
	}
	masked := r.Shown == 0 && r.Masked == r.Faces
	for _, i := range w.open {
		w.all[i].To = now
		w.all[i].Pictures++
		w.all[i].Masked = w.all[i].Masked && masked
	}
}

func (w *walk) read(now time.Time) api.WalkTest {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := api.WalkTest{Running: now.Before(w.until), Started: w.started, Until: w.until, Pictures: w.frames, AllMasked: len(w.all) > 0}
	out.Appearances = append([]api.Appearance{}, w.all...)
	for _, a := range out.Appearances {
		out.AllMasked = out.AllMasked && a.Masked
	}
	return out
}

// WalkTest is what a camera's last test saw so far.
func (cs *Set) WalkTest(id media.CameraID) (api.WalkTest, error) {
	c := cs.camera(id)
	if c == nil {
		return api.WalkTest{}, api.Refuse(api.CodeNotFound, text.CameraNotFound, id)
	}
	return c.walk.read(time.Now()), nil
}

// StartWalkTest begins a test of some seconds, 0 meaning 60.
func (cs *Set) StartWalkTest(ctx context.Context, id media.CameraID, seconds int) (api.WalkTest, error) {
	if seconds == 0 {
		seconds = defaultWalk
	}
	if seconds < 1 || seconds > longestWalk {
		return api.WalkTest{}, api.Refuse(api.CodeInvalid, text.ConfigRange, "seconds", strconv.Itoa(seconds), "1", strconv.Itoa(longestWalk), "60")
	}
	c := cs.camera(id)
	if c == nil {
		return api.WalkTest{}, api.Refuse(api.CodeNotFound, text.CameraNotFound, id)
	}
	c.walk.start(time.Now(), time.Duration(seconds)*time.Second)
	return c.walk.read(time.Now()), cs.cfg.Audit.Did(ctx, audit.WalkTestStarted, audit.Camera(id), "", nil)
}
