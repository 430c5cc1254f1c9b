package store

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config/store/dbfile"
	"github.com/bauta-gateway/bauta/config/store/seal"
	"github.com/bauta-gateway/bauta/config/text"
)

// The buckets of schema 1 and the keys of the meta bucket.
var (
	metaBucket     = []byte("meta")
	camerasBucket  = []byte("cameras")
	settingsBucket = []byte("settings")
	buckets        = [][]byte{metaBucket, camerasBucket, settingsBucket}

	schemaKey = []byte("schema") // decimal
	checkKey  = []byte("key")    // the key's proof
)

// step brings a database from one schema to the next, inside the transaction.
type step func(*bbolt.Tx, *seal.Cipher) error

// steps[n] makes schema n+1 of schema n. Steps are never changed once
// released, only followed by further ones.
var steps = []step{firstSchema, consentSchema, rulesSchema, userSchema, purposeSchema, versionSchema, violationSchema, closingSchema, listSchema}

// bucketsSince[n] are the buckets that schema n+1 brought.
var bucketsSince = [][][]byte{buckets, consentBuckets, ruleBuckets, userBuckets, nil, nil, violationBuckets, nil, listBuckets}

// bucketsOf counts the buckets that a database of this schema must have.
func bucketsOf(schema int) (n int) {
	for _, group := range bucketsSince[:min(schema, len(bucketsSince))] {
		n += len(group)
	}
	return n
}

func isKnown(name []byte) bool {
	for _, group := range bucketsSince {
		if slices.ContainsFunc(group, func(b []byte) bool { return bytes.Equal(b, name) }) {
			return true
		}
	}
	return false
}

// firstSchema makes the buckets, of nothing or of a file without a schema.
func firstSchema(tx *bbolt.Tx, b *seal.Cipher) error {
	for _, name := range buckets {
		if _, err := tx.CreateBucketIfNotExists(name); err != nil {
			return err
		}
	}
	meta := tx.Bucket(metaBucket)
	if meta.Get(checkKey) != nil {
		return nil
	}
	return meta.Put(checkKey, b.Check())
}

// content is what a database holds at its opening.
type content struct {
	schema  int  // 0 where none is noted
	empty   bool // no bucket at all
	buckets int  // of those that we know
	sealed  bool // something in it needs the key
	check   []byte
}

// inspect looks at what is there. It changes nothing.
func inspect(db *bbolt.DB, path string) (content, error) {
	c := content{empty: true}
	foreign := false
	err := db.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(name []byte, b *bbolt.Bucket) error {
			c.empty = false
			switch {
			case b == nil:
				return fmt.Errorf("%q is no bucket", name)
			case bytes.Equal(name, metaBucket):
				c.buckets++
				return c.readMeta(b)
			case bytes.Equal(name, camerasBucket), bytes.Equal(name, settingsBucket):
				c.buckets++
				first, _ := b.Cursor().First()
				c.sealed = c.sealed || first != nil
			case isKnown(name):
				c.buckets++
			default:
				foreign = true
			}
			return nil
		})
	})
	switch {
	case err != nil:
		return content{}, dbfile.Damaged(path, err)
	case foreign && c.schema == 0: // a later schema may have buckets of its own
		return content{}, text.Fail(ErrDamaged, text.StoreForeign, path)
	}
	return c, nil
}

func (c *content) readMeta(b *bbolt.Bucket) (err error) {
	if check := b.Get(checkKey); check != nil {
		c.check, c.sealed = bytes.Clone(check), true
	}
	if v := b.Get(schemaKey); v != nil {
		if c.schema, err = strconv.Atoi(string(v)); err != nil || c.schema < 1 {
			return fmt.Errorf("schema %q is not a number", v)
		}
	}
	return nil
}

// migrate runs the missing steps in one transaction: all or nothing. What was
// there is kept beside it first, for UndoUpdate.
func migrate(db *bbolt.DB, b *seal.Cipher, found content, steps []step) error {
	if found.schema == len(steps) {
		return nil
	}
	err := backUp(db, found)
	if err == nil {
		err = db.Update(func(tx *bbolt.Tx) error {
			if err := upgrade(tx, b, found.schema, steps); err != nil {
				return err
			}
			return noteUpdate(tx, found)
		})
	}
	if err != nil {
		return text.Fail(err, text.StoreMigration, db.Path(), found.schema, len(steps), err)
	}
	return nil
}

func upgrade(tx *bbolt.Tx, b *seal.Cipher, schema int, steps []step) error {
	for _, step := range steps[schema:] {
		if err := step(tx, b); err != nil {
			return err
		}
	}
	return tx.Bucket(metaBucket).Put(schemaKey, []byte(strconv.Itoa(len(steps))))
}
