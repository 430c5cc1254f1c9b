package media

import (
	"bytes"

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

// H264Sets are the parameter sets among the NAL units of an H.264 access unit; nil where it has none.
func H264Sets(nalus [][]byte) (sps, pps []byte) {
	for _, n := range nalus {
		switch H264Type(n) {
		case h264.NALUTypeSPS:
			sps = n
		case h264.NALUTypePPS:
			pps = n
		}
	}
	return sps, pps
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

var startCode = []byte{0, 0, 1}

// SplitAnnexB cuts a byte stream at its start codes (H.264 and H.265, annex B), which are 00 00 01
// or 00 00 00 01: within a NAL unit none can stand, for encoders escape them. Bytes in front of the
// first one are a unit too, zeros at the end stay. The units share data's memory.
func SplitAnnexB(data []byte) [][]byte {
	var units [][]byte
	for {
		at := bytes.Index(data, startCode)
		if at < 0 {
			break
		}
		if unit := bytes.TrimRight(data[:at:at], "\x00"); len(unit) > 0 {
			units = append(units, unit)
		}
		data = data[at+len(startCode):]
	}
	if len(data) > 0 {
		units = append(units, data)
	}
	return units
}
