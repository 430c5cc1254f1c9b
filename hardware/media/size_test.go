package media

import "testing"

func TestFrameFits(t *testing.T) {
	for _, c := range []struct {
		width, height int
		want          bool
	}{
		{1920, 1080, true}, {4608, 1728, true}, {7680, 2160, true}, {7680, 4320, true}, {4320, 7680, true}, {4096, 4096, true},
		{96, 96, true}, {7680, 96, true}, {95, 1080, false}, {1920, 95, false},
		{7682, 4320, false}, {7680, 4322, false}, {4322, 7680, false}, {8192, 1024, false}, {5000, 5000, false}, {0, 0, false}, {-1920, -1080, false},
	} {
		if got := FrameFits(c.width, c.height); got != c.want {
			t.Errorf("%dx%d: %v", c.width, c.height, got)
		}
	}
}
