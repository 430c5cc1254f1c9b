//go:build linux && cgo && (amd64 || arm64)

package sandbox

import (
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A probe is a system call that the lock-down must refuse. Its arguments are
// chosen such that an open process does no harm with it and gets something
// else than EPERM, unless mayEPERM: there the right may be missing anyway.
type probe struct {
	name     string
	nr       uintptr
	args     [6]uintptr
	mayEPERM bool
}

const nobodysPID = 1<<30 - 1 // above the kernel's largest

var (
	devNull   = []byte("/dev/null\x00")
	absent    = []byte("/does/not/exist\x00")
	twoInts   [2]int32
	openHow   [3]uint64
	page, _   = unix.Mmap(-1, 0, 4096, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	here      = ^uintptr(99) // AT_FDCWD
	noFD      = ^uintptr(0)
	nullPath  = uintptr(unsafe.Pointer(&devNull[0]))
	awayPath  = uintptr(unsafe.Pointer(&absent[0]))
	intsPlace = uintptr(unsafe.Pointer(&twoInts))
)

func probes() []probe {
	list := []probe{
		{name: "socket", nr: unix.SYS_SOCKET, args: [6]uintptr{unix.AF_INET, unix.SOCK_STREAM}},
		{name: "socketpair", nr: unix.SYS_SOCKETPAIR, args: [6]uintptr{unix.AF_UNIX, unix.SOCK_STREAM, 0, intsPlace}},
		{name: "connect", nr: unix.SYS_CONNECT, args: [6]uintptr{noFD}},
		{name: "bind", nr: unix.SYS_BIND, args: [6]uintptr{noFD}},
		{name: "sendto", nr: unix.SYS_SENDTO, args: [6]uintptr{noFD}},
		{name: "sendmsg", nr: unix.SYS_SENDMSG, args: [6]uintptr{noFD}},
		{name: "openat", nr: unix.SYS_OPENAT, args: [6]uintptr{here, nullPath}},
		{name: "openat2", nr: unix.SYS_OPENAT2, args: [6]uintptr{here, nullPath, uintptr(unsafe.Pointer(&openHow)), 24}},
		{name: "open_by_handle_at", nr: unix.SYS_OPEN_BY_HANDLE_AT, args: [6]uintptr{noFD}, mayEPERM: true},
		{name: "statx", nr: unix.SYS_STATX, args: [6]uintptr{here, awayPath}},
		{name: "faccessat", nr: unix.SYS_FACCESSAT, args: [6]uintptr{here, nullPath}},
		{name: "readlinkat", nr: unix.SYS_READLINKAT, args: [6]uintptr{here, awayPath}},
		{name: "getdents64", nr: unix.SYS_GETDENTS64},
		{name: "getcwd", nr: unix.SYS_GETCWD},
		{name: "unlinkat", nr: unix.SYS_UNLINKAT, args: [6]uintptr{here, awayPath}},
		{name: "mkdirat", nr: unix.SYS_MKDIRAT, args: [6]uintptr{here, awayPath}},
		{name: "renameat2", nr: unix.SYS_RENAMEAT2, args: [6]uintptr{here, awayPath, here, awayPath}},
		{name: "linkat", nr: unix.SYS_LINKAT, args: [6]uintptr{here, awayPath, here, awayPath}},
		{name: "chdir", nr: unix.SYS_CHDIR, args: [6]uintptr{awayPath}},
		{name: "chroot", nr: unix.SYS_CHROOT, args: [6]uintptr{awayPath}, mayEPERM: true},
		{name: "mount", nr: unix.SYS_MOUNT, mayEPERM: true},
		{name: "execve", nr: unix.SYS_EXECVE, args: [6]uintptr{awayPath}},
		{name: "execveat", nr: unix.SYS_EXECVEAT, args: [6]uintptr{here, awayPath}},
		{name: "ptrace", nr: unix.SYS_PTRACE, args: [6]uintptr{unix.PTRACE_ATTACH, nobodysPID}},
		{name: "process_vm_readv", nr: unix.SYS_PROCESS_VM_READV, args: [6]uintptr{nobodysPID}},
		{name: "process_vm_writev", nr: unix.SYS_PROCESS_VM_WRITEV, args: [6]uintptr{nobodysPID}},
		{name: "kill", nr: unix.SYS_KILL, args: [6]uintptr{nobodysPID}},
		{name: "kill parent", nr: unix.SYS_KILL, args: [6]uintptr{uintptr(unix.Getppid())}, mayEPERM: true},
		{name: "tkill", nr: unix.SYS_TKILL, args: [6]uintptr{nobodysPID}},
		{name: "tgkill", nr: unix.SYS_TGKILL, args: [6]uintptr{nobodysPID, nobodysPID}},
		{name: "rt_sigqueueinfo", nr: unix.SYS_RT_SIGQUEUEINFO, args: [6]uintptr{nobodysPID}},
		{name: "pidfd_open", nr: unix.SYS_PIDFD_OPEN, args: [6]uintptr{nobodysPID}},
		{name: "pidfd_send_signal", nr: unix.SYS_PIDFD_SEND_SIGNAL, args: [6]uintptr{noFD}},
		{name: "pidfd_getfd", nr: unix.SYS_PIDFD_GETFD, args: [6]uintptr{noFD}},
		{name: "io_uring_setup", nr: unix.SYS_IO_URING_SETUP, args: [6]uintptr{1}, mayEPERM: true},
		{name: "io_uring_enter", nr: unix.SYS_IO_URING_ENTER, args: [6]uintptr{noFD}, mayEPERM: true},
		{name: "io_setup", nr: unix.SYS_IO_SETUP},
		{name: "bpf", nr: unix.SYS_BPF, args: [6]uintptr{1000}, mayEPERM: true},
		{name: "perf_event_open", nr: unix.SYS_PERF_EVENT_OPEN, mayEPERM: true},
		{name: "userfaultfd", nr: unix.SYS_USERFAULTFD, args: [6]uintptr{1000}, mayEPERM: true},
		{name: "keyctl", nr: unix.SYS_KEYCTL, args: [6]uintptr{1000}, mayEPERM: true},
		{name: "unshare", nr: unix.SYS_UNSHARE},
		{name: "setns", nr: unix.SYS_SETNS, args: [6]uintptr{noFD}},
		{name: "memfd_create", nr: unix.SYS_MEMFD_CREATE, args: [6]uintptr{awayPath}},
		{name: "dup", nr: unix.SYS_DUP},
		{name: "dup3", nr: unix.SYS_DUP3, args: [6]uintptr{noFD, 90}},
		{name: "fcntl F_DUPFD", nr: unix.SYS_FCNTL, args: [6]uintptr{0, unix.F_DUPFD}},
		{name: "pipe2", nr: unix.SYS_PIPE2, args: [6]uintptr{intsPlace}},
		{name: "eventfd2", nr: unix.SYS_EVENTFD2},
		{name: "epoll_create1", nr: unix.SYS_EPOLL_CREATE1},
		{name: "inotify_init1", nr: unix.SYS_INOTIFY_INIT1},
		{name: "ioctl", nr: unix.SYS_IOCTL, args: [6]uintptr{0, unix.TCGETS}},
		{name: "shmget", nr: unix.SYS_SHMGET},
		{name: "mq_open", nr: unix.SYS_MQ_OPEN},
		{name: "mmap code", nr: unix.SYS_MMAP, args: [6]uintptr{0, 4096, unix.PROT_READ | unix.PROT_EXEC, unix.MAP_ANON | unix.MAP_PRIVATE, noFD}},
		{name: "mprotect code", nr: unix.SYS_MPROTECT, args: [6]uintptr{uintptr(unsafe.Pointer(&page[0])), 4096, unix.PROT_READ | unix.PROT_EXEC}},
		{name: "personality", nr: unix.SYS_PERSONALITY, args: [6]uintptr{0xffffffff}},
		{name: "prctl PR_SET_DUMPABLE", nr: unix.SYS_PRCTL, args: [6]uintptr{unix.PR_SET_DUMPABLE, 1}},
		{name: "seccomp", nr: unix.SYS_SECCOMP, args: [6]uintptr{1000}},
		{name: "prlimit64", nr: unix.SYS_PRLIMIT64, args: [6]uintptr{0, unix.RLIMIT_NOFILE}},
		{name: "setsid", nr: unix.SYS_SETSID, mayEPERM: true},
		{name: "number unknown", nr: 5000},
	}
	if runtime.GOARCH == "amd64" { // what arm64 never had
		list = append(list,
			probe{name: "open", nr: 2, args: [6]uintptr{nullPath}},
			probe{name: "creat", nr: 85, args: [6]uintptr{awayPath}},
			probe{name: "stat", nr: 4, args: [6]uintptr{awayPath}},
			probe{name: "x32 getpid", nr: 1<<30 | unix.SYS_GETPID})
	}
	return list
}

// tryAll returns the name of the error of each probe, "" where it worked.
func tryAll() map[string]string {
	got := map[string]string{"fork": tryFork()}
	for _, p := range probes() {
		_, _, errno := unix.Syscall6(p.nr, p.args[0], p.args[1], p.args[2], p.args[3], p.args[4], p.args[5])
		got[p.name] = unix.ErrnoName(errno)
	}
	_, _, errno := unix.Syscall(unix.SYS_CLONE3, 0, 0, 0)
	got["clone3"] = unix.ErrnoName(errno)
	return got
}

// tryFork makes a process, where it can, that ends at once.
func tryFork() string {
	pid, _, errno := unix.RawSyscall6(unix.SYS_CLONE, uintptr(unix.SIGCHLD), 0, 0, 0, 0, 0)
	if errno == 0 && pid == 0 {
		unix.RawSyscall(unix.SYS_EXIT_GROUP, 0, 0, 0)
	}
	return unix.ErrnoName(errno)
}
