package camera

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/rtsp"
	"github.com/bauta-gateway/bauta/gateway/worker"
	"github.com/bauta-gateway/bauta/hardware/media"
)

const (
	// ProbeTimeout bounds the test of a camera. It is well within the client's patience.
	ProbeTimeout = 30 * time.Second
	// trialTimeout bounds the part of it in which a worker masks what came.
	trialTimeout = 12 * time.Second
	// trialDoubt is how long a refusal has to stand that may be of one frame alone.
	trialDoubt = 3 * time.Second
	// usualFrame is the time between two frames of a camera that sent only one.
	usualFrame = 40 * time.Millisecond

	reasonTooLarge rtsp.Reason = "unsupported_size"
)

// Test tries a camera that need not be known. Of a host alone the streams are looked for first.
func (cs *Set) Test(ctx context.Context, n api.NewCamera) (api.ProbeResult, error) {
	if n.Place.Prohibited() {
		return api.ProbeResult{}, cs.refusePlace(media.CameraID(n.ID), n.Place)
	}
	address, streams, err := cs.locate(ctx, n.URL, sourceOf(n))
	if err != nil {
		return api.ProbeResult{}, err
	}
	n.URL = address
	rec, err := recordOf(n, cs.Has)
	if err != nil {
		return api.ProbeResult{}, err
	}
	rec.SeenSecure = cs.sawSecure(rec.URL)
	return found(address, streams)(cs.try(ctx, tried{}, sourceConfig(rec), cs.trialSettings(rec)))
}

// trialSettings are what a camera is masked with that does not run.
func (cs *Set) trialSettings(rec store.Camera) wire.Settings {
	s := cs.settingsOf(rec)
	s.Zones, s.Mounting = covered(nil, rec.Cover), cmp.Or(rec.Mounting, media.MountingAuto)
	return s
}

// tried is which camera a test is of.
type tried struct {
	// running is read as it is tried; nil: it is not. ours: it is one of those that count.
	running *camera
	ours    bool
}

// TestStored tries a known camera with its own login, on a connection beside
// the running one.
func (cs *Set) TestStored(ctx context.Context, id media.CameraID) (api.ProbeResult, error) {
	c := cs.camera(id)
	if c == nil {
		return api.ProbeResult{}, api.Refuse(api.CodeNotFound, text.CameraNotFound, id)
	}
	if c.isForbidden() {
		return api.ProbeResult{}, refuseBlocked(id)
	}
	c.mu.Lock()
	settings := c.applied
	c.mu.Unlock()
	settings.Shows = nil // nobody sees what it makes
	return cs.try(ctx, tried{c, true}, c.sourceNow(), settings)
}

// try reads a camera once and has a worker mask what came.
func (cs *Set) try(ctx context.Context, of tried, cfg rtsp.SourceConfig, s wire.Settings) (api.ProbeResult, error) {
	ctx, cancel := context.WithTimeout(ctx, ProbeTimeout)
	defer cancel()
	r, err := rtsp.Probe(ctx, cfg)
	if err != nil {
		return api.ProbeResult{}, cs.probeError(cfg.ID, err)
	}
	if of.running != nil {
		cs.learn(of.running, r.Learned)
	}
	if tooLarge(r.Width, r.Height) {
		return api.ProbeResult{}, refuseSize(r.Width, r.Height)
	}
	out := api.ProbeResult{
		Codec: r.Codec.String(), Width: r.Width, Height: r.Height, FPS: r.FPS,
		Transport: r.Transport, Dropped: r.Dropped, Fingerprint: r.Learned.Fingerprint,
	}
	v, err := cs.verdict(ctx, of, r, s)
	if err != nil {
		return api.ProbeResult{}, err
	}
	out.MaskedWidth, out.MaskedHeight = v.width, v.height
	return out, cs.refused(cfg.ID, v, r)
}

// verdict has a worker of its own mask what came. Where there is room for no more workers,
// it is that of the running one, which is given the same; a camera that is to be changed has
// one all the same, for its own has nothing to do then.
func (cs *Set) verdict(ctx context.Context, of tried, r rtsp.ProbeResult, s wire.Settings) (verdict, error) {
	select {
	case cs.trying <- struct{}{}:
		defer func() { <-cs.trying }()
	case <-ctx.Done():
		return verdict{}, api.Refuse(api.CodeBusy, text.TestBusy)
	}
	switch full := cs.Count() >= cs.cfg.Limit; {
	case full && of.running != nil:
		return of.running.verdictNow(), nil
	case full && !of.ours:
		return verdict{}, api.Refuse(api.CodeInvalid, text.CameraLimit, cs.cfg.Limit)
	}
	hello := cs.cfg.Program.Hello(s)
	hello.Camera, hello.Codec, hello.Live, hello.Use = "trial", r.Codec, true, cs.cfg.Use
	return newTrial(worker.Config{Bin: cs.cfg.Program.Path, Hello: hello, Log: cs.cfg.Log}).run(ctx, r.Units), nil
}

