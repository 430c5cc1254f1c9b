package policy

import (
	"slices"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/text"
)

// revokedLimit is within which time a withdrawal has to show.
const revokedLimit = time.Second

// older reports whether a day is more than so many months ago; none is.
func (f *Facts) older(d civil.Date, months int) bool {
	return d.Time().AddDate(0, months, 0).Before(civil.Of(f.Now).Time())
}

// deviceNeed: each device has a written need of before its first use.
func deviceNeed(f *Facts, _ Params) Finding {
	return f.inventory(f.recognising(), func(d register.Device) Finding {
		switch {
		case !written(d.Need), !written(d.Milder), !written(d.Author), d.NeedDate == "", d.Purpose == "":
			return lacks(text.NextDeviceFill, text.FoundDeviceNoNeed)
		case d.FirstUse == "":
			return unknown(text.NextDeviceFill, text.FoundDeviceFirstUse)
		case d.NeedDate > d.FirstUse:
			return fail(text.NextDeviceStop, text.FoundDeviceNeedLate)
		}
		return pass(Recorded, text.FoundDeviceNeed)
	})
}

// consented: faces are shown with a token alone, and each device has a ground; a consent that
// a service hangs on is none.
func consented(f *Facts, _ Params) Finding {
	tokens := consentTokens(f)
	if f.faces() != Yes {
		return tokens
	}
	return worst(tokens, f.inventory(f.recognising(), func(d register.Device) Finding {
		switch {
		case d.Ground == register.GroundNone:
			return fail(text.NextDeviceStop, text.FoundDeviceNoGround)
		case d.Consent() && isYes(d.Tied):
			return fail(text.NextDeviceTied, text.FoundDeviceTied)
		case d.Ground == "", d.Consent() && d.Tied == nil:
			return unknown(text.NextDeviceFill, text.FoundDeviceGroundUnset)
		}
		return pass(Declared, text.FoundDeviceGround)
	}))
}

func consentTokens(f *Facts) Finding {
	if found, open := f.violated(text.NextViolation, ViolationShown, ViolationLate); open {
		return found
	}
	switch c := f.Consent; { // what is on record counts until it is closed, not what is measured in this run
	case c.ShownWithoutToken > 0 && !f.onRecord(ViolationShown):
		return fail(text.NextShown, text.FoundShown, c.ShownWithoutToken)
	case c.RevokedFor > revokedLimit && !f.onRecord(ViolationLate):
		return fail(text.NextRevoked, text.FoundRevoked, c.RevokedFor.Seconds())
	case c.Expiring > 0:
		return warn(text.NextExpiring, text.FoundExpiring, c.Expiring)
	}
	return pass(Measured, text.FoundConsents, f.Consent.People)
}

// individual: each person agrees by an own act, and nobody is pressed to.
func individual(f *Facts, _ Params) Finding {
	tokens := pass(Declared, text.FoundIndividual)
	switch c := f.Consent; {
	case c.Bulk > 0:
		tokens = warn(text.NextBulk, text.FoundBulk, c.Bulk)
	case c.People == 0:
		tokens = spared(text.FoundNobodyEnrolled)
	}
	return worst(tokens, f.inventory(f.recognising(), func(d register.Device) Finding {
		switch {
		case isYes(d.Tied):
			return fail(text.NextDeviceTied, text.FoundDeviceTied)
		case d.Tied == nil, d.Bulk == nil:
			return unknown(text.NextDeviceFill, text.FoundDeviceTiedUnset)
		case isYes(d.Bulk):
			return warn(text.NextBulk, text.FoundDeviceBulk)
		}
		return pass(Declared, text.FoundDeviceVoluntary)
	}))
}

// minors: those under 14, by the tokens and by the devices. Who is watched for attention is a
// person whose age counts, also where nobody tells persons apart.
func minors(f *Facts, _ Params) Finding {
	devices := slices.DeleteFunc(f.devices(), func(d register.Device) bool {
		return !d.Recognises() && d.What != register.DeviceAttention && !isYes(d.Children)
	})
	house := f.document(register.RulesMinors) != nil
	return worst(minorTokens(f.Consent), f.inventory(devices, func(d register.Device) Finding {
		switch {
		case isNo(d.Children):
			return pass(Declared, text.FoundDeviceNoMinors)
		case d.Children == nil:
			return unknown(text.NextDeviceFill, text.FoundDeviceAge)
		case isNo(d.Guardians):
			return fail(text.NextDeviceMinors, text.FoundDeviceGuardians)
		case d.ChildRules == "" && !house:
			return lacks(text.NextDeviceMinors, text.FoundDeviceRules)
		case d.Guardians == nil:
			return unknown(text.NextDeviceFill, text.FoundDeviceAge)
		}
		return pass(Recorded, text.FoundDeviceMinors)
	}))
}

func minorTokens(c ConsentFacts) Finding {
	switch {
	case c.Minors > 0:
		return fail(text.NextMinors, text.FoundMinors, c.Minors)
	case c.AgeUnknown > 0:
		return unknown(text.NextAge, text.FoundAge, c.AgeUnknown)
	case c.People == 0:
		return spared(text.FoundNobodyEnrolled)
	}
	return pass(Declared, text.FoundNoMinors)
}

