package worker

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/faultlog"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// The slate for a size that the worker refuses names that size, in both languages; no other does.
func TestSlateNamesTheRefusedSize(t *testing.T) {
	s := newScreen(nil, func() string { return "lobby" }, 0, 0)
	s.refused = "8192x4320"
	for reason, want := range map[text.Key]bool{text.SlateUnsupportedSize: true, text.SlateUndecodable: false} {
		s.reason = reason
		if c := s.card(); strings.Contains(c.Reason.EN, s.refused) != want || strings.Contains(c.Reason.ZH, s.refused) != want {
			t.Errorf("%s: %+v", reason, c.Reason)
		}
	}
}

func TestMasks(t *testing.T) {
	t.Parallel()
	s := newHarness(t, "lookahead", nil)
	s.viewer.awaitReason(Starting, text.SlateWaiting)
	cam := startCamera(s.Handle, media.H264, 25)
	defer cam.close()
	s.viewer.awaitReason(Masking, "")
	s.viewer.awaitFrames(30)
	st, stats := s.viewer.state(), s.Stats()
	if st.PID == 0 || st.Restarts != 0 || st.Ready.ModelHash != "ab" {
		t.Errorf("state %+v", st)
	}
	if stats.Frames < 30 || stats.Slates == 0 || stats.Results[media.Masked] < stats.Frames || stats.Dropped > 5 || stats.Latency == 0 {
		t.Errorf("stats %+v", stats)
	}
}

// A killed worker is replaced again and again; viewers see slate and frames
// by turns, and neither ever stops.
func TestKilledTwentyTimes(t *testing.T) {
	t.Parallel()
	s := newHarness(t, "lookahead", func(h *Handle) { h.time.restart.working = 100 * time.Millisecond }) // saves the test's time
	const seldom = 250                                                                                   // 10 s: waiting for the next keyframe would take too long
	cam := startCamera(s.Handle, media.H264, seldom)
	defer cam.close()
	s.viewer.awaitFrames(3)
	start := time.Now()
	for range 20 {
		pid := s.viewer.state().PID
		killed := time.Now()
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		s.viewer.await("the slate", func() bool { return s.viewer.lastState().Phase != Masking })
		s.viewer.awaitReason(Masking, "")
		s.within(t, "the masked frames' return", time.Since(killed), 2*time.Second)
		s.viewer.awaitFrames(3)
	}
	if st := s.viewer.state(); st.Restarts != 20 || !st.Looping {
		t.Errorf("state %+v", st)
	}
	s.within(t, "the longest gap", s.viewer.longestGap(), time.Second)
	checkClock(t, s.viewer, start)
	s.stop()
	checkStream(t, s.viewer)
}

// An access unit that kills each worker it comes to must not be replayed for
// ever; the next keyframe ends the trouble.
func TestPoisonedGroupIsGivenUp(t *testing.T) {
	t.Parallel()
	s := newHarness(t, "poisoned", nil)
	cam := startCamera(s.Handle, media.H264, 60) // it sends the poison once
	defer cam.close()
	s.viewer.await("frames after the poison", func() bool {
		st := s.viewer.lastState()
		return st.Restarts > 0 && st.Phase == Masking
	})
	s.viewer.awaitFrames(10)
	if st := s.viewer.state(); st.Restarts > 4 {
		t.Errorf("%d restarts", st.Restarts)
	}
}

func TestHang(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"mute", "ignoring"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newHarness(t, name, func(h *Handle) { h.time.hang = 2 * time.Second })
			cam := startCamera(s.Handle, media.H264, 25)
			defer cam.close()
			s.viewer.awaitReason(Masking, "")
			s.viewer.awaitReason(OnSlate, text.SlateWorkerSlow)
			s.viewer.await("a restart", func() bool { return s.viewer.lastState().Restarts > 0 })
			s.viewer.awaitReason(Masking, "")
			s.within(t, "the longest gap", s.viewer.longestGap(), time.Second)
			if stats := s.Stats(); stats.Hangs == 0 || stats.Late == 0 {
				t.Errorf("stats %+v", stats)
			}
		})
	}
}

