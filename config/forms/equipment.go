package forms

import (
	"strings"

	"github.com/bauta-gateway/bauta/config/forms/document"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/text"
)

// equipment is the file of each camera, as it is kept for acceptance (Decree 799, Articles 11
// and 12), with the papers of the whole system.
func (b *builder) equipment() {
	t := document.Table{Empty: b.t("form.line.no_cameras"), Head: []string{
		b.t("form.line.camera"), b.t("form.line.position"), b.t("form.line.model_only"), b.t("form.line.firmware"), b.t("form.line.standard"), b.t("form.line.first_use"), b.t("form.line.resolution"),
		b.t("form.line.functions"), b.t("form.line.functions_why"), b.t("form.line.capture"), b.t("form.line.kept"), b.t("form.line.newest_test")}}
	for _, c := range b.Facts.Cameras {
		least, most, _, _ := b.keptDays([]policy.CameraFacts{c})
		t.Rows = append(t.Rows, []string{b.cameraName(c.ID), b.place(c), c.Model, c.Firmware, c.Certificate, string(c.Commissioned), b.resolution(c.ID), b.list(b.functions(c)), c.ExtrasReason,
			b.t(text.Said(yesOrNo(c.Capture))), b.period(least, most), b.newestTest(c)})
	}
	b.doc.Sections = append(b.doc.Sections, document.Section{Title: b.t("form.line.part.cameras"), About: b.t("form.line.camera_sources"), Tables: []document.Table{t}})
	devices := b.deviceTable("name", "what", "maker", "model", "place", "first_use")
	b.doc.Sections = append(b.doc.Sections, document.Section{Title: b.t("form.line.part.devices"), Tables: []document.Table{devices}})
	b.section("form.line.part.acceptance", b.paper("form.line.acceptance", register.Acceptance))
}

func (b *builder) newestTest(c policy.CameraFacts) string {
	e, ok := b.newest(register.KindDeviceTest, func(e entry) bool { return e.covers(c.ID) })
	if !ok {
		return ""
	}
	said := e.text("date") + " " + b.outcome(e)
	if device := tested(e); device != modelOf(c.Camera) {
		said += "\n" + b.deviceOf(c, device)
	}
	return said
}

// tested is the model and firmware that a test was made of; empty: it does not say.
func tested(e entry) string { return strings.TrimSpace(e.text("model") + " " + e.text("firmware")) }

// deviceOf is the device of a test in words, with a line where another one is there now.
func (b *builder) deviceOf(c policy.CameraFacts, tested string) string {
	switch tested {
	case "":
		return b.t("form.line.tested_unknown")
	case modelOf(c.Camera):
		return tested
	}
	return tested + "\n" + b.t("form.line.tested_other")
}

func (b *builder) outcome(e entry) string {
	if passed, _ := e.said["passed"].(bool); passed {
		return b.t("form.line.passed")
	}
	return b.t("form.line.failed")
}

// deviceTests are all tests by camera and by which device was tested; one of another device
// says nothing of the one that is there now.
func (b *builder) deviceTests() {
	t := document.Table{Empty: b.t("form.line.no_cameras"), Head: []string{b.t("form.line.camera"), b.t("form.line.device_now"), b.t("form.line.tested"), b.t("form.line.date"), b.t("form.line.outcome"), b.t("form.line.note"), b.t(text.FormColumnSource)}}
	for _, c := range b.Facts.Cameras {
		t.Rows = append(t.Rows, b.testsOf(c)...)
	}
	b.doc.Sections = append(b.doc.Sections, document.Section{Tables: []document.Table{t}})
	b.doc.Foot = append(b.doc.Foot, b.t(text.FormTestsFoot))
}

func (b *builder) testsOf(c policy.CameraFacts) (rows [][]string) {
	now := modelOf(c.Camera)
	for _, e := range b.entries(register.KindDeviceTest) {
		if e.Unreadable || !e.covers(c.ID) {
			continue
		}
		rows = append(rows, []string{b.cameraName(c.ID), now, b.deviceOf(c, tested(e)), e.text("date"), b.outcome(e), e.text("note"), b.from(e)})
	}
	if rows == nil {
		rows = append(rows, []string{b.cameraName(c.ID), now, b.t("form.line.never_tested"), "", "", "", b.t(text.FormFromKind, text.RecordKindName(string(register.KindDeviceTest)))})
	}
	return rows
}
