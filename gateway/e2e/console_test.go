package e2e

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	"io"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/leak"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/clips"
)

// What the console gives of a camera with faces is masked, by both of the
// routes that return frames. Each frame is compared with the frame of the
// clip that it was made of. It buys the proof that no other frame than the
// worker's masked one comes out there.
func TestE2EConsoleImagesAreMasked(t *testing.T) {
	need(t, "ffmpeg")
	clip := slowClip(t)
	g, _ := start(t, gateway.Options{Config: realSettings(t), Demo: clip})
	awaitMasking(t, g, "demo")
	m := manager(t, g)
	detector := newStills(t, clip, m.still(t, true))
	bare, visible := 0, 0
	for i := 0; i < len(detector.frames); i += 10 {
		n, leaked := detector.evaluate(detector.frames[i])
		bare, visible = bare+n, visible+leaked
	}
	if bare == 0 || visible < bare {
		t.Fatalf("of %d faces of the clip itself only %d count as visible: the judge is blind", bare, visible)
	}
	faces := 0
	for end := time.Now().Add(3 * patience); faces < 6 && time.Now().Before(end); {
		for _, plain := range []bool{true, false} {
			n, leaked := detector.evaluate(m.still(t, plain))
			if faces += n; leaked > 0 {
				t.Fatalf("%d of %d faces are visible in a snapshot", leaked, n)
			}
		}
	}
	if faces < 6 {
		t.Errorf("only %d faces could be judged", faces)
	}
}

// slowClip is small and at half its pace, so that a busy host looks for faces and does not
// blur all of the frame; every frame is there.
func slowClip(t *testing.T) string {
	t.Helper()
	return convert(t, badgesClip(t), "small.mp4", "-an", "-vf", "scale=640:-2,setpts=2*PTS", "-fps_mode", "passthrough", "-c:v", "libx264", "-preset", "ultrafast", "-g", "8", "-bf", "0")
}

// still is a frame as the console gives it: as JPEG or in JSON.
func (b *browser) still(t *testing.T, plain bool) *image.Gray {
	t.Helper()
	var raw []byte
	if plain {
		res := b.send("GET", "/api/v1/cameras/demo/snapshot.jpg", nil)
		if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "image/jpeg" {
			t.Fatalf("snapshot: %s", res.Status)
		}
		raw, _ = io.ReadAll(res.Body)
	} else {
		var s api.Snapshot
		b.do("GET", "/api/v1/cameras/demo/snapshot", nil, &s)
		raw = s.JPEG
	}
	return gray(t, raw)
}

// gray decodes a JPEG.
func gray(t *testing.T, raw []byte) *image.Gray {
	t.Helper()
	img, err := jpeg.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	out := image.NewGray(image.Rect(0, 0, img.Bounds().Dx(), img.Bounds().Dy()))
	draw.Draw(out, out.Rect, img, img.Bounds().Min, draw.Src)
	return out
}

// stills are a clip's frames at the size of a snapshot, with their faces.
type stills struct {
	frames []*image.Gray
	faces  [][]leak.Box
}

func newStills(t *testing.T, clip string, like *image.Gray) *stills {
	t.Helper()
	w, h := like.Rect.Dx(), like.Rect.Dy()
	truth := clips.TruthOf(t, badgesClip(t))
	scale := float64(w) / float64(truth.Width)
	src := rawVideo(t, fmt.Sprintf("scale=%d:%d:out_range=pc,format=gray", w, h), "-i", clip, "-fps_mode", "passthrough")
	s := &stills{}
	for _, faces := range truth.Frames {
		frame := image.NewGray(like.Rect)
		if _, err := io.ReadFull(src, frame.Pix); errors.Is(err, io.EOF) {
			break // the clip is a part of it
		} else if err != nil {
			t.Fatal(err)
		}
		var boxes []leak.Box
		for _, f := range faces {
			boxes = append(boxes, leak.Box{X: f.X * scale, Y: f.Y * scale, W: f.W * scale, H: f.H * scale})
		}
		s.frames, s.faces = append(s.frames, frame), append(s.faces, boxes)
	}
	return s
}

// evaluate counts the faces of the frame that a still was made of, and those of
// them whose detail is in it. A still that is like no frame, because the host is
// busy and all of it is blurred, has no faces to evaluate.
func (s *stills) evaluate(still *image.Gray) (evaluated, leaked int) {
	best, at := 1e9, 0
	for i, frame := range s.frames {
		if d := difference(frame, still); d < best {
			best, at = d, i
		}
	}
	if best > 8 {
		return 0, 0
	}
	for _, f := range s.faces[at] {
		d, ok := leak.Detail(s.frames[at], still, f)
		if !ok || f.W < leak.MinWidth {
			continue
		}
		if evaluated++; d > leak.Threshold {
			leaked++
		}
	}
	return evaluated, leaked
}

// difference is the mean one of some pixels, in grey levels.
func difference(a, b *image.Gray) float64 {
	sum, n := 0, 0
	for i := 0; i < len(a.Pix) && i < len(b.Pix); i += 7 {
		d := int(a.Pix[i]) - int(b.Pix[i])
		sum, n = sum+max(d, -d), n+1
	}
	return float64(sum) / float64(n)
}

// By construction: only the worker's handle makes a media.Clean, and what gives
// frames to the console and to previews knows that type and the worker's
// snapshots alone. A route that decoded or took a media.Raw would need one of
// these words.
func TestNothingElseGivesFrames(t *testing.T) {
	for _, folder := range []string{"console", "hls", "whep", "fleet"} {
		out, _ := exec.Command("grep", "-rnE", `media\.Raw|wire\.Picture|rtsp\.NewSource|gateway/worker"|^\s+(_ )?"image/(jpeg|png)"$`, "--include=*.go", folder).Output()
		for line := range strings.Lines(string(out)) {
			if file, _, _ := strings.Cut(line, ":"); !strings.HasSuffix(file, "_test.go") {
				t.Errorf("pictures from elsewhere: %s", line)
			}
		}
	}
	out, err := exec.Command("grep", "-rnE", `\.Snapshot\(|\.JPEG`, "--include=*.go", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{"./zones.go": true, "./evidence.go": true, "./api_console.go": true, "./api_zone.go": true}
	for line := range strings.Lines(string(out)) {
		file, _, _ := strings.Cut(line, ":")
		if !strings.HasSuffix(file, "_test.go") && !known[file] && !strings.HasPrefix(file, "./worker/") {
			t.Errorf("a picture leaves by a way that this test does not know: %s", line)
		}
	}
}
