//go:build linux && (amd64 || arm64)

// Package seccomp is the list of the system calls that a locked process of Bauta's may still
// make, and puts it in force.
//
// In: what one kind of processes may call beyond the list. Out: a filter for all threads of the
// process, for good. It starts no goroutine, opens nothing, and never passes a call that
// nobody listed: those fail with EPERM.
package seccomp

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Offsets in struct seccomp_data. Arguments are 64 bits, the lower half first
// on both architectures; the filter looks at lower halves only, for all the
// arguments it checks are 32 bits wide to the kernel, or a flag in them is.
const (
	offNr   = 0
	offArch = 4
	offArgs = 16
)

const (
	retAllow  = unix.SECCOMP_RET_ALLOW
	retEPERM  = unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)
	retENOSYS = unix.SECCOMP_RET_ERRNO | uint32(unix.ENOSYS)
)

// threadFlags are those that glibc and the Go runtime make a thread with. They
// hold no CLONE_NEW*, CLONE_PTRACE, CLONE_VFORK and no exit signal.
const threadFlags = unix.CLONE_VM | unix.CLONE_FS | unix.CLONE_FILES | unix.CLONE_SIGHAND | unix.CLONE_THREAD |
	unix.CLONE_SYSVSEM | unix.CLONE_SETTLS | unix.CLONE_PARENT_SETTID | unix.CLONE_CHILD_SETTID |
	unix.CLONE_CHILD_CLEARTID | unix.CLONE_DETACHED

// allowed passes whatever the arguments. The frequent ones come first. It is
// what a worker was seen to call on H.264, H.265 and Motion JPEG, and what Go,
// glibc, libavcodec, x264 and OpenCV call elsewhere: where the clock takes a call,
// where they print a last word, where a queue grows large.
var allowed = []uint32{
	// Descriptors that are open; nothing here makes one. Go reads its control group's limit anew
	// with pread64; glibc prints with fstat, lseek and writev.
	unix.SYS_READ, unix.SYS_WRITE, unix.SYS_WRITEV, unix.SYS_PREAD64, unix.SYS_LSEEK, unix.SYS_FSTAT, unix.SYS_CLOSE,
	unix.SYS_EPOLL_CTL, unix.SYS_EPOLL_PWAIT,
	// Threads and signals within the process.
	unix.SYS_FUTEX, unix.SYS_SCHED_YIELD, unix.SYS_SCHED_GETAFFINITY, unix.SYS_GETCPU, unix.SYS_GETPID, unix.SYS_GETTID,
	unix.SYS_SET_ROBUST_LIST, unix.SYS_RSEQ, unix.SYS_RESTART_SYSCALL, unix.SYS_EXIT, unix.SYS_EXIT_GROUP,
	unix.SYS_RT_SIGACTION, unix.SYS_RT_SIGPROCMASK, unix.SYS_RT_SIGRETURN, unix.SYS_SIGALTSTACK,
	// Time. Most systems answer these without a call.
	unix.SYS_NANOSLEEP, unix.SYS_CLOCK_NANOSLEEP, unix.SYS_CLOCK_GETTIME, unix.SYS_GETTIMEOFDAY,
	// Memory. What can make it executable is in program.
	unix.SYS_MUNMAP, unix.SYS_MADVISE, unix.SYS_BRK, unix.SYS_MREMAP,
	// Facts about the box: glibc's qsort asks for its memory. Random numbers: Go's maps.
	unix.SYS_SYSINFO, unix.SYS_GETRANDOM,
}

// Rules are what decides on single calls, by the number of the call.
type Rules map[uint32][]unix.SockFilter

