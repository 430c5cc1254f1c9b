package policy

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// The bases of the law's cases: each case changes one thing of one of them.
func mall() *Facts {
	f := good()
	f.Site.Mode = DetectOnly
	f.Cameras = nil
	var ids []media.CameraID
	for _, id := range []media.CameraID{"gate", "hall", "lift", "park"} {
		ids = append(ids, id)
		f.Cameras = append(f.Cameras, CameraFacts{ID: id, Capture: true, Camera: Camera{Place: "entrance", Purpose: register.PublicSafety, Necessity: "theft", Model: "M", Firmware: "F", Certificate: "C", Commissioned: "2026-03-02"}})
	}
	f.Records.Signs, f.Records.Retentions, f.Records.DeviceTests, f.Records.Devices = nil, nil, nil, nil
	for _, id := range ids {
		f.Records.Signs = append(f.Records.Signs, register.Sign{Place: "at " + string(id), Camera: id, Date: "2026-09-01", Layer: 1, Link: "https://example.org"})
		f.Records.Retentions = append(f.Records.Retentions, register.Retention{Camera: id, Date: "2026-03-02", Hours: 720})
		f.Records.DeviceTests = append(f.Records.DeviceTests, register.DeviceTest{Camera: id, Date: "2026-03-01", Passed: true})
	}
	f.Records.Filings = []register.Filing{{Of: register.FilingSystem, Date: "2026-03-20", Receipt: "7", Cameras: ids}}
	addRegisters(f)
	f.Records.Assessments = []register.Assessment{{Date: "2026-02-10", Review: "2027-02-10"}}
	madeFor(f)
	return f
}

func comp() *Facts { return ofKind(ResidentialCompound) }

func office() *Facts { return ofKind("closed-office") }

func ofKind(kind SiteKind) *Facts {
	f := mall()
	f.Site.Kind, f.Site.Class = kind, kind.Class()
	madeFor(f)
	return f
}

// withGate is a mall that recognises faces at a gate.
func withGate(f *Facts) *Facts {
	f.Site.Answers[AskFaceDevices] = Answer{Says: Yes, Count: 50, Day: "2026-03-02", By: "wang", Date: "2026-10-01"}
	f.Records.Devices = []register.Device{faceGate()}
	madeFor(f)
	return f
}

// clause finds one of the packs' clauses.
func clause(t *testing.T, id string) Clause {
	t.Helper()
	for _, p := range packs() {
		for _, c := range p.Clauses {
			if c.ID == id {
				return c
			}
		}
	}
	t.Fatalf("there is no clause %s", id)
	return Clause{}
}

// want compares how a clause stands, such as "fail" or "pass/recorded".
func want(t *testing.T, f *Facts, id, standing string) Finding {
	t.Helper()
	got := clause(t, id).Run(f)
	said := string(got.Status)
	if got.Basis != "" {
		said += "/" + string(got.Basis)
	}
	if said != standing {
		t.Errorf("%s: %s, want %s: %s", id, said, standing, got.Evidence.In(text.EN))
	}
	return got
}

func TestBases(t *testing.T) {
	for name, f := range map[string]*Facts{"mall": mall(), "comp": comp(), "office": office()} {
		for _, p := range packs() {
			if p.ID != "cn-2025" {
				continue
			}
			for _, c := range p.Clauses {
				if got := c.Run(f); got.Status == Fail || got.Status == Unknown || got.Status == Warn {
					t.Errorf("%s: %s: %s: %s", name, c.ID, got.Status, got.Evidence.In(text.EN))
				}
			}
		}
	}
}

func TestC02NeedOfEachCamera(t *testing.T) {
	for _, need := range []string{"", "...", " "} {
		f := mall()
		f.Cameras[1].Necessity = need
		want(t, f, "s799-7", "fail")
		want(t, f, "m4", "not_applicable")
	}
}

func TestC04SignsCoverWhatTheyList(t *testing.T) {
	f := mall()
	f.Records.Signs = []register.Sign{{Place: "door", Date: "2026-09-01", Layer: 1}}
	want(t, f, "s799-13", "fail")
}

func TestC04bALaterCameraIsNotCovered(t *testing.T) {
	f := mall()
	f.Cameras = append(f.Cameras, CameraFacts{ID: "roof", Capture: true})
	if got := want(t, f, "s799-13", "fail"); got.Evidence.Args[0] != "roof" {
		t.Errorf("names %v", got.Evidence.Args)
	}
}

func TestC05NoBoxIsNoAnswer(t *testing.T) {
	f := comp()
	unanswered(AskFaceDevices)(f)
	for _, id := range []string{"m10", "m4", "m8", "m9", "m14", "m15"} {
		want(t, f, id, "unknown")
	}
}

