package mqtt

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// ears remember what a Reader tells.
type ears struct {
	mu      sync.Mutex
	heard   map[string]string
	reasons []Reason
}

func (e *ears) ear() Ear {
	return Ear{
		Heard: func(topic string, payload []byte) {
			e.mu.Lock()
			defer e.mu.Unlock()
			e.heard[topic] = string(payload)
		},
		Link: func(r Reason, _ string) {
			e.mu.Lock()
			defer e.mu.Unlock()
			e.reasons = append(e.reasons, r)
		},
	}
}

func (e *ears) got(topic string) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.heard[topic]
}

// last is how the connection is; "none" before the first word.
func (e *ears) last() Reason {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.reasons) == 0 {
		return "none"
	}
	return e.reasons[len(e.reasons)-1]
}

func reading(t *testing.T, cfg Config, filters ...string) (*Reader, *ears) {
	t.Helper()
	r, err := NewReader(cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	e := &ears{heard: map[string]string{}}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.Run(ctx, filters, e.ear())
	}()
	t.Cleanup(func() { cancel(); <-done })
	return r, e
}

func TestReaderHears(t *testing.T) {
	m := newMosquitto(t, "allow_anonymous true")
	writer := stranger(t, m.addr)
	writer.Publish("bauta/hall/status", 1, true, "online").Wait()
	writer.Publish("bauta/hall/info", 1, true, "{}").Wait()
	writer.Publish("bauta/hall/compliance/big", 1, true, strings.Repeat("x", 3<<20)).Wait()
	writer.Publish("bauta/hall/compliance/m4", 1, true, "m4").Wait()
	r, e := reading(t, Config{Broker: "tcp://" + m.addr}, "bauta/+/status")
	until(t, "the status", func() bool { return e.got("bauta/hall/status") == "online" })
	if e.got("bauta/hall/info") != "" {
		t.Error("what was not asked for is heard")
	}
	r.Follow("hall", "bauta/hall/info", "bauta/hall/compliance/#")
	r.Follow("hall", "bauta/hall/info")
	until(t, "what is followed, but for the large one", func() bool {
		return e.got("bauta/hall/info") == "{}" && e.got("bauta/hall/compliance/m4") == "m4" && r.Skipped() == 1
	})
	if e.got("bauta/hall/compliance/big") != "" {
		t.Error("a packet above the limit was taken")
	}
	writer.Publish("bauta/hall/info", 1, true, "again").Wait()
	until(t, "news", func() bool { return e.got("bauta/hall/info") == "again" })

	m.stop() // it keeps nothing on disk
	until(t, "the loss is told", func() bool { return e.last() != "" })
	m.start()
	writer = stranger(t, m.addr)
	until(t, "connected again", func() bool { return e.last() == "" })
	until(t, "what was followed is heard again", func() bool {
		writer.Publish("bauta/hall/info", 1, true, "third").Wait()
		return e.got("bauta/hall/info") == "third"
	})
	r.Leave("hall")
	r.Leave("hall")
	n := 0
	until(t, "what was left is heard no more", func() bool {
		n++
		round := fmt.Sprint(n)
		writer.Publish("bauta/hall/info", 1, true, round).Wait()
		writer.Publish("bauta/hall/status", 1, true, round).Wait()
		until(t, "the status", func() bool { return e.got("bauta/hall/status") == round })
		return e.got("bauta/hall/info") != round
	})
}

// A reader needs a login that may read, no more.
func TestReaderMayOnlyRead(t *testing.T) {
	acl := write(t, filepath.Join(t.TempDir(), "acl"), "user watcher\ntopic read bauta/#\n")
	m := newMosquitto(t, logins(t, "watcher", "sesame")+"\nacl_file "+acl)
	for word, want := range map[string]Reason{"sesame": "", "wrong": Unauthorized} {
		_, e := reading(t, Config{Broker: "tcp://" + m.addr, User: "watcher", Password: func() (string, error) { return word, nil }}, "bauta/+/status")
		until(t, word, func() bool { return e.last() == want })
	}
}

