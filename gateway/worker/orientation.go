package worker

import (
	"slices"

	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// withOrientation adds to a keyframe how it is shown, as the source said: masked
// frames come out as they went in. The worker only says which of the eight ways; the message
// is written here, so that nothing else comes along.
func withOrientation(nalus [][]byte, o media.Orientation) [][]byte {
	if o == (media.Orientation{}) {
		return nalus
	}
	first := slices.IndexFunc(nalus, func(n []byte) bool { return media.H264Type(n) == h264.NALUTypeIDR })
	return slices.Insert(nalus, max(first, 0), orientationMessage(o))
}

// orientationMessage is a NAL unit with a display orientation message; see ITU-T H.264,
// D.1.27. It holds until another one comes or a keyframe without.
func orientationMessage(o media.Orientation) []byte {
	const displayOrientation, size, trailing = 47, 3, 0x80
	anticlockwise, flip := (4-o.Turn)%4, byte(0)
	if o.Mirrored { // the message's flip comes before its rotation
		anticlockwise, flip = o.Turn, 1
	}
	// No cancelling, horizontal flip, no vertical one, 16 bits of rotation of which the
	// upper two count, repetition 1, no extension, a 1 that ends the payload.
	return []byte{byte(h264.NALUTypeSEI), displayOrientation, size, flip<<6 | byte(anticlockwise)<<3, 0, 0b000_010_0_1, trailing}
}
