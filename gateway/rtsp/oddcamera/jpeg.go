package oddcamera

import (
	"bytes"
	"encoding/binary"
)

// jpegHabits are what a mode does wrong with the header of RFC 2435.
type jpegHabits struct {
	extension bool // ONVIF's, with the image's own header
	wraps     bool // sizes that do not fit are cut off at 8 bits, instead of 0
	halves    bool // half the width
	kind      func() byte
}

// image is a JPEG image taken apart.
type image struct {
	tables        []byte // both of quantization
	headers       []byte // its segments from the tables to the scan's
	width, height int
	scan          []byte
}

func parseImage(data []byte) (im image) {
	for i := 2; i+4 <= len(data); {
		marker, n := data[i+1], int(binary.BigEndian.Uint16(data[i+2:]))
		if n < 2 || i+2+n > len(data) {
			return im
		}
		segment, whole := data[i+4:i+2+n], data[i:i+2+n]
		i += 2 + n
		switch marker {
		case 0xdb:
			for ; len(segment) >= 65; segment = segment[65:] {
				im.tables = append(im.tables, segment[1:65]...)
			}
		case 0xc0:
			im.height, im.width = int(binary.BigEndian.Uint16(segment[1:])), int(binary.BigEndian.Uint16(segment[3:]))
		case 0xc4, 0xdd, 0xda:
		default:
			continue
		}
		im.headers = append(im.headers, whole...)
		if marker == 0xda {
			im.scan = data[i : len(data)-2]
			break
		}
	}
	if len(im.tables) == 64 {
		im.tables = append(im.tables, im.tables...)
	}
	return im
}

// sizes are the two bytes of RTP's header.
func (h jpegHabits) sizes(im image) (width, height byte) {
	w, y := (im.width+7)/8, (im.height+7)/8
	if !h.wraps && (w > 255 || y > 255) {
		w, y = 0, 0
	}
	if h.halves {
		w /= 2
	}
	return byte(w), byte(y)
}

func (f *flow) sendImage(data []byte) {
	im := parseImage(data)
	width, height := f.mode.jpeg.sizes(im)
	kind := byte(1)
	if f.mode.jpeg.kind != nil {
		kind = f.mode.jpeg.kind()
	}
	for offset := 0; offset < len(im.scan); {
		p := &packet{first: offset == 0}
		p.payload = []byte{0, byte(offset >> 16), byte(offset >> 8), byte(offset), kind, 255, width, height}
		if offset == 0 {
			p.payload = append(p.payload, 0, 0, 0, byte(len(im.tables)))
			p.payload = append(p.payload, im.tables...)
			if f.mode.jpeg.extension {
				p.profile, p.extension = 0xffd8, append(bytes.Clone(im.headers), bytes.Repeat([]byte{0xff}, -len(im.headers)&3)...)
			}
		}
		part := im.scan[offset:min(len(im.scan), offset+mtu-len(p.payload))]
		p.payload = append(p.payload, part...)
		offset += len(part)
		p.marker = offset >= len(im.scan)
		f.emit(p)
	}
}
