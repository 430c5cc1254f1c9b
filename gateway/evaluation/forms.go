package evaluation

import (
	"context"

	"github.com/bauta-gateway/bauta/config/forms"
	"github.com/bauta-gateway/bauta/config/forms/document"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// formInput is what forms are filled in from at this moment.
func (e *Evaluation) formInput() forms.Input {
	in := forms.Input{Gateway: e.cfg.Gateway, Facts: e.facts(), Records: e.versions(), Cameras: map[media.CameraID]forms.Camera{}}
	for _, c := range e.cfg.Cameras.Statuses() {
		in.Cameras[c.ID] = forms.Camera{Width: c.Source.Width, Height: c.Source.Height}
	}
	return in
}

// Form fills a form in. With names of persons it is for managers alone, and goes into the
// audit log.
func (e *Evaluation) Form(ctx context.Context, id string, lang text.Lang, names bool) (document.Document, error) {
	f, known := forms.Find(id)
	if !known {
		return document.Document{}, api.Refuse(api.CodeNotFound, text.FormUnknown, id)
	}
	if !names {
		return f.Fill(e.formInput(), lang, false), nil
	}
	if !seesNames(ctx) {
		return document.Document{}, api.Refuse(api.CodeForbidden, text.FormNames)
	}
	if err := e.cfg.Audit.Did(ctx, audit.FormPrinted, "form/"+id, "names=1", nil); err != nil {
		return document.Document{}, err
	}
	return f.Fill(e.formInput(), lang, true), nil
}

// Sign is what a sign says of some cameras; of all without any.
func (e *Evaluation) Sign(cameras []media.CameraID) forms.Sign {
	return forms.SignOf(e.formInput(), cameras)
}

// Notice is the page of the newest notice; nil where none is on record. It reads no more than it
// shows: it is made anew with each evaluation.
func (e *Evaluation) Notice() ([]byte, error) {
	site, err := e.cfg.Store.Site()
	if err != nil {
		return nil, err
	}
	notices, _ := e.cfg.Store.Records(register.KindNotice) // what cannot be read says so itself
	return forms.Notice(forms.Input{Facts: &policy.Facts{Now: e.now(), Site: site}, Records: notices})
}
