package broker

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/bauta-gateway/bauta/gateway/broker/brokertest"
)

// recorder remembers what a Reader receives.
type recorder struct {
	mu       sync.Mutex
	payloads map[string]string // by topic, the newest
	reasons  []Reason
}

func (e *recorder) subscriber() Subscriber {
	return Subscriber{
		Receive: func(topic string, payload []byte) {
			e.mu.Lock()
			defer e.mu.Unlock()
			e.payloads[topic] = string(payload)
		},
		Connection: func(r Reason, _ string) {
			e.mu.Lock()
			defer e.mu.Unlock()
			e.reasons = append(e.reasons, r)
		},
	}
}

func (e *recorder) got(topic string) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.payloads[topic]
}

// last is how the connection is; "none" before the first report.
func (e *recorder) last() Reason {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.reasons) == 0 {
		return "none"
	}
	return e.reasons[len(e.reasons)-1]
}

func reading(t *testing.T, cfg Config, filters ...string) (*Reader, *recorder) {
	t.Helper()
	r, err := NewReader(cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	e := &recorder{payloads: map[string]string{}}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.Run(ctx, filters, e.subscriber())
	}()
	t.Cleanup(func() { cancel(); <-done })
	return r, e
}

func TestReaderReceivesWhatItFollows(t *testing.T) {
	m := brokertest.NewMosquitto(t, "allow_anonymous true")
	writer := brokertest.Client(t, m.Addr)
	writer.Publish("bauta/hall/status", 1, true, "online").Wait()
	writer.Publish("bauta/hall/info", 1, true, "{}").Wait()
	writer.Publish("bauta/hall/compliance/big", 1, true, strings.Repeat("x", 3<<20)).Wait()
	writer.Publish("bauta/hall/compliance/m4", 1, true, "m4").Wait()
	r, e := reading(t, Config{Address: "tcp://" + m.Addr}, "bauta/+/status")
	brokertest.Until(t, "the status", func() bool { return e.got("bauta/hall/status") == "online" })
	if e.got("bauta/hall/info") != "" {
		t.Error("what was not asked for is received")
	}
	r.Follow("hall", "bauta/hall/info", "bauta/hall/compliance/#")
	r.Follow("hall", "bauta/hall/info")
	brokertest.Until(t, "what is followed, but for the large one", func() bool {
		return e.got("bauta/hall/info") == "{}" && e.got("bauta/hall/compliance/m4") == "m4" && r.TooLarge() == 1
	})
	if e.got("bauta/hall/compliance/big") != "" {
		t.Error("a packet above the limit was taken")
	}
	writer.Publish("bauta/hall/info", 1, true, "again").Wait()
	brokertest.Until(t, "news", func() bool { return e.got("bauta/hall/info") == "again" })

	m.Stop() // it keeps nothing on disk
	brokertest.Until(t, "the loss is reported", func() bool { return e.last() != "" })
	m.Start()
	writer = brokertest.Client(t, m.Addr)
	brokertest.Until(t, "connected again", func() bool { return e.last() == "" })
	brokertest.Until(t, "what was followed is received again", func() bool {
		writer.Publish("bauta/hall/info", 1, true, "third").Wait()
		return e.got("bauta/hall/info") == "third"
	})
	r.Leave("hall")
	r.Leave("hall")
	n := 0
	brokertest.Until(t, "what was left is received no more", func() bool {
		n++
		round := fmt.Sprint(n)
		writer.Publish("bauta/hall/info", 1, true, round).Wait()
		writer.Publish("bauta/hall/status", 1, true, round).Wait()
		brokertest.Until(t, "the status", func() bool { return e.got("bauta/hall/status") == round })
		return e.got("bauta/hall/info") != round
	})
}

// A reader needs a login that may read, no more.
func TestReaderMayOnlyRead(t *testing.T) {
	acl := brokertest.Write(t, filepath.Join(t.TempDir(), "acl"), "user watcher\ntopic read bauta/#\n")
	m := brokertest.NewMosquitto(t, brokertest.Logins(t, "watcher", "sesame")+"\nacl_file "+acl)
	for word, want := range map[string]Reason{"sesame": "", "wrong": Unauthorized} {
		_, e := reading(t, Config{Address: "tcp://" + m.Addr, User: "watcher", Password: func() (string, error) { return word, nil }}, "bauta/+/status")
		brokertest.Until(t, word, func() bool { return e.last() == want })
	}
}

func TestReaderConfig(t *testing.T) {
	for _, broker := range []string{"", "http://h", "tcp://a:b@h"} {
		if _, err := NewReader(Config{Address: broker}, slog.New(slog.DiscardHandler)); err == nil || strings.Contains(err.Error(), "a:b") {
			t.Errorf("%q: %v", broker, err)
		}
	}
}
