package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"

	"github.com/bauta-gateway/bauta/anonymize/leak"
)

// variant is a way to make detection harder.
type variant struct {
	name   string
	filter func(c clip) string
	// quality of the encoder; nil for the usual one.
	quality []string
	// face is where a face is afterwards; ok is false where it is no longer
	// in the frame as a whole. Nil: where it was.
	face func(c clip, f leak.Box) (moved leak.Box, ok bool)
	// picks says which frames stay; nil: all.
	picks func(c clip, n int) bool
}

const (
	slowRate = 8    // frames a second
	tilt     = 10   // degrees, clockwise
	dimmed   = 0.35 // of the brightness
	whole    = 0.9  // share of a face's box that must be in the frame, as in the clips' ground truth
)

var variants = []variant{
	{name: "500 kbit/s", filter: func(clip) string { return "null" },
		quality: []string{"-b:v", "500k", "-maxrate", "500k", "-bufsize", "500k"}},
	{name: "8 fps", picks: picksSlow, filter: func(c clip) string {
		return fmt.Sprintf("select='lt(mod(n*%d,%d),%d)',setpts=N/%d/TB,fps=%d", slowRate, rate(c), slowRate, slowRate, slowRate)
	}},
	{name: "rotated by 10 degrees", filter: func(clip) string { return fmt.Sprintf("rotate=%d*PI/180", tilt) },
		face: func(c clip, f leak.Box) (leak.Box, bool) { return tilted(c, f, tilt) }},
	{name: "dimmed to 35 %", filter: func(clip) string {
		return fmt.Sprintf("lutyuv=y='16+(val-16)*%g':u='128+(val-128)*%g':v='128+(val-128)*%g'", dimmed, dimmed, dimmed)
	}},
}

// rate is the clip's in whole frames a second.
func rate(c clip) int { return max(1, int(math.Round(c.fps))) }

// picksSlow is the same choice as ffmpeg's filter above makes.
func picksSlow(c clip, n int) bool { return n*slowRate%rate(c) < slowRate }

// tilted turns a face's middle about the frame's, clockwise. The box stays upright: its
// inner part, which is measured, lies in the face all the same.
func tilted(c clip, f leak.Box, degrees float64) (leak.Box, bool) {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	mx, my := float64(c.width)/2, float64(c.height)/2
	x, y := f.X+f.W/2-mx, f.Y+f.H/2-my
	t := leak.Box{X: mx + cos*x - sin*y - f.W/2, Y: my + sin*x + cos*y - f.H/2, W: f.W, H: f.H}
	w := min(t.X+t.W, float64(c.width)) - max(t.X, 0)
	h := min(t.Y+t.H, float64(c.height)) - max(t.Y, 0)
	return t, w > 0 && h > 0 && w*h >= whole*t.W*t.H
}

// make writes the variant of a clip, with its ground truth where there is one.
// ok is false where it would be the clip itself.
func (v variant) make(ctx context.Context, b *bench, c clip) (made clip, ok bool, err error) {
	if v.picks != nil && rate(c) <= slowRate {
		return clip{}, false, nil
	}
	made = c
	made.path = filepath.Join(b.temp, "variant.mp4")
	quality := v.quality
	if quality == nil {
		quality = []string{"-crf", "21"}
	}
	args := append([]string{"-preset", "veryfast", "-g", fmt.Sprint(2 * rate(c)), "-pix_fmt", "yuv420p"}, quality...)
	if err := convert(ctx, c.path, v.filter(c), made.path, args...); err != nil {
		return clip{}, false, err
	}
	written, err := openClip(made.path)
	if err != nil {
		return clip{}, false, err
	}
	made.frames, made.fps = written.frames, written.fps
	if c.known {
		made.truth = v.truth(c)
		if len(made.truth) != made.frames {
			return clip{}, false, fmt.Errorf("%s of %s has %d frames, not %d", v.name, c.name, made.frames, len(made.truth))
		}
	}
	return made, true, nil
}

// truth carries the known faces over.
func (v variant) truth(c clip) [][]leak.Box {
	var all [][]leak.Box
	for n, faces := range c.truth {
		if v.picks != nil && !v.picks(c, n) {
			continue
		}
		var kept []leak.Box
		for _, f := range faces {
			ok := true
			if v.face != nil {
				f, ok = v.face(c, f)
			}
			if ok {
				kept = append(kept, f)
			}
		}
		all = append(all, kept)
	}
	return all
}

