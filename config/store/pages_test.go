package store

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config/store/dbfile"
)

var page = os.Getpagesize() // bbolt's too

// grown makes a file with every kind of page: branches, values longer than a
// page, small and large buckets, free pages.
func grown(t testing.TB) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bauta.db")
	s, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	s.db.NoSync = true
	for i := range 120 {
		if err := s.PutCamera(full(numbered(i)), false); err != nil {
			t.Fatal(err)
		}
		if i%3 == 0 {
			if err := s.DeleteCamera(numbered(i)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := s.PutSetting("long", NewSecret(strings.Repeat("x", 20000))); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func check(b []byte) error { return dbfile.CheckPages(bytes.NewReader(b), int64(len(b))) }

func TestCheckPagesTakesWhole(t *testing.T) {
	for name, b := range map[string][]byte{"empty": nil, "grown": grown(t), "new": slurp(t, made(t))} {
		if err := check(b); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, size := range []int{1024, 4096, 16384, 65536} {
		path := filepath.Join(t.TempDir(), "db")
		db, err := bbolt.Open(path, 0o600, &bbolt.Options{PageSize: size})
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		if err := check(slurp(t, path)); err != nil {
			t.Errorf("pages of %d bytes: %v", size, err)
		}
	}
}

// A power cut while a head is written tears one of the two; the other state of
// the file is whole.
func TestTornHead(t *testing.T) {
	path := made(t)
	whole := slurp(t, path)
	for _, at := range []int{0, page} {
		torn := bytes.Clone(whole)
		clear(torn[at : at+512])
		if err := os.WriteFile(path, torn, 0o600); err != nil {
			t.Fatal(err)
		}
		s := open(t, path)
		if _, err := s.Cameras(); err != nil {
			t.Errorf("head at %d torn: %v", at, err)
		}
		closed(t, s)
	}
}

// survives opens damaged content: whatever it does, the process goes on.
func survives(t *testing.T, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := Open(path, Options{})
	if err != nil {
		return
	}
	s.db.NoSync = true
	_, _ = s.Cameras()
	_, _, _ = s.Viewer()
	_ = s.PutCamera(full("new"), true)
	_ = s.DeleteCamera(numbered(1))
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// A disk's worn cell or a stray write: any bytes, most often in the heads and
// entries of pages, where they mislead most.
func TestBentBytesNeverCrash(t *testing.T) {
	path := made(t)
	whole := grown(t)
	rounds := 150
	if testing.Short() {
		rounds = 50
	}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	for range rounds {
		bent := bytes.Clone(whole)
		for range 1 + random.IntN(3) {
			at := random.IntN(len(whole)/page)*page + random.IntN(64)
			if random.IntN(3) == 0 {
				at = random.IntN(len(whole))
			}
			bent[at] = byte(random.IntN(256) >> random.IntN(8)) // small numbers are likelier to be valid
		}
		survives(t, path, bent)
	}
}

func FuzzOpen(f *testing.F) {
	f.Add([]byte{}, []byte{}, uint32(0))
	f.Add([]byte{1, 0}, []byte{2, 0}, uint32(8200))
	whole := grown(f)
	f.Fuzz(func(t *testing.T, a, b []byte, at uint32) {
		bent := bytes.Clone(whole)
		from := int(at % uint32(len(bent)))
		copy(bent[from:], a)
		copy(bent[from/page*page:], b)
		path := filepath.Join(t.TempDir(), "bauta.db")
		survives(t, path, bent)
	})
}
