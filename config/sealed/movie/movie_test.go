package movie

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"
	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h265"
	"github.com/bluenviron/mediacommon/v2/pkg/formats/fmp4"
	"github.com/bluenviron/mediacommon/v2/pkg/formats/mp4"

	"github.com/bauta-gateway/bauta/config/sealed"
	"github.com/bauta-gateway/bauta/hardware/clips"
	"github.com/bauta-gateway/bauta/hardware/media"
)

var start = time.Date(2026, 11, 30, 8, 0, 0, 0, time.UTC)

// encoded has ffmpeg make access units of a clip, as a camera would send them.
func encoded(t *testing.T, args ...string) []media.Raw {
	t.Helper()
	file := filepath.Join(t.TempDir(), "in.mp4")
	all := append([]string{"-v", "error", "-i", clips.Path(t, "closeup_480.mp4"), "-an", "-t", "4"}, args...)
	all = append(all, "-movflags", "frag_keyframe+empty_moov+default_base_moof+negative_cts_offsets", "-video_track_timescale", "90000", file)
	if out, err := exec.Command("ffmpeg", all...).CombinedOutput(); err != nil {
		t.Fatalf("ffmpeg: %v\n%s", err, out)
	}
	units := read(t, file)
	if len(units) < 20 {
		t.Fatalf("only %d access units", len(units))
	}
	return units
}

// read takes a fragmented MP4 apart. Parameter sets of the header go before each keyframe
// that has none, as they do with cameras.
func read(t *testing.T, file string) (units []media.Raw) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var init fmp4.Init
	if err := init.Unmarshal(bytes.NewReader(b)); err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(b, []byte("moof")) - 4
	var parts fmp4.Parts
	if err := parts.Unmarshal(b[at:]); err != nil {
		t.Fatal(err)
	}
	for _, p := range parts {
		for _, track := range p.Tracks {
			dts := int64(track.BaseTime)
			for _, s := range track.Samples {
				u := unit(t, init.Tracks[0].Codec, s)
				u.PTS = media.Ticks90k(dts + int64(s.PTSOffset))
				dts += int64(s.Duration)
				units = append(units, u)
			}
		}
	}
	return units
}

func unit(t *testing.T, codec mp4.Codec, s *fmp4.Sample) media.Raw {
	t.Helper()
	var u media.Raw
	var sets [][]byte
	switch c := codec.(type) {
	case *mp4.CodecMJPEG:
		return media.Raw{Codec: media.MJPEG, Keyframe: true, NALUs: [][]byte{s.Payload}}
	case *mp4.CodecH264:
		u.Codec, sets = media.H264, [][]byte{c.SPS, c.PPS}
	case *mp4.CodecH265:
		u.Codec, sets = media.H265, [][]byte{c.VPS, c.SPS, c.PPS}
	}
	nalus, err := s.GetH264()
	if err != nil {
		t.Fatal(err)
	}
	if u.Keyframe = h264.IsRandomAccess(nalus); u.Codec == media.H265 {
		u.Keyframe = h265.IsRandomAccess(nalus)
	}
	if u.Keyframe && !bytes.Equal(nalus[0], sets[0]) {
		nalus = append(sets, nalus...)
	}
	u.NALUs = nalus
	return u
}

// plays has ffmpeg decode each frame.
func plays(t *testing.T, file string, frames int) {
	t.Helper()
	out, err := exec.Command("ffmpeg", "-v", "error", "-xerror", "-i", file, "-f", "null", "-").CombinedOutput()
	if err != nil || len(out) > 0 {
		t.Errorf("ffmpeg plays %s: %v\n%s", filepath.Base(file), err, out)
	}
	out, err = exec.Command("ffprobe", "-v", "error", "-count_frames", "-show_entries", "stream=nb_read_frames", "-of", "csv=p=0", file).Output()
	if got := strings.Trim(string(out), ", \n"); err != nil || got != strconv.Itoa(frames) {
		t.Errorf("%s has %s frames, want %d; %v", filepath.Base(file), got, frames, err)
	}
}

func written(t *testing.T, write func(w *Writer)) []string {
	t.Helper()
	w, err := Create(filepath.Join(t.TempDir(), "out.mp4"))
	if err != nil {
		t.Fatal(err)
	}
	write(w)
	files, err := w.Close()
	if err != nil {
		t.Fatal(err)
	}
	all, err := os.ReadDir(filepath.Dir(w.path))
	if err != nil || len(all) != len(files) {
		t.Errorf("%v are there, %v", all, err)
	}
	for _, name := range files {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v", info.Mode(), err)
		}
	}
	return files
}

