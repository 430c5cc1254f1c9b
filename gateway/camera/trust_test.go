package camera

import (
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/rtsp"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// silent is a camera that takes connections and says nothing.
func silent(t *testing.T) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			serving.Go(func() { defer conn.Close(); _, _ = io.Copy(io.Discard, conn) })
		}
	})
	t.Cleanup(func() { l.Close() })
	return "rtsp://" + l.Addr().String() + "/live"
}

var (
	pin   = strings.Repeat("0a", 32)
	other = strings.Repeat("1b", 32)
)

// trusted waits until the store has this of a camera.
func (s *testSet) trusted(t *testing.T, what string, id media.CameraID, want store.Trust) {
	t.Helper()
	eventually(t, what, func() bool {
		rec, err := s.cfg.Store.Camera(id)
		if err != nil {
			t.Fatal(err)
		}
		return store.Trust{Fingerprint: rec.Fingerprint, SeenSecure: rec.SeenSecure, BasicLogin: rec.BasicLogin} == want
	})
	now := s.camera(id).sourceNow()
	if got := (store.Trust{Fingerprint: now.Fingerprint, SeenSecure: now.SeenSecure, BasicLogin: now.BasicLogin}); got != want {
		t.Errorf("%s: it is read with %+v, want %+v", what, got, want)
	}
}

// What was learned is kept and recorded; a pin that stands is never replaced by it.
func TestLearned(t *testing.T) {
	s := newSet(t)
	s.add(t, api.NewCamera{ID: "gate", URL: "rtsps://127.0.0.1:9/live"})
	s.trusted(t, "new", "gate", store.Trust{})
	s.camera("gate").Learned(rtsp.Learned{Fingerprint: pin})
	s.trusted(t, "pinned", "gate", store.Trust{Fingerprint: pin})
	s.camera("gate").Learned(rtsp.Learned{Fingerprint: other, Secure: true})
	s.trusted(t, "pinned once", "gate", store.Trust{Fingerprint: pin, SeenSecure: true})
	eventually(t, "the records", func() bool {
		return s.logged(t, "camera.trust", "fingerprint="+pin) && s.logged(t, "camera.trust", "seen_secure=true")
	})
	if s.logged(t, "camera.trust", other) {
		t.Error("a certificate was recorded that is not pinned")
	}
	s = s.restart(t)
	s.trusted(t, "after a restart", "gate", store.Trust{Fingerprint: pin, SeenSecure: true})
}

// What was learned of one device is not kept of another one that took its place meanwhile.
func TestLearnedOfTheFormerDevice(t *testing.T) {
	s := newSet(t)
	s.add(t, api.NewCamera{ID: "gate", URL: "rtsps://127.0.0.1:9/live"})
	former := s.camera("gate")
	s.add(t, api.NewCamera{ID: "gate", URL: "rtsps://127.0.0.2:9/live", Replace: true})
	former.Learned(rtsp.Learned{Fingerprint: pin, Secure: true})
	if err := s.SetTrust(t.Context(), "gate", api.NewTrust{BasicLogin: new(bool)}); err != nil { // behind it in the queue
		t.Fatal(err)
	}
	s.trusted(t, "the new device", "gate", store.Trust{})
}

// Another path or login is the same device; another host is another one.
func TestTrustOfAReplacement(t *testing.T) {
	s := newSet(t)
	yes, none := true, ""
	s.add(t, api.NewCamera{ID: "gate", URL: "rtsps://127.0.0.1:9/live"})
	s.camera("gate").Learned(rtsp.Learned{Fingerprint: pin, Secure: true})
	if err := s.SetTrust(t.Context(), "gate", api.NewTrust{BasicLogin: &yes}); err != nil {
		t.Fatal(err)
	}
	all := store.Trust{Fingerprint: pin, SeenSecure: true, BasicLogin: true}
	s.trusted(t, "confirmed", "gate", all)
	if !s.logged(t, "camera.trust", "basic_login=true") || !s.logged(t, "camera.trust", "local") {
		t.Error("no record of who confirmed it")
	}
	s.add(t, api.NewCamera{ID: "gate", URL: "rtsps://127.0.0.1:9/other", User: "admin", Password: "new", Replace: true})
	s.trusted(t, "another path", "gate", all)
	s.add(t, api.NewCamera{ID: "door", URL: "rtsp://127.0.0.1:9/second"})
	s.trusted(t, "another stream of the host", "door", store.Trust{})
	s.add(t, api.NewCamera{ID: "twin", URL: "rtsp://127.0.0.1:9/other"})
	s.trusted(t, "the same stream once more", "twin", store.Trust{SeenSecure: true})
	if err := s.SetTrust(t.Context(), "gate", api.NewTrust{Fingerprint: &none}); err != nil {
		t.Fatal(err)
	}
	s.trusted(t, "forgotten, so that the next is taken on trust", "gate", store.Trust{BasicLogin: true})
	colons := strings.ToUpper(strings.TrimSuffix(strings.Repeat("1b:", 32), ":"))
	if err := s.SetTrust(t.Context(), "gate", api.NewTrust{Fingerprint: &colons}); err != nil {
		t.Fatal(err)
	}
	s.trusted(t, "pinned by hand", "gate", store.Trust{Fingerprint: other, BasicLogin: true})
	s.camera("door").Learned(rtsp.Learned{Secure: true})
	s.add(t, api.NewCamera{ID: "door", URL: "rtsps://127.0.0.1:9/second", Replace: true})
	s.trusted(t, "encrypted from now on", "door", store.Trust{})
	s.camera("door").Learned(rtsp.Learned{Fingerprint: pin, Secure: true})
	s.add(t, api.NewCamera{ID: "door", URL: "rtsp://127.0.0.1:9/second", Replace: true})
	s.trusted(t, "no longer encrypted", "door", store.Trust{Fingerprint: pin, SeenSecure: true})
	s.add(t, api.NewCamera{ID: "gate", URL: "rtsps://127.0.0.2:9/live", Replace: true})
	s.trusted(t, "another host", "gate", store.Trust{})
}

func TestSetTrustRefused(t *testing.T) {
	s := newSet(t)
	yes, wrong := true, "xyz"
	if err := s.SetTrust(t.Context(), "none", api.NewTrust{BasicLogin: &yes}); code(err) != api.CodeNotFound {
		t.Errorf("no camera: %v", err)
	}
	s.add(t, api.NewCamera{ID: "gate"})
	if err := s.SetTrust(t.Context(), "gate", api.NewTrust{Fingerprint: &wrong}); code(err) != api.CodeInvalid {
		t.Errorf("no fingerprint: %v", err)
	}
	if err := s.SetTrust(t.Context(), "gate", api.NewTrust{}); err != nil {
		t.Errorf("nothing said: %v", err)
	}
	s.trusted(t, "refused", "gate", store.Trust{})
}
