package worker

import (
	"errors"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"syscall"

	"github.com/bauta-gateway/bauta/gateway/wire"
)

// namespacesLayer is what Ready's layers say of a child in its own namespaces,
// which it cannot know itself.
const namespacesLayer = "namespaces"

// nobody is who a child is inside its own user namespace.
const nobody = 65534

// noNamespaces is set once this system has refused them for good.
var noNamespaces atomic.Bool

// program is what to start: the worker and the only files that it may open.
type program struct {
	path    string
	reads   []string
	devices []string // an accelerator's, to write to as well
}

func programFor(path string, hello wire.Hello) program {
	p := program{path: path, devices: hello.Use.Devices}
	for _, file := range []string{hello.Model, hello.Cascades} {
		if file != "" {
			p.reads = append(p.reads, file)
		}
	}
	return p
}

// command makes the command for p. The child gets nothing of this process but
// the descriptors that the caller adds: no secret can reach it by argument
// or environment. BAUTA_WORKER_READ and BAUTA_WORKER_DEVICES tell the worker's own
// lock-down which files to leave open to it (see anonymize/sandbox).
func (p program) command(namespaces bool) *exec.Cmd {
	cmd := exec.Command(p.path)
	cmd.Env = []string{"LANG=C", "BAUTA_WORKER_READ=" + strings.Join(p.reads, ":")}
	if len(p.devices) > 0 {
		cmd.Env = append(cmd.Env, "BAUTA_WORKER_DEVICES="+strings.Join(p.devices, ":"))
	}
	// An own process group keeps a terminal's Ctrl-C from the child: this
	// process decides when it ends, or takes it along when it dies itself.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if namespaces {
		confine(cmd.SysProcAttr)
	}
	return cmd
}

// confine gives the child a user, network, IPC and PID namespace of its own:
// a network without interfaces and nobody to signal. The user stays the same to
// the outside, so that files are as readable as before.
func confine(attr *syscall.SysProcAttr) {
	attr.Cloneflags = syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET | syscall.CLONE_NEWIPC | syscall.CLONE_NEWPID
	attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: nobody, HostID: os.Getuid(), Size: 1}}
	attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: nobody, HostID: os.Getgid(), Size: 1}}
	attr.Credential = &syscall.Credential{Uid: nobody, Gid: nobody, NoSetGroups: true}
}

// start starts p with these descriptors, in namespaces of its own
// where the system allows that. The cmd is the one that runs.
func (p program) start(attach func(*exec.Cmd), log *slog.Logger) (cmd *exec.Cmd, namespaces bool, err error) {
	var refused error
	if !noNamespaces.Load() {
		cmd = p.command(true)
		attach(cmd)
		if refused = cmd.Start(); refused == nil {
			return cmd, true, nil
		}
	}
	cmd = p.command(false)
	attach(cmd)
	if err = cmd.Start(); err != nil {
		return nil, false, err
	}
	if refused != nil {
		noNamespaces.Store(forGood(refused))
		log.Info("this system gives the worker no namespaces of its own: one layer of its lock-down less", "error", refused)
	}
	return cmd, false, nil
}

// forGood tells whether the system will refuse namespaces the next time too.
func forGood(err error) bool {
	for _, no := range []error{syscall.EPERM, syscall.EACCES, syscall.ENOSYS, syscall.EINVAL, syscall.ENOSPC} {
		if errors.Is(err, no) {
			return true
		}
	}
	return false
}
