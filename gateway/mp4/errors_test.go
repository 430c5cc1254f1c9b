package mp4

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Each unusable file has its own error, which names the file and says what to do.
func TestOpenRefuses(t *testing.T) {
	for _, c := range []struct {
		name, args string
		want       error
		advice     string
	}{
		{"matroska", src(160, 120, 25) + " -frames:v 5 " + x264 + " .mkv", ErrNotMP4, "ffmpeg -i "},
		{"picture", src(160, 120, 25) + " -frames:v 1 .png", ErrNotMP4, "ffmpeg -i "},
		{"sound", "-f lavfi -i sine -t 0.2 -c:a aac .m4a", ErrNoVideo, "ffprobe "},
		{"mpeg4", src(160, 120, 25) + " -frames:v 5 -c:v mpeg4 .mp4", ErrCodec, "-c:v libx264"},
		{"prores", src(160, 120, 25) + " -frames:v 2 -c:v prores .mov", ErrCodec, "-c:v libx264"},
		{"encrypted", src(160, 120, 25) + " -frames:v 5 " + x264 + " -encryption_scheme cenc-aes-ctr -encryption_key 76a6c65c5ea762046bd749a2e632ccbb" +
			" -encryption_kid a7e61c373e219033c21091fa607bf3b8 .mp4", ErrEncrypted, "decrypt"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			clip(t, "plain") // ends the test without ffmpeg
			args := strings.Fields(c.args)
			path := filepath.Join(t.TempDir(), "in"+args[len(args)-1])
			args[len(args)-1] = path
			ffmpeg(t, args...)
			refused(t, path, c.want, c.advice)
		})
	}
}

func refused(t *testing.T, path string, want error, advice string) {
	t.Helper()
	r, err := Open(path)
	if err == nil {
		r.Close()
	}
	if !errors.Is(err, want) || !strings.Contains(err.Error(), advice) || !strings.HasPrefix(err.Error(), path) {
		t.Errorf("%v, want %v with %q", err, want, advice)
	}
}

