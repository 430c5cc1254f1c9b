// Package displays keeps the links of screens that show masked pictures and may do nothing
// else: in a lodge, a control room. Each has a person who answers for it, a place, the cameras
// that it shows and a last day.
//
// In: a manager's requests, the tokens and cookies of screens. Out: who a cookie is and which
// cameras it sees, when each screen was last seen, and that one begins or ends to watch. It has no goroutine. Of a
// token and its cookie it keeps hashes; names are kept encrypted and go with the link.
package displays

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/identity"
	"github.com/bauta-gateway/bauta/hardware/media"
)

const (
	// setting is where the store keeps the links, encrypted.
	setting = "displays"
	// Max bounds the links, maxCameras the cameras that one names.
	Max        = 24
	maxCameras = 64
	// DefaultDays and MaxDays of a link: none is endless.
	DefaultDays, MaxDays = 365, 400
	// maxName bounds a label, a name, a place and a group, in bytes.
	maxName = 200
	// Prefix marks a token, so that scanners find one that was published by mistake.
	Prefix = "bauta_screen_"
	// away is after how long without a request a screen watches no more.
	away = time.Minute
	// idleAfter is after how long a link that no screen uses should be withdrawn.
	idleAfter = 90 * 24 * time.Hour
	// seenEvery is the least time between two writes of when screens were last seen.
	seenEvery = time.Hour
)

// Cameras are those that there are, with the groups that they are in.
type Cameras interface {
	Has(media.CameraID) bool
	Group(media.CameraID) string
}

// display as the store has it.
type display struct {
	api.DisplayPlace
	// Token and Cookie are hashes, in hex.
	Token  string `json:"token"`
	Cookie string `json:"cookie"`

	until    context.Context
	end      context.CancelFunc
	watching bool
}

// over reports whether it counts no more.
func (d *display) over(now time.Time) bool { return d.until.Err() != nil || !now.Before(d.Expires) }

// Displays are the links. Its methods may be called from any goroutine.
type Displays struct {
	store   *store.Store
	cameras func() Cameras
	watches func(id string, watching bool)
	now     func() time.Time

	changing sync.Mutex // one change at a time; it may wait for the disk, no screen does

	mu      sync.Mutex
	all     []*display // in the order in which they were made
	written time.Time
}

// Open reads them. cameras gives those that there are, and watches is told when a screen begins
// or ends to watch; it must not wait. Where the links cannot be read there are none.
func Open(s *store.Store, cameras func() Cameras, watches func(id string, watching bool)) (*Displays, error) {
	d := &Displays{store: s, cameras: cameras, watches: watches, now: time.Now}
	kept, err := s.Setting(setting)
	if errors.Is(err, store.ErrNotFound) {
		return d, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(kept.Reveal()), &d.all)
	}
	if err != nil {
		d.all = nil
		return d, fmt.Errorf("links of screens: %w", err)
	}
	for _, one := range d.all {
		one.begin()
	}
	return d, nil
}

func (d *display) begin() { d.until, d.end = context.WithCancel(context.Background()) }

// Close ends what all screens show.
func (d *Displays) Close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, one := range d.all {
		one.end()
	}
}

// List returns them in the order in which they were made, without names.
func (d *Displays) List() []api.Display {
	d.mu.Lock()
	defer d.mu.Unlock()
	all := []api.Display{}
	for _, one := range d.all {
		all = append(all, one.Display)
	}
	return all
}

// Named returns one with the names that it was made with.
func (d *Displays) Named(id string) (api.DisplayPlace, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if i := d.find(id); i >= 0 {
		return d.all[i].DisplayPlace, nil
	}
	return api.DisplayPlace{}, api.Refuse(api.CodeNotFound, text.DisplayUnknown, id)
}

func (d *Displays) find(id string) int {
	return slices.IndexFunc(d.all, func(one *display) bool { return one.ID == id })
}

// Counts are those that a screen may use, and those of them that none did for a season.
func (d *Displays) Counts() (all, idle int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.now()
	for _, one := range d.all {
		if one.over(now) {
			continue
		}
		all++
		used := one.LastSeen
		if used.IsZero() {
			used = one.Created
		}
		if now.Sub(used) >= idleAfter {
			idle++
		}
	}
	return all, idle
}