func TestViolations(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]string{
		"twice":     "answers an access unit twice",
		"unknown":   "answers an access unit that it was never sent",
		"empty":     "vouches for a frame without sending one",
		"sneaky":    "sends a frame without vouching for it",
		"talkative": "sends text beside a frame",
		"tailed":    "sends bytes behind a frame's end",
		"doubled":   "sends two frames in one answer",
		"misnamed":  "sends a sub-stream of another size than it says",
		"garbage":   "sends bytes that mean nothing",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newHarness(t, name, func(h *Handle) { h.settings.Sub.FPS = 10 })
			cam := startCamera(s.Handle, media.H264, 25)
			defer cam.close()
			s.viewer.await("its end", func() bool { return s.viewer.lastState().Detail != "" })
			began := time.Now()
			s.viewer.await("a restart and frames", func() bool {
				return s.viewer.lastState().Restarts > 0 && s.viewer.lastState().Phase == Masking
			})
			took := time.Since(began)
			if name != "garbage" && s.Stats().Violations == 0 {
				t.Errorf("stats %+v", s.Stats())
			}
			s.stop()
			checkStream(t, s.viewer)
			faultlog.Check(t, faultlog.Row{Topic: "worker", Fault: "worker " + fault, Bound: 10 * time.Second,
				Ends: "it is replaced, slate until then, nothing of the answer is shown"}, took)
		})
	}
}

func TestFailures(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		script, detail string
		reason         text.Key
	}{
		{"otherbuild", "another build", text.SlateWorkerFailed},
		{"nomodel", "no model at the path", text.SlateModelDamaged},
		{"unready", "not ready in time", text.SlateWorkerFailed},
		{"early", "out of turn", text.SlateWorkerRestarting},
		{"crash", "exit status 3", text.SlateWorkerFailed},
	} {
		t.Run(c.script, func(t *testing.T) {
			t.Parallel()
			s := newHarness(t, c.script, func(h *Handle) {
				h.time.handshake = 3 * time.Second
				h.time.restart.longest = 100 * time.Millisecond
			})
			cam := startCamera(s.Handle, media.H264, 25)
			defer cam.close()
			s.viewer.awaitReason(OnSlate, c.reason)
			s.viewer.await("the detail", func() bool { return strings.Contains(s.viewer.lastState().Detail, c.detail) })
			if s.Stats().Frames != 0 {
				t.Error("there was a frame")
			}
		})
	}
}

func TestMissingProgram(t *testing.T) {
	t.Parallel()
	s := newHarnessAt(t, t.TempDir()+"/none", nil)
	cam := startCamera(s.Handle, media.H264, 25)
	defer cam.close()
	s.viewer.awaitReason(OnSlate, text.SlateWorkerMissing)
}

func TestCrashLoopIsReported(t *testing.T) {
	t.Parallel()
	s := newHarness(t, "crash", nil)
	cam := startCamera(s.Handle, media.MJPEG, 1)
	defer cam.close()
	s.viewer.await("the crash loop", func() bool { return s.viewer.lastState().Looping })
	s.viewer.awaitReason(OnSlate, text.SlateWorkerFailed)
}

func TestSlowWorker(t *testing.T) {
	t.Parallel()
	s := newHarness(t, "slow", nil)
	cam := startCameraAt(s.Handle, media.H264, 1000, 5*time.Millisecond)
	defer cam.close()
	s.viewer.awaitReason(OnSlate, text.SlateWorkerSlow)
	s.viewer.await("drops", func() bool { return s.Stats().Dropped > 0 })
}

func TestUndecodable(t *testing.T) {
	t.Parallel()
	s := newHarness(t, "undecodable", nil)
	cam := startCamera(s.Handle, media.H264, 25)
	defer cam.close()
	s.viewer.awaitPast(Masking)
	s.viewer.awaitReason(OnSlate, text.SlateUndecodable)
	s.within(t, "the longest gap", s.viewer.longestGap(), time.Second)
}

func TestSourceDown(t *testing.T) {
	t.Parallel()
	s := newHarness(t, "lookahead", nil)
	s.SourceDown("unauthorized")
	s.viewer.awaitReason(Starting, text.SlateUnauthorized)
	start := time.Now()
	for range 3 {
		cam := startCamera(s.Handle, media.H264, 1000) // PTS begins at zero again
		s.viewer.awaitReason(Masking, "")
		s.viewer.awaitFrames(10)
		cam.close()
		s.SourceDown("closed")
		s.viewer.awaitReason(OnSlate, text.SlateClosed)
	}
	if st := s.viewer.state(); st.Restarts != 0 {
		t.Errorf("state %+v", st)
	}
	checkClock(t, s.viewer, start)
}

// A camera that reconnects unannounced begins at zero again, and one that
// just falls silent is not taken for a slow worker.
func TestSilentCamera(t *testing.T) {
	t.Parallel()
	s := newHarness(t, "lookahead", func(h *Handle) { h.time.camera = 1500 * time.Millisecond })
	start := time.Now()
	cam := startCamera(s.Handle, media.H264, 10)
	s.viewer.awaitFrames(40)
	cam.close()
	cam = startCamera(s.Handle, media.H264, 10)
	s.viewer.awaitFrames(10)
	cam.close()
	s.viewer.awaitReason(OnSlate, text.SlateSilent)
	checkClock(t, s.viewer, start)
	if stats := s.Stats(); stats.Late != 0 {
		t.Errorf("stats %+v", stats)
	}
}

