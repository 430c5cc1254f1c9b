package store

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"strings"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config/text"
)

const (
	maxSettingName = 64       // bytes
	maxSetting     = 64 << 10 // bytes
)

var settingName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]*$`)

// PutSetting stores a value, encrypted, in place of one that is there. Names
// are 1 to 64 of a-z, 0-9, dots and dashes; values have up to 64 KiB.
func (s *Store) PutSetting(name string, value Secret) error {
	if len(name) > maxSettingName || !settingName.MatchString(name) {
		return text.Fail(ErrInvalid, text.StoreSettingName, name, maxSettingName)
	}
	if len(value.Reveal()) > maxSetting {
		return text.Fail(ErrInvalid, text.StoreFieldLong, text.FieldSetting, maxSetting)
	}
	return s.update(name, func(tx *bbolt.Tx) error { return s.putSetting(tx, name, value.Reveal()) })
}

// Setting returns a value; ErrNotFound says that it was never put,
// ErrUnreadable that it is damaged.
func (s *Store) Setting(name string) (value Secret, err error) {
	err = s.db.View(func(tx *bbolt.Tx) (err error) {
		value, err = s.setting(tx, name)
		return err
	})
	return value, err
}

// LoadSetting reads a value that KeepSetting kept. What was never kept, or was put empty since,
// leaves into as it is; other errors are those of Setting and of the JSON.
func (s *Store) LoadSetting(name string, into any) error {
	v, err := s.Setting(name)
	if errors.Is(err, ErrNotFound) || err == nil && v.Reveal() == "" {
		return nil
	}
	if err != nil {
		return err
	}
	return json.Unmarshal([]byte(v.Reveal()), into)
}

// KeepSetting is PutSetting of a value as JSON.
func (s *Store) KeepSetting(name string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return s.PutSetting(name, NewSecret(string(b)))
}

func (s *Store) putSetting(tx *bbolt.Tx, name, value string) error {
	return tx.Bucket(settingsBucket).Put([]byte(name), s.cipher.Seal(value, "setting", name))
}

func (s *Store) setting(tx *bbolt.Tx, name string) (Secret, error) {
	sealed := tx.Bucket(settingsBucket).Get([]byte(name))
	if sealed == nil {
		return Secret{}, text.Fail(ErrNotFound, text.StoreNoSetting, name)
	}
	value, err := s.cipher.Open(sealed, "setting", name)
	if err != nil {
		return Secret{}, text.Fail(ErrUnreadable, text.StoreSealed, name)
	}
	return NewSecret(value), nil
}

// The settings of the viewer login, for a later change by PutSetting.
const (
	ViewerUser     = "viewer.user"
	ViewerPassword = "viewer.password"
)

// Viewer returns the login for masked streams. The first call makes it: user
// "viewer" and a random password.
func (s *Store) Viewer() (user string, password Secret, err error) {
	err = s.db.View(func(tx *bbolt.Tx) (err error) {
		user, password, err = s.viewer(tx)
		return err
	})
	if !errors.Is(err, ErrNotFound) {
		return user, password, err
	}
	err = s.update(ViewerPassword, func(tx *bbolt.Tx) (err error) {
		if user, password, err = s.viewer(tx); !errors.Is(err, ErrNotFound) {
			return err // another goroutine was first
		}
		user, password = "viewer", NewSecret(NewPassword())
		return errors.Join(s.putSetting(tx, ViewerUser, user), s.putSetting(tx, ViewerPassword, password.Reveal()))
	})
	return user, password, err
}

func (s *Store) viewer(tx *bbolt.Tx) (string, Secret, error) {
	user, err := s.setting(tx, ViewerUser)
	if err != nil {
		return "", Secret{}, err
	}
	password, err := s.setting(tx, ViewerPassword)
	return user.Reveal(), password, err
}

// letters leaves out what people mistake for another when they read or type
// it: i, l, 1, o, 0.
const letters = "abcdefghjkmnpqrstuvwxyz23456789"

// NewPassword has four groups of four letters, 79 random bits.
func NewPassword() string {
	const groups, size = 4, 4
	var b strings.Builder
	for n := 0; n < groups*size; {
		var one [1]byte
		rand.Read(one[:]) // never fails
		if int(one[0]) >= 256/len(letters)*len(letters) {
			continue // or the first letters would come more often
		}
		if n > 0 && n%size == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(letters[int(one[0])%len(letters)])
		n++
	}
	return b.String()
}

// Secret is a password or the like that prints as "[secret]" wherever it ends
// up: fmt with any verb, log/slog and JSON. Reveal alone gives
// it away. The zero value is the empty secret.
//
// Compare two by their revealed texts, not with ==.
type Secret struct {
	// A pointer: fmt cannot call our methods on the unexported field of
	// somebody's struct, and prints an address then.
	text *string
}

const masked = "[secret]"

// NewSecret wraps s.
func NewSecret(s string) Secret {
	if s == "" {
		return Secret{}
	}
	return Secret{text: &s}
}

// Reveal returns the secret itself.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// String returns "[secret]", for the empty secret too.
func (s Secret) String() string { return masked }

// GoString returns "[secret]".
func (s Secret) GoString() string { return masked }

// Format prints "[secret]" for every verb: %x and %d do not ask String.
func (s Secret) Format(f fmt.State, _ rune) { fmt.Fprint(f, masked) }

// MarshalJSON returns "[secret]" as JSON; there is no way back, on purpose.
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + masked + `"`), nil }

// LogValue logs "[secret]".
func (s Secret) LogValue() slog.Value { return slog.StringValue(masked) }
