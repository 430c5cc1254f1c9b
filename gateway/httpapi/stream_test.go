package httpapi

import (
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/gateway/compliance"
)

// All pages are woken by a change, once however many there were; one more than there is
// room for gets none.
func TestStreamWakesAllPages(t *testing.T) {
	s := NewStream()
	var all []chan struct{}
	for range maxListeners {
		all = append(all, s.join())
	}
	if s.join() != nil {
		t.Errorf("more than %d pages follow", maxListeners)
	}
	s.Notify()
	s.Notify()
	for i, wake := range all {
		if len(wake) != 1 {
			t.Errorf("page %d is woken %d times", i, len(wake))
		}
	}
	s.leave(all[0])
	if again := s.join(); again == nil || len(again) != 0 {
		t.Error("there is no room after a page has gone")
	}
	if s.latest() != nil {
		t.Error("a report before there was one")
	}
	s.Reported(compliance.Report{Pack: "x"})
	if got := s.latest(); got == nil || got.Pack != "x" {
		t.Errorf("report %+v", got)
	}
}

// A page that waits ends when the stream does, and rests between two events.
func TestStreamRestsAndEnds(t *testing.T) {
	s := NewStream()
	wake := s.join()
	s.Notify()
	began := time.Now()
	if !s.pause(t.Context(), wake) || time.Since(began) < streamRest {
		t.Errorf("the next event came after %v", time.Since(began))
	}
	s.Close()
	s.Close() // a second time changes nothing
	if s.pause(t.Context(), s.join()) {
		t.Error("a page goes on after the end")
	}
}
