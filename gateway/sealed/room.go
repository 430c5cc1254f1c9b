// Package sealed keeps the original footage of cameras where the law wants it kept, encrypted
// to keys that this box does not have.
//
// In: access units straight from the sources, public keys, and which cameras. Out: segments on
// a disk, deleted when they are past their term and never before; how each camera stands; the
// heads of the chains for the audit log. Each camera has an owner goroutine, and a process of its
// own for each segment; Close waits for them. Nothing here waits for the disk on the way of a
// frame, has a private key, decodes a frame, or takes sound.
package sealed

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"strings"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/sealed/process"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Config is what the room works with.
type Config struct {
	// Folder is where segments lie, as an absolute path.
	Folder string
	// Quota bounds all segments together, in bytes; 0 leaves it to the disk.
	Quota int64
	Store *store.Store
	Audit *audit.Log
	Log   *slog.Logger
	// Has reports whether there is a camera, Prohibited whether it is in a place where none may be.
	Has, Prohibited func(media.CameraID) bool
	// Program is the sealing process; nil means this program again.
	Program []string
	// Length of segments and Sweep, the time between looks for what is past its term; 0 means a
	// minute, and ten.
	Length, Sweep time.Duration
	// Spare stays free on the disk, in bytes, for the gateway's own store may be on it; 0 means 512 MiB.
	Spare int64
	// Queue bounds what waits to be sealed of a camera, in bytes; 0 means half a minute of 4 Mbit/s.
	Queue int
}

// Setting says how long a camera's originals are kept, and why.
type Setting struct {
	Days int `json:"days"`
	// Why is for sites that the law does not oblige.
	Why string `json:"why,omitempty"`
}

// MinDays and MaxDays bound a Setting: Decree 799, Article 17, wants 30.
const (
	MinDays = 30
	MaxDays = 365
)

// Room owns the recorders of all cameras.
type Room struct {
	Config
	disk disk

	life   context.Context
	cancel context.CancelFunc
	owners sync.WaitGroup

	layers   sync.Once  // logs those around the sealing process
	changing sync.Mutex // one change of the settings at a time
	going    sync.Mutex // one deletion at a time
	mu       sync.RWMutex
	running  map[media.CameraID]*running
	settings map[media.CameraID]Setting
	others   map[media.CameraID][]block   // of cameras that are not sealed any more
	clock    map[media.CameraID]time.Time // when a block last went by the clock alone
}

type running struct {
	*recorder
	cancel context.CancelFunc
	done   chan struct{}
}

// camerasSetting is where the store keeps which cameras are sealed.
const camerasSetting = "sealed.cameras"

// Open reads the settings. Nothing is sealed until Start.
func Open(c Config) (*Room, error) {
	c.Length, c.Sweep = cmp.Or(c.Length, segmentLength), cmp.Or(c.Sweep, 10*time.Minute)
	c.Queue, c.Spare = cmp.Or(c.Queue, 16<<20), cmp.Or(c.Spare, 512<<20)
	if c.Program == nil {
		// By this name it is found after an update has put another program in its place too.
		c.Program = []string{"/proc/self/exe", process.Command}
	}
	r := &Room{
		Config: c, disk: disk{folder: c.Folder, store: c.Store},
		running: map[media.CameraID]*running{}, clock: map[media.CameraID]time.Time{},
	}
	r.life, r.cancel = context.WithCancel(context.Background())
	r.settings = map[media.CameraID]Setting{}
	return r, c.Store.LoadSetting(camerasSetting, &r.settings)
}

// Start seals the cameras whose settings say so.
func (r *Room) Start() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for id := range r.settings {
		r.start(id)
	}
	r.owners.Go(r.keep)
}

func (r *Room) start(id media.CameraID) {
	if r.running[id] != nil || r.life.Err() != nil {
		return
	}
	ctx, cancel := context.WithCancel(r.life)
	c := &running{&recorder{room: r, camera: id, log: r.Log.With("camera", string(id)), wake: make(chan struct{}, 1)}, cancel, make(chan struct{})}
	r.running[id] = c
	r.owners.Go(func() {
		defer close(c.done)
		c.run(ctx)
	})
}

// Close ends all segments and returns when their processes are reaped.
func (r *Room) Close() {
	r.cancel()
	r.owners.Wait()
}

// Feed takes an access unit of a camera; of one that is not sealed it takes nothing. It never waits.
func (r *Room) Feed(id media.CameraID, u media.Raw) {
	if c := r.of(id); c != nil {
		c.Feed(u)
	}
}

