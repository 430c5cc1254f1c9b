package console

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/gateway/identity"
	"github.com/bauta-gateway/bauta/gateway/lockout"
	"github.com/bauta-gateway/bauta/gateway/signon"
	"github.com/bauta-gateway/bauta/gateway/signon/signontest"
)

const home = "https://box"

// house is a console with a real login provider.
type house struct {
	*testing.T
	s        *Server
	a        *Accounts
	provider *signontest.Provider
	cookies  map[string]*http.Cookie // of one browser
	audited  []string
}

func startHouse(t *testing.T) *house {
	t.Helper()
	a, _ := accounts(t)
	room, err := signon.Open(a.store)
	if err != nil {
		t.Fatal(err)
	}
	h := &house{T: t, a: a, cookies: map[string]*http.Cookie{}, provider: signontest.Start(t, "console-"+t.Name(), home+signon.ReturnPath)}
	if err := room.Set(t.Context(), signon.Settings{Issuer: h.provider.Issuer, ClientID: "console-" + t.Name(), Secret: "secret", Console: home}); err != nil {
		t.Fatal(err)
	}
	api := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	audit := func(actor, action, subject, detail string) {
		h.audited = append(h.audited, strings.TrimSpace(action+" "+detail))
	}
	if h.s, err = New(Config{Store: a.store, Accounts: a, SignOn: room, API: api, Routes: describedRoutes(t), Audit: audit, Log: silentLog()}); err != nil {
		t.Fatal(err)
	}
	return h
}

// get asks as the browser does and keeps its cookies.
func (h *house) get(address string) *httptest.ResponseRecorder {
	h.Helper()
	r := httptest.NewRequest("GET", address, nil)
	for _, c := range h.cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	h.s.http.Handler.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		h.cookies[c.Name] = c
		if c.MaxAge < 0 {
			delete(h.cookies, c.Name)
		}
	}
	return w
}

// signOn goes to the provider and comes back; change may spoil the way back.
func (h *house) signOn(change func(url.Values)) *httptest.ResponseRecorder {
	h.Helper()
	w := h.get(home + "/signon")
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), h.provider.Issuer) {
		h.Fatalf("%d to %s", w.Code, w.Header().Get("Location"))
	}
	answer := h.provider.LogIn(h, w.Header().Get("Location"))
	if change != nil {
		change(answer)
	}
	return h.get(home + signon.ReturnPath + "?" + answer.Encode())
}

func (h *house) loggedIn() bool {
	c := h.cookies[cookieName]
	if c == nil {
		return false
	}
	_, ok := h.a.sessions.find(c.Value, false)
	return ok
}

// A first login makes no account but a request; a manager gives it a role, and from then on it
// is matched by issuer and subject. The session ends with the log-out and with the provider.
func TestSignOn(t *testing.T) {
	h := startHouse(t)
	if w := h.signOn(nil); w.Header().Get("Location") != "/login?signon=waiting" || h.loggedIn() || len(h.a.Users()) != 1 {
		t.Fatalf("a first login: %d to %s", w.Code, w.Header().Get("Location"))
	}
	h.signOn(nil) // waits once only
	waiting := h.s.cfg.SignOn.Requests()
	if len(waiting) != 1 || waiting[0].Subject != signontest.Subject {
		t.Fatalf("%+v", waiting)
	}
	// An account of the provider's name is not theirs: nothing goes by names.
	if _, err := h.a.Add(t.Context(), signontest.User, goodPassword, identity.Manager, ""); err != nil {
		t.Fatal(err)
	}
	if h.signOn(nil); h.loggedIn() {
		t.Fatal("logged in by a name")
	}
	u, err := h.a.addPerson(waiting[0], SignOnAnswer{User: "colleague", Role: identity.Auditor})
	if err != nil || !u.Provider {
		t.Fatalf("%+v, %v", u, err)
	}
	if w := h.signOn(nil); w.Code != http.StatusOK || !h.loggedIn() || !strings.Contains(w.Body.String(), `http-equiv="refresh"`) {
		t.Fatalf("with a role: %d", w.Code)
	}
	if c := h.cookies[cookieName]; c.SameSite != http.SameSiteStrictMode || !c.HttpOnly || !c.Secure || h.cookies[signOnCookie] != nil {
		t.Errorf("cookies %+v", h.cookies)
	}
	one, _ := h.a.sessions.find(h.cookies[cookieName].Value, false)
	if one.role != identity.Auditor || one.by != byProvider || one.user != "colleague" {
		t.Errorf("%+v", one)
	}
	if err := h.a.try(t, "192.0.2.1:1", "colleague", "", ""); err == nil {
		t.Error("it logs in without a password")
	}
	if _, err := h.a.SetPassword(t.Context(), "colleague", "", goodPassword); err == nil {
		t.Error("a password beside the provider")
	}
	h.a.endProvider("")
	if h.loggedIn() {
		t.Error("the session outlives the provider")
	}
	for _, want := range []string{"signon.requested", "login.accepted by=provider"} {
		if !strings.Contains(strings.Join(h.audited, "\n"), want) {
			t.Errorf("%s is not written down: %q", want, h.audited)
		}
	}
	for _, name := range []string{signontest.User, "colleague", signontest.Subject} {
		if strings.Contains(strings.Join(h.audited, "\n"), name) {
			t.Errorf("%s is written down", name)
		}
	}
}

