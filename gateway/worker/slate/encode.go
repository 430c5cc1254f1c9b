package slate

// encoder codes frames without loss: what a decoder shows is the frame, pixel
// by pixel. It therefore predicts from the frame itself instead of keeping a
// reconstruction.
type encoder struct {
	w   bitWriter
	cur *frame
	// totals holds the number of coefficients of each 4x4 luma block of the
	// frame so far, by which CAVLC chooses its tables; modes their intra
	// prediction modes, by which the next block's is guessed.
	totals, modes []byte
	blocks        int // 4x4 blocks in a row
}

func newEncoder(mbw, mbh int) *encoder {
	n := mbw * mbh * 16
	return &encoder{totals: make([]byte, n), modes: make([]byte, n), blocks: mbw * 4}
}

func (e *encoder) begin(f *frame) {
	e.cur = f
	e.w = bitWriter{}
	clear(e.totals)
	for i := range e.modes {
		e.modes[i] = modeDC
	}
}

// idr codes f as a keyframe's slice; neighbouring keyframes need different ids.
func (e *encoder) idr(f *frame, id uint32) []byte {
	e.begin(f)
	e.w.ue(0) // first_mb_in_slice
	e.w.ue(7) // slice_type: I, as all of this frame
	e.w.ue(0) // pic_parameter_set_id
	e.w.put(frameNumBits, 0)
	e.w.ue(id)
	e.w.flag(false) // no_output_of_prior_pics_flag
	e.w.flag(false) // long_term_reference_flag
	e.endHeader()
	for my := range f.mbh {
		for mx := range f.mbw {
			e.macroblock(mx, my, 0)
		}
	}
	e.w.trailing()
	return e.w.nalu(headerIDR)
}

// interOffset is what mb_type of an intra macroblock grows by in a P slice.
const interOffset = 5

// delta codes f as a P slice that repeats ref save where the two differ.
func (e *encoder) delta(f, ref *frame, frameNum uint32) []byte {
	e.begin(f)
	e.w.ue(0) // first_mb_in_slice
	e.w.ue(5) // slice_type: P, as all of this frame
	e.w.ue(0) // pic_parameter_set_id
	e.w.put(frameNumBits, frameNum&(1<<frameNumBits-1))
	e.w.flag(false) // num_ref_idx_active_override_flag
	e.w.flag(false) // ref_pic_list_modification_flag_l0
	e.w.flag(false) // adaptive_ref_pic_marking_mode_flag
	e.endHeader()
	e.changes(f, ref)
	e.w.trailing()
	return e.w.nalu(headerSlice)
}

func (e *encoder) changes(f, ref *frame) {
	skipped := uint32(0)
	for my := range f.mbh {
		for mx := range f.mbw {
			if f == ref || f.sameMacroblock(ref, mx, my) {
				skipped++
				continue
			}
			e.w.ue(skipped)
			skipped = 0
			e.macroblock(mx, my, interOffset)
		}
	}
	if skipped > 0 {
		e.w.ue(skipped)
	}
}

func (e *encoder) endHeader() {
	e.w.se(0) // slice_qp_delta
	e.w.ue(1) // disable_deblocking_filter_idc: off, it would change the frame
}

// macroblock codes one macroblock by the cheapest way that loses nothing.
func (e *encoder) macroblock(mx, my int, offset uint32) {
	if mode, ok := e.predict16(mx, my); ok {
		e.intra16(mx, my, mode, offset)
		return
	}
	if blocks, ok := e.predict4(mx, my); ok {
		e.intra4(mx, my, &blocks, offset)
		return
	}
	e.pcm(mx, my, offset)
}

// Prediction modes as the standard numbers them, alike for 16x16 and 4x4 luma.
const (
	modeVertical = iota
	modeHorizontal
	modeDC
)

// predict16 finds a prediction of the whole macroblock that is exact.
func (e *encoder) predict16(mx, my int) (mode uint32, ok bool) {
	switch x, y := mx*16, my*16; {
	case y > 0 && e.isVertical(x, y):
		return modeVertical, true
	case x > 0 && e.isHorizontal(x, y):
		return modeHorizontal, true
	case x == 0 && y == 0 && e.isFlat(x, y, 128):
		return modeDC, true // without neighbours the prediction is 128
	}
	return 0, false
}

func (e *encoder) isVertical(x, y int) bool {
	above := string(e.cur.row(x, y-1, 16))
	for i := range 16 {
		if string(e.cur.row(x, y+i, 16)) != above {
			return false
		}
	}
	return true
}

func (e *encoder) isHorizontal(x, y int) bool {
	for i := range 16 {
		row := e.cur.row(x-1, y+i, 17)
		if !allEqual(row[1:], row[0]) {
			return false
		}
	}
	return true
}

func (e *encoder) isFlat(x, y int, v byte) bool {
	for i := range 16 {
		if !allEqual(e.cur.row(x, y+i, 16), v) {
			return false
		}
	}
	return true
}

func allEqual(p []byte, v byte) bool {
	for _, b := range p {
		if b != v {
			return false
		}
	}
	return true
}

// intra16 writes a macroblock that is its prediction, without residual.
func (e *encoder) intra16(mx, my int, mode, offset uint32) {
	e.w.ue(1 + mode + offset)
	e.w.ue(0) // intra_chroma_pred_mode: DC, which is grey
	e.w.se(0) // mb_qp_delta
	e.coeffToken(e.context(mx*4, my*4), 0)
}

// pcm writes a macroblock's samples as they are. For the choice of tables
// each of its blocks counts as full.
func (e *encoder) pcm(mx, my int, offset uint32) {
	e.w.ue(25 + offset)
	e.w.align()
	for y := my * 16; y < my*16+16; y++ {
		e.w.bytes(e.cur.row(mx*16, y, 16))
	}
	for range 2 * 8 * 8 {
		e.w.b = append(e.w.b, greyChroma)
	}
	for by := my * 4; by < my*4+4; by++ {
		for bx := mx * 4; bx < mx*4+4; bx++ {
			e.totals[by*e.blocks+bx] = 16
		}
	}
}
