package seal

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// with makes a Cipher of a key of one byte again and again.
func with(t *testing.T, b byte) *Cipher {
	t.Helper()
	c, err := New(bytes.Repeat([]byte{b}, KeySize))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestOpensAtItsPlaceAlone(t *testing.T) {
	c := with(t, 1)
	sealed := c.Seal("secret", "camera", "lobby", "url")
	bent := bytes.Clone(sealed)
	bent[len(bent)-1] ^= 1
	for name, o := range map[string]struct {
		c      *Cipher
		sealed []byte
		place  []string
		opens  bool
	}{
		"its place":         {c, sealed, []string{"camera", "lobby", "url"}, true},
		"another place":     {c, sealed, []string{"camera", "gate", "url"}, false},
		"joined otherwise":  {c, sealed, []string{"cameral", "obby", "url"}, false},
		"another key":       {with(t, 2), sealed, []string{"camera", "lobby", "url"}, false},
		"changed":           {c, bent, []string{"camera", "lobby", "url"}, false},
		"of a later format": {c, append([]byte{sealFormat + 1}, sealed[1:]...), []string{"camera", "lobby", "url"}, false},
		"nothing":           {c, nil, []string{"camera", "lobby", "url"}, false},
	} {
		if got, err := o.c.Open(o.sealed, o.place...); (err == nil) != o.opens || o.opens && got != "secret" {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if bytes.Equal(sealed, c.Seal("secret", "camera", "lobby", "url")) {
		t.Error("equal texts give equal results")
	}
}

func TestVerify(t *testing.T) {
	check := with(t, 1).Check()
	if with(t, 1).Verify(check) != nil || with(t, 1).Verify(nil) != nil || with(t, 2).Verify(check) == nil {
		t.Error("a proof does not tell keys apart")
	}
	if _, err := New([]byte("short")); err == nil {
		t.Error("a short key passed")
	}
}

func TestSource(t *testing.T) {
	dir := t.TempDir()
	s := Find(filepath.Join(dir, "bauta.db"), "")
	if s.Path != filepath.Join(dir, KeyName) || Find("x", "/k") != (Source{Path: "/k"}) {
		t.Fatalf("%+v", s)
	}
	if _, err := s.Load(); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no key: %v", err)
	}
	key, err := s.Create()
	if err != nil {
		t.Fatal(err)
	}
	if again, err := s.Load(); err != nil || !bytes.Equal(again, key) {
		t.Errorf("%v", err)
	}
	own, _ := New(key)
	if _, err := s.Fit("bauta.db", own.Check()); err != nil {
		t.Error(err)
	}
	check := with(t, 7).Check()
	if _, err := s.Fit("bauta.db", check); !errors.Is(err, ErrKey) {
		t.Errorf("another key's database: %v", err)
	}
	// The key of a backup waits beside until its database is in place.
	waiting := hex.EncodeToString(bytes.Repeat([]byte{7}, KeySize))
	if err := os.WriteFile(s.Restored(), []byte(waiting+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Fit("bauta.db", check); err != nil {
		t.Error(err)
	}
	if _, err := s.TakeOver(check); err != nil {
		t.Error(err)
	}
	if now, err := s.Load(); err != nil || hex.EncodeToString(now) != waiting {
		t.Errorf("the key was not taken over: %v", err)
	}
}
