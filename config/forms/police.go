package forms

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bauta-gateway/bauta/config/forms/document"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// police is the basic information that is filed with the county police (Decree 799,
// Article 14): the unit, where, how many cameras of which type, and how long footage is kept.
func (b *builder) police() {
	site := b.Facts.Site
	b.section("form.line.part.unit", append(b.unit(), b.byHand("form.line.chief"), b.byHand("form.line.handler"), b.byHand("form.line.authorised"))...)
	b.section("form.line.part.system",
		b.site("form.line.place_kind", b.placeKind()), b.site("form.line.class", b.class()), b.site("form.line.entitled", site.Entitled), b.site("form.line.region", b.region()),
		b.purposes(), b.firstUse(), b.byHand("form.line.built"), b.answer("form.line.key_target", policy.AskKeyTarget), b.answer("form.line.grading", policy.AskGrading))
	b.cameras()
	b.storage()
	b.receipts()
	b.doc.Foot = append(b.doc.Foot, b.t(text.FormPoliceFoot))
}

// unit are the lines of who runs the cameras.
func (b *builder) unit() []document.Row {
	site := b.Facts.Site
	return []document.Row{b.site("form.line.unit", site.Unit), b.site("form.line.credit_code", site.CreditCode), b.site("form.line.address", site.Address), b.site("form.line.contact", site.Contact)}
}

func (b *builder) placeKind() string {
	if b.Facts.Site.Kind == "" {
		return ""
	}
	return b.t(b.Facts.Site.Kind.Word())
}

func (b *builder) class() string {
	if b.Facts.Site.Class == "" {
		return ""
	}
	return b.t(text.ClassWord(b.Facts.Site.Class))
}

func (b *builder) region() string {
	if r, ok := policy.Jurisdiction(b.Facts.Site.Jurisdiction); ok {
		return r.In(b.lang)
	}
	return ""
}

// purposes are those of all cameras, each once.
func (b *builder) purposes() document.Row {
	return b.row("form.line.purposes", b.list(b.purposeWords(b.Facts.Cameras)), b.t(text.FormFromCameras))
}

