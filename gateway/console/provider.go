package console

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/connlimit"
	"github.com/bauta-gateway/bauta/gateway/identity"
	"github.com/bauta-gateway/bauta/gateway/reply"
	"github.com/bauta-gateway/bauta/gateway/signon"
)

// signOnCookie is kept while a browser is at the provider. It comes back from another site,
// so it is Lax where the session's is Strict; it lets nobody in.
const signOnCookie = "__Host-bauta-signon"

// SignOnAnswer is a manager's answer to somebody who waits for a role.
type SignOnAnswer struct {
	// User is the name of the account.
	User string        `json:"user"`
	Role identity.Role `json:"role"`
}

// SignOnInfo is the answer of GET /v1/signon; Issuer is empty where there is none.
type SignOnInfo struct {
	signon.Settings
	// Return is the address that the provider has to know.
	Return string `json:"return"`
}

// byPerson is the account of whom the provider names: by issuer and subject, never by a name.
func (a *Accounts) byPerson(p signon.Person) (store.User, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, u := range a.users {
		if u.Issuer != "" && u.Issuer == p.Issuer && u.Subject == p.Subject {
			return u, true
		}
	}
	return store.User{}, false
}

// addPerson makes the account of somebody whom the provider knows.
func (a *Accounts) addPerson(q signon.Request, in SignOnAnswer) (identity.User, error) {
	if err := errors.Join(checkName(in.User), checkRole(in.Role)); err != nil {
		return identity.User{}, err
	}
	a.changing.Lock()
	defer a.changing.Unlock()
	if _, there := a.byPerson(signon.Person{Issuer: q.Issuer, Subject: q.Subject}); there {
		return identity.User{}, text.Fail(ErrExists, text.AccessUserExists, in.User)
	}
	u := store.User{ID: newID("u"), Name: in.User, Role: string(in.Role), Created: a.now().UTC().Truncate(time.Second), Issuer: q.Issuer, Subject: q.Subject}
	return publicUser(u), a.put(u)
}

// endProvider ends the sessions of all who came by another provider than this.
func (a *Accounts) endProvider(issuer string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for id, u := range a.users {
		if u.Issuer != "" && u.Issuer != issuer {
			a.sessions.stopUser(id)
		}
	}
}

func (s *Server) signOnPages(mux *http.ServeMux) {
	mux.HandleFunc("GET /signon", s.beginSignOn)
	mux.HandleFunc("GET "+signon.ReturnPath, s.returnSignOn)
}

// backToLogin says on the login page why nobody was let in.
func backToLogin(w http.ResponseWriter, r *http.Request, why string) {
	http.Redirect(w, r, "/"+loginPage+"?signon="+why, http.StatusSeeOther)
}

// beginSignOn leads to the provider. It begins where it will end, at the address that the
// manager gave: cookies are for one host alone.
func (s *Server) beginSignOn(w http.ResponseWriter, r *http.Request) {
	settings, on := s.cfg.SignOn.Settings()
	if !on {
		backToLogin(w, r, "off")
		return
	}
	if home, err := url.Parse(settings.Console); err == nil && !strings.EqualFold(home.Host, r.Host) && r.URL.RawQuery == "" {
		http.Redirect(w, r, settings.Console+"/signon?moved", http.StatusSeeOther)
		return
	}
	address, cookie, err := s.cfg.SignOn.Begin(r.Context())
	if err != nil {
		s.signOnFailed(w, r, err)
		return
	}
	s.setSignOnCookie(w, cookie, int(signon.Life.Seconds()))
	http.Redirect(w, r, address, http.StatusSeeOther)
}

func (s *Server) setSignOnCookie(w http.ResponseWriter, value string, age int) {
	http.SetCookie(w, &http.Cookie{Name: signOnCookie, Value: value, Path: "/", MaxAge: age, HttpOnly: true, Secure: true, SameSite: http.SameSiteLaxMode})
}

// signOnFailed tells a person in few words, and the log why.
func (s *Server) signOnFailed(w http.ResponseWriter, r *http.Request, err error) {
	why := "refused"
	switch {
	case errors.As(err, new(tooMany)):
		why = "wait"
	case errors.Is(err, signon.ErrDown):
		why = "down"
	case errors.Is(err, signon.ErrOff):
		why = "off"
	}
	if more, ok := s.failures.Allow("signon." + why); ok {
		s.cfg.Log.Warn("a login by the provider failed", "error", err, "muted", more)
		if why == "refused" {
			s.cfg.Audit("anonymous", "login.failed", "user/unknown", "by=provider")
		}
	}
	backToLogin(w, r, why)
}

