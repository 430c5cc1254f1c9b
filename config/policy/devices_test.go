package policy

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/field"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// enrolment files stored faces on a day.
func enrolment(f *Facts, d civil.Date) {
	f.Records.Filings = append(f.Records.Filings, register.Filing{Of: register.FilingEnrolment, Date: d, Authority: "province", Receipt: "9", Scope: "2 gates"})
}

// unfiled takes the filings of stored faces away.
func unfiled(f *Facts) {
	f.Records.Filings = slices.DeleteFunc(slices.Clone(f.Records.Filings), func(r register.Filing) bool { return r.Of == register.FilingEnrolment })
}

// inventory has these devices in use, and nobody answered anything of them besides.
func inventory(f *Facts, devices ...register.Device) *Facts {
	delete(f.Site.Answers, AskFaceDevices)
	f.Records.Devices = devices
	return f
}

// gateOf is a face gate with so many people since a day.
func gateOf(name string, people int, since civil.Date) register.Device {
	d := faceGate()
	d.Name, d.People, d.Since = name, &people, since
	return d
}

// bare is a device of which only this is said.
func bare(what, mode string) register.Device {
	return register.Device{Name: what, What: what, Mode: mode, Date: "2026-09-01"}
}

var faceClauses = []string{"m4", "m6", "m7", "m8", "m9", "m10", "m-voluntary", "m13-sign", "m13-place", "m14", "m15"}

// A mall with a face gate of which all is said has nothing wanting.
func TestGateBase(t *testing.T) {
	f := withGate(mall())
	for _, id := range faceClauses {
		if got := clause(t, id).Run(f); got.Status != Pass {
			t.Errorf("%s: %s: %s", id, got.Status, got.Evidence.In(text.EN))
		}
	}
	for id, standing := range map[string]string{"m4": "pass/recorded", "m8": "pass/declared", "m10": "pass/recorded", "m15": "pass/declared", "m6": "pass/declared", "p13": "pass/declared"} {
		want(t, f, id, standing)
	}
}

// Whatever was answered: a device on record that recognises faces is one.
func TestC05DevicesOnRecordDecide(t *testing.T) {
	keeps := bare(register.DeviceHeadcount, register.ModeNone)
	keeps.Templates = &is
	counts := bare(register.DeviceHeadcount, register.ModeNone)
	counts.Templates = &isNot
	gone := bare(register.DeviceGate, register.ModeIdentify)
	gone.Removed = "2026-09-30"
	for name, c := range map[string]struct {
		device register.Device
		want   string
	}{
		"verifies":            {bare(register.DeviceGate, register.ModeVerify), Yes},
		"identifies":          {bare(register.DevicePlatform, register.ModeIdentify), Yes},
		"keeps templates":     {keeps, Yes},
		"knows who returns":   {bare(register.DeviceReturning, register.ModeNone), Yes},
		"of no mode":          {bare(register.DeviceGate, ""), Yes},
		"counts":              {counts, No},
		"counts, not said":    {bare(register.DeviceHeadcount, register.ModeNone), ""},
		"was removed":         {gone, No},
		"watches, not said":   {bare(register.DeviceAttention, register.ModeNone), ""},
		"a platform, counted": {counts, No},
	} {
		f := mall()
		f.Records.Devices = []register.Device{c.device}
		if got := f.faces(); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		f.Site.Answers[AskFaceDevices] = Answer{Says: No, Date: "2025-10-13"}
		if got := f.faces(); got == No {
			t.Errorf("%s: an old no counts", name)
		}
	}
}

// C29: what of the inventory cannot be read may be a device that recognises faces.
func TestC29UnreadableInventory(t *testing.T) {
	f := mall()
	f.Records.Unreadable = []register.Kind{register.KindDevice}
	for _, id := range append(slices.Clone(faceClauses), "p13", "p31", "p26", "p55", "s799-8-1", "d10", "d11", "d16", "ai-5") {
		want(t, f, id, "unknown")
	}
	f.Cameras[0].Place = PublicToilet
	want(t, f, "s799-8-1", "fail")
}

