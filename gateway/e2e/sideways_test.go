package e2e

import (
	"image"
	"io"
	"testing"

	"github.com/bauta-gateway/bauta/anonymize/leak"
	"github.com/bauta-gateway/bauta/gateway/redact"
	"github.com/bauta-gateway/bauta/hardware/clips"
)

// The frames in which the demo's clip lies on its side (cmd/dev/bauta-demo-clip), and those behind.
const sidewaysFrom, sidewaysTo = 350, 420

// bareFaces counts a clip's known faces in each frame, and those that are bare in what was made of it.
func bareFaces(t *testing.T, source, output string) (shown, all []int) {
	t.Helper()
	truth := clips.TruthOf(t, source)
	a, b := luma(t, source), luma(t, output)
	size := image.Rect(0, 0, truth.Width, truth.Height)
	src, out := image.NewGray(size), image.NewGray(size)
	for n, known := range truth.Frames {
		if _, err := io.ReadFull(a, src.Pix); err != nil {
			t.Fatalf("picture %d of the source: %v", n, err)
		}
		if _, err := io.ReadFull(b, out.Pix); err != nil {
			t.Fatalf("picture %d of the output: %v", n, err)
		}
		boxes := make([]leak.Box, len(known))
		for i, f := range known {
			boxes[i] = box(f)
		}
		some, of := bare(src, out, boxes)
		shown, all = append(shown, some), append(all, of)
	}
	return shown, all
}

func sum(list []int) (n int) {
	for _, v := range list {
		n += v
	}
	return n
}

// The demo's clip, as a newcomer has it: everybody is masked, also while the frame lies on its
// side and when it stands upright again. Within a second of each change the order allows bare faces.
func TestE2EDemoOnItsSide(t *testing.T) {
	o := redactOptions(t, demoClip(t))
	if _, err := redact.File(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	shown, all := bareFaces(t, demoClip(t), o.Out)
	for name, part := range map[string]struct{ from, to, fewest int }{
		"upright":       {0, sidewaysFrom, 300},
		"on its side":   {sidewaysFrom, sidewaysTo, 70},
		"upright again": {sidewaysTo, len(all), 10},
	} {
		faces, changed := sum(all[part.from:part.to]), 0
		if part.from > 0 {
			changed = int(within * rate)
		}
		t.Logf("%s: %d faces, %d bare within a second, %d later", name, faces, sum(shown[part.from:part.from+changed]), sum(shown[part.from+changed:part.to]))
		if faces < part.fewest || sum(shown[part.from+changed:part.to]) > 0 {
			t.Errorf("%s: of %d faces bare, by picture: %v", name, faces, shown[part.from:part.to])
		}
	}
}
