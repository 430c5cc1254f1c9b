package media

import (
	"testing"

	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"
	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h265"
)

func TestNALUnitTypes(t *testing.T) {
	for header, want := range map[byte]h264.NALUType{0x65: h264.NALUTypeIDR, 0x41: h264.NALUTypeNonIDR, 0x67: h264.NALUTypeSPS, 0x09: h264.NALUTypeAccessUnitDelimiter} {
		if got := H264Type([]byte{header, 0}); got != want {
			t.Errorf("%#x is %v, want %v", header, got, want)
		}
	}
	for header, want := range map[byte]h265.NALUType{0x26: h265.NALUType_IDR_W_RADL, 0x40: h265.NALUType_VPS_NUT, 0x46: h265.NALUType_AUD_NUT} {
		if got := H265Type([]byte{header, 1}); got != want {
			t.Errorf("%#x is %v, want %v", header, got, want)
		}
	}
	if H264Type(nil) != 0 || H265Type(nil) != unspecifiedH265 {
		t.Error("an empty NAL unit has a type")
	}
}
