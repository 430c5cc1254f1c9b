package pipeline

import (
	"fmt"
	"image"
	"testing"
	"time"

	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"

	"github.com/bauta-gateway/bauta/anonymize/detect"
	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/detector/track"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// faceAt finds one face, always there.
func faceAt(x, y, side float32) *stubFinder {
	return &stubFinder{faces: func(int) []track.Face {
		return []track.Face{{Box: track.Box{X: x, Y: y, W: side, H: side}, Score: 0.9}}
	}}
}

// checkers paints a frame whose every part is told from grey.
func checkers(_ int, img *image.YCbCr) {
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			img.Y[y*img.YStride+x] = byte(40 + 160*(x/16%2^y/16%2))
		}
	}
	for i := range img.Cb {
		img.Cb[i], img.Cr[i] = 128, 128
	}
}

// contrast is how far luma reaches within a part of a frame.
func contrast(img *image.YCbCr, r image.Rectangle) int {
	low, high := 255, 0
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			v := int(img.Y[y*img.YStride+x])
			low, high = min(low, v), max(high, v)
		}
	}
	return high - low
}

// Panoramas are masked at their own size, to their far end, and say the level of H.264 that
// they need (ITU-T H.264, table A-1: 31104 macroblocks at 25 a second are level 5.1, 64800 are 6).
func TestPanoramas(t *testing.T) {
	for _, c := range []struct {
		size  image.Point
		level byte
	}{{image.Pt(4608, 1728), 51}, {image.Pt(7680, 2160), 60}, {image.Pt(1728, 4608), 51}} {
		t.Run(fmt.Sprint(c.size), func(t *testing.T) {
			at := c.size.Sub(image.Pt(300, 300))
			p := newPipeline(t, faceAt(float32(at.X), float32(at.Y), 100), defaults)
			v, seen := newViewer(t), 0
			push(t, p, encode(t, c.size, 25, 3, false, checkers), func(r wire.Result) {
				if r.Record.Code != media.Masked || r.Record.Width != c.size.X || r.Record.Height != c.size.Y {
					t.Fatalf("%v, %dx%d", r.Record.Code, r.Record.Width, r.Record.Height)
				}
				if r.Keyframe {
					checkLevel(t, r.NALUs, c.level)
				}
				v.see(r, func(img *image.YCbCr) {
					seen++
					face := image.Rectangle{at, at.Add(image.Pt(100, 100))}
					if n := contrast(img, face.Inset(15)); n > 90 {
						t.Errorf("frame %d: a contrast of %d in the face", r.Record.Seq, n)
					}
					if n := contrast(img, image.Rect(at.X-400, at.Y, at.X-300, at.Y+100)); n < 120 {
						t.Errorf("frame %d: a contrast of %d beside the face", r.Record.Seq, n)
					}
				})
			})
			if seen != 3 {
				t.Errorf("%d frames", seen)
			}
		})
	}
}

func checkLevel(t *testing.T, nalus [][]byte, want byte) {
	t.Helper()
	for _, n := range nalus {
		var s h264.SPS
		if media.H264Type(n) == h264.NALUTypeSPS {
			if err := s.Unmarshal(n); err != nil || s.LevelIdc != want {
				t.Errorf("level %d, %v, want %d", s.LevelIdc, err, want)
			}
		}
	}
}

