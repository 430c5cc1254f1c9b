package main

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"math"

	"github.com/bauta-gateway/bauta/anonymize/leak"
	"github.com/bauta-gateway/bauta/detector"
)

// The reference where there is no ground truth: what the detector finds with a
// much finer look than a worker can afford, in two pictures running.
const (
	referenceWidth = 1280
	referenceScore = 0.7
)

// reference returns the faces of each picture.
func (b *bench) reference(ctx context.Context, c clip) ([][]leak.Box, error) {
	if c.known {
		return c.truth, nil
	}
	progress("%s: looking for the reference faces", c.name)
	return search(ctx, c)
}

// search has the detector look at every picture.
func search(ctx context.Context, c clip) ([][]leak.Box, error) {
	size := image.Pt(referenceWidth, 32*int(math.RoundToEven(referenceWidth*float64(c.height)/float64(c.width)/32)))
	net, err := detector.NewYuNet(size)
	if err != nil {
		return nil, err
	}
	defer net.Close()
	in, err := openVideo(ctx, c.path, c.width, c.height, "yuv420p")
	if err != nil {
		return nil, err
	}
	defer in.close()
	var all [][]leak.Box
	img := newPlanes(c.width, c.height)
	whole := []detector.Tile{{Src: img.Rect, Dst: image.Rectangle{Max: size}}}
	for {
		if err := in.read(img.Y, img.Cb, img.Cr); errors.Is(err, io.EOF) {
			return leak.Confirmed(all), nil
		} else if err != nil {
			return nil, err
		}
		faces, err := net.Detect(img, true, whole, referenceScore)
		if err != nil {
			return nil, err
		}
		all = append(all, boxes(faces))
	}
}

func boxes(faces []detector.Face) []leak.Box {
	var out []leak.Box
	for _, f := range faces {
		out = append(out, leak.Box{X: float64(f.X), Y: float64(f.Y), W: float64(f.W), H: float64(f.H)})
	}
	return out
}

// judge measures an output against its source, picture n against picture n.
// A missing picture is an error: it would move all that follow.
func judge(ctx context.Context, c clip, faces [][]leak.Box, output string) (leak.Result, error) {
	src, err := openVideo(ctx, c.path, c.width, c.height, "gray")
	if err != nil {
		return leak.Result{}, err
	}
	defer src.close()
	out, err := openVideo(ctx, output, c.width, c.height, "gray")
	if err != nil {
		return leak.Result{}, err
	}
	defer out.close()
	var m leak.Meter
	a, b := image.NewGray(image.Rect(0, 0, c.width, c.height)), image.NewGray(image.Rect(0, 0, c.width, c.height))
	for n := 0; ; n++ {
		errA, errB := src.read(a.Pix), out.read(b.Pix)
		switch {
		case errors.Is(errA, io.EOF) && errors.Is(errB, io.EOF) && n == len(faces):
			return m.Result(), nil
		case errA != nil || errB != nil || n == len(faces):
			return leak.Result{}, fmt.Errorf("picture %d of %d: source: %v, output: %v", n, len(faces), errA, errB)
		}
		m.Add(a, b, faces[n])
	}
}