// atDoor reports whether a device asks people for their faces: to let them in, to count their
// attendance, or for another service.
func atDoor(d register.Device) bool {
	return d.Mode == register.ModeVerify || slices.Contains([]string{register.DeviceGate, register.DeviceDoor, register.DeviceAttendance, register.DeviceOther}, d.What)
}

// alternative: where a device asks for a face there is another way that works. Params months is
// after how long somebody has to go that way again.
func alternative(f *Facts, p Params) Finding {
	doors := slices.DeleteFunc(f.recognising(), func(d register.Device) bool { return !atDoor(d) })
	found := f.inventory(doors, func(d register.Device) Finding {
		switch {
		case isNo(d.Works):
			return fail(text.NextAlternative, text.FoundNoAlternative)
		case d.Works == nil, !written(d.Alternative):
			return unknown(text.NextDeviceFill, text.FoundAlternativeUnset)
		case f.older(d.Walked, p["months"]):
			return warn(text.NextDeviceWalk, text.FoundAlternativeOld, p["months"])
		}
		return pass(Recorded, text.FoundAlternative)
	})
	if found.Status == "" {
		return spared(text.FoundNoDoors)
	}
	return found
}

// faceSign: a device in a public place serves public safety, captures no more than that needs,
// and has a sign. Params months is after how long the sign wants to be looked at again.
func faceSign(f *Facts, p Params) Finding {
	var cameras Finding
	if f.Site.Mode == Matching || f.Gateway.FaceMatching {
		cameras = sign(f, p) // then the cameras are such devices
	}
	devices := slices.DeleteFunc(f.recognising(), func(d register.Device) bool { return f.inPublic(d) == No })
	found := worst(cameras, f.inventory(devices, func(d register.Device) Finding {
		limited := f.limited(d)
		switch {
		case d.Purpose != "" && d.Purpose != register.PublicSafety:
			return fail(text.NextPublicSafety, text.FoundDeviceOffPurpose)
		case limited == No:
			return fail(text.NextDeviceArea, text.FoundDeviceArea)
		case f.signOf(d) == "":
			return lacks(text.NextDeviceSign, text.FoundDeviceNoSign)
		case f.inPublic(d) == "", d.Purpose == "", limited == "":
			return unknown(text.NextDeviceFill, text.FoundDevicePublicUnset)
		case f.older(f.signOf(d), p["months"]):
			return warn(text.NextDeviceSign, text.FoundDeviceOldSign, string(f.signOf(d)))
		}
		return pass(Recorded, text.FoundDeviceSigned)
	}))
	if found.Status == "" {
		return spared(text.FoundNoPublicDevice)
	}
	return found
}

// limited says whether a device captures no more than it has to, yes or no; empty: not known.
// That of cameras is drawn.
func (f *Facts) limited(d register.Device) string {
	drawn := func(c CameraFacts) bool { return c.Capture || !d.Uses(c.ID) }
	switch {
	case isNo(d.AreaLimited), len(which(f, drawn)) > 0:
		return No
	case isYes(d.AreaLimited), len(f.own(d)) > 0:
		return Yes
	}
	return ""
}

// own are the cameras of this gateway that a device uses.
func (f *Facts) own(d register.Device) []CameraFacts {
	return slices.DeleteFunc(slices.Clone(f.Cameras), func(c CameraFacts) bool { return !d.Uses(c.ID) })
}

// signOf is when the sign of a device was last seen; where it uses cameras of this gateway, the
// oldest of theirs will do.
func (f *Facts) signOf(d register.Device) civil.Date {
	var oldest civil.Date
	for i, c := range f.own(d) {
		if seen := f.newestSign(c.ID); i == 0 || seen < oldest {
			oldest = seen
		}
	}
	return max(oldest, d.SignSeen)
}

// deviceRoom: no device is inside a room of Decree 799 Article 8(1).
func deviceRoom(d register.Device) Finding {
	switch {
	case isYes(d.PrivateRoom):
		return fail(text.NextDeviceRemove, text.FoundDeviceInRoom)
	case d.PrivateRoom == nil:
		return unknown(text.NextDeviceFill, text.FoundDeviceRoomUnset)
	}
	return pass(Declared, text.FoundDeviceNoRoom)
}

// places: no camera and no device is in a prohibited place.
func places(f *Facts, _ Params) Finding {
	return worst(prohibitedPlace(f, nil), over(f.devices(), deviceRoom))
}

// faceRooms: no device that recognises faces is inside a private room. A signed inventory
// without one is an answer.
func faceRooms(f *Facts, _ Params) Finding {
	var cameras Finding
	if f.Site.Mode == Matching || f.Gateway.FaceMatching {
		cameras = prohibitedPlace(f, nil) // then the cameras are such devices
	}
	if f.faces() == No {
		no := recognises(f).Evidence
		return pass(Declared, no.Key, no.Args...)
	}
	return worst(cameras, f.inventory(append(f.recognising(), f.unclear()...), deviceRoom))
}

