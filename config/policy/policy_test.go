package policy

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// today is a Thursday.
var today = time.Date(2026, 10, 15, 12, 0, 0, 0, time.UTC)

var digest = strings.Repeat("ab", 32)

// good are the facts of a site at which nothing is wanting.
func good() *Facts {
	cam := CameraFacts{ID: "gate", Created: "2026-01-10", Capture: true, Camera: Camera{
		Place: "entrance", Purpose: PublicSafety, Necessity: "the gate cannot be seen otherwise", Model: "M", Firmware: "F", Certificate: "C",
		AccessControl: true, Alternative: "card", Commissioned: "2026-01-10",
	}}
	f := &Facts{Now: today, Cameras: []CameraFacts{cam},
		Site: Site{Class: Art7, Mode: DetectOnly, Jurisdiction: "CN-44", Contact: "110", Grading: "L3-77", NearSecret: true, NearSecretConsent: "doc 5"}}
	f.Records = Records{
		Signs:       []Sign{{Place: "gate", Date: "2026-09-01", Photo: digest, Layer: 1, Link: "https://example.org"}},
		Filings:     []Filing{{Of: FilingSystem, Date: "2026-01-20", Receipt: "7", Cameras: []media.CameraID{"gate"}}},
		DeviceTests: []DeviceTest{{Camera: "gate", Date: "2026-02-01", Passed: true}},
		Inspections: []Inspection{{Date: "2026-09-20", Found: "nothing"}},
		Exports:     []Export{{Date: "2026-03-01", Reason: "r", Content: "c", Unit: "u", Name: "n", Purpose: PublicSafety, Public: true, Masked: true}},
		Retentions:  []Retention{{Date: "2026-01-10", Hours: 720, Reason: "the law"}},
	}
	assess(f)
	return f
}

func assess(f *Facts) {
	f.Records.Assessments = []Assessment{{Date: "2026-01-05", Review: "2027-01-05", Config: ConfigHash(f.Site, f.Cameras)}}
}

// change is one way to spoil the good facts and what comes of it.
type change struct {
	want Status
	do   func(*Facts)
}

