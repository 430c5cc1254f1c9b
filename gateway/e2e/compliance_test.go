package e2e

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/compliance"
	"github.com/bauta-gateway/bauta/hardware/media"
)

var digest = strings.Repeat("0f", 32)

func clauseOf(t *testing.T, client *api.Client, id string) compliance.Clause {
	t.Helper()
	r, err := client.Compliance(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(r.Clauses, func(c compliance.Clause) bool { return c.ID == id })
	if i < 0 {
		t.Fatalf("no clause %s", id)
	}
	return r.Clauses[i]
}

func expect(t *testing.T, client *api.Client, id string, want policy.Status) {
	t.Helper()
	if got := clauseOf(t, client, id); got.Status != want {
		t.Errorf("%s: %s, want %s: %s", id, got.Status, want, got.Evidence.EN)
	}
}

func put(t *testing.T, client *api.Client, kind policy.Kind, rec policy.Record) {
	t.Helper()
	if _, err := client.PutRecord(t.Context(), kind, rec); err != nil {
		t.Fatal(err)
	}
}

// From a bare camera to a site in order, by what the operator says alone.
func TestComplianceFollowsTheOperator(t *testing.T) {
	cfg := settings(t)
	_, client := start(t, gateway.Options{Config: cfg})
	if _, err := client.AddCamera(t.Context(), api.NewCamera{Name: "gate", URL: nobody}); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]policy.Status{
		"p6": policy.Fail, "m9": policy.Fail, "m13-sign": policy.Fail, "s799-8-1": policy.Warn, "m13-place": policy.Unknown, "s799-13": policy.Fail,
		"s799-17": policy.Unknown, "device-test": policy.Warn, "m8": policy.Pass, "m1": policy.Info, "m14": policy.Warn,
	} {
		expect(t, client, id, want)
	}
	if err := client.SetSite(t.Context(), policy.Site{Class: policy.Art7, Mode: policy.DetectOnly, Jurisdiction: "CN-44", Contact: "110", Grading: "L3"}); err != nil {
		t.Fatal(err)
	}
	if err := client.SetFacts(t.Context(), "gate", policy.Camera{Place: "entrance", Purpose: policy.PublicSafety, Commissioned: policy.DateOf(time.Now())}); err != nil {
		t.Fatal(err)
	}
	area := zone.Zone{ID: "area", Kind: zone.Capture, Points: []zone.Point{{}, {X: 1}, {X: 1, Y: 1}}}
	if err := client.PutZone(t.Context(), "gate", api.NewZone{Zone: area}); err != nil {
		t.Fatal(err)
	}
	today, gate := policy.DateOf(time.Now()), []media.CameraID{"gate"}
	items := map[string]string{}
	for _, i := range policy.AssessmentItems {
		items[i] = "done"
	}
	put(t, client, policy.KindSign, policy.Sign{Place: "gate", Cameras: gate, Date: today, Photo: digest, Layer: 1})
	put(t, client, policy.KindAssessment, policy.Assessment{Date: today, Review: today.After(365), File: digest, Items: items})
	put(t, client, policy.KindFiling, policy.Filing{Of: policy.FilingSystem, Date: today, Receipt: "77", Authority: "county police", Cameras: gate})
	put(t, client, policy.KindDeviceTest, policy.DeviceTest{Camera: "gate", Date: today, Passed: true})
	put(t, client, policy.KindRetention, policy.Retention{Cameras: gate, Date: today, Hours: 720})
	put(t, client, policy.KindInspection, policy.Inspection{Date: today, Found: "nothing"})
	for _, id := range []string{"p6", "m9", "m13-sign", "s799-8-1", "s799-13", "s799-17", "s799-14", "device-test", "s799-8-2", "m14"} {
		expect(t, client, id, policy.Pass)
	}
	// A new purpose makes the assessment due again.
	if err := client.SetFacts(t.Context(), "gate", policy.Camera{Place: "entrance", Purpose: "traffic"}); err != nil {
		t.Fatal(err)
	}
	expect(t, client, "m9", policy.Fail)
}

