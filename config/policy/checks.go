package policy

import (
	"strings"

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
	"site_class":         siteClass,
	"purpose":            purpose,
	"necessity":          necessity,
	"consent":            kept(consentTokens),
	"prohibited_place":   prohibitedPlace,
	"sign":               sign,
	"area_and_sign":      areaAndSign,
	"internal":           internal,
	"individual":         individual,
	"search":             search,
	"attributes":         attributes,
	"minors":             minors,
	"alternative":        alternative,
	"assessment":         assessment,
	"enrolment_filing":   enrolmentFiling,
	"system_filing":      systemFiling,
	"face_data":          faceData,
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
	"public_release":     publicRelease,
	"minimise":           minimise,
	"irreversible":       irreversible,
	"layered_signs":      layeredSigns,
	"badge_first":        kept(badgeFirst),
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

func list(ids []media.CameraID) string { return strings.Join(sortedIDs(ids), ", ") }

func scope(f *Facts, _ Params) Finding {
	if f.Site.Mode == "" || f.Site.Jurisdiction == "" {
		return warn(text.NextSite, text.FoundScopeUnset)
	}
	return pass(text.FoundScope, f.Site.Mode, f.Site.Jurisdiction)
}

func siteClass(f *Facts, _ Params) Finding {
	if f.Site.Class == "" {
		return warn(text.NextSite, text.FoundClassUnset)
	}
	return pass(text.FoundClass, f.Site.Class)
}

func purpose(f *Facts, _ Params) Finding {
	if bad := which(f, func(c CameraFacts) bool { return c.Purpose != "" }); len(bad) > 0 {
		return fail(text.NextPurpose, text.FoundNoPurpose, list(bad))
	}
	return pass(text.FoundPurpose, len(f.Cameras))
}

func necessity(f *Facts, _ Params) Finding {
	if f.Site.Mode != Matching && !f.Gateway.FaceMatching {
		return pass(text.FoundDetectOnly)
	}
	if bad := which(f, func(c CameraFacts) bool { return strings.TrimSpace(c.Necessity) != "" }); len(bad) > 0 {
		return fail(text.NextNecessity, text.FoundNoNecessity, list(bad))
	}
	return pass(text.FoundNecessity, len(f.Cameras))
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
				return fail(text.NextProhibited, text.FoundProhibited, list(bad), c.Place.Word())
			}
		}
	}
	if unset := which(f, func(c CameraFacts) bool { return c.Place != "" }); len(unset) > 0 {
		return warn(text.NextPlace, text.FoundNoPlace, list(unset))
	}
	return pass(text.FoundPlaces, len(f.Cameras))
}

func internal(f *Facts, _ Params) Finding {
	if f.Site.Class != NonPublic {
		return pass(text.FoundPublicSite)
	}
	if bad := which(f, func(c CameraFacts) bool { return c.Capture }); len(bad) > 0 {
		return fail(text.NextCapture, text.FoundNoCapture, list(bad))
	}
	if f.Gateway.AnonymousViewing {
		return fail(text.NextAnonymous, text.FoundAnonymous)
	}
	if f.Gateway.SharedAccount {
		return warn(text.NextShared, text.FoundShared)
	}
	return pass(text.FoundCapture, len(f.Cameras))
}

func alternative(f *Facts, _ Params) Finding {
	bad := which(f, func(c CameraFacts) bool { return !c.AccessControl || strings.TrimSpace(c.Alternative) != "" })
	if len(bad) > 0 {
		return fail(text.NextAlternative, text.FoundNoAlternative, list(bad))
	}
	return pass(text.FoundAlternative)
}

func failClosed(f *Facts, _ Params) Finding {
	if f.Gateway.Persisted {
		return fail(text.NextPersisted, text.FoundPersisted)
	}
	if bad := which(f, func(c CameraFacts) bool { return !c.Unvouched }); len(bad) > 0 {
		return fail(text.NextUnvouched, text.FoundUnvouched, list(bad))
	}
	return pass(text.FoundFailClosed)
}

func equipment(f *Facts, _ Params) Finding {
	bad := which(f, func(c CameraFacts) bool { return c.Model != "" && c.Firmware != "" && c.Certificate != "" })
	if len(bad) > 0 {
		return warn(text.NextEquipment, text.FoundNoEquipment, list(bad))
	}
	return pass(text.FoundEquipment, len(f.Cameras))
}

func minimise(f *Facts, _ Params) Finding {
	bad := which(f, func(c CameraFacts) bool { return len(c.Extras) == 0 || strings.TrimSpace(c.ExtrasReason) != "" })
	if len(bad) > 0 {
		return fail(text.NextExtras, text.FoundExtras, list(bad))
	}
	if bad := which(f, func(c CameraFacts) bool { return c.Capture }); len(bad) > 0 {
		return warn(text.NextCapture, text.FoundNoCapture, list(bad))
	}
	return pass(text.FoundMinimised)
}

func search(f *Facts, _ Params) Finding {
	if f.Gateway.OpenSearch {
		return fail(text.NextSearch, text.FoundSearch)
	}
	return pass(text.FoundNoSearch)
}

func attributes(f *Facts, _ Params) Finding {
	if len(f.Gateway.AttributeModels) > 0 {
		return fail(text.NextAttributes, text.FoundAttributes, strings.Join(f.Gateway.AttributeModels, ", "))
	}
	return pass(text.FoundNoAttributes)
}

func irreversible(f *Facts, _ Params) Finding {
	if f.Gateway.ReversibleMask {
		return fail(text.NextReversible, text.FoundReversible)
	}
	return pass(text.FoundIrreversible)
}

func badgeFirst(f *Facts, _ Params) Finding {
	if f.Gateway.FaceMatching {
		return warn(text.NextBadges, text.FoundMatching)
	}
	return pass(text.FoundBadges)
}

func evidence(f *Facts, _ Params) Finding {
	if f.Gateway.EvidenceFails != "" {
		return warn(text.NextEvidence, text.FoundEvidenceFails, f.Gateway.EvidenceFails)
	}
	return pass(text.FoundEvidence)
}

func contact(f *Facts, _ Params) Finding {
	if strings.TrimSpace(f.Site.Contact) == "" {
		return warn(text.NextSite, text.FoundNoContact)
	}
	return pass(text.FoundContact, f.Site.Contact, len(f.Records.Complaints))
}

func secretNeighbour(f *Facts, _ Params) Finding {
	switch {
	case !f.Site.NearSecret:
		return pass(text.FoundNoSecret)
	case strings.TrimSpace(f.Site.NearSecretConsent) == "":
		return fail(text.NextSecret, text.FoundSecret)
	}
	return pass(text.FoundSecretConsent, f.Site.NearSecretConsent)
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

// faceData looks at as much as the clause asks for: params data, controls and
// grading are 1 where it does.
func faceData(f *Facts, p Params) Finding {
	switch {
	case p["data"] > 0 && f.Gateway.FaceDataLeaves:
		return fail(text.NextFaceData, text.FoundFaceData)
	case p["data"] > 0 && f.Gateway.LifetimeExceeded:
		return fail(text.NextFaceData, text.FoundLifetime)
	case p["controls"] > 0 && len(f.Gateway.ControlsOff) > 0:
		return fail(text.NextControls, text.FoundControlsOff, strings.Join(f.Gateway.ControlsOff, ", "))
	case p["controls"] > 0 && f.Gateway.lost():
		return notKept(f)
	case p["grading"] > 0 && f.Site.Grading == "":
		return warn(text.NextSite, text.FoundNoGrading)
	}
	return pass(text.FoundFaceDataStays)
}
