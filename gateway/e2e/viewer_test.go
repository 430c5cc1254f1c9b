package e2e

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"os/exec"
	"regexp"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/bluenviron/gortsplib/v4"
	"github.com/bluenviron/gortsplib/v4/pkg/base"
	"github.com/bluenviron/gortsplib/v4/pkg/description"
	"github.com/bluenviron/gortsplib/v4/pkg/format"
	"github.com/pion/rtp"

	"github.com/bauta-gateway/bauta/gateway/mp4"
)

// watcher is a viewer that keeps what it saw.
type watcher struct {
	client *gortsplib.Client
	ended  chan error

	mu     sync.Mutex
	units  int
	last   time.Time
	gap    time.Duration // the longest between two access units
	hashes map[[32]byte]bool
	each   func(nalu []byte) // also sees what comes; nil: nobody else does
}

// watch begins to view a stream over TCP, until the test ends.
func watch(t *testing.T, address string) *watcher {
	t.Helper()
	w := &watcher{ended: make(chan error, 1), hashes: map[[32]byte]bool{}}
	if err := w.connect(address); err != nil {
		t.Fatalf("viewer: %v", err)
	}
	t.Cleanup(w.client.Close)
	return w
}

func (w *watcher) connect(address string) error {
	u, err := base.ParseURL(address)
	if err != nil {
		return err
	}
	tcp := gortsplib.TransportTCP
	w.client = &gortsplib.Client{Scheme: u.Scheme, Host: u.Host, Transport: &tcp}
	if err := w.client.Start2(); err != nil {
		return err
	}
	desc, _, err := w.client.Describe(u)
	if err != nil {
		w.client.Close()
		return err
	}
	var h264 *format.H264
	track := desc.FindFormat(&h264)
	if track == nil {
		w.client.Close()
		return errors.New("no H.264 track")
	}
	return w.play(desc, track, h264)
}

func (w *watcher) play(desc *description.Session, track *description.Media, h264 *format.H264) error {
	decoder, err := h264.CreateDecoder()
	if err != nil {
		return err
	}
	if _, err := w.client.Setup(desc.BaseURL, track, 0, 0); err != nil {
		w.client.Close()
		return err
	}
	w.client.OnPacketRTP(track, h264, func(p *rtp.Packet) {
		if unit, err := decoder.Decode(p); err == nil {
			w.note(unit)
		}
	})
	if _, err := w.client.Play(nil); err != nil {
		w.client.Close()
		return err
	}
	go func() { w.ended <- w.client.Wait() }()
	return nil
}

func (w *watcher) note(unit [][]byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := time.Now()
	if w.units++; w.units > 1 {
		w.gap = max(w.gap, now.Sub(w.last))
	}
	w.last = now
	for _, n := range unit {
		w.hashes[sha256.Sum256(n)] = true
		if w.each != nil {
			w.each(n)
		}
	}
}

// show has f look at each NAL unit that comes from now on.
func (w *watcher) show(f func(nalu []byte)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.each = f
}

// seen returns the number of access units and the longest pause so far.
func (w *watcher) seen() (units int, gap time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.units, w.gap
}

// forget starts the search for the longest pause anew.
func (w *watcher) forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.gap = 0
}

// assertConnected fails where the stream has ended.
func (w *watcher) assertConnected(t *testing.T) {
	t.Helper()
	select {
	case err := <-w.ended:
		t.Fatalf("the viewer was disconnected: %v", err)
	default:
	}
}

// assertNothingOf fails where any coded slice of the clip reached the viewer.
func (w *watcher) assertNothingOf(t *testing.T, clip string) {
	t.Helper()
	r, err := mp4.Open(clip)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	w.mu.Lock()
	defer w.mu.Unlock()
	compared := 0
	for {
		s, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		for _, n := range s.NALUs {
			if len(n) < 32 { // parameter sets and the like hold no frame
				continue
			}
			compared++
			if w.hashes[sha256.Sum256(n)] {
				t.Fatalf("picture %d of the clip reached the viewer as it was", s.Index)
			}
		}
	}
	if compared == 0 || len(w.hashes) == 0 {
		t.Errorf("nothing to compare: %d of the clip, %d seen", compared, len(w.hashes))
	}
}

// program is a viewer of another make that runs for a while.
type player struct {
	name string
	args []string
	// frames finds the number of frames in its output; nil where it tells none.
	frames *regexp.Regexp
}

func ffmpegPlayer(transport, address string, seconds int) player {
	return player{"ffmpeg", []string{"-hide_banner", "-nostdin", "-loglevel", "error", "-stats", "-rtsp_transport", transport, "-i", address,
		// In finer time than the rate that ffmpeg guesses, which would make two frames one.
		"-t", strconv.Itoa(seconds), "-an", "-enc_time_base", "1:90000", "-f", "null", "-"}, regexp.MustCompile(`frame= *(\d+)`)}
}

// view runs the player and returns how many frames it saw and what it
// complained of.
func (p player) view(ctx context.Context, limit time.Duration) (frames int, complaint string, err error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, p.name, p.args...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err = cmd.Run()
	text := out.Bytes()
	if p.frames == nil {
		return 0, string(text), err
	}
	if all := p.frames.FindAllSubmatch(text, -1); len(all) > 0 {
		frames, _ = strconv.Atoi(string(all[len(all)-1][1]))
	}
	rest := regexp.MustCompile(`frame=.*?(\r|\n|$)`).ReplaceAll(text, nil)
	return frames, string(bytes.TrimSpace(rest)), err
}

func need(t *testing.T, programs ...string) {
	t.Helper()
	for _, name := range programs {
		if _, err := exec.LookPath(name); err != nil {
			t.Fatalf("%s is not installed: make setup-test installs it", name)
		}
	}
}
