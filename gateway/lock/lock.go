// Package lock takes cameras over: it sets new passwords on their accounts, so that nobody
// gets the unmasked picture past the gateway, gives the former ones back, and looks once a
// day whether there is a way around.
//
// Inputs are the stored cameras and what administrators ask for; outputs are passwords at
// the cameras and in the store, records for the audit log and what was found around a lock.
// A new password is stored before it is sent, counts once a login proved it, and none is
// forgotten before that: whatever ends in between, the store holds one that works. Run is
// the one goroutine, started and awaited by who composes the gateway. No password is in a
// log, an error, the audit log or on MQTT.
package lock

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/onvif"
	"github.com/bauta-gateway/bauta/gateway/rtsp"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Config is what Locks work with.
type Config struct {
	Store *store.Store
	Audit *audit.Log
	// Reconnect has a camera connected to with the login that is stored now.
	Reconnect func(media.CameraID)
	// Stored reports whether a camera is one that is stored and may be connected to.
	Stored func(media.CameraID) error
	// Sealed reports whether sealed originals of a camera are being kept.
	Sealed func(media.CameraID) bool
	Log    *slog.Logger
}

// limit bounds one change; it is within the patience of the API's clients.
const limit = 40 * time.Second

// Locks are the cameras that were taken over. Make them with New; the methods may be called
// from any goroutine.
type Locks struct {
	cfg  Config
	life context.Context
	end  context.CancelFunc

	wake chan struct{} // holds one: a camera refuses the login

	mu      sync.Mutex
	held    map[media.CameraID]*sync.Mutex // one works on a camera at a time
	retries map[media.CameraID]retry
}

// New makes them of what the store has.
func New(c Config) *Locks {
	l := &Locks{cfg: c, wake: make(chan struct{}, 1), held: map[media.CameraID]*sync.Mutex{}, retries: map[media.CameraID]retry{}}
	l.life, l.end = context.WithCancel(context.Background())
	return l
}

// Close ends what is under way; it is settled after the next start.
func (l *Locks) Close() { l.end() }

// hold keeps others off a camera until release.
func (l *Locks) hold(id media.CameraID) (release func()) {
	l.mu.Lock()
	m := l.held[id]
	if m == nil {
		m = &sync.Mutex{}
		l.held[id] = m
	}
	l.mu.Unlock()
	m.Lock()
	return m.Unlock
}

// within is ctx for one change: who asked may go away meanwhile, a change half made would
// have to be settled later.
func (l *Locks) within(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
	stop := context.AfterFunc(l.life, cancel)
	return ctx, func() { stop(); cancel() }
}

// Status is what is known of a camera's lock; the camera is not asked.
func (l *Locks) Status(id media.CameraID) (api.CameraLock, error) {
	c, err := l.cfg.Store.Camera(id)
	if err != nil {
		return api.CameraLock{}, api.FromStore(err)
	}
	lock, err := l.cfg.Store.Lock(id)
	if err != nil {
		return api.CameraLock{}, api.FromStore(err)
	}
	out := api.CameraLock{Locked: !lock.Since.IsZero(), Since: lock.Since, Checked: lock.Checked, Bypass: lock.Bypass, Accounts: []api.CameraAccount{}}
	if lock.Service != "" {
		out.Encrypted = (&onvif.Service{Address: lock.Service}).Encrypted()
	}
	for _, a := range lock.Accounts {
		out.Pending = out.Pending || a.Pending != nil
		out.Accounts = append(out.Accounts, api.CameraAccount{Name: a.Name, Level: a.Level, Own: a.Name == c.User, Locked: a.Ours(), Restorable: a.Former != nil})
	}
	return out, nil
}

// Accounts asks a camera who can log in there. address is its device service where that is
// not at the usual place; it may be empty.
func (l *Locks) Accounts(ctx context.Context, id media.CameraID, address string) (api.CameraAccounts, error) {
	defer l.hold(id)()
	ctx, cancel := l.within(ctx)
	defer cancel()
	s, users, err := l.connect(ctx, id, address)
	if err != nil {
		return api.CameraAccounts{}, err
	}
	out := api.CameraAccounts{Encrypted: s.device.Encrypted(), Accounts: []api.CameraAccount{}}
	for _, u := range users {
		a := s.account(u.Name)
		out.Accounts = append(out.Accounts, api.CameraAccount{Name: u.Name, Level: u.Level, Own: u.Name == s.cam.User, Locked: a.Ours(), Restorable: a.Former != nil})
	}
	return out, nil
}

// Result is what became of a camera's accounts. It holds passwords, for the recovery sheet.
type Result struct {
	Camera store.Camera
	// Encrypted: the passwords were not readable on the way.
	Encrypted bool
	// Accounts have passwords that this gateway set; Failed stayed as they were, and why.
	Accounts []store.Account
	Failed   []Failure
}

