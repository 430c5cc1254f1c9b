package store

import (
	"errors"
	"reflect"
	"testing"
	"time"
)

// What is known of an issuer's withdrawals survives a restart, and a backup of before brings
// nobody's clock back.
func TestIssuerLists(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	older := IssuerList{Issuer: "front-desk", List: "a.b.c", Newest: time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)}
	newer := IssuerList{Issuer: "front-desk", List: "d.e.f", Attestation: "g.h.i", Newest: older.Newest.Add(time.Hour)}
	put := func(l IssuerList) {
		t.Helper()
		if err := s.PutIssuerList(l); err != nil {
			t.Fatal(err)
		}
	}
	put(older)
	backup := backedUp(t, s, false)
	put(newer)
	if err := s.PutIssuerList(IssuerList{Issuer: "Front Desk"}); !errors.Is(err, ErrInvalid) {
		t.Errorf("a name that is no slug: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s, _ = restore(t, path, backup)
	if all, err := s.IssuerLists(); err != nil || !reflect.DeepEqual(all, []IssuerList{newer}) {
		t.Errorf("after the restore: %+v, %v", all, err)
	}
}
