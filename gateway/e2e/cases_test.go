package e2e

import (
	"archive/zip"
	"encoding/json"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// The law's cases that name a process are proved by the running gateway: over a restart, and
// with a store as an earlier version left it.

// lawful is a gateway of a shopping centre with one camera, of which the most is said.
func lawful(t *testing.T) (config.Config, *gateway.Gateway, *api.Client, civil.Date) {
	t.Helper()
	cfg := settings(t)
	g, client := start(t, gateway.Options{Config: cfg})
	if err := client.SetSite(t.Context(), policy.Site{Class: policy.Art7, Mode: policy.DetectOnly, Jurisdiction: "CN-310115", Contact: "110"}); err != nil {
		t.Fatal(err)
	}
	c, err := client.Calendar(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	addCamera(t, client, api.NewCamera{ID: "gate", Name: "gate", URL: nobody, Place: "entrance", Purpose: register.PublicSafety})
	said := policy.Camera{Place: "entrance", Purpose: register.PublicSafety, Necessity: "theft", Commissioned: c.Today.After(-40)}
	if err := client.SetFacts(t.Context(), "gate", said); err != nil {
		t.Fatal(err)
	}
	return cfg, g, client, c.Today
}

func addCamera(t *testing.T, client *api.Client, cam api.NewCamera) {
	t.Helper()
	if _, err := client.AddCamera(t.Context(), cam); err != nil {
		t.Fatal(err)
	}
}

// inStore changes the store of a gateway that is closed.
func inStore(t *testing.T, cfg config.Config, change func(*store.Store) error) {
	t.Helper()
	s, err := store.Open(cfg.Store(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(change(s), s.Close()); err != nil {
		t.Fatal(err)
	}
}

// again closes a gateway and starts it anew.
func again(t *testing.T, cfg config.Config, g *gateway.Gateway) (*gateway.Gateway, *api.Client) {
	t.Helper()
	g.Close()
	return start(t, gateway.Options{Config: cfg})
}

// A face that was shown 31 days ago without a token: nothing but the closing ends it.
func TestC03AfterThirtyDays(t *testing.T) {
	cfg, g, client, _ := lawful(t)
	stands(t, client, "p13", "pass/measured")
	g.Close()
	since := time.Now().AddDate(0, 0, -31)
	inStore(t, cfg, func(s *store.Store) error {
		_, _, err := s.OpenViolation(policy.Violation{Kind: policy.ViolationShown, Camera: "gate", Since: since, Last: since})
		return err
	})
	g, client = start(t, gateway.Options{Config: cfg})
	fails := func(when string) {
		t.Helper()
		c := clauseOf(t, client, "p13")
		if day := since.In(time.FixedZone("", 8*3600)).Format(time.DateOnly); c.Status != policy.Fail || !strings.Contains(c.Evidence.EN, day) {
			t.Errorf("%s: %s, want the day %s: %s", when, c.Status, day, c.Evidence.EN)
		}
	}
	fails("after 30 days")
	if err := client.SetCover(t.Context(), "gate", "moving"); err != nil {
		t.Fatal(err)
	}
	if err := client.ResetLevel(t.Context(), "gate"); err != nil {
		t.Fatal(err)
	}
	fails("another level")
	addCamera(t, client, api.NewCamera{ID: "gate", Name: "gate", URL: nobody, Replace: true})
	fails("replaced")
	if err := client.RemoveCamera(t.Context(), "gate"); err != nil {
		t.Fatal(err)
	}
	fails("removed")
	g, client = again(t, cfg, g)
	fails("after a restart")
	addCamera(t, client, api.NewCamera{ID: "gate", Name: "gate", URL: nobody, Place: "entrance"})
	all, err := client.Violations(t.Context())
	if err != nil || len(all) != 1 {
		t.Fatalf("%+v, %v", all, err)
	}
	if err := client.CloseViolation(t.Context(), all[0].ID, api.NewClosing{Cause: "a lost badge", Measure: "it is locked", File: digest}); err != nil {
		t.Fatal(err)
	}
	stands(t, client, "p13", "pass/measured")
	_, client = again(t, cfg, g)
	stands(t, client, "p13", "pass/measured")
}

// A corrected assessment stands in the list and in the evidence with the one before it.
func TestC08EvidenceOfACorrection(t *testing.T) {
	cfg, g, client, today := lawful(t)
	a := register.Assessment{Date: today.After(-50), Review: today.After(200), File: digest, Items: findings("done")}
	added, err := client.PutRecord(t.Context(), register.KindAssessment, a)
	if err != nil {
		t.Fatal(err)
	}
	stands(t, client, "p55", "pass/recorded")
	a.Date = today.After(-30) // after the first use
	if _, err := client.CorrectRecord(t.Context(), register.KindAssessment, added.ID, a, "the date was mistyped"); err != nil {
		t.Fatal(err)
	}
	expect(t, client, "p55", policy.Fail)
	_, client = again(t, cfg, g)
	expect(t, client, "p55", policy.Fail)
	_, r := newestOf(t, client, register.KindAssessment)
	if len(r.Earlier) != 1 || r.Author != "local" || r.Reason != "the date was mistyped" || r.SHA256 == r.Earlier[0].SHA256 {
		t.Fatalf("%+v", r)
	}
	path := filepath.Join(t.TempDir(), "pack.zip")
	if err := client.Evidence(t.Context(), today, today, path); err != nil {
		t.Fatal(err)
	}
	pack := read(t, path)
	for _, want := range []string{r.SHA256, r.Earlier[0].SHA256, "the date was mistyped", string(a.Date), string(today.After(-50))} {
		if !strings.Contains(pack, want) {
			t.Errorf("the evidence lacks %s", want)
		}
	}
}

// read is all text in an archive.
func read(t *testing.T, path string) string {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	var all strings.Builder
	for _, f := range z.File {
		r, err := f.Open()
		if err == nil {
			_, err = io.Copy(&all, r)
			err = errors.Join(err, r.Close())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}

// A camera that is replaced is in use since its first day, and its filing is as late as before.
func TestC20bReplacedIsAsLate(t *testing.T) {
	cfg, g, client, today := lawful(t)
	late := func(when string) {
		t.Helper()
		if c := clauseOf(t, client, "s799-14"); c.Status != policy.Fail || c.Due != today.After(-10) {
			t.Errorf("%s: %s, due %s, want %s", when, c.Status, c.Due, today.After(-10))
		}
	}
	late("at first")
	addCamera(t, client, api.NewCamera{ID: "gate", Name: "gate", URL: nobody, Replace: true})
	late("replaced")
	_, client = again(t, cfg, g)
	late("after a restart")
}

// In use since 2019, without a receipt: late since 30 June 2025.
func TestC31OlderSystemIsLate(t *testing.T) {
	_, _, client, _ := lawful(t)
	said, err := client.Facts(t.Context(), "gate")
	if err != nil {
		t.Fatal(err)
	}
	said.Commissioned = "2019-05-01"
	if err := client.SetFacts(t.Context(), "gate", said); err != nil {
		t.Fatal(err)
	}
	if c := clauseOf(t, client, "s799-14"); c.Status != policy.Fail || c.Due != "2025-06-30" {
		t.Errorf("%s, due %s: %s", c.Status, c.Due, c.Evidence.EN)
	}
}

// ofDay has a record of each kind, all of one day.
func ofDay(d civil.Date) map[register.Kind]register.Record {
	gate := []media.CameraID{"gate"}
	all := map[register.Kind]register.Record{
		register.KindSign:       register.Sign{Place: "gate", Cameras: gate, Date: d, Photo: digest, Layer: 1},
		register.KindAssessment: register.Assessment{Date: d, Review: d.After(365), File: digest, Items: findings("done"), Config: digest},
		register.KindFiling:     register.Filing{Of: register.FilingSystem, Date: d, Authority: "county police", Receipt: "7", Cameras: gate},
		register.KindDeviceTest: register.DeviceTest{Camera: "gate", Date: d, Passed: true},
		register.KindComplaint:  register.Complaint{Date: d, Content: "too bright"},
		register.KindExport:     register.Export{Date: d, Reason: "accident", Content: "gate", Unit: "police", Requester: "police", Name: "Wang", Purpose: register.PublicSafety},
		register.KindRetention:  register.Retention{Cameras: gate, Date: d, Hours: 720},
		register.KindInspection: register.Inspection{Date: d, Found: "nothing", Cameras: new(int)},
	}
	for _, kind := range register.Kinds {
		if all[kind] == nil {
			all[kind] = anything(kind, d)
		}
	}
	return all
}

// anything is a record of a kind with no more than it has to say, of a day.
func anything(kind register.Kind, d civil.Date) register.Record {
	body := map[string]any{}
	for _, f := range register.Fields(kind) {
		if f.Name != "pseudonym" && !f.Required || f.Filled {
			continue
		}
		switch f.Type {
		case "date":
			body[f.Name] = d
		case "hash":
			body[f.Name] = digest
		case "camera":
			body[f.Name] = "gate"
		case "cameras":
			body[f.Name] = []string{"gate"}
		case "choice":
			body[f.Name] = f.Choices[0]
		case "choices":
			body[f.Name] = f.Choices[:1]
		case "number":
			body[f.Name] = max(f.Min, 1)
		case "flag", "answer":
			body[f.Name] = true
		default:
			body[f.Name] = "something"
		}
	}
	b, err := json.Marshal(body)
	rec := register.New(kind)
	if err := errors.Join(err, json.Unmarshal(b, rec)); err != nil {
		panic(err)
	}
	return rec
}

// What an earlier version stored with a day to come does not count, and what it would prove is
// unknown; the others count.
func TestC24StoredAheadDoesNotCount(t *testing.T) {
	cfg, g, client, today := lawful(t)
	for _, q := range []policy.Question{policy.AskFaceDevices, policy.AskPrivateRooms} {
		reply(t, client, q, policy.Answer{Says: policy.Yes})
	}
	reply(t, client, policy.AskKeyTarget, policy.Answer{Says: policy.No})
	g.Close()
	inStore(t, cfg, func(s *store.Store) (err error) {
		for kind, rec := range ofDay(today.After(9)) {
			_, wrong := s.PutRecord(kind, "", rec, store.Entry{Time: time.Now(), Author: "local"})
			err = errors.Join(err, wrong)
		}
		return err
	})
	_, client = start(t, gateway.Options{Config: cfg})
	for kind, id := range map[register.Kind]string{
		register.KindSign: "m13-sign", register.KindAssessment: "p55", register.KindFiling: "s799-14", register.KindDeviceTest: "device-test",
		register.KindComplaint: "m-complaints", register.KindRetention: "s799-17", register.KindInspection: "s799-8-2",
	} {
		if c := clauseOf(t, client, id); c.Status != policy.Unknown || c.Action != "ahead" {
			t.Errorf("%s: %s is %s, %s: %s", kind, id, c.Status, c.Action, c.Evidence.EN)
		}
	}
	put(t, client, register.KindSign, ofDay(today)[register.KindSign])
	expect(t, client, "m13-sign", policy.Unknown) // the other one is there still
}

// One record that cannot be decrypted: its clauses are unknown, the state is no better, and
// the evidence says which kind it is.
func TestC29RecordThatDoesNotOpen(t *testing.T) {
	cfg, g, client, today := lawful(t)
	put(t, client, register.KindRetention, register.Retention{Cameras: []media.CameraID{"gate"}, Date: today, Hours: 720})
	reply(t, client, policy.AskKeyTarget, policy.Answer{Says: policy.No})
	stands(t, client, "s799-17", "pass/recorded")
	g.Close()
	db, err := bbolt.Open(cfg.Store(), 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(db.Update(func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte("records")).Put([]byte("retention/00000001"), []byte("\x01nonsense"))
	}), db.Close()); err != nil {
		t.Fatal(err)
	}
	_, client = start(t, gateway.Options{Config: cfg})
	c := clauseOf(t, client, "s799-17")
	r, err := client.Compliance(t.Context())
	if err != nil || c.Status != policy.Unknown || c.Action != "unreadable" || !strings.Contains(c.Evidence.EN, "footage is kept") || r.State.Rank() < policy.Unknown.Rank() {
		t.Errorf("%s, %s, the site is %s, %v: %s", c.Status, c.Action, r.State, err, c.Evidence.EN)
	}
	put(t, client, register.KindRetention, register.Retention{Cameras: []media.CameraID{"gate"}, Date: today, Hours: 720})
	expect(t, client, "s799-17", policy.Unknown) // nobody knows what the other one says
}

// A receipt of before the number was reached files something else; the day by which to file
// is known with the next year's notice, at once.
func TestC12C30bFilingOfStoredFaces(t *testing.T) {
	cfg, g, client, today := lawful(t)
	reached := today.After(-3)
	reply(t, client, policy.AskFaceDevices, policy.Answer{Says: policy.Yes, Count: 105_000, Day: reached})
	receipt := register.Filing{Of: register.FilingEnrolment, Date: reached.After(-400), Authority: "province", Receipt: "9", Scope: "faces"}
	put(t, client, register.KindFiling, receipt)
	calendar, err := client.Calendar(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var years civil.Calendar
	for _, y := range calendar.Years {
		years.Years = append(years.Years, y.Notice)
	}
	_, known := years.After(reached, 30)
	want := policy.Warn
	if !known {
		want = policy.Unknown
	}
	if c := clauseOf(t, client, "m15"); c.Status != want || c.Due == "" {
		t.Errorf("%s, due %s: %s", c.Status, c.Due, c.Evidence.EN)
	}
	var file strings.Builder
	file.WriteString("years:\n")
	for year := today.Time().Year(); year <= today.Time().Year()+1; year++ {
		first := civil.Of(time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC))
		file.WriteString("  - {year: " + string(first[:4]) + ", source: n, off: [" + string(first) + "]}\n")
	}
	if _, err := client.SetCalendar(t.Context(), []byte(file.String())); err != nil {
		t.Fatal(err)
	}
	own, err := civil.Parse([]byte(file.String()))
	if err != nil {
		t.Fatal(err)
	}
	due, _ := years.With(own).After(reached, 30)
	for range 2 {
		if c := clauseOf(t, client, "m15"); c.Status != policy.Warn || c.Due != due {
			t.Errorf("%s, due %s, want %s: %s", c.Status, c.Due, due, c.Evidence.EN)
		}
		g, client = again(t, cfg, g)
	}
	receipt.Date = reached
	put(t, client, register.KindFiling, receipt)
	stands(t, client, "m15", "pass/recorded")
}

// Every kind of record is refused with a day to come.
func TestC24EachKindIsRefused(t *testing.T) {
	_, _, client, today := lawful(t)
	all := ofDay(today.After(2))
	for _, kind := range register.Kinds {
		rec := all[kind]
		if rec == nil {
			t.Errorf("nothing of kind %s is tried", kind)
			continue
		}
		if a, ok := rec.(register.Assessment); ok {
			a.Config = ""
			rec = a
		}
		if kind == register.KindContract {
			continue // it may begin later
		}
		_, err := client.PutRecord(t.Context(), kind, rec)
		refusedAs(t, string(kind), err, "after today")
	}
	if left := slices.DeleteFunc(slices.Clone(register.Kinds), func(k register.Kind) bool { l, err := client.Records(t.Context(), k); return err == nil && len(l) == 0 }); len(left) > 0 {
		t.Errorf("stored all the same: %v", left)
	}
}
