package audit

import (
	"encoding/json"
	"log/slog"
	"slices"
	"testing"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/store/storetest"
	"github.com/bauta-gateway/bauta/gateway/change"
)

// What is delivered is not offered again, also while the disk hangs, and leaves the
// store once it answers.
func TestOutboxDoesNotWaitForTheDisk(t *testing.T) {
	l := newLog(t, 0)
	q := change.NewQueue(slog.New(slog.DiscardHandler), func() {})
	t.Cleanup(q.Close)
	o := NewOutbox(l.store, q)
	for i := range 5 {
		if _, err := l.store.Enqueue(1, func(int, uint64) store.Message {
			return store.Message{Topic: "heat", Payload: json.RawMessage{byte('0' + i)}}
		}); err != nil {
			t.Fatal(err)
		}
	}
	payloads := func(n int) (all []string) {
		events, err := o.Waiting(n)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			all = append(all, string(e.Payload))
		}
		return all
	}
	if got := payloads(2); !slices.Equal(got, []string{"0", "1"}) {
		t.Fatalf("at first: %v", got)
	}
	events, _ := o.Waiting(3)
	release := storetest.Stall(t, l.store)
	if err := o.Delivered(events[0].Seq, events[2].Seq); err != nil {
		t.Fatal(err)
	}
	if got := payloads(10); !slices.Equal(got, []string{"1", "3", "4"}) {
		t.Errorf("while the disk hangs: %v", got)
	}
	release()
	eventually(t, "the store forgets them", func() bool {
		all, err := l.store.Waiting(10)
		return err == nil && len(all) == 4 // the three and what the stall left
	})
	if got := payloads(3); !slices.Equal(got, []string{"1", "3", "4"}) {
		t.Errorf("afterwards: %v", got)
	}
}
