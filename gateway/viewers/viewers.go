// Package viewers keeps who may watch masked streams: the login that the gateway made for
// itself, for all cameras, and named ones for a recorder or viewer each, limited to cameras.
// Every way in asks here: RTSP, ONVIF, HLS.
//
// In: an administrator's requests, names that doors are given. Out: passwords for their
// digests, which cameras a login may watch, when it was last used. It has no goroutine. A
// password is never shown again; it is kept whole and encrypted, for the digests of RTSP and
// ONVIF are made of it.
package viewers

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

const (
	// setting is where the store keeps the logins, encrypted, and builtInSetting what is known
	// of the built-in one beside its password.
	setting        = "stream.logins"
	builtInSetting = "stream.built-in"
	// MaxLogins bounds them, the built-in one apart.
	MaxLogins = 64
	// minPassword and maxPassword bound a password that an administrator gives, in bytes.
	minPassword, maxPassword = 10, 64
	// seenEvery is the least time between two writes of when a login was last used.
	seenEvery = time.Hour
	// UnusedAfter is how long the built-in login is not used before it counts as unused.
	UnusedAfter = 7 * 24 * time.Hour
)

// builtIn is what the store has of the built-in login.
type builtIn struct {
	Off      bool      `json:"off,omitempty"`
	LastSeen time.Time `json:"last_seen,omitzero"`
	Door     string    `json:"door,omitempty"`
}

// login as the store has it.
type login struct {
	api.StreamLogin
	Password string `json:"password"`
}

// Viewers are the logins at the masked streams. Its methods may be called from any goroutine.
type Viewers struct {
	store *store.Store
	ended func()

	changing sync.Mutex // one change at a time

	mu      sync.Mutex
	all     []login // by name, the built-in one first
	written time.Time
}

// Open reads them. ended is called after each change that may end what somebody watches.
func Open(s *store.Store, ended func()) (*Viewers, error) {
	user, password, err := s.Viewer()
	if err != nil {
		return nil, err
	}
	var own builtIn
	var named []login
	if err = errors.Join(s.LoadSetting(builtInSetting, &own), s.LoadSetting(setting, &named)); err != nil {
		err = fmt.Errorf("logins at the streams: %w", err)
	}
	first := api.StreamLogin{Name: user, All: true, BuiltIn: true, Off: own.Off, LastSeen: own.LastSeen, Door: own.Door}
	return &Viewers{store: s, ended: ended, all: append([]login{{first, password.Reveal()}}, named...)}, err
}

// BuiltIn is the login that the gateway made for itself; false: it is switched off.
func (v *Viewers) BuiltIn() (name, password string, on bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.all[0].Name, v.all[0].Password, !v.all[0].Off
}

// SetBuiltIn switches the built-in login on or off; what is watched by it ends. It returns the
// login as it is then.
func (v *Viewers) SetBuiltIn(on bool) (now api.StreamLogin, err error) {
	return now, v.change(func(all []login) ([]login, error) {
		all[0].Off = !on
		now = all[0].StreamLogin
		return all, nil
	})
}

// Shared reports whether several may use one login: the built-in one is on, and either used or
// the only one.
func (v *Viewers) Shared(now time.Time) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	own := v.all[0]
	return !own.Off && (len(v.all) == 1 || now.Sub(own.LastSeen) < UnusedAfter)
}

// Password of the login of this name; false where there is none.
func (v *Viewers) Password(name string) (password string, ok bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if i := v.find(name); i >= 0 && !v.all[i].Off {
		return v.all[i].Password, true
	}
	return "", false
}

// May reports whether the login of this name may watch a camera.
func (v *Viewers) May(name string, camera media.CameraID) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	i := v.find(name)
	return i >= 0 && !v.all[i].Off && (v.all[i].All || slices.Contains(v.all[i].Cameras, camera))
}

