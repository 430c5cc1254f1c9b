package store

import (
	"encoding/json"
	"errors"
	"time"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/store/seal"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// MaxConsents bounds the consents that are kept, ended ones included: some
// 150 MB.
const MaxConsents = 100_000

// Consent is a proved token as it was imported.
type ConsentRow struct {
	consent.Token
	// KeyID names the issuer's key. Whether it is still trusted, Issuers tells.
	KeyID string
	// Raw is the token as the issuer signed it.
	Raw      string
	Imported time.Time
	// Revoked is when it was withdrawn; zero where it was not.
	Revoked time.Time
}

// tokenRecord is a consent on the disk, under its id.
type tokenRecord struct {
	// Token is what Raw says: to read it there takes ten times as long.
	Token    consent.Token `json:"token"`
	Raw      string        `json:"raw"`
	KeyID    string        `json:"kid"`
	Imported time.Time     `json:"imported"`
	Revoked  time.Time     `json:"revoked,omitzero"`
}

// Adding says by what AddConsents decides.
type Adding struct {
	// Now is also whose clock refusals tell times by.
	Now time.Time
	// Quarantine is how long a badge rests after one person's last consent
	// before another may wear it.
	Quarantine time.Duration
}

// AddConsents stores tokens in one transaction. The first result has an error
// or nil for each token: ErrExists for the very same token stored before,
// consent.ErrRevoked, consent.ErrBadge, consent.ErrID and ErrInvalid for one
// that is refused. With the second one nothing was stored.
func (s *Store) AddConsents(tokens []consent.Signed, how Adding) (refused []error, err error) {
	refused = make([]error, len(tokens))
	err = s.update("consents", func(tx *bbolt.Tx) error {
		room := MaxConsents - tx.Bucket(tokensBucket).Stats().KeyN
		for i, t := range tokens {
			if room == 0 {
				refused[i] = text.Fail(ErrInvalid, text.ConsentFull, MaxConsents)
				continue
			}
			err := addConsent(tx, t, how)
			switch {
			case err == nil:
				room--
			case errors.As(err, new(*text.Problem)):
				refused[i] = err
			default:
				return err
			}
		}
		return nil
	})
	return refused, err
}

// addConsent returns a Problem where it refuses t and changed nothing.
func addConsent(tx *bbolt.Tx, t consent.Signed, how Adding) error {
	if t.Raw() == "" {
		return text.Fail(ErrInvalid, text.ConsentMalformed)
	}
	if old := tx.Bucket(tokensBucket).Get([]byte(t.ID)); old != nil {
		return sameConsent(old, t)
	}
	if err := checkRevoked(tx, t.Token); err != nil {
		return err
	}
	if err := checkBadge(tx, t.Token, how); err != nil {
		return err
	}
	if err := putRecord(tx, t.ID, tokenRecord{Token: t.Token, Raw: t.Raw(), KeyID: t.KeyID(), Imported: how.Now.UTC()}); err != nil {
		return err
	}
	if err := wear(tx, t.Token); err != nil {
		return err
	}
	return tx.Bucket(bySubjectBucket).Put(subjectKey(t.Subject, t.ID), nil)
}

// sameConsent is never nil: what is there is not added again.
func sameConsent(old []byte, t consent.Signed) error {
	var r tokenRecord
	switch err := json.Unmarshal(old, &r); {
	case err != nil:
		return text.Fail(ErrUnreadable, text.StoreEntry, t.ID, err)
	case r.Raw != t.Raw():
		return text.Fail(consent.ErrID, text.ConsentIDTaken, t.ID)
	case !r.Revoked.IsZero():
		return text.Fail(consent.ErrRevoked, text.ConsentRevoked)
	}
	return text.Fail(ErrExists, text.ConsentKnown, t.ID)
}

func putRecord(tx *bbolt.Tx, id string, r tokenRecord) error {
	b, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return tx.Bucket(tokensBucket).Put([]byte(id), b)
}

// Consents returns all consents in the order of their ids. Those that cannot
// be read make an error that wraps ErrUnreadable; the others come with it.
func (s *Store) Consents() (all []ConsentRow, err error) {
	err = s.EachConsent("", func(c ConsentRow) bool {
		all = append(all, c)
		return true
	})
	return all, err
}

// EachConsent calls f with the consents whose ids come after one, in their
// order, until f returns false. Its errors are those of Consents. f must not
// call the store.
func (s *Store) EachConsent(after string, f func(ConsentRow) bool) error {
	var bad []error
	err := s.db.View(func(tx *bbolt.Tx) error {
		cursor := tx.Bucket(tokensBucket).Cursor()
		for id, b := cursor.Seek([]byte(after)); id != nil; id, b = cursor.Next() {
			if string(id) == after {
				continue
			}
			c, err := readConsent(string(id), b)
			if err != nil {
				bad = append(bad, err)
			} else if !f(c) {
				break
			}
		}
		return nil
	})
	return errors.Join(append(bad, err)...)
}

// readConsent does not prove the signature again: who could change the
// database could change the issuers in it as well.
func readConsent(id string, b []byte) (ConsentRow, error) {
	var r tokenRecord
	err := json.Unmarshal(b, &r)
	if err != nil {
		return ConsentRow{}, text.Fail(ErrUnreadable, text.StoreEntry, id, err)
	}
	if r.Token.ID != id {
		return ConsentRow{}, text.Fail(ErrUnreadable, text.StoreEntry, id, errors.New("it is another token"))
	}
	return ConsentRow{Token: r.Token, KeyID: r.KeyID, Raw: r.Raw, Imported: r.Imported, Revoked: r.Revoked}, nil
}

// Consent returns one consent; ErrNotFound and ErrUnreadable say why not.
func (s *Store) Consent(id string) (c ConsentRow, err error) {
	err = s.db.View(func(tx *bbolt.Tx) (err error) {
		c, err = getConsent(tx, id)
		return err
	})
	return c, err
}

func getConsent(tx *bbolt.Tx, id string) (ConsentRow, error) {
	b := tx.Bucket(tokensBucket).Get([]byte(id))
	if b == nil {
		return ConsentRow{}, text.Fail(ErrNotFound, text.ConsentNotFound, id)
	}
	return readConsent(id, b)
}

// subjectKey needs no length: a pseudonym holds no slash.
func subjectKey(subject, id string) []byte { return []byte(subject + "/" + id) }

// The buckets of schema 2.
var (
	tokensBucket      = []byte("consents")         // by id: tokenRecord
	byBadgeBucket     = []byte("consents.badge")   // badge, id: wearing
	bySubjectBucket   = []byte("consents.subject") // subject, id: nothing
	revocationsBucket = []byte("consents.revoked") // what and whose: revocationRecord
	issuersBucket     = []byte("consents.issuers") // by key id: issuerRecord
	consentBuckets    = [][]byte{tokensBucket, byBadgeBucket, bySubjectBucket, revocationsBucket, issuersBucket}
)

// consentSchema makes room for consents.
func consentSchema(tx *bbolt.Tx, _ *seal.Cipher) error {
	for _, name := range consentBuckets {
		if _, err := tx.CreateBucketIfNotExists(name); err != nil {
			return err
		}
	}
	return nil
}

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
