package e2e

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"
	"github.com/bluenviron/mediacommon/v2/pkg/formats/fmp4"
	"github.com/bluenviron/mediacommon/v2/pkg/formats/mp4"

	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/lockout"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// hlsAddress is where players find a stream, with a login.
func hlsAddress(t *testing.T, g *gateway.Gateway, user, password, path string) string {
	t.Helper()
	u, err := url.Parse(g.ConsoleURL())
	if err != nil {
		t.Fatal(err)
	}
	u.User, u.Path = url.UserPassword(user, password), "/hls/"+path
	return u.String()
}

// player asks from an address of its own.
func hlsPlayer(t *testing.T, local string) *http.Client {
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(local)}}
	c := &http.Client{Timeout: patience, Transport: &http.Transport{DialContext: d.DialContext, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, ForceAttemptHTTP2: true}}
	t.Cleanup(c.CloseIdleConnections)
	return c
}

func hlsGet(t *testing.T, c *http.Client, address string) (int, string) {
	t.Helper()
	res, err := c.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if res.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%s may be kept: %q", res.Request.URL.Path, res.Header.Get("Cache-Control"))
	}
	return res.StatusCode, string(b)
}

// HLS plays for who is logged in at the console, and for players with a login at the streams
// that may watch the camera; for nobody else.
func TestE2EHLS(t *testing.T) {
	need(t, "ffmpeg")
	g, client, _ := startReal(t)
	awaitMasking(t, g, "demo")
	b := manager(t, g)
	const inside = "/api/v1/cameras/demo/hls/main/"
	if code, _ := b.code("GET", inside+"index.m3u8", nil); code != http.StatusOK {
		t.Errorf("who is logged in gets %d", code)
	}
	for path, want := range map[string]int{inside + "nothing.mp4": 404, "/api/v1/cameras/demo/hls/other/index.m3u8": 400, "/api/v1/cameras/nobody/hls/main/index.m3u8": 404} {
		if code, _ := b.code("GET", path, nil); code != want {
			t.Errorf("%s: %d", path, code)
		}
	}
	if code, _ := newBrowser(t, g).code("GET", inside+"index.m3u8", nil); code != http.StatusUnauthorized {
		t.Errorf("a stranger gets %d", code)
	}
	player, v := hlsPlayer(t, "127.0.0.2"), viewer(t, g)
	for _, c := range []struct {
		user, password, path string
		want                 int
	}{
		{v.User, v.Password, "demo/index.m3u8", 200}, {v.User, v.Password, "nobody/index.m3u8", 404}, {v.User, v.Password, "demo/x", 404},
		{v.User, "wrong", "demo/index.m3u8", 401}, {"nobody", "", "demo/index.m3u8", 401},
	} {
		if code, body := hlsGet(t, player, hlsAddress(t, g, c.user, c.password, c.path)); code != c.want {
			t.Errorf("%s of %s: %d: %s", c.path, c.user, code, body)
		}
	}
	if n := cameraStatus(t, client, "demo").Viewers; n != 2 {
		t.Errorf("%d viewers of two", n)
	}
	frames, complaint, err := hlsFFmpeg(hlsAddress(t, g, v.User, v.Password, "demo/index.m3u8")).view(t.Context(), time.Minute)
	if err != nil || frames < 20 || complaint != "" {
		t.Errorf("ffmpeg: %d frames, %v: %s", frames, err, complaint)
	}
	for range lockout.FreeTries + 1 {
		player.Get(hlsAddress(t, g, v.User, "wrong", "demo/index.m3u8"))
	}
	if code, _ := hlsGet(t, player, hlsAddress(t, g, v.User, v.Password, "demo/index.m3u8")); code != http.StatusTooManyRequests {
		t.Errorf("after many wrong logins: %d", code)
	}
}

// hlsFFmpeg plays three seconds.
func hlsFFmpeg(address string) player {
	return player{"ffmpeg", []string{"-hide_banner", "-nostdin", "-loglevel", "error", "-stats", "-tls_verify", "0", "-i", address, "-t", "3", "-f", "null", "-"}, regexp.MustCompile(`frame= *(\d+)`)}
}

