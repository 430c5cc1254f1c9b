package policy

import (
	"fmt"
	"math"
	"testing"
)

// C25: where nothing was sent there is no share, not even of 0.
func TestC25NothingSent(t *testing.T) {
	if got := Share(0, 0); got != nil {
		t.Errorf("nothing sent: %v", *got)
	}
	if got := Share(0, 10); got == nil || *got != 0 {
		t.Errorf("nothing protected: %v", got)
	}
}

// C25b: percentages round down, and 100 % is all.
func TestC25bRoundsDown(t *testing.T) {
	for _, c := range []struct {
		protected, sent float64
		tenths, cents   string
		mqtt            float64
	}{
		{86400, 86400, "100.0", "100.00", 1},
		{86399, 86400, "99.9", "99.99", 0.9999},
		{86399.999999, 86400, "99.9", "99.99", 0.9999},
		{math.Nextafter(86400, 0), 86400, "99.9", "99.99", 0.9999},
		{57, 100, "57.0", "57.00", 0.57}, // 100 * 0.57 is below 57
		{2, 3, "66.6", "66.66", 0.6666},
		{0, 86400, "0.0", "0.00", 0},
	} {
		share := *Share(c.protected, c.sent)
		if got := fmt.Sprintf("%.1f", Percent(share, 1)); got != c.tenths {
			t.Errorf("%v of %v: %s %%, want %s", c.protected, c.sent, got, c.tenths)
		}
		if got := fmt.Sprintf("%.2f", Percent(share, 2)); got != c.cents {
			t.Errorf("%v of %v: %s %%, want %s", c.protected, c.sent, got, c.cents)
		}
		if got := RoundDown(share, 4); got != c.mqtt {
			t.Errorf("%v of %v: %v, want %v", c.protected, c.sent, got, c.mqtt)
		}
	}
	for n := range 10001 { // what is exact stays, and the next smaller number gets below it
		if below := math.Nextafter(float64(n)/1e4, 0); n > 0 && RoundDown(below, 4) > below {
			t.Errorf("%v: %v", below, RoundDown(below, 4))
		}
		if got := RoundDown(float64(n)/1e4, 4); got != float64(n)/1e4 {
			t.Errorf("%d of 10000: %v", n, got)
		}
	}
}
