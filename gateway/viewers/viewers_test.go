package viewers

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

func openStore(t *testing.T) *store.Store {
	t.Helper()
	s, err := store.Open(filepath.Join(t.TempDir(), "bauta.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func open(t *testing.T, s *store.Store) (v *Viewers, ended *int) {
	t.Helper()
	ended = new(int)
	v, err := Open(s, func() { *ended++ })
	if err != nil {
		t.Fatal(err)
	}
	return v, ended
}

func cameras(id media.CameraID) bool { return id == "lobby" || id == "yard" }

func code(err error) string {
	var e *api.Error
	if errors.As(err, &e) {
		return string(e.Code)
	}
	return ""
}

// A login reaches its cameras alone, over a restart too, until it is withdrawn.
func TestLoginReachesItsCameras(t *testing.T) {
	s := openStore(t)
	v, _ := open(t, s)
	made, err := v.Add(api.NewStreamLogin{Name: "recorder", Cameras: []media.CameraID{"lobby", "lobby"}}, cameras)
	if err != nil || len(made.Password) != 16 || strings.Contains(made.Password, "-") || len(made.Cameras) != 1 {
		t.Fatalf("%+v, %v", made, err)
	}
	v, ended := open(t, s)
	if p, ok := v.Password("recorder"); !ok || p != made.Password || !v.May("recorder", "lobby") || v.May("recorder", "yard") {
		t.Errorf("%q, %v", p, ok)
	}
	if _, err := v.SetCameras("recorder", []media.CameraID{"yard"}, cameras); err != nil || v.May("recorder", "lobby") || !v.May("recorder", "yard") || *ended != 1 {
		t.Errorf("%v, ended %d", err, *ended)
	}
	if err := v.Forget("yard"); err != nil || v.May("recorder", "yard") || v.May("recorder", "lobby") {
		t.Errorf("a removed camera may still be watched: %v", err)
	}
	if _, err := v.SetCameras("recorder", nil, cameras); err != nil || !v.May("recorder", "any") {
		t.Error(err)
	}
	if _, err := v.Remove("recorder"); err != nil || v.May("recorder", "lobby") || *ended != 4 {
		t.Errorf("%v, ended %d", err, *ended)
	}
	if _, ok := v.Password("recorder"); ok {
		t.Error("a withdrawn login has a password")
	}
	if v, _ = open(t, s); len(v.List()) != 1 {
		t.Errorf("%+v", v.List())
	}
}

func TestBuiltInLoginStays(t *testing.T) {
	v, _ := open(t, openStore(t))
	all := v.List()
	if len(all) != 1 || !all[0].BuiltIn || !v.May(all[0].Name, "any") {
		t.Fatalf("%+v", all)
	}
	if _, err := v.Remove(all[0].Name); code(err) != string(api.CodeInvalid) {
		t.Error(err)
	}
	if _, err := v.Add(api.NewStreamLogin{Name: all[0].Name}, cameras); code(err) != string(api.CodeExists) {
		t.Error(err)
	}
}

func TestRefused(t *testing.T) {
	v, _ := open(t, openStore(t))
	for _, in := range []api.NewStreamLogin{
		{}, {Name: "Two Words"}, {Name: "nvr", Password: "short"}, {Name: "nvr", Password: "with spaces in it"}, {Name: "nvr", Password: `quote"quote"`},
		{Name: "nvr", Password: strings.Repeat("x", 65)}, {Name: "nvr", Cameras: []media.CameraID{"attic"}},
	} {
		if _, err := v.Add(in, cameras); err == nil {
			t.Errorf("%+v was taken", in)
		}
	}
	for _, err := range []error{remove(v, "nobody"), func() error { _, err := v.SetCameras("nobody", nil, cameras); return err }()} {
		if code(err) != string(api.CodeNotFound) {
			t.Error(err)
		}
	}
	for i := range MaxLogins {
		if _, err := v.Add(api.NewStreamLogin{Name: "nvr-" + strings.Repeat("x", i%9) + string(rune('a'+i%26)) + string(rune('a'+i/26))}, cameras); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := v.Add(api.NewStreamLogin{Name: "more"}, cameras); code(err) != string(api.CodeInvalid) {
		t.Error(err)
	}
}

func remove(v *Viewers, name string) error {
	_, err := v.Remove(name)
	return err
}

// When a login was last used outlives a restart, and is written once an hour at most.
func TestLastSeen(t *testing.T) {
	s := openStore(t)
	v, _ := open(t, s)
	if _, err := v.Add(api.NewStreamLogin{Name: "nvr", Password: "a-known-password"}, cameras); err != nil {
		t.Fatal(err)
	}
	v.Saw("nvr", "rtsp")
	v.Saw("nobody", "rtsp")
	if err := v.KeepSeen(time.Now()); err != nil {
		t.Fatal(err)
	}
	v.Saw("nvr", "onvif")
	if err := v.KeepSeen(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if got := v.List()[1]; got.Door != "onvif" || time.Since(got.LastSeen) > time.Minute {
		t.Errorf("%+v", got)
	}
	v, _ = open(t, s)
	if got := v.List()[1]; got.Door != "rtsp" || time.Since(got.LastSeen) > time.Minute {
		t.Errorf("after a restart: %+v", got)
	}
}

// The built-in login can be switched off, over a restart too; what is watched by it ends.
func TestBuiltInLoginIsSwitchedOff(t *testing.T) {
	s := openStore(t)
	v, ended := open(t, s)
	name, password, on := v.BuiltIn()
	if p, ok := v.Password(name); !on || !ok || p != password || !v.May(name, "lobby") {
		t.Fatalf("%q is on: %v", name, on)
	}
	if now, err := v.SetBuiltIn(false); err != nil || !now.Off || *ended != 1 {
		t.Fatalf("%+v, %v, ended %d", now, err, *ended)
	}
	v, _ = open(t, s)
	if _, ok := v.Password(name); ok || v.May(name, "lobby") || !v.List()[0].Off {
		t.Error("it lets somebody in after it was switched off")
	}
	if _, err := v.SetBuiltIn(true); err != nil || !v.May(name, "lobby") {
		t.Errorf("switched on again: %v", err)
	}
}

// Several share a login while the built-in one is on, and is used or the only one.
func TestShared(t *testing.T) {
	s := openStore(t)
	v, _ := open(t, s)
	now := time.Now()
	shared := func(want bool, when string) {
		t.Helper()
		if v.Shared(now) != want {
			t.Errorf("%s: shared is %v", when, !want)
		}
	}
	shared(true, "with the built-in login alone")
	if _, err := v.Add(api.NewStreamLogin{Name: "recorder"}, cameras); err != nil {
		t.Fatal(err)
	}
	shared(false, "with one of its own and the built-in one unused")
	v.Saw("viewer", "rtsp")
	shared(true, "with the built-in one used")
	if err := v.KeepSeen(now); err != nil {
		t.Fatal(err)
	}
	v, _ = open(t, s)
	shared(true, "after a restart")
	now = now.Add(UnusedAfter + time.Minute)
	shared(false, "once it is not used for a week")
	now = time.Now()
	if _, err := v.SetBuiltIn(false); err != nil {
		t.Fatal(err)
	}
	shared(false, "with the built-in one off")
	if _, err := v.Remove("recorder"); err != nil {
		t.Fatal(err)
	}
	shared(false, "with nobody let in")
}

// A login that was removed by mistake comes back with its password, and without a camera that is gone; a
// camera that was comes back into the logins that named it, but for those made anew meanwhile.
func TestLoginsComeBack(t *testing.T) {
	v, _ := open(t, openStore(t))
	gone := media.CameraID("")
	has := func(id media.CameraID) bool { return id != gone }
	made, err := v.Add(api.NewStreamLogin{Name: "recorder", Cameras: []media.CameraID{"gate", "yard"}}, has)
	if err != nil {
		t.Fatal(err)
	}
	camera, again := v.AgainCamera("gate"), v.Again("recorder", has)
	if err := v.Forget("gate"); err != nil || v.May("recorder", "gate") {
		t.Fatalf("%v", err)
	}
	if err := camera(); err != nil || !v.May("recorder", "gate") {
		t.Errorf("the camera does not come back: %v", err)
	}
	if _, err := v.Remove("recorder"); err != nil {
		t.Fatal(err)
	}
	gone = "yard"
	if err := again(); err != nil || v.May("recorder", "yard") {
		t.Fatalf("%v, or it watches what comes by the name of a camera that is gone", err)
	}
	if password, ok := v.Password("recorder"); !ok || password != made.Password || !v.May("recorder", "gate") {
		t.Error("the login is another one")
	}
	if err := again(); code(err) != string(api.CodeExists) {
		t.Errorf("a second time: %v", err)
	}
	if v.Again("nobody", has) != nil || v.Again(v.List()[0].Name, has) != nil {
		t.Error("what cannot be removed can come back")
	}
}
