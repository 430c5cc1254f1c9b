package mqtt

import (
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/gateway/broker/brokertest"
)

// What an earlier run left is cleared, but what this one publishes is not lost by it.
func TestLeftOverClauses(t *testing.T) {
	c := newStateCache("")
	p := &Publisher{states: c}
	p.ClearClauses([]string{"m3", "m2"})
	p.SetCompliance(Standing{State: "warn"}, map[string]ClauseState{"m2": {Status: "warn"}})
	if s := c.states[p.topics.Clause("m3")]; s == nil || s.payload != "" {
		t.Errorf("m3: %+v", s)
	}
	if s := c.states[p.topics.Clause("m2")]; s == nil || s.payload == "" {
		t.Errorf("m2: %+v", s)
	}
}

// A clause whose pack is not in force any more is cleared at the broker, the others stay.
func TestClausesThatLeaveAreCleared(t *testing.T) {
	t.Parallel()
	p := started(t, Config{})
	one := ClauseState{Status: "pass", Since: time.Now().UTC()}
	p.SetCompliance(Standing{State: "pass"}, map[string]ClauseState{"m2": one, "g6": one})
	connected(t, p)
	w := watch(t, p.Addr())
	brokertest.Until(t, "both clauses", func() bool {
		_, m2 := w.last("bauta/gw/compliance/m2")
		_, g6 := w.last("bauta/gw/compliance/g6")
		return m2 && g6
	})
	p.SetCompliance(Standing{State: "pass", Seq: 1}, map[string]ClauseState{"m2": one})
	brokertest.Until(t, "g6 is cleared", func() bool { payload, _ := w.last("bauta/gw/compliance/g6"); return payload == "" })
	late := watch(t, p.Addr())
	brokertest.Until(t, "m2 stays", func() bool { payload, _ := late.last("bauta/gw/compliance/m2"); return payload != "" })
	if payload, _ := late.last("bauta/gw/compliance/g6"); payload != "" {
		t.Errorf("g6 is kept: %s", payload)
	}
}
