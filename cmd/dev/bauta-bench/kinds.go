package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/bauta-gateway/bauta/anonymize/leak"
	"github.com/bauta-gateway/bauta/hardware/clips"
)

// kind is what a camera, a phone or a recorder does to a frame: a clip is made so
// and its known faces are carried over.
type kind struct {
	name string
	// rotation is by how many quarters clockwise the frame is rotated in the file; where matrix
	// is set the track's header has players rotate it back.
	rotation int
	matrix   bool
	// mirrored swaps left and right.
	mirrored bool
	// tilt is in degrees clockwise; 0: none.
	tilt float64
	// narrow and low: the file holds so manyth of the width or height, its pixels are
	// viewed so much wider or higher. 0: as it is.
	narrow, low int
	// every is which frames are left, the first, the one every further, ...; 0: all.
	every int
	// noise is the strength for ffmpeg's filter of that name; 0: none.
	noise int
}

var kinds = []kind{
	{name: "turned by 90", rotation: 1}, {name: "turned by 180", rotation: 2}, {name: "turned by 270", rotation: 3},
	{name: "turned by 90, matrix", rotation: 1, matrix: true}, {name: "turned by 180, matrix", rotation: 2, matrix: true}, {name: "turned by 270, matrix", rotation: 3, matrix: true},
	{name: "mirrored", mirrored: true},
	{name: "pixels 2:1", narrow: 2}, {name: "pixels 1:2", low: 2},
	{name: "tilted by 30", tilt: 30}, {name: "tilted by 45", tilt: 45}, {name: "tilted by 60", tilt: 60},
	{name: "2 times as fast", every: 2}, {name: "3 times as fast", every: 3}, {name: "4 times as fast", every: 4},
	{name: "noisy", noise: noiseStrength},
}

// noiseStrength is that of a camera with a small sensor at night.
const noiseStrength = 30

// kindSeconds is how much of a clip is measured in each kind, where most faces are.
const kindSeconds = 4

// filter takes frames from to to of a clip and makes them so.
func (k kind) filter(c clip, from, to int) string {
	every := max(1, k.every)
	f := []string{fmt.Sprintf("select='between(n,%d,%d)*not(mod(n-%[1]d,%[3]d))',setpts=N/(%[4]g*TB),fps=%[4]g", from, to-1, every, c.fps)}
	if k.mirrored {
		f = append(f, "hflip")
	}
	if k.tilt != 0 {
		f = append(f, fmt.Sprintf("rotate=%g*PI/180", k.tilt))
	}
	for range k.rotation {
		f = append(f, "transpose=clock")
	}
	if k.noise > 0 {
		f = append(f, fmt.Sprintf("noise=alls=%d:allf=t+u:all_seed=7", k.noise))
	}
	narrow, low := max(1, k.narrow), max(1, k.low)
	f = append(f, fmt.Sprintf("scale=iw/%d:ih/%d,setsar=%[1]d/%d", narrow, low))
	return strings.Join(f, ",")
}

// held is where a face is in the frame that the file holds, before it is made narrower or
// lower; ok is false where it is no longer in it as a whole.
func (k kind) held(c clip, f leak.Box) (moved leak.Box, ok bool) {
	ok = true
	if k.mirrored {
		f.X = float64(c.width) - f.X - f.W
	}
	if k.tilt != 0 {
		f, ok = tilted(c, f, k.tilt)
	}
	w, h := float64(c.width), float64(c.height)
	for range k.rotation {
		f = leak.Box{X: h - f.Y - f.H, Y: f.X, W: f.H, H: f.W}
		w, h = h, w
	}
	return f, ok
}

