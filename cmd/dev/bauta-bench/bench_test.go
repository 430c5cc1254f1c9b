package main

import (
	"errors"
	"fmt"
	"image"
	"io"
	"math"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/leak"
)

func needFFmpeg(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		t.Fatal("ffmpeg is not installed: make setup-test installs it")
	}
}

// makeClip has ffmpeg draw a bright square at (40, 20) on black, 15 frames a
// second.
func makeClip(t *testing.T, frames int) clip { return makeClipAt(t, frames, 40, 20) }

func makeClipAt(t *testing.T, frames, x, y int) clip {
	t.Helper()
	needFFmpeg(t)
	path := filepath.Join(t.TempDir(), "square.mp4")
	cmd := exec.Command("ffmpeg", "-v", "error", "-f", "lavfi", "-i", fmt.Sprintf("color=black:s=320x192:r=15,format=yuv420p,drawbox=%d:%d:32:32:white:fill", x, y),
		"-frames:v", fmt.Sprint(frames), "-c:v", "libx264", "-preset", "ultrafast", "-bf", "0", "-g", "15", path)
	if b, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("ffmpeg: %v\n%s", err, b)
	}
	c, err := openClip(path)
	if err != nil {
		t.Fatal(err)
	}
	c.known, c.truth = true, make([][]leak.Box, frames)
	for i := range c.truth {
		c.truth[i] = []leak.Box{{X: float64(x), Y: float64(y), W: 32, H: 32}}
	}
	return c
}

// brightest is where the light in a clip's first frame has its middle.
func brightest(t *testing.T, c clip) (x, y float64) {
	t.Helper()
	in, err := openVideo(t.Context(), c.path, c.width, c.height, "gray")
	if err != nil {
		t.Fatal(err)
	}
	defer in.close()
	g := image.NewGray(image.Rect(0, 0, c.width, c.height))
	if err := in.read(g.Pix); err != nil {
		t.Fatal(err)
	}
	var sum float64
	for i, v := range g.Pix {
		if v > 60 {
			sum++
			x += float64(i % g.Stride)
			y += float64(i / g.Stride)
		}
	}
	return x / sum, y / sum
}

// The ground truth goes where ffmpeg puts the face.
func TestVariants(t *testing.T) {
	c := makeClip(t, 30)
	b := &bench{temp: t.TempDir()}
	for _, v := range variants {
		t.Run(v.name, func(t *testing.T) {
			made, ok, err := v.make(t.Context(), b, c)
			if err != nil || !ok {
				t.Fatal(ok, err)
			}
			if want := map[bool]int{true: 16, false: 30}[v.picks != nil]; made.frames != want || len(made.truth) != want {
				t.Errorf("%d frames, ground truth of %d, want %d", made.frames, len(made.truth), want)
			}
			f := made.truth[0][0]
			x, y := brightest(t, made)
			if math.Hypot(x-(f.X+f.W/2), y-(f.Y+f.H/2)) > 2 {
				t.Errorf("the square is at %.1f, %.1f, ground truth says %+v", x, y, f)
			}
		})
	}
}

func TestEmptyScene(t *testing.T) {
	c := makeClip(t, 40)
	b := &bench{temp: t.TempDir()}
	if _, ok, err := b.emptyScene(t.Context(), c); ok || err != nil {
		t.Errorf("somebody is there: %v, %v", ok, err)
	}
	for i := range 10 {
		c.truth[i] = nil
	}
	made, ok, err := b.emptyScene(t.Context(), c)
	if err != nil || !ok || made.frames != 60*15 || len(made.truth) != made.frames || math.Abs(made.fps-15) > 0.01 {
		t.Errorf("%v, %v: %d frames at %v a second", ok, err, made.frames, made.fps)
	}
}

func TestFacesThatLeaveByTilting(t *testing.T) {
	c := clip{width: 320, height: 192}
	if f, ok := tilted(c, leak.Box{X: 0, Y: 160, W: 32, H: 32}, tilt); ok {
		t.Errorf("a face in the corner stays: %+v", f)
	}
	if _, ok := tilted(c, leak.Box{X: 144, Y: 80, W: 32, H: 32}, tilt); !ok {
		t.Error("a face in the middle leaves")
	}
}

