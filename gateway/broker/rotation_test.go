package broker

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bauta-gateway/bauta/gateway/broker/brokertest"
)

func rotation(t *testing.T, addresses string) *Rotation {
	t.Helper()
	r, err := NewRotation(Config{Address: addresses})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// In an hour without any broker each is tried in turn and no more often than one alone
// would be: a broker that refuses the login every 5 minutes or so.
func TestRotationTakesTurns(t *testing.T) {
	for _, c := range []struct {
		why         Reason
		least, most int // tries at each of three in an hour
	}{{Unreachable, 45, 75}, {Unauthorized, 8, 16}} {
		synctest.Test(t, func(t *testing.T) {
			r := rotation(t, "tcp://a, tcp://b,tcp://c")
			tries, order, began := map[string]int{}, "", time.Now()
			for time.Since(began) < time.Hour {
				s := r.Next()
				tries[s.Host()]++
				order += s.Host()[:1]
				time.Sleep(r.Pause(s, c.why, time.Millisecond))
			}
			if !strings.HasPrefix(order, "abc") {
				t.Errorf("%s: the turns are %s", c.why, order)
			}
			for _, s := range r.Servers() {
				if n := tries[s.Host()]; n < c.least || n > c.most {
					t.Errorf("%s: %d tries at %s in an hour, want %d to %d", c.why, n, s.Host(), c.least, c.most)
				}
			}
		})
	}
}

// One that refuses the login is left alone while another one works, and is gone back to
// when that is lost.
func TestRotationLeavesOneThatRefusesAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rotation(t, "tcp://a,tcp://b")
		a := r.Next()
		pause := r.Pause(a, Unauthorized, time.Millisecond)
		if pause < quick.First || pause > 2*quick.First {
			t.Errorf("%v until the second broker is tried", pause)
		}
		time.Sleep(pause)
		for range 3 {
			b := r.Next()
			if b.Host() != "b:1883" {
				t.Fatalf("%s is tried, which refused", b.Host())
			}
			time.Sleep(r.Pause(b, Lost, time.Millisecond))
		}
		time.Sleep(patient.First + patient.First/2)
		if s := r.Next(); s != a {
			t.Errorf("%s is tried after the other one was lost", s.Host())
		}
	})
}

func TestRotationRefuses(t *testing.T) {
	for address, want := range map[string]string{
		"": "no broker named", "tcp://a,": "no broker named", "tcp://a,tcp://u:hunter2@b": "mqtt.password_file", "tcp://a, b": "write tcp://host:1883",
	} {
		if _, err := NewRotation(Config{Address: address}); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v, want %q", address, err, want)
		}
	}
	if _, err := NewRotation(Config{Address: "ssl://a,tcp://b", CAFile: "ca"}); err == nil {
		t.Error("a CA file counts for one of two brokers only")
	}
	if host, exposed := rotation(t, "tcp://127.0.0.1").Exposed(); exposed {
		t.Errorf("exposed at %s", host)
	}
	r, err := NewRotation(Config{Address: "ssl://a,tcp://b", User: "u"})
	if host, exposed := r.Exposed(); err != nil || !exposed || host != "b:1883" {
		t.Errorf("%v: exposed at %q, %v", err, host, exposed)
	}
}

// A retained message goes to each broker that answers; a reader that loses its broker reads
// the next one.
func TestSeveralBrokers(t *testing.T) {
	t.Parallel()
	gone := brokertest.FreeAddr(t)
	m, other := brokertest.NewMosquitto(t, "allow_anonymous true"), brokertest.NewMosquitto(t, "allow_anonymous true")
	cfg := Config{Address: fmt.Sprintf("tcp://%s, tcp://%s, tcp://%s", gone, m.Addr, other.Addr)}
	if err := Pass(t.Context(), cfg, "leaver", true, Message{"bauta/x", "first"}); err != nil {
		t.Fatal(err)
	}
	_, there := reading(t, Config{Address: "tcp://" + other.Addr}, "bauta/#")
	brokertest.Until(t, "the message at the other broker, too", func() bool { return there.got("bauta/x") == "first" })
	if err := Pass(t.Context(), cfg, "leaver", false, Message{"bauta/y", "once"}); err != nil {
		t.Fatal(err)
	}
	brokertest.Client(t, other.Addr).Publish("bauta/x", 1, true, "second").Wait()
	_, e := reading(t, cfg, "bauta/#")
	brokertest.Until(t, "the first that answers", func() bool { return e.got("bauta/x") == "first" })
	m.Stop()
	brokertest.Until(t, "the next one", func() bool { return e.got("bauta/x") == "second" })
	if err := Pass(t.Context(), Config{Address: "tcp://" + gone + ",tcp://" + m.Addr}, "leaver", true, Message{"bauta/x", "y"}); err == nil || !strings.Contains(err.Error(), "none of the brokers") {
		t.Errorf("left at no broker: %v", err)
	}
}
