package console

import (
	"net/http"

	"github.com/bauta-gateway/bauta/config/forms/document"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/reply"
)

// secondRequest is the body of what changes the own second factor.
type secondRequest struct {
	Password string `json:"password"`
	// Code of the second factor that is there; in confirm, of the new one.
	Code string `json:"code,omitempty"`
}

// recoveryCodes are shown once.
type recoveryCodes struct {
	Recovery []string `json:"recovery"`
}

// own is the session that a request is of; a machine has none, and no second factor.
func (s *Server) own(w http.ResponseWriter, r *http.Request, in any) (cookie string, one session, ok bool) {
	one, ok = s.session(r, true)
	if !ok || r.Header.Get("Authorization") != "" {
		s.refuse(w, r, http.StatusForbidden, reply.Forbidden, text.AccessPeopleOnly)
		return "", one, false
	}
	c, _ := r.Cookie(cookieName) // there is one, or there were no session
	return c.Value, one, s.read(w, r, in)
}

// postSecond begins a second factor, or another one in the place of that.
func (s *Server) postSecond(w http.ResponseWriter, r *http.Request) {
	var in secondRequest
	_, one, ok := s.own(w, r, &in)
	if !ok {
		return
	}
	secret, address, err := s.cfg.Accounts.beginSecond(r.Context(), one, in.Password, in.Code)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	code, err := document.CodeSVG(address)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	reply.JSON(w, http.StatusOK, NewSecond{Secret: secret, Address: address, Code: string(code)})
}

func (s *Server) postSecondConfirm(w http.ResponseWriter, r *http.Request) {
	var in secondRequest
	cookie, one, ok := s.own(w, r, &in)
	if !ok {
		return
	}
	recovery, err := s.cfg.Accounts.confirmSecond(cookie, one, in.Code)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.cfg.Audit(one.identity().Actor(), "user.second", "user/"+one.id, "on")
	reply.JSON(w, http.StatusOK, recoveryCodes{recovery})
}

func (s *Server) deleteSecond(w http.ResponseWriter, r *http.Request) {
	var in secondRequest
	_, one, ok := s.own(w, r, &in)
	if !ok {
		return
	}
	if err := s.cfg.Accounts.removeSecond(r.Context(), one, in.Password, in.Code); err != nil {
		s.fail(w, r, err)
		return
	}
	s.cfg.Audit(one.identity().Actor(), "user.second", "user/"+one.id, "off")
	reply.JSON(w, http.StatusOK, struct{}{})
}
