package cli

import (
	"testing"
	"time"
)

func TestMoment(t *testing.T) {
	zone := time.Local
	time.Local = time.FixedZone("UTC+8", 8*3600)
	t.Cleanup(func() { time.Local = zone })
	for s, want := range map[string]struct {
		begin, end string // UTC
		day        bool
	}{
		"2026-05-01":                {"2026-04-30T16:00:00Z", "2026-05-01T16:00:00Z", true},
		"2026-05-01T08:00":          {"2026-05-01T00:00:00Z", "2026-05-01T00:00:00Z", false},
		"2026-05-01 08:00:30":       {"2026-05-01T00:00:30Z", "2026-05-01T00:00:30Z", false},
		"2026-05-01T08:00:30+01:00": {"2026-05-01T07:00:30Z", "2026-05-01T07:00:30Z", false},
	} {
		var m Moment
		if err := m.UnmarshalText([]byte(s)); err != nil {
			t.Errorf("%s: %v", s, err)
			continue
		}
		begin, end := m.Begin().Format(time.RFC3339), m.End().Format(time.RFC3339)
		if begin != want.begin || end != want.end || m.Day != want.day {
			t.Errorf("%s: from %s to %s, a day: %t", s, begin, end, m.Day)
		}
	}
	for _, s := range []string{"", "tomorrow", "2026-13-01", "2026-05-01T25:00", "01.05.2026"} {
		if err := new(Moment).UnmarshalText([]byte(s)); err == nil {
			t.Errorf("%q passed", s)
		}
	}
}
