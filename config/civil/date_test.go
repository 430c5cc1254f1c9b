package civil

import (
	"testing"
	"time"
)

// C24b: a day begins at midnight of the site, and ends a second before the next one does.
func TestC24bBeginAndEnd(t *testing.T) {
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	if got := Date("2026-10-16").Begin(zone); !got.Equal(time.Date(2026, 10, 15, 16, 0, 0, 0, time.UTC)) {
		t.Error(got)
	}
	if got := Date("2026-10-16").End(zone); !got.Equal(time.Date(2026, 10, 16, 15, 59, 59, 0, time.UTC)) {
		t.Error(got)
	}
	for at, want := range map[string]Date{"2026-10-16T23:59:59": "2026-10-16", "2026-10-17T00:00:00": "2026-10-16", "2026-10-16T12:00:00": ""} {
		moment, err := time.ParseInLocation("2006-01-02T15:04:05", at, zone)
		if err != nil {
			t.Fatal(err)
		}
		day, whole := Last(moment)
		if whole != (want != "") || whole && day != want {
			t.Errorf("%s: %s, %v", at, day, whole)
		}
	}
}
