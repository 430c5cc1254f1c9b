//go:build linux && (amd64 || arm64)

package process

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/bauta-gateway/bauta/anonymize/sandbox/seccomp"
)

// hold keeps a lock on the file as long as the process lives: whoever wants to read a torn
// segment's end waits for that.
func hold(f *os.File) error {
	err := unix.Flock(int(f.Fd()), unix.LOCK_EX)
	if err == unix.ENOLCK || err == unix.EOPNOTSUPP {
		return nil // a share without locks
	}
	return err
}

// lock closes everything that the process does not need any more, for all its threads,
// and returns the layers. Landlock alone is left out where a system lacks it.
func lock() ([]string, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	// Small as it is, the process takes little: what it holds is mostly the access unit at hand.
	debug.SetGCPercent(25)
	time.Sleep(time.Nanosecond) // the runtime opens its poller now
	if err := unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}); err != nil {
		return nil, fmt.Errorf("no core: %w", err)
	}
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		return nil, fmt.Errorf("not dumpable: %w", err)
	}
	if err := allThreads(unix.SYS_PRCTL, unix.PR_SET_NO_NEW_PRIVS, 1); err != nil {
		return nil, fmt.Errorf("no new privileges: %w", err)
	}
	layers := []string{"not_dumpable", "no_new_privs"}
	if landlock() == nil {
		layers = append(layers, "landlock")
	}
	rules := seccomp.Rules{unix.SYS_FSYNC: seccomp.Pass()}
	if err := seccomp.Install(seccomp.Program(uint32(os.Getpid()), rules)); err != nil {
		return nil, err
	}
	return append(layers, "seccomp"), nil
}

// allThreads makes a call on each thread. In a program with C, the filter spreads the one
// setting that is needed.
func allThreads(call, a, b uintptr) error {
	_, _, errno := syscall.AllThreadsSyscall(call, a, b, 0)
	if errno == syscall.ENOTSUP {
		_, _, errno = syscall.RawSyscall(call, a, b, 0)
	}
	if errno != 0 {
		return errno
	}
	return nil
}

// landlock forbids everything that this kernel's Landlock knows: what is open stays open, and nothing else is
// opened, made, removed, renamed or cut, and no port is bound or connected.
func landlock() error {
	version, _, errno := unix.RawSyscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if errno != 0 {
		return errno
	}
	// Bits by version: linux/landlock.h. File system: 13 with version 1, then one each with 2, 3
	// and 5; network with 4; signals and abstract sockets with 6.
	set := struct{ fs, net, scoped uint64 }{fs: 1<<13 - 1}
	size := uintptr(8)
	for v, bits := range map[uintptr]uint64{2: 1 << 13, 3: 1 << 14, 5: 1 << 15} {
		if version >= v {
			set.fs |= bits
		}
	}
	if version >= 4 {
		set.net, size = 3, 16
	}
	if version >= 6 {
		set.scoped, size = 3, 24
	}
	fd, _, errno := unix.RawSyscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&set)), size, 0)
	if errno != 0 {
		return errno
	}
	defer unix.Close(int(fd))
	if _, _, errno := syscall.AllThreadsSyscall(unix.SYS_LANDLOCK_RESTRICT_SELF, fd, 0, 0); errno != 0 {
		return errors.Join(errors.New("landlock"), errno)
	}
	return nil
}
