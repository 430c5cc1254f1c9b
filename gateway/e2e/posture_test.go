package e2e

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"

	"github.com/bauta-gateway/bauta/gateway/worker"
)

// TestE2EPosture looks at the worker of a running gateway from outside, as
// root does: what the kernel says of it, and what it lets it do.
func TestE2EPosture(t *testing.T) {
	i := install(t)
	layers := i.masking(t).Layers
	pid := i.workerPID(t)
	t.Logf("layers %v", layers)
	t.Run("threads", func(t *testing.T) { checkThreads(t, pid) })
	t.Run("descriptors", func(t *testing.T) { checkDescriptors(t, pid) })
	t.Run("limits", func(t *testing.T) { checkLimits(t, pid) })
	t.Run("layers", func(t *testing.T) { checkLayers(t, pid, layers) })
	t.Run("filter", func(t *testing.T) { checkFilter(t, pid) })
	t.Run("calls", func(t *testing.T) { checkCalls(t, pid) })
	before := i.camera(t).Totals.Pictures
	eventually(t, "the worker goes on", func() bool { return i.camera(t).Totals.Pictures > before+5 })
	if i.workerPID(t) != pid {
		t.Error("the worker died of being looked at")
	}
}

// threadStatus returns a field of a thread's status.
func threadStatus(t *testing.T, path, field string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(path, "status"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(b), "\n"+field+":")
	if !ok {
		t.Fatalf("%s has no %s", path, field)
	}
	line, _, _ := strings.Cut(rest, "\n")
	return strings.TrimSpace(line)
}

func threadsOf(t *testing.T, pid int) []string {
	t.Helper()
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*", pid))
	if err != nil || len(tasks) < 3 {
		t.Fatalf("worker %d has %d threads, %v", pid, len(tasks), err)
	}
	return tasks
}

func checkThreads(t *testing.T, pid int) {
	for _, task := range threadsOf(t, pid) {
		for field, want := range map[string]string{"Seccomp": "2", "NoNewPrivs": "1"} {
			if got := threadStatus(t, task, field); got != want {
				t.Errorf("%s: %s is %s, want %s", task, field, got, want)
			}
		}
	}
}

// kernelOwn are descriptors that the Go runtime opened ahead of the lock: its
// event queue, and the processor limit of its control group, which it reads again
// now and then.
var kernelOwn = regexp.MustCompile(`^(anon_inode:\[(eventpoll|eventfd)\]|/sys/fs/cgroup/.*cpu\..*)$`)

func checkDescriptors(t *testing.T, pid int) {
	links, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
	if err != nil || len(links) < 5 {
		t.Fatalf("%d descriptors seen, %v: run as root", len(links), err)
	}
	want := map[int]string{0: "/dev/null", 1: "/dev/null", 2: "pipe:", 3: "pipe:", 4: "pipe:"}
	for _, link := range links {
		fd, _ := strconv.Atoi(filepath.Base(link))
		target, err := os.Readlink(link)
		if prefix, ok := want[fd]; err != nil || ok && !strings.HasPrefix(target, prefix) || !ok && !kernelOwn.MatchString(target) {
			t.Errorf("descriptor %d is %s, %v", fd, target, err)
		}
	}
}

func checkLimits(t *testing.T, pid int) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/limits", pid))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"Max core file size": `0 +0`, "Max open files": `1 +1`, "Max address space": `\d+ +\d+`,
	} {
		if !regexp.MustCompile(name + ` +` + want + ` `).Match(b) {
			t.Errorf("%s is not %s in\n%s", name, want, b)
		}
	}
}

// checkLayers holds what the status says against what is.
func checkLayers(t *testing.T, pid int, layers []string) {
	for _, layer := range []string{"no_new_privs", "not_dumpable", "address_space", "rlimits", "seccomp"} {
		if !slices.Contains(layers, layer) {
			t.Errorf("the status does not name %s", layer)
		}
	}
	for layer, ns := range map[string]string{"user_namespace": "user", "network_namespace": "net", "ipc_namespace": "ipc", "pid_namespace": "pid"} {
		ours, err := os.Readlink("/proc/self/ns/" + ns)
		theirs, err2 := os.Readlink(fmt.Sprintf("/proc/%d/ns/%s", pid, ns))
		if err != nil || err2 != nil || slices.Contains(layers, layer) != (ours != theirs) {
			t.Errorf("%s: %s beside our %s, the status names %v; %v, %v", layer, theirs, ours, layers, err, err2)
		}
	}
	if slices.Contains(layers, "user_namespace") {
		if got := threadStatus(t, fmt.Sprintf("/proc/%d", pid), "CapEff"); got != "0000000000000000" {
			t.Errorf("capabilities %s", got)
		}
	}
	for _, layer := range worker.BestEffort {
		if !slices.Contains(layers, layer) {
			t.Logf("not in force on this system: %s", layer)
		}
	}
}

