package openings

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/sealed"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
)

// Answer takes an approval or a refusal.
func (d *Desk) Answer(ctx context.Context, id string, a sealed.Approval) (api.Opening, error) {
	if err := a.Check(); err != nil {
		return api.Opening{}, api.Because(api.CodeInvalid, err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	o, err := d.load(id)
	if err != nil {
		return api.Opening{}, err
	}
	given := answer{Approval: a, Account: account(ctx), At: d.now().UTC()}
	if err := d.allowed(o, given); err != nil {
		return api.Opening{}, err
	}
	name := fmt.Sprintf("%s%d", answerPrefix, len(o.answers)+1)
	if err := d.keep(id, name, given); err != nil {
		return api.Opening{}, err
	}
	o.answers = append(o.answers, given)
	action, step, detail := audit.OpeningApproved, "approved", fmt.Sprintf("by=%s group=%d segments=%d", a.By.ID, a.Group, len(a.Segments))
	if a.Refused != "" {
		action, step, detail = audit.OpeningRefused, "refused", "by="+a.By.ID
	}
	if err := d.did(ctx, action, o.asked.Request, detail, step); err != nil {
		// What is not on record did not happen.
		os.Remove(filepath.Join(d.folder(id), name+".json"))
		return api.Opening{}, err
	}
	return o.shown(d.now()), nil
}

// allowed refuses who answers a request that is over, answers twice, or for another group
// under the same account or name: two persons act, never one in two parts.
func (d *Desk) allowed(o opening, given answer) error {
	r, a := o.asked.Request, given.Approval
	state := o.state(d.now())
	switch {
	case a.Request != r.ID || a.Sum != r.Sum():
		return api.Refuse(api.CodeInvalid, text.SealedOtherRequest, a.By.ID, r.ID)
	case !sealed.IsPersonID(a.By.ID) || a.By.Account != "":
		return api.Refuse(api.CodeInvalid, text.SealedPersonID, a.By.ID)
	case state == api.OpeningOpened && a.Refused == "" && len(o.answers) < maxAnswers: // of a group of which more are needed
	case state != api.OpeningWaiting && state != api.OpeningApproved:
		return api.Refuse(api.CodeForbidden, text.SealedOver, r.ID, text.SealedState(state))
	case a.Refused != "":
		return nil
	case len(o.answers) >= maxAnswers:
		return api.Refuse(api.CodeTooMany, text.SealedOver, r.ID, text.SealedState(state))
	}
	for _, before := range o.answers {
		if before.Account == given.Account || before.Approval.By.ID == a.By.ID {
			return api.Refuse(api.CodeForbidden, text.SealedSamePerson, before.Approval.By.ID)
		}
	}
	return nil
}

// Open hands the approvals to who asked, once both groups have given one. That is the
// opening: it is on record before they go out.
func (d *Desk) Open(ctx context.Context, id string) ([]sealed.Approval, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	o, err := d.load(id)
	if err != nil {
		return nil, err
	}
	state := o.state(d.now())
	switch {
	case o.asked.Account != account(ctx):
		return nil, api.Refuse(api.CodeForbidden, text.SealedOthersRequest, id)
	case state == api.OpeningWaiting:
		return nil, api.Refuse(api.CodeForbidden, text.SealedNotYet, id)
	case state != api.OpeningApproved && state != api.OpeningOpened:
		return nil, api.Refuse(api.CodeForbidden, text.SealedOver, id, text.SealedState(state))
	}
	all, err := d.shares(o)
	if err != nil {
		return nil, err
	}
	if err := d.record(ctx, o); err != nil {
		return nil, err
	}
	o.opened = &opened{Account: account(ctx), At: d.now().UTC()}
	if err := d.write(id, openedName, o.opened); err != nil {
		return nil, err
	}
	return all, nil
}

// record writes an opening into the audit log and the register of calls. A second time, after a
// transfer that failed, it is in the audit log alone.
func (d *Desk) record(ctx context.Context, o opening) error {
	r := o.asked.Request
	if err := d.did(ctx, audit.OpeningOpened, r, "by="+r.By.ID+" approved="+strings.Join(o.approvers(), ","), "opened"); err != nil {
		return err
	}
	if o.opened != nil {
		return nil
	}
	if err := d.cfg.Record(ctx, d.export(o)); err != nil {
		return fmt.Errorf("the opening cannot be written into the register of calls: %w", err)
	}
	return nil
}

// export is the record of the register: persons by their ids.
func (d *Desk) export(o opening) register.Export {
	r, people := o.asked.Request, o.approvers()
	e := register.Export{
		Date: civil.Of(d.here(d.now())), Camera: r.Camera, Reason: r.Purpose, Requester: requester(r.Purpose), Name: r.By.ID,
		Content:    text.Of(d.cfg.Lang, text.SealedExportContent, d.here(r.From).Format(time.DateTime), d.here(r.To).Format(time.DateTime), r.ID),
		LegalBasis: r.Basis, Number: r.Document, FootageFrom: civil.Of(d.here(r.From)), FootageTo: civil.Of(d.here(r.To)), Manner: register.MannerOpenSealed,
	}
	e.Approver = strings.Join(people, ", ")
	if !e.ByStateOrgan() && !e.ByPerson() {
		e.Purpose = register.PublicSafety
	}
	return e
}

// requester is who asked, where the purpose says so in the register's words.
func requester(purpose string) string {
	switch purpose {
	case register.AskedByPolice, register.AskedByCourt, register.AskedByPerson, register.AskedByRelative:
		return purpose
	}
	return "internal"
}

// Segment opens a sealed segment of a request that was opened, for who asked.
func (d *Desk) Segment(ctx context.Context, id string, sequence uint64) (sealed.File, error) {
	d.mu.Lock()
	o, err := d.load(id)
	d.mu.Unlock()
	switch {
	case err != nil:
		return sealed.File{}, err
	case o.asked.Account != account(ctx):
		return sealed.File{}, api.Refuse(api.CodeForbidden, text.SealedOthersRequest, id)
	case o.state(d.now()) != api.OpeningOpened || d.cfg.Sealed == nil:
		return sealed.File{}, api.Refuse(api.CodeForbidden, text.SealedNotYet, id)
	}
	f, err := sealed.Open(d.cfg.Sealed, o.asked.Request.Camera, sequence)
	if err != nil {
		return sealed.File{}, api.Because(api.CodeNotFound, fmt.Errorf("segment %d: %w", sequence, err))
	}
	if !o.asked.Request.Covers(f.Segment) {
		f.Close()
		return sealed.File{}, api.Refuse(api.CodeForbidden, text.SealedRequestMore, f.Header.Camera, f.Header.Start)
	}
	return f, nil
}

// Done notes how much was opened.
func (d *Desk) Done(ctx context.Context, id string, units int) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	o, err := d.load(id)
	if err != nil {
		return err
	}
	if o.opened == nil || o.asked.Account != account(ctx) {
		return api.Refuse(api.CodeForbidden, text.SealedOthersRequest, id)
	}
	return d.cfg.Audit.Did(ctx, audit.OpeningDone, audit.Camera(o.asked.Request.Camera), fmt.Sprintf("opening=%s units=%d", id, units), nil)
}
