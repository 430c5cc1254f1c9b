package monitor

import (
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
)

// A face is shown without a fault where a consent counts, or was on its way out a moment
// ago; a revoked one is timed until it ceases to count.
func TestMonitor(t *testing.T) {
	begin := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	at := func(d time.Duration) time.Time { return begin.Add(d) }
	lobby := wire.Show{Token: "token-1", Zones: []string{"lobby"}, NotBefore: at(-time.Hour), Expires: at(time.Hour)}
	shown := wire.Decision{Track: 1, Shown: true, Token: "token-1", Zone: "lobby"}
	masked := wire.Decision{Track: 1, Reason: wire.ReasonWithdrawn}
	revoke := func(m *Monitor) {
		m.Withdrawn("token-1", at(time.Minute))
		m.Allowed(nil, at(time.Minute+10*time.Millisecond))
	}
	after := func(d time.Duration) time.Time { return at(time.Minute + d) }

	for name, test := range map[string]struct {
		run    func(m *Monitor)
		faults int
		delay  time.Duration
	}{
		"valid":        {run: func(m *Monitor) { m.Decided(shown, begin) }},
		"no such":      {func(m *Monitor) { m.Decided(wire.Decision{Shown: true, Token: "token-2", Zone: "lobby"}, begin) }, 1, 0},
		"no token":     {func(m *Monitor) { m.Decided(wire.Decision{Shown: true}, begin) }, 1, 0},
		"another zone": {func(m *Monitor) { m.Decided(wire.Decision{Shown: true, Token: "token-1", Zone: "roof"}, begin) }, 1, 0},
		"too early":    {func(m *Monitor) { m.Decided(shown, at(-2*time.Hour)) }, 1, 0},
		"on its way":   {run: func(m *Monitor) { m.Decided(shown, at(time.Hour+900*time.Millisecond)) }},
		"expired":      {func(m *Monitor) { m.Decided(shown, at(time.Hour+1100*time.Millisecond)) }, 1, 0},
		"masked in time": {func(m *Monitor) {
			m.Decided(shown, begin)
			revoke(m)
			m.Decided(masked, after(80*time.Millisecond))
		}, 0, 80 * time.Millisecond},
		"masked late": {func(m *Monitor) {
			m.Decided(shown, begin)
			revoke(m)
			m.Decided(masked, after(3*time.Second))
		}, 0, 3 * time.Second},
		"still shown": {func(m *Monitor) {
			m.Decided(shown, begin)
			revoke(m)
			m.Left(1, after(5*time.Second))
			m.Left(0, after(9*time.Second))
		}, 0, 5 * time.Second},
		"nothing left since": {run: func(m *Monitor) {
			m.Decided(shown, begin)
			m.Left(1, at(time.Second))
			revoke(m)
		}},
		"the worker died": {run: func(m *Monitor) {
			m.Decided(shown, begin)
			revoke(m)
			m.Stopped()
			m.Left(1, after(5*time.Second))
		}},
		"shown just after": {func(m *Monitor) { revoke(m); m.Decided(shown, after(20*time.Millisecond)) }, 0, 20 * time.Millisecond},
		"shown long after": {func(m *Monitor) { revoke(m); m.Decided(shown, after(2*time.Second)) }, 1, 2 * time.Second},
		"forgotten": {func(m *Monitor) {
			revoke(m)
			m.Allowed(nil, after(time.Hour))
			m.Decided(shown, after(time.Hour))
		}, 1, 0},
		"zone removed": {func(m *Monitor) {
			m.Allowed(nil, after(0))
			m.Decided(shown, after(2*time.Second))
		}, 1, 0},
		"and back": {run: func(m *Monitor) {
			m.Allowed(nil, after(0))
			m.Allowed([]wire.Show{lobby}, after(time.Second))
			m.Decided(shown, after(3*time.Second))
		}},
	} {
		m := New()
		m.Allowed([]wire.Show{lobby}, at(-time.Hour))
		test.run(m)
		if faults, delay := m.Found(); faults != test.faults || delay != test.delay {
			t.Errorf("%s: %d faults, %v; want %d, %v", name, faults, delay, test.faults, test.delay)
		}
	}
}

// A withdrawal that comes late is news once, and again where it grows by a tenth; one that
// came in time is none.
func TestLate(t *testing.T) {
	begin := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	after := func(d time.Duration) time.Time { return begin.Add(d) }
	m := New()
	m.Allowed([]wire.Show{{Token: "a", Zones: []string{"lobby"}, Expires: after(time.Hour)}, {Token: "b", Zones: []string{"lobby"}, Expires: after(time.Hour)}}, begin)
	m.Decided(wire.Decision{Track: 1, Shown: true, Token: "a", Zone: "lobby"}, begin)
	m.Decided(wire.Decision{Track: 2, Shown: true, Token: "b", Zone: "lobby"}, begin)
	m.Withdrawn("a", begin)
	for _, step := range []struct {
		do      func()
		n       int
		longest time.Duration
	}{
		{func() { m.Left(2, after(900*time.Millisecond)) }, 0, 0},
		{func() { m.Left(2, after(time.Second)) }, 0, 0},
		{func() { m.Left(2, after(1040*time.Millisecond)) }, 1, 1040 * time.Millisecond},
		{func() { m.Left(2, after(1080*time.Millisecond)) }, 0, 0},
		{func() { m.Left(2, after(2*time.Second)) }, 0, 2 * time.Second},
		{func() { m.Withdrawn("b", after(2*time.Second)) }, 0, 0},
		{func() { m.Decided(wire.Decision{Track: 1}, after(2100*time.Millisecond)) }, 0, 0},
		{func() { m.Left(1, after(3500*time.Millisecond)) }, 1, 1500 * time.Millisecond}, // of the second one, not of the first
		{func() { m.Decided(wire.Decision{Track: 2}, after(5*time.Second)) }, 0, 3 * time.Second},
		{func() { m.Left(1, after(9*time.Second)) }, 0, 0},
	} {
		step.do()
		if n, longest := m.Late(); n != step.n || longest != step.longest {
			t.Errorf("%d late, %v; want %+v", n, longest, step)
		}
	}
}