// Add makes a link. Its token is returned this once.
func (d *Displays) Add(in api.NewDisplay) (api.MadeDisplay, error) {
	if err := d.check(&in); err != nil {
		return api.MadeDisplay{}, err
	}
	now := d.now().UTC().Truncate(time.Second)
	token := newToken()
	one := &display{Token: hashOf(token), Cookie: hashOf(cookieOf(token)), DisplayPlace: api.DisplayPlace{Person: in.Person, Place: in.Place, Display: api.Display{
		ID: "d" + strings.ToLower(rand.Text()[:10]), Label: in.Label, All: len(in.Cameras)+len(in.Groups) == 0,
		Cameras: sorted(in.Cameras), Groups: sorted(in.Groups), Created: now, Expires: now.AddDate(0, 0, in.Days),
	}}}
	one.begin()
	return api.MadeDisplay{Display: one.Display, Token: token}, d.change(func(all []*display) ([]*display, error) {
		if len(all) >= Max {
			return nil, api.Refuse(api.CodeInvalid, text.DisplayLimit, Max)
		}
		return append(all, one), nil
	})
}

// check refuses what cannot be a link, and cleans and fills in the rest.
func (d *Displays) check(in *api.NewDisplay) error {
	in.Label, in.Person, in.Place = strings.TrimSpace(in.Label), strings.TrimSpace(in.Person), strings.TrimSpace(in.Place)
	if in.Days == 0 {
		in.Days = DefaultDays
	}
	lines := append([]string{in.Label, in.Person, in.Place}, in.Groups...)
	switch {
	case slices.ContainsFunc(lines, func(s string) bool { return s == "" || len(s) > maxName || strings.ContainsFunc(s, control) }):
		return api.Refuse(api.CodeInvalid, text.DisplayNames, maxName)
	case utf8.RuneCountInString(in.Person) > 1 && strings.Contains(strings.ToLower(in.Label), strings.ToLower(in.Person)):
		return api.Refuse(api.CodeInvalid, text.DisplayLabel)
	case in.Days < 1 || in.Days > MaxDays:
		return api.Refuse(api.CodeInvalid, text.DisplayDays, MaxDays)
	case len(in.Cameras)+len(in.Groups) > maxCameras:
		return api.Refuse(api.CodeInvalid, text.DisplayCameras, maxCameras)
	}
	for _, id := range in.Cameras {
		if !d.cameras().Has(id) {
			return api.Refuse(api.CodeNotFound, text.CameraNotFound, id)
		}
	}
	return nil
}

func control(r rune) bool { return r < ' ' || r == 0x7f || r == '\u2028' || r == '\u2029' }

func sorted[T ~string](all []T) []T { return slices.Compact(slices.Sorted(slices.Values(all))) }

// Withdraw ends a link at once, with what its screen shows, and then takes it and its names
// out of the store. Where that fails it has ended all the same, and can be withdrawn again.
func (d *Displays) Withdraw(id string) (api.Display, error) {
	d.mu.Lock()
	i := d.find(id)
	if i < 0 {
		d.mu.Unlock()
		return api.Display{}, api.Refuse(api.CodeNotFound, text.DisplayUnknown, id)
	}
	gone := d.all[i]
	gone.end()
	watched := gone.watching
	gone.watching = false
	d.mu.Unlock()
	if watched {
		d.watches(id, false)
	}
	return gone.Display, d.change(func(all []*display) ([]*display, error) {
		return slices.DeleteFunc(all, func(one *display) bool { return one == gone }), nil
	})
}

// Forget takes a camera that is removed from all links: another one may come by its name.
func (d *Displays) Forget(camera media.CameraID) error {
	named := func(one *display) bool { return slices.Contains(one.Cameras, camera) }
	d.mu.Lock()
	none := !slices.ContainsFunc(d.all, named)
	d.mu.Unlock()
	if none {
		return nil
	}
	return d.change(func(all []*display) ([]*display, error) {
		takeFrom(all, camera)
		return all, nil
	})
}

// takeFrom takes a camera out of links.
func takeFrom(all []*display, camera media.CameraID) {
	for _, one := range all {
		one.Cameras = slices.DeleteFunc(slices.Clone(one.Cameras), func(id media.CameraID) bool { return id == camera })
	}
}