// changes lists for each check everything that it can find besides a pass.
var changes = map[string][]change{
	"scope":      {{Warn, func(f *Facts) { f.Site.Mode = "" }}, {Warn, func(f *Facts) { f.Site.Jurisdiction = "" }}},
	"site_class": {{Warn, func(f *Facts) { f.Site.Class = "" }}},
	"purpose":    {{Fail, func(f *Facts) { f.Cameras[0].Purpose = "" }}},
	"necessity": {{Fail, func(f *Facts) { f.Site.Mode, f.Cameras[0].Necessity = Matching, " " }}, {Fail, func(f *Facts) { f.Gateway.FaceMatching, f.Cameras[0].Necessity = true, "" }},
		{Pass, func(f *Facts) { f.Site.Mode = Matching }}},
	"consent": {{Fail, func(f *Facts) { f.Consent.ShownWithoutToken = 1 }}, {Fail, func(f *Facts) { f.Consent.RevokedFor = 1100 * time.Millisecond }},
		{Warn, func(f *Facts) { f.Consent.Expiring = 1 }}, {Pass, func(f *Facts) { f.Consent.RevokedFor = 900 * time.Millisecond }}},
	"prohibited_place": {{Warn, func(f *Facts) { f.Cameras[0].Place = "" }}, {Fail, func(f *Facts) { f.Cameras[0].Place = PublicToilet }}, {Fail, func(f *Facts) { f.Cameras[0].Place = MedicalRoom }}},
	"sign": {
		{Fail, func(f *Facts) { f.Records.Signs = nil }}, {Fail, func(f *Facts) { f.Records.Signs[0].Camera = "other" }}, {Fail, func(f *Facts) { f.Records.Signs[0].Layer = 2 }},
		{Fail, func(f *Facts) { f.Records.Exports[0].Purpose = "traffic" }}, {Fail, func(f *Facts) { f.Cameras[0].Purpose = "traffic" }},
		{Warn, func(f *Facts) { f.Records.Signs[0].Date = "2025-10-14" }}, {Pass, func(f *Facts) { f.Records.Signs[0].Date = "2025-10-15" }},
		{Pass, func(f *Facts) {
			f.Records.Signs[0].Date = "2024-01-01"
			f.Records.Signs = append(f.Records.Signs, Sign{Place: "gate", Date: "2026-10-01", Layer: 1})
		}},
		{Pass, func(f *Facts) { f.Site.Class, f.Records.Signs = NonPublic, nil }}},
	"internal": {
		{Fail, func(f *Facts) { f.Site.Class, f.Cameras[0].Capture = NonPublic, false }}, {Fail, func(f *Facts) { f.Site.Class, f.Gateway.AnonymousViewing = NonPublic, true }},
		{Warn, func(f *Facts) { f.Site.Class, f.Gateway.SharedAccount = NonPublic, true }}, {Pass, func(f *Facts) { f.Site.Class = NonPublic }}},
	"individual":  {{Warn, func(f *Facts) { f.Consent.Bulk = 20 }}},
	"search":      {{Fail, func(f *Facts) { f.Gateway.OpenSearch = true }}},
	"attributes":  {{Fail, func(f *Facts) { f.Gateway.AttributeModels = []string{"emotion"} }}},
	"minors":      {{Fail, func(f *Facts) { f.Consent.Minors = 1 }}, {Warn, func(f *Facts) { f.Consent.AgeUnknown = 1 }}},
	"alternative": {{Fail, func(f *Facts) { f.Cameras[0].Alternative = "" }}, {Pass, func(f *Facts) { f.Cameras[0].Alternative, f.Cameras[0].AccessControl = "", false }}},
	"assessment": {
		{Fail, func(f *Facts) { f.Records.Assessments = nil }}, {Fail, func(f *Facts) { f.Site.Mode = Matching }}, {Fail, func(f *Facts) { f.Cameras[0].Purpose = "traffic" }},
		{Fail, func(f *Facts) { f.Cameras = append(f.Cameras, CameraFacts{ID: "new"}) }}, {Warn, func(f *Facts) { f.Records.Assessments[0].Review = "2026-10-15" }}},
	"enrolment_filing": {
		{Warn, func(f *Facts) { f.Consent.People = 80000 }}, {Warn, func(f *Facts) { f.Consent.People, f.Consent.Reached = 100000, "2026-10-01" }},
		{Unknown, func(f *Facts) { f.Consent.People = 100000 }}, {Fail, func(f *Facts) { f.Consent.People, f.Consent.Reached = 100000, "2026-09-02" }},
		{Warn, func(f *Facts) { f.Consent.People, f.Consent.Reached = 100000, "2026-09-03" }},
		{Pass, func(f *Facts) {
			f.Consent.People, f.Consent.Reached = 100000, "2026-01-01"
			f.Records.Filings = append(f.Records.Filings, Filing{Of: FilingEnrolment, Receipt: "9"})
		}}},
	"system_filing": {
		{Fail, func(f *Facts) { f.Records.Filings = nil }}, {Fail, func(f *Facts) { f.Records.Filings[0].Receipt = "" }},
		{Fail, func(f *Facts) { f.Records.Filings, f.Cameras[0].Commissioned = nil, "2026-09-14" }}, {Pass, func(f *Facts) { f.Records.Filings, f.Cameras[0].Commissioned = nil, "2026-09-15" }},
		{Unknown, func(f *Facts) { f.Cameras[0].Commissioned = "" }},
		{Warn, func(f *Facts) {
			f.Cameras = append(f.Cameras, CameraFacts{ID: "new", Camera: Camera{Commissioned: "2026-10-01"}})
		}},
		{Warn, func(f *Facts) { f.Records.Filings[0].Cameras = []media.CameraID{"gate", "gone"} }}, {Pass, func(f *Facts) { f.Site.Class, f.Records.Filings = Art9, nil }}},
	"fail_closed": {{Fail, func(f *Facts) { f.Gateway.Persisted = true }}, {Fail, func(f *Facts) { f.Cameras[0].Unvouched = true }}},
	"device_test": {{Warn, func(f *Facts) { f.Records.DeviceTests = nil }}, {Warn, func(f *Facts) { f.Records.DeviceTests[0].Passed = false }},
		{Warn, func(f *Facts) { f.Records.DeviceTests[0].Date = "2025-10-14" }}, {Pass, func(f *Facts) { f.Records.DeviceTests[0].Date = "2025-10-15" }}},
	"equipment":        {{Warn, func(f *Facts) { f.Cameras[0].Certificate = "" }}},
	"evidence":         {{Warn, func(f *Facts) { f.Gateway.EvidenceFails = "disk full" }}},
	"contact":          {{Warn, func(f *Facts) { f.Site.Contact = "" }}},
	"inspection":       {{Warn, func(f *Facts) { f.Records.Inspections = nil }}, {Warn, func(f *Facts) { f.Records.Inspections[0].Date = "2026-07-16" }}, {Pass, func(f *Facts) { f.Records.Inspections[0].Date = "2026-07-17" }}},
	"secret_neighbour": {{Fail, func(f *Facts) { f.Site.NearSecretConsent = "" }}, {Pass, func(f *Facts) { f.Site.NearSecret, f.Site.NearSecretConsent = false, "" }}},
	"area_and_sign": {{Fail, func(f *Facts) { f.Cameras[0].Capture = false }}, {Fail, func(f *Facts) { f.Records.Signs = nil }},
		{Pass, func(f *Facts) { f.Site.Class, f.Records.Signs = NonPublic, nil }}},
	"access_and_exports": {{Fail, func(f *Facts) { f.Gateway.AnonymousViewing = true }}, {Fail, func(f *Facts) { f.Records.Exports[0].Unit = "" }}},
	"retention_days": {{Fail, func(f *Facts) { f.Records.Retentions[0].Hours = 719 }}, {Unknown, func(f *Facts) { f.Records.Retentions = nil }},
		{Warn, func(f *Facts) { f.Records.Retentions[0] = Retention{Hours: 721} }}, {Pass, func(f *Facts) { f.Records.Retentions[0].Hours = 900 }},
		{Fail, func(f *Facts) {
			f.Records.Retentions = append(f.Records.Retentions, Retention{Camera: "gate", Hours: 24})
		}},
		{Pass, func(f *Facts) { f.Site.Class, f.Records.Retentions = NonPublic, nil }}},
	"retention_hours": {{Unknown, func(f *Facts) { f.Records.Retentions = nil }}, {Warn, func(f *Facts) { f.Records.Retentions[0] = Retention{Hours: 73} }}, {Pass, func(f *Facts) { f.Records.Retentions[0] = Retention{Hours: 72} }}},
	"public_release":  {{Fail, func(f *Facts) { f.Records.Exports[0].Masked = false }}},
	"minimise":        {{Fail, func(f *Facts) { f.Cameras[0].Extras = []string{"audio"} }}, {Warn, func(f *Facts) { f.Cameras[0].Capture = false }}, {Pass, func(f *Facts) { f.Cameras[0].Extras, f.Cameras[0].ExtrasReason = []string{"ptz"}, "wide yard" }}},
	"irreversible":    {{Fail, func(f *Facts) { f.Gateway.ReversibleMask = true }}},
	"layered_signs":   {{Fail, func(f *Facts) { f.Records.Signs = nil }}, {Warn, func(f *Facts) { f.Records.Signs[0].Link = "" }}},
	"badge_first":     {{Warn, func(f *Facts) { f.Gateway.FaceMatching = true }}},
	// What faceData looks at depends on its params; see faceChanges.
	"face_data": nil,
	"info":      nil,
}