// Failure is an account that could not be changed.
type Failure struct {
	Name string
	Err  error
}

// Lock sets new passwords on the gateway's own account and on those named. Where the own one
// cannot be changed nothing is; where another one cannot, Failed says so.
func (l *Locks) Lock(ctx context.Context, id media.CameraID, in api.LockRequest) (Result, error) {
	defer l.hold(id)()
	ctx, cancel := l.within(ctx)
	defer cancel()
	if err := cmp.Or(l.cfg.Stored(id), l.permitted(id)); err != nil {
		return Result{}, err
	}
	s, users, err := l.connect(ctx, id, in.Address)
	if err != nil {
		return Result{}, err
	}
	if !s.device.Encrypted() && !in.Plain {
		return Result{}, api.Refuse(api.CodeInvalid, text.LockPlain, id)
	}
	chosen, err := s.choose(users, in.Accounts)
	if err != nil {
		return Result{}, err
	}
	failed, err := s.lockAll(ctx, chosen)
	return s.finish(ctx, failed, err, audit.CameraLocked)
}

// permitted refuses where the law wants whole originals that nobody would keep any more:
// an old recorder that is locked out may be the only one that does.
func (l *Locks) permitted(id media.CameraID) error {
	site, err := l.cfg.Store.Site()
	if err != nil {
		return api.FromStore(err)
	}
	if site.WithClass().Class == policy.Art7 && !l.cfg.Sealed(id) {
		return api.Refuse(api.CodeProhibited, text.LockOriginals, id)
	}
	return nil
}

// choose returns the accounts to change, the gateway's own first.
func (s *session) choose(users []onvif.User, names []string) (chosen []onvif.User, err error) {
	own := slices.IndexFunc(users, func(u onvif.User) bool { return u.Name == s.cam.User })
	if own < 0 || users[own].Level != onvif.Administrator {
		return nil, api.Refuse(api.CodeProbe, text.LockNotAdmin, s.cam.User)
	}
	chosen = append(chosen, users[own])
	for _, name := range names {
		at := slices.IndexFunc(users, func(u onvif.User) bool { return u.Name == name })
		if at < 0 {
			return nil, api.Refuse(api.CodeInvalid, text.LockNoAccount, s.cam.ID, name)
		}
		if !slices.Contains(chosen, users[at]) {
			chosen = append(chosen, users[at])
		}
	}
	return chosen, nil
}

// lockAll changes the accounts in their order. The first one finds out how long a password
// the camera takes.
func (s *session) lockAll(ctx context.Context, chosen []onvif.User) (failed []Failure, err error) {
	for i, u := range chosen {
		var one error
		for _, n := range lengths[s.length:] {
			if one = s.change(ctx, u, newPassword(n)); !errors.Is(one, onvif.ErrRefused) || i > 0 {
				break
			}
			s.length = min(s.length+1, len(lengths)-1)
		}
		switch {
		case one != nil && i == 0:
			return nil, one
		case one != nil:
			failed = append(failed, Failure{u.Name, one})
		case i == 0:
			// The first check of the new lock comes soon.
			if err := s.keep(func(_ *store.Camera, k *store.Lock) { k.Bypass, k.Checked = nil, time.Time{} }); err != nil {
				return nil, err
			}
			s.follow(ctx)
		}
	}
	return failed, nil
}

// Unlock gives the accounts their former passwords back. Those whose former one is not known
// keep the present one, which the result names.
func (l *Locks) Unlock(ctx context.Context, id media.CameraID, forget bool) (Result, error) {
	defer l.hold(id)()
	ctx, cancel := l.within(ctx)
	defer cancel()
	lock, err := l.cfg.Store.Lock(id)
	if err != nil {
		return Result{}, api.FromStore(err)
	}
	switch holds := slices.ContainsFunc(lock.Accounts, func(a store.Account) bool { return a.Ours() || a.Pending != nil }); {
	case len(lock.Accounts) == 0, !forget && !holds && len(lock.Bypass) == 0:
		return Result{}, api.Refuse(api.CodeInvalid, text.LockNone, id)
	case forget:
		return Result{}, l.forget(ctx, id)
	}
	s, _, err := l.connect(ctx, id, "")
	if err != nil {
		return Result{}, err
	}
	failed, err := s.unlockAll(ctx)
	return s.finish(ctx, failed, err, audit.CameraUnlocked)
}

// unlockAll changes the gateway's own account last: by it the others are changed.
func (s *session) unlockAll(ctx context.Context) (failed []Failure, err error) {
	all := slices.Clone(s.lock.Accounts)
	slices.SortStableFunc(all, func(a, b store.Account) int { return s.ownLast(a) - s.ownLast(b) })
	for _, a := range all {
		if a.Former == nil || !a.Ours() {
			continue
		}
		one := s.change(ctx, onvif.User{Name: a.Name, Level: a.Level}, a.Former.Reveal())
		switch {
		case one != nil && a.Name == s.cam.User:
			return failed, one
		case one != nil:
			failed = append(failed, Failure{a.Name, one})
		}
	}
	// The gateway's own account keeps its earlier passwords: see adopt.
	return failed, s.keep(func(c *store.Camera, l *store.Lock) {
		l.Accounts = slices.DeleteFunc(l.Accounts, func(a store.Account) bool { return a.Name != c.User && !a.Ours() && a.Pending == nil })
		l.Bypass = nil
	})
}

