package policy

import (
	"slices"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// newestGround is a camera's by its day; of one day the later entered counts. nil: none lists
// the camera.
func (f *Facts) newestGround(id media.CameraID) (newest *register.Ground) {
	for i := range f.Records.Grounds {
		if g := &f.Records.Grounds[i]; g.Covers(id) && (newest == nil || g.Date >= newest.Date) {
			newest = g
		}
	}
	return newest
}

// grounds: each camera has a ground in law, with the balance of interests where it hangs on
// one.
func grounds(f *Facts, _ Params) Finding {
	var none, unset []media.CameraID
	for _, c := range f.Cameras {
		switch g := f.newestGround(c.ID); {
		case g == nil:
			unset = append(unset, c.ID)
		case g.Basis == register.NoGround, g.Basis == register.LegitimateInterests && (!written(g.Interest) || !written(g.Balance)):
			none = append(none, c.ID)
		}
	}
	switch {
	case len(none) > 0:
		return fail(text.NextGround, text.FoundNoGround, f.list(none))
	case len(unset) > 0:
		return unknown(text.NextGround, text.FoundGroundUnset, f.list(unset))
	}
	return pass(Recorded, text.FoundGround, len(f.Cameras))
}

// specialData: to match faces an exemption of GDPR Article 9(2) is needed, for each camera
// where this gateway matches and for each other device that does.
func specialData(f *Facts, _ Params) Finding {
	var cameras Finding
	if f.Site.Mode == Matching || f.Gateway.FaceMatching {
		cameras = f.exemptions()
	}
	devices := f.recognising()
	if len(devices) == 0 && cameras.Status != "" {
		return cameras
	}
	return worst(cameras, f.inventory(devices, func(d register.Device) Finding {
		switch {
		case d.Ground == register.GroundNone:
			return fail(text.NextDeviceFill, text.FoundDeviceNoSpecial)
		case d.Ground == "":
			return unknown(text.NextDeviceFill, text.FoundDeviceNoSpecial)
		}
		return pass(Recorded, text.FoundDeviceSpecial)
	}))
}

// exemptions are those of the cameras by which this gateway matches faces.
func (f *Facts) exemptions() Finding {
	var none, unset []media.CameraID
	for _, c := range f.Cameras {
		switch g := f.newestGround(c.ID); {
		case g == nil || g.Special == "":
			unset = append(unset, c.ID)
		case g.Special == register.NoExemption:
			none = append(none, c.ID)
		}
	}
	if bad := append(none, unset...); len(bad) > 0 {
		found := lacks(text.NextSpecial, text.FoundNoSpecial, f.list(bad))
		found.absent = len(none) == 0
		return found
	}
	return pass(Recorded, text.FoundSpecial, len(f.Cameras))
}

// handlingRecord: the record of the processing lists each camera. Params days is for how long
// it counts as kept up.
func handlingRecord(f *Facts, p Params) Finding {
	newest := func(c CameraFacts) (day civil.Date) {
		for _, r := range f.Records.Processings {
			if slices.Contains(r.Cameras, c.ID) {
				day = max(day, r.To)
			}
		}
		return day
	}
	if bad := which(f, func(c CameraFacts) bool { return newest(c) != "" }); len(bad) > 0 {
		return lacks(text.NextHandling, text.FoundNoHandling, f.list(bad))
	}
	if old := which(f, func(c CameraFacts) bool { return newest(c).Days(f.Now) <= p["days"] }); len(old) > 0 {
		return warn(text.NextHandling, text.FoundOldHandling, f.list(old), p["days"])
	}
	return pass(Recorded, text.FoundHandling, len(f.Cameras))
}

// retentionHours: params hours is from where on a reason is wanted. National rules differ, so
// that of the place is asked for.
func retentionHours(f *Facts, p Params) Finding {
	all, missing := f.retention()
	switch {
	case len(missing) > 0:
		return unknown(text.NextRetention, text.FoundNoRetention, f.list(missing))
	case !written(f.Site.NationalRule):
		return unknown(text.NextNationalRule, text.FoundNoNationalRule)
	}
	return longRetention(all, p["hours"])
}

// coming: duties that hold from a day on, params due, where faces are recognised; no pack has
// them yet.
func coming(f *Facts, p Params) Finding {
	due := p.date("due")
	left := -due.Days(f.Now)
	switch {
	case left > 0:
		return Finding{Status: Info, Evidence: Line{text.FoundComing, []any{string(due), left}}}
	case f.faces() != Yes:
		return recognises(f)
	}
	return warn(text.NextComing, text.FoundComingDue, string(due))
}
