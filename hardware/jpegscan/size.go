package jpegscan

import "encoding/binary"

// Size finds a picture's size in pixels in its frame header, of whatever kind; the picture
// itself is not looked at.
func Size(b []byte) (width, height int, ok bool) {
	if len(b) < 4 || b[0] != 0xff || b[1] != 0xd8 {
		return 0, 0, false
	}
	b = b[2:]
	for len(b) >= 9 && b[0] == 0xff {
		marker, size := b[1], int(binary.BigEndian.Uint16(b[2:]))
		switch {
		case marker == 0xff: // a fill byte
			b = b[1:]
			continue
		case isFrameHeader(marker):
			height, width = int(binary.BigEndian.Uint16(b[5:])), int(binary.BigEndian.Uint16(b[7:]))
			return width, height, width > 0 && height > 0
		case marker == 0xda || size < 2 || size+2 > len(b): // the scan comes after the frame header
			return 0, 0, false
		}
		b = b[2+size:]
	}
	return 0, 0, false
}

// isFrameHeader knows SOF0 to SOF15; three of those numbers are other things.
func isFrameHeader(marker byte) bool {
	return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc
}