func TestC05bNoIsAnAnswer(t *testing.T) {
	f := comp()
	f.Site.Answers[AskFaceDevices] = Answer{Says: No, By: "wang", Date: "2026-10-01"}
	if got := want(t, f, "m10", "not_applicable"); !slices.Equal(got.Evidence.Args, []any{"wang", "2026-10-01"}) {
		t.Errorf("names %v", got.Evidence.Args)
	}
	f.Site.Answers[AskFaceDevices] = Answer{Says: No, By: "wang", Date: "2025-10-01"}
	want(t, f, "m10", "unknown") // an inventory counts for a year
}

func TestC06PriorMeansBeforeFirstUse(t *testing.T) {
	f := withGate(mall())
	want(t, f, "m9", "pass/recorded")
	f.Records.Assessments[0].Date = "2026-04-01"
	want(t, f, "m9", "fail")
}

func TestC11BadgesAreNoFaceInformation(t *testing.T) {
	f := mall()
	f.Consent.People = 100_050
	want(t, f, "m15", "not_applicable")
	f = withGate(mall())
	enrolled(f, 0, "")
	want(t, f, "m15", "unknown")
}

func TestC12AnOldReceiptFilesSomethingElse(t *testing.T) {
	f := withGate(mall())
	enrolled(f, 105_000, "2026-09-01")
	f.Records.Filings = append(f.Records.Filings, register.Filing{Of: register.FilingEnrolment, Date: "2025-07-10", Receipt: "9"})
	want(t, f, "m15", "warn")
}

func TestC15TheNewestTestDecides(t *testing.T) {
	f := mall()
	f.Records.DeviceTests = append(f.Records.DeviceTests, register.DeviceTest{Camera: "lift", Date: "2026-08-01"})
	id := "device-test"
	if got := want(t, f, id, "warn"); got.Evidence.Args[0] != "lift" {
		t.Errorf("names %v", got.Evidence.Args)
	}
	f.Records.DeviceTests = append(f.Records.DeviceTests, register.DeviceTest{Camera: "lift", Date: "2026-08-01", Passed: true})
	want(t, f, id, "warn") // the same day: the failure counts
	f.Records.DeviceTests = append(f.Records.DeviceTests, register.DeviceTest{Camera: "lift", Date: "2026-08-02", Passed: true})
	want(t, f, id, "pass/recorded")
}

func TestC15bAnotherDevice(t *testing.T) {
	f := mall()
	f.Records.DeviceTests[2].Model, f.Records.DeviceTests[2].Firmware = "M", "F"
	want(t, f, "device-test", "pass/recorded")
	f.Cameras[2].Model = "N"
	if got := want(t, f, "device-test", "unknown"); got.Evidence.Args[0] != "lift" {
		t.Errorf("names %v", got.Evidence.Args)
	}
}

func TestC16OpenComplaintsCount(t *testing.T) {
	f := mall()
	f.Records.Complaints = []register.Complaint{{Date: "2026-09-20"}}
	if got := want(t, f, "m-complaints", "warn"); got.Evidence.Args[0] != 25 {
		t.Errorf("tells %v", got.Evidence.Args)
	}
}

func TestC18AnEmptyRegisterIsNoProcedure(t *testing.T) {
	f := mall()
	f.Records.Exports, f.Records.Quiets = nil, nil
	want(t, f, "s799-16", "unknown")
	want(t, f, "sz-procedure", "unknown")
	f.Gateway.SharedAccount = true
	want(t, f, "s799-16", "fail")
}

func TestC20FirstUseIsNotTheDayItWasAdded(t *testing.T) {
	f := mall()
	f.Cameras[3].Commissioned = ""
	f.Records.Filings[0].Cameras = f.Records.Filings[0].Cameras[:3]
	want(t, f, "s799-14", "unknown")
}

func TestC20cNoCameraIsNoPass(t *testing.T) {
	f := mall()
	f.Cameras = nil
	for _, id := range []string{"s799-7", "s799-8-1", "s799-13", "s799-14", "s799-17", "p6", "p13", "p55", "device-test"} {
		want(t, f, id, "unknown")
	}
}

func TestC23SharedLogins(t *testing.T) {
	f := withGate(mall())
	f.Gateway.SharedAccount = true
	want(t, f, "s799-16", "fail")
	want(t, f, "m14", "warn")
}

func TestC23bSharedLoginsOfAnOffice(t *testing.T) {
	f := office()
	f.Gateway.SharedAccount = true
	want(t, f, "s799-16", "not_applicable")
	want(t, f, "p51", "warn")
}

