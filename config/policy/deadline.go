package policy

import (
	"cmp"
	"slices"
	"strings"
	"time"

	// The names of time zones are the same on every host, whatever is installed there.
	_ "time/tzdata"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/field"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/text"
)

// date reads a day that a pack writes as a number, such as 20250401; empty where
// the clause has none.
func (p Params) date(name string) civil.Date {
	if p[name] == 0 {
		return ""
	}
	return civil.Of(time.Date(p[name]/10000, time.Month(p[name]/100%100), p[name]%100, 0, 0, 0, 0, time.UTC))
}

// by is the finding with its day.
func (f Finding) by(due civil.Date) Finding {
	f.Due = due
	return f
}

// systemDue is the last day for the filing of a camera: params days after its first use,
// and for one that was in use before the rule of in_force, transition days after that.
// These are natural days: a holiday at the end moves nothing.
func systemDue(firstUse civil.Date, p Params) civil.Date {
	if inForce := p.date("in_force"); firstUse < inForce {
		return inForce.After(p["transition"])
	}
	return firstUse.After(p["days"])
}

// China has one time zone.
const chinaZone = "Asia/Shanghai"

// Location is the time zone by which the days of the site are told: the one that was
// said; without it China's for a site there, and elsewhere the host's.
func (s Site) Location(host *time.Location) *time.Location {
	name := s.TimeZone
	if name == "" && strings.HasPrefix(s.Jurisdiction, "CN") {
		name = chinaZone
	}
	if name == "" {
		return host
	}
	zone, err := time.LoadLocation(name)
	if err != nil { // Check has refused such a name
		return host
	}
	return zone
}

// timeZone refuses what is no name of a time zone. Local is none: it would be another one
// on each host.
func timeZone(name string) error {
	if _, err := time.LoadLocation(name); err != nil || name == "Local" {
		return text.Fail(field.ErrInvalid, text.PolicyTimeZone, text.Field("time_zone"), name)
	}
	return nil
}

// enrolmentFiling: params people is the threshold, days the working days from its reaching,
// percent from where on to warn, in_force the day from which the days of who had as many
// before are counted. What counts are faces that are stored: a consent by a badge stores none.
// A change of what was filed, and its end, have as many working days of their own.
func enrolmentFiling(f *Facts, p Params) Finding {
	if filed := f.enrolled(); filed != nil && f.faces() == No {
		return f.enrolmentEnd(*filed, p)
	}
	s, most := f.stored(), p["people"]
	found := pass(Declared, text.FoundBelowThreshold, s.people, most)
	switch {
	case s.people >= most:
		found = f.enrolmentDue(s, p)
	case s.people*100 >= most*p["percent"]:
		found = warn(text.NextEnrolment, text.FoundNearThreshold, s.people, most)
	}
	return worst(found, f.uncounted(s))
}

// uncounted is unknown where nobody said how many people's faces are stored, or not for a year.
func (f *Facts) uncounted(s stored) Finding {
	a := f.Site.Answers[AskFaceDevices]
	devices := f.recognising()
	switch {
	case len(devices) == 0 && f.faces() == Yes && a.Count == 0:
		return unknown(text.NextDevice, text.FoundNoCount)
	case len(devices) == 0 && a.Count > 0 && a.Date.Days(f.Now) > inventoryDays:
		return unknown(text.NextDevice, text.FoundOldAnswer, string(a.Date), inventoryDays)
	case len(devices) == 0:
		return Finding{}
	}
	return f.inventory(devices, func(d register.Device) Finding {
		if d.People == nil && !isNo(d.Templates) {
			return unknown(text.NextDeviceFill, text.FoundDeviceNoCount)
		}
		return Finding{}
	})
}

// enrolmentDue is how filing stands once it is due; a receipt from before the number was
// reached files something else.
func (f *Facts) enrolmentDue(s stored, p Params) Finding {
	reached := s.reached(p["people"])
	if reached == "" {
		return unknown(text.NextEnrolment, text.FoundReachedUnknown, s.people)
	}
	if r := f.enrolled(); r != nil && r.Date >= reached {
		return f.enrolmentChange(*r, p)
	}
	due, known := f.Calendar.After(max(reached, p.date("in_force")), p["days"])
	switch {
	case !known:
		return unknown(text.NextCalendar, text.FoundFilingEstimate, s.people, string(due)).by(due)
	case due.Days(f.Now) > 0:
		return lacks(text.NextEnrolment, text.FoundFilingOverdue, s.people, string(due)).by(due)
	case s.undated > 0: // it may have been reached before
		return unknown(text.NextDeviceFill, text.FoundReachedUnknown, s.people)
	}
	return warn(text.NextEnrolment, text.FoundFilingDue, s.people, string(due), f.Calendar.Until(due, f.Now)).by(due)
}

