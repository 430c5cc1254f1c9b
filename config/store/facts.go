package store

import (
	"encoding/json"
	"errors"

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

// PutLevel keeps how much of a camera's picture was asked to be hidden; empty
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
