package register

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/config/field"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// someHash is a hash of nothing in particular.
var someHash = strings.Repeat("ab", 32)

// C24: what is dated after today is refused, but for when something is due.
func TestC24FutureDatesAreRefused(t *testing.T) {
	const today, tomorrow = "2026-10-15", "2026-10-16"
	for _, c := range []struct {
		rec  Record
		want string // the field that is refused
	}{
		{Sign{Date: today}, ""}, {Sign{Date: tomorrow}, "date"}, {&Sign{Date: tomorrow}, "date"},
		{DeviceTest{Date: tomorrow}, "date"}, {Filing{Date: tomorrow}, "date"}, {Retention{Date: tomorrow}, "date"}, {Export{Date: tomorrow}, "date"},
		{Inspection{Date: tomorrow}, "date"}, {Inspection{Date: today, Reported: tomorrow}, "reported"},
		{Complaint{Date: today, Closed: tomorrow}, "closed"}, {Complaint{Date: today}, ""},
		{Assessment{Date: tomorrow, Review: "2027-10-15"}, "date"}, {Assessment{Date: today, Review: "2027-10-15"}, ""},
	} {
		err := NotAfter(c.rec, today)
		if (err == nil) != (c.want == "") {
			t.Errorf("%+v: %v", c.rec, err)
		}
		if c.want != "" && (!errors.Is(err, field.ErrInvalid) || !strings.HasPrefix(text.Explain(text.EN, err), c.want+" is "+tomorrow)) {
			t.Errorf("%+v: %v", c.rec, err)
		}
	}
}

