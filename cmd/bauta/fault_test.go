//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/bluenviron/gortsplib/v4"
	"github.com/bluenviron/gortsplib/v4/pkg/base"
	"github.com/bluenviron/gortsplib/v4/pkg/format"
	"github.com/pion/rtp"
	"golang.org/x/sys/unix"

	"github.com/bauta-gateway/bauta/config/faultlog"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// These tests make faults to the programs as they are shipped, so they need
// what `make build build/demo.mp4` makes.

var (
	buildDir = filepath.Join("..", "..", "build")
)

// shipped is the daemon as it is shipped, with the demo camera.
type shipped struct {
	cmd    *exec.Cmd
	dir    string
	client *api.Client
	ended  chan struct{}
}

// prepare needs what `make build build/demo.mp4` makes.
func prepare(t *testing.T) *shipped {
	t.Helper()
	for _, name := range []string{"bauta", "bauta-worker", "demo.mp4"} {
		if _, err := os.Stat(filepath.Join(buildDir, name)); err != nil {
			t.Fatalf("not built (make build build/demo.mp4): %v", err)
		}
	}
	s := &shipped{dir: t.TempDir()}
	settings := "rtsp: {address: \"127.0.0.1:0\", udp: false, anonymous: true}\nconsole: {address: \"\"}\n" + embedded
	if err := os.WriteFile(filepath.Join(s.dir, "bauta.yaml"), []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	s.client = api.NewClient(filepath.Join(s.data(), "bauta.sock"), text.EN)
	return s
}

func (s *shipped) data() string { return filepath.Join(s.dir, "data") }

// start does not wait: some tests interrupt the start.
func (s *shipped) start(t *testing.T, more ...string) {
	t.Helper()
	args := append([]string{"run", "--config", filepath.Join(s.dir, "bauta.yaml"), "--data", s.data()}, more...)
	s.cmd = exec.Command(filepath.Join(buildDir, "bauta"), args...)
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	cmd, ended := s.cmd, make(chan struct{})
	s.ended = ended
	go func() {
		cmd.Wait()
		close(ended)
	}()
	t.Cleanup(func() { cmd.Process.Kill(); <-ended })
}

// protection is the camera's; empty while nobody answers.
func (s *shipped) protection(t *testing.T, id string) media.Protection {
	all, err := s.client.Cameras(t.Context())
	if err != nil {
		return ""
	}
	for _, c := range all {
		if string(c.ID) == id {
			return c.Protection
		}
	}
	return ""
}

func (s *shipped) awaitMasked(t *testing.T, id string) {
	t.Helper()
	eventually(t, id+" is masked", func() bool {
		p := s.protection(t, id)
		return p == media.Protected || p == media.OverMasked
	})
}

// descriptors counts those of the daemon.
func (s *shipped) descriptors(t *testing.T) int {
	t.Helper()
	all, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", s.cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	return len(all)
}

// children are the daemon's processes.
func (s *shipped) children() (pids []int) {
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", s.cmd.Process.Pid)) // the pattern is well formed
	for _, task := range tasks {
		b, _ := os.ReadFile(task) // the thread may have ended
		for _, f := range strings.Fields(string(b)) {
			if pid, err := strconv.Atoi(f); err == nil {
				pids = append(pids, pid)
			}
		}
	}
	return pids
}

// viewing counts the access units of a stream until the test ends.
func viewing(t *testing.T, address string) (units *atomic.Int64, err error) {
	t.Helper()
	u, err := base.ParseURL(address)
	if err != nil {
		return nil, err
	}
	tcp := gortsplib.TransportTCP
	client := &gortsplib.Client{Scheme: u.Scheme, Host: u.Host, Transport: &tcp, ReadTimeout: 2 * time.Second}
	if err := client.Start2(); err != nil {
		return nil, err
	}
	t.Cleanup(client.Close)
	desc, _, err := client.Describe(u)
	if err != nil {
		return nil, err
	}
	var h264 *format.H264
	track := desc.FindFormat(&h264)
	if track == nil {
		return nil, errors.New("no H.264 track")
	}
	if _, err := client.Setup(desc.BaseURL, track, 0, 0); err != nil {
		return nil, err
	}
	units = &atomic.Int64{}
	client.OnPacketRTP(track, h264, func(p *rtp.Packet) {
		if p.Marker {
			units.Add(1)
		}
	})
	_, err = client.Play(nil)
	return units, err
}

// Without descriptors nobody new gets in, and a worker that dies cannot be
// replaced: its viewers get the slate. All is well again with the descriptors.
func TestOutOfDescriptors(t *testing.T) {
	s := prepare(t)
	s.start(t, "--demo")
	s.awaitMasked(t, "demo")
	all, err := s.client.Cameras(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	address := all[0].Stream
	units, err := viewing(t, address)
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "the viewer's first frames", func() bool { return units.Load() > 5 })
	limit := s.limit(t, nil)
	tight := unix.Rlimit{Cur: uint64(s.descriptors(t)), Max: limit.Max}
	s.limit(t, &tight)
	goesOn := func(what string) {
		before := units.Load()
		eventually(t, what, func() bool { return units.Load() > before+10 })
	}
	refused := 0
	for range 4 {
		if _, err := viewing(t, address); err != nil {
			refused++
		}
	}
	if refused == 0 {
		t.Error("there was room for all viewers: nothing was tested")
	}
	goesOn("the stream goes on")
	for _, pid := range s.children() {
		syscall.Kill(pid, syscall.SIGKILL)
	}
	goesOn("the slate or the frames")
	s.limit(t, &limit)
	began := time.Now()
	s.awaitMasked(t, "demo")
	eventually(t, "another viewer", func() bool {
		more, err := viewing(t, address)
		return err == nil && more != nil
	})
	goesOn("frames after it")
	faultlog.Check(t, faultlog.Row{Topic: "box", Fault: "out of file descriptors", Ends: "new viewers refused, streams go on; all well once there are some", Bound: 15 * time.Second}, time.Since(began))
}

// limit sets the daemon's bound on descriptors where new is given, and returns
// the one before.
func (s *shipped) limit(t *testing.T, new *unix.Rlimit) (old unix.Rlimit) {
	t.Helper()
	if err := unix.Prlimit(s.cmd.Process.Pid, unix.RLIMIT_NOFILE, new, &old); err != nil {
		t.Skipf("the system does not let this test set limits: %v", err)
	}
	return old
}

// stopBound is how long any stop may take.
const stopBound = 10 * time.Second

// terminate sends SIGTERM and demands a clean end without anything left.
func (s *shipped) terminate(t *testing.T, what string) time.Duration {
	t.Helper()
	workers := s.children()
	began := time.Now()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	select {
	case <-s.ended:
	case <-time.After(patience):
		t.Fatalf("%s: still there after %v", what, patience)
	}
	spent := time.Since(began)
	if !s.cmd.ProcessState.Success() {
		t.Errorf("%s: ended with %v", what, s.cmd.ProcessState)
	}
	eventually(t, what+": no worker is left", func() bool {
		for _, pid := range workers {
			if syscall.Kill(pid, 0) == nil {
				return false
			}
		}
		return true
	})
	return spent
}

// SIGTERM at any moment of a start ends the daemon cleanly, and the next one
// starts.
func TestSIGTERMWhileStarting(t *testing.T) {
	s := prepare(t)
	worst, times := time.Duration(0), 4
	if os.Getenv("BAUTA_LONG") != "" {
		times = 30
	}
	for i := range times {
		s.start(t, "--demo")
		eventually(t, "it has begun", s.hasBegun)
		time.Sleep(rand.N(1500 * time.Millisecond))
		worst = max(worst, s.terminate(t, fmt.Sprintf("start %d", i)))
	}
	s.start(t, "--demo")
	s.awaitMasked(t, "demo")
	faultlog.Check(t, faultlog.Row{Topic: "box", Fault: fmt.Sprintf("SIGTERM at %d random moments of a start", times), Ends: "stopped, exit code 0, no process left, starts again", Bound: stopBound}, worst)
}

// hasBegun reports whether the daemon has opened its store; before that the
// program itself may not have begun yet.
func (s *shipped) hasBegun() bool {
	links, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", s.cmd.Process.Pid)) // the pattern is well formed
	for _, link := range links {
		if to, err := os.Readlink(link); err == nil && strings.HasPrefix(to, s.data()) {
			return true
		}
	}
	return false
}

// What was acknowledged before SIGTERM is there after it, at whatever moment of
// adding cameras and exporting evidence it comes.
func TestSIGTERMWhileBusy(t *testing.T) {
	s := prepare(t)
	worst, rounds := time.Duration(0), 2
	if os.Getenv("BAUTA_LONG") != "" {
		rounds = 10
	}
	acknowledged, number := map[string]int{}, 0
	for round := range rounds {
		s.start(t)
		eventually(t, "the daemon answers", func() bool { _, err := s.client.Status(t.Context()); return err == nil })
		ctx, cancel := context.WithCancel(t.Context())
		var busy sync.WaitGroup
		busy.Go(func() { s.addCameras(ctx, &number, acknowledged) })
		busy.Go(func() { s.export(ctx) })
		time.Sleep(100*time.Millisecond + rand.N(700*time.Millisecond))
		worst = max(worst, s.terminate(t, fmt.Sprintf("round %d", round)))
		cancel()
		busy.Wait()
	}
	if len(acknowledged) == 0 {
		t.Fatal("no camera was added: nothing was tested")
	}
	s.start(t)
	eventually(t, "the daemon answers", func() bool { _, err := s.client.Status(t.Context()); return err == nil })
	all, err := s.client.Cameras(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		if n, err := strconv.Atoi(c.Name); err != nil || n < acknowledged[string(c.ID)] {
			t.Errorf("%s: change %s is there, %d was acknowledged", c.ID, c.Name, acknowledged[string(c.ID)])
		}
		delete(acknowledged, string(c.ID))
	}
	if len(acknowledged) > 0 {
		t.Errorf("forgotten: %v", acknowledged)
	}
	faultlog.Check(t, faultlog.Row{Topic: "box", Fault: "SIGTERM while cameras are changed and evidence exported", Ends: "stopped, exit code 0; all that was acknowledged is there", Bound: stopBound}, worst)
}

// addCameras adds and changes cameras until the daemon ends; their names count
// the changes, and those that were acknowledged are noted.
func (s *shipped) addCameras(ctx context.Context, number *int, acknowledged map[string]int) {
	for {
		*number++
		cam := api.NewCamera{ID: fmt.Sprintf("cam-%d", *number%8), Name: strconv.Itoa(*number), URL: "rtsp://127.0.0.1:9/live"}
		_, known := acknowledged[cam.ID]
		cam.Replace = known
		_, err := s.client.AddCamera(ctx, cam)
		var refused *api.Error
		switch {
		case err == nil:
			acknowledged[cam.ID] = *number
		case !errors.As(err, &refused):
			return // the daemon is gone
		case refused.Code == api.CodeExists:
			acknowledged[cam.ID] = 0 // stored, but its answer was cut off
		}
	}
}

// export runs one export after the other; the last one may be cut off.
func (s *shipped) export(ctx context.Context) {
	for i := 0; ctx.Err() == nil; i++ {
		out := filepath.Join(s.dir, fmt.Sprintf("pack-%d.zip", i))
		cmd := exec.CommandContext(ctx, filepath.Join(buildDir, "bauta"), "evidence", "export", out, "--data", s.data())
		_ = cmd.Run() // it fails once the daemon is gone
		select {
		case <-ctx.Done():
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// SIGTERM to a redaction leaves no file that looks finished, and no worker.
func TestSIGTERMWhileRedacting(t *testing.T) {
	s := prepare(t)
	worst, times := time.Duration(0), 2
	if os.Getenv("BAUTA_LONG") != "" {
		times = 10
	}
	for i := range times {
		out := filepath.Join(s.dir, fmt.Sprintf("out-%d.mp4", i))
		s.cmd = exec.Command(filepath.Join(buildDir, "bauta"), "redact", filepath.Join(buildDir, "demo.mp4"), out)
		if err := s.cmd.Start(); err != nil {
			t.Fatal(err)
		}
		eventually(t, "its worker runs", func() bool { return len(s.children()) > 0 })
		time.Sleep(rand.N(700 * time.Millisecond))
		workers, began := s.children(), time.Now()
		s.cmd.Process.Signal(syscall.SIGTERM)
		err := s.cmd.Wait()
		worst = max(worst, time.Since(began))
		if _, there := os.Stat(out); err == nil || there == nil {
			t.Errorf("interrupted redaction: %v, file: %v", err, there)
		}
		eventually(t, "no worker is left", func() bool {
			for _, pid := range workers {
				if syscall.Kill(pid, 0) == nil {
					return false
				}
			}
			return true
		})
	}
	faultlog.Check(t, faultlog.Row{Topic: "box", Fault: "SIGTERM while a file is redacted", Ends: "no output file, no process left", Bound: stopBound}, worst)
}
