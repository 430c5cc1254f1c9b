package mp4

import "github.com/bauta-gateway/bauta/gateway/media"

// Turn is how many quarter turns clockwise, 0 to 3, bring the stored pictures nearest to
// how the display matrices show them.
func (i Info) Turn() int {
	t, m := i.Matrix, i.MovieMatrix
	across := float64(t[0])*float64(m[1]) + float64(t[1])*float64(m[4])
	down := float64(t[3])*float64(m[1]) + float64(t[4])*float64(m[4])
	return media.TurnOf(across, down)
}

// Stretch is a pixel's width to its height, or 0 where the file does not say.
func (i Info) Stretch() float64 {
	if i.AspectH == 0 || i.AspectV == 0 {
		return 0
	}
	return float64(i.AspectH) / float64(i.AspectV)
}
