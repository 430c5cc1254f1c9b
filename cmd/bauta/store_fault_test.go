//go:build linux

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/faultlog"
	"github.com/bauta-gateway/bauta/gateway/api"
)

// said runs a command to its end and returns its exit code and all it says.
func said(t *testing.T, args ...string) (code int, text string) {
	t.Helper()
	cmd := bauta(t, args...)
	out, err := cmd.CombinedOutput()
	if err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}

func must(t *testing.T, args ...string) string {
	t.Helper()
	code, text := said(t, args...)
	if code != 0 {
		t.Fatalf("bauta %s: exit code %d\n%s", strings.Join(args, " "), code, text)
	}
	return text
}

func statusOf(t *testing.T, data string) (s api.Status) {
	t.Helper()
	out, err := bauta(t, "status", "--json", "--data", data).Output()
	if err == nil {
		err = json.Unmarshal(out, &s)
	}
	if err != nil {
		t.Logf("status: %v\n%s", err, out)
	}
	return s
}

// runAgain starts a daemon on a folder that another one had.
func runAgain(t *testing.T, data string, extra ...string) *exec.Cmd {
	t.Helper()
	cmd := bauta(t, append([]string{"run", "--config", filepath.Join(filepath.Dir(data), "bauta.yaml"), "--data", data}, extra...)...)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	return cmd
}

func ended(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	cmd.Process.Signal(syscall.SIGTERM)
	if err := cmd.Wait(); err != nil {
		t.Errorf("exit: %v", err)
	}
}

// slate reports whether viewers at this path, with this login, get a frame.
func slate(t *testing.T, address, login, path string) bool {
	t.Helper()
	out, err := exec.Command("ffmpeg", "-v", "error", "-rtsp_transport", "tcp", "-timeout", "5000000", "-analyzeduration", "0", "-probesize", "32",
		"-i", "rtsp://"+login+address+path, "-frames:v", "1", "-f", "null", "-").CombinedOutput()
	if err != nil {
		t.Logf("%s%s: %v\n%s", address, path, err, out)
	}
	return err == nil
}

var damages = []struct {
	name string
	bend func([]byte) []byte
}{
	{"random bytes", func(b []byte) []byte { return bytes.Repeat([]byte("garbage "), len(b)/8) }},
	{"its end cut off", func(b []byte) []byte { return b[:3*os.Getpagesize()] }},
	{"both heads zeroed", func(b []byte) []byte { clear(b[:2*os.Getpagesize()]); return b }},
	{"flipped bytes in its pages", func(b []byte) []byte {
		for at := 2 * os.Getpagesize(); at+12 < len(b); at += os.Getpagesize() {
			b[at+8] ^= 0xff
		}
		return b
	}},
}

// A damaged store is never run open: no camera is connected to, whoever asks
// for whatever address sees the slate, all that can be asked says why, and one
// command with a backup mends it.
func TestDamagedStore(t *testing.T) {
	for _, program := range []string{"ffmpeg", "mosquitto"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Fatalf("%s is not in PATH, which needs /usr/sbin: make setup-test installs it", program)
		}
	}
	broker := startMosquitto(t)
	run, data := daemon(t, "mqtt: {broker: \"tcp://"+broker+"\"}\ngateway: {name: box}\n")
	protection := subscribed(t, broker, "bauta/box/camera/gate/protection")
	compliance := subscribed(t, broker, "bauta/box/compliance")
	must(t, "camera", "add", "Gate", "rtsp://127.0.0.1:9/live", "--data", data)
	eventually(t, "the camera's state at the broker", func() bool { return protection() == "offline" })
	backup := filepath.Join(t.TempDir(), "b.bauta")
	must(t, "backup", backup, "--data", data)
	ended(t, run)
	db := filepath.Join(data, "bauta.db")
	whole, err := os.ReadFile(db)
	if err != nil {
		t.Fatal(err)
	}
	some := []int{0, len(damages) - 1}
	if os.Getenv("BAUTA_LONG") != "" {
		some = []int{0, 1, 2, 3} // each kind of damage is refused by the store's own tests too
	}
	for _, i := range some {
		damage := damages[i]
		t.Run(damage.name, func(t *testing.T) {
			bent := damage.bend(bytes.Clone(whole))
			if err := os.WriteFile(db, bent, 0o600); err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			run := runAgain(t, data)
			eventually(t, "the status says blocked", func() bool { return statusOf(t, data).Gateway.Blocked == api.ReasonStore })
			address := statusOf(t, data).Gateway.Streams.RTSP
			if !slate(t, address, "", "/gate") {
				t.Error("no slate")
			}
			took := time.Since(began)
			if damage.name == damages[0].name && !slate(t, address, "viewer:wrong@", "/any/thing") {
				t.Error("no slate at any address")
			}
			if code, text := said(t, "status", "--data", data); code != 1 || !strings.Contains(text, "bauta restore FILE") {
				t.Errorf("status: exit code %d\n%s", code, text)
			}
			if code, text := said(t, "camera", "list", "--data", data); code != 4 || !strings.Contains(text, "damaged") {
				t.Errorf("camera list: exit code %d\n%s", code, text)
			}
			eventually(t, "the broker says blocked", func() bool { return protection() == "blocked" && strings.Contains(compliance(), `"state":"fail"`) })
			if kept, _ := filepath.Glob(db + ".damaged-*"); len(kept) == 0 || !slicesContain(t, kept, bent) {
				t.Errorf("no copy of the damaged file: %v", kept)
			}
			if now, err := os.ReadFile(db); err != nil || !bytes.Equal(now, bent) {
				t.Errorf("the damaged file changed: %v", err)
			}
			faultlog.Check(t, faultlog.Row{Topic: "store", Fault: "damaged file at the start: " + damage.name,
				Ends: "no camera connected to, slate at every address, status and MQTT say blocked, a copy is kept", Bound: 10 * time.Second}, took)
			began = time.Now()
			must(t, "restore", backup, "--data", data)
			eventually(t, "the camera is back", func() bool { return len(statusOf(t, data).Cameras) == 1 })
			eventually(t, "the broker says offline", func() bool { return protection() == "offline" })
			faultlog.Check(t, faultlog.Row{Topic: "store", Fault: "damaged file at the start: " + damage.name + ", then bauta restore",
				Ends: "cameras and logins of the backup, in the same process", Bound: 20 * time.Second}, time.Since(began))
			ended(t, run)
		})
	}
}

