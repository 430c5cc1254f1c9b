package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Camera is one camera as it was added.
type Camera struct {
	ID media.CameraID
	// Name is for people: up to 200 bytes in any language, may be empty.
	Name string
	// URL is rtsp:// or rtsps:// without user and password. It is encrypted
	// all the same: some cameras take the password in the path.
	URL string
	// User and Password log in at the camera; empty means no login.
	User     string
	Password Secret
	// Transport is auto, tcp or udp; empty means auto.
	Transport string
	// Fingerprint is the SHA-256 of the camera's certificate in lower-case
	// hex, to pin it; empty means none.
	Fingerprint string
	// InsecureTLS accepts any certificate.
	InsecureTLS bool
	// Mask, LookAhead and RateCap replace the settings' defaults; empty and
	// nil mean those.
	Mask      string
	LookAhead *time.Duration
	RateCap   *float64
	// Cover is one of config.Covers; empty means faces.
	Cover string
	// Mounting says which way is up; empty means auto.
	Mounting media.Mounting
	// Created is when the camera was first put, in UTC; the store sets it
	// where it is zero.
	Created time.Time
}

// Limits of a camera's fields in bytes.
const (
	maxName     = 200
	maxURL      = 1024
	maxUser     = 128
	maxPassword = 256
)

// record is a camera on the disk, under its ID.
type record struct {
	Name        string         `json:"name,omitempty"`
	URL         []byte         `json:"url"` // sealed
	User        string         `json:"user,omitempty"`
	Password    []byte         `json:"password,omitempty"` // sealed
	Transport   string         `json:"transport,omitempty"`
	Fingerprint string         `json:"fingerprint,omitempty"`
	InsecureTLS bool           `json:"insecure_tls,omitempty"`
	Mask        string         `json:"mask,omitempty"`
	LookAhead   *time.Duration `json:"look_ahead_ns,omitempty"`
	RateCap     *float64       `json:"rate_cap,omitempty"`
	Cover       string         `json:"cover,omitempty"`
	Mounting    media.Mounting `json:"mounting,omitempty"`
	Created     time.Time      `json:"created"`
}

// PutCamera stores a camera. One of the same ID is an ErrExists, or with
// replace is replaced as a whole but for its time of creation. A field that
// the store refuses is an ErrInvalid.
func (s *Store) PutCamera(c Camera, replace bool) error {
	if err := c.check(); err != nil {
		return err
	}
	id := []byte(c.ID)
	return s.update(string(c.ID), func(tx *bbolt.Tx) error {
		cameras := tx.Bucket(camerasBucket)
		old := cameras.Get(id)
		if old != nil && !replace {
			return text.Fail(ErrExists, text.CameraExists, c.ID)
		}
		if c.Created.IsZero() {
			c.Created = created(old)
		}
		b, err := json.Marshal(s.seal(c))
		if err != nil {
			return err
		}
		return cameras.Put(id, b)
	})
}

// PutCover changes what of a camera's frame is masked, and nothing else of
// it. ErrNotFound, ErrInvalid and ErrUnreadable say why not.
func (s *Store) PutCover(id media.CameraID, cover string) error {
	if !slices.Contains(config.Covers, cover) {
		return text.Fail(ErrInvalid, text.CoverUnknown, cover)
	}
	return s.changeCamera(id, func(r *record) { r.Cover = cover })
}

// PutMounting changes which way is up in a camera's frame, and nothing else
// of it. The errors are those of PutCover.
func (s *Store) PutMounting(id media.CameraID, m media.Mounting) error {
	if !m.Known() {
		return text.Fail(ErrInvalid, text.MountingUnknown, string(m))
	}
	return s.changeCamera(id, func(r *record) { r.Mounting = m })
}

