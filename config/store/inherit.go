package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/store/dbfile"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/config/zone/drawing"
)

// seqGap is what event numbers skip where those of the old database are
// unknown: readers take each number once.
const seqGap = 1 << 20

// inherit brings a backup up to date with the program's schema and with what
// must outlive a restore.
func (s *Store) inherit(tx *bbolt.Tx, found content, old *oldStore, done *Restored, now time.Time) error {
	if err := upgrade(tx, s.cipher, found.schema, steps); err != nil {
		return err
	}
	// An update that was provisional where the backup was made has no copy here.
	if err := tx.Bucket(metaBucket).Delete(updatedFrom); err != nil {
		return err
	}
	// Whoever restores chooses this history: anchors of others are of no account.
	if err := errors.Join(s.choose(tx), putEra(tx, old.era(), now)); err != nil {
		return err
	}
	if err := checkAuditLog(tx); err != nil {
		return broken(err)
	}
	at, head := tx.Bucket(auditBucket).Sequence(), lastHash(tx)
	*done = Restored{Created: done.Created, Gateway: done.Gateway}
	other := "seq=unknown"
	err := old.view(func(was *bbolt.Tx) error {
		revocations, err := old.revocations(was)
		if err == nil {
			err = renew(tx, revocations, done, now)
		}
		switch {
		case err != nil:
			return err
		case was == nil:
			return s.inheritUnread(tx, old, done)
		}
		done.Old = OldReadable
		if audit := was.Bucket(auditBucket); audit != nil && was.Bucket(metaBucket) != nil {
			h := lastHash(was)
			other = fmt.Sprintf("seq=%d last=%x", audit.Sequence(), h[:8])
		}
		return s.carryOver(tx, was, done)
	})
	if err != nil {
		return err
	}
	return s.append(tx, done.auditEntry(at, head, other))
}

// inheritUnread takes what can be had of an old database that bbolt does not open, or
// that is not there.
func (s *Store) inheritUnread(tx *bbolt.Tx, old *oldStore, done *Restored) error {
	done.Old = OldNone
	if old.file != nil {
		done.Old = OldDamaged
		if err := errors.Join(salvageZones(tx, old.file, done), salvageViolations(tx, s.cipher, old.file)); err != nil {
			return err
		}
	}
	return skipEvents(tx, nil)
}

// checkAuditLog proves that the backup's chain is whole.
func checkAuditLog(tx *bbolt.Tx) error {
	var h [sha256.Size]byte
	audit := tx.Bucket(auditBucket)
	if audit == nil {
		return nil // of an early schema
	}
	copy(h[:], tx.Bucket(metaBucket).Get(auditBase))
	return audit.ForEach(func(k, v []byte) error {
		if len(v) < sha256.Size {
			return errors.New("its audit trail is cut")
		}
		if h = Chain(h, v[sha256.Size:]); !bytes.Equal(h[:], v[:sha256.Size]) {
			return fmt.Errorf("its audit trail breaks at entry %d", binary.BigEndian.Uint64(k))
		}
		return nil
	})
}

// known is a revocation with the time when the gateway learned of it.
type known struct {
	consent.Revocation
	at time.Time
}

// readRevocation reads an entry of the bucket of revocations.
func readRevocation(key, value []byte) (k known, ok bool) {
	part := strings.SplitN(string(key), "/", 3)
	if len(part) != 3 {
		return k, false
	}
	k.Issuer = part[1]
	switch part[0] {
	case "token":
		k.Token = part[2]
	case "subject":
		k.Subject = part[2]
	case "badge":
		k.Badge, _ = strconv.Atoi(part[2])
	}
	var r revocationRecord
	err := json.Unmarshal(value, &r)
	k.Issued, k.at = r.Issued, r.Known
	ok = err == nil && k.Valid() && (k.Issuer == "" || consent.ValidName(k.Issuer)) && bytes.Equal(key, revocationKey(k.Revocation))
	return k, ok
}

// revocations of the old database; of a damaged one those that its pages still
// hold: what was ever revoked stays so, hence no page is too old.
func (o *oldStore) revocations(was *bbolt.Tx) (all []known, err error) {
	take := func(key, value []byte) {
		if k, ok := readRevocation(key, value); ok {
			all = append(all, k)
		}
	}
	switch {
	case was != nil && was.Bucket(revocationsBucket) != nil:
		err = was.Bucket(revocationsBucket).ForEach(func(key, value []byte) error {
			take(key, value)
			return nil
		})
	case o.file != nil:
		err = dbfile.Salvage(o.file, take)
	}
	return all, err
}

