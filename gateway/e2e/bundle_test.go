package e2e

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/consent/consenttest"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/identity"
	"github.com/bauta-gateway/bauta/gateway/loglines"
	"github.com/bauta-gateway/bauta/gateway/topics"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// canaries are what a bundle must not hold, by what they are.
var canaries = map[string]string{
	"a camera's password": "Kanarienvogel-7!", "a camera's user": "wachmann-kasse", "a password in a camera's path": "pfad-geheim-31", "a camera's name": "刘经理的办公室",
	"a camera's group": "三楼人事部", "a camera's host": "kamera-buero.example.org", "a camera's address": "10.77.66.55", "a user's name": "zhang.wei.manager", "a user's password": "zwölf geheime Worte",
	"a machine's token's name": "leitstelle-nord", "a recorder's login": "recorder-haupthaus", "a subject": "p-20417-lei", "an issuer": "empfang-nordtor", "a zone": "tuer-chefin",
	"a mail address in the site's contact": "wang.fang@example.com", "the site's unit": "Kanzlei Doktor Lehmann", "a record's text": "Frau Schmidt beschwert sich", "a name in a record": "Herr Kommissar Li",
	"a login at the broker": "hausautomation-west", "a screen's name": "Pforte von Frau Vogel", "who answers for a screen": "Frau Vogel-Sommer", "a screen's place": "Nordeingang hinter der Loge",
	"a broker's user": "mqtt-hausmeister", "the gateway's name": "gw-klinik-ost",
}

// forms are the ways in which a text may be written.
func forms(s string) map[string][]byte {
	out := map[string][]byte{"as it is": []byte(s), "in hex": []byte(hex.EncodeToString([]byte(s))), "in upper hex": []byte(strings.ToUpper(hex.EncodeToString([]byte(s))))}
	for _, pad := range []string{"", "x", "xy"} { // base64 depends on where a text begins
		b := base64.RawStdEncoding.EncodeToString([]byte(pad + s))
		from, to := (len(pad)*8+5)/6, len(b)-2
		out["in base64 after "+pad] = []byte(b[from:to])
	}
	return out
}

// What is handed to who helps holds no secret, name, pseudonym or address of all that the store, the
// settings and the log have, in whatever form.
func TestBundleHoldsNothingPrivate(t *testing.T) {
	cfg := settings(t)
	cfg.Gateway.Name, cfg.MQTT.User = canaries["the gateway's name"], canaries["a broker's user"]
	lines := loglines.New()
	log := slog.New(lines.Handler(slog.DiscardHandler))
	_, client := start(t, gateway.Options{Config: cfg, Log: log, Lines: lines})
	putCanaries(t, client)
	for what, canary := range canaries {
		if what == "a user's password" { // the gateway itself does not know it
			continue
		}
		log.Warn("something broke", "what", what, "detail", canary+" at rtsp://u:"+canary+"@"+canary+":554/"+canary)
		log.With(canary, canary).Error("tried " + canary)
	}

	var out bytes.Buffer
	if err := client.Bundle(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	if out.Len() > 4<<20 {
		t.Errorf("it has %d bytes", out.Len())
	}
	z, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	members := map[string]string{"the file itself": out.String()}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		members[f.Name] = string(b)
	}
	for name, content := range members {
		for what, canary := range canaries {
			for form, b := range forms(canary) {
				if strings.Contains(strings.ToLower(content), strings.ToLower(string(b))) {
					at := strings.Index(strings.ToLower(content), strings.ToLower(string(b)))
					t.Errorf("%s holds %s %s: ...%s...", name, what, form, content[max(0, at-60):min(len(content), at+60)])
				}
			}
		}
	}
	for _, part := range []string{"index.txt", "doctor.json", "status.json", "settings.json", "log.txt", "events.json", "store.json", "host.json"} {
		if len(members[part]) < 20 || part != "index.txt" && !strings.Contains(members["index.txt"], part) {
			t.Errorf("%s is missing, empty or not in the index", part)
		}
	}
	for part, want := range map[string]string{"status.json": `"id": "camera-`, "log.txt": "something broke", "settings.json": `"limits.cameras": "16"`, "events.json": `"camera.added"`, "store.json": `"users": 1`} {
		if !strings.Contains(members[part], want) {
			t.Errorf("%s does not say %s:\n%s", part, want, members[part][:min(800, len(members[part]))])
		}
	}
}

// putCanaries puts each canary where it belongs.
func putCanaries(t *testing.T, client *api.Client) {
	t.Helper()
	ctx := t.Context()
	if err := client.AddUser(ctx, api.NewUser{User: canaries["a user's name"], Password: canaries["a user's password"], Role: identity.Manager}); err != nil {
		t.Fatal(err)
	}
	for i, host := range []string{canaries["a camera's host"], canaries["a camera's address"]} {
		n := api.NewCamera{ID: []string{"buero-lehmann", "kasse-7"}[i], Name: canaries["a camera's name"] + strings.Repeat("x", i), Group: canaries["a camera's group"],
			URL: "rtsp://" + host + ":554/" + canaries["a password in a camera's path"], User: canaries["a camera's user"], Password: canaries["a camera's password"]}
		if _, err := client.AddCamera(ctx, n); err != nil {
			t.Fatal(err)
		}
		z := lobby()[0]
		z.ID = canaries["a zone"]
		if err := client.PutZone(ctx, media.CameraID(n.ID), api.NewZone{Zone: z}); err != nil {
			t.Fatal(err)
		}
	}
	trusted := api.NewIssuer{Name: canaries["an issuer"], Key: string(consenttest.Key.Public().PEM())}
	if _, err := client.AddIssuer(ctx, trusted); err != nil {
		t.Fatal(err)
	}
	accepted(t, client, consenttest.Token(t, func(c *consent.Token) {
		c.Issuer, c.Subject, c.Zones = canaries["an issuer"], canaries["a subject"], []string{canaries["a zone"]}
	}))
	for path, body := range map[string]any{
		"/v1/tokens": api.NewToken{Name: canaries["a machine's token's name"], Role: identity.Viewer, Days: 1}, "/v1/streams/logins": api.NewStreamLogin{Name: canaries["a recorder's login"]},
		"/v1/mqtt/logins": api.NewMQTTLogin{Name: canaries["a login at the broker"], May: topics.MayRead}, "/v1/displays": api.NewDisplay{Label: canaries["a screen's name"], Person: canaries["who answers for a screen"], Place: canaries["a screen's place"]},
		"/v1/records/export":    register.Export{Date: "2026-01-02", Reason: "Ermittlung", Content: "eine Minute", Unit: "Revier", Requester: "internal", Name: canaries["a name in a record"], Manner: "view", Purpose: "public-safety", FootageFrom: "2026-01-01", FootageTo: "2026-01-01", Approver: canaries["a name in a record"]},
		"/v1/records/complaint": register.Complaint{Date: "2026-01-02", Content: canaries["a record's text"]},
	} {
		if err := client.Call(ctx, http.MethodPost, path, body, nil); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
	}
	if err := client.SetSite(ctx, policy.Site{Class: policy.Art7, Unit: canaries["the site's unit"], Contact: canaries["a mail address in the site's contact"]}); err != nil {
		t.Fatal(err)
	}
}
