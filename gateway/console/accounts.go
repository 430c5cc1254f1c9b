package console

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/identity"
	"github.com/bauta-gateway/bauta/gateway/lockout"
)

// Errors that all errors of Accounts wrap, but for the store's own.
var (
	ErrInvalid  = errors.New("invalid value")
	ErrExists   = errors.New("entry exists")
	ErrNotFound = errors.New("no such entry")
	// ErrForbidden: only somebody else may do that, or nobody.
	ErrForbidden = errors.New("not allowed")
	// ErrOtherName: a certificate does not name the address in use; who wants it may say so.
	ErrOtherName = errors.New("other name")
)

const (
	maxUsers    = 200
	maxUserName = 64 // bytes
)

// LongestForUser is the longest wait of a user's name: less than an address's, so that nobody
// can lock a manager out for long by trying in vain in the manager's name.
const LongestForUser = time.Minute

// Accounts are the users, the machines' tokens and their sessions. Its methods
// may be called from any goroutine. What they acknowledge is on the disk.
type Accounts struct {
	store  *store.Store
	hasher *hasher
	now    func() time.Time

	changing sync.Mutex // one change at a time; it may wait for the disk, no login does but one that has a code count

	mu      sync.Mutex
	users   map[string]store.User // by id
	unsaved map[string]bool       // whose LastSeen is not stored yet, by id
	begun   map[string]begun      // second factors without a first code, by id of the user
	tokens  map[string]*machine   // by id
	code    string                // of the set-up; empty: none given out

	sessions         *sessions
	byUser, byRemote *lockout.Lockout
	byCode           *lockout.Lockout // codes of second factors, by id of the user
	required         atomic.Bool      // a second factor, of managers
	gateway          string           // its name
}

// NewAccounts reads what the store of this gateway has. Those that cannot be read are left out:
// a manager sets them up again.
func NewAccounts(s *store.Store, gateway string, log *slog.Logger) (*Accounts, error) {
	a := &Accounts{
		store: s, hasher: newHasher(), now: time.Now, users: map[string]store.User{}, unsaved: map[string]bool{}, begun: map[string]begun{}, tokens: map[string]*machine{},
		byUser: lockout.New(LongestForUser, time.Now), byRemote: lockout.New(lockout.LongestWait, time.Now), byCode: lockout.New(lockout.LongestWait, time.Now),
		sessions: newSessions(time.Now), gateway: gateway,
	}
	a.readRequired()
	users, err := s.Users()
	tokens, err2 := s.APITokens()
	if err := errors.Join(err, err2); errors.Is(err, store.ErrUnreadable) {
		log.Error("some users or API tokens cannot be read from the store", "error", err)
	} else if err != nil {
		return nil, err
	}
	for _, u := range users {
		a.users[u.ID] = u
	}
	for _, t := range tokens {
		a.tokens[t.ID] = newMachine(t)
	}
	return a, nil
}

// Close ends all sessions.
func (a *Accounts) Close() {
	a.sessions.stopAll()
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, t := range a.tokens {
		t.end()
	}
}

// SetupNeeded reports whether there is no user yet.
func (a *Accounts) SetupNeeded() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.users) == 0
}

// Users lists all by name.
func (a *Accounts) Users() []identity.User {
	a.mu.Lock()
	defer a.mu.Unlock()
	all := []identity.User{}
	for _, u := range a.users {
		all = append(all, publicUser(u))
	}
	slices.SortFunc(all, func(x, y identity.User) int { return cmp.Compare(x.Name, y.Name) })
	return all
}

func publicUser(u store.User) identity.User {
	return identity.User{
		Name: u.Name, Role: identity.Role(u.Role), Language: text.Lang(u.Language), Created: u.Created, ID: u.ID,
		LastSeen: u.LastSeen, Second: u.Second != nil, Provider: u.Hash == "",
	}
}

// Add makes a user. The first one comes by the set-up or over the socket.
func (a *Accounts) Add(ctx context.Context, name, password string, role identity.Role, lang text.Lang) (identity.User, error) {
	u, err := a.make(ctx, name, password, role, lang)
	if err != nil {
		return identity.User{}, err
	}
	a.changing.Lock()
	defer a.changing.Unlock()
	return publicUser(u), a.put(u)
}

