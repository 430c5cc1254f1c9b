//go:build linux

package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/hanwen/go-fuse/v2/fs"
	"github.com/hanwen/go-fuse/v2/fuse"

	"github.com/bauta-gateway/bauta/config/faultlog"
)

// stalledFS plays a file system: it shows a folder at another place, and from
// SIGUSR1 to SIGUSR2 all that writes hangs, as on a disk that does not answer.
func stalledFS() {
	from, at := os.Args[1], os.Args[2]
	var is syscall.Stat_t
	if err := syscall.Stat(from, &is); err != nil {
		panic(err)
	}
	root := &fs.LoopbackRoot{Path: from, Dev: uint64(is.Dev), NewNode: func(data *fs.LoopbackRoot, _ *fs.Inode, _ string, _ *syscall.Stat_t) fs.InodeEmbedder {
		return &stallingNode{fs.LoopbackNode{RootData: data}}
	}}
	top := &stallingNode{fs.LoopbackNode{RootData: root}}
	root.RootNode = top
	server, err := fs.Mount(at, top, &fs.Options{MountOptions: fuse.MountOptions{DirectMountStrict: true, Name: "stalled"}})
	if err != nil {
		panic(err)
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGUSR1, syscall.SIGUSR2)
	go func() {
		for s := range signals {
			if s == syscall.SIGUSR1 {
				disk.Lock()
			} else {
				disk.Unlock()
			}
		}
	}()
	fmt.Println("mounted")
	server.Wait()
}

// disk is held, for writing, while it hangs.
var disk sync.RWMutex

func answers() {
	disk.RLock()
	defer disk.RUnlock()
}

type stallingNode struct{ fs.LoopbackNode }

var (
	_ fs.NodeWriter  = &stallingNode{}
	_ fs.NodeFsyncer = &stallingNode{}
)

func (*stallingNode) Write(ctx context.Context, f fs.FileHandle, data []byte, off int64) (uint32, syscall.Errno) {
	answers()
	return f.(fs.FileWriter).Write(ctx, data, off)
}

func (*stallingNode) Fsync(ctx context.Context, f fs.FileHandle, flags uint32) syscall.Errno {
	answers()
	return f.(fs.FileFsyncer).Fsync(ctx, flags)
}

