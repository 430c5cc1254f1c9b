package policy

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// ConfigHash is what earlier versions bound an assessment to: recognition mode, site class,
// and each camera with its place and purpose.
func ConfigHash(site Site, cams []CameraFacts) string {
	lines := []string{"mode=" + site.Mode, "class=" + site.Class}
	for _, c := range cams {
		lines = append(lines, fmt.Sprintf("camera=%s place=%s purpose=%s", c.ID, c.Place, c.Purpose))
	}
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return hex.EncodeToString(sum[:])
}

// Configuration is all that purpose and manner hang on, one line a fact as name=value, in
// order. What nobody said has no line. Names that may come several times are lists.
func (f *Facts) Configuration() []string {
	var lines []string
	add := func(name, value string) {
		if value != "" {
			lines = append(lines, name+"="+value)
		}
	}
	add("mode", f.Site.Mode)
	add("class", f.Site.Class)
	for _, c := range f.Cameras {
		of := "camera/" + string(c.ID) + "/"
		add("camera", string(c.ID))
		add(of+"place", string(c.Place))
		add(of+"purpose", c.Purpose)
		for _, extra := range c.Extras {
			add(of+"extra", extra)
		}
		for _, area := range c.ConsentAreas {
			add(of+"area", area)
		}
		if r := f.newestRetention(c.ID); r != nil {
			add(of+"hours", fmt.Sprint(r.Hours))
		}
	}
	for _, d := range f.sensitive() {
		add("device", d.Name+" "+d.What+" "+d.Mode)
	}
	for _, c := range f.Records.Contracts {
		if c.Holds(civil.Of(f.Now)) {
			add("processor", c.Party)
		}
	}
	slices.Sort(lines)
	return slices.Compact(lines)
}

// lists are the last parts of the names that may come several times.
var lists = []string{"camera", "extra", "area", "device", "processor"}

// later are the last parts of the names that may be said after something was made for a
// configuration: what was not said then is no change of it.
var later = []string{"hours"}

