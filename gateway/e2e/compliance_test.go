package e2e

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/register"
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

// stands compares how a clause stands with status and basis, as in pass/recorded; one that
// is not met has no basis.
func stands(t *testing.T, client *api.Client, id, want string) {
	t.Helper()
	c := clauseOf(t, client, id)
	if got := strings.TrimSuffix(string(c.Status)+"/"+string(c.Basis), "/"); got != want {
		t.Errorf("%s: %s, want %s: %s", id, got, want, c.Evidence.EN)
	}
}

func reply(t *testing.T, client *api.Client, q policy.Question, a policy.Answer) {
	t.Helper()
	if err := client.Answer(t.Context(), q, a); err != nil {
		t.Fatal(err)
	}
}

func put(t *testing.T, client *api.Client, kind register.Kind, rec register.Record) {
	t.Helper()
	if _, err := client.PutRecord(t.Context(), kind, rec); err != nil {
		t.Fatal(err)
	}
}

// From a bare camera, of which nobody said anything, to all that the operator can have in
// order by their own word; what this version itself lacks stays.
func TestComplianceFollowsTheOperator(t *testing.T) {
	_, client := start(t, gateway.Options{Config: settings(t)})
	if _, err := client.AddCamera(t.Context(), api.NewCamera{Name: "gate", URL: nobody}); err != nil {
		t.Fatal(err)
	}
	all := func(want string, ids ...string) {
		t.Helper()
		for _, id := range ids {
			stands(t, client, id, want)
		}
	}
	all("fail", "p6", "m9", "p55", "p26", "s799-13", "s799-16")
	all("unknown", "m4", "m13-sign", "x10", "s799-8-1", "s799-8-2", "s799-10", "s799-14", "s799-17", "s799-33", "s15", "m8", "m10", "m13-place", "m14", "m15", "p51", "p57")
	all("warn", "device-test")
	all("info", "m1", "m3")
	site := policy.Site{Kind: "trade-centre", Entitled: "lease of the building", Mode: policy.DetectOnly, Jurisdiction: "CN-44", Contact: "110"}
	if err := client.SetSite(t.Context(), site); err != nil {
		t.Fatal(err)
	}
	today, gate := civil.Of(time.Now().In(site.Location(time.Local))), []media.CameraID{"gate"}
	facts := policy.Camera{Place: "entrance", Purpose: register.PublicSafety, Necessity: "theft", Commissioned: today}
	if err := client.SetFacts(t.Context(), "gate", facts); err != nil {
		t.Fatal(err)
	}
	area := zone.Zone{ID: "area", Kind: zone.Capture, Points: []zone.Point{{}, {X: 1}, {X: 1, Y: 1}}}
	if err := client.PutZone(t.Context(), "gate", api.NewZone{Zone: area}); err != nil {
		t.Fatal(err)
	}
	put(t, client, register.KindSign, register.Sign{Place: "gate", Cameras: gate, Date: today, Photo: digest, Layer: 1})
	put(t, client, register.KindAssessment, register.Assessment{Date: today, Review: today.After(365), File: digest, Items: findings("done")})
	put(t, client, register.KindFiling, register.Filing{Of: register.FilingSystem, Date: today, Receipt: "77", Authority: "county police", Cameras: gate})
	put(t, client, register.KindDeviceTest, register.DeviceTest{Camera: "gate", Date: today, Passed: true})
	put(t, client, register.KindRetention, register.Retention{Cameras: gate, Date: today, Hours: 720})
	put(t, client, register.KindInspection, register.Inspection{Date: today, Found: "nothing", Cameras: new(int)})
	all("unknown", "m9", "m13-sign", "s799-8-2", "s799-17") // records answer no question
	reply(t, client, policy.AskFaceDevices, policy.Answer{Says: policy.Yes, Count: 7})
	reply(t, client, policy.AskPrivateRooms, policy.Answer{Says: policy.Yes})
	for _, q := range []policy.Question{policy.AskSecretNeighbour, policy.AskKeyTarget, policy.AskIncident, policy.AskProcessors} {
		reply(t, client, q, policy.Answer{Says: policy.No})
	}
	reply(t, client, policy.AskGrading, policy.Answer{Says: policy.Yes, Note: "L3"})
	reply(t, client, policy.AskOriginals, policy.Answer{Says: policy.Yes})

	all("unknown", "m4", "m8", "m10", "m13-sign", "m13-place", "m-voluntary") // nobody said what the devices are
	put(t, client, register.KindDevice, faceGate(today))
	all("fail", "m9", "p55") // the assessment was made without them
	put(t, client, register.KindAssessment, register.Assessment{Date: today, Review: today.After(365), File: digest, Items: findings("done")})
	all("pass/recorded", "m4", "m9", "m10", "p55", "m13-sign", "s799-13", "s799-14", "s799-17", "s799-8-2", "device-test")
	all("pass/declared", "p6", "p26", "m8", "m13-place", "m-voluntary", "m15", "s799-7", "s799-8-1", "s799-10", "s15", "s16-1", "p57")
	all("fail", "s799-16") // C23: one login for all viewers
	all("warn", "m14")     // the same
	all("not_applicable", "s799-33", "s799-release", "p21", "s19", "c32")
	registers(t, client, today, all)

	// A new purpose makes the assessment due again.
	facts.Purpose = "traffic"
	if err := client.SetFacts(t.Context(), "gate", facts); err != nil {
		t.Fatal(err)
	}
	all("fail", "m9", "p55", "s799-7")
}

