package reference

import (
	"fmt"
	"image"
)

// units are the channels in and out of the network's units of a 1x1 convolution and a
// 3x3 one of each channel for itself, in the order in which the table has them; the heads follow.
var units = [14]struct{ in, out int }{
	{16, 16}, {16, 16}, {16, 32}, {32, 32}, {32, 64}, {64, 64}, {64, 64},
	{64, 64}, {64, 64}, {64, 64}, {64, 64}, {64, 64}, {64, 64}, {64, 64},
}

// network writes YuNet as ONNX, from the table of its weights.
type network struct {
	builder
	left []float32
}

// write returns the model for one size of input. Its outputs are cls_N, obj_N and bbox_N
// for the strides N of 8, 16 and 32: maps of 1, 1 and 4 channels.
func write(weights []float32, size image.Point) []byte {
	n := &network{left: weights}
	n.value(graphInput, "input", 1, 3, size.Y, size.X)
	out := [len(units)]string{}
	at := n.stem("input")
	step := func(i int, from string) string {
		out[i] = n.node("Relu", nil, n.unit(from, units[i].in, units[i].out))
		return out[i]
	}
	for i := range 12 {
		switch i {
		case 1, 5, 7, 9: // half the size from here on
			at = n.pool(at)
		}
		at = step(i, at)
	}
	step(12, n.sum(out[8], out[11]))
	step(13, n.sum(out[6], out[12]))
	n.head("8", out[13])
	n.head("16", out[12])
	n.head("32", out[11])
	if len(n.left) != 0 {
		panic(fmt.Sprintf("%d weights are left over", len(n.left)))
	}
	return n.model()
}

func (n *network) take(count int) []float32 {
	v := n.left[:count]
	n.left = n.left[count:]
	return v
}

func (n *network) conv(from string, weights string, bias []float32, side, stride, group int) string {
	pad := side / 2
	return n.node("Conv", [][]byte{
		attribute("group", group), attribute("kernel_shape", []int{side, side}), attribute("strides", []int{stride, stride}),
		attribute("pads", []int{pad, pad, pad, pad}), attribute("dilations", []int{1, 1}),
	}, from, weights, n.tensor(bias, len(bias)))
}

// stem is the first convolution; the table has its weights as [3 rows][3 colours][3 columns][16].
func (n *network) stem(from string) string {
	packed, w := n.take(27*16), make([]float32, 27*16)
	for i, v := range packed {
		out, column, colour, row := i%16, i/16%3, i/48%3, i/144
		w[(out*3+colour)*9+row*3+column] = v
	}
	return n.node("Relu", nil, n.conv(from, n.tensor(w, 16, 3, 3, 3), n.take(16), 3, 2, 1))
}

// unit adds the two convolutions of a unit.
func (n *network) unit(from string, in, out int) string {
	mix, mixBias, own, ownBias := n.parts(in, out)
	at := n.conv(from, n.tensor(mix, out, in, 1, 1), mixBias, 1, 1, 1)
	return n.conv(at, n.tensor(own, out, 1, 3, 3), ownBias, 3, 1, out)
}

// parts takes a unit's weights, which the table has as [out/block][in][block] and [9][out].
func (n *network) parts(in, out int) (mix, mixBias, own, ownBias []float32) {
	block := min(out, 16)
	mix, own = make([]float32, in*out), make([]float32, 9*out)
	for i, v := range n.take(in * out) {
		mix[(i/(in*block)*block+i%block)*in+i/block%in] = v
	}
	mixBias = n.take(out)
	for i, v := range n.take(9 * out) {
		own[i%out*9+i/out] = v
	}
	return mix, mixBias, own, n.take(out)
}

func (n *network) pool(from string) string {
	return n.node("MaxPool", [][]byte{attribute("kernel_shape", []int{2, 2}), attribute("strides", []int{2, 2}), attribute("pads", []int{0, 0, 0, 0})}, from)
}

// sum adds a map that is half as large.
func (n *network) sum(large, half string) string {
	enlarged := n.node("Resize", [][]byte{
		attribute("mode", "nearest"), attribute("coordinate_transformation_mode", "asymmetric"), attribute("nearest_mode", "floor"),
	}, half, n.tensor([]float32{1, 1, 2, 2}, 4))
	return n.node("Add", nil, large, enlarged)
}

// head adds one level's outputs. The table has them as one unit of eight channels: class, object,
// four for the box, two of padding.
func (n *network) head(stride, from string) {
	const in, out = 64, 8
	mix, mixBias, own, ownBias := n.parts(in, out)
	for _, part := range []struct {
		name      string
		from, to  int
		sigmoidal bool
	}{{"cls_", 0, 1, true}, {"obj_", 1, 2, true}, {"bbox_", 2, 6, false}} {
		channels := part.to - part.from
		at := n.conv(from, n.tensor(mix[part.from*in:part.to*in], channels, in, 1, 1), mixBias[part.from:part.to], 1, 1, 1)
		at = n.conv(at, n.tensor(own[part.from*9:part.to*9], channels, 1, 3, 3), ownBias[part.from:part.to], 3, 1, channels)
		op := "Identity"
		if part.sigmoidal {
			op = "Sigmoid"
		}
		n.add(op, part.name+stride, nil, at)
		n.value(graphOutput, part.name+stride)
	}
}
