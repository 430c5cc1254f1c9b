package mqtt

import (
	"net"
	"testing"
	"time"

	"github.com/mochi-mqtt/server/v2/packets"

	"github.com/bauta-gateway/bauta/gateway/broker/brokertest"
	"github.com/bauta-gateway/bauta/hardware/media"
)

func TestFiltersMatch(t *testing.T) {
	for _, c := range []struct {
		filter, topic string
		want          bool
	}{
		{"#", "a/b", true},
		{"a/b", "a/b", true},
		{"a/b", "a/c", false},
		{"a/b", "a", false},
		{"a/b", "a/b/c", false},
		{"a/+", "a/b", true},
		{"a/+", "a", false},
		{"a/+", "a/b/c", false},
		{"+/+", "a/b", true},
		{"+/b/+", "a/b/c", true},
		{"+/b/+", "a/c/c", false},
		{"a/#", "a", true},
		{"a/#", "a/b/c", true},
		{"a/#", "ab", false},
		{"a/+/#", "a", false},
		{"a/+/#", "a/b", true},
		{"a//c", "a//c", true},
		{"a/+/c", "a//c", true},
		{"", "a", false},
	} {
		if got := matches(c.filter, c.topic); got != c.want {
			t.Errorf("%q finds %q: %v", c.filter, c.topic, got)
		}
	}
}

func kept(topic, payload string) packets.Packet {
	return packets.Packet{TopicName: topic, Payload: []byte(payload), FixedHeader: packets.FixedHeader{Retain: true}}
}

// What was sent and has changed since is sent again, also where it was cleared.
func TestRetainedMessagesThatChange(t *testing.T) {
	var r retainedMessages
	for _, topic := range []string{"a/1", "a/2", "a/3", "b"} {
		r.keep(kept(topic, "old"))
	}
	sent := r.matching("a/+")
	if len(sent) != 3 || sent[0].TopicName != "a/1" || len(r.changed(sent)) != 0 {
		t.Fatalf("sent %v", sent)
	}
	for _, topic := range []string{"a/1", "a/2", "a/3"} {
		r.keep(kept(topic, "old")) // the heartbeat
	}
	if again := r.changed(sent); len(again) > 0 {
		t.Errorf("repeated states are sent again: %v", again)
	}
	r.keep(kept("a/1", "new"))
	r.keep(kept("a/2", ""))
	again := r.changed(sent)
	if len(again) != 2 || string(again[0].Payload) != "new" || again[1].TopicName != "a/2" || len(again[1].Payload) != 0 || again[1].FixedHeader.Retain {
		t.Errorf("again %v", again)
	}
	if more := r.changed(again); len(more) != 0 {
		t.Errorf("and again %v", more)
	}
}

// A subscriber that does not read its answer holds up nobody but itself: the
// gateway's states reach the others long before it is cut off.
func TestSubscriberThatDoesNotReadHoldsUpNobody(t *testing.T) {
	t.Parallel()
	p := started(t, Config{})
	p.SetCamera(cam, true, media.Protected)
	connected(t, p)
	w := watch(t, p.Addr())
	w.wait(t, "bauta/gw/camera/lobby/protection", "protected")
	for _, from := range []string{"127.0.0.1:7", "127.0.0.1:8"} {
		subscribeWithoutReading(t, visit(t, p, from), from)
	}
	began := time.Now()
	p.SetCamera(cam, true, media.Blocked)
	w.wait(t, "bauta/gw/camera/lobby/protection", "blocked")
	watch(t, p.Addr()).wait(t, "bauta/gw/camera/lobby/protection", "blocked")
	if took := time.Since(began); took > readingTime/2 {
		t.Errorf("a state and a new subscriber waited %v for one that does not read", took)
	}
}

// subscribeWithoutReading logs in, asks for everything, with QoS 0, and takes none of it. The
// connection has no buffer: the broker waits with its answer in its hands.
func subscribeWithoutReading(t *testing.T, c net.Conn, id string) {
	t.Helper()
	c.SetDeadline(time.Now().Add(brokertest.Patience))
	hello := append([]byte{0x10, byte(12 + len(id)), 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 60, 0, byte(len(id))}, id...)
	if _, err := c.Write(hello); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Read(make([]byte, 4)); err != nil { // the CONNACK
		t.Fatal(err)
	}
	if _, err := c.Write([]byte{0x82, 12, 0, 1, 0, 7, 'b', 'a', 'u', 't', 'a', '/', '#', 0}); err != nil {
		t.Fatal(err)
	}
}
