package rtsp

import (
	"bytes"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/hardware/jpegscan"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// checkClean holds for every unit that the cleaner passes.
func checkClean(t *testing.T, c *unitCleaner, out [][]byte, key, ok bool) {
	t.Helper()
	if !ok {
		return
	}
	if c.codec == media.MJPEG {
		if len(out) != 1 || c.width == 0 || c.height == 0 || !key {
			t.Errorf("access unit: %d parts, %d x %d, keyframe %v", len(out), c.width, c.height, key)
		}
		return
	}
	var slices int
	var have [kindPPS + 1]bool
	for _, n := range out {
		k := kindOf(c.codec, n)
		if k == kindJunk || k.set() && slices > 0 {
			t.Errorf("NAL unit of kind %d after %d slices", k, slices)
		}
		if k.set() {
			have[k] = true
		}
		if k.slice() {
			slices++
		}
	}
	if slices == 0 {
		t.Error("a unit without a frame")
	}
	if key && !(have[kindSPS] && have[kindPPS] && (have[kindVPS] || c.codec == media.H264)) {
		t.Error("a keyframe without its parameter sets")
	}
	if c.width < 0 || c.height < 0 || c.width > maxFrame || c.height > maxFrame {
		t.Errorf("size %d x %d", c.width, c.height)
	}
}

func TestCleaner(t *testing.T) {
	now := time.Now()
	aud, filler := []byte{9, 0xf0}, []byte{12, 0xff, 0x80}
	clip := makeCamClip(t, media.H264, 320, 184, 20)
	sps, pps := clip.sets[0], clip.sets[1]
	idr, p := clip.units[0], clip.units[1]
	join := func(parts ...any) (out [][]byte) {
		for _, v := range parts {
			switch v := v.(type) {
			case []byte:
				out = append(out, v)
			case [][]byte:
				out = append(out, v...)
			}
		}
		return out
	}
	pps2 := append(bytes.Clone(pps[:1]), pps[1]>>2|0x40, 0x80) // ue(v) 1: PPS number 1
	for _, c := range []struct {
		name    string
		sdp, in [][]byte
		before  [][]byte // a unit that came before
		want    [][]byte
		key     bool
	}{
		{"sets of the SDP", clip.sets, idr, nil, join(sps, pps, idr), true},
		{"sets in band", nil, join(aud, sps, pps, idr), nil, join(sps, pps, idr), true},
		{"sets in a unit of their own", nil, idr, join(aud, sps, pps), join(sps, pps, idr), true},
		{"sets in the wrong order", nil, join(pps, sps, idr), nil, join(sps, pps, idr), true},
		{"no sets at all", nil, idr, nil, idr, false},
		{"half of the sets", nil, join(sps, idr), nil, join(sps, idr), false},
		{"not a keyframe", clip.sets, p, idr, p, false},
		{"delimiter, filler and emptiness", clip.sets, join(aud, []byte{}, p, filler), idr, p, false},
		{"unchanged sets before another access unit", clip.sets, join(sps, pps, p), idr, p, false},
		{"a new set in mid-stream", clip.sets, p, join(pps2), join(sps, pps, pps2, p), false},
		{"two PPS", clip.sets, join(pps2, idr), nil, join(sps, pps, pps2, idr), true},
	} {
		cl := newUnitCleaner(media.H264, c.sdp, now)
		if c.before != nil {
			cl.clean(c.before, now)
		}
		out, key, ok := cl.clean(c.in, now)
		checkClean(t, cl, out, key, ok)
		if !ok || key != c.key || !equalNALUs(out, c.want) {
			t.Errorf("%s: keyframe %v, ok %v,\ngot  %x\nwant %x", c.name, key, ok, heads(out), heads(c.want))
		}
	}
	if _, _, ok := newUnitCleaner(media.H264, nil, now).clean(join(aud, sps, pps, filler), now); ok {
		t.Error("parameter sets pass as a frame")
	}
}

func equalNALUs(a, b [][]byte) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !bytes.Equal(a[i], b[i]) {
			return false
		}
	}
	return true
}

func heads(nalus [][]byte) (out [][]byte) {
	for _, n := range nalus {
		out = append(out, n[:min(len(n), 4)])
	}
	return out
}

