package rtsp

import (
	"context"
	"fmt"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/faultlog"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Two hundred viewers of four addresses connect at once, some that never finish a request and
// some that never read: all others get frames, and one who watched before
// misses none.
func TestCrowd(t *testing.T) {
	const crowd, each = 200, 50
	s := startServer(t, func(c *ServerConfig) { c.Anonymous = true })
	clip := clipOf(t, "160x120", 10)
	feeders := make([]*feeder, crowd/each)
	for i := range feeders {
		feeders[i] = slowly(t, s, media.CameraID(fmt.Sprintf("hall-%d", i)), clip)
	}
	first := watchAnonymous(t, s, "hall-0")
	eventually(t, "the first viewer's frame", func() bool { return len(first.got()) > 0 })
	for range 20 {
		c, err := net.Dial("tcp", s.Addrs().RTSP)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		fmt.Fprint(c, "DESCRIBE rtsp://half") // and no more
	}
	for range 10 {
		playRaw(t, rawDial(t, s, "hall-1")) // and never reads
	}
	began := time.Now()
	watchers := make([]*watcher, crowd)
	var all sync.WaitGroup
	for i := range watchers {
		all.Go(func() {
			w, err := connect(t, urlOf(s, fmt.Sprintf("hall-%d", i/each)), from(fmt.Sprintf("127.0.0.%d", 2+i/each)))
			if err == nil {
				err = w.play()
			}
			if err != nil {
				t.Errorf("viewer %d: %v", i, err)
				return
			}
			watchers[i] = w
		})
	}
	all.Wait()
	for i, w := range watchers {
		if w != nil {
			eventually(t, fmt.Sprintf("viewer %d has a frame", i), func() bool { return len(w.got()) > 0 })
		}
	}
	faultlog.Check(t, faultlog.Row{Topic: "viewer", Fault: "200 viewers connect at once, 20 more half-open and 10 that never read", Ends: "all of the 200 have a picture, nobody else misses one", Bound: 15 * time.Second}, time.Since(began))
	first.mu.Lock()
	defer first.mu.Unlock()
	if first.lost > 0 {
		t.Errorf("the first viewer lost %d packets", first.lost)
	}
}

// slowly publishes ten frames a second until the test ends: what a crowd
// costs is its number.
func slowly(t *testing.T, s *Server, id media.CameraID, clip [][][]byte) *feeder {
	t.Helper()
	f := &feeder{clip: clip, start: time.Now()}
	f.path = publish(t, s, id, f.hooks())
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() {
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		for ctx.Err() == nil {
			f.step(t)
			<-tick.C
		}
	})
	t.Cleanup(func() { cancel(); wg.Wait() })
	return f
}
