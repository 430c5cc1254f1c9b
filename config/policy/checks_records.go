package policy

import (
	"slices"
	"strings"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// signed tells for which cameras a sign of the first layer is on record.
func (f *Facts) signed(c CameraFacts) bool {
	return slices.ContainsFunc(f.Records.Signs, func(s Sign) bool {
		return s.Layer == 1 && (s.Camera == "" || s.Camera == c.ID)
	})
}

// oldestSign is the day on which the least recently checked sign was seen:
// the newest record of each place counts.
func (f *Facts) oldestSign() (oldest Date) {
	newest := map[string]Date{}
	for _, s := range f.Records.Signs {
		newest[s.Place] = max(newest[s.Place], s.Date)
	}
	for _, d := range newest {
		if oldest == "" || d < oldest {
			oldest = d
		}
	}
	return oldest
}

// sign: params months is after how long a sign wants to be looked at again.
func sign(f *Facts, p Params) Finding {
	if !f.Site.Public() {
		return pass(text.FoundNotPublic)
	}
	if bad := which(f, f.signed); len(bad) > 0 {
		return fail(text.NextSign, text.FoundNoSign, list(bad))
	}
	if bad := which(f, func(c CameraFacts) bool { return c.Purpose == PublicSafety || c.Purpose == "" }); len(bad) > 0 {
		return fail(text.NextPublicSafety, text.FoundOffPurpose, list(bad))
	}
	for _, e := range f.Records.Exports {
		if e.Purpose != PublicSafety {
			return fail(text.NextExportPurpose, text.FoundExportPurpose, string(e.Date), e.Purpose)
		}
	}
	oldest := f.oldestSign()
	if oldest != "" && oldest.Time().AddDate(0, p["months"], 0).Before(DateOf(f.Now).Time()) {
		return warn(text.NextSignCheck, text.FoundOldSign, string(oldest))
	}
	return pass(text.FoundSigns, len(f.Records.Signs))
}

func areaAndSign(f *Facts, _ Params) Finding {
	if !f.Site.Public() {
		return pass(text.FoundNotPublic)
	}
	if bad := which(f, func(c CameraFacts) bool { return c.Capture }); len(bad) > 0 {
		return fail(text.NextCapture, text.FoundNoCapture, list(bad))
	}
	if bad := which(f, f.signed); len(bad) > 0 {
		return fail(text.NextSign, text.FoundNoSign, list(bad))
	}
	return pass(text.FoundCapture, len(f.Cameras))
}

func layeredSigns(f *Facts, _ Params) Finding {
	if bad := which(f, f.signed); len(bad) > 0 {
		return fail(text.NextSign, text.FoundNoSign, list(bad))
	}
	for _, s := range f.Records.Signs {
		if s.Layer == 1 && s.Link == "" {
			return warn(text.NextSecondLayer, text.FoundNoSecondLayer, s.Place)
		}
	}
	return pass(text.FoundSigns, len(f.Records.Signs))
}

func assessment(f *Facts, _ Params) Finding {
	n := len(f.Records.Assessments)
	if n == 0 {
		return fail(text.NextAssessment, text.FoundNoAssessment)
	}
	a := f.Records.Assessments[n-1]
	if a.Config != ConfigHash(f.Site, f.Cameras) {
		return fail(text.NextAssessment, text.FoundAssessmentOld, string(a.Date))
	}
	if a.Review.Days(f.Now) >= 0 {
		return warn(text.NextAssessment, text.FoundReviewDue, string(a.Date), string(a.Review))
	}
	return pass(text.FoundAssessment, string(a.Date), string(a.Review))
}

// enrolmentFiling: params people is the threshold, days the working days from
// its reaching, percent from where on to warn.
func enrolmentFiling(f *Facts, p Params) Finding {
	people, most := f.Consent.People, p["people"]
	if people >= most {
		return f.enrolmentDue(p)
	}
	if people*100 >= most*p["percent"] {
		return warn(text.NextEnrolment, text.FoundNearThreshold, people, most)
	}
	return pass(text.FoundBelowThreshold, people, most)
}

func (f *Facts) enrolmentDue(p Params) Finding {
	for _, r := range f.Records.Filings {
		if r.Of == FilingEnrolment && r.Receipt != "" {
			return pass(text.FoundFiled, string(r.Date), r.Receipt)
		}
	}
	if f.Consent.Reached == "" {
		return unknown(text.NextEnrolment, text.FoundReachedUnknown, f.Consent.People)
	}
	due := f.Consent.Reached.WorkingDaysAfter(p["days"])
	if due.Days(f.Now) > 0 {
		return fail(text.NextEnrolment, text.FoundFilingOverdue, f.Consent.People, string(due))
	}
	return warn(text.NextEnrolment, text.FoundFilingDue, f.Consent.People, string(due), due.WorkingDaysUntil(f.Now))
}

// systemFiling: params days from the first use on, for sites of Article 7.
func systemFiling(f *Facts, p Params) Finding {
	if f.Site.Class == Art9 || f.Site.Class == NonPublic {
		return pass(text.FoundNotArt7)
	}
	filed := f.filed()
	var missing []media.CameraID
	for _, c := range f.Cameras {
		if slices.Contains(filed, c.ID) {
			continue
		}
		missing = append(missing, c.ID)
		if due := c.Commissioned.After(p["days"]); c.Commissioned != "" && due.Days(f.Now) > 0 {
			return fail(text.NextSystemFiling, text.FoundNotFiled, string(c.ID), string(due))
		}
	}
	// The day on which a camera was added here is not its first day of use.
	if unset := which(f, func(c CameraFacts) bool { return c.Commissioned != "" }); len(unset) > 0 {
		return unknown(text.NextFirstUse, text.FoundNoFirstUse, list(unset))
	}
	if filed == nil {
		return pass(text.FoundFilingAhead, p["days"])
	}
	for _, id := range filed {
		if !slices.ContainsFunc(f.Cameras, func(c CameraFacts) bool { return c.ID == id }) {
			missing = append(missing, id)
		}
	}
	if len(missing) > 0 {
		return warn(text.NextSystemFiling, text.FoundFilingDrift, list(missing))
	}
	return pass(text.FoundFiledCameras, len(f.Cameras))
}

// filed are the cameras of the newest filing with a receipt; nil without one.
func (f *Facts) filed() []media.CameraID {
	for _, r := range slices.Backward(f.Records.Filings) {
		if r.Of == FilingSystem && r.Receipt != "" {
			return append([]media.CameraID{}, r.Cameras...)
		}
	}
	return nil
}

// deviceTest: params days is how long a test counts.
func deviceTest(f *Facts, p Params) Finding {
	bad := which(f, func(c CameraFacts) bool {
		return slices.ContainsFunc(f.Records.DeviceTests, func(d DeviceTest) bool {
			return d.Camera == c.ID && d.Passed && d.Date.Days(f.Now) <= p["days"]
		})
	})
	if len(bad) > 0 {
		return warn(text.NextDeviceTest, text.FoundNoTest, list(bad), p["days"])
	}
	return pass(text.FoundTested, len(f.Cameras))
}

// inspection: params days is how long one counts.
func inspection(f *Facts, p Params) Finding {
	var last Date
	for _, i := range f.Records.Inspections {
		last = max(last, i.Date)
	}
	if last == "" || last.Days(f.Now) > p["days"] {
		return warn(text.NextInspection, text.FoundNoInspection, p["days"])
	}
	return pass(text.FoundInspection, string(last))
}

func accessAndExports(f *Facts, _ Params) Finding {
	if f.Gateway.AnonymousViewing {
		return fail(text.NextAnonymous, text.FoundAnonymous)
	}
	for _, e := range f.Records.Exports {
		if slices.ContainsFunc([]string{e.Reason, e.Content, e.Unit, e.Name}, func(s string) bool { return strings.TrimSpace(s) == "" }) {
			return fail(text.NextExportFields, text.FoundExportFields, string(e.Date))
		}
	}
	return pass(text.FoundExports, len(f.Records.Exports))
}

func publicRelease(f *Facts, _ Params) Finding {
	for _, e := range f.Records.Exports {
		if e.Public && !e.Masked {
			return fail(text.NextPublicRelease, text.FoundPublicRelease, string(e.Date))
		}
	}
	return pass(text.FoundNoPublicRelease)
}

// retention is the newest statement for each camera; those without one are missing.
func (f *Facts) retention() (all []Retention, missing []media.CameraID) {
	for _, c := range f.Cameras {
		found := false
		for _, r := range slices.Backward(f.Records.Retentions) {
			if r.Camera == c.ID || r.Camera == "" {
				all, found = append(all, r), true
				break
			}
		}
		if !found {
			missing = append(missing, c.ID)
		}
	}
	return all, missing
}

// retentionDays: params days is how long footage is to be kept at least, at
// sites of Article 7.
func retentionDays(f *Facts, p Params) Finding {
	if f.Site.Class == Art9 || f.Site.Class == NonPublic {
		return pass(text.FoundNotArt7)
	}
	all, missing := f.retention()
	for _, r := range all {
		if r.Hours < 24*p["days"] {
			return fail(text.NextRetention, text.FoundShortRetention, r.Hours/24, p["days"])
		}
	}
	if len(missing) > 0 {
		return unknown(text.NextRetention, text.FoundNoRetention, list(missing))
	}
	return longRetention(all, 24*p["days"])
}

// retentionHours: params hours is from where on a reason is wanted.
func retentionHours(f *Facts, p Params) Finding {
	all, missing := f.retention()
	if len(missing) > 0 {
		return unknown(text.NextRetention, text.FoundNoRetention, list(missing))
	}
	return longRetention(all, p["hours"])
}

func longRetention(all []Retention, hours int) Finding {
	for _, r := range all {
		if r.Hours > hours && strings.TrimSpace(r.Reason) == "" {
			return warn(text.NextRetention, text.FoundLongRetention, r.Hours, hours)
		}
	}
	return pass(text.FoundRetention, len(all))
}
