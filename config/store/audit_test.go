package store

import (
	"bytes"
	"cmp"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config/policy"
)

var firstDay = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

// chained reads the audit log and checks that it is a chain.
func chained(t *testing.T, s *Store, from, to time.Time) (all []AuditRecord, first, last [32]byte) {
	t.Helper()
	key, err := s.Signer()
	if err != nil {
		t.Fatal(err)
	}
	var links []Link
	before, err := s.AuditLog(from, to, func(l Link) error {
		links = append(links, Link{Text: append([]byte{}, l.Text...), Hash: l.Hash})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	prev := before
	for _, l := range links {
		var e AuditRecord
		if err := json.Unmarshal(l.Text, &e); err != nil {
			t.Fatal(err)
		}
		if e.Action == SignAction {
			sig, err := base64.StdEncoding.DecodeString(e.Detail)
			if err != nil || !ed25519.Verify(key.Public().(ed25519.PublicKey), prev[:], sig) {
				t.Errorf("entry %d: bad signature", e.Seq)
			}
		}
		if prev = Chain(prev, l.Text); prev != l.Hash {
			t.Fatalf("the chain breaks at entry %d", e.Seq)
		}
		all = append(all, e)
	}
	return all, before, prev
}

func TestAuditLogIsAChain(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	for i := range 2 {
		var batch []AuditRecord
		for j := range 1200 {
			n := i*1200 + j
			batch = append(batch, AuditRecord{Time: firstDay.Add(time.Duration(n) * time.Minute), Action: "zone.changed", Actor: "local", Subject: "camera/lobby", Detail: fmt.Sprint(n)})
		}
		if err := s.Append(batch...); err != nil {
			t.Fatal(err)
		}
		closed(t, s)
		s = open(t, path)
	}
	all, first, _ := chained(t, s, firstDay, firstDay.AddDate(1, 0, 0))
	signed := 0
	for i, e := range all {
		if e.Seq != uint64(i+1) {
			t.Fatalf("entry %d has number %d", i, e.Seq)
		}
		if e.Action == SignAction {
			signed++
		}
	}
	if len(all) != 2402 || signed != 2 || first != [32]byte{} || s.AuditLength() != 2402 {
		t.Errorf("%d entries, %d signed, length %d", len(all), signed, s.AuditLength())
	}
	// A part of it is a chain too, on the hash before it.
	part, before, _ := chained(t, s, firstDay.Add(100*time.Minute), firstDay.Add(200*time.Minute))
	if len(part) != 100 || part[0].Detail != "100" || before == [32]byte{} {
		t.Errorf("part of %d entries from %q", len(part), part[0].Detail)
	}
	if none, _, _ := chained(t, s, firstDay.AddDate(2, 0, 0), firstDay.AddDate(3, 0, 0)); len(none) != 0 {
		t.Errorf("%d entries of no time", len(none))
	}
}

func TestAuditLogTakesNothingPersonal(t *testing.T) {
	s := open(t, newPath(t))
	for name, e := range map[string]AuditRecord{
		"name":       {Action: "view", Actor: "张三"},
		"no action":  {Actor: "local"},
		"no actor":   {Action: "view"},
		"line break": {Action: "view", Actor: "local", Detail: "a\nb"},
		"e-mail":     {Action: "view", Actor: "a@b.example"},
		"long":       {Action: "view", Actor: "local", Detail: fmt.Sprintf("%0201d", 1)},
	} {
		if err := s.Append(AuditRecord{Action: "fine", Actor: "local"}, e); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := s.AuditLength(); n != 0 {
		t.Errorf("%d entries were written", n)
	}
}

func TestPruneAuditLog(t *testing.T) {
	s := open(t, newPath(t))
	for i := range 50 {
		if err := s.Append(AuditRecord{Time: firstDay.AddDate(0, 0, i), Action: "a", Actor: "local"}); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := s.PruneAudit(firstDay.AddDate(0, 0, 20)); err != nil || n != 20 {
		t.Errorf("pruned %d, %v", n, err)
	}
	all, _, _ := chained(t, s, firstDay, firstDay.AddDate(1, 0, 0))
	if len(all) != 30 || all[0].Seq != 21 || s.AuditLength() != 30 {
		t.Errorf("left: %d from number %d, length %d", len(all), all[0].Seq, s.AuditLength())
	}

	if n, err := s.PruneAudit(firstDay); err != nil || n != 0 {
		t.Errorf("pruned %d more, %v", n, err)
	}
}

// However many entries there are, none goes before its time.
func TestLargeAuditLogKeepsItsYears(t *testing.T) {
	s := open(t, newPath(t))
	if err := s.Append(AuditRecord{Time: firstDay, Action: "a", Actor: "local"}); err != nil {
		t.Fatal(err)
	}
	if err := s.db.Update(func(tx *bbolt.Tx) error { return tx.Bucket(auditBucket).SetSequence(2 * LargeAudit) }); err != nil {
		t.Fatal(err)
	}
	if n, err := s.PruneAudit(firstDay); err != nil || n != 0 || s.AuditLength() != 2*LargeAudit {
		t.Errorf("pruned %d of %d, %v", n, s.AuditLength(), err)
	}
}

func TestSignerStays(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	a, err := s.Signer()
	if err != nil {
		t.Fatal(err)
	}
	closed(t, s)
	if b, err := open(t, path).Signer(); err != nil || !a.Equal(b) {
		t.Errorf("another key after reopening: %v", err)
	}
}

func TestSiteAndFacts(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	if site, err := s.Site(); err != nil || !reflect.DeepEqual(site, policy.Site{}) {
		t.Errorf("%+v, %v", site, err)
	}
	if err := errors.Join(s.PutSite(policy.Site{Class: policy.Art9}), s.PutFacts("lobby", policy.Camera{Place: "lobby"})); err != nil {
		t.Fatal(err)
	}
	if err := s.PutFacts("lobby", policy.Camera{Place: "moon"}); !errors.Is(err, ErrInvalid) {
		t.Error(err)
	}
	closed(t, s)
	s = open(t, path)
	site, err := s.Site()
	facts, err2 := s.Facts("lobby")
	if err := errors.Join(err, err2); err != nil || site.Class != policy.Art9 || facts.Place != "lobby" {
		t.Errorf("%+v, %+v, %v", site, facts, err)
	}
}

func TestDays(t *testing.T) {
	s := open(t, newPath(t))
	for range 3 {
		if err := s.AddDays(firstDay, Day{Day: "2026-03-01", Camera: "a", Protected: 10, Gap: 1}, Day{Day: "2026-03-01", Camera: "b", Offline: 5}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.AddDays(firstDay, Day{Day: "2026-02-28", Camera: "a", Protected: 1}); err != nil {
		t.Fatal(err)
	}
	got, err := s.Days("2026-03-01", "2026-03-01")
	if err != nil || len(got) != 2 || got[0] != (Day{"2026-03-01", "a", 30, 3, 0}) || got[1].Offline != 15 {
		t.Errorf("%+v, %v", got, err)
	}
	if err := s.AddDays(firstDay.AddDate(4, 0, 0), Day{Day: "2030-03-01", Camera: "a", Gap: 1}); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Days("2000-01-01", "2100-01-01"); err != nil || len(got) != 1 {
		t.Errorf("old days are left: %+v, %v", got, err)
	}
}

func TestOutbox(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	add := func(n int, keep bool) (dropped int) {
		t.Helper()
		dropped, err := s.Enqueue(n, func(_ int, seq uint64) Message {
			return Message{Topic: "event/x", Payload: json.RawMessage(fmt.Sprintf(`{"seq":%d}`, seq)), Keep: keep}
		})
		if err != nil {
			t.Fatal(err)
		}
		return dropped
	}
	add(5, false)
	closed(t, s)
	s = open(t, path)
	got, err := s.Waiting(3)
	if err != nil || len(got) != 3 || got[0].Seq != 1 || string(got[2].Payload) != `{"seq":3}` {
		t.Fatalf("%+v, %v", got, err)
	}
	if err := s.Delivered(1, 2, 3, 4, 5); err != nil {
		t.Fatal(err)
	}
	closed(t, s)
	s = open(t, path)
	add(1, true)
	if got, _ := s.Waiting(9); len(got) != 1 || got[0].Seq != 6 {
		t.Errorf("a number came twice: %+v", got)
	}
	// The bound drops the oldest that need not be kept.
	if n := add(MaxOutbox-1, false); n != 0 {
		t.Errorf("%d dropped within the bound", n)
	}
	if n := add(3, true); n != 3 {
		t.Errorf("%d dropped for 3 too many", n)
	}
	got, err = s.Waiting(MaxOutbox + 9)
	if err != nil || len(got) != MaxOutbox || got[0].Seq != 6 || got[1].Seq != 10 {
		t.Errorf("%d wait from %d and %d, %v", len(got), got[0].Seq, got[1].Seq, err)
	}
}

// What an earlier version took of the site, such as a jurisdiction in free words, does not keep
// questions from being answered; an answer keeps those before it.
func TestAnswers(t *testing.T) {
	s := open(t, newPath(t))
	if err := s.PutSetting(siteSetting, NewSecret(`{"jurisdiction":"Shanghai"}`)); err != nil {
		t.Fatal(err)
	}
	for i := range earlierAnswers + 3 {
		if err := s.PutAnswer(policy.AskIncident, policy.Answer{Says: policy.Yes, Note: fmt.Sprint(i)}); err != nil {
			t.Fatal(err)
		}
	}
	site, err := s.Site()
	a := site.Answers[policy.AskIncident]
	if err != nil || site.Jurisdiction != "Shanghai" || a.Note != fmt.Sprint(earlierAnswers+2) || len(a.Earlier) != earlierAnswers || a.Earlier[earlierAnswers-1].Note != fmt.Sprint(earlierAnswers+1) || a.Earlier[0].Earlier != nil {
		t.Errorf("%+v, %v", site, err)
	}
	if err := errors.Join(s.PutAnswer("why", policy.Answer{Says: policy.Yes}), s.PutAnswer(policy.AskIncident, policy.Answer{Says: "perhaps"})); !errors.Is(err, ErrInvalid) {
		t.Error(err)
	}
}

// The newest entries come first, page by page, and none comes twice or is left out.
func TestAuditPages(t *testing.T) {
	s := open(t, newPath(t))
	for i := range 25 {
		if err := s.Append(AuditRecord{Action: "x", Actor: "local", Detail: fmt.Sprint("n=", i)}); err != nil {
			t.Fatal(err)
		}
	}
	all := func(AuditRecord) bool { return true }
	var seqs []uint64
	for next := uint64(0); ; {
		page, more, err := s.AuditPage(next, 10, all)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page {
			seqs = append(seqs, e.Seq)
		}
		if more == 0 {
			break
		}
		next = more
	}
	if len(seqs) != 25 || seqs[0] != 25 || seqs[24] != 1 || !slices.IsSortedFunc(seqs, func(a, b uint64) int { return cmp.Compare(b, a) }) {
		t.Errorf("%v", seqs)
	}
	if page, more, err := s.AuditPage(0, 10, func(e AuditRecord) bool { return e.Detail == "n=3" }); err != nil || more != 0 || len(page) != 1 || page[0].Seq != 4 {
		t.Errorf("%v, %d, %v", page, more, err)
	}
	if page, _, err := s.AuditPage(1, 10, all); err != nil || len(page) != 0 {
		t.Errorf("before the first: %v, %v", page, err)
	}
	if page, _, err := s.AuditPage(1000, 1, all); err != nil || len(page) != 1 || page[0].Seq != 25 {
		t.Errorf("before one that is to come: %v, %v", page, err)
	}
}

// The chain is proved; one entry that was changed breaks it, and so does a signature of another key.
func TestVerifyAudit(t *testing.T) {
	s := open(t, newPath(t))
	key, err := s.Signer()
	if err != nil {
		t.Fatal(err)
	}
	public := key.Public().(ed25519.PublicKey)
	for range 3 {
		if err := s.Append(AuditRecord{Action: "camera.added", Actor: "local", Subject: "camera/gate"}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Sign(); err != nil {
		t.Fatal(err)
	}
	if n, signed, err := s.VerifyAudit(public); err != nil || n != 4 || signed != 1 {
		t.Errorf("%d entries, %d signed, %v", n, signed, err)
	}
	other, _, _ := ed25519.GenerateKey(nil)
	if _, _, err := s.VerifyAudit(other); !errors.Is(err, ErrUnreadable) {
		t.Errorf("another key: %v", err)
	}
	err = s.db.Update(func(tx *bbolt.Tx) error {
		b := tx.Bucket(auditBucket)
		v := bytes.Replace(b.Get(number(2)), []byte("gate"), []byte("door"), 1)
		return b.Put(number(2), v)
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.VerifyAudit(public); !errors.Is(err, ErrUnreadable) || !strings.Contains(err.Error(), "entry 2") {
		t.Errorf("a changed entry: %v", err)
	}
}

// What the log grows by in a month follows from its newest entries, once they took some hours.
func TestAuditGrowth(t *testing.T) {
	s := open(t, newPath(t))
	now := time.Date(2026, 5, 10, 0, 0, 0, 0, time.UTC)
	if n, oldest := s.AuditGrowth(now), s.AuditBegan(); n != 0 || !oldest.IsZero() {
		t.Errorf("of an empty one: %d, %v", n, oldest)
	}
	for day := range 10 {
		if err := s.Append(AuditRecord{Time: now.AddDate(0, 0, day-10), Action: "camera.added", Actor: "local", Subject: "camera/gate"}); err != nil {
			t.Fatal(err)
		}
	}
	n, oldest := s.AuditGrowth(now), s.AuditBegan()
	if n < 30*100 || n > 30*250 || !oldest.Equal(now.AddDate(0, 0, -10)) {
		t.Errorf("one entry a day makes %d bytes a month, since %v", n, oldest)
	}
	if n := s.AuditGrowth(now.AddDate(0, 0, -10).Add(time.Hour)); n != 0 {
		t.Errorf("of one hour: %d", n)
	}
}
