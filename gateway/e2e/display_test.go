package e2e

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"

	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/identity"
	"github.com/bauta-gateway/bauta/gateway/lockout"
	"github.com/bauta-gateway/bauta/gateway/whep/wheptest"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// screen is a browser that opens a link.
func screen(t *testing.T, g *gateway.Gateway, made api.MadeDisplay) *browser {
	t.Helper()
	b := newBrowser(t, g)
	res := b.send("POST", "/api/v1/display", map[string]string{"token": made.Token})
	if res.StatusCode != http.StatusOK || len(res.Cookies()) != 1 {
		t.Fatalf("the link is answered with %s, %v", res.Status, res.Cookies())
	}
	c := res.Cookies()[0]
	if c.Name != "__Host-bauta-display" || !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteStrictMode || c.Path != "/" || c.Domain != "" || !c.Expires.Equal(made.Expires) {
		t.Errorf("the cookie is %+v", c)
	}
	b.screen = c.Value
	return b
}

func addDisplay(t *testing.T, client *api.Client, cameras ...media.CameraID) api.MadeDisplay {
	t.Helper()
	made, err := client.AddDisplay(t.Context(), api.NewDisplay{Label: "Lodge, left", Person: "Wang Fang", Place: "North gate", Cameras: cameras})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// watchAsScreen counts the units of a camera's smaller stream that a screen gets.
func watchAsScreen(t *testing.T, b *browser, id media.CameraID) *atomic.Int64 {
	t.Helper()
	var units atomic.Int64
	v, offer := wheptest.Offer(t, webrtc.RTPCodecTypeVideo)
	v.Watch(func([][]byte, error) { units.Add(1) })
	res := b.send("POST", "/api/v1/cameras/"+string(id)+"/whep?stream=sub", []byte(offer))
	answer, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusCreated {
		t.Fatalf("no preview: %s %s, %v", res.Status, answer, err)
	}
	v.Accept(t, string(answer))
	return &units
}

// mayRead is all that a screen may ask for, besides what anybody may.
var mayRead = []string{"/v1/status GET", "/v1/stream GET", "/v1/cameras/{id}/whep POST", "/v1/cameras/{id}/hls/{stream}/{file} GET", "/v1/whep/{session} DELETE"}

// A screen is refused whatever else the description lists, and all pages but the wall.
func TestScreenReadsNothingElse(t *testing.T) {
	g, client := start(t, gateway.Options{Config: settings(t)})
	manager(t, g)
	for _, id := range []string{"gate", "yard"} {
		if _, err := client.AddCamera(t.Context(), api.NewCamera{ID: id, Name: id, URL: nobody}); err != nil {
			t.Fatal(err)
		}
	}
	made := addDisplay(t, client, "gate")
	b := screen(t, g, made)
	for _, d := range openAPI(t) {
		if d.Role == identity.Public || d.Role == identity.Local || slices.Contains(mayRead, d.name()) {
			continue
		}
		if status, _ := b.code(d.method, d.url(""), nil); status != http.StatusUnauthorized && status != http.StatusForbidden {
			t.Errorf("%s by a screen: %d", d.name(), status)
		}
	}
	for _, path := range []string{"/", "/settings", "/cameras/gate", "/consents", "/evidence", "/fleet", "/fleet/", "/hls/gate/index.m3u8"} {
		if res := b.send("GET", path, nil); res.StatusCode == http.StatusOK {
			t.Errorf("%s is shown to a screen", path)
		}
	}
	if res := b.send("GET", "/wall", nil); res.StatusCode != http.StatusOK {
		t.Errorf("the wall: %s", res.Status)
	}
	for path, want := range map[string]int{
		"/api/v1/cameras/gate/hls/main/index.m3u8": http.StatusForbidden, "/api/v1/cameras/yard/hls/sub/index.m3u8": http.StatusNotFound, "/api/v1/cameras/nowhere/hls/sub/index.m3u8": http.StatusNotFound,
	} {
		if status, _ := b.code("GET", path, nil); status != want {
			t.Errorf("%s: %d, want %d", path, status, want)
		}
	}
	for path, want := range map[string]int{"gate/whep": http.StatusForbidden, "gate/whep?stream=main": http.StatusForbidden, "yard/whep?stream=sub": http.StatusNotFound} {
		if status, _ := b.code("POST", "/api/v1/cameras/"+path, []byte("v=0")); status != want {
			t.Errorf("%s: %d, want %d", path, status, want)
		}
	}
	var status api.Status
	b.do("GET", "/api/v1/status", nil, &status)
	if raw, _ := json.Marshal(status); len(status.Cameras) != 1 || status.Cameras[0].ID != "gate" || status.Cameras[0].URL != "" || strings.Contains(string(raw), "127.0.0.1") {
		t.Errorf("a screen is told %s", raw)
	}
}

// A screen goes on over a restart of the gateway, with nothing but its cookie, until its link is
// withdrawn: then what it watches by WebRTC, by HLS and by events ends within a second.
func TestScreenSurvivesARestartAndEndsWithItsLink(t *testing.T) {
	cfg := settings(t)
	g, client := start(t, gateway.Options{Config: cfg})
	if _, err := client.AddCamera(t.Context(), api.NewCamera{ID: "gate", Name: "gate", URL: nobody}); err != nil {
		t.Fatal(err)
	}
	made := addDisplay(t, client, "gate")
	cookie := screen(t, g, made).screen
	g.Close()
	g, client = start(t, gateway.Options{Config: cfg})
	b := newBrowser(t, g)
	b.screen, b.http.Timeout = cookie, 0

	frames := watchAsScreen(t, b, "gate")
	events := b.send("GET", "/api/v1/stream", nil)
	ended := make(chan time.Time, 1)
	go func() {
		lines := bufio.NewScanner(events.Body)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			if strings.Contains(lines.Text(), "compliance") {
				t.Error("a screen is sent the report")
			}
		}
		ended <- time.Now()
	}()
	eventually(t, "the screen's pictures play", func() bool { return statusOf(g, "gate").Viewers == 1 && frames.Load() > 3 })
	if all, err := client.Displays(t.Context()); err != nil || len(all) != 1 || time.Since(all[0].LastSeen) > time.Minute {
		t.Errorf("%+v, %v", all, err)
	}
	began := time.Now()
	if err := client.WithdrawDisplay(t.Context(), made.ID); err != nil {
		t.Fatal(err)
	}
	for statusOf(g, "gate").Viewers > 0 {
		if time.Sleep(5 * time.Millisecond); time.Since(began) > time.Second {
			t.Fatal("WebRTC goes on a second after the link was withdrawn")
		}
	}
	webrtc := time.Since(began)
	select {
	case at := <-ended:
		t.Logf("withdrawn: WebRTC ended after %v, events after %v", webrtc, at.Sub(began))
	case <-time.After(time.Until(began.Add(time.Second))):
		t.Error("events go on a second after the link was withdrawn")
	}
	for _, path := range []string{"/api/v1/status", "/api/v1/cameras/gate/hls/sub/index.m3u8"} {
		if status, _ := b.code("GET", path, nil); status != http.StatusUnauthorized {
			t.Errorf("%s after it was withdrawn: %d", path, status)
		}
	}
	if status, _ := newBrowser(t, g).code("POST", "/api/v1/display", map[string]string{"token": made.Token}); status != http.StatusUnauthorized {
		t.Errorf("the token after it was withdrawn: %d", status)
	}
	var actions []string
	g.Close()
	for _, e := range auditRecords(t, cfg.Store()) {
		if e.Subject == "display/"+made.ID {
			actions = append(actions, e.Action+" "+e.Detail)
		}
		if line := fmt.Sprint(e); strings.Contains(line, "Wang") || strings.Contains(line, "North") || strings.Contains(line, "Lodge") {
			t.Errorf("the audit log names %s", line)
		}
	}
	slices.Sort(actions)
	want := []string{"display.withdrawn cameras=gate groups=0", "view.changed viewers=0", "view.changed viewers=1"}
	if len(actions) != 4 || !strings.HasPrefix(actions[0], "display.added until=") || !slices.Equal(actions[1:], want) {
		t.Errorf("the audit log has %q", actions)
	}
	assertNotOnDisk(t, cfg.Data, "Wang Fang")
	assertNotOnDisk(t, cfg.Data, made.Token)
	assertNotOnDisk(t, cfg.Data, cookie)
}

// Who guesses tokens waits.
func TestGuessedLinksWait(t *testing.T) {
	g, _ := start(t, gateway.Options{Config: settings(t)})
	b := newBrowser(t, g)
	for i := range lockout.FreeTries + 1 {
		status, _ := b.code("POST", "/api/v1/display", map[string]string{"token": fmt.Sprint("bauta_screen_", i)})
		if want := http.StatusUnauthorized; i < lockout.FreeTries && status != want {
			t.Errorf("try %d: %d", i, status)
		} else if i == lockout.FreeTries && status != http.StatusTooManyRequests {
			t.Errorf("after %d tries: %d", i, status)
		}
	}
}
