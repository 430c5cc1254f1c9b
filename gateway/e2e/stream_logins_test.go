package e2e

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/bluenviron/gortsplib/v4/pkg/liberrors"

	"github.com/bauta-gateway/bauta/config/faultlog"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// addressFor is a camera's address with a login.
func addressFor(t *testing.T, g *gateway.Gateway, camera media.CameraID, login api.MadeStreamLogin) string {
	t.Helper()
	u := &url.URL{Scheme: "rtsp", Host: hostOf(t, viewer(t, g).URLs[0]), Path: "/" + string(camera), User: url.UserPassword(login.Name, login.Password)}
	return u.String()
}

// gone is whether a stream is answered as one that is not there.
func gone(address string) bool {
	var w watcher
	err := w.connect(address)
	var bad liberrors.ErrClientBadStatusCode
	return errors.As(err, &bad) && bad.Code == 404
}

// A recorder's login reaches its cameras alone, from the API to the stream; what it watches
// ends when it is withdrawn or its camera is removed, and all of it is on the audit written.
func TestStreamLogins(t *testing.T) {
	cfg := settings(t)
	g, client := start(t, gateway.Options{Config: cfg})
	for _, id := range []string{"gate", "yard"} {
		if _, err := client.AddCamera(t.Context(), api.NewCamera{ID: id, Name: id, URL: nobody}); err != nil {
			t.Fatal(err)
		}
	}
	made, err := client.AddStreamLogin(t.Context(), api.NewStreamLogin{Name: "recorder", Cameras: []media.CameraID{"gate"}})
	if err != nil {
		t.Fatal(err)
	}
	stays := watch(t, viewer(t, g).URLs[0])
	w := watch(t, addressFor(t, g, "gate", made))
	for _, other := range []media.CameraID{"yard", "nowhere"} {
		if !gone(addressFor(t, g, other, made)) {
			t.Errorf("%s is not as one that is not there", other)
		}
	}
	if all, err := client.StreamLogins(t.Context()); err != nil || len(all) != 2 || all[1].Door != "rtsp" || time.Since(all[1].LastSeen) > time.Minute {
		t.Errorf("%+v, %v", all, err)
	}
	var refused *api.Error
	if err := client.Call(t.Context(), "PUT", "/v1/streams/logins/recorder/cameras", struct{}{}, nil); !errors.As(err, &refused) || refused.Code != api.CodeInvalid {
		t.Errorf("cameras that are not said: %v", err)
	}
	began := time.Now()
	if err := client.SetStreamCameras(t.Context(), "recorder", []media.CameraID{"yard"}); err != nil {
		t.Fatal(err)
	}
	endsSoon(t, w, "a camera that its login lost", began)
	w = watch(t, addressFor(t, g, "yard", made))
	began = time.Now()
	if err := client.RemoveStreamLogin(t.Context(), "recorder"); err != nil {
		t.Fatal(err)
	}
	endsSoon(t, w, "a login that is withdrawn", began)
	stays.assertConnected(t)
	if _, err := client.AddStreamLogin(t.Context(), api.NewStreamLogin{Name: "wall", Cameras: []media.CameraID{"yard"}}); err != nil {
		t.Fatal(err)
	}
	if err := client.RemoveCamera(t.Context(), "yard"); err != nil {
		t.Fatal(err)
	}
	if all, err := client.StreamLogins(t.Context()); err != nil || len(all) != 2 || all[1].All || len(all[1].Cameras) > 0 {
		t.Errorf("after its camera was removed: %+v, %v", all, err)
	}
	g.Close()
	log := auditLog(t, cfg.Store())
	inOrder(t, "the audit log", log, "stream-login.added local stream-login/recorder cameras=gate", "stream-login.changed local stream-login/recorder cameras=yard",
		"stream-login.removed local stream-login/recorder cameras=yard")
	if strings.Contains(strings.Join(log, "\n"), made.Password) {
		t.Error("a password is on the audit log")
	}
}

func endsSoon(t *testing.T, w *watcher, what string, began time.Time) {
	t.Helper()
	select {
	case <-w.ended:
		faultlog.Check(t, faultlog.Row{Topic: "viewer", Fault: "a viewer of " + what, Ends: "disconnected; others stay", Bound: time.Second}, time.Since(began))
	case <-time.After(20 * time.Second):
		t.Errorf("%s: it is watched on", what)
	}
}

// A manager switches the built-in login off: what is watched by it ends, its address is told
// without it, and the clause that asks for a login each is content.
func TestBuiltInLoginOff(t *testing.T) {
	cfg := settings(t)
	g, client := start(t, gateway.Options{Config: cfg})
	if _, err := client.AddCamera(t.Context(), api.NewCamera{ID: "gate", Name: "gate", URL: nobody}); err != nil {
		t.Fatal(err)
	}
	shared := func() bool {
		r, err := client.Compliance(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range r.Clauses {
			if c.Action == "shared" {
				return true
			}
		}
		return false
	}
	if err := client.Call(t.Context(), "PUT", "/v1/site", policy.Site{Kind: "trade-centre", Jurisdiction: "CN-44", Mode: policy.DetectOnly}, nil); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the clause asks for a login each", shared)
	m := manager(t, g)
	w := watch(t, viewer(t, g).URLs[0])
	began := time.Now()
	m.do("PUT", "/api/v1/streams/built-in", api.NewBuiltIn{}, nil)
	endsSoon(t, w, "a built-in login that is switched off", began)
	v := viewer(t, g)
	if u, err := url.Parse(v.URLs[0]); err != nil || u.User != nil || !v.Off || v.User != "" || v.Password != "" {
		t.Errorf("%+v", v)
	}
	eventually(t, "the clause is content", func() bool { return !shared() })
	if err := client.SetBuiltIn(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	watch(t, viewer(t, g).URLs[0])
	g.Close()
	inOrder(t, "the audit log", auditLog(t, cfg.Store()), "stream-login.changed local stream-login/viewer on")
}