// A camera that lets people in by their faces, as older versions asked, is a device of its own
// until one on record uses it.
func TestC05OldDoorsAreDevices(t *testing.T) {
	f := mall()
	f.Cameras[0].AccessControl = true
	want(t, f, "m10", "fail") // nothing stood in the box for the other way
	f.Cameras[0].Alternative = "card"
	if got := want(t, f, "m10", "unknown"); got.Evidence.Args[0] != "gate" {
		t.Errorf("names %v", got.Evidence.Args)
	}
	want(t, f, "m15", "unknown")
	f.Records.Devices = []register.Device{faceGate()}
	want(t, f, "m10", "pass/recorded")
	f.Records.Devices[0].Removed = "2026-10-01"
	want(t, f, "m10", "not_applicable")
}

func TestC02EachDeviceNeedsAWrittenNeed(t *testing.T) {
	f := withGate(mall())
	f.Records.Devices = append(f.Records.Devices, faceGate())
	f.Records.Devices[1].Name, f.Records.Devices[1].Milder = "south gate", "..."
	if got := want(t, f, "m4", "fail"); got.Evidence.Args[0] != "south gate" {
		t.Errorf("names %v", got.Evidence.Args)
	}
}

func TestC06PriorToEachDevice(t *testing.T) {
	f := withGate(mall())
	f.Records.Devices[0].FirstUse = "2026-02-09"
	for _, id := range []string{"m9", "p55"} {
		if got := want(t, f, id, "fail"); got.Evidence.Args[0] != "north gate" {
			t.Errorf("%s names %v", id, got.Evidence.Args)
		}
	}
}

// C10: the draft wants each use in a public place filed; as it is no law it is in no law's pack.
func TestC10DraftFilesPublicPlaces(t *testing.T) {
	f := withGate(mall())
	for _, c := range []struct {
		today    civil.Date
		standing string
	}{{"2026-04-14", "warn"}, {"2026-04-15", "fail"}, {"2026-10-15", "fail"}} {
		f.Now = noon(c.today)
		if got := want(t, f, "d16", c.standing); got.Due != "2026-04-14" {
			t.Errorf("%s: due %s", c.today, got.Due)
		}
	}
	want(t, f, "m15", "pass/declared")
	if slices.Contains(clauseIDs(Load("cn-2025")), "d16") || Load("cn-2023-draft").Kind == Law {
		t.Error("the draft colours the site")
	}
}

func TestC11bTheSumOfAllDevices(t *testing.T) {
	for _, c := range []struct {
		today    civil.Date
		standing string
	}{{"2026-10-16", "warn"}, {"2026-10-19", "warn"}, {"2026-10-20", "fail"}} {
		f := inventory(mall(), gateOf("a", 60_000, "2026-03-02"), gateOf("b", 45_000, "2026-09-01"))
		f.Now = noon(c.today)
		got := want(t, f, "m15", c.standing)
		if got.Due != "2026-10-19" || !strings.Contains(got.Evidence.In(text.EN), "105000") {
			t.Errorf("%s: due %s: %s", c.today, got.Due, got.Evidence.In(text.EN))
		}
	}
	f := inventory(mall(), gateOf("a", 60_000, "2026-03-02"), gateOf("b", 45_000, ""))
	want(t, f, "m15", "unknown") // since when there are so many
	f.Records.Devices[0].People = new(int)
	*f.Records.Devices[0].People = 100_000
	want(t, f, "m15", "fail") // overdue by one of them alone
	enrolment(f, "2026-09-02")
	want(t, f, "m15", "pass/recorded")
	f = withGate(mall()) // an answer of before that counts more than the devices on record
	f.Site.Answers[AskFaceDevices] = Answer{Says: Yes, Count: 105_000, Day: "2026-09-01", Date: "2026-10-01"}
	want(t, f, "m15", "warn")
}

