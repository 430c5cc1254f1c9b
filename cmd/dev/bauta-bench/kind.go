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

// kind is what a camera, a phone or a recorder does to a picture: a clip is made so
// and its known faces are carried over.
type kind struct {
	name string
	// turn is how many quarter turns clockwise the file holds the picture; where
	// matrix is set the track's header has players turn it upright again.
	turn   int
	matrix bool
	// mirrored swaps left and right.
	mirrored bool
	// tilt is in degrees clockwise; 0: none.
	tilt float64
	// narrow and low: the file holds so manyth of the width or height, its pixels are
	// shown so much wider or higher. 0: as it is.
	narrow, low int
	// every is which pictures are left, the first, the one every further, ...; 0: all.
	every int
	// noise is the strength for ffmpeg's filter of that name; 0: none.
	noise int
}

var kinds = []kind{
	{name: "turned by 90", turn: 1}, {name: "turned by 180", turn: 2}, {name: "turned by 270", turn: 3},
	{name: "turned by 90, matrix", turn: 1, matrix: true}, {name: "turned by 180, matrix", turn: 2, matrix: true}, {name: "turned by 270, matrix", turn: 3, matrix: true},
	{name: "mirrored", mirrored: true},
	{name: "pixels 2:1", narrow: 2}, {name: "pixels 1:2", low: 2},
	{name: "tilted by 30", tilt: 30}, {name: "tilted by 45", tilt: 45}, {name: "tilted by 60", tilt: 60},
	{name: "2 times as fast", every: 2}, {name: "3 times as fast", every: 3}, {name: "4 times as fast", every: 4},
	{name: "noisy", noise: noiseStrength},
}

// noiseStrength is that of a camera with a small sensor at night.
const noiseStrength = 30

// kindSeconds is how much of a clip is judged in each kind, where most faces are.
const kindSeconds = 4

// filter takes pictures from to to of a clip and makes them so.
func (k kind) filter(c clip, from, to int) string {
	every := max(1, k.every)
	f := []string{fmt.Sprintf("select='between(n,%d,%d)*not(mod(n-%[1]d,%[3]d))',setpts=N/(%[4]g*TB),fps=%[4]g", from, to-1, every, c.fps)}
	if k.mirrored {
		f = append(f, "hflip")
	}
	if k.tilt != 0 {
		f = append(f, fmt.Sprintf("rotate=%g*PI/180", k.tilt))
	}
	for range k.turn {
		f = append(f, "transpose=clock")
	}
	if k.noise > 0 {
		f = append(f, fmt.Sprintf("noise=alls=%d:allf=t+u:all_seed=7", k.noise))
	}
	narrow, low := max(1, k.narrow), max(1, k.low)
	f = append(f, fmt.Sprintf("scale=iw/%d:ih/%d,setsar=%[1]d/%d", narrow, low))
	return strings.Join(f, ",")
}

// held is where a face is in the picture that the file holds, before it is made narrower or
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
	for range k.turn {
		f = leak.Box{X: h - f.Y - f.H, Y: f.X, W: f.H, H: f.W}
		w, h = h, w
	}
	return f, ok
}

// make writes the kind of the pictures from to to of a clip.
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
		if err := turnUpright(made.path, k.turn); err != nil {
			return clip{}, err
		}
	}
	written, err := openClip(made.path)
	if err != nil {
		return clip{}, err
	}
	made.frames, made.fps, made.known, made.truth = written.frames, written.fps, true, nil
	if k.turn%2 == 1 {
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
		return clip{}, fmt.Errorf("%s of %s has %d pictures, not %d", k.name, c.name, made.frames, len(made.truth))
	}
	return made, nil
}

// played are the faces of a clip of the kind in the pixels of players: turned by the
// matrix, not stretched.
func (k kind) played(made clip) clips.Truth {
	truth := clips.Truth{FPS: made.fps, Width: made.width / max(1, k.narrow), Height: made.height / max(1, k.low)}
	back := kind{turn: (4 - k.turn) % 4}
	if k.matrix && k.turn%2 == 1 {
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

// turnUpright has the header of a file's only track turn the picture back that the file
// holds turned clockwise by quarter turns (ISO/IEC 14496-12, 8.3.2).
func turnUpright(path string, turn int) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	at := bytes.Index(b, []byte("tkhd"))
	if at < 0 || len(b) < at+80 || b[at+4] != 0 {
		return errors.New("ffmpeg wrote no track header of version 0: make bench knows no other")
	}
	sin, cos := math.Sincos(float64(4-turn) * math.Pi / 2)
	for i, v := range []float64{cos, sin, -sin, cos} {
		where := at + 44 + []int{0, 4, 12, 16}[i]
		binary.BigEndian.PutUint32(b[where:], uint32(int32(math.Round(v))<<16))
	}
	return os.WriteFile(path, b, 0o600)
}
