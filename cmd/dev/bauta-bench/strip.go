package main

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	"io"
	"os"
	"path/filepath"

	"github.com/bauta-gateway/bauta/anonymize/leak"
)

const (
	moments      = 4
	momentWidth  = 480 // pixels
	stripGap     = 6   // pixels of white between the pictures
	stripQuality = 84
)

// makeStrip puts moments of the demo's clip above the same of its redacted
// copy. The demo's people are cut out of photos that may be shown.
func (b *bench) makeStrip(ctx context.Context, out string) error {
	progress("picture of before and after")
	c, err := openClip(b.demo)
	if err != nil {
		return fmt.Errorf("%w: run make build/demo.mp4 first", err)
	}
	masked := filepath.Join(b.temp, "demo.mp4")
	if _, err := b.redact(ctx, c.path, masked); err != nil {
		return err
	}
	faces, err := b.reference(ctx, c)
	if err != nil {
		return err
	}
	at := pickMoments(faces)
	h := momentWidth * c.height / c.width
	strip := image.NewRGBA(image.Rect(0, 0, moments*(momentWidth+stripGap)-stripGap, 2*h+stripGap))
	draw.Draw(strip, strip.Rect, image.White, image.Point{}, draw.Src)
	for row, path := range []string{c.path, masked} {
		if err := drawRow(ctx, strip, path, at, h, row*(h+stripGap)); err != nil {
			return err
		}
	}
	return writeJPEG(out, strip)
}

// pickMoments takes, of each of the equal parts of the clip, the picture with
// the most faces, from the middle of a run of equals.
func pickMoments(faces [][]leak.Box) [moments]int {
	var at [moments]int
	for m := range at {
		from, to := len(faces)*m/moments, len(faces)*(m+1)/moments
		best, run := -1, []int(nil)
		for i := from; i < to; i++ {
			switch n := len(faces[i]); {
			case n > best:
				best, run = n, []int{i}
			case n == best:
				run = append(run, i)
			}
		}
		if len(run) > 0 {
			at[m] = run[len(run)/2]
		}
	}
	return at
}

// drawRow puts the pictures of a file side by side.
func drawRow(ctx context.Context, strip *image.RGBA, path string, at [moments]int, height, top int) error {
	in, err := openVideo(ctx, path, momentWidth, height, "rgba")
	if err != nil {
		return err
	}
	defer in.close()
	img, left := image.NewRGBA(image.Rect(0, 0, momentWidth, height)), moments
	for n := 0; left > 0; n++ {
		if err := in.read(img.Pix); errors.Is(err, io.EOF) {
			return fmt.Errorf("%s ends before picture %d", filepath.Base(path), n)
		} else if err != nil {
			return err
		}
		for m, wanted := range at {
			if n == wanted {
				left--
				draw.Draw(strip, img.Rect.Add(image.Pt(m*(momentWidth+stripGap), top)), img, image.Point{}, draw.Src)
			}
		}
	}
	return nil
}

func writeJPEG(path string, img image.Image) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(jpeg.Encode(f, img, &jpeg.Options{Quality: stripQuality}), f.Close())
}
