//go:build linux

package seccomp

import "golang.org/x/sys/unix"

// Arch is this architecture to the kernel.
const Arch = unix.AUDIT_ARCH_X86_64

// allowedHere is an older form that arm64 never had. x32 numbers carry a high
// bit and so are on no list.
var allowedHere = []uint32{unix.SYS_TIME}
