package describe

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"
	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h265"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// maxSet bounds a parameter set in bytes, and maxSets their number.
const (
	maxSet  = 4096
	maxSets = 16
)

// parameters reads what of a format's parameters the decoder needs. A camera sends the
// parameter sets in the stream too, so one that cannot be read here is left out.
func (v *Video) parameters(fmtp string) {
	for _, p := range strings.Split(fmtp, ";") {
		key, value, _ := strings.Cut(p, "=")
		value = strings.Trim(strings.TrimSpace(value), `"`)
		switch strings.ToLower(strings.TrimSpace(key)) {
		case "sprop-parameter-sets", "sprop-vps", "sprop-sps", "sprop-pps":
			for _, set := range strings.Split(value, ",") {
				v.addSets(set)
			}
		case "sprop-max-don-diff", "sprop-depack-buf-nalus":
			v.DON = v.DON || v.Codec == media.H265 && strings.Trim(value, "0") != ""
		}
	}
	if !v.hasSPS() {
		v.Sets = nil // no decoder can do with the others
	}
}

// hasSPS reports whether one of the sets is a sequence parameter set that can be read.
func (v *Video) hasSPS() bool {
	for _, n := range v.Sets {
		var a h264.SPS
		var b h265.SPS
		if v.Codec == media.H264 && a.Unmarshal(n) == nil || v.Codec == media.H265 && b.Unmarshal(n) == nil {
			return true
		}
	}
	return false
}

// addSets takes one parameter in base64: a set, or several with start codes.
func (v *Video) addSets(text string) {
	text = strings.TrimRight(strings.TrimSpace(text), "=")
	raw, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil {
		return
	}
	for _, set := range media.SplitAnnexB(raw) {
		if len(v.Sets) < maxSets && len(set) > 2 && len(set) <= maxSet && v.isSet(set) {
			v.Sets = append(v.Sets, set)
		}
	}
}

func (v *Video) isSet(n []byte) bool {
	switch v.Codec {
	case media.H264:
		t := media.H264Type(n)
		return n[0]&0x80 == 0 && (t == h264.NALUTypeSPS || t == h264.NALUTypePPS)
	case media.H265:
		t := media.H265Type(n)
		return n[0]&0x80 == 0 && (t == h265.NALUType_VPS_NUT || t == h265.NALUType_SPS_NUT || t == h265.NALUType_PPS_NUT)
	}
	return false
}

// write makes a description of the one medium. What Video holds need not stand in it.
func write(control string, v Video) []byte {
	var b bytes.Buffer
	b.WriteString("v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n")
	if control != "" {
		fmt.Fprintf(&b, "a=control:%s\r\n", control)
	}
	pt := Announced(v.Codec)
	fmt.Fprintf(&b, "m=video 0 RTP/AVP %d\r\n", pt)
	if v.Control != "" {
		fmt.Fprintf(&b, "a=control:%s\r\n", v.Control)
	}
	fmt.Fprintf(&b, "a=rtpmap:%d %s/90000\r\n", pt, encoding[v.Codec])
	if v.Codec == media.H264 {
		fmt.Fprintf(&b, "a=fmtp:%d packetization-mode=1\r\n", pt)
	}
	return b.Bytes()
}

// encoding is a codec's name in a description.
var encoding = map[media.Codec]string{media.H264: "H264", media.H265: "H265", media.MJPEG: "JPEG"}

// Announced is the payload type that the written description gives a codec, whatever the
// camera's is: readers know some codecs by certain types only.
func Announced(c media.Codec) uint8 {
	if c == media.MJPEG {
		return 26
	}
	return 96
}