// renew puts revocations in force. They withdraw the backup's tokens too.
func renew(tx *bbolt.Tx, all []known, done *Restored, now time.Time) error {
	for _, k := range all {
		rec, found, err := getRevocation(tx, k.Revocation)
		if err != nil {
			return err
		}
		if found && (k.Token != "" || !rec.Issued.Before(k.Issued)) {
			continue
		}
		at := k.at
		if at.IsZero() || at.After(now) {
			at = now
		}
		ids, err := revoke(tx, k.Revocation, at)
		if err != nil {
			return err
		}
		done.Revocations++
		done.Withdrawn += len(ids)
	}
	return nil
}

// carryOver takes from the old database what a restore must not undo.
func (s *Store) carryOver(tx, was *bbolt.Tx, done *Restored) error {
	err := errors.Join(carryPlaces(tx, was, done), carryZones(tx, was.Bucket(zonesBucket), done), carryViolations(tx, was, s.cipher), carryRemovals(tx, was), carryBucket(tx, was, listsBucket))
	if done.Continued = grewFrom(was, tx); done.Continued {
		// The audit log goes on only once it was compared with the backup's.
		err = errors.Join(err, blockRemoved(tx, was, done), carryAuditLog(tx, was), carryBucket(tx, was, daysBucket),
			carryOutbox(tx, was), dropIssuers(tx, was), carryAccess(tx, was), s.carryRecords(tx, was))
	}
	return errors.Join(err, s.carryLocks(tx, was, done.Continued), s.carrySealed(tx, was), skipEvents(tx, was))
}

// grewFrom reports whether one database's audit log goes on where another's ends.
func grewFrom(was, tx *bbolt.Tx) bool {
	audit := was.Bucket(auditBucket)
	last, v := tx.Bucket(auditBucket).Cursor().Last()
	if audit == nil || last == nil {
		return false
	}
	other := audit.Get(last)
	return len(other) >= sha256.Size && bytes.Equal(other[:sha256.Size], v[:sha256.Size])
}

// SealedSettings say whose keys originals are sealed to, of which cameras, on which disk, up to which segment they are
// gone, and how long the rest is kept at least.
var SealedSettings = []string{"sealed.keys", "sealed.cameras", "sealed.disk", "sealed.gone", "sealed.promises"}

// carrySealed keeps the sealing of originals as it is: the footage is in no backup, and an older one would seal to
// keys that were replaced, or miss what has gone for its term.
func (s *Store) carrySealed(tx, was *bbolt.Tx) error {
	settings := was.Bucket(settingsBucket)
	if settings == nil {
		return nil
	}
	for _, name := range SealedSettings {
		v := settings.Get([]byte(name))
		if _, err := s.cipher.Open(v, "setting", name); v == nil || err != nil {
			continue // none, or of another key
		}
		if err := tx.Bucket(settingsBucket).Put([]byte(name), v); err != nil {
			return err
		}
	}
	return nil
}

// carryRemovals keeps what was taken away: a backup brings no camera back to its place.
func carryRemovals(tx, was *bbolt.Tx) error {
	facts := tx.Bucket(factsBucket)
	return eachRemoval(was, func(key string, b []byte) error { return facts.Put([]byte(key), b) })
}

// carryPlaces keeps cameras blocked that are in a prohibited place, and the
// level of masking that was asked for.
func carryPlaces(tx, was *bbolt.Tx, done *Restored) error {
	old := was.Bucket(factsBucket)
	if old == nil {
		return nil
	}
	facts := tx.Bucket(factsBucket)
	return tx.Bucket(camerasBucket).ForEach(func(id, _ []byte) error {
		said, blocked := prohibited(old.Get(id))
		_, already := prohibited(facts.Get(id))
		if blocked && !already {
			done.Blocked++
			if err := facts.Put(id, said); err != nil {
				return err
			}
		}
		level := under(string(id), levelKey)
		if v := old.Get(level); len(v) > 0 {
			return facts.Put(level, v)
		}
		return nil
	})
}

// ActionFacts is the audit log's word for what was said of a camera's place.
const ActionFacts = "camera.facts"

