package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/config/zone/drawing"
)

// purposeSchema gives consent zones the purposes for which tokens count there:
// those of the consents that counted until now, so that nobody is shown who was
// not, and nobody vanishes either. A person has to confirm them. What cannot be
// read is left as it is: it shows nobody.
func purposeSchema(tx *bbolt.Tx, _ *box) error {
	live, err := liveTokens(tx, time.Now())
	if err != nil {
		return err
	}
	zones := tx.Bucket(zonesBucket)
	changed := map[string]storedZone{}
	err = zones.ForEach(func(k, v []byte) error {
		var z storedZone
		_, name, ok := bytes.Cut(k, []byte("/"))
		if ok && json.Unmarshal(v, &z) == nil && z.Kind == zone.Consent {
			z.Purposes, z.Assumed = purposesOf(live, string(name)), true
			changed[string(k)] = z
		}
		return nil
	})
	for key, z := range changed {
		b, wrong := json.Marshal(z)
		err = errors.Join(err, wrong, zones.Put([]byte(key), b))
	}
	return err
}

// liveTokens are those of trusted issuers that are neither withdrawn nor over.
func liveTokens(tx *bbolt.Tx, now time.Time) (live []consent.Token, err error) {
	issuers := tx.Bucket(issuersBucket)
	err = tx.Bucket(tokensBucket).ForEach(func(_, v []byte) error {
		var r tokenRecord
		if json.Unmarshal(v, &r) == nil && r.Revoked.IsZero() && now.Before(r.Token.Expires) && issuers.Get([]byte(r.KeyID)) != nil {
			live = append(live, r.Token)
		}
		return nil
	})
	return live, err
}

// purposesOf are what tokens may count for in a zone on a live picture.
func purposesOf(live []consent.Token, name string) (purposes []string) {
	for _, t := range live {
		if slices.Contains(t.Zones, name) || slices.Contains(t.Zones, consent.AnyZone) {
			purposes = append(purposes, t.Purpose)
		}
	}
	slices.Sort(purposes)
	purposes = slices.Compact(consent.LivePurposes(purposes))
	return purposes[:min(len(purposes), drawing.MaxPurposes)]
}
