package anonymize

import (
	"math"
	"testing"
)

func distance(a, b noise) float64 {
	sum := 0.0
	for j := range a {
		for i := range a[j] {
			sum += math.Abs(a[j][i] - b[j][i])
		}
	}
	return sum / (maxCells * maxCells)
}

// Noise moves slowly, and after a while nothing is left of what it was. It is
// another one for each track and each seed, and the same for the same ones.
func TestNoise(t *testing.T) {
	const frames = 400
	step, far, other, mean := 0.0, 0.0, 0.0, 0.0
	for n := range frames {
		now := seed.noiseOf(3, n)
		if seed.noiseOf(3, n) != now {
			t.Fatal("the same noise twice is not the same")
		}
		step = max(step, distance(now[0], seed.noiseOf(3, n+1)[0]))
		far += distance(now[0], seed.noiseOf(3, n+2*noisePeriod)[0]) / frames
		other += distance(now[0], seed.noiseOf(4, n)[0]) / frames
		other += distance(now[0], Seed{9}.noiseOf(3, n)[0]) / frames
		mean += distance(now[0], noise{}) / frames
	}
	if step > 6 {
		t.Errorf("from one frame to the next it moves by up to %.1f", step)
	}
	if mean < 5 || far < mean || other < 2*mean {
		t.Errorf("strength %.1f; it differs by %.1f from later and by %.1f from two others", mean, far, other)
	}
}
