package mp4

// Turn is how many quarter turns clockwise, 0 to 3, bring the stored pictures nearest to
// how the display matrices show them. Mirror images count by where they have their upper edge.
func (i Info) Turn() int {
	// A stored point (p, q) is shown at a height of down*q + across*p.
	t, m := i.Matrix, i.MovieMatrix
	across := float64(t[0])*float64(m[1]) + float64(t[1])*float64(m[4])
	down := float64(t[3])*float64(m[1]) + float64(t[4])*float64(m[4])
	switch {
	case max(down, -down) >= max(across, -across):
		if down < 0 {
			return 2
		}
		return 0
	case across > 0:
		return 1
	}
	return 3
}

// Stretch is a pixel's width to its height, or 0 where the file does not say.
func (i Info) Stretch() float64 {
	if i.AspectH == 0 || i.AspectV == 0 {
		return 0
	}
	return float64(i.AspectH) / float64(i.AspectV)
}
