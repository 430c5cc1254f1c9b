package console

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/identity"
	"github.com/bauta-gateway/bauta/gateway/lockout"
)

const goodPassword = "correct horse battery"

// clock is a time that a test sets.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func silentLog() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

func openStore(t testing.TB) *store.Store {
	t.Helper()
	s, err := store.Open(filepath.Join(t.TempDir(), "bauta.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// accounts have a clock of the test's and a manager named boss.
func accounts(t testing.TB) (*Accounts, *clock) {
	t.Helper()
	// Hashing at its real cost is measured once, in TestHashCost.
	was := cost
	cost = argonCost{memory: 64, passes: 1, lanes: 1}
	t.Cleanup(func() { cost = was })
	a, err := NewAccounts(openStore(t), "test", silentLog())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Close)
	c := &clock{at: time.Now()}
	a.now, a.sessions.now = c.now, c.now
	a.byUser, a.byRemote, a.byCode = lockout.New(LongestForUser, c.now), lockout.New(lockout.LongestWait, c.now), lockout.New(lockout.LongestWait, c.now)
	if _, err := a.Add(t.Context(), "boss", goodPassword, identity.Manager, ""); err != nil {
		t.Fatal(err)
	}
	return a, c
}

func (a *Accounts) mustLogin(t *testing.T, name string) (string, session) {
	t.Helper()
	secret, s, err := a.login(t.Context(), "192.0.2.1:5", loginRequest{User: name, Password: goodPassword})
	if err != nil {
		t.Fatal(err)
	}
	return secret, s
}

func TestSessionsEnd(t *testing.T) {
	a, c := accounts(t)
	alive := func(secret string) bool {
		_, ok := a.sessions.find(secret, false)
		return ok
	}
	idle, s := a.mustLogin(t, "boss")
	c.pass(idleLimit - time.Second)
	if !alive(idle) {
		t.Fatal("ended too early")
	}
	c.pass(2 * time.Second)
	if alive(idle) || s.ctx.Err() == nil {
		t.Error("an idle session goes on")
	}

	busy, _ := a.mustLogin(t, "boss")
	for passed := time.Duration(0); passed < absoluteLimit-time.Minute; passed += 20 * time.Minute {
		if _, ok := a.sessions.find(busy, true); !ok {
			t.Fatalf("a busy session ended after %v", passed)
		}
		c.pass(20 * time.Minute)
	}
	if alive(busy) {
		t.Error("a session goes on for longer than it may")
	}

	for what, end := range map[string]func() error{
		"password": func() error { _, err := a.SetPassword(t.Context(), "boss", "", goodPassword); return err },
		"removal":  func() error { _, err := a.Remove("second"); return err },
		"role":     func() error { _, err := a.SetRole("third", identity.Viewer); return err },
	} {
		name := map[string]string{"password": "boss", "removal": "second", "role": "third"}[what]
		if name != "boss" {
			if _, err := a.Add(t.Context(), name, goodPassword, identity.Manager, ""); err != nil {
				t.Fatal(err)
			}
		}
		secret, s := a.mustLogin(t, name)
		if err := end(); err != nil {
			t.Fatal(err)
		}
		if alive(secret) || s.ctx.Err() == nil {
			t.Errorf("the session goes on after a change of %s", what)
		}
	}

	swept, s := a.mustLogin(t, "boss")
	c.pass(idleLimit)
	a.sessions.sweep()
	if s.ctx.Err() == nil || alive(swept) {
		t.Error("what hangs on an idle session is not swept away")
	}
}

func TestSessionsAreBounded(t *testing.T) {
	a, c := accounts(t)
	first, _ := a.mustLogin(t, "boss")
	for range maxSessions {
		c.pass(time.Second)
		a.sessions.start(store.User{ID: "u1", Role: "viewer"}, text.EN, byPassword)
	}
	if len(a.sessions.all) != maxSessions {
		t.Errorf("%d sessions", len(a.sessions.all))
	}
	if _, ok := a.sessions.find(first, false); ok {
		t.Error("the oldest one did not make room")
	}
}

// An attacker gets five tries, then one per minute or less; the rightful user
// waits a minute at most, and other users and addresses do not wait at all.
func TestLoginIsSlowedDown(t *testing.T) {
	a, c := accounts(t)
	if _, err := a.Add(t.Context(), "other", goodPassword, identity.Viewer, ""); err != nil {
		t.Fatal(err)
	}
	try := func(from, name, password string) error {
		_, _, err := a.login(t.Context(), from, loginRequest{User: name, Password: password})
		return err
	}
	for i := range lockout.FreeTries {
		if err := try("192.0.2.1:9", "boss", "wrong password"); !errors.Is(err, errLogin) {
			t.Fatalf("try %d: %v", i, err)
		}
	}
	if err := try("192.0.2.1:9", "boss", goodPassword); !errors.As(err, new(tooMany)) {
		t.Errorf("the sixth try at once: %v", err)
	}
	if err := try("192.0.2.2:9", "boss", goodPassword); !errors.As(err, new(tooMany)) {
		t.Errorf("the name is not slowed down for another address: %v", err)
	}
	if err := try("192.0.2.3:9", "other", goodPassword); err != nil {
		t.Errorf("another user from another address: %v", err)
	}
	tries := 0
	for range 24 * 60 {
		c.pass(time.Minute)
		if errors.Is(try("192.0.2.1:9", "boss", "wrong password"), errLogin) {
			tries++
		}
	}
	if tries > 24*5 {
		t.Errorf("one address could try %d times in a day", tries)
	}
	c.pass(LongestForUser)
	if err := try("192.0.2.4:9", "boss", goodPassword); err != nil {
		t.Errorf("the rightful user is locked out: %v", err)
	}
}

// Unknown users, wrong passwords and too long ones get the same answer, and the
// hash is reckoned for both of the first.
func TestUnknownUsersAreLikeKnownOnes(t *testing.T) {
	a, _ := accounts(t)
	_, _, known := a.login(t.Context(), "192.0.2.1:5", loginRequest{User: "boss", Password: "wrong password"})
	_, _, unknown := a.login(t.Context(), "192.0.2.2:5", loginRequest{User: "nobody", Password: "wrong password"})
	_, _, long := a.login(t.Context(), "192.0.2.3:5", loginRequest{User: "nobody", Password: strings.Repeat("x", maxPassword+1)})
	if known == nil || unknown == nil || long == nil || known.Error() != unknown.Error() || known.Error() != long.Error() {
		t.Errorf("%v / %v / %v", known, unknown, long)
	}
	c, _, _, err := decode(a.hasher.decoy)
	if err != nil || c != cost {
		t.Errorf("the decoy costs %+v, %v; a real one %+v", c, err, cost)
	}
}

func TestHashCost(t *testing.T) {
	h := newHasher()
	began := time.Now()
	hash, err := h.hash(t.Context(), goodPassword)
	if err != nil || !strings.HasPrefix(hash, "$argon2id$v=19$m=32768,t=3,p=1$") {
		t.Fatalf("%s, %v", hash, err)
	}
	t.Logf("one hash takes %v", time.Since(began))
	for password, want := range map[string]bool{goodPassword: true, goodPassword + " ": false, "": false} {
		if got, err := h.fits(t.Context(), password, hash); got != want || err != nil {
			t.Errorf("fits(%q) = %v, %v", password, got, err)
		}
	}
	if again, _ := h.hash(t.Context(), goodPassword); again == hash {
		t.Error("two hashes of one password are the same")
	}
	for _, bad := range []string{"$argon2id$v=19$m=0,t=3,p=1$AAAA$AAAA", "$2y$10$x", "$argon2id$v=19$m=1,t=1,p=1$AAAA$AAAA", "x"} {
		if _, err := h.fits(t.Context(), goodPassword, bad); err == nil {
			t.Errorf("%s passed", bad)
		}
	}
}

func TestHashesAreFewAtATime(t *testing.T) {
	h := newHasher()
	for range maxHashes {
		done, err := h.slot(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer done()
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.hash(ctx, goodPassword); !errors.Is(err, errBusy) {
		t.Errorf("err = %v, want errBusy", err)
	}
}

func TestUsers(t *testing.T) {
	a, _ := accounts(t)
	add := func(name, password string, role identity.Role) error {
		_, err := a.Add(t.Context(), name, password, role, "")
		return err
	}
	for _, test := range []struct {
		name, user, password string
		role                 identity.Role
		want                 error
	}{
		{"good", "刘经理", goodPassword, identity.Auditor, nil},
		{"same name", "BOSS", goodPassword, identity.Viewer, ErrExists},
		{"no name", "", goodPassword, identity.Viewer, ErrInvalid},
		{"dots", "..", goodPassword, identity.Viewer, ErrInvalid},
		{"slash", "a/b", goodPassword, identity.Viewer, ErrInvalid},
		{"space", "a b", goodPassword, identity.Viewer, ErrInvalid},
		{"long name", strings.Repeat("x", maxUserName+1), goodPassword, identity.Viewer, ErrInvalid},
		{"short password", "x", "123456789", identity.Viewer, ErrInvalid},
		{"long password", "x", strings.Repeat("x", maxPassword+1), identity.Viewer, ErrInvalid},
		{"password is the name", "averylongname", "AVeryLongName", identity.Viewer, ErrInvalid},
		{"role", "x", goodPassword, "root", ErrInvalid},
		{"public is no role", "x", goodPassword, identity.Public, ErrInvalid},
	} {
		if err := add(test.user, test.password, test.role); !errors.Is(err, test.want) || (err != nil) != (test.want != nil) {
			t.Errorf("%s: %v, want %v", test.name, err, test.want)
		}
	}
	if _, err := a.Remove("boss"); !errors.Is(err, ErrForbidden) {
		t.Errorf("the last manager was removed: %v", err)
	}
	if _, err := a.SetRole("boss", identity.Viewer); !errors.Is(err, ErrForbidden) {
		t.Errorf("the last manager became a viewer: %v", err)
	}
	if _, err := a.Remove("nobody"); !errors.Is(err, ErrNotFound) {
		t.Errorf("removing nobody: %v", err)
	}
}

// Who is no manager changes the own password alone and must know the present one.
func TestOwnPasswordOnly(t *testing.T) {
	a, _ := accounts(t)
	v, err := a.Add(t.Context(), "viewer", goodPassword, identity.Viewer, "")
	if err != nil {
		t.Fatal(err)
	}
	viewer := identity.Identity{ID: v.ID, User: "viewer", Role: identity.Viewer, Until: t.Context()}.In(t.Context())
	machine := identity.Identity{ID: "t1", Role: identity.Viewer, Until: t.Context()}.In(t.Context())
	for _, test := range []struct {
		what, name, present string
		ctx                 context.Context
		want                error
	}{
		{"another's", "boss", goodPassword, viewer, ErrForbidden},
		{"without the present one", "viewer", "", viewer, ErrForbidden},
		{"with a wrong one", "viewer", "wrong password", viewer, ErrForbidden},
		{"by a machine", "viewer", goodPassword, machine, ErrForbidden},
		{"own", "viewer", goodPassword, viewer, nil},
		{"on the socket", "viewer", "", t.Context(), nil},
	} {
		if _, err := a.SetPassword(test.ctx, test.name, test.present, goodPassword); !errors.Is(err, test.want) || (err != nil) != (test.want != nil) {
			t.Errorf("%s: %v, want %v", test.what, err, test.want)
		}
	}
	if _, err := a.SetLanguage(viewer, "boss", text.ZhCN); !errors.Is(err, ErrForbidden) {
		t.Errorf("another's language: %v", err)
	}
}

// Who may not change another's password does not learn how that one logs in, nor whether there is one.
func TestOthersLoginsStaySecret(t *testing.T) {
	a, _ := accounts(t)
	if err := a.put(store.User{ID: "u9", Name: "by-provider", Role: "manager"}); err != nil {
		t.Fatal(err)
	}
	guard := identity.Identity{ID: "u8", User: "guard", Role: identity.Viewer, Until: t.Context()}.In(t.Context())
	_, known := a.SetPassword(guard, "by-provider", "", goodPassword)
	_, unknown := a.SetPassword(guard, "nobody", "", goodPassword)
	if known == nil || unknown == nil || known.Error() != unknown.Error() {
		t.Errorf("%v / %v", known, unknown)
	}
}

func TestTokens(t *testing.T) {
	a, c := accounts(t)
	made, secret, err := a.AddToken("prometheus", identity.Viewer, 30)
	if err != nil || !strings.HasPrefix(secret, TokenPrefix) || len(secret) < 40 {
		t.Fatalf("%+v, %v", made, err)
	}
	if who, ok := a.machine(secret); !ok || who.Role != identity.Viewer || who.ID != made.ID || who.User != "" {
		t.Errorf("who = %+v, %v", who, ok)
	}
	if _, ok := a.machine(secret[:len(secret)-1]); ok {
		t.Error("a cut token is good")
	}
	again, err := NewAccounts(a.store, "test", silentLog())
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := again.machine(secret); !ok {
		t.Error("the token is lost after a restart")
	}
	who, _ := a.machine(secret)
	c.pass(31 * 24 * time.Hour)
	if _, ok := a.machine(secret); ok {
		t.Error("a token is good beyond its end")
	}
	a.sweepTokens()
	if who.Until.Err() == nil {
		t.Error("what runs on a token goes on beyond its end")
	}
	if _, err := a.RemoveToken(made.ID); err != nil || len(a.Tokens()) != 0 {
		t.Errorf("%v, %v", a.Tokens(), err)
	}
	for _, bad := range []struct {
		name string
		role identity.Role
		days int
	}{{"", identity.Viewer, 1}, {"x", "root", 1}, {"x", identity.Viewer, 0}, {"x", identity.Viewer, maxTokenDays + 1}, {"a\nb", identity.Viewer, 1}} {
		if _, _, err := a.AddToken(bad.name, bad.role, bad.days); !errors.Is(err, ErrInvalid) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

func TestSetUpOnce(t *testing.T) {
	was := cost
	cost = argonCost{memory: 64, passes: 1, lanes: 1}
	t.Cleanup(func() { cost = was })
	a, err := NewAccounts(openStore(t), "test", silentLog())
	if err != nil {
		t.Fatal(err)
	}
	code := a.SetupCode()
	if a.SetupCode() != code {
		t.Error("two codes at once")
	}
	var all sync.WaitGroup
	var mu sync.Mutex
	done := 0
	for range 4 {
		all.Go(func() {
			_, _, err := a.setUp(t.Context(), "192.0.2.1:5", setupRequest{Code: code, User: "boss", Password: goodPassword})
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				done++
			}
		})
	}
	all.Wait()
	if done != 1 || len(a.Users()) != 1 || a.SetupCode() != "" {
		t.Errorf("%d of four set-ups at once succeeded, %d users", done, len(a.Users()))
	}
}

func TestWrongCodesAreSlowedDown(t *testing.T) {
	a, err := NewAccounts(openStore(t), "test", silentLog())
	if err != nil {
		t.Fatal(err)
	}
	c := &clock{at: time.Now()}
	a.byUser, a.byRemote, a.byCode = lockout.New(LongestForUser, c.now), lockout.New(lockout.LongestWait, c.now), lockout.New(lockout.LongestWait, c.now)
	code := a.SetupCode()
	for i := range lockout.FreeTries {
		from := []string{"192.0.2.1:1", "192.0.2.2:1", "192.0.2.3:1", "192.0.2.4:1", "192.0.2.5:1"}[i]
		if _, _, err := a.setUp(t.Context(), from, setupRequest{Code: "AAAA-AAAA", User: "x", Password: goodPassword}); !errors.Is(err, errLogin) {
			t.Fatal(err)
		}
	}
	if _, _, err := a.setUp(t.Context(), "192.0.2.6:1", setupRequest{Code: code, User: "x", Password: goodPassword}); !errors.As(err, new(tooMany)) {
		t.Errorf("the sixth code at once: %v", err)
	}
}
