package console

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/connlimit"
	"github.com/bauta-gateway/bauta/gateway/identity"
	"github.com/bauta-gateway/bauta/gateway/reply"
)

// Displays are the screens with a link.
type Displays interface {
	// Exchange gives a cookie for the token of a link, and says when that ends.
	Exchange(token string) (cookie string, until time.Time, ok bool)
	// Find is the screen that has a cookie.
	Find(cookie string) (identity.Identity, bool)
}

// DisplayPath is where a screen opens its link, with the token in the fragment.
const DisplayPath = "/display"

const (
	// displayCookie is a screen's: it lets nobody into what needs a login.
	displayCookie = "__Host-bauta-display"
	// displayPage is what a link opens: anybody gets it, and it shows nothing by itself.
	displayPage = "display"
	// wallPage has the live pictures; screens get it too.
	wallPage = "wall"
)

// display is the screen that asks. A machine's token that is wrong is not made good by a cookie.
func (s *Server) display(r *http.Request) (identity.Identity, bool) {
	c, err := r.Cookie(displayCookie)
	if err != nil || s.cfg.Displays == nil || r.Header.Get("Authorization") != "" {
		return identity.Identity{}, false
	}
	return s.cfg.Displays.Find(c.Value)
}

// getDisplay serves the page that a link opens.
func (s *Server) getDisplay(w http.ResponseWriter, r *http.Request) {
	s.render(w, r, displayPage, session{})
}

// getWall serves the live pictures to users and screens. A screen whose link has ended gets the page that
// says so.
func (s *Server) getWall(w http.ResponseWriter, r *http.Request) {
	if _, ok := s.session(r, false); ok {
		s.getPage(w, r, wallPage)
		return
	}
	who, ok := s.display(r)
	_, err := r.Cookie(displayCookie)
	switch {
	case ok:
		s.render(w, r, wallPage, session{role: who.Role})
	case err == nil:
		http.Redirect(w, r, DisplayPath, http.StatusSeeOther)
	default:
		s.sendIn(w, r)
	}
}

type displayRequest struct {
	Token string `json:"token"`
}

// postDisplay exchanges the token of a link for the cookie of its screen. Who guesses has to wait.
func (s *Server) postDisplay(w http.ResponseWriter, r *http.Request) {
	var in displayRequest
	if !s.read(w, r, &in) {
		return
	}
	address := connlimit.Source(r.RemoteAddr)
	if wait := s.screens.Begin(address); wait > 0 {
		s.refusedDisplay("display.locked")
		s.fail(w, r, tooMany{wait})
		return
	}
	var cookie string
	var until time.Time
	ok := false
	if s.cfg.Displays != nil {
		cookie, until, ok = s.cfg.Displays.Exchange(strings.TrimSpace(in.Token))
	}
	if !ok {
		s.refusedDisplay("display.failed")
		s.refuse(w, r, http.StatusUnauthorized, reply.Login, text.DisplayRefused)
		return
	}
	s.screens.Right(address)
	http.SetCookie(w, &http.Cookie{Name: displayCookie, Value: cookie, Path: "/", Expires: until, HttpOnly: true, Secure: true, SameSite: http.SameSiteStrictMode})
	reply.JSON(w, http.StatusOK, struct{}{})
}

// refusedDisplay notes wrong tokens, the first at once and the others together.
func (s *Server) refusedDisplay(action string) {
	if more, ok := s.failures.Allow(action); ok {
		s.cfg.Audit("anonymous", action, "display/unknown", "tries="+strconv.Itoa(more+1))
	}
}
