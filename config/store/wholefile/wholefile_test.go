package wholefile

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func content(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestNewNeverReplaces(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := New(path, []byte("first")); err != nil {
		t.Fatal(err)
	}
	if err := New(path, []byte("second")); !errors.Is(err, os.ErrExist) || content(t, path) != "first" {
		t.Errorf("%v, %q", err, content(t, path))
	}
	alone(t, filepath.Dir(path), 1)
}

// alone finds no temporary files.
func alone(t *testing.T, dir string, n int) {
	t.Helper()
	if all, err := os.ReadDir(dir); err != nil || len(all) != n {
		t.Errorf("%v, %v", all, err)
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.ErrUnsupported }

func TestCopyReplacesByWholeFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	for _, s := range []string{"first", "second", ""} {
		if err := Copy(path, strings.NewReader(s)); err != nil || content(t, path) != s {
			t.Errorf("%q: %v, %q", s, err, content(t, path))
		}
	}
	if err := Copy(path, strings.NewReader("third")); err != nil {
		t.Fatal(err)
	}
	if err := Copy(path, failing{}); !errors.Is(err, errors.ErrUnsupported) || content(t, path) != "third" {
		t.Errorf("%v, %q", err, content(t, path))
	}
	other := path + ".copy"
	if err := CopyFile(other, path); err != nil || content(t, other) != "third" {
		t.Errorf("%v, %q", err, content(t, other))
	}
	if info, err := os.Stat(other); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	alone(t, filepath.Dir(path), 2)
}

func TestExchangeKeepsTheOther(t *testing.T) {
	dir := t.TempDir()
	path, fresh := filepath.Join(dir, "file"), filepath.Join(dir, "fresh")
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for i, want := range []string{"", "first"} {
		text := []string{"first", "second"}[i]
		if err := New(fresh, []byte(text)); err != nil {
			t.Fatal(err)
		}
		kept, err := Exchange(fresh, path, now)
		if err != nil || content(t, path) != text || (kept == "") != (want == "") {
			t.Fatalf("%q, %v, %q", kept, err, content(t, path))
		}
		if want != "" && (content(t, kept) != want || !strings.HasSuffix(kept, ".replaced-20260102T030405.000")) {
			t.Errorf("%q holds %q", kept, content(t, kept))
		}
	}
}

func TestMissingFiles(t *testing.T) {
	missing := os.Remove(filepath.Join(t.TempDir(), "no"))
	if IgnoreMissing(missing) != nil || IgnoreMissing(nil) != nil || IgnoreMissing(os.ErrPermission) == nil {
		t.Error("only a missing file is no error")
	}
	if err := SyncDir(filepath.Join(t.TempDir(), "no")); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	if err := LikeFolder(filepath.Join(t.TempDir(), "no")); err != nil {
		t.Error(err)
	}
}
