//go:build linux && cgo && (amd64 || arm64)

package sandbox

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

const nobody = 65534

type child struct {
	t      *testing.T
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *bufio.Scanner
	stderr bytes.Buffer
}

// start runs the test binary as a child. It drops root, whose rights would
// hide what the lock-down does.
func start(t *testing.T, be string, attr *syscall.SysProcAttr, env ...string) *child {
	t.Helper()
	c := &child{t: t, cmd: exec.Command("/proc/self/exe")}
	c.cmd.Env = append(append(os.Environ(), "BAUTA_TEST_CHILD="+be), env...)
	c.cmd.Dir = folder(t)
	c.cmd.Stderr = &c.stderr
	if attr == nil {
		attr = &syscall.SysProcAttr{}
		if os.Getuid() == 0 {
			attr.Credential = &syscall.Credential{Uid: nobody, Gid: nobody}
		}
	}
	c.cmd.SysProcAttr = attr
	var err error
	if c.in, err = c.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	c.out = bufio.NewScanner(out)
	if err := c.cmd.Start(); err != nil {
		if attr.Cloneflags != 0 {
			t.Skipf("this system gives no namespaces: %v", err)
		}
		t.Fatal(err)
	}
	watchdog := time.AfterFunc(60*time.Second, func() { c.cmd.Process.Kill() })
	t.Cleanup(func() { watchdog.Stop(); c.cmd.Process.Kill(); c.cmd.Wait() })
	return c
}

