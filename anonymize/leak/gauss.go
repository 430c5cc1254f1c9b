package leak

import (
	"image"
	"math"
)

// kernel is a sampled Gaussian, cut off at four sigma and normalised: the
// width that OpenCV gives to frames of floating point numbers.
func kernel(sigma float64) []float64 {
	n := int(math.RoundToEven(sigma*8+1)) | 1
	k, sum := make([]float64, n), 0.0
	for i := range k {
		d := float64(i - n/2)
		k[i] = math.Exp(-d * d / (2 * sigma * sigma))
		sum += k[i]
	}
	for i := range k {
		k[i] /= sum
	}
	return k
}

// highPass returns the inner part of a frame less its blurred self, row by
// row. Only the pixels around it are read; beyond them the frame is
// mirrored.
func highPass(g *image.Gray, around, inner image.Rectangle, k []float64) []float64 {
	half := len(k) / 2
	// Rows first, for the rows that the columns need.
	across := make([][]float64, around.Dy())
	for y := range across {
		across[y] = blurRow(g, around, inner, around.Min.Y+y, k)
	}
	out := make([]float64, 0, inner.Dx()*inner.Dy())
	sum := make([]float64, inner.Dx())
	for y := inner.Min.Y; y < inner.Max.Y; y++ {
		clear(sum)
		for i, f := range k {
			for x, v := range across[reflect(y-around.Min.Y+i-half, around.Dy())] {
				sum[x] += f * v
			}
		}
		line := g.Pix[y*g.Stride+inner.Min.X:]
		for x, v := range sum {
			out = append(out, float64(line[x])-v)
		}
	}
	return out
}

// blurRow blurs the inner columns of row y along it.
func blurRow(g *image.Gray, around, inner image.Rectangle, y int, k []float64) []float64 {
	half := len(k) / 2
	line := g.Pix[y*g.Stride+around.Min.X:]
	out := make([]float64, inner.Dx())
	for x := range out {
		at := x + inner.Min.X - around.Min.X - half
		for i, f := range k {
			out[x] += f * float64(line[reflect(at+i, around.Dx())])
		}
	}
	return out
}

// reflect mirrors an index at the borders without repeating the border's own
// pixel: ... 2 1 [0 1 2 ... n-1] n-2 n-3 ...
func reflect(i, n int) int {
	if n == 1 {
		return 0
	}
	for i < 0 || i >= n {
		if i < 0 {
			i = -i
		} else {
			i = 2*(n-1) - i
		}
	}
	return i
}
