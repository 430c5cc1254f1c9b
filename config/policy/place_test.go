package policy

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/field"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// The gates, paths and lifts of a compound are used by the public: it cannot be entered as a
// place that is not public, and no wording suggests so.
func TestC22ACompoundIsPublic(t *testing.T) {
	err := Site{Kind: ResidentialCompound, Class: NonPublic}.Check()
	if !errors.Is(err, field.ErrInvalid) || !strings.Contains(err.Error(), "Article 9") || !strings.Contains(err.Error(), "follows from the kind") {
		t.Errorf("refused as %v", err)
	}
	if zh := text.Explain(text.ZhCN, err); !strings.Contains(zh, "小区") || !strings.Contains(zh, "第九条") {
		t.Errorf("in Chinese: %s", zh)
	}
	if got := (Site{Kind: ResidentialCompound}).WithClass(); got.Class != Art9 || got.Check() != nil {
		t.Errorf("its class is %s", got.Class)
	}
	for _, k := range SiteKinds() {
		for _, lang := range text.Langs {
			said := text.Of(lang, k.Word())
			names := slices.ContainsFunc([]string{"compound", "小区", "住宅", "homes"}, func(w string) bool { return strings.Contains(said, w) })
			if names != (k == ResidentialCompound) {
				t.Errorf("%s: %s", k, said)
			}
		}
	}
	for lang, want := range map[text.Lang]string{text.EN: "common areas are not", text.ZhCN: "小区公共区域不属于此类"} {
		if said := text.Of(lang, "console.site.class.non_public"); !strings.Contains(said, want) {
			t.Errorf("the choice: %s", said)
		}
	}
	f := comp()
	if got := want(t, f, "s9", "pass/declared"); !strings.Contains(got.Evidence.In(text.EN), "ask the police") {
		t.Errorf("trust is not told: %s", got.Evidence.In(text.EN))
	}
	if got := want(t, f, "s799-14", "not_applicable"); !strings.Contains(got.Evidence.In(text.ZhCN), "请咨询公安机关") {
		t.Errorf("trust is not told: %s", got.Evidence.In(text.ZhCN))
	}
}

// A class that an earlier version took without the kind binds, and frees from nothing: then
// homes were offered as places that are not public.
func TestS09AClassWithoutKindFreesFromNothing(t *testing.T) {
	f := office()
	f.Site.Kind = ""
	f.Cameras[0].Capture, f.Records.Filings = false, nil
	for _, id := range []string{"s799-7", "s9", "s799-10", "s799-13", "s799-14", "s799-16", "s799-17", "p26"} {
		if got := want(t, f, id, "unknown"); got.Next.Key != text.NextSite {
			t.Errorf("%s leads to %s", id, got.Next.Key)
		}
	}
	want(t, f, "s799-33", "pass/declared")
	f = mall()
	f.Site.Kind = ""
	f.Records.Filings = nil
	want(t, f, "s799-14", "fail")
	want(t, f, "s799-7", "unknown")
	f.Site.Class = ""
	want(t, f, "s799-14", "fail") // nobody knows whether it applies, and it is late already
	f.Site.Kind, f.Site.Class = "of a later version", Art9
	want(t, f, "s799-14", "unknown")
}

func TestKindsHaveWordsAndAClass(t *testing.T) {
	all, classes := SiteKinds(), map[string]int{}
	for _, k := range all {
		classes[k.Class()]++
		if k.check("") != nil || k.check(k.Class()) != nil || !text.Has(k.Word()) || !text.Has(text.ClassWord(k.Class())) {
			t.Errorf("%s of class %q", k, k.Class())
		}
	}
	slices.Sort(all)
	if len(slices.Compact(all)) != len(all) || classes[Art7] != 15 || classes[Art9] != 7 || classes[NonPublic] != 4 || len(classes) != 3 {
		t.Errorf("%d kinds, %v", len(all), classes)
	}
	if err := (Site{Kind: "moon"}).Check(); !errors.Is(err, field.ErrInvalid) || !strings.Contains(err.Error(), "bauta site kinds") {
		t.Errorf("no kind: %v", err)
	}
}

