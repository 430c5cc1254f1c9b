package store

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"maps"
	"strings"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/register"
)

// sealedVersionBody is a version as it is sealed: the names that stand in it are beside the body,
// each with the salt of its mark, so that they can be forgotten and the body's hash stays true.
type sealedVersionBody struct {
	Version
	Hidden map[string]hiddenName `json:"names,omitempty"`
}

type hiddenName struct {
	Salt []byte `json:"salt"`
	Name string `json:"name"`
}

// hide takes the names out of a version that is entered. Marks in it are those of the version
// before, whose names they keep.
func hide(kind register.Kind, v Version, before sealedVersionBody) (sealedVersionBody, error) {
	out := sealedVersionBody{Version: v}
	names, err := register.Names(kind, v.Body)
	if err != nil || len(names) == 0 {
		return out, err
	}
	were := map[string]string{}
	if before.Body != nil {
		were, err = register.Names(kind, before.Body)
	}
	if err == nil {
		err = register.CheckNames(names, were)
	}
	if err != nil {
		return out, invalid{err}
	}
	out.Hidden = map[string]hiddenName{}
	for field, said := range names {
		hidden, known := before.Hidden[field]
		switch {
		case !register.IsMark(said):
			hidden = hiddenName{Salt: salt(), Name: said}
			names[field] = register.Mark(sha256Hex(append(hidden.Salt, said...)))
		case !known:
			continue // forgotten
		}
		out.Hidden[field] = hidden
	}
	out.Body, err = register.WithNames(v.Body, names)
	return out, err
}

func salt() []byte {
	b := make([]byte, 16)
	rand.Read(b) // never fails
	return b
}

// unbound takes the names out of a version that an earlier program stored with them: its hash is
// of the body as that was.
func unbound(kind register.Kind, v *sealedVersionBody) error {
	names, err := register.Names(kind, v.Body)
	if err != nil {
		return err
	}
	maps.DeleteFunc(names, func(_, said string) bool { return register.IsMark(said) })
	if len(names) == 0 {
		return nil
	}
	v.SHA256, v.Unbound, v.Hidden = sha256Hex(v.Body), true, map[string]hiddenName{}
	for field, said := range names {
		v.Hidden[field], names[field] = hiddenName{Name: said}, register.MarkUnbound
	}
	v.Body, err = register.WithNames(v.Body, names)
	return err
}

// namesOf are the names of a version by their fields.
func namesOf(hidden map[string]hiddenName) map[string]string {
	if len(hidden) == 0 {
		return nil
	}
	names := map[string]string{}
	for field, h := range hidden {
		names[field] = h.Name
	}
	return names
}

// ForgetNames takes the names out of all versions of those records of which due says so by the
// newest version, and notes the day. It returns their numbers, of those with names alone. What
// proves a version stays: the hash of its body, in which marks stand.
func (s *Store) ForgetNames(kind register.Kind, today civil.Date, due func(newest Version) bool) (ids []string, err error) {
	if len(register.NameFields(kind)) == 0 {
		return nil, nil
	}
	all, err := s.Records(kind)
	if err != nil && !errors.Is(err, ErrUnreadable) {
		return nil, err
	}
	for _, r := range all {
		if r.Unreadable || !due(r.Version) {
			continue
		}
		forgotten := false
		wrong := s.update(string(kind), func(tx *bbolt.Tx) (err error) {
			forgotten, err = s.forget(tx.Bucket(recordsBucket), kind, r.ID, today)
			return err
		})
		if err = errors.Join(err, wrong); forgotten && wrong == nil {
			ids = append(ids, r.ID)
		}
	}
	return ids, err
}

// forget takes the names out of all versions of one record.
func (s *Store) forget(records *bbolt.Bucket, kind register.Kind, id string, today civil.Date) (forgotten bool, err error) {
	changed := map[string]sealedVersionBody{}
	err = eachUnder(records, string(kind), func(name string, sealed []byte) error {
		if of, _, _ := strings.Cut(name, "/"); of != id {
			return nil
		}
		v, err := s.openVersion(kind, name, sealed)
		if err == nil && len(v.Hidden) > 0 {
			v.Hidden, v.Forgotten = nil, today
			changed[name] = v
		}
		return nil // what cannot be read holds no name that anybody could read
	})
	for name, v := range changed {
		err = errors.Join(err, s.putSealed(records, kind, name, v))
	}
	return len(changed) > 0, err
}

func (s *Store) putSealed(records *bbolt.Bucket, kind register.Kind, name string, v sealedVersionBody) error {
	if !v.Unbound {
		v.SHA256 = "" // it follows from the body
	}
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return records.Put(under(string(kind), name), s.cipher.Seal(string(b), sealedVersion, string(kind), name))
}