func slicesContain(t *testing.T, files []string, content []byte) bool {
	t.Helper()
	for _, f := range files {
		if b, err := os.ReadFile(f); err == nil && bytes.Equal(b, content) {
			return true
		}
	}
	return false
}

// A store that breaks under a running gateway: the next change finds it, and
// the same process comes back without the store.
func TestStoreBreaksWhileRunning(t *testing.T) {
	run, data := daemon(t, embedded)
	begun := statusOf(t, data).Gateway.Started
	for i := range 3 {
		must(t, "camera", "add", fmt.Sprintf("c%d", i), "rtsp://127.0.0.1:9/live", "--data", data)
	}
	backup := filepath.Join(t.TempDir(), "b.bauta")
	must(t, "backup", backup, "--data", data)
	db := filepath.Join(data, "bauta.db")
	info, err := os.Stat(db)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(db, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if _, err := f.WriteAt(bytes.Repeat([]byte{0xa5}, int(info.Size())-8192), 8192); err != nil {
		t.Fatal(err)
	}
	f.Close()
	code, text := said(t, "camera", "remove", "c1", "--data", data)
	if code == 0 {
		t.Errorf("a change was taken:\n%s", text)
	}
	eventually(t, "it is back, blocked", func() bool {
		s := statusOf(t, data).Gateway
		return s.Blocked == api.ReasonStore && s.Started.After(begun)
	})
	if err := run.Process.Signal(syscall.Signal(0)); err != nil {
		t.Errorf("another process: %v", err)
	}
	faultlog.Check(t, faultlog.Row{Topic: "store", Fault: "the file is overwritten while the gateway runs, found by the next change",
		Ends: "the change is refused; the gateway comes back by itself, blocked: slate at every address", Bound: 15 * time.Second}, time.Since(began))
	must(t, "restore", backup, "--data", data)
	if got := statusOf(t, data); len(got.Cameras) != 3 {
		t.Errorf("%d cameras after the restore", len(got.Cameras))
	}
}

// smallDisk runs a daemon whose data folder is a disk of its own, in a name
// space of its own, and returns how this process sees that.
func smallDisk(t *testing.T, size string, settings string, args ...string) (data string) {
	t.Helper()
	if err := exec.Command("unshare", "-rm", "true").Run(); err != nil {
		t.Skipf("no name spaces to mount a small disk in: %v", err)
	}
	dir := t.TempDir()
	data = filepath.Join(dir, "data")
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "bauta.yaml")
	if err := os.WriteFile(file, []byte("rtsp: {address: \"127.0.0.1:0\", udp: false}\n"+settings), 0o600); err != nil {
		t.Fatal(err)
	}
	inner := bauta(t, append([]string{"run", "--config", file, "--data", data}, args...)...)
	const script = `mount -t tmpfs -o mode=700,size="$1" none "$2" && shift 2 && exec "$@"`
	// sh cannot give a program another name than its path, and that name is
	// what makes the test binary play bauta: a link has it.
	link := filepath.Join(dir, "bauta")
	if err := os.Symlink(os.Args[0], link); err != nil {
		t.Fatal(err)
	}
	run := exec.Command("unshare", append([]string{"-rm", "sh", "-c", script, "sh", size, data, link}, inner.Args[1:]...)...)
	run.Env = inner.Env
	run.Stderr = &testLog{t: t}
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { run.Process.Kill(); run.Wait() })
	seen := fmt.Sprintf("/proc/%d/root%s", run.Process.Pid, data)
	eventually(t, "the daemon answers", func() bool {
		conn, err := net.Dial("unix", filepath.Join(seen, "bauta.sock"))
		if err == nil {
			conn.Close()
		}
		return err == nil
	})
	return seen
}

