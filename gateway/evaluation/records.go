package evaluation

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/forms"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/identity"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// today is the day at the site, which the dates of records are compared with.
func (e *Evaluation) today() civil.Date { return civil.Of(e.now()) }

// records are all that can be read; which kinds cannot be stands in them, and is logged
// once for each new finding.
func (e *Evaluation) records() register.Records {
	all, err := e.cfg.Store.AllRecords()
	found := ""
	if err != nil {
		found = err.Error()
	}
	if before := e.unreadable.Swap(&found); found != "" && (before == nil || *before != found) {
		e.cfg.Log.Error("some records cannot be read: what they prove is not known", "kinds", all.Unreadable, "error", err)
	}
	return all
}

// versions are all records with all their versions.
func (e *Evaluation) versions() (all []store.StoredRecord) {
	for _, kind := range register.Kinds {
		list, _ := e.cfg.Store.Records(kind) // what cannot be read says so itself
		all = append(all, list...)
	}
	return all
}

// Records lists the records of a kind, with the names of persons in them for managers alone. One
// that cannot be read says so itself.
func (e *Evaluation) Records(ctx context.Context, kind register.Kind) ([]api.Record, error) {
	if register.New(kind) == nil {
		return nil, api.Refuse(api.CodeNotFound, text.RecordKind, string(kind))
	}
	stored, err := e.cfg.Store.Records(kind)
	if err != nil && !errors.Is(err, store.ErrUnreadable) {
		return nil, err
	}
	all := []api.Record{}
	for _, r := range stored {
		confirm := toConfirm(r)
		if err := showNames(&r, seesNames(ctx)); err != nil {
			return nil, err
		}
		all = append(all, api.Record{StoredRecord: r, Confirm: confirm})
	}
	e.sayChanges(all)
	return all, nil
}

// sayChanges says of the newest assessment what is another since.
func (e *Evaluation) sayChanges(all []api.Record) {
	for i := range slices.Backward(all) {
		r := &all[i]
		if r.Kind != register.KindAssessment || r.Unreadable || r.Withdrawn {
			continue
		}
		rec, err := api.Decode(r.Kind, r.Version)
		if a, is := rec.(*register.Assessment); err == nil && is && a.MadeFor != nil {
			in := e.formInput()
			for _, c := range in.Facts.ChangesSince(a.MadeFor) {
				r.Changes = append(r.Changes, api.RecordChange{Was: factWords(in, c.Was), Is: factWords(in, c.Is)})
			}
		}
		return
	}
}

func factWords(in forms.Input, line string) api.Words {
	if line == "" {
		return api.Words{}
	}
	return api.Words{EN: forms.Fact(in, text.EN, line), ZH: forms.Fact(in, text.ZhCN, line)}
}

// toConfirm says what a stored record lacks by what is asked of one that is entered today.
func toConfirm(r store.StoredRecord) api.Words {
	if r.Unreadable || r.Withdrawn {
		return api.Words{}
	}
	rec, err := api.Decode(r.Kind, r.Version)
	if err == nil {
		err = rec.Check()
	}
	if err == nil {
		return api.Words{}
	}
	return api.Words{EN: lacks(text.EN, r.Kind, err), ZH: lacks(text.ZhCN, r.Kind, err)}
}

// lacks names a field that is missing as the forms do: who confirms reads pages, not the API.
func lacks(lang text.Lang, kind register.Kind, err error) string {
	var p *text.Problem
	if errors.As(err, &p) && p.Key == text.PolicyRequired && len(p.Args) == 1 {
		if label := text.RecordLabel(string(kind), fmt.Sprint(p.Args[0])); text.Has(label) {
			return text.Of(lang, p.Key, text.Of(lang, label))
		}
	}
	return text.Explain(lang, err)
}

// AddRecord stores a new record of a kind.
func (e *Evaluation) AddRecord(ctx context.Context, kind register.Kind, rec register.Record) (api.RecordID, error) {
	e.admin.Lock()
	defer e.admin.Unlock()
	if err := e.fillIn(rec); err != nil {
		return api.RecordID{}, err
	}
	return e.putRecord(ctx, kind, "", rec, store.Entry{})
}

// CorrectRecord stores the next version of a record, with the reason for it.
func (e *Evaluation) CorrectRecord(ctx context.Context, kind register.Kind, id string, rec register.Record, reason string) (api.RecordID, error) {
	e.admin.Lock()
	defer e.admin.Unlock()
	before, err := e.newest(kind, id)
	if err == nil {
		register.KeepNames(rec, before)
		err = e.fillAsBefore(rec, before)
	}
	if err != nil {
		return api.RecordID{}, err
	}
	return e.putRecord(ctx, kind, id, rec, store.Entry{Reason: reason})
}

// WithdrawRecord stores as the next version of a record that it does not count any more, with the
// reason. A correction puts it in force again.
func (e *Evaluation) WithdrawRecord(ctx context.Context, kind register.Kind, id, reason string) (api.RecordID, error) {
	e.admin.Lock()
	defer e.admin.Unlock()
	rec, err := e.newest(kind, id)
	if err != nil {
		return api.RecordID{}, err
	}
	return e.putRecord(ctx, kind, id, rec, store.Entry{Reason: reason, Withdrawn: true})
}

// NewestVersion is the number of a record's newest version, as a text.
func (e *Evaluation) NewestVersion(kind register.Kind, id string) (string, error) {
	r, err := e.stored(kind, id)
	return fmt.Sprint(r.Number), err
}

