package av

import (
	"bytes"
	"slices"
	"testing"

	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"
	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h265"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// secret is what rides in side data and must not come out: nothing of it is an escape.
var secret = []byte("Zhang San, 13800138000, was here")

// message is an SEI message of a type in a NAL unit of its own.
func message(codec Codec, typ int, payload []byte) []byte {
	out := []byte{6}
	if codec == H265 {
		out = []byte{39 << 1, 1}
	}
	for ; typ >= 255; typ -= 255 {
		out = append(out, 255)
	}
	out = append(out, byte(typ))
	size := len(payload)
	for ; size >= 255; size -= 255 {
		out = append(out, 255)
	}
	return append(append(append(out, byte(size)), payload...), 0x80)
}

// messages are those that libavcodec makes side data of, and one that it does not know.
func messages(codec Codec) [][]byte {
	caption := append([]byte{0xb5, 0, 0x31, 'G', 'A', '9', '4', 3, 0xca, 0xff}, bytes.Repeat([]byte{0xfc, 'H', 'i'}, 10)...)
	caption = append(caption, 0xff)
	return [][]byte{
		message(codec, 4, caption),
		message(codec, 4, append([]byte{0xb5, 0, 0x31, 'D', 'T', 'G', '1'}, secret...)),
		message(codec, 5, append(bytes.Repeat([]byte{7}, 16), secret...)),
		message(codec, 137, bytes.Repeat([]byte{1, 2, 3, 4}, 6)),
		message(codec, 144, []byte{1, 2, 3, 4}),
		message(codec, 136, bytes.Repeat([]byte{0x48, 0x91}, 8)),
		message(codec, 47, []byte{0, 0x40, 0x05}),
		message(codec, 200, secret),
	}
}

// A decoded frame is pixels and an orientation: nothing that came with it is there for an
// encoder to write.
func TestFramesHaveNoSideData(t *testing.T) {
	for _, codec := range []Codec{H264, H265} {
		units := stream(t, codec, "320x180", 3, "-pix_fmt", "yuv420p")
		for i, u := range units {
			slice := slices.IndexFunc(u, func(n []byte) bool {
				return codec == H264 && media.H264Type(n) <= h264.NALUTypeIDR || codec == H265 && media.H265Type(n) < h265.NALUType_VPS_NUT
			})
			units[i] = slices.Insert(slices.Clone(u), slice, messages(codec)...)
		}
		d, err := NewDecoder(codec, 1, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		var enc *Encoder
		frames := 0
		decodeAll(t, d, units, func(f *Frame) {
			if n := f.p.nb_side_data; n != 0 || f.p.metadata != nil || f.p.opaque_ref != nil {
				t.Errorf("codec %d: %d pieces of side data", codec, n)
			}
			if _, said := f.Orientation(); !said {
				t.Errorf("codec %d: the orientation is lost", codec)
			}
			if enc == nil {
				if enc, err = NewEncoder(f, EncoderConfig{FPSNum: 25, FPSDen: 1, GOP: 2, CRF: 23, Threads: 1}); err != nil {
					t.Fatal(err)
				}
			}
			nalus, _, err := enc.Encode(f, int64(frames)*3600, false)
			if err != nil {
				t.Fatal(err)
			}
			frames++
			checkUnits(t, nalus)
		})
		enc.Close()
		if frames != len(units) {
			t.Errorf("codec %d: %d pictures of %d", codec, frames, len(units))
		}
	}
}

func checkUnits(t *testing.T, nalus [][]byte) {
	t.Helper()
	for _, n := range nalus {
		if isNoFrame(n) || bytes.Contains(n, secret[:8]) {
			t.Errorf("a NAL unit of type %d came out: % x", media.H264Type(n), n[:min(len(n), 32)])
		}
	}
}

// A camera's JPEG may hold a colour profile and Exif with a place and a name.
func TestJPEGsHaveNoSideData(t *testing.T) {
	frame := stream(t, MJPEG, "320x180", 1, "-pix_fmt", "yuvj420p")[0][0]
	segment := func(mark byte, body []byte) []byte {
		return append([]byte{0xff, mark, byte((len(body) + 2) >> 8), byte(len(body) + 2)}, body...)
	}
	profile := append([]byte("ICC_PROFILE\x00\x01\x01"), bytes.Repeat(secret, 5)...)
	marked := bytes.Join([][]byte{frame[:2], exif(6), segment(0xe2, profile), segment(0xfe, secret), segment(0xed, secret), frame[2:]}, nil)
	d, err := NewDecoder(MJPEG, 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	decodeAll(t, d, [][][]byte{{marked}}, func(f *Frame) {
		if f.p.nb_side_data != 0 || f.p.metadata != nil {
			t.Errorf("%d pieces of side data, metadata %v", f.p.nb_side_data, f.p.metadata != nil)
		}
		if o, said := f.Orientation(); !said || o.Turn != 1 {
			t.Errorf("orientation %+v, %v", o, said)
		}
	})
}

// Whatever messages a stream holds, decoded frames are without side data and the encoder
// gives slices and parameter sets.
func FuzzSideData(f *testing.F) {
	units := stream(f, H264, "160x96", 1)
	for _, m := range messages(H264) {
		f.Add(m[1:])
	}
	f.Add([]byte{255, 255, 3, 255, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := NewDecoder(H264, 1, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		u := units[0]
		if err := d.Send(slices.Insert(slices.Clone(u), len(u)-1, append([]byte{6}, b...)), 1, true); err != nil {
			return
		}
		d.Drain()
		for {
			frame, _ := d.Receive()
			if frame == nil {
				return
			}
			if frame.p.nb_side_data != 0 || frame.p.metadata != nil {
				t.Errorf("%d pieces of side data", frame.p.nb_side_data)
			}
			frame.Close()
		}
	})
}