func TestMeasureLeak(t *testing.T) {
	c := makeClip(t, 8)
	r, err := measureLeak(t.Context(), c, c.truth, c.path)
	if err != nil || r.Frames != 8 || r.Faces != 8 || r.Tracks != 1 || r.ChangedArea != 0 {
		t.Errorf("%+v, %v", r, err)
	}
	b := &bench{temp: t.TempDir()}
	part, err := b.cut(t.Context(), c, 2, 6)
	if err != nil {
		t.Fatal(err)
	}
	if r, err := measureLeak(t.Context(), part, c.truth[2:6], part.path); err != nil || r.Frames != 4 {
		t.Errorf("%+v, %v", r, err)
	}
	if _, err := measureLeak(t.Context(), c, c.truth, part.path); err == nil {
		t.Error("an output with frames missing was measured")
	}
}

func TestVideoSaysWhatIsWrong(t *testing.T) {
	needFFmpeg(t)
	v, err := openVideo(t.Context(), filepath.Join(t.TempDir(), "none.mp4"), 32, 32, "gray")
	if err != nil {
		t.Fatal(err)
	}
	defer v.close()
	if err := v.read(make([]byte, 32*32)); err == nil || errors.Is(err, io.EOF) || !strings.Contains(err.Error(), "No such file") {
		t.Errorf("err = %v", err)
	}
}

// Without a gateway in between, each of the camera's frames is found again
// at once.
func TestFramesAreFoundAgain(t *testing.T) {
	c := makeClip(t, 30)
	cam, err := startCamera(t.Context(), c.path)
	if err != nil {
		t.Fatal(err)
	}
	defer cam.close()
	v, err := startViewer(cam.url())
	if err != nil {
		t.Fatal(err)
	}
	defer v.client.Close()
	deadline := time.Now().Add(20 * time.Second)
	var in []received
	for len(in) < 40 || err != nil { // more than one turn of the clip
		if time.Now().After(deadline) {
			t.Fatalf("%d frames, %v", len(in), err)
		}
		time.Sleep(10 * time.Millisecond)
		in, err = v.receivedSoFar()
	}
	out, err := cam.sentSoFar()
	if err != nil {
		t.Fatal(err)
	}
	var during []sent
	for _, s := range out {
		if s.written.After(in[0].at) && s.written.Before(in[len(in)-2].at) {
			during = append(during, s)
		}
	}
	took, missing := delays(during, in)
	if missing != 0 || len(took) < 30 || percentile(took, 50) > 20*time.Millisecond || percentile(took, 1) < -5*time.Millisecond {
		t.Errorf("%d found, %d missing, p1 %v, p50 %v", len(took), missing, percentile(took, 1), percentile(took, 50))
	}
}

func TestDelays(t *testing.T) {
	at := func(ms int) time.Time { return time.Unix(1000, 0).Add(time.Duration(ms) * time.Millisecond) }
	out := []sent{{at(0), at(1), 0}, {at(40), at(41), 1}, {at(80), at(81), 2}}
	in := []received{{at(1), at(201), nil}, {at(83), at(300), nil}, {at(500), at(700), nil}}
	took, missing := delays(out, in)
	if missing != 1 || len(took) != 2 || took[0] != 200*time.Millisecond || took[1] != 219*time.Millisecond {
		t.Errorf("%v, %d missing", took, missing)
	}
}

// What a viewer got is measured from its first keyframe on, each access unit
// against the frame that it shows.
func TestAlign(t *testing.T) {
	at := func(ms int) time.Time { return time.Unix(1000, 0).Add(time.Duration(ms) * time.Millisecond) }
	out := []sent{{at(40), at(41), 8}, {at(80), at(81), 9}, {at(120), at(121), 0}, {at(200), at(201), 2}}
	key, other := [][]byte{{0x67}, {0x65}}, [][]byte{{0x41}}
	in := []received{{at(0), at(1), key}, {at(40), at(1), other}, {at(81), at(1), key}, {at(119), at(1), other}, {at(160), at(1), other}, {at(200), at(1), other}}
	var got []int
	for _, s := range align(out, in) {
		got = append(got, s.frame)
	}
	if want := []int{9, 0, -1, 2}; !slices.Equal(got, want) {
		t.Errorf("frames %v, want %v", got, want)
	}
}

