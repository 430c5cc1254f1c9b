package hls

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"
	"github.com/chromedp/chromedp"

	"github.com/bauta-gateway/bauta/gateway/worker/slate"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// chromium is a browser of its own for the test.
func chromium(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal("chromium is not installed: make setup-test installs it")
	}
	dir, err := os.MkdirTemp("", "bauta-chromium-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { until(t, "the browser's folder is gone", func() bool { return os.RemoveAll(dir) == nil }) })
	flags := []chromedp.ExecAllocatorOption{chromedp.ExecPath(path), chromedp.UserDataDir(dir), chromedp.Flag("headless", "new")}
	for _, f := range []string{"no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking", "disable-component-update", "disable-sync"} {
		flags = append(flags, chromedp.Flag(f, true))
	}
	ctx, stop := chromedp.NewExecAllocator(t.Context(), flags...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(func() {
		_ = chromedp.Cancel(ctx)
		stop()
	})
	return ctx
}

// bits of a frame's number stand in the frame as squares of squareSize, black or white.
const bits, squareSize = 12, 40

// countingClip is made by x264 with a keyframe every two seconds.
func countingClip(t *testing.T, size string, seconds int) [][][]byte {
	t.Helper()
	filter := fmt.Sprintf("color=c=gray:s=%s:r=25:d=%d", size, seconds)
	for b := range bits {
		filter += fmt.Sprintf(",drawbox=x=%d:y=0:w=%d:h=%d:c=black:t=fill,drawbox=x=%d:y=0:w=%d:h=%d:c=white:t=fill:enable='mod(floor(n/%d),2)'",
			b*squareSize, squareSize, squareSize, b*squareSize, squareSize, squareSize, 1<<b)
	}
	cmd := exec.Command("ffmpeg", "-v", "error", "-f", "lavfi", "-i", filter+",format=yuv420p",
		"-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g", "50", "-x264-params", "aud=1:scenecut=0", "-f", "h264", "-")
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
		if media.H264Type(u) == h264.NALUTypeAccessUnitDelimiter {
			units = append(units, nil)
			continue
		}
		units[len(units)-1] = append(units[len(units)-1], u)
	}
	return units
}

// projector plays clips into a server and remembers when each frame went in.
type projector struct {
	server *Server
	begun  time.Time
	mu     sync.Mutex
	at     map[int]time.Time // by its number in the clip
}

func (p *projector) write(nalus [][]byte, key bool) {
	now := time.Now()
	p.server.Write(lobby, media.VouchSlate(nalus, key, media.TicksOf(now.Sub(p.begun)), now))
}

// clip plays one at its pace, until its end or until over.
func (p *projector) clip(units [][][]byte, over <-chan struct{}) {
	tick := time.NewTicker(40 * time.Millisecond)
	defer tick.Stop()
	for i, u := range units {
		select {
		case <-over:
			return
		case <-tick.C:
		}
		p.mu.Lock()
		p.at[i] = time.Now()
		p.mu.Unlock()
		p.write(u, media.H264Type(u[0]) == h264.NALUTypeSPS)
	}
}

func (p *projector) slate(over <-chan struct{}) {
	s := slate.New(640, 360)
	s.SetCard(slate.Card{Title: slate.Text{EN: "Picture withheld", ZH: "画面暂不显示"}, Camera: "lobby"})
	tick := time.NewTicker(slate.Interval)
	defer tick.Stop()
	for {
		select {
		case <-over:
			return
		case now := <-tick.C:
			nalus, key := s.Next(now, false)
			p.write(nalus, key)
		}
	}
}

// count is the number in the frame that the page shows, with the frame's width.
const count = `(() => {
	if (!v.videoWidth) return [0, 0];
	const c = document.createElement('canvas'), g = c.getContext('2d', {willReadFrequently: true});
	c.width = v.videoWidth; c.height = v.videoHeight;
	g.drawImage(v, 0, 0);
	let n = 0;
	for (let b = 0; b < 12; b++) if (g.getImageData(b * 40 + 20, 20, 1, 1).data[0] > 128) n += 1 << b;
	return [n, v.videoWidth];
})()`

