package gateway

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

var changing = regexp.MustCompile(`HandleFunc\("((?:POST|PUT) /v1/[^"]+)"`)

// changingRoutes finds in the source all routes that take a body: none is left
// out because somebody forgot.
func changingRoutes(t testing.TB) (all []string) {
	t.Helper()
	files, err := filepath.Glob("*.go")
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
	`{"class":"art7","mode":"detect_only","jurisdiction":"CN-SH","contact":"desk"}`,
	`{"place":"lobby","purpose":"public-safety","necessity":"doors","access_control":true}`,
	`{"tokens":["a.b.c","eyJhbGciOiJFZERTQSJ9.e30."]}`, `{"token":"0123456789"}`, `{"subject":"p-1"}`, `{"badge":7}`,
	`{"jti":"0123456789","sub":"p-1","bind":{"badge":7}}`, `{"name":"desk","key":"-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----\n"}`,
	`{"date":"2026-05-01","place":"door","photo":"` + strings.Repeat("0a", 32) + `"}`, `{}`, `[]`, `{"a":`, "bauta backup 1\n{\"size\":3}\nabc", "\x00\xff",
}

// fuzzDaemon is a daemon with one camera that refuses connections.
func fuzzDaemon(f *testing.F) *Gateway {
	f.Helper()
	dir := f.TempDir()
	cfg := config.Default()
	cfg.Gateway.Name, cfg.Data, cfg.Limits.Cameras = "test", dir, 2
	cfg.RTSP.Address, cfg.RTSP.UDPAddress, cfg.MQTT.EmbeddedAddress = "127.0.0.1:0", "127.0.0.1:0", "127.0.0.1:0"
	cfg.Console.Address = ""
	cfg.Worker.Binary = filepath.Join(dir, "no-worker")
	g, err := Start(f.Context(), Options{Config: cfg, Log: quiet()})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(g.Close)
	if _, err := g.AddCamera(f.Context(), api.NewCamera{ID: "gate", Name: "Gate", URL: nobody}); err != nil {
		f.Fatal(err)
	}
	return g
}

// Whatever comes as a request's body, the answer is JSON and says what is
// wrong with it; it is never the gateway's own failure.
func FuzzAPI(f *testing.F) {
	routes := changingRoutes(f)
	if len(routes) < 12 {
		f.Fatalf("only these routes take bodies: %v", routes)
	}
	g := fuzzDaemon(f)
	handler := g.routes().mux
	for i := range routes {
		for j, b := range bodies {
			f.Add(uint8(i), uint8(j), "from=2026-01-01&to=2026-01-02", []byte(b))
		}
	}
	f.Fuzz(func(t *testing.T, route, kind uint8, query string, body []byte) {
		method, path, _ := strings.Cut(routes[int(route)%len(routes)], " ")
		if strings.Contains(path, "/cameras") && elsewhere(body) {
			return // nobody is to be connected to
		}
		path = strings.NewReplacer("{id}", "gate", "{kind}", string(policy.RecordKinds[int(kind)%len(policy.RecordKinds)])).Replace(path)
		r := httptest.NewRequest(method, "http://bauta"+path, bytes.NewReader(body))
		r.URL.RawQuery = query
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code >= 500 && w.Code != http.StatusBadGateway || w.Header().Get("Content-Type") == "application/json" && !json.Valid(w.Body.Bytes()) {
			t.Errorf("%s %s?%s\n%q\ngives %d: %s", method, path, query, body, w.Code, w.Body)
		}
	})
}

// elsewhere tells whether a body names another camera than the one that refuses.
func elsewhere(body []byte) bool {
	var n api.NewCamera
	_ = json.NewDecoder(bytes.NewReader(body)).Decode(&n)
	rec, err := recordOf(n, func(media.CameraID) bool { return false })
	if err != nil {
		return false
	}
	u, err := url.Parse(rec.URL)
	return err != nil || u.Host != "127.0.0.1:9"
}
