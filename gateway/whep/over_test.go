package whep

import (
	"testing"
	"time"
)

// What is called when a session is over may use the Server.
func TestWhenOverHoldsNoLock(t *testing.T) {
	s, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	done := make(chan Stats, 1)
	go s.WhenOver("gone", func() { done <- s.Stats() })
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatal("the callback cannot use the server: its lock is held")
	}
}
