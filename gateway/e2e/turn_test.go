package e2e

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/gateway/redact"
	"github.com/bauta-gateway/bauta/gateway/worker/executable"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// setMatrix writes a display matrix's four figures that turn and mirror into the header of
// the file's only track.
func setMatrix(t *testing.T, path string, figures [4]int32) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(b, []byte("tkhd"))
	if at < 0 || b[at+4] != 0 {
		t.Fatal("no track header of version 0")
	}
	at += 44 // ISO/IEC 14496-12, 8.3.2
	for i, where := range []int{0, 4, 12, 16} {
		binary.BigEndian.PutUint32(b[at+where:], uint32(figures[i]<<16))
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// matrixOf turns clockwise by quarter turns, after a mirror image where mirrored.
func matrixOf(turn int, mirrored bool) [4]int32 {
	m := [][4]int32{{1, 0, 0, 1}, {0, 1, -1, 0}, {-1, 0, 0, -1}, {0, -1, 1, 0}}[turn]
	if mirrored {
		m[0], m[1] = -m[0], -m[1]
	}
	return m
}

// recorded puts a program in the place of the worker that writes down what the real one,
// which it starts, is sent. sent returns all of one kind so far.
func recorded(t *testing.T, workerPath *string) (sent func(wire.Kind) [][]byte) {
	t.Helper()
	dir := t.TempDir()
	script, log := filepath.Join(dir, executable.Name), filepath.Join(dir, "sent")
	real, err := filepath.Abs(*workerPath)
	if err != nil {
		t.Fatal(err)
	}
	program := fmt.Sprintf("#!/bin/sh\n/usr/bin/tee '%s' <&3 | exec '%s' 3<&0\n", log, real)
	if err := os.WriteFile(script, []byte(program), 0o755); err != nil {
		t.Fatal(err)
	}
	*workerPath = script
	return func(kind wire.Kind) (bodies [][]byte) {
		t.Helper()
		f, err := os.Open(log)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for r := wire.NewReader(f); ; {
			k, body, err := r.Next()
			if err != nil { // the end, or what is being written now
				return bodies
			}
			if k == kind {
				bodies = append(bodies, bytes.Clone(body))
			}
		}
	}
}

// walksIn is how many frames of the demo's clip show how somebody walks in. Whoever is found
// only by looks at other turns is bare in the first of them.
const walksIn = 36

// A file's display matrix reaches the worker, whichever of the eight it is: faces
// are masked from their first frame on, and the file comes out turned as it went in.
func TestE2ERedactHandsTheMatrixOn(t *testing.T) {
	// With other files: nothing in it waits for the clock.
	t.Parallel()
	for turn := range 4 {
		for _, mirrored := range []bool{false, true} {
			c := lying(t, []part{{count: walksIn, turn: turn, mirrored: mirrored}})
			setMatrix(t, c.path, matrixOf(turn, mirrored))
			o := redactOptions(t, c.path)
			sent := recorded(t, &o.Parts.Path)
			if _, err := redact.File(t.Context(), o); err != nil {
				t.Fatal(err)
			}
			var hello wire.Hello
			if err := wire.UnmarshalJSONBody(sent(wire.KindHello)[0], &hello); err != nil {
				t.Fatal(err)
			}
			up := turn
			if mirrored { // the edge that is up lies on the other side
				up = (4 - turn) % 4
			}
			if hello.Shape.Turn != up {
				t.Errorf("turn %d, mirrored %v: the worker is told %d", turn, mirrored, hello.Shape.Turn)
			}
			before, _ := times(t, c.path)
			after, _ := times(t, o.Out)
			if after.Orientation() != before.Orientation() {
				t.Errorf("turn %d, mirrored %v: shown as %+v, was %+v", turn, mirrored, after.Orientation(), before.Orientation())
			}
			if shown, all := c.leaks(t, o.Out); all < 20 || lastOf(shown) >= 0 {
				t.Errorf("turn %d, mirrored %v: of %d faces bare, by picture: %v", turn, mirrored, all, shown)
			}
		}
	}
}

// What a stream says of itself, or who mounted the camera, has the same effect.
func TestE2ELyingStreamIsMaskedAtOnce(t *testing.T) {
	for name, c := range map[string]struct {
		turn     int
		message  []string
		mounting media.Mounting
	}{
		"said by the stream": {3, []string{"-bsf:v", "h264_metadata=display_orientation=insert:rotate=90"}, ""},
		"mounted":            {1, nil, "90"},
		"mounted upside down, the stream says otherwise": {2, []string{"-bsf:v", "h264_metadata=display_orientation=insert:rotate=90"}, "180"},
	} {
		clip := lying(t, []part{{count: walksIn, turn: c.turn}}, c.message...)
		o := redactOptions(t, clip.path)
		o.Settings.Mounting = c.mounting
		if _, err := redact.File(t.Context(), o); err != nil {
			t.Fatal(err)
		}
		if before, after := rotation(t, clip.path), rotation(t, o.Out); after != before || (before == "") != (c.message == nil) {
			t.Errorf("%s: shown turned by %q, was %q", name, after, before)
		}
		if shown, all := clip.leaks(t, o.Out); all < 20 || lastOf(shown) >= 0 {
			t.Errorf("%s: of %d faces bare, by picture: %v", name, all, shown)
		}
	}
}

// rotation is what the first frame of a file says of how it is shown; empty: nothing.
func rotation(t *testing.T, path string) string {
	t.Helper()
	need(t, "ffprobe")
	out, err := exec.CommandContext(t.Context(), "ffprobe", "-v", "error", "-read_intervals", "%+#1", "-show_entries", "frame_side_data=rotation", "-of", "csv=p=0", path).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Trim(strings.TrimSpace(string(out)), ",")
}

// patrol is how many seconds after somebody comes the other turns were all looked at.
const patrol = 3.5

// A wrong mounting leaves nobody bare for long: the other turns are looked at now and then.
func TestE2EWrongMounting(t *testing.T) {
	// With other files: nothing in it waits for the clock.
	t.Parallel()
	for _, c := range []struct {
		turn     int
		mounting media.Mounting
	}{{1, "0"}, {2, "90"}, {3, "180"}, {0, "270"}} {
		clip := lying(t, []part{{count: 120, turn: c.turn}})
		o := redactOptions(t, clip.path)
		o.Settings.Mounting = c.mounting
		if _, err := redact.File(t.Context(), o); err != nil {
			t.Fatal(err)
		}
		came := 0
		for len(clip.faces[came]) == 0 {
			came++
		}
		shown, all := clip.leaks(t, o.Out)
		seconds := float64(max(0, lastOf(shown)+1-came)) / rate
		t.Logf("turn %d, mounted %s: the last bare face %.2f s after somebody came", c.turn, c.mounting, seconds)
		if all < 150 || seconds > patrol {
			t.Errorf("turn %d, mounted %s: of %d faces bare, by picture: %v", c.turn, c.mounting, all, shown)
		}
	}
}
