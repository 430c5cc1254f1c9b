package e2e

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// refusedAs proves that a record is refused as not valid, and for what.
func refusedAs(t *testing.T, what string, err error, says string) {
	t.Helper()
	var refused *api.Error
	if !errors.As(err, &refused) || refused.Code != api.CodeInvalid || !strings.Contains(refused.Message, says) {
		t.Errorf("%s: %v, want %q", what, err, says)
	}
}

func findings(word string) map[string]string {
	all := map[string]string{}
	for _, i := range register.AssessmentItems {
		all[i] = word
	}
	return all
}

// newestOf decodes the newest version of the only record of a kind.
func newestOf(t *testing.T, client *api.Client, kind register.Kind) (register.Record, api.Record) {
	t.Helper()
	all, err := client.Records(t.Context(), kind)
	if err != nil || len(all) != 1 {
		t.Fatalf("%+v, %v", all, err)
	}
	rec, err := api.Decode(kind, all[0].Version)
	if err != nil {
		t.Fatal(err)
	}
	return rec, all[0]
}

// A complaint is entered and closed: both versions stay, with who and why.
func TestRecordsAPI(t *testing.T) {
	cfg := settings(t)
	g, client := start(t, gateway.Options{Config: cfg})
	var refused *api.Error
	if _, err := client.PutRecord(t.Context(), "diary", register.Sign{}); !errors.As(err, &refused) || refused.Code != api.CodeNotFound {
		t.Errorf("an unknown kind: %v", err)
	}
	_, err := client.PutRecord(t.Context(), register.KindSign, register.Sign{})
	refusedAs(t, "an empty sign", err, "place")
	open := register.Complaint{Date: "2026-01-01", Content: "too bright"}
	added, err := client.PutRecord(t.Context(), register.KindComplaint, open)
	if err != nil {
		t.Fatal(err)
	}
	settled := open
	settled.Closed = "2026-01-02"
	_, err = client.CorrectRecord(t.Context(), register.KindComplaint, added.ID, settled, "settled")
	refusedAs(t, "C16: closed without an answer", err, "answer")
	settled.Answer = "dimmed"
	_, err = client.CorrectRecord(t.Context(), register.KindComplaint, added.ID, settled, " ")
	refusedAs(t, "without a reason", err, "reason")
	if _, err := client.CorrectRecord(t.Context(), register.KindComplaint, "00000099", settled, "settled"); !errors.As(err, &refused) || refused.Code != api.CodeNotFound {
		t.Errorf("an unknown number: %v", err)
	}
	if _, err := client.CorrectRecord(t.Context(), register.KindComplaint, added.ID, settled, "settled"); err != nil {
		t.Fatal(err)
	}
	rec, r := newestOf(t, client, register.KindComplaint)
	if *rec.(*register.Complaint) != settled || r.Number != 2 || r.Author != "local" || r.Reason != "settled" || time.Since(r.Entered) > time.Hour || r.Confirm.EN != "" {
		t.Errorf("%+v", r)
	}
	if len(r.Earlier) != 1 || r.Earlier[0].Number != 1 || r.Earlier[0].SHA256 == r.SHA256 || !strings.Contains(string(r.Earlier[0].Body), "too bright") {
		t.Errorf("%+v", r.Earlier)
	}
	g.Close()
	logged := map[string]string{}
	for _, e := range auditRecords(t, cfg.Store()) {
		logged[e.Action+" "+e.Subject] = e.Detail
	}
	subject := "complaint/" + added.ID
	for action, want := range map[string]string{"record.added ": "version=1 sha256=" + r.Earlier[0].SHA256, "record.changed ": "version=2 sha256=" + r.SHA256} {
		if got := logged[action+subject]; got != want {
			t.Errorf("the audit log says %q of %s%s, want %q", got, action, subject, want)
		}
	}
}

// C24: what is dated tomorrow is refused, what is dated today is taken.
func TestC24RecordsOfTomorrow(t *testing.T) {
	_, client := start(t, gateway.Options{Config: settings(t)})
	now := time.Now()
	day, gate := civil.Of(now), []media.CameraID{"gate"}
	tomorrow := day.After(1)
	at := func(d civil.Date) map[register.Kind]register.Record {
		return map[register.Kind]register.Record{
			register.KindSign:       register.Sign{Place: "gate", Cameras: gate, Date: d, Photo: digest, Layer: 1},
			register.KindAssessment: register.Assessment{Date: d, Review: d.After(365), File: digest, Items: findings("done")},
			register.KindFiling:     register.Filing{Of: register.FilingSystem, Date: d, Authority: "county police", Cameras: gate},
			register.KindDeviceTest: register.DeviceTest{Camera: "gate", Date: d},
			register.KindRetention:  register.Retention{Cameras: gate, Date: d, Hours: 720},
			register.KindInspection: register.Inspection{Date: d, Found: "nothing"},
		}
	}
	for kind, rec := range at(tomorrow) {
		_, err := client.PutRecord(t.Context(), kind, rec)
		refusedAs(t, string(kind), err, "after today")
	}
	if civil.Of(time.Now()) != day {
		t.Skip("midnight came")
	}
	for kind, rec := range at(day) {
		added, err := client.PutRecord(t.Context(), kind, rec)
		if err != nil {
			t.Errorf("%s of today: %v", kind, err)
			continue
		}
		_, err = client.CorrectRecord(t.Context(), kind, added.ID, at(tomorrow)[kind], "mistyped")
		refusedAs(t, string(kind)+", corrected", err, "after today")
	}
}

