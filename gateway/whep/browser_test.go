package whep

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// chromium is a browser of its own for the test.
func chromium(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal("chromium is not installed: make setup-test installs it")
	}
	flags := []chromedp.ExecAllocatorOption{chromedp.ExecPath(path), chromedp.UserDataDir(profile(t)), chromedp.Flag("headless", "new")}
	for _, f := range []string{"no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking", "disable-component-update", "disable-sync"} {
		flags = append(flags, chromedp.Flag(f, true))
	}
	ctx, stop := chromedp.NewExecAllocator(t.Context(), flags...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(func() {
		_ = chromedp.Cancel(ctx) // waits, unless the test has killed it
		stop()
	})
	return ctx
}

// profile is an empty folder for a browser. Its processes write there for a
// moment after it has ended, so removing it takes some tries.
func profile(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "bauta-chromium-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { until(t, "the browser's folder is gone", func() bool { return os.RemoveAll(dir) == nil }) })
	return dir
}

// page plays a camera as a WHEP player does.
const page = `<!doctype html><video id=v muted autoplay playsinline></video><script>
async function play() {
  const pc = new RTCPeerConnection();
  pc.addTransceiver('audio', {direction: 'recvonly'});
  pc.addTransceiver('video', {direction: 'recvonly'});
  pc.ontrack = e => { if (e.track.kind === 'video') v.srcObject = new MediaStream([e.track]); };
  await pc.setLocalDescription(await pc.createOffer());
  const r = await fetch('/whep', {method: 'POST', body: pc.localDescription.sdp});
  if (!r.ok) throw new Error(await r.text());
  await pc.setRemoteDescription({type: 'answer', sdp: await r.text()});
  window.pc = pc;
}
function look(x, y) {
  if (!v.videoWidth) return '';
  const c = document.createElement('canvas');
  c.width = v.videoWidth; c.height = v.videoHeight;
  const g = c.getContext('2d');
  g.drawImage(v, 0, 0);
  return [v.videoWidth, v.videoHeight, ...g.getImageData(x, y, 1, 1).data].join(' ');
}
window.failure = ''; play().catch(e => window.failure = String(e));
</script>`

func playerPage(t *testing.T, s *Server) string {
	srv := httptest.NewServer(playerSite(s))
	t.Cleanup(srv.Close)
	return srv.URL
}

func playerSite(s *Server) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, page) })
	mux.HandleFunc("POST /whep", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		answer, _, err := s.Offer(r.Context(), lobby, "browser", string(body))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		io.WriteString(w, answer)
	})
	return mux
}

// awaitPromise has an expression's promise be kept first.
func awaitPromise(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }

// makeClip is a clip by x264 with the worker's settings: left half green, right half blue.
func makeClip(t *testing.T, size string) [][][]byte {
	t.Helper()
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		t.Fatal("ffmpeg is not installed: make setup-test installs it")
	}
	cmd := exec.Command("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "color=c=0x20C040:s="+size+":r=25:d=1,drawbox=x=iw/2:w=iw/2:c=0x2040C0:t=fill,format=yuv420p",
		"-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-threads", "1", "-g", "25", "-x264-params", "aud=1", "-f", "h264", "-")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, stderr.String())
	}
	var all h264.AnnexB
	if err := all.Unmarshal(out); err != nil {
		t.Fatal(err)
	}
	var units [][][]byte
	for _, u := range all {
		if h264.NALUType(u[0]&31) == h264.NALUTypeAccessUnitDelimiter {
			units = append(units, nil)
			continue
		}
		if h264.NALUType(u[0]&31) == h264.NALUTypeSPS && (u[1] != 0x42 || u[2]&0x40 == 0) {
			t.Errorf("x264 makes profile %x: not constrained baseline, which the answer promises", u[1:3])
		}
		units[len(units)-1] = append(units[len(units)-1], u)
	}
	return units
}

// project plays a clip in a loop.
func project(t *testing.T, s *Server, units [][][]byte, again *atomic.Bool) {
	stop, done := make(chan struct{}), make(chan struct{})
	t.Cleanup(func() { close(stop); <-done })
	go func() {
		defer close(done)
		tick := time.NewTicker(40 * time.Millisecond)
		defer tick.Stop()
		for i, n := 0, 0; ; i, n = (i+1)%len(units), n+1 {
			select {
			case <-stop:
				return
			case <-tick.C:
			}
			if again.Swap(false) {
				i = 0
			}
			s.Write(lobby, media.VouchSlate(units[i], i == 0, media.Ticks90k(n*3600), time.Now()))
		}
	}()
}

