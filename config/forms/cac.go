package forms

import (
	"fmt"

	"github.com/bauta-gateway/bauta/config/forms/document"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/text"
)

// processor is what a personal information processor says of itself when it files with the
// internet authority of the province (Order 19, Article 15).
func (b *builder) processor() {
	b.section("form.line.part.unit", append(b.unit(), b.byHand("form.line.unit_type"), b.byHand("form.line.chief"), b.byHand("form.line.handler"), b.byHand("form.line.authorised"))...)
	b.section("form.line.part.scope", b.site("form.line.place_kind", b.placeKind()), b.site("form.line.region", b.region()), b.purposes(), b.stored(), b.firstUse())
	b.people()
	b.section("form.line.part.protection", append([]document.Row{
		b.paper("form.line.officer", register.Officer), b.paper("form.line.rules", register.Rules), b.paper("form.line.rules_minors", register.RulesMinors),
		b.paper("form.line.plan", register.IncidentPlan), b.paper("form.line.audit", register.Audit),
		b.latest("form.line.training", register.KindTraining, "date"), b.latest("form.line.assessed", register.KindAssessment, "date"),
		b.answer("form.line.grading", policy.AskGrading)}, b.contractors(anyEntry)...)...)
	b.doc.Foot = append(b.doc.Foot, b.t(text.FormCACFoot))
}

// stored is how many people's faces all devices on record keep together; one that does not
// say so leaves the number open.
func (b *builder) stored() document.Row {
	sum, open, all := 0.0, []string(nil), b.present(register.KindDevice)
	for _, e := range all {
		people, said := e.said["people"].(float64)
		if !said {
			open = append(open, e.text("name"))
		}
		sum += people
	}
	source := text.FormOnRecord
	if len(all) == 0 {
		source = text.FormFromKind
	}
	r := b.row("form.line.stored", "", b.t(source, text.RecordKindName(string(register.KindDevice))))
	switch {
	case len(open) > 0:
		r.Mark = b.t(text.FormNotSaidOf, b.list(open))
	case len(all) > 0:
		r.Value = fmt.Sprintf("%.0f", sum)
	}
	return r
}

// people is how many of them each device keeps, and since when.
func (b *builder) people() {
	t := b.deviceTable("name", "what", "place", "people", "since", "storage")
	t.Title = b.t("form.line.part.people")
	b.doc.Sections = append(b.doc.Sections, document.Section{Tables: []document.Table{t}})
}

// deviceTable has some fields of each device that is in use.
func (b *builder) deviceTable(fields ...string) document.Table {
	t := document.Table{Empty: b.t("form.line.no_devices")}
	for _, name := range fields {
		t.Head = append(t.Head, b.t(text.RecordLabel(string(register.KindDevice), name)))
	}
	t.Head = append(t.Head, b.t(text.FormColumnSource))
	for _, e := range b.present(register.KindDevice) {
		var row []string
		for _, name := range fields {
			row = append(row, b.field(e, fieldOf(register.KindDevice, name)))
		}
		t.Rows = append(t.Rows, append(row, b.from(e)))
	}
	return t
}

// paper is the newest document of a sort: its day, number and fingerprint.
func (b *builder) paper(label text.Key, of string) document.Row {
	e, ok := b.newest(register.KindDocument, func(e entry) bool { return e.text("of") == of })
	r := b.recorded(label, e, ok, register.KindDocument, "date")
	if ok {
		r.Value = b.t("form.line.paper", r.Value, e.text("file"))
	}
	return r
}

// latest is one field of the newest record of a kind.
func (b *builder) latest(label text.Key, kind register.Kind, field string) document.Row {
	e, ok := b.newest(kind, anyEntry)
	return b.recorded(label, e, ok, kind, field)
}

// face is how face recognition is applied, as it is filed with the internet authority.
func (b *builder) face() {
	b.section("form.line.part.unit", b.unit()...)
	b.section("form.line.part.here", b.site("form.line.mode", b.mode()), b.faceDevices(), b.controls())
	t := b.deviceTable("name", "what", "maker", "model", "supplier", "place", "cameras", "mode", "templates", "people", "since", "storage", "internet", "transfer_ground", "deletes",
		"purpose", "ground", "need", "milder", "need_date", "alternative", "alternative_works", "children", "guardians", "children_rules", "public", "area_limited", "sign_seen", "first_use")
	b.doc.Sections = append(b.doc.Sections, document.Section{Title: b.t("form.line.part.devices"), Tables: []document.Table{t}})
	b.section("form.line.part.papers", b.latest("form.line.notice", register.KindNotice, "date"), b.latest("form.line.notice_link", register.KindNotice, "link"),
		b.latest("form.line.assessed", register.KindAssessment, "date"), b.latest("form.line.assessed_file", register.KindAssessment, "file"),
		b.paper("form.line.rules", register.Rules), b.paper("form.line.rules_minors", register.RulesMinors), b.byHand("form.line.undertaking"))
	b.doc.Foot = append(b.doc.Foot, b.t(text.FormCACFoot))
}

func (b *builder) mode() string {
	if b.Facts.Site.Mode == "" {
		return ""
	}
	return b.t(text.Recognition(b.Facts.Site.Mode))
}

// controls are the protections of this gateway that are on, which it knows by itself.
func (b *builder) controls() document.Row {
	var on, off []string
	for _, c := range policy.Controls {
		word := b.t(text.Control(c))
		if b.isOff(c) {
			off = append(off, word)
			continue
		}
		on = append(on, word)
	}
	r := b.row("form.line.controls", b.list(on), b.t(text.FormFromGateway))
	if len(off) > 0 {
		r.Mark = b.t("form.line.off", b.list(off))
	}
	return r
}

func (b *builder) isOff(control string) bool {
	for _, off := range b.Facts.Gateway.ControlsOff {
		if off == control {
			return true
		}
	}
	return false
}
