package pipeline

import "testing"

// However slowly somebody comes in from the side: as soon as there is enough of
// the face to see whose it is, it is masked.
func TestWhoComesInIsMasked(t *testing.T) {
	for name, actors := range map[string][]actor{
		"from the left":         {{head: "beard", body: true, at: walk(-70, 3, 130, 0)}},
		"from the right":        {{head: "beard", body: true, at: walk(1030, -3, 130, 0)}},
		"slower from the right": {{head: "phone", body: true, at: walk(1020, -2, 130, 0)}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := runClip(t, actors, 75, defaults, nil)
			if f.visible[0] > 0 || f.measured[0] < 10 {
				t.Errorf("the face is visible in %d of %d frames, first in %d", f.visible[0], f.measured[0], f.first[0])
			}
		})
	}
}
