package policy

import (
	"cmp"
	"slices"
	"strings"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// span is a time in days, both included.
type span struct{ from, to civil.Date }

// uncovered is the first day from one to another that lies in no span; empty: there is none.
func uncovered(from, to civil.Date, spans []span) civil.Date {
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	for _, s := range spans {
		if s.from > from {
			break
		}
		if s.to >= from {
			from = s.to.After(1)
		}
	}
	if from > to {
		return ""
	}
	return from
}

// monthOf is the month of a day.
func monthOf(d civil.Date) span {
	first := d.Time().AddDate(0, 0, 1-d.Time().Day())
	return span{civil.Of(first), civil.Of(first.AddDate(0, 1, -1))}
}

// registerMonths is for how many months back a register has to be whole.
const registerMonths = 36

// monthsOver are the whole months that are over, since a day, as far as registers are kept.
func (f *Facts) monthsOver(since civil.Date) span {
	this := monthOf(civil.Of(f.Now)).from
	return span{max(since, civil.Of(this.Time().AddDate(0, -registerMonths, 0))), this.After(-1)}
}

// handled is something whose handling of personal information is recorded.
type handled struct {
	name   string
	since  civil.Date // first use; empty: nobody said it
	covers func(register.Processing) bool
}

// handling are the devices that recognise faces, and the cameras where they do or where no
// device is on record. A record covers a device by its name or by the cameras that it uses.
func (f *Facts) handling() (all []handled) {
	devices := f.recognising()
	for _, d := range devices {
		all = append(all, handled{d.Name, d.FirstUse, func(p register.Processing) bool {
			return strings.Contains(p.Devices, d.Name) || len(d.Cameras) > 0 && !slices.ContainsFunc(d.Cameras, func(id media.CameraID) bool { return !slices.Contains(p.Cameras, id) })
		}})
	}
	if len(devices) > 0 && f.Site.Mode != Matching && !f.Gateway.FaceMatching {
		return all
	}
	for _, c := range f.Cameras {
		all = append(all, handled{f.CameraName(c.ID), c.Commissioned, func(p register.Processing) bool { return slices.Contains(p.Cameras, c.ID) }})
	}
	return all
}

// processing: for each month of use that is over, the records cover what recognises faces.
// Params in_force is since when they are owed.
func processing(f *Facts, p Params) Finding {
	var missing civil.Date
	var bad, unset []string
	for _, one := range f.handling() {
		if one.since == "" {
			unset = append(unset, one.name)
			continue
		}
		owed := f.monthsOver(max(one.since, p.date("in_force")))
		day := uncovered(owed.from, owed.to, f.processed(one))
		switch {
		case day == "":
		case missing == "" || day < monthOf(missing).from:
			missing, bad = day, []string{one.name}
		case day <= monthOf(missing).to:
			bad = append(bad, one.name)
		}
	}
	switch {
	case missing != "":
		return lacks(text.NextProcessing, text.FoundNoProcessing, string(missing[:7]), some(bad))
	case len(unset) > 0:
		return unknown(text.NextFirstUse, text.FoundNoFirstUse, some(unset))
	}
	return pass(Recorded, text.FoundProcessing, len(f.Records.Processings))
}

// processed are the times of which records cover something.
func (f *Facts) processed(one handled) (all []span) {
	for _, p := range f.Records.Processings {
		if one.covers(p) {
			all = append(all, span{p.From, p.To})
		}
	}
	return all
}

// incident: nothing that harms others, or was given out against the law, is open.
func incident(f *Facts, _ Params) Finding {
	for _, i := range f.Records.Incidents {
		if i.Closed == "" {
			return fail(text.NextBreach, text.FoundOpenIncident, string(i.Found))
		}
	}
	return f.noIncident()
}

func (f *Facts) noIncident() Finding {
	switch a := f.Site.Answers[AskIncident]; a.Says {
	case Yes:
		return fail(text.NextIncident, text.FoundIncident, a.By, string(a.Date))
	case No:
		return pass(Declared, text.FoundNoIncident, a.By, string(a.Date))
	}
	return ask(AskIncident)
}

// breach: of each incident the authority and the people are notified, at once or, with params
// days, the authority within so many.
func breach(f *Facts, p Params) (found Finding) {
	for _, i := range f.Records.Incidents {
		last := i.Found.After(p["days"])
		people := p["days"] > 0 || i.PeopleNotified != "" || strings.TrimSpace(i.PeopleNotNotified) != ""
		switch {
		case i.AuthorityNotified != "" && people && (p["days"] == 0 || i.AuthorityNotified <= last):
		case i.AuthorityNotified != "" && people:
			return fail(text.NextBreach, text.FoundNotifiedLate, string(i.Found), string(i.AuthorityNotified))
		case p["days"] == 0 || last.Days(f.Now) > 0:
			return fail(text.NextBreach, text.FoundNotNotified, string(i.Found))
		default:
			found = warn(text.NextBreach, text.FoundNotifyBy, string(i.Found), string(last)).by(last)
		}
	}
	if none := f.noIncident(); found.Status == "" || none.Status == Fail {
		return none
	}
	return found
}

// noticeContents are what a notice says by Order 19 Article 5.
func noticeContents(n register.Notice) map[string]string {
	return map[string]string{"contact": n.Contact, "purpose": n.Purpose, "manner": n.Manner, "keeping": n.Keeping,
		"necessity": n.Necessity, "effects": n.Effects, "rights": n.Rights, "complaints": n.Complaints}
}

// labels are fields of a kind of records, for evidence.
type labels struct {
	kind   string
	fields []string
}

// In names each of them.
func (l labels) In(lang text.Lang) string {
	var out []string
	for _, name := range l.fields {
		out = append(out, text.Of(lang, text.RecordLabel(l.kind, name)))
	}
	return strings.Join(out, "; ")
}

// notice: people are told all that the law wants told, as it is now, and the signs lead there.
func notice(f *Facts, _ Params) Finding {
	if len(f.Records.Notices) == 0 {
		for _, s := range f.Records.Signs {
			if s.Layer == 2 { // of an earlier version, which did not ask what it says
				return unknown(text.NextNotice, text.FoundNoticeUnread, s.Place)
			}
		}
		return lacks(text.NextNotice, text.FoundNoNotice)
	}
	n := newest(f.Records.Notices, func(n register.Notice) civil.Date { return n.Date })
	missing := labels{kind: string(register.KindNotice)}
	for name, said := range noticeContents(n) {
		if !strings.ContainsFunc(said, isWord) {
			missing.fields = append(missing.fields, name)
		}
	}
	slices.Sort(missing.fields)
	if len(missing.fields) > 0 {
		return fail(text.NextNotice, text.FoundNoticeLacks, string(n.Date), missing)
	}
	if changed := f.changed(n.MadeFor, false); n.MadeFor != nil && len(changed) > 0 {
		return lacks(text.NextNotice, text.FoundNoticeOld, string(n.Date), differences{f, changed})
	}
	return f.noticeReached(n)
}

// noticeReached is whether everybody finds and can read a notice.
func (f *Facts) noticeReached(n register.Notice) Finding {
	switch {
	case n.MadeFor == nil:
		return unknown(text.NextNotice, text.FoundNoticeUnbound, string(n.Date))
	case n.Accessible == nil:
		return unknown(text.NextNotice, text.FoundAccessUnknown, string(n.Date))
	case isNo(n.Accessible):
		return fail(text.NextNotice, text.FoundNotAccessible, string(n.Date))
	}
	if bad := which(f, func(c CameraFacts) bool { return f.leads(c.ID) }); len(bad) > 0 {
		return warn(text.NextSecondLayer, text.FoundSignLeadsNowhere, f.list(bad))
	}
	return pass(Recorded, text.FoundNotice, string(n.Date))
}

// leads reports whether the newest signs of a camera lead to the notice.
func (f *Facts) leads(id media.CameraID) bool {
	newest := f.newestSign(id)
	for _, s := range f.Records.Signs {
		if s.Layer == 1 && s.Covers(id) && s.Date == newest && s.Link == "" {
			return false
		}
	}
	return newest != ""
}

// accessAndExports: each viewer has a login of their own and is vetted, bound to secrecy and
// trained, and what was viewed or handed out is on record. An empty register says nothing.
func accessAndExports(f *Facts, p Params) Finding {
	switch {
	case f.Gateway.AnonymousViewing:
		return fail(text.NextAnonymous, text.FoundAnonymous)
	case f.Gateway.SharedAccount:
		return fail(text.NextShared, text.FoundShared)
	}
	for _, e := range f.Records.Exports {
		if slices.ContainsFunc([]string{e.Reason, e.Content, e.Unit, e.Name}, func(s string) bool { return strings.TrimSpace(s) == "" }) {
			return fail(text.NextExportFields, text.FoundExportFields, string(e.Date))
		}
	}
	if found := worst(f.exportGap(p), f.trained()); found.Status != "" {
		return found
	}
	if n := f.Gateway.IdleScreens; n > 0 {
		return warn(text.NextScreens, text.FoundIdleScreens, n, f.Gateway.Screens)
	}
	if n := f.Gateway.Screens; n > 0 {
		return pass(Recorded, text.FoundExportsScreens, len(f.Records.Exports), n)
	}
	return pass(Recorded, text.FoundExports, len(f.Records.Exports))
}

// trained is what is wrong with the records of those who see footage.
func (f *Facts) trained() (found Finding) {
	if len(f.Records.Trainings) == 0 {
		return lacks(text.NextTraining, text.FoundNoTraining)
	}
	for _, t := range f.Records.Trainings {
		switch {
		case isNo(t.Vetted):
			return fail(text.NextTraining, text.FoundNotVetted, string(t.Date), t.Post)
		case t.Vetted == nil, t.Undertaking == "":
			found = unknown(text.NextTraining, text.FoundVettingUnknown, string(t.Date), t.Post)
		}
	}
	return found
}

// exportGap is the first month without an entry in the register of exports, or a confirmation
// that there was nothing to enter. Params in_force is since when it is owed.
func (f *Facts) exportGap(p Params) Finding {
	if len(f.Records.Exports)+len(f.Records.Quiets) == 0 {
		return unknown(text.NextRegister, text.FoundNoExports)
	}
	if unset := which(f, func(c CameraFacts) bool { return c.Commissioned != "" }); len(unset) > 0 {
		return unknown(text.NextFirstUse, text.FoundNoFirstUse, f.list(unset))
	}
	first := civil.Of(f.Now)
	for _, c := range f.Cameras {
		first = min(first, c.Commissioned)
	}
	var spans []span
	for _, e := range f.Records.Exports {
		spans = append(spans, monthOf(e.Date))
	}
	for _, q := range f.Records.Quiets {
		if q.Register == string(register.KindExport) {
			spans = append(spans, span{q.From, q.To})
		}
	}
	owed := f.monthsOver(max(first, p.date("in_force")))
	if day := uncovered(owed.from, owed.to, spans); day != "" {
		return unknown(text.NextQuiet, text.FoundRegisterGap, string(day[:7]))
	}
	return Finding{}
}

// unkept is what is wrong with a register where it has to be kept; zero elsewhere.
func (f *Facts) unkept(p Params) Finding {
	if f.Site.Class != Art7 {
		return Finding{}
	}
	return f.exportGap(p)
}

// stateOrgans: they get footage by a law, with a document, by two officers, and somebody
// allowed it.
func stateOrgans(f *Facts, p Params) Finding {
	found := Finding{}
	for _, e := range f.Records.Exports {
		switch {
		case e.Requester == "":
			found = unknown(text.NextRequester, text.FoundNoRequester, string(e.Date))
		case !e.ByStateOrgan() || e.Refused:
		case slices.ContainsFunc([]string{e.LegalBasis, e.Number, e.Name, e.Second, e.Approver}, func(s string) bool { return strings.TrimSpace(s) == "" }):
			return fail(text.NextExportFields, text.FoundOrganLacks, string(e.Date))
		case found.Status == "":
			found = pass(Recorded, text.FoundOrgan)
		}
	}
	return f.orNone(found, p, text.FoundNoOrgan)
}

// orNone is a finding, or that there was nothing to find: where the register is not kept,
// nobody knows.
func (f *Facts) orNone(found Finding, p Params, none text.Key) Finding {
	if found.Status == "" {
		found = f.unkept(p)
	}
	if found.Status == "" {
		return spared(none)
	}
	return found
}

// persons: who is seen, relatives and carers may see footage after a look at who they are and
// with the unit's consent; a refusal has its reason.
func persons(f *Facts, p Params) Finding {
	found := Finding{}
	for _, e := range f.Records.Exports {
		switch {
		case e.Requester == "":
			found = unknown(text.NextRequester, text.FoundNoRequester, string(e.Date))
		case !e.ByPerson():
		case !e.Refused && (isNo(e.IdentityChecked) || isNo(e.UnitAgreed)):
			return fail(text.NextExportFields, text.FoundPersonUnchecked, string(e.Date))
		case !e.Refused && (e.IdentityChecked == nil || e.UnitAgreed == nil || e.Requester == register.AskedByRelative && strings.TrimSpace(e.Relation) == ""):
			found = unknown(text.NextExportFields, text.FoundPersonUnknown, string(e.Date))
		case found.Status == "":
			found = pass(Recorded, text.FoundPerson)
		}
	}
	return f.orNone(found, p, text.FoundNoPerson)
}

// requests: params days is how long one may wait for an answer, late from when on that is a
// breach; 0: never.
func requests(f *Facts, p Params) Finding {
	if strings.TrimSpace(f.Site.Contact) == "" {
		return warn(text.NextSite, text.FoundNoContact)
	}
	oldest, found := -1, pass(Declared, text.FoundNoRequests, f.Site.Contact)
	for _, r := range f.Records.Requests {
		switch gave := r.Outcome == register.RequestGranted || r.Outcome == register.RequestPartly; {
		case r.Answered == "":
			oldest = max(oldest, r.Date.Days(f.Now))
		case gave && isNo(r.IdentityChecked):
			return fail(text.NextRequest, text.FoundRequestUnchecked, string(r.Date))
		case gave && r.IdentityChecked == nil:
			found = unknown(text.NextRequest, text.FoundRequestUnknown, string(r.Date))
		}
	}
	switch {
	case p["late"] > 0 && oldest > p["late"]:
		return fail(text.NextRequest, text.FoundOpenRequest, oldest)
	case found.Status == Unknown:
		return found
	case oldest > p["days"]:
		return warn(text.NextRequest, text.FoundOpenRequest, oldest)
	case len(f.Records.Requests) > 0:
		return pass(Recorded, text.FoundRequests, len(f.Records.Requests))
	}
	return found
}
