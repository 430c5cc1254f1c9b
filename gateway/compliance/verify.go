package compliance

import (
	"archive/zip"
	"bufio"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"slices"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
)

// Proven is what a pack says that was found to be whole.
type Proven struct {
	Gateway string    `json:"gateway"`
	Version string    `json:"version"`
	From    time.Time `json:"from"`
	To      time.Time `json:"to"`
	Created time.Time `json:"created"`
	// Entries of the trail, of which Signed hold a signature of their own.
	Entries int `json:"entries"`
	Signed  int `json:"signed"`
	Files   int `json:"files"`
	// Key is the public key that signed it, in hex. Whoever checks a pack has
	// to know it from elsewhere: `bauta evidence key` on the gateway prints it.
	Key string `json:"key"`
}

// Bounds of reading: of the manifest, of one line of the trail, and of all
// files unpacked: a stranger's pack may be a few bytes that unpack to no end.
const (
	maxUnpacked = 4 << 30
	maxManifest = 4 << 20
	maxLine     = 4 << 10
)

// Verify proves a pack of a size in bytes: the seal over the whole file, the
// hash of each file in it, and the chain of the trail with its signatures. It
// returns ErrForged with the reason where anything does not fit.
func Verify(r io.ReaderAt, size int64) (Proven, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return Proven{}, forged("it is no ZIP file: %v", err)
	}
	m, err := readManifest(z)
	if err != nil {
		return Proven{}, err
	}
	key, err := hex.DecodeString(m.Key)
	if err != nil || len(key) != ed25519.PublicKeySize {
		return Proven{}, forged("its key cannot be read")
	}
	if err := checkSeal(r, size, key); err != nil {
		return Proven{}, err
	}
	if err := checkFiles(z, m); err != nil {
		return Proven{}, err
	}
	signed, err := checkTrail(z, m, key)
	if err != nil {
		return Proven{}, err
	}
	return Proven{m.Gateway, m.Version, m.From, m.To, m.Created, m.Trail.Entries, signed, len(m.Files), m.Key}, nil
}

func readManifest(z *zip.Reader) (m manifest, err error) {
	f, err := z.Open(manifestName)
	if err != nil {
		return m, forged("it has no manifest")
	}
	defer f.Close()
	if err := json.NewDecoder(io.LimitReader(f, maxManifest)).Decode(&m); err != nil {
		return m, forged("its manifest cannot be read: %v", err)
	}
	var size int64
	for _, f := range m.Files {
		if size += f.Size; f.Size < 0 || size > maxUnpacked {
			return m, forged("its files are larger than %d bytes", int64(maxUnpacked))
		}
	}
	if m.Format != packFormat {
		return m, forged("its format is %d, this program knows %d", m.Format, packFormat)
	}
	return m, nil
}

func checkFiles(z *zip.Reader, m manifest) error {
	if len(z.File) != len(m.Files)+1 {
		return forged("it has %d files, its manifest lists %d", len(z.File)-1, len(m.Files))
	}
	for _, want := range m.Files {
		f, err := z.Open(want.Name)
		if err != nil {
			return forged("%s is missing", want.Name)
		}
		h := sha256.New()
		n, err := io.Copy(h, io.LimitReader(f, want.Size+1))
		f.Close()
		if err != nil || n != want.Size || hex.EncodeToString(h.Sum(nil)) != want.SHA256 {
			return forged("%s is another one than the manifest lists", want.Name)
		}
	}
	return nil
}

// checkTrail follows the chain from its begin to its head.
func checkTrail(z *zip.Reader, m manifest, key ed25519.PublicKey) (signed int, err error) {
	if !slices.ContainsFunc(m.Files, func(f manifestFile) bool { return f.Name == trailName }) {
		return 0, forged("its trail is not in the manifest")
	}
	f, err := z.Open(trailName)
	if err != nil {
		return 0, forged("its trail is missing")
	}
	defer f.Close()
	c := chain{key: key}
	if _, err := hex.Decode(c.prev[:], []byte(m.Trail.Before)); err != nil || len(m.Trail.Before) != 2*sha256.Size {
		return 0, forged("the begin of its trail cannot be read")
	}
	lines := bufio.NewScanner(f)
	lines.Buffer(make([]byte, maxLine), maxLine)
	for lines.Scan() {
		if err := c.line(lines.Bytes()); err != nil {
			return 0, err
		}
	}
	if lines.Err() != nil || c.entries != m.Trail.Entries || hex.EncodeToString(c.prev[:]) != m.Trail.Head {
		return 0, forged("its trail does not end where the manifest says: an entry was changed, added or left out")
	}
	return c.signed, nil
}

// chain is how far a trail is proven.
type chain struct {
	key             ed25519.PublicKey
	prev            [sha256.Size]byte
	seq             uint64
	entries, signed int
}

// line proves one entry.
func (c *chain) line(b []byte) error {
	var e store.Entry
	if err := json.Unmarshal(b, &e); err != nil || c.seq != 0 && e.Seq != c.seq+1 {
		return forged("entry %d of its trail cannot be read or is out of order", c.entries+1)
	}
	if e.Action == store.SignAction {
		signature, err := base64.StdEncoding.DecodeString(e.Detail)
		if err != nil || !ed25519.Verify(c.key, c.prev[:], signature) {
			return forged("the signature in entry %d of its trail does not fit", e.Seq)
		}
		c.signed++
	}
	c.prev, c.seq = store.Chain(c.prev, b), e.Seq
	c.entries++
	return nil
}
