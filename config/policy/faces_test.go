package policy

import (
	"maps"
	"slices"
	"time"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/register"
)

var is, isNot = true, false

// gate changes the face gate of the good facts.
func gate(change func(*register.Device)) func(*Facts) {
	return func(f *Facts) { change(&f.Records.Devices[0]) }
}

// spoilt are what comes of a device of which one thing is otherwise.
func spoilt(want Status, all ...func(*register.Device)) (out []change) {
	for _, one := range all {
		out = append(out, change{want, gate(one)})
	}
	return out
}

// general is what each check of devices finds.
var general = []change{
	{Unknown, func(f *Facts) { f.Records.Devices = nil }},
	{Unknown, gate(func(d *register.Device) { d.Removed = "2026-09-01" })},
	{Unknown, gate(func(d *register.Device) { d.Date = "2025-10-13" })},
	{Pass, gate(func(d *register.Device) { d.Date = "2025-10-14" })},
}

func init() {
	maps.Copy(changes, map[string][]change{
		"device_need": slices.Concat(general, spoilt(Fail,
			func(d *register.Device) { d.Need = "..." }, func(d *register.Device) { d.Milder = "" }, func(d *register.Device) { d.Author = "" },
			func(d *register.Device) { d.NeedDate = "" }, func(d *register.Device) { d.Purpose = "" }, func(d *register.Device) { d.NeedDate = "2026-03-03" }),
			spoilt(Unknown, func(d *register.Device) { d.FirstUse = "" }), spoilt(Pass, func(d *register.Device) { d.NeedDate = "2026-03-02" })),
		"consent": slices.Concat(general, []change{
			{Fail, func(f *Facts) { f.Consent.ShownWithoutToken = 1 }}, {Fail, func(f *Facts) { f.Consent.RevokedFor = 1100 * time.Millisecond }},
			{Warn, func(f *Facts) { f.Consent.Expiring = 1 }}, {Pass, func(f *Facts) { f.Consent.RevokedFor = 900 * time.Millisecond }}},
			spoilt(Fail, func(d *register.Device) { d.Ground = register.GroundNone }, func(d *register.Device) { d.Tied = &is },
				func(d *register.Device) { d.Ground, d.Tied = register.GroundWritten, &is }),
			spoilt(Unknown, func(d *register.Device) { d.Ground = "" }, func(d *register.Device) { d.Tied = nil }),
			spoilt(Pass, func(d *register.Device) { d.Ground, d.Tied = register.GroundLaw, &is })),
		"individual": slices.Concat(general, []change{{Warn, func(f *Facts) { f.Consent.Bulk = 20 }},
			{NotApplicable, func(f *Facts) {
				f.Site.Mode, f.Records.Devices, f.Consent.People = DetectOnly, nil, 0
			}}},
			spoilt(Fail, func(d *register.Device) { d.Tied = &is }), spoilt(Warn, func(d *register.Device) { d.Bulk = &is }),
			spoilt(Unknown, func(d *register.Device) { d.Tied = nil }, func(d *register.Device) { d.Bulk = nil })),
		"minors": slices.Concat(general, []change{{Fail, func(f *Facts) { f.Consent.Minors = 1 }}, {Unknown, func(f *Facts) { f.Consent.AgeUnknown = 1 }}},
			spoilt(Unknown, func(d *register.Device) { d.Children = nil }, func(d *register.Device) { d.Children, d.ChildRules = &is, digest }),
			spoilt(Fail, func(d *register.Device) { d.Children = &is }, func(d *register.Device) { d.Children, d.Guardians = &is, &is },
				func(d *register.Device) { d.Children, d.Guardians, d.ChildRules = &is, &isNot, digest }),
			spoilt(Pass, func(d *register.Device) { d.Children, d.Guardians, d.ChildRules = &is, &is, digest })),
		"alternative": slices.Concat(general, spoilt(Fail, func(d *register.Device) { d.Works = &isNot }),
			spoilt(Unknown, func(d *register.Device) { d.Works = nil }, func(d *register.Device) { d.Alternative = "-" }),
			spoilt(Warn, func(d *register.Device) { d.Walked = "" }, func(d *register.Device) { d.Walked = "2025-10-14" }),
			spoilt(Pass, func(d *register.Device) { d.Walked = "2025-10-15" }),
			spoilt(NotApplicable, func(d *register.Device) { d.What, d.Mode = register.DeviceSearch, register.ModeIdentify })),
		"face_sign": slices.Concat(general[:3], []change{
			{Fail, func(f *Facts) { f.Records.Signs = nil }}, {Fail, func(f *Facts) { f.Cameras[0].Capture = false }},
			{NotApplicable, func(f *Facts) { f.Site.Mode, f.Records.Devices[0].Public = DetectOnly, &isNot }}},
			spoilt(Fail, func(d *register.Device) { d.Purpose = "sales" }, func(d *register.Device) { d.AreaLimited = &isNot }, func(d *register.Device) { d.Cameras = nil }),
			spoilt(Unknown, func(d *register.Device) { d.Public = nil }, func(d *register.Device) { d.Purpose = "" },
				func(d *register.Device) { d.Cameras, d.AreaLimited, d.SignSeen = nil, nil, "2026-09-01" }),
			spoilt(Warn, func(d *register.Device) { d.Cameras, d.SignSeen = nil, "2025-10-14" }),
			spoilt(Pass, func(d *register.Device) { d.Cameras, d.SignSeen = nil, "2025-10-15" }, func(d *register.Device) { d.AreaLimited = nil })),
		"face_rooms": slices.Concat(general, []change{{Fail, func(f *Facts) { f.Cameras[0].Place = PublicToilet }}, {Unknown, func(f *Facts) { inventory(f).Site.Mode = DetectOnly }},
			{Pass, func(f *Facts) { f.Site.Mode, f.Records.Devices = DetectOnly, nil }}},
			spoilt(Fail, func(d *register.Device) { d.PrivateRoom = &is }), spoilt(Unknown, func(d *register.Device) { d.PrivateRoom = nil })),
		"prohibited_place": slices.Concat([]change{
			{Unknown, func(f *Facts) { f.Cameras[0].Place = "" }}, {Fail, func(f *Facts) { f.Cameras[0].Place = PublicToilet }}, {Fail, func(f *Facts) { f.Cameras[0].Place = MedicalRoom }}},
			spoilt(Fail, func(d *register.Device) { d.PrivateRoom = &is }), spoilt(Unknown, func(d *register.Device) { d.PrivateRoom = nil })),
		"face_data": slices.Concat(general, spoilt(Fail, func(d *register.Device) { d.Internet, d.TransferGround = &is, register.GroundNone },
			func(d *register.Device) { d.Storage, d.TransferGround = register.Remote, register.GroundNone }, func(d *register.Device) { d.Deletes = &isNot }),
			spoilt(Unknown, func(d *register.Device) { d.Internet = nil }, func(d *register.Device) { d.Internet = &is }, func(d *register.Device) { d.Storage = register.Remote },
				func(d *register.Device) { d.Storage = "" }, func(d *register.Device) { d.Deletes = nil }),
			spoilt(Pass, func(d *register.Device) { d.Internet, d.TransferGround = &is, register.GroundLaw },
				func(d *register.Device) { d.Templates, d.Storage, d.Deletes = &isNot, "", nil })),
		"public_purpose": slices.Concat(changes["sign"],
			spoilt(Fail, func(d *register.Device) { d.Purpose, d.Ground = "access-control", register.GroundLaw }), spoilt(Unknown, func(d *register.Device) { d.Purpose = "" }),
			spoilt(Pass, func(d *register.Device) { d.Purpose = "access-control" })),
		"attributes": slices.Concat(general[:2], []change{{Fail, func(f *Facts) { f.Gateway.AttributeModels = []string{"emotion"} }}},
			spoilt(Fail, func(d *register.Device) { d.Forbidden = []string{"emotion"} }), spoilt(Unknown, func(d *register.Device) { d.Forbidden = nil })),
		"search": slices.Concat(general[:2], []change{{Fail, func(f *Facts) { f.Gateway.OpenSearch = true }}},
			spoilt(Unknown, func(d *register.Device) { d.What = register.DeviceSearch; d.Mode = register.ModeIdentify }),
			spoilt(Fail, func(d *register.Device) {
				d.What, d.Mode, d.Purpose = register.DeviceReturning, register.ModeIdentify, "sales"
			})),
		"draft_scope": slices.Concat(general[:2], changes["scope"]),
		"draft_filing": slices.Concat([]change{
			{Fail, func(f *Facts) { unfiled(f); enrolment(f, "2026-03-01") }},
			{Warn, func(f *Facts) { unfiled(f); f.Records.Devices[0].FirstUse = "2026-10-10" }}, {Unknown, gate(func(d *register.Device) { d.FirstUse = "" })}, {Unknown, gate(func(d *register.Device) { d.Public = nil })},
			{Unknown, func(f *Facts) { unfiled(f); f.Calendar = civil.Calendar{} }},
			{Pass, gate(func(d *register.Device) { d.Public = &isNot })},
			{Fail, func(f *Facts) { // more than 10,000 people elsewhere
				people := 10_001
				unfiled(f)
				f.Records.Devices[0].Public, f.Records.Devices[0].People = &isNot, &people
			}},
			{Pass, func(f *Facts) {
				people := 10_000
				f.Records.Devices[0].Public, f.Records.Devices[0].People = &isNot, &people
			}},
			{Warn, func(f *Facts) { // a change is filed within 20 working days, not 30
				unfiled(f)
				enrolment(f, "2026-04-01")
				f.Records.Devices = append(f.Records.Devices, faceGate())
				f.Records.Devices[0].FirstUse, f.Records.Devices[1].FirstUse = "2026-04-01", "2026-09-14"
			}},
			{Fail, func(f *Facts) {
				unfiled(f)
				enrolment(f, "2026-04-01")
				f.Records.Devices = append(f.Records.Devices, faceGate())
				f.Records.Devices[0].FirstUse, f.Records.Devices[1].FirstUse = "2026-04-01", "2026-09-07"
			}},
		}, general[:3]),
		"enrolment_filing": slices.Concat(general, []change{
			{Warn, func(f *Facts) { enrolled(f, 80000, "") }}, {Warn, func(f *Facts) { enrolled(f, 100000, "2026-10-01") }}, {Unknown, func(f *Facts) { enrolled(f, 0, "") }},
			{Unknown, func(f *Facts) { enrolled(f, 100000, "") }}, {Fail, func(f *Facts) { enrolled(f, 100000, "2026-08-27") }}, {Warn, func(f *Facts) { enrolled(f, 100000, "2026-08-28") }},
			{Unknown, func(f *Facts) {
				enrolled(f, 100000, "2026-10-01")
				f.Calendar = civil.Calendar{}
			}},
			{Unknown, func(f *Facts) {
				enrolled(f, 50, "2024-10-01")
				f.Site.Answers[AskFaceDevices] = Answer{Says: Yes, Count: 50, Date: "2025-10-13"}
			}},
			{Pass, func(f *Facts) { enrolled(f, 100000, "2026-01-01"); enrolment(f, "2026-01-01") }},
			{Fail, func(f *Facts) { enrolled(f, 100000, "2026-01-01"); enrolment(f, "2025-12-31") }},
			{Fail, func(f *Facts) { // C12: by whom, of what
				enrolled(f, 100000, "2026-01-01")
				enrolment(f, "2026-01-01")
				f.Records.Filings[len(f.Records.Filings)-1].Authority = ""
			}},
			{Fail, func(f *Facts) {
				enrolled(f, 100000, "2026-01-01")
				enrolment(f, "2026-01-01")
				f.Records.Filings[len(f.Records.Filings)-1].Scope = ""
			}}},
			spoilt(Unknown, func(d *register.Device) { d.People = nil }), spoilt(Pass, func(d *register.Device) { d.People, d.Templates = nil, &isNot })),
	})
	changes["assessment"] = slices.Concat(changes["assessment"], spoilt(Fail, func(d *register.Device) { d.FirstUse = "2026-01-04" }),
		spoilt(Pass, func(d *register.Device) { d.FirstUse = "2026-01-05" }), spoilt(Unknown, func(d *register.Device) { d.FirstUse = "" }))
}
