// Package jpegscan reports whether a Motion JPEG frame holds what its header
// says. Decoders take a frame with more or fewer blocks than its size has
// places for, and cut it into strips in which nobody finds a face.
//
// It walks the Huffman codes without making a frame of them. Pure Go; it
// takes input from cameras and never panics.
package jpegscan

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// The errors of Check.
var (
	// ErrDisagree means that header, restart markers and blocks do not agree.
	ErrDisagree = errors.New("picture size and picture data disagree")
	// ErrForm means that this is not a JPEG of the kind that cameras send: 8 bits,
	// sequential, Huffman codes.
	ErrForm = errors.New("not a plain JPEG picture")
)

// The markers that matter here.
const (
	markSOF0 = 0xc0 // baseline
	markSOF1 = 0xc1 // extended sequential
	markDHT  = 0xc4
	markRST0 = 0xd0
	markSOI  = 0xd8
	markEOI  = 0xd9
	markSOS  = 0xda
	markDRI  = 0xdd
	markAPP0 = 0xe0 // to 0xef
	markDQT  = 0xdb
	markCOM  = 0xfe
)

// Checker checks frames one by one and reuses its memory. It belongs to one
// goroutine; the zero value is ready.
type Checker struct {
	plain []byte  // one restart interval without stuffed zeros
	means []int32 // of brightness, one of each MCU
	// grouped says that brightness came in one scan with the colours.
	grouped bool
	p       frame
}

// frame is what the header says.
type frame struct {
	width, height int
	parts         []component
	hMax, vMax    int
	restart       int // MCUs from one restart marker to the next; 0: there are none
	dc, ac        [4]table
}

type component struct {
	id      byte
	h, v    int
	scanned bool
	mean    int32 // of the newest block
}

// Check returns the frame's size in pixels, or an error of this package.
func (c *Checker) Check(b []byte) (width, height int, err error) {
	if len(b) < 4 || b[0] != 0xff || b[1] != markSOI {
		return 0, 0, fmt.Errorf("%w: it does not begin as one", ErrForm)
	}
	c.p, c.means = frame{}, c.means[:0]
	c.p.usual()
	b = b[2:]
	for {
		mark, body, rest, err := segment(b)
		if err != nil {
			return 0, 0, err
		}
		if mark == markEOI {
			return c.end()
		}
		if mark != markSOS {
			if err := c.p.learn(mark, body); err != nil {
				return 0, 0, err
			}
			b = rest
			continue
		}
		if b, err = c.scan(body, rest); err != nil {
			return 0, 0, err
		}
		if len(b) == 0 { // some leave the end marker out
			return c.end()
		}
	}
}

// segment takes the next one off: body is what follows its length.
func segment(b []byte) (mark byte, body, rest []byte, err error) {
	if len(b) < 2 || b[0] != 0xff {
		return 0, nil, nil, fmt.Errorf("%w: a marker is missing", ErrForm)
	}
	for len(b) > 1 && b[1] == 0xff { // fill bytes
		b = b[1:]
	}
	if len(b) > 1 && b[1] == markEOI {
		return markEOI, nil, b[2:], nil
	}
	if len(b) < 4 {
		return 0, nil, nil, fmt.Errorf("%w: it ends in its header", ErrForm)
	}
	n := int(binary.BigEndian.Uint16(b[2:]))
	if n < 2 || 2+n > len(b) {
		return 0, nil, nil, fmt.Errorf("%w: a segment of %d bytes", ErrForm, n)
	}
	return b[1], b[4 : 2+n], b[2+n:], nil
}

// learn reads a segment that is not a scan.
func (p *frame) learn(mark byte, body []byte) error {
	switch {
	case mark == markSOF0, mark == markSOF1:
		return p.frame(body)
	case mark == markDHT:
		return p.codes(body)
	case mark == markDRI:
		if len(body) != 2 {
			return fmt.Errorf("%w: a restart interval of %d bytes", ErrForm, len(body))
		}
		p.restart = int(binary.BigEndian.Uint16(body))
		return nil
	case mark == markDQT, mark == markCOM, mark >= markAPP0 && mark <= markAPP0+15:
		return nil
	}
	return fmt.Errorf("%w: marker %#x", ErrForm, mark)
}

// frame reads the frame header.
func (p *frame) frame(b []byte) error {
	if p.parts != nil {
		return fmt.Errorf("%w: two frame headers", ErrDisagree)
	}
	if len(b) < 6 || b[0] != 8 || b[5] < 1 || b[5] > 4 || len(b) != 6+3*int(b[5]) {
		return fmt.Errorf("%w: frame header of %d bytes", ErrForm, len(b))
	}
	p.height, p.width = int(binary.BigEndian.Uint16(b[1:])), int(binary.BigEndian.Uint16(b[3:]))
	if p.height == 0 || p.width == 0 {
		return fmt.Errorf("%w: the header says %d x %d", ErrDisagree, p.width, p.height)
	}
	for b = b[6:]; len(b) > 0; b = b[3:] {
		c := component{id: b[0], h: int(b[1] >> 4), v: int(b[1] & 15)}
		if c.h < 1 || c.h > 4 || c.v < 1 || c.v > 4 {
			return fmt.Errorf("%w: sampling %d x %d", ErrForm, c.h, c.v)
		}
		p.hMax, p.vMax = max(p.hMax, c.h), max(p.vMax, c.v)
		p.parts = append(p.parts, c)
	}
	return nil
}

// end is right where each component had its scan, and rows are as long as it is said.
func (c *Checker) end() (width, height int, err error) {
	p := &c.p
	if p.parts == nil {
		return 0, 0, fmt.Errorf("%w: no frame header", ErrForm)
	}
	for _, c := range p.parts {
		if !c.scanned {
			return 0, 0, fmt.Errorf("%w: a colour is missing", ErrDisagree)
		}
	}
	across, down := p.units(&p.parts[0], !c.grouped)
	shape := float64(p.width) / float64(across) / (float64(p.height) / float64(down))
	if better := betterRows(c.means, across, shape); better > 0 {
		return 0, 0, fmt.Errorf("%w: rows of %d x %d are %d blocks long and not %d", ErrDisagree, p.width, p.height, better, across)
	}
	return p.width, p.height, nil
}
