package store

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/zone"
)

// releases are the stores that released programs made, see testdata/README.md.
var releases = []string{"0.1.0"}

// released unpacks the data folder of a release and returns its database.
func released(t *testing.T, version string) (path string) {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", version+".tar.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	plain, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "data")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for r := tar.NewReader(plain); ; {
		head, err := r.Next()
		if errors.Is(err, io.EOF) {
			return filepath.Join(dir, "bauta.db")
		}
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, filepath.Base(head.Name)), b, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// Every bucket of the schema has something in it, so that a later step finds
// entries of each kind to bring up to date.
func TestReleaseHasEveryBucket(t *testing.T) {
	s := open(t, released(t, "0.1.0"))
	if err := s.db.View(func(tx *bbolt.Tx) error {
		for _, name := range slices.Concat(bucketsSince[:4]...) {
			if tx.Bucket(name).Stats().KeyN == 0 {
				t.Errorf("nothing is in %s", name)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func TestReleaseCamerasAndZones(t *testing.T) {
	for _, version := range releases {
		s := open(t, released(t, version))
		all, err := s.Cameras()
		if err != nil || len(all) != 4 {
			t.Fatalf("%s: %d cameras, %v", version, len(all), err)
		}
		lobby, err := s.Camera("lobby")
		if err != nil || lobby.Name != "大厅 Lobby" || lobby.URL != "rtsp://192.0.2.7/stream1" || lobby.User != "admin" ||
			lobby.Password.Reveal() != "invented-Secret1" || lobby.Mask != "mosaic" || *lobby.LookAhead != 300*time.Millisecond {
			t.Errorf("%s: %+v, %v", version, lobby, err)
		}
		if back, err := s.Camera("back-door"); err != nil || *back.RateCap != 2 || back.Transport != "tcp" {
			t.Errorf("%s: %+v, %v", version, back, err)
		}
		zones := map[string]string{}
		for _, c := range all {
			of, err := s.Zones(c.ID)
			if err != nil {
				t.Error(err)
			}
			for _, z := range of {
				zones[string(c.ID)+"/"+z.ID] = string(z.Kind)
			}
		}
		if want := map[string]string{"lobby/desk": "private", "lobby/entrance": "consent", "back-door/street": "masked", "car-park/bays": "capture"}; !maps.Equal(zones, want) {
			t.Errorf("%s: zones %v", version, zones)
		}
	}
}

// livePurposes are those of the release's consents that count today.
func livePurposes(t *testing.T, s *Store) (live []string) {
	t.Helper()
	all, err := s.Consents()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		if c.Revoked.IsZero() && time.Now().Before(c.Expires) { // true until November 2027
			live = []string{"visitor-reception"}
		}
	}
	return live
}

// assumed proves that the lobby's zones count for what their consents were given
// for, and ask to be confirmed.
func assumed(t *testing.T, s *Store) {
	t.Helper()
	live := livePurposes(t, s)
	zones, err := s.Zones("lobby")
	if err != nil || len(zones) != 2 {
		t.Fatalf("%+v, %v", zones, err)
	}
	for _, z := range zones {
		want := live
		if z.Kind != zone.Consent {
			want = nil
		}
		if z.Assumed != (z.Kind == zone.Consent) || !slices.Equal(z.Purposes, want) {
			t.Errorf("%+v, want %v", z, want)
		}
	}
}

func TestReleaseZonesGetPurposes(t *testing.T) {
	path := released(t, "0.1.0")
	s := open(t, path)
	assumed(t, s)
	z, err := s.PutPurposes("lobby", "entrance", []string{"visitor-reception"})
	if err != nil || z.Assumed {
		t.Errorf("confirmed: %+v, %v", z, err)
	}
	closed(t, s)
	again, err := open(t, path).Zones("lobby")
	if err != nil || again[1].Assumed || len(again[1].Points) != 4 || !slices.Equal(again[1].Purposes, []string{"visitor-reception"}) {
		t.Errorf("after a restart: %+v, %v", again, err)
	}
}

// So do those of a backup that the release made.
func TestBackupOfAReleaseGetsPurposes(t *testing.T) {
	early, err := openWith(released(t, "0.1.0"), Options{}, steps[:4])
	if err != nil {
		t.Fatal(err)
	}
	backup := backedUp(t, early, true)
	closed(t, early)
	path := newPath(t)
	closed(t, open(t, path))
	s, _ := restore(t, path, backup)
	assumed(t, s)
}

func TestReleaseRules(t *testing.T) {
	for _, version := range releases {
		s := open(t, released(t, version))
		if level, err := s.Level("car-park"); err != nil || level != "picture" {
			t.Errorf("%s: level %q, %v", version, level, err)
		}
		if f, err := s.Facts("rest-room"); err != nil || !f.Place.Prohibited() {
			t.Errorf("%s: the rest room is %+v, %v", version, f, err)
		}
		if f, err := s.Facts("lobby"); err != nil || f.Place != "lobby" || f.Place.Prohibited() {
			t.Errorf("%s: the lobby is %+v, %v", version, f, err)
		}
		if site, err := s.Site(); err != nil || site.Class != "art9" || site.Jurisdiction != "CN-44" || site.Contact == "" {
			t.Errorf("%s: site %+v, %v", version, site, err)
		}
		for _, kind := range []register.Kind{register.KindSign, register.KindAssessment, register.KindFiling, register.KindDeviceTest, register.KindComplaint, register.KindExport, register.KindRetention, register.KindInspection} {
			if all, err := s.Records(kind); err != nil || len(all) == 0 {
				t.Errorf("%s: %d records of %s, %v", version, len(all), kind, err)
			}
		}
		if _, err := s.AllRecords(); err != nil {
			t.Errorf("%s: %v", version, err)
		}
		today := civil.Date("2026-11-29")
		if days, err := s.Days(today, today); err != nil || len(days) == 0 {
			t.Errorf("%s: %d times of protection, %v", version, len(days), err)
		}
	}
}

func TestReleaseConsents(t *testing.T) {
	for _, version := range releases {
		s := open(t, released(t, version))
		all, err := s.Consents()
		revoked := map[string]bool{}
		for _, c := range all {
			revoked[c.Subject] = !c.Revoked.IsZero()
		}
		if want := map[string]bool{"person-7": false, "person-8": true, "person-9": false}; err != nil || !maps.Equal(revoked, want) {
			t.Errorf("%s: revoked %v, %v", version, revoked, err)
		}
		issuers, err := s.Issuers()
		if err != nil || len(issuers) != 1 || issuers[0].Name != "front-desk" {
			t.Errorf("%s: issuers %v, %v", version, issuers, err)
		}
		// Who withdrew before the token came stays withdrawn.
		if len(all) > 0 {
			late := all[0].Token
			late.Subject, late.ID = "person-10", "aaaaaaaaaaaaaaaaaaaaaaaaaa"
			if err := s.CheckRevoked(late); err == nil {
				t.Errorf("%s: person-10 may be shown again", version)
			}
		}
	}
}

func TestReleaseUsersAndAuditLog(t *testing.T) {
	for _, version := range releases {
		s := open(t, released(t, version))
		roles := map[string]string{}
		users, err := s.Users()
		for _, u := range users {
			roles[u.Name] = u.Role
		}
		if want := map[string]string{"boss": "manager", "auditor": "auditor"}; err != nil || !maps.Equal(roles, want) {
			t.Errorf("%s: users %v, %v", version, roles, err)
		}
		if tokens, err := s.APITokens(); err != nil || len(tokens) != 1 || tokens[0].Name != "dashboard" {
			t.Errorf("%s: tokens %v, %v", version, tokens, err)
		}
		if user, password, err := s.Viewer(); err != nil || user != "viewer" || password.Reveal() == "" {
			t.Errorf("%s: viewer %q, %v", version, user, err)
		}
		entries, _, _ := chained(t, s, time.Time{}, time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC))
		if len(entries) < 50 || entries[0].Action != "gateway.started" {
			t.Errorf("%s: the audit log has %d entries", version, len(entries))
		}
		if waiting, err := s.Waiting(100); err != nil || len(waiting) == 0 {
			t.Errorf("%s: %d messages wait, %v", version, len(waiting), err)
		}
		if err := s.Check(); err != nil {
			t.Errorf("%s: %v", version, err)
		}
	}
}
