package pipeline

import (
	"fmt"
	"slices"
	"time"

	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"

	"github.com/bauta-gateway/bauta/anonymize/accelerate"
	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// lag finds a decoder that holds more frames back than it puts in order.
// libavcodec's for H.264 learns from the stream how many it has to wait for, and
// never forgets: after B-frames that the camera has ceased to send, or one
// damaged parameter set, all frames would come late, by up to 16 of
// them, for as long as the worker lives. A camera with few frames a second
// would stay on the slate.
type lag struct {
	since  media.Ticks90k // begin of the span that is watched
	span   media.Ticks90k // its least length
	least  int            // access units that were held back all the time
	needed int            // the most that one frame came out before
	before int            // least, when another decoder was last tried; 0: not in the span before
}

const (
	// lagFirst is how long a stream is watched: some have B-frames only now and then.
	lagFirst = 20 * media.TicksPerSecond
	// lagLast is the same where another decoder holds back just as many: there
	// are cameras that announce an order which they never make use of.
	lagLast = 10 * 60 * media.TicksPerSecond
)

func newLag() lag { return lag{span: lagFirst, least: accelerate.MaxHeld} }

// fed notes how many access units the decoder holds after it was given one.
func (l *lag) fed(held int) { l.least = min(l.least, held) }

// came notes how many access units were sent before the one whose frame came,
// and are still held.
func (l *lag) came(ahead int) { l.needed = max(l.needed, ahead) }

// excess reports, at the end of a span, whether the decoder holds back too much.
func (l *lag) excess(pts media.Ticks90k) bool {
	age := pts - l.since
	if age >= 0 && age < l.span {
		return false
	}
	found := age >= 0 && l.least > l.needed
	switch {
	case !found:
		l.span, l.before = lagFirst, 0
	case l.before > 0 && l.least >= l.before:
		l.span = min(2*l.span, lagLast)
	default:
		l.span, l.before = lagFirst, l.least
	}
	l.since, l.least, l.needed = pts, accelerate.MaxHeld, 0
	return found
}

// shorten begins anew with another decoder where a live stream lags for
// nothing. An IDR picture refers to none before it, so that no frame is lost.
func (p *Pipeline) shorten(u wire.Unit, emit Emit) error {
	idr := func(n []byte) bool { return media.H264Type(n) == h264.NALUTypeIDR }
	if !p.cfg.Live || p.cfg.Codec != media.H264 || p.cfg.Accelerator.Decodes() || !slices.ContainsFunc(u.NALUs, idr) {
		return nil
	}
	if !p.lag.excess(u.PTS) {
		return nil
	}
	if err := p.drain(emit); err != nil {
		return err
	}
	p.dec.Close()
	if err := p.open(); err != nil {
		return fmt.Errorf("another decoder: %w", err)
	}
	return nil
}

// drain takes all frames out of the decoder, which is of no use afterwards.
func (p *Pipeline) drain(emit Emit) error {
	p.dec.Drain()
	if err := p.receive(time.Now(), emit); err != nil {
		return err
	}
	return p.giveUp(func(*pendingFrame) bool { return true }, emit)
}

// ahead counts the access units sent before e that are still in the decoder.
func (p *Pipeline) ahead(e *pendingFrame) (n int) {
	for _, o := range p.pending {
		if o.unit.Seq < e.unit.Seq {
			n++
		}
	}
	return n
}