// seen waits for a frame of this size in the browser and returns two of its pixels.
func seen(t *testing.T, ctx context.Context, w, h int) (left, right [3]int) {
	t.Helper()
	at := func(x, y int) (size [2]int, rgb [3]int) {
		var got, failure string
		if err := chromedp.Run(ctx, chromedp.Evaluate(fmt.Sprintf("look(%d, %d)", x, y), &got), chromedp.Evaluate("window.failure", &failure)); err != nil {
			t.Fatal(err)
		}
		if failure != "" {
			t.Fatal(failure)
		}
		fmt.Sscan(strings.TrimSpace(got), &size[0], &size[1], &rgb[0], &rgb[1], &rgb[2])
		return size, rgb
	}
	until(t, fmt.Sprintf("a frame of %dx%d", w, h), func() bool {
		var size [2]int
		size, left = at(w/4, h/2)
		return size == [2]int{w, h} && left != [3]int{}
	})
	_, right = at(w*3/4, h/2)
	return left, right
}

func near(a, b [3]int) bool {
	for i := range a {
		if d := a[i] - b[i]; d > 30 || d < -30 {
			return false
		}
	}
	return true
}

// Chromium decodes what the worker's encoder makes, at a size far above the level that the answer
// names, and shows its colours; when the browser is killed its session ends.
func TestChromiumShowsTheStream(t *testing.T) {
	browser := chromium(t)
	var again atomic.Bool
	s := newServer(t, Config{KeyframeWanted: func(media.StreamID) { again.Store(true) }})
	project(t, s, makeClip(t, "1920x1080"), &again)
	if err := chromedp.Run(browser, chromedp.Navigate(playerPage(t, s))); err != nil {
		t.Fatal(err)
	}
	left, right := seen(t, browser, 1920, 1080)
	if !near(left, [3]int{0x20, 0xc0, 0x40}) || !near(right, [3]int{0x20, 0x40, 0xc0}) {
		t.Errorf("left %v, right %v", left, right)
	}
	if err := chromedp.Run(browser, chromedp.Navigate("about:blank")); err != nil {
		t.Fatal(err)
	}
	until(t, "the session ends with the page", func() bool { return s.Stats().Sessions == 0 })
}

// The slate is seen too: its dark ground and, somewhere on it, light letters.
func TestChromiumShowsTheSlate(t *testing.T) {
	browser := chromium(t)
	f := newStudio()
	s := newServer(t, Config{KeyframeWanted: f.wanted})
	f.run(t, s, lobby)
	if err := chromedp.Run(browser, chromedp.Navigate(playerPage(t, s))); err != nil {
		t.Fatal(err)
	}
	seen(t, browser, 640, 360)
	var light bool
	script := `(() => { const c = document.createElement('canvas'); c.width = 640; c.height = 360; const g = c.getContext('2d'); g.drawImage(v, 0, 0);
		const d = g.getImageData(0, 0, 640, 360).data; let n = 0; for (let i = 0; i < d.length; i += 4) if (d[i] > 150) n++; return n > 100 && n < 50000; })()`
	if err := chromedp.Run(browser, chromedp.Evaluate(script, &light)); err != nil || !light {
		t.Errorf("no letters on the slate: %v", err)
	}
}

// A browser that is gone unannounced, with its power, holds its place for
// some seconds only. Takes 15 s: the time in which ICE misses somebody.
func TestVanishedBrowser(t *testing.T) {
	if os.Getenv("BAUTA_LONG") == "" {
		t.Skip("waits for ICE to miss a viewer: BAUTA_LONG=1")
	}
	browser := chromium(t)
	f := newStudio()
	s := newServer(t, Config{KeyframeWanted: f.wanted})
	f.run(t, s, lobby)
	if err := chromedp.Run(browser, chromedp.Navigate(playerPage(t, s))); err != nil {
		t.Fatal(err)
	}
	seen(t, browser, 640, 360)
	chromedp.FromContext(browser).Browser.Process().Kill()
	until(t, "the session ends", func() bool { return s.Stats().Sessions == 0 })
}
