package mp4

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/hardware/clips"
)

// remux writes the frames of in as they are, which needs one without B-frames.
func remux(t testing.TB, in, out string) Info {
	t.Helper()
	return remuxAs(t, in, out, func(*Writer) {})
}

// remuxAs is remux with a writer that is set up before.
func remuxAs(t testing.TB, in, out string, change func(*Writer)) Info {
	t.Helper()
	r, err := Open(in)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	w, err := Create(out, r)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Abort()
	change(w)
	for _, s := range readAll(t, r) {
		if err := w.Write(s.NALUs, s.Sync, s.Timing); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Commit(); err != nil {
		t.Fatal(err)
	}
	return r.Info()
}

// anew does what a worker does: every frame of in is put through, and comes
// back without B-frames and in presentation order. What is in the frame does
// not matter here: they are the ones of the plain clip.
func anew(t testing.TB, in, out string) {
	t.Helper()
	r, err := Open(in)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	plain, err := Open(clip(t, "plain"))
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	units, samples := readAll(t, plain), readAll(t, r)
	var times Timings
	order := make([]uint64, len(samples))
	for k, s := range samples {
		order[k] = uint64(k)
		if err := times.Put(uint64(k), s.Timing); err != nil {
			t.Fatal(err)
		}
	}
	slices.SortStableFunc(order, func(a, b uint64) int { return int(samples[a].CTS - samples[b].CTS) })
	w, err := Create(out, r)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Abort()
	for k, seq := range order {
		timing, ok := times.Take(seq)
		if !ok {
			t.Fatalf("timing of %d is lost", seq)
		}
		if err := w.Write(units[k].NALUs, units[k].Sync, timing); err != nil {
			t.Fatal(err)
		}
	}
	if times.Len() != 0 {
		t.Errorf("%d timings left", times.Len())
	}
	if err := w.Commit(); err != nil {
		t.Fatal(err)
	}
}

// asShown is ffmpeg's hash and time of every frame that a player shows.
func asShown(t testing.TB, path string) string {
	return ffmpeg(t, "-i", path, "-map", "v:0", "-fps_mode", "passthrough", "-copyts", "-enc_time_base", "-1", "-f", "framemd5", "-")
}

// lines drops framemd5's comments, which name codecs and versions, and its
// duration column, which players do not go by.
func lines(s string) []string {
	var out []string
	for l := range strings.Lines(s) {
		if f := strings.Split(strings.TrimSpace(l), ","); !strings.HasPrefix(l, "#") && len(f) == 6 {
			out = append(out, strings.TrimSpace(f[2])+" "+strings.TrimSpace(f[5]))
		}
	}
	return out
}

// withoutB are the clips whose frames can be written as they are.
var withoutB = []string{"plain", "vfr", "frag", "fragfirst", "shape", "lateonly"}

func TestRemuxKeepsEveryFrame(t *testing.T) {
	for _, name := range withoutB {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in, out := clip(t, name), filepath.Join(t.TempDir(), "out.mp4")
			remux(t, in, out)
			compareStreams(t, in, out)
			if name == "shape" || name == "fragfirst" {
				return // nothing new for the decoder
			}
			want, got := lines(asShown(t, in)), lines(asShown(t, out))
			if len(want) == 0 || !slices.Equal(want, got) {
				t.Errorf("frames differ:\n%v\n%v", want, got)
			}
		})
	}
}

func TestOutputIsTimedAsItsInput(t *testing.T) {
	for _, name := range names() {
		if slices.Contains(withoutB, name) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in, out := clip(t, name), filepath.Join(t.TempDir(), "out.mp4")
			anew(t, in, out)
			compareStreams(t, in, out)
			if name == "rotated" && len(probe(t, in).Streams[0].SideData) == 0 {
				t.Error("the input is not rotated")
			}
		})
	}
}

// compareStreams compares what ffprobe says of two files' video.
func compareStreams(t *testing.T, in, out string) {
	t.Helper()
	want, got := probe(t, in), probe(t, out)
	w, g := want.Streams[0], got.Streams[0]
	w.CodecTag, g.CodecTag = "", ""
	if strings.HasPrefix(filepath.Base(in), "frag") {
		w.NBFrames, g.NBFrames = "", "" // ffprobe does not count the frames of fragments
	}
	if strings.HasPrefix(filepath.Base(in), "mjpeg") { // not the plain clip's size and colours
		w.Width, w.Height, w.SampleAspect, w.ColorSpace = g.Width, g.Height, g.SampleAspect, g.ColorSpace
	}
	if !reflect.DeepEqual(w, g) {
		t.Errorf("streams differ:\n in %+v\nout %+v", w, g)
	}
	if !reflect.DeepEqual(want.Frames, got.Frames) {
		t.Errorf("frames differ:\n in %d %+v\nout %d %+v", len(want.Frames), want.Frames, len(got.Frames), got.Frames)
	}
}

