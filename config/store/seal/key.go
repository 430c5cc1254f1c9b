package seal

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

	"github.com/bauta-gateway/bauta/config/store/wholefile"
	"github.com/bauta-gateway/bauta/config/text"
)

// errKey: the key is missing, wrong, or readable by others.
var ErrKey = errors.New("store's key is unusable")

// KeyName is the key's file name, beside the database and as a systemd
// credential.
const KeyName = "bauta.key"

// Source is where the key is or will be.
type Source struct {
	// Path is the file with the key, in hex.
	Path string
	// Credential: systemd put it there, guards it and takes it away again;
	// its mode bits do not say who can read it.
	Credential bool
}

// Find chooses between a systemd credential and a file beside the database.
func Find(db, file string) Source {
	if file != "" {
		return Source{Path: file}
	}
	if dir := os.Getenv("CREDENTIALS_DIRECTORY"); dir != "" {
		path := filepath.Join(dir, KeyName)
		if _, err := os.Stat(path); err == nil {
			return Source{Path: path, Credential: true}
		}
	}
	return Source{Path: filepath.Join(filepath.Dir(db), KeyName)}
}

// Load reads the key. errors.Is finds fs.ErrNotExist where there is none.
func (k Source) Load() ([]byte, error) {
	f, err := os.Open(k.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err != nil {
		return nil, text.Fail(ErrKey, text.StoreKeyUnreadable, k.Path, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, text.Fail(ErrKey, text.StoreKeyUnreadable, k.Path, err)
	}
	if !k.Credential && info.Mode().Perm()&0o077 != 0 {
		return nil, text.Fail(ErrKey, text.StoreKeyOpen, k.Path, k.Path)
	}
	b, err := io.ReadAll(io.LimitReader(f, 4*KeySize))
	if err != nil {
		return nil, text.Fail(ErrKey, text.StoreKeyUnreadable, k.Path, err)
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(b)))
	if err != nil || len(key) != KeySize {
		return nil, text.Fail(ErrKey, text.StoreKeyBroken, k.Path)
	}
	return key, nil
}

// Fit returns what opens a database, and changes neither.
func (k Source) Fit(path string, check []byte) (*Cipher, error) {
	for _, at := range []string{k.Path, k.Restored()} {
		key, err := Source{Path: at, Credential: k.Credential}.Load()
		if err != nil {
			continue
		}
		if b, err := New(key); err == nil && b.Verify(check) == nil {
			return b, nil
		}
	}
	if _, err := k.Load(); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return nil, text.Fail(ErrKey, text.StoreKeyWrong, k.Path, path)
}

// Restored is where a backup's key waits until its database is in place. A
// restore that is cut off in between is finished by the next Open.
func (k Source) Restored() string { return k.Path + ".restored" }

// TakeOver puts the restored key in the place of the other one, which is kept
// beside, where it is the one that belongs to proof.
func (k Source) TakeOver(check []byte) (*Cipher, error) {
	key, err := Source{Path: k.Restored()}.Load()
	if err != nil {
		return nil, err
	}
	b, err := New(key)
	if err == nil {
		err = b.Verify(check)
	}
	if err == nil {
		_, err = wholefile.Exchange(k.Restored(), k.Path, time.Now())
	}
	return b, err
}

// Create makes the key file, on the disk for good before anything is sealed
// with it. It is written aside and linked into place: a power cut leaves no
// half a key, and a key that is there already stays.
func (k Source) Create() ([]byte, error) {
	key := make([]byte, KeySize)
	rand.Read(key) // never fails
	err := wholefile.New(k.Path, []byte(hex.EncodeToString(key)+"\n"))
	if wholefile.NoRoom(err) {
		return nil, text.Fail(ErrKey, text.StoreNoRoom, filepath.Dir(k.Path))
	}
	if err != nil {
		return nil, text.Fail(ErrKey, text.StoreKeyNotMade, k.Path, err)
	}
	return key, nil
}
