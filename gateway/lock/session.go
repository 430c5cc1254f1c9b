package lock

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/onvif"
	"github.com/bauta-gateway/bauta/gateway/rtsp"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// What became of a password; errors.Is finds them.
var (
	errNotApplied = errors.New("the camera says yes and keeps the old password")
	errNoPassword = errors.New("none of the known passwords works")
	errOpen       = errors.New("which password the camera has is not known yet")
)

// maxTries bounds the wrong logins of one account at a time: cameras lock out after five, some
// after three. The next call goes on where this one ended.
const maxTries = 3

// maxSpare bounds the passwords that an account had, or was sent: cameras come up with an
// earlier one after a restart.
const maxSpare = 16

// lengths are those of new passwords, the longest that most cameras take first.
var lengths = []int{16, 12, 8}

// shortened are the lengths to which cameras cut a password silently, the likely ones first.
var shortened = []int{8, 12, 10, 14, 15, 9, 11, 13}

// session is the work on one camera, by who holds it.
type session struct {
	l      *Locks
	cam    store.Camera
	lock   store.Lock // as it is on the disk
	device *onvif.Service
	length int // of lengths: what the camera takes
}

func (l *Locks) open(id media.CameraID) (*session, error) {
	s := &session{l: l}
	var err error
	if s.cam, err = l.cfg.Store.Camera(id); err == nil {
		s.lock, err = l.cfg.Store.Lock(id)
	}
	s.device = &onvif.Service{Address: s.lock.Service, Fingerprint: s.lock.Fingerprint, Way: s.lock.Way}
	return s, err
}

// keep changes the camera and its lock on the disk, and then here.
func (s *session) keep(change func(*store.Camera, *store.Lock)) error {
	var cam store.Camera
	var lock store.Lock
	err := s.l.cfg.Store.ChangeLock(s.cam.ID, func(c *store.Camera, k *store.Lock) error {
		k.Service, k.Fingerprint, k.Way = s.device.Address, s.device.Fingerprint, s.device.Way
		change(c, k)
		cam, lock = *c, *k
		return nil
	})
	if err == nil {
		s.cam, s.lock = cam, lock
	}
	return err
}

// keepAccount does so with one account, which it adds where it is new.
func (s *session) keepAccount(name string, change func(*store.Account, *store.Camera, *store.Lock)) error {
	return s.keep(func(c *store.Camera, k *store.Lock) {
		at := slices.IndexFunc(k.Accounts, func(a store.Account) bool { return a.Name == name })
		if at < 0 {
			at, k.Accounts = len(k.Accounts), append(k.Accounts, store.Account{Name: name})
		}
		if name == c.User && k.Accounts[at].Current == nil {
			setByHand(&k.Accounts[at], c.Password)
		}
		change(&k.Accounts[at], c, k)
	})
}

// account is one as it is known; the gateway's own has the camera's password.
func (s *session) account(name string) store.Account {
	a := store.Account{Name: name}
	if at := slices.IndexFunc(s.lock.Accounts, func(a store.Account) bool { return a.Name == name }); at >= 0 {
		a = s.lock.Accounts[at]
	}
	if name == s.cam.User {
		a.Level = onvif.Administrator
		if a.Current == nil {
			setByHand(&a, s.cam.Password)
		}
	}
	return a
}

// setByHand makes a password the account's that somebody typed: there is nothing before it
// to give back.
func setByHand(a *store.Account, password store.Secret) {
	now, former := password, password
	a.Current, a.Former = &now, &former
}

// login is the gateway's own one.
func (s *session) login() onvif.Login {
	return onvif.Login{User: s.cam.User, Password: s.account(s.cam.User).Current.Reveal()}
}

// candidates are the passwords that an account may have, the likely ones first: for the
// gateway's own what somebody may have typed meanwhile, too.
func (s *session) candidates(a store.Account) []string {
	all := kept(a)
	if typed := s.cam.Password.Reveal(); a.Name == s.cam.User && !slices.Contains(all, typed) {
		all = slices.Insert(all, min(1, len(all)), typed)
	}
	return all
}

// kept are the passwords that are on record for an account, whole and cut off.
func kept(a store.Account) (all []string) {
	add := func(p string) {
		if !slices.Contains(all, p) {
			all = append(all, p)
		}
	}
	cut := func(p string) {
		for _, n := range shortened {
			if n < len(p) {
				add(p[:n])
			}
		}
	}
	if a.Current != nil {
		add(a.Current.Reveal())
	}
	if a.Pending != nil {
		add(a.Pending.Reveal())
		cut(a.Pending.Reveal())
	}
	if a.Former != nil {
		add(a.Former.Reveal())
	}
	for _, p := range slices.Backward(a.Spare) {
		add(p.Reveal())
	}
	for _, p := range slices.Backward(a.Spare) {
		cut(p.Reveal())
	}
	return all
}

