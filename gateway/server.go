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
	"github.com/bauta-gateway/bauta/gateway/media"
)

// maxRequest bounds a request's body: a camera's description is some 500
// bytes, a token 700, and hundreds of tokens come in one request.
const maxRequest = 256 << 10

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
			Handler:           bounded(h),
			ReadHeaderTimeout: 5 * time.Second,
			ReadTimeout:       10 * time.Second,
			WriteTimeout:      clientTimeout,
			ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
		},
	}
	go a.run(log)
	return a
}

// bounded keeps requests small, but for a backup that comes in, which has a
// bound of its own.
func bounded(h http.Handler) http.Handler {
	small := http.MaxBytesHandler(h, maxRequest)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v1/restore" {
			h.ServeHTTP(w, r)
			return
		}
		small.ServeHTTP(w, r)
	})
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

// routes binds the paths of version 1.
func (g *Gateway) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/status", answer(http.StatusOK, g.getStatus))
	mux.HandleFunc("GET /v1/cameras", answer(http.StatusOK, g.getCameras))
	mux.HandleFunc("POST /v1/cameras", answer(http.StatusCreated, g.postCamera))
	mux.HandleFunc("POST /v1/cameras/test", answer(http.StatusOK, g.postTest))
	mux.HandleFunc("POST /v1/cameras/{id}/test", answer(http.StatusOK, g.postTestStored))
	mux.HandleFunc("DELETE /v1/cameras/{id}", answer(http.StatusOK, g.deleteCamera))
	mux.HandleFunc("GET /v1/viewer", answer(http.StatusOK, g.getViewer))
	g.zoneRoutes(mux)
	g.placeRoutes(mux)
	g.recordRoutes(mux)
	g.evidenceRoutes(mux)
	mux.HandleFunc("GET /v1/consents", answer(http.StatusOK, g.getConsents))
	mux.HandleFunc("GET /v1/consents/{id}", answer(http.StatusOK, g.getConsent))
	mux.HandleFunc("POST /v1/consents", answer(http.StatusOK, g.postConsents))
	mux.HandleFunc("POST /v1/consents/revoke", answer(http.StatusOK, g.postRevoke))
	mux.HandleFunc("POST /v1/consents/revoked", answer(http.StatusOK, g.postRevoked))
	mux.HandleFunc("GET /v1/issuers", answer(http.StatusOK, g.getIssuers))
	mux.HandleFunc("POST /v1/issuers", answer(http.StatusCreated, g.postIssuer))
	mux.HandleFunc("DELETE /v1/issuers/{id}", answer(http.StatusOK, g.deleteIssuer))
	mux.HandleFunc("GET /v1/backup", g.getBackup)
	mux.HandleFunc("POST /v1/restore", g.restores.post)
	mux.HandleFunc("/", answer(http.StatusOK, unknownPath))
	return mux
}

func unknownPath(r *http.Request) (any, error) {
	return nil, &APIError{Code: CodeNotFound, Message: "no such path: " + r.URL.Path}
}

func (g *Gateway) getStatus(r *http.Request) (any, error) {
	s := g.Status()
	s.Gateway.Restore = g.restored.in(text.Pick(r.Header.Get("Accept-Language")))
	return s, nil
}

func (g *Gateway) getCameras(*http.Request) (any, error) { return g.Status().Cameras, nil }

func (g *Gateway) getViewer(*http.Request) (any, error) { return g.Viewer(), nil }

func (g *Gateway) postCamera(r *http.Request) (any, error) {
	var in NewCamera
	if err := body(r, &in); err != nil {
		return nil, err
	}
	return g.AddCamera(in)
}

func (g *Gateway) deleteCamera(r *http.Request) (any, error) {
	id, err := pathID(r)
	if err != nil {
		return nil, err
	}
	return struct{}{}, g.RemoveCamera(id)
}

func (g *Gateway) postTest(r *http.Request) (any, error) {
	var in NewCamera
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
		return "", &APIError{Code: CodeInvalid, Message: err.Error()}
	}
	return id, nil
}

// body reads the request's JSON, strictly: a misspelt option must not pass as
// a camera without it.
func body(r *http.Request, into any) error {
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return &APIError{Code: CodeInvalid, Message: fmt.Sprintf("request: %v", err)}
	}
	return nil
}

// answer turns a function into a handler that speaks JSON.
func answer(code int, f func(*http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		out, err := f(r)
		if err != nil {
			e := apiError(err, text.Pick(r.Header.Get("Accept-Language")))
			writeJSON(w, httpStatus(e.Code), map[string]any{"error": e})
			return
		}
		writeJSON(w, code, out)
	}
}

// apiError tells err in the caller's language.
func apiError(err error, lang text.Lang) *APIError {
	e := &APIError{Code: CodeInternal}
	errors.As(err, &e)
	told := *e
	if told.Message == "" {
		told.Message = text.Explain(lang, err)
	}
	return &told
}

func httpStatus(c ErrorCode) int {
	switch c {
	case CodeInvalid:
		return http.StatusBadRequest
	case CodeNotFound:
		return http.StatusNotFound
	case CodeProhibited:
		return http.StatusForbidden
	case CodeExists, CodeBusy:
		return http.StatusConflict
	case CodeStore:
		return http.StatusServiceUnavailable
	case CodeProbe, CodeNoPicture:
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