// AgainCamera returns what puts a camera back into the links that name it now.
func (d *Displays) AgainCamera(camera media.CameraID) func() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	var was []string
	for _, one := range d.all {
		if slices.Contains(one.Cameras, camera) {
			was = append(was, one.ID)
		}
	}
	if was == nil {
		return func() error { return nil }
	}
	return func() error {
		err := d.change(func(all []*display) ([]*display, error) {
			for _, one := range all {
				if slices.Contains(was, one.ID) {
					one.Cameras = sorted(append(slices.Clone(one.Cameras), camera))
				}
			}
			return all, nil
		})
		if err != nil { // what the store does not have is shown on no screen
			d.mu.Lock()
			defer d.mu.Unlock()
			takeFrom(d.all, camera)
		}
		return err
	}
}

// change puts in force what f makes of the links, and has the store keep it.
func (d *Displays) change(f func([]*display) ([]*display, error)) error {
	d.changing.Lock()
	defer d.changing.Unlock()
	d.mu.Lock()
	all, err := f(slices.Clone(d.all))
	d.mu.Unlock()
	if err != nil {
		return err
	}
	if err := d.keep(all); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.all = all
	return nil
}

func (d *Displays) keep(all []*display) error {
	d.mu.Lock()
	b, err := json.Marshal(all)
	d.mu.Unlock()
	if err != nil {
		return err
	}
	return d.store.PutSetting(setting, store.NewSecret(string(b)))
}

// Exchange gives a screen its cookie for its token, and when that ends.
func (d *Displays) Exchange(token string) (cookie string, until time.Time, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	one := d.by(token, func(one *display) string { return one.Token })
	if one == nil {
		return "", time.Time{}, false
	}
	return cookieOf(token), one.Expires, true
}

// Find is the screen that has a cookie.
func (d *Displays) Find(cookie string) (identity.Identity, bool) {
	d.mu.Lock()
	one := d.by(cookie, func(one *display) string { return one.Cookie })
	if one == nil {
		d.mu.Unlock()
		return identity.Identity{}, false
	}
	one.LastSeen = d.now().UTC().Truncate(time.Second)
	begins := !one.watching
	one.watching = true
	id, until := one.ID, one.until
	d.mu.Unlock()
	if begins {
		d.watches(id, true)
	}
	return identity.Identity{ID: id, Role: identity.Display, Until: until, Sees: func(c media.CameraID) bool { return d.sees(one, c) }}, true
}

// by finds a link that counts by a secret of it. All are looked at, so that the time says nothing.
func (d *Displays) by(secret string, of func(*display) string) (found *display) {
	hash := []byte(hashOf(secret))
	for _, one := range d.all {
		if subtle.ConstantTimeCompare([]byte(of(one)), hash) == 1 && !one.over(d.now()) {
			found = one
		}
	}
	return found
}

func (d *Displays) sees(one *display, camera media.CameraID) bool {
	group := d.cameras().Group(camera)
	d.mu.Lock()
	defer d.mu.Unlock()
	return one.All || slices.Contains(one.Cameras, camera) || group != "" && slices.Contains(one.Groups, group)
}

// Sweep ends links whose last day is over, and tells which screens watch no more.
func (d *Displays) Sweep() {
	d.mu.Lock()
	now := d.now()
	var gone []string
	for _, one := range d.all {
		if one.over(now) {
			one.end()
		}
		if one.watching && (one.over(now) || now.Sub(one.LastSeen) > away) {
			one.watching = false
			gone = append(gone, one.ID)
		}
	}
	d.mu.Unlock()
	for _, id := range gone {
		d.watches(id, false)
	}
}

// KeepSeen stores when screens were last seen, at most once an hour. It waits for the disk.
func (d *Displays) KeepSeen(now time.Time) error {
	d.changing.Lock()
	defer d.changing.Unlock()
	d.mu.Lock()
	due := now.Sub(d.written) >= seenEvery && slices.ContainsFunc(d.all, func(one *display) bool { return one.LastSeen.After(d.written) })
	if due {
		d.written = now
	}
	all := d.all
	d.mu.Unlock()
	if !due {
		return nil
	}
	return d.keep(all)
}

// newToken is 256 bits that nobody can guess, and so need no slow hash.
func newToken() string {
	b := make([]byte, 32)
	rand.Read(b) // never fails
	return Prefix + base64.RawURLEncoding.EncodeToString(b)
}

// cookieOf is what a screen's cookie holds: made of the token, so that a screen that lost it gets
// the same again, and nobody gets the token from it.
func cookieOf(token string) string {
	sum := sha256.Sum256([]byte("cookie\x00" + token))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func hashOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
