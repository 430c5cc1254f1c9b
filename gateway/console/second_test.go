package console

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/bauta-gateway/bauta/gateway/identity"
	"github.com/bauta-gateway/bauta/gateway/lockout"
)

func codeAt(t *testing.T, secret string, at time.Time) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, at)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// withSecond gives a user a second factor and returns its secret and recovery codes.
func (a *Accounts) withSecond(t *testing.T, c *clock, name string) (secret string, recovery []string) {
	t.Helper()
	cookie, one := a.mustLogin(t, name)
	secret, _, err := a.beginSecond(t.Context(), one, goodPassword, "")
	if err != nil {
		t.Fatal(err)
	}
	if recovery, err = a.confirmSecond(cookie, one, codeAt(t, secret, c.now())); err != nil {
		t.Fatal(err)
	}
	c.pass(2 * time.Minute)
	return secret, recovery
}

func (a *Accounts) try(t *testing.T, from, name, password, code string) error {
	t.Helper()
	_, _, err := a.login(t.Context(), from, loginRequest{User: name, Password: password, Code: code})
	return err
}

// A login takes password and code; a code counts once, over a restart too, and a recovery code
// once. What lies in the store tells neither.
func TestSecondFactor(t *testing.T) {
	a, c := accounts(t)
	first, _ := a.mustLogin(t, "boss")
	secret, recovery := a.withSecond(t, c, "boss")
	if _, ok := a.sessions.find(first, false); ok {
		t.Error("a login from before goes on")
	}
	if err := a.try(t, "192.0.2.1:5", "boss", goodPassword, ""); !errors.Is(err, errNoCode) {
		t.Errorf("without a code: %v", err)
	}
	if err := a.try(t, "192.0.2.2:5", "boss", "wrong password", codeAt(t, secret, c.now())); errors.Is(err, errSecond) || err == nil {
		t.Errorf("a wrong password says of the code: %v", err)
	}
	code := codeAt(t, secret, c.now())
	if err := a.try(t, "192.0.2.1:5", "boss", goodPassword, code); err != nil {
		t.Fatal(err)
	}
	if err := a.try(t, "192.0.2.1:5", "boss", goodPassword, code); !errors.Is(err, errSecond) {
		t.Errorf("the same code in its step: %v", err)
	}
	again, err := NewAccounts(a.store, "test", silentLog())
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	again.now = c.now
	if err := again.try(t, "192.0.2.1:5", "boss", goodPassword, code); !errors.Is(err, errSecond) {
		t.Errorf("the same code after a restart: %v", err)
	}
	if err := again.try(t, "192.0.2.1:5", "boss", goodPassword, recovery[3]); err != nil {
		t.Errorf("a recovery code: %v", err)
	}
	if err := again.try(t, "192.0.2.1:5", "boss", goodPassword, recovery[3]); !errors.Is(err, errSecond) {
		t.Errorf("a recovery code twice: %v", err)
	}
	if left, _ := again.byID(again.Users()[0].ID); len(left.Second.Recovery) != len(recovery)-1 || strings.Contains(strings.Join(left.Second.Recovery, ""), recovery[0]) {
		t.Errorf("%d recovery codes are left", len(left.Second.Recovery))
	}
}

// Who knows the password may guess at codes as rarely as a stranger at passwords, from all
// addresses together, and logins without a code win no tries back.
func TestCodesAreSlowedDown(t *testing.T) {
	a, c := accounts(t)
	secret, _ := a.withSecond(t, c, "boss")
	tries := 0
	for i := range 24 * 60 {
		c.pass(time.Minute)
		from := "192.0." + string(rune('0'+i%10)) + ".1:5"
		_ = a.try(t, from, "boss", goodPassword, "")
		if err := a.try(t, from, "boss", goodPassword, "000000"); errors.Is(err, errSecond) {
			tries++
		}
	}
	if tries > 24*4+2*lockout.FreeTries {
		t.Errorf("%d codes could be tried in a day", tries)
	}
	c.pass(lockout.LongestWait + time.Minute)
	if err := a.try(t, "203.0.113.9:5", "boss", goodPassword, codeAt(t, secret, c.now())); err != nil {
		t.Errorf("the rightful user: %v", err)
	}
}

// A disk that hangs keeps out nobody who needs no code.
func TestSlowDiskKeepsNobodyOut(t *testing.T) {
	a, _ := accounts(t)
	a.changing.Lock() // as while a change is written
	defer a.changing.Unlock()
	in := make(chan error, 1)
	go func() { in <- a.try(t, "192.0.2.1:5", "boss", goodPassword, "") }()
	select {
	case err := <-in:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Error("the login waits for the disk")
	}
}

