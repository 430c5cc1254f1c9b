package cli

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func holds(t *testing.T, path, want string, mode fs.FileMode) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil || string(b) != want {
		t.Errorf("%s holds %q, %v; want %q", filepath.Base(path), b, err, want)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != mode {
		t.Errorf("%s: %v, %v", filepath.Base(path), info.Mode(), err)
	}
}

func TestWriteFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	broken := errors.New("broken")
	for _, c := range []struct {
		content string
		mode    fs.FileMode
		err     error
		want    string
	}{
		{"first", 0o600, nil, "first"},
		{"half of the sec", 0o600, broken, "first"},
		{"second", 0o600, nil, "second"},
	} {
		err := WriteFile(path, c.mode, func(w io.Writer) error {
			_, err := io.WriteString(w, c.content)
			return errors.Join(err, c.err)
		})
		if !errors.Is(err, c.err) {
			t.Errorf("%q: %v", c.content, err)
		}
		holds(t, path, c.want, c.mode)
	}
	if all, err := os.ReadDir(filepath.Dir(path)); err != nil || len(all) != 1 {
		t.Errorf("%v are left, %v", all, err)
	}
}

func TestWriteNewNeverReplaces(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	if err := WriteNew(path, []byte("first"), 0o600); err != nil {
		t.Fatal(err)
	}
	err := WriteNew(path, []byte("second"), 0o600)
	if !errors.Is(err, fs.ErrExist) || exitCode(err) != ExitRefused {
		t.Errorf("%v", err)
	}
	holds(t, path, "first", 0o600)
}

func TestReadSmallEnds(t *testing.T) {
	path := filepath.Join(t.TempDir(), "large")
	if err := os.WriteFile(path, []byte(strings.Repeat("x", 100<<10)), 0o600); err != nil {
		t.Fatal(err)
	}
	if b, err := ReadSmall(path); err != nil || len(b) != 64<<10 {
		t.Errorf("%d bytes, %v", len(b), err)
	}
	if _, err := ReadSmall(path + ".no"); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if s, err := PasswordFile(path); err == nil {
		t.Errorf("a password of %d bytes was taken", len(s))
	}
}
