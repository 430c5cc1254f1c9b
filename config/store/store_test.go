package store

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/store/seal"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

func open(t *testing.T, path string) *Store {
	t.Helper()
	s, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func newPath(t *testing.T) string { return filepath.Join(t.TempDir(), "data", "bauta.db") }

func closed(t *testing.T, s *Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// full is a camera with every field set.
func full(id media.CameraID) Camera {
	ahead, limit := 300*time.Millisecond, 2.5
	return Camera{
		ID: id, Group: "North wing", Name: "大厅 lobby", URL: "rtsps://10.0.0.9:322/user=admin&password=pathsecret", User: "admin", Password: NewSecret("hunter2 密码"),
		Transport: "tcp", Fingerprint: strings.Repeat("0a", 32), SeenSecure: true, BasicLogin: true, InsecureTLS: true, Mask: "solid", LookAhead: &ahead, RateCap: &limit, MaxSize: "half", SubSize: "quarter", SubFPS: 5, Cover: "moving", Mounting: "270",
		Created: time.Date(2026, 5, 1, 2, 3, 4, 0, time.UTC),
	}
}

func put(t *testing.T, s *Store, c Camera) {
	t.Helper()
	if err := s.PutCamera(c, false); err != nil {
		t.Fatal(err)
	}
}

// TestFieldsAreCovered fails when a field joins Camera and not full or record.
func TestFieldsAreCovered(t *testing.T) {
	v := reflect.ValueOf(full("a"))
	for i := range v.NumField() {
		if v.Field(i).IsZero() {
			t.Errorf("full leaves %s at zero", v.Type().Field(i).Name)
		}
	}
}

func TestCamerasSurvive(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	plain := Camera{ID: "b", URL: "rtsp://10.0.0.8/s"}
	put(t, s, plain)
	put(t, s, full("c"))
	put(t, s, full("a"))
	closed(t, s)

	s = open(t, path)
	got, err := s.Cameras()
	if err != nil || len(got) != 3 {
		t.Fatalf("%v, %v", got, err)
	}
	plain.Created = got[1].Created
	if age := time.Since(plain.Created); age < 0 || age > time.Minute {
		t.Errorf("created %v", plain.Created)
	}
	if want := []Camera{full("a"), plain, full("c")}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	if got[0].Password.Reveal() != "hunter2 密码" {
		t.Error("the password changed")
	}
	one, err := s.Camera("c")
	if err != nil || !reflect.DeepEqual(one, full("c")) {
		t.Errorf("%+v, %v", one, err)
	}
}

func TestPutTwice(t *testing.T) {
	s := open(t, newPath(t))
	put(t, s, full("a"))
	changed := Camera{ID: "a", URL: "rtsp://other/x"}
	if err := s.PutCamera(changed, false); !errors.Is(err, ErrExists) || !strings.Contains(err.Error(), "--replace") {
		t.Errorf("a second put: %v", err)
	}
	if got, err := s.Camera("a"); err != nil || !reflect.DeepEqual(got, full("a")) {
		t.Errorf("the refused put left %+v, %v", got, err)
	}
	if err := s.PutCamera(changed, true); err != nil {
		t.Fatal(err)
	}
	changed.Created = full("a").Created
	if got, err := s.Camera("a"); err != nil || !reflect.DeepEqual(got, changed) {
		t.Errorf("replaced: %+v, %v, want %+v", got, err, changed)
	}
	if err := s.PutCamera(full("new"), true); err != nil {
		t.Errorf("replacing nothing: %v", err)
	}
}

// What is masked changes alone, and no cover that is not known is kept.
func TestPutCover(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	put(t, s, full("a"))
	if err := s.PutCover("a", "faces"); err != nil {
		t.Fatal(err)
	}
	if err := s.PutCover("a", "nothing"); !errors.Is(err, ErrInvalid) {
		t.Errorf("an unknown cover: %v", err)
	}
	if err := s.PutCover("b", "faces"); !errors.Is(err, ErrNotFound) {
		t.Errorf("no camera: %v", err)
	}
	closed(t, s)
	want := full("a")
	want.Cover = "faces"
	if got, err := open(t, path).Camera("a"); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v, want %+v", got, err, want)
	}
}

// Which way is up changes alone, and no mounting that is not known is kept.
func TestPutMounting(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	put(t, s, full("a"))
	if err := s.PutMounting("a", "90"); err != nil {
		t.Fatal(err)
	}
	if err := s.PutMounting("a", "45"); !errors.Is(err, ErrInvalid) {
		t.Errorf("an unknown mounting: %v", err)
	}
	if err := s.PutMounting("b", "90"); !errors.Is(err, ErrNotFound) {
		t.Errorf("no camera: %v", err)
	}
	wrong := full("c")
	wrong.Mounting = "45"
	if err := s.PutCamera(wrong, false); !errors.Is(err, ErrInvalid) {
		t.Errorf("a camera mounted aslant: %v", err)
	}
	closed(t, s)
	want := full("a")
	want.Mounting = "90"
	if got, err := open(t, path).Camera("a"); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v, want %+v", got, err, want)
	}
}

