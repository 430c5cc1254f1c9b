package policy

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/field"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// standing is how a check stands at a mall that was changed in one thing.
type standing struct {
	name string
	do   func(*Facts)
	id   string
	want string
	next text.Key // empty: any
	says any      // the first argument of the evidence; nil: any
}

func stands(t *testing.T, all []standing) {
	t.Helper()
	for _, c := range all {
		f := mall()
		c.do(f)
		got := want(t, f, c.id, c.want)
		if t.Failed() {
			t.Fatal(c.name)
		}
		if c.next != "" && got.Next.Key != c.next {
			t.Errorf("%s: the next step is %s, want %s", c.name, got.Next.Key, c.next)
		}
		if c.says != nil && (len(got.Evidence.Args) == 0 || got.Evidence.Args[0] != c.says) {
			t.Errorf("%s: the evidence has %v, want %v", c.name, got.Evidence.Args, c.says)
		}
	}
}

// The bounds of each number and day, and each part of what is asked for, by itself.
func TestChecksOneByOne(t *testing.T) {
	one := 1
	place := Violation{Kind: ViolationPlace, Camera: "gate", Place: PublicToilet, Since: today, Last: today}
	equipment := func(change func(*Camera)) func(*Facts) { return func(f *Facts) { change(&f.Cameras[1].Camera) } }
	stands(t, []standing{
		{"no jurisdiction", func(f *Facts) { f.Site.Jurisdiction = "" }, "m2", "unknown", text.NextSite, nil},
		{"no code", func(f *Facts) { f.Site.Jurisdiction = "banana" }, "m2", "unknown", text.NextJurisdiction, "banana"},
		{"a violation, and no camera is there now", func(f *Facts) { f.Violations = []Violation{place} }, "s799-8-1", "fail", text.NextViolation, nil},
		{"a violation, and a camera is there", func(f *Facts) { f.Violations = []Violation{place}; f.Cameras[0].Place = PublicToilet }, "s799-8-1", "fail", text.NextProhibited, nil},
		{"no model", equipment(func(c *Camera) { c.Model = "" }), "s799-equipment", "warn", "", "hall"},
		{"no firmware", equipment(func(c *Camera) { c.Firmware = "" }), "s799-equipment", "warn", "", "hall"},
		{"no certificate", equipment(func(c *Camera) { c.Certificate = "" }), "s799-equipment", "warn", "", "hall"},
		{"a complaint of 15 days", complaint("2026-09-30"), "m-complaints", "pass/declared", "", nil},
		{"a complaint of 16 days", complaint("2026-09-29"), "m-complaints", "warn", "", 16},
		{"an answer outranks what an older version was told", func(f *Facts) {
			f.Site.NearSecret = true
			f.Site.Answers[AskSecretNeighbour] = Answer{Says: Yes, Note: "doc 5", Day: "2026-03-01"}
		}, "s799-10", "pass/declared", "", "doc 5"},
		{"a withdrawal that took a second", func(f *Facts) { f.Consent.RevokedFor = time.Second }, "p13", "pass/measured", "", nil},
		{"a camera without a purpose serves no other", func(f *Facts) { withGate(f); f.Cameras[1].Purpose = "" }, "m13-sign", "pass/recorded", "", nil},
		{"no receipt, some are due sooner", func(f *Facts) {
			f.Records.Filings = nil
			for i, day := range []civil.Date{"2026-10-02", "2026-10-01", "2026-10-01", "2026-10-03"} {
				f.Cameras[i].Commissioned = day
			}
		}, "s799-14", "warn", text.NextSystemFiling, "gate, hall, lift, park"},
		{"filed without one", func(f *Facts) { f.Cameras[3].Commissioned = "2026-10-01"; unfile(f, "park") }, "s799-14", "warn", "", "park"},
		{"all are filed, one is gone", func(f *Facts) { f.Cameras = f.Cameras[:3] }, "s799-14", "warn", "", "park"},
		{"a receipt of stored faces covers no camera", func(f *Facts) {
			unfile(f, "park")
			f.Records.Filings = append(f.Records.Filings, register.Filing{Of: register.FilingEnrolment, Date: "2026-10-01", Receipt: "8", Cameras: []media.CameraID{"gate", "hall", "lift", "park"}})
		}, "s799-14", "fail", "", "park"},
		{"a filing without a receipt takes nothing away", func(f *Facts) {
			f.Records.Filings = append(f.Records.Filings, register.Filing{Of: register.FilingSystem, Date: "2026-10-01"})
		}, "s799-14", "pass/recorded", "", nil},
		{"the newest filing counts, whatever its place in the list", func(f *Facts) {
			f.Records.Filings = append(f.Records.Filings, register.Filing{Of: register.FilingSystem, Date: "2026-03-19", Receipt: "6", Cameras: []media.CameraID{"gate"}})
		}, "s799-14", "pass/recorded", "", nil},
		{"of one day the later one counts", func(f *Facts) {
			f.Records.Filings = append([]register.Filing{{Of: register.FilingSystem, Date: "2026-03-20", Receipt: "6", Cameras: []media.CameraID{"gate"}}}, f.Records.Filings...)
		}, "s799-14", "pass/recorded", "", nil},
		{"an old failure ends nothing", func(f *Facts) {
			f.Records.DeviceTests = append(f.Records.DeviceTests, register.DeviceTest{Camera: "lift", Date: "2026-02-01"})
		}, "device-test", "pass/recorded", "", nil},
		{"a failure of the same day, entered first", func(f *Facts) {
			f.Records.DeviceTests = append([]register.DeviceTest{{Camera: "lift", Date: "2026-03-01"}}, f.Records.DeviceTests...)
		}, "device-test", "warn", "", "lift"},
		{"a failure of the same day, entered last", func(f *Facts) {
			f.Records.DeviceTests = append(f.Records.DeviceTests, register.DeviceTest{Camera: "lift", Date: "2026-03-01"})
		}, "device-test", "warn", "", "lift"},
		{"a test of the same model with other firmware", deviceTested("M", "E"), "device-test", "unknown", "", "hall"},
		{"a test of another model with the same firmware", deviceTested("N", "F"), "device-test", "unknown", "", "hall"},
		{"a test of this very device", deviceTested("M", "F"), "device-test", "pass/recorded", "", nil},
		{"a test that names other firmware alone", deviceTested("", "E"), "device-test", "unknown", "", "hall"},
		{"a test that names another model alone", deviceTested("N", ""), "device-test", "unknown", "", "hall"},
		{"nobody counted in one, another was reported late", func(f *Facts) {
			f.Records.Inspections = []register.Inspection{{Date: "2026-09-01"}, {Date: "2026-09-10", Cameras: &one, Reported: "2026-09-11"}}
		}, "s799-8-2", "unknown", "", "2026-09-01"},
		{"an export to one person needs no mask", func(f *Facts) { f.Records.Exports[0].Public, f.Records.Exports[0].Masked = false, false }, "s799-release", "not_applicable", "", nil},
		{"nor a report of it", func(f *Facts) { f.Records.Exports[0].Public, f.Records.Exports[0].Report = false, "" }, "s799-release", "not_applicable", "", nil},
		{"one release without a report among others", func(f *Facts) {
			again := f.Records.Exports[0]
			f.Records.Exports[0].Report = ""
			f.Records.Exports = append(f.Records.Exports, again)
		}, "s799-release", "unknown", "", nil},
		{"an older statement of how long is kept", func(f *Facts) {
			f.Records.Retentions = append(f.Records.Retentions, register.Retention{Camera: "lift", Date: "2026-03-01", Hours: 24})
		}, "s799-17", "pass/recorded", "", nil},
		{"of one day the later statement counts", func(f *Facts) {
			f.Records.Retentions = append(f.Records.Retentions, register.Retention{Camera: "lift", Date: "2026-03-02", Hours: 24})
		}, "s799-17", "fail", "", 1},
	})
}