func TestC11cACountThatNobodySaid(t *testing.T) {
	f := inventory(mall(), gateOf("a", 50, "2026-03-02"), gateOf("b", 0, ""))
	f.Records.Devices[1].People = nil
	if got := want(t, f, "m15", "unknown"); got.Evidence.Args[0] != "b" {
		t.Errorf("names %v", got.Evidence.Args)
	}
}

func TestC13FacesInTheCloud(t *testing.T) {
	f := withGate(mall())
	d := &f.Records.Devices[0]
	d.Storage, d.Internet, d.TransferGround = register.Remote, &is, register.GroundNone
	want(t, f, "m8", "fail")
	d.TransferGround = ""
	want(t, f, "m8", "unknown")
	d.TransferGround = register.GroundSeparate
	want(t, f, "m8", "pass/declared")
}

// C14: a device that keeps the faces of people whose consent ended.
func TestC14FacesThatStay(t *testing.T) {
	f := withGate(mall())
	f.Records.Devices[0].Deletes = &isNot
	want(t, f, "m8", "fail")
	f.Records.Devices[0].Deletes = &is
	got := want(t, f, "m8", "pass/declared")
	if name := fmt.Sprint(got.Evidence.Args[1]); !testsOfTheProject(t)[name] {
		t.Errorf("that this gateway stores none is proved by no test: %s", name)
	}
}

func TestC34NoFaceNoMembership(t *testing.T) {
	f := withGate(mall())
	f.Records.Devices[0].Tied = &is
	for _, id := range []string{"m-voluntary", "m6", "p13", "d9"} {
		want(t, f, id, "fail")
	}
	want(t, f, "m10", "pass/recorded") // there is another way in
	f.Records.Devices[0].Works = &isNot
	want(t, f, "m10", "fail")
}

// S1: a compound whose card reader is out of order, and children enrolled by the school's list.
func TestS1CompoundGate(t *testing.T) {
	f := inventory(comp(), gateOf("east gate", 3200, "2026-03-02"))
	d := &f.Records.Devices[0]
	d.Mode, d.Works, d.Bulk, d.Children, d.Guardians = register.ModeIdentify, &isNot, &is, &is, &isNot
	if got := f.faces(); got != Yes {
		t.Errorf("faces are recognised: %q", got)
	}
	for id, standing := range map[string]string{"m10": "fail", "x10": "fail", "m7": "fail", "p31": "fail", "m-voluntary": "warn", "m15": "pass/declared", "s799-14": "not_applicable"} {
		want(t, f, id, standing)
	}
	if said := want(t, f, "m15", "pass/declared").Evidence.In(text.EN); !strings.Contains(said, "3200") {
		t.Error(said)
	}
	d.Guardians, f.Consent.People = &is, 0
	want(t, f, "m7", "fail") // no rules for them
	d.ChildRules = digest
	want(t, f, "m7", "pass/recorded")
	d.ChildRules = ""
	f.Records.Documents = append(f.Records.Documents, register.Document{Of: register.RulesMinors, Date: "2026-02-01", File: digest})
	want(t, f, "m7", "pass/recorded") // those of the house
}

// x10 is of compounds alone, and there of those that recognise faces.
func TestS1ResidentsWhoRefuse(t *testing.T) {
	f := comp()
	want(t, f, "x10", "not_applicable") // no face device
	f = inventory(comp(), faceGate())
	want(t, f, "x10", "pass/recorded")
	f.Site.Kind = ""
	want(t, f, "x10", "unknown")
	f.Site.Kind = "shop"
	want(t, f, "x10", "not_applicable")
}