// registers are those that inspectors ask for, one after the other.
func registers(t *testing.T, client *api.Client, today civil.Date, all func(string, ...string)) {
	t.Helper()
	yes, gate := true, []media.CameraID{"gate"}
	all("fail", "m5", "p17")
	all("unknown", "p51", "s20", "s21")
	all("warn", "s11", "p54")
	all("pass/recorded", "m9-r") // no month of use is over
	put(t, client, register.KindNotice, register.Notice{Date: today, Contact: "mall, 110", Purpose: "safety", Manner: "filming", Keeping: "30 days", Necessity: "thefts",
		Effects: "faces are seen", Rights: "ask at the desk", Complaints: "110", Accessible: &yes, Shown: "at the gate"})
	all("warn", "m5", "p17") // no sign leads to it
	for _, of := range []string{register.Rules, register.Classification, register.IncidentPlan, register.Audit, register.Acceptance} {
		put(t, client, register.KindDocument, register.Document{Of: of, Date: today, File: digest})
	}
	put(t, client, register.KindTraining, register.Training{Date: today, Person: "Wang Fang", Post: "guard", Topic: "secrecy", Vetted: &yes, Undertaking: digest})
	put(t, client, register.KindQuiet, register.Quiet{Register: "export", From: today.After(-40), To: today})
	put(t, client, register.KindRecorder, register.Recorder{Date: today, Name: "nvr", Cameras: gate, Keeps: "originals", Where: "cellar"})
	all("pass/recorded", "s11", "p54", "s15", "s23")
	all("warn", "p51") // one login for all viewers
	all("not_applicable", "s20", "s21")
	put(t, client, register.KindIncident, register.Incident{Found: today, Content: "a disk was lost", Major: &yes})
	all("fail", "p57", "s16-1")
	all("pass/recorded", "m9") // the assessment is of the same day
}

// C05, C05b: whether Order 19 holds is a question that somebody answers, and that somebody
// and the day are named; to describe the site anew leaves the answer as it is.
func TestC05NoFaceDevices(t *testing.T) {
	_, client := start(t, gateway.Options{Config: settings(t)})
	if _, err := client.AddCamera(t.Context(), api.NewCamera{ID: "gate", Name: "gate", URL: nobody}); err != nil {
		t.Fatal(err)
	}
	site := policy.Site{Class: policy.Art9, Mode: policy.DetectOnly}
	if err := client.SetSite(t.Context(), site); err != nil {
		t.Fatal(err)
	}
	stands(t, client, "m10", "unknown")
	refusedAs(t, "no question", client.Answer(t.Context(), "doors", policy.Answer{Says: policy.No}), "doors")
	refusedAs(t, "no answer", client.Answer(t.Context(), policy.AskFaceDevices, policy.Answer{}), "says")
	refusedAs(t, "another answer", client.Answer(t.Context(), policy.AskFaceDevices, policy.Answer{Says: "maybe"}), "maybe")
	ahead := policy.Answer{Says: policy.Yes, Note: "A-7", Day: civil.Of(time.Now()).After(2)}
	refusedAs(t, "C42: a consent of tomorrow", client.Answer(t.Context(), policy.AskSecretNeighbour, ahead), "after today")
	stands(t, client, "m10", "unknown")

	reply(t, client, policy.AskFaceDevices, policy.Answer{Says: policy.No, By: "somebody else", Date: "2020-01-01"})
	if err := client.SetSite(t.Context(), site); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"m4", "m6", "m9", "m10", "m14", "m15"} {
		stands(t, client, id, "not_applicable")
	}
	stands(t, client, "m13-place", "pass/declared") // an inventory without one says so
	calendar, err := client.Calendar(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if said := clauseOf(t, client, "m10").Evidence.EN; !strings.Contains(said, "local") || !strings.Contains(said, string(calendar.Today)) {
		t.Errorf("who said so, and when: %s", said)
	}
	asked, err := client.Questions(t.Context())
	if err != nil || len(asked) != len(policy.Questions) {
		t.Fatalf("%+v, %v", asked, err)
	}
	for _, q := range asked {
		if (q.Answer != nil) != (q.ID == policy.AskFaceDevices) || q.Question.EN == "" || q.Question.ZH == "" {
			t.Errorf("%+v", q)
		}
	}
}

// The violation is in the status with the statute's number, also after a restart and
// after the camera's removal, until it is closed with its proof.
func TestC17ViolationStays(t *testing.T) {
	cfg := settings(t)
	g, client := start(t, gateway.Options{Config: cfg})
	if _, err := client.AddCamera(t.Context(), api.NewCamera{ID: "gate", Name: "gate", URL: nobody, Place: "entrance"}); err != nil {
		t.Fatal(err)
	}
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
	stands(t, client, "s799-8-1", "pass/declared")
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
