package store

import (
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"
)

func secret(s string) *Secret {
	p := NewSecret(s)
	return &p
}

// locked puts a camera whose own account has a new password, and another one that waits.
func locked(t *testing.T, s *Store) Lock {
	t.Helper()
	if err := s.PutCamera(full("lobby"), false); err != nil {
		t.Fatal(err)
	}
	want := Lock{
		Service: "https://10.0.0.9/onvif/device_service", Fingerprint: strings.Repeat("0b", 32), Way: 2, Since: time.Now().UTC().Truncate(time.Second), Bypass: []string{"open_rtsp"},
		Accounts: []Account{
			{Name: "admin", Level: "Administrator", Current: secret("lockedPassword1"), Former: secret(""), Next: 3},
			{Name: "recorder", Level: "Operator", Pending: secret("pendingPassword2"), Spare: []Secret{NewSecret("sparePassword3"), NewSecret("sparePassword4")}},
		},
	}
	if err := s.ChangeLock("lobby", func(c *Camera, l *Lock) error {
		*l = want
		c.Password = NewSecret("lockedPassword1")
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return want
}

func TestLockIsKept(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	want := locked(t, s)
	closed(t, s)
	b, err := os.ReadFile(path)
	for _, plain := range []string{"lockedPassword1", "pendingPassword2", "sparePassword3"} {
		if err != nil || strings.Contains(string(b), plain) {
			t.Errorf("%s is readable on the disk, %v", plain, err)
		}
	}
	s = open(t, path)
	got, err := s.Lock("lobby")
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v, want %+v", got, err, want)
	}
	if c, err := s.Camera("lobby"); err != nil || c.Password.Reveal() != "lockedPassword1" {
		t.Errorf("%v, %v", c, err)
	}
	all, err := s.Locks()
	if err != nil || len(all) != 1 || !all["lobby"].Since.Equal(want.Since) || len(all["lobby"].Bypass) != 1 || all["lobby"].Accounts != nil {
		t.Errorf("%+v, %v", all, err)
	}
}

// Whatever else of a camera is changed, its lock stays; a change that fails changes nothing.
func TestLockOutlivesChanges(t *testing.T) {
	s := open(t, newPath(t))
	want := locked(t, s)
	wrong := errors.New("wrong")
	if err := s.ChangeLock("lobby", func(_ *Camera, l *Lock) error { l.Accounts = nil; return wrong }); !errors.Is(err, wrong) {
		t.Error(err)
	}
	again := full("lobby")
	again.Password = NewSecret("typed wrongly")
	if err := errors.Join(s.PutCamera(again, true), s.PutCover("lobby", "faces"), s.PutMounting("lobby", "90")); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Lock("lobby"); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
	if err := s.ChangeLock("lobby", func(_ *Camera, l *Lock) error { l.Accounts = nil; return nil }); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Lock("lobby"); err != nil || !reflect.DeepEqual(got, Lock{}) {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := s.Lock("none"); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
	if err := s.ChangeLock("none", func(*Camera, *Lock) error { return nil }); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
}

// A backup holds all passwords; one from before the lock takes none of them away.
func TestBackupsAndLocks(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	if err := s.PutCamera(full("lobby"), false); err != nil {
		t.Fatal(err)
	}
	appended(t, s, "camera.added")
	before := backedUp(t, s, true)
	if err := s.DeleteCamera("lobby"); err != nil {
		t.Fatal(err)
	}
	want := locked(t, s)
	after := backedUp(t, s, true)
	closed(t, s)
	check := func(s *Store, what string) {
		t.Helper()
		got, err := s.Lock("lobby")
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v", what, got, err)
		}
		if c, err := s.Camera("lobby"); err != nil || c.Password.Reveal() != "lockedPassword1" {
			t.Errorf("%s: %v, %v", what, c, err)
		}
		closed(t, s)
	}
	s, _ = restore(t, path, before)
	check(s, "a backup from before the lock")
	empty := newPath(t)
	s = open(t, empty)
	appended(t, s, "camera.added")
	early := backedUp(t, s, true)
	locked(t, s)
	closed(t, s)
	s, _ = restore(t, empty, early)
	if l, err := s.Lock("lobby"); err != nil || len(l.Accounts) == 0 {
		t.Errorf("a backup from before the camera: %+v, %v", l, err)
	}
	closed(t, s)
	other := newPath(t)
	closed(t, open(t, other))
	s, _ = restore(t, other, after)
	check(s, "a backup on another host")
	// And one from within the lock brings back no password that was given back since.
	s = open(t, path)
	if err := s.ChangeLock("lobby", func(c *Camera, l *Lock) error {
		c.Password, l.Accounts = NewSecret("hunter2"), nil
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	closed(t, s)
	s, _ = restore(t, path, after)
	if l, err := s.Lock("lobby"); err != nil || l.Accounts != nil {
		t.Errorf("%+v, %v", l, err)
	}
	if c, err := s.Camera("lobby"); err != nil || c.Password.Reveal() != "hunter2" {
		t.Errorf("%v, %v", c, err)
	}
}

// A store of a released version takes a lock.
func TestReleaseTakesALock(t *testing.T) {
	for _, version := range releases {
		s := open(t, released(t, version))
		if l, err := s.Lock("lobby"); err != nil || l.Accounts != nil {
			t.Errorf("%s: %+v, %v", version, l, err)
		}
		if err := s.ChangeLock("lobby", func(c *Camera, l *Lock) error {
			l.Accounts = []Account{{Name: c.User, Current: &c.Password}}
			return nil
		}); err != nil {
			t.Errorf("%s: %v", version, err)
		}
		if l, err := s.Lock("lobby"); err != nil || l.Accounts[0].Current.Reveal() != "invented-Secret1" {
			t.Errorf("%s: %+v, %v", version, l, err)
		}
	}
}

// The sealing of originals stays as it is, whatever backup is restored: the footage is in none.
func TestRestoreKeepsTheSealing(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	put := func(value string) {
		for _, name := range SealedSettings {
			if err := s.PutSetting(name, NewSecret(value)); err != nil {
				t.Fatal(err)
			}
		}
	}
	put("then")
	appended(t, s, "camera.added")
	backup := backedUp(t, s, true)
	put("now")
	closed(t, s)
	s, _ = restore(t, path, backup)
	for _, name := range SealedSettings {
		if v, err := s.Setting(name); err != nil || v.Reveal() != "now" {
			t.Errorf("%s: %q, %v", name, v.Reveal(), err)
		}
	}
	closed(t, s)
	other := newPath(t)
	closed(t, open(t, other))
	s, _ = restore(t, other, backup)
	if v, err := s.Setting(SealedSettings[0]); err != nil || v.Reveal() != "then" {
		t.Errorf("on another host: %q, %v", v.Reveal(), err)
	}
	closed(t, s)
}
