package console

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/identity"
	"github.com/bauta-gateway/bauta/gateway/reply"
)

// ownRoutes are those that the console answers itself: they are about sessions.
var ownRoutes = slices.Sorted(maps.Keys((*Server)(nil).ownHandlers()))

func (s *Server) ownHandlers() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"POST /v1/setup":        s.postSetup,
		"POST /v1/login":        s.postLogin,
		"POST /v1/logout":       s.postLogout,
		"GET /v1/session":       s.getSession,
		"POST /v1/display":      s.postDisplay,
		"GET /api/openapi.yaml": getOpenAPI,

		"POST /v1/session/second":         s.postSecond,
		"POST /v1/session/second/confirm": s.postSecondConfirm,
		"DELETE /v1/session/second":       s.deleteSecond,

		"GET /v1/certificate":    s.getCertificate,
		"PUT /v1/certificate":    s.putCertificate,
		"DELETE /v1/certificate": s.deleteCertificate,

		"GET /v1/signon":                  s.getSignOn,
		"PUT /v1/signon":                  s.putSignOn,
		"DELETE /v1/signon":               s.deleteSignOn,
		"GET /v1/signon/requests":         s.getSignOnRequests,
		"POST /v1/signon/requests/{id}":   s.postSignOnRequest,
		"DELETE /v1/signon/requests/{id}": s.deleteSignOnRequest,
	}
}

type setupRequest struct {
	Code     string    `json:"code"`
	User     string    `json:"user"`
	Password string    `json:"password"`
	Language text.Lang `json:"language,omitempty"`
}

type loginRequest struct {
	User     string `json:"user"`
	Password string `json:"password"`
	// Code of the second factor, or a recovery code, where the account has one.
	Code string `json:"code,omitempty"`
}

// SessionInfo is the answer of setup, login and session. Without a login all
// but Language and SetupNeeded are empty.
type SessionInfo struct {
	User string        `json:"user"`
	Role identity.Role `json:"role"`
	// CSRF goes into the header X-CSRF-Token of every change.
	CSRF     string    `json:"csrf"`
	Language text.Lang `json:"language"`
	// SetupNeeded: there is no user yet.
	SetupNeeded bool `json:"setup_needed"`
	// TimeZone of the site, in which times are shown.
	TimeZone string `json:"time_zone"`
	// By is how the login was proved: password, second or provider.
	By means `json:"by"`
	// SecondNeeded: nothing but the second factor may be done before that is set up.
	SecondNeeded bool `json:"second_needed"`
}

func (s *Server) postSetup(w http.ResponseWriter, r *http.Request) {
	var in setupRequest
	if !s.read(w, r, &in) {
		return
	}
	if in.Language == "" {
		in.Language = s.language(r)
	}
	secret, one, err := s.cfg.Accounts.setUp(r.Context(), r.RemoteAddr, in)
	if err != nil {
		s.failed(err, "setup.failed", "")
		s.fail(w, r, err)
		return
	}
	s.cfg.Audit(one.identity().Actor(), "user.added", "user/"+one.id, "role="+string(one.role)+" first")
	s.welcome(w, http.StatusCreated, secret, one)
}

func (s *Server) postLogin(w http.ResponseWriter, r *http.Request) {
	var in loginRequest
	if !s.read(w, r, &in) {
		return
	}
	secret, one, err := s.cfg.Accounts.login(r.Context(), r.RemoteAddr, in)
	if err != nil {
		s.failed(err, "login.failed", in.User)
		s.fail(w, r, err)
		return
	}
	if one.language == "" {
		one.language = s.language(r)
		s.cfg.Accounts.sessions.speak(secret, one.language)
	}
	s.cfg.Audit(one.identity().Actor(), "login.accepted", "user/"+one.id, "by="+string(one.by))
	s.welcome(w, http.StatusOK, secret, one)
}

// welcome sets the cookie; it goes with the browser, and the server ends the
// session before that.
func (s *Server) welcome(w http.ResponseWriter, status int, secret string, one session) {
	s.cfg.Accounts.saw(one.id)
	http.SetCookie(w, sessionCookie(secret))
	reply.JSON(w, status, s.info(one))
}

func sessionCookie(secret string) *http.Cookie {
	return &http.Cookie{Name: cookieName, Value: secret, Path: "/", HttpOnly: true, Secure: true, SameSite: http.SameSiteStrictMode}
}

func (s *Server) info(one session) SessionInfo {
	info := SessionInfo{
		User: one.user, Role: one.role, CSRF: one.csrf, Language: one.language, SetupNeeded: s.cfg.Accounts.SetupNeeded(),
		By: one.by, SecondNeeded: s.cfg.Accounts.held(one),
	}
	if s.cfg.Zone != nil && one.user != "" {
		info.TimeZone = s.cfg.Zone().String()
	}
	return info
}

func (s *Server) postLogout(w http.ResponseWriter, r *http.Request) {
	if c, err := r.Cookie(cookieName); err == nil {
		s.cfg.Accounts.sessions.stop(c.Value)
	}
	who, _ := identity.Who(r.Context())
	if who.User != "" { // a machine's token has nothing to end
		s.cfg.Audit(who.Actor(), "logout", "user/"+who.ID, "")
	}
	http.SetCookie(w, &http.Cookie{Name: cookieName, Path: "/", MaxAge: -1, HttpOnly: true, Secure: true, SameSite: http.SameSiteStrictMode})
	reply.JSON(w, http.StatusOK, struct{}{})
}

func (s *Server) getSession(w http.ResponseWriter, r *http.Request) {
	one, ok := s.session(r, true)
	if !ok {
		one.language = s.language(r)
	}
	reply.JSON(w, http.StatusOK, s.info(one))
}

func getOpenAPI(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/yaml; charset=utf-8")
	_, _ = w.Write(OpenAPI) // the client may be gone
}

// read decodes a request's JSON strictly. It answers itself where that fails.
func (s *Server) read(w http.ResponseWriter, r *http.Request, into any) bool {
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if err == nil {
		if _, more := d.Token(); !errors.Is(more, io.EOF) {
			err = &json.SyntaxError{Offset: d.InputOffset()}
		}
	}
	var large *http.MaxBytesError
	switch {
	case err == nil:
		return true
	case errors.As(err, &large):
		s.refuse(w, r, http.StatusRequestEntityTooLarge, reply.TooLarge, text.AccessTooLarge, large.Limit)
	default:
		reply.Fail(w, http.StatusBadRequest, reply.Error{Code: reply.Invalid, Message: text.Explain(s.language(r), text.Unreadable(err))})
	}
	return false
}

// failed puts a wrong login into the audit log. A stranger who tries for days must not
// fill it: the first one is noted at once, the others together.
func (s *Server) failed(err error, action, user string) {
	if status, _ := Meaning(err); status != http.StatusUnauthorized && status != http.StatusTooManyRequests || errors.Is(err, errNoCode) {
		return
	}
	subject := "user/unknown"
	if id, ok := s.cfg.Accounts.known(user); ok {
		subject = "user/" + id
	}
	if errors.As(err, new(tooMany)) {
		action = "login.locked"
	}
	if more, ok := s.failures.Allow(action + subject); ok {
		s.cfg.Audit("anonymous", action, subject, "tries="+strconv.Itoa(more+1))
	}
}
