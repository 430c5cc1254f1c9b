// Package route is what all handlers of the API of version 1 share: patterns are bound and
// kept, JSON is read strictly, answers and refusals are written. In: handlers' functions.
// Out: HTTP. It starts no goroutines and knows no resource.
package route

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/console"
	"github.com/bauta-gateway/bauta/gateway/reply"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Routes collects patterns beside binding them, so that the console can compare
// them with its description.
type Routes struct {
	Mux      *http.ServeMux
	Patterns []string
}

// HandleFunc binds a route whose body is bounded by maxRequest.
func (r *Routes) HandleFunc(pattern string, h http.HandlerFunc) {
	r.HandleLarge(pattern, api.MaxRequest, h)
}

// HandleLarge binds one with another bound, in bytes.
func (r *Routes) HandleLarge(pattern string, limit int64, h http.HandlerFunc) {
	r.Patterns = append(r.Patterns, pattern)
	r.Mux.Handle(pattern, http.MaxBytesHandler(h, limit))
}

func UnknownPath(r *http.Request) (any, error) {
	return nil, &api.Error{Code: api.CodeNotFound, Message: "no such path: " + r.URL.Path}
}

func CameraID(r *http.Request) (media.CameraID, error) {
	id, err := media.ParseCameraID(r.PathValue("id"))
	if err != nil {
		return "", &api.Error{Code: api.CodeInvalid, Message: err.Error()}
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
		return &api.Error{Code: api.CodeInvalid, Message: fmt.Sprintf("request: %v", err), Cause: err}
	}
	return nil
}

// Answer turns a function into a handler that speaks JSON.
func Answer(code int, f func(*http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		out, err := f(r)
		if errors.Is(err, api.ErrUnstored) {
			reply.JSON(w, http.StatusAccepted, api.Unstored{State: api.ErrUnstored.Error(), Message: text.Explain(text.Pick(r.Header.Get("Accept-Language")), err)})
			return
		}
		if err != nil {
			RefuseTo(w, r, err)
			return
		}
		reply.JSON(w, code, out)
	}
}

// RefuseTo answers with an error.
func RefuseTo(w http.ResponseWriter, r *http.Request, err error) {
	e := Refusal(err, text.Pick(r.Header.Get("Accept-Language")))
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
	if out.Message == "" && out.Reason != "" {
		out.Message = text.Of(lang, text.SlateReason(out.Reason))
	}
	if out.Message == "" {
		out.Message = text.Explain(lang, err)
	}
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