// At half size masks and zones lie where they lie in the frame, and all else is seen.
func TestHalfSizeIsMasked(t *testing.T) {
	s := defaults
	s.RateCap, s.Size = 0, media.OutputHalf
	s.Zones = []zone.Zone{{ID: "till", Kind: zone.Private, Points: []zone.Point{{X: 0.75, Y: 0}, {X: 1, Y: 0}, {X: 1, Y: 0.5}, {X: 0.75, Y: 0.5}}}}
	finder := faceAt(100, 200, 80)
	p := newPipeline(t, finder, s)
	v := newViewer(t)
	push(t, p, encode(t, image.Pt(642, 352), 25, 10, false, checkers), func(r wire.Result) {
		if r.Record.Code != media.Masked || r.Record.Width != 320 || r.Record.Height != 176 || r.Record.Masked != 1 {
			t.Fatalf("%+v", r.Record)
		}
		v.see(r, func(img *image.YCbCr) {
			if img.Rect.Size() != image.Pt(320, 176) {
				t.Fatalf("a viewer gets %v", img.Rect)
			}
			for name, c := range map[string]struct {
				r     image.Rectangle
				shown bool
			}{
				"face":                           {image.Rect(55, 105, 85, 135), false},
				"beside the face":                {image.Rect(110, 105, 150, 135), true},
				"where it would be at full size": {image.Rect(140, 140, 180, 170), true},
				"zone":                           {image.Rect(244, 4, 316, 84), false},
				"below the zone":                 {image.Rect(244, 100, 316, 170), true},
				"beside the zone":                {image.Rect(190, 4, 236, 84), true},
			} {
				if n := contrast(img, c.r); (n > 90) != c.shown {
					t.Errorf("frame %d: a contrast of %d: %s", r.Record.Seq, n, name)
				}
			}
		})
	})
	if len(finder.passes) == 0 {
		t.Error("nobody looked for faces")
	}
}

// slowFinder takes its time.
type slowFinder struct {
	stubFinder
	pass time.Duration
}

func (f *slowFinder) Detect(v detect.View) (track.Pass, error) {
	time.Sleep(f.pass)
	return f.stubFinder.Detect(v)
}

// A camera of more than 4096 pixels whose frames take longer than there is time leaves at half
// size after a second, from a keyframe on, and no frame is lost; one that is fast does not, nor
// does one whose settings say so, nor one of 4096.
func TestHalfSizeWhereTheHostIsSlow(t *testing.T) {
	for name, c := range map[string]struct {
		width int
		size  media.OutputSize
		pass  time.Duration
		half  bool
	}{
		"slow": {4608, media.OutputAuto, 250 * time.Millisecond, true}, "fast": {4608, media.OutputAuto, 0, false},
		"slow, full": {4608, media.OutputFull, 250 * time.Millisecond, false}, "slow, of 4096": {4096, media.OutputAuto, 250 * time.Millisecond, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := defaults
			s.Size = c.size
			p, err := New(Config{Codec: media.H264, Live: true, Finder: &slowFinder{pass: c.pass}, Settings: s})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(p.Close)
			list, before, changes := units(t, 0, fmt.Sprintf("testsrc2=s=%dx96:r=25:d=2", c.width)), c.width, 0
			if c.pass == 0 { // a camera of 2.5 frames a second: time enough on any host
				for i := range list {
					list[i].PTS *= 10
				}
			}
			got := run(t, p, list)
			for _, r := range got {
				if r.Record.Width != before {
					changes++
					if before = r.Record.Width; !r.Keyframe || r.Record.Width != c.width/2 || r.Record.Height != 48 {
						t.Errorf("unit %d: %dx%d, keyframe %v", r.Record.Seq, r.Record.Width, r.Record.Height, r.Keyframe)
					}
				}
				if r.Record.Code != media.Masked {
					t.Errorf("unit %d: %v", r.Record.Seq, r.Record.Code)
				}
			}
			if len(got) != len(list) || (changes == 1) != c.half || changes > 1 {
				t.Errorf("%d results for %d units, %d changes of size", len(got), len(list), changes)
			}
		})
	}
}

// Sizes beyond the bounds are refused with the size.
func TestRefusedSizes(t *testing.T) {
	for _, size := range []image.Point{{7696, 96}, {96, 7696}, {4336, 4352}, {96, 80}} {
		for _, r := range run(t, newPipeline(t, &stubFinder{}, defaults), units(t, 0, fmt.Sprintf("testsrc2=s=%dx%d:r=25:d=0.1", size.X, size.Y))) {
			if r.Record.Code != media.Unsupported || r.NALUs != nil || r.Record.Width != size.X || r.Record.Height != size.Y {
				t.Errorf("%v: %v, %dx%d", size, r.Record.Code, r.Record.Width, r.Record.Height)
			}
		}
	}
}
