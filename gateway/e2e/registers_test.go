package e2e

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/identity"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Names of persons are for managers alone: others, evidence, the audit log and the database have
// none. A correction that leaves one out keeps it.
func TestNamesAreForManagers(t *testing.T) {
	cfg := settings(t)
	g, client := start(t, gateway.Options{Config: cfg})
	today, yes := civil.Of(time.Now()), true
	e := register.Export{Date: today, Requester: register.AskedByPolice, Reason: "theft", Content: "the hall at noon", Unit: "county police", Name: "Wang Fang",
		Second: "Li Na", Approver: "Zhao Lei", LegalBasis: "Article 20", Number: "7"}
	added, err := client.PutRecord(t.Context(), register.KindExport, e)
	if err != nil {
		t.Fatal(err)
	}
	put(t, client, register.KindTraining, register.Training{Date: today, Person: "Sun Li", Post: "guard", Topic: "secrecy", Vetted: &yes, Undertaking: digest})
	names := []string{"Wang Fang", "Li Na", "Zhao Lei", "Sun Li"}
	m := manager(t, g)
	of := func(b *browser) string {
		t.Helper()
		all := ""
		for _, kind := range []string{"export", "training"} {
			raw, err := io.ReadAll(b.send("GET", "/api/v1/records/"+kind, nil).Body)
			if err != nil {
				t.Fatal(err)
			}
			all += string(raw)
		}
		return all
	}
	holds(t, "a manager's list", of(m), names, true)
	seen := of(m.login(g, "auditor", identity.Auditor))
	holds(t, "an auditor's list", seen, append(names, "name:"), false)
	if !strings.Contains(seen, "the hall at noon") {
		t.Errorf("the rest is missing: %s", seen)
	}
	e.Name, e.Second, e.Approver, e.Content = "", "", "", "the hall, 12 to 13"
	if _, err := client.CorrectRecord(t.Context(), register.KindExport, added.ID, e, "the hours"); err != nil {
		t.Fatal(err)
	}
	holds(t, "a manager's list after a correction", of(m), names, true)
	pack := filepath.Join(t.TempDir(), "pack.zip")
	if err := client.Evidence(t.Context(), today, today, pack); err != nil {
		t.Fatal(err)
	}
	holds(t, "the evidence", unpacked(t, pack), names, false)
	g.Close()
	db, err := os.ReadFile(cfg.Store())
	if err != nil {
		t.Fatal(err)
	}
	holds(t, "the database with the audit log", string(db), names, false)
}

func holds(t *testing.T, what, text string, names []string, want bool) {
	t.Helper()
	for _, name := range names {
		if strings.Contains(text, name) != want {
			t.Errorf("%s: holds %q is not %v", what, name, want)
		}
	}
}

// unpacked is all that stands in a pack.
func unpacked(t *testing.T, path string) string {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	var all bytes.Buffer
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&all, r); err != nil {
			t.Fatal(err)
		}
		r.Close()
	}
	return all.String()
}