func TestC27InapplicableIsNoPass(t *testing.T) {
	f := comp()
	f.Records.Filings, f.Records.Retentions, f.Records.Exports = nil, nil, nil
	for _, id := range []string{"s799-14", "s799-16", "s799-17"} {
		if got := want(t, f, id, "not_applicable"); got.Evidence.In(text.EN) == "" {
			t.Errorf("%s does not say why", id)
		}
	}
}

func TestC28ConstantsAreByDesign(t *testing.T) {
	for _, id := range []string{"d10", "d11", "edpb-103", "ai-5", "m4-unrelated"} {
		if got := want(t, mall(), id, "pass/design"); len(got.Evidence.Args) == 0 {
			t.Errorf("%s names no test", id)
		}
	}
	have := testsOfTheProject(t)
	for _, p := range packs() {
		for _, c := range p.Clauses {
			if got := c.Run(c.at()); got.Basis == Design && !have[fmt.Sprint(got.Evidence.Args[len(got.Evidence.Args)-1])] {
				t.Errorf("%s/%s names a test that does not exist: %v", p.ID, c.ID, got.Evidence.Args)
			}
		}
	}
}

// testsOfTheProject are the names of all tests in it.
func testsOfTheProject(t *testing.T) map[string]bool {
	t.Helper()
	name := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	have := map[string]bool{}
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		b, err := os.ReadFile(path)
		for _, found := range name.FindAllSubmatch(b, -1) {
			have[string(found[1])] = true
		}
		return err
	})
	if err != nil || !have[t.Name()] {
		t.Fatalf("%d tests, %v", len(have), err)
	}
	return have
}

func TestC38ReportAtOnce(t *testing.T) {
	f := mall()
	one := 1
	f.Records.Inspections = append(f.Records.Inspections, register.Inspection{Date: "2026-10-01", Found: "in toilet 3", Cameras: &one})
	want(t, f, "s799-8-2", "fail")
	f.Records.Inspections = append([]register.Inspection{{Date: "2025-01-01", Found: "?"}}, f.Records.Inspections...)
	want(t, f, "s799-8-2", "fail") // an old one that says less hides nothing
	f.Records.Inspections = f.Records.Inspections[1:]
	f.Records.Inspections[1].Reported = "2026-10-02"
	want(t, f, "s799-8-2", "warn")
	f.Records.Inspections[1].Reported = "2026-10-01"
	want(t, f, "s799-8-2", "pass/recorded")
}

func TestC39KeyTargetsKeep90Days(t *testing.T) {
	f := mall()
	answer(f, AskKeyTarget, Yes)
	want(t, f, "s799-17", "fail")
}

func TestC41ATickIsNoMask(t *testing.T) {
	f := mall()
	f.Records.Exports[0].Report = ""
	want(t, f, "s799-release", "unknown")
	f.Records.Exports[0].Masked = false
	want(t, f, "s799-release", "fail")
}

func TestC42TheNeighbourConsentsFirst(t *testing.T) {
	f := mall()
	f.Site.Answers[AskSecretNeighbour] = Answer{Says: Yes, Note: "doc 5", Day: "2026-03-03"}
	want(t, f, "s799-10", "fail")
	f.Site.Answers[AskSecretNeighbour] = Answer{Says: Yes, Note: "doc 5", Day: "2026-03-01"}
	want(t, f, "s799-10", "pass/declared")
	f.Cameras[0].Commissioned = ""
	want(t, f, "s799-10", "unknown")
}

func TestC24RecordsDatedAheadDoNotCount(t *testing.T) {
	f := mall()
	f.Records.Ahead = []register.Kind{register.KindInspection}
	want(t, f, "s799-8-2", "unknown")
	want(t, f, "s799-17", "pass/recorded")
}

func TestC29UnreadableIsNotAbsent(t *testing.T) {
	f := mall()
	f.Records.Unreadable = []register.Kind{register.KindSign}
	if got := want(t, f, "s799-13", "unknown"); got.Evidence.In(text.EN) == "" {
		t.Error("the evidence does not say which")
	}
	f.Records.Signs = nil // the one that cannot be read was all there was
	want(t, f, "s799-13", "unknown")
	f.Cameras[0].Capture = false
	want(t, f, "s799-13", "fail") // what is wrong all the same stays so
	for check := range restsOn {
		if checks[check] == nil {
			t.Errorf("there is no check %s", check)
		}
	}
}

// An empty site has nothing green, and no clause of a constant has.
func TestAnEmptySiteIsNotGreen(t *testing.T) {
	for _, p := range packs() {
		for _, c := range p.Clauses {
			for name, f := range map[string]*Facts{"empty": {Now: today}, "a site without cameras": {Now: today, Site: mall().Site}} {
				if got := c.Run(f); got.Basis == Measured && name == "empty" {
					t.Errorf("%s, %s/%s: green", name, p.ID, c.ID)
				}
			}
		}
	}
}

