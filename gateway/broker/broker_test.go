package broker

import (
	"context"
	"errors"
	"net"
	"os"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/gateway/broker/brokertest"
)

func TestAddressesAndCertificates(t *testing.T) {
	for _, c := range []struct {
		cfg        Config
		host, want string // want is part of the error; empty for none
	}{
		{Config{Address: "tcp://broker"}, "broker:1883", ""},
		{Config{Address: "ssl://broker/"}, "broker:8883", ""},
		{Config{Address: "ssl://[::1]:8884", CAFile: "ca", CertFile: "c", KeyFile: "k"}, "[::1]:8884", ""},
		{Config{}, "", "no broker named"},
		{Config{Address: "broker:1883"}, "", "write tcp://host:1883"},
		{Config{Address: "http://broker"}, "", "write tcp://host:1883"},
		{Config{Address: "tcp://broker/topic"}, "", "not understood"},
		{Config{Address: "tcp://user:hunter2@broker"}, "", "mqtt.password_file"},
		{Config{Address: "tcp://user:hunter2@bro ker"}, "", "not understood"},
		{Config{Address: "ssl://b", CertFile: "c"}, "", "set mqtt.cert_file and mqtt.key_file"},
		{Config{Address: "tcp://b", CAFile: "c"}, "", "write ssl://"},
	} {
		s, err := New(c.cfg)
		switch {
		case c.want == "" && (err != nil || s.Host() != c.host || s.TLS() != strings.HasPrefix(c.cfg.Address, "ssl")):
			t.Errorf("%+v: %+v, %v", c.cfg, s, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%+v: %v, want %q", c.cfg, err, c.want)
		case err != nil && strings.Contains(err.Error(), "hunter2"):
			t.Errorf("%+v: the error shows the password: %v", c.cfg, err)
		}
	}
}

func TestExposed(t *testing.T) {
	dial := func(context.Context) (net.Conn, error) { return nil, os.ErrClosed }
	for _, c := range []struct {
		cfg  Config
		want bool
	}{
		{Config{Address: "tcp://b"}, false},
		{Config{Address: "tcp://b", User: "u"}, true},
		{Config{Address: "ssl://b", User: "u"}, false},
		{Config{Address: "tcp://127.0.0.1", User: "u"}, false},
		{Config{Address: "tcp://[::1]", User: "u"}, false},
		{Config{Address: "tcp://localhost", User: "u"}, false},
		{Config{Address: "tcp://b", User: "u", Dial: dial}, false},
	} {
		if s, err := New(c.cfg); err != nil || s.Exposed() != c.want {
			t.Errorf("%+v: %v, want %v", c.cfg, err, c.want)
		}
	}
}

// A message that a command leaves at a broker is there for later subscribers; an error
// says what to do, and not that a file is read again.
func TestRetain(t *testing.T) {
	t.Parallel()
	m := brokertest.NewMosquitto(t, "allow_anonymous true")
	if err := Pass(t.Context(), Config{Address: "tcp://" + m.Addr}, "leaver", true, Message{"bauta/x", "left"}); err != nil {
		t.Fatal(err)
	}
	_, e := reading(t, Config{Address: "tcp://" + m.Addr}, "bauta/#")
	brokertest.Until(t, "the message", func() bool { return e.got("bauta/x") == "left" })

	unreadable := func() (string, error) { return "", os.ErrNotExist }
	for want, cfg := range map[string]Config{
		"mqtt: no broker named": {},
		"file does not exist":   {Address: "tcp://" + m.Addr, User: "u", Password: unreadable},
		"check that it runs":    {Address: "tcp://" + brokertest.FreeAddr(t)},
	} {
		err := Pass(t.Context(), cfg, "leaver", true, Message{"bauta/x", "y"})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "next try") {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// A Link is told that it was lost, and ends in order or at once.
func TestLinkEnds(t *testing.T) {
	t.Parallel()
	m := brokertest.NewMosquitto(t, "allow_anonymous true")
	_, watching := reading(t, Config{Address: "tcp://" + m.Addr}, "bauta/#")
	s, err := New(Config{Address: "tcp://" + m.Addr})
	if err != nil {
		t.Fatal(err)
	}
	connect := func(id string) *Link {
		t.Helper()
		l, err := s.Connect(t.Context(), Session{ClientID: id, Will: Message{"bauta/" + id, "lost"}})
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	left, cut, lost := connect("left"), connect("cut"), connect("lost")
	brokertest.Until(t, "both messages", func() bool { // again and again: who watches may not have subscribed yet
		if err := left.Send(t.Context(), []Message{{"bauta/sent", "1"}}); err != nil {
			t.Fatal(err)
		}
		left.SendOnce("bauta/once", []byte("1"))
		return watching.got("bauta/sent") == "1" && watching.got("bauta/once") == "1"
	})
	left.Leave()
	cut.Cut()
	cut.Abort()
	brokertest.Until(t, "the last will of the one that was cut", func() bool { return watching.got("bauta/cut") == "lost" })
	if watching.got("bauta/left") != "" {
		t.Error("the last will of one that left was sent")
	}
	m.Stop()
	<-lost.Gone()
	if lost.Err() == nil || lost.Retain(t.Context(), []Message{{"bauta/x", "1"}}) == nil {
		t.Errorf("a lost link sends; it was lost for %v", lost.Err())
	}
	lost.Abort()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Connect(ctx, Session{ClientID: "late"}); !errors.As(err, new(*Failure)) {
		t.Errorf("connected after the end: %v", err)
	}
}
