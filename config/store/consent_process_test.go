package store

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/faultlog"
)

// changes is how many imports and revocations the killed children make. Of
// each four, two import a token, one withdraws the first of these, and one
// withdraws a token that nobody has seen yet.
const changes = 500

func change(s *Store, i int) error {
	id := fmt.Sprintf("%06d", i)
	switch i % 4 {
	case 0, 1:
		raw, err := consent.Sign(changed(i), issuer)
		if err != nil {
			return err
		}
		t, err := consent.Open(raw, consent.NewIssuers(desk))
		if err != nil {
			return err
		}
		refused, err := s.AddConsents([]consent.Signed{t}, adding)
		return errors.Join(append(refused, err)...)
	case 2:
		id = fmt.Sprintf("%06d", i-2)
	}
	_, err := s.Revoke([]consent.Revocation{{Token: "token-" + id, Issued: noon}}, noon)
	return err
}

func changed(i int) consent.Token {
	return sample(fmt.Sprintf("%06d", i), func(t *consent.Token) {
		turn := time.Duration(i / consent.MaxBadge)
		t.Badge, t.Subject = 1+i%consent.MaxBadge, fmt.Sprintf("p-%d", i%consent.MaxBadge)
		t.NotBefore, t.Expires = noon.Add(turn*days), noon.Add((turn+1)*days)
	})
}

// consentsUntilDone goes on where the child before it was killed.
func consentsUntilDone(s *Store) {
	for i := range changes {
		if done(s, i) {
			continue
		}
		if err := change(s, i); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println(i)
	}
}

func done(s *Store, i int) bool {
	c, err := s.Consent(fmt.Sprintf("token-%06d", i))
	switch i % 4 {
	case 2:
		c, err = s.Consent(fmt.Sprintf("token-%06d", i-2))
		return err == nil && !c.Revoked.IsZero()
	case 3:
		return s.CheckRevoked(changed(i)) != nil
	}
	return err == nil
}

// TestKilledBetweenConsents: each change that was acknowledged is there, none
// is there by half, and the store opens quickly.
func TestKilledBetweenConsents(t *testing.T) {
	path := newPath(t)
	last, rounds := -1, 0
	var slowest time.Duration
	for ; last < changes-1; rounds++ {
		c := startChild(t, "consents", path)
		after := 20 + rand.IntN(60)
		last = max(last, c.acknowledged(t, func(count int) bool { return count == after }))
		_ = c.cmd.Wait() // killed, or done with all
		began := time.Now()
		s := open(t, path)
		all, err := s.Consents()
		if took := time.Since(began); err != nil || took > slack*2*time.Second {
			t.Fatalf("opened in %v: %v", took, err)
		}
		slowest = max(slowest, time.Since(began))
		checkChanges(t, s, last)
		for _, c := range all {
			checkWhole(t, s, c)
		}
		closed(t, s)
	}
	t.Logf("%d changes, killed %d times", changes, rounds-1)
	if rounds < 5 {
		t.Errorf("only %d rounds: the children were not killed", rounds)
	}
	faultlog.Check(t, faultlog.Row{Topic: "store", Fault: "SIGKILL in the middle of imports and withdrawals of consents",
		Ends: "each acknowledged one is there, none by half", Bound: slack * 2 * time.Second}, slowest)
}

func checkChanges(t *testing.T, s *Store, last int) {
	t.Helper()
	for i := range last + 1 {
		if !done(s, i) {
			t.Errorf("change %d of %d acknowledged ones is lost", i, last)
		}
	}
	for i := last + 2; i < changes; i++ { // one more may be there, whose acknowledgement was killed
		if done(s, i) {
			t.Errorf("change %d is there, %d was the last", i, last)
		}
	}
}

// checkWhole looks for a token's parts in all buckets.
func checkWhole(t *testing.T, s *Store, c ConsentRow) {
	t.Helper()
	if err := s.db.View(func(tx *bbolt.Tx) error {
		w, ok := unmarshalWearing(tx.Bucket(byBadgeBucket).Get(badgeKey(c.Badge, c.ID)))
		if !ok || tx.Bucket(bySubjectBucket).Get(subjectKey(c.Subject, c.ID)) == nil {
			t.Errorf("%s has no index", c.ID)
		}
		revoked := checkRevoked(tx, c.Token) != nil
		if revoked == c.Revoked.IsZero() || revoked != (w.To < c.Expires.Unix()) {
			t.Errorf("%s is revoked by half: %v, %+v, %v", c.ID, revoked, w, c.Revoked)
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
}
