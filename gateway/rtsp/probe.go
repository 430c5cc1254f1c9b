package rtsp

import (
	"cmp"
	"context"
	"time"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// ProbeResult is what one try to read a camera showed.
type ProbeResult struct {
	Codec media.Codec
	// Width and Height are in pixels; 0 while the camera has not said.
	Width, Height int
	// FPS is the rate of the access units seen; 0 where there were fewer than two.
	FPS float64
	// Transport is "tcp", "udp" or "http".
	Transport string
	// Dropped names the tracks that are left alone, such as "audio opus".
	Dropped []string
	// Learned is what should be kept of the camera.
	Learned Learned
	// Units are the access units from the first keyframe on, at least that one, to try them elsewhere: at most
	// 60 of them and 8 MiB.
	Units []media.Raw
}

// Bounds on ProbeResult.Units.
const (
	maxProbed      = 60
	maxProbedBytes = 8 << 20
)

// Probe connects to a camera once, reads its access units for 3 s, and up to 20 s where no keyframe
// has come by then, and disconnects. It needs no ID in cfg. An error is an *Error, or ctx's.
func Probe(ctx context.Context, cfg SourceConfig) (ProbeResult, error) {
	return probe(ctx, cfg, defaultPace())
}

func probe(ctx context.Context, cfg SourceConfig, p pace) (ProbeResult, error) {
	l, fault := openLink(ctx, cfg, p, new(sourceCounters))
	if fault != nil {
		return ProbeResult{}, cmp.Or[error](ctx.Err(), fault)
	}
	defer l.close()
	t := probing{result: ProbeResult{Codec: l.track.codec, Transport: l.transport, Dropped: l.ignored, Learned: l.learned()}}
	limit, keyless := time.NewTimer(p.stall), time.NewTimer(p.patience)
	defer limit.Stop()
	defer keyless.Stop()
	watched := false
	for {
		select {
		case u := <-l.units:
			if u.fault != nil {
				return ProbeResult{}, u.fault
			}
			if t.rate.units == 0 {
				limit.Reset(p.watch)
			}
			if t.take(u); watched && t.result.Units != nil {
				return t.done(), nil
			}
		case <-limit.C:
			watched = true
			if t.rate.units == 0 {
				return ProbeResult{}, l.stalled(p.stall)
			}
			if t.result.Units != nil {
				return t.done(), nil
			}
		case <-keyless.C:
			if t.result.Units == nil {
				return ProbeResult{}, l.keyless(p.patience)
			}
		case <-l.ended:
			return ProbeResult{}, l.explain(l.endErr)
		case <-ctx.Done():
			return ProbeResult{}, ctx.Err()
		}
	}
}

// probing is a probe's view of the access units.
type probing struct {
	result ProbeResult
	rate   frameRate
	bytes  int
}

func (t *probing) take(u cameraUnit) {
	t.rate.add(u.raw.PTS)
	r := &t.result
	r.Width, r.Height = u.width, u.height
	if r.Units == nil && !u.raw.Keyframe {
		return
	}
	if t.bytes += u.raw.Size(); r.Units == nil || len(r.Units) < maxProbed && t.bytes <= maxProbedBytes {
		r.Units = append(r.Units, u.raw)
	}
}

func (t *probing) done() ProbeResult {
	t.result.FPS = t.rate.fps()
	return t.result
}

// Description is what a camera says of a stream before it sends any of it; what it does not say
// is zero.
type Description struct {
	Codec         media.Codec
	Width, Height int
}

// Describe asks a camera once what it would send and takes none of it: no error says that
// whoever has this login, or none where cfg has none, gets the stream. An error is an *Error, or ctx's.
func Describe(ctx context.Context, cfg SourceConfig) (Description, error) {
	t, fault := newTarget(cfg)
	if fault != nil {
		return Description{}, fault
	}
	l := newLink(t, defaultPace(), new(sourceCounters), t.transports[0])
	if err := l.begin(ctx); err != nil {
		return Description{}, cmp.Or[error](ctx.Err(), l.explain(err))
	}
	defer l.close()
	if _, _, err := l.client.Describe(t.url); err != nil {
		return Description{}, cmp.Or[error](ctx.Err(), l.explain(err))
	}
	return l.described(), nil
}

// described reads what the camera said of its video.
func (l *cameraLink) described() (d Description) {
	video, ok := l.wire().Video()
	if !ok {
		return d
	}
	d.Codec = video.Codec
	if len(video.Sizes) > 0 {
		d.Width, d.Height = video.Sizes[0].Width, video.Sizes[0].Height
	}
	for _, set := range video.Sets {
		if kindOf(d.Codec, set) == kindSPS {
			d.Width, d.Height = spsSize(d.Codec, set)
		}
	}
	return d
}

// frameRate counts access units; their times need not be in order.
type frameRate struct {
	units       int
	first, last media.Ticks90k
}

func (f *frameRate) add(pts media.Ticks90k) {
	if f.units == 0 {
		f.first, f.last = pts, pts
	}
	f.units++
	f.first, f.last = min(f.first, pts), max(f.last, pts)
}

func (f *frameRate) fps() float64 {
	if f.last == f.first {
		return 0
	}
	return float64(f.units-1) * media.TicksPerSecond / float64(f.last-f.first)
}
