package route

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/gateway/identity"
	"github.com/bauta-gateway/bauta/gateway/reply"
)

// A change with a tag is made where nobody changed the thing since, and refused with who did
// where somebody did; one without a tag is made as ever. Only managers learn a user's name.
func TestEdits(t *testing.T) {
	value := map[string]string{"unit": "first"}
	now := func(*http.Request) (any, error) { return value, nil }
	e := NewEdits()
	change := e.Change(now, Answer(http.StatusOK, func(r *http.Request) (any, error) {
		return struct{}{}, Body(r, &value)
	}))
	ask := func(h http.HandlerFunc, role identity.Role, tag, body string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("PUT", "/v1/site", strings.NewReader(body))
		if role != "" {
			r = r.WithContext(identity.Identity{ID: "u1", User: "Lee", Role: role, Until: context.Background()}.In(r.Context()))
		}
		if tag != "" {
			r.Header.Set("If-Match", tag)
		}
		w := httptest.NewRecorder()
		h(w, r)
		return w
	}
	read := func() string { return ask(Read(now), "", "", "").Header().Get("ETag") }
	first := read()
	if first == "" || first != read() {
		t.Fatalf("the tag is %q, then %q", first, read())
	}
	if w := ask(change, identity.Manager, first, `{"unit": "second"}`); w.Code != http.StatusOK || value["unit"] != "second" || read() == first {
		t.Errorf("%d, %v", w.Code, value)
	}
	for role, by := range map[identity.Role]string{identity.Manager: "Lee", identity.Auditor: ""} {
		w := ask(change, role, first, `{"unit": "third"}`)
		var out struct{ Error reply.Error }
		if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || w.Code != http.StatusPreconditionFailed || out.Error.Code != reply.Stale || value["unit"] != "second" {
			t.Fatalf("%d, %s, %v", w.Code, w.Body, err)
		}
		if c := out.Error.Changed; c == nil || c.By != by || c.Way != reply.WayUser || c.At.IsZero() {
			t.Errorf("to the %s: %+v", role, c)
		}
	}
	for _, tag := range []string{"", "*"} {
		if w := ask(change, "", tag, `{"unit": "by a script"}`); w.Code != http.StatusOK || value["unit"] != "by a script" {
			t.Errorf("with the tag %q: %d %s", tag, w.Code, w.Body)
		}
	}
	w := ask(change, identity.Manager, first, `{}`)
	var out struct{ Error reply.Error }
	if json.Unmarshal(w.Body.Bytes(), &out); out.Error.Changed == nil || out.Error.Changed.Way != reply.WayHost {
		t.Errorf("after a change on the host: %s", w.Body)
	}
}

// What was refused is no change.
func TestRefusedEdits(t *testing.T) {
	e := NewEdits()
	now := func(*http.Request) (any, error) { return "faces", nil }
	change := e.Change(now, Answer(http.StatusOK, func(r *http.Request) (any, error) { return UnknownPath(r) }))
	r := httptest.NewRequest("PUT", "/v1/x", nil)
	r.Header.Set("If-Match", `"faces"`)
	w := httptest.NewRecorder()
	change(w, r)
	if w.Code != http.StatusNotFound || len(e.last) != 0 {
		t.Errorf("%d, %v", w.Code, e.last)
	}
}
