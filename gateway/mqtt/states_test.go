package mqtt

import (
	"fmt"
	"testing"

	"github.com/bauta-gateway/bauta/gateway/broker"
)

func TestStateCacheIsBounded(t *testing.T) {
	c := newStateCache("status")
	for i := range 2 * maxTopics {
		c.set(broker.Message{Topic: fmt.Sprint(i), Payload: "x"})
	}
	if len(c.states) != maxTopics || c.losses().states != maxTopics {
		t.Errorf("%d states, %d lost", len(c.states), c.losses().states)
	}
	if !c.set(broker.Message{Topic: "0", Payload: "y"}) {
		t.Error("a known topic is refused")
	}
	c.clear("0", "1")
	c.confirmed(c.take())
	if len(c.states) != maxTopics-2 {
		t.Errorf("%d states after clearing two", len(c.states))
	}
}

// A topic set again while its clearing is on the way must stay.
func TestStateCacheClearsOnlyWhatIsClear(t *testing.T) {
	c := newStateCache("status")
	c.set(broker.Message{Topic: "a", Payload: "x"})
	c.take()
	c.clear("a")
	ms := c.take()
	c.set(broker.Message{Topic: "a", Payload: "y"})
	c.confirmed(ms)
	if got := c.take(); len(got) != 1 || got[0].Payload != "y" {
		t.Errorf("due: %v", got)
	}
}
