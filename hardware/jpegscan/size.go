package jpegscan

import "encoding/binary"

// Size finds a frame's size in pixels in its frame header, of whatever kind; the frame
// itself is not looked at.
func Size(b []byte) (width, height int, ok bool) {
	at := frameHeader(b)
	if at < 0 {
		return 0, 0, false
	}
	height, width = int(binary.BigEndian.Uint16(b[at+5:])), int(binary.BigEndian.Uint16(b[at+7:]))
	return width, height, width > 0 && height > 0
}

// frameHeader is where its marker begins, with 9 bytes at least; -1 where there is none.
func frameHeader(b []byte) int {
	if len(b) < 4 || b[0] != 0xff || b[1] != markSOI {
		return -1
	}
	for at := 2; at+9 <= len(b) && b[at] == 0xff; {
		marker, size := b[at+1], int(binary.BigEndian.Uint16(b[at+2:]))
		switch {
		case marker == 0xff: // a fill byte
			at++
			continue
		case isFrameHeader(marker):
			return at
		case marker == markSOS || size < 2 || at+2+size > len(b): // the scan comes after the frame header
			return -1
		}
		at += 2 + size
	}
	return -1
}

// isFrameHeader knows SOF0 to SOF15; three of those numbers are other things.
func isFrameHeader(marker byte) bool {
	return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc
}

// Resize writes another size into the frame header and reports whether there is one. Sizes are
// in pixels, 1 to 65535.
func Resize(b []byte, width, height int) bool {
	at := frameHeader(b)
	if at < 0 {
		return false
	}
	binary.BigEndian.PutUint16(b[at+5:], uint16(height))
	binary.BigEndian.PutUint16(b[at+7:], uint16(width))
	return true
}
