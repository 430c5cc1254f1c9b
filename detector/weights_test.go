package detector

import (
	"bytes"
	"strings"
	"testing"
)

func TestRepackedRefusesOtherShapes(t *testing.T) {
	onnx := model(t)
	if w, err := repacked(onnx); err != nil || len(w) != 51304 {
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
		if _, err := repacked(other); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q for %q: %v, want %q", c.to, c.from, err, c.says)
		}
	}
}

// FuzzRepacked changes a few bytes of the model: whole models are too large to mutate.
func FuzzRepacked(f *testing.F) {
	onnx := model(f)
	f.Add(uint32(0), []byte{})
	f.Add(uint32(bytes.Index(onnx, []byte("strides@"))), []byte("strides@\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, at uint32, patch []byte) {
		b := bytes.Clone(onnx)
		copy(b[int(at)%len(b):], patch)
		if w, err := repacked(b); err == nil && len(w) != 51304 {
			t.Errorf("%d weights", len(w))
		}
	})
}
