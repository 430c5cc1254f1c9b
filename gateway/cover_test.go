package gateway

import (
	"bytes"
	"errors"
	"io"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// coverOf is what the worker was told: whether what moves anywhere is blurred.
func coverOf(g *Gateway) string {
	c := g.camera("lobby")
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, z := range c.told.Zones {
		if z.Kind == zone.Moving && len(z.Points) == 4 {
			return config.CoverMoving
		}
	}
	return config.CoverFaces
}

// What is masked is stored with the camera, holds at once and after a restart,
// and takes nothing else of the camera along.
func TestCover(t *testing.T) {
	cfg := settings(t)
	g, client := start(t, Options{Config: cfg})
	if _, err := client.AddCamera(t.Context(), api.NewCamera{Name: "lobby", URL: nobody, User: "admin", Password: "topsecret", Mask: "solid"}); err != nil {
		t.Fatal(err)
	}
	if got := cameraStatus(t, client, "lobby").Cover; got != config.CoverFaces || coverOf(g) != config.CoverFaces {
		t.Errorf("a new camera covers %q, its worker %q", got, coverOf(g))
	}
	var refused *api.Error
	if err := client.SetCover(t.Context(), "lobby", "nothing"); !errors.As(err, &refused) || refused.Code != api.CodeInvalid {
		t.Errorf("no cover at all: %v", err)
	}
	if err := client.SetCover(t.Context(), "nobody", config.CoverMoving); !errors.As(err, &refused) || refused.Code != api.CodeNotFound {
		t.Errorf("no camera: %v", err)
	}
	if err := client.SetCover(t.Context(), "lobby", config.CoverMoving); err != nil {
		t.Fatal(err)
	}
	if got := cameraStatus(t, client, "lobby").Cover; got != config.CoverMoving || coverOf(g) != config.CoverMoving {
		t.Errorf("changed to %q, the worker's to %q", got, coverOf(g))
	}
	if !onTrail(t, g, "camera.cover", "cover=moving") {
		t.Error("the change is not on the audit trail")
	}
	g.Close()

	g, client = start(t, Options{Config: cfg})
	cam, err := g.store.Camera("lobby")
	if err != nil || cam.Cover != config.CoverMoving || cam.Mask != "solid" || cam.Password.Reveal() != "topsecret" {
		t.Errorf("stored %+v, %v", cam, err)
	}
	if coverOf(g) != config.CoverMoving {
		t.Error("after a restart the worker is told of faces only")
	}
	if err := client.SetCover(t.Context(), "lobby", config.CoverFaces); err != nil || coverOf(g) != config.CoverFaces {
		t.Errorf("taken back: %v, the worker's %q", err, coverOf(g))
	}
	if _, err := client.AddCamera(t.Context(), api.NewCamera{ID: "lobby", Name: "lobby", URL: nobody, Cover: config.CoverMoving, Replace: true}); err != nil || coverOf(g) != config.CoverMoving {
		t.Errorf("replaced: %v, the worker's %q", err, coverOf(g))
	}
	if _, err := client.AddCamera(t.Context(), api.NewCamera{ID: "lobby", Name: "lobby", URL: nobody, Password: "another", Replace: true}); err != nil || coverOf(g) != config.CoverMoving {
		t.Errorf("replaced for the sake of a password: %v, the worker's %q", err, coverOf(g))
	}
	if !onTrail(t, g, "camera.added", "place= cover=moving") {
		t.Error("the trail does not say what is masked")
	}
	if _, err := client.AddCamera(t.Context(), api.NewCamera{Name: "yard", URL: nobody, Cover: "nothing"}); !errors.As(err, &refused) || refused.Code != api.CodeInvalid {
		t.Errorf("a camera of no cover: %v", err)
	}
}

func onTrail(t *testing.T, g *Gateway, action, detail string) bool {
	t.Helper()
	found := false
	_, err := g.store.Trail(time.Time{}, time.Now().Add(time.Hour), func(l store.Link) error {
		found = found || bytes.Contains(l.Text, []byte(action)) && bytes.Contains(l.Text, []byte(detail))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// drift is a clip in which everything moves.
func drift(t *testing.T) string {
	t.Helper()
	need(t, "ffmpeg")
	out := filepath.Join(t.TempDir(), "drift.mp4")
	source := "nullsrc=s=640x360:r=15:d=4,geq=lum='60+130*lt(mod(X+3*N,40),20)':cb=128:cr=128"
	b, err := exec.CommandContext(t.Context(), "ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i", source, "-pix_fmt", "yuv420p",
		"-c:v", "libx264", "-preset", "ultrafast", "-g", "8", "-bf", "0", out).CombinedOutput()
	if err != nil {
		t.Fatalf("ffmpeg: %v\n%s", err, b)
	}
	return out
}

// stripesLeft is the mean step between neighbours in a row of a small frame:
// about 13 where the stripes of drift are shown, near 0 where they are blurred.
func stripesLeft(frame []byte) float64 {
	sum := 0
	for i := 1; i < len(frame); i++ {
		if i%smallW != 0 {
			sum += int(max(frame[i], frame[i-1]) - min(frame[i], frame[i-1]))
		}
	}
	return float64(sum) / float64(len(frame))
}

// A real worker blurs what moves as soon as the camera's cover says so, and
// shows it again when that is taken back.
func TestE2ECoverMoving(t *testing.T) {
	g, client := start(t, Options{Config: realSettings(t), Demo: drift(t)})
	awaitMasking(t, g, "demo")
	stream := grey(t, "-fflags", "nobuffer", "-flags", "low_delay", "-threads", "1", "-rtsp_transport", "tcp", "-i", g.Viewer().URLs[0])
	frame := make([]byte, smallW*smallH)
	// A player shows what it had buffered first, so a few frames prove nothing;
	// a busy machine may put a slate or a blurred picture in between.
	await := func(what string, is func(left float64) bool) {
		t.Helper()
		var seen []int
		for run := 0; len(seen) < 600; {
			if _, err := io.ReadFull(stream, frame); err != nil {
				t.Fatal(err)
			}
			left := stripesLeft(frame)
			seen = append(seen, int(left))
			if run++; !is(left) {
				run = 0
			}
			if run >= 40 && cameraStatus(t, client, "demo").Protection == media.Protected {
				return
			}
		}
		t.Fatalf("%s: the mean steps are %v", what, seen)
	}
	shown := func(left float64) bool { return left > 8 }
	await("what moves was never shown", shown)
	if err := client.SetCover(t.Context(), "demo", config.CoverMoving); err != nil {
		t.Fatal(err)
	}
	await("what moves was never blurred", func(left float64) bool { return left < 3 })
	if err := client.SetCover(t.Context(), "demo", config.CoverFaces); err != nil {
		t.Fatal(err)
	}
	await("what moves is not shown again", shown)
}
