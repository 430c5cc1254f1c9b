// Package route is what all handlers of the API of version 1 share: patterns are bound and
// kept, JSON is read strictly, answers and refusals are written. In: handlers' functions.
// Out: HTTP. It starts no goroutines and knows no resource.
package route

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/console"
	"github.com/bauta-gateway/bauta/gateway/identity"
	"github.com/bauta-gateway/bauta/gateway/reply"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Routes collects patterns beside binding them, so that the console can compare
// them with its description.
type Routes struct {
	Mux      *http.ServeMux
	Patterns []string
	// Log takes what refusals do not tell to people; nil: it is lost.
	Log *slog.Logger
}

// HandleFunc binds a route whose body is bounded by maxRequest.
func (r *Routes) HandleFunc(pattern string, h http.HandlerFunc) {
	r.HandleLarge(pattern, api.MaxRequest, h)
}

// HandleLarge binds one with another bound, in bytes.
func (r *Routes) HandleLarge(pattern string, limit int64, h http.HandlerFunc) {
	r.Patterns = append(r.Patterns, pattern)
	bounded := http.MaxBytesHandler(h, limit)
	r.Mux.HandleFunc(pattern, func(w http.ResponseWriter, req *http.Request) {
		bounded.ServeHTTP(w, req.WithContext(context.WithValue(req.Context(), logKey{}, r.Log)))
	})
}

// logKey is what a request's log is kept under.
type logKey struct{}

// Lang is the language in which who asks wants to be told.
func Lang(r *http.Request) text.Lang { return text.Pick(r.Header.Get("Accept-Language")) }

func UnknownPath(r *http.Request) (any, error) {
	return nil, api.Refuse(api.CodeNotFound, text.APINoPath, r.URL.Path)
}

func CameraID(r *http.Request) (media.CameraID, error) {
	id, err := media.ParseCameraID(r.PathValue("id"))
	if err != nil {
		return "", api.Refuse(api.CodeInvalid, text.CameraIDForm, r.PathValue("id"), media.MaxCameraID)
	}
	return id, nil
}

// BodyFor reads the request's JSON, and the camera that its path names.
func BodyFor(r *http.Request, into any) (media.CameraID, error) {
	id, err := CameraID(r)
	if err != nil {
		return "", err
	}
	return id, Body(r, into)
}

// Body reads the request's JSON, strictly: a misspelt option must not pass as
// a camera without it.
func Body(r *http.Request, into any) error {
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
		return api.Refuse(api.CodeTooLarge, text.AccessTooLarge, large.Limit)
	}
	if err != nil {
		return Unreadable(err)
	}
	return nil
}

// Unreadable says what is wrong with a request's JSON.
func Unreadable(err error) error {
	return &api.Error{Code: api.CodeInvalid, Cause: text.Unreadable(err)}
}

// Answer turns a function into a handler that speaks JSON.
func Answer(code int, f func(*http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		out, err := f(r)
		if errors.Is(err, api.ErrUnstored) {
			reply.JSON(w, http.StatusAccepted, api.Unstored{State: api.ErrUnstored.Error(), Message: text.Explain(Lang(r), err)})
			return
		}
		if err != nil {
			RefuseTo(w, r, err)
			return
		}
		reply.JSON(w, code, out)
	}
}

// RefuseTo answers with an error. What has no text in the caller's language goes into the log;
// who administers the host is told it too.
func RefuseTo(w http.ResponseWriter, r *http.Request, err error) {
	lang := Lang(r)
	e := Refusal(err, lang)
	if _, remote := identity.Who(r.Context()); !remote && e.Code == api.CodeInternal {
		e.Message = text.Explain(lang, err)
	}
	if log, _ := r.Context().Value(logKey{}).(*slog.Logger); log != nil && text.Hidden(err) {
		log.Info("request refused", "method", r.Method, "path", r.URL.Path, "code", string(e.Code), "error", err)
	}
	reply.Fail(w, httpStatus(e.Code), reply.Error{Code: e.Code, Message: e.Message, Reason: e.Reason, Location: e.Location, Changed: e.Changed})
}

// Refusal says err in the caller's language.
func Refusal(err error, lang text.Lang) *api.Error {
	e := &api.Error{Code: api.CodeInternal}
	if !errors.As(err, &e) {
		_, code := console.Meaning(err)
		e.Code = code
	}
	out := *e
	out.Message = cmp.Or(out.Message, text.ForPeople(lang, err), e.In(lang))
	return &out
}

func httpStatus(c api.Code) int {
	switch c {
	case api.CodeInvalid:
		return http.StatusBadRequest
	case api.CodeNotFound:
		return http.StatusNotFound
	case api.CodeProhibited:
		return http.StatusForbidden
	case api.CodeExists:
		return http.StatusConflict
	case api.CodeChanged:
		return http.StatusPreconditionFailed
	case api.CodeForbidden:
		return http.StatusForbidden
	case api.CodeTooMany:
		return http.StatusTooManyRequests
	case api.CodeTooLarge:
		return http.StatusRequestEntityTooLarge
	case api.CodeStore, api.CodeBusy:
		return http.StatusServiceUnavailable
	case api.CodeProbe, api.CodeNoPicture:
		return http.StatusBadGateway
	}
	return http.StatusInternalServerError
}
