package describe

import (
	"bytes"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/bluenviron/gortsplib/v4/pkg/description"
	"github.com/bluenviron/gortsplib/v4/pkg/sdp"

	"github.com/bauta-gateway/bauta/hardware/media"
)

var (
	sps = []byte{103, 66, 192, 21, 218, 5, 6, 126, 92, 4, 64, 0, 0, 3, 0, 64, 0, 0, 25, 3, 197, 139, 168}
	pps = []byte{0x68, 0xee, 0x3c, 0x80}
	vps = []byte{0x40, 0x01, 0x0c, 0x01}
)

func b64(b ...byte) string { return base64.StdEncoding.EncodeToString(b) }

// good is a video medium; the lines before and after it are what a camera adds.
const good = "m=video 0 RTP/AVP 96\r\na=control:track1\r\na=rtpmap:96 H264/90000\r\n"

func TestCut(t *testing.T) {
	sets := "sprop-parameter-sets=" + b64(sps...) + "," + b64(pps...)
	for _, c := range []struct {
		name, sdp string
		want      Video
	}{
		{"plain", "v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\ns=x\r\nt=0 0\r\n" + good + "a=fmtp:96 packetization-mode=1;" + sets, Video{Sets: [][]byte{sps, pps}}},
		{"no session at all", good, Video{}},
		{"lines that nobody needs", "o=- 1001 1 IN \nc=IN \nc=\nt=0\nb=AS:4096 kbps\no=- 99999999999999999999999 1 IN IP4 x\n" + good + "s=stream\nt=0\nb=AS:4096.5\nc=IN \n", Video{}},
		{"a mark before the text, NULs in it", "\ufeffv=0\r\n" + strings.ReplaceAll(good, "track1", "track1\x00\x00"), Video{}},
		{"own video marked sendonly", good + "a=sendonly\r\nm=audio 0 RTP/AVP 0\r\na=recvonly\r\n", Video{Others: []string{"audio PCMU"}}},
		{"audio without config", "m=audio 0 RTP/AVP 97\r\na=rtpmap:97 MPEG4-GENERIC/48000/2\r\na=fmtp:97 mode=AAC-hbr\r\n" + good, Video{Others: []string{"audio MPEG4-GENERIC"}}},
		{"home-made media", good + "m=vana 0 RTP/AVP 117\r\na=rtpmap:117 vana/90000\r\n", Video{Others: []string{"vana vana"}}},
		{"a medium without formats", good + "m=audio 0 RTP/AVP\r\n", Video{Others: []string{"audio without a format"}}},
		{"sets that are none", good + "a=fmtp:96 sprop-parameter-sets=AAAAAWFiYw==,?!", Video{}},
		{"a start code before the sets", good + "a=fmtp:96 sprop-parameter-sets=" + b64(append([]byte{0, 0, 0, 1}, sps...)...) + ",", Video{Sets: [][]byte{sps}}},
		{"all sets in one", good + "a=fmtp:96 sprop-parameter-sets=" + b64(slices.Concat(sps, []byte{0, 0, 0, 1}, pps)...), Video{Sets: [][]byte{sps, pps}}},
		{"lower case, a blank at the end", "m=video 0 RTP/AVP 96\na=control:track1\na=rtpmap:96 h264/90000 \n", Video{}},
		{"named by its parameters only", "m=video 0 RTP/AVP 96\na=control:track1\na=fmtp:96 " + sets, Video{Sets: [][]byte{sps, pps}}},
		{"named by rtpmap only", "m=video 0 RTP/AVP\na=control:track1\na=rtpmap:96 H264/90000\n", Video{}},
		{"another type", "m=video 0 RTP/AVP 35\na=control:track1\na=rtpmap:35 H264/90000\n", Video{PayloadType: 35}},
		{"H.265", "m=video 0 RTP/AVP 98\na=control:track1\na=rtpmap:98 H265/90000\na=fmtp:98 sprop-vps=" + b64(vps...) + ";sprop-sps=xx", Video{Codec: media.H265, PayloadType: 98}},
		{"H.265 with decoding order numbers", "m=video 0 RTP/AVP 98\na=control:track1\na=rtpmap:98 H265/90000\na=fmtp:98 sprop-max-don-diff=2\n", Video{Codec: media.H265, PayloadType: 98, DON: true}},
		{"Motion JPEG with its size", "m=video 0 RTP/AVP 26\na=control:track1\na=x-dimensions:2560,1440\na=framesize:26 2560-1440\na=framesize:26 junk\n", Video{Codec: media.MJPEG, PayloadType: 26, Sizes: []Size{{2560, 1440}, {2560, 1440}}}},
		{"Motion JPEG of a dynamic type", "m=video 0 RTP/AVP 97\na=control:track1\na=rtpmap:97 JPEG/90000\n", Video{Codec: media.MJPEG, PayloadType: 97}},
		{"the second video", "m=video 0 RTP/AVP 99\na=rtpmap:99 AV1/90000\n" + good, Video{Others: []string{"video AV1"}}},
		{"the second format", "m=video 0 RTP/AVP 99 96\na=control:track1\na=rtpmap:99 VP8/90000\na=rtpmap:96 H264/90000\n", Video{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, out, err := Cut([]byte(c.sdp))
			if err != nil {
				t.Fatal(err)
			}
			if c.want.Codec == media.UnknownCodec {
				c.want.Codec = media.H264
			}
			if c.want.PayloadType == 0 {
				c.want.PayloadType = 96
			}
			if got.Codec != c.want.Codec || got.PayloadType != c.want.PayloadType || got.Control != "track1" || got.DON != c.want.DON ||
				!slices.Equal(got.Sizes, c.want.Sizes) || !slices.Equal(got.Others, c.want.Others) || !slices.EqualFunc(got.Sets, c.want.Sets, bytes.Equal) {
				t.Errorf("read as\n%+v, expected\n%+v", got, c.want)
			}
			readable(t, out, got)
		})
	}
}

