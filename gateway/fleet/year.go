package fleet

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/fleet/past"
)

const (
	// maxUnkept bounds the changes that wait for the file; the oldest go, and that is logged.
	maxUnkept = 20_000
	// yearEvents bounds the changes that an open gateway shows; its table has all.
	yearEvents = 100
)

// remember takes a change into the history of the year; the lock is held.
func (s *StateCache) remember(e past.Entry) {
	if s.cfg.Past == nil {
		return
	}
	if len(s.unkept) >= maxUnkept {
		s.unkept = s.unkept[1:]
		s.lost++
	}
	s.unkept = append(s.unkept, e)
}

// watch notes now and then that somebody watches, as long as the broker is read; the lock is held.
func (s *StateCache) watch(now time.Time) {
	if s.link.Reason == "" && now.Sub(s.watched) >= past.WatchEvery {
		s.watched = now
		s.remember(past.Watch(now, true))
	}
}

// unwatch notes that nobody does any more; the lock is held.
func (s *StateCache) unwatch(now time.Time) {
	if !s.watched.IsZero() {
		s.watched = time.Time{}
		s.remember(past.Watch(now, false))
	}
}

// saveYear writes what is new, at the end at once.
func (s *StateCache) saveYear(end bool) {
	s.mu.Lock()
	now := s.now()
	if end {
		s.unwatch(now)
	}
	if len(s.unkept) == 0 || !end && now.Sub(s.savedYear) < saveSoon {
		s.mu.Unlock()
		return
	}
	all, lost := s.unkept, s.lost
	s.unkept, s.lost, s.savedYear = nil, 0, now
	s.mu.Unlock()
	err := s.cfg.Past.Add(all)
	if err == nil && lost == 0 {
		return
	}
	s.cfg.Log.Warn("the history of the gateways cannot be kept yet, or has lost changes", "lost", lost, "error", err)
	if err != nil {
		s.mu.Lock()
		s.unkept, s.lost = append(all, s.unkept...), s.lost+lost
		s.mu.Unlock()
	}
}

// year is what the page shows of a gateway's past.
type year struct {
	Days   []past.Day  `json:"days"`
	Events []pastEvent `json:"events"` // the newest first
	Total  int         `json:"total"`
}

// changes are those of a gateway's year as the page shows them. The first entry may only say
// how the gateway stood when it was met.
func (s *StateCache) changes(all []past.Entry) (events []pastEvent) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range all {
		one := pastEvent{At: e.At, From: rank(e.From), To: rank(e.To)}
		if e.By != "" {
			one.By = s.who(e.By)
		} else if e.From == e.To {
			continue
		}
		events = append(events, one)
	}
	return events
}

// serveYear reads the year of the gateway that is asked for, and answers by it; where no history
// is kept, that there is none.
func (h web) serveYear(answer func(http.ResponseWriter, *http.Request, []past.Entry) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if h.states.cfg.Past == nil {
			http.NotFound(w, r)
			return
		}
		all, err := h.states.cfg.Past.Year(r.PathValue("name"), h.states.now())
		if err == nil {
			err = answer(w, r, all)
		}
		if err != nil {
			http.Error(w, text.Of(language(r), text.FleetYearLost), http.StatusInternalServerError)
		}
	}
}

func (h web) year(w http.ResponseWriter, _ *http.Request, all []past.Entry) error {
	now := h.states.now()
	watched, err := h.states.cfg.Past.Watched(now)
	if err != nil {
		return err
	}
	y := year{Days: past.Sum(all, watched, now), Events: h.states.changes(all)}
	y.Total = len(y.Events)
	slices.Reverse(y.Events)
	y.Events = y.Events[:min(len(y.Events), yearEvents)]
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(y)
	return nil
}

// yearCSV is all of a gateway's year as a table, the newest first.
func (h web) yearCSV(w http.ResponseWriter, r *http.Request, all []past.Entry) error {
	lang := language(r)
	out := sheet(w, "year", lang, text.FleetWhen, text.FleetFrom, text.FleetTo, text.FleetSeen)
	for _, e := range slices.Backward(h.states.changes(all)) {
		write(out, time.Unix(e.At, 0).UTC().Format(time.RFC3339), text.Of(lang, rankWords[e.From]), text.Of(lang, rankWords[e.To]), e.By)
	}
	out.Flush()
	return nil
}
