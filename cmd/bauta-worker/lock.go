//go:build !qemu

package main

import "github.com/bauta-gateway/bauta/anonymize/sandbox"

// headroom bounds what a worker may map beyond its size when it is ready. 4K
// H.265 of 10 bits at 60 frames a second, held back for the longest look-ahead of
// a second, was measured to take 1.15 GB of it. Of the largest frames that a worker takes,
// 7680 x 4320, half as many wait, of 50 MB each, and a decoder of 10 bits keeps up to 16 of 100 MB.
const headroom = 4 << 30

// lock gives up all that a worker no longer needs once its model and codecs are open.
func lock(accelerator string) ([]string, error) {
	return sandbox.Lock(sandbox.Options{Headroom: headroom, Accelerator: accelerator})
}