// traced runs f while a thread is stopped, as a debugger would.
func traced(t *testing.T, tid int, f func()) {
	t.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := syscall.PtraceAttach(tid); err != nil {
		t.Skipf("this user may not trace the worker: %v", err)
	}
	defer syscall.PtraceDetach(tid)
	var ws syscall.WaitStatus
	if _, err := syscall.Wait4(tid, &ws, unix.WALL, nil); err != nil || !ws.Stopped() {
		t.Fatalf("thread %d does not stop: %v, %v", tid, ws, err)
	}
	f()
}

// filters fetches the seccomp filters of a thread from the kernel.
func filters(t *testing.T, tid int) (all []*bpf.VM) {
	t.Helper()
	traced(t, tid, func() {
		for index := uintptr(0); ; index++ {
			n, _, errno := unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_SECCOMP_GET_FILTER, uintptr(tid), index, 0, 0, 0)
			switch {
			case errno == unix.ENOENT && index > 0:
				return
			case errno != 0:
				t.Skipf("this kernel does not show filters: %v", errno)
			}
			raw := make([]bpf.RawInstruction, n)
			unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_SECCOMP_GET_FILTER, uintptr(tid), index, uintptr(unsafe.Pointer(&raw[0])), 0, 0)
			ins, _ := bpf.Disassemble(raw)
			vm, err := bpf.NewVM(ins)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, vm)
		}
	})
	return all
}

var auditArch = map[string]uint32{"amd64": unix.AUDIT_ARCH_X86_64, "arm64": unix.AUDIT_ARCH_AARCH64}[runtime.GOARCH]

// verdict runs a call through all filters; the strictest one counts.
func verdict(t *testing.T, all []*bpf.VM, arch, nr uint32, args ...uint64) uint32 {
	t.Helper()
	data := make([]byte, 16, 64)
	binary.BigEndian.PutUint32(data, nr)
	binary.BigEndian.PutUint32(data[4:], arch)
	for i := range 6 {
		var a uint64
		if i < len(args) {
			a = args[i]
		}
		// The interpreter reads words as they come from the network.
		data = binary.BigEndian.AppendUint32(data, uint32(a))
		data = binary.BigEndian.AppendUint32(data, uint32(a>>32))
	}
	strictest := uint32(unix.SECCOMP_RET_ALLOW)
	for _, vm := range all {
		got, err := vm.Run(data)
		if err != nil {
			t.Fatal(err)
		}
		strictest = min(strictest, uint32(got))
	}
	return strictest
}

// checkFilter holds the filter of the live worker against docs/security.md:
// what the page does not name is refused.
func checkFilter(t *testing.T, pid int) {
	all := filters(t, pid)
	listed := documentedCalls(t)
	ones := []uint64{1<<64 - 1, 1<<64 - 1, 1<<64 - 1, 1<<64 - 1, 1<<64 - 1, 1<<64 - 1}
	for nr := range uint32(1024) {
		zeros := verdict(t, all, auditArch, nr)
		free := zeros == unix.SECCOMP_RET_ALLOW && verdict(t, all, auditArch, nr, ones...) == unix.SECCOMP_RET_ALLOW
		if free != listed[nr] {
			t.Errorf("call %d: allowed %v, documented %v", nr, free, listed[nr])
		}
		if x32 := verdict(t, all, auditArch, nr|1<<30); x32 == unix.SECCOMP_RET_ALLOW {
			t.Errorf("call %d is allowed in its x32 form", nr)
		}
		if foreign := verdict(t, all, unix.AUDIT_ARCH_I386, nr); foreign == unix.SECCOMP_RET_ALLOW {
			t.Errorf("call %d is allowed to 32-bit code", nr)
		}
	}
	checkConditions(t, all, uint64(innerPID(t, pid)))
}

// innerPID is the worker's number in its own PID namespace.
func innerPID(t *testing.T, pid int) int {
	t.Helper()
	fields := strings.Fields(threadStatus(t, fmt.Sprintf("/proc/%d", pid), "NSpid"))
	inner, err := strconv.Atoi(fields[len(fields)-1])
	if err != nil {
		t.Fatal(err)
	}
	return inner
}

