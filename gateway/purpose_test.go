package gateway

import (
	"errors"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/consent/consenttest"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway/api"
)

// forEvent is a token in order, for a purpose that the zone lobby does not name.
func forEvent(c *consent.Token) { c.Purpose = "event" }

// forCopy is a token in order for a copy of the last hour's film.
func forCopy(c *consent.Token) {
	c.Purpose, c.Footage = consent.SubjectAccess, consent.Footage{From: c.Issued.Add(-time.Hour), To: c.Issued}
}

func isIdle(t *testing.T, client *api.Client, id string, want api.IdleReason) {
	t.Helper()
	got, err := client.Consent(t.Context(), id)
	if err != nil || got.Reason != want || (want == "") != (len(got.Cameras) > 0) {
		t.Errorf("%+v, %v; want the reason %q", got, err, want)
	}
	status, err := client.Status(t.Context())
	if n := status.Gateway.Consents.Idle[want]; err != nil || want != "" && n == 0 {
		t.Errorf("the status counts %v, %v", status.Gateway.Consents.Idle, err)
	}
	if want != "" && !text.Has(text.ConsentReason(string(want))) {
		t.Errorf("there are no words for %q", want)
	}
}

// A token of another purpose than the zone names shows nobody, and everything
// that tells of it says why; what the zone names decides at once.
func TestTokenOfAnotherPurpose(t *testing.T) {
	cfg := settings(t)
	g, client := consenting(t, cfg, &logTo{})
	r := importAll(t, client, consenttest.Token(t, forEvent))
	if len(r) != 1 || r[0].Outcome != api.Accepted || r[0].Code != "wrong_purpose" || r[0].Message == "" {
		t.Fatalf("%+v", r)
	}
	id := r[0].ID
	if got := shown(g, "hall"); len(got) != 0 {
		t.Fatalf("%v is shown", got)
	}
	isIdle(t, client, id, api.IdleOtherPurpose)

	if err := client.SetPurposes(t.Context(), "hall", "lobby", []string{"care", "event"}); err != nil {
		t.Fatal(err)
	}
	if got := shown(g, "hall"); !slices.Equal(got, []string{id}) {
		t.Errorf("with its purpose %v is shown", got)
	}
	isIdle(t, client, id, "")
	if err := client.SetPurposes(t.Context(), "hall", "lobby", nil); err != nil { // emptied
		t.Fatal(err)
	}
	if got := shown(g, "hall"); len(got) != 0 {
		t.Errorf("in a zone without purposes %v is shown", got)
	}
	isIdle(t, client, id, api.IdleOtherPurpose)

	// A zone that is put anew without purposes, as clients of 0.1.0 do, shows nobody either.
	if err := client.SetPurposes(t.Context(), "hall", "lobby", []string{"event"}); err != nil || len(shown(g, "hall")) != 1 {
		t.Fatalf("%v, %v", err, shown(g, "hall"))
	}
	bare := lobby()[0]
	bare.Purposes = nil
	if err := client.PutZone(t.Context(), "hall", api.NewZone{Zone: bare, Replace: true}); err != nil || len(shown(g, "hall")) != 0 {
		t.Errorf("%v, %v is shown", err, shown(g, "hall"))
	}
	if err := client.RemoveZone(t.Context(), "hall", "lobby"); err != nil {
		t.Fatal(err)
	}
	isIdle(t, client, id, api.IdleNoZone)
	g.setZones("hall", lobby())
	g.Close()

	// The settings no longer serve it.
	cfg.Consent.Purposes = "care"
	g, client = start(t, Options{Config: cfg})
	g.setZones("hall", []zone.Zone{{ID: "lobby", Kind: zone.Consent, Purposes: []string{"care", "event"}, Points: lobby()[0].Points}})
	if got := shown(g, "hall"); len(got) != 0 {
		t.Errorf("without its purpose in the settings %v is shown", got)
	}
	isIdle(t, client, id, api.IdleUnserved)
}

// Subject access is for copies of film. No zone can name it, and where one did,
// by whatever way, it would show nobody.
func TestSubjectAccessNeverCountsLive(t *testing.T) {
	g, client := consenting(t, settings(t), &logTo{})
	for name, zones := range map[string][]string{"its own": {"lobby"}, "any": {consent.AnyZone}, "none that is here": {"redact"}} {
		r := importAll(t, client, consenttest.Token(t, func(c *consent.Token) { forCopy(c); c.Zones = zones }))
		if len(r) != 1 || r[0].Outcome != api.Accepted || r[0].Code != "file_only" {
			t.Fatalf("%s: %+v", name, r)
		}
		isIdle(t, client, r[0].ID, api.IdleFileOnly)
		forged := []zone.Zone{{ID: "lobby", Kind: zone.Consent, Purposes: []string{consent.SubjectAccess}, Points: lobby()[0].Points}}
		g.consents.mu.Lock()
		shows := g.consents.shows(forged, time.Now())
		g.consents.mu.Unlock()
		if len(shows) != 0 || len(shown(g, "hall")) != 0 {
			t.Errorf("%s: %v is shown", name, shows)
		}
		if _, err := client.RevokeConsents(t.Context(), api.RevokeRequest{Token: r[0].ID}); err != nil {
			t.Fatal(err)
		}
	}
	if r := importAll(t, client, consenttest.Token(t, func(c *consent.Token) { c.Purpose, c.Badge = consent.SubjectAccess, 9 })); r[0].Outcome != api.Refused || r[0].Code != "no_footage" {
		t.Errorf("without footage: %+v", r)
	}
}

