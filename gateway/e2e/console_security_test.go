package e2e

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/console"
	"github.com/bauta-gateway/bauta/gateway/identity"
)

// described is one operation of openapi.yaml as a client reads it; the server
// has a parser of its own.
type described struct {
	method, path string
	Role         identity.Role `yaml:"x-role"`
	MaxBody      int64         `yaml:"x-max-body"`
	Body         *struct {
		Content map[string]any `yaml:"content"`
	} `yaml:"requestBody"`
	Responses map[string]any `yaml:"responses"`
}

func openAPI(t *testing.T) (all []described) {
	t.Helper()
	var doc struct {
		Paths map[string]map[string]any `yaml:"paths"`
	}
	if err := yaml.Unmarshal(console.OpenAPI, &doc); err != nil {
		t.Fatal(err)
	}
	for path, item := range doc.Paths {
		for method, op := range item {
			if !slices.Contains([]string{"get", "put", "post", "delete"}, method) {
				continue
			}
			raw, err := yaml.Marshal(op)
			d := described{method: strings.ToUpper(method), path: path}
			if err == nil {
				err = yaml.Unmarshal(raw, &d)
			}
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, d)
		}
	}
	slices.SortFunc(all, func(a, b described) int { return strings.Compare(a.name(), b.name()) })
	return all
}

func (d described) name() string { return d.path + " " + d.method }

// url fills the path with things that are there, or with what is given.
func (d described) url(with string) string {
	path := d.path
	if strings.HasPrefix(path, "/v1/") {
		path = "/api" + path
	}
	fill := map[string]string{"id": "gate", "name": "viewer", "zone": "door", "kind": "sign", "session": "none", "question": string(policy.AskFaceDevices)}
	for key, value := range fill {
		if with != "" {
			value = with
		}
		path = strings.ReplaceAll(path, "{"+key+"}", value)
	}
	return path
}

func (d described) hasID() bool { return strings.Contains(d.path, "{") }
func (d described) takesJSON() bool {
	if d.Body == nil {
		return false
	}
	_, ok := d.Body.Content["application/json"]
	return ok
}

// guarded is a daemon with one user of each role.
type guarded struct {
	g     *gateway.Gateway
	roles map[identity.Role]*browser
	stale *browser
}

func startGuarded(t *testing.T) guarded {
	t.Helper()
	g, _ := start(t, gateway.Options{Config: settings(t)})
	m := manager(t, g)
	m.do("POST", "/api/v1/cameras", api.NewCamera{ID: "gate", Name: "gate", URL: nobody}, nil)
	all := guarded{g: g, roles: map[identity.Role]*browser{identity.Manager: m}}
	for _, role := range []identity.Role{identity.Viewer, identity.Auditor} {
		all.roles[role] = m.login(g, string(role), role)
	}
	all.stale = m.login(g, "gone", identity.Manager)
	m.do("DELETE", "/api/v1/users/gone", nil, nil)
	return all
}

var rank = []identity.Role{identity.Public, identity.Viewer, identity.Auditor, identity.Manager}

// Each operation of the description, asked by everybody who must not.
func TestEveryOperationIsGuarded(t *testing.T) {
	all := startGuarded(t)
	for _, d := range openAPI(t) {
		if d.Role == identity.Local {
			if status, _ := all.roles[identity.Manager].code(d.method, d.url(""), nil); status != http.StatusNotFound {
				t.Errorf("%s: %d over HTTPS, want 404", d.name(), status)
			}
			continue
		}
		if d.Role != identity.Public {
			all.testStrangers(t, d)
			all.testRoles(t, d)
		}
		if d.method != http.MethodGet {
			all.testForgery(t, d)
		}
	}
}

func (all guarded) testStrangers(t *testing.T, d described) {
	nobody, forged, machine := newBrowser(t, all.g), newBrowser(t, all.g), newBrowser(t, all.g)
	forged.cookie = strings.Repeat("A", 43)
	machine.bearer = console.TokenPrefix + strings.Repeat("A", 43)
	mixed := *all.roles[identity.Manager] // a wrong token is not made good by a cookie
	mixed.bearer = "bauta_x"
	for who, b := range map[string]*browser{"nobody": nobody, "stale": all.stale, "forged cookie": forged, "forged token": machine, "both": &mixed} {
		if status, code := b.code(d.method, d.url(""), nil); status != http.StatusUnauthorized || code != "login" {
			t.Errorf("%s by %s: %d %s, want 401 login", d.name(), who, status, code)
		}
	}
}

func (all guarded) testRoles(t *testing.T, d described) {
	for _, role := range rank[1:slices.Index(rank, d.Role)] {
		if status, code := all.roles[role].code(d.method, d.url(""), struct{}{}); status != http.StatusForbidden || code != "forbidden" {
			t.Errorf("%s by a %s: %d %s, want 403 forbidden", d.name(), role, status, code)
		}
	}
}

