// Package worker is the supervisor's handle on a worker process: the child
// that decodes a camera's access units, masks faces and encodes what viewers
// get. It starts the child, feeds it, restarts it when it ends, hangs or
// breaks the protocol, and shows viewers a slate whenever there is no masked
// frame in time.
//
// In: a camera's or a file's access units and what to do with them. Out: vouched frames,
// states, decisions, snapshots. One goroutine owns a camera (Run). It alone calls the
// Output, decides between frame and slate, and starts and stops children. Beside it work
// the goroutines of the child (see child) and the camera's, which only ever touches the
// queue.
//
// It keeps promise 1: a frame must never go out without the child's result for an access
// unit that this very child was sent and had not answered before. It is the only package
// that makes a media.Clean. It must never decode a frame itself, hand the child a secret,
// or keep access units anywhere but in memory.
package worker

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/backoff"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Config describes one camera's worker.
type Config struct {
	// Bin is the path of the worker program.
	Bin string
	// Hello is what the child is sent first. Its Codec may be unknown: the
	// child then starts with the first access unit; it is replaced whenever
	// the camera sends another one. Its Settings are those of SetSettings.
	Hello wire.Hello
	// CameraName stands on the slate; the camera's id where it is empty.
	CameraName string
	// Width and Height are the slate's size in pixels until the first frame has the
	// stream's; 0 means unknown.
	Width, Height int
	// Log takes what the child says too. It must not be nil.
	Log *slog.Logger
}

// Output takes what leaves. Its methods are called from one goroutine, the one
// of Run, and must return quickly.
type Output interface {
	// Clean is called for each frame and slate; PTS grows strictly.
	Clean(media.Clean)
	// Sub is called for each frame of the sub-stream, after Clean for the same one, and for each
	// slate.
	Sub(media.Clean)
	// State is called when the state changes.
	State(State)
	// Decision is called when a face began or ceased to be shown, or why a
	// badge near it does not show it. Many in a row are left out.
	Decision(wire.Decision)
}

// Phase is what a handle is doing.
type Phase string

// The phases.
const (
	// Starting: the first child is not ready yet; viewers see the slate.
	Starting Phase = "starting"
	// Masking: viewers see masked frames.
	Masking Phase = "masking"
	// OnSlate: viewers see the slate for the state's Reason.
	OnSlate Phase = "slate"
	// Stopped: Run is over.
	Stopped Phase = "stopped"
)

// State is how a handle is.
type State struct {
	Phase Phase
	// Reason is the catalogue's key for why viewers see the slate; empty
	// while Masking.
	Reason text.Key
	// Detail says in English what went wrong with the last child, for logs and
	// `bauta doctor`; empty when nothing did since the last frame.
	Detail string
	// Since is when Phase or Reason changed.
	Since time.Time
	// Restarts counts the children after the first one.
	Restarts int
	// Looping: children keep ending soon after their start.
	Looping bool
	// PID is the child's process id; 0 without a child.
	PID int
	// Ready is what the newest child reported; zero before the first one.
	Ready wire.Ready
	// AcceleratorProblem says in English why software works in place of the
	// accelerator that Config asks for; empty where it does not.
	AcceleratorProblem string
}

// Stats counts since New. Counters only grow.
type Stats struct {
	// Fed counts access units and their bytes from the camera; Dropped are
	// those that a child did not get for want of room or of a keyframe, or
	// because it or the connection ended first.
	Fed, FedBytes, Dropped uint64
	// Queued units wait for the child, InFlight are waiting for its result.
	Queued, InFlight int
	// Results counts the child's results by their code.
	Results map[media.Code]uint64
	// Frames and Slates went out, with so many bytes.
	Frames, Slates, OutBytes uint64
	// Late counts the times that the slate took over because no frame came
	// in time, Hangs and Violations the children killed for being silent and
	// for breaking the protocol, Restarts the children after the first one.
	Late, Hangs, Violations, Restarts uint64
	// Latency is the smoothed time from an access unit's arrival to its
	// frame's leaving.
	Latency time.Duration
}

// timing holds all limits in time, so that tests need not wait for the real ones.
type timing struct {
	tick      time.Duration // how often limits are checked
	handshake time.Duration // from start to Ready
	slack     time.Duration // beyond the look-ahead, for decoding and encoding
	silence   time.Duration // without a frame, then the slate comes
	hang      time.Duration // without any result, then the child is killed
	pause     time.Duration // without an access unit, then no frame is due
	camera    time.Duration // without an access unit, then the slate says so
	fresh     time.Duration // beyond the look-ahead: older frames do not end a slate
	stale     time.Duration // beyond the look-ahead: older ones bring the slate
	ask       time.Duration // before a keyframe is asked for again
	healthy   time.Duration // after which a death counts as the first one
	restart   restartTiming
	unit      backoff.Bounds // before an accelerator is tried again
}