func complaint(day civil.Date) func(*Facts) {
	return func(f *Facts) {
		f.Records.Complaints = []register.Complaint{{Date: day}, {Date: "2026-01-01", Closed: "2026-01-02"}}
	}
}

// unfile takes a camera off the filing.
func unfile(f *Facts, id media.CameraID) {
	f.Records.Filings[0].Cameras = slices.DeleteFunc(slices.Clone(f.Records.Filings[0].Cameras), func(c media.CameraID) bool { return c == id })
}

// deviceTested has one camera's test name a device.
func deviceTested(model, firmware string) func(*Facts) {
	return func(f *Facts) { f.Records.DeviceTests[1].Model, f.Records.DeviceTests[1].Firmware = model, firmware }
}

// Of several days the first one is named.
func TestTheFirstDayDueIsNamed(t *testing.T) {
	f := mall()
	f.Records.Filings = nil
	for i, day := range []civil.Date{"2026-10-02", "2026-10-01", "2026-10-01", "2026-10-03"} {
		f.Cameras[i].Commissioned = day
	}
	if got := want(t, f, "s799-14", "warn"); got.Due != "2026-10-31" {
		t.Errorf("due %s", got.Due)
	}
	f.Cameras[0].Commissioned = "2026-09-30"
	if got := want(t, f, "s799-14", "warn"); got.Due != "2026-10-30" || got.Evidence.Key != text.FoundSystemDue {
		t.Errorf("due %s: %s", got.Due, got.Evidence.In(text.EN))
	}
	f = mall() // three are filed
	f.Cameras[3].Commissioned = "2026-10-01"
	unfile(f, "park")
	if got := want(t, f, "s799-14", "warn"); got.Due != "2026-10-31" || got.Evidence.Key != text.FoundFilingDrift {
		t.Errorf("due %s: %s", got.Due, got.Evidence.In(text.EN))
	}
}

