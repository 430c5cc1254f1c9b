package store

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/store/seal"
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
	return s.putSite(site)
}

func (s *Store) putSite(site policy.Site) error {
	b, err := json.Marshal(site)
	if err != nil {
		return err
	}
	return s.PutSetting(siteSetting, NewSecret(string(b)))
}

// earlierAnswers bounds how many earlier answers to a question are kept beside the newest; the
// audit log has all.
const earlierAnswers = 20

// PutAnswer stores an answer beside the earlier ones to the question. It looks at nothing else
// that was said of the site: what an earlier version took stays until somebody changes it.
func (s *Store) PutAnswer(q policy.Question, a policy.Answer) error {
	if err := cmp.Or(q.Check(), a.Check()); err != nil {
		return invalid{err}
	}
	site, err := s.Site()
	if err != nil {
		return err
	}
	answers := maps.Clone(site.Answers)
	if answers == nil {
		answers = map[policy.Question]policy.Answer{}
	}
	if was, answered := answers[q]; answered {
		a.Earlier = append(was.Earlier, was)
		a.Earlier[len(a.Earlier)-1].Earlier = nil
		a.Earlier = a.Earlier[max(0, len(a.Earlier)-earlierAnswers):]
	}
	answers[q], site.Answers = a, answers
	return s.putSite(site)
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

// Version is one version of a record. A correction adds one and leaves the others as
// they are: nothing ever removes a version.
type Version struct {
	// Number counts the versions of a record from 1 on.
	Number int `json:"version"`
	// Entered is when, Author on whose behalf, as the audit log names it. Both are zero
	// in what was stored before there were versions: it is not known.
	Entered time.Time `json:"entered,omitzero"`
	Author  string    `json:"author,omitempty"`
	// Reason is why a correction was made.
	Reason string `json:"reason,omitempty"`
	// Withdrawn: by this version the record does not count any more.
	Withdrawn bool `json:"withdrawn,omitempty"`
	// SHA256 of Body, in hex. The audit log has it too.
	SHA256 string `json:"sha256,omitempty"`
	// Unbound: an earlier program stored it with the names of persons in Body, of which SHA256
	// is. They were taken out of it since.
	Unbound bool `json:"unbound,omitempty"`
	// Forgotten is the day on which its names were; empty: they are kept, or there were none.
	Forgotten civil.Date `json:"forgotten,omitempty"`
	// Unreadable: what was stored is damaged; nothing but the number is known.
	Unreadable bool `json:"unreadable,omitempty"`
	// Body is the record, with marks in the fields for names of persons (see config/register).
	// Names are those that stand for them, by field; they are in no JSON.
	Body  json.RawMessage   `json:"record"`
	Names map[string]string `json:"-"`
}

// StoredRecord is a record with its number among its kind, in its newest version, which
// is the one that counts. Earlier are those before, the oldest first.
type StoredRecord struct {
	ID   string        `json:"id"`
	Kind register.Kind `json:"kind"`
	Version
	Earlier []Version `json:"earlier,omitempty"`
}

// Entry says of a version when and on whose behalf it is entered and, of a correction, why.
type Entry struct {
	Time           time.Time
	Author, Reason string
	// Withdrawn: the record does not count from then on.
	Withdrawn bool
}

// PutRecord stores a record, encrypted, and returns it; with an id it is the next
// version of that one. What the record's Check refuses is an ErrInvalid, and so is a
// correction without a reason.
func (s *Store) PutRecord(kind register.Kind, id string, rec register.Record, by Entry) (StoredRecord, error) {
	if register.New(kind) == nil {
		return StoredRecord{}, text.Fail(ErrInvalid, text.RecordKind, string(kind))
	}
	var err error
	if !by.Withdrawn { // what an earlier version took can be withdrawn as it is
		err = rec.Check()
	}
	if err == nil && id != "" {
		err = register.CheckReason(by.Reason)
	}
	if err != nil {
		return StoredRecord{}, invalid{err}
	}
	b, err := json.Marshal(rec)
	if err != nil {
		return StoredRecord{}, err
	}
	r := StoredRecord{ID: id, Kind: kind, Version: Version{Entered: by.Time.UTC().Truncate(time.Millisecond), Author: by.Author, Reason: by.Reason, Withdrawn: by.Withdrawn, Body: b}}
	err = s.update(string(kind), func(tx *bbolt.Tx) error { return s.putVersion(tx.Bucket(recordsBucket), &r) })
	r.SHA256 = sha256Hex(r.Body)
	return r, err
}

// putVersion adds the next version of r, or the first one of a new record.
func (s *Store) putVersion(records *bbolt.Bucket, r *StoredRecord) error {
	var before sealedVersionBody
	r.Number = 1
	if r.ID == "" {
		n, err := records.NextSequence()
		if err != nil {
			return err
		}
		r.ID = fmt.Sprintf("%08d", n)
	} else {
		owner := string(under(string(r.Kind), r.ID))
		if strings.Contains(r.ID, "/") || records.Get([]byte(owner)) == nil {
			return text.Fail(ErrNotFound, text.RecordNotFound, string(r.Kind), r.ID)
		}
		r.Number += 1 + countUnder(records, owner)
		name := versionName(r.ID, r.Number-1)
		before, _ = s.openVersion(r.Kind, name, records.Get(under(string(r.Kind), name))) // else it has no names to keep
	}
	v, err := hide(r.Kind, r.Version, before)
	if err != nil {
		return err
	}
	r.Body, r.Names = v.Body, namesOf(v.Hidden)
	return s.putSealed(records, r.Kind, versionName(r.ID, r.Number), v)
}

// Versions were once the bodies of records alone, sealed under another word.
const (
	sealedVersion = "record version"
	sealedRecord  = "record"
)

// versionName is a version's name under its kind. The first one has the record's own, so
// that what was stored before there were versions is the first one.
func versionName(id string, number int) string {
	if number == 1 {
		return id
	}
	return fmt.Sprintf("%s/%08d", id, number)
}

// readVersion opens a version. One that cannot be read has its number alone.
func (s *Store) readVersion(kind register.Kind, name string, sealed []byte) (Version, error) {
	v, err := s.openVersion(kind, name, sealed)
	v.Names = namesOf(v.Hidden)
	return v.Version, err
}

// openVersion opens a version with the names beside it.
func (s *Store) openVersion(kind register.Kind, name string, sealed []byte) (v sealedVersionBody, err error) {
	v.Number = 1
	id, number, later := strings.Cut(name, "/")
	if later {
		v.Number, _ = strconv.Atoi(number)
	}
	b, err := s.cipher.Open(sealed, sealedVersion, string(kind), name)
	if err == nil {
		err = json.Unmarshal([]byte(b), &v)
	} else if b, err = s.cipher.Open(sealed, sealedRecord, string(kind), name); err == nil {
		v.Body = json.RawMessage(b)
	}
	if err == nil && json.Valid(v.Body) {
		err = unbound(kind, &v)
	}
	if err != nil || !json.Valid(v.Body) {
		return sealedVersionBody{Version: Version{Number: v.Number, Unreadable: true}}, text.Fail(ErrUnreadable, text.RecordSealed, string(kind), id, v.Number)
	}
	if !v.Unbound {
		v.SHA256 = sha256Hex(v.Body)
	}
	return v, nil
}

func sha256Hex(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// Records returns the records of a kind, the oldest first. With those of which a version
// cannot be read comes an error that wraps ErrUnreadable.
func (s *Store) Records(kind register.Kind) (all []StoredRecord, err error) {
	var bad []error
	err = s.db.View(func(tx *bbolt.Tx) error {
		return eachUnder(tx.Bucket(recordsBucket), string(kind), func(name string, sealed []byte) error {
			v, err := s.readVersion(kind, name, sealed)
			bad = append(bad, err)
			id, _, _ := strings.Cut(name, "/")
			if n := len(all) - 1; n >= 0 && all[n].ID == id {
				all[n].Earlier, all[n].Version = append(all[n].Earlier, all[n].Version), v
				return nil
			}
			all = append(all, StoredRecord{ID: id, Kind: kind, Version: v})
			return nil
		})
	})
	return all, errors.Join(append(bad, err)...)
}

// AllRecords returns the newest versions of all records but those that are withdrawn. The kinds of which a version
// cannot be read are Unreadable, with the error of Records.
func (s *Store) AllRecords() (register.Records, error) {
	var all register.Records
	var bad []error
	for _, kind := range register.Kinds {
		if err := s.addNewest(&all, kind); err != nil {
			all.Unreadable = append(all.Unreadable, kind)
			bad = append(bad, err)
		}
	}
	return all, errors.Join(bad...)
}

// Complaints are those of AllRecords; what else cannot be read does not matter to them.
func (s *Store) Complaints() ([]register.Complaint, error) {
	var all register.Records
	err := s.addNewest(&all, register.KindComplaint)
	return all.Complaints, err
}

func (s *Store) addNewest(all *register.Records, kind register.Kind) error {
	list, err := s.Records(kind)
	for _, r := range list {
		if !r.Unreadable && !r.Withdrawn {
			err = errors.Join(err, all.Add(kind, r.Body))
		}
	}
	return err
}

// versionSchema changes nothing in the database: a program of before would take each
// version for a record of its own, and is kept from it by the number.
func versionSchema(*bbolt.Tx, *seal.Cipher) error { return nil }

// Removal is a camera that was taken away, with what had been said of it.
type Removal struct {
	Camera media.CameraID `json:"-"`
	Name   string         `json:"name,omitempty"`
	Time   time.Time      `json:"time"`
	Place  policy.Place   `json:"place,omitempty"`
	// Used: somebody had said since when the camera was in use.
	Used bool `json:"used,omitempty"`
}

// removedKey is what a camera's removals are kept under, each with its time behind it.
const removedKey = "/removed/"

func noteRemoval(tx *bbolt.Tx, id media.CameraID, now time.Time) error {
	facts := tx.Bucket(factsBucket)
	var said policy.Camera
	_ = json.Unmarshal(facts.Get([]byte(id)), &said) // else nothing is known of it
	var was struct {
		Name string `json:"name"`
	}
	_ = json.Unmarshal(tx.Bucket(camerasBucket).Get([]byte(id)), &was) // else it goes by its id
	b, err := json.Marshal(Removal{Name: was.Name, Time: stored(now), Place: said.Place, Used: said.Commissioned != ""})
	if err != nil {
		return err
	}
	return facts.Put(removalKey(id, now), b)
}

func removalKey(id media.CameraID, at time.Time) []byte {
	return fmt.Appendf(nil, "%s%s%014d", id, removedKey, at.UnixMilli())
}

// Removals returns the cameras that were taken away, the oldest first. With those that cannot
// be read comes an error that wraps ErrUnreadable.
func (s *Store) Removals() (all []Removal, err error) {
	var bad []error
	err = s.db.View(func(tx *bbolt.Tx) error {
		return eachRemoval(tx, func(key string, b []byte) error {
			var r Removal
			if err := json.Unmarshal(b, &r); err != nil {
				bad = append(bad, text.Fail(ErrUnreadable, text.StoreEntry, key, err))
			}
			id, _, _ := strings.Cut(key, "/")
			r.Camera = media.CameraID(id)
			all = append(all, r)
			return nil
		})
	})
	slices.SortStableFunc(all, func(a, b Removal) int { return a.Time.Compare(b.Time) })
	return all, errors.Join(append(bad, err)...)
}

func eachRemoval(tx *bbolt.Tx, f func(key string, b []byte) error) error {
	facts := tx.Bucket(factsBucket)
	if facts == nil {
		return nil // of an earlier schema
	}
	return facts.ForEach(func(k, b []byte) error {
		if strings.Contains(string(k), removedKey) {
			return f(string(k), b)
		}
		return nil
	})
}