func (all guarded) testForgery(t *testing.T, d described) {
	m := *all.roles[identity.Manager]
	send := func(change func(*http.Request)) (int, string) {
		t.Helper()
		req := m.request(d.method, d.url(""), struct{}{})
		change(req)
		res, err := m.http.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, _ := io.ReadAll(res.Body)
		return res.StatusCode, string(b)
	}
	forgeries := map[string]func(*http.Request){
		"cross-site":   func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") },
		"other origin": func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") },
	}
	if d.Role != identity.Public {
		forgeries["no token"] = func(r *http.Request) { r.Header.Del("X-CSRF-Token") }
		forgeries["forged token"] = func(r *http.Request) { r.Header.Set("X-CSRF-Token", strings.Repeat("A", 43)) }
		forgeries["another's token"] = func(r *http.Request) { r.Header.Set("X-CSRF-Token", all.roles[identity.Viewer].csrf) }
	}
	for what, change := range forgeries {
		if status, body := send(change); status != http.StatusForbidden {
			t.Errorf("%s with %s: %d, want 403: %.100s", d.name(), what, status, body)
		}
	}
}

// Bodies that make no sense or are too large are refused, by every operation
// that takes one, with an error that tells so.
func TestEveryBodyIsChecked(t *testing.T) {
	all := startGuarded(t)
	m := all.roles[identity.Manager]
	for _, d := range openAPI(t) {
		if d.Body == nil || d.Role == identity.Local {
			continue
		}
		limit := max(d.MaxBody, 256<<10)
		for _, known := range []bool{true, false} {
			if limit > 1<<20 && !known {
				continue // the same code counts; 256 MiB are too slow here
			}
			res, err := m.http.Do(m.large(d, limit+1, known))
			if err != nil {
				t.Fatalf("%s: %v", d.name(), err)
			}
			res.Body.Close()
			if res.StatusCode != http.StatusRequestEntityTooLarge {
				t.Errorf("%s with %d bytes (length told: %v): %s, want 413", d.name(), limit+1, known, res.Status)
			}
		}
		if !d.takesJSON() {
			continue
		}
		for _, bad := range []string{"{", "[]", `"x"`, "7", "\x00\xff", `{"no_such_field": 1}`, `{"a":`, strings.Repeat("[", 10_000)} {
			if status, code := m.code(d.method, d.url(""), []byte(bad)); status != http.StatusBadRequest || code != "invalid" {
				t.Errorf("%s with %.20q: %d %s, want 400 invalid", d.name(), bad, status, code)
			}
		}
	}
}

// large is a request with a body of blanks around JSON that never ends.
func (b *browser) large(d described, size int64, known bool) *http.Request {
	req := b.request(d.method, d.url(""), []byte{})
	req.Body = io.NopCloser(io.LimitReader(io.MultiReader(strings.NewReader("{"), blanks{}), size))
	if req.ContentLength = -1; known {
		req.ContentLength = size
	}
	return req
}

type blanks struct{}

func (blanks) Read(b []byte) (int, error) {
	copy(b, bytes.Repeat([]byte(" "), len(b)))
	return len(b), nil
}

// Names in paths lead nowhere else.
func TestPathTricks(t *testing.T) {
	all := startGuarded(t)
	m := all.roles[identity.Manager]
	tricks := []string{
		"..", "../..", "../../v1/viewer", "%2e%2e", "%2e%2e%2f%2e%2e", "..%2f..", "%2E%2E/%2E%2E", "%00", "gate%00", "gate%0a", "gate%5c..",
		"%2fetc%2fpasswd", "gate/../viewer", "//", "%ff%fe", strings.Repeat("a", 5000), "%252e%252e", ".", "gate;x=1", "GATE",
	}
	for _, d := range openAPI(t) {
		if !d.hasID() || d.Role == identity.Local {
			continue
		}
		for _, trick := range tricks {
			res := m.send(d.method, d.url(trick), struct{}{})
			if res.StatusCode < 400 || res.StatusCode >= 500 {
				b, _ := io.ReadAll(res.Body)
				t.Errorf("%s with %.30q: %s: %.100s", d.name(), trick, res.Status, b)
			}
		}
	}
	for _, path := range []string{"/static/../openapi.yaml", "/static/..%2f..%2fconsole.go", "/api/../metrics", "/api/v1", "/api/v2/status", "/api/v1/setup-code", "/debug/pprof/", "/.git/config"} {
		if res := m.send("GET", path, nil); res.StatusCode < 400 || res.StatusCode >= 500 {
			t.Errorf("%s: %s", path, res.Status)
		}
	}
}

func TestSecurityHeaders(t *testing.T) {
	all := startGuarded(t)
	for _, path := range []string{"/", "/login", "/setup", "/static/bauta.css", "/api/v1/status", "/api/nothing", "/nothing", "/%2e%2e/", "/healthz"} {
		res := all.roles[identity.Manager].send("GET", path, nil)
		policy := res.Header.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} {
			if !strings.Contains(policy, part) {
				t.Errorf("%s: policy %q lacks %q", path, policy, part)
			}
		}
		for header, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY"} {
			if got := res.Header.Get(header); got != want {
				t.Errorf("%s: %s = %q, want %q", path, header, got, want)
			}
		}
		if res.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: other sites may read it", path)
		}
	}
}

// What the daemon's own test must not leave out: every role has some
// operation that it may not use, and the description lists all of them.
func TestDescriptionHasAllRoles(t *testing.T) {
	count := map[identity.Role]int{}
	for _, d := range openAPI(t) {
		count[d.Role]++
	}
	for _, role := range append(slices.Clone(rank), identity.Local) {
		if count[role] == 0 {
			t.Errorf("no operation for %s", role)
		}
	}
	t.Log(fmt.Sprint(count), slices.Sorted(maps.Keys(count)))
}
