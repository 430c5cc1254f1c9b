package main

import (
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/leak"
	"github.com/bauta-gateway/bauta/hardware/clips"
)

// played is the middle of the light in the first frame of a file as players turn it, in
// pixels that they have not stretched.
func played(t *testing.T, path string, width, height int) (x, y float64) {
	t.Helper()
	raw, err := exec.Command("ffmpeg", "-v", "error", "-nostdin", "-i", path, "-frames:v", "1", "-vf", "scale=out_range=pc,format=gray", "-f", "rawvideo", "pipe:1").Output()
	if err != nil || len(raw) != width*height {
		t.Fatalf("%d bytes, want %dx%d: %v", len(raw), width, height, err)
	}
	var sum float64
	for i, v := range raw {
		if v > 60 {
			sum, x, y = sum+1, x+float64(i%width), y+float64(i/width)
		}
	}
	return x / sum, y / sum
}

func near(x, y float64, f leak.Box) bool { return math.Hypot(x-(f.X+f.W/2), y-(f.Y+f.H/2)) <= 2 }

// In each kind the faces go where ffmpeg puts the frame: in the pixels that the file
// holds, and in those of players.
func TestKinds(t *testing.T) {
	c := makeClipAt(t, 60, 130, 60) // off the middle, but in the frame however it is tilted
	b := &bench{temp: t.TempDir()}
	for _, k := range kinds {
		t.Run(k.name, func(t *testing.T) {
			made, err := k.make(t.Context(), b, c, 12, 36)
			if err != nil {
				t.Fatal(err)
			}
			if want := 24 / max(1, k.every); made.frames != want || math.Abs(made.fps-15) > 0.1 {
				t.Errorf("%d frames at %v a second, want %d", made.frames, made.fps, want)
			}
			if x, y := brightest(t, made); !near(x, y, made.truth[0][0]) {
				t.Errorf("the square is at %.1f, %.1f, ground truth says %+v", x, y, made.truth[0][0])
			}
			truth := k.played(made)
			f := truth.Frames[0][0]
			if x, y := played(t, made.path, truth.Width, truth.Height); !near(x, y, leak.Box{X: f.X, Y: f.Y, W: f.W, H: f.H}) {
				t.Errorf("for players the square is at %.1f, %.1f, ground truth says %+v", x, y, f)
			}
		})
	}
}

// The two measures agree on a clip that was not masked: all leaks, and nothing is lost on the way.
func TestSecondMeasure(t *testing.T) {
	t.Chdir(filepath.Join("..", "..", "..")) // where make bench runs
	j, err := findSecondMeasure()
	if err != nil {
		t.Fatal(err)
	}
	if j == nil {
		t.Skipf("%s does not name a Python for the second measure", secondVariable)
	}
	c := clipWithFaces(t)
	b := &bench{temp: t.TempDir()}
	from, to := busiest(c.truth, rate(c))
	for _, k := range kinds {
		if !k.matrix && k.narrow == 0 && k.low == 0 {
			continue
		}
		made, err := k.make(t.Context(), b, c, from, to)
		if err != nil {
			t.Fatal(err)
		}
		out := filepath.Join(b.temp, "out.mp4")
		if err := os.Link(made.path, out); err != nil {
			t.Fatal(err)
		}
		s, err := j.measure(t.Context(), k.played(made), made.path, out)
		os.Remove(out)
		if err != nil || s.Faces < 3 || s.Leaked != s.Faces || s.remarks() != "" {
			t.Errorf("%s: %+v, %v", k.name, s, err)
		}
	}
}

func clipWithFaces(t *testing.T) clip {
	t.Helper()
	c, err := openClip(clips.Path(t, "lobby.mp4"))
	if err != nil || !c.known {
		t.Fatalf("%+v, %v", c, err)
	}
	return c
}

