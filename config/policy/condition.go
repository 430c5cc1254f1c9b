package policy

import (
	"slices"

	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/text"
)

// Condition is a fact that a clause hangs on.
type Condition string

// conditions are all that packs may name. Each finds whether the clause applies: a pass,
// unknown with the question to answer, or that it does not, with the fact that says so.
var conditions = map[Condition]func(*Facts) Finding{
	// faces: faces are recognised here (Order 19); to find and mask them is not that.
	"faces":      recognises,
	"art7":       func(f *Facts) Finding { return f.ofClass(text.FoundNotArt7, Art7) },
	"public":     func(f *Facts) Finding { return f.ofClass(text.FoundNotPublic, Art7, Art9) },
	"non_public": func(f *Facts) Finding { return f.ofClass(text.FoundPublicSite, NonPublic) },
	// cameras: without one there is nothing to judge.
	"cameras": func(f *Facts) Finding {
		if len(f.Cameras) == 0 {
			return unknown(text.NextCamera, text.FoundNoCameras)
		}
		return Finding{Status: Pass}
	},
	// enrolled: somebody has a consent.
	"enrolled": func(f *Facts) Finding {
		if f.Consent.People == 0 {
			return spared(text.FoundNobodyEnrolled)
		}
		return Finding{Status: Pass}
	},
}

func recognises(f *Facts) Finding {
	switch f.faces() {
	case Yes:
		return Finding{Status: Pass}
	case No:
		a := f.Site.Answers[AskFaceDevices]
		return spared(text.FoundNoRecognition, a.By, string(a.Date))
	}
	return ask(AskFaceDevices)
}

// ofClass is met by sites of one of some classes; other tells of a site of another one.
func (f *Facts) ofClass(other text.Key, classes ...string) Finding {
	if f.Site.Class == "" {
		return unknown(text.NextSite, text.FoundClassUnset)
	}
	for _, c := range classes {
		if f.Site.Class == c {
			return Finding{Status: Pass}
		}
	}
	return spared(other)
}

// restsOn are the kinds of records that a check looks at.
var restsOn = map[string][]register.Kind{
	"sign": {register.KindSign, register.KindExport}, "area_and_sign": {register.KindSign}, "layered_signs": {register.KindSign}, "assessment": {register.KindAssessment},
	"enrolment_filing": {register.KindFiling}, "system_filing": {register.KindFiling}, "device_test": {register.KindDeviceTest}, "contact": {register.KindComplaint},
	"access_and_exports": {register.KindExport}, "public_release": {register.KindExport}, "inspection": {register.KindInspection},
	"retention_days": {register.KindRetention}, "retention_hours": {register.KindRetention},
}

// gap is unknown where records that a check rests on cannot be read, or are dated ahead: then
// nobody knows what is on record. The zero Finding says that there is none.
func gap(r *register.Records, check string) Finding {
	for _, k := range restsOn[check] {
		switch {
		case slices.Contains(r.Unreadable, k):
			return unknown(text.NextUnreadable, text.FoundUnreadable, text.RecordKindName(string(k)))
		case slices.Contains(r.Ahead, k):
			return unknown(text.NextAhead, text.FoundAhead, text.RecordKindName(string(k)))
		}
	}
	return Finding{}
}
