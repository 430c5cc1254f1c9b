package store

import (
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Camera is one camera as it was added.
type Camera struct {
	ID media.CameraID
	// Name is for people: up to 200 bytes in any language, may be empty.
	Name string
	// Group is where it hangs, a building or a floor, for people; as Name.
	Group string
	// URL begins with one of config.Schemes and holds no user and password. It is
	// encrypted all the same: some cameras take the password in the path.
	URL string
	// User and Password log in at the camera; empty means no login.
	User     string
	Password Secret
	// Transport is one of config.Transports; empty means auto.
	Transport string
	// Fingerprint, SeenSecure and BasicLogin are as in Trust.
	Fingerprint            string
	SeenSecure, BasicLogin bool
	// InsecureTLS accepts any certificate.
	InsecureTLS bool
	// Mask, LookAhead, RateCap and MaxSize replace the settings' defaults; empty and
	// nil mean those.
	Mask      string
	LookAhead *time.Duration
	RateCap   *float64
	MaxSize   media.OutputSize
	// SubSize and SubFPS, 1 to 30, are the same for its sub-stream; empty and 0 mean those.
	SubSize media.SubSize
	SubFPS  int
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
	Name        string           `json:"name,omitempty"`
	Group       string           `json:"group,omitempty"`
	URL         []byte           `json:"url"` // sealed
	User        string           `json:"user,omitempty"`
	Password    []byte           `json:"password,omitempty"` // sealed
	Transport   string           `json:"transport,omitempty"`
	Fingerprint string           `json:"fingerprint,omitempty"`
	SeenSecure  bool             `json:"seen_secure,omitempty"`
	BasicLogin  bool             `json:"basic_login,omitempty"`
	InsecureTLS bool             `json:"insecure_tls,omitempty"`
	Mask        string           `json:"mask,omitempty"`
	LookAhead   *time.Duration   `json:"look_ahead_ns,omitempty"`
	RateCap     *float64         `json:"rate_cap,omitempty"`
	MaxSize     media.OutputSize `json:"max_size,omitempty"`
	SubSize     media.SubSize    `json:"sub_size,omitempty"`
	SubFPS      int              `json:"sub_fps,omitempty"`
	Cover       string           `json:"cover,omitempty"`
	Mounting    media.Mounting   `json:"mounting,omitempty"`
	Created     time.Time        `json:"created"`
	Lock        *lockRecord      `json:"lock,omitempty"`
}

// PutCamera stores a camera. One of the same ID is an ErrExists, or with
// replace is replaced as a whole but for its time of creation and its lock,
// whose passwords nobody else has. A field that the store refuses is an ErrInvalid.
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
		r := s.seal(c)
		r.Lock = lockIn(old)
		b, err := json.Marshal(r)
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
	return s.changeCamera(id, func(r *record) error { r.Cover = cover; return nil })
}

// Trust is how far a camera is trusted.
type Trust struct {
	// Fingerprint is the SHA-256 of the camera's certificate in lower-case hex, to pin it;
	// empty means that the next one that it shows is pinned.
	Fingerprint string
	// SeenSecure: it was once read with digest or over TLS, so it is not sent a basic login.
	// BasicLogin: somebody said that it may be sent one all the same.
	SeenSecure, BasicLogin bool
}

// ChangeTrust changes how far a camera is trusted, and nothing else of it. The errors are
// those of PutCover and of change.
func (s *Store) ChangeTrust(id media.CameraID, change func(*Trust) error) error {
	return s.changeCamera(id, func(r *record) error {
		t := Trust{r.Fingerprint, r.SeenSecure, r.BasicLogin}
		if err := change(&t); err != nil {
			return err
		}
		if t.Fingerprint != "" && !fingerprint.MatchString(t.Fingerprint) {
			return text.Fail(ErrInvalid, text.StoreFingerprint)
		}
		r.Fingerprint, r.SeenSecure, r.BasicLogin = t.Fingerprint, t.SeenSecure, t.BasicLogin
		return nil
	})
}

// PutMounting changes which way is up in a camera's frame, and nothing else
// of it. The errors are those of PutCover.
func (s *Store) PutMounting(id media.CameraID, m media.Mounting) error {
	if !m.Known() {
		return text.Fail(ErrInvalid, text.MountingUnknown, string(m))
	}
	return s.changeCamera(id, func(r *record) error { r.Mounting = m; return nil })
}

func (s *Store) changeCamera(id media.CameraID, change func(*record) error) error {
	return s.update(string(id), func(tx *bbolt.Tx) error {
		cameras := tx.Bucket(camerasBucket)
		r, err := readRecord(tx, id)
		if err != nil {
			return err
		}
		if err := change(&r); err != nil {
			return err
		}
		b, err := json.Marshal(r)
		if err != nil {
			return err
		}
		return cameras.Put([]byte(id), b)
	})
}