// The test clips have no B-frames: what is written must be the same, byte
// for byte, once parameter sets stand before each keyframe.
func TestClipsStayTheSame(t *testing.T) {
	for _, in := range clips.All(t) {
		t.Run(filepath.Base(in), func(t *testing.T) {
			t.Parallel()
			clip(t, "plain") // ends the test without ffmpeg
			out := filepath.Join(t.TempDir(), "out.mp4")
			remux(t, in, out)
			want, got := lines(packets(t, in)), lines(packets(t, out))
			if len(want) == 0 || !slices.Equal(want, got) {
				t.Errorf("%d packets became %d, or they differ", len(want), len(got))
			}
		})
	}
}

// packets is ffmpeg's hash and time of every packet in the form of a stream.
func packets(t testing.TB, path string) string {
	return ffmpeg(t, "-i", path, "-map", "v:0", "-c", "copy", "-bsf:v", "h264_mp4toannexb,filter_units=remove_types=7|8", "-f", "framemd5", "-")
}

// moov must come first, and where it lies beyond 4 GiB the offsets need 64 bits.
func TestIndexComesFirst(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out.mp4")
	remux(t, clip(t, "plain"), out)
	if kinds := topLevel(t, out); !slices.Equal(kinds, []string{"ftyp", "moov", "free", "mdat"}) {
		t.Errorf("boxes %v", kinds)
	}
}

func topLevel(t testing.TB, path string) []string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	stat, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for s, err := range (file{f, stat.Size()}).boxes(0, stat.Size()) {
		if err != nil {
			t.Fatal(err)
		}
		kinds = append(kinds, s.kind)
	}
	return kinds
}

