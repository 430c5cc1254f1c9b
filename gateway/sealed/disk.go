package sealed

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"sync"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway/sealed/process"
)

// errAway says that the disk is not there.
var errAway = errors.New("the disk for sealed originals is not there: mount it, or give the new one with 'bauta sealed disk'")

// diskSetting is where the store keeps which disk is meant.
const diskSetting = "sealed.disk"

// known is the disk that is meant: the folder of the settings, and what its marker says.
type known struct {
	Folder string `json:"folder"`
	ID     string `json:"id"`
}

// disk tells the disk that is meant from an empty folder where it should be mounted.
type disk struct {
	folder string
	store  *store.Store

	mu    sync.Mutex
	known known
}

func (d *disk) id() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.known.ID
}

// check reports whether the disk is there. The first time, and for another folder in the
// settings, the disk that is there is taken.
func (d *disk) check() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.known.ID == "" {
		v, err := d.store.Setting(diskSetting)
		if err == nil {
			err = json.Unmarshal([]byte(v.Reveal()), &d.known)
		}
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
	}
	if d.known.ID == "" || d.known.Folder != d.folder {
		return d.take()
	}
	if err := process.IsDisk(os.DirFS(d.folder), d.known.ID); err != nil {
		return fmt.Errorf("%w (%w)", errAway, err)
	}
	return nil
}

// accept takes the disk that is there in place of the one that was.
func (d *disk) accept() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.take()
}

// take marks a disk, or takes the mark that it has, as one from another gateway may.
func (d *disk) take() error {
	if err := os.MkdirAll(d.folder, 0o700); err != nil {
		return fmt.Errorf("folder for sealed originals: %w; choose another in sealed.folder", err)
	}
	marker := path.Join(d.folder, process.Marker)
	b, err := os.ReadFile(marker)
	if errors.Is(err, fs.ErrNotExist) {
		b = []byte(rand.Text())
		err = os.WriteFile(marker, b, 0o600)
	}
	if err != nil {
		return fmt.Errorf("folder for sealed originals: %w; choose another in sealed.folder", err)
	}
	k := known{d.folder, string(b)}
	j, err := json.Marshal(k)
	if err == nil {
		err = d.store.PutSetting(diskSetting, store.NewSecret(string(j)))
	}
	if err == nil {
		d.known = k
	}
	return err
}
