// Package onnx reads the part of ONNX model files that a network of
// convolutions is made of: nodes, their whole-number and text attributes, and
// tensors of 32-bit floats. See https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
// for the fields' numbers.
package onnx

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// Graph is a network: nodes and the constants that they use, by name.
type Graph struct {
	Nodes   []Node
	Tensors map[string]Tensor
}

// Node is one operation. An attribute that is a single number is in Ints too.
type Node struct {
	Op      string
	In, Out []string
	Ints    map[string][]int64
	Text    map[string]string
}

// Tensor is a constant. Floats is nil unless its elements are 32-bit floats.
type Tensor struct {
	Dims   []int
	Floats []float32
}

// ErrFormat says that the bytes are not a model that this package reads.
var ErrFormat = errors.New("not a readable ONNX model")

// Parse reads a model.
func Parse(model []byte) (*Graph, error) {
	g := &Graph{Tensors: map[string]Tensor{}}
	found := false
	err := each(model, func(f field) error {
		if f.num != 7 {
			return nil
		}
		if found {
			return errors.New("two graphs")
		}
		found = true
		return each(f.data, g.add)
	})
	if err == nil && !found {
		err = errors.New("no graph")
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	return g, nil
}

func (g *Graph) add(f field) error {
	switch f.num {
	case 1:
		n, err := node(f.data)
		g.Nodes = append(g.Nodes, n)
		return err
	case 5:
		name, t, err := tensor(f.data)
		if _, twice := g.Tensors[name]; twice {
			return fmt.Errorf("two tensors %q", name)
		}
		g.Tensors[name] = t
		return err
	}
	return nil
}

func node(b []byte) (Node, error) {
	n := Node{Ints: map[string][]int64{}, Text: map[string]string{}}
	err := each(b, func(f field) error {
		switch f.num {
		case 1:
			n.In = append(n.In, string(f.data))
		case 2:
			n.Out = append(n.Out, string(f.data))
		case 4:
			n.Op = string(f.data)
		case 5:
			return n.attribute(f.data)
		}
		return nil
	})
	return n, err
}

func (n *Node) attribute(b []byte) error {
	var name, text string
	var ints []int64
	err := each(b, func(f field) (err error) {
		switch f.num {
		case 1:
			name = string(f.data)
		case 3, 8:
			ints, err = f.appendInts(ints)
		case 4:
			text = string(f.data)
		}
		return err
	})
	n.Ints[name], n.Text[name] = ints, text
	return err
}

const float32Type = 1

func tensor(b []byte) (name string, t Tensor, err error) {
	var dims []int64
	var raw []byte
	var kind uint64
	err = each(b, func(f field) (err error) {
		switch f.num {
		case 1:
			dims, err = f.appendInts(dims)
		case 2:
			kind = f.value
		case 4, 13, 14:
			err = errors.New("a tensor's numbers are not raw data in the file")
		case 8:
			name = string(f.data)
		case 9:
			raw = f.data
		}
		return err
	})
	if err != nil {
		return name, t, err
	}
	size := int64(1)
	for _, d := range dims {
		if d < 0 || d > 1<<24 || size*d > 1<<24 {
			return name, t, fmt.Errorf("tensor %q is %v in size", name, dims)
		}
		size *= d
		t.Dims = append(t.Dims, int(d))
	}
	if kind != float32Type {
		return name, t, nil
	}
	if int64(len(raw)) != 4*size {
		return name, t, fmt.Errorf("tensor %q of %v has %d bytes", name, dims, len(raw))
	}
	t.Floats = make([]float32, size)
	for i := range t.Floats {
		t.Floats[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
	}
	return name, t, nil
}
