package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/text"
)

// wearing is one person's time with a badge, in seconds since 1970: from when
// a token begins until it ends or is withdrawn.
type wearing struct {
	From, To int64
	// Holder is issuer and pseudonym.
	Holder string
}

// marshal is not JSON: each import reads all that ever wore its badge.
func (w wearing) marshal() []byte {
	b := binary.BigEndian.AppendUint64(nil, uint64(w.From))
	b = binary.BigEndian.AppendUint64(b, uint64(w.To))
	return append(b, w.Holder...)
}

func unmarshalWearing(b []byte) (w wearing, ok bool) {
	if len(b) < 16 {
		return w, false
	}
	return wearing{int64(binary.BigEndian.Uint64(b)), int64(binary.BigEndian.Uint64(b[8:])), string(b[16:])}, true
}

func badgePrefix(badge int) []byte         { return fmt.Appendf(nil, "%03d/", badge) }
func badgeKey(badge int, id string) []byte { return append(badgePrefix(badge), id...) }
func holder(t consent.Token) string        { return t.Issuer + "/" + t.Subject }

func wear(tx *bbolt.Tx, t consent.Token) error {
	if t.Badge == 0 {
		return nil
	}
	return putWearing(tx, t, wearing{t.NotBefore.Unix(), wornUntil(t, t.Expires), holder(t)})
}

// wornUntil is when a wearing ends that would end then. A token for subject access
// is about the badge in footage of earlier days: it wears none today, so it ends as it begins.
func wornUntil(t consent.Token, end time.Time) int64 {
	if t.Purpose == consent.SubjectAccess {
		return t.NotBefore.Unix()
	}
	return max(t.NotBefore.Unix(), end.Unix())
}

func putWearing(tx *bbolt.Tx, t consent.Token, w wearing) error {
	return tx.Bucket(byBadgeBucket).Put(badgeKey(t.Badge, t.ID), w.marshal())
}

// takeOff ends a wearing early; one that never began leaves no rest behind.
func takeOff(tx *bbolt.Tx, t consent.Token, at time.Time) error {
	if t.Badge == 0 {
		return nil
	}
	if at.After(t.Expires) {
		at = t.Expires
	}
	return putWearing(tx, t, wearing{t.NotBefore.Unix(), wornUntil(t, at), holder(t)})
}

// checkBadge keeps a badge to one token at a time, and lets it rest between
// two people, so that nobody is shown by a badge that somebody else kept. The
// same person may go on wearing it, unless the badge itself was withdrawn.
func checkBadge(tx *bbolt.Tx, t consent.Token, how Adding) error {
	if t.Badge == 0 || t.Purpose == consent.SubjectAccess {
		return nil
	}
	from, to := max(t.NotBefore.Unix(), how.Now.Unix()), t.Expires.Unix()
	rest, clock := int64(how.Quarantine/time.Second), how.Now.Location()
	if err := checkWithdrawn(tx, t, from, rest, clock); err != nil {
		return err
	}
	prefix := badgePrefix(t.Badge)
	c := tx.Bucket(byBadgeBucket).Cursor()
	for key, b := c.Seek(prefix); bytes.HasPrefix(key, prefix); key, b = c.Next() {
		id := string(key[len(prefix):])
		w, ok := unmarshalWearing(b)
		if !ok {
			return text.Fail(ErrUnreadable, text.StoreEntry, id, errors.New("its badge's times are cut off"))
		}
		pause := rest
		if w.Holder == holder(t) {
			pause = 0
		}
		switch {
		case w.To <= w.From: // never worn
		case from < w.To && w.From < to, w.From >= to && w.From < to+pause:
			return text.Fail(consent.ErrBadge, text.ConsentBadgeTaken, t.Badge, id)
		case from >= w.To && from < w.To+pause:
			return text.Fail(consent.ErrBadge, text.ConsentBadgeRests, t.Badge, id, minute(w.To+pause, clock))
		}
	}
	return nil
}

// checkWithdrawn: a badge that was withdrawn as such is lost or stolen, and
// rests for everybody.
func checkWithdrawn(tx *bbolt.Tx, t consent.Token, from, rest int64, clock *time.Location) error {
	for _, issuer := range []string{"", t.Issuer} {
		r, found, err := getRevocation(tx, consent.Revocation{Issuer: issuer, Badge: t.Badge})
		if err != nil {
			return err
		}
		if until := r.Issued.Unix() + rest; found && from < until {
			return text.Fail(consent.ErrBadge, text.ConsentBadgeLost, t.Badge, minute(until, clock))
		}
	}
	return nil
}

func minute(seconds int64, clock *time.Location) string {
	return time.Unix(seconds, 0).In(clock).Format("2006-01-02 15:04")
}
