package e2e

import (
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// olderCalls are on amd64 only.
var olderCalls = map[string]uint32{"time": unix.SYS_TIME}

// nobodysPID is above the kernel's largest.
const nobodysPID = 1<<30 - 1

// checkCalls has the live worker itself make calls, under the lock that it put
// up: one of its threads is stopped where it waits in the kernel, made to call
// something else, and put back as it was.
func checkCalls(t *testing.T, pid int) {
	tid := waiting(t, pid)
	self := innerPID(t, pid)
	for _, c := range []struct {
		name string
		want int64
		nr   uint64
		args [4]uint64
	}{
		{"getpid", int64(self), unix.SYS_GETPID, [4]uint64{}}, // the control: what is allowed works
		{"socket", -int64(unix.EPERM), unix.SYS_SOCKET, [4]uint64{unix.AF_INET, unix.SOCK_STREAM}},
		{"socket, local", -int64(unix.EPERM), unix.SYS_SOCKET, [4]uint64{unix.AF_UNIX, unix.SOCK_STREAM}},
		{"open", -int64(unix.EPERM), unix.SYS_OPEN, [4]uint64{}},
		{"openat", -int64(unix.EPERM), unix.SYS_OPENAT, [4]uint64{}},
		{"execve", -int64(unix.EPERM), unix.SYS_EXECVE, [4]uint64{}},
		{"ptrace", -int64(unix.EPERM), unix.SYS_PTRACE, [4]uint64{unix.PTRACE_ATTACH, nobodysPID}},
		{"io_uring_setup", -int64(unix.EPERM), unix.SYS_IO_URING_SETUP, [4]uint64{1}},
		{"process_vm_readv", -int64(unix.EPERM), unix.SYS_PROCESS_VM_READV, [4]uint64{nobodysPID}},
		{"fork", -int64(unix.EPERM), unix.SYS_FORK, [4]uint64{}},
		{"kill of its parent", -int64(unix.EPERM), unix.SYS_KILL, [4]uint64{uint64(syscall.Getpid())}},
		{"dup", -int64(unix.EPERM), unix.SYS_DUP, [4]uint64{3}},
	} {
		var got int64
		traced(t, tid, func() { got = inject(t, tid, c.nr, c.args) })
		if got != c.want {
			t.Errorf("%s: the worker gets %d, want %d", c.name, got, c.want)
		}
	}
}

// waiting finds a thread that waits in a system call.
func waiting(t *testing.T, pid int) (tid int) {
	t.Helper()
	eventually(t, "a thread waits", func() bool {
		for _, task := range threadsOf(t, pid) {
			id, _ := strconv.Atoi(filepath.Base(task))
			found := false
			traced(t, id, func() {
				var regs syscall.PtraceRegs
				found = syscall.PtraceGetRegs(id, &regs) == nil && int64(regs.Orig_rax) == unix.SYS_FUTEX && atSyscall(id, &regs)
			})
			if found {
				tid = id
				return true
			}
		}
		return false
	})
	return tid
}

// atSyscall says that the instruction before the next one is a system call.
func atSyscall(tid int, regs *syscall.PtraceRegs) bool {
	var code [2]byte
	n, err := syscall.PtracePeekText(tid, uintptr(regs.Rip-2), code[:])
	return err == nil && n == 2 && code == [2]byte{0x0f, 0x05}
}

// inject makes a stopped thread call nr and returns what the kernel answers.
func inject(t *testing.T, tid int, nr uint64, args [4]uint64) int64 {
	t.Helper()
	var was, now syscall.PtraceRegs
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(syscall.PtraceGetRegs(tid, &was))
	if !atSyscall(tid, &was) {
		t.Fatal("the thread has left its system call")
	}
	now = was
	now.Rip -= 2
	// The call that was interrupted is not to be taken up before ours.
	now.Orig_rax = ^uint64(0)
	now.Rax, now.Rdi, now.Rsi, now.Rdx, now.R10 = nr, args[0], args[1], args[2], args[3]
	must(syscall.PtraceSetRegs(tid, &now))
	must(syscall.PtraceSingleStep(tid))
	var ws syscall.WaitStatus
	_, err := syscall.Wait4(tid, &ws, unix.WALL, nil)
	must(err)
	if !ws.Stopped() || ws.StopSignal() != syscall.SIGTRAP {
		t.Fatalf("after one step: %v, %v", ws.Stopped(), ws.StopSignal())
	}
	must(syscall.PtraceGetRegs(tid, &now))
	must(syscall.PtraceSetRegs(tid, &was))
	return int64(now.Rax)
}

// crashBare has a live worker fault with no handler left, so that the kernel
// ends it. A signal from outside would not do: in its own namespace it is
// process 1, which those without a handler pass by.
func crashBare(t *testing.T, pid int) {
	t.Helper()
	tid := waiting(t, pid)
	traced(t, tid, func() {
		var regs syscall.PtraceRegs
		if err := syscall.PtraceGetRegs(tid, &regs); err != nil {
			t.Fatal(err)
		}
		// SIG_DFL without flags is all zeros; below the stack is room for it.
		place := (regs.Rsp - 4096) &^ 15
		if _, err := syscall.PtracePokeData(tid, uintptr(place), make([]byte, 32)); err != nil {
			t.Fatal(err)
		}
		if got := inject(t, tid, unix.SYS_RT_SIGACTION, [4]uint64{uint64(syscall.SIGSEGV), place, 0, 8}); got != 0 {
			t.Fatalf("the handler stays: %d", got)
		}
		regs.Rip, regs.Orig_rax = 0, ^uint64(0)
		if err := syscall.PtraceSetRegs(tid, &regs); err != nil {
			t.Fatal(err)
		}
	})
}
