package e2e

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/compliance"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// clauses are all of a report, those of drafts too.
func clauses(t *testing.T, client *api.Client) map[string]compliance.Clause {
	t.Helper()
	r, err := client.Compliance(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]compliance.Clause{}
	for _, c := range r.Clauses {
		all[c.ID] = c
	}
	for _, o := range r.Overlays {
		for _, c := range o.Clauses {
			all[c.ID] = c
		}
	}
	return all
}

// No clause ends better after a restart, whatever is known of a site: random facts, in the
// store, closed and opened again.
func TestNoClauseIsBetterAfterARestart(t *testing.T) {
	rounds := 8
	if testing.Short() {
		rounds = 3
	}
	for round := range rounds {
		seed := uint64(time.Now().UnixNano())
		t.Run(fmt.Sprint(round), func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 1))
			cfg := settings(t)
			g, client := start(t, gateway.Options{Config: cfg})
			said := fill(t, client, r)
			g.Close()
			inStore(t, cfg, func(s *store.Store) error { return seeViolations(s, r) })
			g, client = start(t, gateway.Options{Config: cfg})
			before := clauses(t, client)
			_, client = again(t, cfg, g)
			after := clauses(t, client)
			if len(before) < 14 || len(after) != len(before) {
				t.Fatalf("%d clauses, %d after the restart", len(before), len(after))
			}
			for id, was := range before {
				is := after[id]
				if is.Status.Rank() < was.Status.Rank() || was.Status == policy.NotApplicable && is.Status == policy.Pass || was.Basis != is.Basis {
					t.Errorf("%s was %s/%s, is %s/%s after the restart: %s; seed %d, said:\n%s", id, was.Status, was.Basis, is.Status, is.Basis, is.Evidence.EN, seed, strings.Join(said, "\n"))
				}
			}
		})
	}
}

// fill says random things of a site.
func fill(t *testing.T, client *api.Client, r *rand.Rand) (said []string) {
	t.Helper()
	do := func(what string, f func() error) {
		t.Helper()
		if r.IntN(4) == 0 {
			return
		}
		said = append(said, what)
		if err := f(); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	class := []string{policy.Art7, policy.Art9, policy.NonPublic}[r.IntN(3)]
	mode := []string{policy.DetectOnly, policy.Matching}[r.IntN(2)]
	code := []string{"CN-310115", "CN-440305", "DE"}[r.IntN(3)]
	do(class+" "+mode+" "+code, func() error {
		return client.SetSite(t.Context(), policy.Site{Class: class, Mode: mode, Jurisdiction: code, Contact: "110"})
	})
	calendar, err := client.Calendar(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	today := calendar.Today
	for _, id := range []media.CameraID{"gate", "hall"}[:1+r.IntN(2)] {
		addCamera(t, client, api.NewCamera{ID: string(id), Name: string(id), URL: nobody})
		facts := policy.Camera{Place: "entrance", Purpose: register.Purposes[r.IntN(len(register.Purposes))], Necessity: "theft", Model: "M", Firmware: "F", Certificate: "C",
			Commissioned: today.After(-r.IntN(900)), AccessControl: r.IntN(2) == 0, Alternative: "card"}
		do(fmt.Sprintf("%s %+v", id, facts), func() error { return client.SetFacts(t.Context(), id, facts) })
		do(string(id)+" zone", func() error {
			return client.PutZone(t.Context(), id, api.NewZone{Zone: zone.Zone{ID: "area", Kind: zone.Capture, Points: []zone.Point{{}, {X: 1}, {X: 1, Y: 1}}}})
		})
	}
	for _, q := range policy.Questions {
		a := policy.Answer{Says: []string{policy.Yes, policy.No}[r.IntN(2)], Note: "doc 5", Count: r.IntN(200_000), Day: today.After(-r.IntN(400))}
		do(fmt.Sprintf("%s %+v", q, a), func() error { return client.Answer(t.Context(), q, a) })
	}
	for range 2 {
		all := ofDay(today.After(-r.IntN(500)))
		for _, kind := range slices.Sorted(maps.Keys(all)) {
			rec := all[kind]
			if a, ok := rec.(register.Assessment); ok {
				a.Config = ""
				rec = a
			}
			do(fmt.Sprintf("%s %+v", kind, rec), func() error { _, err := client.PutRecord(t.Context(), kind, rec); return err })
		}
	}
	return said
}

// seeViolations opens some, and closes some of those.
func seeViolations(s *store.Store, r *rand.Rand) error {
	for _, kind := range policy.ViolationKinds {
		if r.IntN(2) == 0 {
			continue
		}
		at := time.Now().AddDate(0, 0, -r.IntN(60))
		v, _, err := s.OpenViolation(policy.Violation{Kind: kind, Camera: "gate", Place: policy.PublicToilet, Since: at, Last: at})
		if err != nil {
			return err
		}
		if r.IntN(2) == 0 {
			continue
		}
		deleted := true
		if _, err := s.CloseViolation(v.ID, policy.Closing{Time: at, Account: "boss", Cause: "c", Measure: "m", File: digest, FootageDeleted: &deleted, Police: "P-7"}); err != nil {
			return err
		}
	}
	return nil
}
