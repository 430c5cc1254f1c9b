package compliance

import (
	"archive/zip"
	"bufio"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"io"
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
	// Entries of the audit log, of which Signed hold a signature of their own.
	Entries int `json:"entries"`
	Signed  int `json:"signed"`
	Files   int `json:"files"`
	// Key is the public key that signed it, in hex. Whoever checks a pack has
	// to know it from elsewhere: `bauta evidence key` on the gateway prints it.
	Key string `json:"key"`
}

// Bounds of reading, in bytes where nothing else is said: a stranger's pack may
// be a few bytes that unpack to no end.
const (
	MaxUnpacked = 4 << 30 // all files together
	MaxFiles    = 1024    // files, the manifest included
	MaxManifest = 4 << 20
	MaxLine     = 4 << 10 // one line of the audit log
	// maxDirectory has room for MaxFiles long names.
	maxDirectory = 1 << 20
)

// Verify proves a pack of a size in bytes: the seal over the whole file, the
// hash of each file in it, and the chain of the audit log with its signatures. It
// returns ErrForged with the reason where anything does not fit. It unpacks
// each file once, up to the size that the manifest tells and no further, and
// no file that the manifest does not list.
func Verify(r io.ReaderAt, size int64) (Proven, error) {
	if err := checkDirectory(r, size); err != nil {
		return Proven{}, err
	}
	z, err := zip.NewReader(r, size)
	if err != nil {
		return Proven{}, forged("it is no ZIP file: %v", err)
	}
	files, err := filesOf(z)
	if err != nil {
		return Proven{}, err
	}
	m, err := readManifest(files[manifestName])
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
	signed, err := checkFiles(files, m, key)
	if err != nil {
		return Proven{}, err
	}
	return Proven{m.Gateway, m.Version, m.From, m.To, m.Created, m.Trail.Entries, signed, len(m.Files), m.Key}, nil
}

// The end of a ZIP file's directory, before the comment (APPNOTE.TXT 4.3.16).
const (
	directoryEnd  = 22
	directoryMark = "PK\x05\x06"
)

// checkDirectory looks at what the file says of its own directory before all of
// that is read into memory. A pack needs none of ZIP's 64-bit forms.
func checkDirectory(r io.ReaderAt, size int64) error {
	if size < int64(directoryEnd+sealSize) {
		return forged("it is too short")
	}
	at := size - int64(directoryEnd+sealSize)
	end := make([]byte, directoryEnd+sealSize)
	if _, err := r.ReadAt(end, at); err != nil {
		return err
	}
	// The seal's form is looked at too: in a comment of another one the reader
	// might find a second end.
	if string(end[:4]) != directoryMark || int(binary.LittleEndian.Uint16(end[20:])) != sealSize || !sealFormed(end[directoryEnd:]) {
		return forged("it does not end as an evidence pack does")
	}
	records, length, offset := binary.LittleEndian.Uint16(end[10:]), binary.LittleEndian.Uint32(end[12:]), binary.LittleEndian.Uint32(end[16:])
	// The count is one modulo 65,536: what bounds the entries is where they stand.
	if records > MaxFiles || length > maxDirectory || int64(length)+int64(offset) != at {
		return forged("it has more than %d files, or its directory is larger than %d bytes", MaxFiles, maxDirectory)
	}
	return nil
}

// filesOf are the files by their names, each of which may be there once.
func filesOf(z *zip.Reader) (map[string]*zip.File, error) {
	files := map[string]*zip.File{}
	for _, f := range z.File {
		if files[f.Name] != nil {
			return nil, forged("it has two files of the name %q", f.Name)
		}
		files[f.Name] = f
	}
	return files, nil
}

func readManifest(in *zip.File) (m manifest, err error) {
	if in == nil {
		return m, forged("it has no manifest")
	}
	if in.UncompressedSize64 > MaxManifest {
		return m, forged("its manifest is larger than %d bytes", MaxManifest)
	}
	f, err := in.Open()
	if err != nil {
		return m, forged("its manifest cannot be read: %v", err)
	}
	defer f.Close()
	if err := json.NewDecoder(io.LimitReader(f, MaxManifest)).Decode(&m); err != nil {
		return m, forged("its manifest cannot be read: %v", err)
	}
	if m.Format != packFormat {
		return m, forged("its format is %d, this program knows %d", m.Format, packFormat)
	}
	return m, nil
}

// checkFiles compares all files with the manifest, those of the ZIP file's own
// directory first: nothing is unpacked that is not listed.
func checkFiles(files map[string]*zip.File, m manifest, key ed25519.PublicKey) (signed int, err error) {
	if len(files) != len(m.Files)+1 {
		return 0, forged("it has %d files, its manifest lists %d", len(files)-1, len(m.Files))
	}
	var size int64
	listed := map[string]bool{manifestName: true}
	for _, want := range m.Files {
		f := files[want.Name]
		switch {
		case listed[want.Name]:
			return 0, forged("its manifest lists %q twice", want.Name)
		case f == nil:
			return 0, forged("%s is missing", want.Name)
		case want.Size < 0 || f.UncompressedSize64 != uint64(want.Size):
			return 0, forged("%s is another one than the manifest lists", want.Name)
		case want.Size > MaxUnpacked-size:
			return 0, forged("its files are larger than %d bytes", int64(MaxUnpacked))
		}
		listed[want.Name] = true
		size += want.Size
	}
	if !listed[auditName] {
		return 0, forged("its trail is not in the manifest")
	}
	for _, want := range m.Files {
		n, err := checkFile(files[want.Name], want, m, key)
		if err != nil {
			return 0, err
		}
		signed += n
	}
	return signed, nil
}

// checkFile unpacks one file. Of the audit log it follows the chain meanwhile.
func checkFile(in *zip.File, want manifestFile, m manifest, key ed25519.PublicKey) (signed int, err error) {
	f, err := in.Open()
	if err != nil {
		return 0, forged("%s cannot be read: %v", want.Name, err)
	}
	defer f.Close()
	sum := sha256.New()
	r := &counted{r: io.TeeReader(io.LimitReader(f, want.Size+1), sum)}
	if want.Name == auditName {
		if signed, err = checkAudit(r, m, key); err != nil {
			return 0, err
		}
	}
	if _, err = io.Copy(io.Discard, r); err != nil || r.n != want.Size || hex.EncodeToString(sum.Sum(nil)) != want.SHA256 {
		return 0, forged("%s is another one than the manifest lists", want.Name)
	}
	return signed, nil
}

// counted counts what is read.
type counted struct {
	r io.Reader
	n int64
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.n += int64(n)
	return n, err
}

// checkTrail follows the chain from its begin to its head.
func checkAudit(r io.Reader, m manifest, key ed25519.PublicKey) (signed int, err error) {
	c := chain{key: key}
	before, err := hex.DecodeString(m.Trail.Before)
	if err != nil || len(before) != sha256.Size {
		return 0, forged("the begin of its trail cannot be read")
	}
	copy(c.prev[:], before)
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, MaxLine), MaxLine)
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

// chain is how far an audit log is proven.
type chain struct {
	key             ed25519.PublicKey
	prev            [sha256.Size]byte
	seq             uint64
	entries, signed int
}

// line proves one entry.
func (c *chain) line(b []byte) error {
	var e store.AuditRecord
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
