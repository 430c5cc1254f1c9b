package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/store/seal"
	"github.com/bauta-gateway/bauta/config/text"
)

// The bucket of the ninth schema: by an issuer's name the newest that it signed of all its
// withdrawals.
var (
	listsBucket = []byte("consents.lists")
	listBuckets = [][]byte{listsBucket}
)

func listSchema(tx *bbolt.Tx, _ *seal.Cipher) error {
	_, err := tx.CreateBucketIfNotExists(listsBucket)
	return err
}

// IssuerList is what a gateway has of an issuer's withdrawals as a whole. What the list
// withdraws is stored besides, like any revocation.
type IssuerList struct {
	Issuer string `json:"issuer"`
	// List is the newest signed list; empty: none came yet.
	List string `json:"list"`
	// Attestation is the newest of those that say how new a list is; empty: none.
	Attestation string `json:"attestation"`
	// Newest is the latest time that the issuer, or who may attest for it, ever signed here.
	Newest time.Time `json:"newest"`
}

// PutIssuerList stores it in the place of what is there of this issuer.
func (s *Store) PutIssuerList(l IssuerList) error {
	if !consent.ValidName(l.Issuer) {
		return text.Fail(ErrInvalid, text.IssuerName, l.Issuer, len(l.Issuer))
	}
	b, err := json.Marshal(l)
	if err != nil {
		return fmt.Errorf("list of %s: %w", l.Issuer, err)
	}
	return s.update("issuer's list", func(tx *bbolt.Tx) error { return tx.Bucket(listsBucket).Put([]byte(l.Issuer), b) })
}

// IssuerLists returns all. Those that cannot be read make an error that wraps ErrUnreadable;
// the others come with it.
func (s *Store) IssuerLists() (all []IssuerList, err error) {
	var bad []error
	err = s.db.View(func(tx *bbolt.Tx) error {
		return tx.Bucket(listsBucket).ForEach(func(name, b []byte) error {
			var l IssuerList
			err := json.Unmarshal(b, &l)
			if err == nil && l.Issuer != string(name) {
				err = errors.New("it is another issuer's")
			}
			if err != nil {
				bad = append(bad, text.Fail(ErrUnreadable, text.StoreEntry, string(name), err))
				return nil
			}
			all = append(all, l)
			return nil
		})
	})
	return all, errors.Join(append(bad, err)...)
}
