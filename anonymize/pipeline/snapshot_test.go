package pipeline

import (
	"bytes"
	"image/jpeg"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/detector/track"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// The snapshot is of a frame with its masks on: where a face was found, a
// solid mask has one colour, though the source has a pattern there.
func TestSnapshotIsMasked(t *testing.T) {
	f := &stubFinder{faces: func(int) []track.Face {
		return []track.Face{{Box: track.Box{X: 120, Y: 50, W: 60, H: 70}, Score: 0.95}}
	}}
	s := defaults
	s.Mask = "solid"
	p := newPipeline(t, f, s)
	var shots [][]byte
	p.RequestSnapshot(func(b []byte) { shots = append(shots, b) })
	run(t, p, units(t, 1, pattern320))
	if len(shots) != 1 {
		t.Fatalf("%d snapshots for one request", len(shots))
	}
	img, err := jpeg.Decode(bytes.NewReader(shots[0]))
	if err != nil || img.Bounds().Dx() != 320 || img.Bounds().Dy() != 180 {
		t.Fatalf("%v, %v", img, err)
	}
	want, _, _, _ := img.At(150, 85).RGBA()
	for y := 65; y < 105; y++ {
		for x := 130; x < 170; x++ {
			if r, _, _, _ := img.At(x, y).RGBA(); max(r, want)-min(r, want) > 0x0600 {
				t.Fatalf("pixel %d,%d is %x, the mask's middle %x", x, y, r, want)
			}
		}
	}
}

func TestSnapshotWaitsForAFrameWithoutConsent(t *testing.T) {
	p := newPipeline(t, &stubFinder{}, defaults)
	var shots int
	p.RequestSnapshot(func([]byte) { shots++ })
	var first *pendingFrame
	emit := func(wire.Result) error { return nil }
	for _, u := range units(t, 1, pattern320)[:10] {
		if err := p.Push(u, time.Now(), emit); err != nil {
			t.Fatal(err)
		}
		if len(p.waiting) > 0 {
			first = p.waiting[0]
		}
		if shots > 0 {
			break
		}
	}
	if shots != 1 || first == nil {
		t.Fatalf("%d snapshots", shots)
	}
	p.RequestSnapshot(func([]byte) { shots++ })
	if p.takeSnapshot(first, media.Record{Shown: 1}); shots != 1 {
		t.Error("a frame with a shown face was taken")
	}
	if p.takeSnapshot(first, media.Record{}); shots != 2 {
		t.Error("the request was forgotten")
	}
}
