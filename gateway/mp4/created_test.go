package mp4

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	box "github.com/abema/go-mp4"
)

// The header's time is read as the standard has it, in seconds since 1904, and what
// is no time is none.
func TestCreated(t *testing.T) {
	day := time.Date(2026, 5, 1, 8, 0, 0, 0, time.UTC)
	since1904 := uint64(day.Unix() - epoch.Unix())
	for _, c := range []struct {
		what    string
		version uint8
		seconds uint64
		want    time.Time
	}{
		{"short", 0, since1904, day},
		{"long", 1, since1904, day},
		{"zero", 0, 0, time.Time{}},
		{"long zero", 1, 0, time.Time{}},
		{"since 1970, as some write it", 0, uint64(day.Unix()), time.Unix(day.Unix()+epoch.Unix(), 0).UTC()},
		{"the last second", 0, math.MaxUint32, epoch.Add(math.MaxUint32 * time.Second)},
		{"beyond", 1, math.MaxUint32 + 1, time.Time{}},
		{"endless", 1, math.MaxUint64, time.Time{}},
	} {
		mvhd := box.Mvhd{FullBox: box.FullBox{Version: c.version}}
		if c.version == 0 {
			mvhd.CreationTimeV0 = uint32(c.seconds)
		} else {
			mvhd.CreationTimeV1 = c.seconds
		}
		if got := created(&mvhd); !got.Equal(c.want) {
			t.Errorf("%s: %v, want %v", c.what, got, c.want)
		}
	}
}

// A file's time is in its Info, and not in what is made of the file.
func TestCreatedIsReadAndNotWritten(t *testing.T) {
	plain, err := os.ReadFile(clip(t, "plain"))
	if err != nil {
		t.Fatal(err)
	}
	day := time.Date(2026, 5, 1, 8, 0, 0, 0, time.UTC)
	dated := patch(plain, "mvhd", 4, uint32(day.Unix()-epoch.Unix()))
	for _, c := range []struct {
		b    []byte
		want time.Time
	}{{plain, time.Time{}}, {dated, day}} {
		r, err := NewReader(bytes.NewReader(c.b), int64(len(c.b)))
		if err != nil || !r.Info().Created.Equal(c.want) {
			t.Errorf("%v, %v; want %v", r.Info().Created, err, c.want)
		}
	}
	in, out := filepath.Join(t.TempDir(), "in.mp4"), filepath.Join(t.TempDir(), "out.mp4")
	if err := os.WriteFile(in, dated, 0o600); err != nil {
		t.Fatal(err)
	}
	remux(t, in, out)
	r, err := Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if !r.Info().Created.IsZero() {
		t.Errorf("the copy says %v", r.Info().Created)
	}
}
