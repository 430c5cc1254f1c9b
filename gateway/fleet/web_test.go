package fleet

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/text"
)

func TestHandler(t *testing.T) {
	for _, base := range []string{"", "/fleet"} {
		b, _ := offlineCache(t, Config{})
		receiveAll(b, states("hall", 2, 30))
		h := b.Handler(base + "/")
		for _, c := range []struct {
			method, path string
			status       int
			kind         string
		}{
			{"GET", "/", 200, "text/html; charset=utf-8"}, {"HEAD", "/", 200, "text/html; charset=utf-8"}, {"GET", "/gateway/hall", 200, "application/json"},
			{"GET", "/gateway/nobody", 404, ""}, {"GET", "/gateway/..%2f..%2fetc", 404, ""}, {"GET", "/file/fleet.js", 200, "text/javascript; charset=utf-8"}, {"GET", "/file/fleet.css", 200, "text/css; charset=utf-8"},
			{"GET", "/file/mark.svg", 200, "image/svg+xml"}, {"GET", "/file/page.html", 404, ""}, {"GET", "/file/..%2fweb.go", 404, ""}, {"GET", "/file/", 404, ""}, {"GET", "/other", 404, ""},
			{"POST", "/", 405, ""}, {"PUT", "/gateway/hall", 405, ""}, {"DELETE", "/gateway/hall", 405, ""}, {"POST", "/events", 405, ""}, {"OPTIONS", "/", 405, ""},
		} {
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequest(c.method, base+c.path, nil))
			if w.Code != c.status || c.kind != "" && w.Header().Get("Content-Type") != c.kind {
				t.Errorf("%s %s: %d %s", c.method, base+c.path, w.Code, w.Header().Get("Content-Type"))
			}
			if w.Header().Get("Content-Security-Policy") != contentPolicy || w.Header().Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%s %s: headers %v", c.method, base+c.path, w.Header())
			}
		}
	}
	if strings.Contains(contentPolicy, "unsafe") {
		t.Error("the policy allows inline code")
	}
}

func TestLanguages(t *testing.T) {
	b, _ := offlineCache(t, Config{})
	h := b.Handler("/fleet")
	for _, c := range []struct{ query, accept, want string }{
		{"", "", "en"}, {"", "zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"}, {"", "en-GB,zh;q=0.5", "en"}, {"", "fr,zh-TW;q=0.5", "zh-CN"}, {"?lang=zh-CN", "en", "zh-CN"}, {"?lang=en", "zh", "en"}, {"?lang=<script>", "", "en"},
	} {
		r := httptest.NewRequest("GET", "/fleet/"+c.query, nil)
		r.Header.Set("Accept-Language", c.accept)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		body := w.Body.String()
		if !strings.Contains(body, `<html lang="`+c.want+`">`) || !strings.Contains(body, text.Of(text.Lang(c.want), text.FleetReadOnly)) {
			t.Errorf("%q, %q: not in %s", c.query, c.accept, c.want)
		}
		if strings.Contains(body, "onclick") || strings.Contains(body, " style=") || strings.Contains(body, "<style") || !strings.Contains(body, `src="/fleet/file/fleet.js"`) {
			t.Errorf("%q: inline code or a wrong base", c.query)
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "/fleet", nil))
	if w.Code != http.StatusPermanentRedirect || w.Header().Get("Location") != "/fleet/" {
		t.Errorf("/fleet: %d %s", w.Code, w.Header().Get("Location"))
	}
}

func TestFilesAreKept(t *testing.T) {
	b, _ := offlineCache(t, Config{})
	h := b.Handler("")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "/file/list.js", nil))
	r := httptest.NewRequest("GET", "/file/list.js", nil)
	r.Header.Set("If-None-Match", w.Header().Get("ETag"))
	again := httptest.NewRecorder()
	h.ServeHTTP(again, r)
	if again.Code != http.StatusNotModified || again.Body.Len() > 0 {
		t.Errorf("%d, %d bytes", again.Code, again.Body.Len())
	}
}

// Every text that a script asks for is in the catalogue.
func TestScriptsFindTheirTexts(t *testing.T) {
	files, _ := filepath.Glob("page/*.js")
	if len(files) < 5 {
		t.Fatal(files)
	}
	for _, f := range files {
		data, _ := os.ReadFile(f)
		for i, part := range strings.Split(string(data), " t('") {
			name, _, ok := strings.Cut(part, "'")
			if i == 0 || !ok || strings.HasSuffix(name, ".") || name == "rank" {
				continue
			}
			if _, ok := text.FleetPage[name]; !ok {
				t.Errorf("%s: no text %q", f, name)
			}
		}
	}
}

