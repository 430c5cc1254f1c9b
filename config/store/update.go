package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config/text"
)

// An update of the schema is provisional until ConfirmUpdate: until then
// UndoUpdate puts back the file as the earlier version left it, which that
// version's program opens again.

// ErrNoUpdate: no update of the schema is provisional.
var ErrNoUpdate = errors.New("no update to undo")

// updatedFrom in the meta bucket is the schema before a provisional update, in
// decimal. Of several updates in a row it is the first one's.
var updatedFrom = []byte("updated-from")

// beforeUpdate is where the database of that schema is kept.
func beforeUpdate(path string, schema int) string { return fmt.Sprintf("%s.v%d.bak", path, schema) }

// backUp copies the database beside itself, byte for byte. A copy of the same
// name is from a migration that failed, so of the same content.
func backUp(db *bbolt.DB, found content) error {
	if found.empty {
		return nil
	}
	from, err := os.Open(db.Path()) // nobody else writes: the lock is ours
	if err != nil {
		return err
	}
	defer from.Close()
	kept := beforeUpdate(db.Path(), found.schema)
	if err := copyTo(kept, from); err != nil {
		return err
	}
	return syncDir(filepath.Dir(kept))
}

// noteUpdate makes the update provisional, in the transaction that makes it.
func noteUpdate(tx *bbolt.Tx, found content) error {
	meta := tx.Bucket(metaBucket)
	if found.empty || meta.Get(updatedFrom) != nil {
		return nil
	}
	return meta.Put(updatedFrom, []byte(strconv.Itoa(found.schema)))
}

// Provisional tells whether the schema was updated and ConfirmUpdate has not
// been called since, by this process or an earlier one.
func (s *Store) Provisional() (yes bool, err error) {
	err = s.db.View(func(tx *bbolt.Tx) error {
		yes = tx.Bucket(metaBucket).Get(updatedFrom) != nil
		return nil
	})
	return yes, err
}

// ConfirmUpdate makes a provisional update final; without one it does nothing.
func (s *Store) ConfirmUpdate() error {
	if yes, err := s.Provisional(); err != nil || !yes {
		return err
	}
	return s.db.Update(func(tx *bbolt.Tx) error { return tx.Bucket(metaBucket).Delete(updatedFrom) })
}

// UndoUpdate puts the database back that was at path before a provisional
// update, and returns where it keeps the updated one. Nobody may have it open:
// else the error is ErrLocked. It is ErrNoUpdate where nothing is provisional.
// After any error the file at path is as it was.
func UndoUpdate(path string, opts Options) (kept string, err error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return "", text.Fail(ErrNoUpdate, text.StoreNoUpdate, path)
	}
	db, err := openFile(path, opts.LockTimeout)
	if err != nil {
		return "", err
	}
	defer db.Close() // it was only read, and its lock is held until the file is exchanged
	before, err := updatedSchema(db)
	if err != nil {
		return "", err
	}
	old := beforeUpdate(path, before)
	if err := checkBefore(old, before, opts); err != nil {
		return "", err
	}
	kept = path + ".undone"
	if err := copyFile(kept, path); err != nil {
		return "", err
	}
	// copyTo renames, so that at every moment one of the two is whole at path.
	err = copyFile(path, old)
	if err == nil {
		err = errors.Join(likeFolder(path, kept), syncDir(filepath.Dir(path)))
	}
	return kept, err
}

func updatedSchema(db *bbolt.DB) (schema int, err error) {
	err = db.View(func(tx *bbolt.Tx) error {
		meta := tx.Bucket(metaBucket)
		if meta == nil || meta.Get(updatedFrom) == nil {
			return text.Fail(ErrNoUpdate, text.StoreNoUpdate, db.Path())
		}
		schema, err = strconv.Atoi(string(meta.Get(updatedFrom)))
		return err
	})
	return schema, err
}

// checkBefore proves that the kept database is whole and of that schema.
func checkBefore(path string, schema int, opts Options) error {
	if _, err := os.Stat(path); err != nil { // opening would make a new one
		return text.Fail(err, text.StoreOpen, path, err)
	}
	db, err := openFile(path, opts.LockTimeout)
	if err != nil {
		return err
	}
	found, err := inspect(db, path)
	if err == nil && found.schema != schema {
		err = damaged(path, fmt.Errorf("its schema is %d instead of %d", found.schema, schema))
	}
	return errors.Join(err, db.Close())
}

func copyFile(to, from string) error {
	f, err := os.Open(from)
	if err != nil {
		return err
	}
	defer f.Close()
	return copyTo(to, f)
}