// make writes the kind of the frames from to to of a clip.
func (k kind) make(ctx context.Context, b *bench, c clip, from, to int) (clip, error) {
	made := c
	made.path = filepath.Join(b.temp, "kind.mp4")
	quality := "21"
	if k.noise > 0 {
		quality = "33" // as much of the noise as cameras leave
	}
	args := []string{"-preset", "veryfast", "-g", fmt.Sprint(2 * rate(c)), "-pix_fmt", "yuv420p", "-crf", quality}
	if err := convert(ctx, c.path, k.filter(c, from, to), made.path, args...); err != nil {
		return clip{}, err
	}
	if k.matrix {
		if err := rotateUpright(made.path, k.rotation); err != nil {
			return clip{}, err
		}
	}
	written, err := openClip(made.path)
	if err != nil {
		return clip{}, err
	}
	made.frames, made.fps, made.known, made.truth = written.frames, written.fps, true, nil
	if k.rotation%2 == 1 {
		made.width, made.height = c.height, c.width
	}
	for n := from; n < to; n += max(1, k.every) {
		var kept []leak.Box
		for _, f := range c.truth[n] {
			if f, ok := k.held(c, f); ok {
				kept = append(kept, f)
			}
		}
		made.truth = append(made.truth, kept)
	}
	if len(made.truth) != made.frames {
		return clip{}, fmt.Errorf("%s of %s has %d frames, not %d", k.name, c.name, made.frames, len(made.truth))
	}
	return made, nil
}

// played are the faces of a clip of the kind in the pixels of players: rotated by the
// matrix, not stretched.
func (k kind) played(made clip) clips.Truth {
	truth := clips.Truth{FPS: made.fps, Width: made.width / max(1, k.narrow), Height: made.height / max(1, k.low)}
	back := kind{rotation: (4 - k.rotation) % 4}
	if k.matrix && k.rotation%2 == 1 {
		truth.Width, truth.Height = truth.Height, truth.Width
	}
	for _, faces := range made.truth {
		list := []clips.Face{}
		for _, f := range faces {
			if k.matrix {
				f, _ = back.held(made, f)
			}
			sx, sy := 1/float64(max(1, k.narrow)), 1/float64(max(1, k.low))
			list = append(list, clips.Face{X: f.X * sx, Y: f.Y * sy, W: f.W * sx, H: f.H * sy})
		}
		truth.Frames = append(truth.Frames, list)
	}
	return truth
}

// rotateUpright has the header of a file's only track rotate the frame back that the file
// holds rotated clockwise by quarters (ISO/IEC 14496-12, 8.3.2).
func rotateUpright(path string, rotation int) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	at := bytes.Index(b, []byte("tkhd"))
	if at < 0 || len(b) < at+80 || b[at+4] != 0 {
		return errors.New("ffmpeg wrote no track header of version 0: make bench knows no other")
	}
	sin, cos := math.Sincos(float64(4-rotation) * math.Pi / 2)
	for i, v := range []float64{cos, sin, -sin, cos} {
		where := at + 44 + []int{0, 4, 12, 16}[i]
		binary.BigEndian.PutUint32(b[where:], uint32(int32(math.Round(v))<<16))
	}
	return os.WriteFile(path, b, 0o600)
}

// kindRow is one kind of one clip, by both measures.
type kindRow struct {
	clip, kind string
	result     leak.Result
	second     *second
}

// spareRow is what is masked of a clip as it is where nobody is, and beside the faces.
type spareRow struct {
	clip     string
	faceless int // frames
	mean     float64
	worst    float64
	result   leak.Result
}

// restSeconds is how far in time a frame is from the next face at least to count as
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
	if row.result, err = measureLeak(ctx, made, made.truth, out); err != nil {
		return row, err
	}
	showLeaks(measurement{clip: c.name, tool: k.name, result: row.result})
	if b.second == nil {
		return row, nil
	}
	row.second, err = b.second.measure(ctx, k.played(made), made.path, out)
	return row, err
}

func (b *bench) measureSpare(ctx context.Context, c clip, r *doc) error {
	progress("%s: where nobody is", c.name)
	out := filepath.Join(b.temp, "kind-out.mp4")
	if _, err := b.redact(ctx, c.path, out); err != nil {
		return err
	}
	result, err := measureLeak(ctx, c, c.truth, out)
	if err != nil {
		return err
	}
	row := spareRow{clip: c.name, result: result}
	row.faceless, row.mean, row.worst = faceless(c, result.Changed)
	r.spare = append(r.spare, row)
	return nil
}