// What the gateway does not serve is no purpose of a zone, over any way in.
func TestPurposesAreRefused(t *testing.T) {
	g, client := consenting(t, settings(t), &logTo{})
	m := g.manager(t)
	for what, purposes := range map[string][]string{
		"unknown": {"care", "marketing"}, "subject access": {"subject-access"}, "twice": {"care", "care"}, "no slug": {"Care"}, "empty": {""},
	} {
		z := lobby()[0]
		z.ID, z.Purposes = "other", purposes
		errs := []error{client.PutZone(t.Context(), "hall", api.NewZone{Zone: z}), client.SetPurposes(t.Context(), "hall", "lobby", purposes)}
		for _, err := range errs {
			if refused := new(api.Error); !errors.As(err, &refused) || refused.Code != api.CodeInvalid || refused.Message == "" {
				t.Errorf("%s: %v", what, err)
			}
		}
		if status, code := m.code("PUT", "/api/v1/cameras/hall/zones/lobby/purposes", api.NewPurposes{Purposes: purposes}); status != http.StatusBadRequest || code != "invalid" {
			t.Errorf("%s over HTTPS: %d %s", what, status, code)
		}
	}
	if err := client.SetPurposes(t.Context(), "hall", "roof", []string{"care"}); err == nil {
		t.Error("a zone that is not there got purposes")
	}
	private := zone.Zone{ID: "window", Kind: zone.Private, Purposes: []string{"care"}, Points: lobby()[0].Points}
	if err := client.PutZone(t.Context(), "hall", api.NewZone{Zone: private}); err == nil {
		t.Error("a private zone got purposes")
	}
	if got := g.zonesOf("hall"); len(got) != 1 || !slices.Equal(got[0].Purposes, []string{"care"}) {
		t.Errorf("%+v", got)
	}
}

// dataOf010 unpacks the data folder that version 0.1.0 left.
func dataOf010(t *testing.T, cfg config.Config) {
	t.Helper()
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		t.Fatal(err)
	}
	if b, err := exec.Command("tar", "-xzf", "../config/store/testdata/0.1.0.tar.gz", "-C", cfg.Data).CombinedOutput(); err != nil {
		t.Fatalf("tar: %v: %s", err, b)
	}
}

// A zone of 0.1.0 shows whom it showed, for no other purpose, and asks to be confirmed.
func TestZoneOf010AsksForConfirmation(t *testing.T) {
	cfg := settings(t)
	dataOf010(t, cfg)
	g, client := start(t, Options{Config: cfg})
	before := shown(g, "lobby")
	all, err := client.Consents(t.Context(), api.ConsentFilter{})
	if err != nil || len(before) != len(all) {
		t.Fatalf("%v of %d is shown, %v", before, len(all), err)
	}
	want := []api.UnconfirmedZone{{Camera: "lobby", Zone: "entrance", Purposes: []string{"visitor-reception"}}}
	if len(all) == 0 { // from November 2027 on
		want[0].Purposes = []string{}
	}
	asked := func() []api.UnconfirmedZone {
		t.Helper()
		status, err := client.Status(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return status.Gateway.Consents.Unconfirmed
	}
	same := func(a, b api.UnconfirmedZone) bool {
		return a.Camera == b.Camera && a.Zone == b.Zone && slices.Equal(a.Purposes, b.Purposes)
	}
	if got := asked(); !slices.EqualFunc(got, want, same) {
		t.Errorf("asked for %+v, want %+v", got, want)
	}
	if err := client.SetPurposes(t.Context(), "lobby", "entrance", want[0].Purposes); err != nil {
		t.Fatal(err)
	}
	if got := asked(); len(got) != 0 || !slices.Equal(shown(g, "lobby"), before) {
		t.Errorf("after it was confirmed: %+v, %v is shown", got, shown(g, "lobby"))
	}
}

// The trail tells who changed for what a zone shows people.
func TestPurposesAreOnTheTrail(t *testing.T) {
	g, client := consenting(t, settings(t), &logTo{})
	if err := client.SetPurposes(t.Context(), "hall", "lobby", []string{"care", "event"}); err != nil {
		t.Fatal(err)
	}
	if !onTrail(t, g, "zone.changed", "zone=lobby kind=consent purposes=care,event") {
		t.Error("the trail does not say it")
	}
}
