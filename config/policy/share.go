package policy

import "math"

// Share is the part, 0 to 1, of the time in which cameras sent that viewers got masked
// frames. Where nothing was sent there is none: nil, told as text.ShareNone.
func Share(protected, sent float64) *float64 {
	if sent <= 0 {
		return nil
	}
	share := protected / sent
	return &share
}

// Percent is a share in percent, rounded down: 100 only where it is all.
func Percent(share float64, decimals int) float64 {
	return steps(share, decimals+2) / math.Pow10(decimals)
}

// RoundDown cuts a number of at least 0 after so many decimals.
func RoundDown(v float64, decimals int) float64 {
	return steps(v, decimals) / math.Pow10(decimals)
}

// steps counts the steps of this size that fit into v. The product alone may be off by
// one: 100 * 0.57 is below 57.
func steps(v float64, decimals int) float64 {
	scale := math.Pow10(decimals)
	n := math.Floor(v * scale)
	switch {
	case n/scale > v:
		n--
	case (n+1)/scale <= v:
		n++
	}
	return n
}
