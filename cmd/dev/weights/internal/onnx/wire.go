package onnx

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// field is one field of a protocol buffers message: a number, or bytes that
// may be a text, a message or packed numbers.
// See https://protobuf.dev/programming-guides/encoding/.
type field struct {
	num   uint64
	value uint64
	data  []byte
}

var errShort = errors.New("cut short")

// each calls f for the fields of a message in their order.
func each(b []byte, f func(field) error) error {
	for len(b) > 0 {
		var one field
		var err error
		if one, b, err = next(b); err != nil {
			return err
		}
		if err := f(one); err != nil {
			return err
		}
	}
	return nil
}

func next(b []byte) (f field, rest []byte, err error) {
	key, b, err := varint(b)
	if err != nil {
		return f, nil, err
	}
	f.num = key >> 3
	switch key & 7 {
	case 0:
		f.value, b, err = varint(b)
		return f, b, err
	case 1:
		return f, b[min(8, len(b)):], short(b, 8)
	case 2:
		n, b, err := varint(b)
		if err != nil || n > uint64(len(b)) {
			return f, nil, errors.Join(err, errShort)
		}
		f.data = b[:n]
		return f, b[n:], nil
	case 5:
		return f, b[min(4, len(b)):], short(b, 4)
	}
	return f, nil, fmt.Errorf("field %d has wire type %d", f.num, key&7)
}

func short(b []byte, n int) error {
	if len(b) < n {
		return errShort
	}
	return nil
}

func varint(b []byte) (uint64, []byte, error) {
	v, n := binary.Uvarint(b)
	if n <= 0 {
		return 0, nil, errShort
	}
	return v, b[n:], nil
}

// appendInts appends a number, or packed numbers.
func (f field) appendInts(to []int64) ([]int64, error) {
	if f.data == nil {
		return append(to, int64(f.value)), nil
	}
	for b := f.data; len(b) > 0; {
		v, rest, err := varint(b)
		if err != nil {
			return nil, err
		}
		to, b = append(to, int64(v)), rest
	}
	return to, nil
}
