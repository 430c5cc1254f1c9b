package policy

import (
	"strings"
	"unicode"

	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Check evaluates one clause. Params are the pack's numbers for this clause.
type Check func(f *Facts, p Params) Finding

// Params are a clause's numbers; one that is absent reads as 0.
type Params map[string]int

// checks are all that packs may name; a pack with another name does not load.
var checks = map[string]Check{
	"info":               func(*Facts, Params) Finding { return Finding{Status: Info} },
	"scope":              scope,
	"entitled":           entitled,
	"incident":           incident,
	"breach":             breach,
	"notice":             notice,
	"processing":         processing,
	"contracts":          contracts,
	"secrecy":            secrecy,
	"requests":           requests,
	"security_rules":     securityRules,
	"compliance_audit":   complianceAudit,
	"acceptance":         acceptance,
	"state_organs":       stateOrgans,
	"persons":            persons,
	"tampering":          tampering,
	"logs":               logs,
	"purpose":            purpose,
	"device_need":        deviceNeed,
	"consent":            kept(consented),
	"prohibited_place":   places,
	"private_rooms":      privateRooms,
	"grounds":            grounds,
	"special_data":       specialData,
	"handling_record":    handlingRecord,
	"coming":             coming,
	"sign":               sign,
	"area_and_sign":      areaAndSign,
	"internal":           internal,
	"individual":         individual,
	"search":             search,
	"attributes":         attributes,
	"minors":             minors,
	"alternative":        alternative,
	"assessment":         assessed,
	"enrolment_filing":   enrolmentFiling,
	"draft_filing":       draftFiling,
	"draft_scope":        draftScope,
	"face_sign":          faceSign,
	"face_rooms":         faceRooms,
	"public_purpose":     publicPurpose,
	"system_filing":      systemFiling,
	"face_data":          faceData,
	"controls":           controls,
	"fail_closed":        failClosed,
	"device_test":        deviceTest,
	"equipment":          equipment,
	"evidence":           evidence,
	"contact":            contact,
	"inspection":         inspection,
	"secret_neighbour":   secretNeighbour,
	"access_and_exports": kept(accessAndExports),
	"retention_days":     retentionDays,
	"retention_hours":    retentionHours,
	"originals":          originals,
	"public_release":     publicRelease,
	"minimise":           minimise,
	"irreversible":       irreversible,
	"layered_signs":      layeredSigns,
}

// which lists the cameras for which ok is false.
func which(f *Facts, ok func(CameraFacts) bool) (bad []media.CameraID) {
	for _, c := range f.Cameras {
		if !ok(c) {
			bad = append(bad, c.ID)
		}
	}
	return bad
}

func scope(f *Facts, _ Params) Finding {
	if f.Site.Mode == "" || f.Site.Jurisdiction == "" {
		return unknown(text.NextSite, text.FoundScopeUnset)
	}
	region, known := Jurisdiction(f.Site.Jurisdiction)
	switch {
	case !known:
		return unknown(text.NextJurisdiction, text.FoundNoCode, f.Site.Jurisdiction)
	case !region.Covered():
		return unknown(text.NextJurisdiction, text.FoundNotCovered, region)
	}
	return pass(Declared, text.FoundScope, text.RecognitionMode(f.Site.Mode), region)
}

// entitled: a public place is watched for public safety alone, by who runs it or owes the
// security there, and each camera has a written need.
func entitled(f *Facts, _ Params) Finding {
	if bad := which(f, func(c CameraFacts) bool { return c.Purpose == register.PublicSafety }); len(bad) > 0 {
		return fail(text.NextPublicSafety, text.FoundOffPurpose, f.list(bad))
	}
	need := needed(f, nil)
	switch kind := f.Site.Kind; {
	case need.Status != Pass:
		return need
	case kind.Class() == "":
		return unknown(text.NextSite, text.FoundKindUnset, text.ClassWord(f.Site.Class))
	case !written(f.Site.Entitled):
		return unknown(text.NextEntitled, text.FoundNotEntitled, kind.Word())
	case kind.Secondary():
		return pass(Declared, text.FoundAskPolice, text.FoundEntitled, kind.Word())
	}
	return pass(Declared, text.FoundEntitled)
}

// written reports whether something is said: dots and dashes are nothing.
func written(s string) bool { return strings.ContainsFunc(s, unicode.IsLetter) }

func purpose(f *Facts, _ Params) Finding {
	if bad := which(f, func(c CameraFacts) bool { return c.Purpose != "" }); len(bad) > 0 {
		return fail(text.NextPurpose, text.FoundNoPurpose, f.list(bad))
	}
	return pass(Declared, text.FoundPurpose, len(f.Cameras))
}

// needed: each camera has a written need.
func needed(f *Facts, _ Params) Finding {
	if bad := which(f, func(c CameraFacts) bool { return written(c.Necessity) }); len(bad) > 0 {
		return fail(text.NextNecessity, text.FoundNoNecessity, f.list(bad))
	}
	return pass(Declared, text.FoundNecessity, len(f.Cameras))
}

func prohibitedPlace(f *Facts, _ Params) Finding {
	bad, next := which(f, func(c CameraFacts) bool { return !c.Place.Prohibited() }), text.NextViolation
	if len(bad) > 0 {
		next = text.NextProhibited
	}
	if found, open := f.violated(next, ViolationPlace); open {
		return found
	}
	if len(bad) > 0 {
		for _, c := range f.Cameras {
			if c.ID == bad[0] {
				return fail(text.NextProhibited, text.FoundProhibited, f.list(bad), c.Place.Word())
			}
		}
	}
	if unset := which(f, func(c CameraFacts) bool { return c.Place != "" }); len(unset) > 0 {
		return unknown(text.NextPlace, text.FoundNoPlace, f.list(unset))
	}
	return pass(Declared, text.FoundPlaces, len(f.Cameras))
}

// internal: the draft's duty for places that are not public.
func internal(f *Facts, _ Params) Finding {
	if bad := which(f, func(c CameraFacts) bool { return c.Capture }); len(bad) > 0 {
		return fail(text.NextCapture, text.FoundNoCapture, f.list(bad))
	}
	if f.Gateway.AnonymousViewing {
		return fail(text.NextAnonymous, text.FoundAnonymous)
	}
	if f.Gateway.SharedAccount {
		return warn(text.NextShared, text.FoundShared)
	}
	return pass(Measured, text.FoundCapture, len(f.Cameras))
}

func failClosed(f *Facts, _ Params) Finding {
	if f.Gateway.Persisted {
		return fail(text.NextPersisted, text.FoundPersisted)
	}
	if bad := which(f, func(c CameraFacts) bool { return !c.Unvouched }); len(bad) > 0 {
		return fail(text.NextUnvouched, text.FoundUnvouched, f.list(bad))
	}
	return byDesign("TestViolations", text.FoundFailClosed)
}

func equipment(f *Facts, _ Params) Finding {
	bad := which(f, func(c CameraFacts) bool { return c.Model != "" && c.Firmware != "" && c.Certificate != "" })
	if len(bad) > 0 {
		return warn(text.NextEquipment, text.FoundNoEquipment, f.list(bad))
	}
	return pass(Declared, text.FoundEquipment, len(f.Cameras))
}

func minimise(f *Facts, _ Params) Finding {
	bad := which(f, func(c CameraFacts) bool { return len(c.Extras) == 0 || strings.TrimSpace(c.ExtrasReason) != "" })
	if len(bad) > 0 {
		return fail(text.NextExtras, text.FoundExtras, f.list(bad))
	}
	if bad := which(f, func(c CameraFacts) bool { return c.Capture }); len(bad) > 0 {
		return warn(text.NextCapture, text.FoundNoCapture, f.list(bad))
	}
	return pass(Declared, text.FoundMinimised)
}

func irreversible(f *Facts, _ Params) Finding {
	if f.Gateway.ReversibleMask {
		return fail(text.NextReversible, text.FoundReversible)
	}
	return byDesign("TestNothingOfWhatIsHiddenSurvives", text.FoundIrreversible)
}

// evidence: until one was made nobody knows whether it can be.
// controlWords are controls that are off, for evidence.
type controlWords []string

// In names each of them.
func (c controlWords) In(lang text.Lang) string {
	var out []string
	for _, name := range c {
		out = append(out, text.Of(lang, text.Control(name)))
	}
	return strings.Join(out, ", ")
}

func evidence(f *Facts, _ Params) Finding {
	switch {
	case f.Gateway.EvidenceFails != nil:
		return warn(text.NextEvidence, text.FoundEvidenceFails, f.Gateway.EvidenceFails)
	case f.Gateway.EvidenceMade == "":
		return unknown(text.NextExport, text.FoundNeverExported)
	}
	return pass(Measured, text.FoundEvidence, string(f.Gateway.EvidenceMade))
}

// contact: params days is how long a complaint may stay open.
func contact(f *Facts, p Params) Finding {
	if strings.TrimSpace(f.Site.Contact) == "" {
		return warn(text.NextSite, text.FoundNoContact)
	}
	oldest := -1
	for _, c := range f.Records.Complaints {
		if c.Closed == "" {
			oldest = max(oldest, c.Date.Days(f.Now))
		}
	}
	if oldest > p["days"] {
		return warn(text.NextComplaint, text.FoundOpenComplaint, oldest)
	}
	return pass(Declared, text.FoundContact, f.Site.Contact, len(f.Records.Complaints))
}

// secretNeighbour: the unit nearby consents before the first camera is used. What an older
// version was told has no day, and the day decides.
func secretNeighbour(f *Facts, _ Params) Finding {
	a := f.Site.Answers[AskSecretNeighbour]
	if a.Says == "" && f.Site.NearSecret {
		a = Answer{Says: Yes, Note: f.Site.NearSecretConsent}
	}
	switch {
	case a.Says == No:
		return pass(Declared, text.FoundNoSecret, a.By, string(a.Date))
	case a.Says == "":
		return ask(AskSecretNeighbour)
	case strings.TrimSpace(a.Note) == "":
		return fail(text.NextSecret, text.FoundSecret)
	case a.Day == "":
		return unknown(text.NextSecret, text.FoundSecretUndated)
	}
	if late := which(f, func(c CameraFacts) bool { return c.Commissioned == "" || a.Day <= c.Commissioned }); len(late) > 0 {
		return fail(text.NextSecret, text.FoundSecretLate, string(a.Day), f.list(late))
	}
	if unset := which(f, func(c CameraFacts) bool { return c.Commissioned != "" }); len(unset) > 0 {
		return unknown(text.NextFirstUse, text.FoundNoFirstUse, f.list(unset))
	}
	return pass(Declared, text.FoundSecretConsent, a.Note, string(a.Day))
}

// kept is a check that fails first where what people were promised may be lost.
func kept(check func(*Facts, Params) Finding) func(*Facts, Params) Finding {
	return func(f *Facts, p Params) Finding {
		if f.Gateway.lost() {
			return notKept(f)
		}
		return check(f, p)
	}
}

func notKept(f *Facts) Finding {
	if f.Gateway.OlderStore != nil {
		return fail(text.NextOlderStore, text.FoundOlderStore, f.Gateway.OlderStore)
	}
	return fail(text.NextUnstored, text.FoundUnstored, f.Gateway.Unstored)
}

// bypassed: the unmasked picture of a camera can be had past the gateway, so that its access
// control protects nothing.
func (f *Facts) bypassed() (Finding, bool) {
	bad := which(f, func(c CameraFacts) bool { return len(c.Bypass) == 0 })
	return fail(text.NextBypass, text.FoundBypass, f.list(bad)), len(bad) > 0
}

// controls: the five of Order 19 Article 14, and graded protection.
func controls(f *Facts, _ Params) Finding {
	if found, open := f.bypassed(); open {
		return found
	}
	switch a := f.Site.Answers[AskGrading]; {
	case len(f.Gateway.ControlsOff) > 0:
		return fail(text.NextControls, text.FoundControlsOff, controlWords(f.Gateway.ControlsOff))
	case f.Gateway.lost():
		return notKept(f)
	case a.Says == "" && strings.TrimSpace(f.Site.Grading) == "":
		return ask(AskGrading)
	case a.Says == Yes && f.grading() == "":
		return unknown(text.NextDocument, text.FoundNoDocument, documents{register.GradingRecord})
	case f.Gateway.SharedAccount:
		return warn(text.NextShared, text.FoundShared)
	case a.Says != No:
		return pass(f.grading(), text.FoundControlsOn)
	}
	return pass(Measured, text.FoundControlsOn)
}
