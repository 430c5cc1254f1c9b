package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/store/seal"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/config/zone/drawing"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// The buckets of the third schema. Keys of zones are <camera>/<zone>.
var (
	zonesBucket   = []byte("zones")
	factsBucket   = []byte("facts")   // by camera
	recordsBucket = []byte("records") // <kind>/<number>, later versions <kind>/<number>/<version>, sealed
	auditBucket   = []byte("trail")   // by number
	outboxBucket  = []byte("outbox")  // by number
	daysBucket    = []byte("days")    // <day>/<camera>

	ruleBuckets = [][]byte{zonesBucket, factsBucket, recordsBucket, auditBucket, outboxBucket, daysBucket}
)

// rulesSchema makes the buckets of zones, places, records and the audit log.
func rulesSchema(tx *bbolt.Tx, _ *seal.Cipher) error {
	for _, name := range ruleBuckets {
		if _, err := tx.CreateBucketIfNotExists(name); err != nil {
			return err
		}
	}
	return nil
}

// storedZone is a zone on the disk, under its camera's and its own name.
type storedZone struct {
	Name   string       `json:"name,omitempty"`
	Kind   zone.Kind    `json:"kind"`
	Points []zone.Point `json:"points"`
	// Purposes and Assumed are of schema 5.
	Purposes []string `json:"purposes,omitempty"`
	Assumed  bool     `json:"assumed,omitempty"`
}

// PutZone stores a zone of a camera. One of the same name is an ErrExists, or
// with replace is replaced. What config/zone refuses is an ErrInvalid. Whoever
// puts a zone has said what counts there: it is never stored as assumed.
func (s *Store) PutZone(id media.CameraID, z zone.Zone, replace bool) error {
	if err := drawing.Check(z); err != nil {
		return invalid{err}
	}
	b, err := json.Marshal(storedZone{Name: z.Name, Kind: z.Kind, Points: z.Points, Purposes: z.Purposes})
	if err != nil {
		return err
	}
	return s.update(z.ID, func(tx *bbolt.Tx) error {
		zones, key := tx.Bucket(zonesBucket), under(string(id), z.ID)
		exists := zones.Get(key) != nil
		if exists && !replace {
			return text.Fail(ErrExists, text.ZoneExists, id, z.ID)
		}
		if !exists && countUnder(zones, string(id)) >= drawing.MaxZones {
			return text.Fail(ErrInvalid, text.ZoneLimit, id, drawing.MaxZones)
		}
		return zones.Put(key, b)
	})
}

// PutPurposes changes for which purposes tokens count in a consent zone, and
// nothing else of it. ErrNotFound, ErrInvalid and ErrUnreadable say why not.
func (s *Store) PutPurposes(id media.CameraID, name string, purposes []string) (z zone.Zone, err error) {
	err = s.update(name, func(tx *bbolt.Tx) error {
		zones, key := tx.Bucket(zonesBucket), under(string(id), name)
		old := zones.Get(key)
		if old == nil {
			return text.Fail(ErrNotFound, text.ZoneNotFound, id, name)
		}
		if z, err = readZone(name, old); err != nil {
			return err
		}
		z.Purposes, z.Assumed = purposes, false
		if err := drawing.CheckPurposes(z); err != nil {
			return invalid{err}
		}
		b, err := json.Marshal(storedZone{Name: z.Name, Kind: z.Kind, Points: z.Points, Purposes: z.Purposes})
		if err != nil {
			return err
		}
		return zones.Put(key, b)
	})
	return z, err
}

func readZone(name string, b []byte) (zone.Zone, error) {
	var z storedZone
	if err := json.Unmarshal(b, &z); err != nil {
		return zone.Zone{}, text.Fail(ErrUnreadable, text.StoreEntry, name, err)
	}
	return zone.Zone{ID: name, Name: z.Name, Kind: z.Kind, Points: z.Points, Purposes: z.Purposes, Assumed: z.Assumed}, nil
}

// DeleteZone removes a zone; ErrNotFound says that there is none.
func (s *Store) DeleteZone(id media.CameraID, name string) error {
	return s.update(name, func(tx *bbolt.Tx) error {
		zones, key := tx.Bucket(zonesBucket), under(string(id), name)
		if zones.Get(key) == nil {
			return text.Fail(ErrNotFound, text.ZoneNotFound, id, name)
		}
		return zones.Delete(key)
	})
}