// The last manager with a password stays one, whoever the provider lets in.
func TestLocalManagerStays(t *testing.T) {
	h := startHouse(t)
	h.signOn(nil)
	if _, err := h.a.addPerson(h.s.cfg.SignOn.Requests()[0], SignOnAnswer{User: "colleague", Role: identity.Manager}); err != nil {
		t.Fatal(err)
	}
	if _, err := h.a.Remove("boss"); err == nil {
		t.Error("the last manager with a password is removed")
	}
	if _, err := h.a.SetRole("boss", identity.Viewer); err == nil {
		t.Error("the last manager with a password becomes a viewer")
	}
	if _, err := h.a.Remove("colleague"); err != nil {
		t.Error(err)
	}
}

// What comes back wrong lets nobody in, and leads to our own login page alone.
func TestSignOnIsNotMixed(t *testing.T) {
	h := startHouse(t)
	h.signOn(nil)
	if _, err := h.a.addPerson(h.s.cfg.SignOn.Requests()[0], SignOnAnswer{User: "colleague", Role: identity.Manager}); err != nil {
		t.Fatal(err)
	}
	for what, change := range map[string]func(url.Values){
		"another state":   func(v url.Values) { v.Set("state", "x") },
		"another issuer":  func(v url.Values) { v.Set("iss", "https://evil.example") },
		"another browser": func(url.Values) { delete(h.cookies, signOnCookie) },
		"a foreign cookie": func(url.Values) {
			h.cookies[signOnCookie] = &http.Cookie{Name: signOnCookie, Value: "e30.e30"}
		},
	} {
		w := h.signOn(change)
		if to := w.Header().Get("Location"); to != "/login?signon=refused" || h.loggedIn() {
			t.Errorf("%s: %d to %s", what, w.Code, to)
		}
	}
	for range lockout.FreeTries {
		h.get(home + signon.ReturnPath + "?code=x&state=y")
	}
	if to := h.get(home + signon.ReturnPath + "?code=x&state=y").Header().Get("Location"); to != "/login?signon=wait" {
		t.Errorf("whoever tries on and on is led to %s", to)
	}
}

// A request under another host is led to the manager's address, never to what the request says.
func TestSignOnBeginsAtHome(t *testing.T) {
	h := startHouse(t)
	for _, host := range []string{"evil.example", "192.0.2.9:8443"} {
		if to := h.get("https://" + host + "/signon").Header().Get("Location"); to != home+"/signon?moved" {
			t.Errorf("%s: to %s", host, to)
		}
		if to := h.get("https://" + host + "/signon?moved").Header().Get("Location"); !strings.HasPrefix(to, h.provider.Issuer) || !strings.Contains(to, url.QueryEscape(home+signon.ReturnPath)) {
			t.Errorf("%s: to %s", host, to)
		}
	}
}