func TestDelete(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	put(t, s, full("a"))
	put(t, s, full("b"))
	if err := s.DeleteCamera("a"); err != nil {
		t.Fatal(err)
	}
	if err := s.DeleteCamera("a"); !errors.Is(err, ErrNotFound) {
		t.Errorf("twice: %v", err)
	}
	if _, err := s.Camera("a"); !errors.Is(err, ErrNotFound) {
		t.Errorf("reading it: %v", err)
	}
	closed(t, s)
	if got, err := open(t, path).Cameras(); err != nil || len(got) != 1 || got[0].ID != "b" {
		t.Errorf("left: %v, %v", got, err)
	}
}

func TestInvalidCameras(t *testing.T) {
	s := open(t, newPath(t))
	for _, c := range []struct {
		name   string
		change func(*Camera)
		want   string
	}{
		{"no id", func(c *Camera) { c.ID = "" }, "a-z"},
		{"id", func(c *Camera) { c.ID = "../x" }, "a-z"},
		{"long name", func(c *Camera) { c.Name = strings.Repeat("厅", 67) }, "camera's name is longer than 200"},
		{"name with a line", func(c *Camera) { c.Name = "a\nb" }, "camera's name"},
		{"broken name", func(c *Camera) { c.Name = "\xc9\xe3" }, "UTF-8"},
		{"no URL", func(c *Camera) { c.URL = "" }, "rtsp://"},
		{"other scheme", func(c *Camera) { c.URL = "http://h/x" }, "rtsp://"},
		{"no host", func(c *Camera) { c.URL = "rtsp:///x" }, "rtsp://"},
		{"port 0", func(c *Camera) { c.URL = "rtsp://h:0/x" }, "rtsp://"},
		{"port", func(c *Camera) { c.URL = "rtsp://h:70000/x" }, "rtsp://"},
		{"fragment", func(c *Camera) { c.URL = "rtsp://h/x#hunter2" }, "rtsp://"},
		{"space", func(c *Camera) { c.URL = "rtsp://h/a hunter2" }, "rtsp://"},
		{"long URL", func(c *Camera) { c.URL = "rtsp://h/" + strings.Repeat("x", 1024) }, "address is longer than 1024"},
		{"user in the URL", func(c *Camera) { c.URL = "rtsp://admin@h/x" }, "user or password"},
		{"password in the URL", func(c *Camera) { c.URL = "rtsp://admin:hunter2@h/x" }, "user or password"},
		{"broken password in the URL", func(c *Camera) { c.URL = "rtsp://admin:hunter2%zz@h/x" }, "rtsp://"},
		{"long user", func(c *Camera) { c.User = strings.Repeat("u", 129) }, "user is longer than 128"},
		{"long password", func(c *Camera) { c.Password = NewSecret(strings.Repeat("hunter2", 40)) }, "password is longer than 256"},
		{"password with a line", func(c *Camera) { c.Password = NewSecret("hunter2\n") }, "password holds"},
		{"transport", func(c *Camera) { c.Transport = "sctp" }, "auto, tcp, udp, http"},
		{"short fingerprint", func(c *Camera) { c.Fingerprint = "00" }, "64"},
		{"fingerprint with colons", func(c *Camera) { c.Fingerprint = strings.Repeat("0A:", 32) }, "64"},
		{"mask", func(c *Camera) { c.Mask = "gaussian" }, `mask is "gaussian"`},
		{"look-ahead", func(c *Camera) { d := 2 * time.Second; c.LookAhead = &d }, "0s to 1s"},
		{"sub-stream", func(c *Camera) { c.SubFPS = -1 }, "1 to 30"},
		{"size", func(c *Camera) { c.MaxSize = "4k" }, "3840x2160"},
		{"rate cap", func(c *Camera) { r := 11.0; c.RateCap = &r }, "0.2 to 10"},
	} {
		cam := full("a")
		c.change(&cam)
		err := s.PutCamera(cam, false)
		if !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		for _, lang := range text.Langs {
			if m := text.Explain(lang, err); strings.Contains(m, "hunter2") || strings.Contains(m, "%!") || strings.Contains(m, "\n") {
				t.Errorf("%s: %q", c.name, m)
			}
		}
	}
	if got, err := s.Cameras(); err != nil || len(got) != 0 {
		t.Errorf("stored: %v, %v", got, err)
	}
}

