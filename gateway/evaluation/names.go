package evaluation

import (
	"context"
	"errors"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/identity"
)

// seesNames reports whether who asks may see the names of persons: managers may, and who
// administers the host.
func seesNames(ctx context.Context) bool {
	who, remote := identity.Who(ctx)
	return !remote || who.Role.May(identity.Manager)
}

// showNames puts the names into a record's versions, or takes out what stands for them.
func showNames(r *store.StoredRecord, shown bool) error {
	err := shownIn(r.Kind, &r.Version, shown)
	for i := range r.Earlier {
		err = errors.Join(err, shownIn(r.Kind, &r.Earlier[i], shown))
	}
	return err
}

func shownIn(kind register.Kind, v *store.Version, shown bool) error {
	if v.Unreadable {
		return nil
	}
	names, err := register.Names(kind, v.Body)
	if err != nil {
		return err
	}
	for field := range names {
		names[field] = ""
		if shown {
			names[field] = v.Names[field] // empty: forgotten
		}
	}
	v.Body, err = register.WithNames(v.Body, names)
	return err
}

// namesForgotten reports whether today's are.
func (e *Evaluation) namesForgotten() bool {
	done := e.forgotten.Load()
	return done != nil && *done == e.today()
}

// forgetNames takes the names out of records that are older than they are kept, once a day. An
// error is logged, and the day is tried again.
func (e *Evaluation) forgetNames() error {
	today := e.today()
	site, err := e.cfg.Store.Site()
	undated, err2 := e.undated(today)
	if err = errors.Join(err, err2); err == nil {
		err = e.forgetDue(today, func(v store.Version) bool {
			entered := undated
			if !v.Entered.IsZero() {
				entered = civil.Of(v.Entered.In(e.zone.Load()))
			}
			return site.NamesDue(entered, today)
		})
	}
	if err != nil {
		e.cfg.Log.Error("names of persons that are due cannot be forgotten yet", "error", err)
		return err
	}
	e.forgotten.Store(&today)
	return nil
}

func (e *Evaluation) forgetDue(today civil.Date, due func(store.Version) bool) error {
	e.admin.Lock()
	defer e.admin.Unlock()
	var bad []error
	for _, kind := range register.Kinds {
		ids, err := e.cfg.Store.ForgetNames(kind, today, due)
		bad = append(bad, err)
		for _, id := range ids {
			e.cfg.Audit.Note(audit.Record{Action: audit.NamesForgotten, Actor: audit.Gateway, Subject: string(kind) + "/" + id})
		}
	}
	return errors.Join(bad...)
}

// namesSetting keeps the day from which on names that nobody dated are kept.
const namesSetting = "names.since"

// undated is the day that counts for versions of before there were any, of which nobody knows when
// they were entered: that on which this program first looked.
func (e *Evaluation) undated(today civil.Date) (civil.Date, error) {
	v, err := e.cfg.Store.Setting(namesSetting)
	if errors.Is(err, store.ErrNotFound) {
		return today, e.cfg.Store.PutSetting(namesSetting, store.NewSecret(string(today)))
	}
	return civil.Date(v.Reveal()), err
}