// testLog keeps what a process says for a test that fails.
type testLog struct{ t *testing.T }

func (l *testLog) Write(b []byte) (int, error) {
	l.t.Logf("%s", bytes.TrimSpace(b))
	return len(b), nil
}

// A full disk: changes are refused and say so, the cameras go on masked, what
// could not be written to the audit log is counted and fails the clause, and
// with room again all is well by itself.
func TestDiskFull(t *testing.T) {
	if _, err := exec.LookPath("mosquitto"); err != nil {
		t.Fatal("mosquitto is not in PATH, which needs /usr/sbin: make setup-test installs it")
	}
	broker := startMosquitto(t)
	settings := "mqtt: {broker: \"tcp://" + broker + "\"}\ngateway: {name: box}\nconsole: {address: \"127.0.0.1:0\"}\npolicy: {pack: cn-2025}\nlimits: {cameras: 64}\n" // how many fit into what the store had freed is not known
	var args []string
	masked := workerBuild() != "" && exists(demoFile())
	if masked {
		settings += fmt.Sprintf("worker: {binary: %q}\n", builtWorker())
		args = []string{"--demo", "--clip", demoFile()}
		t.Setenv("TEST_BUILD", workerBuild())
	} else {
		t.Log("no worker or clip: whether cameras go on masked is not looked at")
	}
	data := smallDisk(t, "2m", settings, args...)
	clause := subscribed(t, broker, "bauta/box/compliance/"+controlsClause)
	must(t, "camera", "add", "kept", "rtsp://127.0.0.1:9/live", "--data", data)
	frames := func() uint64 { return demoOf(statusOf(t, data)).Totals.Pictures }
	if masked {
		eventually(t, "the demo is masked", func() bool { return frames() > 0 })
	}
	fillUp(t, filepath.Join(data, "fill"))
	began := time.Now()
	code, text := 0, ""
	eventually(t, "a change is refused", func() bool {
		code, text = said(t, "camera", "add", fmt.Sprintf("more-%d", time.Now().UnixNano()), "rtsp://127.0.0.1:9/live", "--data", data)
		return code != 0
	})
	refusedAfter := time.Since(began)
	if code != 1 || !strings.Contains(text, "room") {
		t.Errorf("exit code %d\n%s", code, text)
	}
	// What hides more is not refused: it is in force, and stored once there is room. The
	// first ones still fit into what the store had freed.
	asked, withdrawn := time.Now(), 0
	eventually(t, "a withdrawal waits for room", func() bool {
		asked, withdrawn = time.Now(), withdrawn+1
		code, text = said(t, "consent", "revoke", "--subject", fmt.Sprintf("p-%04d", withdrawn), "--data", data)
		return code == 1 && strings.Contains(text, "masked, not yet stored")
	})
	hidden := time.Since(asked)
	if code, text := said(t, "zone", "add", "kept", "bed", "--kind", "private", "--rect", "0,0,0.5,0.5", "--data", data); code != 1 || !strings.Contains(text, "masked, not yet stored") {
		t.Errorf("a private zone: exit code %d\n%s", code, text)
	}
	if got := zonesOf(t, data, "kept"); !strings.Contains(got, "bed") {
		t.Errorf("the private zone is not in force: %s", got)
	}
	before, cameras := frames(), len(statusOf(t, data).Cameras)
	// What the gateway does by itself is to go into the audit log, and cannot.
	eventually(t, "the clause fails", func() bool {
		said(t, "camera", "test", "kept", "--data", data)
		said(t, "camera", "remove", "kept", "--data", data)
		said(t, "consent", "revoke", "--badge", "7", "--data", data)
		viewOnce(t, data)
		return strings.Contains(clause(), `"status":"fail"`) && strings.Contains(clause(), "audit")
	})
	reported := time.Since(began)
	if masked && frames() <= before {
		t.Error("no frames while the disk is full")
	}
	faultlog.Check(t, faultlog.Row{Topic: "store", Fault: "disk full", Ends: "changes refused with the next step; cameras go on masked", Bound: 10 * time.Second}, refusedAfter)
	faultlog.Check(t, faultlog.Row{Topic: "store", Fault: "disk full: audit trail", Ends: "missing entries are counted, the clause on controls fails over MQTT",
		Bound: 90 * time.Second}, reported)

	faultlog.Check(t, faultlog.Row{Topic: "store", Fault: "disk full: a withdrawal, a private zone", Ends: "in force and answered as masked, not yet stored; stored once there is room",
		Bound: 5 * time.Second}, hidden)

	if err := os.Remove(filepath.Join(data, "fill")); err != nil {
		t.Fatal(err)
	}
	began = time.Now()
	must(t, "camera", "add", "after", "rtsp://127.0.0.1:9/live", "--data", data)
	faultlog.Check(t, faultlog.Row{Topic: "store", Fault: "room on the disk again", Ends: "changes are taken at once", Bound: 5 * time.Second}, time.Since(began))
	eventually(t, "the clause is well again", func() bool { return !strings.Contains(clause(), "audit") })
	faultlog.Check(t, faultlog.Row{Topic: "store", Fault: "room on the disk again: audit trail", Ends: "it tells how many entries are missing, the clause is judged anew",
		Bound: 90 * time.Second}, time.Since(began))
	eventually(t, "what hides is stored", func() bool { return statusOf(t, data).Gateway.Unstored == 0 })
	if got := zonesOf(t, data, "kept"); !strings.Contains(got, "bed") {
		t.Errorf("the private zone is lost: %s", got)
	}
	if got := len(statusOf(t, data).Cameras); got < cameras {
		t.Errorf("%d cameras, %d before", got, cameras)
	}
	if masked && frames() <= before {
		t.Error("no frames any more")
	}
}

