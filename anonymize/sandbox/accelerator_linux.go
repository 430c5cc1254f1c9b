//go:build linux && (amd64 || arm64)

package sandbox

import (
	"fmt"

	"golang.org/x/sys/unix"

	"github.com/bauta-gateway/bauta/anonymize/sandbox/seccomp"
)

// accelerator is what the filter passes beyond the strict set for the sake of one.
// Its devices are open by the time of Lock: nothing here opens one.
type accelerator struct {
	// ioctls are the types (bits 8 to 15) of the requests that its drivers
	// take; ioctl(2) is not on the strict list at all.
	ioctls []uint32
	// calls pass whatever the arguments.
	calls []uint32
	// files bounds the descriptors, since drivers hand buffers about as such.
	files uint64
}

// accelerators have what their drivers' user-space parts are known to call once
// they are set up. A trial runs under the same set: one that lacks something
// costs the accelerator, never the lock-down.
var accelerators = map[string]accelerator{
	"v4l2m2m": {ioctls: []uint32{'V'}, files: 1},
	// d: DRM, b: dma-buf.
	"vaapi": {ioctls: []uint32{'d', 'b'}, files: 256},
	// F: the resource manager; 0: unified memory, whose requests are bare numbers.
	"nvidia": {ioctls: []uint32{'F', 0}, calls: []uint32{unix.SYS_EVENTFD2}, files: 256},
	// V: V4L2, H: nvhost, N: nvmap, G: nvgpu, >: sync files, b: dma-buf.
	"jetson": {ioctls: []uint32{'V', 'H', 'N', 'G', '>', 'b'}, calls: []uint32{unix.SYS_EVENTFD2}, files: 256},
	// v: MPP, r: RGA, H: dma heaps, b: dma-buf.
	"rkmpp": {ioctls: []uint32{'v', 'r', 'H', 'b'}, calls: []uint32{unix.SYS_EVENTFD2}, files: 256},
}

// strict is without an accelerator. New descriptors must be below the limit and
// 0 is taken. A limit of 0 would also make poll(2) of a single descriptor fail.
var strict = accelerator{files: 1}

func acceleratorOf(name string) (accelerator, error) {
	if name == "" {
		return strict, nil
	}
	a, known := accelerators[name]
	if !known {
		return a, fmt.Errorf("no set of calls for the accelerator %q: set worker.accelerator to none", name)
	}
	return a, nil
}

// rules are the additions to the filter, by the number of the call.
func (a accelerator) rules() seccomp.Rules {
	all := seccomp.Rules{}
	for _, nr := range a.calls {
		all[nr] = seccomp.Pass()
	}
	if len(a.ioctls) > 0 {
		all[unix.SYS_IOCTL] = seccomp.Ioctls(a.ioctls)
	}
	return all
}
