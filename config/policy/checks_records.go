package policy

import (
	"slices"
	"strings"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// newestSign is the day on which a camera's sign of the first layer was last seen: a record
// covers the cameras that it lists, and one of an older version that lists none covers none.
func (f *Facts) newestSign(id media.CameraID) (newest civil.Date) {
	for _, s := range f.Records.Signs {
		if s.Layer == 1 && s.Covers(id) {
			newest = max(newest, s.Date)
		}
	}
	return newest
}

func (f *Facts) signed(c CameraFacts) bool { return f.newestSign(c.ID) != "" }

// sign: params months is after how long a sign wants to be looked at again.
func sign(f *Facts, p Params) Finding {
	if bad := which(f, f.signed); len(bad) > 0 {
		return lacks(text.NextSign, text.FoundNoSign, f.list(bad))
	}
	if bad := which(f, func(c CameraFacts) bool { return c.Purpose == register.PublicSafety || c.Purpose == "" }); len(bad) > 0 {
		return fail(text.NextPublicSafety, text.FoundOffPurpose, f.list(bad))
	}
	for _, e := range f.Records.Exports {
		if e.Purpose != register.PublicSafety && e.Closed == "" && !e.Refused && !e.ByStateOrgan() && !e.ByPerson() {
			return fail(text.NextExportPurpose, text.FoundExportPurpose, string(e.Date), e.Purpose)
		}
	}
	old := which(f, func(c CameraFacts) bool { return !f.older(f.newestSign(c.ID), p["months"]) })
	if len(old) > 0 {
		return warn(text.NextSignCheck, text.FoundOldSign, f.list(old), string(f.newestSign(old[0])))
	}
	return pass(Recorded, text.FoundSigns, len(f.Records.Signs))
}

func areaAndSign(f *Facts, _ Params) Finding {
	if bad := which(f, func(c CameraFacts) bool { return c.Capture }); len(bad) > 0 {
		return fail(text.NextCapture, text.FoundNoCapture, f.list(bad))
	}
	if bad := which(f, f.signed); len(bad) > 0 {
		return lacks(text.NextSign, text.FoundNoSign, f.list(bad))
	}
	return pass(Recorded, text.FoundCapture, len(f.Cameras))
}

func layeredSigns(f *Facts, _ Params) Finding {
	if bad := which(f, f.signed); len(bad) > 0 {
		return lacks(text.NextSign, text.FoundNoSign, f.list(bad))
	}
	for _, s := range f.Records.Signs {
		if s.Layer == 1 && s.Link == "" {
			return warn(text.NextSecondLayer, text.FoundNoSecondLayer, s.Place)
		}
	}
	return pass(Recorded, text.FoundSigns, len(f.Records.Signs))
}

// systemFiling: params days from the first use on; see systemDue for systems that are older. A
// camera of which nobody said since when it is in use may be late already. Params drift is for
// how many days a filing may list a camera that was taken away.
func systemFiling(f *Facts, p Params) Finding {
	filed := f.filed()
	var missing, undated []media.CameraID
	var first civil.Date // on which one of them is due
	for _, c := range f.Cameras {
		if c.Commissioned == "" {
			undated = append(undated, c.ID)
		}
		if c.Commissioned == "" || slices.Contains(filed, c.ID) {
			continue
		}
		missing = append(missing, c.ID)
		due := systemDue(c.Commissioned, p)
		if due.Days(f.Now) > 0 {
			return lacks(text.NextSystemFiling, text.FoundNotFiled, f.list([]media.CameraID{c.ID}), string(due)).by(due)
		}
		if first == "" || due < first {
			first = due
		}
	}
	if len(undated) > 0 {
		return unknown(text.NextFirstUse, text.FoundNoFirstUse, f.list(undated))
	}
	if filed == nil {
		return warn(text.NextSystemFiling, text.FoundSystemDue, f.list(missing), string(first)).by(first)
	}
	gone, long := f.gone(filed, p["drift"])
	if len(long) > 0 {
		return fail(text.NextSystemFiling, text.FoundDriftLong, f.list(long), p["drift"])
	}
	if missing = append(missing, gone...); len(missing) > 0 {
		return warn(text.NextSystemFiling, text.FoundFilingDrift, f.list(missing)).by(first)
	}
	return pass(Recorded, text.FoundFiledCameras, len(f.Cameras))
}

// filed are the cameras of the newest filing with a receipt, by its day; nil without one.
func (f *Facts) filed() (cameras []media.CameraID) {
	var newest civil.Date
	for _, r := range f.Records.Filings {
		if r.Of == register.FilingSystem && r.Receipt != "" && r.Date >= newest {
			newest, cameras = r.Date, append([]media.CameraID{}, r.Cameras...)
		}
	}
	return cameras
}

// gone are the filed cameras that are here no more, long those that were taken away more than
// some days ago.
func (f *Facts) gone(filed []media.CameraID, days int) (gone, long []media.CameraID) {
	for _, id := range filed {
		if f.has(id) {
			continue
		}
		gone = append(gone, id)
		if day := f.removed(id); day != "" && day.Days(f.Now) > days {
			long = append(long, id)
		}
	}
	return gone, long
}

func (f *Facts) has(id media.CameraID) bool {
	return slices.ContainsFunc(f.Cameras, func(c CameraFacts) bool { return c.ID == id })
}

// removed is the day on which a camera was taken away last; empty: nobody knows of one.
func (f *Facts) removed(id media.CameraID) (day civil.Date) {
	for _, r := range f.Removals {
		if r.Camera == id {
			day = max(day, r.Day)
		}
	}
	return day
}

// newestTest is a camera's by its day; of one day that which failed counts.
func (f *Facts) newestTest(id media.CameraID) (newest register.DeviceTest) {
	for _, d := range f.Records.DeviceTests {
		if d.Camera == id && (d.Date > newest.Date || d.Date == newest.Date && !d.Passed) {
			newest = d
		}
	}
	return newest
}

// deviceTest: params days is how long a test counts. The newest decides: a test that failed
// ends what an older one showed, and one of another device says nothing of this one.
func deviceTest(f *Facts, p Params) Finding {
	bad := which(f, func(c CameraFacts) bool {
		newest := f.newestTest(c.ID)
		return newest.Passed && newest.Date.Days(f.Now) <= p["days"]
	})
	if len(bad) > 0 {
		return warn(text.NextDeviceTest, text.FoundNoTest, f.list(bad), p["days"])
	}
	other := which(f, func(c CameraFacts) bool {
		d := f.newestTest(c.ID)
		return d.Model == "" && d.Firmware == "" || d.Model == c.Model && d.Firmware == c.Firmware
	})
	if len(other) > 0 {
		return unknown(text.NextDeviceTest, text.FoundOtherDevice, f.list(other))
	}
	return pass(Recorded, text.FoundTested, len(f.Cameras))
}

// inspection: params days is how long one counts, at a site with rooms in which nobody may be
// filmed. What was found is reported the same day.
func inspection(f *Facts, p Params) Finding {
	switch f.says(AskPrivateRooms) {
	case No:
		a := f.Site.Answers[AskPrivateRooms]
		return spared(text.FoundNoPrivateRooms, a.By, string(a.Date))
	case "":
		return ask(AskPrivateRooms)
	}
	var last civil.Date
	found := Finding{}
	for _, i := range f.Records.Inspections {
		last = max(last, i.Date)
		switch {
		case i.Cameras == nil:
			found = unknown(text.NextInspection, text.FoundUncounted, string(i.Date))
		case *i.Cameras == 0:
		case i.Reported == "":
			return fail(text.NextReport, text.FoundUnreported, string(i.Date))
		case i.Reported > i.Date && found.Status != Unknown:
			found = warn(text.NextReport, text.FoundReportedLate, string(i.Date), string(i.Reported))
		}
	}
	switch {
	case found.Status != "":
		return found
	case last.Days(f.Now) > p["days"]: // no day is long ago
		return warn(text.NextInspection, text.FoundNoInspection, p["days"])
	}
	return pass(Recorded, text.FoundInspection, string(last))
}

// publicRelease: that faces are masked is proved by the report that bauta redact writes; a tick
// proves nothing.
func publicRelease(f *Facts, _ Params) Finding {
	found := spared(text.FoundNoPublicRelease)
	for _, e := range f.Records.Exports {
		switch {
		case e.Refused:
		case e.Public && !e.Masked:
			return fail(text.NextPublicRelease, text.FoundPublicRelease, string(e.Date))
		case e.Public && e.Report == "":
			found = unknown(text.NextReportOfMasks, text.FoundNoMaskReport, string(e.Date))
		case e.Public && found.Status != Unknown:
			found = pass(Recorded, text.FoundMaskedReleases)
		}
	}
	return found
}

// newestRetention is the newest statement for a camera, by its day; nil without one.
func (f *Facts) newestRetention(id media.CameraID) (newest *register.Retention) {
	for i := range f.Records.Retentions {
		r := &f.Records.Retentions[i]
		if r.Covers(id) && (newest == nil || r.Date >= newest.Date) {
			newest = r
		}
	}
	return newest
}

// retention is the newest statement for each camera; those without one are missing. A
// statement covers the cameras that it lists. Of originals that this gateway keeps it knows itself.
func (f *Facts) retention() (all []register.Retention, missing []media.CameraID) {
	for _, c := range f.Cameras {
		newest := f.newestRetention(c.ID)
		if c.Sealed != nil {
			newest = &register.Retention{Hours: 24 * c.Sealed.Days, Reason: c.Sealed.Why}
		}
		if newest == nil {
			missing = append(missing, c.ID)
			continue
		}
		all = append(all, *newest)
	}
	return all, missing
}

// retentionDays: params days is how long footage is to be kept at least, target that at a key
// target under Article 32 of the Counter-Terrorism Law.
func retentionDays(f *Facts, p Params) Finding {
	days, target := p["days"], f.says(AskKeyTarget)
	if target == Yes {
		days = p["target"]
	}
	all, missing := f.retention()
	for _, r := range all {
		if r.Hours < 24*days {
			return fail(text.NextRetention, text.FoundShortRetention, r.Hours/24, days)
		}
	}
	switch {
	case len(missing) > 0:
		return unknown(text.NextRetention, text.FoundNoRetention, f.list(missing))
	case target == "":
		return ask(AskKeyTarget)
	}
	return longRetention(all, 24*days)
}

func longRetention(all []register.Retention, hours int) Finding {
	for _, r := range all {
		if r.Hours > hours && strings.TrimSpace(r.Reason) == "" {
			return warn(text.NextRetention, text.FoundLongRetention, r.Hours, hours)
		}
	}
	return pass(Recorded, text.FoundRetention, len(all))
}