// faceChanges are those of face_data by the param that wants them.
var faceChanges = map[string][]change{
	"data":     {{Fail, func(f *Facts) { f.Gateway.FaceDataLeaves = true }}, {Fail, func(f *Facts) { f.Gateway.LifetimeExceeded = true }}},
	"controls": {{Fail, func(f *Facts) { f.Gateway.ControlsOff = []string{"encryption"} }}},
	"grading":  {{Warn, func(f *Facts) { f.Site.Grading = "" }}},
}

func (c Clause) changes() []change {
	if c.Check != "face_data" {
		if c.Params["people"] == 10000 { // the draft's threshold is a tenth of the final one's
			var out []change
			for _, ch := range changes[c.Check] {
				out = append(out, change{ch.want, func(f *Facts) { ch.do(f); f.Consent.People /= 10 }})
			}
			return out
		}
		return changes[c.Check]
	}
	var all []change
	for param, list := range faceChanges {
		for _, ch := range list {
			if c.Params[param] == 0 {
				ch.want = Pass
			}
			all = append(all, ch)
		}
	}
	return all
}

// Every clause of every pack goes through each state that it can have.
func TestEveryClauseOfEveryPack(t *testing.T) {
	for _, id := range config.Packs {
		for _, c := range Load(id).Clauses {
			want := Pass
			if c.Check == "info" {
				want = Info
			}
			check(t, id, c, want, good())
			list := c.changes()
			if len(list) == 0 && c.Check != "info" {
				t.Errorf("%s/%s: nothing is tested of check %s", id, c.ID, c.Check)
			}
			for _, ch := range list {
				f := good()
				ch.do(f)
				check(t, id, c, ch.want, f)
			}
		}
	}
}