// Each kind that says when something happened has its dates looked at: a new one is not
// forgotten.
func TestC24EveryKindIsLookedAt(t *testing.T) {
	var all Records
	var dated []Kind
	for _, k := range Kinds {
		i := slices.IndexFunc(Fields(k), func(f Field) bool { return f.Type == "date" && !f.Later })
		if i < 0 {
			continue
		}
		dated = append(dated, k)
		for _, day := range []string{"2026-10-16", "2026-10-15"} {
			if err := all.Add(k, fmt.Appendf(nil, `{%q: %q}`, Fields(k)[i].Name, day)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if undated := len(Kinds) - len(dated); undated != 1 { // a contract may begin and end later
		t.Errorf("%d kinds without a day", undated)
	}
	got := all.Until("2026-10-15")
	if !slices.Equal(got.Ahead, dated) {
		t.Errorf("of %v only %v", dated, got.Ahead)
	}
	if said := fmt.Sprintf("%+v", got); strings.Contains(said, "2026-10-16") || strings.Count(said, "2026-10-15") != len(dated) {
		t.Error(said)
	}
	if again := all.Until("2026-10-16"); len(again.Ahead) != 0 || len(again.Signs) != 2 {
		t.Errorf("a day later: %+v", again)
	}
}

// What is entered says what it is about: nothing stands for all or for yes by being empty.
func TestRecordsSayWhatTheyCover(t *testing.T) {
	sign := Sign{Place: "gate", Cameras: []media.CameraID{"gate"}, Date: "2026-01-01", Photo: someHash, Layer: 1}
	system := Filing{Of: FilingSystem, Date: "2026-01-01", Authority: "county police", Receipt: "5", Cameras: []media.CameraID{"gate"}}
	enrolment := Filing{Of: FilingEnrolment, Date: "2026-01-01", Authority: "province", Receipt: "5", Scope: "2 gates, 105,000 people"}
	complaint := Complaint{Date: "2026-01-01", Content: "too bright", Closed: "2026-01-02", Answer: "dimmed"}
	for what, c := range map[string]struct {
		rec  Record
		good bool
	}{
		"a sign":                      {sign, true},
		"a sign for all":              {with(sign, func(s *Sign) { s.Cameras = nil }), false},
		"a sign as it was":            {with(sign, func(s *Sign) { s.Cameras, s.Camera = nil, "gate" }), false},
		"a sign for nonsense":         {with(sign, func(s *Sign) { s.Cameras[0] = "Gate!" }), false},
		"a sign for an empty name":    {with(sign, func(s *Sign) { s.Cameras[0] = "" }), false},
		"keeping for all":             {Retention{Date: "2026-01-01", Hours: 720}, false},
		"C19: a filing":               {system, true},
		"C19: a filing without list":  {with(system, func(f *Filing) { f.Cameras = nil }), false},
		"C19: by nobody":              {with(system, func(f *Filing) { f.Authority = "" }), false},
		"no receipt yet":              {with(system, func(f *Filing) { f.Receipt = "" }), true},
		"an enrolment":                {enrolment, true},
		"an enrolment of what":        {with(enrolment, func(f *Filing) { f.Scope = "" }), false},
		"C16: a closed complaint":     {complaint, true},
		"C16: closed without answer":  {with(complaint, func(c *Complaint) { c.Answer = " " }), false},
		"C16: open, with an interim":  {with(complaint, func(c *Complaint) { c.Closed = "" }), true},
		"C16: open without an answer": {with(complaint, func(c *Complaint) { c.Closed, c.Answer = "", "" }), true},
	} {
		if err := c.rec.Check(); (err == nil) != c.good {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// C08: footage that served another purpose is closed by a record of it, not by saying that
// it served public safety.
func TestC08ExportForAnotherPurposeIsClosed(t *testing.T) {
	closed := Export{Date: "2026-01-01", Requester: "internal", Reason: "r", Content: "c", Unit: "u", Name: "n", Purpose: "traffic", Closed: "2026-01-05", Cause: "asked by phone", Measure: "the copy came back", Document: someHash}
	if err := closed.Check(); err != nil {
		t.Error(err)
	}
	for what, f := range map[string]func(*Export){
		"no day":      func(e *Export) { e.Closed = "" },
		"no cause":    func(e *Export) { e.Cause = " " },
		"no measure":  func(e *Export) { e.Measure = "" },
		"no document": func(e *Export) { e.Document = "" },
	} {
		if err := with(closed, f).Check(); !errors.Is(err, field.ErrInvalid) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// with is a copy of a record that f changes.
func with[R any](rec R, f func(*R)) R {
	if s, ok := any(&rec).(*Sign); ok {
		s.Cameras = slices.Clone(s.Cameras)
	}
	f(&rec)
	return rec
}

func TestCovers(t *testing.T) {
	for _, c := range []struct {
		one  media.CameraID
		list []media.CameraID
		want bool
	}{{"", nil, false}, {"gate", nil, true}, {"hall", nil, false}, {"", []media.CameraID{"hall", "gate"}, true}, {"", []media.CameraID{"hall"}, false}} {
		if got := (Sign{Camera: c.one, Cameras: c.list}).Covers("gate"); got != c.want {
			t.Errorf("a sign for %q and %v: %v", c.one, c.list, got)
		}
		if got := (Retention{Camera: c.one, Cameras: c.list}).Covers("gate"); got != c.want {
			t.Errorf("a statement on %q and %v: %v", c.one, c.list, got)
		}
	}
}

// C15: whether a device passed is said, or the record is refused.
func TestDecode(t *testing.T) {
	for body, good := range map[string]bool{
		`{"camera": "gate", "date": "2026-01-01", "passed": false}`: true,
		`{"camera": "gate", "date": "2026-01-01", "passed": true}`:  true,
		`{"camera": "gate", "date": "2026-01-01"}`:                  false,
		`{"camera": "gate", "passed": true, "pased": true}`:         false,
		`{"camera": "gate", "date": "2026-01-01", "passed": null}`:  false,
		`[]`: false, ``: false,
	} {
		rec, err := Decode(KindDeviceTest, []byte(body))
		if (err == nil) != good {
			t.Errorf("%s: %+v, %v", body, rec, err)
		}
	}
	if _, err := Decode("diary", []byte("{}")); !errors.Is(err, field.ErrInvalid) {
		t.Error(err)
	}
	// Flags of other kinds may be left out: they are a no.
	if _, err := Decode(KindExport, []byte(`{"date": "2026-01-01"}`)); err != nil {
		t.Error(err)
	}
}