// With the provider down the login page says so, and passwords go on working.
func TestSignOnProviderDown(t *testing.T) {
	h := startHouse(t)
	h.provider.Stop()
	room, err := signon.Open(h.a.store) // as after a restart: nothing is known of the provider
	if err != nil {
		t.Fatal(err)
	}
	h.s.cfg.SignOn = room
	if to := h.get(home + "/signon").Header().Get("Location"); to != "/login?signon=down" {
		t.Fatalf("led to %s", to)
	}
	if page := h.get(home + "/login?signon=down").Body.String(); !strings.Contains(page, "does not answer") || !strings.Contains(page, `id="password"`) {
		t.Error("the page does not say so")
	}
	for _, odd := range []string{"x", "<script>", "down.x", ""} {
		if page := h.get(home + "/login?signon=" + url.QueryEscape(odd)).Body.String(); strings.Contains(page, `id="said"`) {
			t.Errorf("%q is said", odd)
		}
	}
	if err := h.a.try(t, "192.0.2.1:1", "boss", goodPassword, ""); err != nil {
		t.Errorf("by password: %v", err)
	}
}

// What is not there has a page of our own in the reader's language; what a role may not see
// says so; scripts get it short.
func TestPagesInThePlaceOfOthers(t *testing.T) {
	h := startHouse(t)
	page := func(path, accept, lang string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", home+path, nil)
		r.Header.Set("Accept", accept)
		r.Header.Set("Accept-Language", lang)
		for _, c := range h.cookies {
			r.AddCookie(c)
		}
		w := httptest.NewRecorder()
		h.s.http.Handler.ServeHTTP(w, r)
		return w
	}
	for lang, want := range map[string]string{"en": "There is no such page", "zh-CN": "页面不存在"} {
		if w := page("/nosuchpage", "text/html,*/*", lang); w.Code != 404 || !strings.Contains(w.Body.String(), want) || !strings.Contains(w.Body.String(), `href="/"`) {
			t.Errorf("%s: %d %s", lang, w.Code, w.Body)
		}
	}
	if w := page("/nosuchpage", "*/*", "en"); w.Code != 404 || strings.Contains(w.Body.String(), "<") {
		t.Errorf("a script: %d %s", w.Code, w.Body)
	}
	for name, role := range map[string]identity.Role{"guard": identity.Viewer, "audit": identity.Auditor, "chief": identity.Manager} {
		if _, err := h.a.Add(t.Context(), name, goodPassword, role, ""); err != nil {
			t.Fatal(err)
		}
		secret, _ := h.a.mustLogin(t, name)
		h.cookies[cookieName] = &http.Cookie{Name: cookieName, Value: secret}
		for path, needs := range map[string]identity.Role{"/cameras/new": identity.Manager, "/consents": identity.Auditor, "/evidence": identity.Auditor, "/settings": identity.Viewer, "/": identity.Viewer} {
			w := page(path, "text/html", "en")
			if may := role.May(needs); may != (w.Code == 200) || !may && (w.Code != 403 || !strings.Contains(w.Body.String(), string(needs))) {
				t.Errorf("%s by a %s: %d", path, role, w.Code)
			}
			if shown := strings.Contains(w.Body.String(), `<a href="/evidence"`); shown != role.May(identity.Auditor) {
				t.Errorf("%s by a %s: the menu has Evidence: %v", path, role, shown)
			}
		}
	}
}

// The manifest and its icons are there, and nothing keeps answers of the API.
func TestManifest(t *testing.T) {
	h := startHouse(t)
	w := h.get(home + "/static/manifest.webmanifest")
	var m struct {
		Start string `json:"start_url"`
		Icons []struct{ Src, Sizes, Type string }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &m); err != nil || w.Header().Get("Content-Type") != "application/manifest+json" || m.Start != "/" || len(m.Icons) < 3 {
		t.Fatalf("%s, %v", w.Body, err)
	}
	for _, icon := range m.Icons {
		if w := h.get(home + icon.Src); w.Code != 200 || w.Header().Get("Content-Type") != icon.Type {
			t.Errorf("%s: %d %s", icon.Src, w.Code, w.Header().Get("Content-Type"))
		}
	}
	if !strings.Contains(h.get(home+"/login").Body.String(), `rel="manifest"`) {
		t.Error("pages do not name the manifest")
	}
	if got := h.get(home + "/api/v1/session").Header().Get("Cache-Control"); got != "no-store" {
		t.Errorf("the API may be kept: %s", got)
	}
}
