package compliance

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/store"
)

// shareOf is the share in an engine's report of a day, as JSON carries it, and the
// share in the report that a pack of evidence of that day has.
func shareOf(t *testing.T, day store.Day) (inJSON string, page string) {
	t.Helper()
	s := &site{facts: policy.Facts{Now: now}}
	cfg := s.config("cn-2025")
	cfg.Share = NewClock([]store.Day{day}).Share
	b, err := json.Marshal(New(cfg).Evaluate())
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(b), `"protected_share":`)
	inJSON, _, _ = strings.Cut(rest, ",")
	e := evidenceOf(t, filled(t, 1, time.Minute), now, now.AddDate(0, 0, 1))
	e.Days = []store.Day{day}
	var out strings.Builder
	if err := e.html(&out, auditSummary{}, nil); err != nil {
		t.Fatal(err)
	}
	_, rest, _ = strings.Cut(out.String(), "Protected share")
	page, _, _ = strings.Cut(rest, "<tr>")
	return inJSON, page
}

// C25: all cameras offline the whole time.
func TestC25NothingSent(t *testing.T) {
	inJSON, page := shareOf(t, store.Day{Day: "2026-05-04", Camera: "gate", Offline: 86400})
	if inJSON != "null" {
		t.Errorf("protected_share: %s", inJSON)
	}
	if !strings.Contains(page, "not measured") || !strings.Contains(page, "未测量") || strings.Contains(page, "%") {
		t.Errorf("the report says %s", page)
	}
}

// C25b: 1 s of a day without protection.
func TestC25bRoundsDown(t *testing.T) {
	inJSON, page := shareOf(t, store.Day{Day: "2026-05-04", Camera: "gate", Protected: 86399, Gap: 1})
	if !strings.HasPrefix(inJSON, "0.99998") {
		t.Errorf("protected_share: %s", inJSON)
	}
	if !strings.Contains(page, "99.99%") {
		t.Errorf("the report says %s", page)
	}
	if _, page := shareOf(t, store.Day{Day: "2026-05-04", Camera: "gate", Protected: 86399.9, Gap: 0.1}); !strings.Contains(page, "99.99%") {
		t.Errorf("with a shorter gap the report says %s", page)
	}
	if _, page := shareOf(t, store.Day{Day: "2026-05-04", Camera: "gate", Protected: 86400}); !strings.Contains(page, "100.00%") {
		t.Errorf("without a gap the report says %s", page)
	}
}
