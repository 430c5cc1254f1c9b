package e2e

import (
	"image"
	"io"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/leak"
	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/consent/consenttest"
	"github.com/bauta-gateway/bauta/gateway/redact"
	"github.com/bauta-gateway/bauta/hardware/clips"
)

// dated is a copy of a clip whose header says when it was recorded, as ffmpeg
// writes it; "" says nothing.
func dated(t *testing.T, clip, at string) string {
	t.Helper()
	need(t, "ffmpeg")
	out := filepath.Join(t.TempDir(), "recorded.mp4")
	args := []string{"-v", "error", "-i", clip, "-map", "0:v:0", "-c", "copy", "-map_metadata", "-1"}
	if at != "" {
		args = append(args, "-metadata", "creation_time="+at)
	}
	if b, err := exec.Command("ffmpeg", append(args, out)...).CombinedOutput(); err != nil {
		t.Fatalf("ffmpeg: %v: %s", err, b)
	}
	return out
}

// parts of a clip: before what a token covers, in it, and behind it.
type parts [3]int

// seenIn counts the frames in which the badge's wearer could be seen, and those
// in which they are, in each part of a clip; part says which one a frame is in.
func seenIn(t *testing.T, source, output string, badge int, part func(n int) int) (evaluated, seen parts) {
	t.Helper()
	truth := clips.TruthOf(t, source)
	size := image.Rect(0, 0, truth.Width, truth.Height)
	a, b := luma(t, source), luma(t, output)
	src, out := image.NewGray(size), image.NewGray(size)
	for n, faces := range truth.Frames {
		for r, into := range map[io.Reader][]byte{a: src.Pix, b: out.Pix} {
			if _, err := io.ReadFull(r, into); err != nil {
				t.Fatalf("picture %d: %v", n, err)
			}
		}
		for _, f := range faces {
			if d, ok := leak.Detail(src, out, box(f)); ok && f.Badge == badge && f.W >= leak.MinWidth {
				if evaluated[part(n)]++; d > leak.Threshold {
					seen[part(n)]++
				}
			}
		}
	}
	return evaluated, seen
}

func timeOf(truth clips.Truth, n int) time.Duration {
	return time.Duration(float64(n) / truth.FPS * float64(time.Second))
}

// middleOf is from soon after a badge's wearer comes until they are there for a while more.
func middleOf(t *testing.T, truth clips.Truth, badge int) (from, to time.Duration) {
	t.Helper()
	var in []int
	for n, faces := range truth.Frames {
		for _, f := range faces {
			if f.Badge == badge && f.W >= leak.MinWidth {
				in = append(in, n)
			}
		}
	}
	if len(in) < 10 {
		t.Fatalf("badge %d is in %d pictures", badge, len(in))
	}
	return timeOf(truth, in[len(in)/10]).Truncate(time.Second), timeOf(truth, in[len(in)*7/10]).Truncate(time.Second) // as tokens count
}

// The time of each frame decides: a clip that begins before what the token
// covers and runs past it shows the person in between alone. Where nobody knows
// the clip's time, or two sources disagree, it shows nobody.
func TestE2ERecordingAndFootage(t *testing.T) {
	source := badgesClip(t)
	truth := clips.TruthOf(t, source)
	from, to := middleOf(t, truth, 7)
	part := func(n int) int {
		switch at := timeOf(truth, n); {
		case at < from:
			return 0
		case at < to:
			return 1
		}
		return 2
	}
	begin := recordedAt.In(time.FixedZone("", 8*3600)) // a header's time zone is heeded
	stamped, bare := dated(t, source, begin.Format(time.RFC3339)), dated(t, source, "")
	cases := []struct {
		what  string
		file  string
		given time.Time
		code  string
	}{
		{"the file's time", stamped, time.Time{}, ""},
		{"a person's word", bare, recordedAt, ""},
		{"no time", bare, time.Time{}, "film_time_unknown"},
		{"a person moves the film", stamped, recordedAt.Add(2 * time.Minute), "film_time_disputed"},
		{"a header of a time to come", dated(t, source, "2039-01-01T00:00:00Z"), time.Time{}, "film_time_unknown"},
		{"film of another hour", dated(t, source, begin.Add(time.Hour).Format(time.RFC3339)), time.Time{}, "outside_footage"},
	}
	if !long() {
		cases = cases[:1] // what the others come to is tested without frames too
	}
	for _, c := range cases {
		raw := consenttest.Token(t, func(k *consent.Token) {
			inRedact(k)
			k.Purpose, k.Footage = consent.SubjectAccess, consent.Footage{From: recordedAt.Add(from), To: recordedAt.Add(to)}
		})
		j := fileTerms()
		j.Purpose = consent.SubjectAccess
		o := redactOptions(t, c.file)
		o.RecordedAt = c.given
		o.Consents = func(clip redact.Recording) *redact.Consents {
			return j.Evaluate(clip, []string{raw}, []string{"t.jwt"})
		}
		r, err := redact.File(t.Context(), o)
		if err != nil {
			t.Fatalf("%s: %v", c.what, err)
		}
		if len(r.Tokens) != 1 || r.Tokens[0].Code != c.code || r.Purpose != consent.SubjectAccess {
			t.Errorf("%s: the report says %+v", c.what, r.Tokens)
		}
		evaluated, seen := seenIn(t, source, o.Out, 7, part)
		t.Logf("%s: of %v pictures before, in and behind the span the wearer is seen in %v", c.what, evaluated, seen)
		if evaluated[0] == 0 || evaluated[2] == 0 || seen[0]+seen[2] > 0 || (seen[1] > 0) != (c.code == "") || (r.Shown > 0) != (c.code == "") {
			t.Errorf("%s: that is wrong; the report counts %d shown", c.what, r.Shown)
		}
	}
}
