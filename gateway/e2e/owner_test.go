package e2e

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"

	"golang.org/x/sys/unix"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/demo"
	"github.com/bauta-gateway/bauta/gateway/worker/executable"
	"github.com/bauta-gateway/bauta/hardware"
)

// installed is a gateway of its own user, with a worker that this user may run
// and not read, as the package installs both.
type installed struct {
	dir    string
	log    *logTo
	daemon *exec.Cmd
	client *api.Client
}

const nobodysID = 65534

// asNobody makes cmd run as a user without rights in a folder of its own.
func asNobody(cmd *exec.Cmd, dir string) *exec.Cmd {
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobodysID, Gid: nobodysID}}
	cmd.Dir, cmd.Env = dir, []string{"LC_ALL=C", "PATH=" + os.Getenv("PATH")}
	return cmd
}

// nobodysFolder is one that nobody owns, on a way that all may go.
func nobodysFolder(t *testing.T) string {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("only root can run things as another user")
	}
	dir := t.TempDir()
	if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(dir, nobodysID, nobodysID); err != nil {
		t.Fatal(err)
	}
	return dir
}

// unlimitedCores lets what is started from here on leave core files.
func unlimitedCores(t *testing.T) {
	t.Helper()
	var was unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_CORE, &was); err != nil {
		t.Fatal(err)
	}
	if err := unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{Cur: was.Max, Max: was.Max}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Setrlimit(unix.RLIMIT_CORE, &was) })
}

// install puts the programs where nobody can use them, and runs
// the daemon as nobody.
func install(t *testing.T) *installed {
	t.Helper()
	needWorker(t)
	i := &installed{dir: nobodysFolder(t), log: &logTo{}}
	programs := t.TempDir()
	copyFile(t, filepath.Join("..", "..", "build", "bauta"), filepath.Join(programs, "bauta"), 0o755)
	copyFile(t, builtWorker, filepath.Join(programs, executable.Name), 0o711)
	worker := "worker: {binary: " + filepath.Join(programs, executable.Name)
	clip, err := demo.Start(t.Context(), clip(t), quiet())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(clip.Close)
	cfg := config.Default()
	cfg.Data = filepath.Join(i.dir, "data")
	settings := "rtsp: {address: \"127.0.0.1:0\", udp: false}\nmqtt: {embedded_address: \"127.0.0.1:0\"}\nconsole: {address: \"\"}\n" + worker + "}\n"
	file := filepath.Join(i.dir, "bauta.yaml")
	if err := os.WriteFile(file, []byte(settings), 0o644); err != nil {
		t.Fatal(err)
	}
	address := strings.Replace(clip.URL(), "rtsp://", "rtsp://"+clip.User()+":"+clip.Password()+"@", 1)
	i.daemon = asNobody(exec.Command(filepath.Join(programs, "bauta"), "run", "--config", file, "--data", cfg.Data, "--camera", address), i.dir)
	i.daemon.Stderr = i.log
	if err := i.daemon.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { i.daemon.Process.Signal(syscall.SIGTERM); i.daemon.Wait() })
	i.client = api.NewClient(cfg.Socket(), text.EN)
	return i
}

func copyFile(t *testing.T, from, to string, mode os.FileMode) {
	t.Helper()
	if err := os.Chmod(filepath.Dir(to), 0o755); err != nil {
		t.Fatal(err)
	}
	in, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	if _, err := io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
	if err := out.Chmod(mode); err != nil {
		t.Fatal(err)
	}
}

// camera is the status of the only one, once the daemon answers.
func (i *installed) camera(t *testing.T) (cam api.CameraStatus) {
	t.Helper()
	eventually(t, "the daemon answers", func() bool {
		cams, err := i.client.Cameras(t.Context())
		if err == nil && len(cams) == 1 {
			cam = cams[0]
		}
		return cam.ID != ""
	})
	return cam
}

// masking waits for the camera's frames.
func (i *installed) masking(t *testing.T) (w api.WorkerStatus) {
	t.Helper()
	eventually(t, "the camera is masked", func() bool {
		w = i.camera(t).Worker
		return w.State == "masking"
	})
	return w
}

// workerPID finds the daemon's child.
func (i *installed) workerPID(t *testing.T) (pid int) {
	t.Helper()
	eventually(t, "a worker runs", func() bool {
		stats, _ := filepath.Glob("/proc/[0-9]*/stat")
		for _, path := range stats {
			b, _ := os.ReadFile(path)
			_, rest, _ := strings.Cut(string(b), ") ")
			var state string
			var parent int
			if _, err := fmt.Sscan(rest, &state, &parent); err == nil && parent == i.daemon.Process.Pid && state != "Z" {
				fmt.Sscan(string(b), &pid)
				return true
			}
		}
		return false
	})
	return pid
}

