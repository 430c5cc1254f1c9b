// Package accelerate leaves video coding to a chip's own unit, where the supervisor
// asks for one, and tries whether that works.
//
// In: the access units and frames of one camera, and the device named in Hello. Out:
// decoders and encoders, on the unit or in software, and the figures of a trial. It has
// no goroutine: the pipeline's owns it. It never opens a device after the lock-down, and
// never falls back to software by itself: it fails by wire.FailAccelerator, and the
// supervisor starts another worker.
package accelerate

import (
	"errors"
	"fmt"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/hardware/av"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Accelerator is what a worker leaves to a chip's own unit. A nil one is
// software, which knows nothing of all this.
type Accelerator struct {
	av             *av.Accelerator
	decode, encode bool
	// blind counts access units since the last frame, from a keyframe on.
	blind int
	begun bool
}

// MaxHeld is how many access units a decoder may hold; H.264 and H.265 allow 16 frames
// for reordering.
const MaxHeld = 18

// CRF is the quality of what is encoded, on x264's scale.
const CRF = 23

// maxBlind is after how many access units without a frame an accelerator has
// failed: twice what a decoder may hold back.
const maxBlind = 2 * MaxHeld

var avCodecs = map[media.Codec]av.Codec{media.H264: av.H264, media.H265: av.H265, media.MJPEG: av.MJPEG}

// Open opens what the supervisor asks for and brings a few frames
// through, so that drivers have loaded and opened all that they need
// before the lock-down.
func Open(use wire.Use, codec media.Codec) (*Accelerator, error) {
	if use.Accelerator == "" {
		return nil, nil
	}
	device := ""
	if len(use.Devices) > 0 {
		device = use.Devices[0]
	}
	unit, err := av.OpenAccelerator(use.Accelerator, device)
	if err != nil {
		return nil, wire.Failure{Code: wire.FailAccelerator, Err: err}
	}
	a := &Accelerator{av: unit, decode: use.Decode && unit.Decodes(avCodecs[codec]), encode: use.Encode && unit.Encodes()}
	if err := a.warm(); err != nil {
		a.Close()
		return nil, wire.Failure{Code: wire.FailAccelerator, Err: fmt.Errorf("accelerator %s: %w", use.Accelerator, err)}
	}
	return a, nil
}

// Close frees the unit, if there is one.
func (a *Accelerator) Close() {
	if a != nil {
		a.av.Close()
	}
}

// Decodes and Encodes report what the unit does here; the rest is done in software.
func (a *Accelerator) Decodes() bool { return a != nil && a.decode }
func (a *Accelerator) Encodes() bool { return a != nil && a.encode }

// OpenDecoder opens the camera's. delay is as for av.NewDecoder.
func (a *Accelerator) OpenDecoder(codec media.Codec, threads, delay int) (*av.Decoder, error) {
	if !a.Decodes() {
		return av.NewDecoder(avCodecs[codec], threads, delay)
	}
	d, err := a.av.NewDecoder(avCodecs[codec])
	return d, a.Failed(err)
}

// OpenEncoder opens one for frames like the first.
func (a *Accelerator) OpenEncoder(first *av.Frame, cfg av.EncoderConfig) (*av.Encoder, error) {
	if !a.Encodes() {
		return av.NewEncoder(first, cfg)
	}
	return a.av.NewEncoder(first, cfg)
}

// Names are what Ready says of decoder and encoder.
func (a *Accelerator) Names() (decoder, encoder string) {
	decoder, encoder = wire.Software, wire.Software
	if a.Decodes() {
		decoder = a.av.Name()
	}
	if a.Encodes() {
		encoder = a.av.Name()
	}
	return decoder, encoder
}

// Failed makes the worker give up for a reason that names the accelerator: the
// supervisor goes on in software.
func (a *Accelerator) Failed(err error) error {
	if err == nil {
		return nil
	}
	return wire.Failure{Code: wire.FailAccelerator, Err: fmt.Errorf("accelerator %s: %w", a.av.Name(), err)}
}

var errBlind = errors.New("it gives no pictures")

// Fed notes an access unit that the decoder was given, FrameDecoded a frame of it. A
// damaged stream looks the same as a broken unit: software then shows which it was.
func (a *Accelerator) Fed(u wire.Unit) error {
	if !a.Decodes() {
		return nil
	}
	if a.begun = a.begun || u.Keyframe; a.begun {
		a.blind++
	}
	if a.blind > maxBlind {
		return a.Failed(errBlind)
	}
	return nil
}

// FrameDecoded notes that a frame came.
func (a *Accelerator) FrameDecoded() {
	if a != nil {
		a.blind = 0
	}
}
