package store

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"time"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config/text"
)

// The audit log is a chain: each entry's hash covers its text and the hash
// of the one before it, so that nobody can change, remove or insert one without
// changing all that follow. Each minute in which something was added, and after
// SignEvery entries at the latest, one follows that holds the gateway's signature
// of the chain so far.
//
// An entry takes about 200 bytes on the disk. AuditYears of a busy site, 1,000
// entries a day, are 220 MB. No entry goes before AuditYears are over, however many
// there are: LargeAudit, about 1 GB, is from where on somebody should know.
const (
	SignEvery  = 1000
	AuditYears = 3
	LargeAudit = 5_000_000
)

// Entry is one entry of the audit log. All texts are of letters, digits and a few
// signs: an entry holds slugs, hashes and numbers, nothing of a person.
type AuditRecord struct {
	Seq  uint64    `json:"seq"`
	Time time.Time `json:"ts"`
	// Action is what happened, such as zone.changed; Actor on whose behalf:
	// local for the administrator's socket, gateway for itself, or an account.
	Action string `json:"action"`
	Actor  string `json:"actor"`
	// Subject is what it happened to, such as camera/lobby; Detail says more.
	Subject string `json:"subject,omitempty"`
	Detail  string `json:"detail,omitempty"`
}

// Link is an entry as it stands in the chain.
type Link struct {
	// Text is the entry's JSON, Hash its place in the chain:
	// SHA-256 of the hash before it and Text.
	Text []byte
	Hash [sha256.Size]byte
}

// Chain continues the chain from prev over one entry's text.
func Chain(prev [sha256.Size]byte, entry []byte) [sha256.Size]byte {
	h := sha256.New()
	h.Write(prev[:])
	h.Write(entry)
	return [sha256.Size]byte(h.Sum(nil))
}

// auditBase is where meta keeps the hash of the last entry that was pruned.
var auditBase = []byte("trail.base")

// SignAction is the action of the entries that hold a signature, in Detail:
// Ed25519 in base64 over the hash of the entry before.
const SignAction = "trail.signed"

var plain = regexp.MustCompile(`^[A-Za-z0-9 .:/_=,>+*-]{0,200}$`)

func (e AuditRecord) check() error {
	for _, s := range []string{e.Action, e.Actor, e.Subject, e.Detail} {
		if !plain.MatchString(s) {
			return text.Fail(ErrInvalid, text.AuditText, e.Action)
		}
	}
	if e.Action == "" || e.Actor == "" {
		return text.Fail(ErrInvalid, text.AuditText, e.Action)
	}
	return nil
}

// Append adds entries to the audit log; their Seq is given out here, their Time
// where it is zero. They are on the disk when it returns.
func (s *Store) Append(entries ...AuditRecord) error {
	for _, e := range entries {
		if err := e.check(); err != nil {
			return err
		}
	}
	return s.update("audit trail", func(tx *bbolt.Tx) error { return s.append(tx, entries...) })
}

func (s *Store) append(tx *bbolt.Tx, entries ...AuditRecord) error {
	b := tx.Bucket(auditBucket)
	b.FillPercent = 1 // keys only grow
	prev := lastHash(tx)
	for _, e := range entries {
		if err := s.link(tx, b, e, &prev); err != nil {
			return err
		}
	}
	return nil
}

// Sign has the chain end with a signature; false where it does already. Called
// each minute, it leaves no more than that without one.
func (s *Store) Sign() (added bool, err error) {
	due := false
	err = s.db.View(func(tx *bbolt.Tx) error {
		_, v := tx.Bucket(auditBucket).Cursor().Last()
		var e AuditRecord
		due = len(v) > sha256.Size && (json.Unmarshal(v[sha256.Size:], &e) != nil || e.Action != SignAction)
		return nil
	})
	if err != nil || !due {
		return false, err
	}
	return true, s.update("audit trail", func(tx *bbolt.Tx) error {
		prev := lastHash(tx)
		return s.sign(tx, tx.Bucket(auditBucket), time.Time{}, &prev)
	})
}

// link adds one entry, and the signature where one is due.
func (s *Store) link(tx *bbolt.Tx, b *bbolt.Bucket, e AuditRecord, prev *[sha256.Size]byte) error {
	if err := addLink(b, e, prev); err != nil {
		return err
	}
	if b.Sequence()%SignEvery != SignEvery-1 {
		return nil
	}
	return s.sign(tx, b, e.Time, prev)
}

func (s *Store) sign(tx *bbolt.Tx, b *bbolt.Bucket, at time.Time, prev *[sha256.Size]byte) error {
	key, err := s.signingKey(tx)
	if err != nil {
		return err
	}
	signature := base64.StdEncoding.EncodeToString(ed25519.Sign(key, prev[:]))
	return addLink(b, AuditRecord{Action: SignAction, Actor: "gateway", Detail: signature, Time: at}, prev)
}

