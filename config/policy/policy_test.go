package policy

import (
	"encoding/json"
	"errors"
	"maps"
	"regexp"
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
	cam := CameraFacts{ID: "gate", Capture: true, Camera: Camera{
		Place: "entrance", Purpose: register.PublicSafety, Necessity: "the gate cannot be seen otherwise", Model: "M", Firmware: "F", Certificate: "C", Commissioned: "2026-01-10",
	}}
	f := &Facts{Now: today, Calendar: civil.China(), Cameras: []CameraFacts{cam},
		Site: Site{Kind: "trade-centre", Class: Art7, Entitled: "lease of the building", NationalRule: "72 hours", Mode: Matching, Jurisdiction: "CN-44", Contact: "110", Answers: map[Question]Answer{}}}
	for _, q := range Questions {
		f.Site.Answers[q] = Answer{Says: No, By: "wang", Date: "2026-10-01"}
	}
	answer(f, AskPrivateRooms, Yes)
	answer(f, AskOriginals, Yes)
	f.Gateway.EvidenceMade = "2026-10-01"
	f.Consent.People = 3
	f.Records = register.Records{
		Signs:       []register.Sign{{Place: "gate", Camera: "gate", Date: "2026-09-01", Photo: digest, Layer: 1, Link: "https://example.org"}},
		Filings:     []register.Filing{{Of: register.FilingSystem, Date: "2026-01-20", Receipt: "7", Cameras: []media.CameraID{"gate"}}},
		DeviceTests: []register.DeviceTest{{Camera: "gate", Date: "2026-02-01", Passed: true}},
		Inspections: []register.Inspection{{Date: "2026-09-20", Found: "nothing", Cameras: new(int)}},
		Exports:     []register.Export{{Date: "2026-03-01", Reason: "r", Content: "c", Unit: "u", Name: "n", Purpose: register.PublicSafety, Public: true, Masked: true, Report: digest, Requester: "public"}},
		Retentions:  []register.Retention{{Camera: "gate", Date: "2026-01-10", Hours: 720, Reason: "the law"}},
		Devices:     []register.Device{faceGate()},
	}
	addRegisters(f)
	f.Records.Grounds = []register.Ground{{Date: "2026-01-05", Cameras: []media.CameraID{"gate"}, Basis: register.LegitimateInterests, Interest: "ours", Balance: "few see it", Special: "explicit-consent"}}
	assess(f)
	return f
}

// faceGate is a face gate of which all is said and nothing is wanting.
func faceGate() register.Device {
	people, is, isNot := 50, true, false
	return register.Device{Name: "north gate", What: register.DeviceGate, Date: "2026-09-01", Mode: register.ModeVerify, Cameras: []media.CameraID{"gate"},
		Templates: &is, People: &people, Since: "2026-03-02", Storage: register.InDevice, Internet: &isNot, Deletes: &is,
		Alternative: "card", Works: &is, Walked: "2026-09-01", Tied: &isNot, Bulk: &isNot, Children: &isNot, Public: &is, PrivateRoom: &isNot, AreaLimited: &is,
		Purpose: register.PublicSafety, Ground: register.GroundSeparate, Need: "theft by night", Milder: "cards were lent", Author: "wang", NeedDate: "2026-02-01",
		FirstUse: "2026-03-02", Forbidden: []string{register.ForbiddenNone}}
}

func assess(f *Facts) {
	f.Records.Assessments = []register.Assessment{{Date: "2026-01-05", Review: "2027-01-05"}}
	madeFor(f)
}

// answer changes one answer.
func answer(f *Facts, q Question, says string) {
	a := f.Site.Answers[q]
	a.Says = says
	f.Site.Answers[q] = a
}

func unanswered(q Question) func(*Facts) { return func(f *Facts) { delete(f.Site.Answers, q) } }

