package media

import (
	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"
	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h265"
)

// H264Type is the type of an H.264 NAL unit, by the names of mediacommon (ITU-T H.264,
// table 7-1). An empty one has type 0, which no encoder uses.
func H264Type(nalu []byte) h264.NALUType {
	if len(nalu) == 0 {
		return 0
	}
	return h264.NALUType(nalu[0] & 0x1f)
}

// H265Type is the type of an H.265 NAL unit (ITU-T H.265, table 7-1). An empty one counts
// as unspecified.
func H265Type(nalu []byte) h265.NALUType {
	if len(nalu) == 0 {
		return unspecifiedH265
	}
	return h265.NALUType(nalu[0] >> 1 & 0x3f)
}

// unspecifiedH265 is the last of the types that the standard leaves to others.
const unspecifiedH265 h265.NALUType = 63
