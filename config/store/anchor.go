package store

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"go.etcd.io/bbolt"
)

// Anchor says, signed with the gateway's key, how far the history of a store had
// come. Kept elsewhere it shows that an older copy was put in the store's place:
// such a copy is behind it, in its audit log or in the number of its writes.
type Anchor struct {
	// Era grows each time that a person chooses what the history goes on from.
	Era uint64 `json:"era"`
	// Seq and Head are the number and the hash of the audit log's last entry.
	Seq  uint64 `json:"seq"`
	Head Digest `json:"head"`
	// Writes counts the store's transactions: a store whose audit log alone was kept
	// has fewer.
	Writes uint64    `json:"writes"`
	Time   time.Time `json:"ts"`
	// Key is the gateway's public key, Signature its over all of the above.
	Key       Digest `json:"key"`
	Signature []byte `json:"sig"`
}

// Digest is 32 bytes that stand in JSON as hex.
type Digest [sha256.Size]byte

// MarshalText writes it in hex.
func (d Digest) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, d[:]), nil }

// UnmarshalText reads 64 hexadecimal digits.
func (d *Digest) UnmarshalText(b []byte) error {
	if hex.DecodedLen(len(b)) != len(d) {
		return errors.New("not 64 hexadecimal digits")
	}
	_, err := hex.Decode(d[:], b)
	return err
}

// MaxAnchor bounds an anchor in bytes.
const MaxAnchor = 1024

// ErrAnchor: no anchor, or one that its key did not sign.
var ErrAnchor = errors.New("no signed anchor")

// signed are the bytes under the signature.
func (a Anchor) signed() []byte {
	b := []byte("bauta anchor 1\n")
	for _, n := range []uint64{a.Era, a.Seq, a.Writes, uint64(a.Time.UnixMilli())} {
		b = binary.BigEndian.AppendUint64(b, n)
	}
	return append(append(b, a.Head[:]...), a.Key[:]...)
}

// ParseAnchor reads an anchor and proves that the key in it signed it. Whose key
// that is the caller asks: see Store.Behind.
func ParseAnchor(b []byte) (a Anchor, err error) {
	if len(b) > MaxAnchor {
		return a, fmt.Errorf("%w: more than %d bytes", ErrAnchor, MaxAnchor)
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&a); err != nil {
		return Anchor{}, fmt.Errorf("%w: %w", ErrAnchor, err)
	}
	if _, err := d.Token(); err != io.EOF {
		return Anchor{}, fmt.Errorf("%w: more than one", ErrAnchor)
	}
	if !ed25519.Verify(a.Key[:], a.signed(), a.Signature) {
		return Anchor{}, fmt.Errorf("%w: its signature does not hold", ErrAnchor)
	}
	return a, nil
}

// Anchor is where the history stands now, signed.
func (s *Store) Anchor(now time.Time) (a Anchor, err error) {
	key, err := s.Signer()
	if err != nil {
		return a, err
	}
	if a, err = s.Place(); err != nil {
		return a, err
	}
	a.Time, a.Key = now.UTC().Truncate(time.Millisecond), Digest(key.Public().(ed25519.PublicKey))
	a.Signature = ed25519.Sign(key, a.signed())
	return a, nil
}

// Place is an anchor without its time and signature.
func (s *Store) Place() (a Anchor, err error) {
	err = s.db.View(func(tx *bbolt.Tx) error {
		a = Anchor{Era: era(tx), Seq: tx.Bucket(auditBucket).Sequence(), Head: lastHash(tx), Writes: uint64(tx.ID())}
		return nil
	})
	return a, err
}

// eraKey in the meta bucket is the era, in decimal.
var eraKey = []byte("era")

func era(tx *bbolt.Tx) uint64 {
	n, _ := strconv.ParseUint(string(tx.Bucket(metaBucket).Get(eraKey)), 10, 64) // none is the first one
	return n
}

// putEra begins an era that is later than another one and than this store's. The
// clock makes it later than those that nobody here knows of.
func putEra(tx *bbolt.Tx, after uint64, now time.Time) error {
	next := max(era(tx)+1, after+1, uint64(max(0, now.Unix())))
	return tx.Bucket(metaBucket).Put(eraKey, strconv.AppendUint(nil, next, 10))
}

// Where a store stands by an anchor.
type Standing int

// The standings.
const (
	// InStep: the store has all that the anchor knows.
	InStep Standing = iota
	// Foreign: another gateway's key signed the anchor.
	Foreign
	// Behind: the store is an older one, or has another history.
	Behind
)

// Stands compares the store with an anchor that ParseAnchor took. A crash between a
// write and its anchor leaves the store ahead, which is InStep.
func (s *Store) Stands(a Anchor) (Standing, error) {
	key, err := s.Signer()
	if err != nil {
		return Foreign, err
	}
	if !bytes.Equal(key.Public().(ed25519.PublicKey), a.Key[:]) {
		return Foreign, nil
	}
	is := InStep
	err = s.db.View(func(tx *bbolt.Tx) error {
		switch own := era(tx); {
		case a.Era < own: // a person chose this history after that one
		case a.Era > own, a.Seq > tx.Bucket(auditBucket).Sequence(), a.Writes > uint64(tx.ID()), !passes(tx, a):
			is = Behind
		}
		return nil
	})
	return is, err
}

// passes reports whether the audit log goes through the anchor's entry; one that was
// pruned cannot be compared.
func passes(tx *bbolt.Tx, a Anchor) bool {
	v := tx.Bucket(auditBucket).Get(number(a.Seq))
	return len(v) < sha256.Size || bytes.Equal(v[:sha256.Size], a.Head[:])
}

// BeginEra takes the store's history as the one that holds, in a person's name:
// anchors of an era up to after do not count any more.
func (s *Store) BeginEra(after uint64, e AuditRecord) error {
	if err := e.check(); err != nil {
		return err
	}
	return s.update("audit trail", func(tx *bbolt.Tx) error {
		return errors.Join(putEra(tx, after, time.Now()), s.choose(tx), s.append(tx, e))
	})
}

// The settings that belong to anchors elsewhere. They do not outlive a choice of
// another history.
const (
	// AnchorFile: there is a file with anchors; without one it is missing.
	AnchorFile = "anchor.file"
	// AnchorCount is what a counter in hardware is to say.
	AnchorCount = "anchor.count"
	// AnchorBehind is what showed that the store is an older one.
	AnchorBehind = "anchor.behind"
	// AnchorChosen: a person chose this history, and no anchor of it is kept yet.
	AnchorChosen = "anchor.chosen"
)

// choose forgets what was known of anchors, in a person's name.
func (s *Store) choose(tx *bbolt.Tx) error {
	b := tx.Bucket(settingsBucket)
	return errors.Join(b.Delete([]byte(AnchorFile)), b.Delete([]byte(AnchorBehind)), b.Delete([]byte(AnchorCount)), s.putSetting(tx, AnchorChosen, "yes"))
}

// Anchored notes that there is a file with anchors of this history.
func (s *Store) Anchored() error {
	return s.update("anchor", func(tx *bbolt.Tx) error {
		return errors.Join(s.putSetting(tx, AnchorFile, "yes"), tx.Bucket(settingsBucket).Delete([]byte(AnchorChosen)))
	})
}

// IsNew reports whether nothing ever happened here.
func (s *Store) IsNew() (is bool, err error) {
	err = s.db.View(func(tx *bbolt.Tx) error {
		is = tx.Bucket(auditBucket).Sequence() == 0
		return nil
	})
	return is, err
}