// rank orders statuses for the properties: what does not apply and what is information are
// neither better nor worse than a pass.
func rank(f Finding) int { return max(f.Status.Rank(), Pass.Rank()) }

// Taking a fact away never makes a clause better, and neither does one more camera of which
// nobody said anything.
func TestLessIsNeverBetter(t *testing.T) {
	less := map[string]func(*Facts){
		"a sign":       func(f *Facts) { f.Records.Signs = f.Records.Signs[1:] },
		"a filing":     func(f *Facts) { f.Records.Filings = nil },
		"a test":       func(f *Facts) { f.Records.DeviceTests = f.Records.DeviceTests[1:] },
		"a retention":  func(f *Facts) { f.Records.Retentions = f.Records.Retentions[1:] },
		"the register": func(f *Facts) { f.Records.Exports = nil },
		"quiet months": func(f *Facts) { f.Records.Quiets = nil },
		"processing":   func(f *Facts) { f.Records.Processings = f.Records.Processings[1:] },
		"the notice":   func(f *Facts) { f.Records.Notices = nil },
		"a training":   func(f *Facts) { f.Records.Trainings = nil },
		"a document":   func(f *Facts) { f.Records.Documents = f.Records.Documents[1:] },
		"a recorder":   func(f *Facts) { f.Records.Recorders = nil },
		"a contract":   func(f *Facts) { f.Records.Contracts = nil },
		"assessments":  func(f *Facts) { f.Records.Assessments = nil },
		"inspections":  func(f *Facts) { f.Records.Inspections = nil },
		"the class":    func(f *Facts) { f.Site.Class = "" },
		"the kind":     func(f *Facts) { f.Site.Kind = "" },
		"who runs it":  func(f *Facts) { f.Site.Entitled = "" },
		"the rule":     func(f *Facts) { f.Site.NationalRule = "" },
		"walks":        func(f *Facts) { f.Records.Walks = nil },
		"grounds":      func(f *Facts) { f.Records.Grounds = nil },
		"a firmware":   func(f *Facts) { f.Cameras[0].Firmware = "" },
		"the mode":     func(f *Facts) { f.Site.Mode = "" },
		"the contact":  func(f *Facts) { f.Site.Contact = "" },
		"a place":      func(f *Facts) { f.Cameras[0].Place = "" },
		"a purpose":    func(f *Facts) { f.Cameras[0].Purpose = "" },
		"a need":       func(f *Facts) { f.Cameras[0].Necessity = "" },
		"a first use":  func(f *Facts) { f.Cameras[0].Commissioned = "" },
		"a zone":       func(f *Facts) { f.Cameras[0].Capture = false },
		"a model":      func(f *Facts) { f.Cameras[0].Model = "" },
		"all but what a gate is": func(f *Facts) {
			if n := len(f.Records.Devices); n > 1 {
				d := &f.Records.Devices[n-1]
				*d = register.Device{Name: d.Name, What: d.What, Mode: d.Mode, Date: d.Date}
			}
		},
		"and a camera": func(f *Facts) { f.Cameras = append(f.Cameras, CameraFacts{ID: "roof"}) },
	}
	for _, q := range Questions {
		less["the answer on "+string(q)] = unanswered(q)
	}
	less["the answer on processors"] = func(f *Facts) { // a yes without a contract reports trouble
		if f.says(AskProcessors) == No {
			unanswered(AskProcessors)(f)
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		make := []func() *Facts{mall, comp, office, func() *Facts { return withGate(mall()) }, func() *Facts { return withContractor(mall()) }, hotel, shopEU}[r.IntN(7)]
		before, after := make(), make()
		var done []string
		for name, do := range less {
			if r.IntN(12) == 0 {
				do(before)
				do(after)
				done = append(done, name)
			}
		}
		for name, do := range less {
			if slices.Contains(done, name) {
				continue
			}
			f := copyOf(after)
			do(f)
			for _, p := range packs() {
				if before.Site.Jurisdiction == "DE" && p.ID != "eu-gdpr" {
					continue // what is kept for days there is no trouble
				}
				for _, c := range p.Clauses {
					if was, is := c.Run(before), c.Run(f); rank(is) < rank(was) {
						t.Fatalf("%s/%s: %s without %v, %s without %s as well", p.ID, c.ID, was.Status, done, is.Status, name)
					}
				}
			}
		}
	}
}

// copyOf is deep where the changes above reach.
func copyOf(f *Facts) *Facts {
	c := *f
	c.Cameras = slices.Clone(f.Cameras)
	c.Records.Devices = slices.Clone(f.Records.Devices)
	c.Site.Answers = map[Question]Answer{}
	for q, a := range f.Site.Answers {
		c.Site.Answers[q] = a
	}
	return &c
}