// find proves which password an account has, but for one that was just refused. At the first
// sign of a lock-out, and after a few wrong ones, it stops and remembers where.
func (s *session) find(ctx context.Context, name string, refused ...string) (string, error) {
	a := s.account(name)
	all := slices.DeleteFunc(s.candidates(a), func(p string) bool { return slices.Contains(refused, p) })
	if len(all) == 0 {
		return "", errNoPassword
	}
	tries, at := min(maxTries-len(refused), len(all)), a.Next%len(all)
	for range tries {
		err := s.device.Try(ctx, onvif.Login{User: name, Password: all[at]}, a.Level)
		switch {
		case err == nil:
			return all[at], nil
		case !errors.Is(err, onvif.ErrLogin):
			return "", errors.Join(err, s.goOnAt(a, at))
		}
		at = (at + 1) % len(all)
	}
	if tries == len(all) {
		at = 0
	}
	return "", errors.Join(text.Fail(errNoPassword, text.LockNoPassword, s.cam.ID), s.goOnAt(a, at))
}

// goOnAt notes which password is the next to try.
func (s *session) goOnAt(a store.Account, at int) error {
	if a.Next == at || len(s.lock.Accounts) == 0 {
		return nil
	}
	return s.keepAccount(a.Name, func(a *store.Account, _ *store.Camera, _ *store.Lock) { a.Next = at })
}

// settle finds out what became of changes that were not proved, and of the camera's own
// memory: which password the gateway's account has. Those of other accounts follow.
func (s *session) settle(ctx context.Context) error {
	own := s.account(s.cam.User)
	found, err := s.find(ctx, own.Name)
	if err != nil {
		return err
	}
	// It has the password from before the lock, and nobody gave it back: a way around.
	forgot := own.Former != nil && found == own.Former.Reveal() && own.Ours() && (own.Pending == nil || own.Pending.Reveal() != found)
	changed := found != own.Current.Reveal() || own.Pending != nil || own.Next != 0
	if changed {
		if err := s.adopt(own.Name, found); err != nil {
			return err
		}
	}
	s.l.again(s.cam.ID, changed)
	if forgot {
		s.around(FormerONVIF)
	}
	for _, a := range slices.Clone(s.lock.Accounts) {
		if a.Name == s.cam.User || a.Pending == nil {
			continue
		}
		if err := s.settleOther(ctx, a.Name); err != nil {
			return err
		}
	}
	return nil
}

// settleOther finds out what became of another account's new password. Where it has none of
// those that are known, its holder's own one stayed; the administrator may set it again.
func (s *session) settleOther(ctx context.Context, name string) error {
	found, err := s.find(ctx, name)
	switch {
	case err == nil:
		return s.adopt(name, found)
	case errors.Is(err, errNoPassword):
		return s.keepAccount(name, func(a *store.Account, _ *store.Camera, _ *store.Lock) { setAside(a, nil) })
	case errors.Is(err, onvif.ErrLockedOut), errors.Is(err, onvif.ErrUnproved):
		return nil // the next call tries again
	}
	return err
}

// adopt makes a password that was just proved the one that counts. Those from before stay
// among the spare ones: a camera may lose the new one with its power.
func (s *session) adopt(name, password string) error {
	return s.keepAccount(name, func(a *store.Account, c *store.Camera, k *store.Lock) {
		was := a.Current
		typed := name == c.User && c.Password.Reveal() == password && !slices.Contains(kept(*a), password)
		setAside(a, was)
		now := store.NewSecret(password)
		a.Current, a.Next = &now, 0
		if typed {
			setByHand(a, now)
		}
		a.Spare = slices.DeleteFunc(a.Spare, func(p store.Secret) bool {
			return p.Reveal() == password || a.Former != nil && p.Reveal() == a.Former.Reveal()
		})
		if name != c.User {
			return
		}
		if was == nil || was.Reveal() != password {
			c.Password = now
		}
		switch {
		case !a.Ours():
			k.Since = time.Time{}
		case k.Since.IsZero():
			k.Since = time.Now().UTC().Truncate(time.Second)
		}
	})
}

// setAside keeps what was not proved, and the password from before, among the spare ones.
func setAside(a *store.Account, was *store.Secret) {
	for _, p := range []*store.Secret{was, a.Pending} {
		if p != nil && !slices.ContainsFunc(a.Spare, func(q store.Secret) bool { return q.Reveal() == p.Reveal() }) {
			a.Spare = append(a.Spare, *p)
		}
	}
	a.Pending = nil
	if n := len(a.Spare) - maxSpare; n > 0 {
		a.Spare = slices.Delete(a.Spare, 0, n)
	}
}

