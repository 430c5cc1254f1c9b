package main

import (
	"bytes"
	"context"
	"errors"
	"image"
	"io"
	"path/filepath"
	"sync"
	"testing"
)

// The scene takes a second to paint: once is enough.
var testScene = sync.OnceValues(func() (*clip, error) {
	module, err := gocvModule(context.Background())
	if err != nil {
		return nil, err
	}
	return newClip(filepath.Join(module, "images"))
})

func testClip(t *testing.T) *clip {
	t.Helper()
	c, err := testScene()
	if err != nil {
		t.Skip("gocv's photos are not at hand: ", err)
	}
	return c
}

// The first three seconds are empty, later somebody is there, the last frame
// is empty again, so that the loop has no jump.
func TestScene(t *testing.T) {
	c := testClip(t)
	frame := func(n int) []byte {
		f := image.NewRGBA(image.Rect(0, 0, width, height))
		c.draw(f, n)
		return f.Pix[4*width*60:] // below the caption
	}
	empty := frame(0)
	for n, want := range map[int]bool{3 * fps: true, 4 * fps: false, 7 * fps: false, 12 * fps: false, seconds*fps - 1: true} {
		if got := bytes.Equal(frame(n), empty); got != want {
			t.Errorf("frame %d: empty is %v", n, got)
		}
	}
}

// Two people are in the picture at 7 s, with the desk before them.
func TestActorsStandBehindTheDesk(t *testing.T) {
	c := testClip(t)
	there := 0
	for _, a := range c.actors {
		if p, ok := a.at(7); ok {
			there++
			if low := p.Y + a.body.Rect.Dy(); low < deskTop {
				t.Errorf("a cut-out ends at %d, above the desk", low)
			}
		}
	}
	if there != 2 {
		t.Errorf("%d people at 7 s", there)
	}
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