// A request that waits for what is to come ends with the session.
func TestE2EHLSEndsWithTheSession(t *testing.T) {
	g, _, _ := startReal(t)
	awaitMasking(t, g, "demo")
	b := manager(t, g)
	const list = "/api/v1/cameras/demo/hls/main/stream.m3u8"
	var next int
	eventually(t, "a segment", func() bool {
		res := b.send("GET", list, nil)
		raw, _ := io.ReadAll(res.Body)
		body := string(raw)
		_, rest, ok := strings.Cut(body, "#EXT-X-MEDIA-SEQUENCE:")
		_, err := fmt.Sscan(rest, &next)
		next += strings.Count(body, "#EXTINF")
		return ok && err == nil
	})
	waiting := make(chan int, 1)
	began := time.Now()
	go func() {
		res, err := b.http.Do(b.request("GET", fmt.Sprintf("%s?_HLS_msn=%d", list, next+1), nil))
		if err != nil {
			waiting <- 0
			return
		}
		res.Body.Close()
		waiting <- res.StatusCode
	}()
	time.Sleep(200 * time.Millisecond)
	b.do("POST", "/api/v1/logout", nil, nil)
	if code := <-waiting; code == http.StatusOK || time.Since(began) > 2*time.Second {
		t.Errorf("%d after %v", code, time.Since(began))
	}
	if code, _ := b.code("GET", list, nil); code != http.StatusUnauthorized {
		t.Errorf("after the end: %d", code)
	}
}

// Three hundred idle connections and fifty players that take nothing at the door of HLS:
// viewers elsewhere do not notice.
func TestE2EHLSCrowd(t *testing.T) {
	g, client, _ := startReal(t)
	v := viewer(t, g)
	unnoticed(t, g, client, func() {
		door := hostOf(t, g.ConsoleURL())
		for range 300 {
			dialFrom(t, "127.0.0.9", door)
		}
		for range 50 {
			slowHLS(t, "127.0.0.8", door, v)
		}
		eventually(t, "the slow ones count", func() bool { return cameraStatus(t, client, "demo").Viewers >= 2 })
	})
	began := time.Now()
	if code, body := hlsGet(t, hlsPlayer(t, "127.0.0.2"), hlsAddress(t, g, v.User, v.Password, "demo/index.m3u8")); code != http.StatusOK || time.Since(began) > 5*time.Second {
		t.Errorf("a player from elsewhere: %d after %v: %s", code, time.Since(began), body)
	}
}

// slowHLS asks for playlists again and again, and reads no answer.
func slowHLS(t *testing.T, local, door string, v api.Viewer) {
	t.Helper()
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(local)}, Timeout: patience}
	raw, err := d.Dial("tcp", door)
	if err != nil {
		t.Fatal(err)
	}
	_ = raw.(*net.TCPConn).SetReadBuffer(4096)
	c := tls.Client(raw, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"http/1.1"}})
	t.Cleanup(func() { c.Close() })
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodGet, "https://"+door+"/hls/demo/stream.m3u8", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.SetBasicAuth(v.User, v.Password)
	for range 20 {
		if err := r.Write(c); err != nil {
			t.Fatal(err)
		}
	}
}

// watchHLS watches a camera by HLS until the test ends and shows each NAL unit to f.
func watchHLS(t *testing.T, g *gateway.Gateway, id media.CameraID, f func(nalu []byte)) {
	t.Helper()
	v, player := viewer(t, g), hlsPlayer(t, "127.0.0.3")
	get := func(name string) []byte {
		res, err := player.Get(hlsAddress(t, g, v.User, v.Password, string(id)+"/"+name))
		if err != nil {
			return nil // the end of the test
		}
		defer res.Body.Close()
		b, _ := io.ReadAll(res.Body)
		return b
	}
	stop, done := make(chan struct{}), make(chan struct{})
	t.Cleanup(func() { close(stop); <-done })
	names := regexp.MustCompile(`"((?:init|part)-[0-9a-f]+-[0-9]+\.mp4)"`)
	go func() {
		defer close(done)
		seen := map[string]bool{}
		for {
			select {
			case <-stop:
				return
			case <-time.After(100 * time.Millisecond):
			}
			for _, found := range names.FindAllSubmatch(get("stream.m3u8"), -1) {
				if name := string(found[1]); !seen[name] {
					seen[name] = true
					showUnits(get(name), f)
				}
			}
		}
	}()
}

// showUnits shows the NAL units of an init segment or of a part.
func showUnits(b []byte, f func(nalu []byte)) {
	var start fmp4.Init
	if bytes.Contains(b, []byte("moov")) && start.Unmarshal(bytes.NewReader(b)) == nil {
		for _, track := range start.Tracks {
			codec := track.Codec.(*mp4.CodecH264)
			f(codec.SPS)
			f(codec.PPS)
		}
		return
	}
	var parts fmp4.Parts
	if parts.Unmarshal(b) != nil {
		return // no file any more
	}
	for _, p := range parts {
		for _, track := range p.Tracks {
			for _, s := range track.Samples {
				var units h264.AVCC
				if units.Unmarshal(s.Payload) == nil {
					for _, u := range units {
						f(u)
					}
				}
			}
		}
	}
}