// Article 7 and Article 9 name who may watch a public place: one of them holds, with the same
// tests.
func TestWhoMayWatch(t *testing.T) {
	for _, c := range []struct {
		facts       func() *Facts
		holds, idle string
	}{{mall, "s799-7", "s9"}, {comp, "s9", "s799-7"}} {
		want(t, c.facts(), c.holds, "pass/declared")
		want(t, c.facts(), c.idle, "not_applicable")
		for standing, spoil := range map[string][]func(*Facts){
			"fail":    {func(f *Facts) { f.Cameras[1].Necessity = "-" }, func(f *Facts) { f.Cameras[1].Purpose = "traffic" }, func(f *Facts) { f.Cameras[1].Purpose = "" }},
			"unknown": {func(f *Facts) { f.Site.Entitled = "" }, func(f *Facts) { f.Site.Kind = "" }, func(f *Facts) { f.Cameras = nil }},
		} {
			for i, do := range spoil {
				f := c.facts()
				do(f)
				if got := want(t, f, c.holds, standing); got.Next.In(text.EN) == "" {
					t.Errorf("%s, %d: nothing to do next", c.holds, i)
				}
			}
		}
	}
}

// hotel is one whose corridors were walked: the base of S2, in order.
func hotel() *Facts {
	f := ofKind(Hotel)
	f.Site.Jurisdiction = "CN-500103"
	for i, place := range []Place{"lobby", Corridor, Corridor} {
		f.Cameras[i].Place = place
	}
	for _, c := range f.Cameras[1:3] {
		f.Records.Walks = append(f.Records.Walks, register.Walk{Date: "2026-02-20", Cameras: []media.CameraID{c.ID}, Photo: digest, PrivateRoom: new(bool), MadeFor: []string{DeviceLine(c.ID, c.Camera)}})
	}
	madeFor(f)
	return f
}

// S2: whether a corridor camera sees into rooms is not known until an area is drawn and a walk
// past the doors showed none.
func TestS02HotelCorridors(t *testing.T) {
	want(t, hotel(), "s799-8-1", "pass/declared")
	for what, c := range map[string]struct {
		do       func(*Facts)
		standing string
		next     text.Key
	}{
		"never walked":          {func(f *Facts) { f.Records.Walks = nil }, "unknown", text.NextWalk},
		"one never walked":      {func(f *Facts) { f.Records.Walks = f.Records.Walks[1:] }, "unknown", text.NextWalk},
		"no area":               {func(f *Facts) { f.Cameras[1].Capture = false }, "unknown", text.NextCapture},
		"a room is seen":        {func(f *Facts) { seen(f, 1, "2026-10-01", true) }, "fail", text.NextRoomSeen},
		"seen the same day":     {func(f *Facts) { seen(f, 1, "2026-02-20", true) }, "fail", text.NextRoomSeen},
		"seen, and turned away": {func(f *Facts) { seen(f, 1, "2026-10-01", true); seen(f, 1, "2026-10-02", false) }, "pass/declared", ""},
		"the same day": {func(f *Facts) {
			f.Records.Walks = nil
			for i := range 3 {
				seen(f, i, "2026-02-20", true)
				seen(f, i, "2026-02-20", false)
			}
		}, "fail", text.NextRoomSeen},
		"walked anew":           {func(f *Facts) { f.Cameras[1].Firmware = "G"; seen(f, 1, "2026-02-20", false) }, "pass/declared", ""},
		"seen before":           {func(f *Facts) { seen(f, 1, "2026-01-01", true) }, "pass/declared", ""},
		"another device":        {func(f *Facts) { f.Cameras[1].Firmware = "G" }, "unknown", text.NextWalk},
		"nobody said what":      {func(f *Facts) { f.Records.Walks[0].PrivateRoom = nil }, "fail", text.NextRoomSeen},
		"one inside a room":     {func(f *Facts) { f.Cameras[2].Place = HotelRoom }, "fail", text.NextProhibited},
		"a place not said":      {func(f *Facts) { f.Cameras[3].Place = "" }, "unknown", text.NextPlace},
		"records not readable":  {func(f *Facts) { f.Records.Unreadable = []register.Kind{register.KindWalk} }, "unknown", text.NextUnreadable},
		"kind not said":         {func(f *Facts) { f.Site.Kind, f.Records.Walks = "", nil }, "unknown", text.NextWalk},
		"corridors of a school": {func(f *Facts) { f.Site.Kind, f.Records.Walks = School, nil }, "pass/declared", ""},
		"of its dormitory":      {func(f *Facts) { f.Site.Kind, f.Records.Walks, f.Cameras[1].Place = School, nil, DormitoryCorridor }, "unknown", text.NextWalk},
		"a lobby sees into one": {func(f *Facts) { seen(f, 0, "2026-10-01", true) }, "fail", text.NextRoomSeen},
		"a violation stays open": {func(f *Facts) {
			f.Violations = []Violation{{Kind: ViolationPlace, Camera: "room-310", Place: HotelRoom}}
		}, "fail", text.NextViolation},
	} {
		f := hotel()
		c.do(f)
		if got := want(t, f, "s799-8-1", c.standing); got.Next.Key != c.next {
			t.Errorf("%s: next %s, want %s", what, got.Next.Key, c.next)
		}
	}
	f := hotel()
	f.Records.Walks = nil
	if got := want(t, f, "s799-8-1", "unknown"); got.Evidence.Args[0] != "hall, lift" {
		t.Errorf("names %v", got.Evidence.Args)
	}
	want(t, f, "places", "pass/declared") // the own policy is of rooms, not of corridors
	for _, id := range []string{"s9", "s799-14"} {
		got := clause(t, id).Run(f)
		if !strings.Contains(got.Evidence.In(text.EN), "ask the police") {
			t.Errorf("%s: %s", id, got.Evidence.In(text.EN))
		}
	}
	if Hotel.Class() != Art9 || !Hotel.Secondary() {
		t.Error("a hotel is of Article 9, by a secondary source")
	}
}