// Streams that have no IDR picture but the first, which nobody saw.
func TestCleanerWithoutIDR(t *testing.T) {
	for _, c := range []struct {
		name  string
		codec media.Codec
		args  []string
		noSEI bool
		keys  bool // without patience
	}{
		{"intra refresh", media.H264, []string{"-x264-params", "intra-refresh=1:keyint=10:bframes=0"}, false, false},
		{"I pictures without IDR", media.H264, []string{"-x264-params", "open-gop=1:keyint=10:min-keyint=1:bframes=1:b-adapt=0:scenecut=0"}, true, false},
		{"CRA pictures", media.H265, []string{"-x265-params", "log-level=none:pools=1:open-gop=1:keyint=10:min-keyint=1:bframes=2"}, false, true},
	} {
		clip := makeCamClip(t, c.codec, 160, 96, 60, c.args...)
		now := time.Now()
		cl := newUnitCleaner(c.codec, clip.sets, now)
		count := func(after time.Duration) (keys int) {
			for _, u := range clip.units[1:] {
				if c.noSEI {
					u = withoutSEI(u)
				}
				out, key, ok := cl.clean(u, now.Add(after))
				checkClean(t, cl, out, key, ok)
				if key {
					keys++
				}
			}
			return keys
		}
		if n := count(time.Second); (n > 0) != c.keys {
			t.Errorf("%s: %d keyframes at once", c.name, n)
		}
		if n := count(time.Minute); n < 3 || n > 8 {
			t.Errorf("%s: %d keyframes after a while", c.name, n)
		}
	}
}

func withoutSEI(u [][]byte) (out [][]byte) {
	for _, n := range u {
		if kindOf(media.H264, n) != kindSEI {
			out = append(out, n)
		}
	}
	return out
}

func TestSEI(t *testing.T) {
	for _, c := range []struct {
		name string
		b    []byte
		want bool
	}{
		{"alone", []byte{6, 1, 0xc4, 0x80}, true},
		{"second", []byte{1, 2, 0, 0, 6, 1, 0xc4, 0x80}, true},
		{"long first", append(append([]byte{5, 0xff, 1}, bytes.Repeat([]byte{7}, 256)...), 6, 1, 0xc4, 0x80), true},
		{"emulation prevention inside", []byte{5, 3, 0, 0, 3, 1, 6, 1, 0xc4, 0x80}, true},
		{"none", []byte{5, 2, 6, 1, 0x80}, false},
		{"cut", []byte{5, 9, 6, 1, 0xc4, 0x80}, false},
		{"only ff", bytes.Repeat([]byte{0xff}, 2000), false},
		{"empty", nil, false},
	} {
		if got := hasRecoveryPoint(c.b); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestJPEGSize(t *testing.T) {
	frame := []byte{0xff, 0xc0, 0, 17, 8, 0, 184, 1, 64, 3}
	for _, c := range []struct {
		name string
		in   []byte
		ok   bool
	}{
		{"frame first", append([]byte{0xff, 0xd8}, frame...), true},
		{"after another segment and a fill byte", append([]byte{0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff}, frame...), true},
		{"after a Huffman table", append([]byte{0xff, 0xd8, 0xff, 0xc4, 0, 3, 1}, frame...), true},
		{"after the scan", append([]byte{0xff, 0xd8, 0xff, 0xda, 0, 4, 1, 2}, frame...), false},
		{"cut", []byte{0xff, 0xd8, 0xff, 0xc0, 0, 17, 8}, false},
		{"a segment shorter than its length", append([]byte{0xff, 0xd8, 0xff, 0xe0, 0, 1}, frame...), false},
		{"not JPEG", []byte("hello, world"), false},
		{"empty", nil, false},
	} {
		w, h, ok := jpegscan.Size(c.in)
		if ok != c.ok || ok && (w != 320 || h != 184) {
			t.Errorf("%s: %d x %d, %v", c.name, w, h, ok)
		}
	}
}

func FuzzCleaner(f *testing.F) {
	for _, codec := range []media.Codec{media.H264, media.H265} {
		clip := makeCamClip(f, codec, 320, 184, 20)
		slice := clip.units[1][0] // short: long seeds make fuzzing slow
		f.Add(uint8(codec), bytes.Join(append(clip.sets, slice[:min(len(slice), 40)]), []byte{0, 0, 1}))
	}
	f.Add(uint8(media.H264), []byte{6, 6, 1, 0xc4, 0x80, 0, 0, 1, 0x41, 0x88, 0, 0, 1, 0x67})
	f.Add(uint8(media.MJPEG), []byte{0xff, 0xd8, 0xff, 0xc0, 0, 17, 8, 0, 1, 0, 1, 3})
	f.Fuzz(func(t *testing.T, codec uint8, b []byte) {
		c := media.Codec(codec%3 + 1)
		cl := newUnitCleaner(c, [][]byte{b, nil}, time.Time{})
		nalus := bytes.Split(b, []byte{0, 0, 1})
		if c == media.MJPEG {
			nalus = [][]byte{b}
		}
		for i := range 3 {
			out, key, ok := cl.clean(nalus, time.Time{}.Add(time.Duration(i)*time.Hour))
			checkClean(t, cl, out, key, ok)
		}
	})
}
