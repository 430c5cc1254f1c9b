package worker

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/bauta-gateway/bauta/anonymize/wire"
)

// Layers that a child cannot know of itself. Ready's layers name them first.
var (
	namespaceLayers = []string{"user_namespace", "network_namespace", "ipc_namespace", "pid_namespace"}
	oomFirstLayer   = "oom_first"
)

// MemoryClosed is the layer that keeps programs of the gateway's own user out of
// the worker's memory. Where that user is root there is no such layer.
const MemoryClosed = "memory_closed"

// BestEffort lists the layers of the lock-down that a system may lack: the
// worker works without them. docs/security.md says what remains.
var BestEffort = append(slices.Clone(namespaceLayers), MemoryClosed, oomFirstLayer,
	"landlock_fs", "landlock_net", "landlock_scope")

// nobody is who a child is inside its own user namespace.
const nobody = 65534

// noNamespaces is set once this system has refused them for good.
var noNamespaces atomic.Bool

// program is what to start: the worker and the only files that it may open
// beside the system's own.
type program struct {
	path    string
	devices []string // an accelerator's, to write to as well
}

func programFor(path string, hello wire.Hello) program {
	return program{path: path, devices: hello.Use.Devices}
}

// command makes the command for p. The child gets nothing of this process but
// the descriptors that the caller adds: no secret can reach it by argument
// or environment. BAUTA_WORKER_READ asks for the worker's own lock-down, BAUTA_WORKER_DEVICES
// tells it which devices to leave open (see anonymize/sandbox).
func (p program) command(namespaces bool) *exec.Cmd {
	cmd := exec.Command(p.path)
	cmd.Env = []string{"LANG=C", "BAUTA_WORKER_READ="}
	if len(p.devices) > 0 {
		cmd.Env = append(cmd.Env, "BAUTA_WORKER_DEVICES="+strings.Join(p.devices, ":"))
	}
	// An own process group keeps a terminal's Ctrl-C from the child: this
	// process decides when it ends, or takes it along when it ends itself.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if namespaces {
		confine(cmd.SysProcAttr)
	}
	return cmd
}

// confine gives the child a user, network, IPC and PID namespace of its own:
// a network without interfaces and nobody to signal. The user stays the same to
// the outside, so that files are as readable as before.
//
// The kernel gives the user who made a user namespace all rights over what
// runs in it: being not dumpable then does not keep other processes of this user
// from tracing the child. It does where the program's file may be executed and
// not read (mode 0711, another owner), which is how the package installs it.
func confine(attr *syscall.SysProcAttr) {
	attr.Cloneflags = syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET | syscall.CLONE_NEWIPC | syscall.CLONE_NEWPID
	attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: nobody, HostID: os.Getuid(), Size: 1}}
	attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: nobody, HostID: os.Getgid(), Size: 1}}
	attr.Credential = &syscall.Credential{Uid: nobody, Gid: nobody, NoSetGroups: true}
}

// start starts p with these descriptors, in namespaces of its own
// where the system allows that. It returns the command that runs and the layers around it.
func (p program) start(attach func(*exec.Cmd), log *slog.Logger) (*exec.Cmd, []string, error) {
	var refused error
	if !noNamespaces.Load() {
		cmd := p.command(true)
		attach(cmd)
		first, err := startFirstToGo(cmd)
		if err == nil {
			return cmd, append(slices.Clone(namespaceLayers), first...), nil
		}
		refused = err
	}
	cmd := p.command(false)
	attach(cmd)
	first, err := startFirstToGo(cmd)
	if err != nil {
		return nil, nil, err
	}
	if refused != nil {
		noNamespaces.Store(forGood(refused))
		log.Info("this system gives the worker no namespaces of its own: one layer of its lock-down less", "error", refused)
	}
	return cmd, first, nil
}

// oomFile says how much larger than it is a process counts, in thousandths of the
// host's memory, when the kernel searches for one to end because memory is out.
const (
	oomFile = "/proc/self/oom_score_adj"
	oomMore = 300
)

var oomMutex sync.Mutex

// startFirstToGo starts a child that the kernel ends ahead of this process. The
// child's own file cannot be written: it is root's, as the child is not
// dumpable. So this process takes on the value that the child inherits, for as
// long as the start takes.
func startFirstToGo(cmd *exec.Cmd) (layers []string, err error) {
	oomMutex.Lock()
	defer oomMutex.Unlock()
	was, more := 0, false
	if b, err := os.ReadFile(oomFile); err == nil {
		if _, err := fmt.Sscan(string(b), &was); err == nil && was < oomMore {
			more = os.WriteFile(oomFile, fmt.Append(nil, oomMore), 0) == nil
		}
	}
	if more {
		layers = []string{oomFirstLayer}
		defer os.WriteFile(oomFile, fmt.Append(nil, was), 0)
	}
	return layers, cmd.Start()
}

// forGood reports whether the system will refuse namespaces the next time too.
func forGood(err error) bool {
	for _, no := range []error{syscall.EPERM, syscall.EACCES, syscall.ENOSYS, syscall.EINVAL, syscall.ENOSPC} {
		if errors.Is(err, no) {
			return true
		}
	}
	return false
}

// memoryClosed finds out by trial whether processes of this user can read the
// child's memory. Where the trial shows nothing, as under a filter that forbids the
// call altogether, the answer is no.
func memoryClosed(pid int) bool {
	return peek(os.Getpid()) == unix.EFAULT && peek(pid) == unix.EPERM
}

// peek reads a byte from where no process has one.
func peek(pid int) error {
	var b [1]byte
	local := []unix.Iovec{{Base: &b[0], Len: 1}}
	_, err := unix.ProcessVMReadv(pid, local, []unix.RemoteIovec{{Base: 1, Len: 1}}, 0)
	return err
}
