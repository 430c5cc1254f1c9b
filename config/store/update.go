package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config/store/dbfile"
	"github.com/bauta-gateway/bauta/config/store/wholefile"
	"github.com/bauta-gateway/bauta/config/text"
)

// An update of the schema can be undone as long as nothing was stored since:
// UndoUpdate then puts back the file as the earlier version left it, which that
// version's program opens again, and nothing that was acknowledged is lost.

// ErrNoUpdate: there is no update, or something was stored since.
var ErrNoUpdate = errors.New("no update to undo")

// updatedFrom in the meta bucket is the schema before the last update and the
// number of the transaction that made it, both in decimal. Of several updates in a row,
// with nothing stored in between, the schema is the one before the first.
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
	if err := wholefile.Copy(kept, from); err != nil {
		return err
	}
	return wholefile.SyncDir(filepath.Dir(kept))
}

// noteUpdate notes the update, in the transaction that makes it.
func noteUpdate(tx *bbolt.Tx, found content) error {
	if found.empty {
		return nil
	}
	meta, from := tx.Bucket(metaBucket), found.schema
	if schema, number, ok := notedUpdate(meta); ok && number == tx.ID()-1 {
		from = schema
	}
	return meta.Put(updatedFrom, fmt.Appendf(nil, "%d %d", from, tx.ID()))
}

// notedUpdate is the last update's note; ok is false without one.
func notedUpdate(meta *bbolt.Bucket) (schema, number int, ok bool) {
	if meta == nil {
		return 0, 0, false
	}
	n, err := fmt.Sscanf(string(meta.Get(updatedFrom)), "%d %d", &schema, &number)
	return schema, number, n == 2 && err == nil
}

// UndoUpdate puts the database back that was at path before an update, and
// returns where it keeps the updated one. Nobody may have it open: else the error
// is ErrLocked. It is ErrNoUpdate where there was none, or something was stored since.
// After any other error one of the two is whole at path.
func UndoUpdate(path string, opts Options) (kept string, err error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return "", text.Fail(ErrNoUpdate, text.StoreNoUpdate, path)
	}
	db, err := dbfile.Open(path, opts.LockTimeout)
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
	if err := wholefile.CopyFile(kept, path); err != nil {
		return "", err
	}
	// A whole file is renamed, so that at every moment one of the two is whole at path.
	if err := wholefile.CopyFile(path, old); err != nil {
		return "", err
	}
	return kept, wholefile.SyncDir(filepath.Dir(path))
}

// updatedSchema is the schema before the update, if that was the last thing
// stored: a reading transaction has the number of the last one that wrote.
func updatedSchema(db *bbolt.DB) (schema int, err error) {
	err = db.View(func(tx *bbolt.Tx) error {
		before, number, ok := notedUpdate(tx.Bucket(metaBucket))
		if !ok || number != tx.ID() {
			return text.Fail(ErrNoUpdate, text.StoreNoUpdate, db.Path())
		}
		schema = before
		return nil
	})
	return schema, err
}

// checkBefore proves that the kept database is whole and of that schema.
func checkBefore(path string, schema int, opts Options) error {
	if _, err := os.Stat(path); err != nil { // opening would make a new one
		return text.Fail(err, text.StoreOpen, path, err)
	}
	db, err := dbfile.Open(path, opts.LockTimeout)
	if err != nil {
		return err
	}
	found, err := inspect(db, path)
	if err == nil && found.schema != schema {
		err = dbfile.Damaged(path, fmt.Errorf("its schema is %d instead of %d", found.schema, schema))
	}
	return errors.Join(err, db.Close())
}
