package rtsp

import (
	"encoding/binary"
	"errors"

	"github.com/bluenviron/gortsplib/v4/pkg/format/rtpmjpeg"
	"github.com/pion/rtp"
)

// jpegPictures decodes RTP of RFC 2435. The library knows the types 0 to 63
// only; those from 64 on are the same with restart markers, which are told of
// in 4 bytes after the main header and belong into the picture as a DRI
// segment.
func jpegPictures() packetDecoder {
	var d rtpmjpeg.Decoder
	return func(pkt *rtp.Packet) ([][]byte, error) {
		plain, interval, err := withoutRestart(pkt)
		if err != nil {
			return nil, err
		}
		picture, err := d.Decode(plain)
		if errors.Is(err, rtpmjpeg.ErrMorePacketsNeeded) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		return [][]byte{withRestart(picture, interval)}, nil
	}
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

// withRestart puts a DRI segment behind the start of a picture.
func withRestart(picture []byte, interval uint16) []byte {
	if interval == 0 || len(picture) < 2 {
		return picture
	}
	out := append(make([]byte, 0, len(picture)+6), picture[:2]...)
	out = append(out, 0xff, 0xdd, 0, 4)
	out = binary.BigEndian.AppendUint16(out, interval)
	return append(out, picture[2:]...)
}
