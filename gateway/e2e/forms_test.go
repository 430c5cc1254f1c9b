package e2e

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/identity"
)

func export() register.Export {
	return register.Export{Date: "2026-01-02", Reason: "case", Content: "lobby", Unit: "Police", Requester: register.AskedByPolice, Name: "王警官", Purpose: register.PublicSafety}
}

// Names of persons are printed for managers who ask for them, and the audit log has each such
// print by account and form, without the names.
func TestNamesOnFormsAreAudited(t *testing.T) {
	cfg := settings(t)
	g, client := start(t, gateway.Options{Config: cfg})
	m := manager(t, g)
	auditor, viewer := m.login(g, "auditor", identity.Auditor), m.login(g, "viewer", identity.Viewer)
	if _, err := client.PutRecord(t.Context(), register.KindExport, export()); err != nil {
		t.Fatal(err)
	}
	page := func(by *browser, path string) (int, string) {
		res := by.send("GET", "/api/v1/forms/"+path, nil)
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, string(b)
	}
	for _, test := range []struct {
		who    string
		by     *browser
		path   string
		status int
		name   bool
	}{
		{"manager", m, "register-export", http.StatusOK, false},
		{"manager", m, "register-export?names=1&format=csv", http.StatusOK, true},
		{"auditor", auditor, "register-export", http.StatusOK, false},
		{"auditor", auditor, "register-export?names=1", http.StatusForbidden, false},
		{"viewer", viewer, "register-export", http.StatusForbidden, false},
		{"manager", m, "register-export?format=doc", http.StatusBadRequest, false},
		{"manager", m, "no-such-form", http.StatusNotFound, false},
	} {
		status, body := page(test.by, test.path)
		if status != test.status || strings.Contains(body, "王警官") != test.name {
			t.Errorf("%s, %s: %d, %.300s", test.who, test.path, status, body)
		}
	}
	users, err := client.Users(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	g.Close()
	all, prints := strings.Join(auditLog(t, cfg.Store()), "\n"), 0
	for _, u := range users {
		if u.Name == "manager" {
			prints = strings.Count(all, "form.printed manager:"+u.ID+" form/register-export names=1")
		}
	}
	if prints != 1 || strings.Count(all, "form.printed") != 1 || strings.Contains(all, "王警官") {
		t.Errorf("%d prints on record:\n%s", prints, all)
	}
}

// C33: the notice is served to anybody where the settings ask for it, follows the register, and
// says nothing else of the gateway.
func TestC33NoticeIsServed(t *testing.T) {
	cfg := settings(t)
	cfg.Notice.Address = "127.0.0.1:0"
	g, client := start(t, gateway.Options{Config: cfg})
	at := g.NoticeURL()
	get := func(path string) (int, string) {
		res, err := http.Get(at + path)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if err != nil || len(res.Header.Values("Set-Cookie")) > 0 {
			t.Errorf("%v, %v", err, res.Header)
		}
		return res.StatusCode, string(b)
	}
	if status, _ := get(""); status != http.StatusNotFound {
		t.Errorf("without a notice: %d", status)
	}
	n := register.Notice{Date: "2026-01-02", Contact: "Green Garden, 010-5555 0100", Purpose: "safety <b>of</b> all", Shown: "front desk", Link: at, Complaints: "the desk"}
	id, err := client.PutRecord(t.Context(), register.KindNotice, n)
	if err != nil {
		t.Fatal(err)
	}
	shows := func(want string) {
		t.Helper()
		eventually(t, "the page shows "+want, func() bool { _, page := get(""); return strings.Contains(page, want) })
	}
	shows("safety &lt;b&gt;of&lt;/b&gt; all")
	if _, page := get(""); strings.Contains(page, "front desk") || strings.Contains(page, "<script") {
		t.Error(page)
	}
	n.Purpose = "access"
	if _, err := client.CorrectRecord(t.Context(), register.KindNotice, id.ID, n, "clearer"); err != nil {
		t.Fatal(err)
	}
	shows("access")
	for _, path := range []string{"v1/status", "api/v1/status", "login", "static/app.js", "metrics", "index.html"} {
		if status, _ := get(path); status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}
	var sign api.Sign
	if err := client.Call(t.Context(), "GET", "/v1/sign", nil, &sign); err != nil || sign.Here != at || sign.Link != at {
		t.Errorf("%+v, %v", sign, err)
	}
	g.Close()
	if _, err := http.Get(at); err == nil {
		t.Error("still served after the end")
	}
}

// Whoever has a store of before the notice and the forms prints them all.
func TestFormsOfAnEmptyStore(t *testing.T) {
	cfg := settings(t)
	st, err := store.Open(cfg.Store(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	_, client := start(t, gateway.Options{Config: cfg})
	all, err := client.Forms(t.Context())
	if err != nil || len(all) < 10 {
		t.Fatalf("%d forms, %v", len(all), err)
	}
	for _, f := range all {
		if err := client.Form(t.Context(), f.ID, "zh-CN", "html", false, t.TempDir()+"/f.html"); err != nil {
			t.Errorf("%s: %v", f.ID, err)
		}
	}
}