// make checks and hashes, which takes its time, outside of the lock.
func (a *Accounts) make(ctx context.Context, name, password string, role identity.Role, lang text.Lang) (store.User, error) {
	if err := errors.Join(checkName(name), checkRole(role), checkLanguage(lang)); err != nil {
		return store.User{}, err
	}
	if err := checkPassword(name, password); err != nil {
		return store.User{}, err
	}
	hash, err := a.hasher.hash(ctx, password)
	return store.User{
		ID: newID("u"), Name: name, Role: string(role), Hash: hash, Language: string(lang), Created: a.now().UTC().Truncate(time.Second),
	}, err
}

// put adds a user; the caller holds changing.
func (a *Accounts) put(u store.User) error {
	if err := a.room(u.Name); err != nil {
		return err
	}
	if err := a.store.PutUser(u); err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.users[u.ID] = u
	a.code = ""
	return nil
}

func (a *Accounts) room(name string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if _, taken := a.find(name); taken {
		return text.Fail(ErrExists, text.AccessUserExists, name)
	}
	if len(a.users) >= maxUsers {
		return text.Fail(ErrInvalid, text.AccessUserLimit, maxUsers)
	}
	return nil
}

// newID is short, random and no name.
func newID(kind string) string { return kind + strings.ToLower(rand.Text()[:10]) }

func checkName(name string) error {
	bad := func(r rune) bool {
		return !unicode.IsPrint(r) || unicode.IsSpace(r) || strings.ContainsRune(`/\%?#"<>&`, r)
	}
	if name == "" || len(name) > maxUserName || !utf8.ValidString(name) || strings.ContainsFunc(name, bad) || strings.Trim(name, ".") == "" {
		return text.Fail(ErrInvalid, text.AccessUserName, maxUserName)
	}
	return nil
}

func checkRole(role identity.Role) error {
	if !slices.Contains(identity.Roles, role) {
		return text.Fail(ErrInvalid, text.ConfigChoice, "role", string(role), "viewer, auditor, manager")
	}
	return nil
}

func checkLanguage(lang text.Lang) error {
	if lang != "" && !slices.Contains(text.Langs, lang) {
		return text.Fail(ErrInvalid, text.ConfigChoice, "language", string(lang), "en, zh-CN")
	}
	return nil
}

// find returns the user of a name, whatever its case; the caller holds mu.
func (a *Accounts) find(name string) (store.User, bool) {
	for _, u := range a.users {
		if strings.EqualFold(u.Name, name) {
			return u, true
		}
	}
	return store.User{}, false
}

// change replaces a user and ends the sessions.
func (a *Accounts) change(name string, f func(*store.User) error) (identity.User, error) {
	a.changing.Lock()
	defer a.changing.Unlock()
	was, u, err := a.changed(name, f)
	if err != nil {
		return identity.User{}, err
	}
	if err := a.store.PutUser(u); err != nil {
		return identity.User{}, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.users[u.ID] = u
	if was.Role != u.Role || was.Hash != u.Hash {
		a.sessions.stopUser(u.ID)
	}
	return publicUser(u), nil
}

// changed is a user before and after f.
func (a *Accounts) changed(name string, f func(*store.User) error) (was, now store.User, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	was, known := a.find(name)
	if !known {
		return was, was, text.Fail(ErrNotFound, text.AccessNoUser, name)
	}
	now = was
	err = f(&now)
	return was, now, err
}

// Remove removes a user and ends the sessions. The last manager stays: nobody
// could add one over HTTPS.
func (a *Accounts) Remove(name string) (identity.User, error) {
	a.changing.Lock()
	defer a.changing.Unlock()
	_, u, err := a.changed(name, func(u *store.User) error { return a.keepManager(*u) })
	if err != nil {
		return identity.User{}, err
	}
	if err := a.store.DeleteUser(u.ID); err != nil {
		return identity.User{}, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.users, u.ID)
	a.sessions.stopUser(u.ID)
	return publicUser(u), nil
}

// Again returns what puts a user back as the account is now, with its password; nil where
// there is none. Ended sessions stay ended.
func (a *Accounts) Again(name string) func() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	u, known := a.find(name)
	if !known {
		return nil
	}
	return func() error {
		a.changing.Lock()
		defer a.changing.Unlock()
		return a.put(u)
	}
}

