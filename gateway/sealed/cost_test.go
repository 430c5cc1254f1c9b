package sealed

import (
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/gateway/sealed/process"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Sixteen cameras of 4 Mbit/s: what a minute costs, and that nothing is missing. In its long form it takes
// half an hour.
func TestE2ECost(t *testing.T) {
	cameras, minutes, length := 4, 0.2, 3*time.Second
	if os.Getenv("BAUTA_LONG") != "" {
		cameras, minutes, length = 16, 30, time.Minute
	}
	bauta, err := filepath.Abs(filepath.Join("..", "..", "build", "bauta"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if length == time.Minute { // 14 GB, and where others test in memory
		if dir, err = os.MkdirTemp("/var/tmp", "bauta-cost-"); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { os.RemoveAll(dir) })
	}
	b := newBench(t, dir, func(c *Config) {
		c.Program, c.Length, c.Queue, c.Sweep = []string{bauta, process.Command}, length, 0, 0
	})
	before := spent()
	for c := range cameras {
		b.seal(media.CameraID(fmt.Sprint("cam-", c)))
	}
	frames := int(minutes * 60 * 25)
	var all sync.WaitGroup
	for c := range cameras {
		all.Go(func() { play(b, media.CameraID(fmt.Sprint("cam-", c)), frames) })
	}
	memory := 0
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		for range 4 {
			time.Sleep(time.Duration(minutes * float64(time.Minute) / 5))
			for _, pid := range processes(t) {
				memory = max(memory, private(pid))
			}
		}
	}()
	all.Wait()
	<-watched
	b.stop()
	cpu := (spent() - before).Seconds() / (minutes * 60) / float64(cameras) * 100
	t.Logf("%d cameras, %.1f minutes: %.2f %% of a core each, %d KB for the largest process, %d segments each", cameras, minutes, cpu, memory, b.status("cam-0").Segments)
	for _, s := range b.Status() {
		if s.Gaps != 0 || s.Torn != 0 || s.Dropped != 0 {
			t.Errorf("%s: %d gaps, %d torn, %d dropped", s.Camera, s.Gaps, s.Torn, s.Dropped)
		}
		b.verified(s.Camera)
	}
	// A short run starts twenty times as many processes a minute.
	if memory > 20<<10 || length == time.Minute && cpu > 1 {
		t.Errorf("%.2f %% of a core and %d KB for a camera of 4 Mbit/s: at most 1 %% and 20 MB are wanted", cpu, memory)
	}
}

// play feeds a camera of 25 frames a second and 4 Mbit/s.
func play(b *bench, id media.CameraID, frames int) {
	tick := time.NewTicker(40 * time.Millisecond)
	defer tick.Stop()
	content := make([]byte, 20000)
	rand.Read(content)
	for n := range frames {
		<-tick.C
		b.Feed(id, media.Raw{Codec: media.H264, NALUs: [][]byte{content}, PTS: media.Ticks90k(n * 3600), Keyframe: n%25 == 0, NTP: time.Now()})
	}
}

// spent is the processor time of this process and of those that it waited for.
func spent() (d time.Duration) {
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var u syscall.Rusage
		syscall.Getrusage(who, &u)
		d += time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	return d
}

// private is what a process holds of memory in KB, without the program's file, which all of them share.
func private(pid int) (kb int) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0
	}
	var size, resident, shared int
	fmt.Sscan(string(b), &size, &resident, &shared)
	return (resident - shared) * os.Getpagesize() / 1024
}
