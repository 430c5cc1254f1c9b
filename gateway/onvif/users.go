package onvif

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"net/url"
	"strings"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/onvif/soapxml"
)

// What goes wrong with accounts beside the errors above; errors.Is finds them.
var (
	ErrLockedOut   = errors.New("locked out")          // too many wrong logins: stop trying
	ErrNoUsers     = errors.New("no user service")     // the device's accounts cannot be listed or changed
	ErrRefused     = errors.New("change refused")      // the device answered, and does not take it
	ErrOpen        = errors.New("no login needed")     // the device lists its accounts to anybody
	ErrCertificate = errors.New("another certificate") // than the one that was pinned
	ErrUnproved    = errors.New("login not provable")  // all that this account may ask is answered without a login
)

// maxUsers bounds the accounts of one device.
const maxUsers = 64

// User is an account of a device. Level is Administrator, Operator, User, Anonymous or
// Extended.
type User struct{ Name, Level string }

// Administrator is the level that may list and change accounts.
const Administrator = "Administrator"

// Login is that of one account. It never prints its password.
type Login struct{ User, Password string }

// String leaves the password out.
func (l Login) String() string { return l.User }

// GoString does so too.
func (l Login) GoString() string { return l.User }

// Service is the device service of one device, by which its accounts are changed. Its
// methods are for one goroutine at a time.
type Service struct {
	Address string
	// Fingerprint is the SHA-256 of the device's certificate in hex. Where it is empty, that
	// of the first connection is taken: what follows goes to that device or fails.
	Fingerprint string
	// Way is how the device wants the login, once that was proved, so that a wrong password
	// is tried once and not once in each way; 0: not known.
	Way int

	guarded string // a question that needs a login of any level
}

// Encrypted reports whether what is sent is readable on the way.
func (s *Service) Encrypted() bool { return strings.HasPrefix(s.Address, "https://") }

// FindService finds the device service at an address, by HTTPS where the device has it, and
// proves that the login lists its accounts and that nobody else may.
func FindService(ctx context.Context, address string, l Login) (*Service, []User, error) {
	ctx, cancel := context.WithTimeout(ctx, allPause)
	defer cancel()
	tries := []string{address}
	if !strings.Contains(address, "://") {
		tries = []string{"https://" + address, "http://" + address}
	}
	var failed error
	for _, one := range tries {
		s := &Service{Address: one}
		users, err := s.open(ctx, l)
		if err == nil || errors.Is(err, ErrLogin) || errors.Is(err, ErrLockedOut) || errors.Is(err, ErrOpen) || errors.Is(err, ErrAddress) {
			return s, users, err
		}
		failed = cmp.Or(failed, err)
		if errors.Is(err, ErrNoUsers) {
			failed = err
		}
	}
	return nil, nil, failed
}

func (s *Service) open(ctx context.Context, l Login) ([]User, error) {
	_, err := s.ask(ctx, Login{}, "<tds:GetUsers/>")
	switch {
	case err == nil:
		return nil, text.Fail(ErrOpen, text.ONVIFOpen)
	case !errors.Is(err, ErrLogin):
		return nil, noUsers(err)
	}
	return s.Users(ctx, l)
}

// Users lists the device's accounts, which an administrator may.
func (s *Service) Users(ctx context.Context, l Login) ([]User, error) {
	body, err := s.ask(ctx, l, "<tds:GetUsers/>")
	if err != nil {
		return nil, noUsers(err)
	}
	return readUsers(body), nil
}

// readUsers reads the accounts out of an answer; those whose names cannot be said again to
// the device are left out.
func readUsers(body *soapxml.Node) (all []User) {
	for _, n := range body.All("User") {
		u := User{Name: n.Value("Username"), Level: clean(n.Value("UserLevel"))}
		if u.Name != "" && u.Name == clean(u.Name) && len(all) < maxUsers {
			all = append(all, u)
		}
	}
	return all
}

// noUsers makes a refusal of the user service a Problem.
func noUsers(err error) error {
	var refused *fault
	if errors.As(err, &refused) {
		return text.Fail(ErrNoUsers, text.ONVIFNoUsers)
	}
	return err
}

// SetPassword gives an account another password, on behalf of an administrator. ErrRefused,
// ErrLogin and ErrLockedOut say that the device answered that it did not; after any other
// error nobody knows whether it did.
func (s *Service) SetPassword(ctx context.Context, by Login, u User, password string) error {
	_, err := s.ask(ctx, by, "<tds:SetUser><tds:User><tt:Username>"+soapxml.Escape(u.Name)+"</tt:Username><tt:Password>"+soapxml.Escape(password)+
		"</tt:Password><tt:UserLevel>"+soapxml.Escape(u.Level)+"</tt:UserLevel></tds:User></tds:SetUser>")
	var refused *fault
	if errors.As(err, &refused) {
		return text.Fail(ErrRefused, text.ONVIFRefused, refused.reason)
	}
	return err
}

// Try proves a login: nil says that it works, ErrLogin that it does not. Anything else, such
// as ErrLockedOut, says neither.
func (s *Service) Try(ctx context.Context, l Login, level string) error {
	question := "<tds:GetUsers/>"
	if level != Administrator {
		if err := s.findGuarded(ctx); err != nil {
			return err
		}
		question = s.guarded
	}
	_, err := s.ask(ctx, l, question)
	var refused *fault
	if errors.As(err, &refused) {
		return notONVIF(err)
	}
	return err
}

// findGuarded finds a question that users of each level may ask and strangers may not: by
// it alone their logins can be proved.
func (s *Service) findGuarded(ctx context.Context) error {
	for _, question := range []string{"<tds:GetDeviceInformation/>", "<tds:GetScopes/>"} {
		if s.guarded != "" {
			return nil
		}
		_, err := s.ask(ctx, Login{}, question)
		var refused *fault
		switch {
		case errors.Is(err, ErrLogin):
			s.guarded = question
		case err != nil && !errors.As(err, &refused):
			return err
		}
	}
	if s.guarded == "" {
		return text.Fail(ErrUnproved, text.ONVIFUnproved)
	}
	return nil
}

// ask sends one question on a connection of its own.
func (s *Service) ask(ctx context.Context, l Login, question string) (*soapxml.Node, error) {
	ctx, cancel := context.WithTimeout(ctx, allPause)
	defer cancel()
	t, err := resolve(ctx, s.Address)
	if err != nil {
		return nil, err
	}
	c := newClient(t, l.User, l.Password)
	defer c.close()
	if s.Way > 0 {
		c.way, c.fixed = way(s.Way-1), true
	}
	s.pin(c)
	if l.User != "" {
		if err := c.readClock(ctx); err != nil {
			return nil, s.pinned(err)
		}
	}
	body, err := c.call(ctx, []*url.URL{t.service}, question)
	if err == nil && l.User != "" {
		s.Way = int(c.way) + 1
	}
	return body, s.pinned(err)
}

// pin has a connection made to the device of the first one alone: from then on passwords
// are sent, which are worth something to who listens.
func (s *Service) pin(c *client) {
	c.transport.TLSClientConfig.VerifyConnection = func(state tls.ConnectionState) error {
		sum := sha256.Sum256(state.PeerCertificates[0].Raw)
		got := hex.EncodeToString(sum[:])
		if s.Fingerprint == "" {
			s.Fingerprint = got
		}
		if got != s.Fingerprint {
			return ErrCertificate
		}
		return nil
	}
}

func (s *Service) pinned(err error) error {
	if errors.Is(err, ErrCertificate) {
		return text.Fail(ErrCertificate, text.ONVIFCertificate)
	}
	return err
}
