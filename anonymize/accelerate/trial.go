package accelerate

import (
	"errors"
	"fmt"
	"image"
	"math"
	"syscall"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/hardware/av"
)

const (
	warmFrames  = 4
	trialFrames = 30
	trialBits   = 4_000_000 // a second, at 720p and 25 frames a second
)

var (
	warmSize  = image.Pt(320, 192)
	trialSize = image.Pt(1280, 720)
)

// warm brings a few frames through what will be used.
func (a *Accelerator) warm() error {
	clip, err := newTestClip(warmFrames, warmSize)
	if err != nil {
		return err
	}
	defer clip.close()
	units, _, err := clip.encode(av.NewEncoder)
	if err != nil {
		return err
	}
	if a.decode {
		d, err := a.av.NewDecoder(av.H264)
		if err == nil {
			_, err = clip.decode(units, d)
			d.Close()
		}
		if err != nil {
			return fmt.Errorf("decoding: %w", err)
		}
	}
	if a.encode {
		if _, _, err := clip.encode(a.av.NewEncoder); err != nil {
			return fmt.Errorf("encoding: %w", err)
		}
	}
	return nil
}

// Try compares the accelerator with software, both on the same frames. The
// decoder for H.264 was opened before the lock-down, as a camera's is.
func (a *Accelerator) Try(dec *av.Decoder) (*wire.Trial, error) {
	clip, err := newTestClip(trialFrames, trialSize)
	if err != nil {
		return nil, err
	}
	defer clip.close()
	units, encoding, err := clip.encode(av.NewEncoder)
	if err != nil {
		return nil, err
	}
	t := &wire.Trial{}
	if t.SoftwareDecode, err = clip.decodeInSoftware(units); err != nil {
		return nil, err
	}
	t.SoftwareEncode = encoding
	t.SoftwareEncode.PSNR = t.SoftwareDecode.PSNR
	t.Decode = part(a.Decodes(), func() (wire.TrialPart, error) { return clip.decode(units, dec) })
	t.Encode = part(a.Encodes(), func() (wire.TrialPart, error) { return clip.roundTrip(a.av.NewEncoder) })
	return t, nil
}

var errNoCodec = errors.New("this libavcodec has none for it")

func part(offered bool, try func() (wire.TrialPart, error)) wire.TrialPart {
	if !offered {
		return wire.TrialPart{Error: errNoCodec.Error()}
	}
	p, err := try()
	if err != nil {
		return wire.TrialPart{Error: err.Error()}
	}
	return p
}

// testClip is some made frames.
type testClip []*av.Frame

func newTestClip(n int, size image.Point) (f testClip, err error) {
	for i := range n {
		p, err := av.NewFrame(size.X, size.Y)
		if err != nil {
			f.close()
			return nil, err
		}
		f = append(f, p)
		drawMade(p.YCbCr(), i)
	}
	return f, nil
}

func (f testClip) close() {
	for _, p := range f {
		p.Close()
	}
}

// drawMade makes frame n: a slope that moves behind a square that does not, with a
// little grain, so that a frame out of order or a plane mixed up shows.
func drawMade(img *image.YCbCr, n int) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	grain := uint32(1)
	for y := range h {
		for x := range w {
			grain = grain*1664525 + 1013904223
			img.Y[y*img.YStride+x] = byte(32 + (x+y/2+8*n)%160 + int(grain>>30))
		}
	}
	for y := h / 3; y < h/2; y++ {
		for x := w / 3; x < w/2; x++ {
			img.Y[y*img.YStride+x] = 210
		}
	}
	for y := range (h + 1) / 2 {
		for x := range (w + 1) / 2 {
			img.Cb[y*img.CStride+x], img.Cr[y*img.CStride+x] = byte(64+x*128/w), byte(64+y*128/h)
		}
	}
}

