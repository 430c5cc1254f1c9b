//go:build linux && (amd64 || arm64)

package seccomp

import (
	"testing"

	"golang.org/x/sys/unix"

	"github.com/bauta-gateway/bauta/anonymize/sandbox/seccomp/seccomptest"
)

// TestProgram runs the filter in an interpreter, where arguments can be tried
// that no live process would survive.
func TestProgram(t *testing.T) {
	const pid = 4242
	for _, c := range []struct {
		name string
		nr   uint32
		args [6]uint64
		want uint32
	}{
		{"read", unix.SYS_READ, [6]uint64{3}, retAllow},
		{"futex", unix.SYS_FUTEX, [6]uint64{}, retAllow},
		{"exit_group", unix.SYS_EXIT_GROUP, [6]uint64{}, retAllow},
		{"socket", unix.SYS_SOCKET, [6]uint64{}, retEPERM},
		{"openat", unix.SYS_OPENAT, [6]uint64{}, retEPERM},
		{"execve", unix.SYS_EXECVE, [6]uint64{}, retEPERM},
		{"number unknown", 5000, [6]uint64{}, retEPERM},
		{"x32 read", unix.SYS_READ | 1<<30, [6]uint64{}, retEPERM},
		{"clone, glibc's thread", unix.SYS_CLONE, [6]uint64{0x3d0f00}, retAllow},
		{"clone, Go's thread", unix.SYS_CLONE, [6]uint64{0x50f00}, retAllow},
		{"clone, a process", unix.SYS_CLONE, [6]uint64{uint64(unix.SIGCHLD)}, retEPERM},
		{"clone, a process by vfork", unix.SYS_CLONE, [6]uint64{unix.CLONE_VM | unix.CLONE_VFORK | uint64(unix.SIGCHLD)}, retEPERM},
		{"clone, a thread in a new namespace", unix.SYS_CLONE, [6]uint64{0x3d0f00 | unix.CLONE_NEWNET}, retEPERM},
		{"clone, a traced thread", unix.SYS_CLONE, [6]uint64{0x3d0f00 | unix.CLONE_PTRACE}, retEPERM},
		// An argument must never be taken for a number of the list.
		{"clone, flags that are read's number", unix.SYS_CLONE, [6]uint64{unix.SYS_READ}, retEPERM},
		{"clone, flags that are exit_group's number", unix.SYS_CLONE, [6]uint64{unix.SYS_EXIT_GROUP}, retEPERM},
		{"clone3", unix.SYS_CLONE3, [6]uint64{}, retENOSYS},
		{"mmap, data", unix.SYS_MMAP, [6]uint64{0, 4096, unix.PROT_READ | unix.PROT_WRITE}, retAllow},
		{"mmap, code", unix.SYS_MMAP, [6]uint64{0, 4096, unix.PROT_READ | unix.PROT_EXEC}, retEPERM},
		{"mprotect, data", unix.SYS_MPROTECT, [6]uint64{0, 4096, unix.PROT_READ}, retAllow},
		{"mprotect, code", unix.SYS_MPROTECT, [6]uint64{0, 4096, unix.PROT_EXEC}, retEPERM},
		{"pkey_mprotect", unix.SYS_PKEY_MPROTECT, [6]uint64{}, retEPERM},
		{"tgkill, own", unix.SYS_TGKILL, [6]uint64{pid, 4243, uint64(unix.SIGURG)}, retAllow},
		{"tgkill, other", unix.SYS_TGKILL, [6]uint64{pid + 1, pid + 1, uint64(unix.SIGKILL)}, retEPERM},
		{"kill, own", unix.SYS_KILL, [6]uint64{pid, uint64(unix.SIGQUIT)}, retAllow},
		{"kill, other", unix.SYS_KILL, [6]uint64{pid - 1, uint64(unix.SIGKILL)}, retEPERM},
		{"kill, own group", unix.SYS_KILL, [6]uint64{0, uint64(unix.SIGKILL)}, retEPERM},
		{"kill, group of the same number", unix.SYS_KILL, [6]uint64{1<<64 - pid, uint64(unix.SIGKILL)}, retEPERM},
		{"fcntl F_GETFL", unix.SYS_FCNTL, [6]uint64{3, unix.F_GETFL}, retAllow},
		{"fcntl F_DUPFD", unix.SYS_FCNTL, [6]uint64{3, unix.F_DUPFD}, retEPERM},
		{"fcntl F_SETOWN", unix.SYS_FCNTL, [6]uint64{3, unix.F_SETOWN, 1}, retEPERM},
		{"prctl PR_SET_NAME", unix.SYS_PRCTL, [6]uint64{unix.PR_SET_NAME}, retAllow},
		{"prctl PR_SET_DUMPABLE", unix.SYS_PRCTL, [6]uint64{unix.PR_SET_DUMPABLE, 1}, retEPERM},
	} {
		if got := seccomptest.Run(t, Program(pid, nil), Arch, c.nr, c.args); got != c.want {
			t.Errorf("%s: %#x, want %#x", c.name, got, c.want)
		}
	}
	if got := seccomptest.Run(t, Program(pid, nil), unix.AUDIT_ARCH_I386, unix.SYS_READ, [6]uint64{}); got != retEPERM {
		t.Errorf("read of a foreign architecture: %#x, want %#x", got, retEPERM)
	}
}
