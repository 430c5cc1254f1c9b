package jpegscan

// A frame with its sides swapped, or of half the height and twice the width, has as many
// blocks as it says. What tells is that rows of the wrong length do not fit together: a block
// is like the one above it in any frame, and like a strange one in a frame cut to strips.
//
// The figures are chosen on frames of rooms, crowds and patterns; the test has them.
const (
	// flattest and tallest bound the sides of what is tried, width to height: cameras have from 9:16 to
	// two frames side by side. Stripes fit together at other lengths too.
	tallest, flattest = 0.5, 4
	// leastRough is how much blocks differ on average from those above before anything is
	// said: a frame with nothing on it fits together in any way.
	leastRough = 2
	// clearly is how much smoother another length must be. In honest frames of cameras others are
	// at least 1.4 times as rough, in stripes half as rough.
	clearly = 0.6
	// seamless bounds what the ends of the rows as they are said may differ from the beginnings of the
	// next ones, beside any two neighbours. In a frame of the length said the two edges meet there.
	seamless = 3
	// rougher is how much more blocks must differ from those above than from those beside: in a chessboard
	// they differ alike.
	rougher = 1.2
)

// betterRows returns the length of rows in blocks in which they fit together far better than
// in rows of the length said; 0 where there is none. shape is a block's width to its height.
func betterRows(means []int32, said int, shape float64) int {
	n := len(means)
	if said <= 0 || n%said != 0 {
		return 0
	}
	rough := difference(means, said)
	if rough < max(leastRough, rougher*difference(means, 1)) {
		return 0
	}
	best, least := 0, clearly*rough
	for side := 2; side <= n/2; side++ {
		ratio := shape * float64(side) / float64(n/side)
		if n%side != 0 || side == said || ratio < tallest || ratio > flattest || !joined(means, said, side) {
			continue
		}
		if d := difference(means, side); d < least {
			best, least = side, d
		}
	}
	return best
}

// difference is how much each block differs from the one so many before it, on average.
func difference(means []int32, before int) float64 {
	sum := int64(0)
	for i := before; i < len(means); i++ {
		sum += int64(max(means[i]-means[i-before], means[i-before]-means[i]))
	}
	return float64(sum) / float64(len(means)-before)
}

// joined says that rows of the length said go on in the next ones, as any two neighbours do, save where
// rows of another length end.
func joined(means []int32, said, other int) bool {
	sum, seams := int64(0), 0
	for i := said; i < len(means); i += said {
		if i%other != 0 {
			sum += int64(max(means[i]-means[i-1], means[i-1]-means[i]))
			seams++
		}
	}
	return seams == 0 || float64(sum)/float64(seams) <= seamless*difference(means, 1)+1
}
