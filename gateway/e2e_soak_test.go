package gateway

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/gateway/demo"
	"github.com/bauta-gateway/bauta/gateway/media"
)

// TestE2ESoak runs two cameras at 1080p25 with three viewers for as long as
// BAUTA_SOAK says, such as 5m: no viewer may complain, no picture be lost and no
// memory grow once all is warm. It needs a box of its own; where that cannot
// take two crowded cameras, BAUTA_SOAK_FILM names a calmer film.
func TestE2ESoak(t *testing.T) {
	span, err := time.ParseDuration(os.Getenv("BAUTA_SOAK"))
	if err != nil {
		t.Skip("BAUTA_SOAK does not say for how long, such as 5m")
	}
	need(t, "ffmpeg", "gst-launch-1.0")
	film := os.Getenv("BAUTA_SOAK_FILM")
	if film == "" {
		film = filepath.Join(sharedDir, "clips", "crowd_1080.mp4")
	}
	if _, err := os.Stat(film); err != nil {
		t.Skipf("no film at 1080p25: %v", err)
	}
	g, client := start(t, Options{Config: realSettings(t)})
	soakCameras(t, client, film)
	for _, id := range []media.CameraID{"by-ffmpeg", "by-gortsplib"} {
		awaitMasking(t, g, id)
	}
	views := soakViewers(t, g, int(span.Seconds()))
	warm := min(span/5, time.Minute)
	time.Sleep(warm) // the measurement is the point here
	before, began := soakCounts(g), soakMemory(t, g)
	time.Sleep(span - warm - 2*time.Second)
	after, grown := soakCounts(g), soakMemory(t, g)
	views.Wait()
	for id := range before {
		in, out := after[id].fed-before[id].fed, after[id].pictures-before[id].pictures
		t.Logf("%s: %d in, %d out, %d slates", id, in, out, after[id].slates-before[id].slates)
		if out*100 < in*99 || out > in+in/100 {
			t.Errorf("%s: %d pictures of %d", id, out, in)
		}
	}
	t.Logf("memory: %d MB, then %d MB", began>>20, grown>>20)
	if grown > began+began/10+16<<20 {
		t.Errorf("memory grew from %d to %d bytes", began, grown)
	}
}

// soakCameras adds one camera with ffmpeg's RTP and one with gortsplib's.
func soakCameras(t *testing.T, client *Client, film string) {
	t.Helper()
	r := startRelay(t)
	r.feed(t, "-re", "-stream_loop", "-1", "-i", film, "-an", "-c", "copy")
	own, err := demo.Start(t.Context(), film, quiet())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(own.Close)
	for _, cam := range []NewCamera{
		{ID: "by-ffmpeg", Name: "ffmpeg", URL: r.url(), Transport: "tcp"},
		{ID: "by-gortsplib", Name: "gortsplib", URL: own.URL(), User: own.User(), Password: own.Password()},
	} {
		if _, err := client.AddCamera(t.Context(), cam); err != nil {
			t.Fatal(err)
		}
	}
}

func soakViewers(t *testing.T, g *Gateway, seconds int) *sync.WaitGroup {
	t.Helper()
	urls := g.Viewer().URLs
	gst := player{"gst-launch-1.0", []string{"-q", "rtspsrc", "location=" + urls[0], "protocols=tcp", "!", "rtph264depay", "!", "h264parse",
		"!", "identity", fmt.Sprintf("eos-after=%d", seconds*20), "!", "fakesink"}, nil}
	var all sync.WaitGroup
	for _, p := range []player{ffmpegPlayer("tcp", urls[0], seconds), ffmpegPlayer("udp", urls[1], seconds), gst} {
		all.Go(func() {
			frames, complaint, err := p.view(t.Context(), time.Duration(seconds)*time.Second*2+time.Minute)
			if err != nil || complaint != "" {
				t.Errorf("%s: %d pictures, %v\n%s", p.name, frames, err, complaint)
			}
		})
	}
	return &all
}

type soakCount struct{ fed, pictures, slates uint64 }

func soakCounts(g *Gateway) map[media.CameraID]soakCount {
	out := map[media.CameraID]soakCount{}
	for _, c := range g.sorted() {
		s := c.handle.Stats()
		out[c.cfg.source.ID] = soakCount{s.Fed, s.Pictures, s.Slates}
	}
	return out
}

// soakMemory is what this process and the workers hold in memory, in bytes.
func soakMemory(t *testing.T, g *Gateway) (sum int64) {
	t.Helper()
	pids := []int{os.Getpid()}
	for _, c := range g.sorted() {
		pids = append(pids, workerPID(t, g, c.cfg.source.ID))
	}
	for _, pid := range pids {
		n, err := residentOf(pid)
		if err != nil {
			t.Fatal(err)
		}
		sum += n
	}
	return sum
}

// residentOf is what a process holds in memory, in bytes.
func residentOf(pid int) (int64, error) { return memoryOf(pid, "VmRSS") }

// memoryOf is a field of a process's status, in bytes.
func memoryOf(pid int, field string) (int64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	m := regexp.MustCompile(field + `:\s+(\d+) kB`).FindSubmatch(b)
	if m == nil {
		return 0, fmt.Errorf("process %d has no %s", pid, field)
	}
	kb, err := strconv.ParseInt(string(m[1]), 10, 64)
	return kb << 10, err
}