// readable has the library read what was written.
func readable(t *testing.T, out []byte, v Video) {
	t.Helper()
	var s sdp.SessionDescription
	var d description.Session
	if err := s.Unmarshal(out); err != nil {
		t.Fatalf("%v in\n%s", err, out)
	}
	if err := d.Unmarshal(&s); err != nil {
		t.Fatalf("%v in\n%s", err, out)
	}
	if len(d.Medias) != 1 || d.Medias[0].Type != description.MediaTypeVideo || d.Medias[0].IsBackChannel || len(d.Medias[0].Formats) != 1 ||
		d.Medias[0].Formats[0].PayloadType() != Announced(v.Codec) {
		t.Errorf("written as\n%s", out)
	}
}

func TestCutFindsNoVideo(t *testing.T) {
	codec := new(*CodecError)
	for sdp, want := range map[string]any{
		"":                             ErrNoVideo,
		"v=0\r\ns=x":                   ErrNoVideo,
		"m=audio 0 RTP/AVP 0\r\n":      ErrNoVideo,
		"m=":                           ErrNoVideo,
		"m=video 0 RTP/AVP 96":         codec,
		"m=video":                      codec,
		"m=video 0 RTP/AVP 300 -1 abc": codec,
		"m=video 0 RTP/AVP 96\na=rtpmap:96 VP9/90000":                          codec,
		"\x00\x01\xff\xfe":                                                     ErrNoVideo,
		strings.Repeat("a=x\n", maxLines) + good:                               ErrNoVideo,
		strings.Repeat("m=audio 0 RTP/AVP 0\n", maxMedia) + good:               ErrNoVideo,
		"m=video 0 RTP/AVP 96\na=rtpmap:96 \x1b[2J" + strings.Repeat("x", 999): codec,
	} {
		_, _, err := Cut([]byte(sdp))
		if want == ErrNoVideo && !errors.Is(err, ErrNoVideo) || want != ErrNoVideo && !errors.As(err, want) {
			t.Errorf("%.40q: %v", sdp, err)
		}
		if err != nil && (len(err.Error()) > 200 || strings.ContainsAny(err.Error(), "\x1b\r\n")) {
			t.Errorf("%.40q: the error is not fit for a log: %q", sdp, err)
		}
	}
}

// FuzzCut: whatever comes, either one video medium that the library reads, or a named reason.
func FuzzCut(f *testing.F) {
	f.Add([]byte("v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\ns=x\r\nt=0 0\r\na=control:*\r\n" + good + "a=fmtp:96 sprop-parameter-sets=Z2QAKA==,aO48gA==\r\n"))
	f.Add([]byte("m=video 0 RTP/AVP 98 26\na=rtpmap:98 H265/90000\na=fmtp:98 sprop-vps=QAEM;sprop-max-don-diff=1\na=x-dimensions:1,2\nm=vana 0 x 7\n"))
	f.Add([]byte("a=control:rtsp://x/y\rz\nm=video 0 RTP/AVP 26\na=control:rtsps://a:b@c/?d\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		v, out, err := Cut(in)
		if err != nil {
			if !errors.Is(err, ErrNoVideo) && !errors.As(err, new(*CodecError)) {
				t.Fatalf("an error without a name: %v", err)
			}
			return
		}
		if _, named := encoding[v.Codec]; !named {
			t.Fatal("an unknown codec was chosen")
		}
		readable(t, out, v)
	})
}
