package consents

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/config/consent"
)

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
