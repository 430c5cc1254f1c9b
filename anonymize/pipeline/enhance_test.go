package pipeline

import (
	"fmt"
	"image"
	"math"
	"os/exec"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/decision"
	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/hardware/clips"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// distant are two seconds of the demo's clip in the middle of a 720p frame, a quarter as
// large, through a filter of ffmpeg's, and its faces there: 18 to 28 pixels wide.
func distant(t *testing.T, filter string) (list []wire.Unit, faces [][]clips.Face) {
	t.Helper()
	clip := clips.Path(t, "demo.mp4")
	truth := clips.TruthOf(t, clip)
	out, err := exec.Command("ffmpeg", "-v", "error", "-ss", "1", "-t", "2", "-i", clip, "-an", "-vf", "scale=320:180,pad=1280:720:480:270:gray,"+filter, "-c:v", "libx264",
		"-preset", "veryfast", "-bf", "0", "-crf", "16", "-x264-params", "aud=1", "-f", "h264", "-").Output()
	if err != nil {
		t.Fatalf("ffmpeg: %v; `make setup-test` installs it", err)
	}
	list = split(out, int(truth.FPS))
	before := len(list) - 2*int(truth.FPS) // what the filter put there
	faces = make([][]clips.Face, before)
	for _, frame := range truth.Frames[int(truth.FPS):][:len(list)-before] {
		var small []clips.Face
		for _, f := range frame {
			small = append(small, clips.Face{X: 480 + f.X/4, Y: 270 + f.Y/4, W: f.W / 4, H: f.H / 4})
		}
		faces = append(faces, small)
	}
	return list, faces
}

// bare is the share of faces whose middle no mask covers, of those that are wholly in the clip;
// at says where the filter put a point.
func bare(t *testing.T, list []wire.Unit, faces [][]clips.Face, at func(x, y float64) image.Point) float64 {
	t.Helper()
	return bareAt(t, media.Normal, list, faces, at)
}

// bareAt is the same at a degradation level.
func bareAt(t *testing.T, level media.Degradation, list []wire.Unit, faces [][]clips.Face, at func(x, y float64) image.Point) float64 {
	t.Helper()
	p := newPipeline(t, newModel(t), wire.Settings{LookAhead: 200 * time.Millisecond, Mask: "solid"})
	p.levels.Level, p.levels.Floor = level, level
	n, open, all := 0, 0, 0
	push(t, p, list, func(r wire.Result) {
		if r.Record.Code != media.Masked {
			t.Fatalf("frame %d: %v", n, r.Record.Code)
		}
		for _, f := range faces[n] {
			if f.X < 480 || f.X+f.W > 800 || f.Y < 270 || f.Y+f.H > 450 {
				continue
			}
			if all++; !maskedAt(p, n, at(f.X+f.W/2, f.Y+f.H/2)) {
				open++
			}
		}
		n++
	})
	if all < 60 {
		t.Fatalf("only %d faces in %d frames", all, n)
	}
	return float64(open) / float64(all)
}

func maskedAt(p *Pipeline, n int, at image.Point) bool {
	for _, tr := range p.tracker.Tracks().Tracks() {
		if s, ok := tr.At(n); ok && at.In(decision.MaskRect(s, tr.Proved())) {
			return true
		}
	}
	return false
}

// Small faces in the dark, with noise and without: before contrast was evened and noise
// averaged, nine of ten were bare.
func TestSmallFacesInTheDark(t *testing.T) {
	dim := func(share float64) string {
		return fmt.Sprintf("lutyuv=y='16+(val-16)*%v':u='128+(val-128)*%v':v='128+(val-128)*%v'", share, share, share)
	}
	for name, c := range map[string]struct {
		filter string
		most   float64
	}{
		"dark":            {dim(0.12), 0.1},
		"dark and noisy":  {dim(0.15) + ",noise=c0s=14:c0f=t:c0_seed=7", 0.3},
		"noisy by itself": {"noise=c0s=14:c0f=t:c0_seed=7", 0.1},
	} {
		t.Run(name, func(t *testing.T) {
			list, faces := distant(t, c.filter)
			if got := bare(t, list, faces, func(x, y float64) image.Point { return image.Pt(int(x), int(y)) }); got > c.most {
				t.Errorf("%.3f of the faces are bare, want %v at most", got, c.most)
			}
		})
	}
}

// Small faces of a camera that hangs sideways or aslant, of whom a lens or the encoder took the
// detail, and who come where nobody was: before, nearly all of them were bare.
func TestSmallBlurredFacesOfARotatedCamera(t *testing.T) {
	aslant := func(eighths float64) func(x, y float64) image.Point {
		sin, cos := math.Sincos(eighths * math.Pi / 4)
		return func(x, y float64) image.Point {
			return image.Pt(int(640+(x-640)*cos-(y-360)*sin), int(360+(x-640)*sin+(y-360)*cos))
		}
	}
	for rotate, at := range map[string]func(x, y float64) image.Point{
		"transpose=1":  func(x, y float64) image.Point { return image.Pt(int(720-y), int(x)) },
		"transpose=2":  func(x, y float64) image.Point { return image.Pt(int(y), int(1280-x)) },
		"hflip,vflip":  func(x, y float64) image.Point { return image.Pt(int(1280-x), int(720-y)) },
		"rotate=PI/4":  aslant(1),
		"rotate=-PI/4": aslant(-1),
	} {
		t.Run(rotate, func(t *testing.T) {
			list, faces := distant(t, "gblur=sigma=0.8,tpad=start=25:color=gray,"+rotate)
			if got := bare(t, list, faces, at); got > 0.1 {
				t.Errorf("%.3f of the faces are bare", got)
			}
		})
	}
}

// Somebody whose face is small comes to lie beside people who stand: found within half a second.
func TestSmallFacesOfWhoLiesAmongOthers(t *testing.T) {
	list, faces := distant(t, "split[a][b];[b]transpose=1,crop=180:320:270:480[c];[a][c]overlay=1000:300:enable='gte(t,0.6)'")
	lying := func(x, y float64) image.Point { return image.Pt(int(1000+180-(y-270)), int(300+x-480)) }
	if got := bare(t, list, faces, lying); got > 0.4 { // nobody lies there in the first 0.6 of two seconds
		t.Errorf("%.3f of the faces are bare", got)
	}
}

// A camera that hangs upside down and starts while there is too much to do is searched at all
// rotations all the same.
func TestARotatedCameraStartsUnderLoad(t *testing.T) {
	upside := func(x, y float64) image.Point { return image.Pt(int(1280-x), int(720-y)) }
	list, faces := distant(t, "hflip,vflip")
	if got := bareAt(t, media.DetectLess, list, faces, upside); got > 0.1 {
		t.Errorf("%.3f of the faces are bare", got)
	}
}