func TestLongestFields(t *testing.T) {
	s := open(t, newPath(t))
	c := full(media.CameraID(strings.Repeat("x", media.MaxCameraID)))
	c.Name, c.User = strings.Repeat("n", maxName), strings.Repeat("u", maxUser)
	c.URL = "rtsp://h/" + strings.Repeat("p", maxURL-len("rtsp://h/"))
	c.Password = NewSecret(strings.Repeat("w", maxPassword))
	put(t, s, c)
	if got, err := s.Camera(c.ID); err != nil || !reflect.DeepEqual(got, c) {
		t.Errorf("%+v, %v", got, err)
	}
}

// What was kept comes back; what never was, or was emptied, leaves everything as it is, and what
// cannot be read is said.
func TestKeptSettings(t *testing.T) {
	s := open(t, newPath(t))
	got := []string{"before"}
	if err := s.LoadSetting("list", &got); err != nil || got[0] != "before" {
		t.Errorf("never kept: %q, %v", got, err)
	}
	if err := s.KeepSetting("list", []string{"a", "b"}); err != nil {
		t.Fatal(err)
	}
	if err := s.LoadSetting("list", &got); err != nil || len(got) != 2 || got[1] != "b" {
		t.Errorf("kept: %q, %v", got, err)
	}
	if err := s.PutSetting("list", Secret{}); err != nil {
		t.Fatal(err)
	}
	if err := s.LoadSetting("list", &got); err != nil || len(got) != 2 {
		t.Errorf("emptied: %q, %v", got, err)
	}
	if err := s.PutSetting("list", NewSecret("{")); err != nil {
		t.Fatal(err)
	}
	if err := s.LoadSetting("list", &got); err == nil {
		t.Error("broken JSON is read")
	}
	if err := s.KeepSetting("list", func() {}); err == nil {
		t.Error("what is no JSON is kept")
	}
}

func TestSettings(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	if _, err := s.Setting("a.b"); !errors.Is(err, ErrNotFound) {
		t.Errorf("unknown: %v", err)
	}
	long := strings.Repeat("x", maxSetting)
	for name, value := range map[string]string{"a.b": "1", "empty": "", "long": long, strings.Repeat("n", maxSettingName): "2"} {
		for range 2 { // the second put replaces the first
			if err := s.PutSetting(name, NewSecret(value)); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := s.Setting(name); err != nil || got.Reveal() != value {
			t.Errorf("%s: %d bytes, %v", name, len(got.Reveal()), err)
		}
	}
	for _, name := range []string{"", "A", "a b", ".a", "ä", strings.Repeat("n", maxSettingName+1)} {
		if err := s.PutSetting(name, NewSecret("x")); !errors.Is(err, ErrInvalid) {
			t.Errorf("name %q: %v", name, err)
		}
	}
	if err := s.PutSetting("a", NewSecret(long+"x")); !errors.Is(err, ErrInvalid) {
		t.Errorf("too long: %v", err)
	}
	closed(t, s)
	if got, err := open(t, path).Setting("long"); err != nil || got.Reveal() != long {
		t.Errorf("after a restart: %d bytes, %v", len(got.Reveal()), err)
	}
}

func TestViewer(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	passwords := make([]string, 8)
	var wait sync.WaitGroup
	for i := range passwords {
		wait.Go(func() {
			user, password, err := s.Viewer()
			if err != nil || user != "viewer" {
				t.Errorf("%s, %v", user, err)
			}
			passwords[i] = password.Reveal()
		})
	}
	wait.Wait()
	for _, p := range passwords {
		if p != passwords[0] || len(p) != 19 || strings.Trim(p, letters+"-") != "" {
			t.Errorf("passwords %q", passwords)
		}
	}
	closed(t, s)
	s = open(t, path)
	if _, again, err := s.Viewer(); err != nil || again.Reveal() != passwords[0] {
		t.Errorf("after a restart: %v", err)
	}
	if err := s.PutSetting(ViewerPassword, NewSecret("chosen")); err != nil {
		t.Fatal(err)
	}
	if user, p, err := s.Viewer(); err != nil || user != "viewer" || p.Reveal() != "chosen" {
		t.Errorf("changed: %s, %v", user, err)
	}
	if _, other, err := open(t, newPath(t)).Viewer(); err != nil || other.Reveal() == passwords[0] {
		t.Errorf("two stores share a password: %v", err)
	}
}

func TestNewPassword(t *testing.T) {
	count := map[rune]int{}
	for range 2000 {
		for _, r := range NewPassword() {
			count[r]++
		}
	}
	delete(count, '-')
	for _, r := range letters {
		if n := count[r]; n < 800 || n > 1300 { // 1032 expected, sigma 32
			t.Errorf("%q came %d times", r, n)
		}
	}
	if len(count) != len(letters) {
		t.Errorf("letters %v", count)
	}
}

// TestNothingPlainOnDisk looks for every secret in all files of the folder.
func TestNothingPlainOnDisk(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	put(t, s, full("a"))
	_, viewer, err := s.Viewer()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.PutSetting("x", NewSecret("settingsecret")); err != nil {
		t.Fatal(err)
	}
	if err := backUp(s.db.DB, content{schema: 1}); err != nil {
		t.Fatal(err)
	}
	closed(t, s)
	key, err := os.ReadFile(filepath.Join(filepath.Dir(path), seal.KeyName))
	if err != nil {
		t.Fatal(err)
	}
	rawKey, err := hex.DecodeString(strings.TrimSpace(string(key)))
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(filepath.Dir(path), "bauta.db*"))
	if err != nil || len(files) != 2 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(b, []byte("lobby")) {
			t.Errorf("%s: the name is not there, so this test looks at the wrong thing", file)
		}
		for _, secret := range [][]byte{[]byte("hunter2"), []byte("pathsecret"), []byte("10.0.0.9"), []byte("settingsecret"), []byte(viewer.Reveal()), rawKey, key[:64]} {
			if bytes.Contains(b, secret) {
				t.Errorf("%s holds %q in the clear", file, secret)
			}
		}
	}
}