// Program is the filter for the process pid with rules of its own, straight down: each block either
// returns or is jumped over as a whole, so no jump can miss.
func Program(pid uint32, more Rules) []unix.SockFilter {
	p := []unix.SockFilter{load(offArch), jump(unix.BPF_JEQ, Arch, 1, 0), ret(retEPERM), load(offNr)}
	on := func(nr uint32, block ...unix.SockFilter) {
		p = append(append(p, jump(unix.BPF_JEQ, nr, 0, uint8(len(block)))), block...)
	}
	for _, list := range [][]uint32{allowed, allowedHere} {
		for _, nr := range list {
			on(nr, ret(retAllow))
		}
	}
	on(unix.SYS_CLONE, load(offArgs), jump(unix.BPF_JSET, ^uint32(threadFlags), 1, 0),
		jump(unix.BPF_JSET, unix.CLONE_THREAD, 1, 0), ret(retEPERM), ret(retAllow))
	on(unix.SYS_CLONE3, ret(retENOSYS))
	on(unix.SYS_MMAP, notIn(2, unix.PROT_EXEC)...)
	on(unix.SYS_MPROTECT, notIn(2, unix.PROT_EXEC)...)
	// The Go runtime stops its threads by tgkill, and by kill when it dies.
	on(unix.SYS_TGKILL, oneOf(0, pid)...)
	on(unix.SYS_KILL, oneOf(0, pid)...)
	on(unix.SYS_FCNTL, oneOf(1, unix.F_GETFD, unix.F_SETFD, unix.F_GETFL, unix.F_SETFL)...)
	// PR_SET_VMA only names a mapping.
	on(unix.SYS_PRCTL, oneOf(0, unix.PR_SET_NAME, unix.PR_GET_NAME, unix.PR_SET_VMA)...)
	for nr, block := range more {
		on(nr, block...)
	}
	return append(p, ret(retEPERM))
}

// Pass passes a call whatever its arguments.
func Pass() []unix.SockFilter { return []unix.SockFilter{ret(retAllow)} }

// Ioctls passes requests of these types (bits 8 to 15) of ioctl(2).
func Ioctls(types []uint32) []unix.SockFilter {
	block := []unix.SockFilter{load(offArgs + 8), {Code: unix.BPF_ALU | unix.BPF_AND | unix.BPF_K, K: 0xff00}}
	for _, t := range types {
		block = append(block, jump(unix.BPF_JEQ, t<<8, 0, 1), ret(retAllow))
	}
	return append(block, ret(retEPERM))
}

// Install puts a filter in force. no_new_privs has to be set for the calling thread.
func Install(f []unix.SockFilter) error {
	prog := unix.SockFprog{Len: uint16(len(f)), Filter: &f[0]}
	thread, _, errno := unix.RawSyscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER,
		unix.SECCOMP_FILTER_FLAG_TSYNC, uintptr(unsafe.Pointer(&prog)))
	if errno != 0 {
		return fmt.Errorf("install the filter: %w: use a kernel with CONFIG_SECCOMP_FILTER and allow seccomp(2) in the container", errno)
	}
	// The kernel says so without an error number.
	if thread != 0 {
		return fmt.Errorf("thread %d has a filter of its own: load no library that installs one", thread)
	}
	return nil
}

func load(offset uint32) unix.SockFilter {
	return unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: offset}
}

// jump skips yes or no instructions by comparing k with what was loaded last.
func jump(test uint16, k uint32, yes, no uint8) unix.SockFilter {
	return unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_K | test, Jt: yes, Jf: no, K: k}
}

func ret(action uint32) unix.SockFilter {
	return unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: action}
}

// oneOf passes where argument arg is one of values.
func oneOf(arg uint32, values ...uint32) []unix.SockFilter {
	block := []unix.SockFilter{load(offArgs + 8*arg)}
	for _, v := range values {
		block = append(block, jump(unix.BPF_JEQ, v, 0, 1), ret(retAllow))
	}
	return append(block, ret(retEPERM))
}

// notIn passes where argument arg has none of bits.
func notIn(arg, bits uint32) []unix.SockFilter {
	return []unix.SockFilter{load(offArgs + 8*arg), jump(unix.BPF_JSET, bits, 1, 0), ret(retAllow), ret(retEPERM)}
}
