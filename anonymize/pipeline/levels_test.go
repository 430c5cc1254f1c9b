package pipeline

import (
	"testing"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// Heat takes a camera to each degradation level and back while people walk by: nobody
// is recognisable at any level, nor between two.
func TestMasksStayAtEveryLevel(t *testing.T) {
	levels := []media.Degradation{media.Normal, media.DetectLess, media.LowerRate, media.BlurFrame, media.LowerRate, media.DetectLess, media.Normal}
	const each = 12
	actors := []actor{
		{head: "beard", body: true, at: walk(-60, 12, 130, 0)},
		{head: "phone", body: true, at: walk(1000, -11, 140, 10)},
	}
	f := runClip(t, actors, each*len(levels), defaults, func(p *Pipeline, n int) {
		p.levels.Level = levels[min((n+1)/each, len(levels)-1)]
	})
	for i := range actors {
		if f.visible[i] > 0 || f.measured[i] < 2*each {
			t.Errorf("actor %d is recognisable in %d of %d frames, first in %d", i, f.visible[i], f.measured[i], f.first[i])
		}
	}
}
