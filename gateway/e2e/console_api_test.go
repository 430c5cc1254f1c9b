package e2e

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/consents"
	"github.com/bauta-gateway/bauta/gateway/identity"
	"github.com/bauta-gateway/bauta/gateway/rtsp"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Every change and every login stands in the audit log with the role and the
// account's id; nowhere in it is a name, a password or a token.
func TestConsoleIsAudited(t *testing.T) {
	cfg := settings(t)
	g, client := start(t, gateway.Options{Config: cfg})
	m := manager(t, g)
	users, err := client.Users(t.Context())
	if err != nil || len(users) != 1 {
		t.Fatalf("users: %+v, %v", users, err)
	}
	boss := users[0]
	v := m.login(g, "刘经理", identity.Viewer)
	v.code("POST", "/api/v1/cameras", api.NewCamera{Name: "x", URL: nobody}) // refused
	m.do("POST", "/api/v1/cameras", api.NewCamera{ID: "gate", Name: "gate", URL: nobody}, nil)
	m.do("PUT", "/api/v1/site", policy.Site{Class: policy.Art7}, nil)
	var made api.MadeToken
	m.do("POST", "/api/v1/tokens", api.NewToken{Name: "pump", Role: identity.Manager, Days: 1}, &made)
	machine := newBrowser(t, g)
	machine.bearer = made.Secret
	machine.do("DELETE", "/api/v1/cameras/gate", nil, nil)
	newBrowser(t, g).code("POST", "/api/v1/login", map[string]string{"user": "manager", "password": "wrong password"})
	newBrowser(t, g).code("POST", "/api/v1/login", map[string]string{"user": "刘经理", "password": "wrong password"})
	m.do("POST", "/api/v1/logout", struct{}{}, nil)
	if err := client.AddUser(t.Context(), api.NewUser{User: "third", Password: goodPassword, Role: identity.Viewer}); err != nil {
		t.Fatal(err)
	}
	who := "manager:" + boss.ID
	want := []string{
		"user.added " + who + " user/" + boss.ID + " role=manager first",
		"camera.added " + who + " camera/gate place= cover=faces mounting=auto",
		"site.changed " + who + " site class=art7 kind= mode=",
		"camera.removed manager:" + made.ID + " camera/gate",
		"logout " + who + " user/" + boss.ID,
		"login.failed anonymous user/" + boss.ID + " tries=1",
	}
	g.Close()
	all := auditLog(t, cfg.Store())
	for _, w := range want {
		if !slices.Contains(all, w) {
			t.Errorf("the audit log lacks %q", w)
		}
	}
	text := strings.Join(all, "\n")
	for _, secret := range []string{"刘经理", "third", "pump", goodPassword, "wrong password", made.Secret, m.cookie, m.csrf} {
		if strings.Contains(text, secret) {
			t.Errorf("the audit log holds %q", secret)
		}
	}
	if !strings.Contains(text, "user.added local user/") {
		t.Errorf("a user made on the socket is not in the audit log:\n%s", text)
	}
	if strings.Contains(text, string(audit.RecordsMissing)) {
		t.Error("the audit log lacks records")
	}
}

func TestMachineTokens(t *testing.T) {
	g, _ := start(t, gateway.Options{Config: settings(t)})
	m := manager(t, g)
	var made api.MadeToken
	m.do("POST", "/api/v1/tokens", api.NewToken{Name: "prometheus", Role: identity.Viewer, Days: 30}, &made)
	machine := newBrowser(t, g)
	machine.bearer = made.Secret
	res := machine.send("GET", "/metrics", nil)
	raw, _ := io.ReadAll(res.Body)
	if res.StatusCode != http.StatusOK || !bytes.Contains(raw, []byte("bauta_info{")) || !bytes.Contains(raw, []byte("go_goroutines")) {
		t.Errorf("metrics: %s\n%.500s", res.Status, raw)
	}
	if status, _ := machine.code("GET", "/api/v1/tokens", nil); status != http.StatusForbidden {
		t.Errorf("a viewer's token lists tokens: %d", status)
	}
	var tokens []map[string]any
	m.do("GET", "/api/v1/tokens", nil, &tokens)
	if len(tokens) != 1 || tokens[0]["secret"] != nil {
		t.Errorf("tokens = %v", tokens)
	}
	m.do("DELETE", "/api/v1/tokens/"+made.ID, nil, nil)
	if status, _ := machine.code("GET", "/api/v1/status", nil); status != http.StatusUnauthorized {
		t.Errorf("a revoked token: %d", status)
	}
}

// What a viewer sees of a camera's address is its host: some makers put the
// password in the path.
func TestViewersSeeNoAddresses(t *testing.T) {
	cfg := settings(t)
	g, _ := start(t, gateway.Options{Config: cfg})
	m := manager(t, g)
	m.do("POST", "/api/v1/cameras", api.NewCamera{ID: "gate", Name: "gate", URL: "rtsp://127.0.0.1:9/secretpath?password=topsecret"}, nil)
	v := m.login(g, "viewer", identity.Viewer)
	for _, path := range []string{"/api/v1/status", "/api/v1/cameras"} {
		raw, _ := io.ReadAll(v.send("GET", path, nil).Body)
		if bytes.Contains(raw, []byte("secret")) || bytes.Contains(raw, []byte(cfg.Data)) || !bytes.Contains(raw, []byte("rtsp://127.0.0.1:9")) {
			t.Errorf("%s: %s", path, raw)
		}
	}
}

