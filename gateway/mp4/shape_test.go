package mp4

import "testing"

var unity = [9]int32{1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30}

// matrix has its four figures that turn and mirror; see ISO/IEC 14496-12, 6.2.2.
func matrix(a, b, c, d int32) [9]int32 {
	return [9]int32{a << 16, b << 16, 0, c << 16, d << 16, 0, 0, 0, 1 << 30}
}

func TestTurn(t *testing.T) {
	for _, c := range []struct {
		track, movie [9]int32
		want         int
	}{
		{unity, unity, 0}, {matrix(-1, 0, 0, 1), unity, 0}, // mirrored
		{matrix(0, 1, -1, 0), unity, 1}, {matrix(0, 1, 1, 0), unity, 1},
		{matrix(-1, 0, 0, -1), unity, 2}, {matrix(1, 0, 0, -1), unity, 2},
		{matrix(0, -1, 1, 0), unity, 3}, {matrix(0, -1, -1, 0), unity, 3},
		{unity, matrix(0, 1, -1, 0), 1},
		{matrix(0, 1, -1, 0), matrix(0, 1, -1, 0), 2}, {matrix(0, 1, -1, 0), matrix(0, -1, 1, 0), 0},
		{matrix(9, 4, -4, 9), unity, 0}, {matrix(-4, 9, -9, -4), unity, 1}, // aslant
		{[9]int32{}, [9]int32{}, 0},
	} {
		if got := (Info{Matrix: c.track, MovieMatrix: c.movie}).Turn(); got != c.want {
			t.Errorf("%v in %v: turn %d, want %d", c.track, c.movie, got, c.want)
		}
	}
}

func TestStretch(t *testing.T) {
	for _, c := range []struct {
		h, v uint32
		want float64
	}{{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {1, 1, 1}, {2, 1, 2}, {1, 2, 0.5}} {
		if got := (Info{AspectH: c.h, AspectV: c.v}).Stretch(); got != c.want {
			t.Errorf("%d:%d: %v, want %v", c.h, c.v, got, c.want)
		}
	}
}
