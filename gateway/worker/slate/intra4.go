package slate

// block is how one 4x4 luma block is coded: predicted by mode, then all its
// pixels raised by level times lumaStep.
type block struct {
	mode  byte
	level int
}

// maxLevel keeps level within the short codes of CAVLC; it spans 224 luma steps.
const maxLevel = 7

// codeNums maps coded_block_pattern without chroma to its me(v) code number
// for intra 4x4 macroblocks.
var codeNums = [16]uint32{3, 29, 30, 17, 31, 18, 37, 8, 32, 38, 19, 9, 20, 10, 11, 2}

// blockAt returns where the i-th block of a macroblock lies, in blocks.
func blockAt(mx, my, i int) (bx, by int) {
	return mx*4 + i&1 + i>>2&1*2, my*4 + i>>1&1 + i>>3*2
}

// predict4 finds an exact coding of all blocks, or reports that there is none.
// It notes the modes as it goes, for each block's guess rests on those before.
func (e *encoder) predict4(mx, my int) (blocks [16]block, ok bool) {
	for i := range blocks {
		bx, by := blockAt(mx, my, i)
		if blocks[i], ok = e.bestBlock(bx, by); !ok {
			e.forgetModes(mx, my)
			return blocks, false
		}
		e.modes[by*e.blocks+bx] = blocks[i].mode
	}
	return blocks, true
}

func (e *encoder) forgetModes(mx, my int) {
	for i := range 16 {
		bx, by := blockAt(mx, my, i)
		e.modes[by*e.blocks+bx] = modeDC
	}
}

// bestBlock returns the cheapest exact coding: no residual before one, the
// guessed mode before another.
func (e *encoder) bestBlock(bx, by int) (best block, ok bool) {
	guess, cost := e.guess(bx, by), 0
	for _, mode := range []byte{modeVertical, modeHorizontal, modeDC} {
		lvl, exact := e.level(bx*4, by*4, mode)
		if !exact {
			continue
		}
		c := 0
		if lvl != 0 {
			c += 2
		}
		if mode != guess {
			c++
		}
		if !ok || c < cost {
			best, cost, ok = block{mode, lvl}, c, true
		}
	}
	return best, ok
}

// guess is the mode that costs one bit: the lower one of the blocks on the
// left and above, DC at the frame's edge.
func (e *encoder) guess(bx, by int) byte {
	if bx == 0 || by == 0 {
		return modeDC
	}
	at := by*e.blocks + bx
	return min(e.modes[at-1], e.modes[at-e.blocks])
}

// level returns the one DC level that turns the prediction into the block, if
// there is one.
func (e *encoder) level(x, y int, mode byte) (lvl int, ok bool) {
	if mode == modeVertical && y == 0 || mode == modeHorizontal && x == 0 {
		return 0, false
	}
	dc := 0
	if mode == modeDC {
		dc = e.dc(x, y)
	}
	rise := int(e.cur.row(x, y, 1)[0]) - e.predicted(x, y, 0, 0, mode, dc)
	for j := range 4 {
		for i, v := range e.cur.row(x, y+j, 4) {
			if int(v)-e.predicted(x, y, i, j, mode, dc) != rise {
				return 0, false
			}
		}
	}
	lvl = rise / lumaStep
	return lvl, rise%lumaStep == 0 && -maxLevel <= lvl && lvl <= maxLevel
}

func (e *encoder) predicted(x, y, i, j int, mode byte, dc int) int {
	switch mode {
	case modeVertical:
		return int(e.cur.row(x+i, y-1, 1)[0])
	case modeHorizontal:
		return int(e.cur.row(x-1, y+j, 1)[0])
	}
	return dc
}

// dc is the mean of the neighbouring pixels that exist, 128 without any.
func (e *encoder) dc(x, y int) int {
	sum, n := 0, 0
	if y > 0 {
		for _, v := range e.cur.row(x, y-1, 4) {
			sum += int(v)
		}
		n += 4
	}
	if x > 0 {
		for j := range 4 {
			sum += int(e.cur.row(x-1, y+j, 1)[0])
		}
		n += 4
	}
	if n == 0 {
		return 128
	}
	return (sum + n/2) / n
}

// intra4 writes a macroblock of blocks.
func (e *encoder) intra4(mx, my int, blocks *[16]block, offset uint32) {
	e.w.ue(0 + offset)
	e.writeModes(mx, my, blocks)
	e.w.ue(0) // intra_chroma_pred_mode: DC, which is grey
	pattern := 0
	for i, b := range blocks {
		if b.level != 0 {
			pattern |= 1 << (i / 4)
		}
	}
	e.w.ue(codeNums[pattern])
	if pattern == 0 {
		return
	}
	e.w.se(0) // mb_qp_delta
	for i, b := range blocks {
		if pattern>>(i/4)&1 != 0 {
			e.residual(mx, my, i, b.level)
		}
	}
}

func (e *encoder) writeModes(mx, my int, blocks *[16]block) {
	for i, b := range blocks {
		guess := e.guess(blockAt(mx, my, i))
		switch {
		case b.mode == guess:
			e.w.flag(true)
		case b.mode < guess:
			e.w.put(4, uint32(b.mode))
		default:
			e.w.put(4, uint32(b.mode-1))
		}
	}
}

// residual writes a block that has at most its DC coefficient.
func (e *encoder) residual(mx, my, i, lvl int) {
	bx, by := blockAt(mx, my, i)
	ctx := e.context(bx, by)
	e.coeffToken(ctx, lvl)
	if lvl == 0 {
		return
	}
	e.totals[by*e.blocks+bx] = 1
	if lvl == 1 || lvl == -1 {
		e.w.flag(lvl < 0) // trailing_ones_sign_flag
	} else {
		e.levelCode(lvl)
	}
	e.w.put(1, 1) // total_zeros: the coefficient is the first
}

// levelCode writes the only level of a block whose magnitude exceeds 1: zeros
// and a one, for |level| up to maxLevel.
func (e *encoder) levelCode(lvl int) {
	prefix := 2*lvl - 4
	if lvl < 0 {
		prefix = -2*lvl - 3
	}
	e.w.put(uint(prefix)+1, 1)
}

// context is the standard's nC: the mean number of coefficients in the blocks
// on the left and above, as far as they exist.
func (e *encoder) context(bx, by int) int {
	at := by*e.blocks + bx
	switch {
	case bx > 0 && by > 0:
		return (int(e.totals[at-1]) + int(e.totals[at-e.blocks]) + 1) / 2
	case bx > 0:
		return int(e.totals[at-1])
	case by > 0:
		return int(e.totals[at-e.blocks])
	}
	return 0
}

// token is a code word of coeff_token.
type token struct {
	n uint
	v uint32
}

// tokens holds the code words for no coefficient, one that is 1 or -1, and
// one that is larger; a row for each range of nC: 0, 2, 4 and 8 upwards.
var tokens = [4][3]token{
	{{1, 0b1}, {2, 0b01}, {6, 0b000101}},
	{{2, 0b11}, {2, 0b10}, {6, 0b001011}},
	{{4, 0b1111}, {4, 0b1110}, {6, 0b001111}},
	{{6, 0b000011}, {6, 0b000001}, {6, 0b000000}},
}

func (e *encoder) coeffToken(ctx, lvl int) {
	row, column := 0, 0
	switch {
	case ctx >= 8:
		row = 3
	case ctx >= 4:
		row = 2
	case ctx >= 2:
		row = 1
	}
	switch {
	case lvl == 1 || lvl == -1:
		column = 1
	case lvl != 0:
		column = 2
	}
	t := tokens[row][column]
	e.w.put(t.n, t.v)
}