func TestHealth(t *testing.T) {
	g, _ := start(t, gateway.Options{Config: settings(t), Transient: []api.NewCamera{{ID: "hall", Name: "Lee's hall", URL: nobody}}})
	res := newBrowser(t, g).send("GET", "/healthz", nil)
	raw, _ := io.ReadAll(res.Body)
	var h api.Health
	const states = 5 // of a camera's protection
	if err := json.Unmarshal(raw, &h); err != nil || res.StatusCode != http.StatusOK || h.Status != "ok" || len(h.Cameras) != states {
		t.Errorf("%s %s, %v", res.Status, raw, err)
	}
	if bytes.Contains(raw, []byte("hall")) {
		t.Errorf("it names a camera: %s", raw)
	}
}

// A consent that is issued here counts at once; its badge can be printed; after
// the withdrawal of its issuer the next one is signed by another key.
func TestIssueConsent(t *testing.T) {
	cfg := settings(t)
	g, _ := start(t, gateway.Options{Config: cfg})
	m := manager(t, g)
	m.do("POST", "/api/v1/cameras", api.NewCamera{ID: "gate", Name: "gate", URL: nobody}, nil)
	m.do("POST", "/api/v1/cameras/gate/zones", api.NewZone{Zone: zone.Zone{ID: "door", Kind: zone.Consent, Purposes: []string{"care"}, Points: []zone.Point{{X: 0, Y: 0}, {X: 1, Y: 0}, {X: 1, Y: 1}}}}, nil)
	ask := map[string]any{"badge": 7, "zones": []string{"door"}, "purpose": "care", "age": "adult", "statement": "I agree."}
	var first api.Issued
	m.do("POST", "/api/v1/consents/issue", ask, &first)
	if first.Consent.State != api.ConsentValid || !slices.Equal(first.Consent.Cameras, []media.CameraID{"gate"}) || first.Consent.Issuer != consents.ConsoleIssuer || strings.Count(first.Token, ".") != 2 {
		t.Errorf("issued = %+v", first)
	}
	for _, paper := range []string{"badge.pdf", "sheet.pdf"} {
		res := m.send("GET", "/api/v1/consents/"+first.Consent.ID+"/"+paper, nil)
		raw, _ := io.ReadAll(res.Body)
		if res.Header.Get("Content-Type") != "application/pdf" || !bytes.HasPrefix(raw, []byte("%PDF-")) {
			t.Errorf("%s: %s %.20q", paper, res.Status, raw)
		}
	}
	for what, change := range map[string][2]any{
		"badge taken": {"badge", 7}, "no badge": {"badge", 0}, "unknown purpose": {"purpose", "fun"}, "no statement": {"statement", ""},
		"for a copy of a recording": {"purpose", "subject-access"}, "begins in the past": {"not_before", time.Now().Add(-time.Hour)},
		"minor alone": {"age", "minor14"}, "unknown zone": {"zones", []string{"nowhere"}}, "too long": {"expires", time.Now().AddDate(5, 0, 0)},
	} {
		bad := map[string]any{"badge": 8, "zones": []string{"door"}, "purpose": "care", "age": "adult", "statement": "I agree."}
		bad[change[0].(string)] = change[1]
		if status, code := m.code("POST", "/api/v1/consents/issue", bad); status != http.StatusBadRequest || code != "invalid" {
			t.Errorf("%s: %d %s", what, status, code)
		}
	}
	m.do("DELETE", "/api/v1/issuers/"+consents.ConsoleIssuer, nil, nil)
	ask["badge"] = 9
	var second api.Issued
	m.do("POST", "/api/v1/consents/issue", ask, &second)
	if second.Consent.KeyID == first.Consent.KeyID {
		t.Error("a key that is trusted no more signs again, which brings back what it signed before")
	}
	var old api.Consent
	m.do("GET", "/api/v1/consents/"+first.Consent.ID, nil, &old)
	if old.State != api.ConsentUntrusted {
		t.Errorf("the consent of the removed issuer is %s", old.State)
	}
	assertNotOnDisk(t, cfg.Data, "PRIVATE KEY")
}

