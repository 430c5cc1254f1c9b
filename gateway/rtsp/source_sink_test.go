package rtsp

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// camSink keeps what a Source gives and everything it says.
type camSink struct {
	t      testing.TB
	busy   atomic.Bool
	mu     sync.Mutex
	states []SourceState
	raws   []media.Raw
	news   []Learned
	log    bytes.Buffer
}

func (k *camSink) enter() func() {
	if k.busy.Swap(true) {
		k.t.Error("two calls of the sink at once")
	}
	k.mu.Lock()
	return func() {
		k.mu.Unlock()
		k.busy.Store(false)
	}
}

func (k *camSink) SourceState(s SourceState) {
	defer k.enter()()
	k.states = append(k.states, s)
}

func (k *camSink) Learned(n Learned) {
	defer k.enter()()
	k.news = append(k.news, n)
}

func (k *camSink) Raw(r media.Raw) {
	defer k.enter()()
	if len(k.states) == 0 || k.states[len(k.states)-1].Phase != Online {
		k.t.Error("a frame before Online")
	}
	k.raws = append(k.raws, r)
}

func (k *camSink) Write(b []byte) (int, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.log.Write(b)
}

// wait waits until ok says so of the states and access units so far.
func (k *camSink) wait(what string, ok func(states []SourceState, raws []media.Raw) bool) {
	k.t.Helper()
	for end := time.Now().Add(camPatience); ; time.Sleep(2 * time.Millisecond) {
		k.mu.Lock()
		done := ok(k.states, k.raws)
		k.mu.Unlock()
		if done {
			return
		}
		if time.Now().After(end) {
			k.mu.Lock()
			defer k.mu.Unlock()
			k.t.Fatalf("waited %v in vain: %s\nstates: %+v\n%d frames\n%s", camPatience, what, k.states[max(0, len(k.states)-6):], len(k.raws), k.log.Bytes()[max(0, k.log.Len()-2000):])
		}
	}
}

// units waits for n access units and returns them.
func (k *camSink) units(n int) []media.Raw {
	k.t.Helper()
	var got []media.Raw
	k.wait(fmt.Sprintf("%d frames", n), func(_ []SourceState, raws []media.Raw) bool {
		got = raws
		return len(raws) >= n
	})
	return got[:n]
}

// fault waits for a Waiting state and returns it.
func (k *camSink) fault() SourceState {
	k.t.Helper()
	var got SourceState
	k.wait("a fault", func(states []SourceState, _ []media.Raw) bool {
		for _, s := range states {
			if s.Phase == Waiting {
				got = s
				return true
			}
		}
		return false
	})
	return got
}

// phases are the phases so far, repeats left out.
func phases(states []SourceState) string {
	var out []string
	for _, s := range states {
		if n := len(out); n == 0 || out[n-1] != string(s.Phase) {
			out = append(out, string(s.Phase))
		}
	}
	return strings.Join(out, " ")
}

// learnedTLS expects that the connection told what a first use shows: that there is TLS, and the
// certificate where nothing else says which to take.
func (k *camSink) learnedTLS(print string, cfg SourceConfig) {
	k.t.Helper()
	if cfg.Fingerprint != "" || cfg.InsecureTLS {
		print = ""
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.news) != 1 || k.news[0] != (Learned{Fingerprint: print, Secure: true}) {
		k.t.Errorf("learned: %+v", k.news)
	}
}
