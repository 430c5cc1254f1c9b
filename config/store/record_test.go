package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config/field"
	"github.com/bauta-gateway/bauta/config/register"
)

var (
	entered = time.Date(2026, 10, 15, 8, 0, 0, 0, time.UTC)
	wang    = Entry{Time: entered, Author: "manager:wang"}
	export  = register.Export{Date: "2026-01-01", Reason: "accident", Content: "gate", Unit: "police", Requester: "police", Name: "Wang Fang", Purpose: register.PublicSafety}
	closing = Entry{Time: entered.Add(time.Hour), Author: "local", Reason: "the date was mistyped"}
)

func recorded(t *testing.T, s *Store, kind register.Kind, rec register.Record) StoredRecord {
	t.Helper()
	r, err := s.PutRecord(kind, "", rec, wang)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func listed(t *testing.T, s *Store, kind register.Kind) []StoredRecord {
	t.Helper()
	all, err := s.Records(kind)
	if err != nil {
		t.Error(err)
	}
	return all
}

// A correction stands beside what it corrects; the newest version counts.
func TestC08CorrectionKeepsTheVersionBefore(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	first := recorded(t, s, register.KindExport, export)
	other := recorded(t, s, register.KindExport, export)
	fixed := export
	fixed.Date = "2026-01-02"
	for number := 2; number <= 11; number++ {
		got, err := s.PutRecord(register.KindExport, first.ID, fixed, closing)
		if err != nil || got.ID != first.ID || got.Number != number || got.SHA256 == first.SHA256 {
			t.Fatalf("%+v, %v", got, err)
		}
	}
	closed(t, s)
	if b := string(slurp(t, path)); strings.Contains(b, "Wang Fang") || strings.Contains(b, "mistyped") {
		t.Error("a record is on the disk in clear text")
	}

	s = open(t, path)
	all := listed(t, s, register.KindExport)
	if len(all) != 2 || len(all[0].Earlier) != 10 || all[1].ID != other.ID || len(all[1].Earlier) != 0 {
		t.Fatalf("%+v", all)
	}
	was := all[0].Earlier[0]
	if was.Number != 1 || !was.Entered.Equal(entered) || was.Author != wang.Author || was.Reason != "" || was.SHA256 != first.SHA256 || !strings.Contains(string(was.Body), "2026-01-01") {
		t.Errorf("the first version: %+v", was)
	}
	if is := all[0].Version; is.Number != 11 || is.Author != closing.Author || is.Reason != closing.Reason || !strings.Contains(string(is.Body), "2026-01-02") {
		t.Errorf("the newest version: %+v", is)
	}
	found, err := s.AllRecords()
	for i := range found.Exports {
		found.Exports[i].Name = export.Name // a mark stands there
	}
	if err != nil || !slices.Equal(found.Exports, []register.Export{fixed, export}) || len(found.Unreadable) != 0 {
		t.Errorf("%+v, %v", found, err)
	}
}

func TestRecordsRefused(t *testing.T) {
	s := open(t, newPath(t))
	first := recorded(t, s, register.KindExport, export)
	if _, err := s.PutRecord(register.KindExport, first.ID, export, closing); err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]struct {
		kind register.Kind
		id   string
		rec  register.Record
		by   Entry
		want error
	}{
		"an empty record":    {register.KindExport, "", register.Export{}, wang, field.ErrInvalid},
		"an unknown kind":    {"diary", "", export, wang, ErrInvalid},
		"an unknown number":  {register.KindExport, "00000099", export, closing, ErrNotFound},
		"a version's number": {register.KindExport, first.ID + "/00000002", export, closing, ErrNotFound},
		"no reason":          {register.KindExport, first.ID, export, wang, ErrInvalid},
		"an empty reason":    {register.KindExport, first.ID, export, Entry{Reason: " "}, ErrInvalid},
		"two lines":          {register.KindExport, first.ID, export, Entry{Reason: "a\nb"}, ErrInvalid},
	} {
		if _, err := s.PutRecord(c.kind, c.id, c.rec, c.by); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if all := listed(t, s, register.KindExport); len(all) != 1 || len(all[0].Earlier) != 1 {
		t.Errorf("%+v", all)
	}
}

// putPlain stores a record as it was before there were versions.
func putPlain(t *testing.T, s *Store, kind register.Kind, id string, rec register.Record) {
	t.Helper()
	b, err := json.Marshal(rec)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.db.Update(func(tx *bbolt.Tx) error {
		records := tx.Bucket(recordsBucket)
		_, err := records.NextSequence()
		return errors.Join(err, records.Put(under(string(kind), id), s.cipher.Seal(string(b), "record", string(kind), id)))
	}); err != nil {
		t.Fatal(err)
	}
}

func rawRecord(t *testing.T, s *Store, key string) (v []byte) {
	t.Helper()
	if err := s.db.View(func(tx *bbolt.Tx) error {
		v = bytes.Clone(tx.Bucket(recordsBucket).Get([]byte(key)))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return v
}

// Records of before are the first version, by nobody known, and stay byte for byte when
// they are corrected. The program of before does not open the store any more.
func TestRecordsOfTheSchemaBefore(t *testing.T) {
	path := newPath(t)
	s, err := openWith(path, Options{}, steps[:5])
	if err != nil {
		t.Fatal(err)
	}
	putPlain(t, s, register.KindExport, "00000001", export)
	before := rawRecord(t, s, "export/00000001")
	closed(t, s)

	s = open(t, path)
	all := listed(t, s, register.KindExport)
	if len(all) != 1 || all[0].Number != 1 || !all[0].Entered.IsZero() || all[0].Author != "" || len(all[0].SHA256) != 64 {
		t.Fatalf("%+v", all)
	}
	if _, err := s.PutRecord(register.KindExport, "00000001", export, closing); err != nil {
		t.Fatal(err)
	}
	if next := recorded(t, s, register.KindExport, export); next.ID != "00000002" {
		t.Errorf("the next record has the number %s", next.ID)
	}
	if all = listed(t, s, register.KindExport); len(all) != 2 || all[0].Number != 2 || len(all[0].Earlier) != 1 || all[0].Earlier[0].Author != "" {
		t.Errorf("%+v", all)
	}
	if !bytes.Equal(before, rawRecord(t, s, "export/00000001")) {
		t.Error("the first version was written anew")
	}
	closed(t, s)
	if _, err := openWith(path, Options{}, steps[:5]); !errors.Is(err, ErrNewer) {
		t.Errorf("the program of before: %v", err)
	}
}

// What a release stored without versions is read with all that it said.
func TestReleaseRecordsAreFirstVersions(t *testing.T) {
	s := open(t, released(t, "0.1.0"))
	for _, kind := range register.Kinds {
		for _, r := range listed(t, s, kind) {
			if r.Number != 1 || r.Author != "" || !r.Entered.IsZero() || len(r.Earlier) != 0 || len(r.SHA256) != 64 {
				t.Errorf("%s %+v", kind, r)
			}
		}
	}
}

// C29: which kinds cannot be read is known, be it the newest version or one before; the
// others count.
func TestC29UnreadableRecords(t *testing.T) {
	for what, c := range map[string]struct {
		key, value string
	}{
		"sealed elsewhere":   {"export/00000001", "\x01nonsense"},
		"the newest version": {"export/00000002/00000002", "\x01nonsense"},
		"an earlier version": {"export/00000002", "\x01nonsense"},
		"empty":              {"export/00000001", ""},
	} {
		s := open(t, newPath(t))
		for range 2 {
			recorded(t, s, register.KindExport, export)
		}
		recorded(t, s, register.KindInspection, register.Inspection{Date: "2026-01-01", Found: "nothing"})
		if _, err := s.PutRecord(register.KindExport, "00000002", export, closing); err != nil {
			t.Fatal(err)
		}
		if err := s.db.Update(func(tx *bbolt.Tx) error { return tx.Bucket(recordsBucket).Put([]byte(c.key), []byte(c.value)) }); err != nil {
			t.Fatal(err)
		}
		all, err := s.AllRecords()
		if !errors.Is(err, ErrUnreadable) || !slices.Equal(all.Unreadable, []register.Kind{register.KindExport}) || len(all.Inspections) != 1 {
			t.Errorf("%s: %+v, %v", what, all, err)
		}
		unreadable := 0
		list, _ := s.Records(register.KindExport)
		for _, r := range list {
			for _, v := range append(r.Earlier, r.Version) {
				if v.Unreadable {
					unreadable++
				}
			}
		}
		if len(list) != 2 || unreadable != 1 {
			t.Errorf("%s: %+v", what, list)
		}
	}
}

// A backup carries all versions, and a restore removes none that was entered after it.
func TestRestoreKeepsVersions(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	appended(t, s, "before")
	first := recorded(t, s, register.KindExport, export)
	if _, err := s.PutRecord(register.KindExport, first.ID, export, closing); err != nil {
		t.Fatal(err)
	}
	backup := backedUp(t, s, true)
	appended(t, s, "after")
	if _, err := s.PutRecord(register.KindExport, first.ID, export, closing); err != nil {
		t.Fatal(err)
	}
	recorded(t, s, register.KindExport, export)
	closed(t, s)

	s, done := restore(t, path, backup)
	all := listed(t, s, register.KindExport)
	if !done.Continued || len(all) != 2 || len(all[0].Earlier) != 2 {
		t.Fatalf("%+v: %+v", done, all)
	}
	if next := recorded(t, s, register.KindExport, export); next.ID != "00000003" {
		t.Errorf("the next record has the number %s", next.ID)
	}

	closed(t, s)

	elsewhere := newPath(t)
	closed(t, open(t, elsewhere))
	s, _ = restore(t, elsewhere, backup)
	if all = listed(t, s, register.KindExport); len(all) != 1 || len(all[0].Earlier) != 1 || all[0].Earlier[0].SHA256 != first.SHA256 {
		t.Errorf("on another host: %+v", all)
	}
}
