//go:build linux

package seccomp

import "golang.org/x/sys/unix"

// Arch is this architecture to the kernel.
const Arch = unix.AUDIT_ARCH_AARCH64

var allowedHere []uint32
