package mp4

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// allowed are the boxes of an output, by their path; those with children have a slash at
// their end, and the number of bytes before them.
var allowed = map[string]int{
	"ftyp": -1, "free": -1, "mdat": -1, "moov/": 0, "moov/mvhd": -1, "moov/trak/": 0, "moov/trak/tkhd": -1,
	"moov/trak/edts/": 0, "moov/trak/edts/elst": -1, "moov/trak/mdia/": 0, "moov/trak/mdia/mdhd": -1, "moov/trak/mdia/hdlr": -1,
	"moov/trak/mdia/minf/": 0, "moov/trak/mdia/minf/vmhd": -1, "moov/trak/mdia/minf/dinf/": 0, "moov/trak/mdia/minf/dinf/dref/": 8,
	"moov/trak/mdia/minf/dinf/dref/url ": -1, "moov/trak/mdia/minf/stbl/": 0, "moov/trak/mdia/minf/stbl/stsd/": 8,
	"moov/trak/mdia/minf/stbl/stsd/avc1/": visualEntry, "moov/trak/mdia/minf/stbl/stsd/avc3/": visualEntry,
	"stsd/avcC": -1, "stsd/pasp": -1, "stsd/colr": -1,
	"moov/trak/mdia/minf/stbl/stts": -1, "moov/trak/mdia/minf/stbl/stss": -1, "moov/trak/mdia/minf/stbl/stsc": -1,
	"moov/trak/mdia/minf/stbl/stsz": -1, "moov/trak/mdia/minf/stbl/stco": -1, "moov/trak/mdia/minf/stbl/co64": -1,
}

// walk returns the paths of all boxes of an output and fails where there is one that may not
// be, or one twice.
func walk(t testing.TB, b []byte) (paths []string) {
	t.Helper()
	var level func(above string, b []byte)
	level = func(above string, b []byte) {
		for len(b) > 0 {
			if len(b) < 8 {
				t.Fatalf("%d bytes of no box in %q", len(b), above)
			}
			size, head := int(binary.BigEndian.Uint32(b)), 8
			if size == 1 {
				size, head = int(binary.BigEndian.Uint64(b[8:])), 16
			}
			if size < head || size > len(b) {
				t.Fatalf("box %q of %d bytes in %q", b[4:8], size, above)
			}
			path := above + string(b[4:8])
			known := strings.Replace(path, "moov/trak/mdia/minf/stbl/stsd/avc1/", "stsd/", 1)
			known = strings.Replace(known, "moov/trak/mdia/minf/stbl/stsd/avc3/", "stsd/", 1)
			before, parent := allowed[path+"/"]
			if _, leaf := allowed[known]; !leaf && !parent {
				t.Errorf("box %q", path)
			}
			if slices.Contains(paths, path) && path != "free" {
				t.Errorf("a second box %q", path)
			}
			paths = append(paths, path)
			if parent {
				level(path+"/", b[head+before:size])
			}
			if path == "free" && len(bytes.Trim(b[head:size], "\x00")) > 0 {
				t.Error("free space is not empty")
			}
			b = b[size:]
		}
	}
	level("", b)
	return paths
}

// What a phone or a maker's recorder writes beside the frame.
var tales = []byte("Wang Wu, +27.5916+086.5640+8850, SN 0011223344")

