package mqtt

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"
)

func TestConfig(t *testing.T) {
	for _, c := range []struct {
		cfg  Config
		want string // part of the error; empty for none
	}{
		{Config{}, ""},
		{Config{EmbeddedAddr: "localhost:1883"}, ""},
		{Config{EmbeddedAddr: "[::1]:1883"}, ""},
		{Config{Broker: "tcp://broker"}, ""},
		{Config{Broker: "ssl://broker:8884/", CAFile: "ca", CertFile: "c", KeyFile: "k"}, ""},
		{Config{Gateway: "Main Hall"}, "is not a slug"},
		{Config{Gateway: "a/b"}, "is not a slug"},
		{Config{Heartbeat: -1}, "negative"},
		{Config{EmbeddedAddr: "0.0.0.0:1883"}, ""},
		{Config{EmbeddedAddr: ":1883"}, ""},
		{Config{EmbeddedAddr: "192.168.1.9:1883"}, ""},
		{Config{EmbeddedAddr: ":1883", CertFile: "c"}, "set mqtt.cert_file and mqtt.key_file"},
		{Config{EmbeddedAddr: "1883"}, "write 127.0.0.1:1883"},
		{Config{Broker: "broker:1883"}, "write tcp://host:1883"},
		{Config{Broker: "http://broker"}, "write tcp://host:1883"},
		{Config{Broker: "tcp://broker/topic"}, "not understood"},
		{Config{Broker: "tcp://box:hunter2@broker"}, "mqtt.password_file"},
		{Config{Broker: "tcp://box:hunter2@bro ker"}, "not understood"},
		{Config{Broker: "ssl://b", CertFile: "c"}, "set mqtt.cert_file and mqtt.key_file"},
		{Config{Broker: "tcp://b", CAFile: "c"}, "write ssl://"},
	} {
		if c.cfg.Gateway == "" {
			c.cfg.Gateway = "gw"
		}
		_, err := New(c.cfg, slog.New(slog.DiscardHandler))
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%+v: %v", c.cfg, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%+v: %v, want %q", c.cfg, err, c.want)
		case err != nil && strings.Contains(err.Error(), "hunter2"):
			t.Errorf("%+v: the error tells the password: %v", c.cfg, err)
		}
	}
}

func TestExposed(t *testing.T) {
	for _, c := range []struct {
		cfg  Config
		want bool
	}{
		{Config{}, false},
		{Config{EmbeddedAddr: ":1883"}, true},
		{Config{EmbeddedAddr: ":1883", CertFile: "c", KeyFile: "k"}, false},
		{Config{Broker: "tcp://b"}, false},
		{Config{Broker: "tcp://b", User: "u"}, true},
		{Config{Broker: "ssl://b", User: "u"}, false},
		{Config{Broker: "tcp://127.0.0.1", User: "u"}, false},
		{Config{Broker: "tcp://localhost", User: "u"}, false},
	} {
		c.cfg.Gateway = "gw"
		e, err := c.cfg.check()
		if err != nil || e.exposed() != c.want {
			t.Errorf("%+v: %v, %v", c.cfg, e.exposed(), err)
		}
	}
}

func TestPause(t *testing.T) {
	for _, c := range []struct {
		r    Reason
		n    int
		low  time.Duration
		high time.Duration
	}{
		{Unreachable, 0, 500 * time.Millisecond, 750 * time.Millisecond},
		{Unreachable, 3, 4 * time.Second, 6 * time.Second},
		{Unreachable, 1 << 30, time.Minute, 90 * time.Second},
		{Unauthorized, 0, 30 * time.Second, 45 * time.Second},
		{BadTLS, 1, time.Minute, 90 * time.Second},
		{BadFile, 1 << 30, 5 * time.Minute, 450 * time.Second},
	} {
		if low, high := pause(c.r, c.n, 0), pause(c.r, c.n, 1); low != c.low || high != c.high {
			t.Errorf("%s after %d: %v to %v, want %v to %v", c.r, c.n, low, high, c.low, c.high)
		}
	}
}

func TestBoardIsBounded(t *testing.T) {
	b := newBoard("status")
	for i := range 2 * maxTopics {
		b.set(message{fmt.Sprint(i), "x"})
	}
	if len(b.states) != maxTopics || b.losses().states != maxTopics {
		t.Errorf("%d states, %d lost", len(b.states), b.losses().states)
	}
	if !b.set(message{"0", "y"}) {
		t.Error("a known topic is refused")
	}
	b.clear("0", "1")
	b.confirmed(b.take())
	if len(b.states) != maxTopics-2 {
		t.Errorf("%d states after clearing two", len(b.states))
	}
}

// A topic set again while its clearing is on the way must stay.
func TestBoardClearsOnlyWhatIsClear(t *testing.T) {
	b := newBoard("status")
	b.set(message{"a", "x"})
	b.take()
	b.clear("a")
	ms := b.take()
	b.set(message{"a", "y"})
	b.confirmed(ms)
	if got := b.take(); len(got) != 1 || got[0].payload != "y" {
		t.Errorf("due: %v", got)
	}
}
