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

// assessment is a report of an impact assessment by the steps of GB/T 39335: need,
// preparation, data map, sources of risk, effect on people's rights, overall risk, measures,
// decision. It begins with the answers of the last one and marks what changed since.
func (b *builder) assessment() {
	last, found := b.newest(register.KindAssessment, anyEntry)
	b.section("form.line.part.need", b.unit()[0], b.site("form.line.place_kind", b.placeKind()), b.site("form.line.class", b.class()), b.site("form.line.mode", b.mode()),
		b.faceDevices(), b.purposes(), b.byHand("form.line.occasion"), b.recorded("form.line.last", last, found, register.KindAssessment, "date"))
	b.changes(last, found)
	b.section("form.line.part.preparation", b.byHand("form.line.team"), b.row("form.line.scope_of", b.list(b.cameraNames()), b.t(text.FormFromGateway)), b.byHand("form.line.asked"))
	b.dataMap()
	b.needs()
	b.risks()
	b.effects()
	b.findingsOf(last, found)
	b.section("form.line.part.overall", b.byHand("form.line.overall"), b.byHand("form.line.overall_why"))
	b.section("form.line.part.measures", b.controls(), b.byHand("form.line.measures_more"), b.byHand("form.line.measures_by"))
	b.section("form.line.part.decision", b.byHand("form.line.decision"), b.byHand("form.line.signer"), b.byHand("form.line.signed"), b.byHand("form.line.version_no"), b.byHand("form.line.review"))
	b.doc.Foot = append(b.doc.Foot, b.t(text.FormAssessmentFoot))
}

func (b *builder) cameraNames() (names []string) {
	for _, c := range b.Facts.Cameras {
		names = append(names, b.Facts.CameraName(c.ID))
	}
	return names
}

// changes are what is another since the last assessment was made.
func (b *builder) changes(last entry, found bool) {
	if !found {
		return
	}
	made, _ := last.said["made_for"].([]any)
	s := document.Section{Title: b.t("form.line.part.changes")}
	if len(made) == 0 {
		s.Rows = append(s.Rows, b.row("form.line.changes", "", b.t("form.line.changes_unknown", b.from(last))))
		b.doc.Sections = append(b.doc.Sections, s)
		return
	}
	var before []string
	for _, line := range made {
		before = append(before, fmt.Sprint(line))
	}
	now := b.Facts.Configuration()
	t := document.Table{Head: []string{b.t("form.line.was"), b.t("form.line.is")}, Empty: b.t("form.line.unchanged", last.text("date"))}
	for _, line := range before {
		if !slices.Contains(now, line) {
			t.Rows = append(t.Rows, []string{b.fact(line), b.t("form.line.no_more")})
		}
	}
	for _, line := range now {
		if !slices.Contains(before, line) {
			t.Rows = append(t.Rows, []string{b.t("form.line.not_before"), b.fact(line)})
		}
	}
	s.Tables = append(s.Tables, t)
	b.doc.Sections = append(b.doc.Sections, s)
}

// fact is a line of a configuration in words: whose it is, what, and the value.
// Fact is a line of policy.Facts.Configuration in words.
func Fact(in Input, lang text.Lang, line string) string {
	return (&builder{Input: in, lang: lang}).fact(line)
}

func (b *builder) fact(line string) string {
	name, value, _ := strings.Cut(line, "=")
	parts := strings.Split(name, "/")
	what := parts[len(parts)-1]
	label := b.t(text.Fact(what))
	if len(parts) == 3 {
		label = b.Facts.CameraName(media.CameraID(parts[1])) + b.colon() + label
	}
	switch what {
	case "mode":
		value = b.t(text.Recognition(value))
	case "class":
		value = b.t(text.ClassWord(value))
	case "place":
		value = b.t(text.Place(value))
	case "purpose":
		value = b.t(text.Purpose(value))
	case "extra":
		value = b.t(text.Extra(value))
	case "camera":
		value = b.Facts.CameraName(media.CameraID(value))
	case "area":
		value = b.areaFact(media.CameraID(parts[1]), value)
	case "device":
		value = b.deviceFact(value)
	}
	return label + b.colon() + value
}

// areaFact is an area of a camera, as id:purpose, and for what tokens count there.
func (b *builder) areaFact(camera media.CameraID, value string) string {
	id, purpose, _ := strings.Cut(value, ":")
	for _, c := range b.Facts.Cameras {
		if c.ID == camera {
			id = c.AreaName(id)
		}
	}
	return b.list([]string{id, b.t(text.Purpose(purpose))})
}

