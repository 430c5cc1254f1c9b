package leak

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// The program that this measure has to agree with.
const (
	referenceTool = "../../../shared/tools/leak_judge.py"
	faceModel     = "../../../shared/models/face_detection_yunet_2023mar.onnx"
	python        = "/usr/bin/python3"
)

// needReference skips where the program or its libraries are not here: the measure has
// tests of its own.
func needReference(t *testing.T) {
	t.Helper()
	for _, file := range []string{referenceTool, faceModel} {
		if _, err := os.Stat(file); err != nil {
			t.Skip("the leak judge and its model are not beside the repository")
		}
	}
	if exec.Command(python, "-c", "import cv2").Run() != nil {
		t.Skip("Debian's python3-opencv is not installed")
	}
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		t.Fatal("ffmpeg is not installed: make setup-test installs it")
	}
}

// sample is a short clip, what became of it, and where its faces are.
type sample struct {
	Frames [][][4]float64 `json:"frames"`
	src    []*image.Gray
	out    []*image.Gray
}

const sampleW, sampleH, sampleFrames = 320, 192, 12

// newSample has three faces that drift: one covered with more and more of it
// coming through, one open, one half outside.
func newSample() sample {
	var s sample
	noise := texture(sampleW, sampleH, 20)
	for i := range sampleFrames {
		f := float64(i)
		faces := [][4]float64{{30.4 + 2*f, 30.7, 61.3, 70.2}, {200.1 - f, 60.3, 40, 40}, {290.5, 120.2 + f, 52, 52}}
		src := texture(sampleW, sampleH, uint64(i+1))
		out := altered(src, func(x, y int, v uint8) uint8 {
			if x < 150 {
				part := 100 * i / (sampleFrames - 1)
				return uint8((part*int(v) + (100-part)*int(noise.GrayAt(x, y).Y)) / 100)
			}
			return v
		})
		s.Frames, s.src, s.out = append(s.Frames, faces), append(s.src, src), append(s.out, out)
	}
	return s
}

// write keeps the luma exactly: the reference reads it back by way of BGR, which
// costs at most a step or two of brightness.
func write(t *testing.T, path string, frames []*image.Gray) {
	t.Helper()
	var raw bytes.Buffer
	for _, f := range frames {
		raw.Write(f.Pix)
	}
	cmd := exec.Command("ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "gray", "-s", fmt.Sprintf("%dx%d", sampleW, sampleH),
		"-r", "15", "-i", "pipe:0", "-vf", "scale=out_range=tv", "-pix_fmt", "yuv420p", "-c:v", "libx264", "-qp", "0", "-preset", "ultrafast", path)
	cmd.Stdin = &raw
	if b, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("ffmpeg: %v\n%s", err, b)
	}
}

func TestAgreesWithTheReference(t *testing.T) {
	needReference(t)
	dir, s := t.TempDir(), newSample()
	truth := filepath.Join(dir, "truth.json")
	b, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(truth, b, 0o600); err != nil {
		t.Fatal(err)
	}
	in, out := filepath.Join(dir, "in.mp4"), filepath.Join(dir, "out.mp4")
	write(t, in, s.src)
	write(t, out, s.out)
	b, err = exec.Command(python, referenceTool, in, out, "--model", faceModel, "--gt", truth, "--offset", "0").Output()
	if err != nil {
		t.Fatal(err)
	}
	var want struct {
		Frames, Faces, Leaked int
		ChangedArea           float64  `json:"changed_area"`
		Examples              [][3]any // frame, box, detail
	}
	if err := json.Unmarshal(b, &want); err != nil {
		t.Fatal(err)
	}
	var m Meter
	for i, faces := range s.Frames {
		var boxes []Box
		for _, f := range faces {
			boxes = append(boxes, Box{f[0], f[1], f[2], f[3]})
		}
		m.Add(s.src[i], s.out[i], boxes)
	}
	r := m.Result()
	if r.Frames != want.Frames || r.Faces != want.Faces || r.Leaked != want.Leaked || math.Abs(r.ChangedArea-want.ChangedArea) > 0.01 {
		t.Errorf("%+v, the reference says %s", r, b)
	}
	if r.Leaked == 0 || r.Leaked == r.Faces || len(want.Examples) != len(r.Examples) {
		t.Fatalf("the sample shows nothing: %+v, %s", r, b)
	}
	for i, e := range r.Examples {
		if d := want.Examples[i][2].(float64); int(want.Examples[i][0].(float64)) != e.Frame || math.Abs(d-e.Detail) > 0.015 {
			t.Errorf("example %d: %+v, the reference says %v", i, e, want.Examples[i])
		}
	}
}

// The measure itself, without the video in between, to the third digit.
func TestDetailEqualsTheReferences(t *testing.T) {
	needReference(t)
	dir := t.TempDir()
	src, other := texture(sampleW, sampleH, 31), texture(sampleW, sampleH, 32)
	out := altered(src, func(x, y int, v uint8) uint8 {
		return uint8((x*int(v) + (sampleW-x)*int(other.GrayAt(x, y).Y)) / sampleW)
	})
	faces := [][4]float64{{10, 10, 16.2, 16}, {30.5, 20.5, 33.3, 40}, {100, 40, 90, 110}, {-8, -9, 60, 70}, {260, 100, 80.5, 100}, {5, 5, 310, 180}}
	for name, g := range map[string]*image.Gray{"src": src, "out": out} {
		if err := os.WriteFile(filepath.Join(dir, name), g.Pix, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	list, err := json.Marshal(faces)
	if err != nil {
		t.Fatal(err)
	}
	tool, err := filepath.Abs(referenceTool)
	if err != nil {
		t.Fatal(err)
	}
	script := `import importlib.util, json, numpy as np, sys
spec = importlib.util.spec_from_file_location("judge", sys.argv[1]); judge = importlib.util.module_from_spec(spec)
sys.dont_write_bytecode = True; spec.loader.exec_module(judge)
src, out = (np.fromfile(n, np.uint8).reshape(int(sys.argv[3]), -1) for n in ("src", "out"))
print(json.dumps([judge.detail(src, out, b) for b in json.loads(sys.argv[2])]))`
	cmd := exec.Command(python, "-c", script, tool, string(list), fmt.Sprint(sampleH))
	cmd.Dir = dir
	b, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var want []*float64
	if err := json.Unmarshal(b, &want); err != nil {
		t.Fatal(err)
	}
	for i, f := range faces {
		got, ok := Detail(src, out, Box{f[0], f[1], f[2], f[3]})
		if ok != (want[i] != nil) || ok && math.Abs(got-*want[i]) > 0.001 {
			t.Errorf("face %v: %v, %v, the reference says %v", f, got, ok, want[i])
		}
	}
}