// Saw notes that the login of this name was proved just now at a door.
func (v *Viewers) Saw(name, door string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	i := v.find(name)
	if i < 0 {
		return
	}
	v.all[i].LastSeen, v.all[i].Door = time.Now().UTC().Truncate(time.Second), door
}

func (v *Viewers) find(name string) int {
	return slices.IndexFunc(v.all, func(l login) bool { return l.Name == name })
}

// List returns them by name, the built-in one first.
func (v *Viewers) List() []api.StreamLogin {
	v.mu.Lock()
	defer v.mu.Unlock()
	var all []api.StreamLogin
	for _, l := range v.all {
		all = append(all, l.StreamLogin)
	}
	return all
}

// Add makes a login and, where none is given, its password. has reports whether there is a camera.
func (v *Viewers) Add(in api.NewStreamLogin, has func(media.CameraID) bool) (api.MadeStreamLogin, error) {
	if err := check(in, has); err != nil {
		return api.MadeStreamLogin{}, err
	}
	made := api.MadeStreamLogin{
		StreamLogin: api.StreamLogin{Name: in.Name, All: len(in.Cameras) == 0, Cameras: sorted(in.Cameras), Created: time.Now().UTC().Truncate(time.Second)},
		Password:    cmp.Or(in.Password, strings.ReplaceAll(store.NewPassword(), "-", "")), // many recorders take at most 16 letters
	}
	return made, v.change(func(all []login) ([]login, error) { return with(all, login{made.StreamLogin, made.Password}) })
}

// with refuses a login for which there is no name or no room.
func with(all []login, one login) ([]login, error) {
	if slices.ContainsFunc(all, func(l login) bool { return l.Name == one.Name }) {
		return nil, api.Refuse(api.CodeExists, text.StreamLoginExists, one.Name)
	}
	if len(all) > MaxLogins {
		return nil, api.Refuse(api.CodeInvalid, text.StreamLoginLimit, MaxLogins)
	}
	return append(all, one), nil
}