func TestCodecChange(t *testing.T) {
	t.Parallel()
	s := newHarness(t, "lookahead", nil)
	cam := startCamera(s.Handle, media.H264, 25)
	s.viewer.awaitFrames(3)
	first := s.viewer.state().PID
	cam.close()
	cam = startCamera(s.Handle, media.H265, 25)
	defer cam.close()
	s.viewer.await("another worker's frames", func() bool {
		st := s.viewer.lastState()
		return st.Phase == Masking && st.PID != first
	})
	if stats := s.Stats(); stats.Violations+stats.Hangs != 0 || strings.Contains(s.log.String(), "worker is gone") {
		t.Errorf("stats %+v", stats)
	}
}

func TestKeyframeOnRequest(t *testing.T) {
	t.Parallel()
	s := newHarness(t, "lookahead", nil)
	keyAfter := func(slate bool) {
		t.Helper()
		s.viewer.mu.Lock()
		n := len(s.viewer.cleans)
		s.viewer.mu.Unlock()
		asked := time.Now()
		s.RequestKeyframe()
		s.viewer.await("a keyframe", func() bool {
			for _, c := range s.viewer.cleans[n:] {
				if c.Keyframe() && c.Slate() == slate {
					return true
				}
			}
			return false
		})
		s.within(t, "the keyframe", time.Since(asked), time.Second)
	}
	s.viewer.awaitReason(Starting, text.SlateWaiting)
	keyAfter(true)
	cam := startCamera(s.Handle, media.H264, 1000)
	defer cam.close()
	s.viewer.awaitFrames(3)
	keyAfter(false)
}

// The sub-stream comes beside the stream once it is asked for, with the slate at the same times, and
// begins with a keyframe each time; a worker that goes on without one is asked for it.
func TestSubStream(t *testing.T) {
	t.Parallel()
	s := newHarness(t, "masks", nil)
	cam := startCamera(s.Handle, media.H264, 250)
	defer cam.close()
	s.viewer.awaitReason(Masking, "")
	s.viewer.awaitFrames(5)
	frame := func(c media.Clean) bool { return !c.Slate() && c.Record().Width == frameWidth/2 }
	s.viewer.mu.Lock()
	if slices.ContainsFunc(s.viewer.subs, frame) {
		t.Error("there is a sub-stream that nobody asked for")
	}
	s.viewer.mu.Unlock()
	s.SetSettings(wire.Settings{LookAhead: 200 * time.Millisecond, Sub: wire.SubStream{FPS: 10}})
	s.viewer.awaitSub("the sub-stream", frame)
	s.RequestSubKeyframe()
	s.viewer.awaitSub("a keyframe of it", media.Clean.Keyframe)
	s.SourceDown("silent")
	s.viewer.awaitSub("the slate", media.Clean.Slate)
	s.viewer.awaitSub("its return", frame)
}

func TestSettings(t *testing.T) {
	t.Parallel()
	s := newHarness(t, "settings", nil)
	cam := startCamera(s.Handle, media.H264, 25)
	defer cam.close()
	awaitLog := func(want string) {
		t.Helper()
		s.viewer.await(want, func() bool { return strings.Contains(s.log.String(), want) })
	}
	s.viewer.awaitFrames(1)
	s.SetSettings(wire.Settings{Mask: "mosaic"})
	awaitLog("mask mosaic")
	s.SetSettings(wire.Settings{Mask: "solid"})
	if err := syscall.Kill(s.viewer.state().PID, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	awaitLog("mask solid")
}

// The child has the two pipes, its error output and /dev/null; no argument
// and nothing of this process's environment.
func TestChildGetsNothingElse(t *testing.T) {
	t.Setenv("BAUTA_SECRET", "hunter2")
	inherited, err := syscall.Open(os.DevNull, syscall.O_RDONLY, 0) // not close-on-exec
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(inherited)
	sealInherited()
	s := newHarness(t, "inside", nil)
	cam := startCamera(s.Handle, media.H264, 25)
	defer cam.close()
	s.viewer.await("the report", func() bool { return strings.Contains(s.viewer.lastState().Detail, "files") })
	want := "env [LANG=C BAUTA_WORKER_READ=] args 1 files 0=/dev/null,1=/dev/null,2=pipe,3=pipe,4=pipe "
	if got := s.viewer.state().Detail; !strings.Contains(got, want) {
		t.Errorf("the child has %q, want %q", got, want)
	}
}

// A child that ignores all that can be ignored ends with this process.
func TestChildDiesWithItsParent(t *testing.T) {
	t.Parallel()
	parent := exec.Command(script(t, "parent"))
	if err := os.Symlink(parent.Path, filepath.Join(filepath.Dir(parent.Path), scriptPrefix+"stubborn")); err != nil {
		t.Fatal(err)
	}
	out, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	var pid int
	if _, err := fmt.Fscan(out, &pid); err != nil || syscall.Kill(pid, 0) != nil {
		t.Errorf("child %d: %v", pid, err)
	}
	parent.Process.Kill()
	parent.Wait()
	for deadline := time.Now().Add(patience); alive(pid); runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatalf("child %d outlived its parent", pid)
		}
	}
}

