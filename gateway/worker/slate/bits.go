package slate

import "math/bits"

// bitWriter builds the payload of one NAL unit.
type bitWriter struct {
	b    []byte
	free uint // unused bits of the last byte
}

// put appends the n lowest bits of v, the highest first.
func (w *bitWriter) put(n uint, v uint32) {
	for n > 0 {
		if w.free == 0 {
			w.b = append(w.b, 0)
			w.free = 8
		}
		take := min(n, w.free)
		chunk := v >> (n - take) & (1<<take - 1)
		w.b[len(w.b)-1] |= byte(chunk << (w.free - take))
		w.free -= take
		n -= take
	}
}

func (w *bitWriter) flag(v bool) {
	if v {
		w.put(1, 1)
	} else {
		w.put(1, 0)
	}
}

// ue is the standard's unsigned Exp-Golomb code.
func (w *bitWriter) ue(v uint32) {
	n := uint(bits.Len32(v + 1))
	w.put(n-1, 0)
	w.put(n, v+1)
}

// se is the standard's signed Exp-Golomb code.
func (w *bitWriter) se(v int) {
	if v > 0 {
		w.ue(uint32(2*v - 1))
	} else {
		w.ue(uint32(-2 * v))
	}
}

// align fills the last byte with zero bits.
func (w *bitWriter) align() { w.free = 0 }

// bytes appends whole bytes; the writer must be aligned.
func (w *bitWriter) bytes(p []byte) { w.b = append(w.b, p...) }

// trailing ends the payload: a one bit, then zeros to the byte's end.
func (w *bitWriter) trailing() {
	w.put(1, 1)
	w.align()
}

// nalu puts the header byte before the payload and an emulation prevention
// byte wherever two zero bytes would be taken for the begin of a start code.
func (w *bitWriter) nalu(header byte) []byte {
	out := make([]byte, 1, len(w.b)+len(w.b)/64+8)
	out[0] = header
	zeros := 0
	for _, v := range w.b {
		if zeros >= 2 && v <= 3 {
			out = append(out, 3)
			zeros = 0
		}
		out = append(out, v)
		if v == 0 {
			zeros++
		} else {
			zeros = 0
		}
	}
	return out
}
