package rtsp

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/bluenviron/mediacommon/v2/pkg/bits"
	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"
	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h265"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// Bounds on the parameter sets that are remembered. Real ones have some
// dozens of bytes; the standards number them up to 255.
const (
	maxSetSize = 4096
	maxSetID   = 255
	maxFrame   = 1 << 15 // pixels a side: beyond that a size counts as unknown
)

// cameraSets are the latest ones of each kind and number, sorted by these.
type cameraSets []cameraSet

type cameraSet struct {
	kind nalKind
	id   uint32
	nalu []byte
}

// put remembers a set and reports whether it is new or has changed.
func (s *cameraSets) put(k nalKind, id uint32, n []byte) bool {
	if id > maxSetID || len(n) > maxSetSize {
		return false
	}
	at, found := slices.BinarySearchFunc(*s, cameraSet{kind: k, id: id}, func(a, b cameraSet) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.id, b.id))
	})
	if found && bytes.Equal((*s)[at].nalu, n) {
		return false
	}
	p := cameraSet{k, id, bytes.Clone(n)} // a copy: n shares the memory of a packet
	if found {
		(*s)[at] = p
	} else {
		*s = slices.Insert(*s, at, p)
	}
	return true
}

// complete reports whether there is one of each kind that the codec needs.
func (s cameraSets) complete(codec media.Codec) bool {
	var have [kindPPS + 1]bool
	for _, p := range s {
		have[p.kind] = true
	}
	return have[kindSPS] && have[kindPPS] && (have[kindVPS] || codec == media.H264)
}

// all returns the sets in the order in which a decoder wants them.
func (s cameraSets) all() [][]byte {
	out := make([][]byte, len(s), len(s)+8)
	for i, p := range s {
		out[i] = p.nalu
	}
	return out
}

// setID is a parameter set's number; 0 where it cannot be read, which is the
// number that nearly all cameras use.
func setID(codec media.Codec, k nalKind, n []byte) uint32 {
	body := n[headerSize[codec]:]
	switch {
	case k == kindVPS && len(body) > 0:
		return uint32(body[0] >> 4)
	case k == kindPPS:
		return golomb(body)
	case k == kindSPS && codec == media.H264 && len(body) > 3:
		return golomb(body[3:]) // after the profile and level
	case k == kindSPS && codec == media.H265:
		var sps h265.SPS
		if sps.Unmarshal(n) == nil {
			return uint32(sps.ID)
		}
	}
	return 0
}

func golomb(b []byte) uint32 {
	pos := 0
	v, err := bits.ReadGolombUnsigned(b, &pos)
	if err != nil {
		return 0
	}
	return v
}

// spsSize is the frame's size in pixels after cropping; 0 x 0 where it
// cannot be read.
func spsSize(codec media.Codec, n []byte) (width, height int) {
	if codec == media.H264 {
		var sps h264.SPS
		if sps.Unmarshal(n) == nil {
			width, height = sps.Width(), sps.Height()
		}
	} else {
		var sps h265.SPS
		if sps.Unmarshal(n) == nil {
			width, height = sps.Width(), sps.Height()
		}
	}
	if width <= 0 || height <= 0 || width > maxFrame || height > maxFrame {
		return 0, 0
	}
	return width, height
}