// deviceFact is a device's name, what it does and how it knows people; the name may have
// spaces, the other two are words of their fields.
func (b *builder) deviceFact(value string) string {
	words := strings.Split(value, " ")
	n := len(words)
	if n < 3 {
		return value
	}
	said := []string{strings.Join(words[:n-2], " ")}
	for i, field := range []string{"what", "mode"} {
		if word := words[n-2+i]; word != "" {
			said = append(said, b.t(text.RecordChoice(string(register.KindDevice), field, word)))
		}
	}
	return b.list(said)
}

// dataMap is which data come from where, lie where, go to whom and for how long.
func (b *builder) dataMap() {
	t := document.Table{Head: []string{b.t("form.line.category"), b.t("form.line.purposes"), b.t("form.line.origin"), b.t("form.line.stored_at"), b.t("form.line.recipient"), b.t("form.line.period"), b.t(text.FormColumnSource)}}
	purposes := b.list(b.purposeWords(b.Facts.Cameras))
	t.Rows = append(t.Rows, []string{b.t("form.line.live"), purposes, b.list(b.cameraNames()), b.t("form.line.live_stored"), b.t("form.line.live_to"), b.t("form.line.live_period"), b.t(text.FormFromGateway)})
	for _, e := range b.present(register.KindRecorder) {
		t.Rows = append(t.Rows, b.recording(e, purposes))
	}
	if len(b.present(register.KindRecorder)) == 0 {
		least, most, _, _ := b.keptDays(b.Facts.Cameras)
		t.Rows = append(t.Rows, []string{b.t("form.line.recordings"), purposes, b.list(b.cameraNames()), "", "", b.period(least, most), b.t(text.FormFromKind, text.RecordKindName(string(register.KindRecorder)))})
	}
	for _, e := range b.present(register.KindDevice) {
		field := func(name string) string { return b.field(e, fieldOf(register.KindDevice, name)) }
		t.Rows = append(t.Rows, []string{b.t("form.line.faces"), field("purpose"), e.text("name"), field("storage"), "", "", b.from(e)}) // who supplied it need not get any data
	}
	t.Rows = append(t.Rows, []string{b.t("form.line.consents", b.Facts.Consent.People), b.t("form.line.consents_for"), b.t("form.line.consents_from"), b.t("form.line.consents_stored"), b.t("form.line.consents_to"), b.t("form.line.consents_period"), b.t(text.FormFromGateway)})
	b.doc.Sections = append(b.doc.Sections, document.Section{Title: b.t("form.line.part.map"), Tables: []document.Table{t}})
}

// recording is the data map's line of a recorder.
func (b *builder) recording(e entry, purposes string) []string {
	var covered []policy.CameraFacts
	for _, c := range b.Facts.Cameras {
		if e.covers(c.ID) {
			covered = append(covered, c)
		}
	}
	least, most, _, _ := b.keptDays(covered)
	what := b.t("form.line.recordings") + b.colon() + b.field(e, fieldOf(register.KindRecorder, "keeps"))
	return []string{what, purposes, b.list(e.cameras()), e.text("where"), e.text("platform"), b.period(least, most), b.from(e)}
}

func (b *builder) period(least, most float64) string {
	if most == 0 {
		return ""
	}
	return b.t("form.line.days", span(days(least), days(most)))
}

// needs is the written need of each camera and device.
func (b *builder) needs() {
	t := document.Table{Empty: b.t("form.line.no_cameras"), Head: []string{b.t("form.line.camera"), b.t("form.line.position"), b.t("form.line.purposes"), b.t("form.line.necessity"), b.t(text.FormColumnSource)}}
	for _, c := range b.Facts.Cameras {
		t.Rows = append(t.Rows, []string{b.cameraName(c.ID), b.place(c), b.list(b.purposeWords([]policy.CameraFacts{c})), c.Necessity, b.t(text.FormFromCamera, b.Facts.CameraName(c.ID))})
	}
	for _, e := range b.present(register.KindDevice) {
		need := strings.TrimSpace(e.text("need") + "\n" + e.text("milder"))
		t.Rows = append(t.Rows, []string{e.text("name"), e.text("place"), b.field(e, fieldOf(register.KindDevice, "purpose")), need, b.from(e)})
	}
	b.doc.Sections = append(b.doc.Sections, document.Section{Title: b.t("form.line.part.needs"), Tables: []document.Table{t}})
}