// blockRemoved blocks cameras that were found to be in a prohibited place after
// the backup and then removed: only the audit log remembers why they went.
func blockRemoved(tx, was *bbolt.Tx, done *Restored) error {
	last, _ := tx.Bucket(auditBucket).Cursor().Last()
	c := was.Bucket(auditBucket).Cursor()
	c.Seek(last)
	for k, v := c.Next(); k != nil; k, v = c.Next() {
		var e AuditRecord
		if len(v) < sha256.Size || json.Unmarshal(v[sha256.Size:], &e) != nil || e.Action != ActionFacts {
			continue
		}
		word, _, _ := strings.Cut(strings.TrimPrefix(e.Detail, "place="), " ")
		if err := blockAgain(tx, was, strings.TrimPrefix(e.Subject, "camera/"), policy.Place(word), done); err != nil {
			return err
		}
	}
	return nil
}

func blockAgain(tx, was *bbolt.Tx, id string, place policy.Place, done *Restored) error {
	facts, key := tx.Bucket(factsBucket), []byte(id)
	_, already := prohibited(facts.Get(key))
	if already || !place.Prohibited() || tx.Bucket(camerasBucket).Get(key) == nil || was.Bucket(camerasBucket).Get(key) != nil {
		return nil
	}
	said, err := json.Marshal(policy.Camera{Place: place})
	if err != nil {
		return err
	}
	done.Blocked++
	return facts.Put(key, said)
}

// carryAccess leaves users and tokens as they are now: a backup gives nobody a
// login, a role or a password back that was taken away.
func carryAccess(tx, was *bbolt.Tx) error {
	for _, name := range userBuckets {
		if was.Bucket(name) == nil {
			continue // of a schema without them
		}
		if err := tx.DeleteBucket(name); err != nil {
			return err
		}
		if _, err := tx.CreateBucket(name); err != nil {
			return err
		}
		if err := carryBucket(tx, was, name); err != nil {
			return err
		}
	}
	return nil
}

func prohibited(said []byte) ([]byte, bool) {
	var c policy.Camera
	return said, said != nil && (json.Unmarshal(said, &c) != nil || c.Place.Prohibited())
}

// carryAuditLog adds what the old audit log has beyond the backup's.
func carryAuditLog(tx, was *bbolt.Tx) error {
	from, to := was.Bucket(auditBucket), tx.Bucket(auditBucket)
	to.FillPercent = 1 // keys only grow
	last, _ := to.Cursor().Last()
	c := from.Cursor()
	c.Seek(last)
	for k, v := c.Next(); k != nil; k, v = c.Next() {
		if err := to.Put(k, v); err != nil {
			return err
		}
	}
	return to.SetSequence(from.Sequence())
}

func carryBucket(tx, was *bbolt.Tx, name []byte) error {
	from, to := was.Bucket(name), tx.Bucket(name)
	if from == nil {
		return nil
	}
	return from.ForEach(to.Put)
}

// carryRecords keeps the records, and versions of records, that were entered after the
// backup: none of them is ever removed. Those under another key could not be read.
func (s *Store) carryRecords(tx, was *bbolt.Tx) error {
	from, to, meta := was.Bucket(recordsBucket), tx.Bucket(recordsBucket), was.Bucket(metaBucket)
	if from == nil || meta == nil || s.cipher.Verify(meta.Get(checkKey)) != nil {
		return nil
	}
	err := from.ForEach(func(k, v []byte) error {
		if to.Get(k) != nil {
			return nil
		}
		return to.Put(k, v)
	})
	return errors.Join(err, to.SetSequence(max(to.Sequence(), from.Sequence())))
}

// carryLocks keeps the newest passwords of cameras whose accounts the gateway changed: nobody
// else has them. A lock that is in the backup alone was taken back since where the old
// database is the later one. What is under another key could not be read.
func (s *Store) carryLocks(tx, was *bbolt.Tx, later bool) error {
	from, to, meta := was.Bucket(camerasBucket), tx.Bucket(camerasBucket), was.Bucket(metaBucket)
	if from == nil || meta == nil || s.cipher.Verify(meta.Get(checkKey)) != nil {
		return nil
	}
	return from.ForEach(func(id, b []byte) error {
		var now, then record
		if json.Unmarshal(b, &now) != nil {
			return nil
		}
		if to.Get(id) == nil && now.Lock != nil {
			return to.Put(id, b) // added after the backup
		}
		if json.Unmarshal(to.Get(id), &then) != nil || now.Lock == nil && (then.Lock == nil || !later) {
			return nil
		}
		then.Lock, then.User, then.Password, then.URL = now.Lock, now.User, now.Password, now.URL
		kept, err := json.Marshal(then)
		if err != nil {
			return err
		}
		return to.Put(id, kept)
	})
}

