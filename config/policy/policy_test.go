package policy

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/field"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// today is a Thursday.
var today = time.Date(2026, 10, 15, 12, 0, 0, 0, time.UTC)

var digest = strings.Repeat("ab", 32)

// good are the facts of a site at which nothing is wanting.
func good() *Facts {
	cam := CameraFacts{ID: "gate", Created: "2026-01-10", Capture: true, Camera: Camera{
		Place: "entrance", Purpose: register.PublicSafety, Necessity: "the gate cannot be seen otherwise", Model: "M", Firmware: "F", Certificate: "C",
		AccessControl: true, Alternative: "card", Commissioned: "2026-01-10",
	}}
	f := &Facts{Now: today, Calendar: civil.China(), Cameras: []CameraFacts{cam},
		Site: Site{Class: Art7, Mode: Matching, Jurisdiction: "CN-44", Contact: "110", Answers: map[Question]Answer{}}}
	for _, q := range Questions {
		f.Site.Answers[q] = Answer{Says: No, By: "wang", Date: "2026-10-01"}
	}
	answer(f, AskPrivateRooms, Yes)
	answer(f, AskOriginals, Yes)
	f.Site.Answers[AskFaceDevices] = Answer{Says: No, Count: 10, By: "wang", Date: "2026-10-01"} // the tokens' own faces
	f.Gateway.EvidenceMade = "2026-10-01"
	f.Consent.People = 3
	f.Records = register.Records{
		Signs:       []register.Sign{{Place: "gate", Camera: "gate", Date: "2026-09-01", Photo: digest, Layer: 1, Link: "https://example.org"}},
		Filings:     []register.Filing{{Of: register.FilingSystem, Date: "2026-01-20", Receipt: "7", Cameras: []media.CameraID{"gate"}}},
		DeviceTests: []register.DeviceTest{{Camera: "gate", Date: "2026-02-01", Passed: true}},
		Inspections: []register.Inspection{{Date: "2026-09-20", Found: "nothing", Cameras: new(int)}},
		Exports:     []register.Export{{Date: "2026-03-01", Reason: "r", Content: "c", Unit: "u", Name: "n", Purpose: register.PublicSafety, Public: true, Masked: true, Report: digest}},
		Retentions:  []register.Retention{{Camera: "gate", Date: "2026-01-10", Hours: 720, Reason: "the law"}},
	}
	assess(f)
	return f
}

func assess(f *Facts) {
	f.Records.Assessments = []register.Assessment{{Date: "2026-01-05", Review: "2027-01-05", Config: ConfigHash(f.Site, f.Cameras)}}
}

// answer changes one answer.
func answer(f *Facts, q Question, says string) {
	a := f.Site.Answers[q]
	a.Says = says
	f.Site.Answers[q] = a
}

func unanswered(q Question) func(*Facts) { return func(f *Facts) { delete(f.Site.Answers, q) } }

// enrolled has so many faces stored since a day.
func enrolled(f *Facts, people int, since civil.Date) {
	f.Site.Answers[AskFaceDevices] = Answer{Says: Yes, Count: people, Day: since}
}

// change is one way to spoil the good facts and what comes of it.
type change struct {
	want Status
	do   func(*Facts)
}

