package e2e

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
)

// auditRecords reads the audit log of a gateway that has stopped.
func auditRecords(t *testing.T, path string) (all []store.AuditRecord) {
	t.Helper()
	s, err := store.Open(path, store.Options{AsIs: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	_, err = s.AuditLog(time.Time{}, time.Now().Add(time.Hour), func(l store.Link) error {
		var e store.AuditRecord
		err := json.Unmarshal(l.Text, &e)
		all = append(all, e)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// auditLog reads it, of a gateway that has stopped, as "action actor subject detail".
func auditLog(t *testing.T, path string) (all []string) {
	t.Helper()
	for _, e := range auditRecords(t, path) {
		all = append(all, strings.TrimSpace(strings.Join([]string{e.Action, e.Actor, e.Subject, e.Detail}, " ")))
	}
	return all
}

// inOrder checks that all wanted lines are there, in their order.
func inOrder(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	at := 0
	for _, w := range want {
		i := slices.Index(got[at:], w)
		if i < 0 {
			t.Errorf("%s: %q is missing or out of order in\n%s", what, w, strings.Join(got, "\n"))
			return
		}
		at += i + 1
	}
}
