package e2e

import (
	"errors"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// What is masked is stored with the camera, and said of it, also after a restart. What its
// worker has of it, package camera tests.
func TestCoverIsStored(t *testing.T) {
	cfg := settings(t)
	g, client := start(t, gateway.Options{Config: cfg})
	if _, err := client.AddCamera(t.Context(), api.NewCamera{Name: "lobby", URL: nobody, User: "admin", Password: "topsecret", Mask: "solid"}); err != nil {
		t.Fatal(err)
	}
	is := func(what, want string) {
		t.Helper()
		if got := cameraStatus(t, client, "lobby").Cover; got != want {
			t.Errorf("%s: %q, want %q", what, got, want)
		}
	}
	is("a new camera", config.CoverFaces)
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
	is("changed", config.CoverMoving)
	g.Close()
	assertLogged(t, cfg, "camera.cover", "cover=moving")
	if cam := storedCamera(t, cfg, "lobby"); cam.Cover != config.CoverMoving || cam.Mask != "solid" || cam.Password.Reveal() != "topsecret" {
		t.Errorf("stored %+v", cam)
	}

	g, client = start(t, gateway.Options{Config: cfg})
	is("after a restart", config.CoverMoving)
	if err := client.SetCover(t.Context(), "lobby", config.CoverFaces); err != nil {
		t.Fatal(err)
	}
	is("taken back", config.CoverFaces)
	for _, c := range []struct {
		what string
		n    api.NewCamera
	}{{"replaced", api.NewCamera{Cover: config.CoverMoving}}, {"replaced for the sake of a password", api.NewCamera{Password: "another"}}} {
		c.n.ID, c.n.Name, c.n.URL, c.n.Replace = "lobby", "lobby", nobody, true
		if _, err := client.AddCamera(t.Context(), c.n); err != nil {
			t.Fatal(err)
		}
		is(c.what, config.CoverMoving)
	}
	if _, err := client.AddCamera(t.Context(), api.NewCamera{Name: "yard", URL: nobody, Cover: "nothing"}); !errors.As(err, &refused) || refused.Code != api.CodeInvalid {
		t.Errorf("a camera of no cover: %v", err)
	}
	g.Close()
	assertLogged(t, cfg, "camera.added", "place= cover=moving")
}

// assertLogged looks for a record in the audit log of a gateway that has stopped.
func assertLogged(t *testing.T, cfg config.Config, action, detail string) {
	t.Helper()
	for _, e := range auditRecords(t, cfg.Store()) {
		if e.Action == action && strings.Contains(e.Detail, detail) {
			return
		}
	}
	t.Errorf("the audit log holds no %s with %s", action, detail)
}

// storedCamera is what the store of a gateway that has stopped has of a camera.
func storedCamera(t *testing.T, cfg config.Config, id media.CameraID) store.Camera {
	t.Helper()
	s, err := store.Open(cfg.Store(), store.Options{AsIs: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	cam, err := s.Camera(id)
	if err != nil {
		t.Fatal(err)
	}
	return cam
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
	g, client := start(t, gateway.Options{Config: realSettings(t), Demo: drift(t)})
	awaitMasking(t, g, "demo")
	stream := grey(t, "-fflags", "nobuffer", "-flags", "low_delay", "-threads", "1", "-rtsp_transport", "tcp", "-i", viewer(t, g).URLs[0])
	frame := make([]byte, smallW*smallH)
	// A player shows what it had buffered first, so a few frames prove nothing;
	// a busy machine may put a slate or a blurred frame in between.
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