// faceData: what devices store stays in them, or has a ground to be elsewhere, and goes when
// it has served. This gateway stores no face data, as a test proves.
func faceData(f *Facts, _ Params) Finding {
	return f.inventory(f.recognising(), func(d register.Device) Finding {
		stores := !isNo(d.Templates)
		outside := isYes(d.Internet) || d.Storage != "" && d.Storage != register.InDevice
		switch {
		case outside && d.TransferGround == register.GroundNone:
			return fail(text.NextFaceData, text.FoundDeviceLeaves)
		case stores && isNo(d.Deletes):
			return fail(text.NextFaceData, text.FoundDeviceKeeps)
		case d.Internet == nil, outside && d.TransferGround == "", stores && (d.Storage == "" || d.Deletes == nil):
			return unknown(text.NextDeviceFill, text.FoundDeviceDataUnset)
		}
		return pass(Declared, text.FoundDeviceData, "TestC14NoTemplateIsStored")
	})
}

// publicPurpose: cameras and devices in public places serve public safety, and another purpose
// only with each person's separate consent. Whether to count heads is such a one is disputed.
func publicPurpose(f *Facts, p Params) Finding {
	devices := slices.DeleteFunc(f.devices(), func(d register.Device) bool { return f.inPublic(d) == No })
	return worst(sign(f, p), over(devices, func(d register.Device) Finding {
		counts := d.What == register.DeviceHeadcount && !d.Recognises()
		switch {
		case d.Purpose == "", d.Mode == register.ModeNone && d.Templates == nil && d.What != register.DeviceReturning:
			return unknown(text.NextDeviceFill, text.FoundDevicePublicUnset)
		case d.Purpose == register.PublicSafety, d.Ground == register.GroundSeparate:
			return pass(Declared, text.FoundDevicePurpose)
		case counts:
			return warn(text.NextLawyer, text.FoundDeviceCounts)
		}
		return fail(text.NextDevicePurpose, text.FoundDeviceOffPurpose)
	}))
}

// sensitive are the devices whose data are, which a mere count of heads has not.
func (f *Facts) sensitive() []register.Device {
	return slices.DeleteFunc(f.devices(), func(d register.Device) bool {
		return d.What == register.DeviceHeadcount && !d.Recognises() && d.Templates != nil
	})
}

// assessed is the assessment of the cameras, and of the devices whose data are sensitive: one
// was made before the first use of each.
func assessed(f *Facts, p Params) Finding {
	var first civil.Date
	for _, a := range f.Records.Assessments {
		if first == "" || a.Date < first {
			first = a.Date
		}
	}
	return worst(assessment(f, p), over(f.sensitive(), func(d register.Device) Finding {
		switch {
		case d.FirstUse == "":
			return unknown(text.NextDeviceFill, text.FoundDeviceFirstUse)
		case first > d.FirstUse:
			return fail(text.NextAssessment, text.FoundDeviceAssessedLate, string(first))
		}
		return Finding{}
	}))
}

// search: this gateway has none. Of another device's nobody can say here at whose request it
// runs.
func search(f *Facts, _ Params) Finding {
	if f.Gateway.OpenSearch {
		return fail(text.NextSearch, text.FoundSearch)
	}
	searching := slices.DeleteFunc(f.devices(), func(d register.Device) bool {
		return d.Mode != register.ModeIdentify && d.What != register.DeviceSearch && d.What != register.DeviceReturning || atDoor(d)
	})
	return worst(byDesign("TestOneNetworkTakesAllSizes", text.FoundNoSearch), f.unlisted(), over(searching, func(d register.Device) Finding {
		if d.Purpose != "" && d.Purpose != register.PublicSafety {
			return fail(text.NextDevicePurpose, text.FoundDeviceOffPurpose)
		}
		return unknown(text.NextLawyer, text.FoundDeviceSearch)
	}))
}

// attributes: neither this gateway nor another device infers what nobody may infer.
func attributes(f *Facts, _ Params) Finding {
	if len(f.Gateway.AttributeModels) > 0 {
		return fail(text.NextAttributes, text.FoundAttributes, strings.Join(f.Gateway.AttributeModels, ", "))
	}
	return worst(byDesign("TestOneNetworkTakesAllSizes", text.FoundNoAttributes), f.unlisted(), over(f.devices(), func(d register.Device) Finding {
		switch {
		case slices.ContainsFunc(d.Forbidden, func(what string) bool { return what != register.ForbiddenNone }):
			return fail(text.NextDeviceStop, text.FoundDeviceForbidden)
		case len(d.Forbidden) == 0:
			return unknown(text.NextDeviceFill, text.FoundDeviceForbiddenUnset)
		}
		return pass(Declared, text.FoundDeviceAllowed)
	}))
}

// draftScope: the draft binds who uses face recognition, and wants it said by what.
func draftScope(f *Facts, p Params) Finding { return worst(scope(f, p), f.unlisted()) }
