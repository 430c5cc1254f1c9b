package store

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/store/dbfile"
	"github.com/bauta-gateway/bauta/config/store/seal"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// The bucket of the sixth schema. Its keys are <kind>/<number>, so that an entry that
// cannot be read, or lies in a damaged file, still says what it is about.
var (
	violationsBucket = []byte("violations")
	violationBuckets = [][]byte{violationsBucket}
)

// violationSchema makes the bucket and opens what the audit log of earlier versions has:
// faults that ended with the run, and prohibited places that ended with the camera.
func violationSchema(tx *bbolt.Tx, c *seal.Cipher) error {
	if _, err := tx.CreateBucketIfNotExists(violationsBucket); err != nil {
		return err
	}
	all, err := loggedViolations(tx)
	for _, v := range all {
		_, _, wrong := openViolation(tx, c, v)
		err = errors.Join(err, wrong)
	}
	return err
}

// closingSchema seals the closings: their texts may name a place and a case of the police.
func closingSchema(tx *bbolt.Tx, c *seal.Cipher) error {
	b := tx.Bucket(violationsBucket)
	all, _ := readViolations(b, c) // one that cannot be read stays as it is
	var err error
	for _, v := range all {
		if !v.Open() {
			err = errors.Join(err, putViolation(b, c, v))
		}
	}
	return err
}

// storedViolation is an entry of the bucket.
type storedViolation struct {
	policy.Violation
	// Sealed is the closing, sealed for this entry. Closing itself has one of before that.
	Sealed []byte `json:"sealed,omitempty"`
}

const sealedClosing = "closing"

// OpenViolation takes what was seen of a violation, adds it to the one of that kind and
// camera that is open, or opens one; opened says which. It needs no camera of that name.
func (s *Store) OpenViolation(seen policy.Violation) (v policy.Violation, opened bool, err error) {
	if !slices.Contains(policy.ViolationKinds, seen.Kind) {
		return v, false, text.Fail(ErrInvalid, text.ConfigChoice, "kind", string(seen.Kind), fmt.Sprint(policy.ViolationKinds))
	}
	err = s.update("violation", func(tx *bbolt.Tx) error {
		v, opened, err = openViolation(tx, s.cipher, seen)
		return err
	})
	return v, opened, err
}

func openViolation(tx *bbolt.Tx, c *seal.Cipher, seen policy.Violation) (v policy.Violation, opened bool, err error) {
	seen.Since, seen.Last = stored(seen.Since), stored(seen.Last)
	b := tx.Bucket(violationsBucket)
	all, _ := readViolations(b, c) // one that cannot be read is another one, and stays
	if at := slices.IndexFunc(all, func(v policy.Violation) bool { return v.Open() && v.Same(seen) }); at >= 0 {
		v = all[at]
		v.Merge(seen)
		return v, false, putViolation(b, c, v)
	}
	v = seen
	v.ID, v.Closing, v.Count = "", nil, max(v.Count, 1)
	if v.Place == "" {
		var said policy.Camera
		_ = json.Unmarshal(tx.Bucket(factsBucket).Get([]byte(v.Camera)), &said) // else the place is not known
		v.Place = said.Place
	}
	if v.ID, err = nextViolation(b); err != nil {
		return v, false, err
	}
	return v, true, putViolation(b, c, v)
}

