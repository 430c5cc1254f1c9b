package store

import (
	"encoding/json"
	"errors"
	"fmt"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/text"
)

// StoredRecord is a record with its number among its kind.
type StoredRecord struct {
	ID   string          `json:"id"`
	Kind policy.Kind     `json:"kind"`
	Body json.RawMessage `json:"record"`
}

// PutRecord stores a record, encrypted, and returns its number; with an id it
// takes the place of that one. What the record's Check refuses is an ErrInvalid.
func (s *Store) PutRecord(kind policy.Kind, id string, rec policy.Record) (string, error) {
	if policy.NewRecord(kind) == nil {
		return "", text.Fail(ErrInvalid, text.RecordKind, string(kind))
	}
	if err := rec.Check(); err != nil {
		return "", invalid{err}
	}
	b, err := json.Marshal(rec)
	if err != nil {
		return "", err
	}
	err = s.update(string(kind), func(tx *bbolt.Tx) error {
		records := tx.Bucket(recordsBucket)
		if id == "" {
			n, err := records.NextSequence()
			if err != nil {
				return err
			}
			id = fmt.Sprintf("%08d", n)
		} else if records.Get(under(string(kind), id)) == nil {
			return text.Fail(ErrNotFound, text.RecordNotFound, string(kind), id)
		}
		return records.Put(under(string(kind), id), s.box.seal(string(b), "record", string(kind), id))
	})
	return id, err
}

// Records returns the records of a kind, the oldest first. Those that cannot
// be read make an error that wraps ErrUnreadable; the others come with it.
func (s *Store) Records(kind policy.Kind) (all []StoredRecord, err error) {
	var bad []error
	err = s.db.View(func(tx *bbolt.Tx) error {
		return eachUnder(tx.Bucket(recordsBucket), string(kind), func(id string, sealed []byte) error {
			b, err := s.box.open(sealed, "record", string(kind), id)
			if err != nil {
				bad = append(bad, text.Fail(ErrUnreadable, text.StoreSealed, string(kind)+" "+id))
				return nil
			}
			all = append(all, StoredRecord{ID: id, Kind: kind, Body: json.RawMessage(b)})
			return nil
		})
	})
	return all, errors.Join(append(bad, err)...)
}

// AllRecords returns the records of all kinds. Unreadable ones make an error,
// as with Records.
func (s *Store) AllRecords() (policy.Records, error) {
	var all policy.Records
	var bad []error
	for _, kind := range policy.RecordKinds {
		list, err := s.Records(kind)
		bad = append(bad, err)
		for _, r := range list {
			bad = append(bad, all.Add(kind, r.Body))
		}
	}
	return all, errors.Join(bad...)
}
