package hardware

import (
	"errors"
	"io/fs"
	"testing"
)

func TestRoom(t *testing.T) {
	const MB, GB = 1_000_000, 1_000_000_000
	for _, c := range []struct {
		total, free int64
		want        Room
	}{
		{0, 0, RoomGood}, // nothing is known of it
		{32 * GB, 20 * GB, RoomGood}, {32 * GB, 3 * GB, RoomLow}, {32 * GB, 999 * MB, RoomLow}, {32 * GB, 199 * MB, RoomNone},
		{4 * GB, 1 * GB, RoomGood}, {4 * GB, 999 * MB, RoomLow},
		{2000 * GB, 11 * GB, RoomGood}, {2000 * GB, 9 * GB, RoomLow},
		{150 * MB, 100 * MB, RoomNone}, {1 * GB, 0, RoomNone},
	} {
		if got := (Disk{c.total, c.free}).Room(); got != c.want {
			t.Errorf("%d of %d bytes free: %s, want %s", c.free, c.total, got, c.want)
		}
	}
}

func TestDiskOf(t *testing.T) {
	d, err := DiskOf(t.TempDir())
	if err != nil || d.Total <= 0 || d.Free < 0 || d.Free > d.Total {
		t.Errorf("%+v, %v", d, err)
	}
	if _, err := DiskOf("/no/such/folder"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder that is not there: %v", err)
	}
}