// enrolled has so many faces stored since a day, as was answered before there was an inventory.
func enrolled(f *Facts, people int, since civil.Date) {
	f.Site.Answers[AskFaceDevices] = Answer{Says: Yes, Count: people, Day: since, Date: "2026-10-01"}
	f.Records.Devices = nil
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
	"entitled": {{Unknown, func(f *Facts) { f.Site.Class = "" }}, {Unknown, func(f *Facts) { f.Site.Kind = "" }}, {Unknown, func(f *Facts) { f.Site.Entitled = "..." }}, {Fail, func(f *Facts) { f.Cameras[0].Purpose = "traffic" }}, {Fail, func(f *Facts) { f.Cameras[0].Necessity = " ... " }}},
	"purpose":  {{Fail, func(f *Facts) { f.Cameras[0].Purpose = "" }}},
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
	"evidence":  {{Warn, func(f *Facts) { f.Gateway.EvidenceFails = errors.New("disk full") }}, {Unknown, func(f *Facts) { f.Gateway.EvidenceMade = "" }}},
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
	"access_and_exports": {{Fail, func(f *Facts) { f.Records.Trainings = nil }}, {Fail, func(f *Facts) { f.Records.Trainings[0].Vetted = answered(No) }},
		{Unknown, func(f *Facts) { f.Records.Trainings[0].Vetted = nil }}, {Unknown, func(f *Facts) { f.Records.Trainings[0].Undertaking = "" }},
		{Unknown, func(f *Facts) { f.Records.Quiets = nil }}, {Unknown, func(f *Facts) { f.Records.Quiets[0].Register = "complaint" }}, {Unknown, func(f *Facts) { f.Cameras[0].Commissioned = "" }},
		{Unknown, func(f *Facts) { f.Records.Quiets[0].To = "2026-09-29" }}, {Fail, func(f *Facts) { f.Gateway.AnonymousViewing = true }}, {Fail, func(f *Facts) { f.Gateway.SharedAccount = true }}, {Fail, func(f *Facts) { f.Records.Exports[0].Unit = "" }},
		{Pass, func(f *Facts) { f.Gateway.Screens = 2 }}, {Warn, func(f *Facts) { f.Gateway.Screens, f.Gateway.IdleScreens = 2, 1 }},
		{Fail, func(f *Facts) { f.Gateway.IdleScreens, f.Records.Trainings = 1, nil }},
		{Unknown, func(f *Facts) { f.Records.Exports, f.Records.Quiets = nil, nil }}},
	"retention_days": {{Fail, func(f *Facts) { f.Records.Retentions[0].Hours = 719 }}, {Unknown, func(f *Facts) { f.Records.Retentions = nil }}, {Unknown, func(f *Facts) { f.Records.Retentions[0].Camera = "" }},
		{Warn, func(f *Facts) { f.Records.Retentions[0] = register.Retention{Camera: "gate", Hours: 721} }}, {Pass, func(f *Facts) { f.Records.Retentions[0].Hours = 900 }},
		{Fail, func(f *Facts) {
			f.Records.Retentions = append([]register.Retention{{Camera: "gate", Date: "2026-02-01", Hours: 24}}, f.Records.Retentions...)
		}},
		{Fail, func(f *Facts) { answer(f, AskKeyTarget, Yes) }}, {Unknown, unanswered(AskKeyTarget)}},
	"retention_hours": {{Unknown, func(f *Facts) { f.Site.NationalRule = "-" }}, {Unknown, func(f *Facts) { f.Records.Retentions = nil }}, {Warn, func(f *Facts) { f.Records.Retentions[0] = register.Retention{Camera: "gate", Hours: 73} }},
		{Pass, func(f *Facts) { f.Records.Retentions[0] = register.Retention{Camera: "gate", Hours: 72} }}},
	"public_release": {{Fail, func(f *Facts) { f.Records.Exports[0].Masked = false }}, {Unknown, func(f *Facts) { f.Records.Exports[0].Report = "" }},
		{NotApplicable, func(f *Facts) { f.Records.Exports[0].Public = false }}},
	"minimise":      {{Fail, func(f *Facts) { f.Cameras[0].Extras = []string{"audio"} }}, {Warn, func(f *Facts) { f.Cameras[0].Capture = false }}, {Pass, func(f *Facts) { f.Cameras[0].Extras, f.Cameras[0].ExtrasReason = []string{"ptz"}, "wide yard" }}},
	"irreversible":  {{Fail, func(f *Facts) { f.Gateway.ReversibleMask = true }}},
	"layered_signs": {{Fail, func(f *Facts) { f.Records.Signs = nil }}, {Warn, func(f *Facts) { f.Records.Signs[0].Link = "" }}},
	"private_rooms": {{Unknown, func(f *Facts) { f.Cameras[0].Place = "" }}, {Fail, func(f *Facts) { f.Cameras[0].Place = PublicToilet }},
		{Unknown, func(f *Facts) { f.Cameras[0].Place = DormitoryCorridor }}, {Unknown, func(f *Facts) {
			f.Cameras[0].Place, f.Cameras[0].Capture = DormitoryCorridor, false
			seen(f, 0, "2026-02-01", false)
		}},
		{Pass, func(f *Facts) { f.Cameras[0].Place = DormitoryCorridor; seen(f, 0, "2026-02-01", false) }}, {Fail, func(f *Facts) { seen(f, 0, "2026-02-01", true) }}},
	"grounds": {{Unknown, func(f *Facts) { f.Records.Grounds = nil }}, {Unknown, func(f *Facts) { f.Records.Grounds[0].Cameras = []media.CameraID{"other"} }},
		{Fail, func(f *Facts) { f.Records.Grounds[0].Basis = register.NoGround }}, {Fail, func(f *Facts) { f.Records.Grounds[0].Balance = "..." }},
		{Pass, func(f *Facts) { f.Records.Grounds[0].Basis, f.Records.Grounds[0].Balance = "public-task", "" }}},
	"special_data": {{Fail, func(f *Facts) { f.Records.Grounds = nil }}, {Fail, func(f *Facts) { f.Records.Grounds[0].Special = "" }},
		{Fail, func(f *Facts) { f.Records.Grounds[0].Special = register.NoExemption }}, {Pass, func(f *Facts) { f.Records.Devices = nil }},
		{Fail, func(f *Facts) { f.Records.Devices[0].Ground = register.GroundNone }}, {Unknown, func(f *Facts) { f.Records.Devices[0].Ground = "" }},
		{Pass, func(f *Facts) { f.Site.Mode, f.Records.Grounds = DetectOnly, nil }}, {NotApplicable, func(f *Facts) { f.Site.Mode, f.Records.Devices = DetectOnly, nil }},
		{Unknown, func(f *Facts) { f.Site.Mode, f.Records.Devices = DetectOnly, nil; answer(f, AskFaceDevices, Yes) }}},
	"handling_record": {{Fail, func(f *Facts) { f.Records.Processings = nil }}, {Fail, func(f *Facts) { processes(f, "other", "2026-09-30") }},
		{Warn, func(f *Facts) { processes(f, "gate", "2025-10-13") }}, {Pass, func(f *Facts) { processes(f, "gate", "2025-10-14") }}},
	"coming": {{Info, func(f *Facts) { f.Now = time.Date(2027, 12, 1, 12, 0, 0, 0, time.UTC) }}, {Warn, func(f *Facts) { f.Now = time.Date(2027, 12, 2, 12, 0, 0, 0, time.UTC) }},
		{Unknown, func(f *Facts) {
			f.Now, f.Site.Mode, f.Records.Devices = time.Date(2027, 12, 2, 12, 0, 0, 0, time.UTC), DetectOnly, nil
		}},
		{NotApplicable, func(f *Facts) {
			f.Now, f.Site.Mode, f.Records.Devices = time.Date(2027, 12, 2, 12, 0, 0, 0, time.UTC), DetectOnly, nil
			f.Site.Answers[AskFaceDevices] = Answer{Says: No, Date: "2027-12-01"}
		}}},
	"controls": {{Unknown, func(f *Facts) { answer(f, AskGrading, Yes) }}, {Pass, func(f *Facts) { answer(f, AskGrading, Yes); f.Site.Grading = "5" }}, {Fail, func(f *Facts) { f.Gateway.ControlsOff = []string{"encryption"} }}, {Unknown, unanswered(AskGrading)}, {Warn, func(f *Facts) { f.Gateway.SharedAccount = true }},
		{Fail, func(f *Facts) { f.Gateway.Unstored = 1 }}},
	"info": nil,
}

