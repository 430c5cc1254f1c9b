package policy

import (
	"slices"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// answered is a yes or no that somebody gave.
func answered(says string) *bool {
	b := says == Yes
	return &b
}

// addRegisters keeps all registers of a site: the months to 2026-09, and what is asked for once.
func addRegisters(f *Facts) {
	var ids []media.CameraID
	for _, c := range f.Cameras {
		ids = append(ids, c.ID)
	}
	r := &f.Records
	r.Processings = nil
	for month := civil.Date("2026-01-01"); month < "2026-10-01"; month = monthOf(month).to.After(1) {
		r.Processings = append(r.Processings, register.Processing{From: month, To: monthOf(month).to, Cameras: ids, Responsible: "name:1"})
	}
	r.Notices = []register.Notice{{Date: "2026-02-20", Contact: "mall, 110", Purpose: "safety", Manner: "filming", Keeping: "30 days", Necessity: "thefts", Effects: "faces are seen",
		Rights: "ask at the desk", Complaints: "110", Accessible: answered(Yes), Shown: "at the gate", Link: "https://example.org"}}
	r.Trainings = []register.Training{{Date: "2026-02-15", Pseudonym: "5", Post: "guard", Topic: "secrecy", Vetted: answered(Yes), Undertaking: digest}}
	r.Quiets = []register.Quiet{{Register: "export", From: "2026-01-01", To: "2026-09-30"}}
	r.Recorders = []register.Recorder{{Date: "2026-03-01", Name: "recorder", Cameras: ids, Keeps: "originals", Where: "control room"}}
	r.Documents = nil
	for _, of := range []string{register.Rules, register.Classification, register.IncidentPlan, register.Audit, register.Acceptance} {
		r.Documents = append(r.Documents, register.Document{Of: of, Date: "2026-02-01", File: digest})
	}
}

// madeFor has the assessment and the notice made for what is there now.
func madeFor(f *Facts) {
	var ids []media.CameraID
	for _, c := range f.Cameras {
		ids = append(ids, c.ID)
	}
	made := f.Configuration()
	f.Records.Assessments[0].MadeFor, f.Records.Assessments[0].Cameras = made, ids
	f.Records.Notices[0].MadeFor = made
}

// withContractor is a site whose control room another unit runs.
func withContractor(f *Facts) *Facts {
	answer(f, AskProcessors, Yes)
	f.Records.Contracts = []register.Contract{{Party: "Guards", From: "2026-01-01", Audit: "yearly", Secrecy: answered(Yes), Operates: answered(Yes), Document: digest}}
	madeFor(f)
	return f
}

// sparedChecks are those that a site with all registers has nothing for.
var sparedChecks = []string{"contracts", "secrecy", "state_organs", "persons"}

// targetChanges are those of the longer keeping at a key target.
var targetChanges = []change{
	{Fail, func(f *Facts) { f.Records.Retentions[0].Hours = 90*24 - 1 }}, {Unknown, func(f *Facts) { f.Records.Retentions = nil }}, {Unknown, unanswered(AskKeyTarget)},
	{NotApplicable, func(f *Facts) { answer(f, AskKeyTarget, No) }}, {Warn, func(f *Facts) { f.Records.Retentions[0].Hours, f.Records.Retentions[0].Reason = 90*24+1, "" }},
}

// export has one entry in the register beside those that there are.
func export(e register.Export) func(*Facts) {
	return func(f *Facts) {
		e.Date, e.Reason, e.Content, e.Unit, e.Name = "2026-10-01", "r", "c", "u", "name:1"
		f.Records.Exports = append(f.Records.Exports, e)
	}
}

func breached(i register.Incident) func(*Facts) {
	return func(f *Facts) { f.Records.Incidents = append(f.Records.Incidents, i) }
}

// notified is an incident of which everybody was notified on a day.
func notified(day civil.Date) register.Incident {
	return register.Incident{Found: "2026-10-10", AuthorityNotified: day, PeopleNotified: day}
}

var police = register.Export{Requester: register.AskedByPolice, LegalBasis: "Art. 20", Number: "7", Second: "name:2", Approver: "name:3"}

var person = register.Export{Requester: register.AskedByPerson, IdentityChecked: answered(Yes), UnitAgreed: answered(Yes)}

// approve has the lift's removal approved.
func approve(f *Facts, from, to civil.Date) {
	f.Records.Approvals = []register.Approval{{Of: register.Removal, Cameras: []media.CameraID{"lift"}, From: from, To: to}}
}

// with is a copy of an entry that f changes.
func with(e register.Export, f func(*register.Export)) register.Export {
	f(&e)
	return e
}

func TestC07RedoneAfterAMajorIncident(t *testing.T) {
	f := withGate(mall())
	f.Records.Incidents = []register.Incident{{Found: "2026-06-01", Major: answered(Yes), Closed: "2026-06-20"}}
	for _, id := range []string{"m9", "p55", "p57"} {
		want(t, f, id, "fail")
	}
	f.Records.Incidents[0].AuthorityNotified, f.Records.Incidents[0].PeopleNotified = "2026-06-01", "2026-06-01"
	want(t, f, "p57", "pass/declared")
	want(t, f, "m9", "fail")
	again := f.Records.Assessments[0]
	again.Date, again.Review = "2026-06-01", "2027-06-01"
	f.Records.Assessments = append(f.Records.Assessments, again)
	want(t, f, "m9", "pass/recorded")
	f.Records.Incidents = append(f.Records.Incidents, register.Incident{Found: "2026-07-01"})
	want(t, f, "m9", "unknown") // nobody said whether it was a major one
	f.Records.Incidents[1].Major = answered(No)
	want(t, f, "m9", "pass/recorded")
}

func TestC09ProcessingIsRecordedMonthByMonth(t *testing.T) {
	f := withGate(mall())
	want(t, f, "m9-r", "pass/recorded")
	f.Records.Processings = slices.DeleteFunc(f.Records.Processings, func(p register.Processing) bool { return p.From == "2026-08-01" })
	if got := want(t, f, "m9-r", "fail"); got.Evidence.Args[0] != "2026-08" {
		t.Errorf("names %v", got.Evidence.Args)
	}
	want(t, mall(), "m9-r", "not_applicable")
	f = withGate(mall()) // one that lists three cameras covers three
	f.Records.Processings[7].Cameras = f.Records.Processings[7].Cameras[1:]
	if got := want(t, f, "m9-r", "fail"); got.Evidence.Args[1] != "north gate" {
		t.Errorf("names %v", got.Evidence.Args)
	}
	f.Site.Mode = Matching // the cameras recognise faces too
	if got := want(t, f, "m9-r", "fail"); got.Evidence.Args[1] != "gate, north gate" {
		t.Errorf("names %v", got.Evidence.Args)
	}
}

func TestC32FourItemsAndTheSixOfEarlierVersions(t *testing.T) {
	f := withGate(mall())
	old := register.Assessment{Date: "2026-02-10", Review: "2027-02-10", Config: ConfigHash(f.Site, f.Cameras), File: digest, Items: map[string]string{}}
	for _, item := range []string{"lawfulness", "necessity", "precision", "measures", "risks", "harm"} {
		old.Items[item] = "fine"
	}
	if err := old.Check(); err != nil {
		t.Error(err)
	}
	for _, item := range register.AssessmentItems {
		if old.Item(item) == "" {
			t.Errorf("nothing on %s", item)
		}
	}
	delete(old.Items, "harm")
	if old.Check() == nil {
		t.Error("three of four items are enough")
	}
	old.Items["harm"] = "little"
	f.Records.Assessments = []register.Assessment{old}
	want(t, f, "m9", "pass/recorded")
	f.Cameras[0].Purpose = "traffic"
	want(t, f, "m9", "fail") // compared by the rule of its version
}

// An assessment of an earlier version lists no cameras: those count that were there by its
// configuration, and of others nobody knows.
func TestC32OldListsAreNotInvented(t *testing.T) {
	f := withGate(mall())
	old := register.Assessment{Date: "2026-02-10", Review: "2027-02-10", Config: digest}
	now := f.Records.Assessments[0]
	now.Date = "2026-04-01"
	f.Records.Assessments = []register.Assessment{old, now}
	want(t, f, "m9", "unknown")
	f.Records.Assessments[0].Date = "2026-03-03"
	want(t, f, "m9", "fail")
}

// Prior is meant of each camera: one that is added later has an assessment of its own before.
func TestC06EachCamera(t *testing.T) {
	f := withGate(mall())
	f.Cameras[3].Commissioned = "2026-05-01"
	first := f.Records.Assessments[0]
	first.Cameras = first.Cameras[:3]
	second := f.Records.Assessments[0]
	second.Date = "2026-04-20"
	f.Records.Assessments = []register.Assessment{first, second}
	want(t, f, "m9", "pass/recorded")
	f.Records.Assessments[1].Date = "2026-05-02"
	if got := want(t, f, "m9", "fail"); !slices.Contains(got.Evidence.Args, any("park")) {
		t.Errorf("names %v", got.Evidence.Args)
	}
}

func TestC33TheNoticeSaysAll(t *testing.T) {
	f := withGate(mall())
	want(t, f, "m5", "pass/recorded")
	f.Records.Notices[0].Necessity, f.Records.Notices[0].Effects = "", ""
	for _, lang := range text.Langs {
		said := want(t, f, "m5", "fail").Evidence.In(lang)
		for _, name := range []string{"necessity", "effects"} {
			if !strings.Contains(said, text.Of(lang, text.RecordLabel("notice", name))) {
				t.Errorf("%s does not name %s", said, name)
			}
		}
	}
	want(t, f, "p17", "fail")
	want(t, f, "s799-13", "pass/recorded")
	f.Site.Answers[AskFaceDevices] = Answer{Says: No, By: "wang", Date: "2026-10-01"}
	f.Records.Devices = nil
	want(t, f, "m5", "not_applicable")
	want(t, f, "p17", "fail") // whatever is recognised
}

func TestC40MaskedAloneIsNotTheOriginal(t *testing.T) {
	f := mall()
	f.Records.Recorders[0].Keeps = register.KeepsMasked
	for _, id := range []string{"s15", "s23"} {
		if got := want(t, f, id, "fail"); got.Next.Key != text.NextOriginals {
			t.Errorf("%s: next %s", id, got.Next.Key)
		}
	}
	f = comp()
	f.Records.Recorders[0].Keeps = register.KeepsMasked
	want(t, f, "s15", "not_applicable")
}

func TestC39NamesTheLaw(t *testing.T) {
	f := mall()
	want(t, f, "c32", "not_applicable")
	answer(f, AskKeyTarget, Yes)
	want(t, f, "c32", "fail")
	for i := range f.Records.Retentions {
		f.Records.Retentions[i].Hours = 90 * 24
	}
	want(t, f, "c32", "pass/recorded")
	unanswered(AskKeyTarget)(f)
	want(t, f, "c32", "unknown")
	f = mall()
	unanswered(AskKeyTarget)(f)
	want(t, f, "c32", "unknown") // of 30 days nobody knows whether they are enough
}

func TestS05PatientsAskForTheirFootage(t *testing.T) {
	f := mall()
	export(person)(f)
	want(t, f, "s21", "pass/recorded")
	f.Records.Exports[1].IdentityChecked = answered(No)
	want(t, f, "s21", "fail")
	want(t, f, "p26", "pass/recorded") // a right of their own is no other purpose
}

func TestS06OriginalsAtThePolicePlatform(t *testing.T) {
	f := mall()
	answer(f, AskKeyTarget, Yes)
	f.Records.Recorders[0].Platform = "police platform, GB/T 28181"
	unanswered(AskOriginals)(f)
	want(t, f, "s15", "pass/recorded")
	want(t, f, "s799-17", "fail") // 90 days
	opened := police
	opened.Manner = "open-sealed"
	export(opened)(f)
	want(t, f, "s20", "pass/recorded")
	f.Records.Exports[1].Second = ""
	want(t, f, "s20", "fail") // two open it
}

func TestS11AContractorRunsTheControlRoom(t *testing.T) {
	f := mall()
	unanswered(AskProcessors)(f)
	for _, id := range []string{"p21", "s19", "s15"} {
		want(t, f, id, "unknown")
	}
	answer(f, AskProcessors, Yes)
	want(t, f, "p21", "fail")
	want(t, withContractor(f), "p21", "pass/recorded")
	want(t, f, "s19", "pass/recorded")
	want(t, f, "s15", "pass/recorded")
	f.Records.Contracts[0].Secrecy = answered(No)
	want(t, f, "s15", "fail")
	want(t, f, "s19", "fail")
	want(t, f, "l23", "pass/design")
	want(t, f, "g28", "pass/recorded")
}

func TestS12PoliceAndANeighbour(t *testing.T) {
	f := mall()
	export(police)(f)
	refused := register.Export{Requester: register.AskedByRelative, Relation: "neighbour", Refused: true, Refusal: "no right to it"}
	export(refused)(f)
	want(t, f, "s20", "pass/recorded")
	want(t, f, "s21", "pass/recorded")
	want(t, f, "p26", "pass/recorded")
	released := person
	released.UnitAgreed = answered(No)
	export(released)(f)
	want(t, f, "s21", "fail")
	want(t, f, "s20", "pass/recorded")
}

func TestS13TakenAwayForPainting(t *testing.T) {
	f := mall()
	f.Cameras = append(f.Cameras[:2:2], f.Cameras[3]) // without the lift
	f.Removals = []Removal{{Camera: "lift", Day: "2026-10-10", Used: true}}
	want(t, f, "s23", "fail")
	want(t, f, "s799-14", "warn")
	f.Removals[0].Day = "2026-09-15"
	want(t, f, "s799-14", "warn")
	f.Removals[0].Day = "2026-09-14"
	want(t, f, "s799-14", "fail")
	approve(f, "2026-09-14", "")
	want(t, f, "s23", "pass/recorded")
	want(t, f, "s799-14", "fail") // the approval changes no filing
	g := mall()
	g.Removals = f.Removals // it is back: nobody approved it all the same
	want(t, g, "s23", "fail")
	want(t, g, "s799-14", "pass/recorded")
}

func TestG12RequestsAreAnsweredWithinAMonth(t *testing.T) {
	f := mall()
	f.Records.Requests = []register.Request{{Date: "2026-09-15"}}
	want(t, f, "g12", "warn")
	f.Records.Requests[0].Date = "2026-09-14"
	want(t, f, "g12", "fail")
	want(t, f, "p45", "warn")
}

func TestG33ThreeDays(t *testing.T) {
	f := mall()
	f.Records.Incidents = []register.Incident{{Found: "2026-10-12"}}
	if got := want(t, f, "g33", "warn"); got.Due != "2026-10-15" {
		t.Errorf("due %s", got.Due)
	}
	want(t, f, "p57", "fail")
	f.Records.Incidents[0].Found = "2026-10-11"
	want(t, f, "g33", "fail")
	f.Records.Incidents[0].AuthorityNotified = "2026-10-14"
	want(t, f, "g33", "pass/declared")
	f.Records.Incidents[0].AuthorityNotified = "2026-10-15"
	want(t, f, "g33", "fail")
}

func TestM14TheRecordOfGrading(t *testing.T) {
	f := withGate(mall())
	want(t, f, "m14", "pass/measured")
	answer(f, AskGrading, Yes)
	want(t, f, "m14", "unknown")
	f.Records.Documents = append(f.Records.Documents, register.Document{Of: register.GradingRecord, Date: "2026-01-01", Number: "5"})
	want(t, f, "m14", "pass/recorded")
	f.Records.Documents[5].Expires = "2026-10-14"
	want(t, f, "m14", "unknown")
	f.Site.Grading = "number 5"
	want(t, f, "m14", "pass/declared")
}

// A configuration that was made before something was said has not changed since.
func TestConfigurationChanges(t *testing.T) {
	f := mall()
	f.Cameras[0].Extras, f.Cameras[0].ConsentAreas = []string{"zoom"}, []string{"desk:visitor-reception"}
	made := f.Configuration()
	without := slices.DeleteFunc(slices.Clone(made), func(line string) bool { return strings.Contains(line, "/hours=") })
	if got := f.changed(without, true); len(got) > 0 {
		t.Errorf("what nobody had said changed: %v", got)
	}
	for name, c := range map[string]struct {
		do     func()
		assess string // what changed for an assessment, and for a notice
		notice string
	}{
		"nothing":    {func() {}, "", ""},
		"a purpose":  {func() { f.Cameras[0].Purpose = "traffic" }, "camera/gate/purpose", "camera/gate/purpose"},
		"no purpose": {func() { f.Cameras[0].Purpose = "" }, "camera/gate/purpose", "camera/gate/purpose"},
		"an extra":   {func() { f.Cameras[0].Extras = []string{"audio", "zoom"} }, "camera/gate/extra", "camera/gate/extra"},
		"one less":   {func() { f.Cameras[0].Extras = nil }, "", ""},
		"an area":    {func() { f.Cameras[0].ConsentAreas = []string{"desk:event"} }, "camera/gate/area", "camera/gate/area"},
		"a camera": {func() {
			f.Cameras = append(f.Cameras, CameraFacts{ID: "roof", Camera: Camera{Purpose: register.PublicSafety, Place: "street"}})
		},
			"camera,camera/roof/place,camera/roof/purpose", ""},
		"for another purpose": {func() { f.Cameras = append(f.Cameras, CameraFacts{ID: "roof", Camera: Camera{Purpose: "traffic"}}) }, "camera,camera/roof/purpose", "camera/roof/purpose"},
		"one camera less":     {func() { f.Cameras = f.Cameras[1:] }, "", ""},
		"longer":              {func() { f.Records.Retentions[0].Hours = 800 }, "camera/gate/hours", "camera/gate/hours"},
		"not said any more":   {func() { f.Records.Retentions = nil }, "camera/gate/hours,camera/hall/hours,camera/lift/hours,camera/park/hours", "camera/gate/hours,camera/hall/hours,camera/lift/hours,camera/park/hours"},
		"a contract":          {func() { withContractor(f).Records.Contracts[0].Party = "Others" }, "processor", "processor"},
	} {
		f = mall()
		f.Cameras[0].Extras, f.Cameras[0].ConsentAreas = []string{"zoom"}, []string{"desk:visitor-reception"}
		c.do()
		if got := strings.Join(f.changed(made, true), ","); got != c.assess {
			t.Errorf("%s: for an assessment %q, want %q", name, got, c.assess)
		}
		if got := strings.Join(f.changed(made, false), ","); got != c.notice {
			t.Errorf("%s: for a notice %q, want %q", name, got, c.notice)
		}
	}
}

// Of several recorders of one camera the best counts, whenever one looks.
func TestTheBestOfSeveralRecorders(t *testing.T) {
	f := mall()
	var ids []media.CameraID
	for _, c := range f.Cameras {
		ids = append(ids, c.ID)
	}
	keeps := func(name, what string) {
		f.Records.Recorders = append(f.Records.Recorders, register.Recorder{Date: "2026-09-01", Name: name, Cameras: ids, Keeps: what, Where: "control room"})
	}
	f.Records.Recorders = nil
	keeps("a", register.KeepsMasked)
	want(t, f, "s15", "fail")
	keeps("b", register.KeepsSealed)
	for range 50 {
		want(t, f, "s15", "warn") // nobody showed that it can be opened
	}
	keeps("c", "originals")
	for range 50 {
		want(t, f, "s15", "pass/recorded")
	}
}
