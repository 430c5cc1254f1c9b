package console

import (
	"context"
	"errors"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/console/secondfactor"
	"github.com/bauta-gateway/bauta/gateway/identity"
)

// means are how a login was proved.
type means string

const (
	byPassword means = "password"
	bySecond   means = "second"   // by password and a code
	byProvider means = "provider" // by a login provider, whatever that asks for
)

// errSecond: the password is right, and a code is missing or wrong.
var errSecond = errors.New("second factor needed")

// errNoCode is errSecond before any code was tried.
var errNoCode = errors.Join(errSecond, errors.New("no code"))

const (
	// requiredSetting says from whom a second factor is asked: requiredManagers, or nobody.
	requiredSetting  = "console.second-factor"
	requiredManagers = "managers"
	// beginLimit is how long a new secret waits for its first code.
	beginLimit = 10 * time.Minute
)

// begun is a secret that no code has proved yet.
type begun struct {
	secret string
	until  time.Time
}

// NewSecond is what an authenticator app reads to have a user's second factor.
type NewSecond struct {
	Secret  string `json:"secret"`
	Address string `json:"address"`
	// Code is the address as a QR code, in SVG.
	Code string `json:"code"`
}

// second proves a code of somebody whose password was right, where the account needs one.
func (a *Accounts) second(id, code string) (means, error) {
	switch u, ok := a.byID(id); {
	case !ok:
		return "", text.Fail(errLogin, text.AccessLogin)
	case u.Second == nil:
		return byPassword, nil
	case code == "":
		return "", text.Fail(errNoCode, text.AccessSecond)
	}
	return bySecond, a.takeCode(id, code)
}

// takeCode has a code count, this once. Wrong ones are slowed down for longer than wrong
// passwords: only who knows the password comes this far.
func (a *Accounts) takeCode(id, code string) error {
	a.changing.Lock()
	defer a.changing.Unlock()
	u, ok := a.byID(id)
	if !ok || u.Second == nil { // taken away meanwhile
		return text.Fail(errLogin, text.AccessLogin)
	}
	if wait := a.byCode.Begin(id); wait > 0 {
		return tooMany{wait}
	}
	next, spent, ok := secondfactor.Take(*u.Second, code, a.now())
	if !ok {
		return text.Fail(errSecond, text.AccessSecondWrong)
	}
	u.Second = &next
	// The clock's codes end by themselves: a full disk keeps nobody out for them.
	if err := a.store.PutUser(u); err != nil && spent {
		return err
	}
	a.mu.Lock()
	a.users[id] = u
	a.mu.Unlock()
	a.byCode.Right(id)
	return nil
}

func (a *Accounts) byID(id string) (store.User, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	u, ok := a.users[id]
	return u, ok
}

// Name is that of an account; empty where it is gone.
func (a *Accounts) Name(id string) string {
	u, _ := a.byID(id)
	return u.Name
}

// beginSecond gives a user a new secret. It counts once a code has proved that an app has it.
func (a *Accounts) beginSecond(ctx context.Context, one session, password, code string) (secret, address string, err error) {
	if err := a.knowBoth(ctx, one, password, code); err != nil {
		return "", "", err
	}
	secret, address, err = secondfactor.New(a.gateway, one.user)
	if err != nil {
		return "", "", err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.begun[one.id] = begun{secret, a.now().Add(beginLimit)}
	return secret, address, nil
}

// knowBoth proves the password and, where there is a second factor, a code: an open browser is
// not enough to take an account over.
func (a *Accounts) knowBoth(ctx context.Context, one session, password, code string) error {
	u, ok := a.byID(one.id)
	if !ok || u.Hash == "" {
		return text.Fail(ErrForbidden, text.AccessByProvider)
	}
	if err := a.know(ctx, one.user, password); err != nil {
		return err
	}
	_, err := a.second(one.id, code)
	if errors.Is(err, errSecond) { // nobody is logged out for it
		return text.Fail(ErrForbidden, text.AccessSecondWrong)
	}
	return err
}

// confirmSecond puts the secret in force and returns the recovery codes. The user's other
// logins end; this one counts as proved by both.
func (a *Accounts) confirmSecond(cookie string, one session, code string) ([]string, error) {
	a.changing.Lock()
	defer a.changing.Unlock()
	u, ok := a.byID(one.id)
	a.mu.Lock()
	b := a.begun[one.id]
	a.mu.Unlock()
	if !ok || b.secret == "" || !a.now().Before(b.until) {
		return nil, text.Fail(ErrInvalid, text.AccessSecondOver)
	}
	if wait := a.byCode.Begin(one.id); wait > 0 {
		return nil, tooMany{wait}
	}
	f, recovery, ok := secondfactor.Begin(b.secret, code, a.now())
	if !ok {
		return nil, text.Fail(ErrInvalid, text.AccessSecondWrong)
	}
	a.byCode.Right(one.id)
	u.Second = &f
	if err := a.store.PutUser(u); err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.begun, one.id)
	a.users[u.ID] = u
	a.sessions.proved(u.ID, cookie)
	return recovery, nil
}

// removeSecond takes the own second factor away.
func (a *Accounts) removeSecond(ctx context.Context, one session, password, code string) error {
	if one.role == identity.Manager && a.SecondRequired() {
		return text.Fail(ErrForbidden, text.AccessSecondRequired)
	}
	if err := a.knowBoth(ctx, one, password, code); err != nil {
		return err
	}
	_, err := a.change(one.user, func(u *store.User) error { u.Second = nil; return nil })
	return err
}

// ResetSecond takes a user's second factor away and ends the logins. It is for the socket
// alone: who has taken a manager's login over must not get rid of the others' as well.
func (a *Accounts) ResetSecond(name string) (identity.User, error) {
	u, err := a.change(name, func(u *store.User) error {
		if u.Second == nil {
			return text.Fail(ErrNotFound, text.AccessNoSecond, name)
		}
		u.Second = nil
		return nil
	})
	if err == nil {
		a.sessions.stopUser(u.ID)
		a.byCode.Right(u.ID)
	}
	return u, err
}

// RequireSecond asks a second factor of all managers who log in by password, or of nobody. Who
// asks has to have one, or would be the first to stand outside.
func (a *Accounts) RequireSecond(ctx context.Context, managers bool) error {
	if i, ok := identity.Who(ctx); ok && managers {
		if u, known := a.byID(i.ID); known && u.Hash != "" && u.Second == nil {
			return text.Fail(ErrForbidden, text.AccessSecondFirst)
		}
	}
	value := ""
	if managers {
		value = requiredManagers
	}
	a.changing.Lock()
	defer a.changing.Unlock()
	if err := a.store.PutSetting(requiredSetting, store.NewSecret(value)); err != nil {
		return err
	}
	a.required.Store(managers)
	return nil
}

// SecondRequired reports whether managers need a second factor.
func (a *Accounts) SecondRequired() bool { return a.required.Load() }

// held reports whether a session may do nothing but set the second factor up.
func (a *Accounts) held(one session) bool {
	return one.role == identity.Manager && one.by == byPassword && a.SecondRequired()
}

// readRequired reads from whom a second factor is asked. Where that cannot be read it is asked of
// managers.
func (a *Accounts) readRequired() {
	v, err := a.store.Setting(requiredSetting)
	a.required.Store(v.Reveal() == requiredManagers || err != nil && !errors.Is(err, store.ErrNotFound))
}