// folder is one that nobody may use.
func folder(t *testing.T) string {
	dir := t.TempDir()
	for _, d := range []string{dir, filepath.Dir(dir)} {
		if err := os.Chmod(d, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func (c *child) report() report {
	c.t.Helper()
	var r report
	if !c.out.Scan() {
		c.t.Fatalf("the child is gone: %v\n%s", c.cmd.Wait(), c.stderr.String())
	}
	if err := json.Unmarshal(c.out.Bytes(), &r); err != nil {
		c.t.Fatalf("%v: %s", err, c.out.Text())
	}
	return r
}

func (c *child) next() {
	c.t.Helper()
	if _, err := c.in.Write([]byte{'\n'}); err != nil {
		c.t.Fatalf("%v\n%s", err, c.stderr.String())
	}
}

// end closes the child's input and waits.
func (c *child) end() *os.ProcessState {
	c.in.Close()
	c.cmd.Wait()
	return c.cmd.ProcessState
}

// mustEnd is end of a child that shall live to exit by itself.
func (c *child) mustEnd() {
	c.t.Helper()
	if s := c.end(); !s.Success() {
		c.t.Errorf("the child ends with %v\n%s", s, c.stderr.String())
	}
}

// checkTasks looks at every thread from outside.
func (c *child) checkTasks(want map[string]string) {
	c.t.Helper()
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", c.cmd.Process.Pid))
	if err != nil || len(tasks) < 5 {
		c.t.Fatalf("%d threads, %v", len(tasks), err)
	}
	seen := 0
	for _, path := range tasks {
		status, err := os.ReadFile(path)
		if err != nil {
			continue // the thread has ended
		}
		seen++
		for field, value := range want {
			if !strings.Contains(string(status), "\n"+field+":\t"+value+"\n") {
				c.t.Errorf("%s: %s is not %s", path, field, value)
			}
		}
	}
	if seen < 5 {
		c.t.Errorf("only %d of %d threads could be read", seen, len(tasks))
	}
}

var mandatory = []string{"no_new_privs", "not_dumpable", "rlimits", "seccomp"}

func TestLock(t *testing.T) {
	t.Parallel()
	c := start(t, "locked", nil)
	if r := c.report(); r.Err != "" || !slices.Equal(r.Layers, mandatory) {
		t.Fatalf("layers %v, error %q", r.Layers, r.Err)
	}
	c.checkTasks(map[string]string{"Seccomp": "2", "NoNewPrivs": "1"})
	checkLimits(t, c.cmd.Process.Pid)
	c.next()
	r := c.report()
	c.checkTasks(map[string]string{"Seccomp": "2", "NoNewPrivs": "1"})
	checkRefused(t, r)
	checkLoad(t, r)
	if r.Load["opened by C"] != 0 || r.Load["denied to C"] < 100 {
		t.Errorf("threads of C opened %d files, were refused %d", r.Load["opened by C"], r.Load["denied to C"])
	}
	c.mustEnd()
}

// TestOpen is the control: without Lock the probes of TestLock go through.
func TestOpen(t *testing.T) {
	t.Parallel()
	c := start(t, "open", nil)
	c.report()
	c.checkTasks(map[string]string{"Seccomp": "0"})
	c.next()
	r := c.report()
	checkLoad(t, r)
	if r.Load["opened by C"] == 0 {
		t.Error("threads of C opened nothing")
	}
	for on, got := range r.Probes {
		for _, p := range append(probes(), probe{name: "fork"}) {
			if got[p.name] == "EPERM" && !p.mayEPERM {
				t.Errorf("%s, %s: EPERM without a lock-down: the probe shows nothing", on, p.name)
			}
		}
	}
	c.mustEnd()
}

func checkRefused(t *testing.T, r report) {
	t.Helper()
	if len(r.Probes) != 5 {
		t.Errorf("%d threads tried, want 5", len(r.Probes))
	}
	for on, got := range r.Probes {
		for _, p := range append(probes(), probe{name: "fork"}) {
			if got[p.name] != "EPERM" {
				t.Errorf("%s, %s: %q, want EPERM", on, p.name, got[p.name])
			}
		}
		if got["clone3"] != "ENOSYS" {
			t.Errorf("%s, clone3: %q, want ENOSYS", on, got["clone3"])
		}
	}
}

func checkLoad(t *testing.T, r report) {
	t.Helper()
	for what, want := range map[string]int64{"gc": 20, "timers": 20, "threads": 20, "piped": 20, "called from C": 10} {
		if r.Load[what] != want {
			t.Errorf("%s: %d, want %d", what, r.Load[what], want)
		}
	}
}

func checkLimits(t *testing.T, pid int) {
	t.Helper()
	for name, want := range map[string]string{"Max core file size": "0 0", "Max open files": "1 1"} {
		if got := limitOf(t, pid, name); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
}

// limitOf returns a limit's soft and hard value.
func limitOf(t *testing.T, pid int, name string) string {
	t.Helper()
	limits, err := os.ReadFile(fmt.Sprintf("/proc/%d/limits", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(limits), name)
	fields := strings.Fields(rest)
	if len(fields) < 2 {
		t.Fatalf("no %s in\n%s", name, limits)
	}
	return fields[0] + " " + fields[1]
}

// TestPeek looks into a locked process with the eyes of its own user.
func TestPeek(t *testing.T) {
	t.Parallel()
	inspect := func(be string) map[string]string {
		c := start(t, be, nil)
		c.report()
		p := start(t, "peek", nil, fmt.Sprintf("BAUTA_TEST_PID=%d", c.cmd.Process.Pid))
		got := p.report().Probes["peek"]
		p.end()
		c.mustEnd()
		return got
	}
	open, locked := inspect("open"), inspect("locked")
	for what, want := range map[string]string{"mem": "EACCES", "process_vm_readv": "EPERM", "ptrace": "EPERM"} {
		if locked[what] != want {
			t.Errorf("%s of a locked process: %q, want %s", what, locked[what], want)
		}
		if open[what] == want {
			t.Logf("%s of an open process: %s too; this system guards it anyway", what, open[what])
		}
	}
}

func TestNoCore(t *testing.T) {
	t.Parallel()
	dies := func(lock string) (core bool, files []string) {
		c := start(t, "crash", nil, "BAUTA_TEST_LOCK="+lock, "GOTRACEBACK=crash")
		if r := c.report(); r.Err != "" {
			t.Fatal(r.Err)
		}
		c.next()
		s := c.end()
		if s.Sys().(syscall.WaitStatus).Signal() != unix.SIGABRT {
			t.Fatalf("ends with %v\n%s", s, c.stderr.String())
		}
		files, err := filepath.Glob(filepath.Join(c.cmd.Dir, "*"))
		if err != nil {
			t.Fatal(err)
		}
		return s.Sys().(syscall.WaitStatus).CoreDump(), files
	}
	if core, files := dies("yes"); core || len(files) != 0 {
		t.Errorf("a locked process leaves a core (%v) and files %v", core, files)
	}
	if core, _ := dies(""); !core {
		t.Log("an open process leaves no core either: the system or the limit of this test forbids it")
	}
}

func TestAddressSpace(t *testing.T) {
	t.Parallel()
	c := start(t, "hog", nil)
	if r := c.report(); r.Err != "" || !slices.Contains(r.Layers, "address_space") {
		t.Fatalf("layers %v, error %q", r.Layers, r.Err)
	}
	c.next()
	if c.out.Scan() {
		t.Error(c.out.Text())
	}
	if s := c.end(); s.Success() {
		t.Errorf("the hog ends with %v\n%s", s, c.stderr.String())
	}
}

// TestAddressSpaceFromOutside: who starts a worker under a limit of its own
// keeps that limit, and the lock-down does not fail over it.
func TestAddressSpaceFromOutside(t *testing.T) {
	t.Parallel()
	c := start(t, "bounded", nil)
	if r := c.report(); r.Err != "" || !slices.Contains(r.Layers, "address_space") {
		t.Fatalf("layers %v, error %q", r.Layers, r.Err)
	}
	if got := limitOf(t, c.cmd.Process.Pid, "Max address space"); got != fmt.Sprint(outsideLimit, " ", outsideLimit) {
		t.Errorf("limit %s", got)
	}
	c.mustEnd()
}

// TestFirstUse needs the poller and the time zone that Lock opens ahead.
func TestFirstUse(t *testing.T) {
	t.Parallel()
	const zone = "Asia/Shanghai"
	want := int64(8 * 3600)
	if _, err := os.Stat("/usr/share/zoneinfo/" + zone); err != nil {
		want = 0
	}
	c := start(t, "first", nil, "TZ="+zone)
	if r := c.report(); r.Err != "" || r.Load["zone"] != want {
		t.Errorf("error %q, zone %d s east, want %d", r.Err, r.Load["zone"], want)
	}
	c.mustEnd()
}

func TestLandlock(t *testing.T) {
	t.Parallel()
	version, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if errno != 0 {
		t.Skipf("this kernel has no Landlock: %v", errno)
	}
	dir := folder(t)
	for _, d := range []string{"ours", "other"} {
		if err := os.Mkdir(filepath.Join(dir, d), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, d, "f"), []byte("x"), 0o666); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(filepath.Join(dir, d), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	device := filepath.Join(dir, "device")
	if err := os.WriteFile(device, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(device, 0o666); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"read ours": "EACCES", "read other": "EACCES", "read the library": "", "write ours": "EACCES", "write a device": "",
		"create ours": "EACCES", "execute": "EACCES", "connect": "EACCES"}
	layers := []string{"no_new_privs", "not_dumpable", "rlimits", "landlock_fs"}
	if version >= 4 {
		layers = append(layers, "landlock_net")
	} else {
		want["connect"] = "ECONNREFUSED"
	}
	if version >= 6 {
		layers = append(layers, "landlock_scope")
	}
	layers = append(layers, "seccomp")
	// The variable asks for the lock-down and opens nothing, whatever it says.
	c := start(t, "confined", nil, "BAUTA_TEST_DIR="+dir, "BAUTA_WORKER_READ=/nowhere::"+filepath.Join(dir, "ours"), "BAUTA_WORKER_DEVICES="+device)
	r := c.report()
	if r.Err != "" || !slices.Equal(r.Layers, layers) {
		t.Errorf("layers %v, error %q", r.Layers, r.Err)
	}
	if len(r.Probes) != 2 || r.Load["opened by C"] != 0 || r.Load["denied to C"] == 0 {
		t.Errorf("%d threads tried; threads of C opened %d files, were refused %d", len(r.Probes), r.Load["opened by C"], r.Load["denied to C"])
	}
	for on, got := range r.Probes {
		for what, errno := range want {
			if got[what] != errno {
				t.Errorf("thread %s, %s: %q, want %q", on, what, got[what], errno)
			}
		}
	}
	c.mustEnd()
}

// TestNamespaces locks where the process is number 1 and /proc is of another
// PID namespace, as gateway/worker starts it.
func TestNamespaces(t *testing.T) {
	t.Parallel()
	uid, gid := os.Getuid(), os.Getgid()
	if uid == 0 {
		uid, gid = nobody, nobody
	}
	c := start(t, "locked", &syscall.SysProcAttr{
		Cloneflags:  unix.CLONE_NEWUSER | unix.CLONE_NEWNET | unix.CLONE_NEWIPC | unix.CLONE_NEWPID,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: nobody, HostID: uid, Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: nobody, HostID: gid, Size: 1}},
		Credential:  &syscall.Credential{Uid: nobody, Gid: nobody, NoSetGroups: true},
	}, "BAUTA_WORKER_READ=")
	if r := c.report(); r.Err != "" || !slices.Contains(r.Layers, "seccomp") {
		t.Fatalf("layers %v, error %q", r.Layers, r.Err)
	}
	c.next()
	r := c.report()
	c.checkTasks(map[string]string{"Seccomp": "2", "NoNewPrivs": "1"})
	checkRefused(t, r)
	checkLoad(t, r)
	c.mustEnd()
}