func readRecord(tx *bbolt.Tx, id media.CameraID) (r record, err error) {
	b := tx.Bucket(camerasBucket).Get([]byte(id))
	if b == nil {
		return r, text.Fail(ErrNotFound, text.CameraNotFound, id)
	}
	if err := json.Unmarshal(b, &r); err != nil {
		return r, text.Fail(ErrUnreadable, text.StoreEntry, id, err)
	}
	return r, nil
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

func (s *Store) seal(c Camera) record {
	r := record{Name: c.Name, Group: c.Group, User: c.User, Transport: c.Transport, Fingerprint: c.Fingerprint, InsecureTLS: c.InsecureTLS,
		SeenSecure: c.SeenSecure, BasicLogin: c.BasicLogin, Mask: c.Mask, LookAhead: c.LookAhead, RateCap: c.RateCap, MaxSize: c.MaxSize, SubSize: c.SubSize, SubFPS: c.SubFPS, Cover: c.Cover, Mounting: c.Mounting, Created: c.Created}
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
	return Camera{ID: id, Name: r.Name, Group: r.Group, URL: address, User: r.User, Password: NewSecret(password), Transport: r.Transport,
		Fingerprint: r.Fingerprint, SeenSecure: r.SeenSecure, BasicLogin: r.BasicLogin, InsecureTLS: r.InsecureTLS, Mask: r.Mask, LookAhead: r.LookAhead, RateCap: r.RateCap, MaxSize: r.MaxSize, SubSize: r.SubSize, SubFPS: r.SubFPS, Cover: r.Cover, Mounting: r.Mounting, Created: r.Created}, nil
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
		{text.FieldName, c.Name, maxName}, {text.FieldGroup, c.Group, maxName}, {text.FieldAddress, c.URL, maxURL},
		{text.FieldUser, c.User, maxUser}, {text.FieldPassword, c.Password.Reveal(), maxPassword},
	} {
		if err := checkText(f.what, f.value, f.most); err != nil {
			return err
		}
	}
	switch {
	case c.Transport != "" && !slices.Contains(config.Transports, c.Transport):
		return text.Fail(ErrInvalid, text.ConfigChoice, text.FieldTransport, c.Transport, strings.Join(config.Transports, ", "))
	case c.Fingerprint != "" && !fingerprint.MatchString(c.Fingerprint):
		return text.Fail(ErrInvalid, text.StoreFingerprint)
	case !c.MaxSize.Known():
		return text.Fail(ErrInvalid, text.OutputSizeUnknown, text.FieldMaxSize, c.MaxSize)
	case !c.SubSize.Known() || c.SubFPS < 0 || c.SubFPS > media.MaxSubFPS:
		return text.Fail(ErrInvalid, text.SubStreamUnknown, c.SubSize, c.SubFPS, media.MaxSubFPS)
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

// Lock is what the gateway keeps of a camera's accounts whose passwords it set. Nothing in
// it is forgotten before a login was proved: see package gateway/lock.
type Lock struct {
	// Service is the camera's ONVIF device service, Fingerprint the SHA-256 of its
	// certificate in hex, empty over plain HTTP. Way is how it wants the login, 0: not known.
	Service, Fingerprint string
	Way                  int
	Accounts             []Account
	// Since is when the gateway's own account got its new password; zero: not locked.
	Since time.Time
	// Checked is when ways around the lock were looked for, Bypass the words of those found.
	Checked time.Time
	Bypass  []string
}

// Account is one at a camera. Of its passwords nil says that it is not known, or that there
// is none; a known one may be empty.
type Account struct {
	Name, Level string
	// Current is the one that worked last; Pending was sent, or is about to be; Former
	// was there before the first lock; Spare are earlier ones and unproved ones, the newest last.
	Current, Pending, Former *Secret
	Spare                    []Secret
	// Next is the password from which on to try, where none has worked yet.
	Next int
}

// Ours reports whether an account has a password that this gateway set.
func (a Account) Ours() bool {
	return a.Current != nil && (a.Former == nil || a.Former.Reveal() != a.Current.Reveal())
}

// lockRecord and accountRecord are on the disk; all passwords are sealed.
type lockRecord struct {
	Service     string          `json:"service"`
	Fingerprint string          `json:"fingerprint,omitempty"`
	Way         int             `json:"way,omitempty"`
	Accounts    []accountRecord `json:"accounts"`
	Since       time.Time       `json:"since,omitzero"`
	Checked     time.Time       `json:"checked,omitzero"`
	Bypass      []string        `json:"bypass,omitempty"`
}

type accountRecord struct {
	Name    string   `json:"name"`
	Level   string   `json:"level"`
	Current []byte   `json:"current,omitempty"`
	Pending []byte   `json:"pending,omitempty"`
	Former  []byte   `json:"former,omitempty"`
	Spare   [][]byte `json:"spare,omitempty"`
	Next    int      `json:"next,omitempty"`
}

// lockIn is the lock in a record, which may be nil or damaged.
func lockIn(old []byte) *lockRecord {
	var r record
	_ = json.Unmarshal(old, &r) // else there is none to keep
	return r.Lock
}

// Lock returns a camera's lock; its zero value says that there is none. ErrNotFound and
// ErrUnreadable say why it cannot be told.
func (s *Store) Lock(id media.CameraID) (l Lock, err error) {
	err = s.db.View(func(tx *bbolt.Tx) error {
		r, err := readRecord(tx, id)
		if err == nil {
			l, err = s.unsealLock(id, r.Lock)
		}
		return err
	})
	return l, err
}

// Locks are the cameras that have a lock, with what was found around it. No password is
// decrypted for that.
func (s *Store) Locks() (all map[media.CameraID]Lock, err error) {
	all = map[media.CameraID]Lock{}
	err = s.db.View(func(tx *bbolt.Tx) error {
		return tx.Bucket(camerasBucket).ForEach(func(id, b []byte) error {
			if l := lockIn(b); l != nil {
				all[media.CameraID(id)] = Lock{Since: l.Since, Checked: l.Checked, Bypass: l.Bypass}
			}
			return nil
		})
	})
	return all, err
}

// ChangeLock changes a camera and its lock in one step; a lock without accounts is none.
// An error of change changes nothing.
func (s *Store) ChangeLock(id media.CameraID, change func(*Camera, *Lock) error) error {
	return s.update(string(id), func(tx *bbolt.Tx) error {
		r, err := readRecord(tx, id)
		if err != nil {
			return err
		}
		c, err := s.unseal(id, tx.Bucket(camerasBucket).Get([]byte(id)))
		if err != nil {
			return err
		}
		l, err := s.unsealLock(id, r.Lock)
		if err == nil {
			err = change(&c, &l)
		}
		if err != nil {
			return err
		}
		next := s.seal(c)
		next.Lock = s.sealLock(id, l)
		b, err := json.Marshal(next)
		if err != nil {
			return err
		}
		return tx.Bucket(camerasBucket).Put([]byte(id), b)
	})
}

// lockPlace is what a password of an account is sealed for.
func lockPlace(id media.CameraID, account string) []string {
	return []string{"camera", string(id), "account", account}
}

func (s *Store) sealLock(id media.CameraID, l Lock) *lockRecord {
	if len(l.Accounts) == 0 {
		return nil
	}
	r := &lockRecord{Service: l.Service, Fingerprint: l.Fingerprint, Way: l.Way, Since: l.Since, Checked: l.Checked, Bypass: l.Bypass}
	for _, a := range l.Accounts {
		one := func(p *Secret) []byte {
			if p == nil {
				return nil
			}
			return s.cipher.Seal(p.Reveal(), lockPlace(id, a.Name)...)
		}
		ar := accountRecord{Name: a.Name, Level: a.Level, Current: one(a.Current), Pending: one(a.Pending), Former: one(a.Former), Next: a.Next}
		for _, p := range a.Spare {
			ar.Spare = append(ar.Spare, one(&p))
		}
		r.Accounts = append(r.Accounts, ar)
	}
	return r
}

func (s *Store) unsealLock(id media.CameraID, r *lockRecord) (l Lock, err error) {
	if r == nil {
		return l, nil
	}
	l = Lock{Service: r.Service, Fingerprint: r.Fingerprint, Way: r.Way, Since: r.Since, Checked: r.Checked, Bypass: r.Bypass}
	for _, ar := range r.Accounts {
		one := func(sealed []byte) *Secret {
			if sealed == nil || err != nil {
				return nil
			}
			var plain string
			if plain, err = s.cipher.Open(sealed, lockPlace(id, ar.Name)...); err != nil {
				err = text.Fail(ErrUnreadable, text.StoreSealed, id)
			}
			p := NewSecret(plain)
			return &p
		}
		a := Account{Name: ar.Name, Level: ar.Level, Current: one(ar.Current), Pending: one(ar.Pending), Former: one(ar.Former), Next: ar.Next}
		for _, sealed := range ar.Spare {
			if p := one(sealed); p != nil {
				a.Spare = append(a.Spare, *p)
			}
		}
		l.Accounts = append(l.Accounts, a)
	}
	return l, err
}
