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
	// Keyframe reports whether one came; without one there is nothing to see yet.
	Keyframe bool
	// Transport is "tcp" or "udp".
	Transport string
	// Dropped names the tracks that are left alone, such as "audio Opus".
	Dropped []string
	// Learned is what was learned that SourceConfig does not hold.
	Learned Learned
	// Units are the access units from the first keyframe on, to try them.
	Units []media.Raw
}

// trialUnits bounds ProbeResult.Units.
const trialUnits = 60

// Probe connects to a camera once, reads its access units for 3 s and
// disconnects. It needs no ID in cfg. An error is an *Error, or ctx's.
func Probe(ctx context.Context, cfg SourceConfig) (ProbeResult, error) {
	return probe(ctx, cfg, defaultPace())
}

func probe(ctx context.Context, cfg SourceConfig, p pace) (ProbeResult, error) {
	l, fault := openLink(ctx, cfg, p, new(sourceCounters))
	if fault != nil {
		return ProbeResult{}, cmp.Or[error](ctx.Err(), fault)
	}
	defer l.close()
	r := ProbeResult{Codec: l.track.codec, Transport: l.transport, Dropped: l.ignored}
	var rate frameRate
	limit := time.NewTimer(p.stall)
	defer limit.Stop()
	for {
		select {
		case u := <-l.units:
			if u.fault != nil {
				return ProbeResult{}, u.fault
			}
			if rate.units == 0 {
				limit.Reset(p.watch)
			}
			rate.add(u.raw.PTS)
			r.Width, r.Height, r.Keyframe = u.width, u.height, r.Keyframe || u.raw.Keyframe
			if r.Keyframe && len(r.Units) < trialUnits {
				r.Units = append(r.Units, u.raw)
			}
		case <-limit.C:
			if rate.units == 0 {
				return ProbeResult{}, l.stalled(p.stall)
			}
			if !r.Keyframe {
				return ProbeResult{}, l.keyless(p.stall)
			}
			r.FPS = rate.fps()
			return r, nil
		case <-l.ended:
			return ProbeResult{}, l.target.explain(l.endErr)
		case <-ctx.Done():
			return ProbeResult{}, ctx.Err()
		}
	}
}

// Describe asks a camera once what it would send and takes none of it: nil says that whoever
// has this login, or none where cfg has none, gets the stream. An error is an *Error, or ctx's.
func Describe(ctx context.Context, cfg SourceConfig) error {
	t, fault := newTarget(cfg)
	if fault != nil {
		return fault
	}
	l := newLink(t, defaultPace(), new(sourceCounters), t.transports[0])
	if err := l.begin(ctx); err != nil {
		return cmp.Or[error](ctx.Err(), l.explain(err))
	}
	defer l.close()
	if _, _, err := l.client.Describe(t.url); err != nil {
		return cmp.Or[error](ctx.Err(), l.explain(err))
	}
	return nil
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
