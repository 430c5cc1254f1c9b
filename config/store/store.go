// Package store keeps what changes while the daemon runs, in one bbolt file:
// cameras, settings, consents. What a method acknowledged survives a power cut.
//
// Addresses and passwords of cameras and all settings are encrypted with a key
// that lies in a file of its own beside the database (bauta.key, made at the
// first start) or comes as a systemd credential of the same name. Without
// that key they are lost: a backup needs both files.
//
// In: a path, and rows that other packages of config define. Out: those rows as they
// were acknowledged, backups, and anchors that say how far the history had come. It
// starts no goroutines; methods may be called from any. It never shows a secret and
// never repairs a damaged file: whoever wants to search one keeps it by KeepDamaged.
//
// The file lies in store/dbfile, the key and what is encrypted with it in store/seal.
// Buckets keep the names that they had: "trail" is the audit log.
//
// Errors are texts in both languages (see config/text). Those of Open mean
// that the daemon cannot start; the file is as it was then. Those of other
// methods leave the store usable.
package store

import (
	"errors"
	"io/fs"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/store/dbfile"
	"github.com/bauta-gateway/bauta/config/store/seal"
	"github.com/bauta-gateway/bauta/config/text"
)

// Errors of Open.
var (
	// ErrLocked: another process has the database open.
	ErrLocked = dbfile.ErrLocked
	// ErrNewer: written by a later version with another schema.
	ErrNewer = errors.New("store is of a newer schema")
	// ErrDamaged: not readable, or not a store at all.
	ErrDamaged = dbfile.ErrDamaged
	// ErrKey: the key is missing, wrong, or readable by others.
	ErrKey = seal.ErrKey
)

// Errors of the other methods.
var (
	ErrExists   = errors.New("entry exists")
	ErrNotFound = errors.New("no such entry")
	// ErrInvalid: a value that the store refuses.
	ErrInvalid = errors.New("invalid value")
	// ErrUnreadable: one entry is damaged; the others are not concerned.
	ErrUnreadable = errors.New("entry is unreadable")
)

// Options of Open. The zero value is the usual.
type Options struct {
	// KeyFile is the key's path. Empty means the systemd credential
	// bauta.key where there is one, else bauta.key beside the database.
	KeyFile string
	// LockTimeout is how long to wait for another process to let go of the
	// database; 0 means 2 s.
	LockTimeout time.Duration
	// AsIs leaves a schema of an earlier version as it is: for who only reads. What
	// that schema did not have yet is empty then.
	AsIs bool
}

// Store is an open database. Its methods may be called from any goroutine.
type Store struct {
	db     *dbfile.DB
	cipher *seal.Cipher
	key    seal.Source
}

// Open opens the database at path, or makes it together with its folder and
// its key. A schema of an earlier version is brought up to date, after a copy
// was put beside the file as <path>.v<schema>.bak; see UndoUpdate.
func Open(path string, opts Options) (*Store, error) {
	return openWith(path, opts, steps)
}

func openWith(path string, opts Options, steps []step) (*Store, error) {
	if err := dbfile.PrepareFolder(filepath.Dir(path)); err != nil {
		return nil, err
	}
	db, err := dbfile.Open(path, opts.LockTimeout)
	if err != nil {
		return nil, err
	}
	s := &Store{db: dbfile.Guard(db), key: seal.Find(path, opts.KeyFile)}
	if err := s.start(path, steps, opts.AsIs); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if err := s.db.ShareReads(); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

// start checks everything before it changes anything.
func (s *Store) start(path string, steps []step, asIs bool) error {
	found, err := inspect(s.db.DB, path)
	if err != nil {
		return err
	}
	if found.schema > len(steps) {
		return text.Fail(ErrNewer, text.StoreNewer, path, found.schema, len(steps))
	}
	if found.schema > 0 && found.buckets < bucketsOf(found.schema) {
		return dbfile.Damaged(path, errors.New("a bucket is missing"))
	}
	if asIs && found.schema > 0 {
		s.cipher, err = s.key.Fit(path, found.check)
		return err
	}
	if s.cipher, err = unlock(path, s.key, found); err != nil {
		return err
	}
	if err := dbfile.CloseToOthers(path); err != nil {
		return text.Fail(err, text.StoreOpen, path, err)
	}
	return migrate(s.db.DB, s.cipher, found, steps)
}

// unlock finds the key of what is in a database, or makes one for a new one.
func unlock(path string, source seal.Source, found content) (*seal.Cipher, error) {
	key, err := source.Load()
	switch {
	case errors.Is(err, fs.ErrNotExist) && found.sealed:
		return nil, text.Fail(ErrKey, text.StoreKeyMissing, source.Path, path, path, path)
	case errors.Is(err, fs.ErrNotExist):
		key, err = source.Create()
	}
	if err != nil {
		return nil, err
	}
	b, err := seal.New(key)
	if err != nil || b.Verify(found.check) == nil {
		return b, err
	}
	if b, err := source.TakeOver(found.check); err == nil {
		return b, nil
	}
	return nil, text.Fail(ErrKey, text.StoreKeyWrong, source.Path, path)
}

// Close waits for running methods and lets go of the file. Further calls do
// nothing; other methods fail after it.
func (s *Store) Close() error { return s.db.Close() }

// Broken is closed when the database turns out to be damaged while it is open.
// All methods fail from then on; the process has to end.
func (s *Store) Broken() <-chan struct{} { return s.db.Broken() }

// Check reads the whole file as Open does, while others read and write. With
// ErrDamaged it is Broken.
func (s *Store) Check() error { return s.db.Check() }

// update runs one transaction. Problems that have their text already keep it;
// the rest is the disk's.
func (s *Store) update(what string, f func(*bbolt.Tx) error) error {
	err := s.db.Update(f)
	var p *text.Problem
	if err == nil || errors.As(err, &p) {
		return err
	}
	return text.Fail(err, text.StoreSave, what, err)
}

// invalid makes another package's problem an ErrInvalid.
type invalid struct{ error }

func (invalid) Is(target error) bool { return target == ErrInvalid }
func (i invalid) Unwrap() error      { return i.error }

func checkText(what text.Key, s string, most int) error {
	if len(s) > most {
		return text.Fail(ErrInvalid, text.StoreFieldLong, what, most)
	}
	if !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
		return text.Fail(ErrInvalid, text.StoreFieldControl, what)
	}
	return nil
}

// checkURL takes no fragment: a '#' there is mostly the start of a password's
// second half.
func checkURL(s string) error {
	u, err := url.Parse(s)
	if err == nil && u.User != nil {
		return text.Fail(ErrInvalid, text.StoreURLLogin)
	}
	if err != nil || !slices.Contains(config.Schemes, u.Scheme) || u.Hostname() == "" || u.Fragment != "" || strings.Contains(s, " ") {
		return text.Fail(ErrInvalid, text.StoreURL)
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return text.Fail(ErrInvalid, text.StoreURL)
		}
	}
	return nil
}
