package mp4

import (
	"testing"

	"github.com/bauta-gateway/bauta/hardware/media"
)

var unity = [9]int32{1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30}

// matrix has its four figures that rotate and mirror; see ISO/IEC 14496-12, 6.2.2.
func matrix(a, b, c, d int32) [9]int32 {
	return [9]int32{a << 16, b << 16, 0, c << 16, d << 16, 0, 0, 0, 1 << 30}
}

func TestOrientation(t *testing.T) {
	mirrored := func(rotation int) media.Orientation { return media.Orientation{Turn: rotation, Mirrored: true} }
	plain := func(rotation int) media.Orientation { return media.Orientation{Turn: rotation} }
	for _, c := range []struct {
		track, movie [9]int32
		want         media.Orientation
	}{
		{unity, unity, plain(0)}, {matrix(-1, 0, 0, 1), unity, mirrored(0)},
		{matrix(0, 1, -1, 0), unity, plain(1)}, {matrix(0, 1, 1, 0), unity, mirrored(1)},
		{matrix(-1, 0, 0, -1), unity, plain(2)}, {matrix(1, 0, 0, -1), unity, mirrored(2)},
		{matrix(0, -1, 1, 0), unity, plain(3)}, {matrix(0, -1, -1, 0), unity, mirrored(3)},
		{unity, matrix(0, 1, -1, 0), plain(1)},
		{matrix(0, 1, -1, 0), matrix(0, 1, -1, 0), plain(2)}, {matrix(0, 1, -1, 0), matrix(0, -1, 1, 0), plain(0)},
		{matrix(9, 4, -4, 9), unity, plain(0)}, {matrix(-4, 9, -9, -4), unity, plain(1)}, // aslant
		{[9]int32{}, [9]int32{}, plain(0)},
	} {
		if got := (Info{Matrix: c.track, MovieMatrix: c.movie}).Orientation(); got != c.want {
			t.Errorf("%v in %v: %+v, want %+v", c.track, c.movie, got, c.want)
		}
	}
}

// The matrix that is written shows each corner where it ought to be, and none outside.
func TestMatrixOf(t *testing.T) {
	const w, h = 320 << 16, 180 << 16
	for number := range byte(8) {
		o, _ := media.OrientationOf(number)
		m := matrixOf(o, w, h)
		if got := (Info{Matrix: m, MovieMatrix: unity}).Orientation(); got != o {
			t.Errorf("%+v is written as %+v", o, got)
		}
		for _, p := range [][2]int64{{0, 0}, {320, 0}, {0, 180}, {320, 180}} {
			x, y := p[0]*int64(m[0])+p[1]*int64(m[3])+int64(m[6]), p[0]*int64(m[1])+p[1]*int64(m[4])+int64(m[7])
			right, bottom := int64(w), int64(h)
			if o.Turn%2 == 1 {
				right, bottom = h, w
			}
			if x != 0 && x != right || y != 0 && y != bottom {
				t.Errorf("%+v: corner %v is shown at %d, %d", o, p, x>>16, y>>16)
			}
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