// A file above 4 GiB, most of it a hole.
func TestLargeFile(t *testing.T) {
	in, out := clip(t, "plain"), filepath.Join(t.TempDir(), "out.mp4")
	r, err := Open(in)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	w, err := Create(out, r)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Abort()
	for k, s := range readAll(t, r) {
		if k == 13 { // a new half second, so a new chunk
			if err := w.buf.Flush(); err != nil {
				t.Fatal(err)
			}
			if w.at, err = w.tmp.Seek(5<<30, io.SeekCurrent); err != nil {
				t.Skip("no sparse files here: ", err)
			}
		}
		if err := w.Write(s.NALUs, s.Sync, s.Timing); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Commit(); err != nil {
		t.Fatal(err)
	}
	if want, got := lines(packets(t, in)), lines(packets(t, out)); !slices.Equal(want, got) {
		t.Errorf("packets differ: %d, %d", len(want), len(got))
	}
	again, err := Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if n := len(readAll(t, again)); n != 40 {
		t.Errorf("%d samples read back", n)
	}
}

// Where nothing is known of the number of frames beforehand, or there are
// more than expected, the index goes to the end.
func TestIndexAtEnd(t *testing.T) {
	in, out := clip(t, "plain"), filepath.Join(t.TempDir(), "out.mp4")
	r, err := Open(in)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	r.info.Samples = -250 // leaves 96 bytes
	w, err := Create(out, r)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Abort()
	for _, s := range readAll(t, r) {
		if err := w.Write(s.NALUs, s.Sync, s.Timing); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Commit(); err != nil {
		t.Fatal(err)
	}
	if kinds := topLevel(t, out); !slices.Equal(kinds, []string{"ftyp", "free", "mdat", "moov"}) {
		t.Errorf("boxes %v", kinds)
	}
	if want, got := lines(packets(t, in)), lines(packets(t, out)); !slices.Equal(want, got) {
		t.Errorf("packets differ: %d, %d", len(want), len(got))
	}
}

// Another size in mid-file: both parts must decode, also after seeking.
func TestParameterSetsChange(t *testing.T) {
	a, b := clip(t, "plain"), clip(t, "shape")
	out := filepath.Join(t.TempDir(), "out.mp4")
	r, err := Open(a)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	other, err := Open(b)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	r.info.Edits, r.info.Duration = nil, 50*512
	w, err := Create(out, r)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Abort()
	for k, s := range append(readAll(t, r), readAll(t, other)...) {
		if err := w.Write(s.NALUs, s.Sync, Timing{CTS: int64(k) * 512, Duration: 512}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Commit(); err != nil {
		t.Fatal(err)
	}
	p := probe(t, out)
	if tag := p.Streams[0].CodecTag; tag != "avc3" {
		t.Errorf("sample entry %q", tag)
	}
	if n := len(p.Frames); n != 50 {
		t.Errorf("%d frames decoded of 50", n)
	}
	// Back from the second part into the first: its own sets must count again.
	ffmpeg(t, "-xerror", "-err_detect", "explode", "-ss", "1.65", "-i", out, "-frames:v", "3", "-f", "null", "-")
	ffmpeg(t, "-xerror", "-err_detect", "explode", "-ss", "0.85", "-i", out, "-frames:v", "30", "-f", "null", "-")
}

func TestCreateRefuses(t *testing.T) {
	dir := t.TempDir()
	in := filepath.Join(dir, "in.mp4")
	copyFile(t, clip(t, "plain"), in)
	link, hard := filepath.Join(dir, "link.mp4"), filepath.Join(dir, "hard.mp4")
	for _, err := range []error{os.Symlink("in.mp4", link), os.Link(in, hard)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	before, err := os.ReadFile(in)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Open(in)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for _, out := range []string{in, link, hard, filepath.Join(dir, ".", "x", "..", "in.mp4")} {
		_ = os.Mkdir(filepath.Join(dir, "x"), 0o755)
		if _, err := Create(out, r); !errors.Is(err, ErrSameFile) {
			t.Errorf("%s: %v", out, err)
		}
	}
	for _, out := range []string{dir, "/dev/null", filepath.Join(dir, "none", "out.mp4")} {
		if _, err := Create(out, r); err == nil {
			t.Errorf("%s was taken", out)
		}
	}
	if after, err := os.ReadFile(in); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the input changed: %v", err)
	}
}

func copyFile(t testing.TB, from, to string) {
	t.Helper()
	b, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, b, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Until Commit there is no output, and after Abort or an error nothing else.
func TestNothingIsLeftBehind(t *testing.T) {
	in := clip(t, "plain")
	for _, c := range []struct {
		name string
		do   func(w *Writer, all []Sample) error
		want error
	}{
		{"abort", func(w *Writer, all []Sample) error {
			err := w.Write(all[0].NALUs, true, all[0].Timing)
			w.Abort()
			return err
		}, nil},
		{"commit after abort", func(w *Writer, _ []Sample) error { w.Abort(); return w.Commit() }, errAny},
		{"nothing written", func(w *Writer, _ []Sample) error { return w.Commit() }, errAny},
		{"no keyframe", func(w *Writer, all []Sample) error { return w.Write(all[1].NALUs, false, all[1].Timing) }, errAny},
		{"order", func(w *Writer, all []Sample) error {
			_ = w.Write(all[0].NALUs, true, Timing{CTS: 5})
			_ = w.Write(all[1].NALUs, false, Timing{CTS: 4})
			return w.Commit()
		}, ErrOrder},
		{"gap", func(w *Writer, all []Sample) error {
			_ = w.Write(all[0].NALUs, true, Timing{})
			return w.Write(all[1].NALUs, false, Timing{CTS: 1 << 40})
		}, ErrOrder},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			r, err := Open(in)
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			w, err := Create(filepath.Join(dir, "out.mp4"), r)
			if err != nil {
				t.Fatal(err)
			}
			if stat, err := w.tmp.Stat(); err != nil || stat.Mode().Perm() != 0o600 {
				t.Errorf("temporary file: %v, %v", stat.Mode(), err)
			}
			err = c.do(w, readAll(t, r))
			if c.want == nil && err != nil || c.want == errAny && err == nil || c.want != errAny && !errors.Is(err, c.want) {
				t.Errorf("error %v", err)
			}
			w.Abort()
			if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
				t.Errorf("left behind: %v, %v", left, err)
			}
		})
	}
}

var errAny = errors.New("any")

// Commit replaces what is there, also behind a link, and gives it its mode.
func TestCommitReplaces(t *testing.T) {
	dir := t.TempDir()
	out, link := filepath.Join(dir, "out.mp4"), filepath.Join(dir, "link.mp4")
	if err := os.WriteFile(out, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("out.mp4", link); err != nil {
		t.Fatal(err)
	}
	remux(t, clip(t, "plain"), link)
	stat, err := os.Lstat(out)
	if err != nil || stat.Mode() != 0o644 || stat.Size() < 1000 {
		t.Errorf("output %v, %v", stat, err)
	}
	if stat, err := os.Lstat(link); err != nil || stat.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v, %v", stat, err)
	}
}

// Timings give back what they got, once, and do not grow without bound.
func TestTimings(t *testing.T) {
	var times Timings
	for k := range uint64(maxTimings) {
		if err := times.Put(k, Timing{CTS: int64(k)}); err != nil {
			t.Fatal(err)
		}
	}
	if times.Put(maxTimings, Timing{}) == nil {
		t.Error("one too many was taken")
	}
	if got, ok := times.Take(7); !ok || got.CTS != 7 {
		t.Errorf("%v, %v", got, ok)
	}
	if _, ok := times.Take(7); ok {
		t.Error("given twice")
	}
}
