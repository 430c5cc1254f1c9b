package main

import (
	"fmt"
	"slices"

	"github.com/bauta-gateway/bauta/cmd/dev/weights/internal/onnx"
)

// The network's plan, which detector/net.cpp repeats: a first convolution and 14 units
// of a 1x1 convolution and a 3x3 one of each channel for itself, then three
// heads. Units come in the order in which they run.
var planned = [14]struct{ in, out int }{
	{16, 16}, {16, 16}, {16, 32}, {32, 32}, {32, 64}, {64, 64}, {64, 64},
	{64, 64}, {64, 64}, {64, 64}, {64, 64}, {64, 64}, {64, 64}, {64, 64},
}

// unit is a unit's weights as the model has them.
type unit struct{ mix, mixBias, own, ownBias []float32 }

// walk goes through a graph from its outputs to its input and checks that
// each step is what the kernel computes. The first surprise ends it.
type walk struct {
	g     *onnx.Graph
	maker map[string]*onnx.Node
	err   error
}

// weightsOf reads the model and returns its weights in the kernel's order.
func weightsOf(model []byte) ([]float32, error) {
	g, err := onnx.Parse(model)
	if err != nil {
		return nil, err
	}
	w := &walk{g: g, maker: map[string]*onnx.Node{}}
	for i, n := range g.Nodes {
		for _, out := range n.Out {
			w.maker[out] = &g.Nodes[i]
		}
	}
	packed := w.network()
	if w.err != nil {
		return nil, fmt.Errorf("the face model has another shape than this program computes: %w", w.err)
	}
	return packed, nil
}

func (w *walk) network() []float32 {
	heads, features := [3]unit{}, [3]string{}
	for i, stride := range []string{"8", "16", "32"} {
		heads[i], features[i] = w.head(stride)
	}
	units := [14]unit{}
	back := func(i int, name string) string {
		name = w.of(name, "Relu").In[0]
		var before string
		units[i], before = w.unit(name, planned[i].in, planned[i].out)
		return before
	}
	third := w.sum(back(13, features[0]), features[1])
	fourth := w.sum(back(12, features[1]), features[2])
	fifth := back(11, features[2])
	w.same(fourth, w.pool(back(9, back(10, fifth))))
	w.same(third, w.pool(back(7, back(8, fourth))))
	at := w.pool(back(5, back(6, third)))
	at = w.pool(back(1, back(2, back(3, back(4, at)))))
	first := w.of(w.of(back(0, at), "Relu").In[0], "Conv")
	stem, stemBias := w.conv(first, 1, 2, 16, 3, 3)
	w.same(first.In[0], "input")
	if w.err != nil {
		return nil
	}
	packed := append(packStem(stem), stemBias...)
	for i, u := range units {
		packed = u.pack(packed, planned[i].in, planned[i].out)
	}
	for _, h := range heads {
		packed = h.pack(packed, 64, 8)
	}
	return packed
}

// head returns one level's head, whose class, object and box parts become
// the first six of eight channels, and the name of what goes into it.
func (w *walk) head(stride string) (unit, string) {
	var h unit
	var from string
	for _, part := range []struct {
		name     string
		channels int
	}{{"cls_", 1}, {"obj_", 1}, {"bbox_", 4}} {
		name := part.name + stride
		if part.name != "bbox_" {
			name = w.of(name, "Sigmoid").In[0]
		}
		transpose := w.of(w.of(name, "Reshape").In[0], "Transpose")
		w.ints(transpose, "perm", 0, 2, 3, 1)
		u, before := w.unit(transpose.In[0], 64, part.channels)
		if from != "" {
			w.same(from, before)
		}
		from = before
		h.mix, h.mixBias = append(h.mix, u.mix...), append(h.mixBias, u.mixBias...)
		h.own, h.ownBias = append(h.own, u.own...), append(h.ownBias, u.ownBias...)
	}
	return h, from
}

// unit reads the two convolutions that make name, and returns what goes into them.
func (w *walk) unit(name string, in, out int) (u unit, before string) {
	own := w.of(name, "Conv")
	mix := w.of(own.In[0], "Conv")
	u.own, u.ownBias = w.conv(own, out, 1, out, 1, 3)
	u.mix, u.mixBias = w.conv(mix, 1, 1, out, in, 1)
	return u, mix.In[0]
}

