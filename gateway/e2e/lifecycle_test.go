package e2e

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

func TestCamerasSurviveARestart(t *testing.T) {
	cfg := settings(t)
	log := &logTo{}
	g, client := start(t, gateway.Options{Config: cfg, Log: log.logger()})
	added, err := client.AddCamera(t.Context(), api.NewCamera{Name: "North gate", URL: "rtsp://admin:topsecret@127.0.0.1:9/live", Mask: "solid"})
	if err != nil || added.ID != "north-gate" || added.URL != nobody || added.Mask != "solid" {
		t.Fatalf("added = %+v, %v", added, err)
	}
	eventually(t, "the camera is offline", func() bool {
		return cameraStatus(t, client, "north-gate").Protection == media.Offline
	})
	g.Close()

	g, client = start(t, gateway.Options{Config: cfg, Log: log.logger()})
	if got := cameraStatus(t, client, "north-gate"); got.Name != "North gate" || got.Mask != "solid" || !got.Stored {
		t.Errorf("after the restart: %+v", got)
	}
	g.Close()
	if rec := storedCamera(t, cfg, "north-gate"); rec.User != "admin" || rec.Password.Reveal() != "topsecret" {
		t.Errorf("login in the store: %v", rec.User)
	}

	g, client = start(t, gateway.Options{Config: cfg, Log: log.logger()})
	if err := client.RemoveCamera(t.Context(), "north-gate"); err != nil {
		t.Fatal(err)
	}
	g.Close()

	_, client = start(t, gateway.Options{Config: cfg, Log: log.logger()})
	if cams, err := client.Cameras(t.Context()); err != nil || len(cams) != 0 {
		t.Errorf("after removal: %v, %v", cams, err)
	}
	if strings.Contains(log.String(), "topsecret") {
		t.Error("the password is in the log")
	}
	assertNotOnDisk(t, cfg.Data, "topsecret")
}

func TestRefusals(t *testing.T) {
	cfg := settings(t)
	cfg.Limits.Cameras = 2
	_, client := start(t, gateway.Options{Config: cfg})
	add := func(n api.NewCamera) error {
		_, err := client.AddCamera(t.Context(), n)
		return err
	}
	if err := add(api.NewCamera{Name: "one", URL: nobody}); err != nil {
		t.Fatal(err)
	}
	span, cap := 2000.0, 99.0
	tests := []struct {
		name string
		err  error
		want api.Code
	}{
		{"same id", add(api.NewCamera{Name: "One", ID: "one", URL: nobody}), api.CodeExists},
		{"no name", add(api.NewCamera{URL: nobody}), api.CodeInvalid},
		{"long name", add(api.NewCamera{Name: strings.Repeat("x", 101), URL: nobody}), api.CodeInvalid},
		{"bad id", add(api.NewCamera{Name: "x", ID: "No Slug", URL: nobody}), api.CodeInvalid},
		{"not RTSP", add(api.NewCamera{Name: "x", URL: "http://127.0.0.1/"}), api.CodeInvalid},
		{"transport", add(api.NewCamera{Name: "x", URL: nobody, Transport: "pigeon"}), api.CodeInvalid},
		{"mask", add(api.NewCamera{Name: "x", URL: nobody, Mask: "gaussian"}), api.CodeInvalid},
		{"look-ahead", add(api.NewCamera{Name: "x", URL: nobody, LookAheadMS: &span}), api.CodeInvalid},
		{"rate cap", add(api.NewCamera{Name: "x", URL: nobody, RateCap: &cap}), api.CodeInvalid},
		{"fingerprint", add(api.NewCamera{Name: "x", URL: "rtsps://127.0.0.1:9/", Fingerprint: "xyz"}), api.CodeInvalid},
		{"fits", add(api.NewCamera{Name: "大厅", URL: nobody}), ""},
		{"limit", add(api.NewCamera{Name: "three", URL: nobody}), api.CodeInvalid},
		{"replace at the limit", add(api.NewCamera{Name: "one", ID: "one", URL: nobody, Replace: true}), ""},
		{"remove nobody", client.RemoveCamera(t.Context(), "nobody"), api.CodeNotFound},
	}
	for _, test := range tests {
		var refused *api.Error
		errors.As(test.err, &refused)
		switch {
		case test.want == "" && test.err != nil:
			t.Errorf("%s: %v", test.name, test.err)
		case test.want != "" && (refused == nil || refused.Code != test.want || refused.Message == ""):
			t.Errorf("%s: err = %v, want code %s", test.name, test.err, test.want)
		}
	}
	if got := cameraStatus(t, client, "dating"); got.Name != "大厅" {
		t.Errorf("camera without Latin letters = %+v", got)
	}
}

