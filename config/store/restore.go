package store

import (
	"cmp"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config/store/dbfile"
	"github.com/bauta-gateway/bauta/config/store/seal"
	"github.com/bauta-gateway/bauta/config/store/wholefile"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// What Adopt found in the place of the backup.
const (
	OldNone     = "none"     // no database
	OldReadable = "readable" // all that must outlive a restore was carried over
	OldDamaged  = "damaged"  // what revocations could be found in it were carried over
)

// Restored is what a restore did.
type Restored struct {
	// Created is when the backup was made, on the gateway of that name.
	Created time.Time `json:"created"`
	Gateway string    `json:"gateway"`
	// Old is OldNone, OldReadable or OldDamaged; Kept is that database's new path.
	Old  string `json:"old"`
	Kept string `json:"kept,omitempty"`
	// Continued: the old database had grown from the backup, so its audit
	// log, undelivered events and times of protection go on.
	Continued bool `json:"continued"`
	// Revocations of consents that the backup did not know; Withdrawn are the
	// tokens in it that they end. Blocked are cameras that the backup did not
	// know to be in prohibited places.
	Revocations int `json:"revocations"`
	Withdrawn   int `json:"withdrawn"`
	Blocked     int `json:"blocked"`
	// Zones that hide something and that the backup did not have so.
	Zones int `json:"zones"`
}

// Adopt puts the staged database in the place of the one at path, which
// nobody may have open, and keeps that beside it. A backup takes back what was
// set up, not what people were promised: revocations of consents, prohibited
// places, zones that hide, levels of masking and violations of the old database hold in the new one, and so
// do the removals of issuers, and users and tokens as they are now, where the
// one grew from the other. After an error all is as it was before, and the staged database is gone.
func Adopt(path string, from Backup, opts Options) (Restored, error) {
	done := Restored{Created: from.Created, Gateway: from.Gateway}
	err := adopt(path, from, opts, &done, time.Now())
	if err != nil {
		_ = os.Remove(stagedName(path))
	}
	return done, err
}

func adopt(path string, from Backup, opts Options, done *Restored, now time.Time) error {
	old, err := openOld(path, opts.LockTimeout)
	if err != nil {
		return err
	}
	defer old.close()
	err = fill(path, from, opts, old, done, now)
	if errors.Is(err, ErrDamaged) && old.db != nil { // its pages are whole, what they say is not
		if err = old.distrust(path, opts.LockTimeout); err == nil {
			err = fill(path, from, opts, old, done, now)
		}
	}
	if err != nil {
		return err
	}
	if err = wholefile.LikeFolder(stagedName(path)); err == nil {
		done.Kept, err = wholefile.Exchange(stagedName(path), path, now)
	}
	if err != nil {
		err = text.Fail(err, text.StoreSave, text.BackupHead, err)
	}
	return err
}

// Prove reports whether Adopt would take the staged database: its schema, its
// key and the chain of its audit log. After an error that one is gone.
func Prove(path string, from Backup, opts Options) error {
	s, _, _, err := openStaged(path, from, opts)
	if err == nil {
		err = errors.Join(s.db.View(func(tx *bbolt.Tx) error { return broken(checkAuditLog(tx)) }), s.db.Close())
	}
	if err != nil {
		_ = os.Remove(stagedName(path))
	}
	return err
}

// Content is what a backup holds, beside what is here.
type Content struct {
	// Cameras are the names of those in it; Lost of those that are here and not in it.
	Cameras, Lost            []string
	Consents, Records, Users int
	// Continued: the history here goes on from the backup's. Withdrawn of its consents were withdrawn since.
	Continued bool
	Withdrawn int
}

// Compare says what is in the staged database at path, of which Prove was right, and what is here.
func (s *Store) Compare(path string, from Backup, opts Options) (c Content, err error) {
	other, _, _, err := openStaged(path, from, opts)
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, other.db.Close()) }()
	theirs, _ := other.Cameras() // those that can be read
	ours, _ := s.Cameras()
	known := map[media.CameraID]bool{}
	for _, camera := range theirs {
		known[camera.ID] = true
		c.Cameras = append(c.Cameras, cmp.Or(camera.Name, string(camera.ID)))
	}
	for _, camera := range ours {
		if !known[camera.ID] {
			c.Lost = append(c.Lost, cmp.Or(camera.Name, string(camera.ID)))
		}
	}
	return c, s.db.View(func(was *bbolt.Tx) error {
		return other.db.View(func(tx *bbolt.Tx) error { return c.count(was, tx) })
	})
}

// count leaves out what a backup of an early schema does not have.
func (c *Content) count(was, tx *bbolt.Tx) error {
	for bucket, n := range map[string]*int{string(tokensBucket): &c.Consents, string(recordsBucket): &c.Records, string(usersBucket): &c.Users} {
		if b := tx.Bucket([]byte(bucket)); b != nil {
			*n = b.Stats().KeyN
		}
	}
	c.Continued = tx.Bucket(auditBucket) != nil && grewFrom(was, tx)
	tokens := tx.Bucket(tokensBucket)
	if tokens == nil {
		return nil
	}
	return tokens.ForEach(func(id, b []byte) error {
		theirs, err := readConsent(string(id), b)
		ours, err2 := readConsent(string(id), was.Bucket(tokensBucket).Get(id))
		if err == nil && err2 == nil && theirs.Revoked.IsZero() && !ours.Revoked.IsZero() {
			c.Withdrawn++
		}
		return nil
	})
}