var defaultTiming = timing{
	tick:      40 * time.Millisecond,
	handshake: 10 * time.Second,
	slack:     500 * time.Millisecond,
	silence:   700 * time.Millisecond,
	hang:      5 * time.Second,
	pause:     time.Second,
	camera:    5 * time.Second,
	fresh:     time.Second,
	stale:     2 * time.Second,
	ask:       500 * time.Millisecond,
	healthy:   30 * time.Second,
	restart:   restartTiming{first: 50 * time.Millisecond, working: 800 * time.Millisecond, longest: 10 * time.Second},
	unit:      backoff.Bounds{First: time.Minute, Longest: 24 * time.Hour, Factor: 4},
}

// Handle is one camera's worker. Make it with New; it does nothing before Run.
type Handle struct {
	cfg   Config
	out   Output
	time  timing
	queue *queue
	nudge chan struct{} // for the owner: check at once
	ping  chan struct{} // the owner takes what comes

	mu        sync.Mutex // guards what follows
	name      string     // on the slate
	settings  wire.Settings
	want      keyframes // that viewers wait for
	stats     Stats
	snapshots []chan []byte // who wait for one
}

// New makes a handle; Run starts it.
func New(cfg Config, out Output) *Handle {
	if cfg.CameraName == "" {
		cfg.CameraName = string(cfg.Hello.Camera)
	}
	cfg.Log = cfg.Log.With("camera", string(cfg.Hello.Camera))
	h := &Handle{cfg: cfg, out: out, time: defaultTiming, queue: newQueue(time.Now()), nudge: make(chan struct{}, 1), ping: make(chan struct{})}
	h.settings = cfg.Hello.Settings
	h.Rename(cfg.CameraName)
	h.queue.codec = cfg.Hello.Codec
	return h
}

// Rename says what the camera is called on the slates from now on.
func (h *Handle) Rename(name string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.name = name
}

func (h *Handle) called() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.name
}

// Run shows the slate, starts the child and keeps the stream going until ctx
// ends. It returns when the child is reaped and all goroutines are through,
// about two seconds later at the worst. Call it once.
func (h *Handle) Run(ctx context.Context) {
	newOwner(h).run(ctx)
}

// Feed takes an access unit from the camera. It never waits: what finds no room
// is dropped up to the next keyframe and counted. The NAL units are the
// handle's from here on. Calls must not overlap.
func (h *Handle) Feed(r media.Raw) {
	if h.queue.push(r, time.Now()) {
		h.wakeOwner()
	}
}

// SourceDown says that the camera's connection is gone: viewers see the slate
// until a frame of a later access unit is masked. The reason is a code that
// text.SlateReason knows.
func (h *Handle) SourceDown(reason string) {
	h.queue.sourceDown(text.SlateReason(reason))
	h.wakeOwner()
}

// RequestKeyframe asks that the next frame be one that a viewer can begin
// with, be it masked or the slate.
func (h *Handle) RequestKeyframe() { h.request(keyframes{main: true}) }

// RequestSubKeyframe is RequestKeyframe for the sub-stream, where Settings.Sub has one made.
func (h *Handle) RequestSubKeyframe() { h.request(keyframes{sub: true}) }

func (h *Handle) request(k keyframes) {
	h.mu.Lock()
	h.want = h.want.and(k)
	h.mu.Unlock()
	h.wakeOwner()
}

// Answers reports whether the goroutine of Run does its work, within ctx's time.
// Call it while Run runs.
func (h *Handle) Answers(ctx context.Context) bool {
	select {
	case h.ping <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

// SetSettings changes the settings of this child and all later ones.
func (h *Handle) SetSettings(s wire.Settings) {
	h.mu.Lock()
	h.settings = s
	h.mu.Unlock()
	h.queue.set(s)
}

// Stats returns the counters; it may be called at any time.
func (h *Handle) Stats() Stats {
	h.mu.Lock()
	s := h.stats
	s.Results = make(map[media.Code]uint64, len(h.stats.Results))
	for code, n := range h.stats.Results {
		s.Results[code] = n
	}
	h.mu.Unlock()
	h.queue.count(&s)
	return s
}

// currentHello is the greeting for a child that starts now.
func (h *Handle) currentHello(codec media.Codec) wire.Hello {
	h.mu.Lock()
	defer h.mu.Unlock()
	hello := h.cfg.Hello
	hello.Codec, hello.Settings, hello.Live = codec, h.settings, true
	return hello
}

func (h *Handle) lookAhead() time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.settings.LookAhead
}

// takeWanted is which keyframes are wanted since the last call.
func (h *Handle) takeWanted() (k keyframes) {
	h.mu.Lock()
	defer h.mu.Unlock()
	k, h.want = h.want, k
	return k
}

func (h *Handle) wakeOwner() {
	select {
	case h.nudge <- struct{}{}:
	default:
	}
}
