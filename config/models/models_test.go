package models

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const content = "pretend this is a network"

func small() Model {
	sum := sha256.Sum256([]byte(content))
	return Model{File: "m.onnx", SHA256: hex.EncodeToString(sum[:])}
}

func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFind(t *testing.T) {
	m := small()
	good, bad, long, empty := t.TempDir(), t.TempDir(), t.TempDir(), t.TempDir()
	path := write(t, good, m.File, content)
	write(t, bad, m.File, strings.ToUpper(content))
	write(t, long, m.File, content+"!")
	tests := []struct {
		name string
		dirs []string
		want string
		err  error
	}{
		{"first folder", []string{good, bad}, path, nil},
		{"a bad copy does not hide a good one", []string{empty, bad, good}, path, nil},
		{"only bad copies", []string{bad}, "", ErrHash},
		{"a longer file is another one", []string{long}, "", ErrHash},
		{"nowhere", []string{empty, filepath.Join(empty, "none")}, "", ErrMissing},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := Find(m, test.dirs)
			if got != test.want || !errors.Is(err, test.err) {
				t.Errorf("Find = %q, %v; want %q, %v", got, err, test.want, test.err)
			}
		})
	}
}

func TestSearchPath(t *testing.T) {
	got := SearchPath("/m", "/d")
	want := []string{"/m", "/d/models", "/usr/share/bauta/models", "models", "../shared/models"}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("SearchPath = %v, want %v", got, want)
	}
	if got := SearchPath("", ""); len(got) != 3 {
		t.Errorf("SearchPath without folders = %v", got)
	}
}

func TestFetchFromFile(t *testing.T) {
	m, dir := small(), filepath.Join(t.TempDir(), "models")
	got, err := Fetch(t.Context(), m, dir, write(t, t.TempDir(), "x", content))
	if err != nil || got != filepath.Join(dir, m.File) {
		t.Fatalf("Fetch = %q, %v", got, err)
	}
	if err := Verify(m, got); err != nil {
		t.Error(err)
	}
	assertOnly(t, dir, m.File)
}

func TestFetchKeepsTheOldOne(t *testing.T) {
	m, dir := small(), t.TempDir()
	write(t, dir, m.File, content)
	_, err := Fetch(t.Context(), m, dir, write(t, t.TempDir(), "x", "something else"))
	if !errors.Is(err, ErrHash) {
		t.Fatalf("err = %v, want ErrHash", err)
	}
	if err := Verify(m, filepath.Join(dir, m.File)); err != nil {
		t.Error(err)
	}
	assertOnly(t, dir, m.File)
}

func assertOnly(t *testing.T, dir, name string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 || entries[0].Name() != name {
		t.Errorf("%s holds %v (%v), want only %s", dir, entries, err, name)
	}
}

func TestFetchRefusesPlainHTTP(t *testing.T) {
	_, err := Fetch(t.Context(), small(), t.TempDir(), "http://u:secret@example.invalid/m.onnx")
	if err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("err = %v, want a refusal without the password", err)
	}
}

func TestDownload(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("/m.onnx", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(content)) })
	mux.HandleFunc("/down", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://example.invalid/m.onnx", http.StatusFound)
	})
	server := httptest.NewTLSServer(mux)
	defer server.Close()
	transport := server.Client().Transport

	src, err := download(t.Context(), server.URL+"/m.onnx", transport)
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	if _, err := place(small(), t.TempDir(), "here", src); err != nil {
		t.Error(err)
	}
	if _, err := download(t.Context(), server.URL+"/none", transport); err == nil || !strings.Contains(err.Error(), "404") {
		t.Errorf("missing file: err = %v", err)
	}
	if _, err := download(t.Context(), server.URL+"/down", transport); err == nil || !strings.Contains(err.Error(), "refused") {
		t.Errorf("redirect to http: err = %v", err)
	}
}

func TestTheKnownModel(t *testing.T) {
	path := filepath.Join("..", "..", "..", "shared", "models", Faces.File)
	if _, err := os.Stat(path); err != nil {
		t.Skip("the shared test data is not here:", err)
	}
	if err := Verify(Faces, path); err != nil {
		t.Error(err)
	}
}

func TestCascades(t *testing.T) {
	half, full := t.TempDir(), t.TempDir()
	write(t, half, CascadeFiles[0], "<xml/>")
	for _, name := range CascadeFiles {
		write(t, full, name, "<xml/>")
	}
	if got := Cascades([]string{half, full}); got != full {
		t.Errorf("Cascades = %q, want %q", got, full)
	}
	if got := Cascades([]string{half}); got != "" {
		t.Errorf("half a set was taken: %q", got)
	}
	got := CascadePath("/bin", "/data")
	want := []string{"/bin/cascades", "/data/cascades", "/usr/share/bauta/cascades", "/usr/share/opencv4/haarcascades"}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("CascadePath = %v", got)
	}
}
