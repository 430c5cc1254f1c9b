package gateway

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

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/console"
	"github.com/bauta-gateway/bauta/gateway/rtsp"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// entries reads the audit trail as "action actor subject detail".
func (g *Gateway) entries(t *testing.T) (all []string) {
	t.Helper()
	_, err := g.store.Trail(time.Time{}, time.Now().Add(time.Hour), func(l store.Link) error {
		var e store.Entry
		err := json.Unmarshal(l.Text, &e)
		all = append(all, strings.TrimSpace(e.Action+" "+e.Actor+" "+e.Subject+" "+e.Detail))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Every change and every login stands on the trail with the role and the
// account's id; nowhere on it is a name, a password or a token.
func TestConsoleIsAudited(t *testing.T) {
	g, client := start(t, Options{Config: settings(t)})
	m := g.manager(t)
	boss := g.accounts.Users()[0]
	v := m.login(g, "刘经理", console.Viewer)
	v.code("POST", "/api/v1/cameras", api.NewCamera{Name: "x", URL: nobody}) // refused
	m.do("POST", "/api/v1/cameras", api.NewCamera{ID: "gate", Name: "gate", URL: nobody}, nil)
	m.do("PUT", "/api/v1/site", policy.Site{Class: policy.Art7}, nil)
	var made api.MadeToken
	m.do("POST", "/api/v1/tokens", api.NewToken{Name: "pump", Role: console.Manager, Days: 1}, &made)
	machine := g.browser(t)
	machine.bearer = made.Secret
	machine.do("DELETE", "/api/v1/cameras/gate", nil, nil)
	g.browser(t).code("POST", "/api/v1/login", map[string]string{"user": "manager", "password": "wrong password"})
	g.browser(t).code("POST", "/api/v1/login", map[string]string{"user": "刘经理", "password": "wrong password"})
	m.do("POST", "/api/v1/logout", struct{}{}, nil)
	if err := client.AddUser(t.Context(), api.NewUser{User: "third", Password: goodPassword, Role: console.Viewer}); err != nil {
		t.Fatal(err)
	}
	who := "manager:" + boss.ID
	want := []string{
		"user.added " + who + " user/" + boss.ID + " role=manager first",
		"camera.added " + who + " camera/gate place= cover=faces mounting=auto",
		"site.changed " + who + " site class=art7 mode=",
		"camera.removed manager:" + made.ID + " camera/gate",
		"logout " + who + " user/" + boss.ID,
		"login.failed anonymous user/" + boss.ID + " tries=1",
	}
	var all []string
	eventually(t, "all is on the trail", func() bool {
		all = g.entries(t)
		return !slices.ContainsFunc(want, func(w string) bool { return !slices.Contains(all, w) })
	})
	text := strings.Join(all, "\n")
	for _, secret := range []string{"刘经理", "third", "pump", goodPassword, "wrong password", made.Secret, m.cookie, m.csrf} {
		if strings.Contains(text, secret) {
			t.Errorf("the trail holds %q", secret)
		}
	}
	if !strings.Contains(text, "user.added local user/") {
		t.Errorf("a user made on the socket is not on the trail:\n%s", text)
	}
	if g.trail.Holes() {
		t.Error("the trail has a hole")
	}
}

func TestMachineTokens(t *testing.T) {
	g, _ := start(t, Options{Config: settings(t)})
	m := g.manager(t)
	var made api.MadeToken
	m.do("POST", "/api/v1/tokens", api.NewToken{Name: "prometheus", Role: console.Viewer, Days: 30}, &made)
	machine := g.browser(t)
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
	g, _ := start(t, Options{Config: settings(t)})
	m := g.manager(t)
	m.do("POST", "/api/v1/cameras", api.NewCamera{ID: "gate", Name: "gate", URL: "rtsp://127.0.0.1:9/secretpath?password=topsecret"}, nil)
	v := m.login(g, "viewer", console.Viewer)
	for _, path := range []string{"/api/v1/status", "/api/v1/cameras"} {
		raw, _ := io.ReadAll(v.send("GET", path, nil).Body)
		if bytes.Contains(raw, []byte("secret")) || bytes.Contains(raw, []byte(g.cfg.Data)) || !bytes.Contains(raw, []byte("rtsp://127.0.0.1:9")) {
			t.Errorf("%s: %s", path, raw)
		}
	}
}

func TestHealth(t *testing.T) {
	g, _ := start(t, Options{Config: settings(t), Guests: []api.NewCamera{{ID: "hall", Name: "Lee's hall", URL: nobody}}})
	res := g.browser(t).send("GET", "/healthz", nil)
	raw, _ := io.ReadAll(res.Body)
	var h api.Health
	if err := json.Unmarshal(raw, &h); err != nil || res.StatusCode != http.StatusOK || h.Status != "ok" || len(h.Cameras) != len(protections) {
		t.Errorf("%s %s, %v", res.Status, raw, err)
	}
	if bytes.Contains(raw, []byte("hall")) {
		t.Errorf("it names a camera: %s", raw)
	}
}

// A consent that is issued here counts at once; its badge can be printed; after
// the withdrawal of its issuer the next one is signed by another key.
func TestIssueConsent(t *testing.T) {
	g, _ := start(t, Options{Config: settings(t)})
	m := g.manager(t)
	m.do("POST", "/api/v1/cameras", api.NewCamera{ID: "gate", Name: "gate", URL: nobody}, nil)
	m.do("POST", "/api/v1/cameras/gate/zones", api.NewZone{Zone: zone.Zone{ID: "door", Kind: zone.Consent, Purposes: []string{"care"}, Points: []zone.Point{{X: 0, Y: 0}, {X: 1, Y: 0}, {X: 1, Y: 1}}}}, nil)
	ask := map[string]any{"badge": 7, "zones": []string{"door"}, "purpose": "care", "age": "adult", "statement": "I agree."}
	var first api.Issued
	m.do("POST", "/api/v1/consents/issue", ask, &first)
	if first.Consent.State != api.ConsentValid || !slices.Equal(first.Consent.Cameras, []media.CameraID{"gate"}) || first.Consent.Issuer != ConsoleIssuer || strings.Count(first.Token, ".") != 2 {
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
		"for a copy of film": {"purpose", "subject-access"}, "begins in the past": {"not_before", time.Now().Add(-time.Hour)},
		"minor alone": {"age", "minor14"}, "unknown zone": {"zones", []string{"nowhere"}}, "too long": {"expires", time.Now().AddDate(5, 0, 0)},
	} {
		bad := map[string]any{"badge": 8, "zones": []string{"door"}, "purpose": "care", "age": "adult", "statement": "I agree."}
		bad[change[0].(string)] = change[1]
		if status, code := m.code("POST", "/api/v1/consents/issue", bad); status != http.StatusBadRequest || code != "invalid" {
			t.Errorf("%s: %d %s", what, status, code)
		}
	}
	m.do("DELETE", "/api/v1/issuers/"+ConsoleIssuer, nil, nil)
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
	assertNotOnDisk(t, g.cfg.Data, "PRIVATE KEY")
}

// The same person goes on with the badge where the old consent ends; anybody else
// has to wait until it has rested.
func TestRenewConsent(t *testing.T) {
	g, _ := start(t, Options{Config: settings(t)})
	m := g.manager(t)
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
	g, client := start(t, Options{Config: settings(t)})
	m := g.manager(t)
	today := policy.DateOf(time.Now())
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
	left, err := filepath.Glob(filepath.Join(g.cfg.Data, ".verify-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestHistory(t *testing.T) {
	h := newHistory()
	at := time.Date(2026, 5, 1, 8, 0, 0, 0, time.UTC)
	note := func(p media.Protection, long time.Duration) {
		for end := at.Add(long); at.Before(end); at = at.Add(5 * time.Second) {
			h.note("gate", p, at)
		}
	}
	begin := at
	note(media.UnknownProtection, 10*time.Second)
	note(media.Protected, 30*time.Minute)
	note(media.Blocked, 10*time.Minute)
	note(media.Offline, 10*time.Minute)
	at = at.Add(time.Hour) // the box slept
	note(media.Protected, 10*time.Minute)
	got := h.of("gate", begin, at)
	states := []media.Protection{}
	for _, s := range got.Spans {
		states = append(states, s.State)
	}
	if !slices.Equal(states, []media.Protection{media.UnknownProtection, media.Protected, media.Blocked, media.Offline, media.Protected}) {
		t.Errorf("states = %v", states)
	}
	if got.ProtectedShare < 0.79 || got.ProtectedShare > 0.81 {
		t.Errorf("share = %v, want 0.8", got.ProtectedShare)
	}
	if sleep := got.Spans[4].From.Sub(got.Spans[3].To); sleep < time.Hour {
		t.Errorf("the time asleep counts: only %v between", sleep)
	}
	if late := h.of("gate", at.Add(-5*time.Minute), at); len(late.Spans) != 1 || !late.Spans[0].From.Equal(late.From) {
		t.Errorf("cut = %+v", late)
	}
	if none := h.of("nobody", begin, at); none.ProtectedShare != 1 || none.Spans == nil {
		t.Errorf("unknown camera: %+v", none)
	}
}

// After a restart the history is there: from the trail.
func TestHistorySurvivesARestart(t *testing.T) {
	cfg := settings(t)
	g, client := start(t, Options{Config: cfg})
	if _, err := client.AddCamera(t.Context(), api.NewCamera{ID: "gate", Name: "gate", URL: nobody}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the camera is offline", func() bool { return cameraStatus(t, client, "gate").Protection == media.Offline })
	g.Close()
	g, _ = start(t, Options{Config: cfg})
	now := time.Now()
	got := g.history.of("gate", now.Add(-time.Hour), now)
	if len(got.Spans) == 0 || got.Spans[0].State != media.Offline || got.Spans[0].From.After(g.started) {
		t.Errorf("history = %+v, started %v", got, g.started)
	}
}

// A face that appears counts once; one picture in which it is not masked spoils
// its appearance, and a shown one is no masked one.
func TestWalkTest(t *testing.T) {
	tests := []struct {
		name    string
		records []media.Record // faces, masked, shown
		want    []bool         // masked, by appearance
	}{
		{"nobody", []media.Record{{}, {}}, nil},
		{"one passes", []media.Record{{}, {Faces: 1, Masked: 1}, {Faces: 1, Masked: 1}, {}}, []bool{true}},
		{"one comes twice", []media.Record{{Faces: 1, Masked: 1}, {}, {Faces: 1, Masked: 1}}, []bool{true, true}},
		{"two, one after the other", []media.Record{{Faces: 1, Masked: 1}, {Faces: 2, Masked: 2}, {Faces: 1, Masked: 1}, {}}, []bool{true, true}},
		{"one picture unmasked", []media.Record{{Faces: 1, Masked: 1}, {Faces: 1}, {Faces: 1, Masked: 1}}, []bool{false}},
		{"shown by consent", []media.Record{{Faces: 1, Shown: 1}}, []bool{false}},
		{"shown beside a masked one", []media.Record{{Faces: 1, Masked: 1}, {}, {Faces: 2, Masked: 1, Shown: 1}}, []bool{true, false, false}},
	}
	for _, test := range tests {
		var w walk
		now := time.Now()
		w.start(now, time.Minute)
		for _, r := range test.records {
			r.Code = media.Masked
			u, err := media.Vouch([][]byte{{1}}, false, r)
			if err != nil {
				t.Fatal(err)
			}
			w.clean(u, now)
		}
		w.clean(media.VouchSlate([][]byte{{1}}, true, 0, now), now)
		got, all := w.read(now), len(test.want) > 0
		masked := []bool{}
		for _, a := range got.Appearances {
			masked, all = append(masked, a.Masked), all && a.Masked
		}
		if !slices.Equal(masked, test.want) && len(masked)+len(test.want) > 0 || got.AllMasked != all || got.Pictures != len(test.records) || !got.Running {
			t.Errorf("%s: %+v, want %v", test.name, got, test.want)
		}
		if w.read(now.Add(time.Minute)).Running {
			t.Errorf("%s: it does not end", test.name)
		}
	}
}

func TestRefusedViewersAreAudited(t *testing.T) {
	cfg := settings(t)
	g, _ := start(t, Options{Config: cfg, Guests: []api.NewCamera{{ID: "gate", Name: "gate", URL: nobody}}})
	if _, err := rtsp.Probe(t.Context(), rtsp.SourceConfig{ID: "x", URL: "rtsp://" + g.streams.Addrs().RTSP + "/gate", User: "viewer", Password: "wrong"}); err == nil {
		t.Fatal("a wrong password was let in")
	}
	eventually(t, "the refusal is counted", func() bool { return g.streams.Stats().LoginsFailed > 0 })
	g.Close()
	g, _ = start(t, Options{Config: cfg})
	if all := g.entries(t); !slices.ContainsFunc(all, func(s string) bool { return strings.HasPrefix(s, "login.failed anonymous streams tries=") }) {
		t.Errorf("trail: %q", all)
	}
}

// The page of all gateways is for who has logged in; it hears this one's broker.
func TestFleetInTheConsole(t *testing.T) {
	g, _ := start(t, Options{Config: settings(t)})
	m := g.manager(t)
	nobody := g.browser(t)
	if res := nobody.send("GET", "/fleet/", nil); res.StatusCode != http.StatusSeeOther {
		t.Errorf("the page for nobody: %s", res.Status)
	}
	for _, path := range []string{"/fleet/events", "/fleet/gateway/test", "/fleet/file/fleet.js"} {
		if res := nobody.send("GET", path, nil); res.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s for nobody: %s", path, res.Status)
		}
	}
	v := m.login(g, "viewer", console.Viewer)
	if res := v.send("GET", "/fleet/", nil); res.StatusCode != http.StatusOK || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
		t.Errorf("the page: %s", res.Status)
	}
	eventually(t, "this gateway is on the page", func() bool {
		return v.send("GET", "/fleet/gateway/test", nil).StatusCode == http.StatusOK
	})
}