func (s *Store) changeCamera(id media.CameraID, change func(*record)) error {
	return s.update(string(id), func(tx *bbolt.Tx) error {
		cameras := tx.Bucket(camerasBucket)
		old := cameras.Get([]byte(id))
		if old == nil {
			return text.Fail(ErrNotFound, text.CameraNotFound, id)
		}
		var r record
		if err := json.Unmarshal(old, &r); err != nil {
			return text.Fail(ErrUnreadable, text.StoreEntry, id, err)
		}
		change(&r)
		b, err := json.Marshal(r)
		if err != nil {
			return err
		}
		return cameras.Put([]byte(id), b)
	})
}

// created is the time in a record, or now where there is none to keep.
func created(old []byte) time.Time {
	var r record
	if old != nil && json.Unmarshal(old, &r) == nil && !r.Created.IsZero() {
		return r.Created
	}
	return time.Now().UTC().Truncate(time.Second)
}

// Cameras returns all cameras in the order of their IDs. Those that cannot be
// read make an error that wraps ErrUnreadable; the others come with it.
func (s *Store) Cameras() ([]Camera, error) {
	var all []Camera
	var bad []error
	err := s.db.View(func(tx *bbolt.Tx) error {
		return tx.Bucket(camerasBucket).ForEach(func(id, b []byte) error {
			c, err := s.unseal(media.CameraID(id), b)
			if err != nil {
				bad = append(bad, err)
				return nil
			}
			all = append(all, c)
			return nil
		})
	})
	return all, errors.Join(append(bad, err)...)
}

// Camera returns one camera; ErrNotFound and ErrUnreadable say why not.
func (s *Store) Camera(id media.CameraID) (Camera, error) {
	var c Camera
	err := s.db.View(func(tx *bbolt.Tx) (err error) {
		b := tx.Bucket(camerasBucket).Get([]byte(id))
		if b == nil {
			return text.Fail(ErrNotFound, text.CameraNotFound, id)
		}
		c, err = s.unseal(id, b)
		return err
	})
	return c, err
}

// DeleteCamera takes a camera back that was not added after all, a damaged one too.
// ErrNotFound says that there is none.
func (s *Store) DeleteCamera(id media.CameraID) error {
	return s.update(string(id), func(tx *bbolt.Tx) error { return deleteCamera(tx, id) })
}

// RemoveCamera removes a camera, a damaged one too, and keeps that it was taken away.
// ErrNotFound says that there is none.
func (s *Store) RemoveCamera(id media.CameraID, now time.Time) error {
	return s.update(string(id), func(tx *bbolt.Tx) error {
		err := noteRemoval(tx, id, now)
		if err == nil {
			err = deleteCamera(tx, id)
		}
		return err
	})
}

func deleteCamera(tx *bbolt.Tx, id media.CameraID) error {
	cameras := tx.Bucket(camerasBucket)
	if cameras.Get([]byte(id)) == nil {
		return text.Fail(ErrNotFound, text.CameraNotFound, id)
	}
	return errors.Join(deleteRules(tx, id), cameras.Delete([]byte(id)))
}