// fill makes the staged database what is to be in force. The next Open takes
// over the key where that is another one.
func fill(path string, from Backup, opts Options, old *oldStore, done *Restored, now time.Time) error {
	s, found, place, err := openStaged(path, from, opts)
	if err != nil {
		return err
	}
	if err = place(); err == nil {
		err = s.db.Update(func(tx *bbolt.Tx) error { return s.inherit(tx, found, old, done, now) })
	}
	return errors.Join(err, s.db.Close())
}

// openStaged opens the staged database with the key that fits it; place puts
// that where Open looks for it.
func openStaged(path string, from Backup, opts Options) (s *Store, found content, place func() error, err error) {
	staged := stagedName(path)
	db, err := dbfile.Open(staged, opts.LockTimeout)
	if err != nil {
		return nil, found, nil, err
	}
	s = &Store{db: dbfile.Guard(db), key: seal.Find(path, opts.KeyFile)}
	found, err = inspect(db, staged)
	switch {
	case err != nil:
	case found.schema > len(steps):
		err = text.Fail(ErrNewer, text.StoreNewer, staged, found.schema, len(steps))
	case found.schema == 0 || found.buckets < bucketsOf(found.schema):
		err = broken(errors.New("it is no database of bauta"))
	default:
		s.cipher, place, err = fitKey(s.key, from, found.check)
	}
	if err != nil {
		return nil, found, nil, errors.Join(err, db.Close())
	}
	return s, found, place, nil
}

// fitKey returns the key that opens the backup. place puts it where Open looks
// for it, at once or as the one to be taken over.
func fitKey(source seal.Source, from Backup, check []byte) (b *seal.Cipher, place func() error, err error) {
	own, missing := source.Load()
	if missing == nil {
		if b, err := seal.New(own); err == nil && b.Verify(check) == nil {
			return b, func() error { return nil }, nil
		}
	}
	key, err := hex.DecodeString(from.Key)
	if err != nil || len(key) != seal.KeySize {
		return nil, nil, text.Fail(ErrBackupKey, text.BackupKeyOther, source.Path)
	}
	if b, err = seal.New(key); err != nil || b.Verify(check) != nil {
		return nil, nil, broken(errors.New("its key does not fit its content"))
	}
	to := source.Restored()
	switch {
	case errors.Is(missing, fs.ErrNotExist):
		to = source.Path
	case source.Credential:
		return nil, nil, text.Fail(ErrBackupKey, text.BackupKeyCredential, source.Path)
	}
	return b, func() error {
		err := wholefile.IgnoreMissing(os.Remove(source.Restored()))
		err = errors.Join(err, wholefile.New(to, []byte(from.Key+"\n")), wholefile.LikeFolder(to))
		if err != nil {
			return text.Fail(ErrKey, text.StoreKeyNotMade, to, err)
		}
		return nil
	}, nil
}

// oldStore is the database that a backup replaces. It stays locked until close.
type oldStore struct {
	file *os.File  // where damaged
	db   *bbolt.DB // where readable
}

func openOld(path string, timeout time.Duration) (*oldStore, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return &oldStore{}, nil
	}
	db, err := dbfile.Open(path, timeout)
	switch {
	case err == nil:
		return &oldStore{db: db}, nil
	case errors.Is(err, ErrLocked), errors.Is(err, fs.ErrPermission):
		return nil, err
	}
	o := &oldStore{}
	return o, o.distrust(path, timeout)
}

// distrust takes the old database as a damaged file.
func (o *oldStore) distrust(path string, timeout time.Duration) error {
	o.close()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return text.Fail(err, text.StoreOpen, path, err)
	}
	if err := dbfile.Lock(f, timeout); err != nil {
		return errors.Join(err, f.Close())
	}
	o.db, o.file = nil, f
	return nil
}

func (o *oldStore) close() {
	if o.db != nil {
		_ = o.db.Close() // it was only read
	}
	if o.file != nil {
		_ = o.file.Close()
	}
}

// view runs f with the old database; nil where it cannot be read.
func (o *oldStore) view(f func(old *bbolt.Tx) error) error {
	if o.db == nil {
		return f(nil)
	}
	g := dbfile.Guard(o.db)
	return g.View(f)
}

// era of the old database, as far as it can be read.
func (o *oldStore) era() (n uint64) {
	_ = o.view(func(was *bbolt.Tx) error {
		if was != nil && was.Bucket(metaBucket) != nil {
			n = era(was)
		}
		return nil
	})
	return n
}

// auditEntry says in the audit log what was restored and which other chain ended.
func (r Restored) auditEntry(at uint64, head [32]byte, other string) AuditRecord {
	how := "ended"
	if r.Continued {
		how = "continued"
	}
	return AuditRecord{Action: "store.restored", Actor: "local", Subject: "store", Detail: fmt.Sprintf("backup=%s at=%d head=%x old=%s %s %s revocations=%d",
		r.Created.Format(time.RFC3339), at, head[:8], r.Old, other, how, r.Revocations)}
}