// enrolled is the newest filing of stored faces; nil where there is none, or it has been ended.
func (f *Facts) enrolled() *register.Filing {
	filed := newest(f.enrolments(), filedOn)
	ended := slices.ContainsFunc(f.Records.Filings, func(r register.Filing) bool {
		return r.Of == register.FilingEnrolmentEnd && r.Receipt != "" && r.Date >= filed.Date
	})
	if filed.Date == "" || ended {
		return nil
	}
	return &filed
}

func filedOn(r register.Filing) civil.Date { return r.Date }

// enrolmentChange is how a filing stands by what changed since: a device that recognises faces
// came or went.
func (f *Facts) enrolmentChange(filed register.Filing, p Params) Finding {
	var changes []civil.Date
	for _, d := range f.Records.Devices {
		for _, day := range []civil.Date{d.FirstUse, d.Removed} {
			if d.Recognises() && day > filed.Date {
				changes = append(changes, day)
			}
		}
	}
	if len(changes) == 0 {
		return pass(Recorded, text.FoundFiled, string(filed.Date), filed.Receipt)
	}
	first := slices.Min(changes)
	return f.within(first, p["days"], text.NextEnrolment, text.FoundEnrolmentChanged, text.FoundEnrolmentChanged, string(filed.Date), string(first))
}

// enrolmentEnd is how a filing stands once no face is recognised any more: since the last device
// was taken away, or since it was said that there is none.
func (f *Facts) enrolmentEnd(filed register.Filing, p Params) Finding {
	var since civil.Date
	for _, d := range f.Records.Devices {
		if d.Recognises() {
			since = max(since, d.Removed)
		}
	}
	since = cmp.Or(since, f.Site.Answers[AskFaceDevices].Date)
	return f.within(since, p["days"], text.NextEnrolment, text.FoundEnrolmentEnded, text.FoundEnrolmentEnded, string(filed.Date), string(since))
}

// within is a warning until some working days after a day, a breach then, and unknown where the
// calendar does not reach so far: then by estimate. The last day is the last argument of both.
func (f *Facts) within(since civil.Date, days int, next, estimate, found text.Key, args ...any) Finding {
	due, known := f.Calendar.After(since, days)
	args = append(args, string(due))
	switch {
	case !known:
		return unknown(text.NextCalendar, estimate, args...).by(due)
	case due.Days(f.Now) > 0:
		return lacks(next, found, args...).by(due)
	}
	return warn(next, found, args...).by(due)
}

// enrolments are the filings of stored faces that say to whom, of what, and by which number.
func (f *Facts) enrolments() []register.Filing {
	return slices.DeleteFunc(slices.Clone(f.Records.Filings), func(r register.Filing) bool {
		return r.Of != register.FilingEnrolment || r.Receipt == "" || r.Authority == "" || r.Scope == ""
	})
}

// draftFiling: the draft wants each use in a public place filed, however few the people, and
// elsewhere more than params people. Params days are the working days from the first use on,
// change those from that of a further device.
func draftFiling(f *Facts, p Params) Finding {
	s := f.stored()
	found := pass(Declared, text.FoundBelowThreshold, s.people, p["people"])
	if s.people > p["people"] {
		found = f.enrolmentDue(s, Params{"people": p["people"] + 1, "days": p["days"]})
	}
	public := slices.DeleteFunc(f.recognising(), func(d register.Device) bool { return f.inPublic(d) == No })
	return worst(found, f.uncounted(s), f.inventory(public, func(d register.Device) Finding { return f.draftDue(d, p) }))
}

// draftDue is how the filing of one device in a public place stands.
func (f *Facts) draftDue(d register.Device, p Params) Finding {
	if d.FirstUse == "" || f.inPublic(d) == "" {
		return unknown(text.NextDeviceFill, text.FoundDevicePublicUnset)
	}
	days := p["days"]
	if filed := newest(f.enrolments(), filedOn); filed.Date != "" {
		days = p["change"]
		if filed.Date >= d.FirstUse {
			return pass(Recorded, text.FoundDeviceFiled, string(filed.Date), filed.Receipt)
		}
	}
	return f.within(d.FirstUse, days, text.NextDraftFiling, text.FoundDeviceEstimate, text.FoundDeviceNotFiled)
}
