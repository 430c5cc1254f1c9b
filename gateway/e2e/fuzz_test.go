package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/camera"
	"github.com/bauta-gateway/bauta/gateway/rtsp"
)

var changing = regexp.MustCompile(`HandleFunc\("((?:POST|PUT) /v1/[^"]+)"`)

// changingRoutes finds in the source all routes that take a body: none is left
// out because somebody forgot.
func changingRoutes(t testing.TB) (all []string) {
	t.Helper()
	files, err := filepath.Glob("../httpapi/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range changing.FindAllStringSubmatch(string(b), -1) {
			all = append(all, m[1])
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// bodies are good ones, to begin with.
var bodies = []string{
	`{"name":"Second","url":"rtsp://a:b@127.0.0.1:9/live","transport":"tcp","look_ahead_ms":200,"rate_cap":1.5,"mask":"solid","place":"lobby","replace":true}`,
	`{"id":"z","kind":"private","points":[{"X":0,"Y":0},{"X":1,"Y":0},{"X":0.5,"Y":1}],"replace":true}`,
	`{"class":"art7","recognition_mode":"detect_only","jurisdiction":"CN-310115","contact":"desk"}`, `{"says":"yes","note":"A-7","count":7,"day":"2026-05-01"}`,
	`{"place":"lobby","purpose":"public-safety","necessity":"doors","access_control":true}`,
	`{"tokens":["a.b.c","eyJhbGciOiJFZERTQSJ9.e30."]}`, `{"token":"0123456789"}`, `{"subject":"p-1"}`, `{"badge":7}`,
	`{"jti":"0123456789","sub":"p-1","bind":{"badge":7}}`, `{"name":"desk","key":"-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----\n"}`,
	`{"date":"2026-05-01","place":"door","photo":"` + strings.Repeat("0a", 32) + `"}`, `{}`, `[]`, `{"a":`, "bauta backup 1\n{\"size\":3}\nabc", "\x00\xff",
}

// fuzzDaemon runs a daemon with one camera that refuses connections and returns its socket.
func fuzzDaemon(f *testing.F) string {
	f.Helper()
	dir := f.TempDir()
	cfg := config.Default()
	cfg.Gateway.Name, cfg.Data, cfg.Limits.Cameras = "test", dir, 2
	cfg.RTSP.Address, cfg.RTSP.UDPAddress, cfg.MQTT.EmbeddedAddress = "127.0.0.1:0", "127.0.0.1:0", "127.0.0.1:0"
	cfg.Console.Address = ""
	cfg.Worker.Binary = filepath.Join(dir, "no-worker")
	g, err := gateway.Start(f.Context(), gateway.Options{Config: cfg, Log: quiet()})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(g.Close)
	if _, err := g.Client().AddCamera(f.Context(), api.NewCamera{ID: "gate", Name: "Gate", URL: nobody}); err != nil {
		f.Fatal(err)
	}
	return cfg.Socket()
}

// overSocket speaks plain HTTP with a daemon's socket.
func overSocket(path string) *http.Client {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) { return api.DialSocket(ctx, path) }
	return &http.Client{Transport: &http.Transport{DialContext: dial}, Timeout: patience}
}

// Whatever comes as a request's body, the answer is JSON and says what is
// wrong with it; it is never the gateway's own failure.
func FuzzAPI(f *testing.F) {
	routes := changingRoutes(f)
	if len(routes) < 12 {
		f.Fatalf("only these routes take bodies: %v", routes)
	}
	client := overSocket(fuzzDaemon(f))
	f.Cleanup(client.CloseIdleConnections)
	for i := range routes {
		for j, b := range bodies {
			f.Add(uint8(i), uint8(j), "from=2026-01-01&to=2026-01-02", []byte(b))
		}
	}
	f.Fuzz(func(t *testing.T, route, kind uint8, query string, body []byte) {
		method, path, _ := strings.Cut(routes[int(route)%len(routes)], " ")
		switch {
		case strings.Contains(path, "/cameras") && elsewhere(body):
			return // nobody is to be connected to
		case strings.ContainsFunc(query, unicode.IsControl):
			return // no client sends it
		}
		path = strings.NewReplacer("{id}", "gate", "{kind}", string(register.Kinds[int(kind)%len(register.Kinds)]),
			"{question}", string(policy.Questions[int(kind)%len(policy.Questions)])).Replace(path)
		r, err := http.NewRequestWithContext(t.Context(), method, "http://bauta"+path, bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.URL.RawQuery = query
		w, err := client.Do(r)
		if err != nil {
			t.Fatalf("%s %s?%q\n%q\nhas no answer: %v", method, path, query, body, err)
		}
		defer w.Body.Close()
		answer, err := io.ReadAll(w.Body)
		if err != nil || w.StatusCode >= 500 && w.StatusCode != http.StatusBadGateway || w.Header.Get("Content-Type") == "application/json" && !json.Valid(answer) {
			t.Errorf("%s %s?%s\n%q\ngives %d: %s, %v", method, path, query, body, w.StatusCode, answer, err)
		}
	})
}

// elsewhere reports whether a body names another camera than the one that refuses.
func elsewhere(body []byte) bool {
	var n api.NewCamera
	_ = json.NewDecoder(bytes.NewReader(body)).Decode(&n)
	if camera.Check(n) != nil {
		return false
	}
	address, _, _, err := rtsp.SplitCredentials(n.URL)
	if err != nil {
		return true
	}
	u, err := url.Parse(address)
	return err != nil || u.Host != "127.0.0.1:9"
}