// change gives an account another password: stored as pending, sent, proved, and only then
// the one that counts. After an error the account has the one before, or which one it has is
// found out later; both are kept until then.
func (s *session) change(ctx context.Context, u onvif.User, password string) error {
	pending := store.NewSecret(password)
	err := s.keepAccount(u.Name, func(a *store.Account, _ *store.Camera, _ *store.Lock) {
		setAside(a, nil)
		a.Level, a.Pending, a.Next = u.Level, &pending, 0
	})
	if err != nil {
		return err
	}
	var refused []string
	sent := s.device.SetPassword(ctx, s.login(), u, password)
	if sent == nil {
		sent = s.device.Try(ctx, onvif.Login{User: u.Name, Password: password}, u.Level)
		if sent == nil {
			return s.adopt(u.Name, password)
		}
		if errors.Is(sent, onvif.ErrLogin) {
			sent, refused = text.Fail(errNotApplied, text.LockNotApplied, u.Name), []string{password}
		}
	}
	return s.afterFailure(ctx, u, password, sent, refused)
}

// afterFailure finds out what the account has after a change that went wrong, as far as the
// camera lets it.
func (s *session) afterFailure(ctx context.Context, u onvif.User, password string, sent error, refused []string) error {
	if errors.Is(sent, onvif.ErrLockedOut) || errors.Is(sent, onvif.ErrCertificate) {
		return text.Fail(errOpen, text.LockOpen, s.cam.ID, sent)
	}
	found, err := s.find(ctx, u.Name, refused...)
	switch {
	case err == nil:
		if err := s.adopt(u.Name, found); err != nil {
			return err
		}
		switch {
		case found == password:
			return nil
		case strings.HasPrefix(password, found) && len(found) >= shortest:
			s.length = len(lengths) - 1 // it cuts them off: others get short ones
			return nil
		}
		return sent
	case errors.Is(err, errNoPassword) && u.Name != s.cam.User:
		return errors.Join(sent, s.keepAccount(u.Name, func(a *store.Account, _ *store.Camera, _ *store.Lock) { setAside(a, nil) }))
	}
	return text.Fail(errOpen, text.LockOpen, s.cam.ID, err)
}

// shortest is the length below which a password is not taken for a new one cut off.
const shortest = 8

// letters are what cameras take in passwords, without those that people mistake for others.
const letters = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"

// newPassword has n random letters and digits, of each kind at least one in its first eight:
// cameras want that, and cut off the rest.
func newPassword(n int) string {
	for {
		b := make([]byte, n)
		for i := range b {
			b[i] = letter()
		}
		head := string(b[:min(n, shortest)])
		if strings.ContainsAny(head, "0123456789") && strings.ToLower(head) != head && strings.ToUpper(head) != head {
			return string(b)
		}
	}
}

func letter() byte {
	for {
		var one [1]byte
		rand.Read(one[:])                                // never fails
		if int(one[0]) < 256/len(letters)*len(letters) { // or the first ones would come more often
			return letters[int(one[0])%len(letters)]
		}
	}
}

// rtspPause bounds one question to a camera's RTSP server.
const rtspPause = 6 * time.Second

// stream asks whether somebody with this login gets the camera's stream: yes, no, or nobody
// knows.
func (s *session) stream(ctx context.Context, l onvif.Login) (gets, known bool) {
	ctx, cancel := context.WithTimeout(ctx, rtspPause)
	defer cancel()
	c := s.cam
	_, err := rtsp.Describe(ctx, rtsp.SourceConfig{ID: c.ID, URL: c.URL, User: l.User, Password: l.Password, Transport: c.Transport, Fingerprint: c.Fingerprint, InsecureTLS: c.InsecureTLS, SeenSecure: c.SeenSecure, BasicLogin: c.BasicLogin})
	var fault *rtsp.Error
	refused := errors.As(err, &fault) && fault.Reason == rtsp.ReasonUnauthorized
	return err == nil, err == nil || refused
}

// follow has the stream's login follow the account's. Some cameras keep the passwords of
// their streams apart: then the former one still opens the stream, for the gateway too.
func (s *session) follow(ctx context.Context) {
	own := s.account(s.cam.User)
	if own.Former == nil {
		return
	}
	if gets, known := s.stream(ctx, s.login()); gets || !known {
		return
	}
	former := onvif.Login{User: own.Name, Password: own.Former.Reveal()}
	if gets, _ := s.stream(ctx, former); !gets {
		return
	}
	if err := s.keep(func(c *store.Camera, _ *store.Lock) { c.Password = *own.Former }); err == nil {
		s.around(FormerRTSP)
	}
}
