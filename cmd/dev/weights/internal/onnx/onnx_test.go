package onnx

import (
	"errors"
	"testing"
)

// one is a graph of a node Conv(x, w) -> y with strides [2, 2] and a tensor w of two floats.
var one = []byte("\x08\x06\x3a\x33" +
	"\x0a\x1e" + "\x0a\x01x\x0a\x01w\x12\x01y\x22\x04Conv" + "\x2a\x0d\x0a\x07strides\x40\x02\x40\x02" +
	"\x2a\x11" + "\x08\x02\x10\x01\x42\x01w\x4a\x08\x00\x00\x80\x3f\x00\x00\x00\x40")

func TestParse(t *testing.T) {
	g, err := Parse(one)
	if err != nil {
		t.Fatal(err)
	}
	if len(g.Nodes) != 1 || g.Nodes[0].Op != "Conv" || g.Nodes[0].In[1] != "w" || g.Nodes[0].Out[0] != "y" {
		t.Errorf("nodes %+v", g.Nodes)
	}
	if s := g.Nodes[0].Ints["strides"]; len(s) != 2 || s[1] != 2 {
		t.Errorf("strides %v", s)
	}
	if w := g.Tensors["w"]; len(w.Floats) != 2 || w.Floats[0] != 1 || w.Floats[1] != 2 {
		t.Errorf("tensor %+v", w)
	}
}

func TestParseRefuses(t *testing.T) {
	for name, model := range map[string]string{
		"nothing":            "",
		"no graph":           "\x08\x06",
		"two graphs":         "\x3a\x00\x3a\x00",
		"cut short":          string(one[:len(one)-3]),
		"an endless number":  "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
		"a wire type of 3":   "\x0b",
		"too large a tensor": "\x3a\x0b\x2a\x09\x08\xff\xff\xff\xff\x0f\x10\x01\x42\x00",
		"missing floats":     "\x3a\x06\x2a\x04\x08\x02\x10\x01",
		"floats elsewhere":   "\x3a\x08\x2a\x06\x08\x02\x10\x01\x70\x01",
	} {
		if _, err := Parse([]byte(model)); !errors.Is(err, ErrFormat) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(one)
	f.Fuzz(func(t *testing.T, b []byte) {
		g, err := Parse(b)
		if err != nil {
			return
		}
		for name, w := range g.Tensors {
			size := 1
			for _, d := range w.Dims {
				size *= d
			}
			if w.Floats != nil && len(w.Floats) != size {
				t.Errorf("tensor %q of %v has %d floats", name, w.Dims, len(w.Floats))
			}
		}
	})
}