// risks are the sources of risk, with what the gateway knows of each; how likely they are a
// person says.
func (b *builder) risks() {
	t := document.Table{Head: []string{b.t("form.line.risk_source"), b.t("form.line.known"), b.t("form.line.likely")}}
	for _, r := range []struct {
		source text.Key
		known  []string
	}{
		{"form.line.risk.network", b.networkRisks()},
		{"form.line.risk.flow", b.flowRisks()},
		{"form.line.risk.others", b.otherParties()},
		{"form.line.risk.scale", []string{b.t("form.line.scale", len(b.Facts.Cameras), len(b.present(register.KindDevice)), b.openIncidents())}},
	} {
		t.Rows = append(t.Rows, []string{b.t(r.source), strings.Join(r.known, "\n"), ""})
	}
	b.doc.Sections = append(b.doc.Sections, document.Section{Title: b.t("form.line.part.risks"), About: b.t("form.line.likely_about"), Tables: []document.Table{t}})
}

func (b *builder) networkRisks() (known []string) {
	known = append(known, b.controls().Value)
	if b.Facts.Gateway.AnonymousViewing {
		known = append(known, b.t("form.line.anonymous"))
	}
	if b.Facts.Gateway.SharedAccount {
		known = append(known, b.t("form.line.shared"))
	}
	for _, e := range b.present(register.KindDevice) {
		if leaves, _ := e.said["internet"].(bool); leaves {
			known = append(known, b.t("form.line.leaves", e.text("name")))
		}
	}
	return known
}

// flowRisks are cameras of which it is open where they look or what may be captured.
func (b *builder) flowRisks() (known []string) {
	var unplaced, undrawn []string
	for _, c := range b.Facts.Cameras {
		if c.Place == "" {
			unplaced = append(unplaced, b.Facts.CameraName(c.ID))
		}
		if !c.Capture {
			undrawn = append(undrawn, b.Facts.CameraName(c.ID))
		}
	}
	if len(unplaced) > 0 {
		known = append(known, b.t("form.line.unplaced", b.list(unplaced)))
	}
	if len(undrawn) > 0 {
		known = append(known, b.t("form.line.undrawn", b.list(undrawn)))
	}
	return known
}

func (b *builder) otherParties() (known []string) {
	for _, e := range b.present(register.KindContract) {
		known = append(known, b.t("form.line.party", e.text("party"), e.text("from"), b.field(e, fieldOf(register.KindContract, "secrecy"))))
	}
	if a, said := b.Facts.Site.Answers[policy.AskProcessors]; said && a.Says == policy.No {
		known = append(known, b.t("form.line.no_party", string(a.Date)))
	}
	return known
}

func (b *builder) openIncidents() (open int) {
	for _, e := range b.entries(register.KindIncident) {
		if e.Unreadable || e.text("closed") == "" {
			open++
		}
	}
	return open
}

// The four grades of a likelihood, an effect and a risk.
var grades = []text.Key{"form.line.grade.low", "form.line.grade.medium", "form.line.grade.high", "form.line.grade.grave"}

// effects are those on people's rights, and how a likelihood and an effect make a risk.
func (b *builder) effects() {
	t := document.Table{Head: []string{b.t("form.line.right"), b.t("form.line.effect"), b.t("form.line.likely"), b.t("form.line.risk")}}
	for _, right := range []text.Key{"form.line.right.choice", "form.line.right.equal", "form.line.right.dignity", "form.line.right.safety"} {
		t.Rows = append(t.Rows, []string{b.t(right), "", "", ""})
	}
	matrix := document.Table{Title: b.t("form.line.matrix"), Head: []string{b.t("form.line.matrix_head")}}
	for _, g := range grades {
		matrix.Head = append(matrix.Head, b.t(g))
	}
	for likely, g := range grades {
		row := []string{b.t(g)}
		for effect := range grades {
			row = append(row, b.t(grades[risk(likely, effect)]))
		}
		matrix.Rows = append(matrix.Rows, row)
	}
	b.doc.Sections = append(b.doc.Sections, document.Section{Title: b.t("form.line.part.effects"), Tables: []document.Table{t, matrix}})
}

// risk of a likelihood and an effect, all of them numbers of grades. This product proposes
// it: between the two, rounded up.
func risk(likely, effect int) int { return (likely + effect + 1) / 2 }

// findingsOf are the four questions of Order 19, Article 9, with the last answers.
func (b *builder) findingsOf(last entry, found bool) {
	var rows []document.Row
	said := register.Assessment{Items: map[string]string{}}
	items, _ := last.said["items"].(map[string]any)
	for item, v := range items {
		said.Items[item] = fmt.Sprint(v)
	}
	for _, item := range register.AssessmentItems {
		r := document.Row{Label: b.t(text.RecordChoice(string(register.KindAssessment), "items", item)), Source: b.t(text.FormByHand)}
		if found && said.Item(item) != "" {
			r.Value, r.Source, r.Mark = said.Item(item), b.from(last), b.t("form.line.again")
		}
		rows = append(rows, r)
	}
	b.section("form.line.part.questions", rows...)
}
