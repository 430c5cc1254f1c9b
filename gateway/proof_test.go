package gateway

import (
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
)

func TestProof(t *testing.T) {
	begin := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	at := func(d time.Duration) time.Time { return begin.Add(d) }
	lobby := wire.Show{Token: "token-1", Zones: []string{"lobby"}, NotBefore: at(-time.Hour), Expires: at(time.Hour)}
	shown := wire.Decision{Track: 1, Shown: true, Token: "token-1", Zone: "lobby"}
	masked := wire.Decision{Track: 1, Reason: wire.ReasonWithdrawn}
	revoke := func(p *proof) {
		p.withdrawn("token-1", at(time.Minute))
		p.told(nil, at(time.Minute+10*time.Millisecond))
	}
	after := func(d time.Duration) time.Time { return at(time.Minute + d) }

	for name, test := range map[string]struct {
		run    func(p *proof)
		faults int
		delay  time.Duration
	}{
		"valid":        {run: func(p *proof) { p.decided(shown, begin) }},
		"no such":      {func(p *proof) { p.decided(wire.Decision{Shown: true, Token: "token-2", Zone: "lobby"}, begin) }, 1, 0},
		"no token":     {func(p *proof) { p.decided(wire.Decision{Shown: true}, begin) }, 1, 0},
		"another zone": {func(p *proof) { p.decided(wire.Decision{Shown: true, Token: "token-1", Zone: "roof"}, begin) }, 1, 0},
		"too early":    {func(p *proof) { p.decided(shown, at(-2*time.Hour)) }, 1, 0},
		"on its way":   {run: func(p *proof) { p.decided(shown, at(time.Hour+900*time.Millisecond)) }},
		"expired":      {func(p *proof) { p.decided(shown, at(time.Hour+1100*time.Millisecond)) }, 1, 0},
		"masked in time": {func(p *proof) {
			p.decided(shown, begin)
			revoke(p)
			p.decided(masked, after(80*time.Millisecond))
		}, 0, 80 * time.Millisecond},
		"masked late": {func(p *proof) {
			p.decided(shown, begin)
			revoke(p)
			p.decided(masked, after(3*time.Second))
		}, 0, 3 * time.Second},
		"still shown": {func(p *proof) {
			p.decided(shown, begin)
			revoke(p)
			p.left(1, after(5*time.Second))
			p.left(0, after(9*time.Second))
		}, 0, 5 * time.Second},
		"nothing left since": {run: func(p *proof) {
			p.decided(shown, begin)
			p.left(1, at(time.Second))
			revoke(p)
		}},
		"the worker died": {run: func(p *proof) {
			p.decided(shown, begin)
			revoke(p)
			p.gone()
			p.left(1, after(5*time.Second))
		}},
		"shown just after": {func(p *proof) { revoke(p); p.decided(shown, after(20*time.Millisecond)) }, 0, 20 * time.Millisecond},
		"shown long after": {func(p *proof) { revoke(p); p.decided(shown, after(2*time.Second)) }, 1, 2 * time.Second},
		"forgotten": {func(p *proof) {
			revoke(p)
			p.told(nil, after(time.Hour))
			p.decided(shown, after(time.Hour))
		}, 1, 0},
		"zone removed": {func(p *proof) {
			p.told(nil, after(0))
			p.decided(shown, after(2*time.Second))
		}, 1, 0},
		"and back": {run: func(p *proof) {
			p.told(nil, after(0))
			p.told([]wire.Show{lobby}, after(time.Second))
			p.decided(shown, after(3*time.Second))
		}},
	} {
		p := newProof()
		p.told([]wire.Show{lobby}, at(-time.Hour))
		test.run(p)
		if faults, delay := p.found(); faults != test.faults || delay != test.delay {
			t.Errorf("%s: %d faults, %v; want %d, %v", name, faults, delay, test.faults, test.delay)
		}
	}
}