func playerPage(t *testing.T, streams string) string {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, `<!doctype html><video id=v muted autoplay playsinline></video><script type=module>
			import {play} from '/hls.js';
			window.failed = 0; window.end = play(v, '/hls/lobby/', () => window.failed++);</script>`)
	})
	mux.HandleFunc("GET /hls.js", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFile(w, r, filepath.Join("..", "console", "web", "static", "hls.js"))
	})
	mux.HandleFunc("GET /hls/{rest...}", func(w http.ResponseWriter, r *http.Request) {
		r.URL.Path = "/" + r.PathValue("rest")
		forward(w, r, streams)
	})
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	return srv.URL
}

// forward passes a request on: a page may load from its own origin alone.
func forward(w http.ResponseWriter, r *http.Request, to string) {
	req, err := http.NewRequestWithContext(r.Context(), http.MethodGet, to+r.URL.Path[1:]+"?"+r.URL.RawQuery, nil)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer res.Body.Close()
	w.WriteHeader(res.StatusCode)
	_, _ = io.Copy(w, res.Body)
}

// delay is how far the page is behind, by the number in its frame.
func delay(t *testing.T, ctx context.Context, p *projector, width int) (time.Duration, bool) {
	var got [2]int
	if err := chromedp.Run(ctx, chromedp.Evaluate(count, &got)); err != nil {
		t.Fatal(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	at, ok := p.at[got[0]]
	return time.Since(at), ok && got[1] == width
}

// The console's own player in Chromium is less than 4 s behind live, by the number in each
// frame, through a slate and the return of the camera with another size; and its memory ends.
func TestChromiumPlays(t *testing.T) {
	browser := chromium(t)
	s := newServer(t, Config{})
	page := playerPage(t, site(t, s))
	small, large := countingClip(t, "640x360", 15), countingClip(t, "960x540", 15)
	p := &projector{server: s, begun: time.Now(), at: map[int]time.Time{}}
	stage := func(f func(over <-chan struct{})) (end func()) {
		stop, ended := make(chan struct{}), make(chan struct{})
		go func() { defer close(ended); f(stop) }()
		return func() { close(stop); <-ended }
	}
	watch := func(what string, width int) {
		var worst time.Duration
		began := time.Now()
		until(t, what+" is shown", func() bool { d, ok := delay(t, browser, p, width); return ok && d < 4*time.Second })
		first := time.Since(began)
		for end := time.Now().Add(2 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
			if d, ok := delay(t, browser, p, width); ok {
				worst = max(worst, d)
			}
		}
		t.Logf("%s: first after %v, then at most %v behind", what, first.Round(10*time.Millisecond), worst.Round(10*time.Millisecond))
		if worst > 4*time.Second || worst == 0 {
			t.Errorf("%s: %v behind live", what, worst)
		}
	}
	end := stage(func(over <-chan struct{}) { p.clip(small, over) })
	if err := chromedp.Run(browser, chromedp.Navigate(page)); err != nil {
		t.Fatal(err)
	}
	watch("the camera", 640)
	end()
	end = stage(p.slate)
	time.Sleep(2 * time.Second)
	end()
	p.at = map[int]time.Time{}
	end = stage(func(over <-chan struct{}) { p.clip(large, over) })
	watch("the camera after a slate, larger", 960)
	var kept float64
	var failed int
	if err := chromedp.Run(browser, chromedp.Evaluate("v.buffered.length ? v.buffered.end(v.buffered.length - 1) - v.buffered.start(0) : 0", &kept), chromedp.Evaluate("window.failed", &failed)); err != nil {
		t.Fatal(err)
	}
	if kept <= 0 || kept > 20 || failed != 0 {
		t.Errorf("%.1f s are buffered, failed %d times", kept, failed)
	}
	if err := chromedp.Run(browser, chromedp.Evaluate("window.end()", nil)); err != nil {
		t.Fatal(err)
	}
	until(t, "the stream ends with its last viewer", func() bool { return s.Stats().Streams == 0 })
	end()
}