// S3: a shop that knows who comes again, and one that only counts.
func TestS3ShopCounts(t *testing.T) {
	returning := bare(register.DeviceReturning, register.ModeIdentify)
	returning.Templates, returning.Purpose, returning.Ground, returning.Public = &is, "sales", register.GroundNone, &is
	f := inventory(comp(), returning)
	if got := f.faces(); got != Yes {
		t.Errorf("faces are recognised: %q", got)
	}
	for _, id := range []string{"m13-sign", "p26", "m6", "d10"} {
		want(t, f, id, "fail")
	}
	counter := bare(register.DeviceHeadcount, register.ModeNone)
	counter.Templates, counter.Purpose, counter.Ground, counter.Public, counter.PrivateRoom = &isNot, "sales", register.GroundNone, &is, &isNot
	f = comp()
	f.Records.Devices = []register.Device{counter}
	if got := f.faces(); got != No {
		t.Errorf("nobody is recognised: %q", got)
	}
	want(t, f, "p26", "warn")
	want(t, f, "m13-sign", "not_applicable")
	want(t, f, "p55", "pass/recorded") // a count is nothing sensitive
	f.Records.Devices[0].Templates = nil
	want(t, f, "p26", "unknown")
	want(t, f, "m4", "unknown")
}

// S4: classrooms in which attention is scored.
func TestS4AttentionInClassrooms(t *testing.T) {
	scores := bare(register.DeviceAttention, register.ModeNone)
	scores.Templates, scores.Purpose, scores.Public, scores.PrivateRoom = &isNot, "teaching", &is, &isNot
	scores.Children, scores.Guardians, scores.FirstUse, scores.Forbidden = &is, &isNot, "2026-02-01", []string{"emotion"}
	f := mall()
	f.Cameras[1].Place = "classroom"
	f.Records.Devices = []register.Device{scores}
	for id, standing := range map[string]string{"m4": "not_applicable", "m7": "not_applicable", "p31": "fail", "p55": "fail", "p26": "fail", "d11": "fail", "ai-5": "fail"} {
		want(t, f, id, standing)
	}
	f.Records.Devices[0].Mode = register.ModeIdentify // it picks out pupils
	f.Records.Devices[0].Templates = &is
	for _, id := range []string{"m4", "m7", "m9", "p31", "p55"} {
		want(t, f, id, "fail")
	}
	f = mall()
	f.Cameras[1].Place = "classroom"
	f.Cameras[1].Necessity = ""
	want(t, f, "s799-7", "fail")
	f.Cameras[1].Necessity, f.Cameras[2].Place = "theft", "corridor"
	want(t, f, "s799-8-1", "pass/declared")
	f.Cameras[2].Place = Dormitory
	want(t, f, "s799-8-1", "fail")
}

// S10: an office whose people must show their faces.
func TestS10AttendanceThatMust(t *testing.T) {
	must := bare(register.DeviceAttendance, register.ModeIdentify)
	must.Works, must.Tied, must.FirstUse, must.PrivateRoom = &isNot, &is, "2026-02-01", &isNot
	f := office()
	f.Records.Devices = []register.Device{must}
	if got := f.faces(); got != Yes {
		t.Errorf("faces are recognised: %q", got)
	}
	for id, standing := range map[string]string{"m10": "fail", "m-voluntary": "fail", "p55": "fail", "s799-13": "not_applicable", "s799-14": "not_applicable", "s799-33": "pass/declared"} {
		want(t, f, id, standing)
	}
}

// A device inside a toilet is wrong whatever else was answered.
func TestC36DevicesInPrivateRooms(t *testing.T) {
	f := withGate(mall())
	f.Records.Devices[0].PrivateRoom = &is
	for _, id := range []string{"m13-place", "s799-8-1", "places"} {
		want(t, f, id, "fail")
	}
	f = mall()
	want(t, f, "m13-place", "pass/declared") // an inventory without one says so
	counter := bare(register.DeviceHeadcount, register.ModeNone)
	counter.Templates, counter.PrivateRoom = &isNot, &is
	f.Records.Devices = []register.Device{counter}
	want(t, f, "m13-place", "pass/declared") // it recognises nobody
	want(t, f, "s799-8-1", "fail")
	delete(f.Site.Answers, AskFaceDevices)
	f.Cameras = nil
	want(t, f, "m13-place", "unknown")
	want(t, f, "s799-8-1", "fail")
}