// keepManager refuses to lose the last manager who needs no login provider; the caller holds mu.
func (a *Accounts) keepManager(without store.User) error {
	local := func(u store.User) bool { return u.Role == string(identity.Manager) && u.Hash != "" }
	for _, u := range a.users {
		if local(u) && u.ID != without.ID {
			return nil
		}
	}
	if !local(without) {
		return nil
	}
	return text.Fail(ErrForbidden, text.AccessLastManager)
}

// SetPassword gives a user a new password. Who is no manager may change the
// own one only and must know the present one.
func (a *Accounts) SetPassword(ctx context.Context, name, present, password string) (identity.User, error) {
	if err := checkPassword(name, password); err != nil {
		return identity.User{}, err
	}
	if err := a.mayChange(ctx, name); err != nil {
		return identity.User{}, err
	}
	if err := a.hasPassword(name); err != nil {
		return identity.User{}, err
	}
	if i, ok := identity.Who(ctx); ok && strings.EqualFold(i.User, name) {
		if err := a.know(ctx, name, present); err != nil {
			return identity.User{}, err
		}
	}
	hash, err := a.hasher.hash(ctx, password)
	if err != nil {
		return identity.User{}, err
	}
	return a.change(name, func(u *store.User) error { u.Hash = hash; return nil })
}

// mayChange refuses what somebody else has to do.
func (a *Accounts) mayChange(ctx context.Context, name string) error {
	i, ok := identity.Who(ctx)
	if !ok || i.Role.May(identity.Manager) || i.User != "" && strings.EqualFold(i.User, name) {
		return nil
	}
	return text.Fail(ErrForbidden, text.AccessOwnOnly)
}

// hasPassword refuses to give one to who logs in through a provider.
func (a *Accounts) hasPassword(name string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if u, known := a.find(name); known && u.Hash == "" {
		return text.Fail(ErrForbidden, text.AccessByProvider)
	}
	return nil
}

// know proves that who asks has the present password: an open browser is not
// enough to take an account over.
func (a *Accounts) know(ctx context.Context, name, password string) error {
	key := strings.ToLower(name)
	if wait := a.byUser.Begin(key); wait > 0 {
		return tooMany{wait}
	}
	a.mu.Lock()
	u, _ := a.find(name)
	a.mu.Unlock()
	fits, err := a.hasher.fits(ctx, password, u.Hash)
	switch {
	case err != nil:
		return err
	case !fits:
		return text.Fail(ErrForbidden, text.AccessWrongPassword)
	}
	a.byUser.Right(key)
	return nil
}

// Prove fails where who asks does not give the own password: what lets secrets out or changes all
// wants more than an open browser. On the administrator's socket nobody is asked; a machine has none.
func (a *Accounts) Prove(ctx context.Context, password string) error {
	i, ok := identity.Who(ctx)
	switch {
	case !ok:
		return nil
	case i.User == "":
		return text.Fail(ErrForbidden, text.BackupPlanUser)
	}
	if a.hasPassword(i.User) != nil { // the provider proves who logs in, and cannot be asked in between
		return text.Fail(ErrForbidden, text.BackupByPassword)
	}
	return a.know(ctx, i.User, password)
}

// SetRole gives a user another role.
func (a *Accounts) SetRole(name string, role identity.Role) (identity.User, error) {
	if err := checkRole(role); err != nil {
		return identity.User{}, err
	}
	return a.change(name, func(u *store.User) error {
		if role != identity.Manager {
			if err := a.keepManager(*u); err != nil {
				return err
			}
		}
		u.Role = string(role)
		return nil
	})
}

// SetLanguage sets in which language a user is spoken to.
func (a *Accounts) SetLanguage(ctx context.Context, name string, lang text.Lang) (identity.User, error) {
	if lang == "" {
		return identity.User{}, text.Fail(ErrInvalid, text.ConfigChoice, "language", "", "en, zh-CN")
	}
	if err := errors.Join(checkLanguage(lang), a.mayChange(ctx, name)); err != nil {
		return identity.User{}, err
	}
	return a.change(name, func(u *store.User) error { u.Language = string(lang); return nil })
}
