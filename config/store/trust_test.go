package store

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// How far a camera is trusted changes alone, and survives.
func TestChangeTrust(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	put(t, s, full("a"))
	pin := strings.Repeat("1b", 32)
	err := s.ChangeTrust("a", func(t *Trust) error {
		if *t != (Trust{full("a").Fingerprint, true, true}) {
			return errors.New("another trust")
		}
		*t = Trust{Fingerprint: pin, SeenSecure: true}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, wrong := range []string{"xyz", strings.ToUpper(pin), pin + "00"} {
		if err := s.ChangeTrust("a", func(t *Trust) error { t.Fingerprint = wrong; return nil }); !errors.Is(err, ErrInvalid) {
			t.Errorf("fingerprint %q: %v", wrong, err)
		}
	}
	refused := errors.New("refused")
	if err := s.ChangeTrust("a", func(t *Trust) error { t.BasicLogin = true; return refused }); !errors.Is(err, refused) {
		t.Errorf("a change that fails: %v", err)
	}
	if err := s.ChangeTrust("b", func(*Trust) error { return nil }); !errors.Is(err, ErrNotFound) {
		t.Errorf("no camera: %v", err)
	}
	closed(t, s)
	want := full("a")
	want.Fingerprint, want.BasicLogin = pin, false
	if got, err := open(t, path).Camera("a"); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v, want %+v", got, err, want)
	}
}

// Cameras of the first release are trusted no further and no less than they were.
func TestTrustOfAReleasedCamera(t *testing.T) {
	s := open(t, released(t, "0.1.0"))
	all, err := s.Cameras()
	if err != nil || len(all) == 0 {
		t.Fatalf("%v, %v", all, err)
	}
	for _, c := range all {
		if c.SeenSecure || c.BasicLogin {
			t.Errorf("%s: %+v", c.ID, c)
		}
		if err := s.ChangeTrust(c.ID, func(t *Trust) error { t.SeenSecure = true; return nil }); err != nil {
			t.Errorf("%s: %v", c.ID, err)
		}
		if now, err := s.Camera(c.ID); err != nil || !now.SeenSecure || now.URL != c.URL || now.Password.Reveal() != c.Password.Reveal() {
			t.Errorf("%s: %+v, %v", c.ID, now, err)
		}
	}
}

// Every transport and every scheme that is offered can be stored.
func TestTransportsAndSchemes(t *testing.T) {
	s := open(t, newPath(t))
	for _, transport := range config.Transports {
		for _, scheme := range config.Schemes {
			c := Camera{ID: media.CameraID("a"), URL: scheme + "://10.0.0.9/live", Transport: transport}
			if err := s.PutCamera(c, true); err != nil {
				t.Errorf("%s over %s: %v", c.URL, transport, err)
			}
		}
	}
	if err := s.PutCamera(Camera{ID: "a", URL: "https://10.0.0.9/live"}, true); !errors.Is(err, ErrInvalid) {
		t.Errorf("https: %v", err)
	}
}