// changed lists what has another value than in the configuration that something was made for.
// Of a list only what is new is a change. Without cameras one of which nothing was known then
// changes nothing, unless its purpose is new.
func (f *Facts) changed(made []string, cameras bool) (names []string) {
	was, is := values(made), values(f.Configuration())
	for name, now := range is {
		more := slices.ContainsFunc(now, func(v string) bool { return !slices.Contains(was[name], v) })
		of, part := cut(name)
		switch known := of == "" || slices.Contains(was["camera"], of); {
		case !cameras && !known && part == "purpose":
			more = !servedBefore(was, now[0])
		case !cameras && !known, slices.Contains(later, part) && was[name] == nil:
			more = false
		}
		if more && !(name == "camera" && !cameras) {
			names = append(names, name)
		}
	}
	for name := range was { // what is said no more
		of, part := cut(name)
		if is[name] == nil && !slices.Contains(lists, part) && (of == "" || slices.Contains(is["camera"], of)) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// differences are names of what changed, for evidence.
type differences struct {
	of    *Facts
	names []string
}

// In says the first of them in words, with the camera that it is of.
func (d differences) In(lang text.Lang) string {
	var out []string
	for _, name := range d.names {
		camera, part := cut(name)
		words := text.Of(lang, text.Fact(part))
		if camera != "" {
			words = text.Of(lang, text.ChangedOf, d.of.CameraName(media.CameraID(camera)), words)
		}
		out = append(out, words)
	}
	return few(slices.Compact(out), "; ")
}

// values are those of each name.
func values(lines []string) map[string][]string {
	all := map[string][]string{}
	for _, line := range lines {
		name, value, _ := strings.Cut(line, "=")
		all[name] = append(all[name], value)
	}
	return all
}

// cut takes a name apart: the camera that it is of, empty for none, and its last part.
func cut(name string) (camera, part string) {
	if rest, ok := strings.CutPrefix(name, "camera/"); ok {
		camera, part, _ = strings.Cut(rest, "/")
		return camera, part
	}
	return "", name
}

// servedBefore reports whether some camera had a purpose.
func servedBefore(was map[string][]string, purpose string) bool {
	for name, values := range was {
		if _, part := cut(name); part == "purpose" && slices.Contains(values, purpose) {
			return true
		}
	}
	return false
}

// assessedFor says what changed since an assessment; empty: nothing. One of an earlier version
// is compared by the rule of that version, which cannot say what.
func (f *Facts) assessedFor(a register.Assessment) (changed []string) {
	if a.MadeFor != nil {
		return f.changed(a.MadeFor, true)
	}
	if a.Config != ConfigHash(f.Site, f.Cameras) {
		return []string{string(text.ChangedUnknown)}
	}
	return nil
}

// newest is the newest of some records by their day; of one day that which was entered last.
func newest[R any](all []R, day func(R) civil.Date) (found R) {
	for _, r := range all {
		if day(r) >= day(found) {
			found = r
		}
	}
	return found
}

// firstAssessment is the day of the first one that was made for a camera, and of the first one
// of an earlier version of which nobody knows whether it was; empty: there is none.
func (f *Facts) firstAssessment(id media.CameraID) (first, maybe civil.Date) {
	earlier := func(day *civil.Date, than civil.Date) {
		if *day == "" || than < *day {
			*day = than
		}
	}
	for _, a := range f.Records.Assessments {
		switch {
		case slices.Contains(a.Cameras, id), a.MadeFor == nil && a.Config == ConfigHash(f.Site, f.Cameras):
			earlier(&first, a.Date)
		case a.MadeFor == nil:
			earlier(&maybe, a.Date)
		}
	}
	return first, maybe
}

// assessment: the newest one counts, by its day. It is made before the first use of each
// camera, and anew where purpose, manner or cameras change and after a major incident. Params
// days is how far ahead a review may lie.
func assessment(f *Facts, p Params) Finding {
	if len(f.Records.Assessments) == 0 {
		return lacks(text.NextAssessment, text.FoundNoAssessment)
	}
	a := newest(f.Records.Assessments, func(a register.Assessment) civil.Date { return a.Date })
	if changed := f.assessedFor(a); len(changed) > 0 {
		return lacks(text.NextAssessment, text.FoundAssessmentOld, string(a.Date), differences{f, changed})
	}
	if found := f.afterIncident(a.Date); found.Status != "" {
		return found
	}
	if found := f.prior(); found.Status != "" {
		return found
	}
	if due := min(a.Review, a.Date.After(p["days"])); due.Days(f.Now) >= 0 {
		return warn(text.NextAssessment, text.FoundReviewDue, string(a.Date), string(due))
	}
	return pass(Recorded, text.FoundAssessment, string(a.Date), string(a.Review))
}

// afterIncident is what is wrong where a major incident came after the newest assessment.
func (f *Facts) afterIncident(assessed civil.Date) (found Finding) {
	for _, i := range f.Records.Incidents {
		switch {
		case i.Found <= assessed:
		case i.Major == nil:
			found = unknown(text.NextBreach, text.FoundMajorUnknown, string(i.Found))
		case isYes(i.Major):
			return fail(text.NextAssessment, text.FoundAfterIncident, string(assessed), string(i.Found))
		}
	}
	return found
}

// prior is what is wrong where a camera was in use before its first assessment.
func (f *Facts) prior() Finding {
	var late, unsure, unset []media.CameraID
	var day civil.Date
	for _, c := range f.Cameras {
		first, maybe := f.firstAssessment(c.ID)
		switch {
		case c.Commissioned == "":
			unset = append(unset, c.ID)
		case first != "" && first <= c.Commissioned:
		case maybe != "" && maybe <= c.Commissioned:
			unsure, day = append(unsure, c.ID), maybe
		default:
			late, day = append(late, c.ID), first
		}
	}
	switch {
	case len(late) > 0:
		return fail(text.NextAssessment, text.FoundAssessmentLate, string(day), f.list(late))
	case len(unsure) > 0:
		return unknown(text.NextAssessment, text.FoundAssessmentUnsure, string(day), f.list(unsure))
	case len(unset) > 0:
		return unknown(text.NextFirstUse, text.FoundNoFirstUse, f.list(unset))
	}
	return Finding{}
}

// Change is a fact as it was when something was made for the configuration, and as it is now,
// both as lines of Configuration; empty: there was none, or is none.
type Change struct{ Was, Is string }

// ChangesSince lists what is another now than in the configuration that something was made for.
func (f *Facts) ChangesSince(made []string) (all []Change) {
	was, is := values(made), values(f.Configuration())
	without := func(list, of []string) []string {
		return slices.DeleteFunc(slices.Clone(list), func(v string) bool { return slices.Contains(of, v) })
	}
	for _, name := range f.changed(made, true) {
		gone, came := without(was[name], is[name]), without(is[name], was[name])
		for i := range max(len(gone), len(came)) {
			var c Change
			if i < len(gone) {
				c.Was = name + "=" + gone[i]
			}
			if i < len(came) {
				c.Is = name + "=" + came[i]
			}
			all = append(all, c)
		}
	}
	return all
}
