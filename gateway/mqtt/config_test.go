package mqtt

import (
	"log/slog"
	"strings"
	"testing"
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
		{Config{Broker: "ssl://a, tcp://b", CAFile: "c"}, "write ssl://"},
		{Config{Prefix: "acme/+"}, "topic prefix"},
		{Config{Prefix: "acme/bauta"}, ""},
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
			t.Errorf("%+v: the error shows the password: %v", c.cfg, err)
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
		{Config{Broker: "ssl://a, tcp://b", User: "u"}, true},
		{Config{Broker: "ssl://a, ssl://b", User: "u"}, false},
	} {
		c.cfg.Gateway = "gw"
		e, err := c.cfg.check()
		if err != nil {
			t.Fatalf("%+v: %v", c.cfg, err)
		}
		if host, exposed := e.exposed(); exposed != c.want {
			t.Errorf("%+v: %v at %s", c.cfg, exposed, host)
		}
	}
}