// Where managers need a second factor, one without may do nothing but set it up; machines and
// others are not asked, and nobody shuts the door on themselves.
func TestSecondFactorOfManagers(t *testing.T) {
	a, c := accounts(t)
	s, err := New(Config{Store: a.store, Accounts: a, API: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}), Routes: describedRoutes(t), Audit: func(_, _, _, _ string) {}, Log: silentLog()})
	if err != nil {
		t.Fatal(err)
	}
	ask := func(cookie, bearer, method, path, body string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, "https://box"+path, strings.NewReader(body))
		r.AddCookie(&http.Cookie{Name: cookieName, Value: cookie})
		if one, ok := a.sessions.find(cookie, false); ok {
			r.Header.Set("X-CSRF-Token", one.csrf)
		}
		if bearer != "" {
			r.Header.Set("Authorization", "Bearer "+bearer)
		}
		w := httptest.NewRecorder()
		s.http.Handler.ServeHTTP(w, r)
		return w
	}
	_, one := a.mustLogin(t, "boss")
	if err := a.RequireSecond(one.identity().In(t.Context()), true); !errors.Is(err, ErrForbidden) {
		t.Errorf("who has none asks it of all: %v", err)
	}
	a.withSecond(t, c, "boss")
	for _, name := range []string{"second", "guard"} {
		role := map[string]identity.Role{"second": identity.Manager, "guard": identity.Viewer}[name]
		if _, err := a.Add(t.Context(), name, goodPassword, role, ""); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.RequireSecond(one.identity().In(t.Context()), true); err != nil {
		t.Fatal(err)
	}
	_, token, err := a.AddToken("nvr", identity.Manager, 9)
	if err != nil {
		t.Fatal(err)
	}
	held, _ := a.mustLogin(t, "second")
	guard, _ := a.mustLogin(t, "guard")
	for what, c := range map[string]struct {
		got  *httptest.ResponseRecorder
		want int
	}{
		"a manager without": {ask(held, "", "GET", "/api/v1/cameras", ""), 403}, "a page": {ask(held, "", "GET", "/settings", ""), 303},
		"the page of all gateways": {ask(held, "", "GET", "/fleet/", ""), 303}, "a machine": {ask("", token, "GET", "/api/v1/cameras", ""), 200},
		"a viewer": {ask(guard, "", "GET", "/api/v1/cameras", ""), 200}, "the set-up of it": {ask(held, "", "GET", "/second", ""), 200},
		"a machine's second factor": {ask("", token, "POST", "/api/v1/session/second", `{"password":"x"}`), 403},
		"a wrong password":          {ask(held, "", "POST", "/api/v1/session/second", `{"password":"wrong"}`), 403},
		"a right one":               {ask(held, "", "POST", "/api/v1/session/second", `{"password":"`+goodPassword+`"}`), 200},
		"a wrong first code":        {ask(held, "", "POST", "/api/v1/session/second/confirm", `{"password":"","code":"000000"}`), 400},
		"taking it away":            {ask(held, "", "DELETE", "/api/v1/session/second", `{"password":"`+goodPassword+`"}`), 403},
		"the log-out":               {ask(held, "", "POST", "/api/v1/logout", ""), 200},
	} {
		if c.got.Code != c.want {
			t.Errorf("%s: %d %.200s", what, c.got.Code, c.got.Body)
		}
	}
}

// Over the socket alone a second factor is taken away; the logins end, and the password counts.
func TestSecondFactorIsReset(t *testing.T) {
	a, c := accounts(t)
	secret, _ := a.withSecond(t, c, "boss")
	cookie, _, err := a.login(t.Context(), "192.0.2.1:5", loginRequest{User: "boss", Password: goodPassword, Code: codeAt(t, secret, c.now())})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.ResetSecond("boss"); err != nil {
		t.Fatal(err)
	}
	if _, ok := a.sessions.find(cookie, false); ok {
		t.Error("a login goes on")
	}
	if err := a.try(t, "192.0.2.1:5", "boss", goodPassword, ""); err != nil {
		t.Error(err)
	}
	if _, err := a.ResetSecond("boss"); !errors.Is(err, ErrNotFound) {
		t.Errorf("again: %v", err)
	}
}

// When a user was last there is known to the hour, over a restart too.
func TestLastSeen(t *testing.T) {
	a, c := accounts(t)
	if !a.Users()[0].LastSeen.IsZero() {
		t.Error("seen before any login")
	}
	_, one := a.mustLogin(t, "boss")
	a.saw(one.id)
	want := c.now().UTC().Truncate(time.Hour)
	a.keepSeen(silentLog())
	again, err := NewAccounts(a.store, "test", silentLog())
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if got := again.Users()[0].LastSeen; !got.Equal(want) {
		t.Errorf("seen at %v, want %v", got, want)
	}
	again.keepSeen(silentLog()) // nothing to keep: nothing is written
	if len(again.takeUnsaved()) > 0 {
		t.Error("it is stored without need")
	}
}