// The same person goes on with the badge where the old consent ends; anybody else
// has to wait until it has rested.
func TestRenewConsent(t *testing.T) {
	g, _ := start(t, gateway.Options{Config: settings(t)})
	m := manager(t, g)
	m.do("POST", "/api/v1/cameras", api.NewCamera{ID: "gate", Name: "gate", URL: nobody}, nil)
	m.do("POST", "/api/v1/cameras/gate/zones", api.NewZone{Zone: zone.Zone{ID: "door", Kind: zone.Consent, Purposes: []string{"care"}, Points: []zone.Point{{X: 0, Y: 0}, {X: 1, Y: 0}, {X: 1, Y: 1}}}}, nil)
	ask := map[string]any{"badge": 7, "zones": []string{"door"}, "purpose": "care", "age": "adult", "statement": "I agree.", "expires": time.Now().AddDate(0, 0, 20)}
	var old, next api.Issued
	m.do("POST", "/api/v1/consents/issue", ask, &old)
	ask["expires"], ask["not_before"] = time.Now().AddDate(1, 0, 0), old.Consent.Expires
	if status, code := m.code("POST", "/api/v1/consents/issue", ask); status != http.StatusBadRequest || code != "invalid" {
		t.Errorf("another person takes the badge at once: %d %s", status, code)
	}
	ask["subject"] = old.Consent.Subject
	m.do("POST", "/api/v1/consents/issue", ask, &next)
	if next.Consent.State != api.ConsentFuture || next.Consent.Subject != old.Consent.Subject || !next.Consent.NotBefore.Equal(old.Consent.Expires) {
		t.Errorf("renewed = %+v", next.Consent)
	}
}

func TestVerifyOverTheAPI(t *testing.T) {
	cfg := settings(t)
	g, client := start(t, gateway.Options{Config: cfg})
	m := manager(t, g)
	today := civil.Of(time.Now())
	path := filepath.Join(t.TempDir(), "pack.zip")
	if err := client.Evidence(t.Context(), today, today, path); err != nil {
		t.Fatal(err)
	}
	pack, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var v api.Verified
	if m.do("POST", "/api/v1/evidence/verify", pack, &v); !v.Valid || !v.Own || v.Proven == nil || v.Proven.Gateway != "test" {
		t.Errorf("verified = %+v", v)
	}
	pack[len(pack)/2] ^= 1
	if m.do("POST", "/api/v1/evidence/verify", pack, &v); v.Valid || v.Message == "" {
		t.Errorf("a changed pack: %+v", v)
	}
	if m.do("POST", "/api/v1/evidence/verify", []byte("no zip"), &v); v.Valid {
		t.Errorf("no pack: %+v", v)
	}
	left, err := filepath.Glob(filepath.Join(cfg.Data, ".verify-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// After a restart the history is there: from the audit log.
func TestHistorySurvivesARestart(t *testing.T) {
	cfg := settings(t)
	g, client := start(t, gateway.Options{Config: cfg})
	if _, err := client.AddCamera(t.Context(), api.NewCamera{ID: "gate", Name: "gate", URL: nobody}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the camera is offline", func() bool { return cameraStatus(t, client, "gate").Protection == media.Offline })
	g.Close()
	stopped := time.Now()
	_, client = start(t, gateway.Options{Config: cfg})
	var got api.History
	if err := client.Call(t.Context(), http.MethodGet, "/v1/cameras/gate/history?hours=1", nil, &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Spans) == 0 || got.Spans[0].State != media.Offline || got.Spans[0].From.After(stopped) {
		t.Errorf("history = %+v, stopped %v", got, stopped)
	}
}

// Viewers with a wrong password are in the audit log, counted together.
func TestRefusedViewersAreAudited(t *testing.T) {
	cfg := settings(t)
	g, _ := start(t, gateway.Options{Config: cfg, Transient: []api.NewCamera{{ID: "gate", Name: "gate", URL: nobody}}})
	if _, err := rtsp.Probe(t.Context(), rtsp.SourceConfig{ID: "x", URL: "rtsp://" + hostOf(t, viewer(t, g).URLs[0]) + "/gate", User: "viewer", Password: "wrong"}); err == nil {
		t.Fatal("a wrong password was let in")
	}
	g.Close()
	all := auditLog(t, cfg.Store())
	if !slices.ContainsFunc(all, func(s string) bool { return strings.HasPrefix(s, "login.failed anonymous streams tries=") }) {
		t.Errorf("audit log: %q", all)
	}
}

// The page of all gateways is for who has logged in; it reads this one's broker.
func TestFleetInTheConsole(t *testing.T) {
	g, _ := start(t, gateway.Options{Config: settings(t)})
	m := manager(t, g)
	nobody := newBrowser(t, g)
	if res := nobody.send("GET", "/fleet/", nil); res.StatusCode != http.StatusSeeOther {
		t.Errorf("the page for nobody: %s", res.Status)
	}
	for _, path := range []string{"/fleet/events", "/fleet/gateway/test", "/fleet/file/fleet.js"} {
		if res := nobody.send("GET", path, nil); res.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s for nobody: %s", path, res.Status)
		}
	}
	v := m.login(g, "viewer", identity.Viewer)
	if res := v.send("GET", "/fleet/", nil); res.StatusCode != http.StatusOK || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
		t.Errorf("the page: %s", res.Status)
	}
	eventually(t, "this gateway is on the page", func() bool {
		return v.send("GET", "/fleet/gateway/test", nil).StatusCode == http.StatusOK
	})
}