// seen has somebody walk past a camera, as its device is.
func seen(f *Facts, camera int, day civil.Date, room bool) {
	c := f.Cameras[camera]
	f.Records.Walks = append(f.Records.Walks, register.Walk{Date: day, Cameras: []media.CameraID{c.ID}, Photo: digest, PrivateRoom: &room, MadeFor: []string{DeviceLine(c.ID, c.Camera)}})
}

// S5: a ward is refused by the own policy and by 8(1)(4), and cited so; police and 30 days as at
// all places of Article 7.
func TestS05HospitalWard(t *testing.T) {
	f := ofKind("hospital")
	for i, place := range []Place{Corridor, "shop", MedicalRoom} {
		f.Cameras[i].Place = place
	}
	madeFor(f)
	for _, id := range []string{"s799-8-1", "places"} {
		if got := want(t, f, id, "fail"); got.Evidence.Args[0] != "lift" {
			t.Errorf("%s names %v", id, got.Evidence.Args)
		}
	}
	want(t, f, "m13-place", "pass/declared") // it is of devices that recognise faces
	for lang, cited := range map[text.Lang][]string{text.EN: {"Article 8(1)(4)", "own policy"}, text.ZhCN: {"第八条第一款第四项", "自身规则"}} {
		said := Select("CN-310115", "cn-2025").Prohibitions(MedicalRoom).In(lang)
		for _, part := range cited {
			if !strings.Contains(said, part) || strings.Contains(said, "8(1)(3)") || strings.Contains(said, "第三项") {
				t.Errorf("%s does not cite %s alone", said, part)
			}
		}
	}
	f.Cameras[2].Place = "corridor"
	want(t, f, "s799-8-1", "pass/declared")
	want(t, f, "s799-14", "pass/recorded")
	f.Records.Retentions[0].Hours = 29 * 24
	want(t, f, "s799-17", "fail")
	f.Records.Filings = nil
	want(t, f, "s799-14", "fail")
}