func init() { maps.Copy(changes, registerChanges) }

// codes are words of programs: settings, kinds, classes, modes. No sentence in Chinese holds one.
var codes = regexp.MustCompile(`\b[a-z]+[_/-][a-z/_-]+\b|\b(audit|access|intrusion|camera|mode|class|purpose|area|hours|art[79])\b`)

func (c Clause) changes() []change {
	if slices.Contains(c.Applies, "key_target") {
		return targetChanges
	}
	return changes[c.Check]
}

// at has the facts of a site to which a clause applies.
func (c Clause) at() *Facts {
	f := good()
	switch {
	case slices.Contains(c.Applies, "non_public"):
		f.Site.Kind, f.Site.Class = "closed-office", NonPublic
	case slices.Contains(c.Applies, "art9"):
		f.Site.Kind, f.Site.Class = "shop", Art9
	case slices.Contains(c.Applies, "compound"):
		f.Site.Kind, f.Site.Class = ResidentialCompound, Art9
	}
	if c.Check == "draft_filing" {
		enrolment(f, "2026-03-02")
	}
	if slices.Contains(c.Applies, "key_target") {
		answer(f, AskKeyTarget, Yes)
		f.Records.Retentions[0].Hours = 90 * 24
	}
	return f
}

// Every clause of every pack goes through each state that it can have.
func TestEveryClauseOfEveryPack(t *testing.T) {
	for _, id := range config.Packs {
		for _, c := range Load(id).Clauses {
			want := Pass
			if c.Check == "info" || c.Check == "coming" {
				want = Info
			}
			if slices.Contains(sparedChecks, c.Check) {
				want = NotApplicable
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
	if word := codes.FindString(got.Evidence.In(text.ZhCN)); word != "" {
		t.Errorf("%s/%s: the code %q in %q", pack, c.ID, word, got.Evidence.In(text.ZhCN))
	}
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
		register.KindExport:     register.Export{Date: "2026-01-01", Requester: "internal", Reason: "r", Content: "c", Unit: "u", Name: "n", Purpose: register.PublicSafety},
		register.KindRetention:  register.Retention{Cameras: []media.CameraID{"gate"}, Date: "2026-01-01", Hours: 720},
		register.KindInspection: register.Inspection{Date: "2026-01-01", Found: "nothing"},
		register.KindDevice:     register.Device{Name: "north gate", What: register.DeviceGate, Mode: register.ModeVerify, Date: "2026-01-01"},
		register.KindProcessing: register.Processing{From: "2026-01-01", To: "2026-01-31", Activity: "a", Cameras: []media.CameraID{"gate"}, Purpose: "p", Manner: "m", Data: "d",
			People: new(int), Ground: "g", Recipients: "none", Keeping: "30 days", Deletion: "d", Responsible: "n"},
		register.KindIncident: register.Incident{Found: "2026-01-01", Content: "c"},
		register.KindNotice:   register.Notice{Date: "2026-01-01", Shown: "at the gate"},
		register.KindTraining: register.Training{Date: "2026-01-01", Pseudonym: "5", Post: "guard", Topic: "secrecy"},
		register.KindContract: register.Contract{Party: "p", Purpose: "p", From: "2026-01-01", Manner: "m", Data: "d", Measures: "m", Deletion: "d", Document: digest},
		register.KindRequest:  register.Request{Of: "access", Date: "2026-01-01", Pseudonym: "5"},
		register.KindDocument: register.Document{Of: register.Rules, Date: "2026-01-01", File: digest},
		register.KindApproval: register.Approval{Of: register.Removal, Date: "2026-01-01", Cameras: []media.CameraID{"gate"}, Authority: "a", Number: "5", From: "2026-01-02", Document: digest},
		register.KindRecorder: register.Recorder{Date: "2026-01-01", Name: "r", Cameras: []media.CameraID{"gate"}, Keeps: "originals", Where: "w"},
		register.KindQuiet:    register.Quiet{Register: "export", From: "2026-01-01", To: "2026-01-31"},
		register.KindWalk:     register.Walk{Date: "2026-01-01", Cameras: []media.CameraID{"gate"}, Photo: digest, PrivateRoom: new(bool)},
		register.KindGround:   register.Ground{Date: "2026-01-01", Cameras: []media.CameraID{"gate"}, Basis: register.LegitimateInterests, Interest: "ours", Balance: "few see it"},
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
	if b, err := json.Marshal(all); err != nil || strings.Count(string(b), "2026-01-01") != len(fine) || len(fine) != len(register.Kinds) {
		t.Errorf("%d of %d kinds: %s, %v", len(fine), len(register.Kinds), b, err)
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