// Pages beyond the limit are refused, and one that leaves makes room.
func TestPagesAreBounded(t *testing.T) {
	b, _ := offlineCache(t, Config{Pages: 2})
	srv := httptest.NewServer(b.Handler(""))
	t.Cleanup(srv.Close)
	open := func() (status int, leave func()) {
		ctx, cancel := context.WithCancel(t.Context())
		t.Cleanup(cancel)
		r, _ := http.NewRequestWithContext(ctx, "GET", srv.URL+"/events", nil)
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if resp.StatusCode == 200 {
			if line, err := bufio.NewReader(resp.Body).ReadString('\n'); line != "event: all\n" {
				t.Errorf("begins with %q, %v", line, err)
			}
		}
		return resp.StatusCode, func() { cancel(); resp.Body.Close() }
	}
	_, leave := open()
	open()
	if status, _ := open(); status != http.StatusServiceUnavailable {
		t.Errorf("a third page: %d", status)
	}
	leave()
	until(t, "there is room again", func() bool { return b.pages.Load() == 1 })
	if status, _ := open(); status != 200 {
		t.Errorf("after one left: %d", status)
	}
}

// keyPair makes a certificate for 127.0.0.1.
func keyPair(t *testing.T) (cert, key string) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &k.PublicKey, k)
	if err != nil {
		t.Fatal(err)
	}
	raw, _ := x509.MarshalPKCS8PrivateKey(k)
	dir := t.TempDir()
	cert, key = filepath.Join(dir, "c.pem"), filepath.Join(dir, "k.pem")
	os.WriteFile(cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600)
	os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw}), 0o600)
	return cert, key
}

func TestNothingIsExposed(t *testing.T) {
	cert, key := keyPair(t)
	for name, cfg := range map[string]ServeConfig{
		"everywhere":          {Listen: "0.0.0.0:0"},
		"everywhere, no host": {Listen: ":0"},
		"no password":         {Listen: "0.0.0.0:0", CertFile: cert, KeyFile: key},
		"no certificate":      {Listen: "192.168.1.2:0", Password: "long enough"},
		"a name":              {Listen: "gateway.example:0"},
		"half a certificate":  {Listen: "127.0.0.1:0", CertFile: cert},
	} {
		b, _ := offlineCache(t, Config{})
		if err := b.Serve(t.Context(), cfg); !errors.Is(err, ErrExposed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	b, _ := offlineCache(t, Config{})
	if err := b.Serve(t.Context(), ServeConfig{Listen: "nonsense"}); err == nil {
		t.Error("an address without a port passed")
	}
}

// On loopback a website elsewhere must not read the page by a name of its own.
func TestStrangeHost(t *testing.T) {
	b, _ := offlineCache(t, Config{})
	url := serve(t, b, ServeConfig{Listen: "127.0.0.1:0"})
	for host, want := range map[string]int{"attacker.example": 403, "127.0.0.1.attacker.example:80": 403, "localhost:8450": 200, "127.0.0.1": 200, "[::1]:8450": 200} {
		r, _ := http.NewRequest("GET", url, nil)
		r.Host = host
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("%s: %d", host, resp.StatusCode)
		}
	}
}

func TestLogin(t *testing.T) {
	cert, key := keyPair(t)
	b, _ := offlineCache(t, Config{})
	url := serve(t, b, ServeConfig{Listen: "0.0.0.0:0", CertFile: cert, KeyFile: key, Password: "sesame sesame"})
	_, port, _ := net.SplitHostPort(strings.Trim(strings.TrimPrefix(url, "https://"), "/"))
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	t.Cleanup(client.CloseIdleConnections)
	get := func(user, password, path string) (int, string) {
		r, _ := http.NewRequest("GET", "https://127.0.0.1:"+port+path, nil)
		if user != "" {
			r.SetBasicAuth(user, password)
		}
		resp, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		return resp.StatusCode, string(body)
	}
	for _, path := range []string{"/", "/events", "/gateway/hall", "/file/fleet.js"} {
		if status, _ := get("", "", path); status != 401 {
			t.Errorf("%s without login: %d", path, status)
		}
	}
	if status, _ := get("admin", "sesame sesame", "/"); status != 401 {
		t.Errorf("another user: %d", status)
	}
	begun := time.Now()
	if status, body := get(ViewerName, "sesame", "/"); status != 401 || strings.Contains(body, "sesame") || time.Since(begun) < wrongPause {
		t.Errorf("wrong password: %d after %v", status, time.Since(begun))
	}
	if status, _ := get(ViewerName, "sesame sesame", "/"); status != 200 {
		t.Errorf("right password: %d", status)
	}
}
