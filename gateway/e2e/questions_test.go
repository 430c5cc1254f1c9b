package e2e

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// asked is one of the guided questions.
func asked(t *testing.T, client *api.Client, id string) api.Guided {
	t.Helper()
	all, err := client.Guide(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(all, func(q api.Guided) bool { return q.ID == id })
	if i < 0 {
		t.Fatalf("there is no question %s", id)
	}
	return all[i]
}

func say(t *testing.T, client *api.Client, id string, said api.GuidedSaid) {
	t.Helper()
	if err := client.Say(t.Context(), id, said); err != nil {
		t.Fatalf("%s: %v", id, err)
	}
}

func refused(t *testing.T, client *api.Client, id string, said api.GuidedSaid, code string) {
	t.Helper()
	err := client.Say(t.Context(), id, said)
	if e := (*api.Error)(nil); !errors.As(err, &e) || string(e.Code) != code {
		t.Errorf("%s: %+v is answered with %v, want %s", id, said, err, code)
	}
}

// An answer is kept whole or not at all: an answer, facts of cameras and records at once. Who
// gave it and when stays over a restart.
func TestQuestionsAreKeptAtOnce(t *testing.T) {
	o := gateway.Options{Config: settings(t)}
	g, client := start(t, o)
	for _, id := range []media.CameraID{"gate", "hall"} {
		if _, err := client.AddCamera(t.Context(), api.NewCamera{ID: string(id), Name: string(id), URL: nobody}); err != nil {
			t.Fatal(err)
		}
	}
	say(t, client, "where", api.GuidedSaid{Site: map[string]any{"jurisdiction": "CN-310115", "recognition_mode": policy.DetectOnly}})
	say(t, client, "kind", api.GuidedSaid{Site: map[string]any{"kind": "trade-centre", "entitled": "owner"}})
	if site, err := client.Site(t.Context()); err != nil || site.Class != policy.Art7 || site.Jurisdiction != "CN-310115" {
		t.Errorf("%+v, %v", site, err)
	}
	say(t, client, "kind", api.GuidedSaid{Site: map[string]any{"kind": "shop"}})
	if site, err := client.Site(t.Context()); err != nil || site.Class != policy.Art9 || site.Entitled != "owner" {
		t.Errorf("the class does not follow from the kind: %+v, %v", site, err)
	}
	yes, found := &policy.Answer{Says: policy.Yes}, map[string]any{"date": "2026-03-01", "found": "nothing", "cameras": 0}
	ahead := map[string]any{"date": string(civil.Of(time.Now()).After(2)), "found": "nothing", "cameras": 0}
	refused(t, client, "private-rooms", api.GuidedSaid{Answer: yes, Records: []map[string]any{ahead}}, "invalid")
	refused(t, client, "private-rooms", api.GuidedSaid{Answer: yes, Records: []map[string]any{{"date": "2026-03-01", "colour": "red"}}}, "invalid")
	refused(t, client, "private-rooms", api.GuidedSaid{Records: []map[string]any{found}}, "invalid")
	if q := asked(t, client, "private-rooms"); q.State != "open" || q.Answer.Says != "" || q.Records[0].Have != 0 {
		t.Errorf("a part of a refused answer is kept: %+v", q)
	}
	say(t, client, "private-rooms", api.GuidedSaid{Answer: yes, Records: []map[string]any{found}})
	if q := asked(t, client, "private-rooms"); q.State != "answered" || q.Answer.Says != policy.Yes || q.Records[0].Have != 1 || q.Records[0].Newest != "2026-03-01" {
		t.Errorf("%+v", q)
	}
	refused(t, client, "places", api.GuidedSaid{Cameras: map[media.CameraID]map[string]any{"gate": {"place": "entrance"}, "none": {"place": "lobby"}}}, "not_found")
	refused(t, client, "places", api.GuidedSaid{Cameras: map[media.CameraID]map[string]any{"gate": {"model": "M"}}}, "invalid")
	if facts, err := client.Facts(t.Context(), "gate"); err != nil || facts.Place != "" {
		t.Errorf("a part of a refused answer is kept: %+v, %v", facts, err)
	}
	say(t, client, "places", api.GuidedSaid{Cameras: map[media.CameraID]map[string]any{"gate": {"place": "entrance"}}})
	if q := asked(t, client, "places"); q.State != "open" || !slices.Contains(q.Open, "s799-8-1") {
		t.Errorf("a camera is left and nobody asks: %+v", q)
	}
	say(t, client, "places", api.GuidedSaid{Cameras: map[media.CameraID]map[string]any{"hall": {"place": "lobby"}}})
	say(t, client, "device-tests", api.GuidedSaid{Records: []map[string]any{{"cameras": []string{"gate", "hall"}, "date": "2026-03-01", "passed": true}}})
	if all, err := client.Records(t.Context(), register.KindDeviceTest); err != nil || len(all) != 2 {
		t.Errorf("%d tests, %v", len(all), err)
	}
	if q := asked(t, client, "rules"); q.Records[0].Title == q.Records[1].Title {
		t.Errorf("two papers are called %q", q.Records[0].Title.EN)
	}
	refused(t, client, "evidence", api.GuidedSaid{}, "invalid")
	refused(t, client, "audit", api.GuidedSaid{Records: []map[string]any{nil}}, "invalid")
	refused(t, client, "colour", api.GuidedSaid{}, "not_found")
	g.Close()
	_, client = start(t, o)
	calendar, err := client.Calendar(t.Context())
	if q := asked(t, client, "places"); err != nil || q.State != "answered" || q.By != "local" || q.Date != calendar.Today {
		t.Errorf("after a restart: %s by %q on %q", q.State, q.By, q.Date)
	}
}

// What does not apply at the site is not asked.
func TestQuestionsThatDoNotApply(t *testing.T) {
	_, client := start(t, gateway.Options{Config: settings(t)})
	if _, err := client.AddCamera(t.Context(), api.NewCamera{Name: "gate", URL: nobody}); err != nil {
		t.Fatal(err)
	}
	if q := asked(t, client, "police-filing"); q.State != "open" {
		t.Errorf("of a site of no kind: %s", q.State)
	}
	if err := client.SetSite(t.Context(), policy.Site{Kind: "closed-office", Mode: policy.DetectOnly, Jurisdiction: "CN-110105"}); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]string{"police-filing": "spared", "call-register": "spared", "walks": "spared", "national-rule": "spared", "incident": "open", "face-devices": "open"} {
		if q := asked(t, client, id); q.State != want {
			t.Errorf("%s of an office: %s, want %s", id, q.State, want)
		}
	}
}