// C08: an assessment is bound to the configuration that it was made for, by the gateway
// alone; a correction does not bind it to another one.
func TestC08AssessmentIsNotBoundAnew(t *testing.T) {
	_, client := start(t, gateway.Options{Config: settings(t)})
	today := civil.Of(time.Now())
	if _, err := client.AddCamera(t.Context(), api.NewCamera{ID: "gate", Name: "gate", URL: nobody}); err != nil {
		t.Fatal(err)
	}
	if err := client.SetFacts(t.Context(), "gate", policy.Camera{Commissioned: today}); err != nil {
		t.Fatal(err)
	}
	reply(t, client, policy.AskFaceDevices, policy.Answer{Says: policy.Yes})
	a := register.Assessment{Date: today.After(-2), Review: today.After(300), File: digest, Items: findings("done"), Config: digest}
	_, err := client.PutRecord(t.Context(), register.KindAssessment, a)
	refusedAs(t, "a configuration from outside", err, "config")
	a.Config = ""
	added, err := client.PutRecord(t.Context(), register.KindAssessment, a)
	if err != nil {
		t.Fatal(err)
	}
	stands(t, client, "m9", "pass/recorded")
	first, _ := newestOf(t, client, register.KindAssessment)
	if err := client.SetSite(t.Context(), policy.Site{Class: policy.Art7}); err != nil {
		t.Fatal(err)
	}
	expect(t, client, "m9", policy.Fail)
	a.Date = today.After(-1)
	if _, err := client.CorrectRecord(t.Context(), register.KindAssessment, added.ID, a, "the date was mistyped"); err != nil {
		t.Fatal(err)
	}
	rec, r := newestOf(t, client, register.KindAssessment)
	if got := rec.(*register.Assessment); got.Config != first.(*register.Assessment).Config || got.Date != a.Date || len(r.Earlier) != 1 {
		t.Errorf("%+v", r)
	}
	expect(t, client, "m9", policy.Fail)
	a.Config = digest
	_, err = client.CorrectRecord(t.Context(), register.KindAssessment, added.ID, a, "bind it anew")
	refusedAs(t, "another configuration", err, "config")
}

// C15b: which device was tested stands in the record, also when another one has come.
func TestC15DeviceTestNamesTheDevice(t *testing.T) {
	_, client := start(t, gateway.Options{Config: settings(t)})
	if _, err := client.AddCamera(t.Context(), api.NewCamera{ID: "lift", Name: "lift", URL: nobody}); err != nil {
		t.Fatal(err)
	}
	device := func(model string) {
		t.Helper()
		if err := client.SetFacts(t.Context(), "lift", policy.Camera{Place: "entrance", Model: model, Firmware: "1.2"}); err != nil {
			t.Fatal(err)
		}
	}
	device("M-1")
	test := register.DeviceTest{Camera: "lift", Date: "2026-01-02", Passed: true}
	added, err := client.PutRecord(t.Context(), register.KindDeviceTest, test)
	if err != nil {
		t.Fatal(err)
	}
	device("M-2")
	test.Passed = false
	if _, err := client.CorrectRecord(t.Context(), register.KindDeviceTest, added.ID, test, "it did not pass"); err != nil {
		t.Fatal(err)
	}
	rec, _ := newestOf(t, client, register.KindDeviceTest)
	if got := rec.(*register.DeviceTest); got.Model != "M-1" || got.Firmware != "1.2" || got.Passed {
		t.Errorf("%+v", got)
	}
	test.Model = "M-9"
	_, err = client.PutRecord(t.Context(), register.KindDeviceTest, test)
	refusedAs(t, "a device from outside", err, "model")

	silent := json.RawMessage(`{"camera": "lift", "date": "2026-01-02"}`)
	err = client.Call(t.Context(), http.MethodPost, "/v1/records/devicetest", silent, nil)
	refusedAs(t, "whether it passed is not said", err, "passed")
}

// C19: a filing names its cameras, the gateway never does.
func TestC19FilingNamesItsCameras(t *testing.T) {
	_, client := start(t, gateway.Options{Config: settings(t)})
	if _, err := client.AddCamera(t.Context(), api.NewCamera{ID: "gate", Name: "gate", URL: nobody}); err != nil {
		t.Fatal(err)
	}
	_, err := client.PutRecord(t.Context(), register.KindFiling, register.Filing{Of: register.FilingSystem, Date: "2026-01-02", Receipt: "5"})
	refusedAs(t, "a filing without a list", err, "name each camera that the filing lists, with the authority and the number of its receipt")
}