// Removal is a camera that was taken away, with what had been said of it.
type Removal struct {
	Camera media.CameraID `json:"-"`
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
	b, err := json.Marshal(Removal{Time: stored(now), Place: said.Place, Used: said.Commissioned != ""})
	if err != nil {
		return err
	}
	return facts.Put(fmt.Appendf(nil, "%s%s%014d", id, removedKey, now.UnixMilli()), b)
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

func (s *Store) seal(c Camera) record {
	r := record{Name: c.Name, User: c.User, Transport: c.Transport, Fingerprint: c.Fingerprint, InsecureTLS: c.InsecureTLS,
		Mask: c.Mask, LookAhead: c.LookAhead, RateCap: c.RateCap, Cover: c.Cover, Mounting: c.Mounting, Created: c.Created}
	r.URL = s.cipher.Seal(c.URL, "camera", string(c.ID), "url")
	if password := c.Password.Reveal(); password != "" {
		r.Password = s.cipher.Seal(password, "camera", string(c.ID), "password")
	}
	return r
}

func (s *Store) unseal(id media.CameraID, b []byte) (Camera, error) {
	var r record
	if err := json.Unmarshal(b, &r); err != nil {
		return Camera{}, text.Fail(ErrUnreadable, text.StoreEntry, id, err)
	}
	address, err := s.cipher.Open(r.URL, "camera", string(id), "url")
	var password string
	if err == nil && r.Password != nil {
		password, err = s.cipher.Open(r.Password, "camera", string(id), "password")
	}
	if err != nil {
		return Camera{}, text.Fail(ErrUnreadable, text.StoreSealed, id)
	}
	return Camera{ID: id, Name: r.Name, URL: address, User: r.User, Password: NewSecret(password), Transport: r.Transport,
		Fingerprint: r.Fingerprint, InsecureTLS: r.InsecureTLS, Mask: r.Mask, LookAhead: r.LookAhead, RateCap: r.RateCap, Cover: r.Cover, Mounting: r.Mounting, Created: r.Created}, nil
}

// update runs one transaction. Problems that have their text already keep it;
// the rest is the disk's.
func (s *Store) update(what string, f func(*bbolt.Tx) error) error {
	err := s.db.Update(f)
	var p *text.Problem
	if err == nil || errors.As(err, &p) {
		return err
	}
	return text.Fail(err, text.StoreSave, what, err)
}

var fingerprint = regexp.MustCompile(`^[0-9a-f]{64}$`)

// check never shows a field's content but where it can hold no password.
func (c Camera) check() error {
	if _, err := media.ParseCameraID(string(c.ID)); err != nil {
		return text.Fail(ErrInvalid, text.ConfigSlug, text.HeadCamera, string(c.ID), media.MaxCameraID, "lobby")
	}
	for _, f := range []struct {
		what  text.Key
		value string
		most  int
	}{
		{text.FieldName, c.Name, maxName}, {text.FieldAddress, c.URL, maxURL},
		{text.FieldUser, c.User, maxUser}, {text.FieldPassword, c.Password.Reveal(), maxPassword},
	} {
		if err := checkText(f.what, f.value, f.most); err != nil {
			return err
		}
	}
	switch {
	case c.Transport != "" && c.Transport != "auto" && c.Transport != "tcp" && c.Transport != "udp":
		return text.Fail(ErrInvalid, text.ConfigChoice, "transport", c.Transport, "auto, tcp, udp")
	case c.Fingerprint != "" && !fingerprint.MatchString(c.Fingerprint):
		return text.Fail(ErrInvalid, text.StoreFingerprint)
	case c.Cover != "" && !slices.Contains(config.Covers, c.Cover):
		return text.Fail(ErrInvalid, text.CoverUnknown, c.Cover)
	case c.Mounting != "" && !c.Mounting.Known():
		return text.Fail(ErrInvalid, text.MountingUnknown, string(c.Mounting))
	}
	if err := config.CheckCamera(c.Mask, c.LookAhead, c.RateCap); err != nil {
		return invalid{err}
	}
	return checkURL(c.URL)
}

// invalid makes another package's problem an ErrInvalid.
type invalid struct{ error }

func (invalid) Is(target error) bool { return target == ErrInvalid }
func (i invalid) Unwrap() error      { return i.error }

func checkText(what text.Key, s string, most int) error {
	if len(s) > most {
		return text.Fail(ErrInvalid, text.StoreFieldLong, what, most)
	}
	if !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
		return text.Fail(ErrInvalid, text.StoreFieldControl, what)
	}
	return nil
}

// checkURL takes no fragment: a '#' there is mostly the start of a password's
// second half.
func checkURL(s string) error {
	u, err := url.Parse(s)
	if err == nil && u.User != nil {
		return text.Fail(ErrInvalid, text.StoreURLLogin)
	}
	if err != nil || u.Scheme != "rtsp" && u.Scheme != "rtsps" || u.Hostname() == "" || u.Fragment != "" || strings.Contains(s, " ") {
		return text.Fail(ErrInvalid, text.StoreURL)
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return text.Fail(ErrInvalid, text.StoreURL)
		}
	}
	return nil
}