// onStalledDisk runs a daemon whose data folder is such a file system, in a mount
// name space of its own.
func onStalledDisk(t *testing.T, settings string) (data string, disk *os.Process, run *exec.Cmd) {
	t.Helper()
	if f, err := os.OpenFile("/dev/fuse", os.O_RDWR, 0); err != nil {
		t.Skipf("no file systems of one's own: %v", err)
	} else {
		f.Close()
	}
	if err := exec.Command("unshare", "-rm", "true").Run(); err != nil {
		t.Skipf("no name spaces to mount in: %v", err)
	}
	dir := t.TempDir()
	data = filepath.Join(dir, "data")
	for _, name := range []string{data, filepath.Join(dir, "disk")} {
		if err := os.Mkdir(name, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(dir, "bauta.yaml")
	if err := os.WriteFile(file, []byte("rtsp: {address: \"127.0.0.1:0\", udp: false}\n"+settings), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"bauta", "stalledfs"} {
		if err := os.Symlink(os.Args[0], filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	const script = `cd "$1" && ./stalledfs disk data > mounted & echo $! > "$1/disk.pid"
		while ! grep -q mounted "$1/mounted" 2>/dev/null; do kill -0 $! || exit 9; sleep 0.05; done
		cd "$1" && exec ./bauta run --config bauta.yaml --data "$1/data"`
	run = exec.Command("unshare", "-rm", "sh", "-c", script, "sh", dir)
	run.Env = append(os.Environ(), "LANG=C", "LC_ALL=C")
	run.Stderr = &testLog{t: t}
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	var pid int
	eventually(t, "the disk's process", func() bool {
		b, err := os.ReadFile(filepath.Join(dir, "disk.pid"))
		n, _ := fmt.Sscan(string(b), &pid)
		return err == nil && n == 1
	})
	disk, err := os.FindProcess(pid)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		disk.Signal(syscall.SIGKILL) // first, or who waits for it cannot end
		run.Process.Kill()
		run.Wait()
	})
	seen := fmt.Sprintf("/proc/%d/root%s", run.Process.Pid, data)
	eventually(t, "the daemon answers", func() bool {
		conn, err := net.Dial("unix", filepath.Join(seen, "bauta.sock"))
		if err == nil {
			conn.Close()
		}
		return err == nil
	})
	return seen, disk, run
}

// A file system whose writes hang, under a whole gateway: what hides more is in
// force and answered within a second, cameras, status and heartbeats go on, and all of
// it is stored when the disk is back.
func TestStalledFileSystem(t *testing.T) {
	if _, err := exec.LookPath("mosquitto"); err != nil {
		t.Fatal("mosquitto is not in PATH, which needs /usr/sbin: make setup-test installs it")
	}
	broker := startMosquitto(t)
	data, disk, _ := onStalledDisk(t, "mqtt: {broker: \"tcp://"+broker+"\", heartbeat: 5s}\ngateway: {name: box}\nconsole: {address: \"127.0.0.1:0\"}\npolicy: {pack: cn-2025}\n")
	for _, name := range []string{"gate", "yard"} {
		must(t, "camera", "add", name, "rtsp://127.0.0.1:9/live", "--data", data)
	}
	clause := subscribed(t, broker, "bauta/box/compliance/m6")
	level := func(camera string) string {
		for _, c := range statusOf(t, data).Cameras {
			if string(c.ID) == camera {
				return c.MaskLevel
			}
		}
		return ""
	}
	if err := disk.Signal(syscall.SIGUSR1); err != nil {
		t.Fatal(err)
	}
	hung := time.Now()
	time.Sleep(100 * time.Millisecond)
	var longest time.Duration
	for _, args := range [][]string{
		{"consent", "revoke", "--badge", "7"}, {"consent", "revoke", "--subject", "p-2041"},
		{"zone", "add", "gate", "bed", "--kind", "private", "--rect", "0,0,0.5,0.5"},
	} {
		began := time.Now()
		code, text := said(t, append(args, "--data", data)...)
		longest = max(longest, time.Since(began))
		if code != 1 || !strings.Contains(text, "masked, not yet stored") {
			t.Errorf("bauta %s: exit code %d\n%s", strings.Join(args, " "), code, text)
		}
	}
	host, port, _ := net.SplitHostPort(broker)
	began := time.Now()
	if out, err := exec.Command("mosquitto_pub", "-h", host, "-p", port, "-q", "1", "-t", "bauta/box/camera/yard/mask/set", "-m", "private").CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	eventually(t, "the level is in force", func() bool { return level("yard") == "private" })
	longest = max(longest, time.Since(began))
	eventually(t, "the clause says so", func() bool { return strings.Contains(clause(), "not yet stored") })
	if s := statusOf(t, data).Gateway; s.Unstored < 3 || !s.MQTT.Connected {
		t.Errorf("status: %+v", s)
	}
	status := subscribed(t, broker, "bauta/box/info")
	for time.Since(hung) < stalledFor() {
		time.Sleep(100 * time.Millisecond)
	}
	if s := statusOf(t, data).Gateway; !s.MQTT.Connected || status() == "" {
		t.Errorf("after %v: %+v, heartbeat %q", time.Since(hung), s.MQTT, status())
	}
	if err := disk.Signal(syscall.SIGUSR2); err != nil {
		t.Fatal(err)
	}
	began = time.Now()
	eventually(t, "all is stored", func() bool { return statusOf(t, data).Gateway.Unstored == 0 })
	eventually(t, "the clause is well", func() bool { return !strings.Contains(clause(), "not yet stored") })
	t.Logf("stored and reported %v after the disk was back", time.Since(began))
	faultlog.Check(t, faultlog.Row{Topic: "store", Fault: "a file system whose writes hang: two withdrawals, a private zone, a level over MQTT",
		Ends: "in force and answered as masked, not yet stored; stored once it is back", Bound: 2 * time.Second}, longest)
}

// stalledFor is longer than a heartbeat.
func stalledFor() time.Duration {
	if os.Getenv("BAUTA_LONG") != "" {
		return time.Minute
	}
	return 6 * time.Second
}
