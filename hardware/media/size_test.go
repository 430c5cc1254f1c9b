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

func TestOutputSize(t *testing.T) {
	for _, c := range []struct {
		size          OutputSize
		width, height int
		behind        bool
		w, h          int
	}{
		{"", 7680, 2160, true, 7680, 2160}, {OutputFull, 7680, 2160, true, 7680, 2160},
		{OutputAuto, 7680, 2160, false, 7680, 2160}, {OutputAuto, 7680, 2160, true, 3840, 1080}, {OutputAuto, 2160, 7680, true, 1080, 3840},
		{OutputAuto, 4096, 2304, true, 4096, 2304}, {OutputAuto, 4608, 1728, true, 2304, 864},
		{OutputHalf, 1920, 1080, false, 960, 540}, {OutputHalf, 1921, 1083, false, 960, 540},
		{"3840x2160", 7680, 4320, false, 3840, 2160}, {"3840x2160", 7680, 2160, false, 3840, 1080}, {"3840x2160", 2160, 7680, false, 1080, 3840},
		{"3840x2160", 4608, 1728, false, 3840, 1440}, {"3840x2160", 1921, 1081, true, 1921, 1081}, {"1920x1080", 2560, 2160, false, 1280, 1080},
		{"2160x3840", 4608, 1728, false, 3840, 1440},
	} {
		if w, h := c.size.Of(c.width, c.height, c.behind); w != c.w || h != c.h {
			t.Errorf("%q of %dx%d, behind %v: %dx%d, want %dx%d", c.size, c.width, c.height, c.behind, w, h, c.w, c.h)
		}
	}
	for _, good := range []OutputSize{"", "auto", "full", "half", "3840x2160", "96x96", "7680x4320", "4320x7680"} {
		if !good.Known() {
			t.Errorf("%q is refused", good)
		}
	}
	for _, bad := range []OutputSize{"Auto", "third", "3840", "3840x", "x2160", "3840x2160x", "95x96", "7681x4320", "-960x-540", "3840 x 2160", "00000000003840x2160"} {
		if bad.Known() {
			t.Errorf("%q is taken", bad)
		}
	}
}

func TestSubSize(t *testing.T) {
	for _, c := range []struct {
		size       SubSize
		w, h, x, y int
	}{
		{SubAuto, 640, 360, 320, 180}, {"", 1280, 720, 640, 360}, {SubAuto, 1920, 1080, 480, 270}, {SubHalf, 1920, 1080, 960, 540},
		{SubQuarter, 640, 362, 160, 90}, {SubAuto, 1080, 1920, 270, 480}, {SubAuto, 7680, 4320, 1920, 1080},
	} {
		if x, y := c.size.Of(c.w, c.h); x != c.x || y != c.y {
			t.Errorf("%q of %dx%d is %dx%d", c.size, c.w, c.h, x, y)
		}
	}
	if SubSize("third").Known() {
		t.Error("third is known")
	}
}
