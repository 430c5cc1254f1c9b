//go:build linux && cgo && (amd64 || arm64)

package sandbox

import (
	"bufio"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"

	"github.com/bauta-gateway/bauta/anonymize/sandbox/internal/cthreads"
	"golang.org/x/sys/unix"
)

// The test binary is its own child: BAUTA_TEST_CHILD says what it shall be.
var children = map[string]func(){"locked": locked, "open": open, "peek": peek, "crash": crash, "hog": hog,
	"confined": confined, "first": first, "bounded": bounded}

func TestMain(m *testing.M) {
	if be := children[os.Getenv("BAUTA_TEST_CHILD")]; be != nil {
		be()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// report is a line of JSON from the child.
type report struct {
	Layers []string
	Err    string
	// Probes has the errors by thread and probe.
	Probes map[string]map[string]string
	// Load counts what still works.
	Load map[string]int64
}

func say(r report) {
	b, err := json.Marshal(r)
	if err != nil {
		panic(err)
	}
	fmt.Println(string(b))
}

var commands = bufio.NewReader(os.Stdin)

// await waits for the parent; its end is the child's.
func await() {
	if _, err := commands.ReadByte(); err != nil {
		os.Exit(0)
	}
}

func lock(opts Options) report {
	layers, err := Lock(opts)
	r := report{Layers: layers}
	if err != nil {
		r.Err = err.Error()
	}
	return r
}

func open() { live(func() report { return report{} }) }

func locked() { live(func() report { return lock(Options{}) }) }

// live is a worker in small: threads of Go and of C are at work when it locks
// itself down, and more of them come later.
func live(lock func() report) {
	check(cthreads.Start(4))
	l := newWorkload()
	old := threads(4)
	waitFor("C threads", func() bool { turns, _, _ := cthreads.Counts(); return turns > 40 })
	say(lock())
	await()
	r := report{Probes: map[string]map[string]string{}, Load: l.run()}
	for i, on := range old {
		on(func() { r.Probes["old "+strconv.Itoa(i)] = tryAll() })
	}
	threads(1)[0](func() { r.Probes["new"] = tryAll() })
	turns, opened, denied := cthreads.Counts()
	waitFor("C threads", func() bool { now, _, _ := cthreads.Counts(); return now > turns+100 })
	_, opened2, denied2 := cthreads.Counts()
	r.Load["opened by C"], r.Load["denied to C"] = int64(opened2-opened), int64(denied2-denied)
	say(r)
	await()
}

// threads makes n threads of their own, each returned as a way to run there.
func threads(n int) []func(func()) {
	var all []func(func())
	for range n {
		work, done := make(chan func()), make(chan bool)
		go func() {
			runtime.LockOSThread()
			for f := range work {
				f()
				done <- true
			}
		}()
		all = append(all, func(f func()) { work <- f; <-done })
		all[len(all)-1](func() {})
	}
	return all
}

// workload is everything of the Go runtime, glibc and the kernel that a worker needs.
type workload struct {
	r, w *os.File // a pipe in the poller since before the lock
	spin atomic.Int64
}

func newWorkload() *workload {
	r, w, err := os.Pipe()
	check(err)
	l := &workload{r: r, w: w}
	go func() { // calls nothing: only SIGURG can stop it
		for {
			l.spin.Add(1)
		}
	}()
	return l
}

func (l *workload) run() map[string]int64 {
	var gcs, timers, threadsMade, piped atomic.Int64
	signals := make(chan os.Signal, 100)
	signal.Notify(signals, unix.SIGUSR1)
	var wg sync.WaitGroup
	many := func(n int, f func(i int)) {
		wg.Go(func() {
			for i := range n {
				f(i)
			}
		})
	}
	many(20, func(i int) { sink.Store(make([]byte, 1<<20+i)); runtime.GC(); gcs.Add(1) })
	many(3, func(int) { debug.FreeOSMemory() })
	many(20, func(int) { time.Sleep(time.Millisecond); timers.Add(1) })
	many(20, func(i int) { check(cthreads.Churn(i%2 == 0)) })
	many(20, func(int) {
		gone := make(chan bool)
		go func() { defer close(gone); runtime.LockOSThread(); threadsMade.Add(1) }() // the thread dies with it
		<-gone
	})
	many(20, func(int) { check(unix.Tgkill(os.Getpid(), unix.Gettid(), unix.SIGUSR1)); <-signals })
	many(20, func(int) { _, err := rand.Read(make([]byte, 1000)); check(err) })
	many(20, func(i int) {
		check(l.r.SetReadDeadline(time.Now().Add(time.Minute)))
		_, err := l.w.Write([]byte{byte(i)})
		check(err)
		n, err := l.r.Read(make([]byte, 10))
		check(err)
		piped.Add(int64(n))
	})
	wg.Wait()
	check(l.r.SetReadDeadline(time.Now().Add(time.Millisecond)))
	if _, err := l.r.Read(make([]byte, 1)); !os.IsTimeout(err) {
		panic(fmt.Sprint("a deadline does not end a read: ", err))
	}
	before := l.spin.Load()
	waitFor("the spinning goroutine", func() bool { return l.spin.Load() > before })
	return map[string]int64{"gc": gcs.Load(), "timers": timers.Load(), "threads": threadsMade.Load(),
		"piped": piped.Load(), "called from C": cthreads.Called.Load()}
}

var sink atomic.Value

// peek tells what a process of the same user can do to another.
func peek() {
	pid, err := strconv.Atoi(os.Getenv("BAUTA_TEST_PID"))
	check(err)
	name := func(err error) string {
		errno, _ := err.(unix.Errno)
		return unix.ErrnoName(errno)
	}
	fd, err := unix.Open(fmt.Sprintf("/proc/%d/mem", pid), unix.O_RDONLY, 0)
	got := map[string]string{"mem": name(err)}
	unix.Close(fd)
	var buf [1]byte
	local := []unix.Iovec{{Base: &buf[0], Len: 1}}
	// The same program has its variables at the same place.
	_, err = unix.ProcessVMReadv(pid, local, []unix.RemoteIovec{{Base: uintptr(unsafe.Pointer(&devNull)), Len: 1}}, 0)
	got["process_vm_readv"] = name(err)
	got["ptrace"] = name(unix.PtraceSeize(pid))
	say(report{Probes: map[string]map[string]string{"peek": got}})
}

func crash() {
	var core unix.Rlimit
	check(unix.Getrlimit(unix.RLIMIT_CORE, &core))
	core.Cur = core.Max
	check(unix.Setrlimit(unix.RLIMIT_CORE, &core))
	r := report{}
	if os.Getenv("BAUTA_TEST_LOCK") != "" {
		r = lock(Options{})
	}
	say(r)
	await()
	cthreads.Crash()
}

func hog() {
	say(lock(Options{Headroom: 256 << 20}))
	await()
	var all [][]byte
	for range 1 << 10 {
		all = append(all, make([]byte, 1<<20))
	}
	fmt.Println("a gibibyte got", len(all))
}

// outsideLimit is room for a process of Go and C, and less than Lock allows in bounded.
const outsideLimit = 16 << 30

func bounded() {
	check(unix.Setrlimit(unix.RLIMIT_AS, &unix.Rlimit{Cur: outsideLimit, Max: outsideLimit}))
	say(lock(Options{Headroom: 1 << 40}))
	await()
}

// first uses after the lock what it never did before.
func first() {
	r := lock(Options{})
	time.Sleep(time.Millisecond)
	_, offset := time.Now().Zone()
	r.Load = map[string]int64{"zone": int64(offset)}
	say(r)
}

// confined tries what Landlock forbids before Lock is called.
func confined() {
	check(cthreads.Start(2))
	waitFor("C threads", func() bool { turns, _, _ := cthreads.Counts(); return turns > 10 })
	r := report{Probes: map[string]map[string]string{}, Load: map[string]int64{}}
	for i, on := range threads(2) {
		on(func() { r.Probes[strconv.Itoa(i)] = tryFiles(os.Getenv("BAUTA_TEST_DIR")) })
	}
	_, opened, denied := cthreads.Counts()
	r.Load["opened by C"], r.Load["denied to C"] = int64(opened), int64(denied)
	l := lock(Options{})
	r.Layers, r.Err = l.Layers, l.Err
	say(r)
}

func tryFiles(dir string) map[string]string {
	tryOpen := func(path string, flags int) string {
		fd, err := unix.Open(path, flags, 0o600)
		unix.Close(fd)
		errno, _ := err.(unix.Errno)
		return unix.ErrnoName(errno)
	}
	got := map[string]string{
		"read ours":        tryOpen(filepath.Join(dir, "ours", "f"), unix.O_RDONLY),
		"read other":       tryOpen(filepath.Join(dir, "other", "f"), unix.O_RDONLY),
		"read the library": tryOpen("/usr/lib/os-release", unix.O_RDONLY),
		"write a device":   tryOpen(filepath.Join(dir, "device"), unix.O_RDWR),
		"write ours":       tryOpen(filepath.Join(dir, "ours", "f"), unix.O_WRONLY),
		"create ours":      tryOpen(filepath.Join(dir, "ours", "new"), unix.O_WRONLY|unix.O_CREAT),
	}
	errno, _ := unix.Exec("/usr/bin/true", nil, nil).(unix.Errno)
	got["execute"] = unix.ErrnoName(errno)
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	check(err)
	errno, _ = unix.Connect(fd, &unix.SockaddrInet4{Port: 1, Addr: [4]byte{127, 0, 0, 1}}).(unix.Errno)
	got["connect"] = unix.ErrnoName(errno)
	return got
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func waitFor(what string, done func() bool) {
	for end := time.Now().Add(20 * time.Second); !done(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			panic("20 s without progress: " + what)
		}
	}
}