func TestStatistics(t *testing.T) {
	hundred := make([]time.Duration, 100)
	for i := range hundred {
		hundred[i] = time.Duration(100 - i)
	}
	if p50, p99, p100 := percentile(hundred, 50), percentile(hundred, 99), percentile(hundred, 100); p50 != 50 || p99 != 99 || p100 != 100 {
		t.Errorf("percentiles %d, %d, %d", p50, p99, p100)
	}
	if percentile(nil, 99) != 0 || median([]float64{}) != 0 {
		t.Error("something of nothing")
	}
	if a, b := median([]float64{3, 1, 2}), median([]float64{4, 1}); a != 2 || b != 2.5 {
		t.Errorf("medians %v, %v", a, b)
	}
}

func TestBusiest(t *testing.T) {
	one := []leak.Box{{}}
	faces := [][]leak.Box{nil, nil, one, one, nil, one, one, one}
	for n, want := range map[int][2]int{3: {5, 8}, 2: {2, 4}, 8: {0, 8}, 20: {0, 8}} {
		if from, to := busiest(faces, n); [2]int{from, to} != want {
			t.Errorf("of %d: %d to %d, want %v", n, from, to, want)
		}
	}
	if from, to := busiest(make([][]leak.Box, 5), 2); from != 0 || to != 2 {
		t.Errorf("nobody there: %d to %d", from, to)
	}
}

// The programs' own children count too, in time and memory.
func TestUsageOfAProcessTree(t *testing.T) {
	needFFmpeg(t)
	u, err := run(t.Context(), onOneCPU, "sh", "-c", "ffmpeg -v error -f lavfi -i testsrc=s=1280x720 -frames:v 60 -f null - ; exit 0")
	if err != nil || u.cpu < 20*time.Millisecond || u.peak < 10<<20 || u.wall <= 0 {
		t.Errorf("%+v, %v", u, err)
	}
	if _, err := run(t.Context(), anywhere, "sh", "-c", "echo broken >&2; exit 3"); err == nil || !strings.Contains(err.Error(), "broken") {
		t.Errorf("err = %v", err)
	}
}

func TestReport(t *testing.T) {
	d := doc{pairs: 3, liveTime: 20 * time.Second, peerFrames: 60, date: time.Date(2030, 1, 2, 0, 0, 0, 0, time.UTC), strip: "before-after.jpg"}
	full := leak.Result{Frames: 10, Faces: 20, Leaked: 1, Tracks: 2, LeakedTracks: 1, ChangedArea: 0.0512, EmptyChanged: math.NaN()}
	d.clips = []clipRow{{clip{name: "hall", width: 640, height: 360, frames: 10, fps: 15}, full}}
	d.entries = []measurement{{clip: "hall", tool: toolBauta, result: full, ratio: 1.25, perFrame: 12 * time.Millisecond, peak: 100 << 20}, {clip: "hall", tool: toolFaceblur, note: "failed"}}
	d.live = []liveRow{{d.clips[0].clip, liveResult{sentFrames: 300, missing: 2, p50: 210 * time.Millisecond, p99: 260 * time.Millisecond, lookAhead: 200 * time.Millisecond, notes: []string{"2 slates"}}}}
	d.skip("attic", "there is no light")
	text := string(d.markdown())
	for _, want := range []string{
		"| hall | Bauta | 20 | 0.0500 | 1 of 2 | 0.0512 | - | 12.0 | 1.25 | 100 |", "| hall | GStreamer faceblur (failed) | - |",
		"| **all** | **Bauta** | 20 | **0.0500** | 1 of 2 |", "| 300 | 2 | 0 | 0.0000 | 210 | 260 |", "look-ahead of 200ms", "2 slates", "Not measured: attic: there is no light.",
		"2 January 2030", "](before-after.jpg)", "at 1280 pixels",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the report lacks %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, "%!") {
		t.Errorf("a format is wrong:\n%s", text)
	}
}