// changes lists for each check everything that it can find besides what it finds of the good facts.
var changes = map[string][]change{
	"scope": {{Unknown, func(f *Facts) { f.Site.Mode = "" }}, {Unknown, func(f *Facts) { f.Site.Jurisdiction = "" }},
		{Unknown, func(f *Facts) { f.Site.Jurisdiction = "banana" }}, {Unknown, func(f *Facts) { f.Site.Jurisdiction = "CN-81" }}},
	"entitled": {{Unknown, func(f *Facts) { f.Site.Class = "" }}, {Fail, func(f *Facts) { f.Cameras[0].Purpose = "traffic" }}, {Fail, func(f *Facts) { f.Cameras[0].Necessity = " ... " }}},
	"purpose":  {{Fail, func(f *Facts) { f.Cameras[0].Purpose = "" }}},
	"necessity": {{Fail, func(f *Facts) { f.Cameras[0].Necessity = "..." }}, {Fail, func(f *Facts) { f.Cameras[0].Necessity = "" }},
		{Pass, func(f *Facts) { f.Cameras[0].Necessity = "\u95e8" }}},
	"consent": {{Fail, func(f *Facts) { f.Consent.ShownWithoutToken = 1 }}, {Fail, func(f *Facts) { f.Consent.RevokedFor = 1100 * time.Millisecond }},
		{Warn, func(f *Facts) { f.Consent.Expiring = 1 }}, {Pass, func(f *Facts) { f.Consent.RevokedFor = 900 * time.Millisecond }}},
	"prohibited_place": {{Unknown, func(f *Facts) { f.Cameras[0].Place = "" }}, {Fail, func(f *Facts) { f.Cameras[0].Place = PublicToilet }}, {Fail, func(f *Facts) { f.Cameras[0].Place = MedicalRoom }}},
	"sign": {
		{Fail, func(f *Facts) { f.Records.Signs = nil }}, {Fail, func(f *Facts) { f.Records.Signs[0].Camera = "other" }}, {Fail, func(f *Facts) { f.Records.Signs[0].Camera = "" }},
		{Fail, func(f *Facts) { f.Records.Signs[0].Layer = 2 }},
		{Fail, func(f *Facts) { f.Records.Exports[0].Purpose = "traffic" }}, {Fail, func(f *Facts) { f.Cameras[0].Purpose = "traffic" }},
		{Warn, func(f *Facts) { f.Records.Signs[0].Date = "2025-10-14" }}, {Pass, func(f *Facts) { f.Records.Signs[0].Date = "2025-10-15" }},
		{Pass, func(f *Facts) {
			f.Records.Signs[0].Date = "2024-01-01"
			f.Records.Signs = append(f.Records.Signs, register.Sign{Place: "gate", Camera: "gate", Date: "2026-10-01", Layer: 1})
		}}},
	"internal": {
		{Fail, func(f *Facts) { f.Cameras[0].Capture = false }}, {Fail, func(f *Facts) { f.Gateway.AnonymousViewing = true }},
		{Warn, func(f *Facts) { f.Gateway.SharedAccount = true }}},
	"incident":    {{Fail, func(f *Facts) { answer(f, AskIncident, Yes) }}, {Unknown, unanswered(AskIncident)}},
	"originals":   {{Fail, func(f *Facts) { answer(f, AskOriginals, No) }}, {Unknown, unanswered(AskOriginals)}},
	"individual":  {{Warn, func(f *Facts) { f.Consent.Bulk = 20 }}},
	"search":      {{Fail, func(f *Facts) { f.Gateway.OpenSearch = true }}},
	"attributes":  {{Fail, func(f *Facts) { f.Gateway.AttributeModels = []string{"emotion"} }}},
	"minors":      {{Fail, func(f *Facts) { f.Consent.Minors = 1 }}, {Unknown, func(f *Facts) { f.Consent.AgeUnknown = 1 }}},
	"alternative": {{Fail, func(f *Facts) { f.Cameras[0].Alternative = "" }}, {Unknown, func(f *Facts) { f.Cameras[0].AccessControl = false }}},
	"assessment": {
		{Fail, func(f *Facts) { f.Records.Assessments = nil }}, {Fail, func(f *Facts) { f.Site.Class = Art9 }}, {Fail, func(f *Facts) { f.Cameras[0].Purpose = "traffic" }},
		{Fail, func(f *Facts) { f.Cameras = append(f.Cameras, CameraFacts{ID: "new"}) }}, {Warn, func(f *Facts) { f.Records.Assessments[0].Review = "2026-10-15" }},
		{Fail, func(f *Facts) { f.Records.Assessments[0].Date = "2026-01-11" }}, {Pass, func(f *Facts) { f.Records.Assessments[0].Date = "2026-01-10" }},
		{Unknown, func(f *Facts) { f.Cameras[0].Commissioned = "" }},
		{Warn, func(f *Facts) {
			f.Records.Assessments[0].Date, f.Records.Assessments[0].Review = "2025-10-10", "2099-01-01"
		}},
		{Warn, func(f *Facts) { // entered first, made last
			f.Records.Assessments = append(f.Records.Assessments, f.Records.Assessments[0])
			f.Records.Assessments[0].Date, f.Records.Assessments[0].Review = "2026-01-06", "2026-10-01"
		}}},
	"enrolment_filing": {
		{Warn, func(f *Facts) { enrolled(f, 80000, "") }}, {Warn, func(f *Facts) { enrolled(f, 100000, "2026-10-01") }}, {Unknown, func(f *Facts) { enrolled(f, 0, "") }},
		{Unknown, func(f *Facts) { enrolled(f, 100000, "") }}, {Fail, func(f *Facts) { enrolled(f, 100000, "2026-08-27") }}, {Warn, func(f *Facts) { enrolled(f, 100000, "2026-08-28") }},
		{Unknown, func(f *Facts) {
			enrolled(f, 100000, "2026-10-01")
			f.Calendar = civil.Calendar{}
		}},
		{Pass, func(f *Facts) {
			enrolled(f, 100000, "2026-01-01")
			f.Records.Filings = append(f.Records.Filings, register.Filing{Of: register.FilingEnrolment, Receipt: "9", Date: "2026-01-01"})
		}},
		{Fail, func(f *Facts) {
			enrolled(f, 100000, "2026-01-01")
			f.Records.Filings = append(f.Records.Filings, register.Filing{Of: register.FilingEnrolment, Receipt: "9", Date: "2025-12-31"})
		}}},
	"system_filing": {
		{Fail, func(f *Facts) { f.Records.Filings = nil }}, {Fail, func(f *Facts) { f.Records.Filings[0].Receipt = "" }},
		{Fail, func(f *Facts) { f.Records.Filings, f.Cameras[0].Commissioned = nil, "2026-09-14" }}, {Warn, func(f *Facts) { f.Records.Filings, f.Cameras[0].Commissioned = nil, "2026-09-15" }},
		{Unknown, func(f *Facts) { f.Records.Filings, f.Cameras[0].Commissioned = nil, "" }},
		{Warn, func(f *Facts) {
			f.Cameras = append(f.Cameras, CameraFacts{ID: "new", Camera: Camera{Commissioned: "2026-10-01"}})
		}},
		{Warn, func(f *Facts) { f.Records.Filings[0].Cameras = []media.CameraID{"gate", "gone"} }}},
	"fail_closed": {{Fail, func(f *Facts) { f.Gateway.Persisted = true }}, {Fail, func(f *Facts) { f.Cameras[0].Unvouched = true }}},
	"device_test": {{Warn, func(f *Facts) { f.Records.DeviceTests = nil }}, {Warn, func(f *Facts) { f.Records.DeviceTests[0].Passed = false }},
		{Warn, func(f *Facts) { f.Records.DeviceTests[0].Date = "2025-10-14" }}, {Pass, func(f *Facts) { f.Records.DeviceTests[0].Date = "2025-10-15" }},
		{Warn, func(f *Facts) {
			f.Records.DeviceTests = append([]register.DeviceTest{{Camera: "gate", Date: "2026-08-01"}}, f.Records.DeviceTests...)
		}}},
	"equipment": {{Warn, func(f *Facts) { f.Cameras[0].Certificate = "" }}},
	"evidence":  {{Warn, func(f *Facts) { f.Gateway.EvidenceFails = "disk full" }}, {Unknown, func(f *Facts) { f.Gateway.EvidenceMade = "" }}},
	"contact": {{Warn, func(f *Facts) { f.Site.Contact = "" }}, {Warn, func(f *Facts) { f.Records.Complaints = []register.Complaint{{Date: "2026-09-20"}} }},
		{Pass, func(f *Facts) {
			f.Records.Complaints = []register.Complaint{{Date: "2026-09-20", Closed: "2026-09-21"}}
		}}},
	"inspection": {{Warn, func(f *Facts) { f.Records.Inspections = nil }}, {Warn, func(f *Facts) { f.Records.Inspections[0].Date = "2026-07-16" }}, {Pass, func(f *Facts) { f.Records.Inspections[0].Date = "2026-07-17" }},
		{Unknown, func(f *Facts) { f.Records.Inspections[0].Cameras = nil }}, {Unknown, unanswered(AskPrivateRooms)}, {NotApplicable, func(f *Facts) { answer(f, AskPrivateRooms, No) }},
		{Fail, func(f *Facts) { *f.Records.Inspections[0].Cameras = 1 }},
		{Warn, func(f *Facts) {
			*f.Records.Inspections[0].Cameras, f.Records.Inspections[0].Reported = 1, "2026-09-21"
		}}},
	"secret_neighbour": {{Unknown, unanswered(AskSecretNeighbour)},
		{Fail, func(f *Facts) { unanswered(AskSecretNeighbour)(f); f.Site.NearSecret = true }},
		{Unknown, func(f *Facts) {
			unanswered(AskSecretNeighbour)(f)
			f.Site.NearSecret, f.Site.NearSecretConsent = true, "doc 5"
		}},
		{Fail, func(f *Facts) { answer(f, AskSecretNeighbour, Yes) }},
		{Unknown, func(f *Facts) { f.Site.Answers[AskSecretNeighbour] = Answer{Says: Yes, Note: "doc 5"} }},
		{Pass, func(f *Facts) {
			f.Site.Answers[AskSecretNeighbour] = Answer{Says: Yes, Note: "doc 5", Day: "2026-01-10"}
		}},
		{Fail, func(f *Facts) {
			f.Site.Answers[AskSecretNeighbour] = Answer{Says: Yes, Note: "doc 5", Day: "2026-01-11"}
		}}},
	"area_and_sign": {{Fail, func(f *Facts) { f.Cameras[0].Capture = false }}, {Fail, func(f *Facts) { f.Records.Signs = nil }}},
	"access_and_exports": {{Fail, func(f *Facts) { f.Gateway.AnonymousViewing = true }}, {Fail, func(f *Facts) { f.Gateway.SharedAccount = true }}, {Fail, func(f *Facts) { f.Records.Exports[0].Unit = "" }},
		{Unknown, func(f *Facts) { f.Records.Exports = nil }}},
	"retention_days": {{Fail, func(f *Facts) { f.Records.Retentions[0].Hours = 719 }}, {Unknown, func(f *Facts) { f.Records.Retentions = nil }}, {Unknown, func(f *Facts) { f.Records.Retentions[0].Camera = "" }},
		{Warn, func(f *Facts) { f.Records.Retentions[0] = register.Retention{Camera: "gate", Hours: 721} }}, {Pass, func(f *Facts) { f.Records.Retentions[0].Hours = 900 }},
		{Fail, func(f *Facts) {
			f.Records.Retentions = append([]register.Retention{{Camera: "gate", Date: "2026-02-01", Hours: 24}}, f.Records.Retentions...)
		}},
		{Fail, func(f *Facts) { answer(f, AskKeyTarget, Yes) }}, {Unknown, unanswered(AskKeyTarget)}},
	"retention_hours": {{Unknown, func(f *Facts) { f.Records.Retentions = nil }}, {Warn, func(f *Facts) { f.Records.Retentions[0] = register.Retention{Camera: "gate", Hours: 73} }},
		{Pass, func(f *Facts) { f.Records.Retentions[0] = register.Retention{Camera: "gate", Hours: 72} }}},
	"public_release": {{Fail, func(f *Facts) { f.Records.Exports[0].Masked = false }}, {Unknown, func(f *Facts) { f.Records.Exports[0].Report = "" }},
		{NotApplicable, func(f *Facts) { f.Records.Exports[0].Public = false }}},
	"minimise":      {{Fail, func(f *Facts) { f.Cameras[0].Extras = []string{"audio"} }}, {Warn, func(f *Facts) { f.Cameras[0].Capture = false }}, {Pass, func(f *Facts) { f.Cameras[0].Extras, f.Cameras[0].ExtrasReason = []string{"ptz"}, "wide yard" }}},
	"irreversible":  {{Fail, func(f *Facts) { f.Gateway.ReversibleMask = true }}},
	"layered_signs": {{Fail, func(f *Facts) { f.Records.Signs = nil }}, {Warn, func(f *Facts) { f.Records.Signs[0].Link = "" }}},
	"badge_first":   {{Warn, func(f *Facts) { f.Gateway.FaceMatching = true }}},
	"controls": {{Fail, func(f *Facts) { f.Gateway.ControlsOff = []string{"encryption"} }}, {Unknown, unanswered(AskGrading)}, {Warn, func(f *Facts) { f.Gateway.SharedAccount = true }},
		{Fail, func(f *Facts) { f.Gateway.Unstored = 1 }}},
	"face_data": {{Fail, func(f *Facts) { f.Gateway.FaceDataLeaves = true }}, {Fail, func(f *Facts) { f.Gateway.LifetimeExceeded = true }}, {Unknown, func(f *Facts) { answer(f, AskFaceDevices, Yes) }}},
	"info":      nil,
}

