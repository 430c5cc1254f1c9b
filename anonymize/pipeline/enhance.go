package pipeline

import (
	"image"

	"github.com/bauta-gateway/bauta/detector"
)

// enhancer makes the finder's pictures clearer where they are noisy or dark: noise is
// averaged over what holds still, and contrast is evened. Measured in the full view with
// faces of 20 pixels at 720p: still in the dark with strong noise, 19 % were found before
// and all are; at an eighth of the light without noise 43 % before and 94. Noise in good
// light costs no finds there either way.
type enhancer struct {
	noisy, dark bool
	measured    int // the picture of the last measure
	average     detector.Average
	soft, even  *image.Gray
	other       *image.YCbCr // of an earlier picture, otherN
	otherN      int
	otherSoft   *image.Gray
	otherEven   *image.Gray
}

const (
	// noisySteps is the noise from which it is averaged, in luma steps. Clean pictures full of
	// detail stay below 1.
	noisySteps = 2.5
	// darkShare of a picture lies less than darkSteps above black where it is dark.
	darkShare, darkSteps = 0.9, 30
)

// newest is a view of the newest picture, made clearer where that helps.
func (s *enhancer) newest(v View) View {
	if v.Small == nil {
		return v
	}
	first := v.Since > v.N
	if first || float64(v.N-s.measured) >= v.FPS {
		s.measure(v)
	}
	if first {
		s.average.Reset()
	}
	s.other = nil
	luma := detector.Luma(v.Picture)
	if s.noisy {
		s.soft = detector.Soften(s.soft, s.average.Add(v.Picture, v.Small, v.Scale))
		luma = s.soft
	}
	if s.dark {
		s.even = detector.Even(s.even, luma, v.FullRange)
		luma = s.even
	}
	v.Picture = withLuma(v.Picture, luma)
	return v
}

// improves tells that the next look at a still picture will be at a clearer one.
func (s *enhancer) improves() bool { return s.noisy && !s.average.Full() }

// earlier is the same for a picture before the newest one: it is not averaged.
func (s *enhancer) earlier(v View) View {
	if !s.noisy && !s.dark {
		return v
	}
	if s.other == nil || s.otherN != v.N {
		luma := detector.Luma(v.Picture)
		if s.noisy {
			s.otherSoft = detector.Soften(s.otherSoft, luma)
			luma = s.otherSoft
		}
		if s.dark {
			s.otherEven = detector.Even(s.otherEven, luma, v.FullRange)
			luma = s.otherEven
		}
		s.other, s.otherN = withLuma(v.Picture, luma), v.N
	}
	v.Picture = s.other
	return v
}

func withLuma(img *image.YCbCr, luma *image.Gray) *image.YCbCr {
	out := *img
	out.Y, out.YStride = luma.Pix, luma.Stride
	return &out
}

// measure tells how noisy and dark the picture is.
func (s *enhancer) measure(v View) {
	s.measured = v.N
	noisy := detector.Noise(v.Picture) >= noisySteps
	if noisy && !s.noisy {
		s.average.Reset()
	}
	s.noisy, s.dark = noisy, dark(v.Small, v.FullRange)
}

// dark tells that nearly all of a picture is.
func dark(small *image.Gray, fullRange bool) bool {
	limit := byte(darkSteps)
	if !fullRange {
		limit += 16
	}
	n, all := 0, 0
	for y := 0; y < small.Rect.Dy(); y += 4 {
		for _, p := range small.Pix[y*small.Stride : y*small.Stride+small.Rect.Dx()] {
			if p < limit {
				n++
			}
		}
		all += small.Rect.Dx()
	}
	return float64(n) > darkShare*float64(all)
}