// conv checks a convolution and returns its weights and bias.
func (w *walk) conv(n *onnx.Node, group, stride, out, in, side int) (weights, bias []float32) {
	if len(n.In) != 3 {
		w.fail("%s has %d inputs", n.Op, len(n.In))
		return nil, nil
	}
	s, k, pad := int64(stride), int64(side), int64(side/2)
	w.ints(n, "group", int64(group))
	w.ints(n, "kernel_shape", k, k)
	w.ints(n, "strides", s, s)
	w.ints(n, "pads", pad, pad, pad, pad)
	w.ints(n, "dilations", 1, 1)
	return w.tensor(n.In[1], out, in, side, side), w.tensor(n.In[2], out)
}

// sum checks that name is a map plus another one enlarged by two, and returns the first.
func (w *walk) sum(name, half string) string {
	add := w.of(name, "Add")
	if len(add.In) != 2 {
		w.fail("Add has %d inputs", len(add.In))
		return ""
	}
	large := w.of(add.In[1], "Resize")
	w.same(large.In[0], half)
	w.text(large, "mode", "nearest")
	w.text(large, "coordinate_transformation_mode", "asymmetric")
	w.text(large, "nearest_mode", "floor")
	if factors := w.tensor(large.In[len(large.In)-1], 4); w.err == nil && !slices.Equal(factors, []float32{1, 1, 2, 2}) {
		w.fail("Resize by %v", factors)
	}
	return add.In[0]
}

// pool checks that name is the largest of each 2 x 2 of what it returns.
func (w *walk) pool(name string) string {
	n := w.of(name, "MaxPool")
	w.ints(n, "kernel_shape", 2, 2)
	w.ints(n, "strides", 2, 2)
	w.ints(n, "pads", 0, 0, 0, 0)
	return n.In[0]
}

// of returns the node that makes name, which must be of the kind op. After a
// surprise it returns a node that leads nowhere.
func (w *walk) of(name, op string) *onnx.Node {
	n := w.maker[name]
	switch {
	case n == nil:
		w.fail("nothing makes %q", name)
	case n.Op != op || len(n.In) == 0:
		w.fail("%q comes from %s, not %s", name, n.Op, op)
	default:
		return n
	}
	return &onnx.Node{Op: op, In: []string{""}}
}

func (w *walk) tensor(name string, dims ...int) []float32 {
	t := w.g.Tensors[name]
	if t.Floats == nil || !slices.Equal(t.Dims, dims) {
		w.fail("tensor %q is %v in size, not %v", name, t.Dims, dims)
		return make([]float32, 0)
	}
	return t.Floats
}

func (w *walk) ints(n *onnx.Node, name string, want ...int64) {
	if got := n.Ints[name]; !slices.Equal(got, want) {
		w.fail("%s has %s %v, not %v", n.Op, name, got, want)
	}
}

func (w *walk) text(n *onnx.Node, name, want string) {
	if got := n.Text[name]; got != want {
		w.fail("%s has %s %q, not %q", n.Op, name, got, want)
	}
}

func (w *walk) same(a, b string) {
	if a != b {
		w.fail("%q stands where %q is expected", a, b)
	}
}

// fail keeps the first surprise.
func (w *walk) fail(format string, args ...any) {
	if w.err == nil {
		w.err = fmt.Errorf(format, args...)
	}
}

// packStem turns [16][3 colours][3 rows][3 columns] into [rows][colours][columns][16].
func packStem(w []float32) []float32 {
	packed := make([]float32, 0, len(w)+16)
	for row := range 3 {
		for colour := range 3 {
			for column := range 3 {
				for out := range 16 {
					packed = append(packed, w[(out*3+colour)*9+row*3+column])
				}
			}
		}
	}
	return packed
}

// pack appends a unit: the 1x1 weights as [out/block][in][block], the 3x3
// weights as [9][out]. Channels that the unit lacks are zero.
func (u unit) pack(to []float32, in, out int) []float32 {
	block, have := min(out, 16), len(u.mixBias)
	at := func(w []float32, i, channel int) float32 {
		if channel >= have {
			return 0
		}
		return w[i]
	}
	for first := 0; first < out; first += block {
		for i := range in {
			for o := first; o < first+block; o++ {
				to = append(to, at(u.mix, o*in+i, o))
			}
		}
	}
	for o := range out {
		to = append(to, at(u.mixBias, o, o))
	}
	for k := range 9 {
		for o := range out {
			to = append(to, at(u.own, o*9+k, o))
		}
	}
	for o := range out {
		to = append(to, at(u.ownBias, o, o))
	}
	return to
}
