package console

import (
	"cmp"
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/connlimit"
	"github.com/bauta-gateway/bauta/gateway/identity"
	"github.com/bauta-gateway/bauta/gateway/reply"
	"github.com/bauta-gateway/bauta/gateway/signon"
)

// csp lets a page load from the console alone, and nobody put it in a frame.
const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; " +
	"connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// handler wraps everything: headers, then paths, then origins, then roles.
func (s *Server) handler(described map[string]operation) http.Handler {
	mux := http.NewServeMux()
	own := s.ownHandlers()
	inner := http.StripPrefix("/api", s.cfg.API)
	for route, op := range described {
		method, path, _ := strings.Cut(route, " ")
		var next http.Handler = own[route]
		switch {
		case op.Role == identity.Local:
			continue
		case own[route] != nil:
		case outside(path) != path:
			next = inner
		default:
			next = s.cfg.API
		}
		mux.Handle(method+" "+outside(path), s.guard(op, next))
	}
	mux.HandleFunc("/api/", func(w http.ResponseWriter, r *http.Request) {
		s.refuse(w, r, http.StatusNotFound, reply.NotFound, text.APINoPath, r.URL.Path)
	})
	s.pageRoutes(mux)
	return s.harden(mux)
}

// harden sets the headers and refuses paths and origins that no page has.
func (s *Server) harden(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", csp)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Cache-Control", "no-store")
		if !plainPath(r) {
			s.refuse(w, r, http.StatusBadRequest, reply.Invalid, text.AccessPath)
			return
		}
		if s.origins.Check(r) != nil {
			s.refuse(w, r, http.StatusForbidden, reply.Forbidden, text.AccessOrigin)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// maxPath in bytes; the longest real one is some 200.
const maxPath = 1024

// plainPath refuses what two routers could read in two ways: dots, empty
// parts, escaped slashes, control characters.
func plainPath(r *http.Request) bool {
	escaped, path := strings.ToLower(r.URL.EscapedPath()), r.URL.Path
	if len(escaped) > maxPath || !utf8.ValidString(path) || strings.ContainsFunc(path, unicode.IsControl) || strings.Contains(path, `\`) {
		return false
	}
	if strings.Contains(escaped, "%2f") || strings.Contains(path, "//") {
		return false
	}
	for part := range strings.SplitSeq(path, "/") {
		if part == "." || part == ".." {
			return false
		}
	}
	return true
}

// guard lets in who may, and bounds what they send.
func (s *Server) guard(op operation, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who, one, ok := s.who(r, !op.Quiet)
		if !ok && op.Display {
			who, ok = s.display(r)
		}
		switch {
		case op.Role != identity.Public && !ok:
			w.Header().Set("WWW-Authenticate", "Bearer")
			s.refuse(w, r, http.StatusUnauthorized, reply.Login, text.AccessNeeded)
			return
		case op.Role != identity.Public && s.cfg.Accounts.held(one) && !op.AnyLogin:
			s.refuse(w, r, http.StatusForbidden, reply.Second, text.AccessSecondNeeded)
			return
		case op.Role != identity.Public && !who.Role.May(op.Role) && who.Role != identity.Display:
			s.refuse(w, r, http.StatusForbidden, reply.Forbidden, text.AccessRole, text.Key("console.role."+who.Role), text.Key("console.role."+op.Role))
			return
		case op.Role != identity.Public && one.csrf != "" && !safe(r) && !same(r.Header.Get("X-CSRF-Token"), one.csrf):
			s.refuse(w, r, http.StatusForbidden, reply.CSRF, text.AccessCSRF)
			return
		case r.ContentLength > op.MaxBody:
			s.refuse(w, r, http.StatusRequestEntityTooLarge, reply.TooLarge, text.AccessTooLarge, op.MaxBody)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, op.MaxBody)
		if op.MaxSeconds > 0 {
			until := time.Now().Add(time.Duration(op.MaxSeconds) * time.Second)
			c := http.NewResponseController(w)
			_ = errors.Join(c.SetReadDeadline(until), c.SetWriteDeadline(until)) // else the server's own holds
		}
		if !ok {
			next.ServeHTTP(w, r)
			return
		}
		if one.id != "" {
			idle, most := one.left(s.cfg.Accounts.now())
			w.Header().Set(sessionLeft, fmt.Sprintf("%d %d", int(idle.Seconds()), int(most.Seconds())))
		}
		s.serveFor(who, next, w, r)
	})
}

// sessionLeft is the header that reports to pages how many seconds the login lasts if nobody
// asks for anything, and how many at most.
const sessionLeft = "X-Session-Left"

// serveFor passes a request on in somebody's name, until the login ends.
func (s *Server) serveFor(who identity.Identity, next http.Handler, w http.ResponseWriter, r *http.Request) {
	defer connlimit.Use(r.Context())()
	ctx, cancel := context.WithCancel(who.In(r.Context()))
	defer cancel()
	defer context.AfterFunc(who.Until, cancel)()
	r = r.WithContext(ctx)
	if who.Language != "" {
		r.Header.Set("Accept-Language", string(who.Language))
	}
	next.ServeHTTP(w, r)
}

func safe(r *http.Request) bool { return r.Method == http.MethodGet || r.Method == http.MethodHead }

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// cookieName: browsers take a __Host- cookie over HTTPS alone, for this host
// alone and all of its paths.
const cookieName = "__Host-bauta"

// who reports who asks: a machine by its token, or a user by the cookie, then
// with the session. A machine's token that is wrong is not made good by a cookie.
func (s *Server) who(r *http.Request, touch bool) (who identity.Identity, one session, ok bool) {
	if header := r.Header.Get("Authorization"); header != "" {
		secret, bearer := strings.CutPrefix(header, "Bearer ")
		who, ok = s.cfg.Accounts.machine(secret)
		return who, one, ok && bearer
	}
	one, ok = s.session(r, touch)
	return one.identity(), one, ok
}

func (s *Server) session(r *http.Request, touch bool) (session, bool) {
	c, err := r.Cookie(cookieName)
	if err != nil {
		return session{}, false
	}
	one, ok := s.cfg.Accounts.sessions.find(c.Value, touch)
	if ok && touch {
		s.cfg.Accounts.saw(one.id)
	}
	return one, ok
}

// refuse answers with an error of the catalogue.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, status int, code reply.Code, key text.Key, args ...any) {
	reply.Fail(w, status, reply.Error{Code: code, Message: text.Of(s.language(r), key, args...)})
}

// fail answers with what an error of Accounts means.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	var wait tooMany
	if errors.As(err, &wait) {
		w.Header().Set("Retry-After", strconv.Itoa(int(wait.wait.Seconds())+1))
	}
	status, code := Meaning(err)
	if status == http.StatusInternalServerError {
		s.cfg.Log.Error("the console cannot answer", "path", r.URL.Path, "error", err)
	}
	if errors.Is(err, errBusy) {
		s.refuse(w, r, status, code, text.AccessBusy)
		return
	}
	lang := s.language(r)
	reply.Fail(w, status, reply.Error{Code: code, Message: cmp.Or(text.ForPeople(lang, err), text.Of(lang, text.Refused(string(code))))})
}

// Meaning is the status and the code that an error of this package is answered with;
// 500 for any other.
func Meaning(err error) (status int, code reply.Code) {
	var large *http.MaxBytesError
	switch {
	case errors.As(err, new(tooMany)):
		return http.StatusTooManyRequests, reply.TooMany
	case errors.As(err, &large):
		return http.StatusRequestEntityTooLarge, reply.TooLarge
	case errors.Is(err, errBusy):
		return http.StatusServiceUnavailable, reply.Busy
	case errors.Is(err, errSecond):
		return http.StatusUnauthorized, reply.Second
	case errors.Is(err, errLogin):
		return http.StatusUnauthorized, reply.Login
	case errors.Is(err, signon.ErrDown):
		return http.StatusBadGateway, reply.Busy
	case errors.Is(err, ErrForbidden):
		return http.StatusForbidden, reply.Forbidden
	case errors.Is(err, ErrOtherName):
		return http.StatusConflict, reply.OtherName
	case errors.Is(err, ErrExists):
		return http.StatusConflict, reply.Exists
	case errors.Is(err, ErrNotFound):
		return http.StatusNotFound, reply.NotFound
	case errors.Is(err, ErrInvalid), errors.Is(err, store.ErrInvalid), errors.Is(err, signon.ErrInvalid):
		return http.StatusBadRequest, reply.Invalid
	}
	return http.StatusInternalServerError, reply.Internal
}
