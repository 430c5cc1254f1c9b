package reference

import (
	"math"

	"github.com/bauta-gateway/bauta/detector/yunet"
)

// field is a map of numbers, one plane for each channel.
type field struct {
	c, w, h int
	v       []float64
}

func newField(c, w, h int) field { return field{c, w, h, make([]float64, c*w*h)} }

// at is the number at a place; outside there is 0.
func (f field) at(c, x, y int) float64 {
	if x < 0 || y < 0 || x >= f.w || y >= f.h {
		return 0
	}
	return f.v[(c*f.h+y)*f.w+x]
}

// fill gives each place the number that make returns for it.
func (f field) fill(make func(c, x, y int) float64) field {
	for i := range f.v {
		f.v[i] = make(i/(f.w*f.h), i%f.w, i/f.w%f.h)
	}
	return f
}

func (f field) relu() field {
	for i, v := range f.v {
		f.v[i] = max(v, 0)
	}
	return f
}

// pooled is the largest of each 2 x 2.
func (f field) pooled() field {
	return newField(f.c, f.w/2, f.h/2).fill(func(c, x, y int) float64 {
		return max(f.at(c, 2*x, 2*y), f.at(c, 2*x+1, 2*y), f.at(c, 2*x, 2*y+1), f.at(c, 2*x+1, 2*y+1))
	})
}

// plus adds a field of half the size.
func (f field) plus(half field) field {
	return newField(f.c, f.w, f.h).fill(func(c, x, y int) float64 { return f.at(c, x, y) + half.at(c, x/2, y/2) })
}

// plainUnit runs a unit's two convolutions.
func (n *network) plainUnit(from field, in, out int) field {
	mix, mixBias, own, ownBias := n.parts(in, out)
	mixed := newField(out, from.w, from.h).fill(func(c, x, y int) float64 {
		sum := float64(mixBias[c])
		for i := range in {
			sum += float64(mix[c*in+i]) * from.at(i, x, y)
		}
		return sum
	})
	return newField(out, from.w, from.h).fill(func(c, x, y int) float64 {
		sum := float64(ownBias[c])
		for k := range 9 {
			sum += float64(own[9*c+k]) * mixed.at(c, x+k%3-1, y+k/3-1)
		}
		return sum
	})
}

// plainStem runs the first convolution.
func (n *network) plainStem(from field) field {
	w, bias := n.take(27*16), n.take(16)
	return newField(16, from.w/2, from.h/2).fill(func(c, x, y int) float64 {
		sum := float64(bias[c])
		for i := range 27 {
			row, colour, column := i/9, i/3%3, i%3
			sum += float64(w[16*i+c]) * from.at(colour, 2*x+column-1, 2*y+row-1)
		}
		return sum
	}).relu()
}

// Plain runs the network as it is defined, number by number and in double precision:
// slow, and right for whatever size.
func (r *Net) Plain() (out [3]Output, err error) {
	weights, err := yunet.Weights()
	if err != nil {
		return out, err
	}
	input, err := r.input.DataPtrFloat32()
	if err != nil {
		return out, err
	}
	n := &network{left: weights}
	from := newField(3, r.size.X, r.size.Y)
	for i, v := range input {
		from.v[i] = float64(v)
	}
	at, made := n.plainStem(from), [len(units)]field{}
	for i, u := range units {
		switch i {
		case 1, 5, 7, 9:
			at = at.pooled()
		case 12:
			at = made[8].plus(made[11])
		case 13:
			at = made[6].plus(made[12])
		}
		at = n.plainUnit(at, u.in, u.out).relu()
		made[i] = at
	}
	for level, i := range []int{13, 12, 11} {
		head := n.plainUnit(made[i], 64, 8)
		plane := head.w * head.h
		for k, v := range head.v[:6*plane] {
			switch k / plane {
			case 0:
				out[level].Class = append(out[level].Class, float32(1/(1+math.Exp(-v))))
			case 1:
				out[level].Object = append(out[level].Object, float32(1/(1+math.Exp(-v))))
			default:
				out[level].Box = append(out[level].Box, float32(v))
			}
		}
	}
	return out, nil
}
