package e2e

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/consent/consenttest"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// lobby has a whole frame as the consent zone of that name.
func lobby() []zone.Zone {
	return []zone.Zone{{ID: "lobby", Kind: zone.Consent, Purposes: []string{"care"}, Points: []zone.Point{{X: 0, Y: 0}, {X: 1, Y: 0}, {X: 1, Y: 1}, {X: 0, Y: 1}}}}
}

// window is a private zone in the upper left quarter of a frame.
func window(id string) zone.Zone {
	return zone.Zone{ID: id, Kind: zone.Private, Points: []zone.Point{{}, {X: 0.5}, {X: 0.5, Y: 0.5}, {Y: 0.5}}}
}

// setZones replaces a camera's zones, as an administrator does one by one.
func setZones(t *testing.T, client *api.Client, id media.CameraID, zones []zone.Zone) {
	t.Helper()
	old, err := client.Zones(t.Context(), id)
	for _, z := range old.Zones {
		if err == nil {
			err = client.RemoveZone(t.Context(), id, z.ID)
		}
	}
	for _, z := range zones {
		if err == nil {
			err = client.PutZone(t.Context(), id, api.NewZone{Zone: z})
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}

// trust has the gateway trust the key that signs the tests' tokens.
func trust(t *testing.T, client *api.Client) {
	t.Helper()
	if _, err := client.AddIssuer(t.Context(), api.NewIssuer{Name: "front-desk", Key: string(consenttest.Key.Public().PEM())}); err != nil {
		t.Fatal(err)
	}
}

func importAll(t *testing.T, client *api.Client, raws ...string) (results []api.Import) {
	t.Helper()
	if err := client.ImportConsents(t.Context(), raws, func(i api.Import) { results = append(results, i) }); err != nil {
		t.Fatal(err)
	}
	return results
}

// accepted imports one token and returns its id.
func accepted(t *testing.T, client *api.Client, raw string) string {
	t.Helper()
	if r := importAll(t, client, raw); len(r) != 1 || r[0].Outcome != api.Accepted {
		t.Fatalf("import: %+v", r)
	}
	return consenttest.ID(t, raw)
}

// revocation is one of the front desk, signed with a key.
func revocation(t *testing.T, key consent.PrivateKey, r consent.Revocation) string {
	t.Helper()
	r.Issuer, r.Issued = "front-desk", time.Now()
	if r.ID = r.Token; r.ID == "" {
		r.ID = consent.NewID()
	}
	raw, err := consent.SignRevocation(r, key)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// mosquitto starts a real broker and returns its address.
func mosquitto(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("mosquitto")
	if err != nil {
		t.Fatal("mosquitto is not in PATH, which needs /usr/sbin: make setup-test installs it")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().(*net.TCPAddr)
	l.Close()
	conf := filepath.Join(t.TempDir(), "mosquitto.conf")
	if err := os.WriteFile(conf, fmt.Appendf(nil, "listener %d 127.0.0.1\nallow_anonymous true\npersistence false\n", addr.Port), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, "-c", conf)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	eventually(t, "mosquitto listens", func() bool {
		conn, err := net.Dial("tcp", addr.String())
		if err == nil {
			conn.Close()
		}
		return err == nil
	})
	return "tcp://" + addr.String()
}

// assertNotOnDisk looks for a secret in the files of a data folder.
func assertNotOnDisk(t *testing.T, dir, secret string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if b, err := os.ReadFile(f); err == nil && strings.Contains(string(b), secret) {
			t.Errorf("%s holds the secret", f)
		}
	}
}
