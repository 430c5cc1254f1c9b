package media

import (
	"bytes"
	"strings"
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

func TestSplitAnnexB(t *testing.T) {
	for in, want := range map[string]string{
		"":                                "",
		"abc":                             "abc",
		"\x00\x00\x00\x01abc":             "abc",
		"\x00\x00\x01ab\x00\x00\x00\x01c": "ab|c",
		"ab\x00\x00\x01\x00\x00\x01c":     "ab|c",
		"\x00\x00\x01":                    "",
		"a\x00\x00\x02b\x00\x00":          "a\x00\x00\x02b\x00\x00",
	} {
		var got []string
		for _, u := range SplitAnnexB([]byte(in)) {
			got = append(got, string(u))
		}
		if strings.Join(got, "|") != want {
			t.Errorf("%q is cut into %q, expected %q", in, got, want)
		}
	}
}

func FuzzSplitAnnexB(f *testing.F) {
	f.Add([]byte{0, 0, 0, 1, 9, 16, 0, 0, 1, 5})
	f.Add([]byte{0, 0, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, n := range SplitAnnexB(b) {
			if len(n) == 0 || bytes.Contains(n, []byte{0, 0, 1}) {
				t.Errorf("%x gives NAL unit %x", b, n)
			}
		}
	})
}

func TestH264Sets(t *testing.T) {
	sps, pps := []byte{0x67, 1}, []byte{0x68, 2}
	if a, b := H264Sets([][]byte{{0x09, 0xf0}, sps, {}, pps, {0x65, 3}}); !bytes.Equal(a, sps) || !bytes.Equal(b, pps) {
		t.Errorf("%x, %x", a, b)
	}
	if a, b := H264Sets([][]byte{{0x41, 3}}); a != nil || b != nil {
		t.Errorf("%x, %x", a, b)
	}
}
