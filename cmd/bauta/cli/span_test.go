package cli

import (
	"testing"
	"time"
)

func TestSpan(t *testing.T) {
	const day = 24 * time.Hour
	for typed, want := range map[string]time.Duration{
		"30d": 30 * day, "30 days": 30 * day, "30天": 30 * day, "30 日": 30 * day, "1 day": day, "4 weeks": 28 * day, "2周": 14 * day,
		"720h": 720 * time.Hour, "36 hours": 36 * time.Hour, "48小时": 48 * time.Hour, "1h30m": 90 * time.Minute, " 30D ": 30 * day,
	} {
		var s Span
		if err := s.UnmarshalText([]byte(typed)); err != nil || time.Duration(s) != want {
			t.Errorf("%q: %v, %v", typed, time.Duration(s), err)
		}
	}
	for _, bad := range []string{"", "days", "30", "thirty days", "-3 days", "3 months", "9999999d"} {
		if err := new(Span).UnmarshalText([]byte(bad)); err == nil {
			t.Errorf("%q passed", bad)
		}
	}
}
