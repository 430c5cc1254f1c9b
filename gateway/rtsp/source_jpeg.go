package rtsp

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/bluenviron/gortsplib/v4/pkg/format/rtpmjpeg"
	"github.com/pion/rtp"

	"github.com/bauta-gateway/bauta/hardware/jpegscan"
)

// errDisagree means that the sources of an image's size disagree, or that none names one. RTP's header
// counts in 8 bits: the width of 2560 pixels wraps around in it, and a decoder that believes it
// cuts the image into strips in which nobody finds a face.
var errDisagree = errors.New("the camera's word on its Motion JPEG pictures' size")

// frameSize is in pixels; 0 where nobody says.
type frameSize struct{ width, height int }

// sizeSlack is what two sizes may differ by: some sources round to whole blocks.
const sizeSlack = 16

func (s frameSize) known() bool { return s.width > 0 && s.height > 0 }

// agrees compares what both say.
func (s frameSize) agrees(o frameSize) bool {
	same := func(a, b int) bool { return a == 0 || b == 0 || a-b < sizeSlack && b-a < sizeSlack }
	return same(s.width, o.width) && same(s.height, o.height)
}

// jpegDecoder decodes RTP of RFC 2435. The library knows the types 0 to 63
// only; those from 64 on are the same with restart markers, which are announced
// in 4 bytes after the main header and belong into the image as a DRI
// segment. It also believes the size in the header, which is compared here with
// those that the stream's description and ONVIF's extension of RTP name, and
// may be 0 where one of them does.
type jpegDecoder struct {
	lib      rtpmjpeg.Decoder
	named    []frameSize // by the description
	head     [4]byte     // type, Q and size in the image's first packet
	size     frameSize   // to put into the image; 0: the header's
	interval uint16
}

// jpegImages makes the decoder of a track whose description names these sizes.
func jpegImages(named ...frameSize) packetDecoder {
	d := &jpegDecoder{named: named}
	return d.decode
}

func (d *jpegDecoder) decode(pkt *rtp.Packet) ([][]byte, error) {
	plain, interval, err := withoutRestart(pkt)
	if err != nil {
		return nil, err
	}
	if len(plain.Payload) >= jpegHeader {
		if plain, err = d.sized(pkt, plain, interval); err != nil {
			return nil, err
		}
	}
	image, err := d.lib.Decode(plain)
	if errors.Is(err, rtpmjpeg.ErrMorePacketsNeeded) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if d.size.known() && !jpegscan.Resize(image, d.size.width, d.size.height) {
		return nil, errors.New("JPEG image without a frame header")
	}
	return [][]byte{withRestart(image, interval)}, nil
}

// sized finds out the frame's size at its first packet, and sees that the others say the
// same. Where the header's is not the one to use, the library is given any.
func (d *jpegDecoder) sized(pkt, plain *rtp.Packet, interval uint16) (*rtp.Packet, error) {
	head := [4]byte(plain.Payload[4:jpegHeader])
	first := plain.Payload[1]|plain.Payload[2]|plain.Payload[3] == 0
	if !first {
		if head != d.head || interval != d.interval {
			return nil, fmt.Errorf("%w: it changes within a picture", errDisagree)
		}
	} else {
		var err error
		if d.size, err = sizeOf(frameSize{8 * int(head[2]), 8 * int(head[3])}, extensionSize(pkt), d.named); err != nil {
			return nil, err
		}
		d.head, d.interval = head, interval
	}
	if !d.size.known() {
		return plain, nil
	}
	other := *plain
	other.Payload = slices.Clone(plain.Payload)
	other.Payload[6], other.Payload[7] = 1, 1
	return &other, nil
}

// sizeOf compares what RTP's header, its extension and the description say. It returns the size
// to put in the header's place, none where that is right.
func sizeOf(header, extension frameSize, named []frameSize) (frameSize, error) {
	said := append([]frameSize{header, extension}, named...)
	for i, a := range said {
		for _, b := range said[:i] {
			if !a.agrees(b) {
				return frameSize{}, fmt.Errorf("%w: %dx%d and %dx%d", errDisagree, b.width, b.height, a.width, a.height)
			}
		}
	}
	switch {
	case extension.known():
		return extension, nil
	case header.known():
		return frameSize{}, nil
	}
	for _, s := range named {
		if s.known() {
			return s, nil
		}
	}
	return frameSize{}, fmt.Errorf("%w: there is none, for they are larger than the 2040 pixels that it has room for", errDisagree)
}

// onvifExtension marks an extension of RTP's header that holds the JPEG's own; see ONVIF's
// streaming specification, 5.1.3.
const onvifExtension = 0xffd8

// extensionSize is the size in the JPEG's own header, where the packet has it.
func extensionSize(pkt *rtp.Packet) frameSize {
	if !pkt.Extension || pkt.ExtensionProfile != onvifExtension {
		return frameSize{}
	}
	w, h, _ := jpegscan.Size(append([]byte{0xff, 0xd8}, pkt.GetExtension(0)...))
	return frameSize{w, h}
}

const (
	jpegHeader     = 8 // of RFC 2435, 3.1
	restartHeader  = 4 // 3.1.7
	restartTypes   = 64
	restartTypeEnd = 128
)

// withoutRestart turns a packet of the types 64 to 127 into one of 0 to 63 and
// the restart interval in MCUs; 0 stands for none.
func withoutRestart(pkt *rtp.Packet) (*rtp.Packet, uint16, error) {
	p := pkt.Payload
	if len(p) <= 4 || p[4] < restartTypes || p[4] >= restartTypeEnd {
		return pkt, 0, nil
	}
	if len(p) < jpegHeader+restartHeader {
		return nil, 0, errors.New("JPEG packet without its restart header")
	}
	plain := *pkt
	plain.Payload = append(append(make([]byte, 0, len(p)-restartHeader), p[:jpegHeader]...), p[jpegHeader+restartHeader:]...)
	plain.Payload[4] -= restartTypes
	return &plain, binary.BigEndian.Uint16(p[jpegHeader:]), nil
}

// withRestart puts a DRI segment behind the start of an image.
func withRestart(image []byte, interval uint16) []byte {
	if interval == 0 || len(image) < 2 {
		return image
	}
	out := append(make([]byte, 0, len(image)+6), image[:2]...)
	out = append(out, 0xff, 0xdd, 0, 4)
	out = binary.BigEndian.AppendUint16(out, interval)
	return append(out, image[2:]...)
}
