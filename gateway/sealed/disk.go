package sealed

import (
	"crypto/rand"
	"fmt"
	"os"
	"path"
	"strings"
	"sync"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/store/wholefile"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/sealed/process"
)

// errAway says that the disk is not there.
var errAway = text.Fail(nil, text.SealedDiskAway)

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

// check reports whether the disk is there. The first time an empty folder is taken.
func (d *disk) check() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.known.ID == "" {
		if err := d.store.LoadSetting(diskSetting, &d.known); err != nil {
			return err
		}
	}
	err := process.IsDisk(os.DirFS(d.folder), d.known.ID)
	switch {
	case err == nil && d.known.Folder == d.folder:
		return nil
	case err == nil: // the same disk, mounted elsewhere
		return d.keep(d.known.ID)
	case d.known.ID == "":
		return d.first()
	}
	return fmt.Errorf("%w (%w)", errAway, err)
}

// first takes an empty folder. One with a mark is of another gateway, or of one that was here before: somebody has to say
// that it is to be taken.
func (d *disk) first() error {
	if _, err := os.Stat(path.Join(d.folder, process.Marker)); err == nil {
		return fmt.Errorf("%w (it has the mark of another gateway)", errAway)
	}
	return d.mark()
}

// accept takes the disk that is there in place of the one that was. A new mark ends its use by whoever had it.
func (d *disk) accept() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.mark()
}

func (d *disk) mark() error {
	id := rand.Text()
	err := os.MkdirAll(d.folder, 0o700)
	if err == nil {
		err = wholefile.Copy(path.Join(d.folder, process.Marker), strings.NewReader(id))
	}
	if err != nil {
		return fmt.Errorf("folder for sealed originals: %w; choose another in sealed.folder", err)
	}
	return d.keep(id)
}

func (d *disk) keep(id string) error {
	k := known{d.folder, id}
	err := d.store.KeepSetting(diskSetting, k)
	if err == nil {
		d.known = k
	}
	return err
}
