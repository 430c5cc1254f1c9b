package store

import (
	"encoding/json"
	"errors"
	"time"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config/store/seal"
	"github.com/bauta-gateway/bauta/config/text"
)

// The buckets of the fourth schema. Entries are sealed: names are personal.
var (
	usersBucket     = []byte("users")      // by id
	apiTokensBucket = []byte("api-tokens") // by id

	userBuckets = [][]byte{usersBucket, apiTokensBucket}
)

// userSchema makes the buckets of who may use the console and the API.
func userSchema(tx *bbolt.Tx, _ *seal.Cipher) error {
	for _, name := range userBuckets {
		if _, err := tx.CreateBucketIfNotExists(name); err != nil {
			return err
		}
	}
	return nil
}

// User is an account of the console.
type User struct {
	// ID is random and stays; the audit log names it instead of Name.
	ID   string `json:"id"`
	Name string `json:"name"`
	Role string `json:"role"`
	// Hash is the password's, in the PHC format; empty where a provider proves the login.
	Hash     string    `json:"hash"`
	Language string    `json:"language,omitempty"`
	Created  time.Time `json:"created"`
	// LastSeen is the hour of the last use; zero: none since this is kept.
	LastSeen time.Time `json:"last_seen,omitzero"`
	// Second is what a login needs beside the password; nil: nothing.
	Second *SecondFactor `json:"second,omitempty"`
	// Issuer and Subject are whom the login provider knows; empty: it has a password here.
	Issuer  string `json:"issuer,omitempty"`
	Subject string `json:"subject,omitempty"`
}

// SecondFactor is an authenticator app's secret, and codes for the day that the app is lost.
type SecondFactor struct {
	// Secret is in base32, Step that of the last code taken: none counts twice.
	Secret string `json:"secret"`
	Step   int64  `json:"step"`
	// Recovery are the SHA-256 of the codes that are left, in hex.
	Recovery []string  `json:"recovery"`
	Since    time.Time `json:"since"`
}

// APIToken lets a machine in.
type APIToken struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Role string `json:"role"`
	// Hash is the SHA-256 of the token, in hex.
	Hash    string    `json:"hash"`
	Created time.Time `json:"created"`
	Expires time.Time `json:"expires"`
}

// PutUser stores an account in place of the one with the same id. Whether its
// name is free the caller checks.
func (s *Store) PutUser(u User) error { return putSealed(s, usersBucket, u.ID, u) }

// DeleteUser removes an account; one that is not there is no error.
func (s *Store) DeleteUser(id string) error { return s.deleteFrom(usersBucket, id) }

// Users returns all accounts. With ErrUnreadable come those that can be read.
func (s *Store) Users() ([]User, error) { return allSealed[User](s, usersBucket) }

// PutAPIToken stores a machine's token.
func (s *Store) PutAPIToken(t APIToken) error { return putSealed(s, apiTokensBucket, t.ID, t) }

// DeleteAPIToken removes a machine's token; one that is not there is no error.
func (s *Store) DeleteAPIToken(id string) error { return s.deleteFrom(apiTokensBucket, id) }

// APITokens returns all machines' tokens. With ErrUnreadable come those that
// can be read.
func (s *Store) APITokens() ([]APIToken, error) { return allSealed[APIToken](s, apiTokensBucket) }

func putSealed[T any](s *Store, bucket []byte, id string, v T) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return s.update(string(bucket), func(tx *bbolt.Tx) error {
		return tx.Bucket(bucket).Put([]byte(id), s.cipher.Seal(string(b), string(bucket), id))
	})
}

func (s *Store) deleteFrom(bucket []byte, id string) error {
	return s.update(string(bucket), func(tx *bbolt.Tx) error { return tx.Bucket(bucket).Delete([]byte(id)) })
}

func allSealed[T any](s *Store, bucket []byte) (all []T, err error) {
	var bad []error
	err = s.db.View(func(tx *bbolt.Tx) error {
		return tx.Bucket(bucket).ForEach(func(id, sealed []byte) error {
			var v T
			plain, err := s.cipher.Open(sealed, string(bucket), string(id))
			if err == nil {
				err = json.Unmarshal([]byte(plain), &v)
			}
			if err != nil {
				bad = append(bad, text.Fail(ErrUnreadable, text.StoreSealed, string(bucket)+" "+string(id)))
				return nil
			}
			all = append(all, v)
			return nil
		})
	})
	return all, errors.Join(append(bad, err)...)
}