// What nobody says of a device any more makes no clause better.
func TestLessOfADeviceIsNeverBetter(t *testing.T) {
	fields := reflect.TypeFor[register.Device]()
	for i := range fields.NumField() {
		name := fields.Field(i).Name
		if name == "Name" { // only says which
			continue
		}
		for base, f := range map[string]*Facts{"answered": withGate(mall()), "on record": inventory(comp(), faceGate()), "no": noBut(faceGate())} {
			enrolment(f, "2026-03-02")
			before := copyOf(f)
			f.Records.Devices = slices.Clone(f.Records.Devices)
			reflect.ValueOf(&f.Records.Devices[0]).Elem().Field(i).SetZero()
			for _, p := range packs() {
				for _, c := range p.Clauses {
					if was, now := c.Run(before), c.Run(f); rank(now) < rank(was) {
						t.Errorf("%s, without %s: %s is %s, was %s", base, name, c.ID, now.Status, was.Status)
					}
				}
			}
		}
	}
}

// noBut is a mall that says no, but has a device on record.
func noBut(d register.Device) *Facts {
	f := mall()
	f.Records.Devices = []register.Device{d}
	return f
}

// The evidence names the devices, and no more of them than a line holds.
func TestEvidenceNamesDevices(t *testing.T) {
	f := inventory(mall())
	for i := range 8 {
		d := faceGate()
		d.Name, d.Works = fmt.Sprintf("%d%s", i, strings.Repeat("门", 500)), &isNot
		f.Records.Devices = append(f.Records.Devices, d)
	}
	said := want(t, f, "m10", "fail").Evidence.In(text.EN)
	if !strings.Contains(said, "0门") || !strings.Contains(said, ", +3") || strings.Contains(said, "5门") || len([]rune(said)) > 500 {
		t.Error(said)
	}
}

