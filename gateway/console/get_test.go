package console

import (
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/gateway/identity"
)

// A viewer who only reads changes nothing: no account, no token, no audit record. What a
// GET may do is keep the viewer's own session alive, note the hour and choose its language.
func TestViewersReadingChangesNothing(t *testing.T) {
	a, _ := accounts(t)
	if _, err := a.Add(t.Context(), "guard", goodPassword, identity.Viewer, ""); err != nil {
		t.Fatal(err)
	}
	secret, one := a.mustLogin(t, "guard")
	a.saw(one.id)
	audited := 0
	fleet := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	s, err := New(Config{Addr: "127.0.0.1:0", Store: a.store, Accounts: a, API: http.NotFoundHandler(), Routes: describedRoutes(t), Fleet: fleet,
		Audit: func(_, _, _, _ string) { audited++ }, Log: silentLog()})
	if err != nil {
		t.Fatal(err)
	}
	users, tokens := a.Users(), a.Tokens()
	paths := []string{"/login", "/setup", "/fleet", "/fleet/", "/fleet/events", "/?lang=zh-CN", "/static/none.js", "/api/v1/session", "/api/openapi.yaml", "/none"}
	for pattern := range pageNames {
		paths = append(paths, strings.NewReplacer("{$}", "", "{id}", "lobby").Replace(pattern))
	}
	for _, path := range paths {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			r := httptest.NewRequest(method, "https://gateway"+path, nil)
			r.AddCookie(&http.Cookie{Name: cookieName, Value: secret})
			w := httptest.NewRecorder()
			s.http.Handler.ServeHTTP(w, r)
			if w.Code >= http.StatusInternalServerError {
				t.Errorf("%s %s: %d", method, path, w.Code)
			}
		}
	}
	if audited > 0 || !reflect.DeepEqual(a.Users(), users) || !reflect.DeepEqual(a.Tokens(), tokens) {
		t.Errorf("%d audit records, users %v, tokens %v", audited, a.Users(), a.Tokens())
	}
}
