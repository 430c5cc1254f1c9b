package bind

import (
	"testing"

	"github.com/bauta-gateway/bauta/detector/track"
)

// smaller is a face half as large as person's.
func smaller(id int, x, y float32) Face {
	return Face{ID: id, Box: track.Box{X: x - 25, Y: y - 30, W: 50, H: 60}, Sure: true, Found: true}
}

// Somebody else's face that comes into the place of a wearer's, above the badge, and rests
// there is not shown, on whichever track it is. The wearer is known again by the passes, by a
// walk with the badge, or where nobody else was in view.
func TestWhoTookAWearersPlaceIsNotShown(t *testing.T) {
	const leave, back = 40, 60
	for name, c := range map[string]struct {
		id    int  // of the face that is there then
		alone bool // nobody else is in view
		again func(n int, f Face) (Face, []Marker)
		shown bool
	}{
		"alone, another track rests":  {2, true, func(_ int, f Face) (Face, []Marker) { return f, []Marker{chestOf(7, f)} }, true},
		"alone, the same track rests": {1, true, func(_ int, f Face) (Face, []Marker) { return f, []Marker{chestOf(7, f)} }, true},
		"alone, the same track changes and rests": {1, true, func(n int, f Face) (Face, []Marker) {
			f.Changed = n == back
			return f, []Marker{chestOf(7, f)}
		}, false},
		"another track rests": {2, false, func(_ int, f Face) (Face, []Marker) { return f, []Marker{chestOf(7, f)} }, false},
		"the same track is missed and rests": {1, false, func(n int, f Face) (Face, []Marker) {
			f.Missed = n == back
			return f, []Marker{chestOf(7, f)}
		}, false},
		"a face that looks like the wearer's": {2, false, func(_ int, f Face) (Face, []Marker) {
			f.Like = 7
			return f, []Marker{chestOf(7, f)}
		}, true},
		"a face that looks like another wearer's": {2, false, func(_ int, f Face) (Face, []Marker) {
			f.Like = 9
			return f, []Marker{chestOf(7, f)}
		}, false},
		"a face that walks with the badge": {2, false, func(n int, f Face) (Face, []Marker) {
			f.Box = f.Box.Move(float32(10*(n-back)), 0)
			return f, []Marker{chestOf(7, f)}
		}, true},
	} {
		shown := 0
		for n, m := range play(new(Binder), 140, 5, func(n int) ([]Face, []Marker) {
			f := person(1, 300, 300)
			others := []Face{person(3, 1500, 300)}
			if c.alone {
				others = nil
			}
			switch {
			case n < leave:
				return append(others, f), []Marker{chestOf(7, f)}
			case n < back && c.id == 1:
				return append(others, f), nil
			case n < back:
				return others, nil
			}
			f.ID = c.id
			f, markers := c.again(n, f)
			return append(others, f), markers
		}) {
			if n >= back && m[c.id] != 0 {
				shown++
			}
			if n == leave-8 && m[1] != 7 {
				t.Fatalf("%s: the wearer is not shown at first", name)
			}
		}
		if (shown > 0) != c.shown {
			t.Errorf("%s: shown in %d frames", name, shown)
		}
	}
}

// A badge that goes from one to another in view shows neither for ten seconds, even
// if it was out of sight on the way; after that it shows who walks with it.
func TestBadgeHandedOn(t *testing.T) {
	const gone, handed = 50, 150
	var first int
	for n, m := range play(new(Binder), handed+11*fps, 0, func(n int) ([]Face, []Marker) {
		f, g := person(1, 300, 300), person(2, 600, 300)
		switch {
		case n < gone:
			return []Face{f, g}, []Marker{chestOf(7, f)}
		case n < handed:
			return []Face{f, g}, nil
		}
		g.Box = g.Box.Move(float32(10*(n-handed)), 0)
		return []Face{f, g}, []Marker{chestOf(7, g)}
	}) {
		if m[2] != 0 && first == 0 {
			first = n
		}
		if n == gone && m[1] != 7 {
			t.Fatal("the first wearer is not shown")
		}
	}
	if first < handed+10*fps || first == 0 {
		t.Errorf("the second one is shown from frame %d, want %d at the earliest", first, handed+10*fps)
	}
}
