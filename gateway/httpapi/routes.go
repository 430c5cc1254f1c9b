// Package httpapi answers the API of version 1, on the administrator's socket and for
// the console: one file a resource. Inputs are requests, outputs what the rooms below say.
// Its goroutines are the HTTP server's. It decides nothing: it decodes, calls and encodes.
package httpapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/forms/document"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/anchor"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/camera"
	"github.com/bauta-gateway/bauta/gateway/consents"
	"github.com/bauta-gateway/bauta/gateway/console"
	"github.com/bauta-gateway/bauta/gateway/evaluation"
	"github.com/bauta-gateway/bauta/gateway/hls"
	"github.com/bauta-gateway/bauta/gateway/lock"
	"github.com/bauta-gateway/bauta/gateway/logins"
	"github.com/bauta-gateway/bauta/gateway/openings"
	"github.com/bauta-gateway/bauta/gateway/questions"
	"github.com/bauta-gateway/bauta/gateway/reply"
	"github.com/bauta-gateway/bauta/gateway/restore"
	"github.com/bauta-gateway/bauta/gateway/sealed"
	"github.com/bauta-gateway/bauta/gateway/viewers"
	"github.com/bauta-gateway/bauta/gateway/violations"
	"github.com/bauta-gateway/bauta/gateway/whep"
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

// Parts are what the handlers work with.
type Parts struct {
	Status     *Status
	Stream     *Stream
	Config     config.Config
	Store      *store.Store
	Audit      *audit.Log
	Cameras    *camera.Set
	Consents   *consents.Consents
	Evaluation *evaluation.Evaluation
	Violations *violations.Register
	Sealed     *sealed.Room
	Locks      *lock.Locks
	Anchors    *anchor.Watch
	Accounts   *console.Accounts
	Logins     *logins.Logins
	Viewers    *viewers.Viewers
	Openings   *openings.Desk
	Intake     *restore.Intake
	Previews   *whep.Server
	HLS        *hls.Server
	// ConsoleURL is where a browser finds the console; empty where it is off.
	ConsoleURL func() string
	// NoticeURL is where anybody finds the notice; empty where it is not served.
	NoticeURL func() string
	// EndLogin cuts the connections of a login at the embedded broker.
	EndLogin func(name string)
	Log      *slog.Logger
}

// New binds the paths of version 1.
func New(p Parts) *Routes {
	r := &Routes{Mux: http.NewServeMux()}
	statusHandlers{p.Status, p.Stream}.bind(r)
	cameraHandlers{p.Cameras, p.Previews, p.HLS}.bind(r)
	lockHandlers{p.Locks, p.Config.Gateway.Name, p.Evaluation.Zone, document.Printer{}, &sync.Mutex{}}.bind(r)
	zoneHandlers{p.Cameras}.bind(r)
	sealedHandlers{p.Sealed}.bind(r)
	violationHandlers{p.Violations}.bind(r)
	questionHandlers{&questions.Guide{Site: p.Evaluation, Cameras: p.Cameras, Settings: p.Store}}.bind(r)
	siteHandlers{p.Evaluation, p.Config.Gateway.Name, p.Config.Data, &sync.Mutex{}}.bind(r)
	formHandlers{p.Evaluation, document.Printer{}, &sync.Mutex{}, p.NoticeURL}.bind(r)
	consentHandlers{p.Consents, p.Store, p.Log}.bind(r)
	userHandlers{p.Accounts, p.Audit, p.ConsoleURL}.bind(r)
	openingHandlers{p.Openings}.bind(r)
	loginHandlers{p.Logins, p.Audit, p.EndLogin}.bind(r)
	streamLoginHandlers{p.Viewers, p.Audit, p.Cameras.Has}.bind(r)
	choiceHandlers{p.Config, p.Consents, p.Evaluation}.bind(r)
	backupHandlers{p.Store, p.Audit, p.Intake, p.Anchors, p.Config.Gateway.Name, p.Log}.bind(r)
	bindDiscovery(r)
	bindMetrics(r, p)
	r.Mux.HandleFunc("/", answer(http.StatusOK, unknownPath))
	return r
}

func unknownPath(r *http.Request) (any, error) {
	return nil, &api.Error{Code: api.CodeNotFound, Message: "no such path: " + r.URL.Path}
}

func pathID(r *http.Request) (media.CameraID, error) {
	id, err := media.ParseCameraID(r.PathValue("id"))
	if err != nil {
		return "", &api.Error{Code: api.CodeInvalid, Message: err.Error()}
	}
	return id, nil
}

// bodyFor reads the request's JSON, and the camera that its path names.
func bodyFor(r *http.Request, into any) (media.CameraID, error) {
	id, err := pathID(r)
	if err != nil {
		return "", err
	}
	return id, body(r, into)
}

// body reads the request's JSON, strictly: a misspelt option must not pass as
// a camera without it.
func body(r *http.Request, into any) error {
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

// answer turns a function into a handler that speaks JSON.
func answer(code int, f func(*http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		out, err := f(r)
		if errors.Is(err, api.ErrUnstored) {
			reply.JSON(w, http.StatusAccepted, api.Unstored{State: api.ErrUnstored.Error(), Message: text.Explain(text.Pick(r.Header.Get("Accept-Language")), err)})
			return
		}
		if err != nil {
			refuseTo(w, r, err)
			return
		}
		reply.JSON(w, code, out)
	}
}

// refuseTo answers with an error.
func refuseTo(w http.ResponseWriter, r *http.Request, err error) {
	e := apiError(err, text.Pick(r.Header.Get("Accept-Language")))
	reply.Fail(w, httpStatus(e.Code), reply.Error{Code: e.Code, Message: e.Message, Reason: e.Reason, Location: e.Location})
}

// apiError says err in the caller's language.
func apiError(err error, lang text.Lang) *api.Error {
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
