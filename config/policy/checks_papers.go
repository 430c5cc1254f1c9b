package policy

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// isWord: dots and dashes say nothing.
func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// documents are kinds of documents, for evidence.
type documents []string

// In names each of them.
func (d documents) In(lang text.Lang) string {
	var out []string
	for _, of := range d {
		out = append(out, text.Of(lang, text.RecordChoice(string(register.KindDocument), "of", of)))
	}
	return strings.Join(out, "; ")
}

// document is the newest of a kind, of one day that which was entered last, if it still holds;
// nil without one.
func (f *Facts) document(of string) (newest *register.Document) {
	for i := range f.Records.Documents {
		d := &f.Records.Documents[i]
		if d.Of == of && (newest == nil || d.Date >= newest.Date) {
			newest = d
		}
	}
	if newest != nil && newest.Expires != "" && newest.Expires < civil.Of(f.Now) {
		return nil
	}
	return newest
}

// grading is what the answer rests on that graded protection applies; empty: on nothing.
func (f *Facts) grading() Basis {
	d := f.document(register.GradingRecord)
	switch {
	case d != nil && strings.TrimSpace(d.Number) != "":
		return Recorded
	case strings.TrimSpace(f.Site.Answers[AskGrading].Note+f.Site.Grading) != "":
		return Declared
	}
	return ""
}

// securityRules: the rules of the house, the classification, the plan for incidents and the
// training are there. Params days is how old they may be.
func securityRules(f *Facts, p Params) Finding {
	if found, open := f.bypassed(); open {
		return found
	}
	if len(f.Gateway.ControlsOff) > 0 {
		return fail(text.NextControls, text.FoundControlsOff, controlWords(f.Gateway.ControlsOff))
	}
	if f.Gateway.lost() {
		return notKept(f)
	}
	var missing, old documents
	for _, of := range []string{register.Rules, register.Classification, register.IncidentPlan} {
		switch d := f.document(of); {
		case d == nil:
			missing = append(missing, of)
		case d.Date.Days(f.Now) > p["days"]:
			old = append(old, of)
		}
	}
	var trained civil.Date
	for _, t := range f.Records.Trainings {
		trained = max(trained, t.Date)
	}
	switch {
	case len(missing) > 0:
		return unknown(text.NextDocument, text.FoundNoDocument, missing)
	case trained == "":
		return unknown(text.NextTraining, text.FoundNoTraining)
	case len(old) > 0:
		return warn(text.NextDocument, text.FoundOldDocument, old, p["days"])
	case trained.Days(f.Now) > p["days"]:
		return warn(text.NextTraining, text.FoundOldTraining, string(trained))
	case f.Gateway.SharedAccount:
		return warn(text.NextShared, text.FoundShared)
	}
	return pass(Recorded, text.FoundRules)
}

// complianceAudit: params days is how old the newest audit may be, people from how many on an
// officer is named.
func complianceAudit(f *Facts, p Params) Finding {
	if f.stored().people >= p["people"] && f.document(register.Officer) == nil {
		return warn(text.NextDocument, text.FoundNoDocument, documents{register.Officer})
	}
	switch d := f.document(register.Audit); {
	case d == nil:
		return warn(text.NextDocument, text.FoundNoDocument, documents{register.Audit})
	case d.Date.Days(f.Now) > p["days"]:
		return warn(text.NextDocument, text.FoundOldDocument, documents{register.Audit}, p["days"])
	default:
		return pass(Recorded, text.FoundAudit, string(d.Date))
	}
}

// acceptance: the files of design, test and acceptance are kept.
func acceptance(f *Facts, _ Params) Finding {
	if d := f.document(register.Acceptance); d != nil {
		return pass(Recorded, text.FoundAcceptance, string(d.Date))
	}
	return warn(text.NextDocument, text.FoundNoDocument, documents{register.Acceptance})
}

// held are the contracts that hold now.
func (f *Facts) held() (all []register.Contract) {
	for _, c := range f.Records.Contracts {
		if c.Holds(civil.Of(f.Now)) {
			all = append(all, c)
		}
	}
	return all
}

// contracts: whoever handles data on the site's behalf is bound by one, and looked after.
func contracts(f *Facts, _ Params) Finding {
	held := f.held()
	if len(held) == 0 {
		return f.withoutContract(lacks)
	}
	for _, c := range held {
		if strings.TrimSpace(c.Audit) == "" {
			return warn(text.NextContract, text.FoundNoAudit, c.Party)
		}
	}
	return pass(Recorded, text.FoundContracts, len(held))
}

// withoutContract is how it stands where no contract holds; found makes it of a site that has
// processors.
func (f *Facts) withoutContract(found func(next, key text.Key, args ...any) Finding) Finding {
	switch a := f.Site.Answers[AskProcessors]; a.Says {
	case Yes:
		return found(text.NextContract, text.FoundNoContract)
	case No:
		return spared(text.FoundNoProcessors, a.By, string(a.Date))
	}
	return ask(AskProcessors)
}

// secrecy: whoever builds, runs or maintains the system is bound to it.
func secrecy(f *Facts, _ Params) Finding {
	held := f.held()
	if len(held) == 0 {
		return f.withoutContract(unknown)
	}
	found := spared(text.FoundNotOperated)
	for _, c := range held {
		switch {
		case isNo(c.Operates):
		case c.Operates != nil && isNo(c.Secrecy):
			return fail(text.NextContract, text.FoundNoSecrecy, c.Party)
		case c.Operates == nil || c.Secrecy == nil:
			found = unknown(text.NextContract, text.FoundSecrecyUnknown, c.Party)
		case found.Status != Unknown:
			found = pass(Recorded, text.FoundSecrecy)
		}
	}
	return found
}