// returnSignOn takes who comes back from the provider. The page that it answers with leads on
// by itself: browsers send the session's cookie only along with a step that began here.
func (s *Server) returnSignOn(w http.ResponseWriter, r *http.Request) {
	c, err := r.Cookie(signOnCookie)
	if err != nil {
		c = &http.Cookie{}
	}
	s.setSignOnCookie(w, "", -1)
	p, err := s.finishSignOn(r, c.Value)
	if err != nil {
		s.signOnFailed(w, r, err)
		return
	}
	u, known := s.cfg.Accounts.byPerson(p)
	if !known {
		s.askForRole(w, r, p)
		return
	}
	secret, one, err := s.cfg.Accounts.enter(u, s.language(r), byProvider)
	if err != nil {
		s.signOnFailed(w, r, err)
		return
	}
	s.cfg.Accounts.saw(one.id)
	s.cfg.Audit(one.identity().Actor(), "login.accepted", "user/"+one.id, "by="+string(byProvider))
	http.SetCookie(w, sessionCookie(secret))
	s.render(w, r, enteredPage, one)
}

// finishSignOn slows down who tries in vain: each try asks the provider.
func (s *Server) finishSignOn(r *http.Request, cookie string) (p signon.Person, err error) {
	address := connlimit.Source(r.RemoteAddr)
	if wait := s.cfg.Accounts.byRemote.Begin(address); wait > 0 {
		return p, tooMany{wait}
	}
	if p, err = s.cfg.SignOn.Finish(r.Context(), cookie, r.URL.Query()); err == nil {
		s.cfg.Accounts.byRemote.Right(address)
	}
	return p, err
}

// askForRole notes that somebody waits: without a role there is no account.
func (s *Server) askForRole(w http.ResponseWriter, r *http.Request, p signon.Person) {
	q, made, err := s.cfg.SignOn.Ask(p)
	if err != nil {
		s.signOnFailed(w, r, err)
		return
	}
	if made {
		s.cfg.Audit("anonymous", "signon.requested", "signon/"+q.ID, "")
	}
	backToLogin(w, r, "waiting")
}

func (s *Server) getSignOn(w http.ResponseWriter, _ *http.Request) { s.answerSignOn(w) }

func (s *Server) answerSignOn(w http.ResponseWriter) {
	settings, on := s.cfg.SignOn.Settings()
	info := SignOnInfo{Settings: settings}
	if on {
		info.Return = settings.Console + signon.ReturnPath
	}
	reply.JSON(w, http.StatusOK, info)
}

func (s *Server) putSignOn(w http.ResponseWriter, r *http.Request) {
	var in signon.Settings
	if !s.read(w, r, &in) {
		return
	}
	if err := s.cfg.SignOn.Set(r.Context(), in); err != nil {
		s.fail(w, r, err)
		return
	}
	s.cfg.Accounts.endProvider(in.Issuer)
	s.didSignOn(r, "signon.set", "signon", "issuer="+in.Issuer)
	s.answerSignOn(w)
}

func (s *Server) deleteSignOn(w http.ResponseWriter, r *http.Request) {
	if err := s.cfg.SignOn.Remove(); err != nil {
		s.fail(w, r, err)
		return
	}
	s.cfg.Accounts.endProvider("")
	s.didSignOn(r, "signon.removed", "signon", "")
	s.answerSignOn(w)
}

func (s *Server) didSignOn(r *http.Request, action, subject, detail string) {
	who, _ := identity.Who(r.Context())
	s.cfg.Audit(who.Actor(), action, subject, detail)
}

func (s *Server) getSignOnRequests(w http.ResponseWriter, _ *http.Request) {
	reply.JSON(w, http.StatusOK, s.cfg.SignOn.Requests())
}

// postSignOnRequest gives somebody who waits a role, and with it an account.
func (s *Server) postSignOnRequest(w http.ResponseWriter, r *http.Request) {
	var in SignOnAnswer
	if !s.read(w, r, &in) {
		return
	}
	q, ok := s.waiting(w, r)
	if !ok {
		return
	}
	u, err := s.cfg.Accounts.addPerson(q, in)
	if err == nil {
		s.didSignOn(r, "user.added", "user/"+u.ID, "role="+string(u.Role)+" by=provider")
		err = s.cfg.SignOn.Done(q.ID)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	reply.JSON(w, http.StatusCreated, u)
}

func (s *Server) deleteSignOnRequest(w http.ResponseWriter, r *http.Request) {
	q, ok := s.waiting(w, r)
	if !ok {
		return
	}
	if err := s.cfg.SignOn.Done(q.ID); err != nil {
		s.fail(w, r, err)
		return
	}
	s.didSignOn(r, "signon.refused", "signon/"+q.ID, "")
	reply.JSON(w, http.StatusOK, struct{}{})
}

func (s *Server) waiting(w http.ResponseWriter, r *http.Request) (signon.Request, bool) {
	q, ok := s.cfg.SignOn.Find(r.PathValue("id"))
	if !ok {
		s.refuse(w, r, http.StatusNotFound, reply.NotFound, text.SignOnNobody)
	}
	return q, ok
}