func addLink(b *bbolt.Bucket, e AuditRecord, prev *[sha256.Size]byte) (err error) {
	if e.Seq, err = b.NextSequence(); err != nil {
		return err
	}
	if e.Time.IsZero() {
		e.Time = time.Now()
	}
	e.Time = e.Time.UTC().Truncate(time.Millisecond)
	line, err := json.Marshal(e)
	if err != nil {
		return err
	}
	*prev = Chain(*prev, line)
	return b.Put(number(e.Seq), append(prev[:len(prev):len(prev)], line...))
}

func number(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// lastHash is where the chain goes on; zero at its begin.
func lastHash(tx *bbolt.Tx) (h [sha256.Size]byte) {
	copy(h[:], tx.Bucket(metaBucket).Get(auditBase))
	if _, v := tx.Bucket(auditBucket).Cursor().Last(); len(v) >= sha256.Size {
		copy(h[:], v)
	}
	return h
}

// Trail calls f for the entries from one time to another, in order, and
// returns the hash before the first of them. The first one that is in time
// begins it and the last one that is ends it: a clock that was set back in
// between makes no holes. An error of f ends it. The Link's bytes are f's only
// for the call.
func (s *Store) AuditLog(from, to time.Time, f func(Link) error) (before [sha256.Size]byte, err error) {
	err = s.db.View(func(tx *bbolt.Tx) error {
		b := tx.Bucket(auditBucket)
		first, last, err := span(b, from, to)
		if err != nil || first == nil {
			return err
		}
		copy(before[:], tx.Bucket(metaBucket).Get(auditBase))
		c := b.Cursor()
		c.Seek(first)
		if _, v := c.Prev(); len(v) >= sha256.Size {
			copy(before[:], v)
		}
		for k, v := c.Seek(first); k != nil && bytes.Compare(k, last) <= 0; k, v = c.Next() {
			if len(v) < sha256.Size {
				return text.Fail(ErrUnreadable, text.AuditBroken, binary.BigEndian.Uint64(k))
			}
			if err := f(Link{Text: v[sha256.Size:], Hash: [sha256.Size]byte(v)}); err != nil {
				return err
			}
		}
		return nil
	})
	return before, err
}

// TimeOf is the time of an entry by its text. It reads no more of it: there
// may be millions.
func TimeOf(entry []byte) (time.Time, error) {
	_, rest, _ := bytes.Cut(entry, []byte(`"ts":"`))
	at, _, _ := bytes.Cut(rest, []byte(`"`))
	return time.Parse(time.RFC3339, string(at))
}

// span finds the first and the last entry in time.
func span(b *bbolt.Bucket, from, to time.Time) (first, last []byte, err error) {
	err = b.ForEach(func(k, v []byte) error {
		at, err := time.Time{}, errors.New("too short")
		if len(v) >= sha256.Size {
			at, err = TimeOf(v[sha256.Size:])
		}
		if err != nil {
			return text.Fail(ErrUnreadable, text.AuditBroken, binary.BigEndian.Uint64(k))
		}
		if at.Before(from) || !at.Before(to) {
			return nil
		}
		if first == nil {
			first = k
		}
		last = k
		return nil
	})
	return first, last, err
}

// TrailLength is the number of entries.
func (s *Store) AuditLength() (n int) {
	_ = s.db.View(func(tx *bbolt.Tx) error {
		n = entriesIn(tx.Bucket(auditBucket))
		return nil
	})
	return n
}

// entriesIn counts a bucket with growing numbers of which only the oldest ones
// are ever removed.
func entriesIn(b *bbolt.Bucket) int {
	first, _ := b.Cursor().First()
	if first == nil {
		return 0
	}
	return int(b.Sequence()-binary.BigEndian.Uint64(first)) + 1
}

// readAudit reads an entry of the bucket.
func readAudit(k, v []byte) (e AuditRecord, err error) {
	if len(v) < sha256.Size || json.Unmarshal(v[sha256.Size:], &e) != nil {
		return e, text.Fail(ErrUnreadable, text.AuditBroken, binary.BigEndian.Uint64(k))
	}
	return e, nil
}

// maxScanned bounds how many entries one AuditPage looks at.
const maxScanned = 100_000

// AuditPage returns the newest entries before seq that f accepts, at most n, the newest first; seq
// 0 begins at the end. next is where to go on, for there may be more; 0: there is no more.
func (s *Store) AuditPage(seq uint64, n int, f func(AuditRecord) bool) (page []AuditRecord, next uint64, err error) {
	err = s.db.View(func(tx *bbolt.Tx) error {
		c := tx.Bucket(auditBucket).Cursor()
		k, v := c.Last()
		if seq > 0 {
			if k, _ = c.Seek(number(seq)); k == nil {
				k, v = c.Last()
			} else {
				k, v = c.Prev()
			}
		}
		for scanned := 0; k != nil; k, v = c.Prev() {
			e, err := readAudit(k, v)
			if err != nil {
				return err
			}
			if len(page) == n || scanned == maxScanned {
				next = e.Seq + 1
				return nil
			}
			scanned++
			if f(e) {
				page = append(page, e)
			}
		}
		return nil
	})
	return page, next, err
}

// VerifyAudit proves the chain from its begin, and each signature in it, and counts both.
func (s *Store) VerifyAudit(key ed25519.PublicKey) (entries, signed int, err error) {
	err = s.db.View(func(tx *bbolt.Tx) error {
		var h [sha256.Size]byte
		copy(h[:], tx.Bucket(metaBucket).Get(auditBase))
		return tx.Bucket(auditBucket).ForEach(func(k, v []byte) error {
			before := h
			e, err := readAudit(k, v)
			if err != nil {
				return err
			}
			if h = Chain(h, v[sha256.Size:]); !bytes.Equal(h[:], v[:sha256.Size]) {
				return text.Fail(ErrUnreadable, text.AuditForged, e.Seq)
			}
			entries++
			if e.Action != SignAction {
				return nil
			}
			signed++
			if signature, err := base64.StdEncoding.DecodeString(e.Detail); err != nil || !ed25519.Verify(key, before[:], signature) {
				return text.Fail(ErrUnreadable, text.AuditForged, e.Seq)
			}
			return nil
		})
	})
	return entries, signed, err
}

// growthSample is how many of the newest entries say how fast the log grows, and leastSpan how long
// they must have taken to say anything.
const (
	growthSample = 5000
	leastSpan    = 6 * time.Hour
	aMonth       = 30 * 24 * time.Hour
)

// AuditBegan is when the oldest entry was written; zero where nothing can be said.
func (s *Store) AuditBegan() (oldest time.Time) {
	_ = s.db.View(func(tx *bbolt.Tx) error {
		if _, v := tx.Bucket(auditBucket).Cursor().First(); len(v) > sha256.Size {
			oldest, _ = TimeOf(v[sha256.Size:])
		}
		return nil
	})
	return oldest
}

// AuditGrowth is by how many bytes the audit log grows in a month, by its newest entries; 0 where
// nothing can be said.
func (s *Store) AuditGrowth(now time.Time) (bytesAMonth int64) {
	_ = s.db.View(func(tx *bbolt.Tx) error {
		c := tx.Bucket(auditBucket).Cursor()
		var size, n int64
		first := now
		for k, v := c.Last(); k != nil && n < growthSample; k, v = c.Prev() {
			size += int64(len(k)+len(v)) + entryHead
			n++
			if len(v) > sha256.Size {
				if at, err := TimeOf(v[sha256.Size:]); err == nil {
					first = at
				}
			}
		}
		if took := now.Sub(first); took >= leastSpan {
			bytesAMonth = int64(float64(size) * float64(aMonth) / float64(took))
		}
		return nil
	})
	return bytesAMonth
}

// entryHead is what the file holds of an entry beside its key and value.
const entryHead = 16

// pruneBatch bounds one transaction of PruneAudit.
const pruneBatch = 10_000

// PruneAudit removes the oldest entries, those before a time, and no others. What
// stays is still a chain. It returns how many went, at most 10,000 a call.
func (s *Store) PruneAudit(before time.Time) (n int, err error) {
	err = s.update("audit trail", func(tx *bbolt.Tx) error {
		b := tx.Bucket(auditBucket)
		var base []byte
		c := b.Cursor()
		for k, v := c.First(); k != nil && n < pruneBatch; k, v = c.First() {
			var e AuditRecord
			if len(v) < sha256.Size || json.Unmarshal(v[sha256.Size:], &e) != nil {
				return fmt.Errorf("entry %d is damaged", binary.BigEndian.Uint64(k))
			}
			if !e.Time.Before(before) {
				break
			}
			base = bytes.Clone(v[:sha256.Size])
			if err := c.Delete(); err != nil {
				return err
			}
			n++
		}
		if base == nil {
			return nil
		}
		return tx.Bucket(metaBucket).Put(auditBase, base)
	})
	return n, err
}

// SigningKey is the setting of the gateway's key, a seed in base64.
const SigningKey = "signing.key"

// Signer returns the gateway's key, which signs the audit log and the evidence.
// The first call makes it.
func (s *Store) Signer() (key ed25519.PrivateKey, err error) {
	if _, err := s.Setting(SigningKey); err == nil {
		err = s.db.View(func(tx *bbolt.Tx) (err error) {
			key, err = s.signingKey(tx)
			return err
		})
		return key, err
	}
	err = s.update(SigningKey, func(tx *bbolt.Tx) (err error) {
		key, err = s.signingKey(tx)
		return err
	})
	return key, err
}

func (s *Store) signingKey(tx *bbolt.Tx) (ed25519.PrivateKey, error) {
	v, err := s.setting(tx, SigningKey)
	if errors.Is(err, ErrNotFound) {
		seed := make([]byte, ed25519.SeedSize)
		rand.Read(seed) // never fails
		v = NewSecret(base64.StdEncoding.EncodeToString(seed))
		err = s.putSetting(tx, SigningKey, v.Reveal())
	}
	if err != nil {
		return nil, err
	}
	seed, err := base64.StdEncoding.DecodeString(v.Reveal())
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil, text.Fail(ErrUnreadable, text.StoreSealed, SigningKey)
	}
	return ed25519.NewKeyFromSeed(seed), nil
}
