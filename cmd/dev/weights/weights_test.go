package main

import (
	"bytes"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/detector/yunet"
)

// model is the ONNX file, which is not part of the repository.
func model(t testing.TB) []byte {
	t.Helper()
	path := filepath.Join("..", "..", "..", "..", "shared", "models", yunet.File)
	b, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		t.Skipf("the ONNX file is not beside the repository: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestTableHoldsTheModelsNumbers(t *testing.T) {
	want, err := weightsOf(model(t))
	if err != nil {
		t.Fatal(err)
	}
	have, err := yunet.Weights()
	if err != nil {
		t.Fatal(err)
	}
	if len(have) != len(want) {
		t.Fatalf("the table has %d numbers, the model %d", len(have), len(want))
	}
	for i := range want {
		if math.Float32bits(have[i]) != math.Float32bits(want[i]) {
			t.Fatalf("number %d is %v in the table, %v in the model", i, have[i], want[i])
		}
	}
}

// The numbers of the kernel's own order must be those of the file, each once:
// everything but the landmarks' and the ones that enlarge maps.
func TestTableLeavesOnlyLandmarksOut(t *testing.T) {
	packed, err := weightsOf(model(t))
	if err != nil {
		t.Fatal(err)
	}
	used := 0
	for _, v := range packed {
		if v != 0 {
			used++
		}
	}
	if padding := len(packed) - used; used != 50854 || padding != 3*2*(64+1+9+1) {
		t.Errorf("%d numbers and %d zeros of channels that a head lacks", used, padding)
	}
}

func TestToolWritesTheTable(t *testing.T) {
	dir := t.TempDir()
	in, out := filepath.Join(dir, yunet.File), filepath.Join(dir, "weights.bin")
	onnx := model(t)
	if err := os.WriteFile(in, onnx, 0o600); err != nil {
		t.Fatal(err)
	}
	sum, err := write(in, out)
	if err != nil || sum != yunet.TableSHA256 {
		t.Errorf("SHA-256 %s, %v; the table that is built in has %s", sum, err, yunet.TableSHA256)
	}
	made, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := os.ReadFile(filepath.Join("..", "..", "..", "detector", "yunet", "weights.bin"))
	if err != nil || !bytes.Equal(made, kept) {
		t.Errorf("the tool writes another file than detector/yunet/weights.bin (%v)", err)
	}
	onnx[len(onnx)/2]++
	if err := os.WriteFile(in, onnx, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := write(in, out); err == nil || !strings.Contains(err.Error(), "SHA-256") {
		t.Errorf("a changed model: %v", err)
	}
}

func TestWeightsRefuseOtherShapes(t *testing.T) {
	onnx := model(t)
	if w, err := weightsOf(onnx); err != nil || len(w) != yunet.Count {
		t.Fatalf("the model itself: %d weights, %v", len(w), err)
	}
	for _, c := range []struct{ from, to, says string }{
		{"\"\aMaxPool", "\"\aMinPool", "not MaxPool"},
		{"\"\aSigmoid", "\"\aSigmoix", "not Sigmoid"},
		{"strides@\x02", "strides@\x01", "strides [1 2], not [2 2]"},
		{"nearest_mode\"\x05floor", "nearest_mode\"\x05round", "nearest_mode"},
		{"bbox_16", "bbox_17", "nothing makes"},
		{"\n\x05input\n\x03420", "\n\x05inpux\n\x03420", "inpux"},
		{"B\x03423", "B\x03999", "423"},
	} {
		other := bytes.Replace(onnx, []byte(c.from), []byte(c.to), 1)
		if bytes.Equal(other, onnx) {
			t.Errorf("%q is not in the model", c.from)
			continue
		}
		if _, err := weightsOf(other); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q for %q: %v, want %q", c.to, c.from, err, c.says)
		}
	}
}

// FuzzWeights changes a few bytes of the model: whole models are too large to mutate.
func FuzzWeights(f *testing.F) {
	onnx := model(f)
	f.Add(uint32(0), []byte{})
	f.Add(uint32(bytes.Index(onnx, []byte("strides@"))), []byte("strides@\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, at uint32, patch []byte) {
		b := bytes.Clone(onnx)
		copy(b[int(at)%len(b):], patch)
		if w, err := weightsOf(b); err == nil && len(w) != yunet.Count {
			t.Errorf("%d weights", len(w))
		}
	})
}