// The violation is in the status with the statute's number, also after a restart and
// after the camera's removal, until it is closed with its proof.
func TestViolationStays(t *testing.T) {
	cfg := settings(t)
	g, client := start(t, gateway.Options{Config: cfg})
	_, err := client.AddCamera(t.Context(), api.NewCamera{ID: "wc", Name: "wc", URL: nobody, Place: policy.PublicToilet})
	prohibited(t, err)
	var c compliance.Clause
	eventually(t, "the clause was evaluated: two answers agree since when it fails", func() bool {
		c = clauseOf(t, client, "s799-8-1")
		return clauseOf(t, client, "s799-8-1").Since.Equal(c.Since)
	})
	if c.Status != policy.Fail || !strings.Contains(c.Citation.ZH, "第799号") || !strings.Contains(c.Evidence.ZH, "卫生间") || !strings.Contains(c.Evidence.EN, "wc") {
		t.Errorf("%+v", c)
	}
	g.Close()
	_, client = start(t, gateway.Options{Config: cfg})
	if again := clauseOf(t, client, "s799-8-1"); again.Status != policy.Fail || !again.Since.Equal(c.Since) {
		t.Errorf("after the restart: %s since %v, was since %v", again.Status, again.Since, c.Since)
	}
	if err := client.RemoveCamera(t.Context(), "wc"); err != nil {
		t.Fatal(err)
	}
	expect(t, client, "s799-8-1", policy.Fail)
	all, err := client.Violations(t.Context())
	if err != nil || len(all) != 1 || all[0].Camera != "wc" || all[0].Place != policy.PublicToilet || !all[0].Open() {
		t.Fatalf("%+v, %v", all, err)
	}
	closing := api.NewClosing{Cause: "a wrong plan", Measure: "dismantled", File: digest, FootageDeleted: new(bool)}
	var refused *api.Error
	if err := client.CloseViolation(t.Context(), all[0].ID, closing); !errors.As(err, &refused) || refused.Code != api.CodeInvalid {
		t.Errorf("without the report to the police: %v", err)
	}
	closing.Police = "P-77"
	if err := client.CloseViolation(t.Context(), all[0].ID, closing); err != nil {
		t.Fatal(err)
	}
	expect(t, client, "s799-8-1", policy.Pass)
}

// Each thing that happens leaves one record, in order, without secrets.
func TestAuditLogOfARun(t *testing.T) {
	cfg := settings(t)
	g, client := start(t, gateway.Options{Config: cfg})
	if _, err := client.AddCamera(t.Context(), api.NewCamera{ID: "gate", Name: "张三的家", URL: "rtsp://admin:topsecret@127.0.0.1:9/live"}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the camera is offline", func() bool { return cameraStatus(t, client, "gate").Protection == media.Offline })
	watch(t, viewer(t, g).URLs[0])
	eventually(t, "the viewer is counted", func() bool { return cameraStatus(t, client, "gate").Viewers == 1 })
	if err := client.RemoveCamera(t.Context(), "gate"); err != nil {
		t.Fatal(err)
	}
	g.Close()

	at := -1
	var actions []string
	for _, e := range auditRecords(t, cfg.Store()) {
		if line := fmt.Sprintf("%+v", e); strings.Contains(line, "topsecret") || strings.Contains(line, "127.0.0.1") {
			t.Errorf("the audit log says %s", line)
		}
		actions = append(actions, e.Action+" "+e.Subject)
	}
	for _, want := range []string{"gateway.started ", "camera.added camera/gate", "camera.removed camera/gate", "gateway.stopped "} {
		i := slices.Index(actions, want)
		if i <= at {
			t.Errorf("%q is at %d of %v", want, i, actions)
		}
		at = i
	}
	for _, want := range []string{"protection.changed camera/gate", "view.changed camera/gate"} {
		if !slices.Contains(actions, want) {
			t.Errorf("%q is not among %v", want, actions)
		}
	}
}
