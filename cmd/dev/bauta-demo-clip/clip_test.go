package main

import (
	"bytes"
	"context"
	"errors"
	"image"
	"io"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/bauta-gateway/bauta/hardware/clips"
)

// The clip takes a second to paint: once is enough.
var builtClip = sync.OnceValues(func() (*clip, error) {
	module, err := gocvModule(context.Background())
	if err != nil {
		return nil, err
	}
	return newClip(filepath.Join(module, "images"))
})

func testClip(t *testing.T) *clip {
	t.Helper()
	c, err := builtClip()
	if err != nil {
		t.Fatal("gocv's photos are not at hand: ", err)
	}
	return c
}

// The first and the last frame are empty, so that the loop has no jump; in
// between somebody is always there, within a second for the first time.
func TestClipBeginsAndEndsEmpty(t *testing.T) {
	c := testClip(t)
	frame := func(n int) []byte {
		f := image.NewRGBA(image.Rect(0, 0, width, height))
		c.draw(f, n)
		return f.Pix[4*width*60:] // below the caption
	}
	empty := frame(0)
	for n, want := range map[int]bool{fps: false, 4 * fps: false, 7 * fps: false, 12 * fps: false, 16 * fps: true, 17 * fps: false, 19 * fps: false, seconds*fps - 1: true} {
		if got := bytes.Equal(frame(n), empty); got != want {
			t.Errorf("frame %d: empty is %v", n, got)
		}
	}
}

// Whoever is in the frame has the desk before them, and three are there at 2 s.
func TestActorsStandBehindTheDesk(t *testing.T) {
	c := testClip(t)
	there := map[int]int{}
	for n := range fps * seconds {
		for _, a := range c.actors {
			if p, ok := a.at(float64(n) / fps); ok {
				there[n]++
				if low := p.Y + a.body.Rect.Dy(); low < deskTop {
					t.Errorf("frame %d: a cut-out ends at %d, above the desk", n, low)
				}
			}
		}
	}
	if there[2*fps] != 3 {
		t.Errorf("%d people at 2 s", there[2*fps])
	}
}

// The ground truth names the faces that can be seen, and none that somebody
// hides or that is only half in the frame.
func TestTruth(t *testing.T) {
	c := testClip(t)
	frames := c.truth().Frames
	at := func(seconds float64) []clips.Face { return frames[int(seconds*fps)] }
	for _, test := range []struct {
		seconds float64
		badges  []int
	}{
		{0, []int{}}, {3.5, []int{0, 9, 0}}, {5, []int{0, 0}}, {9.5, []int{0, 7}}, {15.9, []int{}},
	} {
		badges := []int{}
		for _, f := range at(test.seconds) {
			badges = append(badges, f.Badge)
			if f.X < -0.1*f.W || f.X+f.W > width+0.1*f.W || f.Y < 0 || f.Y+f.H > deskTop {
				t.Errorf("%.1f s: face %v lies outside", test.seconds, f)
			}
		}
		if !slices.Equal(badges, test.badges) {
			t.Errorf("%.2f s: badges %v, want %v", test.seconds, badges, test.badges)
		}
	}
}

// Somebody is in view when the frame is laid on its side, two are when it is set
// upright, and the ground truth is rotated as the frame is.
func TestRotated(t *testing.T) {
	c := testClip(t)
	truth := c.truth().Frames
	whole, frame := image.NewRGBA(image.Rect(0, 0, width, height)), image.NewRGBA(image.Rect(0, 0, width, height))
	const from, to = int(rotatedFrom * fps), int(rotatedTo * fps)
	for n, want := range map[int]int{from - 1: 1, from: 1, to - 1: 2, to: 2} {
		if got := len(truth[n]); got != want {
			t.Errorf("frame %d: %d faces, want %d", n, got, want)
		}
	}
	for n := from; n < to; n += 10 {
		c.drawUpright(whole, n)
		c.draw(frame, n)
		known := truth[n]
		for i := range c.actors {
			upright, ok := c.seen(i, n)
			if !ok {
				continue
			}
			if f := known[0]; !sameRotated(whole, upright, frame, f) {
				t.Errorf("frame %d: the face of %v is not at %+v", n, upright, f)
			}
			known = known[1:]
		}
	}
}

// sameRotated reports whether f of a frame shows what r of the upright one does, a quarter turn clockwise.
func sameRotated(whole *image.RGBA, r image.Rectangle, frame *image.RGBA, f clips.Face) bool {
	if int(f.W) != r.Dy() || int(f.H) != r.Dx() {
		return false
	}
	for y := range r.Dy() {
		for x := range r.Dx() {
			if whole.RGBAAt(r.Min.X+x, r.Min.Y+y) != frame.RGBAAt(int(f.X+f.W)-1-y, int(f.Y)+x) {
				return false
			}
		}
	}
	return true
}

type brokenPipe struct{ left int }

func (b *brokenPipe) Write(p []byte) (int, error) {
	if b.left--; b.left < 0 {
		return 0, io.ErrClosedPipe
	}
	return len(p), nil
}

func TestWriteStopsAtAnError(t *testing.T) {
	if err := testClip(t).write(&brokenPipe{3}); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("error %v", err)
	}
}

func TestPhotosAreMissing(t *testing.T) {
	if _, err := newClip(t.TempDir()); err == nil {
		t.Error("no photos, no error")
	}
}
