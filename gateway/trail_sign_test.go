package gateway

import (
	"context"
	"encoding/json"
	"path/filepath"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway/audit"
)

// The trail ends with a signature soon after something was added, and none is added
// where nothing was.
func TestTrailIsSignedEachTime(t *testing.T) {
	s, err := store.Open(filepath.Join(t.TempDir(), "bauta.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	last := func() (e store.Entry, n int) {
		_, err := s.Trail(time.Time{}, time.Now().Add(time.Hour), func(l store.Link) error {
			n++
			e = store.Entry{}
			return json.Unmarshal(l.Text, &e)
		})
		if err != nil {
			t.Fatal(err)
		}
		return e, n
	}
	tr := audit.NewLog(s, quiet(), func() {}, func() {})
	if tr.SignEvery > time.Minute {
		t.Errorf("signed each %v", tr.SignEvery)
	}
	tr.SignEvery = 50 * time.Millisecond
	ctx, cancel := context.WithCancel(t.Context())
	go tr.Run(ctx)
	for i := range 2 {
		tr.Note(audit.Record{Action: "x", Actor: audit.Gateway})
		eventually(t, "it is signed", func() bool { e, n := last(); return e.Action == store.SignAction && n == 2*(i+1) })
	}
	time.Sleep(4 * tr.SignEvery)
	if _, n := last(); n != 4 {
		t.Errorf("%d entries after nothing happened", n)
	}
	tr.Note(audit.Record{Action: "x", Actor: audit.Gateway})
	cancel()
	<-tr.Done
	if e, _ := last(); e.Action != store.SignAction {
		t.Errorf("the trail of a stopped gateway ends with %+v", e)
	}
}
