package policy

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/field"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

func yes(v bool) *bool { return &v }

// closing is one with all that any violation asks for.
func closing(change func(*Closing)) *Closing {
	c := &Closing{Time: today, Account: "boss", Cause: "a lost badge", Measure: "the badge is locked", File: digest, FootageDeleted: yes(true), Police: "P-77"}
	if change != nil {
		change(c)
	}
	return c
}

func TestClosingCheck(t *testing.T) {
	for name, c := range map[string]struct {
		do        func(*Closing)
		face, wet bool // taken for a face that was shown, for a prohibited place
	}{
		"all":           {nil, true, true},
		"no cause":      {func(c *Closing) { c.Cause = " " }, false, false},
		"no measure":    {func(c *Closing) { c.Measure = "" }, false, false},
		"no proof":      {func(c *Closing) { c.File = "" }, false, false},
		"another proof": {func(c *Closing) { c.File = "photo.jpg" }, false, false},
		"two lines":     {func(c *Closing) { c.Cause = "a\nb" }, false, false},
		"no police":     {func(c *Closing) { c.Police = "" }, true, false},
		"no statement":  {func(c *Closing) { c.FootageDeleted = nil }, true, false},
		"not deleted":   {func(c *Closing) { c.FootageDeleted = yes(false) }, true, true},
	} {
		for kind, good := range map[ViolationKind]bool{ViolationShown: c.face, ViolationLate: c.face, ViolationPlace: c.wet} {
			if err := closing(c.do).Check(kind); (err == nil) != good || err != nil && !errors.Is(err, field.ErrInvalid) {
				t.Errorf("%s, %s: %v", name, kind, err)
			}
		}
	}
}

// One that is open fails its clause, whatever became of the camera, and says which
// camera, where and since when; a closed one does not, though what was measured in this
// run stays.
func TestOpenViolationsFail(t *testing.T) {
	shanghai := time.FixedZone("", 8*3600)
	since := time.Date(2026, 9, 15, 2, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		check string
		do    func(*Facts, *Violation)
		want  Status
		says  string
	}{
		"a face, camera there": {"consent", func(_ *Facts, v *Violation) { v.Kind = ViolationShown }, Fail, "camera gate (public toilet), faces shown without a valid token, since 2026-09-15 10:00:00, seen 3 times"},
		"a face, camera gone":  {"consent", func(f *Facts, v *Violation) { f.Cameras, v.Kind = nil, ViolationShown }, Fail, "camera gate"},
		"a late withdrawal":    {"consent", func(_ *Facts, v *Violation) { v.Kind = ViolationLate }, Fail, "camera gate"},
		"another clause's":     {"consent", func(_ *Facts, v *Violation) { v.Kind = ViolationPlace }, Pass, ""},
		"a face, closed": {"consent", func(f *Facts, v *Violation) {
			v.Kind, v.Closing, f.Consent.ShownWithoutToken = ViolationShown, closing(nil), 3
		}, Pass, ""},
		"late, closed": {"consent", func(f *Facts, v *Violation) {
			v.Kind, v.Closing, f.Consent.RevokedFor = ViolationLate, closing(nil), time.Minute
		}, Pass, ""},
		"a face, nothing on record": {"consent", func(f *Facts, v *Violation) {
			v.Kind, v.Closing, f.Consent.ShownWithoutToken = ViolationLate, closing(nil), 3
		}, Fail, "3"},
		"a place, camera there":     {"prohibited_place", func(f *Facts, v *Violation) { v.Kind, f.Cameras[0].Place = ViolationPlace, PublicToilet }, Fail, "since 2026-09-15 10:00:00"},
		"C17, a place, camera gone": {"prohibited_place", func(f *Facts, v *Violation) { v.Kind, f.Cameras = ViolationPlace, nil }, Fail, "camera gate (public toilet)"},
		"a place, another camera":   {"prohibited_place", func(_ *Facts, v *Violation) { v.Kind = ViolationPlace }, Fail, "camera gate (public toilet)"},
		"a place, closed":           {"prohibited_place", func(_ *Facts, v *Violation) { v.Kind, v.Closing = ViolationPlace, closing(nil) }, Pass, ""},
		"closed, and there again": {"prohibited_place", func(f *Facts, v *Violation) {
			v.Kind, v.Closing, f.Cameras[0].Place = ViolationPlace, closing(nil), PublicToilet
		}, Fail, "gate"},
		"one that cannot be read":    {"prohibited_place", func(_ *Facts, v *Violation) { *v = Violation{ID: "00000001", Kind: ViolationPlace} }, Fail, "since ?"},
		"a place not said any more":  {"prohibited_place", func(f *Facts, v *Violation) { v.Kind, f.Cameras[0].Place = ViolationPlace, "" }, Fail, "camera gate"},
		"a face, place never stated": {"consent", func(_ *Facts, v *Violation) { v.Kind, v.Place = ViolationShown, "" }, Fail, "camera gate (not stated)"},
	} {
		f := good()
		f.Now = f.Now.In(shanghai)
		v := Violation{ID: "00000001", Camera: "gate", Place: PublicToilet, Since: since, Last: since.Add(time.Minute), Count: 3}
		c.do(f, &v)
		f.Violations = []Violation{v}
		got := checks[c.check](f, nil)
		if got.Status != c.want || !strings.Contains(got.Evidence.In(text.EN), c.says) || c.want == Fail && got.Next.In(text.ZhCN) == "" {
			t.Errorf("%s: %s, %q", name, got.Status, got.Evidence.In(text.EN))
		}
	}
}

