package e2e

import (
	"fmt"
	"testing"

	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/redact"
)

// within is how many seconds of frames after a camera was turned all faces are masked again.
const within = 1.0

// A camera that is turned in the middle of a recording: nobody is bare for longer than a second.
func TestE2ETurnedInARecording(t *testing.T) {
	// With other files: nothing in it waits for the clock.
	t.Parallel()
	for _, from := range []int{28, 150} { // three people, and two of whom one walks in
		for _, turn := range []int{1, 2, 3} {
			const before, after = 40, 45
			c := lying(t, []part{{from: from, count: before, side: 480}, {from: from + before, count: after, turn: turn, side: 480}})
			o := redactOptions(t, c.path)
			if _, err := redact.File(t.Context(), o); err != nil {
				t.Fatal(err)
			}
			shown, all := c.leaks(t, o.Out)
			seconds := float64(max(0, lastOf(shown)+1-before)) / rate
			t.Logf("from picture %d, turned by %d: the last bare face %.2f s after", from, 90*turn, seconds)
			if all < 100 || lastOf(shown[:before]) >= 0 || seconds > within {
				t.Errorf("from picture %d, turned by %d: of %d faces bare, by picture: %v", from, 90*turn, all, shown)
			}
		}
	}
}

// A camera that is turned and turned back every three seconds is masked each time.
func TestE2ETurnedAgainAndAgain(t *testing.T) {
	var parts []part
	for i := range 6 {
		parts = append(parts, part{from: 150 + i%2*(hangs-10), count: hangs, turn: i % 2, side: 480})
	}
	c := lying(t, parts)
	o := redactOptions(t, c.path)
	if _, err := redact.File(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	shown, all := c.leaks(t, o.Out)
	for i := range parts {
		if seconds := float64(lastOf(shown[i*hangs:(i+1)*hangs])+1) / rate; seconds > within {
			t.Errorf("part %d: the last bare face %.2f s after its turn", i, seconds)
		}
	}
	if all < 300 {
		t.Errorf("only %d faces to judge", all)
	}
}

// hangs is how many frames long a camera hangs one way before it is turned.
const hangs = 60

// A camera that is turned and turned back while it runs: no viewer sees a bare face for longer
// than a second of frames.
func TestE2ECameraIsTurnedWhileRunning(t *testing.T) {
	want := 4
	if long() {
		want = 6
	}
	for _, turn := range []int{1, 2} {
		t.Run(fmt.Sprint(90*turn), func(t *testing.T) {
			c := lying(t, []part{{from: 150, count: hangs, side: 480}, {from: 150 + hangs, count: hangs, turn: turn, side: 480}})
			g, client := start(t, gateway.Options{Config: realSettings(t)})
			c.play(t, client, api.NewCamera{Name: "hall"})
			awaitMasking(t, g, "hall")
			seen := c.watch(t, viewer(t, g).URLs[0], func(s []liveFrame) bool { return whole(turnings(s)) >= want-2 })
			runs := turnings(seen)
			for _, r := range runs[1 : len(runs)-1] { // the first and the last are not whole
				seconds := float64(r.bare) / rate
				t.Logf("turned at picture %d: the last bare face %.2f s after, of %d in %d pictures", r.from, seconds, r.faces, r.frames)
				if seconds > within {
					t.Errorf("turned at picture %d: the last of %d faces is bare %.2f s after", r.from, r.faces, seconds)
				}
			}
		})
	}
}

// turning is a run of frames between two turns of the camera.
type turning struct {
	from, frames, faces int
	bare                int // frames until none shows a bare face any more
}

// whole counts the runs that a viewer saw enough of; the first and the last are not whole.
// A busy host shows the slate, or all of a frame blurred, for parts of one.
func whole(runs []turning) (n int) {
	for i, r := range runs {
		if i > 0 && i < len(runs)-1 && r.faces >= 40 {
			n++
		}
	}
	return n
}

// turnings takes what a viewer got apart where the camera was turned.
func turnings(seen []liveFrame) (runs []turning) {
	for i, p := range seen {
		from := p.number / hangs * hangs
		if i == 0 || from != runs[len(runs)-1].from {
			runs = append(runs, turning{from: from})
		}
		r := &runs[len(runs)-1]
		r.frames, r.faces = r.frames+1, r.faces+p.faces
		if p.bare > 0 {
			r.bare = p.number + 1 - from
		}
	}
	return runs
}
