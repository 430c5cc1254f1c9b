package camera

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/rtsp"
	"github.com/bauta-gateway/bauta/gateway/rtsp/oddcamera"
	"github.com/bauta-gateway/bauta/gateway/worker/workertest"
	"github.com/bauta-gateway/bauta/hardware/media"
)

func is[T any](v T) *T { return &v }

func (s *testSet) must(t *testing.T, what string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

func problemKey(err error) text.Key {
	var p *text.Problem
	if errors.As(err, &p) {
		return p.Key
	}
	return ""
}

// A change keeps all that it does not name, and the record of it holds no secret.
func TestChangeKeepsTheRest(t *testing.T) {
	s := newSet(t)
	s.add(t, api.NewCamera{ID: "gate", Name: "Gate", URL: "rtsps://127.0.0.1:9/live?token=abc", User: "admin", Password: "first", Transport: "tcp", Mask: "solid", Cover: config.CoverMoving, Mounting: "180", MaxSize: "half", SubSize: "quarter", SubFPS: 5, LookAheadMS: is(300.0), RateCap: is(2.0)})
	s.camera("gate").Learned(rtsp.Learned{Fingerprint: pin, Secure: true})
	s.trusted(t, "pinned", "gate", store.Trust{Fingerprint: pin, SeenSecure: true})
	facts := policy.Camera{Place: "lobby", Purpose: "public-safety", Model: "X1"}
	s.must(t, "facts", s.SetFacts(t.Context(), "gate", facts))
	desk := zone.Zone{ID: "desk", Kind: zone.Private, Points: []zone.Point{{X: .1, Y: .1}, {X: .5, Y: .1}, {X: .5, Y: .5}}}
	s.must(t, "zone", s.PutZone(t.Context(), "gate", api.NewZone{Zone: desk}))
	was, _ := s.cfg.Store.Camera("gate")

	_, err := s.Change(t.Context(), "gate", api.CameraChange{Password: is("second")})
	s.must(t, "password", err)
	now, _ := s.cfg.Store.Camera("gate")
	want := was
	want.Password = store.NewSecret("second")
	if !reflect.DeepEqual(now, want) {
		t.Errorf("after a new password:\n%+v\nwant\n%+v", now, want)
	}
	if got, _ := s.Facts("gate"); !reflect.DeepEqual(got, facts) {
		t.Errorf("facts: %+v", got)
	}
	if got := s.ZonesOf("gate"); len(got) != 1 || got[0].ID != "desk" {
		t.Errorf("zones: %+v", got)
	}
	if c := s.camera("gate"); c.coverNow() != config.CoverMoving || c.mountingNow() != "180" || c.sourceNow().Password != "second" || c.sourceNow().Fingerprint != pin {
		t.Errorf("it runs otherwise: %+v", c.sourceNow().Fingerprint)
	}
	if !s.logged(t, "camera.changed", "password") || s.logged(t, "camera.changed", "second") {
		t.Error("the record of the change")
	}
	shown, err := s.Settings("gate")
	if err != nil || shown.URL != "rtsps://127.0.0.1:9/live?token=***" || !shown.HasPassword || shown.User != "admin" {
		t.Errorf("shown: %+v, %v", shown, err)
	}
	// What is shown comes back from a form as it is.
	_, err = s.Change(t.Context(), "gate", api.CameraChange{URL: &shown.URL, Name: is("Gate"), MaxSize: is(media.OutputSize("full"))})
	s.must(t, "as shown", err)
	if now, _ := s.cfg.Store.Camera("gate"); now.URL != was.URL || now.MaxSize != "full" || now.Fingerprint != pin {
		t.Errorf("after the form: %+v", now)
	}
}

// A name, a group and a mask need no new connection; the rest begins anew.
func TestChangeWhileItRuns(t *testing.T) {
	s := newSet(t)
	s.add(t, api.NewCamera{ID: "gate", Name: "Gate"})
	before := s.camera("gate")
	got, err := s.Change(t.Context(), "gate", api.CameraChange{Name: is("大堂 10 号"), Group: is("一楼"), Mask: is("solid"), Cover: is(config.CoverMoving)})
	s.must(t, "change", err)
	if s.camera("gate") != before || got.Name != "大堂 10 号" || got.Group != "一楼" || got.Mask != "solid" || got.Cover != config.CoverMoving {
		t.Errorf("%+v", got)
	}
	before.mu.Lock()
	mask := before.applied.Mask
	before.mu.Unlock()
	if mask != "solid" {
		t.Errorf("the worker masks by %s", mask)
	}
	if got, err = s.Change(t.Context(), "gate", api.CameraChange{User: is("admin"), Password: is("x")}); err != nil || s.camera("gate") == before || got.Cover != config.CoverMoving || got.Name != "大堂 10 号" {
		t.Errorf("%+v, %v", got, err)
	}
	again := s.restart(t)
	if got := again.camera("gate").status(); got.Name != "大堂 10 号" || got.Mask != "solid" || got.Cover != config.CoverMoving {
		t.Errorf("after a restart: %+v", got)
	}
}

// Another host is another device: no pin goes there, and a password that nobody typed for it
// is not read there.
func TestChangeToAnotherHost(t *testing.T) {
	s := newSet(t)
	s.add(t, api.NewCamera{ID: "gate", URL: "rtsps://127.0.0.1:9/live", User: "admin", Password: "first"})
	s.camera("gate").Learned(rtsp.Learned{Fingerprint: pin, Secure: true})
	s.trusted(t, "pinned", "gate", store.Trust{Fingerprint: pin, SeenSecure: true})
	change := func(ch api.CameraChange) error { _, err := s.Change(t.Context(), "gate", ch); return err }
	for what, ch := range map[string]api.CameraChange{
		"over TLS": {URL: is("rtsps://127.0.0.2:9/live")}, "a host alone": {URL: is("127.0.0.2:9")}, "in clear": {URL: is("rtsp://127.0.0.2:9/live"), BasicLogin: is(true)},
	} {
		if err := change(ch); problemKey(err) != text.CameraPasswordAgain {
			t.Errorf("%s: %v", what, err)
		}
	}
	s.trusted(t, "refused", "gate", store.Trust{Fingerprint: pin, SeenSecure: true})
	s.must(t, "by digest alone", change(api.CameraChange{URL: is("rtsp://127.0.0.2:9/live")}))
	s.trusted(t, "another host", "gate", store.Trust{SeenSecure: true})
	s.must(t, "typed", change(api.CameraChange{URL: is("rtsps://127.0.0.3:9/live"), Password: is("first")}))
	s.trusted(t, "typed", "gate", store.Trust{})
}

// What is refused changes nothing.
func TestChangeRefused(t *testing.T) {
	s := newSet(t)
	s.add(t, api.NewCamera{ID: "gate", Name: "Gate", URL: "rtsp://127.0.0.1:9/user=a_password=b", User: "u", Password: "p"})
	was, _ := s.cfg.Store.Camera("gate")
	for what, ch := range map[string]api.CameraChange{
		"no name": {Name: is(" ")}, "no mask": {Mask: is("paint")}, "no address": {URL: is("http://127.0.0.1/")}, "no size": {MaxSize: is(media.OutputSize("huge"))},
		"part of a secret": {URL: is("rtsp://127.0.0.2:9/user=a_password=***")}, "too fast": {SubFPS: is(99)}, "no transport": {Transport: is("pigeon")}, "no cover": {Cover: is("none")},
		"too long": {LookAheadMS: is(5000.0)}, "no fingerprint": {Fingerprint: is("xyz")},
	} {
		if _, err := s.Change(t.Context(), "gate", ch); err == nil {
			t.Errorf("%s was taken", what)
		}
	}
	if now, _ := s.cfg.Store.Camera("gate"); !reflect.DeepEqual(now, was) {
		t.Errorf("changed to %+v", now)
	}
	if _, err := s.Change(t.Context(), "none", api.CameraChange{Name: is("x")}); code(err) != api.CodeNotFound {
		t.Errorf("no camera: %v", err)
	}
	s.add(t, api.NewCamera{ID: "dorm"})
	_ = s.SetFacts(t.Context(), "dorm", policy.Camera{Place: policy.Prohibited[0]})
	if _, err := s.Change(t.Context(), "dorm", api.CameraChange{URL: is("rtsp://127.0.0.1:9/other")}); code(err) != api.CodeProhibited {
		t.Errorf("in a prohibited place: %v", err)
	}
	if _, err := s.TestChange(t.Context(), "dorm", api.CameraChange{URL: is("127.0.0.1")}); code(err) != api.CodeProhibited {
		t.Errorf("the test of one in a prohibited place: %v", err)
	}
}

// A change is tried with the stored password before it is saved, and what is tried is not kept.
func TestChangeIsTried(t *testing.T) {
	t.Parallel() // it mostly waits
	cam := oddcamera.Start(t, oddcamera.Options{})
	s, _ := newWorkingSet(t)
	n := odd(cam, "gate", "digest-md5")
	n.Replace, n.Password = false, "wrong"
	s.add(t, n)
	s.reason(t, "gate", rtsp.ReasonUnauthorized)
	if _, err := s.TestChange(t.Context(), "gate", api.CameraChange{Mask: is("solid")}); refusedFor(t, err) != "unauthorized" {
		t.Errorf("with the stored password: %v", err)
	}
	_, right := cam.Login("digest-md5")
	got, err := s.TestChange(t.Context(), "gate", api.CameraChange{Password: &right})
	if err != nil || got.MaskedWidth == 0 {
		t.Fatalf("with the right one: %+v, %v", got, err)
	}
	s.reason(t, "gate", rtsp.ReasonUnauthorized)
	_, err = s.Change(t.Context(), "gate", api.CameraChange{Password: &right})
	s.must(t, "change", err)
	s.reason(t, "gate", "")
	if got, err := s.TestChange(t.Context(), "gate", api.CameraChange{URL: is(cam.URL("digest-sha256"))}); err != nil || got.MaskedWidth == 0 {
		t.Errorf("another path with the stored password: %+v, %v", got, err)
	}
}

// A stream that no worker takes is not left in the place of the one before.
func TestChangeToWhatDoesNotFit(t *testing.T) {
	t.Parallel() // it mostly waits
	cam, small := workertest.Camera(t), workertest.CameraOf(t, "80x64")
	s, _ := newWorkingSet(t)
	s.add(t, reach(cam, "gate"))
	s.reason(t, "gate", "")
	other := reach(small, "gate")
	_, err := s.Change(t.Context(), "gate", api.CameraChange{URL: &other.URL, User: &other.User, Password: &other.Password})
	if refusedFor(t, err) != "unsupported_size" || !strings.Contains(err.Error(), "80x64") {
		t.Fatalf("%v", err)
	}
	if now, _ := s.cfg.Store.Camera("gate"); now.URL != cam.URL() {
		t.Errorf("it is read from %s", now.URL)
	}
	s.reason(t, "gate", "")
}
