package camera

import (
	"slices"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Spans follow what is noted of a camera; the time in which nothing was counts for nothing.
func TestHistory(t *testing.T) {
	h := newHistory()
	at := time.Date(2026, 5, 1, 8, 0, 0, 0, time.UTC)
	note := func(p media.Protection, long time.Duration) {
		for end := at.Add(long); at.Before(end); at = at.Add(5 * time.Second) {
			h.note("gate", p, at)
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
	h.note("gate", media.Offline, begin)
	h.note("gate", media.Offline, begin.Add(20*time.Second))
	if got := h.of("gate", begin, begin.Add(20*time.Second)); got.ProtectedShare != nil || len(got.Spans) != 1 {
		t.Errorf("%+v", got)
	}
}