func check(in api.NewStreamLogin, has func(media.CameraID) bool) error {
	if _, err := media.ParseCameraID(in.Name); err != nil { // the same slugs
		return api.Refuse(api.CodeInvalid, text.StreamLoginName, in.Name, media.MaxCameraID)
	}
	odd := func(r rune) bool { return r < '!' || r > '~' || strings.ContainsRune(`":@/\`, r) }
	if n := len(in.Password); n > 0 && (n < minPassword || n > maxPassword || strings.ContainsFunc(in.Password, odd)) {
		return api.Refuse(api.CodeInvalid, text.StreamLoginPassword, minPassword, maxPassword)
	}
	return known(in.Cameras, has)
}

func known(cameras []media.CameraID, has func(media.CameraID) bool) error {
	for _, id := range cameras {
		if !has(id) {
			return api.Refuse(api.CodeNotFound, text.CameraNotFound, id)
		}
	}
	return nil
}

func sorted(cameras []media.CameraID) []media.CameraID {
	return slices.Compact(slices.Sorted(slices.Values(cameras)))
}

// SetCameras changes which cameras the login of this name may watch; none means all. It
// returns the login as it is then.
func (v *Viewers) SetCameras(name string, cameras []media.CameraID, has func(media.CameraID) bool) (now api.StreamLogin, err error) {
	if err := known(cameras, has); err != nil {
		return now, err
	}
	return now, v.change(func(all []login) ([]login, error) {
		i, err := named(all, name)
		if err == nil {
			all[i].All, all[i].Cameras = len(cameras) == 0, sorted(cameras)
			now = all[i].StreamLogin
		}
		return all, err
	})
}

// Remove withdraws one and returns it.
func (v *Viewers) Remove(name string) (gone api.StreamLogin, err error) {
	return gone, v.change(func(all []login) ([]login, error) {
		i, err := named(all, name)
		if err != nil {
			return nil, err
		}
		gone = all[i].StreamLogin
		return slices.Delete(all, i, i+1), nil
	})
}

// Forget takes a camera that was removed from all logins: another one may come by its name.
func (v *Viewers) Forget(camera media.CameraID) error {
	return v.change(func(all []login) ([]login, error) {
		for i, l := range all {
			all[i].Cameras = slices.DeleteFunc(slices.Clone(l.Cameras), func(id media.CameraID) bool { return id == camera })
		}
		return all, nil
	})
}

// Again returns what puts the login of this name back as it is now, with its password, but for cameras
// that are gone by then: another one may come by a name of theirs.
func (v *Viewers) Again(name string, has func(media.CameraID) bool) func() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	i := v.find(name)
	if i < 0 || v.all[i].BuiltIn {
		return nil
	}
	was := v.all[i]
	return func() error {
		back := was
		back.Cameras = slices.DeleteFunc(slices.Clone(was.Cameras), func(id media.CameraID) bool { return !has(id) })
		return v.change(func(all []login) ([]login, error) { return with(all, back) })
	}
}

// AgainCamera returns what puts a camera back into the logins that name it now.
func (v *Viewers) AgainCamera(camera media.CameraID) func() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	was := slices.DeleteFunc(slices.Clone(v.all), func(l login) bool { return !slices.Contains(l.Cameras, camera) })
	if len(was) == 0 {
		return func() error { return nil }
	}
	return func() error {
		return v.change(func(all []login) ([]login, error) {
			for i, l := range all {
				if slices.ContainsFunc(was, func(w login) bool { return w.Name == l.Name && w.Created.Equal(l.Created) }) {
					all[i].Cameras = sorted(append(slices.Clone(l.Cameras), camera))
				}
			}
			return all, nil
		})
	}
}

// named finds a login that may be changed.
func named(all []login, name string) (int, error) {
	i := slices.IndexFunc(all, func(l login) bool { return l.Name == name })
	if i < 0 {
		return 0, api.Refuse(api.CodeNotFound, text.StreamLoginUnknown, name)
	}
	if all[i].BuiltIn {
		return 0, api.Refuse(api.CodeInvalid, text.StreamLoginBuiltIn, name)
	}
	return i, nil
}

// change puts in force what f makes of the logins, once it is stored.
func (v *Viewers) change(f func([]login) ([]login, error)) error {
	v.changing.Lock()
	defer v.changing.Unlock()
	v.mu.Lock()
	all, err := f(slices.Clone(v.all))
	v.mu.Unlock()
	if err != nil {
		return err
	}
	slices.SortFunc(all[1:], func(x, y login) int { return cmp.Compare(x.Name, y.Name) })
	if err := v.keep(all); err != nil {
		return err
	}
	v.mu.Lock()
	for i := range all { // seen meanwhile
		if was := v.find(all[i].Name); was >= 0 {
			all[i].LastSeen, all[i].Door = v.all[was].LastSeen, v.all[was].Door
		}
	}
	v.all = all
	v.mu.Unlock()
	v.ended()
	return nil
}

// keep stores all; of the built-in one, the first, not the password.
func (v *Viewers) keep(all []login) error {
	return errors.Join(v.store.KeepSetting(setting, all[1:]), v.store.KeepSetting(builtInSetting, builtIn{all[0].Off, all[0].LastSeen, all[0].Door}))
}

// KeepSeen stores when logins were last used, at most once an hour. It waits for the disk.
func (v *Viewers) KeepSeen(now time.Time) error {
	v.changing.Lock()
	defer v.changing.Unlock()
	v.mu.Lock()
	due := now.Sub(v.written) >= seenEvery && slices.ContainsFunc(v.all, func(l login) bool { return l.LastSeen.After(v.written) })
	if due {
		v.written = now
	}
	all := slices.Clone(v.all)
	v.mu.Unlock()
	if !due {
		return nil
	}
	return v.keep(all)
}