// stored is a time as it comes back: two entries of one moment are the same violation.
func stored(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

func nextViolation(b *bbolt.Bucket) (id string, err error) {
	n, err := b.NextSequence()
	return fmt.Sprintf("%08d", n), err
}

func putViolation(b *bbolt.Bucket, c *seal.Cipher, v policy.Violation) error {
	entry := storedViolation{Violation: v}
	if v.Closing != nil {
		plain, err := json.Marshal(v.Closing)
		if err != nil {
			return err
		}
		entry.Closing, entry.Sealed = nil, c.Seal(string(plain), sealedClosing, string(v.Kind), v.ID)
	}
	body, err := json.Marshal(entry)
	if err != nil {
		return err
	}
	return b.Put(under(string(v.Kind), v.ID), body)
}

// CloseViolation ends a violation for good. ErrNotFound and ErrInvalid say why not, and
// ErrExists that it is closed already: no closing is ever changed.
func (s *Store) CloseViolation(id string, c policy.Closing) (v policy.Violation, err error) {
	err = s.update("violation "+id, func(tx *bbolt.Tx) error {
		b := tx.Bucket(violationsBucket)
		all, _ := readViolations(b, s.cipher) // one that cannot be read is closed by what its key says
		at := slices.IndexFunc(all, func(v policy.Violation) bool { return v.ID == id })
		switch {
		case at < 0:
			return text.Fail(ErrNotFound, text.ViolationNotFound, id)
		case !all[at].Open():
			return text.Fail(ErrExists, text.ViolationIsClosed, id)
		}
		v = all[at]
		if err := c.Check(v.Kind); err != nil {
			return invalid{err}
		}
		v.Closing = &c
		return putViolation(b, s.cipher, v)
	})
	return v, err
}

// Violations returns all, open and closed, in the order of their numbers. Those that
// cannot be read are among them, open and without a time, and make an error that wraps
// ErrUnreadable.
func (s *Store) Violations() (all []policy.Violation, err error) {
	var unreadable error
	err = s.db.View(func(tx *bbolt.Tx) error {
		all, unreadable = readViolations(tx.Bucket(violationsBucket), s.cipher)
		return nil
	})
	return all, errors.Join(err, unreadable)
}

func readViolations(b *bbolt.Bucket, c *seal.Cipher) (all []policy.Violation, err error) {
	if b == nil {
		return nil, nil // of an earlier schema
	}
	var bad []error
	err = b.ForEach(func(k, body []byte) error {
		v, wrong := readViolation(k, body, c)
		all = append(all, v)
		if wrong != nil {
			bad = append(bad, text.Fail(ErrUnreadable, text.StoreEntry, string(k), wrong))
		}
		return nil
	})
	slices.SortFunc(all, func(a, b policy.Violation) int { return cmp.Compare(a.ID, b.ID) })
	return all, errors.Join(append(bad, err)...)
}

// readViolation reads an entry; after an error the violation is open, and where nothing of
// it can be read it has what its key says. A closing that does not open proves nothing.
func readViolation(k, body []byte, c *seal.Cipher) (v policy.Violation, err error) {
	kind, id, _ := strings.Cut(string(k), "/")
	var entry storedViolation
	if err := json.Unmarshal(body, &entry); err != nil {
		return policy.Violation{ID: id, Kind: policy.ViolationKind(kind)}, err
	}
	v = entry.Violation
	v.ID, v.Kind = id, policy.ViolationKind(kind)
	if entry.Sealed == nil {
		return v, nil
	}
	v.Closing = nil
	plain, err := c.Open(entry.Sealed, sealedClosing, kind, id)
	if err != nil {
		return v, err
	}
	var closing policy.Closing
	if err := json.Unmarshal([]byte(plain), &closing); err != nil {
		return v, err
	}
	v.Closing = &closing
	return v, nil
}

// loggedViolations are those that the audit log has: each consent.fault, and each
// prohibited place that was said of a camera.
func loggedViolations(tx *bbolt.Tx) (all []policy.Violation, err error) {
	if audit := tx.Bucket(auditBucket); audit != nil {
		err = audit.ForEach(func(_, line []byte) error {
			seen, ok := loggedViolation(line)
			if !ok {
				return nil
			}
			if at := slices.IndexFunc(all, seen.Same); at >= 0 {
				all[at].Merge(seen)
				return nil
			}
			all = append(all, seen)
			return nil
		})
	}
	places, wrong := prohibitedPlaces(tx)
	for _, seen := range places {
		if !slices.ContainsFunc(all, seen.Same) { // the audit log has no more entry of it
			all = append(all, seen)
		}
	}
	return all, errors.Join(err, wrong)
}

// prohibitedPlaces are the cameras that are in one, each since it was added.
func prohibitedPlaces(tx *bbolt.Tx) (all []policy.Violation, err error) {
	facts := tx.Bucket(factsBucket)
	if facts == nil {
		return nil, nil // of an earlier schema
	}
	err = tx.Bucket(camerasBucket).ForEach(func(id, b []byte) error {
		var said policy.Camera
		_ = json.Unmarshal(facts.Get(id), &said) // unreadable ones are blocked, but nobody saw a place
		if said.Place.Prohibited() {
			all = append(all, policy.Violation{Kind: policy.ViolationPlace, Camera: media.CameraID(id), Place: said.Place, Since: created(b), Last: created(b), Count: 1})
		}
		return nil
	})
	return all, err
}

// loggedViolation reads one entry of the audit log, of which there may be millions.
func loggedViolation(line []byte) (v policy.Violation, ok bool) {
	if !bytes.Contains(line, []byte(ActionFault)) && !bytes.Contains(line, []byte(`"place=`)) {
		return v, false
	}
	var e AuditRecord
	if len(line) < sha256.Size || json.Unmarshal(line[sha256.Size:], &e) != nil {
		return v, false
	}
	v = policy.Violation{Camera: media.CameraID(strings.TrimPrefix(e.Subject, "camera/")), Since: e.Time, Last: e.Time, Count: 1}
	word, _, _ := strings.Cut(strings.TrimPrefix(e.Detail, "place="), " ")
	switch place := policy.Place(word); {
	case e.Action == ActionFault:
		v.Kind = policy.ViolationShown
		return v, true
	case e.Action == ActionFacts || e.Action == ActionAdded:
		v.Kind, v.Place = policy.ViolationPlace, place
		return v, place.Prohibited()
	}
	return v, false
}

// What earlier versions wrote into the audit log of violations, besides ActionFacts.
const (
	ActionFault = "consent.fault"
	ActionAdded = "camera.added"
)

// carryViolations keeps the violations of the old database: a backup takes none away and
// opens none again, but those whose closing is sealed with another key than the backup's.
func carryViolations(tx, was *bbolt.Tx, c *seal.Cipher) error {
	old := was.Bucket(violationsBucket)
	all, _ := readViolations(old, c) // one that cannot be read is carried by its key
	if old == nil {
		logged, err := loggedViolations(was)
		if err != nil {
			return err
		}
		return adoptViolations(tx, c, logged, 0)
	}
	return adoptViolations(tx, c, all, old.Sequence())
}

// adoptViolations takes violations in that may be there already, under the number that
// they had unless another one has it here. What is the same is as it became later.
func adoptViolations(tx *bbolt.Tx, c *seal.Cipher, all []policy.Violation, sequence uint64) error {
	b := tx.Bucket(violationsBucket)
	here, _ := readViolations(b, c)
	err := b.SetSequence(max(b.Sequence(), sequence, highest(all), highest(here)))
	for _, v := range all {
		v.Since, v.Last = stored(v.Since), stored(v.Last)
		same := slices.IndexFunc(here, func(h policy.Violation) bool { return h.Same(v) && h.Since.Equal(v.Since) })
		switch {
		case same < 0:
			var wrong error
			v.ID, wrong = freeNumber(b, here, v.ID)
			err = errors.Join(err, wrong)
			here = append(here, v)
		case newer(v, here[same]):
			v.ID = here[same].ID
			here[same] = v
		default:
			continue
		}
		err = errors.Join(err, putViolation(b, c, v))
	}
	return err
}

// highest is the highest number of some violations, of which those of a damaged file may have
// none: a number that is in use is not given a second time.
func highest(all []policy.Violation) (most uint64) {
	for _, v := range all {
		if n, err := strconv.ParseUint(v.ID, 10, 32); err == nil {
			most = max(most, n)
		}
	}
	return most
}

// freeNumber is the number that a violation had, or another one where that is taken.
func freeNumber(b *bbolt.Bucket, here []policy.Violation, id string) (string, error) {
	if id != "" && !slices.ContainsFunc(here, func(h policy.Violation) bool { return h.ID == id }) {
		return id, nil
	}
	return nextViolation(b)
}

// newer reports whether a violation is as it became after another state of the same one.
func newer(v, than policy.Violation) bool {
	if v.Open() != than.Open() {
		return than.Open()
	}
	return v.Last.After(than.Last)
}

// salvageViolations keeps those that a damaged file still holds, each as it was last.
func salvageViolations(tx *bbolt.Tx, c *seal.Cipher, file *os.File) error {
	var all []policy.Violation
	err := dbfile.Salvage(file, func(key, body []byte) {
		kind, _, _ := strings.Cut(string(key), "/")
		if !slices.Contains(policy.ViolationKinds, policy.ViolationKind(kind)) {
			return
		}
		if v, _ := readViolation(key, body, c); !v.Since.IsZero() {
			all = append(all, v)
		}
	})
	return errors.Join(err, adoptViolations(tx, c, all, 0))
}