// shopEU is a shop in Germany: the base of S8, in order.
func shopEU() *Facts {
	f := mall()
	f.Site.Jurisdiction, f.Site.Kind, f.Site.Class, f.Site.NationalRule = "DE", "", "", "72 hours, by the state's authority"
	f.Cameras = f.Cameras[:2]
	f.Cameras[0].ID, f.Cameras[1].ID = "door", "till"
	ids := []media.CameraID{"door", "till"}
	addRegisters(f)
	f.Records.Signs = []register.Sign{{Place: "door", Cameras: ids, Date: "2026-09-01", Layer: 1, Link: "https://example.org"}}
	f.Records.Retentions = []register.Retention{{Cameras: ids, Date: "2026-03-02", Hours: 72}}
	f.Records.Grounds = []register.Ground{{Date: "2026-02-10", Cameras: ids, Basis: register.LegitimateInterests, Interest: "thefts at the till", Balance: "the till alone is seen"}}
	f.Records.Processings = []register.Processing{{From: "2026-03-02", To: "2026-09-30", Cameras: ids}}
	f.Records.Assessments = []register.Assessment{{Date: "2026-02-10", Review: "2027-02-10"}}
	madeFor(f)
	return f
}

func TestS08ShopInGermany(t *testing.T) {
	if packs := Select("DE", "cn-2025"); len(packs) != 1 || packs[0].ID != "eu-gdpr" {
		t.Fatalf("in Germany %v", idsOf(packs))
	}
	for _, c := range Load("eu-gdpr").Clauses {
		if got := c.Run(shopEU()); got.Status.Rank() > Pass.Rank() {
			t.Errorf("%s: %s: %s", c.ID, got.Status, got.Evidence.In(text.EN))
		}
	}
	f := shopEU()
	f.Records.Retentions[0].Hours = 7 * 24
	f.Records.Signs[0].Link = ""
	want(t, f, "edpb-121", "warn")
	want(t, f, "edpb-113", "warn")
	if got := want(t, f, "a-dates", "info"); !strings.Contains(got.Evidence.In(text.EN), "2027-12-02 on, in 413 days") {
		t.Errorf("tells %q", got.Evidence.In(text.EN))
	}
	f.Records.Retentions[0].Reason = "the cash is counted once a week"
	want(t, f, "edpb-121", "pass/recorded")
	for standing, spoil := range map[string]map[string]func(*Facts){
		"unknown": {
			"edpb-121": func(f *Facts) { f.Site.NationalRule = "" },
			"g6":       func(f *Facts) { f.Records.Grounds[0].Cameras = f.Records.Grounds[0].Cameras[:1] },
			"gdpr-9":   func(f *Facts) { unanswered(AskFaceDevices)(f); f.Records.Grounds[0].Special = "explicit-consent" },
		},
		"fail": {
			"edpb-113": func(f *Facts) { f.Records.Signs = nil },
			"g6": func(f *Facts) {
				f.Records.Grounds = append(f.Records.Grounds, register.Ground{Date: "2026-09-01", Cameras: []media.CameraID{"till"}, Basis: register.NoGround})
			},
			"gdpr-9":  func(f *Facts) { f.Site.Mode = Matching },
			"g30":     func(f *Facts) { f.Records.Processings[0].Cameras = f.Records.Processings[0].Cameras[:1] },
			"gdpr-35": func(f *Facts) { f.Records.Assessments[0].Date = "2026-03-03" },
		},
		"not_applicable": {"gdpr-9": func(*Facts) {}},
		"warn":           {"g30": func(f *Facts) { f.Records.Processings[0].To = "2025-09-30" }},
		"pass/recorded":  {"gdpr-9": func(f *Facts) { f.Site.Mode, f.Records.Grounds[0].Special = Matching, "explicit-consent" }},
	} {
		for id, do := range spoil {
			f := shopEU()
			do(f)
			want(t, f, id, standing)
		}
	}
	f = shopEU()
	f.Site.Mode = Matching
	f.Records.Unreadable = []register.Kind{register.KindGround}
	for _, id := range []string{"g6", "gdpr-9"} {
		want(t, f, id, "unknown") // what cannot be read may hold the exemption
	}
}

// processes leaves one record of the processing, of one camera until a day.
func processes(f *Facts, id media.CameraID, to civil.Date) {
	f.Records.Processings = []register.Processing{{From: "2025-01-01", To: to, Cameras: []media.CameraID{id}}}
}