func check(t *testing.T, pack string, c Clause, want Status, f *Facts) {
	t.Helper()
	got := c.Run(f)
	if got.Status != want {
		t.Errorf("%s/%s (%s): %s, want %s: %s", pack, c.ID, c.Check, got.Status, want, got.Evidence.In(text.EN))
	}
	for _, lang := range text.Langs {
		if said := got.Evidence.In(lang); want != Info && (said == "" || strings.Contains(said, "%!")) {
			t.Errorf("%s/%s: evidence %q", pack, c.ID, said)
		}
		if said := got.Next.In(lang); (said == "") != (want == Pass || want == Info) || strings.Contains(said, "%!") {
			t.Errorf("%s/%s: next step %q of a %s", pack, c.ID, said, want)
		}
	}
}

// Each check is used by a pack and tested above: the table is as long as the code.
func TestChecksAndTableAgree(t *testing.T) {
	used := map[string]bool{}
	for _, id := range config.Packs {
		for _, c := range Load(id).Clauses {
			used[c.Check] = true
		}
	}
	names := slices.Sorted(maps.Keys(checks))
	if got := slices.Sorted(maps.Keys(used)); !slices.Equal(got, names) {
		t.Errorf("packs use %v, the checks are %v", got, names)
	}
	if got := slices.Sorted(maps.Keys(changes)); !slices.Equal(got, names) {
		t.Errorf("tested are %v, the checks are %v", got, names)
	}
}

func TestPacks(t *testing.T) {
	clauses := map[string]int{"cn-2025": 34, "cn-2023-draft": 25, "cn-shenzhen-draft": 6, "eu-gdpr": 8}
	common := simplifiedchinese.HZGB2312.NewEncoder()
	for _, id := range config.Packs {
		p := Load(id)
		if p == nil || len(p.Clauses) != clauses[id] {
			t.Errorf("%s: %v", id, p)
			continue
		}
		if p.Prohibition().Check != "prohibited_place" {
			t.Errorf("%s has no clause on prohibited places", id)
		}
		for _, c := range p.Clauses {
			for _, lang := range text.Langs {
				if p.Cite(c, lang) == "" || c.Duty.In(lang) == "" {
					t.Errorf("%s/%s: no text", id, c.ID)
				}
			}
			for _, r := range p.Cite(c, text.EN) + c.Duty.EN {
				if r > unicode.MaxASCII {
					t.Errorf("%s/%s: %q in the English text", id, c.ID, r)
				}
			}
			if _, err := common.String(strings.Map(onlyHan, p.Cite(c, text.ZhCN)+c.Duty.ZH)); err != nil {
				t.Errorf("%s/%s: %v", id, c.ID, err)
			}
			if strings.Contains(c.Article.EN, "?") && c.ID != "m-voluntary" && c.ID != "m-supervision" && c.Source == Official && c.Check != "info" {
				t.Errorf("%s/%s: official without a number", id, c.ID)
			}
		}
	}
	if c := Load("cn-2025").Prohibition(); !strings.Contains(Load("cn-2025").Cite(c, text.EN), "Article") {
		t.Errorf("the prohibition is cited as %q", Load("cn-2025").Cite(c, text.EN))
	}
	if Load("nonsense") != nil {
		t.Error("an unknown pack loaded")
	}
}

