//go:build linux && (amd64 || arm64)

package sandbox

import (
	"testing"

	"golang.org/x/sys/unix"

	"github.com/bauta-gateway/bauta/anonymize/sandbox/seccomp"
	"github.com/bauta-gateway/bauta/anonymize/sandbox/seccomp/seccomptest"
)

// Requests of ioctl(2) that some driver or another takes.
var requests = map[string]uint64{
	"TIOCSTI":                  0x5412, // types into a terminal
	"FIONREAD":                 0x541b,
	"DRM_IOCTL_VERSION":        0xc0406400,
	"DMA_BUF_IOCTL_SYNC":       0x40086200,
	"VIDIOC_QBUF":              0xc058560f,
	"NV_ESC_RM_ALLOC":          0xc030462b,
	"UVM_REGISTER_GPU":         37,
	"NVHOST_IOCTL_CTRL":        0xc0104801,
	"MPP_IOC_CFG_V1":           0x40047601,
	"DMA_HEAP_IOCTL_ALLOC":     0xc0184800,
	"SIOCGIFCONF":              0x8912,
	"BTRFS_IOC_SUBVOL_CREATE":  0x5000940e,
	"KVM_CREATE_VM":            0xae01,
	"FS_IOC_SETFLAGS":          0x40086602,
	"LOOP_SET_FD":              0x4c00,
	"high half set, DRM below": 0x1_0000_0000 | 0xc0406400,
}

func TestEachAcceleratorHasItsOwnCalls(t *testing.T) {
	const pid = 4242
	for name, want := range map[string][]string{
		"":        {},
		"v4l2m2m": {"VIDIOC_QBUF"},
		"vaapi":   {"DRM_IOCTL_VERSION", "DMA_BUF_IOCTL_SYNC", "high half set, DRM below"},
		"nvidia":  {"NV_ESC_RM_ALLOC", "UVM_REGISTER_GPU"},
		"jetson":  {"VIDIOC_QBUF", "DMA_BUF_IOCTL_SYNC", "NVHOST_IOCTL_CTRL", "DMA_HEAP_IOCTL_ALLOC"},
		"rkmpp":   {"MPP_IOC_CFG_V1", "DMA_HEAP_IOCTL_ALLOC", "DMA_BUF_IOCTL_SYNC", "NVHOST_IOCTL_CTRL"},
	} {
		unit, err := acceleratorOf(name)
		if err != nil {
			t.Fatal(err)
		}
		filter := seccomp.Program(pid, unit.rules())
		passes := map[string]bool{}
		for _, r := range want {
			passes[r] = true
		}
		for r, number := range requests {
			got := seccomptest.Run(t, filter, seccomp.Arch, unix.SYS_IOCTL, [6]uint64{5, number})
			if (got == unix.SECCOMP_RET_ALLOW) != passes[r] {
				t.Errorf("%q: %s gives %#x", name, r, got)
			}
		}
		for _, nr := range []uint32{unix.SYS_OPENAT, unix.SYS_OPENAT2, unix.SYS_SOCKET, unix.SYS_EXECVE, unix.SYS_PTRACE, unix.SYS_IO_URING_SETUP, unix.SYS_MEMFD_CREATE, unix.SYS_BPF} {
			if got := seccomptest.Run(t, filter, seccomp.Arch, nr, [6]uint64{}); got != unix.SECCOMP_RET_ERRNO|uint32(unix.EPERM) {
				t.Errorf("%q: call %d gives %#x", name, nr, got)
			}
		}
		if got := seccomptest.Run(t, filter, seccomp.Arch, unix.SYS_MMAP, [6]uint64{0, 4096, unix.PROT_READ | unix.PROT_EXEC}); got != unix.SECCOMP_RET_ERRNO|uint32(unix.EPERM) {
			t.Errorf("%q: code may be mapped: %#x", name, got)
		}
		if got := seccomptest.Run(t, filter, seccomp.Arch, unix.SYS_READ, [6]uint64{3}); got != unix.SECCOMP_RET_ALLOW {
			t.Errorf("%q: read gives %#x", name, got)
		}
	}
}

func TestUnknownAcceleratorIsRefused(t *testing.T) {
	if _, err := Lock(Options{Accelerator: "abacus"}); err == nil {
		t.Error("locked for an accelerator that nobody knows")
	}
}
