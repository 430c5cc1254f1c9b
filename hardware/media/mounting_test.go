package media

import "testing"

func TestMountingTurn(t *testing.T) {
	for m, want := range map[Mounting]struct {
		turn int
		said bool
	}{"": {0, false}, "auto": {0, false}, "0": {0, true}, "90": {1, true}, "180": {2, true}, "270": {3, true}, "45": {0, false}} {
		if turn, said := m.Turn(); turn != want.turn || said != want.said {
			t.Errorf("%q: turn %d, %v", m, turn, said)
		}
	}
}