func (c Clause) changes() []change {
	if c.Params["people"] != 10000 {
		return changes[c.Check]
	}
	var out []change // the draft's threshold is a tenth of the final one's
	for _, ch := range changes[c.Check] {
		out = append(out, change{ch.want, func(f *Facts) {
			ch.do(f)
			a := f.Site.Answers[AskFaceDevices]
			a.Count /= 10
			f.Site.Answers[AskFaceDevices] = a
		}})
	}
	return out
}

// at has the facts of a site to which a clause applies.
func (c Clause) at() *Facts {
	f := good()
	if slices.Contains(c.Applies, "non_public") {
		f.Site.Class = NonPublic
	}
	return f
}

// Every clause of every pack goes through each state that it can have.
func TestEveryClauseOfEveryPack(t *testing.T) {
	for _, id := range config.Packs {
		for _, c := range Load(id).Clauses {
			want := Pass
			if c.Check == "info" {
				want = Info
			}
			check(t, id, c, want, c.at())
			list := c.changes()
			if len(list) == 0 && c.Check != "info" {
				t.Errorf("%s/%s: nothing is tested of check %s", id, c.ID, c.Check)
			}
			for _, ch := range list {
				f := c.at()
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
	if (got.Basis != "") != (got.Status == Pass) {
		t.Errorf("%s/%s: %s on the basis %q", pack, c.ID, got.Status, got.Basis)
	}
	for _, lang := range text.Langs {
		if said := got.Evidence.In(lang); want != Info && (said == "" || strings.Contains(said, "%!")) {
			t.Errorf("%s/%s: evidence %q", pack, c.ID, said)
		}
		if said := got.Next.In(lang); (said == "") != (want == Pass || want == Info || want == NotApplicable) || strings.Contains(said, "%!") {
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

func TestRecordsCheck(t *testing.T) {
	items := map[string]string{}
	for _, i := range register.AssessmentItems {
		items[i] = "fine"
	}
	fine := map[register.Kind]register.Record{
		register.KindSign:       register.Sign{Place: "gate", Cameras: []media.CameraID{"gate"}, Date: "2026-01-01", Photo: digest, Layer: 1},
		register.KindAssessment: register.Assessment{Date: "2026-01-01", Review: "2027-01-01", File: digest, Config: digest, Items: items},
		register.KindFiling:     register.Filing{Of: register.FilingSystem, Date: "2026-01-01", Authority: "county police", Cameras: []media.CameraID{"gate"}},
		register.KindDeviceTest: register.DeviceTest{Camera: "gate", Date: "2026-01-01"},
		register.KindComplaint:  register.Complaint{Date: "2026-01-01", Content: "c"},
		register.KindExport:     register.Export{Date: "2026-01-01", Reason: "r", Content: "c", Unit: "u", Name: "n", Purpose: register.PublicSafety},
		register.KindRetention:  register.Retention{Cameras: []media.CameraID{"gate"}, Date: "2026-01-01", Hours: 720},
		register.KindInspection: register.Inspection{Date: "2026-01-01", Found: "nothing"},
	}
	var all register.Records
	for _, k := range register.Kinds {
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
			rec := register.New(k)
			if err := json.Unmarshal(b, rec); err != nil {
				t.Fatal(err)
			}
			if err := rec.Check(); !errors.Is(err, field.ErrInvalid) {
				t.Errorf("%s without %s: %v", k, name, err)
			}
			fields[name] = value
		}
	}
	if len(all.Signs)+len(all.Assessments)+len(all.Filings)+len(all.DeviceTests)+len(all.Complaints)+len(all.Exports)+len(all.Retentions)+len(all.Inspections) != 8 {
		t.Errorf("%+v", all)
	}
	if register.New("x") != nil || all.Add("x", nil) == nil || all.Add(register.KindSign, []byte("{")) == nil {
		t.Error("an unknown kind or nonsense was taken")
	}
	if err := (register.Filing{Of: "other", Date: "2026-01-01"}).Check(); !errors.Is(err, field.ErrInvalid) {
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
		"long":         {Camera{Necessity: strings.Repeat("x", field.MaxLine+1)}.Check(), false},
	} {
		if (test.err == nil) != test.good || test.err != nil && !errors.Is(test.err, field.ErrInvalid) {
			t.Errorf("%s: %v", name, test.err)
		}
	}
	for _, p := range append(slices.Clone(Prohibited), Ordinary...) {
		if !text.Has(p.Word()) || p.Prohibited() != slices.Contains(Prohibited, p) {
			t.Errorf("place %s", p)
		}
	}
}

// An export for another purpose is wrong until it is closed.
func TestClosedExport(t *testing.T) {
	closed := register.Export{Date: "2026-01-01", Purpose: "traffic", Closed: "2026-01-05"}
	for want, e := range map[Status]register.Export{Pass: closed, Fail: {Date: "2026-01-01", Purpose: "traffic"}} {
		f := good()
		f.Records.Exports = []register.Export{e}
		if got := sign(f, Params{"months": 12}); got.Status != want {
			t.Errorf("%+v: %s, want %s", e, got.Status, want)
		}
	}
}
