package jpegscan

import "fmt"

// Plain is Check of a frame that must hold what a decoder needs and nothing else: one scan
// between tables, no application data, no comments, and nothing behind its end.
func (c *Checker) Plain(b []byte) (width, height int, err error) {
	if width, height, err = c.Check(b); err != nil {
		return 0, 0, err
	}
	for rest := b[2:]; ; {
		if len(rest) > 1 && rest[1] == 0xff {
			return 0, 0, fmt.Errorf("%w: fill bytes", ErrForm)
		}
		mark, body, after, err := segment(rest)
		if err != nil {
			return 0, 0, err
		}
		switch mark {
		case markDQT, markDHT, markSOF0:
			if mark == markDQT && len(body)%65 != 0 {
				return 0, 0, fmt.Errorf("%w: quantisation tables of %d bytes", ErrForm, len(body))
			}
			rest = after
		case markSOS:
			if rest = c.interval(after); len(rest) != 2 || rest[1] != markEOI {
				return 0, 0, fmt.Errorf("%w: %d bytes behind the scan", ErrForm, len(rest))
			}
			return width, height, nil
		default:
			return 0, 0, fmt.Errorf("%w: marker %#x", ErrForm, mark)
		}
	}
}
