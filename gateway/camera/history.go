package camera

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

const (
	// HistoryHours is how far back a camera's history reaches at most.
	HistoryHours = 7 * 24
	// maxSpans bounds what is kept of a camera; a sick one changes twice a
	// minute. The oldest go first.
	maxSpans = 2000
	// gapInNotes: cameras are noted every few seconds, so more means that the
	// host slept, and nobody knows what was then.
	gapInNotes = 30 * time.Second
)

// history keeps each camera's spans. The last one of a camera grows while it runs.
type history struct {
	mu    sync.Mutex
	spans map[media.CameraID][]api.Span
	open  map[media.CameraID]bool
}

func newHistory() *history {
	return &history{spans: map[media.CameraID][]api.Span{}, open: map[media.CameraID]bool{}}
}

// note says how a camera stands now: it did since the last note, or begins to.
func (h *history) note(id media.CameraID, p media.Protection, reason string, now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	all := h.spans[id]
	if n := len(all); n > 0 && h.open[id] && now.Sub(all[n-1].To) <= gapInNotes {
		all[n-1].To = now
		if all[n-1].State == p {
			return
		}
	}
	all = append(all, api.Span{From: now, To: now, State: p, Reason: reason})
	if len(all) > maxSpans {
		all = slices.Clone(all[len(all)-maxSpans:])
	}
	h.spans[id], h.open[id] = all, true
}

// end says that a camera does not run any more.
func (h *history) end(id media.CameraID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.open[id] = false
}

// of returns the spans from one time to another.
func (h *history) of(id media.CameraID, from, to time.Time) api.History {
	h.mu.Lock()
	defer h.mu.Unlock()
	out := api.History{From: from, To: to, Spans: []api.Span{}}
	var good, sent time.Duration
	for i, s := range h.spans[id] {
		if h.open[id] && i == len(h.spans[id])-1 && to.Sub(s.To) <= gapInNotes {
			s.To = to
		}
		if s.To.Before(from) || s.From.After(to) {
			continue
		}
		if s.From.Before(from) {
			s.From = from
		}
		out.Spans = append(out.Spans, s)
		switch long := s.To.Sub(s.From); s.State {
		case media.Protected, media.OverMasked:
			good, sent = good+long, sent+long
		case media.Blocked:
			sent += long
		}
	}
	out.ProtectedShare = policy.Share(good.Seconds(), sent.Seconds())
	return out
}

// remember takes the spans of earlier runs from the audit log, whose last entry
// before a start is the last that is known of the run before.
func (h *history) remember(s *store.Store, now time.Time) error {
	var last time.Time
	_, err := s.AuditLog(now.Add(-HistoryHours*time.Hour), now, func(l store.Link) error {
		var e store.AuditRecord
		if err := json.Unmarshal(l.Text, &e); err != nil {
			return err
		}
		h.replay(e, last)
		last = e.Time
		return nil
	})
	h.closeAll(last)
	return err
}

// replay takes one entry; last is the time of the one before.
func (h *history) replay(e store.AuditRecord, last time.Time) {
	switch e.Action {
	case "gateway.started":
		h.closeAll(last)
	case "camera.removed", "protection.changed":
		id, isCamera := strings.CutPrefix(e.Subject, "camera/")
		if !isCamera {
			return
		}
		h.finish(media.CameraID(id), e.Time)
		if _, p, ok := strings.Cut(e.Detail, ">"); ok {
			h.spans[media.CameraID(id)] = append(h.spans[media.CameraID(id)], api.Span{From: e.Time, To: e.Time, State: media.Protection(p)})
			h.open[media.CameraID(id)] = true
		}
	}
}

// finish ends a replayed span at a time.
func (h *history) finish(id media.CameraID, at time.Time) {
	if all := h.spans[id]; h.open[id] && len(all) > 0 && at.After(all[len(all)-1].To) {
		all[len(all)-1].To = at
	}
	h.open[id] = false
}

func (h *history) closeAll(at time.Time) {
	for id := range h.spans {
		h.finish(id, at)
	}
}

// overviewSteps is into how many steps an overview cuts a history: as fine as a bar shows them.
const overviewSteps = 240

// worse lists what viewers can get, the worst last; a camera that is starting says nothing yet.
var worse = []media.Protection{"", media.UnknownProtection, media.Protected, media.OverMasked, media.Offline, media.Blocked}

// coarse is a history in steps of the same length, of each of which the worst state counts.
func coarse(h api.History, steps int) api.History {
	step := h.To.Sub(h.From) / time.Duration(steps)
	states := make([]int, steps)
	for _, s := range h.Spans {
		first, last := int(s.From.Sub(h.From)/step), int((s.To.Sub(h.From)-1)/step)
		for i := max(first, 0); i <= min(last, steps-1); i++ {
			states[i] = max(states[i], slices.Index(worse, s.State))
		}
	}
	known := h.Spans
	h.Spans = []api.Span{}
	for i, state := range states {
		if state <= 0 {
			continue
		}
		from, to := h.From.Add(time.Duration(i)*step), h.From.Add(time.Duration(i+1)*step)
		if n := len(h.Spans); n > 0 && h.Spans[n-1].State == worse[state] && h.Spans[n-1].To.Equal(from) {
			h.Spans[n-1].To = to
			continue
		}
		h.Spans = append(h.Spans, api.Span{From: from, To: to, State: worse[state]})
	}
	if n := len(h.Spans); n > 0 { // nothing is said of before and after what is known
		h.Spans[0].From, h.Spans[n-1].To = later(h.Spans[0].From, known[0].From), earlier(h.Spans[n-1].To, known[len(known)-1].To)
	}
	return h
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// Overview is what the page of all cameras needs of them beside their status.
func (cs *Set) Overview() (all []api.OverviewCamera) {
	now := time.Now()
	for _, c := range cs.sorted() {
		one := api.OverviewCamera{ID: c.ID(), History: coarse(cs.history.of(c.ID(), now.Add(-24*time.Hour), now), overviewSteps)}
		facts, _ := cs.FactsOf(c.ID())
		if facts.Place != "" {
			one.Place = api.Words{EN: text.Of(text.EN, facts.Place.Word()), ZH: text.Of(text.ZhCN, facts.Place.Word())}
		}
		one.Lacks = lacks(facts, cs.ZonesOf(c.ID()))
		all = append(all, one)
	}
	return all
}

// lacks is what the law wants said of a camera and nobody did, the most urgent first.
func lacks(facts policy.Camera, zones []zone.Zone) []string {
	out := []string{}
	if facts.Place == "" {
		out = append(out, "place")
	}
	if slices.ContainsFunc(zones, func(z zone.Zone) bool { return z.Assumed }) {
		out = append(out, "purposes")
	}
	if facts.Purpose == "" {
		out = append(out, "purpose")
	}
	if !slices.ContainsFunc(zones, func(z zone.Zone) bool { return z.Kind == zone.Capture }) {
		out = append(out, "capture")
	}
	return out
}

// History is what a camera's viewers got in the last hours.
func (cs *Set) History(id media.CameraID, hours int) (api.History, error) {
	if !cs.Has(id) {
		return api.History{}, api.Refuse(api.CodeNotFound, text.CameraNotFound, id)
	}
	now := time.Now()
	return cs.history.of(id, now.Add(-time.Duration(hours)*time.Hour), now), nil
}
