package policy

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/field"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Names are kept for three years at least, leap days included, and longer where the site says so.
func TestNamesDue(t *testing.T) {
	for _, c := range []struct {
		days           int
		entered, today civil.Date
		due            bool
	}{
		{0, "2025-03-01", "2028-03-01", false}, {0, "2025-03-01", "2028-03-02", true},
		{0, "2026-10-15", "2029-10-15", false}, {0, "2026-10-15", "2029-10-16", true}, // 1095 days are over on the 14th: 2028 has one more
		{1095, "2026-10-15", "2029-10-16", true}, {2000, "2026-10-15", "2029-10-16", false}, {2000, "2026-10-15", "2032-04-06", false}, {2000, "2026-10-15", "2032-04-07", true},
		{0, "2026-10-15", "2026-10-15", false},
	} {
		if got := (Site{NamesDays: c.days}).NamesDue(c.entered, c.today); got != c.due {
			t.Errorf("entered on %s and kept for %d days: due on %s is %v", c.entered, c.days, c.today, got)
		}
	}
	for days, good := range map[int]bool{0: true, 1094: false, 1095: true, 36_500: true, 36_501: false, -1: false} {
		if err := (Site{NamesDays: days}).Check(); (err == nil) != good || err != nil && !errors.Is(err, field.ErrInvalid) {
			t.Errorf("%d days: %v", days, err)
		}
	}
}

// A sentence names five cameras of many, and says how many more there are.
func TestFewOfManyCamerasAreNamed(t *testing.T) {
	f := &Facts{}
	var ids []media.CameraID
	for i := range 32 {
		id := media.CameraID(fmt.Sprintf("cam-%02d", i))
		ids = append(ids, id)
		f.Cameras = append(f.Cameras, CameraFacts{ID: id})
	}
	if got, want := f.list(ids), "cam-00, cam-01, cam-02, cam-03, cam-04, +27"; got != want {
		t.Errorf("%s, not %s", got, want)
	}
	var open openViolations
	changed := differences{of: f}
	for _, id := range ids {
		f.Violations = append(f.Violations, Violation{Kind: ViolationPlace, Camera: id})
		changed.names = append(changed.names, "camera/"+string(id)+"/place")
	}
	open.all, open.clock = f.Violations, time.UTC
	for _, lang := range text.Langs {
		for what, got := range map[string]string{"violations": open.In(lang), "changes": changed.In(lang)} {
			if !strings.Contains(got, "cam-04") || strings.Contains(got, "cam-05") || !strings.HasSuffix(got, "; +27") {
				t.Errorf("%s in %s: %s", what, lang, got)
			}
		}
	}
}