// probeError tells people why a camera could not be read; what the system and the camera
// themselves said is for the log.
func (cs *Set) probeError(id media.CameraID, err error) error {
	e := &rtsp.Error{Reason: rtsp.ReasonTimeout}
	errors.As(err, &e)
	cs.cfg.Log.Info("camera tried in vain", "camera", string(id), "reason", string(e.Reason), "error", err)
	return &api.Error{Code: api.CodeProbe, Reason: string(e.Reason), Kind: e.Kind, Fact: e.Fact, Location: e.Location}
}

// tooLarge reports whether a size that is known is one that no worker takes.
func tooLarge(width, height int) bool {
	return width > 0 && height > 0 && !media.FrameFits(width, height)
}

func refuseSize(width, height int) error {
	return &api.Error{Code: api.CodeProbe, Reason: string(reasonTooLarge), Kind: "named", Fact: fmt.Sprintf("%dx%d", width, height)}
}

// verdict is what became of a camera's first access units in a worker.
type verdict struct {
	width, height int      // of the masked frame; 0: there was none
	reason        text.Key // why not
	detail        string
}

// refused is a verdict as an error; nil where a masked frame came.
func (cs *Set) refused(id media.CameraID, v verdict, r rtsp.ProbeResult) error {
	if v.width > 0 {
		return nil
	}
	code := reasonCode(v.reason)
	cs.cfg.Log.Info("camera tried in vain", "camera", string(id), "reason", code, "error", v.detail, "announced", fmt.Sprintf("%dx%d", r.Width, r.Height))
	return &api.Error{Code: api.CodeProbe, Reason: code}
}

// verdictNow is what the running worker makes of the camera.
func (c *camera) verdictNow() verdict {
	last := c.meter.newest()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.by.Phase == worker.Masking {
		return verdict{width: last.Width, height: last.Height}
	}
	return verdict{reason: c.by.Reason, detail: c.by.Detail}
}

// trial is a short-lived worker that is given the first access units of a camera again and
// again until it has masked one, or refused them. It is the worker's Output.
type trial struct {
	handle *worker.Handle
	done   chan verdict // takes the first one
	// Of the worker's goroutine until that has ended:
	doubt *time.Timer
	last  verdict // the newest fault
}

func newTrial(cfg worker.Config) *trial {
	cfg.Log = cfg.Log.With(slog.Bool("trial", true))
	t := &trial{done: make(chan verdict, 1), last: verdict{reason: text.SlateWorkerSlow}}
	t.handle = worker.New(cfg, t)
	return t
}

func (t *trial) run(ctx context.Context, units []media.Raw) verdict {
	ctx, cancel := context.WithTimeout(ctx, trialTimeout)
	defer cancel()
	var parts sync.WaitGroup
	parts.Go(func() { t.handle.Run(ctx) })
	parts.Go(func() { t.feed(ctx, units) })
	var v verdict
	decided := true
	select {
	case v = <-t.done:
		cancel()
	case <-ctx.Done():
		decided = false
	}
	parts.Wait()
	if t.doubt != nil {
		t.doubt.Stop()
	}
	if !decided {
		return t.last
	}
	return v
}

// feed sends the units at the camera's pace, from the first one again after the last one.
func (t *trial) feed(ctx context.Context, units []media.Raw) {
	if len(units) == 0 {
		return
	}
	begin, first := time.Now(), units[0].PTS
	round := length(units)
	for offset := media.Ticks90k(0); ; offset += round {
		for _, u := range units {
			due := begin.Add((u.PTS - first + offset).Duration())
			select {
			case <-time.After(time.Until(due)):
			case <-ctx.Done():
				return
			}
			u.PTS += offset
			t.handle.Feed(u)
		}
	}
}

// length is the time from the first unit to the one after the last.
func length(units []media.Raw) media.Ticks90k {
	low, high := units[0].PTS, units[0].PTS
	for _, u := range units {
		low, high = min(low, u.PTS), max(high, u.PTS)
	}
	step := media.TicksOf(usualFrame)
	if len(units) > 1 {
		step = max(step, (high-low)/media.Ticks90k(len(units)-1))
	}
	return high - low + step
}

// Clean is called by the worker's handle.
func (t *trial) Clean(u media.Clean) {
	if !u.Slate() {
		t.decide(verdict{width: u.Record().Width, height: u.Record().Height})
	}
}

// Sub is called by the worker's handle.
func (t *trial) Sub(media.Clean) {}

// State is called by the worker's handle.
func (t *trial) State(s worker.State) {
	if s.Phase == worker.Stopped || s.Phase == worker.Masking {
		return
	}
	v := verdict{reason: s.Reason, detail: s.Detail}
	switch s.Reason {
	case text.SlateUnsupportedSize, text.SlateDisagreeing, text.SlateUnknownCodec, text.SlateWorkerMissing, text.SlateModelDamaged, text.SlateLockdown:
		t.decide(v)
	case text.SlateUndecodable:
		if t.doubt == nil {
			t.doubt = time.AfterFunc(trialDoubt, func() { t.decide(v) })
		}
	case text.SlateStarting, text.SlateWaiting, text.SlateSilent:
		return // no fault yet
	}
	t.last = v
}

// Decision is called by the worker's handle.
func (t *trial) Decision(wire.Decision) {}

func (t *trial) decide(v verdict) {
	select {
	case t.done <- v:
	default: // it is decided
	}
}
