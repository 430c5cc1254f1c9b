package clips

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

func TestTruthIsReadAsWritten(t *testing.T) {
	clip := filepath.Join(t.TempDir(), "hall.mp4")
	if _, err := ReadTruth(clip); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no ground truth: %v", err)
	}
	want := Truth{FPS: 15, Width: 640, Height: 360, Frames: [][]Face{{}, {{1.5, -2, 30, 40.1, 7}, {100, 0, 20, 20, 0}}}}
	if err := want.Write(clip); err != nil {
		t.Fatal(err)
	}
	if got, err := ReadTruth(clip); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("read %+v, %v, want %+v", got, err, want)
	}
	const line = `{"fps":15,"width":640,"height":360,"frames":[[],[[1.5,-2,30,40.1,7],[100,0,20,20]]]}` + "\n"
	if b, err := os.ReadFile(filepath.Join(filepath.Dir(clip), "hall.json")); err != nil || string(b) != line {
		t.Errorf("the file holds %s, %v", b, err)
	}
}

func TestWrongTruth(t *testing.T) {
	clip := filepath.Join(t.TempDir(), "hall.mp4")
	for _, text := range []string{"", "[]", `{"frames": [[[1, 2, 3]]]}`, `{"frames": [[[1, 2, 3, 4, 5, 6]]]}`, `{"frames": [[["a", 2, 3, 4]]]}`} {
		if err := os.WriteFile(truthPath(clip), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := ReadTruth(clip); err == nil {
			t.Errorf("%q passed as %+v", text, got)
		}
	}
}

// Where the named clip is absent, the demo's takes its place, and its ground
// truth has what the tests of masks and of consent need.
func TestDemoStandsIn(t *testing.T) {
	clip := Path(t, "no such clip.mp4")
	if filepath.Base(clip) != demo {
		t.Fatalf("%s stands in", clip)
	}
	truth := TruthOf(t, clip)
	worn, most := map[int]int{}, 0
	for _, faces := range truth.Frames {
		most = max(most, len(faces))
		for _, f := range faces {
			worn[f.Badge]++
		}
	}
	if len(truth.Frames[0]) != 0 || most < 2 || worn[0] < 100 || worn[7] < 60 || worn[9] < 60 {
		t.Errorf("%d faces at most in a frame, by badge %v", most, worn)
	}
}