// encode compresses the clip; each frame must come out at once.
func (f testClip) encode(open func(*av.Frame, av.EncoderConfig) (*av.Encoder, error)) (units [][][]byte, p wire.TrialPart, err error) {
	e, err := open(f[0], av.EncoderConfig{FPSNum: 25, FPSDen: 1, GOP: len(f), CRF: CRF, RateCap: trialBits, Threads: 1})
	if err != nil {
		return nil, p, err
	}
	defer e.Close()
	var watch stopwatch
	for i, frame := range f {
		err = watch.run(func() error {
			unit, _, err := e.Encode(frame, int64(i)*3600, i == 0)
			units = append(units, unit)
			return err
		})
		if err != nil {
			return nil, p, err
		}
	}
	return units, watch.part(len(f)), nil
}

func (f testClip) decodeInSoftware(units [][][]byte) (wire.TrialPart, error) {
	d, err := av.NewDecoder(av.H264, 1, 0)
	if err != nil {
		return wire.TrialPart{}, err
	}
	defer d.Close()
	return f.decode(units, d)
}

// decode gives the units to a new decoder, drains it and compares what comes
// with the clip.
func (f testClip) decode(units [][][]byte, d *av.Decoder) (p wire.TrialPart, err error) {
	var watch stopwatch
	worst, seen := math.Inf(1), 0
	receive := func() error {
		for {
			var got *av.Frame
			if err := watch.run(func() (err error) { got, err = d.Receive(); return err }); err != nil || got == nil {
				return err
			}
			psnr, err := f.compare(got)
			got.Close()
			if err != nil {
				return err
			}
			worst, seen = min(worst, psnr), seen+1
		}
	}
	for i, u := range units {
		if err := watch.run(func() error { return d.Send(u, int64(i), i == 0) }); err != nil {
			return p, err
		}
		if err := receive(); err != nil {
			return p, err
		}
	}
	d.Drain()
	if err := receive(); err != nil {
		return p, err
	}
	if seen != len(f) {
		return p, fmt.Errorf("%d pictures came of %d", seen, len(f))
	}
	p = watch.part(len(f))
	p.PSNR = worst
	return p, nil
}

// roundTrip encodes, and decodes in software to compare.
func (f testClip) roundTrip(open func(*av.Frame, av.EncoderConfig) (*av.Encoder, error)) (wire.TrialPart, error) {
	units, p, err := f.encode(open)
	if err != nil {
		return p, err
	}
	shown, err := f.decodeInSoftware(units)
	p.PSNR = shown.PSNR
	return p, err
}

// compare is the PSNR of a decoded frame's luma in decibels.
func (f testClip) compare(got *av.Frame) (float64, error) {
	if got.Tag() < 0 || got.Tag() >= int64(len(f)) {
		return 0, fmt.Errorf("a picture has the number %d", got.Tag())
	}
	want, have := f[got.Tag()].YCbCr(), got.YCbCr()
	if want.Rect != have.Rect {
		return 0, fmt.Errorf("a picture of %v became %v", want.Rect.Size(), have.Rect.Size())
	}
	sum := 0
	for y := range want.Rect.Dy() {
		a, b := want.Y[y*want.YStride:], have.Y[y*have.YStride:]
		for x := range want.Rect.Dx() {
			d := int(a[x]) - int(b[x])
			sum += d * d
		}
	}
	mean := max(float64(sum)/float64(want.Rect.Dx()*want.Rect.Dy()), 1e-3)
	return 10 * math.Log10(255*255/mean), nil
}

// stopwatch adds up the time on the clock and that of the processors.
type stopwatch struct{ time, processor time.Duration }

func (s *stopwatch) run(work func() error) error {
	began, used := time.Now(), processorTime()
	err := work()
	s.time += time.Since(began)
	s.processor += processorTime() - used
	return err
}

func (s *stopwatch) part(frames int) wire.TrialPart {
	n := time.Duration(frames)
	return wire.TrialPart{Time: s.time / n, Processor: s.processor / n}
}

// processorTime is what all threads of this process have used.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0 // never on Linux
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
