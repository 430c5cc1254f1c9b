package clips

import (
	"os"
	"path/filepath"
	"testing"
)

// The demo's clip has faces of known places, people who stand and walk, and
// wearers of the badges 7 and 9. It stands in for every test clip that is not
// on this machine, with the same demands on what becomes of it.
const demo = "demo.mp4"

// Path is the clip that a test plays: the one of that name in the folder
// shared/clips beside the repository, or else the demo's, which a test cannot
// do without.
func Path(t testing.TB, name string) string {
	t.Helper()
	root := repository(t)
	clip := filepath.Join(root, "..", "shared", "clips", name)
	if _, err := os.Stat(clip); err == nil {
		return clip
	}
	clip = filepath.Join(root, "build", demo)
	if _, err := os.Stat(clip); err != nil {
		t.Fatalf("no clip to test with: %v; run make build/demo.mp4", err)
	}
	return clip
}

// All are the clips of the folder shared/clips, as far as it is there, and the
// demo's.
func All(t testing.TB) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(repository(t), "..", "shared", "clips", "*.mp4"))
	if err != nil {
		t.Fatal(err)
	}
	return append(found, Path(t, demo))
}

// TruthOf is the ground truth of a clip that Path gave.
func TruthOf(t testing.TB, clip string) Truth {
	t.Helper()
	truth, err := ReadTruth(clip)
	if err != nil {
		t.Fatalf("no ground truth: %v; make -B build/demo.mp4 makes the demo's again", err)
	}
	if len(truth.Frames) == 0 || truth.Width <= 0 || truth.Height <= 0 {
		t.Fatalf("the ground truth of %s says nothing", clip)
	}
	return truth
}

// repository is the folder of go.mod, at or above the one that the test runs in.
func repository(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if filepath.Dir(dir) == dir {
			t.Fatal("no go.mod here or above: run the tests inside the repository")
		}
		dir = filepath.Dir(dir)
	}
}