func TestReaderConfig(t *testing.T) {
	for _, broker := range []string{"", "http://h", "tcp://a:b@h"} {
		if _, err := NewReader(Config{Broker: broker}, slog.New(slog.DiscardHandler)); err == nil || strings.Contains(err.Error(), "a:b") {
			t.Errorf("%q: %v", broker, err)
		}
	}
}

// packet is an MQTT packet of n bytes.
func packet(kind byte, n int) []byte {
	out := []byte{kind}
	for rest := n; ; {
		digit := byte(rest & 127)
		if rest >>= 7; rest == 0 {
			out = append(out, digit)
			break
		}
		out = append(out, digit|128)
	}
	return append(out, bytes.Repeat([]byte{kind}, n)...)
}

// told is a connection that says something and hears the receipts.
type told struct {
	net.Conn
	io.Reader
	receipts bytes.Buffer
}

func (c *told) Read(b []byte) (int, error)  { return c.Reader.Read(b) }
func (c *told) Write(b []byte) (int, error) { return c.receipts.Write(b) }

func TestCapped(t *testing.T) {
	var in, want bytes.Buffer
	for i, n := range []int{0, 1, 127, 128, 1000, 1001, 20_000, 1000, 16_383, 16_384, 3_000_000, 2} {
		p := packet(byte(i+1), n)
		in.Write(p)
		if n <= 1000 {
			want.Write(p)
		}
	}
	skipped := 0
	skip := func(int) { skipped++ }
	got, err := io.ReadAll(newCapped(&told{Reader: &in}, 1000, skip))
	if err != nil || !bytes.Equal(got, want.Bytes()) || skipped != 5 {
		t.Errorf("%d bytes of %d, %d skipped, %v", len(got), want.Len(), skipped, err)
	}
	if _, err := io.ReadAll(newCapped(&told{Reader: strings.NewReader("\x30\xff\xff\xff\xff\x01")}, 1000, skip)); err == nil {
		t.Error("a length of five digits passed")
	}
}

// A message that was passed over and wants a receipt gets it.
func TestCappedConfirms(t *testing.T) {
	large := append([]byte{0x33, 0x90, 0x4e, 0, 2, 'a', 'b', 0x12, 0x34}, make([]byte, 10_000-6)...)
	small := []byte{0x30, 3, 0, 1, 'a'}
	c := &told{Reader: bytes.NewReader(append(large, small...))}
	got, err := io.ReadAll(newCapped(c, 1000, func(int) {}))
	if err != nil || !bytes.Equal(got, small) || !bytes.Equal(c.receipts.Bytes(), []byte{0x40, 2, 0x12, 0x34}) {
		t.Errorf("%x, receipts %x, %v", got, c.receipts.Bytes(), err)
	}
	long := append([]byte{0x32, 0x90, 0x4e, 0xff, 0xff}, make([]byte, 10_000-2)...)
	if _, err := io.ReadAll(newCapped(&told{Reader: bytes.NewReader(long)}, 1000, func(int) {})); err == nil {
		t.Error("a topic longer than its packet passed")
	}
}

// FuzzCapped: whatever a broker sends, no packet above the limit gets through
// and small ones do unchanged; only receipts are sent.
func FuzzCapped(f *testing.F) {
	f.Add(packet(0x30, 5))
	f.Add(append(packet(0x30, 500), packet(0x20, 2)...))
	f.Add([]byte{0x30, 0xff, 0xff, 0xff, 0x7f})
	f.Add(append([]byte{0x32, 0xc8, 1, 0, 2, 'a', 'b', 1, 2}, make([]byte, 194)...))
	f.Fuzz(func(t *testing.T, data []byte) {
		skipped := 0
		c := &told{Reader: bytes.NewReader(data)}
		got, _ := io.ReadAll(newCapped(c, 100, func(int) { skipped++ }))
		if skipped == 0 && !bytes.HasPrefix(data, got) {
			t.Fatalf("%x became %x", data, got)
		}
		if len(got) > len(data) {
			t.Fatalf("%d bytes became %d", len(data), len(got))
		}
		if r := c.receipts.Bytes(); len(r)%4 != 0 || len(r)/4 > skipped {
			t.Fatalf("%d packets were skipped and %x was said", skipped, r)
		}
	})
}
