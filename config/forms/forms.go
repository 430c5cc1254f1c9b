// Package forms fills in the papers that authorities, visitors and the site itself ask for:
// filings with the police and the internet authority, the impact assessment, the registers,
// the notice and the sign.
//
// In: what is said of the site and its cameras, and the records. Out: documents, each line of
// which says where its value comes from; what nobody said stays empty and is marked. It sends
// nothing, keeps nothing and invents nothing.
package forms

import (
	"slices"

	"github.com/bauta-gateway/bauta/config/forms/document"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Input is what forms are filled in from.
type Input struct {
	// Gateway's name.
	Gateway string
	Facts   *policy.Facts
	// Records in their newest versions, with those before.
	Records []store.StoredRecord
	// Cameras has what the gateway itself knows of them.
	Cameras map[media.CameraID]Camera
}

// Camera is what the gateway knows of one without being told.
type Camera struct {
	// Width and Height of its frames; 0 until one came.
	Width, Height int
}

// Form is one that can be printed.
type Form struct {
	ID string
	// Persons: names of persons can be printed on it.
	Persons bool

	title, about text.Key
	kind         register.Kind // of a register
	fill         func(*builder)
}

// registerPrefix is how the ids of registers begin.
const registerPrefix = "register-"

// All are the forms, in the order in which they are listed.
func All() []Form {
	all := []Form{
		{ID: "police", title: text.FormPolice, about: text.FormPoliceAbout, fill: (*builder).police},
		{ID: "cac-processor", title: text.FormProcessor, about: text.FormProcessorAbout, fill: (*builder).processor},
		{ID: "cac-face", title: text.FormFace, about: text.FormFaceAbout, fill: (*builder).face},
		{ID: "assessment", title: text.FormAssessment, about: text.FormAssessmentAbout, fill: (*builder).assessment},
		{ID: "equipment", title: text.FormEquipment, about: text.FormEquipmentAbout, fill: (*builder).equipment},
		{ID: "device-tests", title: text.FormTests, about: text.FormTestsAbout, fill: (*builder).deviceTests},
	}
	for _, kind := range register.Kinds {
		all = append(all, Form{ID: registerPrefix + string(kind), Persons: namesPersons(kind), title: text.RecordKindName(string(kind)), about: text.FormRegisterAbout,
			kind: kind, fill: func(b *builder) { b.register(kind) }})
	}
	return all
}

func namesPersons(kind register.Kind) bool {
	return slices.ContainsFunc(register.Fields(kind), func(f register.Field) bool { return f.Person })
}

// Find returns the form with this id.
func Find(id string) (Form, bool) {
	all := All()
	i := slices.IndexFunc(all, func(f Form) bool { return f.ID == id })
	if i < 0 {
		return Form{}, false
	}
	return all[i], true
}

// Title is what it is called.
func (f Form) Title(lang text.Lang) string {
	if f.kind != "" {
		return text.Of(lang, text.FormRegister, f.title)
	}
	return text.Of(lang, f.title)
}

// Name is what it is called in a list, where registers stand by themselves.
func (f Form) Name(lang text.Lang) string { return text.Of(lang, f.title) }

// About says what it is for.
func (f Form) About(lang text.Lang) string { return text.Of(lang, f.about) }

// Fill fills it in. Names of persons stand in it only with names, see Form.Persons.
func (f Form) Fill(in Input, lang text.Lang, names bool) document.Document {
	b := &builder{Input: in, lang: lang, names: names}
	b.doc = document.Document{
		Title: f.Title(lang), Lang: lang, Notice: b.t(text.FormDraft), NotSaid: b.t(text.FormNotSaid),
		Head:    []string{b.t(text.FormHead, in.Gateway, in.Facts.Now.Format("2006-01-02 15:04 -07:00")), f.About(lang)},
		Columns: [3]string{b.t(text.FormColumnWhat), b.t(text.FormColumnValue), b.t(text.FormColumnSource)},
	}
	if f.kind != "" {
		b.doc.Notice = b.t(text.FormRegisterDraft)
	}
	f.fill(b)
	if f.Persons && !names {
		b.doc.Foot = append(b.doc.Foot, b.t(text.FormNoNames))
	}
	return b.doc
}
