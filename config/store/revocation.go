package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/store/seal"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// revocationRecord is what stays of a revocation, for good.
type revocationRecord struct {
	// Issued is up to when tokens of a subject or badge are withdrawn.
	Issued time.Time `json:"issued"`
	// Known is when this gateway learned of it.
	Known time.Time `json:"known"`
}

// revocationKey is what and whose. Names and pseudonyms hold no slash.
func revocationKey(r consent.Revocation) []byte {
	switch {
	case r.Token != "":
		return []byte("token/" + r.Issuer + "/" + r.Token)
	case r.Subject != "":
		return []byte("subject/" + r.Issuer + "/" + r.Subject)
	}
	return fmt.Appendf(nil, "badge/%s/%d", r.Issuer, r.Badge)
}

func getRevocation(tx *bbolt.Tx, r consent.Revocation) (rec revocationRecord, found bool, err error) {
	all := tx.Bucket(revocationsBucket)
	if all == nil { // of the first schema, opened as it is
		return rec, false, nil
	}
	b := all.Get(revocationKey(r))
	if b == nil {
		return rec, false, nil
	}
	if err := json.Unmarshal(b, &rec); err != nil {
		return rec, false, text.Fail(ErrUnreadable, text.StoreEntry, string(revocationKey(r)), err)
	}
	return rec, true, nil
}

// checkRevoked is consent.ErrRevoked where any revocation concerns t.
func checkRevoked(tx *bbolt.Tx, t consent.Token) error {
	for _, issuer := range []string{"", t.Issuer} {
		for _, r := range []consent.Revocation{{Token: t.ID}, {Subject: t.Subject}, {Badge: t.Badge}} {
			if r == (consent.Revocation{}) {
				continue // a token without a badge
			}
			r.Issuer = issuer
			rec, found, err := getRevocation(tx, r)
			if err != nil {
				return err
			}
			if r.Issued = rec.Issued; found && r.Concerns(t) {
				return text.Fail(consent.ErrRevoked, text.ConsentRevoked)
			}
		}
	}
	return nil
}

// CheckRevoked is consent.ErrRevoked where a token, stored or not, is withdrawn.
func (s *Store) CheckRevoked(t consent.Token) error {
	return s.db.View(func(tx *bbolt.Tx) error { return checkRevoked(tx, t) })
}

// Revoke withdraws for good, in one transaction: what is stored and what is yet
// to come. It returns the ids of the stored tokens that counted until now. The
// administrator's own revocations, those without an issuer, concern every
// token that is stored, also one whose issuer's clock is ahead.
func (s *Store) Revoke(all []consent.Revocation, now time.Time) (ids []string, err error) {
	for _, r := range all {
		if !r.Valid() {
			return nil, text.Fail(ErrInvalid, text.ConsentNoTarget)
		}
	}
	news, err := s.News(all)
	if err != nil || len(news) == 0 {
		return nil, err
	}
	err = s.update("revocations", func(tx *bbolt.Tx) error {
		ids = nil
		for _, r := range news {
			withdrawn, err := revoke(tx, r, now)
			if err != nil {
				return err
			}
			ids = append(ids, withdrawn...)
		}
		return nil
	})
	return ids, err
}

// News leaves out what is on the disk, and doubles: a broker repeats all it has at each
// connection.
func (s *Store) News(all []consent.Revocation) (news []consent.Revocation, err error) {
	err = s.db.View(func(tx *bbolt.Tx) error {
		for _, r := range all {
			rec, found, err := getRevocation(tx, r)
			if err != nil {
				return err
			}
			if (!found || r.Token == "" && rec.Issued.Before(r.Issued)) && !slices.Contains(news, r) {
				news = append(news, r)
			}
		}
		return nil
	})
	return news, err
}

func revoke(tx *bbolt.Tx, r consent.Revocation, now time.Time) (ids []string, err error) {
	concerned, err := concernedBy(tx, &r)
	if err != nil {
		return nil, err
	}
	rec, found, err := getRevocation(tx, r)
	if err != nil {
		return nil, err
	}
	if !found || rec.Issued.Before(r.Issued) {
		rec = revocationRecord{Issued: r.Issued.UTC(), Known: now.UTC()}
	}
	b, err := json.Marshal(rec)
	if err != nil {
		return nil, err
	}
	if err := tx.Bucket(revocationsBucket).Put(revocationKey(r), b); err != nil {
		return nil, err
	}
	for _, c := range concerned {
		if err := withdraw(tx, c, now); err != nil {
			return nil, err
		}
		ids = append(ids, c.ID)
	}
	return ids, nil
}

// concernedBy finds the stored tokens that r withdraws now. It moves an
// administrator's revocation up to the newest of them.
func concernedBy(tx *bbolt.Tx, r *consent.Revocation) (concerned []ConsentRow, err error) {
	ids := candidates(tx, *r)
	found := make([]ConsentRow, 0, len(ids))
	for _, id := range ids {
		c, err := getConsent(tx, id)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if r.Issuer == "" && c.Issued.After(r.Issued) {
			r.Issued = c.Issued
		}
		found = append(found, c)
	}
	for _, c := range found {
		if c.Revoked.IsZero() && r.Concerns(c.Token) {
			concerned = append(concerned, c)
		}
	}
	return concerned, nil
}

// candidates are the ids under r's subject or badge, or its one id.
func candidates(tx *bbolt.Tx, r consent.Revocation) (ids []string) {
	var index *bbolt.Bucket
	var prefix []byte
	switch {
	case r.Token != "":
		return []string{r.Token}
	case r.Subject != "":
		index, prefix = tx.Bucket(bySubjectBucket), subjectKey(r.Subject, "")
	default:
		index, prefix = tx.Bucket(byBadgeBucket), badgePrefix(r.Badge)
	}
	c := index.Cursor()
	for key, _ := c.Seek(prefix); bytes.HasPrefix(key, prefix); key, _ = c.Next() {
		ids = append(ids, string(key[len(prefix):]))
	}
	return ids
}

func withdraw(tx *bbolt.Tx, c ConsentRow, now time.Time) error {
	err := putRecord(tx, c.ID, tokenRecord{Token: c.Token, Raw: c.Raw, KeyID: c.KeyID, Imported: c.Imported, Revoked: now.UTC()})
	return errors.Join(err, takeOff(tx, c.Token, now))
}

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
		return text.Fail(ErrInvalid, text.IssuerName, l.Issuer, media.MaxCameraID)
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
