package httpapi

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/camera"
	"github.com/bauta-gateway/bauta/gateway/httpapi/route"
)

func TestSocketIsForTheOwnerOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bauta.sock")
	l, err := listenSocket(path)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode = %v, %v; want 0600", info.Mode(), err)
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Lstat(path); !os.IsNotExist(err) {
		t.Errorf("after Close: %v, want no file", err)
	}
}

// A deep data folder makes a path that no socket address holds.
func TestSocketWithALongPath(t *testing.T) {
	dir := filepath.Join(t.TempDir(), strings.Repeat("deep/", 30))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	l, err := listenSocket(filepath.Join(dir, "bauta.sock"))
	if err != nil {
		t.Fatal(err)
	}
	local := serveLocal(l, http.NotFoundHandler(), slog.New(slog.DiscardHandler))
	defer local.Close()
	conn, err := api.DialSocket(t.Context(), filepath.Join(dir, "bauta.sock"))
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
}

func TestStaleSocketIsReplaced(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bauta.sock")
	// What a killed daemon leaves: the file without a listener.
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false)
	l.Close()
	again, err := listenSocket(path)
	if err != nil {
		t.Fatalf("a stale socket is in the way: %v", err)
	}
	again.Close()
}

func TestLiveSocketIsLeftAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bauta.sock")
	first, err := listenSocket(path)
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	if _, err := listenSocket(path); err == nil || !strings.Contains(err.Error(), "another program") {
		t.Errorf("second listener: err = %v", err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Errorf("the first one's socket is gone: %v", err)
	}
}

func TestOtherFileIsLeftAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bauta.sock")
	if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := listenSocket(path); err == nil {
		t.Fatal("an ordinary file was replaced")
	}
	if b, _ := os.ReadFile(path); string(b) != "mine" {
		t.Errorf("file holds %q", b)
	}
}

// serve answers with h on a socket of its own.
func serve(t *testing.T, h http.Handler) *api.Client {
	t.Helper()
	dir := t.TempDir()
	l, err := listenSocket(filepath.Join(dir, "bauta.sock"))
	if err != nil {
		t.Fatal(err)
	}
	local := serveLocal(l, h, slog.New(slog.DiscardHandler))
	t.Cleanup(local.Close)
	return api.NewClient(filepath.Join(dir, "bauta.sock"), text.EN)
}

func TestErrorsCrossTheSocket(t *testing.T) {
	sent := &api.Error{Code: api.CodeProbe, Message: "no answer", Reason: "timeout"}
	client := serve(t, route.Answer(http.StatusOK, func(*http.Request) (any, error) { return nil, sent }))
	_, err := client.Status(t.Context())
	var got *api.Error
	if !errors.As(err, &got) || *got != *sent {
		t.Errorf("err = %#v, want %#v", err, sent)
	}
}

func TestAnswerOfAStranger(t *testing.T) {
	client := serve(t, http.NotFoundHandler())
	if _, err := client.Status(t.Context()); err == nil || !strings.Contains(err.Error(), "same version") {
		t.Errorf("err = %v", err)
	}
}

func TestRequestsAreBoundedAndStrict(t *testing.T) {
	r := &route.Routes{Mux: http.NewServeMux()}
	r.HandleFunc("POST /", route.Answer(http.StatusOK, func(r *http.Request) (any, error) {
		var in api.NewCamera
		return api.Status{}, route.Body(r, &in)
	}))
	client := serve(t, r.Mux)
	if err := client.Call(t.Context(), http.MethodPost, "/", api.NewCamera{Name: "ok"}, nil); err != nil {
		t.Errorf("a plain request: %v", err)
	}
	bad := map[string]any{
		"too large":     api.NewCamera{Name: strings.Repeat("x", api.MaxRequest)},
		"unknown field": map[string]string{"nmae": "x"},
		"wrong type":    map[string]int{"name": 1},
	}
	for name, in := range bad {
		err := client.Call(t.Context(), http.MethodPost, "/", in, nil)
		var refused *api.Error
		want := api.CodeInvalid
		if name == "too large" {
			want = api.CodeTooLarge
		}
		if !errors.As(err, &refused) || refused.Code != want {
			t.Errorf("%s: err = %v, want code %s", name, err, want)
		}
	}
}

func TestCloseCutsOffSlowRequests(t *testing.T) {
	dir := t.TempDir()
	l, err := listenSocket(filepath.Join(dir, "bauta.sock"))
	if err != nil {
		t.Fatal(err)
	}
	started, released := make(chan struct{}), make(chan struct{})
	local := serveLocal(l, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(started)
		<-r.Context().Done()
		close(released)
	}), slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go api.NewClient(filepath.Join(dir, "bauta.sock"), text.EN).Status(ctx)
	<-started
	local.Close()
	<-released
}

// net/http ends a request's context when the time to read it is over, even if
// it was read long ago: a camera test would be cut off.
func TestLocalRequestsMayTakeAsLongAsACameraTest(t *testing.T) {
	l, err := listenSocket(filepath.Join(t.TempDir(), "bauta.sock"))
	if err != nil {
		t.Fatal(err)
	}
	local := serveLocal(l, http.NotFoundHandler(), slog.New(slog.DiscardHandler))
	defer local.Close()
	if s := local.server; s.ReadTimeout <= camera.ProbeTimeout || s.WriteTimeout <= camera.ProbeTimeout || s.ReadHeaderTimeout > 10*time.Second {
		t.Errorf("timeouts: read %v, write %v, header %v; a camera test takes %v", s.ReadTimeout, s.WriteTimeout, s.ReadHeaderTimeout, camera.ProbeTimeout)
	}
}
