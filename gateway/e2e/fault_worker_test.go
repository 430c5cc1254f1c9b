package e2e

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/bauta-gateway/bauta/config/faultlog"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/hardware/media"
)

func signalled(t *testing.T, sig syscall.Signal) func(pid int) {
	return func(pid int) {
		if err := syscall.Kill(pid, sig); err != nil {
			t.Error(err)
		}
	}
}

// dies is the promise for a worker that is gone: the slate within a second,
// the frame of the next worker within five.
var dies = course{time.Second, 5 * time.Second}

// TestE2EWorkerDies kills real workers in each way. Viewers stay and never
// see the original, however often that happens.
func TestE2EWorkerDies(t *testing.T) {
	w := openWard(t)
	kills := 2
	if long() {
		kills = 20
	}
	for _, f := range []struct {
		fault string
		sig   syscall.Signal
		times int
	}{
		{"worker killed (SIGKILL)", syscall.SIGKILL, kills},
		{"worker crashes (SIGSEGV)", syscall.SIGSEGV, 1},
		{"worker ended by an exception of OpenCV (SIGABRT)", syscall.SIGABRT, 1},
	} {
		var worst course
		for range f.times {
			worst = worst.longer(w.hurt(t, signalled(t, f.sig), "demo"))
		}
		w.check(t, f.fault, worst, dies)
	}
	w.undisturbed(t)
	got := cameraStatus(t, w.client, "demo")
	if got.Worker.Restarts < kills+2 || got.Totals.Slates == 0 {
		t.Errorf("after %d deaths: %d restarts, %d slates", kills+2, got.Worker.Restarts, got.Totals.Slates)
	}
	both := w.hurt(t, signalled(t, syscall.SIGKILL), "demo", "other")
	w.check(t, "two workers killed at once", both, course{time.Second, 8 * time.Second})
}

// TestE2EWorkerHangs stops a worker with SIGSTOP, which is as bad as its death.
func TestE2EWorkerHangs(t *testing.T) {
	w := openWard(t)
	c := w.hurt(t, signalled(t, syscall.SIGSTOP), "demo")
	// It hangs after 5 s without a result, and starts in the time of a dead one.
	w.check(t, "worker hangs (SIGSTOP)", c, course{2 * time.Second, 11 * time.Second})
	w.undisturbed(t)
	if n := statusOf(w.g, "demo").Worker.Hangs; n != 1 {
		t.Errorf("%d hangs", n)
	}
}

// TestE2ECrashLoop has each new worker crash at once, as a stream does that
// trips over a fault in the decoder: the camera is blocked with the reason, the
// pauses grow, and once the stream is sane its frame comes back.
func TestE2ECrashLoop(t *testing.T) {
	if !long() {
		t.Skip("16 s for the growing pauses of a crash loop: BAUTA_LONG=1")
	}
	w := openWard(t)
	begin := time.Now()
	var births []time.Time
	for pid := workerPID(t, w.g, "demo"); len(births) < 9; births = append(births, time.Now()) {
		was := pid
		until(t, "the next worker", time.Now(), func() bool {
			// One that has only begun is process 1 without a handler, and passes the signal by.
			_ = syscall.Kill(was, syscall.SIGSEGV)
			pid = workerPID(t, w.g, "demo")
			return pid != was
		})
		if len(births) == 5 {
			took := until(t, "the reason", begin, func() bool {
				got := cameraStatus(t, w.client, "demo")
				return got.Protection == media.Blocked && got.Worker.Reason == "worker_failed"
			})
			faultlog.Check(t, faultlog.Row{Topic: "worker", Fault: "each worker crashes at its start (poisonous stream)",
				Ends: "camera blocked, the slate says that the worker fails", Bound: 5 * time.Second}, took)
		}
	}
	early, late := births[4].Sub(births[2]), births[8].Sub(births[6])
	t.Logf("two pauses: first %v, at last %v", early, late)
	if late < 2*early || late > 12*time.Second {
		t.Errorf("pauses of %v, then of %v: they have to grow, and not for ever", early, late)
	}
	dark := framesOf(w.g, "demo")
	lastCrash := births[7] // of the worker before, which died at its start
	back := until(t, "the picture", lastCrash, func() bool { return framesOf(w.g, "demo") > dark })
	faultlog.Check(t, faultlog.Row{Topic: "worker", Fault: "each worker crashes at its start: the stream is sane again",
		Ends: "masked picture", Bound: 15 * time.Second}, back)
	w.sound(t)
	w.undisturbed(t)
}

