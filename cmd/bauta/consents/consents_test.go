package consents

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/consent"
)

func TestMoment(t *testing.T) {
	zone := time.Local
	time.Local = time.FixedZone("UTC+8", 8*3600)
	t.Cleanup(func() { time.Local = zone })
	for s, want := range map[string]struct {
		begin, end string // UTC
		day        bool
	}{
		"2026-05-01":                {"2026-04-30T16:00:00Z", "2026-05-01T16:00:00Z", true},
		"2026-05-01T08:00":          {"2026-05-01T00:00:00Z", "2026-05-01T00:00:00Z", false},
		"2026-05-01 08:00:30":       {"2026-05-01T00:00:30Z", "2026-05-01T00:00:30Z", false},
		"2026-05-01T08:00:30+01:00": {"2026-05-01T07:00:30Z", "2026-05-01T07:00:30Z", false},
	} {
		var m Moment
		if err := m.UnmarshalText([]byte(s)); err != nil {
			t.Errorf("%s: %v", s, err)
			continue
		}
		begin, end := m.Begin().Format(time.RFC3339), m.end().Format(time.RFC3339)
		if begin != want.begin || end != want.end || m.Day != want.day {
			t.Errorf("%s: from %s to %s, a day: %t", s, begin, end, m.Day)
		}
	}
	for _, s := range []string{"", "tomorrow", "2026-13-01", "2026-05-01T25:00", "01.05.2026"} {
		if err := new(Moment).UnmarshalText([]byte(s)); err == nil {
			t.Errorf("%q passed", s)
		}
	}
}

func write(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestReadTokenFile(t *testing.T) {
	for content, want := range map[string][]string{
		"": nil, " \n": nil, "a.b.c\n": {"a.b.c"}, "a b\nc\td": {"a", "b", "c", "d"},
	} {
		path := write(t, content)
		if got, err := ReadTokenFile(nil, path); err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %q, %v", content, got, err)
		}
		if got, err := ReadTokenFile(strings.NewReader(content), "-"); err != nil || !slices.Equal(got, want) {
			t.Errorf("%q from standard input: %q, %v", content, got, err)
		}
		one, err := OneToken(path)
		if (err == nil) != (len(want) == 1) || err == nil && one != want[0] {
			t.Errorf("%q as one: %q, %v", content, one, err)
		}
	}
	if _, err := ReadTokenFile(nil, filepath.Join(t.TempDir(), "no")); err == nil {
		t.Error("a missing file passed")
	}
}

func TestReadPublicKey(t *testing.T) {
	key := consent.NewKey()
	for name, c := range map[string]struct {
		content []byte
		good    bool
	}{
		"public":  {key.Public().PEM(), true},
		"private": {key.PEM(), false},
		"nothing": {nil, false},
	} {
		got, err := ReadPublicKey(write(t, string(c.content)))
		if (err == nil) != c.good || c.good && got.ID() != key.Public().ID() {
			t.Errorf("%s: %v", name, err)
		}
	}
}
