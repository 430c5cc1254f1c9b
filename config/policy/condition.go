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
	"faces": recognises,
	// enrolled: faces are recognised here, or were, and what was filed of it has not been ended.
	"enrolled": func(f *Facts) Finding {
		if f.enrolled() != nil {
			return Finding{Status: Pass}
		}
		return recognises(f)
	},
	"art7": func(f *Facts) Finding { return f.ofClass(text.FoundNotArt7, Art7) },
	// listed and art9 are of the two articles that say who may watch a public place: one of
	// them holds, and says why the other one does not.
	"listed":     func(f *Facts) Finding { return f.ofClass(text.FoundNotListed, Art7) },
	"art9":       func(f *Facts) Finding { return f.ofClass(text.FoundNotArt9, Art9) },
	"public":     func(f *Facts) Finding { return f.ofClass(text.FoundNotPublic, Art7, Art9) },
	"non_public": func(f *Facts) Finding { return f.ofClass(text.FoundPublicSite, NonPublic) },
	// cameras: without one there is nothing to judge.
	"cameras": func(f *Facts) Finding {
		if len(f.Cameras) == 0 {
			return unknown(text.NextCamera, text.FoundNoCameras)
		}
		return Finding{Status: Pass}
	},
	// compound: people live there and others manage the doors.
	"compound": func(f *Facts) Finding {
		switch f.Site.Kind {
		case ResidentialCompound:
			return Finding{Status: Pass}
		case "":
			return unknown(text.NextSite, text.FoundNoKind)
		}
		return spared(text.FoundNoCompound, f.Site.Kind.Word())
	},
	// key_target: other law wants footage to be kept for longer.
	"key_target": func(f *Facts) Finding {
		switch a := f.Site.Answers[AskKeyTarget]; a.Says {
		case Yes:
			return Finding{Status: Pass}
		case No:
			return spared(text.FoundNoKeyTarget, a.By, string(a.Date))
		}
		return ask(AskKeyTarget)
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
	unset := over(f.unclear(), func(register.Device) Finding { return unknown(text.NextDeviceFill, text.FoundTemplatesUnset) })
	if gap := gapOf(&f.Records, register.KindDevice); gap.Status != "" {
		unset = gap
	}
	if unset.Status != "" {
		return unset
	}
	return ask(AskFaceDevices)
}

// ofClass is met by sites of one of some classes; other tells of a site of another one.
func (f *Facts) ofClass(other text.Key, classes ...string) Finding {
	if f.Site.Class == "" {
		return unknown(text.NextSite, text.FoundClassUnset)
	}
	switch {
	case slices.Contains(classes, f.Site.Class):
		return Finding{Status: Pass}
	case f.Site.Kind.Class() != f.Site.Class: // the class of an earlier version was chosen by other words
		found := unknown(text.NextSite, text.FoundKindUnset, text.ClassWord(f.Site.Class))
		found.unconfirmed = true
		return found
	case f.Site.Kind.Secondary():
		return spared(text.FoundAskPolice, other, f.Site.Kind.Word())
	}
	return spared(other)
}

// restsOn are the kinds of records that a check looks at.
var restsOn = map[string][]register.Kind{
	"sign": {register.KindSign, register.KindExport}, "area_and_sign": {register.KindSign}, "layered_signs": {register.KindSign}, "assessment": {register.KindAssessment, register.KindIncident, register.KindRetention, register.KindContract, register.KindDevice},
	"enrolment_filing": {register.KindFiling, register.KindDevice}, "system_filing": {register.KindFiling}, "device_test": {register.KindDeviceTest}, "contact": {register.KindComplaint},
	"access_and_exports": {register.KindExport, register.KindQuiet, register.KindTraining}, "public_release": {register.KindExport}, "inspection": {register.KindInspection},
	"private_rooms": {register.KindWalk, register.KindDevice}, "grounds": {register.KindGround}, "special_data": {register.KindGround, register.KindDevice}, "handling_record": {register.KindProcessing},
	"retention_days": {register.KindRetention}, "retention_hours": {register.KindRetention},
	"incident": {register.KindIncident}, "breach": {register.KindIncident}, "processing": {register.KindProcessing, register.KindDevice},
	"notice":    {register.KindNotice, register.KindSign, register.KindRetention, register.KindContract, register.KindDevice},
	"contracts": {register.KindContract}, "secrecy": {register.KindContract}, "requests": {register.KindRequest}, "controls": {register.KindDocument},
	"security_rules": {register.KindDocument, register.KindTraining}, "compliance_audit": {register.KindDocument, register.KindDevice}, "acceptance": {register.KindDocument},
	"state_organs": {register.KindExport, register.KindQuiet}, "persons": {register.KindExport, register.KindQuiet},
	"originals": {register.KindRecorder, register.KindContract}, "tampering": {register.KindRecorder, register.KindApproval, register.KindFiling},
	"device_need": {register.KindDevice}, "consent": {register.KindDevice}, "prohibited_place": {register.KindDevice}, "individual": {register.KindDevice}, "search": {register.KindDevice},
	"attributes": {register.KindDevice}, "minors": {register.KindDevice, register.KindDocument}, "alternative": {register.KindDevice}, "face_data": {register.KindDevice}, "draft_scope": {register.KindDevice},
	"face_sign": {register.KindDevice, register.KindSign, register.KindExport}, "face_rooms": {register.KindDevice}, "public_purpose": {register.KindDevice, register.KindSign, register.KindExport},
	"draft_filing": {register.KindDevice, register.KindFiling},
}

// gap is unknown where records that a check rests on cannot be read, or are dated ahead: then
// nobody knows what is on record. The zero Finding says that there is none.
func gap(r *register.Records, check string) Finding {
	return gapOf(r, restsOn[check]...)
}

// gapOf is the gap in records of some kinds.
func gapOf(r *register.Records, kinds ...register.Kind) Finding {
	for _, k := range kinds {
		switch {
		case slices.Contains(r.Unreadable, k):
			return unknown(text.NextUnreadable, text.FoundUnreadable, text.RecordKindName(string(k)))
		case slices.Contains(r.Ahead, k):
			return unknown(text.NextAhead, text.FoundAhead, text.RecordKindName(string(k)))
		}
	}
	return Finding{}
}
