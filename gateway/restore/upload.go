package restore

import (
	"bufio"
	"crypto/rand"
	"errors"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/store/wholefile"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware"
)

// A browser gives its backup in three steps: Upload keeps the file as it is, Inspect proves it and says
// what is in it, TakeInspected has it put in place. One is kept at a time, for keepUpload.
const keepUpload = time.Hour

// upload is a file that a browser sent.
type upload struct {
	id   string
	at   time.Time
	from *store.Backup // nil: nobody has looked into it
}

func (in *Intake) uploadName() string { return in.path + ".upload" }

// Discard removes what was sent and not taken. The caller holds the store's lock.
func (in *Intake) Discard() {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.discard()
}

func (in *Intake) discard() {
	_ = os.Remove(in.uploadName()) // it may not be there
	in.sent = upload{}
}

// Upload keeps what comes in; size is how much is announced, -1 where nothing is.
func (in *Intake) Upload(r io.Reader, size int64) (api.Uploaded, error) {
	if !in.mu.TryLock() {
		return api.Uploaded{}, api.Refuse(api.CodeBusy, text.BackupBusy)
	}
	defer in.mu.Unlock()
	in.discard()
	dir := filepath.Dir(in.path)
	// The staged database needs as much once more.
	if disk, err := hardware.DiskOf(dir); err == nil && size > 0 && disk.Free < 2*size {
		return api.Uploaded{}, api.Refuse(api.CodeTooLarge, text.BackupNoRoom, 2*size>>20)
	}
	f, err := os.OpenFile(in.uploadName(), os.O_RDWR|os.O_CREATE|os.O_EXCL|wholefile.NoFollow, 0o600)
	if err != nil {
		return api.Uploaded{}, wholefile.Unwritten(in.path, err)
	}
	n, err := io.Copy(f, io.LimitReader(r, api.MaxBackup))
	if err = errors.Join(err, f.Close()); err != nil {
		in.discard()
		return api.Uploaded{}, wholefile.Unwritten(in.path, err)
	}
	sealed, err := in.isSealed()
	if err != nil {
		in.discard()
		return api.Uploaded{}, err
	}
	in.sent = upload{id: rand.Text(), at: time.Now()}
	return api.Uploaded{ID: in.sent.id, Sealed: sealed, Size: n}, nil
}

func (in *Intake) isSealed() (bool, error) {
	f, err := os.Open(in.uploadName())
	if err != nil {
		return false, err
	}
	defer f.Close()
	return Sealed(bufio.NewReader(f)), nil
}

// Inspect opens the upload with a passphrase, proves it and leaves its database beside the store.
func (in *Intake) Inspect(id, passphrase string) (store.Backup, error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if err := in.is(id); err != nil {
		return store.Backup{}, err
	}
	select {
	case in.busy <- struct{}{}:
		defer func() { <-in.busy }()
	default:
		return store.Backup{}, api.Refuse(api.CodeBusy, text.BackupBusy)
	}
	f, err := os.Open(in.uploadName())
	if err != nil {
		return store.Backup{}, err
	}
	defer f.Close()
	plain, err := Unseal(bufio.NewReader(f), func() (string, error) { return passphrase, nil })
	if err != nil {
		return store.Backup{}, api.Because(api.CodeInvalid, err)
	}
	from, err := in.stage(plain)
	if err != nil {
		return store.Backup{}, err
	}
	in.sent.from = &from
	return from, nil
}

func (in *Intake) is(id string) error {
	if in.sent.id == "" || in.sent.id != id || time.Since(in.sent.at) > keepUpload {
		return api.Refuse(api.CodeNotFound, text.BackupGone)
	}
	return nil
}

// TakeInspected keeps what Inspect proved for Ready.
func (in *Intake) TakeInspected(id string) (api.RestoreAnswer, error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if err := in.is(id); err != nil {
		return api.RestoreAnswer{}, err
	}
	if in.sent.from == nil {
		return api.RestoreAnswer{}, api.Refuse(api.CodeNotFound, text.BackupGone)
	}
	select {
	case in.busy <- struct{}{}:
	default:
		return api.RestoreAnswer{}, api.Refuse(api.CodeBusy, text.BackupBusy)
	}
	from := *in.sent.from
	if err := store.Prove(in.path, from, store.Options{}); err != nil { // somebody else may have staged another one
		<-in.busy
		return api.RestoreAnswer{}, api.Because(api.CodeInvalid, err)
	}
	in.discard()
	in.ready <- Pending{id: id, From: from} // holds one, and busy stays taken
	return api.RestoreAnswer{ID: id}, nil
}
