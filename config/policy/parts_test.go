package policy

import (
	"testing"

	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// What is asked of a device is asked of those alone that it is about.
func TestEachPartOfADevicesRuleDecides(t *testing.T) {
	decide(t, []decided{
		{"whoever is verified has another way", gated, device(func(d *register.Device) { d.What, d.Works = register.DevicePlatform, yes(false) }), "m10", "fail", text.NextAlternative, "north gate"},
		{"cameras that match serve public safety, by the mode", gated, func(f *Facts) { f.Site.Mode, f.Cameras[3].Purpose = Matching, "traffic" }, "m13-sign", "fail", "", "park"},
		{"cameras that match serve public safety, by what the gateway does", gated, func(f *Facts) { f.Gateway.FaceMatching, f.Cameras[3].Purpose = true, "traffic" }, "m13-sign", "fail", "", "park"},
		{"cameras that match nothing are no such devices", gated, func(f *Facts) { f.Cameras[3].Purpose = "traffic" }, "m13-sign", "pass/recorded", "", ""},
		{"cameras that match are in no private room", gated, func(f *Facts) { f.Gateway.FaceMatching, f.Cameras[3].Place = true, PublicToilet }, "m13-place", "fail", "", "park"},
		{"the area of a camera that a device does not use", gated, func(f *Facts) { f.Cameras[3].Capture = false }, "m13-sign", "pass/recorded", "", ""},
		{"the area of a camera that a device uses", gated, func(f *Facts) { f.Cameras[0].Capture = false }, "m13-sign", "fail", text.NextDeviceArea, ""},
		{"what stays in the device needs no ground to leave", gated, device(func(d *register.Device) { d.TransferGround = register.GroundNone }), "m8", "pass/declared", "", ""},
		{"a device that keeps none deletes none", gated, device(func(d *register.Device) { d.Templates, d.Deletes = yes(false), yes(false) }), "m8", "pass/declared", "", ""},
		{"public safety asks for no consent", gated, device(func(d *register.Device) { d.Ground = register.GroundLaw }), "p26", "pass/declared", "", ""},
		{"a count that recognises is sensitive", gated, device(func(d *register.Device) { counter(d); d.Mode, d.FirstUse = register.ModeIdentify, "2026-01-01" }), "p55", "fail", text.NextAssessment, ""},
		{"a count searches for nobody", gated, func(f *Facts) { answer(f, AskFaceDevices, No); device(counter)(f) }, "d10", "pass/design", "", ""},
		{"a door that finds one of many is no search", gated, device(func(d *register.Device) { d.Mode = register.ModeIdentify }), "d10", "pass/design", "", ""},
		{"a door of an older version has no day", mall, func(f *Facts) { f.Cameras[0].AccessControl = true }, "m8", "unknown", text.NextDevice, ""},
		{"a device is named once", gated, func(f *Facts) {
			device(func(d *register.Device) { d.Templates, d.PrivateRoom = nil, yes(true) })(f)
		}, "m13-place", "fail", "", ": north gate$"},
		{"what devices hold now counts for more than an old answer", gated, func(f *Facts) {
			device(func(d *register.Device) { made(d, 90_000, "2026-09-01") })(f)
			f.Site.Answers[AskFaceDevices] = Answer{Says: Yes, Count: 90_000, Day: "2026-09-01", By: "wang", Date: "2025-10-13"}
		}, "m15", "warn", "", ""},
		{"nobody said how faces are handled", mall, func(f *Facts) { f.Site.Mode = "" }, "d5", "pass/measured", "", ""},
		{"in use since the last day of what is on record", gated, device(func(d *register.Device) { d.FirstUse = "2026-08-31" }), "m9-r", "pass/recorded", "", ""},
	})
}

// Of papers, signs and requests those alone count that are about the thing.
func TestEachPartOfARuleOnPapersDecides(t *testing.T) {
	all := []media.CameraID{"gate", "hall", "lift", "park"}
	request := func(r register.Request) func(*Facts) {
		return func(f *Facts) { f.Records.Requests = []register.Request{r} }
	}
	incident := func(i register.Incident) func(*Facts) {
		return func(f *Facts) { f.Records.Incidents = []register.Incident{i} }
	}
	decide(t, []decided{
		{"no interest is written down", shopEU, func(f *Facts) { f.Records.Grounds[0].Interest = "" }, "g6", "fail", "", "door"},
		{"nothing outweighs it, as is written down", shopEU, func(f *Facts) { f.Records.Grounds[0].Balance = "" }, "g6", "fail", "", "door"},
		{"faces are matched, whatever was answered", shopEU, func(f *Facts) { f.Gateway.FaceMatching = true }, "gdpr-9", "fail", "", "door"},
		{"an older document, entered last", mall, func(f *Facts) {
			f.Records.Documents = append(f.Records.Documents, register.Document{Of: register.Audit, Date: "2019-02-01", File: digest})
		}, "p54", "pass/recorded", "", ""},
		{"training just as old as it may be", mall, func(f *Facts) { f.Records.Trainings[0].Date = "2025-10-14" }, "p51", "pass/recorded", "", ""},
		{"training a day older", mall, func(f *Facts) { f.Records.Trainings[0].Date = "2025-10-13" }, "p51", "warn", text.NextTraining, ""},
		{"the originals of one camera rest on the answer", mall, func(f *Facts) { f.Records.Recorders[0].Cameras = all[:3] }, "s15", "pass/declared", "", ""},
		{"of two recorders that are as good the newer counts", mall, func(f *Facts) {
			older := f.Records.Recorders[0]
			older.Name, older.Date = "attic", "2026-03-01"
			f.Records.Recorders = append(f.Records.Recorders, older)
			f.Site.Answers[AskOriginals] = Answer{Says: No, By: "wang", Date: f.Records.Recorders[0].Date}
		}, "s15", "pass/recorded", "", ""},
		{"leave was given for another camera", mall, func(f *Facts) {
			f.Removals = []Removal{{Camera: "roof", Day: "2026-10-01", Used: true, Place: "entrance"}}
			f.Records.Approvals = []register.Approval{{Of: register.Removal, Cameras: all[:1], From: "2026-09-01"}}
		}, "s23", "fail", text.NextApproval, "roof"},
		{"nobody said what a camera is for", mall, func(f *Facts) { f.Cameras[0].Purpose = "" }, "p26", "pass/recorded", "", ""},
		{"what was refused is no release", mall, func(f *Facts) {
			f.Records.Exports = []register.Export{{Public: true, Refused: true, Reason: "r", Content: "c", Unit: "u", Name: "n", Date: "2026-09-01"}}
		}, "s799-release", "not_applicable", "", ""},
		{"the authority was notified too late", shopEU, incident(register.Incident{Found: "2026-09-01", AuthorityNotified: "2026-09-10", Closed: "2026-09-11"}), "g33", "fail", text.NextBreach, "2026-09-10"},
		{"all were notified a day later", mall, incident(register.Incident{Found: "2026-09-01", AuthorityNotified: "2026-09-02", PeopleNotified: "2026-09-02", Closed: "2026-09-03"}), "p57", "pass/declared", "", ""},
		{"an older sign led nowhere", mall, func(f *Facts) {
			f.Records.Signs = append(f.Records.Signs, register.Sign{Place: "gate", Camera: "gate", Date: "2019-01-01", Layer: 1})
		}, "p17", "pass/recorded", "", ""},
		{"one sign leads nowhere", mall, func(f *Facts) { f.Records.Signs[0].Link = "" }, "p17", "warn", text.NextSecondLayer, ": gate$"},
		{"the first day of a camera is not on record", mall, func(f *Facts) { f.Cameras[0].Commissioned = "" }, "s799-16", "unknown", text.NextFirstUse, "gate"},
		{"who was refused need not be known", mall, request(register.Request{Of: "access", Pseudonym: "a", Date: "2026-09-01", Answered: "2026-09-02", Outcome: register.RequestRefused, Refusal: "of another", IdentityChecked: yes(false)}), "p45", "pass/recorded", "", ""},
		{"nobody asked for anything", mall, func(*Facts) {}, "p45", "pass/declared", "", ""},
		{"a camera that was known serves what another one did", mall, func(f *Facts) {
			f.Cameras[1].Purpose = "fire-safety"
			madeFor(f)
			f.Cameras[0].Purpose = "fire-safety"
		}, "p17", "fail", "", "camera gate, purpose"},
		{"the class of the site is said no more", mall, func(f *Facts) { f.Site.Class = "" }, "d15", "fail", text.NextAssessment, "class"},
		{"nothing was assessed", mall, func(f *Facts) { f.Records.Assessments = nil }, "p55", "fail", text.NextAssessment, "no impact assessment"},
		{"a camera that sees no doors has no area", mall, func(f *Facts) { f.Cameras[0].Capture = false }, "s799-8-1", "pass/declared", "", ""},
	})
}
