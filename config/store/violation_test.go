package store

import (
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// shown is one face that was shown without a token.
func shown(camera media.CameraID, at time.Time) policy.Violation {
	return policy.Violation{Kind: policy.ViolationShown, Camera: camera, Since: at, Last: at, Count: 1}
}

func opened(t *testing.T, s *Store, seen policy.Violation) policy.Violation {
	t.Helper()
	v, _, err := s.OpenViolation(seen)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// ended is a closing with all that any violation asks for.
func ended() policy.Closing {
	yes := true
	return policy.Closing{Time: noon.Add(time.Hour), Account: "boss", Cause: "a lost badge", Measure: "it is locked", File: strings.Repeat("ab", 32), FootageDeleted: &yes, Police: "P-7"}
}

// kept checks which violations there are, each as kind, camera, place, count and whether it is open.
func kept(t *testing.T, s *Store, want ...string) {
	t.Helper()
	all, err := s.Violations()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, v := range all {
		state := "open"
		if !v.Open() {
			state = "closed"
		}
		got = append(got, strings.Join([]string{v.ID, string(v.Kind), string(v.Camera), string(v.Place), string('0' + rune(v.Count)), state}, " "))
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// One of a kind and camera is open at a time; it outlives the camera and a restart, and a
// closing is for good.
func TestViolations(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	put(t, s, full("hall"))
	if err := s.PutFacts("hall", policy.Camera{Place: "lobby"}); err != nil {
		t.Fatal(err)
	}
	opened(t, s, shown("hall", noon))
	opened(t, s, shown("yard", noon))
	opened(t, s, policy.Violation{Kind: policy.ViolationPlace, Camera: "hall", Place: policy.PublicBath, Since: noon, Last: noon})
	if err := errors.Join(s.PutFacts("hall", policy.Camera{Place: "shop"}), s.DeleteCamera("hall")); err != nil {
		t.Fatal(err)
	}
	if v := opened(t, s, shown("hall", noon.Add(time.Minute))); v.Count != 2 || v.Place != "lobby" || !v.Since.Equal(noon) || !v.Last.Equal(noon.Add(time.Minute)) {
		t.Errorf("%+v", v)
	}
	closed(t, s)
	s = open(t, path)
	kept(t, s, "00000001 shown_without_token hall lobby 2 open", "00000002 shown_without_token yard  1 open", "00000003 prohibited_place hall public-bath 1 open")

	for name, c := range map[string]struct {
		id   string
		do   func(*policy.Closing)
		want error
	}{
		"no such":  {"00000009", func(*policy.Closing) {}, ErrNotFound},
		"no proof": {"00000001", func(c *policy.Closing) { c.File = "" }, ErrInvalid},
		"no cause": {"00000001", func(c *policy.Closing) { c.Cause = "" }, ErrInvalid},
		"a place":  {"00000003", func(c *policy.Closing) { c.Police = "" }, ErrInvalid},
	} {
		closing := ended()
		c.do(&closing)
		if _, err := s.CloseViolation(c.id, closing); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if v, err := s.CloseViolation("00000001", ended()); err != nil || v.Open() || v.Closing.Account != "boss" {
		t.Errorf("%+v, %v", v, err)
	}
	if _, err := s.CloseViolation("00000001", ended()); !errors.Is(err, ErrExists) {
		t.Errorf("closed twice: %v", err)
	}
	if _, fresh, err := s.OpenViolation(shown("hall", noon.Add(2*time.Hour))); err != nil || !fresh {
		t.Errorf("seen after the closing: %v, %v", fresh, err)
	}
	if _, _, err := s.OpenViolation(policy.Violation{Kind: "noise", Camera: "hall"}); !errors.Is(err, ErrInvalid) {
		t.Errorf("an unknown kind: %v", err)
	}
	closed(t, s)
	kept(t, open(t, path), "00000001 shown_without_token hall lobby 2 closed", "00000002 shown_without_token yard  1 open",
		"00000003 prohibited_place hall public-bath 1 open", "00000004 shown_without_token hall  1 open")
}

// One that cannot be read may be open: it counts as that, and can be closed.
func TestUnreadableViolationIsOpen(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	opened(t, s, shown("hall", noon))
	closed(t, s)
	edit(t, path, func(tx *bbolt.Tx) error {
		return tx.Bucket(violationsBucket).Put([]byte("shown_without_token/00000001"), []byte("{"))
	})
	s = open(t, path)
	all, err := s.Violations()
	if !errors.Is(err, ErrUnreadable) || len(all) != 1 || !all[0].Open() || all[0].Kind != policy.ViolationShown || !all[0].Since.IsZero() {
		t.Errorf("%+v, %v", all, err)
	}
	if _, err := s.CloseViolation("00000001", ended()); err != nil {
		t.Error(err)
	}
	kept(t, s, "00000001 shown_without_token   0 closed")
}

// The sixth schema opens what the audit log has of earlier versions, which forgot it: also
// of a camera that was removed, and of one whose entries are gone.
func TestViolationsOfEarlierVersions(t *testing.T) {
	path := newPath(t)
	s, err := openWith(path, Options{}, steps[:5])
	if err != nil {
		t.Fatal(err)
	}
	put(t, s, full("hall"))
	put(t, s, full("bath"))
	if err := errors.Join(s.PutFacts("hall", policy.Camera{Place: "lobby"}), s.PutFacts("bath", policy.Camera{Place: policy.PublicBath})); err != nil {
		t.Fatal(err)
	}
	at := func(n int, action, subject, detail string) AuditRecord {
		return AuditRecord{Time: noon.Add(time.Duration(n) * time.Minute), Action: action, Actor: "local", Subject: subject, Detail: detail}
	}
	if err := s.Append(at(0, ActionAdded, "camera/wc", "place=public-toilet cover=faces mounting=auto"), at(1, "camera.removed", "camera/wc", ""),
		at(2, ActionAdded, "camera/hall", "place=lobby cover=faces mounting=auto"), at(3, ActionFault, "camera/hall", ""), at(4, ActionFault, "camera/hall", ""),
		at(5, "zone.changed", "camera/hall", "place=public-bath")); err != nil {
		t.Fatal(err)
	}
	backup := backedUp(t, s, false)
	closed(t, s)
	s = open(t, path)
	want := []string{"00000001 prohibited_place wc public-toilet 1 open", "00000002 shown_without_token hall lobby 2 open", "00000003 prohibited_place bath public-bath 1 open"}
	kept(t, s, want...)
	if all, _ := s.Violations(); !all[1].Since.Equal(noon.Add(3*time.Minute)) || !all[1].Last.Equal(noon.Add(4*time.Minute)) || all[2].Since.IsZero() {
		t.Errorf("%+v", all)
	}
	// A backup of that schema opens them again, and what was closed since stays so.
	if _, err := s.CloseViolation("00000002", ended()); err != nil {
		t.Fatal(err)
	}
	closed(t, s)
	want[1] = strings.Replace(want[1], "open", "closed", 1)
	s, _ = restore(t, path, backup)
	kept(t, s, want...)
}

func TestViolationsOfTheRelease(t *testing.T) {
	for _, version := range releases {
		s := open(t, released(t, version))
		all, err := s.Violations()
		if err != nil || !slices.ContainsFunc(all, func(v policy.Violation) bool {
			return v.Kind == policy.ViolationPlace && v.Camera == "rest-room" && v.Open() && v.Since.Year() == 2026
		}) {
			t.Errorf("%s: %+v, %v", version, all, err)
		}
	}
}

// A backup takes no violation away and opens none that was closed since, whether the
// store grew from it or not.
func TestRestoreKeepsViolations(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	put(t, s, full("hall"))
	opened(t, s, shown("hall", noon))
	opened(t, s, shown("yard", noon))
	appended(t, s, "before")
	backup := backedUp(t, s, true)
	opened(t, s, shown("yard", noon.Add(time.Minute)))
	if _, err := s.CloseViolation("00000001", ended()); err != nil {
		t.Fatal(err)
	}
	opened(t, s, shown("hall", noon.Add(2*time.Hour)))
	appended(t, s, "after")
	newest := backedUp(t, s, true)
	closed(t, s)
	want := []string{"00000001 shown_without_token hall  1 closed", "00000002 shown_without_token yard  2 open", "00000003 shown_without_token hall  1 open"}
	s, done := restore(t, path, backup)
	if !done.Continued {
		t.Error("the store did not grow from the backup")
	}
	kept(t, s, want...)
	if v := opened(t, s, shown("shop", noon)); v.ID != "00000004" {
		t.Errorf("the next one has the number %s", v.ID)
	}
	closed(t, s)

	// One with another history: both have theirs, under numbers of their own.
	other := newPath(t)
	s = open(t, other)
	opened(t, s, shown("till", noon.Add(time.Second)))
	appended(t, s, "there")
	closed(t, s)
	s, done = restore(t, other, newest)
	if done.Continued {
		t.Error("another store grew from the backup")
	}
	kept(t, s, append(want, "00000004 shown_without_token till  1 open")...)
}

// Those of a damaged store are found as long as their pages are there, closed ones too.
func TestViolationsOfADamagedStore(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	backup := backedUp(t, s, false)
	opened(t, s, shown("hall", noon))
	opened(t, s, shown("hall", noon.Add(time.Minute)))
	opened(t, s, shown("yard", noon))
	if _, err := s.CloseViolation("00000002", ended()); err != nil {
		t.Fatal(err)
	}
	closed(t, s)
	b := slurp(t, path)
	clear(b[:2*page])
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	s, done := restore(t, path, backup)
	if done.Old != OldDamaged {
		t.Errorf("%+v", done)
	}
	kept(t, s, "00000001 shown_without_token hall  2 open", "00000002 shown_without_token yard  1 closed")
}

// Violations that are taken in keep their numbers, and none of these is given a second time.
func TestAdoptedNumbersAreNotGivenAgain(t *testing.T) {
	s := open(t, newPath(t))
	found := func(id string, camera media.CameraID) policy.Violation {
		return policy.Violation{ID: id, Kind: policy.ViolationShown, Camera: camera, Since: time.Unix(1000, 0), Last: time.Unix(1000, 0), Count: 1}
	}
	if err := s.db.Update(func(tx *bbolt.Tx) error {
		return adoptViolations(tx, s.cipher, []policy.Violation{found("00000007", "gate"), found("x", "hall"), found("", "lift")}, 0)
	}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.OpenViolation(found("", "park")); err != nil {
		t.Fatal(err)
	}
	all, err := s.Violations()
	ids := map[string]media.CameraID{}
	for _, v := range all {
		if other, twice := ids[v.ID]; twice {
			t.Errorf("%s and %s both have number %s", other, v.Camera, v.ID)
		}
		ids[v.ID] = v.Camera
	}
	if err != nil || len(all) != 4 {
		t.Errorf("%+v, %v", all, err)
	}
}

// rawViolation is an entry as it lies in the file.
func rawViolation(t *testing.T, s *Store, key string) (v string) {
	t.Helper()
	if err := s.db.View(func(tx *bbolt.Tx) error {
		v = string(tx.Bucket(violationsBucket).Get([]byte(key)))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return v
}

// What a closing says is sealed, for its violation alone: moved to another one, or changed, it
// closes nothing, and that one can be closed anew.
func TestClosingsAreSealed(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	opened(t, s, shown("hall", noon))
	opened(t, s, shown("yard", noon))
	if _, err := s.CloseViolation("00000001", ended()); err != nil {
		t.Fatal(err)
	}
	key := "shown_without_token/00000001"
	for _, said := range []string{"a lost badge", "it is locked", "P-7"} {
		if strings.Contains(rawViolation(t, s, key), said) {
			t.Errorf("%q is in clear text", said)
		}
	}
	if err := s.db.Update(func(tx *bbolt.Tx) error {
		return tx.Bucket(violationsBucket).Put([]byte("shown_without_token/00000002"), []byte(rawViolation(t, s, key)))
	}); err != nil {
		t.Fatal(err)
	}
	all, err := s.Violations()
	if !errors.Is(err, ErrUnreadable) || len(all) != 2 || all[0].Open() || all[0].Closing.Cause != "a lost badge" || !all[1].Open() || all[1].Camera == "" {
		t.Errorf("%+v, %v", all, err)
	}
	if _, err := s.CloseViolation("00000002", ended()); err != nil {
		t.Error(err)
	}
	closed(t, s)
	if all, err := open(t, path).Violations(); err != nil || all[1].Open() || all[1].Closing.Police != "P-7" {
		t.Errorf("%+v, %v", all, err)
	}
}

// A closing of the schema before stays as it was said, and is sealed with the first start.
func TestClosingsOfTheSchemaBefore(t *testing.T) {
	path := newPath(t)
	s, err := openWith(path, Options{}, steps[:7])
	if err != nil {
		t.Fatal(err)
	}
	v := opened(t, s, shown("hall", noon))
	opened(t, s, shown("yard", noon))
	closing := ended()
	v.Closing = &closing
	key, plain := "shown_without_token/00000001", ""
	if err := s.db.Update(func(tx *bbolt.Tx) error {
		b, err := json.Marshal(v)
		plain = string(b)
		return errors.Join(err, tx.Bucket(violationsBucket).Put([]byte(key), b))
	}); err != nil || !strings.Contains(plain, "a lost badge") {
		t.Fatal(plain, err)
	}
	backup := backedUp(t, s, false)
	closed(t, s)
	s = open(t, path)
	kept(t, s, "00000001 shown_without_token hall  1 closed", "00000002 shown_without_token yard  1 open")
	if all, _ := s.Violations(); all[0].Closing.Cause != closing.Cause || all[0].Closing.Police != closing.Police || !all[0].Closing.Time.Equal(closing.Time) {
		t.Errorf("%+v", all[0].Closing)
	}
	if strings.Contains(rawViolation(t, s, key), "a lost badge") {
		t.Error("it is in clear text still")
	}
	closed(t, s)
	if _, err := openWith(path, Options{}, steps[:7]); !errors.Is(err, ErrNewer) {
		t.Errorf("the program of before: %v", err)
	}
	s, _ = restore(t, path, backup) // which has it in clear text
	kept(t, s, "00000001 shown_without_token hall  1 closed", "00000002 shown_without_token yard  1 open")
	if strings.Contains(rawViolation(t, s, key), "a lost badge") {
		t.Error("a restore brought it back in clear text")
	}
}

// Under another key a closing cannot be read: what it closed is open again, and not lost.
func TestClosingsUnderAnotherKey(t *testing.T) {
	path, elsewhere := newPath(t), newPath(t)
	s := open(t, elsewhere)
	backup := backedUp(t, s, true)
	closed(t, s)
	s = open(t, path)
	opened(t, s, shown("hall", noon))
	if _, err := s.CloseViolation("00000001", ended()); err != nil {
		t.Fatal(err)
	}
	closed(t, s)
	s, _ = restore(t, path, backup)
	kept(t, s, "00000001 shown_without_token hall  1 open")
}
