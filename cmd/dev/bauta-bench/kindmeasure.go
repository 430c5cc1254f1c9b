package main

import (
	"context"
	"fmt"
	"math"
	"path/filepath"

	"github.com/bauta-gateway/bauta/anonymize/leak"
)

// kindRow is one kind of one clip, by both measures.
type kindRow struct {
	clip, kind string
	result     leak.Result
	second     *second
}

// spareRow is what is masked of a clip as it is where nobody is, and beside the faces.
type spareRow struct {
	clip     string
	faceless int // pictures
	mean     float64
	worst    float64
	result   leak.Result
}

// restSeconds is how far in time a picture is from the next face at least to count as
// one without: masks begin before a face and linger.
const restSeconds = 1.5

// measureKinds adds what there is to say about a clip as it is and in all kinds.
func (b *bench) measureKinds(ctx context.Context, c clip, r *doc) error {
	faces, err := b.reference(ctx, c)
	if err != nil {
		return err
	}
	c.known, c.truth = true, faces
	if err := b.measureSpare(ctx, c, r); err != nil {
		return err
	}
	if c.name == stillClip {
		if err := b.measureStill(ctx, c, r); err != nil {
			return err
		}
	}
	if !anybody(faces) {
		return nil
	}
	for _, k := range kinds {
		progress("%s: %s", c.name, k.name)
		from, to := busiest(faces, kindSeconds*rate(c)*max(1, k.every))
		row, err := b.measureKind(ctx, k, c, from, to)
		if err != nil {
			return fmt.Errorf("%s: %w", k.name, err)
		}
		r.kinds = append(r.kinds, row)
	}
	return ctx.Err()
}

func anybody(faces [][]leak.Box) bool {
	for _, f := range faces {
		if len(f) > 0 {
			return true
		}
	}
	return false
}

func (b *bench) measureKind(ctx context.Context, k kind, c clip, from, to int) (kindRow, error) {
	row := kindRow{clip: c.name, kind: k.name}
	made, err := k.make(ctx, b, c, from, to)
	if err != nil {
		return row, err
	}
	out := filepath.Join(b.temp, "kind-out.mp4")
	if _, err := b.redact(ctx, made.path, out); err != nil {
		return row, err
	}
	if row.result, err = judge(ctx, made, made.truth, out); err != nil {
		return row, err
	}
	showLeaks(entry{clip: c.name, tool: k.name, result: row.result})
	if b.judge2 == nil {
		return row, nil
	}
	row.second, err = b.judge2.judge(ctx, k.played(made), made.path, out)
	return row, err
}

func (b *bench) measureSpare(ctx context.Context, c clip, r *doc) error {
	progress("%s: where nobody is", c.name)
	out := filepath.Join(b.temp, "kind-out.mp4")
	if _, err := b.redact(ctx, c.path, out); err != nil {
		return err
	}
	result, err := judge(ctx, c, c.truth, out)
	if err != nil {
		return err
	}
	row := spareRow{clip: c.name, result: result}
	row.faceless, row.mean, row.worst = faceless(c, result.Changed)
	r.spare = append(r.spare, row)
	return nil
}

// faceless is how many pictures are far from any face in time, and what was changed of
// them: the mean and the worst; NaN where there are none.
func faceless(c clip, changed []float64) (pictures int, mean, worst float64) {
	rest, last := int(math.Ceil(restSeconds*c.fps)), math.MinInt/2
	near := make([]bool, len(changed))
	for n, faces := range c.truth {
		if len(faces) > 0 {
			last = n
			for i := max(0, n-rest); i < n; i++ {
				near[i] = true
			}
		}
		near[n] = near[n] || n-last <= rest
	}
	for n, v := range changed {
		if !near[n] {
			pictures++
			mean += v
			worst = max(worst, v)
		}
	}
	if pictures == 0 {
		return 0, math.NaN(), math.NaN()
	}
	return pictures, mean / float64(pictures), worst
}