// What people were promised may be lost: each clause that rests on it fails, and says by what.
func TestWhatMayBeLostFails(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(*GatewayFacts)
		next text.Key
	}{
		"an older store":    {func(g *GatewayFacts) { g.OlderStore = errors.New("of yesterday") }, text.NextOlderStore},
		"an unsynced store": {func(g *GatewayFacts) { g.Unstored = 2 }, text.NextUnstored},
	} {
		for _, id := range []string{"p13", "m6", "m14", "s799-16"} {
			f := withGate(mall())
			c.do(&f.Gateway)
			if got := want(t, f, id, "fail"); got.Next.Key != c.next {
				t.Errorf("%s, %s: the next step is %s", name, id, got.Next.Key)
			}
		}
	}
}

// A clause of which nothing can be checked is information, whether or not it applies.
func TestInformationStays(t *testing.T) {
	if got := (Clause{Check: "info", Applies: []Condition{"faces", "cameras"}}).Run(&Facts{Now: today}); got.Status != Info {
		t.Errorf("%s", got.Status)
	}
}

// Nobody has a consent: what is promised to those who have one does not apply.
func TestNobodyIsEnrolled(t *testing.T) {
	f := mall()
	f.Consent.People = 0
	want(t, f, "p31", "not_applicable")
	f.Consent.People = 1
	want(t, f, "p31", "pass/declared")
}

// Without cameras nothing can be found wrong but a violation.
func TestViolationsOutliveCameras(t *testing.T) {
	f := mall()
	f.Cameras = nil
	for id, kind := range map[string]ViolationKind{"p13": ViolationShown, "s799-8-1": ViolationPlace} {
		f.Violations = []Violation{{Kind: kind, Camera: "gone", Since: today}}
		want(t, f, id, "fail")
	}
	f.Records.Signs, f.Records.Assessments = nil, nil
	for _, id := range []string{"s799-13", "p55"} {
		want(t, f, id, "unknown")
	}
}

// The worse, the higher; what is not published has no rank.
func TestRanks(t *testing.T) {
	for i, s := range []Status{Pass, Warn, Unknown, Fail} {
		if s.Rank() != i+1 {
			t.Errorf("%s: %d", s, s.Rank())
		}
	}
	for _, s := range []Status{Info, NotApplicable, "", "?"} {
		if s.Rank() != 0 {
			t.Errorf("%s: %d", s, s.Rank())
		}
	}
	if said := (Line{}).In(text.EN); said != "" {
		t.Errorf("nothing is told as %q", said)
	}
}

func TestAnswersAreChecked(t *testing.T) {
	for count, good := range map[int]bool{-1: false, 0: true, 1: true, maxPeople: true, maxPeople + 1: false} {
		a := Answer{Says: Yes, Count: count}
		if err := a.Check(); (err == nil) != good || err != nil && !errors.Is(err, field.ErrInvalid) {
			t.Errorf("%d: %v", count, err)
		}
		if err := (Site{Answers: map[Question]Answer{AskFaceDevices: a}}).Check(); (err == nil) != good {
			t.Errorf("of a site, %d: %v", count, err)
		}
	}
	for q, a := range map[Question]Answer{"weather": {Says: Yes}, AskIncident: {Says: "perhaps"}, AskGrading: {}} {
		if err := (Site{Answers: map[Question]Answer{q: a}}).Check(); !errors.Is(err, field.ErrInvalid) {
			t.Errorf("%s, %q: %v", q, a.Says, err)
		}
	}
}

func TestPlacesAreKnown(t *testing.T) {
	for place, known := range map[Place]bool{"lobby": true, PublicToilet: true, "moon": false, "": false} {
		if got := place.Known(); got != known {
			t.Errorf("%q: %v", place, got)
		}
	}
}