// TestE2EMemoryHog plays a stream of a hundred bytes per frame, each of which
// costs its decoder 226 MB, sixteen of them at a time: the worker meets its
// bound, and nobody else does.
func TestE2EMemoryHog(t *testing.T) {
	if !long() {
		t.Skip("gigabytes of memory for half a minute: BAUTA_LONG=1")
	}
	w := openWard(t)
	r := startRelay(t)
	r.play(t, giant{768, 768})
	begin := time.Now()
	w.add(t, "hog", r.url(), "", "")
	took := until(t, "the reason", begin, func() bool {
		got := cameraStatus(t, w.client, "hog")
		return got.Protection == media.Blocked && got.Worker.Reason != ""
	})
	got := cameraStatus(t, w.client, "hog")
	faultlog.Check(t, faultlog.Row{Topic: "worker", Fault: "camera sends pictures of 12288 x 12288 that take gigabytes",
		Ends: "camera blocked with the reason, the worker stays within its memory", Bound: 30 * time.Second}, took)
	t.Logf("%s: %s %s", got.Worker.State, got.Worker.Reason, got.Worker.Detail)
	most, ends := peak(w, "hog", 20*time.Second)
	t.Logf("at most %d MB resident; ends of workers: %q", most>>20, ends)
	if most > 4<<30 {
		t.Errorf("the worker took %d bytes", most)
	}
	if n := framesOf(w.g, "hog"); n > 0 {
		t.Errorf("%d pictures of it left", n)
	}
	w.sound(t)
	w.undisturbed(t)
}

// peak watches the resident memory of a camera's workers, and how they end.
func peak(w *ward, id media.CameraID, span time.Duration) (most int64, ends []string) {
	for end := time.Now().Add(span); time.Now().Before(end); time.Sleep(20 * time.Millisecond) { // the measurement is the point
		worker := statusOf(w.g, id).Worker
		pid, detail := worker.PID, worker.Detail
		if n, err := residentOf(pid); err == nil {
			most = max(most, n)
		}
		if detail != "" && !slices.Contains(ends, detail) {
			ends = append(ends, detail)
		}
	}
	return most, ends
}

const (
	deniedName = "lockdown-denied"
	realName   = "real"
)

// denyLockdown is what the test program does under deniedName: it becomes the
// real worker on a kernel that refuses seccomp, as some containers do.
func denyLockdown() {
	f := []unix.SockFilter{
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: 0},
		{Code: unix.BPF_JMP | unix.BPF_K | unix.BPF_JEQ, Jf: 1, K: unix.SYS_SECCOMP},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW},
	}
	runtime.LockOSThread() // whose filter stays with the program that it becomes
	prog := unix.SockFprog{Len: uint16(len(f)), Filter: &f[0]}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		panic(err)
	}
	if _, _, errno := unix.RawSyscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, 0, uintptr(unsafe.Pointer(&prog))); errno != 0 {
		panic(errno)
	}
	worker, err := os.Readlink(filepath.Join(filepath.Dir(os.Args[0]), realName))
	if err == nil {
		err = syscall.Exec(worker, []string{worker}, os.Environ())
	}
	panic(err)
}

// A kernel that refuses the lock-down gets no frame to decode: the worker
// gives up before its first access unit, and the slate says why.
func TestE2ELockdownDenied(t *testing.T) {
	cfg := realSettings(t)
	dir := t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	worker, err := filepath.Abs(builtWorker)
	if err != nil {
		t.Fatal(err)
	}
	for name, target := range map[string]string{deniedName: self, realName: worker} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	cfg.Worker.Binary = filepath.Join(dir, deniedName)
	begin := time.Now()
	g, client := start(t, gateway.Options{Config: cfg, Demo: clip(t)})
	took := until(t, "the reason", begin, func() bool {
		got := cameraStatus(t, client, "demo")
		return got.Protection == media.Blocked && got.Worker.Reason == "lockdown"
	})
	faultlog.Check(t, faultlog.Row{Topic: "worker", Fault: "kernel refuses the worker's lock-down",
		Ends: "camera blocked, nothing is decoded, the slate says so", Bound: 10 * time.Second}, took)
	if totals := statusOf(g, "demo").Totals; totals.Pictures > 0 || totals.Refused > 0 {
		t.Errorf("a worker without a lock-down worked: %+v", totals)
	}
}

// TestE2EMemoryBound lets a live worker come to the end of its address space
// in the middle of a stream: the bound is drawn close for it, because 3 GiB take a
// while to fill. The next worker has the usual one and goes on.
func TestE2EMemoryBound(t *testing.T) {
	if !long() {
		t.Skip("a stream of 4096 x 4096 pixels: BAUTA_LONG=1")
	}
	w := openWard(t)
	r := startRelay(t)
	r.play(t, giant{256, 256})
	w.add(t, "hog", r.url(), "", "")
	pid := workerPID(t, w.g, "hog")
	eventually(t, "its worker is ready", func() bool { return statusOf(w.g, "hog").Worker.ModelSHA256 != "" })
	mapped, err := memoryOf(pid, "VmSize")
	if err != nil {
		t.Fatal(err)
	}
	bound := unix.Rlimit{Cur: uint64(mapped) + 64<<20, Max: uint64(mapped) + 64<<20}
	if err := unix.Prlimit(pid, unix.RLIMIT_AS, &bound, nil); err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	took := until(t, "an end or a refusal", begin, func() bool {
		is := statusOf(w.g, "hog")
		return is.Worker.Restarts > 0 || is.Totals.Refused > 0
	})
	is := statusOf(w.g, "hog")
	t.Logf("%d restarts, totals %+v, %s", is.Worker.Restarts, is.Totals, is.Worker.Detail)
	faultlog.Check(t, faultlog.Row{Topic: "worker", Fault: "worker at the end of its address space",
		Ends: "no picture of what does not fit, other cameras go on", Bound: 30 * time.Second}, took)
	w.sound(t)
	w.undisturbed(t)
}
