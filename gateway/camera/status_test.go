package camera

import (
	"testing"

	"github.com/bauta-gateway/bauta/hardware/media"
)

func TestStepReason(t *testing.T) {
	for _, c := range []struct {
		step, floor media.Degradation
		want        string
	}{
		{media.Normal, media.Normal, ""}, {media.Normal, media.LowerRate, ""}, {media.DetectLess, media.Normal, "load"},
		{media.LowerRate, media.LowerRate, "heat"}, {media.DetectLess, media.LowerRate, "heat"}, {media.BlurFrame, media.LowerRate, "load"},
	} {
		if got := degradationReason(c.step, c.floor); got != c.want {
			t.Errorf("%v above %v: %q, want %q", c.step, c.floor, got, c.want)
		}
	}
}