// fullRecording is a file with everything in it that a recording can carry: places, names, subtitles, a
// second frame, a thumbnail, private boxes in each container, and times.
func fullRecording(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	subs, path := filepath.Join(dir, "subs.srt"), filepath.Join(dir, "full.mp4")
	if err := os.WriteFile(subs, fmt.Appendf(nil, "1\n00:00:00,000 --> 00:00:01,000\n%s\n", tales), 0o600); err != nil {
		t.Fatal(err)
	}
	args := append([]string{"-v", "error", "-y"}, strings.Fields(src(160, 120, 25))...)
	args = append(args, "-f", "lavfi", "-i", "testsrc=s=64x64:r=25", "-f", "lavfi", "-i", "sine", "-i", subs, "-map", "0", "-map", "1", "-map", "2", "-map", "3", "-t", "1",
		"-c:v", "libx264", "-bf", "0", "-preset", "ultrafast", "-c:a", "aac", "-c:s", "mov_text", "-movflags", "use_metadata_tags", "-metadata", "creation_time=2021-03-04T05:06:07Z",
		"-metadata", "location="+string(tales), "-metadata", "title="+string(tales), "-metadata", "com.maker.faces="+string(tales), "-metadata:s:v:0", "handler_name="+string(tales), path)
	if out, err := exec.CommandContext(t.Context(), "ffmpeg", args...).CombinedOutput(); err != nil {
		t.Fatalf("ffmpeg: %v\n%s", err, out)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, withPrivateBoxes(b), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// withPrivateBoxes puts a box of each kind that makers use at the end of each container. The
// index of ffmpeg's file is behind the frames, which so stay where they are.
func withPrivateBoxes(b []byte) []byte {
	containers := []string{"moov", "trak", "mdia", "minf", "stbl"}
	var rest func(b []byte) []byte
	rest = func(b []byte) (out []byte) {
		for len(b) >= 8 {
			size := min(int(binary.BigEndian.Uint32(b)), len(b))
			kind, body := string(b[4:8]), b[8:max(size, 8)]
			if slices.Contains(containers, kind) {
				body = rest(body)
				for _, private := range []string{"uuid", "udta", "meta", "\xa9xyz", "maks", "skip", "free", "name"} {
					body = append(body, boxOf(private, tales)...)
				}
			}
			out = append(out, boxOf(kind, body)...)
			b = b[max(size, 8):]
		}
		return out
	}
	return append(rest(b), boxOf("uuid", tales)...)
}

func boxOf(kind string, body []byte) []byte {
	return append(append(binary.BigEndian.AppendUint32(nil, uint32(8+len(body))), kind...), body...)
}

// Of a file's boxes nothing comes out but what describes the frame, whatever stands in it.
func TestOutputHasNoOtherBoxes(t *testing.T) {
	in := fullRecording(t)
	source, err := os.ReadFile(in)
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(source, tales); n < 40 {
		t.Fatalf("the source has it %d times only", n)
	}
	for _, keep := range []bool{false, true} {
		out := filepath.Join(t.TempDir(), "out.mp4")
		remuxAs(t, in, out, func(w *Writer) {
			if keep {
				w.KeepTime()
			}
		})
		b, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		walk(t, b)
		for at := 0; at+8 <= len(tales); at++ {
			if bytes.Contains(b, tales[at:at+8]) {
				t.Errorf("%q came out", tales[at:at+8])
				break
			}
		}
		at := bytes.Index(b, []byte("mvhd")) + 8
		seconds := binary.BigEndian.Uint32(b[at:])
		if want := uint32(3697679167); keep != (seconds == want) || !keep && seconds != 0 {
			t.Errorf("kept %v: the time is %d, that of the source %d", keep, seconds, want)
		}
	}
}

// Nor does what stands in the fields of boxes that are in the output too, where it means nothing.
func TestOutputCopiesNoFields(t *testing.T) {
	b := edited(t, clip(t, "shape"), "tkhd", matrixOfTrack, tales[:36]...)
	in, out := filepath.Join(t.TempDir(), "in.mp4"), filepath.Join(t.TempDir(), "out.mp4")
	if err := os.WriteFile(in, b, 0o600); err != nil {
		t.Fatal(err)
	}
	remux(t, in, out)
	if b, err := os.ReadFile(out); err != nil || bytes.Contains(b, tales[:8]) || bytes.Contains(b, tales[16:24]) {
		t.Errorf("the matrix is the source's: %v", err)
	}
}

func TestAllOutputsHaveAllowedBoxes(t *testing.T) {
	for _, name := range withoutB {
		out := filepath.Join(t.TempDir(), "out.mp4")
		remux(t, clip(t, name), out)
		b, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		walk(t, b)
	}
}

// edited is a file with some bytes changed behind the first box of a kind.
func edited(t testing.TB, path, kind string, at int, with ...byte) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	i := bytes.LastIndex(b, []byte(kind)) // a brand may have the same name
	if i < 0 {
		t.Fatalf("no box %q", kind)
	}
	copy(b[i+4+at:], with)
	return b
}

func two(a, b int) []byte {
	return binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(nil, uint16(a)), uint16(b))
}