func (s *session) ownLast(a store.Account) int {
	if a.Name == s.cam.User {
		return 1
	}
	return 0
}

// forget drops all passwords without asking the camera, which is gone or was reset.
func (l *Locks) forget(ctx context.Context, id media.CameraID) error {
	if err := l.cfg.Store.ChangeLock(id, func(_ *store.Camera, k *store.Lock) error { *k = store.Lock{}; return nil }); err != nil {
		return api.FromStore(err)
	}
	l.cfg.Log.Info("the lock of a camera is forgotten", "camera", string(id))
	return l.cfg.Audit.Did(ctx, audit.CameraUnlocked, audit.Camera(id), "forgotten", nil)
}

// finish connects with the new login and writes down what was done, also where it was done
// in part.
func (s *session) finish(ctx context.Context, failed []Failure, err error, action audit.Action) (Result, error) {
	s.l.again(s.cam.ID, true)
	out := Result{Camera: s.cam, Encrypted: s.device.Encrypted(), Failed: failed}
	out.Camera.URL = rtsp.RedactURL(s.cam.URL)
	for _, a := range s.lock.Accounts {
		if a.Ours() {
			out.Accounts = append(out.Accounts, a)
		}
	}
	if err != nil {
		s.l.cfg.Log.Warn("a password of a camera was not changed", "camera", string(s.cam.ID), "error", err)
		return out, probeFailed(err)
	}
	s.l.cfg.Log.Info("passwords of a camera changed", "camera", string(s.cam.ID), "action", string(action), "accounts", len(out.Accounts), "failed", len(failed))
	detail := "accounts=" + strconv.Itoa(len(out.Accounts)) + " failed=" + strconv.Itoa(len(failed)) + " encrypted=" + strconv.FormatBool(out.Encrypted)
	// A log that cannot be written says so itself; the sheet must reach who asked all the same.
	_ = s.l.cfg.Audit.Did(ctx, action, audit.Camera(s.cam.ID), detail, nil)
	return out, nil
}

// probeFailed makes what a camera refuses an answer of the API.
func probeFailed(err error) error {
	var refused *api.Error
	var said *text.Problem
	switch {
	case err == nil, errors.As(err, &refused), !errors.As(err, &said), errors.Is(err, store.ErrUnreadable), errors.Is(err, store.ErrNotFound):
		return api.FromStore(err)
	case errors.Is(err, onvif.ErrAddress):
		return api.Because(api.CodeInvalid, err)
	}
	return api.Because(api.CodeProbe, err)
}

// connect finds a camera's device service and which of the known passwords it has, and
// lists its accounts.
func (l *Locks) connect(ctx context.Context, id media.CameraID, address string) (*session, []onvif.User, error) {
	if err := l.cfg.Stored(id); err != nil {
		return nil, nil, err
	}
	s, err := l.open(id)
	if err != nil {
		return nil, nil, api.FromStore(err)
	}
	if s.cam.User == "" {
		return nil, nil, api.Refuse(api.CodeInvalid, text.LockNoLogin, id)
	}
	users, err := s.reach(ctx, address)
	if err != nil {
		err = s.explain(err)
	}
	return s, users, probeFailed(err)
}

// reach settles what is open of a camera that has a lock, and finds one that has none.
func (s *session) reach(ctx context.Context, address string) (users []onvif.User, err error) {
	if len(s.lock.Accounts) == 0 {
		host := address
		if host == "" {
			host = hostOf(s.cam.URL)
		}
		s.device, users, err = onvif.FindService(ctx, host, onvif.Login{User: s.cam.User, Password: s.cam.Password.Reveal()})
		return users, err
	}
	if address != "" && !strings.Contains(address, "://") {
		address = "https://" + address
	}
	s.device.Address = cmp.Or(address, s.device.Address)
	if err := s.settle(ctx); err != nil {
		return nil, err
	}
	return s.device.Users(ctx, s.login())
}

// explain says what a refused login means here: mostly that the account may not see others.
func (s *session) explain(err error) error {
	if errors.Is(err, onvif.ErrLogin) && len(s.lock.Accounts) == 0 {
		return text.Fail(err, text.LockLogin, s.cam.User)
	}
	return err
}

// hostOf is the host of a camera's address, as an address of a service.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	if host := u.Hostname(); strings.Contains(host, ":") {
		return "[" + host + "]"
	}
	return u.Hostname()
}