// checkConditions tries what is allowed with some arguments only.
func checkConditions(t *testing.T, all []*bpf.VM, self uint64) {
	const thread = 0x3d0f00 // glibc's flags
	const no, unknown = unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM), unix.SECCOMP_RET_ERRNO | uint32(unix.ENOSYS)
	for _, c := range []struct {
		what string
		nr   uint32
		args []uint64
		want uint32
	}{
		{"socket", unix.SYS_SOCKET, []uint64{unix.AF_INET, unix.SOCK_STREAM}, no},
		{"openat", unix.SYS_OPENAT, nil, no},
		{"execve", unix.SYS_EXECVE, nil, no},
		{"execveat", unix.SYS_EXECVEAT, nil, no},
		{"ptrace", unix.SYS_PTRACE, nil, no},
		{"io_uring_setup", unix.SYS_IO_URING_SETUP, nil, no},
		{"clone of a thread", unix.SYS_CLONE, []uint64{thread}, unix.SECCOMP_RET_ALLOW},
		{"clone of a process", unix.SYS_CLONE, []uint64{uint64(unix.SIGCHLD)}, no},
		{"clone into a namespace", unix.SYS_CLONE, []uint64{thread | unix.CLONE_NEWNET}, no},
		{"clone3", unix.SYS_CLONE3, nil, unknown},
		{"mmap of data", unix.SYS_MMAP, []uint64{0, 4096, unix.PROT_READ | unix.PROT_WRITE}, unix.SECCOMP_RET_ALLOW},
		{"mmap of code", unix.SYS_MMAP, []uint64{0, 4096, unix.PROT_EXEC}, no},
		{"mprotect to code", unix.SYS_MPROTECT, []uint64{0, 4096, unix.PROT_READ | unix.PROT_EXEC}, no},
		{"tgkill of itself", unix.SYS_TGKILL, []uint64{self, self, 23}, unix.SECCOMP_RET_ALLOW},
		{"tgkill of another", unix.SYS_TGKILL, []uint64{self + 1, self + 1, 9}, no},
		{"kill of all", unix.SYS_KILL, []uint64{1<<64 - 1, 9}, no},
		{"fcntl F_DUPFD", unix.SYS_FCNTL, []uint64{3, unix.F_DUPFD}, no},
		{"prctl PR_SET_DUMPABLE", unix.SYS_PRCTL, []uint64{unix.PR_SET_DUMPABLE, 1}, no},
	} {
		if got := verdict(t, all, auditArch, c.nr, c.args...); got != c.want {
			t.Errorf("%s: %#x, want %#x", c.what, got, c.want)
		}
	}
}

// callNumbers are the calls that docs/security.md may name as always allowed.
var callNumbers = map[string]uint32{
	"read": unix.SYS_READ, "write": unix.SYS_WRITE, "writev": unix.SYS_WRITEV, "pread64": unix.SYS_PREAD64,
	"lseek": unix.SYS_LSEEK, "fstat": unix.SYS_FSTAT, "close": unix.SYS_CLOSE, "epoll_ctl": unix.SYS_EPOLL_CTL, "epoll_pwait": unix.SYS_EPOLL_PWAIT,
	"futex": unix.SYS_FUTEX, "sched_yield": unix.SYS_SCHED_YIELD, "sched_getaffinity": unix.SYS_SCHED_GETAFFINITY, "getcpu": unix.SYS_GETCPU,
	"getpid": unix.SYS_GETPID, "gettid": unix.SYS_GETTID, "set_robust_list": unix.SYS_SET_ROBUST_LIST, "rseq": unix.SYS_RSEQ,
	"restart_syscall": unix.SYS_RESTART_SYSCALL, "exit": unix.SYS_EXIT, "exit_group": unix.SYS_EXIT_GROUP,
	"rt_sigaction": unix.SYS_RT_SIGACTION, "rt_sigprocmask": unix.SYS_RT_SIGPROCMASK, "rt_sigreturn": unix.SYS_RT_SIGRETURN, "sigaltstack": unix.SYS_SIGALTSTACK,
	"nanosleep": unix.SYS_NANOSLEEP, "clock_nanosleep": unix.SYS_CLOCK_NANOSLEEP, "clock_gettime": unix.SYS_CLOCK_GETTIME, "gettimeofday": unix.SYS_GETTIMEOFDAY,
	"munmap": unix.SYS_MUNMAP, "madvise": unix.SYS_MADVISE, "brk": unix.SYS_BRK, "mremap": unix.SYS_MREMAP,
	"sysinfo": unix.SYS_SYSINFO, "getrandom": unix.SYS_GETRANDOM,
}

// documentedCalls reads the list in docs/security.md. Those that only amd64 has
// stand in brackets there.
func documentedCalls(t *testing.T) map[uint32]bool {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "docs", "security.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(b), "<!-- calls: begin -->")
	list, _, ok := strings.Cut(rest, "<!-- calls: end -->")
	if !ok {
		t.Fatal("docs/security.md has no list of calls")
	}
	out := map[uint32]bool{}
	for _, name := range regexp.MustCompile(`\(?[a-z0-9_]+\)?`).FindAllString(list, -1) {
		plain := strings.Trim(name, "()")
		nr, ok := callNumbers[plain]
		if older, is := olderCalls[plain]; is && plain != name {
			nr, ok = older, true
		}
		switch {
		case ok:
			out[nr] = true
		case plain == name:
			t.Errorf("docs/security.md names %s, which has no number here", name)
		}
	}
	return out
}
