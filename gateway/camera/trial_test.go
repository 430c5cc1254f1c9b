package camera

import (
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/demo"
	"github.com/bauta-gateway/bauta/gateway/rtsp"
	"github.com/bauta-gateway/bauta/gateway/worker"
	"github.com/bauta-gateway/bauta/gateway/worker/workertest"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// reach is what to say of a camera so that it is reached.
func reach(c *demo.Camera, id string) api.NewCamera {
	return api.NewCamera{ID: id, Name: "gate", URL: c.URL(), User: c.User(), Password: c.Password()}
}

// newWorkingSet is a set whose worker answers, with a card.
func newWorkingSet(t *testing.T) (*testSet, *workertest.Worker) {
	t.Helper()
	s, w := newSet(t), workertest.New(t)
	s.cfg.Program.Path = w.Path
	return s, w
}

// refusedFor is the reason for which a camera was refused; empty: it was not.
func refusedFor(t *testing.T, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	var e *api.Error
	if !errors.As(err, &e) || e.Code != api.CodeProbe {
		t.Fatalf("%v is no refusal of a camera", err)
	}
	return e.Reason
}

// A camera works once a worker has masked a frame of it, and not before.
func TestTrial(t *testing.T) {
	t.Parallel() // it mostly waits
	cam := workertest.Camera(t)
	s, w := newWorkingSet(t)
	got, err := s.Test(t.Context(), reach(cam, ""))
	if err != nil || got.Width != 160 || got.Height != 120 || got.MaskedWidth != 64 || got.MaskedHeight != 48 {
		t.Errorf("%+v, %v", got, err)
	}
	for code, want := range map[media.Code]string{
		media.Unsupported: "unsupported_size", media.Undecodable: "undecodable", media.Disagreeing: "disagreeing",
	} {
		w.Refuse(t, code)
		if _, err := s.Test(t.Context(), reach(cam, "")); refusedFor(t, err) != want {
			t.Errorf("a worker that says %v: %v, want %s", code, err, want)
		}
	}
	s.cfg.Program.Path += "-that-is-not-there"
	if _, err := s.Test(t.Context(), reach(cam, "")); refusedFor(t, err) != "worker_missing" {
		t.Errorf("without a worker: %v", err)
	}
}

// A trial takes nothing from the running camera's own worker.
func TestTrialDisturbsNobody(t *testing.T) {
	t.Parallel() // it mostly waits
	cam := workertest.Camera(t)
	s, w := newWorkingSet(t)
	s.add(t, reach(cam, "gate"))
	c := s.camera("gate")
	masking := func() bool { return s.camera("gate").status().Worker.State == string(worker.Masking) }
	eventually(t, "the camera is masked", masking)
	before := c.status().Worker
	if got, err := s.TestStored(t.Context(), "gate"); err != nil || got.MaskedWidth != 64 {
		t.Errorf("%+v, %v", got, err)
	}
	if after := c.status().Worker; after.PID != before.PID || after.Restarts != before.Restarts || !masking() {
		t.Errorf("the worker was %+v and is %+v", before, after)
	}
	// Where there is no room for another worker, the running one tells.
	s.cfg.Limit = 1
	w.Forget(t)
	if got, err := s.TestStored(t.Context(), "gate"); err != nil || got.MaskedWidth != 64 {
		t.Errorf("at the limit: %+v, %v", got, err)
	}
	if _, started := w.Settings(t, "trial"); started {
		t.Error("a worker was started beyond the limit")
	}
	w.Refuse(t, media.Unsupported)
	eventually(t, "the running worker refuses", func() bool { return !masking() })
	if _, err := s.TestStored(t.Context(), "gate"); refusedFor(t, err) != "unsupported_size" {
		t.Errorf("at the limit, refused: %v", err)
	}
	if _, err := s.Test(t.Context(), reach(cam, "")); code(err) != api.CodeInvalid {
		t.Errorf("one more at the limit: %v", err)
	}
}

// What no worker takes is refused with its size, by a test and at add.
func TestSizeThatIsRefused(t *testing.T) {
	t.Parallel() // it mostly waits
	cam, small := workertest.Camera(t), workertest.CameraOf(t, "80x64")
	s, _ := newWorkingSet(t)
	refuse := func(what string, err error) {
		t.Helper()
		if refusedFor(t, err) != "unsupported_size" || !strings.Contains(err.Error(), "80x64") {
			t.Errorf("%s: %v", what, err)
		}
	}
	_, err := s.Test(t.Context(), reach(small, ""))
	refuse("a test", err)
	_, err = s.Add(t.Context(), reach(small, "gate"))
	refuse("a new camera", err)
	if _, err := s.cfg.Store.Camera("gate"); s.Has("gate") || err == nil {
		t.Errorf("it stayed: %v", err)
	}
	if !s.logged(t, "camera.removed", "reason=unsupported_size") {
		t.Error("no record of that")
	}
	s.add(t, reach(cam, "gate"))
	other := reach(small, "gate")
	other.Replace = true
	_, err = s.Add(t.Context(), other)
	refuse("another in its place", err)
	if rec, err := s.cfg.Store.Camera("gate"); err != nil || rec.URL != cam.URL() || s.camera("gate").cfg.source.URL != cam.URL() {
		t.Errorf("the former one: %+v, %v", rec, err)
	}
}

// A camera that says nothing does not hold Add up for long, nor any other change.
func TestAddDoesNotWaitForASilentCamera(t *testing.T) {
	t.Parallel() // it mostly waits
	address := silent(t)
	s, _ := newWorkingSet(t)
	added := make(chan error, 1)
	begin := time.Now()
	go func() {
		_, err := s.Add(t.Context(), api.NewCamera{ID: "mute", Name: "mute", URL: address})
		added <- err
	}()
	eventually(t, "it is there", func() bool { return s.Has("mute") })
	if err := s.SetCover(t.Context(), "mute", "moving"); err != nil {
		t.Errorf("a setting meanwhile: %v", err)
	}
	if err := <-added; err != nil || time.Since(begin) > addWait+5*time.Second {
		t.Errorf("after %v: %v", time.Since(begin), err)
	}
}

func TestVerdictNamesItsReason(t *testing.T) {
	s := &Set{cfg: Config{Log: slog.New(slog.DiscardHandler)}}
	for _, v := range []verdict{{reason: text.SlateUnsupportedSize}, {reason: text.SlateWorkerSlow, detail: "late"}} {
		err := s.refused("gate", v, rtsp.ProbeResult{Width: 640, Height: 480})
		if got := refusedFor(t, err); got != reasonCode(v.reason) || err.Error() == "" {
			t.Errorf("%+v: %v", v, err)
		}
	}
	if err := s.refused("gate", verdict{width: 64, height: 48}, rtsp.ProbeResult{}); err != nil {
		t.Error(err)
	}
}
