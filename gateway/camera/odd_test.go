package camera

import (
	"errors"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/rtsp"
	"github.com/bauta-gateway/bauta/gateway/rtsp/oddcamera"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// odd is what to say of a mode of the odd camera so that it is reached.
func odd(c *oddcamera.Camera, id, mode string) api.NewCamera {
	n := api.NewCamera{ID: id, Name: "odd", URL: c.URL(mode), Transport: "tcp", Replace: true}
	n.User, n.Password = c.Login(mode)
	return n
}

// reason waits for the reason for which a running camera gives nothing; empty: it does.
func (s *testSet) reason(t *testing.T, id media.CameraID, want rtsp.Reason) {
	t.Helper()
	eventually(t, "the reason "+string(want), func() bool {
		st := s.camera(id).status().Source
		return st.Reason == string(want) && (want != "" || st.Phase == string(rtsp.Online))
	})
}

// A camera that was read with digest gets its password in clear only when a person says so.
func TestBasicLoginIsConfirmed(t *testing.T) {
	t.Parallel() // it mostly waits
	cam := oddcamera.Start(t, oddcamera.Options{})
	s, _ := newWorkingSet(t)
	s.add(t, odd(cam, "gate", "basic"))
	s.reason(t, "gate", "") // nothing better is known of it
	s.trusted(t, "basic from the start", "gate", store.Trust{})
	s.add(t, odd(cam, "gate", "digest-md5"))
	s.trusted(t, "it knows digest", "gate", store.Trust{SeenSecure: true})

	s.add(t, odd(cam, "gate", "basic"))
	s.reason(t, "gate", rtsp.ReasonBasicOnly)
	if _, err := s.TestStored(t.Context(), "gate"); refusedFor(t, err) != "basic_only" {
		t.Errorf("the stored one: %v", err)
	}
	if _, err := s.Test(t.Context(), odd(cam, "", "basic")); refusedFor(t, err) != "basic_only" {
		t.Errorf("the same host by its address: %v", err)
	}
	confirmed := odd(cam, "", "basic")
	confirmed.BasicLogin = true
	if _, err := s.Test(t.Context(), confirmed); err != nil {
		t.Errorf("confirmed with the test: %v", err)
	}
	yes := true
	if err := s.SetTrust(t.Context(), "gate", api.NewTrust{BasicLogin: &yes}); err != nil {
		t.Fatal(err)
	}
	s.reason(t, "gate", "")
	if got, err := s.TestStored(t.Context(), "gate"); err != nil || got.MaskedWidth == 0 {
		t.Errorf("after the confirmation: %+v, %v", got, err)
	}
}

// The first certificate is pinned; another one is refused and named, until a person pins it.
func TestCertificateIsPinned(t *testing.T) {
	t.Parallel() // it mostly waits
	cam := oddcamera.Start(t, oddcamera.Options{})
	s, _ := newWorkingSet(t)
	got, err := s.Test(t.Context(), odd(cam, "", "tls-self-signed"))
	if err != nil || len(got.Fingerprint) != 64 {
		t.Fatalf("%+v, %v", got, err)
	}
	pinned := store.Trust{Fingerprint: got.Fingerprint, SeenSecure: true}
	s.add(t, odd(cam, "gate", "tls-self-signed"))
	s.trusted(t, "pinned", "gate", pinned)
	eventually(t, "the record", func() bool { return s.logged(t, "camera.trust", "fingerprint="+got.Fingerprint) })
	s.add(t, odd(cam, "second", "tls-rtspx"))
	s.trusted(t, "the second channel", "second", pinned)

	if err := s.SetTrust(t.Context(), "gate", api.NewTrust{Fingerprint: &other}); err != nil {
		t.Fatal(err)
	}
	s.reason(t, "gate", rtsp.ReasonTLS)
	if _, err := s.TestStored(t.Context(), "gate"); refusedFor(t, err) != "tls" || !strings.Contains(err.Error(), got.Fingerprint) {
		t.Errorf("another certificate: %v", err)
	}
	none := ""
	if err := s.SetTrust(t.Context(), "gate", api.NewTrust{Fingerprint: &none}); err != nil {
		t.Fatal(err)
	}
	s.trusted(t, "pinned anew", "gate", pinned)
	s.reason(t, "gate", "")
}

// A test says where a camera went, which neither its text nor the state does.
func TestMovedCamera(t *testing.T) {
	t.Parallel() // it mostly waits
	cam := oddcamera.Start(t, oddcamera.Options{})
	s, _ := newWorkingSet(t)
	_, err := s.Test(t.Context(), odd(cam, "", "moved"))
	var e *api.Error
	if refusedFor(t, err) != "moved" || !errors.As(err, &e) || !strings.Contains(e.Location, "token=abc123") || strings.Contains(e.Message, "abc123") {
		t.Errorf("%+v", err)
	}
	s.add(t, odd(cam, "gate", "moved"))
	s.reason(t, "gate", rtsp.ReasonMoved)
	if st := s.camera("gate").status().Source; strings.Contains(st.Detail, "abc123") {
		t.Errorf("the state says %q", st.Detail)
	}
}
