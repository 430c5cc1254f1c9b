package forms

import (
	"github.com/bauta-gateway/bauta/config/forms/document"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/text"
)

// register prints all records of a kind, one a row, in the order of their fields.
func (b *builder) register(kind register.Kind) {
	all, fields := b.everything(kind), b.columns(kind)
	t := document.Table{Head: []string{b.t(text.FormColumnNumber)}, Empty: b.t(text.FormNoEntries)}
	for _, f := range fields {
		t.Head = append(t.Head, b.t(text.RecordLabel(string(kind), f.Name)))
	}
	t.Head = append(t.Head, b.t(text.FormColumnEntered))
	for _, e := range all {
		row := []string{e.ID}
		for _, f := range fields {
			row = append(row, b.field(e, f))
		}
		t.Rows = append(t.Rows, append(row, b.standing(e)))
	}
	b.doc.Sections = append(b.doc.Sections, document.Section{Tables: []document.Table{t}})
}

// standing is the last cell of a row: the version, or that it cannot be read.
func (b *builder) standing(e entry) string {
	if e.Unreadable {
		return b.t(text.RecordUnreadable, e.Number)
	}
	if e.Withdrawn {
		return b.entered(e) + "\n" + b.t(text.RecordWithdrawn, e.Reason)
	}
	return b.entered(e)
}

// columns are the fields of a kind; those of earlier versions only where some record has them.
func (b *builder) columns(kind register.Kind) (fields []register.Field) {
	for _, f := range register.Fields(kind) {
		if !f.Old || b.says(kind, f) {
			fields = append(fields, f)
		}
	}
	return fields
}

func (b *builder) says(kind register.Kind, f register.Field) bool {
	for _, e := range b.everything(kind) {
		if b.field(e, f) != "" {
			return true
		}
	}
	return false
}
