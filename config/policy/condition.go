package policy

import "github.com/bauta-gateway/bauta/config/text"

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