// TestE2EOwnUser is what a second program of the gateway's own user can see of
// the worker: nothing.
func TestE2EOwnUser(t *testing.T) {
	i := install(t)
	layers := i.masking(t).Layers
	if !slices.Contains(layers, "memory_closed") {
		t.Errorf("the status does not say that the memory is closed: %v", layers)
	}
	pid := i.workerPID(t)
	for _, file := range []string{"mem", "environ", "maps"} {
		if got := i.reads(t, pid, file); !strings.Contains(got, "Permission denied") {
			t.Errorf("/proc/%d/%s of the worker: %q", pid, file, got)
		}
		// The control: the daemon's own are open to its user.
		if got := i.reads(t, i.daemon.Process.Pid, file); strings.Contains(got, "Permission denied") {
			t.Logf("%s of the daemon: %q; this system closes it anyway", file, got)
		}
	}
	if got, err := i.run(t, "ls", fmt.Sprintf("/proc/%d/fd/", pid)); err == nil {
		t.Errorf("descriptors of the worker: %s", got)
	}
	if _, err := exec.LookPath("strace"); err != nil {
		t.Log("strace is not installed: tracing was not tried")
		return
	}
	if got, _ := i.run(t, "timeout", "2", "strace", "-p", fmt.Sprint(pid)); !strings.Contains(got, "Operation not permitted") {
		t.Errorf("tracing the worker: %q", got)
	}
}

func (i *installed) reads(t *testing.T, pid int, file string) string {
	t.Helper()
	got, _ := i.run(t, "head", "-c", "1", fmt.Sprintf("/proc/%d/%s", pid, file))
	return got
}

func (i *installed) run(t *testing.T, name string, args ...string) (string, error) {
	t.Helper()
	out, err := asNobody(exec.Command(name, args...), i.dir).CombinedOutput()
	return string(out), err
}

// TestE2ENoCore has a worker die of SIGSEGV where cores are wanted: by the
// signal itself, past Go's own handler, and through that.
func TestE2ENoCore(t *testing.T) {
	unlimitedCores(t)
	i := install(t)
	i.masking(t)
	i.control(t)
	for _, crash := range []func(*testing.T, int){crashBare, crashInRuntime} {
		pid := i.workerPID(t)
		crash(t, pid)
		eventually(t, "another worker", func() bool { return i.workerPID(t) != pid })
		i.masking(t)
	}
	if log := i.log.String(); strings.Contains(log, "core dumped") || !strings.Contains(log, "worker ended") {
		t.Errorf("the daemon's log:\n%s", log)
	}
	left, err := filepath.Glob(filepath.Join(i.dir, "*"))
	if err != nil || len(left) != 2 { // data, bauta.yaml
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// crashInRuntime has the Go runtime's handler find the fault.
func crashInRuntime(t *testing.T, pid int) {
	t.Helper()
	if err := syscall.Kill(pid, syscall.SIGSEGV); err != nil {
		t.Fatal(err)
	}
}

// control shows that a core would be written here.
func (i *installed) control(t *testing.T) {
	t.Helper()
	dir := nobodysFolder(t)
	cmd := asNobody(exec.Command("sleep", "60"), dir)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	cmd.Process.Signal(syscall.SIGSEGV)
	cmd.Wait()
	if !cmd.ProcessState.Sys().(syscall.WaitStatus).CoreDump() {
		t.Log("another program leaves no core here either: the system forbids it")
	}
}

// The real worker tries what the device files promise, and the reasons tell
// that they promised too much.
func TestE2ETrialOfAbsentDevices(t *testing.T) {
	needWorker(t)
	for _, path := range []string{"/dev/video10", "/dev/mpp_service", "/dev/nvidia0"} {
		if _, err := os.Stat(path); err == nil {
			t.Skipf("%s is really here", path)
		}
	}
	box := hardware.At(fstest.MapFS{
		"sys/class/video4linux/video10/name": &fstest.MapFile{Data: []byte("bcm2835-codec-decode\n")},
		"dev/mpp_service":                    &fstest.MapFile{},
		"dev/nvidia0":                        &fstest.MapFile{},
	})
	all, use := executable.ChooseAccelerator(t.Context(), box, realParts(), "auto", text.EN)
	if use.Accelerator != "" {
		t.Errorf("chosen: %+v", use)
	}
	for _, c := range all {
		why := strings.Join(c.Why, "; ")
		t.Logf("%s: %s", c.Name, why)
		if c.Used() || !strings.HasPrefix(why, "not used: ") {
			t.Errorf("%s: %s", c.Name, why)
		}
	}
}
