package evaluation

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
)

// calendarSetting keeps the years that the manager brought, as a calendar file.
const calendarSetting = "calendar"

// calendar is the built-in calendar with the years that the manager brought, which own
// has alone. Where those cannot be read no year is known: one of them may differ from the
// built-in one.
func (e *Evaluation) calendar() (all, own civil.Calendar, err error) {
	v, err := e.cfg.Store.Setting(calendarSetting)
	if errors.Is(err, store.ErrNotFound) {
		return civil.China(), own, nil
	}
	if err == nil {
		own, err = civil.Parse([]byte(v.Reveal()))
	}
	if err != nil {
		return civil.Calendar{}, civil.Calendar{}, fmt.Errorf("calendar: %w", err)
	}
	return civil.China().With(own), own, nil
}

// Calendar returns the calendar in force and the day at the site.
func (e *Evaluation) Calendar() (api.Calendar, error) {
	all, own, err := e.calendar()
	if err != nil {
		return api.Calendar{}, err
	}
	now := e.now()
	out := api.Calendar{Today: civil.Of(now), TimeZone: zoneName(now), HostTimeZone: zoneName(now.In(e.cfg.Host)), Years: []api.CalendarYear{}}
	for _, y := range all.Years {
		out.Years = append(out.Years, api.CalendarYear{Notice: y, Own: own.Has(y.Year)})
	}
	return out, nil
}

// zoneName is the name of a moment's time zone; the host's has none but its short one.
func zoneName(t time.Time) string {
	if t.Location() != time.Local {
		return t.Location().String()
	}
	short, _ := t.Zone()
	return short
}

// SetCalendar takes a calendar file: its years take the place of the same ones, the others
// stay. It is in force with the next evaluation.
func (e *Evaluation) SetCalendar(ctx context.Context, file []byte) (api.Calendar, error) {
	brought, err := civil.Parse(file)
	if err != nil {
		return api.Calendar{}, api.Because(api.CodeInvalid, err)
	}
	if err := e.keepCalendar(brought); err != nil {
		return api.Calendar{}, api.FromStore(err)
	}
	detail := fmt.Sprintf("years=%s sha256=%x", years(brought), sha256.Sum256(file))
	if err := e.cfg.Audit.Did(ctx, audit.CalendarChanged, "calendar", detail, nil); err != nil {
		return api.Calendar{}, err
	}
	return e.Calendar()
}

// keepCalendar stores the years with those that were brought before. What cannot be read
// of them is replaced: the manager is bringing it anew.
func (e *Evaluation) keepCalendar(brought civil.Calendar) error {
	e.admin.Lock()
	defer e.admin.Unlock()
	_, own, err := e.calendar()
	if err != nil {
		e.cfg.Log.Error("the earlier calendar cannot be read and is replaced", "error", err)
	}
	b, err := json.Marshal(own.With(brought))
	if err != nil {
		return err
	}
	if _, err := civil.Parse(b); err != nil {
		return api.Because(api.CodeInvalid, err) // too much with what is there
	}
	return e.cfg.Store.PutSetting(calendarSetting, store.NewSecret(string(b)))
}

// years lists a calendar's years for the audit log.
func years(c civil.Calendar) (list string) {
	for i, y := range c.Years {
		if i > 0 {
			list += ","
		}
		list += fmt.Sprint(y.Year)
	}
	return list
}