func TestViolationMerge(t *testing.T) {
	v := Violation{Kind: ViolationShown, Camera: "gate", Since: today, Last: today, Count: 1}
	v.Merge(Violation{Place: "lobby", Since: today.Add(-time.Hour), Last: today.Add(-time.Minute), Count: 2, Seconds: 3})
	v.Merge(Violation{Place: "shop", Since: today.Add(time.Hour), Last: today.Add(time.Hour), Seconds: 2})
	if v.Place != "lobby" || !v.Since.Equal(today.Add(-time.Hour)) || !v.Last.Equal(today.Add(time.Hour)) || v.Count != 3 || v.Seconds != 3 {
		t.Errorf("%+v", v)
	}
}

// The first day of use is what was said, not when the camera came here; without it
// nobody can say whether the filing is late, whatever was filed.
func TestC20FirstUseIsAsked(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(*Facts)
		want Status
		says string
	}{
		"C20, filed":         {func(f *Facts) { f.Cameras[0].Commissioned = "" }, Unknown, "gate"},
		"not filed":          {func(f *Facts) { f.Records.Filings, f.Cameras[0].Commissioned = nil, "" }, Unknown, "gate"},
		"C20b, last day":     {func(f *Facts) { lastUse(f, "2026-09-15") }, Warn, "2026-10-15"},
		"C20b, one day late": {func(f *Facts) { lastUse(f, "2026-09-14") }, Fail, "2026-10-14"},
		"C20b, long late":    {func(f *Facts) { lastUse(f, "2026-08-20") }, Fail, "2026-09-19"},
		"one late, one unset": {func(f *Facts) {
			lastUse(f, "2026-08-20")
			f.Cameras = append(f.Cameras, CameraFacts{ID: "park"})
		}, Fail, "gate"},
	} {
		f := good()
		c.do(f)
		if got := systemFiling(f, Params{"days": 30}); got.Status != c.want || !strings.Contains(got.Evidence.In(text.EN), c.says) {
			t.Errorf("%s: %s, %q", name, got.Status, got.Evidence.In(text.EN))
		}
	}
}

func lastUse(f *Facts, day civil.Date) { f.Records.Filings, f.Cameras[0].Commissioned = nil, day }

func TestViolationKindsHaveWords(t *testing.T) {
	for _, k := range ViolationKinds {
		if !text.Has(k.Word()) {
			t.Errorf("no words for %s", k)
		}
	}
	if (Violation{Kind: ViolationShown, Camera: "a"}).Same(Violation{Kind: ViolationShown, Camera: media.CameraID("b")}) {
		t.Error("two cameras are one")
	}
}
