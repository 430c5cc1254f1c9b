package consents

import (
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/consent/consenttest"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway/api"
)

// clause is how the clause on consent, badges included, stands by the violations alone, at a
// site with another camera.
func clause(t *testing.T, violations []policy.Violation, err error) policy.Status {
	t.Helper()
	must(t, err)
	for _, c := range policy.Load("cn-2025").Clauses {
		if c.ID == "p13" {
			return c.Run(&policy.Facts{Now: time.Now(), Violations: violations, Cameras: []policy.CameraFacts{{ID: "gate"}}}).Status
		}
	}
	t.Fatal("no clause on consent")
	return ""
}

// What a worker showed without a consent, and a consent that counted long after its
// withdrawal, stay when the camera is replaced, removed and when the gateway starts anew.
func TestC03FaultSurvivesRestart(t *testing.T) {
	r := newRoom(t)
	id := r.accepted(t, consenttest.Token(t, nil))
	r.worker.Decide(t, wire.Decision{Track: 1, Shown: true, Token: id, Zone: "lobby"})
	r.worker.Decide(t, wire.Decision{Track: 2, Shown: true, Token: consent.NewID(), Zone: "lobby"})
	eventually(t, "the face is on record", func() bool { all, _ := r.cfg.Store.Violations(); return len(all) == 1 })
	if _, err := r.Revoke(t.Context(), consent.Revocation{Token: id}); err != nil {
		t.Fatal(err)
	}
	time.Sleep(1100 * time.Millisecond) // it counts for longer than it may
	r.worker.Decide(t, wire.Decision{Track: 1, Reason: wire.ReasonWithdrawn})
	eventually(t, "so is the late withdrawal", func() bool { all, _ := r.cfg.Store.Violations(); return len(all) == 2 })

	cameras := r.cfg.Cameras
	_, err := cameras.Add(t.Context(), api.NewCamera{ID: "hall", Name: "hall", URL: "rtsp://127.0.0.1:9/live", Replace: true})
	must(t, err)
	all, err := r.violations.All()
	if faults, _ := cameras.Monitored(); faults != 0 || clause(t, all, err) != policy.Fail {
		t.Errorf("replaced: the camera counts %d faults, the clause is %s", faults, clause(t, all, err))
	}
	_, err = cameras.Remove(t.Context(), "hall")
	must(t, err)
	r.stops.Run()

	s, err := store.Open(r.path, store.Options{})
	must(t, err)
	defer s.Close()
	all, err = s.Violations()
	if clause(t, all, err) != policy.Fail || len(all) != 2 || all[0].Kind != policy.ViolationShown || all[0].Count != 1 || all[1].Kind != policy.ViolationLate || all[1].Count != 1 || all[1].Seconds < 1 {
		t.Errorf("after a restart: %+v", all)
	}
	for _, v := range all {
		if _, err := s.CloseViolation(v.ID, policy.Closing{Cause: "a test", Measure: "ended", File: strings.Repeat("ab", 32)}); err != nil {
			t.Fatal(err)
		}
	}
	all, err = s.Violations()
	if got := clause(t, all, err); got != policy.Pass {
		t.Errorf("closed: %s", got)
	}
	must(t, s.Close())
	log, _ := logAndEvents(t, r.path)
	inOrder(t, "audit log", log, "violation.opened gateway camera/hall violation=00000001 kind=shown_without_token place=",
		"violation.opened gateway camera/hall violation=00000002 kind=late_withdrawal place=", "camera.removed local camera/hall")
}