func four(a, b int) []byte {
	return binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, uint32(a)), uint32(b))
}

// Where in an avc1 entry the size stands, and in a track's header of version 0.
const sizeOfEntry, sizeOfTrack, matrixOfTrack = 24, 76, 40

// Where two places of a file say different things of how its frames are shown, it is refused.
// What ordinary writers do is not: rounding, stretched widths, sizes left out, edges cut off.
func TestSizesThatLie(t *testing.T) {
	plain := clip(t, "plain") // of square pixels
	r, err := Open(plain)
	if err != nil {
		t.Fatal(err)
	}
	w, h := r.Info().Width, r.Info().Height
	r.Close()
	shape := clip(t, "shape") // 322x182 of pixels 4:3
	for _, c := range []struct {
		name string
		b    []byte
		ok   bool
	}{
		{"entry: as it is", edited(t, plain, "avc1", sizeOfEntry, two(w, h)...), true},
		{"entry: left out", edited(t, plain, "avc1", sizeOfEntry, two(0, 0)...), true},
		{"entry: whole macroblocks", edited(t, plain, "avc1", sizeOfEntry, two(w, (h+15)/16*16)...), true},
		{"entry: half as wide", edited(t, plain, "avc1", sizeOfEntry, two(w/2, h)...), false},
		{"entry: sides swapped", edited(t, plain, "avc1", sizeOfEntry, two(h, w)...), false},
		{"entry: a poster", edited(t, plain, "avc1", sizeOfEntry, two(4096, 4096)...), false},
		{"entry: the stretched width", edited(t, shape, "avc1", sizeOfEntry, two(429, 182)...), true},
		{"track: stored size", edited(t, shape, "tkhd", sizeOfTrack, four(322<<16, 182<<16)...), true},
		{"track: left out", edited(t, shape, "tkhd", sizeOfTrack, four(0, 0)...), true},
		{"track: edges cut off", edited(t, shape, "tkhd", sizeOfTrack, four(420<<16, 182<<16)...), true},
		{"track: larger, alike", edited(t, shape, "tkhd", sizeOfTrack, four(858<<16, 364<<16)...), true},
		{"track: flat", edited(t, shape, "tkhd", sizeOfTrack, four(1920<<16, 182<<16)...), false},
		{"track: sides swapped", edited(t, shape, "tkhd", sizeOfTrack, four(182<<16, 429<<16)...), false},
		{"pixels: other ones than are coded", edited(t, shape, "pasp", 0, four(1, 2)...), false},
		{"pixels: nearly the same", edited(t, shape, "pasp", 0, four(1334, 1000)...), true},
		{"pixels: endless", edited(t, shape, "pasp", 0, four(1<<30, 1)...), false},
		{"pixels: none", edited(t, shape, "pasp", 0, four(0, 0)...), true},
		{"colours: full range, coded limited", edited(t, shape, "colr", 10, 0x80), false},
		{"colours: a profile", edited(t, shape, "colr", 0, []byte("prof")...), true},
	} {
		_, err := NewReader(bytes.NewReader(c.b), int64(len(c.b)))
		if (err == nil) != c.ok {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// A track's size may be that of the rotated frame; and where nothing else says what shape
// pixels have, it does.
func TestTrackSizeSaysTheShape(t *testing.T) {
	const w, h = 1920, 1080
	info := func(tw, th int, rotation int, aspect uint32) Info {
		i := Info{Width: w, Height: h, DisplayWidth: uint32(tw) << 16, DisplayHeight: uint32(th) << 16, MovieMatrix: unity, AspectH: aspect, AspectV: min(aspect, 1)}
		i.Matrix = matrixOf(media.Orientation{Turn: rotation}, 0, 0)
		return i
	}
	for _, c := range []struct {
		info    Info
		stretch float64
		ok      bool
	}{
		{info(w, h, 0, 0), 0, true}, {info(w, h, 1, 0), 0, true}, {info(h, w, 1, 0), 0, true}, {info(h, w, 3, 0), 0, true}, {info(w, h-8, 0, 0), 0, true},
		{info(2*w, h, 0, 0), 2, true}, {info(w, 2*h, 0, 0), 0.5, true}, {info(2*w, h, 0, 2), 2, true}, {info(w, h, 0, 2), 2, true},
		{info(h, w, 0, 0), 0, false}, {info(4*w, h, 0, 0), 0, false}, {info(w, 2*h, 0, 2), 2, false}, {info(1, 1000, 0, 0), 0, false},
	} {
		i := c.info
		err := i.shown()
		if (err == nil) != c.ok || math.Abs(i.Stretch()-c.stretch) > 0.01 {
			t.Errorf("%dx%d at rotation %d, aspect %d: %v, stretch %v", c.info.DisplayWidth>>16, c.info.DisplayHeight>>16, c.info.Orientation().Turn, c.info.AspectH, err, i.Stretch())
		}
	}
}

// A JPEG's own size counts against the file's.
func TestJPEGSizesThatLie(t *testing.T) {
	in := clip(t, "mjpegmov")
	for _, c := range []struct {
		w, h func(w, h int) int
		ok   bool
	}{
		{func(w, _ int) int { return w }, func(_, h int) int { return h }, true},
		{func(w, _ int) int { return w }, func(_, h int) int { return 2 * h }, true}, // two fields
		{func(_, h int) int { return h }, func(w, _ int) int { return w }, false},
		{func(w, _ int) int { return w / 2 }, func(_, h int) int { return h }, false},
	} {
		r, err := Open(in)
		if err != nil {
			t.Fatal(err)
		}
		e := r.movie.entries[0]
		e.width, e.height = c.w(e.width, e.height), c.h(e.width, e.height)
		r.movie.entries[0] = e
		if _, err := r.Next(); (err == nil) != c.ok {
			t.Errorf("%dx%d: %v", e.width, e.height, err)
		}
		r.Close()
	}
}

// Whatever rotation, aspect ratio and size a file says, it is refused, or the output says the same
// in known bytes.
func FuzzShape(f *testing.F) {
	shape, err := os.ReadFile(clip(f, "shape"))
	if err != nil {
		f.Fatal(err)
	}
	at := func(kind string) int { return bytes.LastIndex(shape, []byte(kind)) + 4 }
	track, entry, pixels, colours := at("tkhd"), at("avc1"), at("pasp"), at("colr")
	f.Add(shape[track+matrixOfTrack:track+sizeOfTrack+8], shape[entry+sizeOfEntry:entry+sizeOfEntry+4], shape[pixels:pixels+8], shape[colours:colours+11])
	f.Add(bytes.Repeat([]byte{0xff}, 44), two(0, 0), four(0, 0), []byte("nclx"))
	f.Add(make([]byte, 44), two(322, 182), four(4, 3), []byte("prof"))
	f.Fuzz(func(t *testing.T, header, size, aspect, colour []byte) {
		b := bytes.Clone(shape)
		copy(b[track+matrixOfTrack:track+sizeOfTrack+8], header)
		copy(b[entry+sizeOfEntry:][:4], size)
		copy(b[pixels:][:8], aspect)
		copy(b[colours:][:11], colour)
		r, err := NewReader(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return
		}
		out := filepath.Join(t.TempDir(), "out.mp4")
		w, err := Create(out, r)
		if err != nil {
			t.Fatal(err)
		}
		defer w.Abort()
		for {
			s, err := r.Next()
			if err != nil {
				break
			}
			if err := w.Write(s.NALUs, s.Sync, s.Timing); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Commit(); err != nil {
			t.Fatal(err)
		}
		written, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		walk(t, written)
		again, err := NewReader(bytes.NewReader(written), int64(len(written)))
		if err != nil {
			t.Fatalf("the output is refused: %v", err)
		}
		before, after := r.Info(), again.Info()
		if before.Orientation() != after.Orientation() || !near(max(before.Stretch(), 0.01), max(after.Stretch(), 0.01), aspectSlack) || !bytes.Equal(before.Color, after.Color) {
			t.Errorf("%+v became %+v", before, after)
		}
	})
}