func TestDeviceCheck(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*register.Device)
		good   bool
	}{
		"all":       {func(*register.Device) {}, true},
		"the least": {func(d *register.Device) { *d = bare(register.DeviceGate, register.ModeVerify) }, true},
		"no name":   {func(d *register.Device) { d.Name = " " }, false},
		"what":      {func(d *register.Device) { d.What = "robot" }, false},
		"no mode":   {func(d *register.Device) { d.Mode = "" }, false},
		"no day":    {func(d *register.Device) { d.Date = "" }, false},
		"negative":  {func(d *register.Device) { n := -1; d.People = &n }, false},
		"forbidden": {func(d *register.Device) { d.Forbidden = []string{"mining"} }, false},
		"rules":     {func(d *register.Device) { d.ChildRules = "rules.pdf" }, false},
		"purpose":   {func(d *register.Device) { d.Purpose = "fun" }, false},
		"camera":    {func(d *register.Device) { d.Cameras = []media.CameraID{"Gate!"} }, false},
	} {
		d := faceGate()
		c.change(&d)
		if err := d.Check(); (err == nil) != c.good || err != nil && !errors.Is(err, field.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// C12 goes on: what was filed is filed again where devices come or go, and cancelled at the end,
// within 30 working days each (Order 19 Article 15).
func TestC12ChangesAndTheEnd(t *testing.T) {
	filed := func() *Facts {
		f := withGate(mall())
		device(func(d *register.Device) { made(d, 100_000, "2026-03-02") })(f)
		enrolment(f, "2026-03-10")
		return f
	}
	ended := func(removed civil.Date) func(*Facts) {
		return func(f *Facts) {
			f.Records.Devices[0].Removed = removed
			f.Site.Answers[AskFaceDevices] = Answer{Says: No, By: "wang", Date: "2026-10-12"}
		}
	}
	another := func(first, removed civil.Date) func(*Facts) {
		return func(f *Facts) {
			d := faceGate()
			d.Name, d.FirstUse, d.Removed = "south gate", first, removed
			f.Records.Devices = append(f.Records.Devices, d)
		}
	}
	cancelled := func(day civil.Date, receipt string) func(*Facts) {
		return func(f *Facts) {
			f.Records.Filings = append(f.Records.Filings, register.Filing{Of: register.FilingEnrolmentEnd, Date: day, Receipt: receipt, Authority: "CAC"})
		}
	}
	for name, c := range map[string]struct {
		do   []func(*Facts)
		want string
		due  civil.Date
		says string
	}{
		"as it was filed":                                {nil, "pass/recorded", "", "2026-03-10"},
		"a gate more":                                    {[]func(*Facts){another("2026-10-09", "")}, "warn", "2026-11-19", "first on 2026-10-09"},
		"a gate more on the day of the filing":           {[]func(*Facts){another("2026-03-10", "")}, "pass/recorded", "", ""},
		"a gate more, long ago":                          {[]func(*Facts){another("2026-08-03", "")}, "fail", "2026-09-14", "2026-08-03"},
		"a gate more, filed again":                       {[]func(*Facts){another("2026-08-03", ""), func(f *Facts) { enrolment(f, "2026-08-20") }}, "pass/recorded", "", "2026-08-20"},
		"a gate less":                                    {[]func(*Facts){another("2026-03-02", "2026-10-09")}, "warn", "2026-11-19", "2026-10-09"},
		"two changes: the first counts":                  {[]func(*Facts){another("2026-10-09", ""), another("2026-08-03", "")}, "fail", "2026-09-14", "2026-08-03"},
		"two changes, the first entered first":           {[]func(*Facts){another("2026-08-03", ""), another("2026-10-09", "")}, "fail", "2026-09-14", "2026-08-03"},
		"the last day":                                   {[]func(*Facts){another("2026-08-28", "")}, "warn", "2026-10-15", "2026-08-28"},
		"cancelled on the day of the filing":             {[]func(*Facts){ended("2026-08-03"), cancelled("2026-03-10", "9")}, "not_applicable", "", ""},
		"a count of heads more":                          {[]func(*Facts){another("2026-08-03", ""), func(f *Facts) { counter(&f.Records.Devices[1]) }}, "pass/recorded", "", ""},
		"the end":                                        {[]func(*Facts){ended("2026-10-09")}, "warn", "2026-11-19", "ended on 2026-10-09"},
		"the end, long ago":                              {[]func(*Facts){ended("2026-08-03")}, "fail", "2026-09-14", "ended on 2026-08-03"},
		"the end, and a count of heads taken away later": {[]func(*Facts){ended("2026-08-03"), another("2026-03-02", "2026-10-09"), func(f *Facts) { counter(&f.Records.Devices[1]) }}, "fail", "2026-09-14", "ended on 2026-08-03"},
		"the end, of which no device tells":              {[]func(*Facts){ended(""), func(f *Facts) { f.Records.Devices = nil }}, "warn", "2026-11-23", "ended on 2026-10-12"},
		"the end, cancelled":                             {[]func(*Facts){ended("2026-08-03"), cancelled("2026-08-20", "9")}, "not_applicable", "", ""},
		"the end, handed in without a receipt":           {[]func(*Facts){ended("2026-08-03"), cancelled("2026-08-20", "")}, "fail", "", ""},
		"cancelled before it was filed":                  {[]func(*Facts){cancelled("2026-03-09", "9"), ended("2026-08-03")}, "fail", "", ""},
		"cancelled, and in use":                          {[]func(*Facts){cancelled("2026-04-20", "9")}, "fail", "2026-04-14", "100000"},
		"the holidays of the year are not known":         {[]func(*Facts){another("2026-10-09", ""), func(f *Facts) { f.Calendar = civil.Calendar{} }}, "unknown", "", ""},
	} {
		f := filed()
		for _, do := range c.do {
			do(f)
		}
		got := want(t, f, "m15", c.want)
		if said := got.Evidence.In(text.EN); c.due != "" && got.Due != c.due || !strings.Contains(said, c.says) {
			t.Errorf("%s: due %s, want %s: %s", name, got.Due, c.due, said)
		}
	}
}