// A sealed value belongs to one field of one camera.
func TestSealedValuesCannotMove(t *testing.T) {
	b, err := seal.New(make([]byte, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	sealed := b.Seal("hunter2", "camera", "a", "password")
	if got, err := b.Open(sealed, "camera", "a", "password"); err != nil || got != "hunter2" {
		t.Fatalf("%q, %v", got, err)
	}
	for _, place := range [][]string{{"camera", "b", "password"}, {"camera", "a", "url"}, {"setting", "a", "password"}, {"camera", "a"}, {"camera", "apassword"}, {"cameraa", "", "password"}, nil} {
		if got, err := b.Open(sealed, place...); err == nil {
			t.Errorf("opened as %v: %q", place, got)
		}
	}
	for i := range sealed {
		bent := bytes.Clone(sealed)
		bent[i] ^= 1
		if got, err := b.Open(bent, "camera", "a", "password"); err == nil {
			t.Errorf("byte %d changed: %q", i, got)
		}
		if got, err := b.Open(sealed[:i], "camera", "a", "password"); err == nil {
			t.Errorf("cut to %d bytes: %q", i, got)
		}
	}
	if bytes.Equal(sealed, b.Seal("hunter2", "camera", "a", "password")) {
		t.Error("equal texts are sealed equally")
	}
}

func TestConcurrentUse(t *testing.T) {
	s := open(t, newPath(t))
	var wait sync.WaitGroup
	for w := range 4 {
		wait.Go(func() {
			for i := range 10 {
				id := media.CameraID(fmt.Sprintf("c%d-%d", w, i))
				if err := s.PutCamera(full(id), false); err != nil {
					t.Error(err)
				}
				if _, err := s.Cameras(); err != nil {
					t.Error(err)
				}
				if i%2 == 0 {
					if err := s.DeleteCamera(id); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	wait.Wait()
	if got, err := s.Cameras(); err != nil || len(got) != 20 {
		t.Errorf("%d cameras, %v", len(got), err)
	}
}

func TestClosed(t *testing.T) {
	s := open(t, newPath(t))
	closed(t, s)
	if err := s.Close(); err != nil {
		t.Errorf("a second close: %v", err)
	}
	if err := s.PutCamera(full("a"), false); err == nil {
		t.Error("a put passed")
	}
	if _, err := s.Cameras(); err == nil {
		t.Error("a read passed")
	}
}

func mode(t *testing.T, path string) fs.FileMode {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode().Perm()
}