// Whatever is unknown at a site of which nobody said more than where it lies and what it is has
// a question that waits for it, or is done on a page of its own.
func TestUnknownsAreAsked(t *testing.T) {
	_, client := start(t, gateway.Options{Config: settings(t)})
	for _, id := range []string{"gate", "corridor"} {
		if _, err := client.AddCamera(t.Context(), api.NewCamera{ID: id, Name: id, URL: nobody, Place: "corridor"}); err != nil {
			t.Fatal(err)
		}
	}
	pages := []string{"camera", "capture", "calendar"}
	for kind, code := range map[policy.SiteKind]string{"trade-centre": "CN-310115", "residential-compound": "CN-440305", "hotel": "CN-500103", "closed-office": "CN-110105", "shop": "DE", "": ""} {
		if err := client.SetSite(t.Context(), policy.Site{Kind: kind, Jurisdiction: code}); err != nil {
			t.Fatal(err)
		}
		all, err := client.Guide(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		report, err := client.Compliance(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range report.Clauses {
			asks := slices.ContainsFunc(all, func(q api.Guided) bool { return q.State == "open" && slices.Contains(q.Open, c.ID) })
			if c.Status == policy.Unknown && !asks && !slices.Contains(pages, c.Action) {
				t.Errorf("%s in %q: %s waits for %q and nobody asks", kind, code, c.ID, c.Action)
			}
		}
	}
}
