package store

import (
	"encoding/json"
	"errors"
	"fmt"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// siteSetting is the setting that holds the site.
const siteSetting = "site"

// PutSite stores what the operator says of the site. What config/policy
// refuses is an ErrInvalid.
func (s *Store) PutSite(site policy.Site) error {
	if err := site.Check(); err != nil {
		return invalid{err}
	}
	b, err := json.Marshal(site)
	if err != nil {
		return err
	}
	return s.PutSetting(siteSetting, NewSecret(string(b)))
}

// Site returns what the operator has said of the site; the zero Site where
// nothing was said.
func (s *Store) Site() (site policy.Site, err error) {
	v, err := s.Setting(siteSetting)
	if errors.Is(err, ErrNotFound) {
		return site, nil
	}
	if err != nil {
		return site, err
	}
	if err := json.Unmarshal([]byte(v.Reveal()), &site); err != nil {
		return site, text.Fail(ErrUnreadable, text.StoreEntry, siteSetting, err)
	}
	return site, nil
}

// PutFacts stores what the operator says of a camera, which need not be
// stored yet. What config/policy refuses is an ErrInvalid.
func (s *Store) PutFacts(id media.CameraID, facts policy.Camera) error {
	if err := facts.Check(); err != nil {
		return invalid{err}
	}
	b, err := json.Marshal(facts)
	if err != nil {
		return err
	}
	return s.update(string(id), func(tx *bbolt.Tx) error { return tx.Bucket(factsBucket).Put([]byte(id), b) })
}

// Facts returns what the operator has said of a camera; zero where nothing
// was said. After ErrUnreadable the camera's place is not known: it may be a
// prohibited one.
func (s *Store) Facts(id media.CameraID) (facts policy.Camera, err error) {
	err = s.db.View(func(tx *bbolt.Tx) error {
		b := tx.Bucket(factsBucket).Get([]byte(id))
		if b == nil {
			return nil
		}
		if err := json.Unmarshal(b, &facts); err != nil {
			return text.Fail(ErrUnreadable, text.StoreEntry, id, err)
		}
		return nil
	})
	return facts, err
}

// levelKey is what a camera's level of masking is kept under.
const levelKey = "level"

// PutLevel keeps how much of a camera's frame was asked to be hidden; empty
// means no more than is set up.
func (s *Store) PutLevel(id media.CameraID, level string) error {
	return s.update(string(id), func(tx *bbolt.Tx) error {
		return tx.Bucket(factsBucket).Put(under(string(id), levelKey), []byte(level))
	})
}

// Level returns what PutLevel kept; empty where nothing was.
func (s *Store) Level(id media.CameraID) (level string, err error) {
	err = s.db.View(func(tx *bbolt.Tx) error {
		level = string(tx.Bucket(factsBucket).Get(under(string(id), levelKey)))
		return nil
	})
	return level, err
}

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
		return records.Put(under(string(kind), id), s.cipher.Seal(string(b), "record", string(kind), id))
	})
	return id, err
}

// Records returns the records of a kind, the oldest first. Those that cannot
// be read make an error that wraps ErrUnreadable; the others come with it.
func (s *Store) Records(kind policy.Kind) (all []StoredRecord, err error) {
	var bad []error
	err = s.db.View(func(tx *bbolt.Tx) error {
		return eachUnder(tx.Bucket(recordsBucket), string(kind), func(id string, sealed []byte) error {
			b, err := s.cipher.Open(sealed, "record", string(kind), id)
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
