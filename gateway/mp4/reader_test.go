package mp4

import (
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
)

func readAll(t testing.TB, r *Reader) []Sample {
	t.Helper()
	var all []Sample
	for {
		s, err := r.Next()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
}

func names() []string {
	n := slices.Concat(slices.Collect(maps.Keys(recipes)), slices.Collect(maps.Keys(derived)))
	slices.Sort(n)
	return n
}

// What the reader says of time must be what ffmpeg presents.
func TestReaderAgreesWithFFmpeg(t *testing.T) {
	for _, name := range names() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := clip(t, name)
			r, err := Open(path)
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			want, got := probe(t, path), readAll(t, r)
			i := r.Info()
			t.Logf("%+v", i)
			s := want.Streams[0]
			if s.Width != i.Width || s.Height != i.Height || s.TimeBase != "1/"+itoa(int64(i.Timescale)) {
				t.Errorf("%dx%d at %d, ffprobe %dx%d at %s", i.Width, i.Height, i.Timescale, s.Width, s.Height, s.TimeBase)
			}
			if s.NBFrames != itoa(i.Samples) && !i.Fragmented {
				t.Errorf("%d samples, ffprobe %s", i.Samples, s.NBFrames)
			}
			if int64(len(got)) != i.Samples {
				t.Errorf("%d samples read of %d", len(got), i.Samples)
			}
			k := 0
			for _, s := range got {
				if k < len(want.Packets) && want.Packets[k].PTS == s.PTS {
					if key := strings.HasPrefix(want.Packets[k].Flags, "K"); key != s.Sync {
						t.Errorf("sample %d: sync %v, ffprobe %s", s.Index, s.Sync, want.Packets[k].Flags)
					}
					k++
				}
			}
			if k != len(want.Packets) || (len(i.Edits) < 2 && k != len(got)) {
				t.Errorf("%d of %d packets found in %d samples; next %+v", k, len(want.Packets), len(got), want.Packets[min(k, len(want.Packets)-1)])
			}
		})
	}
}
