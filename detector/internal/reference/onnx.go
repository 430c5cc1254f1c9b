package reference

import (
	"encoding/binary"
	"fmt"
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// Field numbers and types of ONNX's messages:
// https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
const (
	modelIRVersion, modelGraph, modelOpset                             = 1, 7, 8
	opsetVersion                                                       = 2
	graphNode, graphName, graphInitializer, graphInput, graphOutput    = 1, 2, 5, 11, 12
	nodeInput, nodeOutput, nodeOp, nodeAttribute                       = 1, 2, 4, 5
	attributeName, attributeI, attributeS, attributeInts, attributeTyp = 1, 3, 4, 8, 20
	tensorDims, tensorType, tensorName, tensorRaw                      = 1, 2, 8, 9
	valueName, valueType                                               = 1, 2
	kindInt, kindString, kindInts                                      = 2, 3, 7
	float32Type                                                        = 1
)

// builder writes a graph, one node after the other; each node's output has the
// name of its number.
type builder struct {
	graph []byte
	count int
}

func message(to []byte, field protowire.Number, body []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(to, field, protowire.BytesType), body)
}

func text(to []byte, field protowire.Number, s string) []byte { return message(to, field, []byte(s)) }

func number(to []byte, field protowire.Number, v int) []byte {
	return protowire.AppendVarint(protowire.AppendTag(to, field, protowire.VarintType), uint64(v))
}

// attribute is one setting of a node: an int, a string or a list of ints.
func attribute(name string, value any) []byte {
	b := text(nil, attributeName, name)
	switch v := value.(type) {
	case int:
		return number(number(b, attributeI, v), attributeTyp, kindInt)
	case string:
		return number(text(b, attributeS, v), attributeTyp, kindString)
	case []int:
		for _, i := range v {
			b = number(b, attributeInts, i)
		}
		return number(b, attributeTyp, kindInts)
	}
	panic(fmt.Sprintf("attribute %s of type %T", name, value))
}

// node adds a node and returns the name of its output.
func (b *builder) node(op string, attributes [][]byte, inputs ...string) string {
	b.count++
	name := fmt.Sprint(op, b.count)
	b.add(op, name, attributes, inputs...)
	return name
}

// add is node for an output of a given name.
func (b *builder) add(op, output string, attributes [][]byte, inputs ...string) {
	var n []byte
	for _, in := range inputs {
		n = text(n, nodeInput, in)
	}
	n = text(text(n, nodeOutput, output), nodeOp, op)
	for _, a := range attributes {
		n = message(n, nodeAttribute, a)
	}
	b.graph = message(b.graph, graphNode, n)
}

// tensor adds numbers and returns their name.
func (b *builder) tensor(values []float32, dims ...int) string {
	b.count++
	name := fmt.Sprint("tensor", b.count)
	var t, raw []byte
	for _, d := range dims {
		t = number(t, tensorDims, d)
	}
	for _, v := range values {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(v))
	}
	t = message(text(number(t, tensorType, float32Type), tensorName, name), tensorRaw, raw)
	b.graph = message(b.graph, graphInitializer, t)
	return name
}

// value declares an input or an output of the graph.
func (b *builder) value(field protowire.Number, name string, dims ...int) {
	var shape []byte
	for _, d := range dims {
		shape = message(shape, 1, number(nil, 1, d))
	}
	tensor := message(number(nil, 1, float32Type), 2, shape)
	b.graph = message(b.graph, field, message(text(nil, valueName, name), valueType, message(nil, 1, tensor)))
}

// model wraps the graph up. Operators are those of version 11.
func (b *builder) model() []byte {
	m := number(nil, modelIRVersion, 6)
	m = message(m, modelOpset, number(nil, opsetVersion, 11))
	return message(m, modelGraph, text(b.graph, graphName, "yunet"))
}