func onlyHan(r rune) rune {
	if unicode.Is(unicode.Han, r) {
		return r
	}
	return -1
}

// A pack with an unknown check, a double clause or an unknown key never gets
// into a program that starts.
func TestBadPacks(t *testing.T) {
	const head = "pack: x\nversion: \"1\"\ninstruments: [{id: m, name: {en: a, zh: b}}]\nclauses:\n"
	clause := func(id, instrument, check, source string) string {
		return fmt.Sprintf("  - {id: %s, instrument: %s, article: {en: a, zh: b}, duty: {en: a, zh: b}, check: %s, source: %s}\n", id, instrument, check, source)
	}
	if _, err := parse("x", []byte(head+clause("a", "m", "purpose", "official"))); err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string]string{
		"check":      head + clause("a", "m", "purpoze", "official"),
		"instrument": head + clause("a", "n", "purpose", "official"),
		"source":     head + clause("a", "m", "purpose", "hearsay"),
		"id":         head + clause("A.1", "m", "purpose", "official"),
		"twice":      head + clause("a", "m", "purpose", "official") + clause("a", "m", "info", "official"),
		"none":       head,
		"key":        head + clause("a", "m", "purpose", "official") + "more: 1\n",
		"text":       head + "  - {id: a, instrument: m, article: {en: a, zh: b}, duty: {en: a}, check: info, source: official}\n",
		"YAML":       head + "  - [\n",
	} {
		if _, err := parse("x", []byte(bad)); err == nil {
			t.Errorf("%s: it loaded", name)
		}
	}
	if _, err := parse("y", []byte(head+clause("a", "m", "purpose", "official"))); err == nil {
		t.Error("a pack of another name loaded")
	}
}

func TestWorkingDays(t *testing.T) {
	// 2026-10-15 is a Thursday.
	for _, c := range []struct {
		from Date
		n    int
		want Date
	}{{"2026-10-15", 1, "2026-10-16"}, {"2026-10-16", 1, "2026-10-19"}, {"2026-10-17", 1, "2026-10-19"}, {"2026-10-15", 30, "2026-11-26"}, {"2026-10-15", 0, "2026-10-15"}} {
		if got := c.from.WorkingDaysAfter(c.n); got != c.want {
			t.Errorf("%d working days after %s: %s, want %s", c.n, c.from, got, c.want)
		}
		if got := c.want.WorkingDaysUntil(c.from.Time()); got != c.n {
			t.Errorf("from %s to %s: %d working days, want %d", c.from, c.want, got, c.n)
		}
	}
	if got := Date("2026-10-01").WorkingDaysUntil(today); got != 0 {
		t.Errorf("a day that is over: %d", got)
	}
}