func TestSecondMeasureIsMissing(t *testing.T) {
	t.Setenv(secondVariable, "")
	if j, err := findSecondMeasure(); j != nil || err != nil {
		t.Errorf("%v, %v", j, err)
	}
	t.Setenv(secondVariable, filepath.Join(t.TempDir(), "python3"))
	if j, err := findSecondMeasure(); j != nil || err == nil || !strings.Contains(err.Error(), secondVariable) {
		t.Errorf("%v, %v", j, err)
	}
}

// Pictures near a face in time do not count, before or behind it.
func TestFaceless(t *testing.T) {
	c := clip{fps: 2, truth: make([][]leak.Box, 20)}
	c.truth[8] = []leak.Box{{W: 20, H: 20}}
	changed := make([]float64, 20)
	for i := 5; i <= 11; i++ { // 1.5 s before and behind
		changed[i] = 1
	}
	changed[12], changed[4] = 0.13, 0.26
	frames, mean, worst := faceless(c, changed)
	if frames != 13 || math.Abs(mean-0.03) > 1e-9 || worst != 0.26 {
		t.Errorf("%d frames, mean %v, worst %v", frames, mean, worst)
	}
	for i := range c.truth {
		c.truth[i] = c.truth[8]
	}
	if frames, mean, _ := faceless(c, changed); frames != 0 || !math.IsNaN(mean) {
		t.Errorf("somebody is always there: %d, %v", frames, mean)
	}
}

// A file compared with itself is like itself, with another it is not.
func TestSimilarity(t *testing.T) {
	needFFmpeg(t)
	c := makeClip(t, 20)
	values, err := similarity(t.Context(), c.path, c.path)
	if err != nil || len(values) != 20 || values[7] < 0.999 {
		t.Errorf("%v, %v", values, err)
	}
	other := filepath.Join(t.TempDir(), "grey.mp4")
	if err := convert(t.Context(), c.path, "drawbox=100:40:120:120:gray:fill", other, "-preset", "ultrafast"); err != nil {
		t.Fatal(err)
	}
	if values, err := similarity(t.Context(), c.path, other); err != nil || len(values) != 20 || values[7] > 0.95 {
		t.Errorf("another: %v, %v", values, err)
	}
	if ratio, err := sizeRatio(c.path, c.path); err != nil || ratio != 1 {
		t.Errorf("size %v, %v", ratio, err)
	}
}

func TestKindTables(t *testing.T) {
	d := doc{withSecond: true, pairs: 3, date: time.Date(2030, 1, 2, 0, 0, 0, 0, time.UTC)}
	r := leak.Result{Frames: 10, Faces: 20, Leaked: 1, Tracks: 2, LeakedTracks: 1, ChangedArea: 0.05, FaceArea: 0.02}
	d.kinds = []kindRow{
		{"hall", "turned by 90", r, &second{Faces: 8, Leaked: 2}},
		{"lobby", "turned by 90", r, &second{Faces: 12, RotationLost: true}},
		{"hall", "noisy", r, nil},
	}
	d.spare = []spareRow{{"road", 60, 0.0012, 0.013, leak.Result{ChangedArea: 0.0012}}, {"hall", 0, math.NaN(), math.NaN(), r}}
	d.still = []stillRow{{"hall", 120, 0.9412, 0.97, 1.24}}
	text := string(d.markdown())
	for _, want := range []string{
		"| hall | turned by 90 | 20 | 0.0500 | 1 of 2 | 0.0500 | 2.5 | 8 | 0.2500 |  |",
		"| **all** | **turned by 90** | 40 | **0.0500** | | | | 20 | 0.1000 | turn lost |",
		"| hall | noisy | 20 | 0.0500 | 1 of 2 | 0.0500 | 2.5 | - | - |  |",
		"| road | 60 | 0.0012 | 0.0130 | 0.0012 | 0.0000 | - |", "| hall | 0 | - | - |",
		"| hall | 120 | 0.9412 | 0.9700 | 1.24 |", "every 5th picture", "the 4 s of each clip",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the report lacks %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, "%!") {
		t.Errorf("a format is wrong:\n%s", text)
	}
}