func zonesOf(t *testing.T, data, camera string) string {
	t.Helper()
	_, text := said(t, "zone", "list", camera, "--data", data)
	return text
}

func demoFile() string { return absolute("..", "..", "build", "demo.mp4") }

func demoOf(s api.Status) api.CameraStatus {
	for _, c := range s.Cameras {
		if c.ID == "demo" {
			return c
		}
	}
	return api.CameraStatus{}
}

// controlsClause is the clause of cn-2025 that the audit log belongs to.
const controlsClause = "m14"

// viewOnce makes an entry of the audit log: somebody watches.
func viewOnce(t *testing.T, data string) {
	t.Helper()
	out, err := bauta(t, "viewer", "--json", "--data", data).Output()
	var v api.Viewer
	if err != nil || json.Unmarshal(out, &v) != nil || len(v.URLs) == 0 {
		return
	}
	_ = exec.Command("ffmpeg", "-v", "error", "-rtsp_transport", "tcp", "-timeout", "3000000", "-i", v.URLs[0], "-frames:v", "1", "-f", "null", "-").Run()
}

// fillUp writes until nothing more fits.
func fillUp(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, size := range []int{64 << 10, 4 << 10, 1} {
		for {
			if _, err := f.Write(make([]byte, size)); err != nil {
				break
			}
		}
	}
}

// A data folder that cannot be written: bauta ends and says so, nothing listens.
func TestReadOnlyData(t *testing.T) {
	if err := exec.Command("unshare", "-rm", "true").Run(); err != nil {
		t.Skipf("no name spaces to mount in: %v", err)
	}
	run, data := daemon(t, embedded)
	ended(t, run)
	link := filepath.Join(t.TempDir(), "bauta")
	if err := os.Symlink(os.Args[0], link); err != nil {
		t.Fatal(err)
	}
	for name, script := range map[string]string{
		"read-only data folder":           `mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && shift && exec "$@"`,
		"read-only data folder, no store": `mount -t tmpfs -o ro,mode=700 none "$1" && shift && exec "$@"`,
	} {
		began := time.Now()
		cmd := exec.Command("unshare", "-rm", "sh", "-c", script, "sh", data, link, "run", "--config", filepath.Join(filepath.Dir(data), "bauta.yaml"), "--data", data)
		cmd.Env = bauta(t).Env
		out, _ := cmd.CombinedOutput()
		if code := cmd.ProcessState.ExitCode(); code != 1 || !strings.Contains(string(out), data) || !strings.Contains(string(out), "read-only") {
			t.Errorf("%s: exit code %d\n%s", name, code, out)
		}
		faultlog.Check(t, faultlog.Row{Topic: "store", Fault: name, Ends: "bauta run ends with exit code 1 and names the folder; nothing listens", Bound: 10 * time.Second}, time.Since(began))
	}
	cfg := config.Default()
	cfg.Data = data
	if exists(cfg.Socket()) {
		t.Error("a socket is left")
	}
}
