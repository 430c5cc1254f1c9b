// Package output encodes masked frames: within a multiple of the source's bitrate, with
// keyframes where viewers and players need them.
//
// In: masked frames, the sizes of the source's access units, the settings. Out: NAL units.
// It has no goroutine: the pipeline's owns it. It never drops a frame and never changes a
// pixel.
package output

import (
	"github.com/bauta-gateway/bauta/anonymize/accelerate"
	"github.com/bauta-gateway/bauta/anonymize/load"
	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/hardware/av"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Encoder is one camera's encoder and what steers it. Its times and sizes are the stream's
// own: it reads no clock.
type Encoder struct {
	settings wire.Settings
	// accelerator to encode with; nil: software.
	accelerator *accelerate.Accelerator
	enc         *av.Encoder
	keyNext     bool
	orientation media.Orientation // of the last keyframe
	started     bool
	lastKey     media.Ticks90k
	keyBytes    int // of the last keyframe
	last        media.Ticks90k
	budget      budget
	cap         int64
	buffer      int64 // bits, of the encoder
	adjusted    media.Ticks90k
}

// Frame is a masked frame to encode.
type Frame struct {
	Image       *av.Frame
	Seq         uint64
	PTS         media.Ticks90k
	Orientation media.Orientation
}

// NewEncoder makes an encoder by the settings' RateCap and Threads. a may be nil.
func NewEncoder(s wire.Settings, a *accelerate.Accelerator) *Encoder {
	return &Encoder{settings: s, accelerator: a, budget: newBudget()}
}

// Smaller makes an encoder, of software, for the same frames made smaller or fewer: share is
// the part of the bitrate that they may have. It knows of the source's bitrate what o does.
func (o *Encoder) Smaller(share float64) *Encoder {
	small := &Encoder{settings: o.settings, budget: o.budget.clone()}
	small.settings.RateCap *= share
	return small
}

// Apply changes the settings from the next frame on.
func (o *Encoder) Apply(s wire.Settings) { o.settings = s }

// RequestKeyframe makes the next frame a keyframe, or one soon after where many ask.
func (o *Encoder) RequestKeyframe() { o.keyNext = true }

// Close frees the encoder; the next Encode opens another one.
func (o *Encoder) Close() {
	if o.enc != nil {
		o.enc.Close()
		o.enc = nil
	}
}

// Count notes an access unit's size for the bitrate cap.
func (o *Encoder) Count(u wire.Unit) {
	o.budget.add(u, bytesOf(u.NALUs), o.settings.RateCap)
}

// Encode returns the frame's NAL units, and whether they are a keyframe. After an error it
// may be called again: another encoder is opened where it must be.
func (o *Encoder) Encode(f Frame, rate load.FrameRate) (nalus [][]byte, key bool, err error) {
	due := o.budget.take(f.Seq)
	wanted := o.keyframe(f, rate, due)
	if o.enc != nil && (!o.enc.Fits(f.Image) || wanted && (o.bufferTooSmall() || o.outgrown(f, rate))) {
		o.Close()
	}
	if o.enc == nil {
		if err := o.open(f, rate); err != nil {
			return nil, false, err
		}
	} else {
		o.adjust(f, rate)
	}
	nalus, key, err = o.enc.Encode(f.Image, int64(o.clock(f.PTS, rate)), wanted || !o.started)
	if err != nil {
		return nil, false, err
	}
	o.started = true
	o.account(f, due, bytesOf(nalus), key)
	return nalus, key, nil
}

// account takes in what a frame was encoded to.
func (o *Encoder) account(f Frame, due arrival, size int, key bool) {
	o.budget.credit += float64(due.bytes)*o.settings.RateCap - float64(size)
	switch {
	case key:
		o.orientation = f.Orientation
		o.lastKey, o.keyNext, o.keyBytes = f.PTS, false, size
		o.shrinkBuffer()
	case o.buffer < o.cap:
		o.bound(o.cap)
	}
}

func bytesOf(nalus [][]byte) (n int) {
	for _, u := range nalus {
		n += len(u)
	}
	return n
}

// clock gives the encoder growing times even where the camera's jump.
func (o *Encoder) clock(pts media.Ticks90k, rate load.FrameRate) media.Ticks90k {
	if d := pts - o.last; d <= 0 || d > 60*media.TicksPerSecond {
		pts = o.last + rate.Interval
	}
	o.last = pts
	return pts
}

func (o *Encoder) open(f Frame, rate load.FrameRate) (err error) {
	o.cap, o.adjusted = o.limit(f, rate), f.PTS
	o.buffer = max(o.cap, bufferFor(o.budget.modest(o.settings.RateCap)))
	fps := rate.FPS()
	o.enc, err = o.accelerator.OpenEncoder(f.Image, av.EncoderConfig{
		FPSNum: int(fps*1000 + 0.5), FPSDen: 1000, GOP: int(fps*keyframeLast/media.TicksPerSecond + 1), CRF: accelerate.CRF,
		RateCap: o.cap, RateBuffer: o.buffer, Threads: max(1, o.settings.Threads),
	})
	o.started = false
	return err
}

// shrinkBuffer takes back the room that the first keyframe had, or the frames
// after it would spend it: they have less to say. What is left in the encoder's
// buffer falls to what it can hold, and it is a second's again from the next frame on.
// An encoder that cannot be opened for each keyframe keeps its room for the next one.
func (o *Encoder) shrinkBuffer() {
	if o.buffer > o.cap && !o.accelerator.Encodes() {
		o.buffer = o.cap / 4
		o.enc.SetRateCap(o.cap, o.buffer)
	}
}