func (e *Evaluation) putRecord(ctx context.Context, kind register.Kind, id string, rec register.Record, by store.Entry) (api.RecordID, error) {
	if err := register.NotAfter(rec, e.today()); err != nil && !by.Withdrawn {
		return api.RecordID{}, api.Because(api.CodeInvalid, err)
	}
	by.Time, by.Author = time.Now(), identity.Actor(ctx)
	stored, err := e.cfg.Store.PutRecord(kind, id, rec, by)
	if err != nil {
		return api.RecordID{}, api.FromStore(err)
	}
	action := audit.RecordAdded
	switch {
	case by.Withdrawn:
		action = audit.RecordWithdrawn
	case id != "":
		action = audit.RecordChanged
	}
	detail := fmt.Sprintf("version=%d sha256=%s", stored.Number, stored.SHA256)
	return api.RecordID{ID: stored.ID}, e.cfg.Audit.Did(ctx, action, string(kind)+"/"+stored.ID, detail, nil)
}

// newest is a record's newest version.
func (e *Evaluation) newest(kind register.Kind, id string) (register.Record, error) {
	r, err := e.stored(kind, id)
	if err != nil {
		return nil, err
	}
	return api.Decode(kind, r.Version)
}

func (e *Evaluation) stored(kind register.Kind, id string) (store.StoredRecord, error) {
	all, err := e.cfg.Store.Records(kind)
	for _, r := range all {
		if r.ID == id && !r.Unreadable {
			return r, nil
		}
	}
	if err != nil {
		return store.StoredRecord{}, err
	}
	return store.StoredRecord{}, api.Refuse(api.CodeNotFound, text.RecordNotFound, string(kind), id)
}

// fillIn fills in what the gateway knows of a new record, and nobody else may say: the
// configuration that an assessment is made for, the device that was tested.
func (e *Evaluation) fillIn(rec register.Record) error {
	switch r := rec.(type) {
	case *register.Assessment:
		f := e.facts()
		var ids []media.CameraID
		for _, c := range f.Cameras {
			ids = append(ids, c.ID)
		}
		return cmp.Or(own("config", &r.Config, policy.ConfigHash(f.Site, f.Cameras)), ownList("made_for", &r.MadeFor, f.Configuration()), ownList("cameras", &r.Cameras, ids))
	case *register.Notice:
		return ownList("made_for", &r.MadeFor, e.facts().Configuration())
	case *register.Walk:
		return ownList("made_for", &r.MadeFor, e.deviceLines(r.Cameras, nil))
	case *register.DeviceTest:
		model, firmware := e.device(r.Camera)
		return cmp.Or(own("model", &r.Model, model), own("firmware", &r.Firmware, firmware))
	}
	return nil
}

// fillAsBefore leaves in a correction what was filled in first: an assessment is never
// bound to another configuration than the one that it was made for.
func (e *Evaluation) fillAsBefore(rec, before register.Record) error {
	switch r := rec.(type) {
	case *register.Assessment:
		made := before.(*register.Assessment)
		return cmp.Or(own("config", &r.Config, made.Config), ownList("made_for", &r.MadeFor, made.MadeFor), ownList("cameras", &r.Cameras, made.Cameras))
	case *register.Notice:
		return ownList("made_for", &r.MadeFor, before.(*register.Notice).MadeFor)
	case *register.Walk:
		return ownList("made_for", &r.MadeFor, e.deviceLines(r.Cameras, before.(*register.Walk)))
	case *register.DeviceTest:
		tested := before.(*register.DeviceTest)
		if tested.Camera != r.Camera {
			return e.fillIn(rec)
		}
		return cmp.Or(own("model", &r.Model, tested.Model), own("firmware", &r.Firmware, tested.Firmware))
	}
	return nil
}

// own fills a field in; another value than the gateway's is refused.
func own(field string, given *string, value string) error {
	if *given != "" && *given != value {
		return api.Refuse(api.CodeInvalid, text.RecordFilled, field)
	}
	*given = value
	return nil
}

// ownList does so with a list.
func ownList[T comparable](field string, given *[]T, value []T) error {
	if len(*given) > 0 && !slices.Equal(*given, value) {
		return api.Refuse(api.CodeInvalid, text.RecordFilled, field)
	}
	*given = value
	return nil
}

// deviceLines name the devices of cameras that somebody walked past; those that the walk had
// before its correction are the ones of then.
func (e *Evaluation) deviceLines(cameras []media.CameraID, before *register.Walk) (lines []string) {
	for _, id := range cameras {
		if before != nil && before.Covers(id) {
			isOther := func(line string) bool { return !strings.HasPrefix(line, "camera="+string(id)+" ") }
			lines = append(lines, slices.DeleteFunc(slices.Clone(before.MadeFor), isOther)...)
			continue
		}
		model, firmware := e.device(id)
		lines = append(lines, policy.DeviceLine(id, policy.Camera{Model: model, Firmware: firmware}))
	}
	return lines
}

// device is what is said of a camera's device; empty where nothing is.
func (e *Evaluation) device(id media.CameraID) (model, firmware string) {
	for _, c := range e.cfg.Cameras.AllFacts() {
		if c.ID == id {
			return c.Said.Model, c.Said.Firmware
		}
	}
	return "", ""
}
