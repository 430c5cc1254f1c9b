package store

import "go.etcd.io/bbolt"

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
func consentSchema(tx *bbolt.Tx, _ *box) error {
	for _, name := range consentBuckets {
		if _, err := tx.CreateBucketIfNotExists(name); err != nil {
			return err
		}
	}
	return nil
}
