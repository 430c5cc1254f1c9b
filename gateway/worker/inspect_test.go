package worker

import (
	"bytes"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"testing"
	"time"

	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"

	"github.com/bauta-gateway/bauta/gateway/worker/slate"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// drawn is a keyframe and the frame after it of a size in pixels.
func drawn(width, height int) (key, next [][]byte) {
	s := slate.New(width, height)
	key, _ = s.Next(time.Unix(1, 0), true)
	next, _ = s.Next(time.Unix(2, 0), false)
	return key, next
}

// encoded makes access units with x264 as the worker does, without what the worker takes out.
func encoded(t testing.TB, args ...string) (units [][][]byte) {
	t.Helper()
	args = append([]string{"-v", "error", "-f", "lavfi", "-i", "testsrc2=s=162x98:r=25", "-frames:v", "12", "-pix_fmt", "yuv420p", "-c:v", "libx264", "-g", "5", "-bf", "0"}, args...)
	out, err := exec.CommandContext(t.Context(), "ffmpeg", append(args, "-x264-params", "aud=1", "-f", "h264", "-")...).Output()
	if err != nil {
		t.Fatal(err)
	}
	var stream h264.AnnexB
	if err := stream.Unmarshal(out); err != nil {
		t.Fatal(err)
	}
	for _, n := range stream {
		switch media.H264Type(n) {
		case h264.NALUTypeAccessUnitDelimiter:
			units = append(units, [][]byte{n})
		case 6:
		default:
			units[len(units)-1] = append(units[len(units)-1], n)
		}
	}
	return units
}

// What encoders give passes: the slate's, and x264's of each profile and shape.
func TestInspectPassesFrames(t *testing.T) {
	for _, size := range [][2]int{{64, 48}, {320, 180}, {1278, 718}, {4096, 2304}} {
		key, next := drawn(size[0], size[1])
		if is, err := inspect(key, size[0], size[1]); err != nil || !is {
			t.Errorf("%v: keyframe %v, %v", size, is, err)
		}
		if is, err := inspect(next, size[0], size[1]); err != nil || is {
			t.Errorf("%v: keyframe %v, %v", size, is, err)
		}
	}
	for _, args := range [][]string{
		{"-preset", "ultrafast", "-tune", "zerolatency", "-maxrate", "1M", "-bufsize", "1M"}, {"-preset", "medium"}, {"-profile:v", "main"},
		{"-preset", "ultrafast", "-slices", "4", "-color_range", "pc", "-vf", "setsar=16/11"}, {"-vf", "setsar=4321/4319", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"},
	} {
		keys := 0
		for i, u := range encoded(t, args...) {
			is, err := inspect(u, 163, 99) // the odd row and column are not coded
			if err != nil {
				t.Fatalf("%v: frame %d: %v", args, i, err)
			}
			if is {
				keys++
			}
		}
		if keys != 3 {
			t.Errorf("%v: %d keyframes", args, keys)
		}
	}
}

// longer has more bytes at its end.
func longer(n []byte, extra ...byte) []byte { return append(bytes.Clone(n), extra...) }

// with replaces the i-th NAL unit.
func with(units [][]byte, i int, n []byte) [][]byte {
	units = slices.Clone(units)
	units[i] = n
	return units
}

// Whoever owns the decoder sends what they like; nothing gets out beside pixels.
func TestInspectRefusesWhatIsNoFrame(t *testing.T) {
	key, next := drawn(64, 48)
	wide, _ := drawn(128, 24)
	secret := []byte("what was said in the room")
	attacks := map[string][][]byte{
		"nothing":                         {},
		"an empty unit":                   {{}},
		"a header alone":                  {{0x65}},
		"no slice":                        key[:2],
		"a keyframe without sets":         key[2:],
		"a keyframe without one set":      {key[0], key[2]},
		"sets without a keyframe":         {key[0], key[1], next[0]},
		"two frames in one":               {key[0], key[1], key[2], key[2]},
		"a keyframe and another frame":    {key[0], key[1], key[2], next[0]},
		"the same set twice":              {key[0], key[0], key[1], key[2]},
		"a set behind the frame":          {key[0], key[2], key[1]},
		"bytes behind the first set":      with(key, 0, longer(key[0], secret...)),
		"bytes behind the second set":     with(key, 1, longer(key[1], secret...)),
		"an end behind the first set":     with(key, 0, longer(key[0], 0x80)),
		"zeros and bytes behind a slice":  with(next, 0, longer(longer(next[0], 0, 0, 0), secret...)),
		"zeros behind a slice":            with(next, 0, longer(next[0], 0, 0)),
		"words of zeros behind a slice":   with(next, 0, longer(next[0], 0, 0, 3)),
		"a second unit in one":            with(next, 0, longer(longer(next[0], 0, 0, 1, 6, 5), secret...)),
		"a second unit after three zeros": with(next, 0, longer(longer(next[0], 0, 0, 0, 1, 6, 5), secret...)),
		"an escape that escapes nothing":  with(next, 0, longer(next[0], 0, 0, 3, 77)),
		"the forbidden bit":               with(next, 0, append([]byte{next[0][0] | 0x80}, next[0][1:]...)),
		"a set of another size":           with(key, 0, wide[0]),
		"a delimiter with a tail":         slices.Insert(slices.Clone(next), 0, append([]byte{9, 0xf0}, secret...)),
		"a delimiter behind":              append(slices.Clone(next), []byte{9, 0xf0}),
		"an endless set":                  with(key, 0, append(bytes.Clone(key[0][:4]), bytes.Repeat([]byte{0xff}, 4000)...)),
		"a slice of the second half":      {rebuilt(next[0], 6)},
		"a slice behind the last place":   {next[0], rebuilt(next[0], 12)},
	}
	for typ := range h264.NALUType(32) {
		if typ == h264.NALUTypeNonIDR || typ == h264.NALUTypeIDR || typ == h264.NALUTypeSPS || typ == h264.NALUTypePPS {
			continue
		}
		for _, at := range []int{0, 1} {
			for ref := range byte(4) {
				n := append([]byte{ref<<5 | byte(typ)}, secret...)
				attacks[fmt.Sprintf("type %d, importance %d at %d", typ, ref, at)] = slices.Insert(slices.Clone(next), at, n)
			}
		}
	}
	for name, units := range attacks {
		if _, err := inspect(units, 64, 48); !errors.Is(err, errViolation) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := inspect([][]byte{next[0], rebuilt(next[0], 6)}, 64, 48); err != nil {
		t.Errorf("two slices of one frame: %v", err)
	}
	if _, err := inspect(next, 0, 0); !errors.Is(err, errViolation) {
		t.Errorf("a frame without a size: %v", err)
	}
}

// rebuilt is a slice that says that it begins with another macroblock, of up to 12.
func rebuilt(n []byte, first uint32) []byte {
	code := fmt.Sprintf("%b", first+1)
	head := fmt.Sprintf("%0*b", 2*len(code)-1, first+1) + "00110" + "1" // ue(first), a slice of P pictures, set 0
	for len(head)%8 != 0 {
		head += "1"
	}
	out := []byte{n[0]}
	for ; len(head) > 0; head = head[8:] {
		var v byte
		fmt.Sscanf(head[:8], "%b", &v)
		out = append(out, v)
	}
	return append(out, 0xb5)
}

// A set whose fields are out of what our encoders write could hold anything.
func TestInspectRefusesStrangeSets(t *testing.T) {
	const head = "01000010" + "11000000" + "00011110" + "1" // profile, constraints, level, number
	const sizes = "1" + "011" + "010" + "0" + "00100" + "011" + "1" + "1" + "0"
	sps := func(vui string) []byte { return fromBits(0x67, head+sizes+vui) }
	key, _ := drawn(64, 48)
	slice := key[2]
	check := func(set []byte) error {
		_, err := inspect([][]byte{set, key[1], slice}, 64, 48)
		return err
	}
	if err := check(sps("0")); err != nil {
		t.Fatalf("a plain set: %v", err)
	}
	none := "0000" // no aspect, overscan, signal, chroma place
	for name, vui := range map[string]string{
		"timing and restrictions": "1" + none + "1" + fmt.Sprintf("%032b%032b", 1, 50) + "1" + "00" + "0" + "1" + "1" + "111111",
	} {
		if err := check(sps(vui)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, set := range map[string][]byte{
		"a pixel 17 times as wide as high": sps("1" + "1" + "11111111" + fmt.Sprintf("%016b%016b", 170, 10) + "000" + "0000" + "0"),
		"an aspect ratio without a number": sps("1" + "1" + "00010001" + "000" + "0000" + "0"),
		"no time":                          sps("1" + none + "1" + fmt.Sprintf("%032b%032b", 0, 50) + "1" + "00" + "0" + "0"),
		"32 buffers":                       sps("1" + none + "0" + "1" + "00000100000"),
		"colours of no standard":           sps("1" + "00" + "1" + "101" + "0" + "1" + "11001000" + "00000001" + "00000001" + "0" + "0000" + "0"),
		"another profile":                  fromBits(0x67, "01011000"+head[8:]+sizes+"0"),
		"reserved bits":                    fromBits(0x67, head[:14]+"11"+head[16:]+sizes+"0"),
		"a level of no standard":           fromBits(0x67, head[:16]+"11111111"+"1"+sizes+"0"),
		"a list of picture orders":         fromBits(0x67, head+"1"+"010"+"1"+"1"+"1"+"1"+"010"+"0"+"00100"+"011"+"1"+"1"+"0"+"0"),
		"an extension":                     fromBits(0x6d, head+sizes+"0"),
		"a crop from the left":             fromBits(0x67, head+sizes[:len(sizes)-1]+"1"+"010"+"1"+"1"+"1"+"0"),
		"a set that ends in its size":      fromBits(0x67, head),
	} {
		if err := check(set); !errors.Is(err, errViolation) {
			t.Errorf("%s: %v", name, err)
		}
	}
	groups := fromBits(0x68, "1"+"1"+"0"+"0"+"010"+"1"+"1"+"1")
	if _, err := inspect([][]byte{key[0], groups, slice}, 64, 48); !errors.Is(err, errViolation) {
		t.Errorf("groups of slices: %v", err)
	}
}

// fromBits makes a NAL unit of a body and the bit that ends it.
func fromBits(header byte, body string) []byte {
	body += "1"
	for len(body)%8 != 0 {
		body += "0"
	}
	raw := make([]byte, 0, len(body)/8)
	for ; len(body) > 0; body = body[8:] {
		var v byte
		fmt.Sscanf(body[:8], "%b", &v)
		raw = append(raw, v)
	}
	out, zeros := []byte{header}, 0
	for _, v := range raw {
		if zeros >= 2 && v <= 3 {
			out, zeros = append(out, 3), 0
		}
		if out = append(out, v); v == 0 {
			zeros++
		} else {
			zeros = 0
		}
	}
	return out
}

// The message is the supervisor's own, of each of the eight orientations.
func TestOrientationMessage(t *testing.T) {
	key, _ := drawn(64, 48)
	for number := range byte(8) {
		o, ok := media.OrientationOf(number)
		if !ok || o.Number() != number {
			t.Fatalf("number %d is %+v, %v", number, o, ok)
		}
		got := withOrientation(slices.Clone(key), o)
		if number == 0 && len(got) != 3 || number > 0 && (len(got) != 4 || got[2][0] != 6 || got[2][1] != 47 || len(got[2]) != 7) {
			t.Errorf("%+v: % x", o, got)
		}
	}
	if _, ok := media.OrientationOf(8); ok {
		t.Error("there is a ninth orientation")
	}
}

// Whatever passes holds slices and parameter sets of the size that was said, and no start code.
func FuzzInspect(f *testing.F) {
	key, next := drawn(64, 48)
	join := func(units [][]byte) []byte { return bytes.Join(units, []byte("|")) }
	f.Add(join(key), 64, 48)
	f.Add(join(next), 64, 48)
	f.Add(join([][]byte{{6, 5, 1, 1, 0x80}, next[0]}), 64, 48)
	f.Fuzz(func(t *testing.T, b []byte, width, height int) {
		if width < 0 || height < 0 || width > 1<<15 || height > 1<<15 {
			return
		}
		units := bytes.Split(b, []byte("|"))
		key, err := inspect(units, width, height)
		if err != nil {
			if !errors.Is(err, errViolation) {
				t.Error(err)
			}
			return
		}
		for _, n := range units {
			if bytes.Contains(n, []byte{0, 0, 1}) || bytes.Contains(n, []byte{0, 0, 0}) || !slices.Contains([]byte{1, 5, 7, 8, 9}, n[0]&0x9f) {
				t.Errorf("% x passed", n)
			}
			var sps h264.SPS
			if media.H264Type(n) == h264.NALUTypeSPS && (!key || sps.Unmarshal(n) != nil || sps.Width() != width&^1 || sps.Height() != height&^1) {
				t.Errorf("% x passed as %dx%d", n, width, height)
			}
		}
	})
}
