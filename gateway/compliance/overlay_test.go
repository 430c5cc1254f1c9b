package compliance

import (
	"bytes"
	"crypto/ed25519"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/policy"
)

// A draft is shown beside the law: it decides nothing, whatever becomes of its clauses.
func TestC21OverlayNeverColours(t *testing.T) {
	s := &site{facts: policy.Facts{Now: now, Site: policy.Site{Jurisdiction: "CN-440305"}}}
	e := New(s.config("cn-shenzhen-draft"))
	r := e.Evaluate()
	if r.Pack != "cn-2025" || len(r.Overlays) != 2 || len(r.Packs) != 3 || r.Packs[0].Kind != policy.Law {
		t.Fatalf("law %s, packs %+v", r.Pack, r.Packs)
	}
	if len(r.Clauses) != len(policy.Load("cn-2025").Clauses) {
		t.Errorf("%d clauses", len(r.Clauses))
	}
	failing := 0
	for _, o := range r.Overlays {
		for _, c := range o.Clauses {
			if slices.Contains(r.Reasons, c.ID) || slices.ContainsFunc(r.Clauses, func(law Clause) bool { return law.ID == c.ID }) {
				t.Errorf("%s of %s counts", c.ID, o.ID)
			}
			if c.Status != policy.Pass && c.Status != policy.Info {
				failing++
			}
			if c.Pack != o.ID || c.Who.ZH == "" || c.Trust == "" || c.Since.IsZero() {
				t.Errorf("%+v", c)
			}
		}
	}
	if failing == 0 {
		t.Error("nothing in the drafts could have counted")
	}
}

// The packs follow the jurisdiction at once, and clauses that left begin anew.
func TestPacksFollowTheSite(t *testing.T) {
	s := &site{facts: policy.Facts{Now: now, Site: policy.Site{Jurisdiction: "CN-44"}}}
	e := New(s.config("cn-2025"))
	first := e.Evaluate()
	move := func(code string, hours time.Duration) Report {
		s.set(func(f *policy.Facts) { f.Site.Jurisdiction, f.Now = code, now.Add(hours*time.Hour) })
		return e.Evaluate()
	}
	r := move("DE", 1)
	if r.Pack != "eu-gdpr" || len(r.Overlays) != 0 || r.Seq <= first.Seq {
		t.Errorf("in Germany: %+v, seq %d", r.Packs, r.Seq)
	}
	if _, kept := s.memory["d3"]; kept {
		t.Error("a clause that left is remembered")
	}
	if c := clause(t, move("CN-44", 2), "m6"); !c.Since.Equal(now.Add(2 * time.Hour)) {
		t.Errorf("since %v", c.Since)
	}
	before := move("CN-440305", 3)
	if r := move("CN-44", 3); r.Seq != before.Seq+1 || len(r.Overlays) != len(before.Overlays)-1 {
		t.Errorf("a draft that left is no change: seq %d after %d", r.Seq, before.Seq)
	}
	if r := move("banana", 3); r.Pack != "cn-2025" || clause(t, r, "m2").Status != policy.Unknown {
		t.Errorf("no code, no mode: %+v", clause(t, r, "m2"))
	}
	s.set(func(f *policy.Facts) { f.Site.Mode = policy.DetectOnly })
	if c := clause(t, e.Evaluate(), "m2"); c.Status != policy.Unknown || c.Action != "jurisdiction" || !strings.Contains(c.Evidence.EN, "banana") {
		t.Errorf("no code: %+v", c)
	}
}

// An inspector who asks which is law finds two sections, and the draft says what it is.
func TestS7ReportHasTwoSections(t *testing.T) {
	s := &site{facts: policy.Facts{Now: now, Site: policy.Site{Jurisdiction: "CN-440305"}}}
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	evidence := Evidence{Gateway: "g", Report: New(s.config("cn-2025")).Preview(), Key: key}
	var b bytes.Buffer
	if err := evidence.html(&b, auditSummary{}, nil); err != nil {
		t.Fatal(err)
	}
	law, draft, ok := strings.Cut(b.String(), `<section class="overlay" id="cn-shenzhen-draft">`)
	if !ok {
		t.Fatal("the draft has no section of its own")
	}
	head, _, _ := strings.Cut(draft, "<table>")
	for _, words := range []string{"draft of 2021", "draft, not law", "2021年", "草案"} {
		if !strings.Contains(head, words) {
			t.Errorf("the heading of the draft does not say %q: %s", words, head)
		}
	}
	if strings.Contains(law, "<td>sz-places") || strings.Contains(law, `<td>m9<td>`) != true || strings.Contains(draft, "<td>m9<td>") {
		t.Error("the sections are mixed")
	}
	for _, words := range []string{"owed by", "if broken", "up to 10,000 yuan", "an official notice or quotation was read"} {
		if !strings.Contains(law, words) {
			t.Errorf("the report does not say %q", words)
		}
	}
}

// S8: at a site in Germany the duties of China's orders are listed, each with the place that
// takes it out; they decide nothing.
func TestS8LawsOfElsewhereDoNotApply(t *testing.T) {
	s := &site{facts: policy.Facts{Now: now, Site: policy.Site{Jurisdiction: "DE", Class: policy.Art9}}}
	e := New(s.config("cn-2025"))
	r := e.Evaluate()
	if r.Pack != "eu-gdpr" || slices.ContainsFunc(r.Packs, func(p PackRef) bool { return p.ID == "cn-2025" }) {
		t.Errorf("%+v", r.Packs)
	}
	seen := map[string]int{}
	for _, c := range r.Clauses {
		seen[c.ID]++
		if absent := c.Pack == "cn-2025"; absent != (c.Status == policy.NotApplicable && strings.Contains(c.Evidence.EN, "DE (Germany)") && c.Next.EN == "" && c.Basis == "") {
			t.Errorf("%s of %s: %s, %s", c.ID, c.Pack, c.Status, c.Evidence.EN)
		}
	}
	for _, id := range []string{"m5", "m15", "s799-8-1", "s799-14", "p55", "gdpr-35"} {
		if seen[id] != 1 {
			t.Errorf("%s is there %d times", id, seen[id])
		}
	}
	for id, n := range seen {
		if n > 1 {
			t.Errorf("%s is there %d times", id, n)
		}
	}
	s.set(func(f *policy.Facts) { f.Site.Jurisdiction = "CN-31" })
	if r := e.Evaluate(); slices.ContainsFunc(r.Clauses, func(c Clause) bool { return c.Pack != "cn-2025" }) || clause(t, r, "m6").Status == policy.NotApplicable {
		t.Error("in China the European law is listed, or its own does not hold")
	}
	for _, code := range []string{"", "banana", "CN-81", "CN"} {
		if len(policy.Absent(code)) != 0 {
			t.Errorf("%q: a law is absent where nobody knows which one holds, or holds itself", code)
		}
	}
}