func (b *builder) purposeWords(cameras []policy.CameraFacts) (words []string) {
	for _, c := range cameras {
		if c.Purpose == "" {
			continue
		}
		if word := b.t(text.Purpose(c.Purpose)); !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	return words
}

// firstUse is the span of the cameras' first days; it has to be known of all of them.
func (b *builder) firstUse() document.Row {
	var days, without []string
	for _, c := range b.Facts.Cameras {
		if c.Commissioned == "" {
			without = append(without, b.Facts.CameraName(c.ID))
			continue
		}
		days = append(days, string(c.Commissioned))
	}
	r := b.row("form.line.first_use", "", b.t(text.FormFromCameras))
	if len(days) > 0 {
		slices.Sort(days)
		r.Value = span(days[0], days[len(days)-1])
	}
	if len(without) > 0 {
		r.Mark = b.t(text.FormNotSaidOf, b.list(without))
	}
	return r
}

// span is one of two words where they are the same.
func span(from, to string) string {
	if from == to {
		return from
	}
	return from + " – " + to
}

// cameras are counted and listed, with what was said of each device.
func (b *builder) cameras() {
	all := b.Facts.Cameras
	moving := 0
	for _, c := range all {
		if slices.Contains(c.Extras, "ptz") {
			moving++
		}
	}
	s := document.Section{Title: b.t("form.line.part.cameras"), Rows: []document.Row{
		b.row("form.line.camera_count", fmt.Sprint(len(all)), b.t(text.FormFromGateway)),
		b.row("form.line.camera_moving", fmt.Sprint(moving), b.t(text.FormFromCameras)),
		b.byHand("form.line.camera_types"),
		b.faceDevices(),
	}}
	t := document.Table{Title: b.t("form.line.camera_list"), Empty: b.t("form.line.no_cameras"), Head: []string{
		b.t("form.line.camera"), b.t("form.line.position"), b.t("form.line.model"), b.t("form.line.standard"), b.t("form.line.resolution"), b.t("form.line.first_use"), b.t("form.line.functions")}}
	for _, c := range all {
		t.Rows = append(t.Rows, []string{b.cameraName(c.ID), b.place(c), modelOf(c.Camera), c.Certificate, b.resolution(c.ID), string(c.Commissioned), b.list(b.functions(c))})
	}
	s.Tables = append(s.Tables, t)
	s.About = b.t("form.line.camera_sources")
	b.doc.Sections = append(b.doc.Sections, s)
}

// faceDevices says how many devices on record recognise faces.
func (b *builder) faceDevices() document.Row {
	if all := b.present(register.KindDevice); len(all) > 0 {
		return b.row("form.line.face_devices", fmt.Sprint(len(all)), b.t(text.FormOnRecord, text.RecordKindName(string(register.KindDevice))))
	}
	return b.answer("form.line.face_devices", policy.AskFaceDevices)
}

// present are the entries of a kind that are not removed.
func (b *builder) present(kind register.Kind) (all []entry) {
	for _, e := range b.entries(kind) {
		if !e.Unreadable && e.text("removed") == "" {
			all = append(all, e)
		}
	}
	return all
}

// cameraName is what people call a camera, with its id where that is another.
func (b *builder) cameraName(id media.CameraID) string {
	if name := b.Facts.CameraName(id); name != string(id) {
		return name + "\n" + string(id)
	}
	return string(id)
}

// named is what people call cameras.
func (b *builder) named(ids []string) (names []string) {
	for _, id := range ids {
		names = append(names, b.Facts.CameraName(media.CameraID(id)))
	}
	return names
}

func (b *builder) place(c policy.CameraFacts) string {
	if c.Place == "" {
		return ""
	}
	return b.t(c.Place.Word())
}

func modelOf(c policy.Camera) string { return strings.TrimSpace(c.Model + " " + c.Firmware) }

// resolution is measured, not told.
func (b *builder) resolution(id media.CameraID) string {
	c := b.Cameras[id]
	if c.Width == 0 {
		return ""
	}
	return fmt.Sprintf("%d×%d", c.Width, c.Height)
}

func (b *builder) functions(c policy.CameraFacts) (words []string) {
	for _, e := range c.Extras {
		words = append(words, b.t(text.Extra(e)))
	}
	return words
}

// storage is where footage lies and for how long, and who else has to do with it.
func (b *builder) storage() {
	s := document.Section{Title: b.t("form.line.part.storage"), Rows: []document.Row{b.kept()}}
	recorders := b.present(register.KindRecorder)
	if _, answered := b.Facts.Site.Answers[policy.AskOriginals]; answered || len(recorders) == 0 { // else those on record say it
		s.Rows = append(s.Rows, b.answer("form.line.originals", policy.AskOriginals))
	}
	for _, e := range recorders {
		s.Rows = append(s.Rows, b.recordRows(e, "where", "keeps", "platform", "key_holders")...)
	}
	if len(recorders) == 0 {
		s.Rows = append(s.Rows, b.recorded("form.line.storage_place", entry{}, false, register.KindRecorder, ""))
	}
	s.Rows = append(s.Rows, b.byHand("form.line.network"))
	s.Rows = append(s.Rows, b.contractors(operates)...)
	b.doc.Sections = append(b.doc.Sections, s)
}

// recordRows are lines for some fields of a record, by the kind and their own labels: a
// label such as "From" says nothing among lines of another kind.
func (b *builder) recordRows(e entry, fields ...string) (rows []document.Row) {
	for _, name := range fields {
		label := b.t(text.RecordKindName(string(e.Kind))) + b.colon() + b.t(text.RecordLabel(string(e.Kind), name))
		rows = append(rows, document.Row{Label: label, Value: b.field(e, fieldOf(e.Kind, name)), Source: b.from(e)})
	}
	return rows
}

// kept is for how many days footage is kept: of each camera the newest statement counts.
func (b *builder) kept() document.Row {
	least, most, without, last := b.keptDays(b.Facts.Cameras)
	r := b.row("form.line.kept", "", b.t(text.FormFromKind, text.RecordKindName(string(register.KindRetention))))
	if most > 0 {
		r.Value, r.Source = b.t("form.line.days", span(days(least), days(most))), b.from(last)
	}
	if len(without) > 0 && most > 0 {
		r.Mark = b.t(text.FormNotSaidOf, b.list(without))
	}
	return r
}

func days(hours float64) string { return fmt.Sprintf("%.4g", hours/24) }

// keptDays are the least and the most hours over some cameras, those of which nothing is
// said, and the newest statement.
func (b *builder) keptDays(cameras []policy.CameraFacts) (least, most float64, without []string, last entry) {
	for _, c := range cameras {
		e, ok := b.newest(register.KindRetention, func(e entry) bool { return e.covers(c.ID) })
		hours, _ := e.said["hours"].(float64)
		if !ok || hours <= 0 {
			without = append(without, b.Facts.CameraName(c.ID))
			continue
		}
		if most == 0 || hours < least {
			least = hours
		}
		most = max(most, hours)
		if e.text("date") >= last.text("date") {
			last = e
		}
	}
	return least, most, without, last
}

// operates reports whether the party of a contract runs or maintains the system.
func operates(e entry) bool {
	yes, _ := e.said["operates"].(bool)
	return yes
}

// contractors are the parties of some contracts, or without any what was answered of all.
func (b *builder) contractors(some func(entry) bool) (rows []document.Row) {
	for _, e := range b.present(register.KindContract) {
		if some(e) {
			rows = append(rows, b.recordRows(e, "party", "purpose", "from", "to")...)
		}
	}
	if len(rows) == 0 {
		rows = append(rows, b.answer("form.line.contractor", policy.AskProcessors))
	}
	return rows
}

// receipts are the filings so far, and which cameras the newest does not list.
func (b *builder) receipts() {
	t := document.Table{Empty: b.t("form.line.no_receipt"), Head: []string{
		b.t("form.line.date"), b.t("form.line.authority"), b.t("form.line.receipt"), b.t("form.line.filed_cameras"), b.t("form.line.difference"), b.t(text.FormColumnSource)}}
	for _, e := range b.entries(register.KindFiling) {
		if e.Unreadable || e.text("of") == register.FilingSystem {
			t.Rows = append(t.Rows, []string{e.text("date"), e.text("authority"), e.text("receipt"), b.list(b.named(e.cameras())), b.difference(e.cameras()), b.from(e)})
		}
	}
	b.doc.Sections = append(b.doc.Sections, document.Section{Title: b.t("form.line.part.receipts"), Tables: []document.Table{t}})
}

// difference between a filing's cameras and those that there are now.
func (b *builder) difference(filed []string) string {
	var lines, here, more, gone []string
	for _, c := range b.Facts.Cameras {
		here = append(here, string(c.ID))
	}
	for _, id := range here {
		if !slices.Contains(filed, id) {
			more = append(more, id)
		}
	}
	for _, id := range filed {
		if !slices.Contains(here, id) {
			gone = append(gone, id)
		}
	}
	if len(more) > 0 {
		lines = append(lines, b.t("form.line.not_listed", b.list(b.named(more))))
	}
	if len(gone) > 0 {
		lines = append(lines, b.t("form.line.not_there", b.list(b.named(gone))))
	}
	if len(lines) == 0 {
		return b.t("form.line.same")
	}
	return strings.Join(lines, "\n")
}