// keeps is what the recorders keep of a camera: the newest record of each recorder counts, and
// the best of them, of equal ones the newest. Empty: nobody recorded it.
func (f *Facts) keeps(id media.CameraID) register.Recorder {
	latest := map[string]register.Recorder{}
	for _, r := range f.Records.Recorders {
		if r.Date >= latest[r.Name].Date {
			latest[r.Name] = r
		}
	}
	of := []register.Recorder{{}}
	for _, r := range latest {
		if slices.Contains(r.Cameras, id) {
			of = append(of, r)
		}
	}
	return slices.MaxFunc(of, func(a, b register.Recorder) int {
		return cmp.Or(cmp.Compare(worth(a), worth(b)), cmp.Compare(a.Date, b.Date))
	})
}

// worth orders what recorders keep: originals that can be opened, those of which nobody showed
// that they can, masked pictures alone, and nothing.
func worth(r register.Recorder) int {
	switch {
	case r.Keeps == "":
		return 0
	case r.Keeps == register.KeepsMasked:
		return 1
	case untried(r):
		return 2
	}
	return 3
}

// untried reports whether originals are sealed, and nobody showed that they can be opened.
func untried(r register.Recorder) bool {
	return r.Keeps == register.KeepsSealed && (r.Opened == "" || r.KeyHolders == "")
}

// keptOriginals is whether originals are kept of all cameras, by the recorders on record or, for
// those of which there is none, by what was answered. The newer of both counts.
func (f *Facts) keptOriginals() Finding {
	if found, ok := f.sealed(); ok {
		return found
	}
	a := f.Site.Answers[AskOriginals]
	var masked, unstated, unopened []media.CameraID
	for _, c := range f.Cameras {
		switch r := f.keeps(c.ID); {
		case c.Sealed != nil: // and nothing is wrong with it
		case r.Keeps == register.KeepsMasked, a.Says == No && (r.Keeps == "" || r.Date < a.Date):
			masked = append(masked, c.ID)
		case r.Keeps == "":
			unstated = append(unstated, c.ID)
		case untried(r):
			unopened = append(unopened, c.ID)
		}
	}
	switch {
	case len(f.Cameras) == 0:
		return unknown(text.NextCamera, text.FoundNoCameras)
	case len(masked) > 0:
		return fail(text.NextOriginals, text.FoundMaskedOnly, f.list(masked))
	case a.Says == "" && len(f.Records.Recorders) == 0:
		return ask(AskOriginals)
	case len(unstated) > 0 && a.Says == "":
		return unknown(text.NextRecorder, text.FoundNoRecorder, f.list(unstated))
	case len(unopened) > 0:
		return warn(text.NextRecorder, text.FoundNeverOpened, f.list(unopened))
	case len(unstated) > 0:
		return pass(Declared, text.FoundOriginals, a.By, string(a.Date))
	}
	return pass(Recorded, text.FoundKeptOriginals, len(f.Cameras))
}

// originals: the original footage is kept, whole, and whoever runs the system is bound (Decree
// 799 Article 15): masks protect who is watched and what is handed out, not what must be kept.
func originals(f *Facts, p Params) Finding {
	if found, open := f.bypassed(); open {
		return found
	}
	return worst(f.keptOriginals(), secrecy(f, p))
}

// tampering: devices of Article 7 are taken away with leave alone, and nothing of what they saw
// is changed before it is kept.
func tampering(f *Facts, _ Params) Finding {
	kept := f.keptOriginals()
	if kept.Status == Fail {
		return kept
	}
	var bad, unsure []media.CameraID
	for _, r := range f.Removals {
		if !r.Place.Prohibited() && (r.Used || f.everFiled(r.Camera)) && !f.approved(r.Camera, r.Day) {
			bad = append(bad, r.Camera)
		}
	}
	for _, id := range f.filed() {
		if !f.has(id) && f.removed(id) == "" && !f.approved(id, "") {
			unsure = append(unsure, id)
		}
	}
	switch {
	case len(bad) > 0:
		return lacks(text.NextApproval, text.FoundRemoved, f.list(slices.Compact(bad)))
	case len(unsure) > 0:
		return unknown(text.NextApproval, text.FoundGone, f.list(unsure))
	case kept.Status == Unknown:
		return kept
	}
	return pass(cmp.Or(kept.Basis, Recorded), text.FoundUntouched)
}

// everFiled reports whether some filing with a receipt listed a camera.
func (f *Facts) everFiled(id media.CameraID) bool {
	return slices.ContainsFunc(f.Records.Filings, func(r register.Filing) bool {
		return r.Of == register.FilingSystem && r.Receipt != "" && slices.Contains(r.Cameras, id)
	})
}

// approved reports whether an authority allowed a camera to be taken away on a day, or on any.
func (f *Facts) approved(id media.CameraID, day civil.Date) bool {
	return slices.ContainsFunc(f.Records.Approvals, func(a register.Approval) bool {
		return (a.Of == register.Removal || a.Of == register.Move) && slices.Contains(a.Cameras, id) && (day == "" || a.From <= day && (a.To == "" || day <= a.To))
	})
}

// logs: who did what is kept for years, longer than the law wants network logs kept.
func logs(f *Facts, _ Params) Finding {
	if slices.Contains(f.Gateway.ControlsOff, "audit") {
		return fail(text.NextControls, text.FoundControlsOff, controlWords{"audit"})
	}
	return byDesign("TestPruneAuditLog", text.FoundLogs)
}
