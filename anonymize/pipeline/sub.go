package pipeline

import (
	"math"

	"github.com/bauta-gateway/bauta/anonymize/load"
	"github.com/bauta-gateway/bauta/anonymize/output"
	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/hardware/av"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// sub is the sub-stream: the frames that leave, masked as they are, made smaller and fewer.
// Without anybody who watches it there is no encoder.
type sub struct {
	av.Scaler
	out  *output.Encoder
	next media.Ticks90k // from when on the next frame is taken
}

// Close frees all; the next frame begins anew.
func (s *sub) Close() {
	s.Scaler.Close()
	if s.out != nil {
		s.out.Close()
		s.out = nil
	}
}

// takes reports whether the frame at pts is one of those that leave: at most fps a second,
// evenly, of frames that come this far apart.
func (s *sub) takes(pts, interval media.Ticks90k, fps int) bool {
	step := media.Ticks90k(media.TicksPerSecond / fps)
	early := s.next - pts
	if early > interval/2 && early <= step {
		return false
	}
	if s.next += step; early < -step || early > step { // a gap, or a jump of the clock
		s.next = pts + step
	}
	return true
}

// encodeSub encodes a masked frame for the sub-stream, where one is wanted. Its failure is none of the
// frame's: the sub-stream begins anew.
func (p *Pipeline) encodeSub(e *pendingFrame, r *media.Record) (small wire.Small) {
	want := p.cfg.Settings.Sub
	if want.FPS <= 0 || !p.sub.takes(e.unit.PTS, p.rate.Interval, want.FPS) {
		return wire.Small{}
	}
	w, h := want.Size.Of(r.Width, r.Height)
	rate := load.FrameRate{Interval: max(p.rate.Interval, media.Ticks90k(media.TicksPerSecond/want.FPS))}
	if p.sub.out == nil {
		p.sub.out = p.out.Smaller(shareOf(w*h, r.Width*r.Height, rate.FPS()/p.rate.FPS()))
	}
	image, err := p.sub.Scale(e.frame, w, h)
	if err == nil {
		defer image.Close()
		small.NALUs, _, err = p.sub.out.Encode(output.Frame{Image: image, Seq: e.unit.Seq, PTS: e.unit.PTS, Orientation: e.orientation}, rate)
	}
	if err != nil {
		p.report(wire.KindNotice, wire.Notice{Level: "error", Text: "the sub-stream begins anew: " + err.Error()})
		p.sub.Close()
		return wire.Small{}
	}
	small.Width, small.Height = image.Size()
	return small
}

// shareOf is the part of the bitrate for frames of so many pixels, of so many in all, at a part of the
// frame rate. Small frames hold more for each pixel: with three quarters of the logarithm of
// their number a quarter of it has 0.35 of the bitrate, and a sixteenth has 0.125.
func shareOf(pixels, of int, rate float64) float64 {
	return math.Pow(float64(pixels)/float64(of)*rate, 0.75)
}

// RequestSubKeyframe makes the next frame of the sub-stream a keyframe.
func (p *Pipeline) RequestSubKeyframe() {
	if p.sub.out != nil {
		p.sub.out.RequestKeyframe()
	}
}
