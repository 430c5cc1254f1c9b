package main

import (
	"bufio"
	"context"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bauta-gateway/bauta/cmd/dev/internal/probe"
)

// viewer watches a camera all the time and has the verifier check what comes.
type viewer struct {
	camera, address string
	verifier        *verifier

	mu     sync.Mutex
	last   time.Time // zero: the next unit begins a new count
	gap    time.Duration
	gapAt  time.Time
	visits int // connections so far
}

// silenceLimit is how long a viewer waits for anything before it connects again.
const silenceLimit = 15 * time.Second

// run watches until ctx ends.
func (v *viewer) run(ctx context.Context) {
	for ctx.Err() == nil {
		v.watch(ctx)
		pause(ctx, 200*time.Millisecond)
	}
}

func (v *viewer) watch(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var received atomic.Int64
	received.Store(time.Now().UnixNano())
	client, err := probe.Stream{Unit: func(_ uint32, nalus [][]byte) {
		received.Store(time.Now().UnixNano())
		v.unit(nalus)
	}}.Play(v.address)
	if err != nil {
		return
	}
	v.mu.Lock()
	v.visits++
	v.mu.Unlock()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		client.Wait()
	}()
	defer func() { client.Close(); <-ended }()
	for time.Since(time.Unix(0, received.Load())) < silenceLimit {
		select {
		case <-ctx.Done():
			return
		case <-ended:
			return
		case <-time.After(time.Second):
		}
	}
}

func (v *viewer) unit(nalus [][]byte) {
	now := time.Now()
	v.verifier.unit(v.camera, nalus)
	v.mu.Lock()
	defer v.mu.Unlock()
	if gap := now.Sub(v.last); !v.last.IsZero() && gap > v.gap {
		v.gap, v.gapAt = gap, now
	}
	v.last = now
}

// resetGap restarts the count of gaps: the daemon was stopped on purpose.
func (v *viewer) resetGap() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.last = time.Time{}
}

func (v *viewer) worst() (gap time.Duration, at time.Time, visits int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.gap, v.gapAt, v.visits
}

// decoding has ffmpeg watch one camera after the other and counts the
// frames that it could decode.
func decoding(ctx context.Context, addresses []string, frames *atomic.Int64) {
	for i := 0; ctx.Err() == nil; i++ {
		cmd := exec.CommandContext(ctx, "ffmpeg", "-nostdin", "-v", "quiet", "-progress", "pipe:1", "-rtsp_transport", "tcp",
			"-timeout", "5000000", "-i", addresses[i%len(addresses)], "-t", "60", "-an", "-f", "null", "-")
		out, err := cmd.StdoutPipe()
		if err == nil {
			err = cmd.Start()
		}
		if err == nil {
			follow(bufio.NewScanner(out), frames)
			cmd.Wait()
		}
		pause(ctx, 500*time.Millisecond)
	}
}

// follow adds up what ffmpeg reports of its progress.
func follow(lines *bufio.Scanner, frames *atomic.Int64) {
	for before := int64(0); lines.Scan(); {
		text, ok := strings.CutPrefix(lines.Text(), "frame=")
		if n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64); ok && err == nil && n > before {
			frames.Add(n - before)
			before = n
		}
	}
}

func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}