// alive reports whether a process runs; one that waits for its new parent to
// reap it does not.
func alive(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err == nil && !bytes.Contains(stat, []byte(") Z "))
}

// Where the system gives no namespaces, the child works without. What is
// around it is named; of what it does itself the scripted one has nothing.
func TestNamespaces(t *testing.T) {
	for _, refused := range []bool{false, true} {
		before := noNamespaces.Swap(refused)
		s := newHarness(t, "lookahead", nil)
		cam := startCamera(s.Handle, media.H264, 25)
		s.viewer.awaitFrames(1)
		cam.close()
		st := s.viewer.state()
		adj, err := os.ReadFile(fmt.Sprintf("/proc/%d/oom_score_adj", st.PID))
		if got := slices.Contains(st.Ready.Layers, oomFirstLayer); err != nil || got != (string(adj) == "300\n") {
			t.Errorf("%s named: %v, while it is %s, %v", oomFirstLayer, got, adj, err)
		}
		layers := slices.DeleteFunc(slices.Clone(st.Ready.Layers), func(l string) bool { return l == oomFirstLayer })
		s.stop()
		switch {
		case refused && !slices.Equal(layers, []string{"none"}):
			t.Errorf("layers %q without namespaces", layers)
		case !refused && noNamespaces.Load():
			t.Log("this system gives no namespaces")
		case !refused && !slices.Equal(layers, append(slices.Clone(namespaceLayers), "none")):
			t.Errorf("layers %q", layers)
		}
		noNamespaces.Store(before)
	}
	if adj, err := os.ReadFile(oomFile); err != nil || string(adj) == "300\n" {
		t.Errorf("this process itself counts as %s, %v", adj, err)
	}
}

func TestNoisyChildCannotFillTheLog(t *testing.T) {
	t.Parallel()
	s := newHarness(t, "noisy", nil)
	cam := startCamera(s.Handle, media.H264, 25)
	defer cam.close()
	s.viewer.awaitFrames(1)
	s.stop()
	if n := len(s.log.String()); n > 200*maxLine {
		t.Errorf("log of %d bytes", n)
	}
	if !strings.Contains(s.log.String(), "left out") {
		t.Error("the log does not say that lines were left out")
	}
}

func TestStubbornChildIsKilled(t *testing.T) {
	t.Parallel()
	s := newHarness(t, "stubborn", nil)
	cam := startCamera(s.Handle, media.H264, 25)
	defer cam.close()
	s.viewer.awaitFrames(1)
	pid := s.viewer.state().PID
	start := time.Now()
	s.stop()
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("stopped after %v", took)
	}
	if err := syscall.Kill(pid, 0); err != syscall.ESRCH {
		t.Errorf("process %d is still there: %v", pid, err)
	}
}

// Children that die at random leave nothing behind: no process, descriptor
// or goroutine. It must not run beside other tests.
func TestNothingIsLeft(t *testing.T) {
	files := func() int {
		list, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Skip("no /proc to count descriptors in")
		}
		return len(list)
	}
	s := newHarness(t, "secondtime", nil) // the runtime's own descriptors are open from here on
	cam := startCamera(s.Handle, media.H264, 25)
	s.viewer.awaitFrames(1)
	cam.close()
	s.stop()
	filesBefore, goroutines := files(), runtime.NumGoroutine()

	s = newHarness(t, "random", nil)
	cam = startCamera(s.Handle, media.H264, 5)
	s.viewer.await("some deaths", func() bool { return s.viewer.lastState().Restarts >= 6 })
	cam.close()
	s.stop()
	if n := files(); n > filesBefore {
		t.Errorf("%d descriptors, %d before", n, filesBefore)
	}
	deadline := time.Now().Add(patience)
	for runtime.NumGoroutine() > goroutines && time.Now().Before(deadline) {
		runtime.Gosched()
	}
	if n := runtime.NumGoroutine(); n > goroutines {
		t.Errorf("%d goroutines, %d before", n, goroutines)
	}
	if out, err := exec.Command("pgrep", "-P", fmt.Sprint(os.Getpid())).Output(); err == nil && len(out) > 0 {
		t.Errorf("children left: %s", out)
	}
}
