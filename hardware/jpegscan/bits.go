package jpegscan

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"sync"
)

// quick is how many bits a table is looked up by at once.
const quick = 9

// table is a Huffman code.
type table struct {
	short  [1 << quick]uint16 // by the next bits: bits to skip << 8 | value; 0: longer, or none
	limit  [17]int32          // by length: one past the last code; no longer one is smaller
	offset [17]int32          // by length: what to add to a code for its value's place
	values []byte
}

// codes reads the tables of a segment.
func (p *frame) codes(b []byte) error {
	for len(b) > 0 {
		if len(b) < 17 || b[0]>>4 > 1 || b[0]&15 > 3 {
			return fmt.Errorf("%w: Huffman tables", ErrForm)
		}
		t := &p.dc[b[0]&15]
		if b[0]>>4 == 1 {
			t = &p.ac[b[0]&15]
		}
		n, ok := t.build(b[1:17], b[17:])
		if !ok {
			return fmt.Errorf("%w: Huffman table", ErrForm)
		}
		b = b[17+n:]
	}
	return nil
}

// build makes a table of the number of codes of each length and their values,
// and returns how many there are.
func (t *table) build(counts, values []byte) (n int, ok bool) {
	for _, c := range counts {
		n += int(c)
	}
	if n > 256 || n > len(values) {
		return 0, false
	}
	*t = table{values: values[:n]}
	code, k := int32(0), int32(0)
	for i, c := range counts {
		length := i + 1
		t.offset[length] = k - code
		if code+int32(c) > 1<<length {
			return 0, false
		}
		for range c {
			if length <= quick {
				t.fill(code, length, values[k])
			}
			code++
			k++
		}
		t.limit[length] = code
		code <<= 1
	}
	return n, true
}

func (t *table) fill(code int32, length int, value byte) {
	first := code << (quick - length)
	for i := range int32(1) << (quick - length) {
		t.short[first+i] = uint16(length+int(value&15))<<8 | uint16(value)
	}
}

// bits reads a restart interval.
type bits struct {
	b   []byte
	acc uint64 // the next n bits, at the top
	n   int
}

func (r *bits) left() int { return r.n + 8*len(r.b) }

// more brings at least 32 bits, as long as there are any.
func (r *bits) more() {
	if r.n > 32 {
		return
	}
	if len(r.b) >= 4 {
		r.acc |= uint64(binary.BigEndian.Uint32(r.b)) << (32 - r.n)
		r.b, r.n = r.b[4:], r.n+32
		return
	}
	for len(r.b) > 0 && r.n <= 56 {
		r.acc |= uint64(r.b[0]) << (56 - r.n)
		r.b, r.n = r.b[1:], r.n+8
	}
}

func (r *bits) skip(n int) bool {
	r.acc <<= n
	r.n -= n
	return r.n >= 0
}

// symbol reads a code and the bits that its lower half counts.
func (r *bits) symbol(t *table) (value byte, ok bool) {
	value, length, ok := r.code(t)
	return value, ok && r.skip(length)
}

// code looks at the next code and returns how long it is with the bits that its lower half
// counts.
func (r *bits) code(t *table) (value byte, length int, ok bool) {
	r.more()
	if s := t.short[r.acc>>(64-quick)]; s != 0 {
		return byte(s), int(s >> 8), true
	}
	for length := quick + 1; length <= 16; length++ {
		code := int32(r.acc >> (64 - length))
		if code >= t.limit[length] {
			continue
		}
		k := code + t.offset[length]
		if k < 0 || int(k) >= len(t.values) {
			return 0, 0, false
		}
		value = t.values[k]
		return value, length + int(value&15), true
	}
	return 0, 0, false
}

// mean reads the code of a block's mean and returns how much it differs from the one before.
func (r *bits) mean(t *table) (difference int32, ok bool) {
	size, length, ok := r.code(t)
	if !ok || size > 11 {
		return 0, false
	}
	if size > 0 {
		v := int32(r.acc << (length - int(size)) >> (64 - size))
		if difference = v; v < 1<<(size-1) {
			difference -= 1<<size - 1
		}
	}
	return difference, r.skip(length)
}

// block reads the codes of one block of 64 coefficients. The time goes by here:
// its loop keeps the reader's state at hand.
func (r *bits) block(b block) bool {
	difference, ok := r.mean(b.dc)
	if !ok {
		return false
	}
	*b.mean += difference
	acc, n := r.acc, r.n
	for k := 1; k < 64; k++ {
		if n <= 32 {
			r.acc, r.n = acc, n
			r.more()
			acc, n = r.acc, r.n
		}
		s := b.ac.short[acc>>(64-quick)]
		acc <<= s >> 8
		n -= int(s >> 8)
		v := byte(s)
		if s == 0 {
			var ok bool
			r.acc, r.n = acc, n
			if v, ok = r.symbol(b.ac); !ok {
				return false
			}
			acc, n = r.acc, r.n
		}
		if v == 0 { // the rest is zero
			break
		}
		if v&15 == 0 && v != 0xf0 {
			return false
		}
		if k += int(v >> 4); k > 63 || n < 0 {
			return false
		}
	}
	r.acc, r.n = acc, n
	return n >= 0
}

// usualTables are those of the standard, which Motion JPEG may leave out. Go's
// own encoder writes them.
var usualTables = sync.OnceValue(func() (p frame) {
	var out bytes.Buffer
	img := image.NewRGBA(image.Rect(0, 0, 8, 8))
	img.Set(0, 0, color.White)
	if err := jpeg.Encode(&out, img, nil); err != nil {
		return p
	}
	b := out.Bytes()[2:]
	for {
		mark, body, rest, err := segment(b)
		if err != nil || mark == markSOS {
			return p
		}
		if mark == markDHT && p.codes(body) != nil {
			return frame{}
		}
		b = rest
	}
})

func (p *frame) usual() {
	u := usualTables()
	p.dc, p.ac = u.dc, u.ac
}