func put(t *testing.T, w *Writer, units []media.Raw, from time.Time) {
	t.Helper()
	for _, u := range units {
		if err := w.Write(u, from.Add((u.PTS - units[0].PTS).Duration())); err != nil {
			t.Fatal(err)
		}
	}
}

func sameUnits(t *testing.T, got, want []media.Raw) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d access units, want %d", len(got), len(want))
	}
	for i := range got {
		if !bytes.Equal(bytes.Join(got[i].NALUs, []byte{0, 0, 1}), bytes.Join(want[i].NALUs, []byte{0, 0, 1})) || got[i].Keyframe != want[i].Keyframe {
			t.Fatalf("access unit %d is another", i)
		}
		if d := got[i].PTS - got[0].PTS - (want[i].PTS - want[0].PTS); d != 0 {
			t.Fatalf("access unit %d is shown %d ticks late", i, d)
		}
	}
}

var kinds = map[string][]string{
	"H264":             {"-c:v", "copy"},
	"H264 reordered":   {"-c:v", "libx264", "-bf", "3", "-g", "25"},
	"H264 open groups": {"-c:v", "libx264", "-bf", "3", "-g", "25", "-x264-params", "open-gop=1"},
	"H265":             {"-c:v", "libx265", "-x265-params", "log-level=none", "-g", "25"},
	"MJPEG":            {"-c:v", "mjpeg", "-q:v", "5"},
}

// What was sealed plays, at its times, and is what it was, bit for bit.
func TestEachCodec(t *testing.T) {
	for name, args := range kinds {
		t.Run(name, func(t *testing.T) {
			units := encoded(t, args...)
			files := written(t, func(w *Writer) { put(t, w, units, start) })
			if len(files) != 1 {
				t.Fatal(files)
			}
			sameUnits(t, read(t, files[0]), units)
			plays(t, files[0], len(units))
		})
	}
}

// A camera that was connected anew counts from 0 again, and has another size: another file.
// One that only counts anew stays in the file, as much later as it was.
func TestRestarts(t *testing.T) {
	a := encoded(t, "-c:v", "libx264", "-g", "25")
	b := encoded(t, "-c:v", "libx264", "-g", "25", "-vf", "scale=320:240")
	files := written(t, func(w *Writer) {
		put(t, w, a, start)
		put(t, w, a, start.Add(time.Minute))
		put(t, w, b, start.Add(2*time.Minute))
		put(t, w, a, start.Add(time.Minute)) // the gateway's clock was set back
	})
	if len(files) != 3 || filepath.Base(files[1]) != "out-2.mp4" || filepath.Base(files[2]) != "out-3.mp4" {
		t.Fatal(files)
	}
	plays(t, files[0], 2*len(a))
	plays(t, files[1], len(b))
	plays(t, files[2], len(a))
	got := read(t, files[0])
	if d := (got[len(a)].PTS - got[0].PTS).Duration(); d.Round(time.Second) != time.Minute {
		t.Errorf("the second part begins after %v", d)
	}
	sameUnits(t, got[:len(a)], a)
	sameUnits(t, got[len(a):], a)
}

func TestNothingIsReplaced(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out.mp4")
	if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Create(path); !errors.Is(err, fs.ErrExist) {
		t.Error(err)
	}
	if files := written(t, func(*Writer) {}); len(files) != 0 {
		t.Error(files)
	}
	written(t, func(w *Writer) {
		if err := w.Write(media.Raw{Codec: media.H264, NALUs: [][]byte{{0x41, 1}}}, start); err != nil || w.Undecodable != 1 {
			t.Errorf("%d, %v", w.Undecodable, err)
		}
	})
	w, err := Create(filepath.Join(t.TempDir(), "out.mp4"))
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(media.Raw{Codec: media.H264, Keyframe: true, NALUs: [][]byte{{0x65, 1}}}, start); err == nil {
		t.Error("a keyframe without parameter sets")
	}
	w.Abort()
}

// frames are MJPEG, of which each can stand alone: what is chosen shows by their number.
func frames(t *testing.T, n int) (all []media.Raw) {
	t.Helper()
	for i := range n {
		var b bytes.Buffer
		if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 16, 16)), nil); err != nil {
			t.Fatal(err)
		}
		all = append(all, media.Raw{Codec: media.MJPEG, Keyframe: i%10 == 0, NALUs: [][]byte{b.Bytes()}, PTS: media.Ticks90k(i * 9000)})
	}
	return all
}

