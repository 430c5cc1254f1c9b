package camera

import (
	"slices"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Spans follow what is noted of a camera; the time in which nothing was counts for nothing.
func TestHistory(t *testing.T) {
	h := newHistory()
	at := time.Date(2026, 5, 1, 8, 0, 0, 0, time.UTC)
	note := func(p media.Protection, long time.Duration) {
		for end := at.Add(long); at.Before(end); at = at.Add(5 * time.Second) {
			h.note("gate", p, "overload", at)
		}
	}
	begin := at
	note(media.UnknownProtection, 10*time.Second)
	note(media.Protected, 30*time.Minute)
	note(media.Blocked, 10*time.Minute)
	note(media.Offline, 10*time.Minute)
	at = at.Add(time.Hour) // the host slept
	note(media.Protected, 10*time.Minute)
	got := h.of("gate", begin, at)
	states := []media.Protection{}
	for _, s := range got.Spans {
		states = append(states, s.State)
	}
	if !slices.Equal(states, []media.Protection{media.UnknownProtection, media.Protected, media.Blocked, media.Offline, media.Protected}) {
		t.Errorf("states = %v", states)
	}
	if got.Spans[2].Reason != "overload" {
		t.Errorf("why a gap began is %q", got.Spans[2].Reason)
	}
	if s := got.ProtectedShare; s == nil || *s < 0.79 || *s > 0.81 {
		t.Errorf("share = %v, want 0.8", s)
	}
	if sleep := got.Spans[4].From.Sub(got.Spans[3].To); sleep < time.Hour {
		t.Errorf("the time asleep counts: only %v between", sleep)
	}
	if late := h.of("gate", at.Add(-5*time.Minute), at); len(late.Spans) != 1 || !late.Spans[0].From.Equal(late.From) {
		t.Errorf("cut = %+v", late)
	}
	if none := h.of("nobody", begin, at); none.ProtectedShare != nil || none.Spans == nil {
		t.Errorf("unknown camera: %+v", none)
	}
}

// A camera that runs has a history of this run, not only of what the audit trail tells of
// earlier ones.
func TestHistoryOfARunningCamera(t *testing.T) {
	s := newSet(t)
	s.add(t, api.NewCamera{ID: "hall"})
	for end := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		got, err := s.History("hall", 1)
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Spans) > 0 {
			return
		}
		if time.Now().After(end) {
			t.Fatal("a camera that runs has no history")
		}
	}
}

// C25: a camera that sent nothing all the time has no share.
func TestC25NothingSent(t *testing.T) {
	h := newHistory()
	begin := time.Date(2026, 5, 1, 8, 0, 0, 0, time.UTC)
	h.note("gate", media.Offline, "", begin)
	h.note("gate", media.Offline, "", begin.Add(20*time.Second))
	if got := h.of("gate", begin, begin.Add(20*time.Second)); got.ProtectedShare != nil || len(got.Spans) != 1 {
		t.Errorf("%+v", got)
	}
}

// However restless a camera was, an overview of it is short, and a gap of some seconds is in it.
func TestOverviewIsShort(t *testing.T) {
	h := newHistory()
	begin := time.Date(2026, 5, 1, 8, 0, 0, 0, time.UTC)
	for i := range 2000 {
		p := media.Protected
		if i%20 == 0 {
			p = media.Blocked
		}
		h.note("gate", p, "", begin.Add(time.Duration(i)*20*time.Second))
	}
	whole := h.of("gate", begin, begin.Add(24*time.Hour))
	short := coarse(whole, 240)
	if len(whole.Spans) < 190 || len(short.Spans) > 240 || *short.ProtectedShare != *whole.ProtectedShare {
		t.Errorf("%d spans became %d", len(whole.Spans), len(short.Spans))
	}
	for _, gap := range whole.Spans {
		if gap.State == media.Blocked && !slices.ContainsFunc(short.Spans, func(s api.Span) bool {
			return s.State == media.Blocked && !s.From.After(gap.From) && !s.To.Before(gap.To)
		}) {
			t.Errorf("the gap at %v is lost", gap.From)
		}
	}
	if last := short.Spans[len(short.Spans)-1]; last.To.After(begin.Add(12 * time.Hour)) {
		t.Errorf("what nobody knows is filled until %v", last.To)
	}
	h.note("new", media.UnknownProtection, "", begin.Add(time.Hour))
	h.note("new", media.Protected, "", begin.Add(time.Hour+3*time.Second))
	h.note("new", media.Protected, "", begin.Add(time.Hour+9*time.Second))
	if young := coarse(h.of("new", begin, begin.Add(24*time.Hour)), 240).Spans; len(young) != 1 || young[0].State != media.Protected || young[0].To.Sub(young[0].From) != 9*time.Second {
		t.Errorf("a camera that was just added has %+v", young)
	}
	if none := coarse(h.of("yard", begin, begin.Add(time.Hour)), 240); len(none.Spans) != 0 || none.Spans == nil {
		t.Errorf("%+v", none)
	}
}

// What the law wants said of a camera comes in the order of its urgency.
func TestLacks(t *testing.T) {
	all := lacks(policy.Camera{}, []zone.Zone{{Kind: zone.Consent, Assumed: true}})
	if !slices.Equal(all, []string{"place", "purposes", "purpose", "capture"}) {
		t.Errorf("%v", all)
	}
	if none := lacks(policy.Camera{Place: "lobby", Purpose: "public-safety"}, []zone.Zone{{Kind: zone.Capture}}); none == nil || len(none) > 0 {
		t.Errorf("%v", none)
	}
}
