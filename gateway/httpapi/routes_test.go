package httpapi

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/httpapi/route"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Each error has one status and one code, with words in the caller's language.
func TestAnswersOfErrors(t *testing.T) {
	for _, c := range []struct {
		name   string
		err    error
		status int
		says   []string
	}{
		{"invalid", api.Refuse(api.CodeInvalid, text.PolicyRequired, "statement"), http.StatusBadRequest, []string{`"code":"invalid"`}},
		{"not found", api.Refuse(api.CodeNotFound, text.CameraNotFound, "gate"), http.StatusNotFound, []string{`"code":"not_found"`, "gate"}},
		{"exists", api.Refuse(api.CodeExists, text.CameraExists, media.CameraID("gate")), http.StatusConflict, []string{`"code":"exists"`}},
		{"busy", api.Refuse(api.CodeBusy, text.StoreUnstored), http.StatusServiceUnavailable, []string{`"code":"busy"`}},
		{"too large", api.Refuse(api.CodeTooLarge, text.AccessTooLarge, 7), http.StatusRequestEntityTooLarge, []string{`"code":"too_large"`}},
		{"probe", &api.Error{Code: api.CodeProbe, Reason: "timeout", Message: "no answer"}, http.StatusBadGateway, []string{`"reason":"timeout"`, "no answer"}},
		{"unknown", errors.New("a fault"), http.StatusInternalServerError, []string{`"code":"internal"`}},
		{"masked, not stored", text.Fail(api.ErrUnstored, text.StoreUnstored), http.StatusAccepted, []string{`"state":"masked, not yet stored"`}},
		{"none", nil, http.StatusOK, []string{`"x"`}},
	} {
		w := httptest.NewRecorder()
		route.Answer(http.StatusOK, func(*http.Request) (any, error) { return "x", c.err })(w, httptest.NewRequest("GET", "/", nil))
		if w.Code != c.status || w.Header().Get("Content-Type") != "application/json" {
			t.Errorf("%s: %d, want %d", c.name, w.Code, c.status)
		}
		for _, want := range c.says {
			if !strings.Contains(w.Body.String(), want) {
				t.Errorf("%s: %s lacks %s", c.name, w.Body, want)
			}
		}
	}
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Accept-Language", "zh-CN")
	w := httptest.NewRecorder()
	route.RefuseTo(w, r, api.Because(api.CodeNotFound, text.Fail(store.ErrNotFound, text.CameraNotFound, "gate")))
	if want := text.Of(text.ZhCN, text.CameraNotFound, "gate"); !strings.Contains(w.Body.String(), want) {
		t.Errorf("%s, want %s", w.Body, want)
	}
}

// Routes keep their patterns, for the console to compare with its description, and bound
// what is sent to each.
func TestRoutesBoundBodies(t *testing.T) {
	r := &route.Routes{Mux: http.NewServeMux()}
	read := route.Answer(http.StatusOK, func(r *http.Request) (any, error) {
		var in map[string]any
		return in, route.Body(r, &in)
	})
	r.HandleFunc("POST /usual", read)
	r.HandleLarge("POST /small", 8, read)
	if len(r.Patterns) != 2 || r.Patterns[0] != "POST /usual" || r.Patterns[1] != "POST /small" {
		t.Errorf("patterns %v", r.Patterns)
	}
	for _, c := range []struct {
		path, body string
		status     int
	}{
		{"/usual", `{"a":1}`, http.StatusOK}, {"/usual", `{"a":"` + strings.Repeat("x", api.MaxRequest) + `"}`, http.StatusRequestEntityTooLarge},
		{"/small", `{"a":1}`, http.StatusOK}, {"/small", `{"a":"xxxxx"}`, http.StatusRequestEntityTooLarge},
	} {
		w := httptest.NewRecorder()
		r.Mux.ServeHTTP(w, httptest.NewRequest("POST", c.path, strings.NewReader(c.body)))
		if w.Code != c.status {
			t.Errorf("%s with %d bytes: %d, want %d", c.path, len(c.body), w.Code, c.status)
		}
	}
}

// The host of a camera's address is all that is left for who may not see a login in it.
func TestHostOnly(t *testing.T) {
	for address, want := range map[string]string{
		"rtsp://192.0.2.1:554/secret?password=x": "rtsp://192.0.2.1:554", "rtsps://[2001:db8::1]/a": "rtsps://[2001:db8::1]", "rtsp://%zz": "",
	} {
		if got := hostOnly(address); got != want {
			t.Errorf("hostOnly(%s) = %s, want %s", address, got, want)
		}
	}
}
