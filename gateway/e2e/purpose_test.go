package e2e

import (
	"errors"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"testing"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/consent/consenttest"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// forEvent is a token in order, for a purpose that the zone lobby does not name.
func forEvent(c *consent.Token) { c.Purpose = "event" }

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
// that reports it says why; what the zone names decides at once.
func TestTokenOfAnotherPurpose(t *testing.T) {
	t.Parallel() // it waits most of its time
	d := consenting(t, settings(t), &logTo{})
	client := d.client
	r := importAll(t, client, consenttest.Token(t, forEvent))
	if len(r) != 1 || r[0].Outcome != api.Accepted || r[0].Code != "wrong_purpose" || r[0].Message == "" {
		t.Fatalf("%+v", r)
	}
	id := r[0].ID
	d.shows(t, "for another purpose")
	isIdle(t, client, id, api.IdleOtherPurpose)

	put := func(purposes ...string) {
		t.Helper()
		if err := client.SetPurposes(t.Context(), "hall", "lobby", purposes); err != nil {
			t.Fatal(err)
		}
	}
	put("care", "event")
	d.shows(t, "with its purpose", id)
	isIdle(t, client, id, "")
	put()
	d.shows(t, "in a zone without purposes")
	isIdle(t, client, id, api.IdleOtherPurpose)

	// A zone that is put anew without purposes, as clients of 0.1.0 do, shows nobody either.
	put("event")
	d.shows(t, "with its purpose alone", id)
	bare := lobby()[0]
	bare.Purposes = nil
	if err := client.PutZone(t.Context(), "hall", api.NewZone{Zone: bare, Replace: true}); err != nil {
		t.Error(err)
	}
	d.shows(t, "in a zone that was put anew without purposes")
	if err := client.RemoveZone(t.Context(), "hall", "lobby"); err != nil {
		t.Fatal(err)
	}
	isIdle(t, client, id, api.IdleNoZone)
	both := lobby()
	both[0].Purposes = []string{"care", "event"}
	setZones(t, client, "hall", both)
	d.g.Close()

	// The settings no longer serve it.
	d.o.Config.Consent.Purposes = "care"
	d.open(t)
	d.shows(t, "without its purpose in the settings")
	isIdle(t, d.client, id, api.IdleUnserved)
}

// What the gateway does not serve is no purpose of a zone, over any way in.
func TestPurposesAreRefused(t *testing.T) {
	g, client := start(t, gateway.Options{Config: settings(t)})
	if _, err := client.AddCamera(t.Context(), api.NewCamera{Name: "hall", URL: nobody}); err != nil {
		t.Fatal(err)
	}
	setZones(t, client, "hall", lobby())
	m := manager(t, g)
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
	if got, err := client.Zones(t.Context(), "hall"); err != nil || len(got.Zones) != 1 || !slices.Equal(got.Zones[0].Purposes, []string{"care"}) {
		t.Errorf("%+v, %v", got, err)
	}
}

// dataOf010 unpacks the data folder that version 0.1.0 left.
func dataOf010(t *testing.T, cfg config.Config) {
	t.Helper()
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		t.Fatal(err)
	}
	if b, err := exec.Command("tar", "-xzf", "../../config/store/testdata/0.1.0.tar.gz", "-C", cfg.Data).CombinedOutput(); err != nil {
		t.Fatalf("tar: %v: %s", err, b)
	}
}

// shownOn are the tokens that count on a camera, as the register says.
func shownOn(t *testing.T, client *api.Client, id media.CameraID) (all []string) {
	t.Helper()
	list, err := client.Consents(t.Context(), api.ConsentFilter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range list {
		if slices.Contains(c.Cameras, id) {
			all = append(all, c.ID)
		}
	}
	return all
}

// A zone of 0.1.0 shows whom it showed, for no other purpose, and asks to be confirmed.
func TestZoneOf010AsksForConfirmation(t *testing.T) {
	cfg := settings(t)
	dataOf010(t, cfg)
	_, client := start(t, gateway.Options{Config: cfg})
	before := shownOn(t, client, "lobby")
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
	if got := asked(); len(got) != 0 || !slices.Equal(shownOn(t, client, "lobby"), before) {
		t.Errorf("after it was confirmed: %+v, %v is shown", got, shownOn(t, client, "lobby"))
	}
}

// The audit log says who changed for what a zone shows people.
func TestPurposesAreInTheAuditLog(t *testing.T) {
	cfg := settings(t)
	g, client := start(t, gateway.Options{Config: cfg})
	if _, err := client.AddCamera(t.Context(), api.NewCamera{Name: "hall", URL: nobody}); err != nil {
		t.Fatal(err)
	}
	setZones(t, client, "hall", lobby())
	if err := client.SetPurposes(t.Context(), "hall", "lobby", []string{"care", "event"}); err != nil {
		t.Fatal(err)
	}
	g.Close()
	inOrder(t, "audit log", auditLog(t, cfg.Store()), "zone.changed local camera/hall zone=lobby kind=consent purposes=care,event")
}