func TestRecordsCheck(t *testing.T) {
	items := map[string]string{}
	for _, i := range AssessmentItems {
		items[i] = "fine"
	}
	fine := map[Kind]Record{
		KindSign:       Sign{Place: "gate", Date: "2026-01-01", Photo: digest, Layer: 1},
		KindAssessment: Assessment{Date: "2026-01-01", Review: "2027-01-01", File: digest, Config: digest, Items: items},
		KindFiling:     Filing{Of: FilingSystem, Date: "2026-01-01"},
		KindDeviceTest: DeviceTest{Camera: "gate", Date: "2026-01-01"},
		KindComplaint:  Complaint{Date: "2026-01-01", Content: "c"},
		KindExport:     Export{Date: "2026-01-01", Reason: "r", Content: "c", Unit: "u", Name: "n", Purpose: PublicSafety},
		KindRetention:  Retention{Date: "2026-01-01", Hours: 720},
		KindInspection: Inspection{Date: "2026-01-01", Found: "nothing"},
	}
	var all Records
	for _, k := range RecordKinds {
		if err := fine[k].Check(); err != nil {
			t.Errorf("%s: %v", k, err)
		}
		b, err := json.Marshal(fine[k])
		if err := errors.Join(err, all.Add(k, b)); err != nil {
			t.Errorf("%s: %v", k, err)
		}
		// Each field that is filled in above is wanted: without it, or with
		// nonsense in it, the record is refused.
		var fields map[string]any
		if err := json.Unmarshal(b, &fields); err != nil {
			t.Fatal(err)
		}
		for name, value := range fields {
			if _, isBool := value.(bool); isBool {
				continue
			}
			delete(fields, name)
			b, _ := json.Marshal(fields)
			rec := NewRecord(k)
			if err := json.Unmarshal(b, rec); err != nil {
				t.Fatal(err)
			}
			if err := rec.Check(); !errors.Is(err, ErrInvalid) {
				t.Errorf("%s without %s: %v", k, name, err)
			}
			fields[name] = value
		}
	}
	if len(all.Signs)+len(all.Assessments)+len(all.Filings)+len(all.DeviceTests)+len(all.Complaints)+len(all.Exports)+len(all.Retentions)+len(all.Inspections) != 8 {
		t.Errorf("%+v", all)
	}
	if NewRecord("x") != nil || all.Add("x", nil) == nil || all.Add(KindSign, []byte("{")) == nil {
		t.Error("an unknown kind or nonsense was taken")
	}
	if err := (Filing{Of: "other", Date: "2026-01-01"}).Check(); !errors.Is(err, ErrInvalid) {
		t.Error(err)
	}
}

func TestStatementsCheck(t *testing.T) {
	for name, test := range map[string]struct {
		err  error
		good bool
	}{
		"empty site":   {Site{}.Check(), true},
		"class":        {Site{Class: "art8"}.Check(), false},
		"mode":         {Site{Mode: "all"}.Check(), false},
		"line break":   {Site{Contact: "a\nb"}.Check(), false},
		"empty camera": {Camera{}.Check(), true},
		"place":        {Camera{Place: "moon"}.Check(), false},
		"toilet":       {Camera{Place: PublicToilet}.Check(), true}, // known, and refused elsewhere
		"purpose":      {Camera{Purpose: "marketing"}.Check(), false},
		"date":         {Camera{Commissioned: "1.1.2026"}.Check(), false},
		"extra":        {Camera{Extras: []string{"audio", "xray"}}.Check(), false},
		"long":         {Camera{Necessity: strings.Repeat("x", maxLine+1)}.Check(), false},
	} {
		if (test.err == nil) != test.good || test.err != nil && !errors.Is(test.err, ErrInvalid) {
			t.Errorf("%s: %v", name, test.err)
		}
	}
	for _, p := range append(slices.Clone(Prohibited), Ordinary...) {
		if !text.Has(p.Word()) || p.Prohibited() != slices.Contains(Prohibited, p) {
			t.Errorf("place %s", p)
		}
	}
}

// FuzzPack: whatever a pack holds, reading it ends in an error or a pack whose
// clauses can all be evaluated.
func FuzzPack(f *testing.F) {
	b, err := files.ReadFile("packs/eu-gdpr.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := parse("eu-gdpr", b)
		if err != nil {
			return
		}
		for _, c := range p.Clauses {
			if got := c.Run(good()); got.Status == "" {
				t.Errorf("clause %s has no status", c.ID)
			}
		}
	})
}
