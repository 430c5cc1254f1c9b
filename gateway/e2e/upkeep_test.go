package e2e

import (
	"bufio"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/identity"
	"github.com/bauta-gateway/bauta/gateway/loglines"
	"github.com/bauta-gateway/bauta/gateway/restore"
)

// A browser gets no backup without a passphrase and the own password; what it gets is sealed, and holds
// the key. Neither word is logged, and a machine's token is not enough.
func TestSealedBackupOverHTTPS(t *testing.T) {
	lines := loglines.New()
	var log logTo
	g, _ := start(t, gateway.Options{Config: settings(t), Log: slog.New(lines.Handler(log.logger().Handler())), Lines: lines})
	m := manager(t, g)
	const passphrase = "mooring lines and lamps"
	for what, c := range map[string]struct {
		in   api.SealedBackup
		code int
	}{
		"no passphrase":    {api.SealedBackup{Password: goodPassword}, http.StatusBadRequest},
		"a short one":      {api.SealedBackup{Passphrase: "short", Password: goodPassword}, http.StatusBadRequest},
		"a wrong password": {api.SealedBackup{Passphrase: passphrase, Password: "not my password"}, http.StatusForbidden},
		"no password":      {api.SealedBackup{Passphrase: passphrase}, http.StatusForbidden},
	} {
		if code, _ := m.code("POST", "/api/v1/backup/sealed", c.in); code != c.code {
			t.Errorf("%s: %d", what, code)
		}
	}
	for _, path := range []string{"/api/v1/backup", "/api/v1/backup?key=1"} {
		if code, _ := m.code("GET", path, nil); code != http.StatusNotFound {
			t.Errorf("%s over HTTPS: %d", path, code)
		}
	}
	var token api.MadeToken
	m.do("POST", "/api/v1/tokens", api.NewToken{Name: "pump", Role: identity.Manager, Days: 1}, &token)
	machine := newBrowser(t, g)
	machine.bearer = token.Secret
	for path, in := range map[string]any{
		"/api/v1/backup/sealed": api.SealedBackup{Passphrase: passphrase, Password: goodPassword},
		"/api/v1/restore/take":  api.TakeRequest{ID: "x", Password: goodPassword},
	} {
		if code, _ := machine.code("POST", path, in); code != http.StatusForbidden {
			t.Errorf("a machine at %s: %d", path, code)
		}
	}

	res := m.send("POST", "/api/v1/backup/sealed", api.SealedBackup{Passphrase: passphrase, Password: goodPassword})
	r := bufio.NewReader(res.Body)
	if res.StatusCode != http.StatusOK || !restore.Sealed(r) {
		t.Fatalf("%s, sealed: %v", res.Status, restore.Sealed(r))
	}
	plain, err := restore.Unseal(r, func() (string, error) { return passphrase, nil })
	if err != nil {
		t.Fatal(err)
	}
	if from, err := store.ReadBackup(plain, io.Discard); err != nil || from.Gateway != "test" || len(from.Key) != 64 {
		t.Errorf("%+v, %v", from, err)
	}
	var state api.BackupState
	m.do("GET", "/api/v1/backups", nil, &state)
	if state.Last.IsZero() || state.Due {
		t.Errorf("%+v", state)
	}
	kept, _ := lines.Lines(loglines.Filter{})
	for _, secret := range []string{passphrase, goodPassword, "not my password"} {
		for _, l := range kept {
			if strings.Contains(l.Text, secret) {
				t.Errorf("the log has %q", secret)
			}
		}
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log has %q", secret)
		}
	}
}

// The log, the doctor and the disk over the API: in the caller's language, and not for viewers.
func TestUpkeepOverHTTPS(t *testing.T) {
	lines := loglines.New()
	log := slog.New(lines.Handler(slog.DiscardHandler))
	g, client := start(t, gateway.Options{Config: settings(t), Log: log, Lines: lines})
	m := manager(t, g)
	log.Error("camera refused", "url", "rtsp://admin:hunter2@192.168.1.5/live?pw=hunter2")
	var page api.LogPage
	m.do("GET", "/api/v1/log?level=error&text=REFUSED", nil, &page)
	if len(page.Lines) != 1 || strings.Contains(page.Lines[0].Text, "hunter2") || !strings.Contains(page.Lines[0].Text, "rtsp://192.168.1.5") {
		t.Errorf("%+v", page)
	}
	for _, bad := range []string{"level=loud", "after=x"} {
		if code, _ := m.code("GET", "/api/v1/log?"+bad, nil); code != http.StatusBadRequest {
			t.Errorf("%s: %d", bad, code)
		}
	}
	for _, bad := range []string{"from=yesterday", "before=x"} {
		if code, _ := m.code("GET", "/api/v1/audit?"+bad, nil); code != http.StatusBadRequest {
			t.Errorf("%s: %d", bad, code)
		}
	}
	var findings []api.Finding
	m.do("GET", "/api/v1/doctor", nil, &findings)
	checks := map[string]api.Verdict{}
	for _, f := range findings {
		checks[f.Check] = f.Verdict
	}
	for _, check := range []string{"version", "disk", "load", "memory", "cameras", "clock", "worker"} {
		if checks[check] == "" {
			t.Errorf("the doctor says nothing of %s: %v", check, checks)
		}
	}
	eventually(t, "the status has the disk", func() bool {
		s, err := client.Status(t.Context())
		return err == nil && s.Gateway.Disk != nil && s.Gateway.Disk.Total > s.Gateway.Disk.Free && s.Gateway.Disk.Room != ""
	})
	res := m.send("GET", "/metrics", nil)
	if b, _ := io.ReadAll(res.Body); !strings.Contains(string(b), "bauta_disk_free_bytes ") || !strings.Contains(string(b), "bauta_audit_trail_bytes_per_month ") {
		t.Error("no disk in the metrics")
	}
}
