// Package pipeline is the worker's loop: decode, detect and track faces, hold each frame
// back for the look-ahead, decide, mask, encode. It composes the packages that do each.
//
// In: access units and settings of one camera. Out: one result for each access unit, and
// messages beside them. A Pipeline belongs to the goroutine that calls it; Serve is that
// goroutine, between one that reads the pipe and one that writes it. No frame leaves before
// a detection pass at it or after it, and none whose masking failed.
package pipeline

import (
	"fmt"
	"time"

	"github.com/bauta-gateway/bauta/anonymize"
	"github.com/bauta-gateway/bauta/anonymize/accelerate"
	"github.com/bauta-gateway/bauta/anonymize/decision"
	"github.com/bauta-gateway/bauta/anonymize/detect"
	"github.com/bauta-gateway/bauta/anonymize/load"
	"github.com/bauta-gateway/bauta/anonymize/output"
	"github.com/bauta-gateway/bauta/anonymize/tracker"
	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/hardware/av"
	"github.com/bauta-gateway/bauta/hardware/jpegscan"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// MaxLookAhead bounds Settings.LookAhead.
const MaxLookAhead = time.Second

// Config is what a pipeline is made of.
type Config struct {
	Codec    media.Codec
	Live     bool
	Settings wire.Settings
	// Shape is what is known of how the frames are shown before any is decoded.
	Shape wire.Shape
	// Recorded is when a file's PTS 0 was recorded; zero means the clock on the wall.
	Recorded time.Time
	// Finder finds faces; the pipeline closes it.
	Finder detect.Finder
	// Accelerator to use; the pipeline closes it. nil: software.
	Accelerator *accelerate.Accelerator
}

// Emit takes one result; an error ends the pipeline.
type Emit func(wire.Result) error

// Pipeline turns access units into results: one for each, in the order in
// which frames are shown.
type Pipeline struct {
	cfg   Config
	style anonymize.Style
	decoding
	waiting  []*pendingFrame // decoded, oldest first
	rate     load.FrameRate
	levels   load.Levels
	tracker  *tracker.Tracker
	planner  *decision.Planner
	cover    cover
	size     sizing
	sub      sub
	out      *output.Encoder
	messages []Message
	snapshot func(jpeg []byte) // wanted; nil: not
}

// decoding is the decoder and what is known of its stream.
type decoding struct {
	dec      *av.Decoder
	pending  map[int64]*pendingFrame // given to the decoder, no frame yet, by tag
	next     int                     // number of the next frame
	lag      lag
	sent     media.Orientation // what the stream says of its frames
	oriented bool              // the stream says how its frames are shown, be it upright
	jpeg     jpegscan.Checker
}

// pendingFrame is one access unit on its way through.
type pendingFrame struct {
	n           int // frame number, from decoding on
	unit        wire.Unit
	arrived     time.Time
	frame       *av.Frame
	orientation media.Orientation // by what the stream says
	fresh       bool
	work        time.Duration
	blur        bool // decoded while the degradation level was to blur the whole frame
}

// New opens a pipeline.
func New(cfg Config) (*Pipeline, error) {
	style, err := check(&cfg.Settings)
	if err != nil {
		return nil, err
	}
	p := &Pipeline{cfg: cfg, style: style, levels: load.NewLevels(), cover: newCover(cfg.Live)}
	p.pending, p.lag = map[int64]*pendingFrame{}, newLag()
	if err := p.open(); err != nil {
		return nil, err
	}
	p.out = output.NewEncoder(cfg.Settings, cfg.Accelerator)
	p.levels.Floor = cfg.Settings.Floor
	p.planner = decision.New(func(d wire.Decision) { p.report(wire.KindDecision, d) })
	p.rules(cfg.Settings)
	return p, nil
}

// open opens the decoder.
func (p *Pipeline) open() error {
	delay := 0
	if !p.cfg.Live {
		delay = 4 // a file's B-frames must come out in order from the very first
	}
	dec, err := p.cfg.Accelerator.OpenDecoder(p.cfg.Codec, max(1, p.cfg.Settings.Threads), delay)
	if err != nil {
		return fmt.Errorf("codec %v: %w", p.cfg.Codec, err)
	}
	p.dec = dec
	return nil
}

func check(s *wire.Settings) (anonymize.Style, error) {
	if s.LookAhead < 0 || s.LookAhead > MaxLookAhead {
		return 0, fmt.Errorf("look-ahead %v is outside 0 to %v", s.LookAhead, MaxLookAhead)
	}
	if s.RateCap < 0 || s.RateCap > 100 {
		return 0, fmt.Errorf("rate cap %v is outside 0 to 100", s.RateCap)
	}
	if s.Floor > media.BlurFrame {
		return 0, fmt.Errorf("there is no degradation level %d: use 0 to %d", s.Floor, media.BlurFrame)
	}
	if !s.Size.Known() {
		return 0, fmt.Errorf("there is no output size %q: use auto, full, half or one such as 3840x2160", s.Size)
	}
	if s.Sub.FPS < 0 || s.Sub.FPS > media.MaxSubFPS || !s.Sub.Size.Known() {
		return 0, fmt.Errorf("there is no sub-stream of size %q at %d frames a second: use auto, half or quarter and at most %d", s.Sub.Size, s.Sub.FPS, media.MaxSubFPS)
	}
	if s.Mounting != "" && !s.Mounting.Known() {
		return 0, fmt.Errorf("there is no mounting %q: use one of %v", s.Mounting, media.Mountings)
	}
	return anonymize.ParseStyle(s.Mask)
}

// Apply changes the settings from the next frame on.
func (p *Pipeline) Apply(s wire.Settings) error {
	style, err := check(&s)
	if err != nil {
		return err
	}
	if s.Sub != p.cfg.Settings.Sub || s.RateCap != p.cfg.Settings.RateCap {
		p.sub.Close()
	}
	p.cfg.Settings, p.style = s, style
	p.out.Apply(s)
	p.levels.Floor = s.Floor
	p.rules(s)
	return nil
}

// rules takes over zones and consents. They hold for the very next frame
// that leaves, for both are read then.
func (p *Pipeline) rules(s wire.Settings) {
	if err := p.planner.SetRules(s.Zones, s.Shows); err != nil {
		p.report(wire.KindNotice, wire.Notice{Level: "error", Text: err.Error()})
	}
}

// RequestKeyframe makes the next frame out a keyframe.
func (p *Pipeline) RequestKeyframe() { p.out.RequestKeyframe() }

// Close frees everything.
func (p *Pipeline) Close() {
	p.dec.Close()
	p.out.Close()
	p.size.Close()
	p.sub.Close()
	for _, e := range p.waiting {
		e.frame.Close()
	}
	p.waiting = nil
	p.cfg.Accelerator.Close()
	if p.cfg.Finder != nil {
		p.cfg.Finder.Close()
	}
}

func record(e *pendingFrame, code media.Code) wire.Result {
	r := media.Record{Seq: e.unit.Seq, PTS: e.unit.PTS, NTP: e.unit.NTP, Code: code, Fresh: e.fresh, Orientation: e.orientation, Held: time.Since(e.arrived), Work: e.work}
	if e.frame != nil {
		r.Width, r.Height = e.frame.Size()
	}
	return wire.Result{Record: r}
}