func TestOpenRefusesBytes(t *testing.T) {
	frag, err := os.ReadFile(clip(t, "frag"))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := os.ReadFile(clip(t, "plain"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		b    []byte
		want error
	}{
		{"nothing", nil, ErrNotMP4},
		{"text", []byte("these are words and no video"), ErrNotMP4},
		{"no pictures", frag[:bytes.Index(frag, []byte("moof"))-4], ErrEmpty},
		{"no index", plain[:bytes.Index(plain, []byte("moov"))-4], ErrTruncated},
		{"zeros", make([]byte, 1000), ErrNotMP4},
	} {
		path := filepath.Join(t.TempDir(), "it's in.mp4")
		if err := os.WriteFile(path, c.b, 0o644); err != nil {
			t.Fatal(err)
		}
		t.Run(c.name, func(t *testing.T) { refused(t, path, c.want, "") })
	}
	if _, err := Open(t.TempDir()); err == nil {
		t.Error("a folder was opened")
	}
	if _, err := Open(filepath.Join(t.TempDir(), "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
}

// A file that is cut anywhere is refused, but for fragments that end where one
// ends; and whatever is read from it does not fail later.
func TestTruncated(t *testing.T) {
	for _, name := range []string{"plain", "negctts", "frag", "fragaudio"} {
		b, err := os.ReadFile(clip(t, name))
		if err != nil {
			t.Fatal(err)
		}
		random := rand.New(rand.NewPCG(1, 2))
		for range 150 {
			n := random.IntN(len(b))
			r, err := NewReader(bytes.NewReader(b[:n]), int64(n))
			switch {
			case err == nil && !r.Info().Fragmented && n < bytes.LastIndex(b, []byte("mdat")):
				t.Errorf("%s cut at %d of %d was taken", name, n, len(b))
			case err == nil:
				readAll(t, r)
			case !errors.Is(err, ErrTruncated) && !errors.Is(err, ErrEmpty) && !errors.Is(err, ErrNotMP4):
				t.Errorf("%s cut at %d: %v", name, n, err)
			}
		}
	}
}

// patch puts a value at a distance from a box's name.
func patch(b []byte, kind string, at int, v uint32) []byte {
	b = bytes.Clone(b)
	binary.BigEndian.PutUint32(b[bytes.Index(b, []byte(kind))+4+at:], v)
	return b
}

// Tables that lie are found out before anything is allocated for them.
func TestTablesLie(t *testing.T) {
	plain, err := os.ReadFile(clip(t, "plain"))
	if err != nil {
		t.Fatal(err)
	}
	frag, err := os.ReadFile(clip(t, "frag"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		b    []byte
	}{
		{"stsz count", patch(plain, "stsz", 8, 1<<31)},
		{"stsz constant size", patch(patch(plain, "stsz", 4, 1), "stsz", 8, 1<<32-1)},
		{"stsz one huge size", patch(plain, "stsz", 12, 1<<30)},
		{"stts count", patch(plain, "stts", 4, 1<<30)},
		{"stts duration", patch(plain, "stts", 12, 1<<31)},
		{"stsc begins late", patch(plain, "stsc", 8, 2)},
		{"stsc no entry", patch(plain, "stsc", 16, 7)},
		{"stsc endless", patch(plain, "stsc", 4, 1<<31)},
		{"stsc empty chunks", patch(plain, "stsc", 12, 0)},
		{"stco behind the end", patch(plain, "stco", 8, 1<<31)},
		{"stss count", patch(plain, "stss", 4, 1<<31)},
		{"timescale", patch(plain, "mdhd", 12, 0)},
		{"avcC box size", patch(plain, "avcC", -8, 1<<31)},
		{"elst count", patch(plain, "elst", 4, 1<<31)},
		{"trun count", patch(frag, "trun", 4, 1<<31)},
		{"trun without rows", patch(patch(frag, "trun", 4, 1<<31), "trun", 0, 1)},
		{"trun data", patch(frag, "trun", 8, 1<<30)},
		{"tfhd base", patch(frag, "tfhd", 8, 1<<31)},
		{"traf size", patch(frag, "traf", -8, 1<<30)},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := NewReader(bytes.NewReader(c.b), int64(len(c.b))); !errors.Is(err, ErrCorrupt) && !errors.Is(err, ErrTruncated) {
				t.Errorf("error %v", err)
			}
		})
	}
}

// FuzzReader: whatever the bytes are, reading ends, and what was said at the
// opening holds.
func FuzzReader(f *testing.F) {
	for name, args := range map[string]string{
		"b":    "-c:v libx264 -bf 2 -b_strategy 0 .mp4",
		"h265": "-c:v libx265 -x265-params log-level=error .mp4",
		"jpeg": "-pix_fmt yuvj420p -c:v mjpeg .mp4",
		"mov":  "-vf setsar=2 -c:v libx264 -bf 0 -movflags write_colr .mov",
		"frag": "-f lavfi -i sine -t 0.2 -c:a aac -c:v libx264 -bf 1 -movflags frag_every_frame+empty_moov+omit_tfhd_offset .mp4",
		"dash": "-c:v libx264 -bf 0 -g 2 -movflags dash+frag_keyframe+delay_moov .mp4",
	} {
		path := filepath.Join(f.TempDir(), name+args[strings.LastIndex(args, "."):])
		clip(f, "plain") // ends the test without ffmpeg
		args = src(32, 32, 25) + " " + args[:strings.LastIndex(args, ".")] + " -frames:v 4"
		ffmpeg(f, append(strings.Fields(args), "-bitexact", "-map_metadata", "-1", path)...)
		b, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := NewReader(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return
		}
		i := r.Info()
		if i.Samples < 1 || i.Bytes > int64(len(b)) || i.Timescale == 0 {
			t.Fatalf("%+v of %d bytes", i, len(b))
		}
		for n := int64(0); ; n++ {
			s, err := r.Next()
			if errors.Is(err, io.EOF) {
				if n != i.Samples {
					t.Errorf("%d samples of %d", n, i.Samples)
				}
				return
			}
			if err != nil {
				if !errors.Is(err, ErrCorrupt) && !errors.Is(err, ErrDisagree) {
					t.Errorf("error %v", err)
				}
				return
			}
			if len(s.NALUs) == 0 || s.Raw().Size() == 0 {
				t.Errorf("sample %d is empty", n)
			}
		}
	})
}
