package sealed

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// disk puts a chain of n segments into a folder and returns their hashes.
func disk(t *testing.T, n int, keys Keys) (string, []Head) {
	t.Helper()
	dir, previous, heads := t.TempDir(), Sum{}, []Head{}
	for i := range n {
		seq := uint64(i + BlockSegments - 2) // across two folders
		h := Header{Camera: "gate", Sequence: seq, Start: start.Add(time.Duration(i) * time.Minute), Previous: previous}
		b, sum := seal(t, h, keys, footage(2))
		put(t, dir, seq, b)
		previous = sum
		heads = append(heads, Head{Camera: "gate", Sequence: seq, Sum: sum})
	}
	return dir, heads
}

func put(t *testing.T, dir string, seq uint64, b []byte) {
	t.Helper()
	name := filepath.Join(dir, filepath.FromSlash(Path("gate", seq)))
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestVerifyNamesWhatIsWrong(t *testing.T) {
	a, _ := holders(t, 1, 1)
	b, _ := holders(t, 1, 1)
	keys := Keys{a, b}
	const first = BlockSegments - 2
	file := func(dir string, i int) string {
		return filepath.Join(dir, filepath.FromSlash(Path("gate", uint64(first+i))))
	}
	swap := func(dir string, i, j int) {
		os.Rename(file(dir, i), dir+"/x")
		os.MkdirAll(filepath.Dir(file(dir, i)), 0o700)
		os.Rename(file(dir, j), file(dir, i))
		os.Rename(dir+"/x", file(dir, j))
	}
	deleted := []Head{{Camera: "gate", Sequence: first - 1, Deleted: true}}
	for name, c := range map[string]struct {
		change func(dir string, heads []Head) []Head
		want   []Fault
	}{
		"nothing":                 {func(_ string, h []Head) []Head { return h }, nil},
		"the last is gone":        {func(d string, h []Head) []Head { os.Remove(file(d, 5)); return h }, []Fault{{first + 5, FaultMissing}}},
		"one is gone":             {func(d string, h []Head) []Head { os.Remove(file(d, 3)); return nil }, []Fault{{first + 3, FaultMissing}}},
		"one is changed":          {func(d string, h []Head) []Head { flip(t, file(d, 3)); return nil }, []Fault{{first + 3, FaultChanged}}},
		"the last is changed":     {func(d string, h []Head) []Head { flip(t, file(d, 5)); return h }, []Fault{{first + 5, FaultChanged}}},
		"two are swapped":         {func(d string, h []Head) []Head { swap(d, 1, 4); return nil }, []Fault{{first + 1, FaultMoved}, {first + 4, FaultMoved}}},
		"one is empty":            {func(d string, h []Head) []Head { os.Truncate(file(d, 2), 0); return nil }, []Fault{{first + 2, FaultChanged}}},
		"one is cut":              {func(d string, h []Head) []Head { os.Truncate(file(d, 2), 900); return nil }, []Fault{{first + 2, FaultChanged}}},
		"one stands for another":  {func(d string, h []Head) []Head { b, _ := os.ReadFile(file(d, 2)); put(t, d, first+3, b); return nil }, []Fault{{first + 3, FaultMoved}}},
		"the first ones are gone": {func(d string, h []Head) []Head { os.Remove(file(d, 0)); os.Remove(file(d, 1)); return h }, []Fault{{first + 2, FaultNotFirst}}},
		"the first ones were old": {func(d string, h []Head) []Head {
			os.Remove(file(d, 0))
			os.Remove(file(d, 1))
			h[1].Deleted = true
			return h
		}, nil},
		"written anew to the end": {func(d string, h []Head) []Head {
			other, _ := disk(t, 6, keys)
			os.RemoveAll(d + "/gate")
			os.Rename(other+"/gate", d+"/gate")
			return h[5:]
		}, []Fault{{first + 5, FaultChanged}}},
		"all are gone": {func(d string, h []Head) []Head { os.RemoveAll(d + "/gate"); return h[5:] }, []Fault{{first + 5, FaultMissing}}},
	} {
		dir, heads := disk(t, 6, keys)
		heads = c.change(dir, heads)
		got, err := Verify(os.DirFS(dir), "gate", append(heads, deleted...))
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got.Faults, c.want) {
			t.Errorf("%s: %v, want %v", name, got.Faults, c.want)
		}
	}
}

// What was sealed while the clock was wrong is found by what the clock said.
func TestFind(t *testing.T) {
	a, _ := holders(t, 1, 1)
	b, _ := holders(t, 1, 1)
	dir, _ := disk(t, 6, Keys{a, b})
	back, _ := seal(t, Header{Camera: "gate", Sequence: BlockSegments + 10, Start: start.Add(90 * time.Second)}, Keys{a, b}, footage(1))
	put(t, dir, BlockSegments+10, back)
	got, err := Find(os.DirFS(dir), "gate", start.Add(61*time.Second), start.Add(2*time.Minute))
	var seqs []uint64
	for _, s := range got {
		seqs = append(seqs, s.Header.Sequence)
	}
	if want := []uint64{BlockSegments - 2, BlockSegments - 1, BlockSegments + 10}; err != nil || !slices.Equal(seqs, want[1:]) && !slices.Equal(seqs, want) {
		t.Errorf("%v, %v", seqs, err)
	}
}

func flip(t *testing.T, name string) {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)-200] ^= 4
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
}
