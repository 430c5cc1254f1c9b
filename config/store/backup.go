package store

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"time"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config/store/dbfile"
	"github.com/bauta-gateway/bauta/config/store/wholefile"
	"github.com/bauta-gateway/bauta/config/text"
)

// A backup is a line that names the format, a line of JSON (Backup), the
// database as it was at one moment, and the SHA-256 of all that.
const (
	backupMagic  = "bauta backup 1\n"
	maxBackupTop = 4096 // bytes of the JSON line
)

// Errors of backups.
var (
	// ErrBackup: no backup, or one that is cut off or has been changed.
	ErrBackup = errors.New("backup is unusable")
	// ErrBackupKey: the backup was made without its key, and none that fits
	// is here.
	ErrBackupKey = errors.New("the backup's key is missing")
)

// Backup says what a backup holds.
type Backup struct {
	// Gateway and Version are who made it; Created is when.
	Gateway string    `json:"gateway"`
	Version string    `json:"version"`
	Created time.Time `json:"created"`
	// Size of the database in bytes.
	Size int64 `json:"size"`
	// Key opens its encrypted values, in hex; empty where it was left out.
	Key string `json:"key,omitempty"`
}

// WriteBackup writes the database as it is at this moment while others read and
// write, with its key where withKey says so. Of b Gateway and Version count.
func (s *Store) WriteBackup(w io.Writer, b Backup, withKey bool) error {
	b.Created, b.Key = time.Now().UTC().Truncate(time.Second), ""
	if withKey {
		key, err := s.key.Load()
		if err != nil {
			return err
		}
		b.Key = hex.EncodeToString(key)
	}
	return s.db.View(func(tx *bbolt.Tx) error {
		b.Size = tx.Size()
		top, err := json.Marshal(b)
		if err != nil {
			return err
		}
		sum := sha256.New()
		out := io.MultiWriter(w, sum)
		if _, err := fmt.Fprintf(out, "%s%s\n", backupMagic, top); err != nil {
			return err
		}
		if _, err := tx.WriteTo(out); err != nil {
			return err
		}
		_, err = w.Write(sum.Sum(nil))
		return err
	})
}

// backupReader reads what WriteBackup wrote and adds it up.
type backupReader struct {
	r   *bufio.Reader
	sum hash.Hash
}

// top reads up to the database.
func (b *backupReader) top() (info Backup, err error) {
	magic := make([]byte, len(backupMagic))
	if _, err := io.ReadFull(b.r, magic); err != nil || string(magic) != backupMagic {
		return info, text.Fail(ErrBackup, text.BackupForeign)
	}
	line, err := b.r.ReadSlice('\n')
	if err == nil {
		err = json.Unmarshal(line, &info)
	}
	if err == nil && (info.Size <= 0 || len(line) > maxBackupTop) {
		err = errors.New("its head makes no sense")
	}
	b.sum.Write(magic)
	b.sum.Write(line)
	return info, broken(err)
}

// database copies the database to w and proves that all is whole.
func (b *backupReader) database(w io.Writer, info Backup) error {
	if n, err := io.Copy(io.MultiWriter(w, b.sum), io.LimitReader(b.r, info.Size)); err != nil {
		return err
	} else if n < info.Size {
		return broken(fmt.Errorf("it ends after %d of %d bytes", n, info.Size))
	}
	rest, err := io.ReadAll(io.LimitReader(b.r, sha256.Size+1))
	if err == nil && !bytes.Equal(rest, b.sum.Sum(nil)) {
		err = broken(errors.New("its SHA-256 is another one"))
	}
	return err
}

func broken(err error) error {
	if err == nil {
		return nil
	}
	return text.Fail(ErrBackup, text.BackupBroken, err)
}

// ReadBackup proves that r is a whole backup and copies its database to w,
// which may be io.Discard.
func ReadBackup(r io.Reader, w io.Writer) (Backup, error) {
	b := &backupReader{r: bufio.NewReaderSize(r, maxBackupTop), sum: sha256.New()}
	info, err := b.top()
	if err != nil {
		return info, err
	}
	return info, b.database(w, info)
}

// stagedName is where a backup's database waits beside the one that it is to
// replace.
func stagedName(path string) string { return path + ".staged" }

// Stage puts a backup's database beside the one at path, on the disk and
// proved page by page. Nothing else changes; Adopt goes on from there.
func Stage(path string, r io.Reader) (info Backup, err error) {
	staged := stagedName(path)
	// The folder is the daemon's, this process may be root's: no link is followed.
	f, err := os.OpenFile(staged, os.O_RDWR|os.O_CREATE|os.O_TRUNC|wholefile.NoFollow, 0o600)
	if err != nil {
		return info, text.Fail(err, text.StoreSave, text.BackupHead, err)
	}
	info, err = ReadBackup(r, f)
	if err == nil {
		err = broken(dbfile.CheckPages(f, info.Size))
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		_ = os.Remove(staged)
		if !errors.Is(err, ErrBackup) {
			err = text.Fail(err, text.StoreSave, text.BackupHead, err)
		}
		return info, err
	}
	return info, nil
}

// KeepDamaged copies a damaged database beside itself, once for each content,
// and returns where: whatever happens to the file afterwards, that can still
// be searched by hand. The original stays as it is.
func KeepDamaged(path string) (string, error) {
	from, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer from.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, from); err != nil {
		return "", err
	}
	kept := fmt.Sprintf("%s.damaged-%x", path, sum.Sum(nil)[:6])
	if _, err := os.Stat(kept); err == nil {
		return kept, nil
	}
	if _, err := from.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	return kept, wholefile.Copy(kept, from)
}
