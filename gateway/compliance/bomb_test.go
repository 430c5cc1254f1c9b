package compliance

import (
	"archive/zip"
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"
)

// crafted is a pack that a stranger signed, with what edit does to it. Without
// an edit it is whole.
func crafted(t testing.TB, edit func(p *packer, m *manifest)) []byte {
	t.Helper()
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return craftedBy(t, key, edit)
}

func craftedBy(t testing.TB, key ed25519.PrivateKey, edit func(p *packer, m *manifest)) []byte {
	t.Helper()
	var b bytes.Buffer
	seal := newSealer(&b)
	p := &packer{zip: zip.NewWriter(seal), created: time.Unix(0, 0)}
	nothing := hex.EncodeToString(make([]byte, sha256.Size))
	m := manifest{Format: packFormat, Key: hex.EncodeToString(key.Public().(ed25519.PublicKey))}
	m.Trail.Before, m.Trail.Head = nothing, nothing
	err := errors.Join(p.zip.SetComment(blankSeal()), p.add(auditName, zeros(0)), p.add("a.csv", zeros(9)))
	if edit != nil {
		edit(p, &m)
	}
	m.Files = append(m.Files, p.files...)
	if err = errors.Join(err, p.add(manifestName, asJSON(m)), p.zip.Close(), seal.finish(key)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zeros(n int64) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.Copy(w, io.LimitReader(zeroReader{}, n))
		return err
	}
}

type zeroReader struct{}

func (zeroReader) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}

// What a stranger packed and signed with a key of its own is read no further
// than its manifest goes, and nothing in it is left unlisted.
func TestHostilePacks(t *testing.T) {
	if _, err := verify(crafted(t, nil)); err != nil {
		t.Fatal(err)
	}
	const big = 64 << 20
	for name, c := range map[string]struct {
		want string
		edit func(p *packer, m *manifest)
	}{
		"a file that is not listed, hidden behind one listed twice": {"twice", func(p *packer, _ *manifest) {
			addZeros(t, p, "hidden.txt", 5)
			p.files[len(p.files)-1] = p.files[1]
		}},
		"a file that is not listed": {"lists 2", func(p *packer, _ *manifest) {
			addZeros(t, p, "hidden.txt", 5)
			p.files = p.files[:2]
		}},
		"two files of one name": {"two files of the name", func(p *packer, _ *manifest) { addZeros(t, p, "a.csv", 5) }},
		"a file larger than promised": {"another one", func(p *packer, _ *manifest) {
			addZeros(t, p, "bomb", big)
			p.files[2].Size = 10
		}},
		"a trail larger than promised": {"another one", func(p *packer, _ *manifest) { p.files[0].Size = 10 }},
		"a promise of more than can be": {"larger than", func(p *packer, _ *manifest) {
			for range 3 { // the same bytes thrice would do for a real one
				w, err := p.zip.CreateRaw(&zip.FileHeader{Name: strings.Repeat("x", len(p.files)), Method: zip.Deflate, UncompressedSize64: 1 << 31})
				if err != nil {
					t.Fatal(err)
				}
				w.Write([]byte{3, 0})
				p.files = append(p.files, manifestFile{strings.Repeat("x", len(p.files)), 1 << 31, ""})
			}
		}},
		"a size below zero":      {"another one", func(p *packer, _ *manifest) { p.files[1].Size = -1 }},
		"a very large manifest":  {"manifest is larger", func(p *packer, m *manifest) { m.Version = strings.Repeat("v", MaxManifest) }},
		"very many files":        {"more than", func(p *packer, _ *manifest) { addMany(t, p, MaxFiles) }},
		"a count that wraps":     {"more than", func(p *packer, _ *manifest) { addMany(t, p, 1<<16) }},
		"a begin that is longer": {"begin of its trail", func(_ *packer, m *manifest) { m.Trail.Before += "00" }},
	} {
		b := crafted(t, c.edit)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := verify(b)
		runtime.ReadMemStats(&after)
		if !errors.Is(err, ErrForged) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
		if used := after.TotalAlloc - before.TotalAlloc; used > 32<<20 {
			t.Errorf("%s: %d bytes were allocated", name, used)
		}
	}
}

func addZeros(t *testing.T, p *packer, name string, n int64) {
	t.Helper()
	if err := p.add(name, zeros(n)); err != nil {
		t.Fatal(err)
	}
}

// addMany adds empty files to the directory alone.
func addMany(t *testing.T, p *packer, n int) {
	t.Helper()
	for i := range n {
		var name [4]byte
		binary.BigEndian.PutUint32(name[:], uint32(i))
		if _, err := p.zip.CreateRaw(&zip.FileHeader{Name: "f" + hex.EncodeToString(name[:])}); err != nil {
			t.Fatal(err)
		}
	}
}

// FuzzEvidenceZip changes a pack and seals it anew, so that what reads it is
// tried behind the signature, too.
func FuzzEvidenceZip(f *testing.F) {
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	whole := craftedBy(f, key, nil)
	f.Add(whole[:len(whole)-sealSize])
	f.Fuzz(func(t *testing.T, b []byte) {
		var out bytes.Buffer
		s := newSealer(&out)
		s.Write(b)
		s.Write([]byte(blankSeal()))
		if err := s.finish(key); err != nil {
			t.Fatal(err)
		}
		proven, err := verify(out.Bytes())
		if err != nil && !errors.Is(err, ErrForged) {
			t.Fatal(err)
		}
		if err != nil {
			return
		}
		z, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
		if err != nil || len(z.File) != proven.Files+1 {
			t.Fatalf("%+v is proven of %d files, %v", proven, len(z.File), err)
		}
	})
}
