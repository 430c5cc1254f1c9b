package output

import (
	"testing"

	"github.com/bauta-gateway/bauta/hardware/media"
)

func TestMeter(t *testing.T) {
	m := meter{window: rateWindow}
	for i := range 1000 {
		m.add(media.Ticks90k(i)*3600, 1000)
	}
	if bits, ok := m.bits(); !ok || bits < 199_000 || bits > 201_000 {
		t.Errorf("%v bits a second, want 200000", bits)
	}
	if len(m.samples) > 210 {
		t.Errorf("%d samples kept", len(m.samples))
	}
	m.add(0, 1)
	if _, ok := m.bits(); ok {
		t.Error("a rate right after a jump")
	}
}

func TestFreshness(t *testing.T) {
	const k, p = 40_000, 500
	type unit struct {
		n          int
		key        bool
		fresh, cut bool
	}
	for name, list := range map[string][]unit{
		"regular":              {{k, true, true, false}, {p, false, false, false}, {k, true, true, false}, {p, false, false, false}, {k, true, true, false}},
		"cut without keyframe": {{k, true, true, false}, {p, false, false, false}, {k * 3 / 4, false, true, true}, {p, false, false, false}},
		"busy":                 {{k, true, true, false}, {k / 5, false, false, false}, {k * 3 / 4, false, false, false}, {k / 5, false, false, false}},
		"keyframes only":       {{k, true, true, false}, {k, true, false, false}, {k, true, false, false}},
		"joined in the middle": {{p, false, false, false}, {k, false, false, false}, {k, true, true, false}},
	} {
		var f freshness
		for i, u := range list {
			fresh, cut := f.see(media.Ticks90k(i*media.TicksPerSecond), u.n, u.key)
			if fresh != u.fresh || cut != u.cut {
				t.Errorf("%s: unit %d: fresh %v, cut %v, want %v, %v", name, i, fresh, cut, u.fresh, u.cut)
			}
		}
	}
}
