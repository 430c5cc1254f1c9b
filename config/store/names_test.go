package store

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/field"
	"github.com/bauta-gateway/bauta/config/register"
)

const forgottenOn civil.Date = "2029-10-16"

func always(Version) bool { return true }

// opensTo is all that the records' entries open to: whoever has the key reads no more.
func opensTo(t *testing.T, s *Store) (all string) {
	t.Helper()
	if err := s.db.View(func(tx *bbolt.Tx) error {
		return tx.Bucket(recordsBucket).ForEach(func(k, sealed []byte) error {
			kind, name, _ := strings.Cut(string(k), "/")
			plain, err := s.cipher.Open(sealed, sealedVersion, kind, name)
			if err != nil {
				plain, err = s.cipher.Open(sealed, sealedRecord, kind, name)
			}
			all += plain + "\n"
			return err
		})
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

// Names are kept beside the record: what counts, is hashed and goes into evidence has marks in
// their places. A correction that leaves a name out keeps it.
func TestNamesStandBesideTheRecord(t *testing.T) {
	s := open(t, newPath(t))
	e := export
	e.Approver = "Li Na"
	first := recorded(t, s, register.KindExport, e)
	if strings.Contains(string(first.Body), "Wang Fang") || strings.Contains(string(first.Body), "Li Na") || first.SHA256 != sha256Hex(first.Body) {
		t.Errorf("%s", first.Body)
	}
	all, err := s.AllRecords()
	if err != nil || !register.IsMark(all.Exports[0].Name) || !register.IsMark(all.Exports[0].Approver) || all.Exports[0].Second != "" {
		t.Errorf("%+v, %v", all.Exports, err)
	}
	b, err := json.Marshal(listed(t, s, register.KindExport))
	if err != nil || strings.Contains(string(b), "Wang Fang") {
		t.Errorf("%s, %v", b, err)
	}
	kept := all.Exports[0] // with the marks, as a correction that shows no names has them
	kept.Name = "Wang Fang Fang"
	if _, err := s.PutRecord(register.KindExport, first.ID, kept, closing); err != nil {
		t.Fatal(err)
	}
	names := listed(t, s, register.KindExport)[0].Names
	if len(names) != 2 || names["name"] != "Wang Fang Fang" || names["approver"] != "Li Na" {
		t.Errorf("%v", names)
	}
	other := recorded(t, s, register.KindExport, export)
	if string(other.Body) == string(first.Body) || listed(t, s, register.KindExport)[1].Names["name"] != "Wang Fang" {
		t.Error("the same name has the same mark in another record: it can be guessed")
	}
	for _, mark := range []string{kept.Approver, register.MarkUnbound, register.Mark(strings.Repeat("ab", 32))} {
		e := export
		e.Name = mark
		if _, err := s.PutRecord(register.KindExport, "", e, wang); !errors.Is(err, ErrInvalid) || !errors.Is(err, field.ErrInvalid) {
			t.Errorf("the mark %q was entered as a name: %v", mark, err)
		}
	}
}

// Names that are due are gone from all versions of a record: the file has no trace of them in
// readable form, and what its entries open to neither. What was proven stays proven.
func TestNamesAreForgotten(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	first := recorded(t, s, register.KindExport, export)
	fixed := export
	fixed.Second = "Li Na"
	second, err := s.PutRecord(register.KindExport, first.ID, fixed, closing)
	if err != nil {
		t.Fatal(err)
	}
	other := recorded(t, s, register.KindExport, export)
	complaint := recorded(t, s, register.KindComplaint, register.Complaint{Date: "2026-01-01", Content: "too bright"})
	ids, err := s.ForgetNames(register.KindExport, forgottenOn, func(v Version) bool { return v.Number == 2 })
	if err != nil || !slices.Equal(ids, []string{first.ID}) {
		t.Fatalf("%v, %v", ids, err)
	}
	all := listed(t, s, register.KindExport)
	for i, v := range []Version{all[0].Earlier[0], all[0].Version} {
		if len(v.Names) > 0 || v.Forgotten != forgottenOn || v.SHA256 != []string{first.SHA256, second.SHA256}[i] || sha256Hex(v.Body) != v.SHA256 || v.Author == "" {
			t.Errorf("%+v", v)
		}
	}
	if all[1].Names["name"] != "Wang Fang" || all[1].Forgotten != "" || all[1].SHA256 != other.SHA256 {
		t.Errorf("that of the other record: %+v", all[1])
	}
	if plain := opensTo(t, s); strings.Count(plain, "Wang Fang") != 1 || strings.Contains(plain, "Li Na") {
		t.Error(plain)
	}
	for _, again := range []register.Kind{register.KindExport, register.KindComplaint} {
		if ids, err := s.ForgetNames(again, forgottenOn, func(v Version) bool { return v.Number == 2 }); err != nil || len(ids) > 0 {
			t.Errorf("%s again: %v, %v", again, ids, err)
		}
	}
	if _, err := s.ForgetNames(register.KindExport, forgottenOn, always); err != nil {
		t.Fatal(err)
	}
	if got := listed(t, s, register.KindComplaint)[0]; got.SHA256 != complaint.SHA256 || got.Forgotten != "" {
		t.Errorf("%+v", got)
	}
	closed(t, s)
	if file := string(slurp(t, path)); strings.Contains(file, "Wang Fang") || strings.Contains(file, "Li Na") {
		t.Error("a name is in the file")
	}
	s = open(t, path)
	if plain := opensTo(t, s); strings.Contains(plain, "Wang Fang") {
		t.Error(plain)
	}
	// A correction goes on with the marks: nobody has to invent a name.
	records, err := s.AllRecords()
	if err != nil {
		t.Fatal(err)
	}
	closedEntry := records.Exports[0]
	closedEntry.Content = "gate, at noon"
	if _, err := s.PutRecord(register.KindExport, first.ID, closedEntry, closing); err != nil {
		t.Error(err)
	}
}

// Records that an earlier program stored with the names in them are read the same way, and their
// hash stays that of what was stored.
func TestNamesOfEarlierVersions(t *testing.T) {
	s := open(t, newPath(t))
	putPlain(t, s, register.KindExport, "00000001", export)
	b, err := json.Marshal(export)
	if err != nil {
		t.Fatal(err)
	}
	original := sha256Hex(b)
	old := listed(t, s, register.KindExport)[0]
	if old.Names["name"] != "Wang Fang" || strings.Contains(string(old.Body), "Wang Fang") || old.SHA256 != original || !old.Unbound {
		t.Errorf("%+v", old)
	}
	kept := export
	kept.Name = register.MarkUnbound
	if _, err := s.PutRecord(register.KindExport, old.ID, kept, closing); err != nil {
		t.Fatal(err)
	}
	if again := listed(t, s, register.KindExport)[0]; again.Names["name"] != "Wang Fang" || again.Unbound || again.SHA256 != sha256Hex(again.Body) {
		t.Errorf("%+v", again)
	}
	if ids, err := s.ForgetNames(register.KindExport, forgottenOn, always); err != nil || len(ids) != 1 {
		t.Fatalf("%v, %v", ids, err)
	}
	was := listed(t, s, register.KindExport)[0].Earlier[0]
	if was.SHA256 != original || was.Forgotten != forgottenOn || len(was.Names) > 0 || !was.Entered.IsZero() {
		t.Errorf("%+v", was)
	}
	if plain := opensTo(t, s); strings.Contains(plain, "Wang Fang") {
		t.Error(plain)
	}
}