func TestErrorsInTheCallersLanguage(t *testing.T) {
	cfg := settings(t)
	start(t, gateway.Options{Config: cfg})
	err := api.NewClient(cfg.Socket(), text.ZhCN).RemoveCamera(t.Context(), "nobody")
	if err == nil || err.Error() != text.Of(text.ZhCN, text.CameraNotFound, "nobody") {
		t.Errorf("err = %v", err)
	}
}

func TestSecondDaemonIsRefused(t *testing.T) {
	t.Parallel() // it waits most of its time
	cfg := settings(t)
	_, client := start(t, gateway.Options{Config: cfg})
	if _, err := gateway.Start(t.Context(), gateway.Options{Config: cfg, Log: quiet()}); !errors.Is(err, store.ErrLocked) {
		t.Errorf("err = %v, want ErrLocked", err)
	}
	if _, err := client.Status(t.Context()); err != nil {
		t.Errorf("the first one suffered: %v", err)
	}
}

func TestFailedStartLeavesNothingBehind(t *testing.T) {
	cfg := settings(t)
	_, first := start(t, gateway.Options{Config: settings(t)})
	status, err := first.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	cfg.RTSP.Address = status.Gateway.Streams.RTSP
	if _, err := gateway.Start(t.Context(), gateway.Options{Config: cfg, Log: quiet()}); err == nil {
		t.Fatal("two servers on one port")
	}
	cfg.RTSP.Address = "127.0.0.1:0"
	start(t, gateway.Options{Config: cfg}) // neither lock nor socket is in the way
}

func TestTransientCamerasAreNotStored(t *testing.T) {
	cfg := settings(t)
	g, client := start(t, gateway.Options{Config: cfg, Transient: []api.NewCamera{{ID: "camera", Name: "Camera", URL: nobody}}})
	if got := cameraStatus(t, client, "camera"); got.Stored {
		t.Errorf("transient camera = %+v", got)
	}
	if _, err := client.AddCamera(t.Context(), api.NewCamera{ID: "camera", Name: "x", URL: nobody, Replace: true}); err == nil {
		t.Error("a transient camera was replaced by a stored camera")
	}
	g.Close()
	s, err := store.Open(cfg.Store(), store.Options{AsIs: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if cams, err := s.Cameras(); err != nil || len(cams) != 0 {
		t.Errorf("store holds %v, %v", cams, err)
	}
}

func TestViewerLoginStays(t *testing.T) {
	cfg := settings(t)
	g, client := start(t, gateway.Options{Config: cfg})
	first, err := client.Viewer(t.Context())
	if err != nil || first.User == "" || len(first.Password) < 12 {
		t.Fatalf("viewer = %+v, %v", first, err)
	}
	g.Close()
	_, client = start(t, gateway.Options{Config: cfg})
	if again, err := client.Viewer(t.Context()); err != nil || again.Password != first.Password {
		t.Errorf("after the restart: %+v, %v", again, err)
	}
	status, err := client.Status(t.Context())
	if err != nil || strings.Contains(fmt.Sprintf("%+v", status), first.Password) {
		t.Errorf("the password is in the status: %v", err)
	}
}

func TestAnonymousIsReported(t *testing.T) {
	cfg := settings(t)
	cfg.RTSP.Anonymous = true
	_, client := start(t, gateway.Options{Config: cfg})
	status, err := client.Status(t.Context())
	if err != nil || !status.Gateway.Anonymous {
		t.Errorf("status = %+v, %v", status.Gateway, err)
	}
	if v, err := client.Viewer(t.Context()); err != nil || v.Password != "" || !v.Anonymous {
		t.Errorf("viewer = %+v, %v", v, err)
	}
}

// Cameras come and go while others ask: the race detector watches.
func TestManyAdministrators(t *testing.T) {
	cfg := settings(t)
	_, client := start(t, gateway.Options{Config: cfg})
	var all sync.WaitGroup
	for i := range 6 {
		all.Go(func() {
			id := fmt.Sprintf("cam-%d", i)
			for range 3 {
				if _, err := client.AddCamera(t.Context(), api.NewCamera{ID: id, Name: id, URL: nobody}); err != nil {
					t.Error(err)
				}
				if _, err := client.Status(t.Context()); err != nil {
					t.Error(err)
				}
				if err := client.RemoveCamera(t.Context(), media.CameraID(id)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if cams, err := client.Cameras(t.Context()); err != nil || len(cams) != 0 {
		t.Errorf("%v are left, %v", cams, err)
	}
}
