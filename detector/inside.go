package detector

/*
#include "kernel.h"
*/
import "C"

import "unsafe"

// What tests see of the kernel; cgo cannot be used in their files.

// headChannels is how many numbers a cell has: class, object, four for the box, two unused.
const headChannels = 8

// output is what the last run left for a level: strides 8, 16 and 32.
func (y *YuNet) output(level int) []float32 {
	var cells C.int
	p := C.bauta_net_output(y.net, C.int(level), &cells)
	return unsafe.Slice((*float32)(p), int(cells)*headChannels)
}

// plane is the luma (0), blue (1) or red (2) that the last run read.
func (y *YuNet) plane(i int) []byte {
	return unsafe.Slice((*byte)(C.bauta_net_plane(y.net, C.int(i))), y.size.X*y.size.Y)
}

// held is how many bytes the network's maps take.
func (y *YuNet) held() int { return int(C.bauta_net_held(y.net)) }

// values are what the kernel computes in: floats (0), whole numbers of 16 bits (1), or floats of 16 bits (2).
func (y *YuNet) values() int { return int(C.bauta_net_values(y.net)) }

// arithmetic chooses what networks that are opened from now on compute with: 0 is the best,
// 1 what every processor has, 2 AVX2. It reports whether this processor has it.
func arithmetic(which int) bool { return C.bauta_arithmetic(C.int(which)) != 0 }