// Lost says that a camera sends nothing more for now.
func (r *Room) Lost(id media.CameraID) {
	if c := r.of(id); c != nil {
		c.Lost()
	}
}

func (r *Room) of(id media.CameraID) *running {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.running[id]
}

// Set has a camera sealed from now on, or changes how long it is kept. Where the law does not oblige
// the site to keep originals, somebody has to say why.
func (r *Room) Set(ctx context.Context, id media.CameraID, s Setting) error {
	if err := r.may(id, s); err != nil {
		return err
	}
	if _, err := r.given(); err != nil {
		return err
	}
	err := r.Audit.Did(ctx, audit.SealedSet, audit.Camera(id), fmt.Sprintf("days=%d", s.Days), nil)
	if was := r.Settings()[id]; err == nil && s.Days < was.Days {
		err = r.promised(id, was.Days)
	}
	if err != nil {
		return err
	}
	return r.change(func(all map[media.CameraID]Setting) { all[id] = s }, func() { r.start(id) })
}

// may says why a camera may not be sealed so.
func (r *Room) may(id media.CameraID, s Setting) error {
	site, err := r.Store.Site()
	site = site.WithClass()
	least := MinDays
	if site.Answers[policy.AskKeyTarget].Says == policy.Yes {
		least = KeyTargetDays
	}
	switch {
	case err != nil:
		return err
	case !r.Has(id):
		return text.Fail(store.ErrNotFound, text.CameraNotFound, id)
	case r.Prohibited(id):
		return text.Fail(store.ErrInvalid, text.SealedProhibited, id)
	case s.Days < least || s.Days > MaxDays:
		return text.Fail(store.ErrInvalid, text.SealedDays, least, MaxDays)
	case site.Class != policy.Art7 && strings.TrimSpace(s.Why) == "":
		return text.Fail(store.ErrInvalid, text.SealedWhy)
	case len(s.Why) > maxWhy:
		return text.Fail(store.ErrInvalid, text.StoreFieldLong, text.SealedFieldWhy, maxWhy)
	}
	return nil
}

// maxWhy bounds the reason in bytes.
const maxWhy = 500

// Unset ends the sealing of a camera. What is sealed stays until it is past its term.
func (r *Room) Unset(ctx context.Context, id media.CameraID) error {
	was, set := r.Settings()[id]
	if !set {
		return nil
	}
	err := r.Audit.Did(ctx, audit.SealedUnset, audit.Camera(id), "", nil)
	if err == nil {
		err = r.promised(id, was.Days)
	}
	if err != nil {
		return err
	}
	var ended *running
	err = r.change(func(all map[media.CameraID]Setting) { delete(all, id) }, func() {
		ended = r.running[id]
		delete(r.running, id)
	})
	if ended != nil {
		ended.cancel()
		<-ended.done
	}
	return err
}

// Again returns what has a camera sealed again as it is now; nil where it is not.
func (r *Room) Again(id media.CameraID) func(context.Context) error {
	was, set := r.Settings()[id]
	if !set {
		return nil
	}
	return func(ctx context.Context) error { return r.Set(ctx, id, was) }
}

// change stores settings before they count.
func (r *Room) change(change func(map[media.CameraID]Setting), then func()) error {
	r.changing.Lock()
	defer r.changing.Unlock()
	r.mu.RLock()
	all := maps.Clone(r.settings)
	r.mu.RUnlock()
	change(all)
	if err := r.Store.KeepSetting(camerasSetting, all); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.settings = all
	then()
	return nil
}

// AcceptDisk takes the disk that is mounted now in place of the one that was. The chains go on there.
func (r *Room) AcceptDisk(ctx context.Context) error {
	for _, s := range r.Status() {
		to := upTo{s.Last, s.Sum}
		if s.Sealing {
			to = upTo{Sequence: s.Last + 1} // torn on the old disk, whose hash nobody knows
		}
		if err := r.goes(s.Camera, to); err != nil {
			return err
		}
	}
	if err := r.disk.accept(); err != nil {
		return err
	}
	r.mu.Lock()
	for _, c := range r.running {
		c.reread()
	}
	r.mu.Unlock()
	return r.Audit.Did(ctx, audit.SealedDisk, "disk", "id="+r.disk.id(), nil)
}

// Settings of all cameras that are sealed.
func (r *Room) Settings() map[media.CameraID]Setting {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return maps.Clone(r.settings)
}