// S13: a camera that was in use is removed without an approval: the clause fails, also after a
// restart and after the camera came back, until an approval of that day is on record.
func TestS13RemovedForPainting(t *testing.T) {
	cfg := settings(t)
	g, client := start(t, gateway.Options{Config: cfg})
	today, yes := civil.Of(time.Now()), true
	if err := client.SetSite(t.Context(), policy.Site{Kind: "trade-centre", Mode: policy.DetectOnly, Jurisdiction: "CN-44"}); err != nil {
		t.Fatal(err)
	}
	lift := func() {
		t.Helper()
		for _, id := range []media.CameraID{"lift", "hall"} {
			if _, err := client.AddCamera(t.Context(), api.NewCamera{ID: string(id), Name: string(id), URL: nobody, Replace: id == "hall"}); err != nil {
				t.Fatal(err)
			}
			if err := client.SetFacts(t.Context(), id, policy.Camera{Place: "lift", Purpose: register.PublicSafety, Necessity: "theft", Commissioned: today}); err != nil {
				t.Fatal(err)
			}
		}
	}
	lift()
	both := []media.CameraID{"lift", "hall"}
	put(t, client, register.KindRecorder, register.Recorder{Date: today, Name: "nvr", Cameras: both, Keeps: "originals", Where: "cellar"})
	put(t, client, register.KindFiling, register.Filing{Of: register.FilingSystem, Date: today, Receipt: "77", Authority: "county police", Cameras: both})
	put(t, client, register.KindContract, register.Contract{Party: "Guards", Purpose: "p", From: today, Manner: "m", Data: "d", Measures: "m", Deletion: "d", Document: digest, Operates: &yes, Secrecy: &yes})
	stands(t, client, "s23", "pass/recorded")
	stands(t, client, "s799-14", "pass/recorded")
	if err := client.RemoveCamera(t.Context(), "lift"); err != nil {
		t.Fatal(err)
	}
	expect(t, client, "s23", policy.Fail)
	expect(t, client, "s799-14", policy.Warn)
	g.Close()
	_, client = start(t, gateway.Options{Config: cfg})
	expect(t, client, "s23", policy.Fail)
	lift()
	expect(t, client, "s23", policy.Fail)
	stands(t, client, "s799-14", "pass/recorded")
	put(t, client, register.KindApproval, register.Approval{Of: register.Removal, Date: today, Cameras: []media.CameraID{"lift"}, Authority: "county police", Number: "9", From: today, Document: digest})
	stands(t, client, "s23", "pass/recorded")
}

// S9: a store of version 0.1.0 loses nothing; what that version did not ask for is to be
// confirmed, its clauses are no pass, and one list says all of it.
func TestS09Migration(t *testing.T) {
	cfg := settings(t)
	packed, err := filepath.Abs(filepath.Join("..", "..", "config", "store", "testdata", "0.1.0.tar.gz"))
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), "tar", "-xzf", packed, "-C", cfg.Data).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	_, client := start(t, gateway.Options{Config: cfg})
	confirm := map[register.Kind]int{}
	for _, kind := range []register.Kind{register.KindSign, register.KindAssessment, register.KindFiling, register.KindDeviceTest, register.KindComplaint, register.KindExport, register.KindRetention, register.KindInspection} {
		all, err := client.Records(t.Context(), kind)
		if err != nil || len(all) == 0 {
			t.Errorf("%s: %d records, %v", kind, len(all), err)
		}
		for _, r := range all {
			if r.Unreadable || r.Number != 1 || len(r.Body) == 0 {
				t.Errorf("%s: %+v", kind, r)
			}
			if r.Confirm.EN != "" {
				confirm[kind]++
			}
		}
	}
	for _, kind := range []register.Kind{register.KindSign, register.KindExport} {
		if confirm[kind] == 0 {
			t.Errorf("nothing is to be confirmed of %s", kind)
		}
	}
	open, err := client.Opens(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	listed, clauses := map[register.Kind]int{}, map[string]bool{}
	for _, one := range open {
		if one.Why.EN == "" || one.Why.ZH == "" || one.Next.EN == "" || one.Action == "" {
			t.Errorf("%+v says too little", one)
		}
		if one.Kind != "" {
			listed[one.Kind]++
		}
		clauses[one.Clause] = true
	}
	for kind, n := range confirm {
		if listed[kind] != n {
			t.Errorf("of %s %d records are to be confirmed, the list has %d", kind, n, listed[kind])
		}
	}
	report, err := client.Compliance(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range report.Clauses {
		if (c.Status == policy.Unknown) && !clauses[c.ID] {
			t.Errorf("%s is unknown and not on the list", c.ID)
		}
	}
	for _, id := range []string{"p21", "s799-14", "s799-17", "p51"} {
		if c := clauseOf(t, client, id); c.Status == policy.Pass {
			t.Errorf("%s passes by records that say less than is asked for: %s", id, c.Evidence.EN)
		}
	}
}