func TestTheHostsZoneWhereNothingIsSaid(t *testing.T) {
	host := time.FixedZone("host", -5*3600)
	for _, s := range []Site{{}, {Jurisdiction: "DE"}, {TimeZone: "Mars/Base"}} {
		if got := s.Location(host); got != host {
			t.Errorf("%+v: %v", s, got)
		}
	}
}

func TestCodesOfCounties(t *testing.T) {
	for code, known := range map[string]bool{"CN-440309": true, "CN-449999": true, "CN-4403/5": false, "CN-4403:5": false, "1234": false, "4403": false, "CN-": false} {
		if _, ok := Jurisdiction(code); ok != known {
			t.Errorf("%s: %v", code, ok)
		}
	}
	if err := checkJurisdiction(strings.Repeat("x", field.MaxLine+1)); err == nil || len(err.Error()) > field.MaxLine {
		t.Errorf("what is too long is repeated: %v", err)
	}
}

func TestSameIsOfOneKindAndCamera(t *testing.T) {
	v := Violation{Kind: ViolationShown, Camera: "gate"}
	for other, same := range map[Violation]bool{{Kind: ViolationShown, Camera: "gate", Count: 3}: true, {Kind: ViolationLate, Camera: "gate"}: false, {Kind: ViolationShown, Camera: "hall"}: false} {
		if v.Same(other) != same {
			t.Errorf("%+v: %v", other, !same)
		}
	}
	v.Merge(Violation{Since: today, Last: today})
	if !v.Since.Equal(today) {
		t.Errorf("since %v, of a violation whose begin could not be read", v.Since)
	}
}

// The first assessment is before use; what was assessed after it stands beside, however
// the records lie.
func TestTheFirstAssessmentIsBeforeUse(t *testing.T) {
	f := mall()
	again := f.Records.Assessments[0]
	again.Date, again.Review = "2026-08-01", "2027-08-01"
	f.Records.Assessments = append(f.Records.Assessments, again)
	want(t, f, "p55", "pass/recorded")
	slices.Reverse(f.Records.Assessments)
	want(t, f, "p55", "pass/recorded")
}

func TestReceiptsHaveNumbers(t *testing.T) {
	f := withGate(mall())
	enrolled(f, 105_000, "2026-09-01")
	f.Records.Filings = append(f.Records.Filings, register.Filing{Of: register.FilingEnrolment, Date: "2026-09-02", Authority: "province", Scope: "two gates"})
	want(t, f, "m15", "warn")
	f.Records.Filings[1].Receipt = "9"
	want(t, f, "m15", "pass/recorded")
}

// A sign of the second layer is where the first one's link leads.
func TestOnlyTheFirstLayerLeadsOn(t *testing.T) {
	f := mall()
	f.Records.Signs = append(f.Records.Signs, register.Sign{Place: "page", Camera: "gate", Date: "2026-09-01", Layer: 2})
	want(t, f, "edpb-113", "pass/recorded")
	f.Records.Signs[0].Link = ""
	want(t, f, "edpb-113", "warn")
}

// That faces are recognised is seen whatever was said; that they are not takes an answer, for a
// year, and a mode that was chosen.
func TestWhetherFacesAreRecognised(t *testing.T) {
	answered := func(says string, day civil.Date) func(*Facts) {
		return func(f *Facts) { f.Site.Answers[AskFaceDevices] = Answer{Says: says, By: "wang", Date: day} }
	}
	for name, c := range map[string]struct {
		do   func(*Facts)
		want string
	}{
		"seen":               {func(f *Facts) { f.Gateway.FaceMatching = true }, "pass/recorded"},
		"no answer in it":    {answered("", "2026-10-01"), "unknown"},
		"no mode":            {func(f *Facts) { f.Site.Mode = "" }, "unknown"},
		"a year and a day":   {answered(No, "2025-10-14"), "not_applicable"},
		"a year and a bit":   {answered(No, "2025-10-13"), "unknown"},
		"no, by a last mode": {func(f *Facts) { f.Site.Mode = Matching }, "pass/recorded"},
	} {
		f := mall()
		c.do(f)
		f.Records.Assessments[0].MadeFor = f.Configuration()
		t.Run(name, func(t *testing.T) { want(t, f, "m9", c.want) })
	}
}

// An older version asked for the reference of the grading in a form; it still counts.
func TestGradingOfAnOlderForm(t *testing.T) {
	f := withGate(mall())
	unanswered(AskGrading)(f)
	for reference, standing := range map[string]string{"": "unknown", " ": "unknown", "GA-7": "pass/declared"} {
		f.Site.Grading = reference
		want(t, f, "m14", standing)
	}
}
