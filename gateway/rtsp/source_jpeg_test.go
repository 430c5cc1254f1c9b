package rtsp

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/pion/rtp"

	"github.com/bauta-gateway/bauta/gateway/rtsp/describe"
	"github.com/bauta-gateway/bauta/hardware/jpegscan"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// asJPEG are the packets of some images of 320x184 pixels, after change.
func asJPEG(t testing.TB, images int, change func(n int, p *rtp.Packet)) (all []*rtp.Packet) {
	t.Helper()
	clip := makeCamClip(t, media.MJPEG, 320, 184, images)
	pack := clip.packets(t)
	for i, unit := range clip.units {
		for k, p := range pack(unit) {
			p.SequenceNumber, p.Timestamp = uint16(len(all)), uint32(i)*camInterval
			p.Payload = slices.Clone(p.Payload)
			if change != nil {
				change(k, p)
			}
			all = append(all, p)
		}
	}
	return all
}

// says puts a size into RTP's header; it counts in 8 pixels.
func says(w, h byte) func(int, *rtp.Packet) {
	return func(_ int, p *rtp.Packet) { p.Payload[6], p.Payload[7] = w, h }
}

// extended puts the header of a JPEG of some size beside RTP's, which says w by h.
func extended(width, height int, w, h byte) func(int, *rtp.Packet) {
	return func(n int, p *rtp.Packet) {
		says(w, h)(n, p)
		if n == 0 {
			p.Extension, p.ExtensionProfile = true, onvifExtension
			_ = p.SetExtension(0, []byte{0xff, 0xc0, 0, 17, 8, byte(height >> 8), byte(height), byte(width >> 8), byte(width), 3, 0, 0x22, 0, 1, 0x11, 1, 2, 0x11, 1, 0xff})
		}
	}
}

// Each source of a frame's size is compared with all others; there has to be one.
func TestJPEGSizes(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(int, *rtp.Packet)
		named  []frameSize
		width  int // 0: there is no image
	}{
		{"header alone", nil, nil, 320},
		{"description agrees", nil, []frameSize{{320, 180}}, 320},
		{"description of another size", nil, []frameSize{{2560, 1440}}, 0},
		{"description of swapped sides", nil, []frameSize{{184, 320}}, 0},
		{"two descriptions", nil, []frameSize{{320, 184}, {640, 368}}, 0},
		{"header wraps at 2048", says(64, 180), []frameSize{{2560, 1440}}, 0},
		{"header says nothing, nor does anybody", says(0, 0), nil, 0},
		{"header says nothing", says(0, 0), []frameSize{{320, 184}}, 320},
		{"header says the height alone", says(0, 23), []frameSize{{320, 184}}, 320},
		{"header says another height alone", says(0, 90), []frameSize{{320, 184}}, 0},
		{"extension", extended(320, 184, 0, 0), nil, 320},
		{"extension and header", extended(320, 184, 40, 23), nil, 320},
		{"extension of another size", extended(640, 368, 40, 23), nil, 0},
		{"extension and another description", extended(320, 184, 0, 0), []frameSize{{640, 368}}, 0},
		{"size changes within the image", func(n int, p *rtp.Packet) {
			if n == 1 {
				p.Payload[6]++
			}
		}, nil, 0},
		{"type changes within the image", func(n int, p *rtp.Packet) {
			if n == 1 {
				p.Payload[4] ^= 1
			}
		}, nil, 0},
	} {
		decode, images, refused := jpegImages(c.named...), 0, 0
		for _, p := range asJPEG(t, 2, c.change) {
			got, err := decode(p)
			if errors.Is(err, errDisagree) {
				refused++
			}
			for _, b := range got {
				images++
				if w, h, err := new(jpegscan.Checker).Check(b); err != nil || w != c.width || h != 184 && h != 180 {
					t.Errorf("%s: %dx%d, %v", c.name, w, h, err)
				}
			}
		}
		if (c.width > 0) != (images == 2) || (c.width == 0) != (refused > 0) {
			t.Errorf("%s: %d images, %d refused", c.name, images, refused)
		}
	}
}

// describing is a camera whose description has these lines, and that sends these packets.
func describing(t *testing.T, lines string, packets []*rtp.Packet) string {
	t.Helper()
	var early []byte
	for _, p := range packets {
		b, err := p.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		early = append(append(early, '$', 0, byte(len(b)>>8), byte(len(b))), b...)
	}
	head, _, _ := strings.Cut(sdpHead, "m=video")
	return talkingHost(t, early, func(method, _ string) string {
		switch method {
		case "DESCRIBE":
			return sdpAnswer(head + "m=video 0 RTP/AVP 26\r\n" + lines)
		case "SETUP":
			return "200 OK\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 1\r\n\r\n"
		}
		return "200 OK\r\nPublic: DESCRIBE, SETUP, PLAY\r\n\r\n"
	})
}