// Zones returns a camera's zones by name. With ErrUnreadable come those that
// can be read: the caller must then hide everything, a private zone may be missing.
func (s *Store) Zones(id media.CameraID) (all []zone.Zone, err error) {
	var bad []error
	err = s.db.View(func(tx *bbolt.Tx) error {
		return eachUnder(tx.Bucket(zonesBucket), string(id), func(name string, b []byte) error {
			z, err := readZone(name, b)
			if err != nil {
				bad = append(bad, err)
				return nil
			}
			all = append(all, z)
			return nil
		})
	})
	return all, errors.Join(append(bad, err)...)
}

// deleteRules forgets what belongs to a camera that is removed.
func deleteRules(tx *bbolt.Tx, id media.CameraID) error {
	zones := tx.Bucket(zonesBucket)
	var keys [][]byte
	err := eachUnder(zones, string(id), func(name string, _ []byte) error {
		keys = append(keys, under(string(id), name))
		return nil
	})
	for _, key := range keys {
		err = errors.Join(err, zones.Delete(key))
	}
	facts := tx.Bucket(factsBucket)
	return errors.Join(err, facts.Delete([]byte(id)), facts.Delete(under(string(id), levelKey)))
}

// Taken is all that is kept of a camera, as it is kept: what is secret stays sealed.
type Taken struct {
	// At is when it is removed.
	At           time.Time
	id           media.CameraID
	camera       []byte
	facts, zones map[string][]byte // by key
}

// TakeCamera returns what is kept of a camera that is about to be removed. ErrNotFound says that
// there is none.
func (s *Store) TakeCamera(id media.CameraID, at time.Time) (Taken, error) {
	t := Taken{At: at, id: id, facts: map[string][]byte{}, zones: map[string][]byte{}}
	err := s.db.View(func(tx *bbolt.Tx) error {
		t.camera = bytes.Clone(tx.Bucket(camerasBucket).Get([]byte(id)))
		if t.camera == nil {
			return text.Fail(ErrNotFound, text.CameraNotFound, id)
		}
		facts := tx.Bucket(factsBucket)
		for _, key := range [][]byte{[]byte(id), under(string(id), levelKey)} {
			if v := facts.Get(key); v != nil {
				t.facts[string(key)] = bytes.Clone(v)
			}
		}
		return eachUnder(tx.Bucket(zonesBucket), string(id), func(name string, v []byte) error {
			t.zones[string(under(string(id), name))] = bytes.Clone(v)
			return nil
		})
	})
	return t, err
}

// PutBack stores a camera that was removed as it was, and forgets the removal. One of its id is an
// ErrExists.
func (s *Store) PutBack(t Taken) error {
	return s.update(string(t.id), func(tx *bbolt.Tx) (err error) {
		cameras, facts, zones := tx.Bucket(camerasBucket), tx.Bucket(factsBucket), tx.Bucket(zonesBucket)
		if cameras.Get([]byte(t.id)) != nil {
			return text.Fail(ErrExists, text.CameraExists, t.id)
		}
		for key, v := range t.facts {
			err = errors.Join(err, facts.Put([]byte(key), v))
		}
		for key, v := range t.zones {
			err = errors.Join(err, zones.Put([]byte(key), v))
		}
		return errors.Join(err, facts.Delete(removalKey(t.id, t.At)), cameras.Put([]byte(t.id), t.camera))
	})
}

// under is the key of an entry that belongs to another; slugs hold no slash.
func under(owner, name string) []byte { return []byte(owner + "/" + name) }

// eachUnder calls f for all entries of an owner, by name.
func eachUnder(b *bbolt.Bucket, owner string, f func(name string, v []byte) error) error {
	prefix := under(owner, "")
	c := b.Cursor()
	for k, v := c.Seek(prefix); k != nil && bytes.HasPrefix(k, prefix); k, v = c.Next() {
		if err := f(string(k[len(prefix):]), v); err != nil {
			return err
		}
	}
	return nil
}

func countUnder(b *bbolt.Bucket, owner string) (n int) {
	_ = eachUnder(b, owner, func(string, []byte) error { n++; return nil })
	return n
}

// purposeSchema gives consent zones the purposes for which tokens count there:
// those of the consents that counted until now, so that nobody is shown who was
// masked, and nobody masked who was shown. A person has to confirm them. What
// cannot be read is left as it is: it shows nobody.
func purposeSchema(tx *bbolt.Tx, _ *seal.Cipher) error {
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

// purposesOf are what tokens may count for in a zone on a live frame.
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
