package policy

import (
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// registerChanges are those of the registers' checks.
var registerChanges = map[string][]change{
	"incident": {{Fail, func(f *Facts) { answer(f, AskIncident, Yes) }}, {Unknown, unanswered(AskIncident)}, {Fail, breached(notified("2026-10-10"))},
		{Pass, breached(register.Incident{Found: "2026-10-10", Closed: "2026-10-12"})}},
	"breach": {{Fail, func(f *Facts) { answer(f, AskIncident, Yes) }}, {Unknown, unanswered(AskIncident)}, {Pass, breached(notified("2026-10-10"))},
		{Fail, breached(register.Incident{Found: "2026-10-01", Closed: "2026-10-02"})}, {Fail, breached(register.Incident{Found: "2026-10-10", PeopleNotified: "2026-10-10"})},
		{Pass, breached(register.Incident{Found: "2026-10-10", AuthorityNotified: "2026-10-10", PeopleNotNotified: "the disk was sealed"})}},
	"notice": {{Fail, func(f *Facts) { f.Records.Notices = nil }}, {Fail, func(f *Facts) { f.Records.Notices[0].Effects = " - " }}, {Fail, func(f *Facts) { f.Records.Notices[0].Complaints = "" }},
		{Unknown, func(f *Facts) { f.Records.Notices[0].Accessible = nil }}, {Fail, func(f *Facts) { f.Records.Notices[0].Accessible = answered(No) }},
		{Unknown, func(f *Facts) { f.Records.Notices[0].MadeFor = nil }}, {Warn, func(f *Facts) { f.Records.Signs[0].Link = "" }}, {Warn, func(f *Facts) { f.Records.Signs = nil }},
		{Fail, func(f *Facts) { f.Records.Retentions[0].Hours = 800 }}, {Fail, func(f *Facts) { f.Cameras[0].Purpose = "traffic" }}, {Fail, func(f *Facts) { f.Cameras[0].Extras = []string{"audio"} }},
		{Fail, func(f *Facts) { f.Site.Class = Art9 }},
		{Unknown, func(f *Facts) {
			f.Records.Notices = nil
			f.Records.Signs = append(f.Records.Signs, register.Sign{Layer: 2, Place: "desk"})
		}},
		{Fail, func(f *Facts) { // the newest counts
			f.Records.Notices = append([]register.Notice{{Date: "2026-03-01", MadeFor: f.Records.Notices[0].MadeFor}}, f.Records.Notices...)
		}}},
	"processing": {{Fail, func(f *Facts) { f.Records.Processings = nil }}, {Fail, func(f *Facts) { f.Records.Processings = f.Records.Processings[:8] }}, {Fail, func(f *Facts) { f.Records.Processings[3].To = "2026-04-29" }},
		{Fail, func(f *Facts) { f.Records.Processings[3].Cameras = nil }}, {Unknown, func(f *Facts) { f.Cameras[0].Commissioned = "" }},
		{Pass, func(f *Facts) { f.Records.Processings[0].From = "2026-01-10" }}, {Fail, func(f *Facts) { f.Records.Processings[0].From = "2026-01-11" }},
		{Pass, func(f *Facts) { // no month is over yet
			f.Records.Processings, f.Cameras[0].Commissioned, f.Records.Devices[0].FirstUse = nil, "2026-10-01", "2026-10-01"
		}},
		{Unknown, func(f *Facts) { f.Records.Devices[0].FirstUse = "" }}, {Fail, func(f *Facts) { f.Records.Devices[0].Cameras = nil }},
		{Pass, func(f *Facts) {
			f.Records.Devices[0].Cameras = nil
			for i := range f.Records.Processings {
				f.Records.Processings[i].Devices = "the north gate, the south gate"
			}
		}},
		{Pass, func(f *Facts) {
			f.Records.Processings = f.Records.Processings[:1]
			f.Records.Processings[0].To = "2026-10-15"
		}}},
	"contracts": {{Unknown, unanswered(AskProcessors)}, {NotApplicable, func(*Facts) {}}, {Fail, func(f *Facts) { answer(f, AskProcessors, Yes) }}, {Pass, func(f *Facts) { withContractor(f) }},
		{Fail, func(f *Facts) { withContractor(f).Records.Contracts[0].To = "2026-10-14" }}, {Pass, func(f *Facts) { withContractor(f).Records.Contracts[0].To = "2026-10-15" }},
		{Fail, func(f *Facts) { withContractor(f).Records.Contracts[0].From = "2026-10-16" }}, {Warn, func(f *Facts) { withContractor(f).Records.Contracts[0].Audit = "" }}},
	"secrecy": {{Unknown, unanswered(AskProcessors)}, {Unknown, func(f *Facts) { answer(f, AskProcessors, Yes) }}, {Pass, func(f *Facts) { withContractor(f) }},
		{Fail, func(f *Facts) { withContractor(f).Records.Contracts[0].Secrecy = answered(No) }}, {Unknown, func(f *Facts) { withContractor(f).Records.Contracts[0].Secrecy = nil }},
		{Unknown, func(f *Facts) { withContractor(f).Records.Contracts[0].Operates = nil }}, {NotApplicable, func(f *Facts) { withContractor(f).Records.Contracts[0].Operates = answered(No) }},
		{Fail, func(f *Facts) { // the worst decides, whatever its place
			withContractor(f).Records.Contracts = append(f.Records.Contracts, register.Contract{Party: "B", Operates: answered(Yes), Secrecy: answered(No)})
		}},
		{Unknown, func(f *Facts) {
			withContractor(f).Records.Contracts = append([]register.Contract{{Party: "B"}}, f.Records.Contracts...)
		}}},
	"requests": {{Warn, func(f *Facts) { f.Site.Contact = "" }}, {Warn, func(f *Facts) { f.Records.Requests = []register.Request{{Date: "2026-09-29"}, {Date: "2026-10-15"}} }}, {Pass, func(f *Facts) { f.Records.Requests = []register.Request{{Date: "2026-09-30"}} }},
		{Fail, func(f *Facts) {
			f.Records.Requests = []register.Request{{Date: "2026-10-01", Answered: "2026-10-02", Outcome: register.RequestGranted, IdentityChecked: answered(No)}}
		}},
		{Unknown, func(f *Facts) {
			f.Records.Requests = []register.Request{{Date: "2026-10-01", Answered: "2026-10-02", Outcome: register.RequestPartly}}
		}},
		{Pass, func(f *Facts) {
			f.Records.Requests = []register.Request{{Date: "2026-10-01", Answered: "2026-10-02", Outcome: register.RequestRefused}}
		}},
		{Pass, func(f *Facts) {
			f.Records.Requests = []register.Request{{Date: "2026-01-01", Answered: "2026-01-02", Outcome: register.RequestGranted, IdentityChecked: answered(Yes)}}
		}}},
	"security_rules": {{Fail, func(f *Facts) { f.Gateway.ControlsOff = []string{"encryption"} }}, {Fail, func(f *Facts) { f.Gateway.Unstored = 1 }}, {Warn, func(f *Facts) { f.Gateway.SharedAccount = true }},
		{Unknown, func(f *Facts) { f.Records.Documents = f.Records.Documents[1:] }}, {Unknown, func(f *Facts) { f.Records.Documents[2].Expires = "2026-10-14" }}, {Pass, func(f *Facts) { f.Records.Documents[2].Expires = "2026-10-15" }},
		{Warn, func(f *Facts) { f.Records.Documents[1].Date = "2025-10-13" }}, {Pass, func(f *Facts) { f.Records.Documents[1].Date = "2025-10-14" }},
		{Unknown, func(f *Facts) { f.Records.Trainings = nil }}, {Warn, func(f *Facts) { f.Records.Trainings[0].Date = "2025-10-13" }}},
	"compliance_audit": {{Warn, func(f *Facts) { f.Records.Documents = nil }}, {Warn, func(f *Facts) { f.Records.Documents[3].Date = "2025-10-13" }}, {Pass, func(f *Facts) { f.Records.Documents[3].Date = "2025-10-14" }},
		{Warn, func(f *Facts) { enrolled(f, 1_000_000, "2026-10-01") }}, {Pass, func(f *Facts) { enrolled(f, 999_999, "2026-10-01") }},
		{Pass, func(f *Facts) {
			enrolled(f, 1_000_000, "2026-10-01")
			f.Records.Documents = append(f.Records.Documents, register.Document{Of: register.Officer, Date: "2026-10-01"})
		}}},
	"acceptance": {{Warn, func(f *Facts) { f.Records.Documents = f.Records.Documents[:4] }}},
	"state_organs": {{Pass, export(police)}, {Unknown, export(register.Export{})}, {NotApplicable, export(person)}, {Fail, func(f *Facts) { export(register.Export{})(f); export(register.Export{Requester: "court"})(f) }},
		{NotApplicable, export(register.Export{Requester: register.AskedByPolice, Refused: true})},
		{Fail, export(with(police, func(e *register.Export) { e.LegalBasis = " " }))}, {Fail, export(with(police, func(e *register.Export) { e.Number = "" }))},
		{Fail, export(with(police, func(e *register.Export) { e.Second = "" }))}, {Fail, export(with(police, func(e *register.Export) { e.Approver = "" }))},
		{Unknown, func(f *Facts) { f.Records.Quiets = nil }}, {NotApplicable, func(f *Facts) { f.Records.Quiets, f.Site.Class = nil, Art9 }},
		{Unknown, func(f *Facts) { export(register.Export{})(f); export(police)(f) }}},
	"persons": {{Pass, export(person)}, {Unknown, export(register.Export{})}, {NotApplicable, export(police)}, {Pass, export(register.Export{Requester: register.AskedByRelative, Refused: true})},
		{Fail, export(with(person, func(e *register.Export) { e.UnitAgreed = answered(No) }))}, {Fail, export(with(person, func(e *register.Export) { e.IdentityChecked = answered(No) }))},
		{Unknown, export(with(person, func(e *register.Export) { e.UnitAgreed = nil }))}, {Unknown, export(with(person, func(e *register.Export) { e.IdentityChecked = nil }))},
		{Unknown, export(with(person, func(e *register.Export) { e.Requester = register.AskedByRelative }))},
		{Pass, export(with(person, func(e *register.Export) { e.Requester, e.Relation = register.AskedByRelative, "mother" }))},
		{Unknown, func(f *Facts) { f.Records.Quiets = nil }}},
	"originals": {{Fail, func(f *Facts) { f.Records.Recorders[0].Keeps = register.KeepsMasked }}, {Warn, func(f *Facts) { f.Records.Recorders[0].Keeps = register.KeepsSealed }},
		{Pass, func(f *Facts) {
			f.Records.Recorders[0].Keeps, f.Records.Recorders[0].Opened, f.Records.Recorders[0].KeyHolders = register.KeepsSealed, "2026-09-01", "name:1"
		}},
		{Warn, func(f *Facts) {
			f.Records.Recorders[0].Keeps, f.Records.Recorders[0].Opened = register.KeepsSealed, "2026-09-01"
		}},
		{Fail, func(f *Facts) { answer(f, AskOriginals, No) }}, // said after the record
		{Pass, func(f *Facts) { f.Site.Answers[AskOriginals] = Answer{Says: No, Date: "2026-02-01"} }},
		{Unknown, func(f *Facts) { f.Records.Recorders = nil; unanswered(AskOriginals)(f) }}, {Pass, func(f *Facts) { f.Records.Recorders = nil }}, {Fail, func(f *Facts) { f.Records.Recorders = nil; answer(f, AskOriginals, No) }},
		{Unknown, func(f *Facts) { f.Records.Recorders[0].Cameras = nil; unanswered(AskOriginals)(f) }},
		{Pass, func(f *Facts) { // another recorder keeps masked pictures besides
			f.Records.Recorders = append(f.Records.Recorders, register.Recorder{Date: "2026-09-01", Name: "viewers", Cameras: f.Records.Recorders[0].Cameras, Keeps: register.KeepsMasked})
		}},
		{Fail, func(f *Facts) { // the same one later
			f.Records.Recorders = append(f.Records.Recorders, register.Recorder{Date: "2026-09-01", Name: "recorder", Cameras: f.Records.Recorders[0].Cameras, Keeps: register.KeepsMasked})
		}},
		{Unknown, unanswered(AskProcessors)}, {Unknown, func(f *Facts) { answer(f, AskProcessors, Yes) }},
		{Fail, func(f *Facts) { withContractor(f).Records.Contracts[0].Secrecy = answered(No) }}},
	"tampering": {{Fail, func(f *Facts) { f.Records.Recorders[0].Keeps = register.KeepsMasked }}, {Unknown, func(f *Facts) { f.Records.Recorders = nil; unanswered(AskOriginals)(f) }}, {Pass, func(f *Facts) { f.Records.Recorders = nil }},
		{Fail, func(f *Facts) { f.Removals = []Removal{{Camera: "lift", Day: "2026-10-10", Used: true}} }}, {Pass, func(f *Facts) { f.Removals = []Removal{{Camera: "lift", Day: "2026-10-10"}} }},
		{Fail, func(f *Facts) { f.Removals = []Removal{{Camera: "gate", Day: "2026-10-10"}} }}, // it was filed, and came back
		{Pass, func(f *Facts) {
			f.Removals = []Removal{{Camera: "lift", Day: "2026-10-10", Used: true, Place: PublicToilet}}
		}},
		{Pass, func(f *Facts) {
			f.Removals = []Removal{{Camera: "lift", Day: "2026-10-10", Used: true}}
			approve(f, "2026-10-01", "2026-10-10")
		}},
		{Fail, func(f *Facts) {
			f.Removals = []Removal{{Camera: "lift", Day: "2026-10-10", Used: true}}
			approve(f, "2026-10-11", "")
		}},
		{Fail, func(f *Facts) {
			f.Removals = []Removal{{Camera: "lift", Day: "2026-10-10", Used: true}}
			approve(f, "2026-10-01", "2026-10-09")
		}},
		{Fail, func(f *Facts) {
			f.Removals = []Removal{{Camera: "lift", Day: "2026-10-10", Used: true}}
			approve(f, "2026-10-01", "")
			f.Records.Approvals[0].Of = "cover"
		}},
		{Unknown, func(f *Facts) { f.Records.Filings[0].Cameras = []media.CameraID{"gate", "lift"} }},
		{Pass, func(f *Facts) {
			f.Records.Filings[0].Cameras = []media.CameraID{"gate", "lift"}
			approve(f, "2026-10-01", "")
		}}},
	"logs": {{Fail, func(f *Facts) { f.Gateway.ControlsOff = []string{"audit"} }}, {Pass, func(f *Facts) { f.Gateway.ControlsOff = []string{"access"} }}},
}