// faceless is how many frames are far from any face in time, and what was changed of
// them: the mean and the worst; NaN where there are none.
func faceless(c clip, changed []float64) (frames int, mean, worst float64) {
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
			frames++
			mean += v
			worst = max(worst, v)
		}
	}
	if frames == 0 {
		return 0, math.NaN(), math.NaN()
	}
	return frames, mean / float64(frames), worst
}

// kindTables are the figures on kinds of frames, on places where nobody is and on a
// still scene; empty where they were not measured.
func (d *doc) kindTables() string {
	var b strings.Builder
	d.kindTable(&b)
	d.spareTable(&b)
	if len(d.still) > 0 {
		b.WriteString("\n## A still scene\n\n| clip | pictures | least similarity | mean similarity | size, times the source's |\n|---|--:|--:|--:|--:|\n")
		for _, s := range d.still {
			fmt.Fprintf(&b, "| %s | %d | %.4f | %.4f | %.2f |\n", s.clip, s.frames, s.least, s.mean, s.size)
		}
	}
	return b.String()
}

func (d *doc) kindTable(b *strings.Builder) {
	if len(d.kinds) == 0 {
		return
	}
	b.WriteString("\n## Kinds of pictures\n\nThe same clips as other cameras, phones and recorders give them.\n\n")
	b.WriteString("| clip | kind | faces judged | leaked | tracks with a leak | changed area | times the faces | second judge: faces | leaked | remarks |\n")
	b.WriteString("|---|---|--:|--:|--:|--:|--:|--:|--:|---|\n")
	for _, k := range d.kinds {
		fmt.Fprintf(b, "| %s | %s | %d | %.4f | %d of %d | %.4f | %s | %s |\n", k.clip, k.kind, k.result.Faces, k.result.Rate(),
			k.result.LeakedTracks, k.result.Tracks, k.result.ChangedArea, timesFaces(k.result), k.second.cells())
	}
	for _, k := range kinds {
		var sum leak.Result
		var other *second
		for _, row := range d.kinds {
			if row.kind == k.name {
				sum.Faces, sum.Leaked = sum.Faces+row.result.Faces, sum.Leaked+row.result.Leaked
				other = other.add(row.second)
			}
		}
		if sum.Faces > 0 {
			fmt.Fprintf(b, "| **all** | **%s** | %d | **%.4f** | | | | %s |\n", k.name, sum.Faces, sum.Rate(), other.cells())
		}
	}
	if !d.withSecond {
		b.WriteString("\nThe second judge was not at hand.\n")
	}
}

func (d *doc) spareTable(b *strings.Builder) {
	if len(d.spare) == 0 {
		return
	}
	b.WriteString("\n## Where nobody is, and beside the faces\n\n")
	b.WriteString("| clip | pictures without a face | changed area, mean | worst picture | changed area of all | area of the faces | times the faces |\n")
	b.WriteString("|---|--:|--:|--:|--:|--:|--:|\n")
	for _, s := range d.spare {
		fmt.Fprintf(b, "| %s | %d | %s | %s | %.4f | %.4f | %s |\n", s.clip, s.faceless, share(s.mean), share(s.worst),
			s.result.ChangedArea, s.result.FaceArea, timesFaces(s.result))
	}
}

// timesFaces is the changed area by that of the faces.
func timesFaces(r leak.Result) string {
	if r.FaceArea == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f", r.ChangedArea/r.FaceArea)
}

// add sums up; nil is a measure that was not taken.
func (s *second) add(other *second) *second {
	if s == nil || other == nil {
		return other
	}
	return &second{Faces: s.Faces + other.Faces, Leaked: s.Leaked + other.Leaked, RotationLost: s.RotationLost || other.RotationLost, SARLost: s.SARLost || other.SARLost}
}

// cells are the columns of the second measure.
func (s *second) cells() string {
	if s == nil {
		return "- | - | "
	}
	return fmt.Sprintf("%d | %.4f | %s", s.Faces, float64(s.Leaked)/float64(max(1, s.Faces)), s.remarks())
}
