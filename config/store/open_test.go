package store

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config/store/seal"
	"github.com/bauta-gateway/bauta/config/store/wholefile"
	"github.com/bauta-gateway/bauta/config/text"
)

func keyOf(path string) string { return filepath.Join(filepath.Dir(path), seal.KeyName) }

// made returns the path of a closed store with a camera in it.
func made(t *testing.T) string {
	t.Helper()
	path := newPath(t)
	s := open(t, path)
	put(t, s, full("a"))
	closed(t, s)
	return path
}

func slurp(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// refused opens a store that must be refused, and checks that no file of it
// changed and that both languages say why.
func refused(t *testing.T, path string, want error, words ...string) {
	t.Helper()
	dir := filepath.Dir(path)
	before := contents(t, dir)
	s, err := Open(path, Options{LockTimeout: 100 * time.Millisecond})
	if err == nil {
		s.Close()
		t.Errorf("opened")
		return
	}
	if !errors.Is(err, want) {
		t.Errorf("%v is not %v", err, want)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%q does not say %q", err, w)
		}
	}
	if zh := text.Explain(text.ZhCN, err); strings.Contains(zh, "%!") || zh == err.Error() {
		t.Errorf("in Chinese: %s", zh)
	}
	if after := contents(t, dir); !slices.Equal(before, after) {
		t.Errorf("files changed from\n%s to\n%s", before, after)
	}
}

// contents lists names, modes, times and bytes.
func contents(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		s := info.Name() + info.Mode().String() + info.ModTime().String()
		if info.Mode().IsRegular() {
			s += string(slurp(t, filepath.Join(dir, e.Name())))
		}
		all = append(all, s)
	}
	return all
}

