package store

import (
	"encoding/json"
	"errors"
	"time"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Issuer is a trusted issuer's key.
type Issuer struct {
	consent.Issuer
	Added time.Time
}

// issuerRecord is an issuer on the disk, under the key's id.
type issuerRecord struct {
	Name  string    `json:"name"`
	Key   string    `json:"key"` // PEM
	Added time.Time `json:"added"`
}

// AddIssuer trusts a key. One name may have several, for when an issuer
// changes its key. ErrExists says that the key is there, ErrInvalid that the
// name is no slug.
func (s *Store) AddIssuer(i consent.Issuer) error {
	if !consent.ValidName(i.Name) {
		return text.Fail(ErrInvalid, text.IssuerName, i.Name, media.MaxCameraID)
	}
	return s.update(i.Name, func(tx *bbolt.Tx) error {
		issuers, id := tx.Bucket(issuersBucket), []byte(i.Key.ID())
		if old := issuers.Get(id); old != nil {
			var r issuerRecord
			_ = json.Unmarshal(old, &r) // a damaged one keeps its place until it is removed
			return text.Fail(ErrExists, text.IssuerExists, r.Name)
		}
		b, err := json.Marshal(issuerRecord{Name: i.Name, Key: string(i.Key.PEM()), Added: time.Now().UTC().Truncate(time.Second)})
		if err != nil {
			return err
		}
		return issuers.Put(id, b)
	})
}

// Issuers returns all trusted keys in the order of their ids. Those that
// cannot be read make an error that wraps ErrUnreadable.
func (s *Store) Issuers() ([]Issuer, error) {
	var all []Issuer
	var bad []error
	err := s.db.View(func(tx *bbolt.Tx) error {
		return tx.Bucket(issuersBucket).ForEach(func(id, b []byte) error {
			var r issuerRecord
			err := json.Unmarshal(b, &r)
			var key consent.PublicKey
			if err == nil {
				key, err = consent.ParsePublicKey([]byte(r.Key))
			}
			if err == nil && key.ID() != string(id) {
				err = errors.New("it is another key")
			}
			if err != nil {
				bad = append(bad, text.Fail(ErrUnreadable, text.StoreEntry, string(id), err))
				return nil
			}
			all = append(all, Issuer{consent.Issuer{Name: r.Name, Key: key}, r.Added})
			return nil
		})
	})
	return all, errors.Join(append(bad, err)...)
}

// DeleteIssuer ends the trust in a key. Tokens that it signed stay, but do not
// count any more. ErrNotFound says that there is none.
func (s *Store) DeleteIssuer(keyID string) error {
	return s.update(keyID, func(tx *bbolt.Tx) error {
		issuers := tx.Bucket(issuersBucket)
		if issuers.Get([]byte(keyID)) == nil {
			return text.Fail(ErrNotFound, text.IssuerNotFound, keyID)
		}
		return issuers.Delete([]byte(keyID))
	})
}
