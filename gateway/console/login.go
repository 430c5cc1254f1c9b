package console

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/connlimit"
	"github.com/bauta-gateway/bauta/gateway/identity"
)

// errLogin is every failed login's: it does not report whether the user exists.
var errLogin = errors.New("login refused")

// tooMany reports how long to wait after too many wrong tries.
type tooMany struct{ wait time.Duration }

func (e tooMany) Error() string { return e.In(text.EN) }

// In is the text in lang.
func (e tooMany) In(lang text.Lang) string {
	return text.Of(lang, text.AccessWait, int(e.wait.Round(time.Second).Seconds())+1)
}

// login proves a user's password and second factor, and begins a session. Wrong tries are
// forgotten once both were right: who knows the password alone gains nothing by it.
func (a *Accounts) login(ctx context.Context, remote string, in loginRequest) (secret string, s session, err error) {
	name, password := in.User, in.Password
	address, user := connlimit.Source(remote), strings.ToLower(name)
	if len(name) > maxUserName || len(password) > maxPassword || len(in.Code) > maxPassword {
		return "", session{}, text.Fail(errLogin, text.AccessLogin)
	}
	if wait := a.begin(address, user); wait > 0 {
		return "", session{}, tooMany{wait}
	}
	a.mu.Lock()
	u, _ := a.find(name)
	a.mu.Unlock()
	fits, err := a.hasher.fits(ctx, password, u.Hash)
	if err != nil {
		return "", session{}, err
	}
	if !fits {
		return "", session{}, text.Fail(errLogin, text.AccessLogin)
	}
	how, err := a.second(u.ID, in.Code)
	if err != nil {
		return "", session{}, err
	}
	a.byRemote.Right(address)
	a.byUser.Right(user)
	return a.enter(u, "", how)
}

// begin begins a try. An address that has to wait itself does not count
// against the name, or anybody could lock its owner out.
func (a *Accounts) begin(address, user string) time.Duration {
	if wait := a.byRemote.Begin(address); wait > 0 {
		return wait
	}
	return a.byUser.Begin(user)
}

// enter begins a session for a user who was proved. Whoever was removed or
// changed meanwhile is not let in.
func (a *Accounts) enter(proved store.User, lang text.Lang, how means) (secret string, s session, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	u, known := a.users[proved.ID]
	if !known || u.Hash != proved.Hash || (u.Second == nil) == (how == bySecond) {
		return "", session{}, text.Fail(errLogin, text.AccessLogin)
	}
	if u.Language != "" {
		lang = text.Lang(u.Language)
	}
	secret, s = a.sessions.start(u, lang, how)
	return secret, s, nil
}

// known returns the id of a user for the audit log.
func (a *Accounts) known(name string) (id string, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	u, ok := a.find(name)
	return u.ID, ok
}

// codeSigns cannot be taken for one another.
const codeSigns = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"

// codeLength of 31 signs are 39 bits, with a few wrong tries a minute.
const codeLength = 8

// SetupCode returns the code that lets the first user in, such as ABCD-2345;
// empty where there is a user already. It is the same until it is used, or
// tried in vain too often.
func (a *Accounts) SetupCode() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.users) > 0 {
		return ""
	}
	if a.code == "" {
		a.code = newCode()
	}
	return a.code[:codeLength/2] + "-" + a.code[codeLength/2:]
}

func newCode() string {
	code := make([]byte, 0, codeLength)
	for b := make([]byte, 1); len(code) < codeLength; {
		rand.Read(b)                                    // never fails
		if n := int(b[0]); n < 256-256%len(codeSigns) { // else the first signs come more often
			code = append(code, codeSigns[n%len(codeSigns)])
		}
	}
	return string(code)
}

// setupKey counts the wrong codes of all addresses together: there is one code.
const setupKey = "\x00set-up"

// setUp makes the first user, a manager, and begins the session.
func (a *Accounts) setUp(ctx context.Context, remote string, in setupRequest) (secret string, s session, err error) {
	if !a.SetupNeeded() {
		return "", session{}, text.Fail(ErrExists, text.AccessSetupDone)
	}
	address := connlimit.Source(remote)
	if wait := a.begin(address, setupKey); wait > 0 {
		return "", session{}, tooMany{wait}
	}
	if !a.rightCode(in.Code) {
		return "", session{}, text.Fail(errLogin, text.AccessCode)
	}
	a.byRemote.Right(address)
	a.byUser.Right(setupKey)
	u, err := a.make(ctx, in.User, in.Password, identity.Manager, in.Language)
	if err != nil {
		return "", session{}, err
	}
	if err := a.putFirst(u); err != nil {
		return "", session{}, err
	}
	return a.enter(u, in.Language, byPassword)
}

func (a *Accounts) rightCode(code string) bool {
	clean := strings.NewReplacer("-", "", " ", "").Replace(strings.ToUpper(code))
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.code != "" && subtle.ConstantTimeCompare([]byte(clean), []byte(a.code)) == 1
}

// putFirst adds the first user; of two at once one is too late.
func (a *Accounts) putFirst(u store.User) error {
	a.changing.Lock()
	defer a.changing.Unlock()
	if !a.SetupNeeded() {
		return text.Fail(ErrExists, text.AccessSetupDone)
	}
	if err := a.put(u); err != nil {
		return fmt.Errorf("set-up: %w", err)
	}
	return nil
}
