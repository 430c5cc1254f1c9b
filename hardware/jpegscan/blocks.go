package jpegscan

import (
	"bytes"
	"fmt"
)

// maxBlocks is the most blocks of one MCU.
const maxBlocks = 10

// block says which codes a block of an MCU has.
type block struct {
	dc, ac *table
	mean   *int32 // of the block before of the same colour
}

// maxSpare is how many bytes may follow the last block of a scan or restart
// interval: encoders round up. They hold no more than a block or two.
const maxSpare = 3

// scan walks a scan and returns what comes after it.
func (c *Checker) scan(head, b []byte) (rest []byte, err error) {
	mcu, total, err := c.p.plan(head)
	if err != nil {
		return nil, err
	}
	if mcu[0].mean == &c.p.parts[0].mean {
		c.grouped = head[0] > 1
	}
	for mark := 0; total > 0; mark++ {
		n := total
		if c.p.restart > 0 {
			n = min(n, c.p.restart)
		}
		total -= n
		b = c.interval(b)
		if err := c.walk(mcu, n); err != nil {
			return nil, err
		}
		restarts := len(b) >= 2 && b[1]&^7 == markRST0
		switch {
		case total == 0 && restarts:
			return nil, fmt.Errorf("%w: more restart markers than %d x %d has places for", ErrDisagree, c.p.width, c.p.height)
		case total > 0 && (!restarts || int(b[1]&7) != mark%8):
			return nil, fmt.Errorf("%w: restart marker %d is missing", ErrDisagree, mark)
		case total > 0:
			b = b[2:]
		}
	}
	return b, nil
}

// plan is what a scan has to hold: the blocks of one MCU, and how many MCUs.
func (p *frame) plan(head []byte) (mcu []block, total int, err error) {
	if p.parts == nil || len(head) < 1 || len(head) != 4+2*int(head[0]) || head[0] < 1 || head[0] > 4 {
		return nil, 0, fmt.Errorf("%w: scan header of %d bytes", ErrForm, len(head))
	}
	if end := head[len(head)-3:]; end[0] != 0 || end[1] != 63 || end[2] != 0 {
		return nil, 0, fmt.Errorf("%w: a scan of a part of the coefficients", ErrForm)
	}
	alone := head[0] == 1
	for s := head[1 : len(head)-3]; len(s) > 0; s = s[2:] {
		c := p.component(s[0])
		if c == nil || c.scanned || s[1]>>4 > 3 || s[1]&15 > 3 {
			return nil, 0, fmt.Errorf("%w: scan of component %d", ErrDisagree, s[0])
		}
		c.scanned = true
		b, n := block{&p.dc[s[1]>>4], &p.ac[s[1]&15], &c.mean}, c.h*c.v
		if alone { // its blocks are not grouped
			n = 1
		}
		across, down := p.units(c, alone)
		total = across * down
		for range n {
			mcu = append(mcu, b)
		}
	}
	if len(mcu) > maxBlocks {
		return nil, 0, fmt.Errorf("%w: %d blocks in an MCU", ErrForm, len(mcu))
	}
	return mcu, total, nil
}

// units is how many MCUs are side by side and above each other in a scan of this component,
// alone or with others.
func (p *frame) units(c *component, alone bool) (across, down int) {
	if alone {
		return over(p.width*c.h, 8*p.hMax), over(p.height*c.v, 8*p.vMax)
	}
	return over(p.width, 8*p.hMax), over(p.height, 8*p.vMax)
}

func (p *frame) component(id byte) *component {
	for i := range p.parts {
		if p.parts[i].id == id {
			return &p.parts[i]
		}
	}
	return nil
}

// over divides and rounds up.
func over(n, by int) int { return (n + by - 1) / by }

// interval copies the bytes up to the next marker without the zeros stuffed
// behind 0xff, and returns what begins with the marker; empty where none comes.
func (c *Checker) interval(b []byte) (rest []byte) {
	c.plain = c.plain[:0]
	for {
		i := bytes.IndexByte(b, 0xff)
		if i < 0 || i+1 == len(b) {
			c.plain = append(c.plain, b...)
			return nil
		}
		switch b[i+1] {
		case 0:
			c.plain = append(c.plain, b[:i+1]...)
			b = b[i+2:]
		case 0xff: // a fill byte
			c.plain = append(c.plain, b[:i]...)
			b = b[i+1:]
		default:
			c.plain = append(c.plain, b[:i]...)
			return b[i:]
		}
	}
}

// walk reads n MCUs, which have to fill the interval.
func (c *Checker) walk(mcu []block, n int) error {
	r := bits{b: c.plain}
	for i := range c.p.parts {
		c.p.parts[i].mean = 0
	}
	for i := range n {
		for _, b := range mcu {
			if !r.block(b) {
				return fmt.Errorf("%w: %d of %d places of %d x %d are filled", ErrDisagree, i, n, c.p.width, c.p.height)
			}
		}
		if mcu[0].mean == &c.p.parts[0].mean {
			c.means = append(c.means, c.p.parts[0].mean)
		}
	}
	if spare := r.left() / 8; spare > maxSpare {
		return fmt.Errorf("%w: %d bytes are left when %d x %d is full", ErrDisagree, spare, c.p.width, c.p.height)
	}
	return nil
}
