package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/leak"
)

// The programs side by side.
const (
	toolBauta    = "Bauta"
	toolFaceblur = "GStreamer faceblur"
	toolPlain    = "plain re-encode"
)

// measurement is one program's result on one clip.
type measurement struct {
	clip, tool string
	result     leak.Result
	// perFrame is the processor time for a frame, ratio the same in times
	// of the plain re-encode's.
	perFrame time.Duration
	ratio    float64
	peak     int64 // bytes
	note     string
}

// measure adds all that there is to say about one clip.
func (b *bench) measure(ctx context.Context, path string, r *doc) error {
	c, err := openClip(path)
	if err != nil {
		return err
	}
	faces, err := b.reference(ctx, c)
	if err != nil {
		return fmt.Errorf("%s: %w", c.name, err)
	}
	if len(faces) != c.frames {
		return fmt.Errorf("%s: %d of %d frames were decoded", c.name, len(faces), c.frames)
	}
	ours, plain, err := b.pair(ctx, c, faces)
	if err != nil {
		return fmt.Errorf("%s: %w", c.name, err)
	}
	r.clips = append(r.clips, clipRow{c, ours.result})
	r.entries = append(r.entries, ours)
	if b.noPeer == "" {
		r.entries = append(r.entries, b.peer(ctx, c, faces, plain))
	}
	r.entries = append(r.entries, plain)
	if b.liveTime > 0 {
		b.measureLive(ctx, c, faces, r)
	}
	if c.name == manyClip {
		if err := b.measureMany(ctx, c, r); err != nil {
			return err
		}
	}
	if b.withVariants {
		if err := b.measureVariants(ctx, c, r); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	return ctx.Err()
}

// The outputs of the last turn.
func (b *bench) plainOut() string { return filepath.Join(b.temp, "plain.mp4") }
func (b *bench) oursOut() string  { return filepath.Join(b.temp, "ours.mp4") }

// costs runs the plain re-encode and Bauta in turn, so that what else the computer does hits both alike.
func (b *bench) costs(ctx context.Context, c clip) (ours, plain measurement, err error) {
	var plainRuns, ourRuns []usage
	for n := range b.pairs {
		progress("%s: pair %d of %d", c.name, n+1, b.pairs)
		u, err := reencode(ctx, c.path, b.plainOut())
		if err != nil {
			return ours, plain, err
		}
		plainRuns = append(plainRuns, u)
		if u, err = b.redactOn(ctx, onOneCPU, c.path, b.oursOut()); err != nil {
			return ours, plain, err
		}
		ourRuns = append(ourRuns, u)
	}
	return newEntry(c, toolBauta, ourRuns, plainRuns), newEntry(c, toolPlain, plainRuns, plainRuns), nil
}

// pair measures the costs, and the last output of each.
func (b *bench) pair(ctx context.Context, c clip, faces [][]leak.Box) (ours, plain measurement, err error) {
	if ours, plain, err = b.costs(ctx, c); err != nil {
		return ours, plain, err
	}
	if plain.result, err = measureLeak(ctx, c, faces, b.plainOut()); err != nil {
		return ours, plain, err
	}
	ours.result, err = measureLeak(ctx, c, faces, b.oursOut())
	showLeaks(ours)
	return ours, plain, err
}

// showLeaks tells those who work on detection where to look.
func showLeaks(e measurement) {
	for _, l := range e.result.Examples {
		progress("%s, %s: leaked in frame %d at %.0f,%.0f, %.0fx%.0f: %.2f", e.clip, e.tool, l.Frame, l.Face.X, l.Face.Y, l.Face.W, l.Face.H, l.Detail)
	}
}

// newEntry takes the median of the costs, and of each one's ratio to the plain
// re-encode just before it.
func newEntry(c clip, tool string, runs, plain []usage) measurement {
	var cpu []time.Duration
	var ratios []float64
	var peaks []int64
	for i, u := range runs {
		cpu = append(cpu, u.cpu)
		ratios = append(ratios, u.cpu.Seconds()/max(plain[i].cpu.Seconds(), 1e-3))
		peaks = append(peaks, u.peak)
	}
	return measurement{clip: c.name, tool: tool, perFrame: median(cpu) / time.Duration(max(1, c.frames)), ratio: median(ratios), peak: median(peaks)}
}

// peer runs GStreamer's faceblur over the middle of the frames with faces.
// Its failing is a result too.
func (b *bench) peer(ctx context.Context, c clip, faces [][]leak.Box, plain measurement) measurement {
	e := measurement{clip: c.name, tool: toolFaceblur}
	from, to := busiest(faces, b.peerFrames)
	part := c
	var err error
	if to-from < c.frames {
		e.note = fmt.Sprintf("pictures %d to %d", from+1, to)
		if part, err = b.cut(ctx, c, from, to); err != nil {
			e.note = err.Error()
			return e
		}
	}
	progress("%s: GStreamer faceblur, %d frames", c.name, part.frames)
	out := filepath.Join(b.temp, "peer.mp4")
	u, err := faceblur(ctx, part.path, out)
	if err == nil {
		e.result, err = measureLeak(ctx, part, faces[from:to], out)
	}
	if err != nil {
		progress("%s: %v", c.name, err)
		e.note = "failed"
		return e
	}
	e.perFrame, e.peak = u.cpu/time.Duration(part.frames), u.peak
	e.ratio = e.perFrame.Seconds() / max(plain.perFrame.Seconds(), 1e-6)
	return e
}

// busiest is the window of at most n frames with the most faces.
func busiest(faces [][]leak.Box, n int) (from, to int) {
	n = min(n, len(faces))
	count, best := 0, 0
	for i := range faces {
		count += len(faces[i])
		if i >= n {
			count -= len(faces[i-n])
		}
		if i >= n-1 && count > best {
			best, from = count, i-n+1
		}
	}
	return from, from + n
}

func (b *bench) measureLive(ctx context.Context, c clip, faces [][]leak.Box, r *doc) {
	progress("%s: live for %v", c.name, b.liveTime)
	l, err := b.live(ctx, c, faces)
	if err != nil {
		progress("%s: live: %v", c.name, err)
		r.skip(c.name+", live", "it failed: "+firstLine(err))
		return
	}
	r.live = append(r.live, liveRow{c, l})
}

func (b *bench) measureVariants(ctx context.Context, c clip, r *doc) error {
	for _, v := range variants {
		made, ok, err := v.make(ctx, b, c)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		progress("%s: %s", c.name, v.name)
		faces, err := b.reference(ctx, made)
		if err != nil {
			return err
		}
		out := filepath.Join(b.temp, "variant-out.mp4")
		u, err := b.redact(ctx, made.path, out)
		if err != nil {
			return err
		}
		e := measurement{clip: c.name, tool: v.name, perFrame: u.cpu / time.Duration(made.frames), peak: u.peak}
		if e.result, err = measureLeak(ctx, made, faces, out); err != nil {
			return fmt.Errorf("%s: %w", v.name, err)
		}
		showLeaks(e)
		r.variants = append(r.variants, e)
	}
	made, ok, err := b.emptyScene(ctx, c)
	if err != nil || !ok || c.name != emptyClip {
		return err
	}
	ours, plain, err := b.pair(ctx, made, made.truth)
	r.empty = append(r.empty, ours, plain)
	return err
}

// emptyClip is the clip whose first quarter is the empty scene.
const emptyClip = "hall_1080"