// A camera that contradicts itself gives no access unit, and the reason says so; `camera test` too.
func TestSourceOfDisagreeingSizes(t *testing.T) {
	for name, c := range map[string]struct {
		lines  string
		change func(int, *rtp.Packet)
	}{
		"description": {"a=x-dimensions:2560,1440\r\n", nil},
		"wrapped":     {"a=framesize:26 2368-184\r\n", nil}, // 320 is what 8 bits have of 2368
		"nobody says": {"", says(0, 0)},
		"extension":   {"", extended(2560, 1440, 64, 180)},
	} {
		url := "rtsp://" + describing(t, c.lines, asJPEG(t, 2*refusedFew, c.change)) + "/"
		sink, _, stop := readCamera(t, SourceConfig{URL: url}, nil)
		if f := sink.fault(); f.Reason != ReasonDisagreeing || !strings.Contains(f.Detail, "choose H.264") {
			t.Errorf("%s: %+v", name, f)
		}
		stop()
		if _, err := probe(t.Context(), SourceConfig{URL: url}, camPace()); err == nil || !strings.Contains(err.Error(), "choose H.264") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// One damaged image is left out, and images whose size the description names come.
func TestSourceOfNamedSizes(t *testing.T) {
	damaged := 0
	packets := asJPEG(t, 6, func(n int, p *rtp.Packet) {
		says(0, 0)(n, p)
		if p.Timestamp == 2*camInterval && n == 1 {
			p.Payload[6]++
			damaged++
		}
	})
	if damaged != 1 {
		t.Fatalf("%d packets damaged", damaged)
	}
	sink, _, stop := readCamera(t, SourceConfig{URL: "rtsp://" + describing(t, "a=x-dimensions:320,184\r\n", packets) + "/"}, nil)
	defer stop()
	for _, r := range sink.units(5) {
		if w, h, err := new(jpegscan.Checker).Check(r.NALUs[0]); err != nil || w != 320 || h != 184 {
			t.Errorf("%dx%d, %v", w, h, err)
		}
	}
}

// Whatever header, extension and description say, an image that comes out has a size that all
// of them agree with.
func FuzzJPEGHeaders(f *testing.F) {
	body := []byte{1, 2, 3, 4, 0xff, 0xd9}
	f.Add("m=video 0 RTP/AVP 26\r\na=x-dimensions:2560,1440\r\n", []byte{}, []byte{0, 0, 0, 0, 1, 80, 64, 180}, []byte{0, 0, 0, 6, 1, 80, 64, 180})
	f.Add("m=video 0 RTP/AVP 26\r\na=framesize:26 320-184\r\n", []byte{0xff, 0xc0, 0, 17, 8, 0, 184, 1, 64, 3, 0, 0x22, 0, 1, 0x11, 1, 2, 0x11, 1, 0xff}, []byte{0, 0, 0, 0, 65, 255, 0, 0, 0, 9, 0xff, 0xff}, []byte{0, 0, 0, 6, 65, 255, 0, 0, 0, 9, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, sdp string, extension, first, second []byte) {
		var named []frameSize
		if v, _, err := describe.Cut([]byte(sdp)); err == nil {
			for _, s := range v.Sizes {
				named = append(named, frameSize{s.Width, s.Height})
			}
		}
		decode := jpegImages(named...)
		var said frameSize
		for i, head := range [][]byte{first, second} {
			p := &rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: uint16(i), Marker: i == 1}, Payload: append(slices.Clone(head), body...)}
			if i == 0 && len(extension) > 0 {
				p.Extension, p.ExtensionProfile = true, onvifExtension
				_ = p.SetExtension(0, extension)
			}
			if p.Payload[1]|p.Payload[2]|p.Payload[3] == 0 && len(p.Payload) >= jpegHeader {
				said = frameSize{8 * int(p.Payload[6]), 8 * int(p.Payload[7])}
			}
			before := slices.Clone(p.Payload)
			images, err := decode(p)
			if !slices.Equal(before, p.Payload) {
				t.Fatal("the packet was changed")
			}
			if err != nil {
				return
			}
			for _, b := range images {
				w, h, ok := jpegscan.Size(b)
				if got := (frameSize{w, h}); !ok || !got.agrees(said) || slices.ContainsFunc(named, func(s frameSize) bool { return !s.agrees(got) }) {
					t.Errorf("an image of %dx%d with %v named and %v in the header", w, h, named, said)
				}
			}
		}
	})
}
