package onvifserver

import (
	"encoding/base64"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/hardware/media"
)

func TestSnapshots(t *testing.T) {
	d := start(t)
	get := func(path, user, password string) (int, string, string) {
		res, data := d.digest(http.MethodGet, path, user, password, nil)
		return res.StatusCode, res.Header.Get("Content-Type"), string(data)
	}
	if status, kind, data := get("/onvif/snapshot/lobby", "wall", wallPassword); status != http.StatusOK || kind != "image/jpeg" || data != string(d.frame) {
		t.Errorf("%d, %s, %q", status, kind, data)
	}
	for path, want := range map[string]int{"/onvif/snapshot/yard": http.StatusNotFound, "/onvif/snapshot/nowhere": http.StatusNotFound} {
		if status, _, _ := get(path, "wall", wallPassword); status != want {
			t.Errorf("%s: %d", path, status)
		}
	}
	if status, _, _ := get("/onvif/snapshot/lobby", "wall", "wrong"); status != http.StatusUnauthorized {
		t.Errorf("a wrong login: %d", status)
	}
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte("wall:"+wallPassword))
	if res, _ := d.request(http.MethodGet, "/onvif/snapshot/lobby", basic, nil); res.StatusCode != http.StatusUnauthorized {
		t.Errorf("basic: %s", res.Status)
	}
	if res, _ := d.request(http.MethodPost, "/onvif/snapshot/lobby", "", nil); res.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("POST: %s", res.Status)
	}
}

// The slate is no picture: a recorder would keep it for one.
func TestNoSnapshotOfTheSlate(t *testing.T) {
	d := start(t)
	for _, p := range []media.Protection{media.Blocked, media.Offline, media.UnknownProtection} {
		d.protect("lobby", p)
		if res, _ := d.digest(http.MethodGet, "/onvif/snapshot/lobby", "wall", wallPassword, nil); res.StatusCode != http.StatusServiceUnavailable {
			t.Errorf("%s: %s", p, res.Status)
		}
	}
	if d.shots > 0 {
		t.Errorf("%d were made", d.shots)
	}
}

// Whoever asks within a second shares one.
func TestSnapshotsAreShared(t *testing.T) {
	d := start(t)
	d.slow = 100 * time.Millisecond
	var all sync.WaitGroup
	for range 30 {
		all.Go(func() {
			if res, _ := d.digest(http.MethodGet, "/onvif/snapshot/lobby", "recorder", recorderPassword, nil); res.StatusCode != http.StatusOK {
				t.Error(res.Status)
			}
		})
	}
	all.Wait()
	if d.shots > 3 { // a busy host may take more than a second for all of them
		t.Errorf("%d were made for 30", d.shots)
	}
	d.mu.Lock()
	d.cameras = d.cameras[1:]
	d.mu.Unlock()
	d.digest(http.MethodGet, "/onvif/snapshot/yard", "recorder", recorderPassword, nil)
	if len(d.snapshots.all) != 1 {
		t.Errorf("%d cameras' are kept", len(d.snapshots.all))
	}
}