func TestModes(t *testing.T) {
	path := made(t)
	for name, want := range map[string]os.FileMode{path: 0o600, keyOf(path): 0o600, filepath.Dir(path): 0o700} {
		if got := mode(t, name); got != want {
			t.Errorf("%s has mode %o, want %o", name, got, want)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".*")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	closed(t, open(t, path))
	if got := mode(t, path); got != 0o600 {
		t.Errorf("a restored file keeps mode %o", got)
	}
}

func TestFolder(t *testing.T) {
	for _, m := range []os.FileMode{0o700, 0o755, 0o750} {
		path := newPath(t)
		if err := os.Mkdir(filepath.Dir(path), m); err != nil {
			t.Fatal(err)
		}
		open(t, path)
		if got := mode(t, filepath.Dir(path)); got != m {
			t.Errorf("a folder's mode went from %o to %o", m, got)
		}
	}
	for _, m := range []os.FileMode{0o777, 0o770, 0o722, 0o777 | os.ModeSticky} {
		path := newPath(t)
		if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(filepath.Dir(path), m); err != nil {
			t.Fatal(err)
		}
		refused(t, path, os.ErrPermission, "chmod go-w "+filepath.Dir(path))
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(filepath.Join(file, "bauta.db"), Options{}); err == nil || !strings.Contains(err.Error(), "--data") {
		t.Errorf("a file for a folder: %v", err)
	}
}

func TestDatabaseIsAFolder(t *testing.T) {
	path := newPath(t)
	if err := os.MkdirAll(path, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path, Options{}); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("%v", err)
	}
}

func TestKeyStays(t *testing.T) {
	path := made(t)
	before := slurp(t, keyOf(path))
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	closed(t, open(t, path)) // a new database takes the key that is there
	if !bytes.Equal(before, slurp(t, keyOf(path))) {
		t.Error("the key was overwritten")
	}
	if err := wholefile.New(keyOf(path), []byte("other")); !errors.Is(err, os.ErrExist) || !bytes.Equal(before, slurp(t, keyOf(path))) {
		t.Errorf("a key was written over another: %v", err)
	}
}

func TestKeyMissing(t *testing.T) {
	for name, fill := range map[string]func(*Store) error{
		"camera":  func(s *Store) error { return s.PutCamera(full("a"), false) },
		"setting": func(s *Store) error { return s.PutSetting("a", NewSecret("b")) },
		"nothing": func(*Store) error { return nil },
	} {
		path := newPath(t)
		s := open(t, path)
		if err := fill(s); err != nil {
			t.Fatal(err)
		}
		closed(t, s)
		key := slurp(t, keyOf(path))
		if err := os.Remove(keyOf(path)); err != nil {
			t.Fatal(err)
		}
		t.Log(name)
		refused(t, path, ErrKey, keyOf(path)+" is missing", "nothing was deleted", "mv "+path)
		if err := os.WriteFile(keyOf(path), key, 0o600); err != nil {
			t.Fatal(err)
		}
		open(t, path) // the key put back mends it
	}
}

func TestKeyRefused(t *testing.T) {
	other := strings.Repeat("ab", seal.KeySize) + "\n"
	for _, c := range []struct {
		name, content string
		mode          os.FileMode
		want          string
	}{
		{"group may read", "", 0o640, "chmod 600 "},
		{"all may read", "", 0o604, "chmod 600 "},
		{"another one", other, 0o600, "does not belong"},
		{"empty", "\n", 0o600, "64 hexadecimal digits"},
		{"short", strings.Repeat("ab", seal.KeySize-1), 0o600, "64 hexadecimal digits"},
		{"long", strings.Repeat("ab", seal.KeySize+1), 0o600, "64 hexadecimal digits"},
		{"not hexadecimal", strings.Repeat("xy", seal.KeySize), 0o600, "64 hexadecimal digits"},
	} {
		path := made(t)
		if c.content != "" {
			if err := os.WriteFile(keyOf(path), []byte(c.content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Chmod(keyOf(path), c.mode); err != nil {
			t.Fatal(err)
		}
		t.Log(c.name)
		refused(t, path, ErrKey, c.want, keyOf(path))
	}
}

func TestKeyElsewhere(t *testing.T) {
	path := newPath(t)
	key := filepath.Join(t.TempDir(), "my.key")
	s, err := Open(path, Options{KeyFile: key})
	if err != nil {
		t.Fatal(err)
	}
	put(t, s, full("a"))
	closed(t, s)
	if mode(t, key) != 0o600 {
		t.Errorf("mode %o", mode(t, key))
	}
	if _, err := os.Stat(keyOf(path)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a key beside the database: %v", err)
	}
	refused(t, path, ErrKey, keyOf(path)+" is missing")
}

func TestSystemdCredential(t *testing.T) {
	dir := t.TempDir()
	credential := filepath.Join(dir, seal.KeyName)
	// systemd's own mode there is 0440 with an access list.
	if err := os.WriteFile(credential, []byte(strings.Repeat("cd", seal.KeySize)), 0o440); err != nil {
		t.Fatal(err)
	}
	path := newPath(t)
	t.Setenv("CREDENTIALS_DIRECTORY", dir)
	s := open(t, path)
	put(t, s, full("a"))
	closed(t, s)
	if _, err := os.Stat(keyOf(path)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a key beside the database: %v", err)
	}
	if c, err := open(t, path).Camera("a"); err != nil || c.Password.Reveal() != full("a").Password.Reveal() {
		t.Errorf("%v", err)
	}

	t.Setenv("CREDENTIALS_DIRECTORY", t.TempDir()) // of a unit without the credential
	beside := made(t)
	if _, err := os.Stat(keyOf(beside)); err != nil {
		t.Errorf("no key beside the database: %v", err)
	}
}

func TestLockedInOneProcess(t *testing.T) {
	path := made(t)
	first := open(t, path)
	refused(t, path, ErrLocked, "another bauta uses "+path, "--data")
	closed(t, first)
	open(t, path)
}

// damage opens copies of a store that were bent in some way: each must either
// open or be refused as damaged, untouched, and never end the process.
func damage(t *testing.T, bend func([]byte) []byte, mustFail bool) {
	t.Helper()
	path := made(t)
	if err := os.WriteFile(path, bend(slurp(t, path)), 0o600); err != nil {
		t.Fatal(err)
	}
	before := slurp(t, path)
	s, err := Open(path, Options{LockTimeout: 100 * time.Millisecond})
	if err == nil {
		_, _ = s.Cameras()
		closed(t, s)
		if mustFail {
			t.Error("opened")
		}
		return
	}
	if errors.Is(err, ErrLocked) {
		t.Errorf("the lock is held: %v", err)
	}
	if !bytes.Equal(before, slurp(t, path)) {
		t.Errorf("the file changed; %v", err)
	}
	if mustFail {
		refused(t, path, ErrDamaged, path+" is damaged", "mv "+path+" "+path+".damaged", "backup")
	}
}

func TestDamaged(t *testing.T) {
	for name, bend := range map[string]func([]byte) []byte{
		"garbage":         func(b []byte) []byte { return bytes.Repeat([]byte("garbage "), len(b)/8) },
		"zeros":           func(b []byte) []byte { return make([]byte, len(b)) },
		"one byte":        func(b []byte) []byte { return b[:1] },
		"one page":        func(b []byte) []byte { return b[:page] },
		"half":            func(b []byte) []byte { return b[:len(b)/2] },
		"a few bytes off": func(b []byte) []byte { return b[:2*page+100] },
		"both metas": func(b []byte) []byte {
			b[20], b[page+20] = b[20]^1, b[page+20]^1
			return b
		},
		"body of zeros":   func(b []byte) []byte { return append(b[:2*page:2*page], make([]byte, len(b)-2*page)...) },
		"body of garbage": func(b []byte) []byte { return append(b[:2*page:2*page], bytes.Repeat([]byte{0xa5}, len(b)-2*page)...) },
		"another program": func([]byte) []byte { return []byte("SQLite format 3\x00" + strings.Repeat("x", 8192)) },
	} {
		t.Run(name, func(t *testing.T) { damage(t, bend, true) })
	}
}

// One damaged camera does not take the others with it.
func TestOneUnreadableCamera(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	for _, id := range []string{"a", "b", "c", "d"} {
		put(t, s, full(idOf(id)))
	}
	err := s.db.Update(func(tx *bbolt.Tx) error {
		cameras := tx.Bucket(camerasBucket)
		moved := bytes.Clone(cameras.Get([]byte("a")))
		return errors.Join(cameras.Put([]byte("b"), moved), cameras.Put([]byte("c"), []byte("{")))
	})
	if err != nil {
		t.Fatal(err)
	}
	closed(t, s)
	s = open(t, path)
	got, err := s.Cameras()
	if len(got) != 2 || got[0].ID != "a" || got[1].ID != "d" || !errors.Is(err, ErrUnreadable) {
		t.Errorf("%v, %v", got, err)
	}
	if m := text.Explain(text.EN, err); strings.Count(m, "\n") != 1 || !strings.Contains(m, "b is damaged") || !strings.Contains(m, "c is damaged") {
		t.Errorf("%q", m)
	}
	if _, err := s.Camera("b"); !errors.Is(err, ErrUnreadable) {
		t.Errorf("%v", err)
	}
	if err := errors.Join(s.DeleteCamera("b"), s.PutCamera(full("c"), true)); err != nil {
		t.Errorf("mending: %v", err)
	}
	if got, err := s.Cameras(); err != nil || len(got) != 3 {
		t.Errorf("%v, %v", got, err)
	}
}