// sealedIn puts the units of a segment each into a folder.
func sealedIn(t *testing.T, segments ...[]media.Raw) (string, [sealed.Groups]*age.X25519Identity) {
	t.Helper()
	dir := t.TempDir()
	var keys sealed.Keys
	var ids [sealed.Groups]*age.X25519Identity
	for i := range keys {
		id, err := age.GenerateX25519Identity()
		if err != nil {
			t.Fatal(err)
		}
		ids[i], keys[i].Holders = id, []sealed.Holder{{Label: fmt.Sprint(i), Key: id.Recipient().String()}}
	}
	at := start
	for i, units := range segments {
		name := filepath.Join(dir, filepath.FromSlash(sealed.Path("gate", uint64(i+1))))
		os.MkdirAll(filepath.Dir(name), 0o700)
		f, err := os.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		w, err := sealed.NewWriter(f, sealed.Header{Camera: "gate", Sequence: uint64(i + 1), Start: at}, keys)
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range units {
			if err := w.Write(u); err != nil {
				t.Fatal(err)
			}
		}
		length := (units[len(units)-1].PTS - units[0].PTS).Duration() + 100*time.Millisecond
		if _, _, err := w.Close(sealed.Trailer{Length: length.Milliseconds(), Units: len(units), End: sealed.EndFull}); err != nil {
			t.Fatal(err)
		}
		f.Close()
		at = at.Add(length)
	}
	return dir, ids
}

func sharesOf(t *testing.T, dir string, ids ...*age.X25519Identity) (all []sealed.Share) {
	t.Helper()
	seqs, err := sealed.Sequences(os.DirFS(dir), "gate")
	if err != nil {
		t.Fatal(err)
	}
	for _, seq := range seqs {
		f, err := sealed.Open(os.DirFS(dir), "gate", seq)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range ids {
			s, err := sealed.ShareOf(f.Header, f.Body(f), id)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, s)
		}
		f.Close()
	}
	return all
}

// Of the segments come the frames of the stretch, those before it that a decoder needs, and
// no more; and of damaged ones it is said that they are.
func TestExport(t *testing.T) {
	all := frames(t, 60) // six seconds, a keyframe each
	dir, ids := sealedIn(t, all[:30], all[30:])
	shares := sharesOf(t, dir, ids[0], ids[1])
	r := sealed.Request{Camera: "gate", From: start.Add(1550 * time.Millisecond), To: start.Add(4 * time.Second)}
	open := func(seq uint64) (sealed.File, error) { return sealed.Open(os.DirFS(dir), "gate", seq) }
	out := filepath.Join(t.TempDir(), "out.mp4")
	got, err := Export(out, r, []uint64{1, 2}, shares, open, nil)
	if err != nil || len(got.Files) != 1 || got.Units != 30 || got.Segments != 2 || !got.From.Equal(start.Add(time.Second)) || !got.To.Equal(start.Add(3900*time.Millisecond)) {
		t.Errorf("%+v, %v", got, err)
	}
	sameUnits(t, stripKeys(read(t, out)), stripKeys(all[10:40]))

	missing := func(seq uint64) (sealed.File, error) {
		if seq == 1 {
			return sealed.File{}, io.ErrUnexpectedEOF
		}
		return open(seq)
	}
	got, err = Export(filepath.Join(t.TempDir(), "out.mp4"), r, []uint64{1, 2}, shares, missing, nil)
	if err != nil || got.Units != 10 || len(got.Skipped) != 1 || got.Skipped[0].Sequence != 1 {
		t.Errorf("with one segment missing: %+v, %v", got, err)
	}
	alone := filepath.Join(t.TempDir(), "out.mp4")
	if _, err := Export(alone, r, []uint64{1, 2}, sharesOf(t, dir, ids[0]), open, nil); !errors.Is(err, sealed.ErrShares) {
		t.Errorf("one group alone: %v", err)
	}
	if all, _ := os.ReadDir(filepath.Dir(alone)); len(all) != 0 {
		t.Errorf("%v is left", all)
	}
	r.Camera = "hall"
	if _, err := Export(alone, r, []uint64{1}, shares, open, nil); !errors.Is(err, sealed.ErrRequest) {
		t.Errorf("another camera: %v", err)
	}
}

// stripKeys has all be keyframes, as MJPEG in a file is.
func stripKeys(units []media.Raw) (all []media.Raw) {
	for _, u := range units {
		u.Keyframe = true
		all = append(all, u)
	}
	return all
}
