package store

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/config/text"
)

// keyName is the key's file name, beside the database and as a systemd
// credential.
const keyName = "bauta.key"

// keySource is where the key is or will be.
type keySource struct {
	path string
	// credential: systemd put it there, guards it and takes it away again;
	// its mode bits do not say who can read it.
	credential bool
}

// findKey chooses between a systemd credential and a file beside the database.
func findKey(db string, opts Options) keySource {
	if opts.KeyFile != "" {
		return keySource{path: opts.KeyFile}
	}
	if dir := os.Getenv("CREDENTIALS_DIRECTORY"); dir != "" {
		path := filepath.Join(dir, keyName)
		if _, err := os.Stat(path); err == nil {
			return keySource{path: path, credential: true}
		}
	}
	return keySource{path: filepath.Join(filepath.Dir(db), keyName)}
}

// load reads the key. errors.Is finds fs.ErrNotExist where there is none.
func (k keySource) load() ([]byte, error) {
	f, err := os.Open(k.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err != nil {
		return nil, text.Fail(ErrKey, text.StoreKeyUnreadable, k.path, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, text.Fail(ErrKey, text.StoreKeyUnreadable, k.path, err)
	}
	if !k.credential && info.Mode().Perm()&0o077 != 0 {
		return nil, text.Fail(ErrKey, text.StoreKeyOpen, k.path, k.path)
	}
	b, err := io.ReadAll(io.LimitReader(f, 4*keySize))
	if err != nil {
		return nil, text.Fail(ErrKey, text.StoreKeyUnreadable, k.path, err)
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(b)))
	if err != nil || len(key) != keySize {
		return nil, text.Fail(ErrKey, text.StoreKeyBroken, k.path)
	}
	return key, nil
}

// fit returns what opens a database, and changes neither.
func (k keySource) fit(path string, found content) (*box, error) {
	for _, at := range []string{k.path, k.restored()} {
		key, err := keySource{path: at, credential: k.credential}.load()
		if err != nil {
			continue
		}
		if b, err := newBox(key); err == nil && b.verify(found.proof) == nil {
			return b, nil
		}
	}
	if _, err := k.load(); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return nil, text.Fail(ErrKey, text.StoreKeyWrong, k.path, path)
}

// restored is where a backup's key waits until its database is in place. A
// restore that is cut off in between is finished by the next Open.
func (k keySource) restored() string { return k.path + ".restored" }

// takeOver puts the restored key in the place of the other one, which is kept
// beside, where it is the one that belongs to proof.
func (k keySource) takeOver(proof []byte) (*box, error) {
	key, err := keySource{path: k.restored()}.load()
	if err != nil {
		return nil, err
	}
	b, err := newBox(key)
	if err == nil {
		err = b.verify(proof)
	}
	if err == nil {
		_, err = exchange(k.restored(), k.path, time.Now())
	}
	return b, err
}

// exchange puts a new file in the place of another, at no moment without one,
// and returns under which name the other one is kept; empty where there was none.
func exchange(fresh, path string, now time.Time) (kept string, err error) {
	kept = path + ".replaced-" + now.UTC().Format("20060102T150405.000")
	switch err := os.Link(path, kept); {
	case errors.Is(err, fs.ErrNotExist):
		kept = ""
	case err != nil:
		return "", err
	}
	if err := os.Rename(fresh, path); err != nil {
		return "", err
	}
	return kept, syncDir(filepath.Dir(path))
}

// create makes the key file, on the disk for good before anything is sealed
// with it. It is written aside and linked into place: a power cut leaves no
// half a key, and a key that is there already stays.
func (k keySource) create() ([]byte, error) {
	key := make([]byte, keySize)
	rand.Read(key) // never fails
	err := writeNew(k.path, []byte(hex.EncodeToString(key)+"\n"))
	if err != nil {
		return nil, text.Fail(ErrKey, text.StoreKeyNotMade, k.path, err)
	}
	return key, nil
}

func writeNew(path string, content []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*") // of mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(content)
	if err == nil {
		err = tmp.Sync()
	}
	if err = errors.Join(err, tmp.Close()); err != nil {
		return err
	}
	if err := os.Link(tmp.Name(), path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// syncDir makes the names in a folder survive a power cut.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