// carryOutbox delivers what waits now, and nothing twice.
func carryOutbox(tx, was *bbolt.Tx) error {
	if was.Bucket(outboxBucket) == nil {
		return nil
	}
	sequence := tx.Bucket(outboxBucket).Sequence()
	if err := tx.DeleteBucket(outboxBucket); err != nil {
		return err
	}
	b, err := tx.CreateBucket(outboxBucket)
	if err != nil {
		return err
	}
	return errors.Join(b.SetSequence(sequence), carryBucket(tx, was, outboxBucket))
}

// skipEvents makes sure that no number of an event is given out twice.
func skipEvents(tx, was *bbolt.Tx) error {
	b := tx.Bucket(outboxBucket)
	next := b.Sequence() + seqGap
	if was != nil && was.Bucket(outboxBucket) != nil {
		next = max(b.Sequence(), was.Bucket(outboxBucket).Sequence())
	}
	return b.SetSequence(next)
}

// dropIssuers ends the trust in those who lost it after the backup.
func dropIssuers(tx, was *bbolt.Tx) error {
	still := was.Bucket(issuersBucket)
	if still == nil {
		return nil
	}
	issuers := tx.Bucket(issuersBucket)
	var gone [][]byte
	err := issuers.ForEach(func(id, _ []byte) error {
		if still.Get(id) == nil {
			gone = append(gone, bytes.Clone(id))
		}
		return nil
	})
	for _, id := range gone {
		err = errors.Join(err, issuers.Delete(id))
	}
	return err
}

// carryZones keeps, in the cameras that the backup knows, all zones of the old
// database that hide something. Where the backup has another one of that name both hold.
func carryZones(tx *bbolt.Tx, old *bbolt.Bucket, done *Restored) error {
	if old == nil {
		return nil
	}
	return old.ForEach(func(key, v []byte) error { return carryZone(tx, key, v, done) })
}

func carryZone(tx *bbolt.Tx, key, v []byte, done *Restored) error {
	camera, name, _ := strings.Cut(string(key), "/")
	var z storedZone
	if tx.Bucket(camerasBucket).Get([]byte(camera)) == nil || json.Unmarshal(v, &z) == nil && !hides(z.Kind) {
		return nil // one that cannot be read may have been private
	}
	zones := tx.Bucket(zonesBucket)
	if hasZone(zones, camera, v) {
		return nil
	}
	done.Zones++
	var is storedZone
	for n := 2; ; n++ {
		there := zones.Get(key)
		if there == nil || json.Unmarshal(there, &is) == nil && !hides(is.Kind) {
			return zones.Put(key, bytes.Clone(v))
		}
		end := fmt.Sprintf("-%d", n)
		key = under(camera, strings.TrimRight(name[:min(len(name), drawing.MaxID-len(end))], "-")+end)
	}
}

// hasZone reports whether a camera has this very zone, under whatever name.
func hasZone(zones *bbolt.Bucket, camera string, v []byte) (has bool) {
	_ = eachUnder(zones, camera, func(_ string, there []byte) error {
		has = has || bytes.Equal(there, v)
		return nil
	})
	return has
}

// hides reports whether a zone of this kind hides what is in it.
func hides(kind zone.Kind) bool {
	return kind == zone.Private || kind == zone.Masked || kind == zone.Moving
}

// salvageZones keeps the private zones that a damaged file still holds, also those
// of old pages: one that was removed since is removed again by hand.
func salvageZones(tx *bbolt.Tx, file *os.File, done *Restored) (err error) {
	found := dbfile.Salvage(file, func(key, v []byte) {
		camera, name, ok := strings.Cut(string(key), "/")
		var z storedZone
		if !ok || err != nil || json.Unmarshal(v, &z) != nil || z.Kind != zone.Private {
			return
		}
		if drawing.Check(zone.Zone{ID: name, Kind: z.Kind, Points: z.Points}) != nil || countUnder(tx.Bucket(zonesBucket), camera) >= drawing.MaxZones {
			return
		}
		err = carryZone(tx, key, v, done)
	})
	if err == nil {
		err = found
	}
	return err
}
