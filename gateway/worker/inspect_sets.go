package worker

import (
	"errors"
	"fmt"
	"slices"

	"github.com/bluenviron/mediacommon/v2/pkg/bits"
)

// Bounds on parameter sets. Encoders write some dozens of bytes.
const (
	maxSet = 128
	maxSPS = 31
	maxPPS = 255
	// maxStretch bounds a pixel's longer side to its shorter one.
	maxStretch = 16
)

var (
	// errSyntax means that a parameter set or slice header is cut short or says what no encoder of ours does.
	errSyntax = errors.New("syntax out of range")

	// profiles and levels that our encoders give; see ITU-T H.264, A.2 and A.3.
	profiles = []uint64{66, 77, 100}
	levels   = []uint64{9, 10, 11, 12, 13, 20, 21, 22, 30, 31, 32, 40, 41, 42, 50, 51, 52, 60, 61, 62}
)

const profileHigh = 100

// syntax reads the elements of a parameter set or a slice header. After the first fault all
// are zero.
type syntax struct {
	b   []byte
	pos int
	err error
}

func (r *syntax) bits(n int) uint64 {
	if r.err != nil {
		return 0
	}
	v, err := bits.ReadBits(r.b, &r.pos, n)
	if err != nil {
		r.err = errSyntax
	}
	return v
}

func (r *syntax) flag() bool { return r.bits(1) == 1 }

// number reads ue(v); an se(v) has twice its size and a sign.
func (r *syntax) number() uint32 {
	if r.err != nil {
		return 0
	}
	v, err := bits.ReadGolombUnsigned(r.b, &r.pos)
	if err != nil {
		r.err = errSyntax
	}
	return v
}

// upTo reads a number that is at most this.
func (r *syntax) upTo(most uint32) uint32 {
	v := r.number()
	r.must(v <= most)
	return v
}

func (r *syntax) must(ok bool) {
	if r.err == nil && !ok {
		r.err = errSyntax
	}
}

// end reports whether all was read and it is followed by the bit that ends it, and nothing else.
func (r *syntax) end(what string) error {
	r.must(r.flag())
	for r.err == nil && r.pos%8 != 0 {
		r.must(!r.flag())
	}
	r.must(r.pos == 8*len(r.b))
	if r.err != nil {
		return fmt.Errorf("%s: %w at bit %d of %d", what, r.err, r.pos, 8*len(r.b))
	}
	return nil
}

// sps reads a sequence parameter set of whole frames, 8 bits, 4:2:0, without scaling
// matrices, and returns the size in pixels that is shown.
func (r *syntax) sps() (width, height int) {
	profile := r.bits(8)
	r.must(slices.Contains(profiles, profile))
	r.bits(6) // constraints
	r.must(r.bits(2) == 0)
	r.must(slices.Contains(levels, r.bits(8)))
	r.upTo(maxSPS)
	if profile == profileHigh {
		r.must(r.number() == 1) // 4:2:0
		r.must(r.number() == 0) // 8 bits of luma
		r.must(r.number() == 0) // and of chroma
		r.must(r.bits(2) == 0)  // no bypass, no scaling matrix
	}
	r.upTo(12) // log2_max_frame_num_minus4
	if order := r.upTo(2); order == 0 {
		r.upTo(12) // log2_max_pic_order_cnt_lsb_minus4
	} else {
		r.must(order == 2) // 1 has a list of numbers
	}
	r.upTo(16) // reference frames
	r.flag()   // gaps in frame numbers
	across, down := r.upTo(1<<10), r.upTo(1<<10)
	r.must(r.flag()) // whole frames, not fields
	r.flag()         // direct_8x8_inference_flag
	width, height = 16*int(across+1), 16*int(down+1)
	if r.flag() {
		left, right, top, bottom := r.upTo(0), r.upTo(7), r.upTo(0), r.upTo(7)
		width, height = width-2*int(left+right), height-2*int(top+bottom)
	}
	if r.flag() {
		r.vui()
	}
	return width, height
}

// vui reads how frames are meant to be shown and buffered.
func (r *syntax) vui() {
	if r.flag() {
		r.aspect()
	}
	if r.flag() {
		r.flag() // overscan
	}
	if r.flag() {
		r.upToBits(3, 5) // video_format
		r.flag()         // full range
		if r.flag() {
			r.upToBits(8, 22) // primaries
			r.upToBits(8, 18) // transfer
			r.upToBits(8, 17) // matrix
		}
	}
	if r.flag() {
		r.upTo(5) // where chroma samples are, in both fields
		r.upTo(5)
	}
	if r.flag() {
		r.must(r.bits(32) > 0) // num_units_in_tick
		r.must(r.bits(32) > 0) // time_scale
		r.flag()               // fixed rate
	}
	nal := r.flag()
	if nal {
		r.buffering()
	}
	vcl := r.flag()
	if vcl {
		r.buffering()
	}
	if nal || vcl {
		r.flag() // low delay
	}
	r.flag() // pic_struct_present_flag
	if r.flag() {
		r.restrictions()
	}
}

func (r *syntax) upToBits(n int, most uint64) { r.must(r.bits(n) <= most) }

// aspect reads a pixel's sample aspect ratio.
func (r *syntax) aspect() {
	const extended = 255
	idc := r.bits(8)
	if idc != extended {
		r.must(idc <= 16)
		return
	}
	w, h := r.bits(16), r.bits(16)
	r.must(w <= maxStretch*h && h <= maxStretch*w)
}

// buffering reads the parameters of one buffer: a list of up to 32 would have room for much else.
func (r *syntax) buffering() {
	r.upTo(0)  // one buffer
	r.bits(8)  // scales
	r.number() // bit rate
	r.number() // size
	r.flag()   // constant rate
	r.bits(20) // lengths
}

func (r *syntax) restrictions() {
	r.flag()   // vectors over the edge
	r.upTo(16) // denominators of bytes and bits
	r.upTo(16)
	r.upTo(16) // lengths of vectors
	r.upTo(16)
	r.upTo(16) // frames kept for reordering and at all
	r.upTo(16)
}

// pps reads a picture parameter set without groups of slices and scaling matrices, and
// returns its number.
func (r *syntax) pps() (id uint32) {
	id = r.upTo(maxPPS)
	r.upTo(maxSPS)
	r.flag()  // CABAC
	r.flag()  // order of bottom fields
	r.upTo(0) // one group of slices
	r.upTo(31)
	r.upTo(31)
	r.flag()         // weighted prediction
	r.upToBits(2, 2) //
	r.upTo(2 * 26)   // quantisers
	r.upTo(2 * 26)
	r.upTo(2 * 12) // chroma's
	r.flag()       // deblocking is said in slices
	r.flag()       // constrained intra prediction
	r.must(!r.flag())
	if r.more() {
		r.flag() // 8x8 transform
		r.must(!r.flag())
		r.upTo(2 * 12)
	}
	return id
}

// more reports whether anything comes before the bit that ends the set.
func (r *syntax) more() bool {
	last := len(r.b) - 1
	if r.err != nil || last < 0 {
		return false
	}
	for i := range 8 {
		if r.b[last]>>i&1 == 1 {
			return r.pos < 8*last+7-i
		}
	}
	return false
}
