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

// errKey: the key is missing, wrong, or readable by others.
var errKey = errors.New("store's key is unusable")

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
func findKey(db, file string) keySource {
	if file != "" {
		return keySource{path: file}
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
		return nil, text.Fail(errKey, text.StoreKeyUnreadable, k.path, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, text.Fail(errKey, text.StoreKeyUnreadable, k.path, err)
	}
	if !k.credential && info.Mode().Perm()&0o077 != 0 {
		return nil, text.Fail(errKey, text.StoreKeyOpen, k.path, k.path)
	}
	b, err := io.ReadAll(io.LimitReader(f, 4*keySize))
	if err != nil {
		return nil, text.Fail(errKey, text.StoreKeyUnreadable, k.path, err)
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(b)))
	if err != nil || len(key) != keySize {
		return nil, text.Fail(errKey, text.StoreKeyBroken, k.path)
	}
	return key, nil
}

// fit returns what opens a database, and changes neither.
func (k keySource) fit(path string, proof []byte) (*box, error) {
	for _, at := range []string{k.path, k.restored()} {
		key, err := keySource{path: at, credential: k.credential}.load()
		if err != nil {
			continue
		}
		if b, err := newBox(key); err == nil && b.verify(proof) == nil {
			return b, nil
		}
	}
	if _, err := k.load(); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return nil, text.Fail(errKey, text.StoreKeyWrong, k.path, path)
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

// create makes the key file, on the disk for good before anything is sealed
// with it. It is written aside and linked into place: a power cut leaves no
// half a key, and a key that is there already stays.
func (k keySource) create() ([]byte, error) {
	key := make([]byte, keySize)
	rand.Read(key) // never fails
	err := writeNew(k.path, []byte(hex.EncodeToString(key)+"\n"))
	if err != nil {
		return nil, text.Fail(errKey, text.StoreKeyNotMade, k.path, err)
	}
	return key, nil
}
