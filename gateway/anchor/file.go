package anchor

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/bauta-gateway/bauta/config/store"
)

// file keeps the newest anchors in a file that is only ever written over:
// its folder may belong to root, so that who runs the gateway can neither remove
// nor rename it. It has two slots, written in turn: a power cut while one is
// written leaves the other.
type file struct {
	f    *os.File
	next int // the slot that is written next
}

// slots of store.MaxAnchor bytes each.
const slots = 2

// Path is where a data folder's anchors are kept, in a folder beside it.
func Path(data string) string { return filepath.Join(filepath.Clean(data)+"-anchor", "anchor") }

// openFile opens the file where its folder is there, and returns what it holds;
// strange where that is something else than anchors. Without the folder the file is nil.
func openFile(path string) (a *file, all []store.Anchor, strange bool, err error) {
	if _, err := os.Stat(filepath.Dir(path)); errors.Is(err, os.ErrNotExist) {
		return nil, nil, false, nil
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, nil, false, err
	}
	b, err := io.ReadAll(io.LimitReader(f, slots*store.MaxAnchor))
	if err != nil {
		return nil, nil, false, errors.Join(err, f.Close())
	}
	a = &file{f: f}
	newest, empty := -1, 0
	for i := range slots {
		slot := b[min(len(b), i*store.MaxAnchor):min(len(b), (i+1)*store.MaxAnchor)]
		if len(bytes.Trim(slot, "\x00 \n")) == 0 {
			empty++
			continue
		}
		one, err := store.ParseAnchor(bytes.Trim(slot, "\x00"))
		if err != nil {
			continue // cut off by a power cut, or changed
		}
		all = append(all, one)
		if newest < 0 || !one.Time.Before(all[newest].Time) {
			newest, a.next = len(all)-1, (i+1)%slots
		}
	}
	return a, all, len(all) == 0 && empty < slots, nil
}

// write puts an anchor on the disk.
func (a *file) write(one store.Anchor) error {
	b, err := json.Marshal(one)
	if err != nil {
		return err
	}
	if len(b) > store.MaxAnchor {
		return fmt.Errorf("an anchor of %d bytes", len(b))
	}
	slot := append(b, bytes.Repeat([]byte{' '}, store.MaxAnchor-len(b))...)
	if _, err := a.f.WriteAt(slot, int64(a.next*store.MaxAnchor)); err != nil {
		return err
	}
	if err := a.f.Sync(); err != nil {
		return err
	}
	a.next = (a.next + 1) % slots
	return nil
}

func (a *file) Close() error { return a.f.Close() }