const emptySeconds = 60

// emptyScene loops a clip's first quarter to a minute; ok is false where
// somebody is in it.
func (b *bench) emptyScene(ctx context.Context, c clip) (made clip, ok bool, err error) {
	quarter := c.frames / 4
	if !c.known || quarter == 0 {
		return clip{}, false, nil
	}
	for _, faces := range c.truth[:quarter] {
		if len(faces) > 0 {
			return clip{}, false, nil
		}
	}
	out := filepath.Join(b.temp, "empty.mp4")
	filter := fmt.Sprintf("trim=end_frame=%d,loop=loop=-1:size=%d,setpts=N/%d/TB,trim=end_frame=%d,fps=%[3]d", quarter, quarter, rate(c), emptySeconds*rate(c))
	if err := convert(ctx, c.path, filter, out, "-preset", "veryfast", "-crf", "21", "-g", fmt.Sprint(2*rate(c))); err != nil {
		return clip{}, false, err
	}
	made, err = openClip(out)
	made.name = c.name + ", empty, one minute"
	made.known, made.truth = true, make([][]leak.Box, made.frames)
	return made, err == nil, err
}

// stillClip is the clip of which one frame is held.
const stillClip = emptyClip

const (
	stillSeconds = 8
	stillNoise   = 3 // what a sensor adds by daylight
)

// stillRow is the quality of a calm scene whose source has one keyframe.
type stillRow struct {
	clip        string
	frames      int
	least, mean float64 // structural similarity with the source, up to 1
	size        float64 // of the file, in times of the source's
}

// measureStill holds the frame with the most faces as cameras with few keyframes send it.
func (b *bench) measureStill(ctx context.Context, c clip, r *doc) error {
	progress("%s: one frame held", c.name)
	in, out := filepath.Join(b.temp, "still.mp4"), filepath.Join(b.temp, "still-out.mp4")
	at, _ := busiest(c.truth, 1)
	filter := fmt.Sprintf("select='eq(n,%d)',scale=-2:720,loop=loop=-1:size=1,setpts=N/(%g*TB),fps=%[2]g,trim=end_frame=%d,noise=alls=%d:allf=t+u:all_seed=7",
		at, c.fps, stillSeconds*rate(c), stillNoise)
	if err := convert(ctx, c.path, filter, in, "-preset", "veryfast", "-crf", "27", "-g", "300", "-pix_fmt", "yuv420p"); err != nil {
		return err
	}
	if _, err := b.redact(ctx, in, out); err != nil {
		return err
	}
	values, err := similarity(ctx, in, out)
	if err != nil {
		return err
	}
	row := stillRow{clip: c.name, frames: len(values), least: 1}
	for _, v := range values {
		row.least = min(row.least, v)
		row.mean += v / float64(len(values))
	}
	if row.size, err = sizeRatio(in, out); err != nil {
		return err
	}
	r.still = append(r.still, row)
	return nil
}

func sizeRatio(in, out string) (float64, error) {
	a, err := os.Stat(in)
	if err != nil {
		return 0, err
	}
	b, err := os.Stat(out)
	if err != nil {
		return 0, err
	}
	return float64(b.Size()) / float64(max(1, a.Size())), nil
}

var ssimOfAll = regexp.MustCompile(`All:([0-9.]+)`)

// similarity is that of each frame, by ffmpeg.
func similarity(ctx context.Context, in, out string) (values []float64, err error) {
	b, err := exec.CommandContext(ctx, "ffmpeg", "-v", "error", "-nostdin", "-i", in, "-i", out, "-lavfi", "[0:v][1:v]ssim=stats_file=-", "-f", "null", "/dev/null").Output()
	if err != nil {
		return nil, fmt.Errorf("ffmpeg: %w", err)
	}
	for _, m := range ssimOfAll.FindAllSubmatch(b, -1) {
		v, err := strconv.ParseFloat(string(m[1]), 64)
		if err != nil {
			return nil, err
		}
		values = append(values, v)
	}
	if len(values) == 0 {
		return nil, errors.New("ffmpeg compared no frame")
	}
	return values, nil
}
