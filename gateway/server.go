package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/console"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// localAPI serves the administrator's commands on the Unix socket. The file's
// mode is the login: whoever may open it is the user who runs the daemon, or root.
type localAPI struct {
	server   *http.Server
	listener net.Listener
	done     chan struct{}
}

func serveLocal(l net.Listener, h http.Handler, log *slog.Logger) *localAPI {
	a := &localAPI{
		listener: l,
		done:     make(chan struct{}),
		server: &http.Server{
			Handler:           h,
			ReadHeaderTimeout: 5 * time.Second,
			ReadTimeout:       api.ClientTimeout, // when it is over, a request that still runs is cut off
			WriteTimeout:      api.ClientTimeout,
			ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
		},
	}
	go a.run(log)
	return a
}

func (a *localAPI) run(log *slog.Logger) {
	defer close(a.done)
	if err := a.server.Serve(a.listener); !errors.Is(err, http.ErrServerClosed) {
		log.Error("local socket failed", "error", err)
	}
}

// Close waits briefly for running requests, then cuts them off.
func (a *localAPI) Close() {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if a.server.Shutdown(ctx) != nil {
		a.server.Close()
	}
	<-a.done
}

// routes collects patterns beside binding them, so that the console can compare
// them with its description.
type routes struct {
	mux      *http.ServeMux
	patterns []string
}

// HandleFunc binds a route whose body is bounded by maxRequest.
func (r *routes) HandleFunc(pattern string, h http.HandlerFunc) {
	r.HandleLarge(pattern, api.MaxRequest, h)
}

// HandleLarge binds one with another bound, in bytes.
func (r *routes) HandleLarge(pattern string, limit int64, h http.HandlerFunc) {
	r.patterns = append(r.patterns, pattern)
	r.mux.Handle(pattern, http.MaxBytesHandler(h, limit))
}

// routes binds the paths of version 1.
func (g *Gateway) routes() *routes {
	r := &routes{mux: http.NewServeMux()}
	r.HandleFunc("GET /v1/status", answer(http.StatusOK, g.getStatus))
	r.HandleFunc("GET /v1/cameras", answer(http.StatusOK, g.getCameras))
	r.HandleFunc("POST /v1/cameras", answer(http.StatusCreated, g.postCamera))
	r.HandleFunc("POST /v1/cameras/test", answer(http.StatusOK, g.postTest))
	r.HandleFunc("POST /v1/cameras/{id}/test", answer(http.StatusOK, g.postTestStored))
	r.HandleFunc("DELETE /v1/cameras/{id}", answer(http.StatusOK, g.deleteCamera))
	r.HandleFunc("GET /v1/viewer", answer(http.StatusOK, g.getViewer))
	g.zoneRoutes(r)
	g.placeRoutes(r)
	g.recordRoutes(r)
	g.evidenceRoutes(r)
	r.HandleFunc("GET /v1/consents", answer(http.StatusOK, g.getConsents))
	r.HandleFunc("GET /v1/consents/{id}", answer(http.StatusOK, g.getConsent))
	r.HandleFunc("POST /v1/consents", answer(http.StatusOK, g.postConsents))
	r.HandleFunc("POST /v1/consents/revoke", answer(http.StatusOK, g.postRevoke))
	r.HandleFunc("POST /v1/consents/revoked", answer(http.StatusOK, g.postRevoked))
	r.HandleFunc("GET /v1/issuers", answer(http.StatusOK, g.getIssuers))
	r.HandleFunc("POST /v1/issuers", answer(http.StatusCreated, g.postIssuer))
	r.HandleFunc("DELETE /v1/issuers/{id}", answer(http.StatusOK, g.deleteIssuer))
	g.accountRoutes(r)
	g.mqttRoutes(r)
	g.consoleRoutes(r)
	g.previewRoutes(r)
	g.discoverRoutes(r)
	g.metricsRoutes(r)
	g.backupRoutes(r)
	r.mux.HandleFunc("/", answer(http.StatusOK, unknownPath))
	return r
}

func unknownPath(r *http.Request) (any, error) {
	return nil, &api.Error{Code: api.CodeNotFound, Message: "no such path: " + r.URL.Path}
}

func (g *Gateway) getStatus(r *http.Request) (any, error) {
	s := g.statusFor(r.Context())
	lang := text.Pick(r.Header.Get("Accept-Language"))
	s.Gateway.Restore = g.restored.In(lang)
	if err := g.past.why(); err != nil {
		s.Gateway.Problem = text.Explain(lang, text.Fail(err, text.StoreOlderNow, err))
	}
	return s, nil
}

func (g *Gateway) getCameras(r *http.Request) (any, error) {
	return g.statusFor(r.Context()).Cameras, nil
}

func (g *Gateway) getViewer(*http.Request) (any, error) { return g.Viewer(), nil }

func (g *Gateway) postCamera(r *http.Request) (any, error) {
	var in api.NewCamera
	if err := body(r, &in); err != nil {
		return nil, err
	}
	return g.AddCamera(r.Context(), in)
}

func (g *Gateway) deleteCamera(r *http.Request) (any, error) {
	id, err := pathID(r)
	if err != nil {
		return nil, err
	}
	return struct{}{}, g.RemoveCamera(r.Context(), id)
}

func (g *Gateway) postTest(r *http.Request) (any, error) {
	var in api.NewCamera
	if err := body(r, &in); err != nil {
		return nil, err
	}
	return g.TestCamera(r.Context(), in)
}

func (g *Gateway) postTestStored(r *http.Request) (any, error) {
	id, err := pathID(r)
	if err != nil {
		return nil, err
	}
	return g.TestStored(r.Context(), id)
}

func pathID(r *http.Request) (media.CameraID, error) {
	id, err := media.ParseCameraID(r.PathValue("id"))
	if err != nil {
		return "", &api.Error{Code: api.CodeInvalid, Message: err.Error()}
	}
	return id, nil
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
			writeJSON(w, http.StatusAccepted, api.Unstored{State: api.ErrUnstored.Error(), Message: text.Explain(text.Pick(r.Header.Get("Accept-Language")), err)})
			return
		}
		if err != nil {
			e := apiError(err, text.Pick(r.Header.Get("Accept-Language")))
			writeJSON(w, httpStatus(e.Code), map[string]any{"error": e})
			return
		}
		writeJSON(w, code, out)
	}
}

// refuseTo answers with an error.
func refuseTo(w http.ResponseWriter, r *http.Request, err error) {
	e := apiError(err, text.Pick(r.Header.Get("Accept-Language")))
	writeJSON(w, httpStatus(e.Code), map[string]any{"error": e})
}

// apiError tells err in the caller's language.
func apiError(err error, lang text.Lang) *api.Error {
	e := &api.Error{Code: api.CodeInternal}
	if !errors.As(err, &e) {
		_, code := console.Meaning(err)
		e.Code = api.Code(code)
	}
	told := *e
	if told.Message == "" {
		told.Message = text.Explain(lang, err)
	}
	return &told
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

func writeJSON(w http.ResponseWriter, code int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	// The client may be gone; there is nobody left to tell.
	_ = json.NewEncoder(w).Encode(v)
}
