package hardware

import "io/fs"

// Disk is the room on the file system of a folder, in bytes.
type Disk struct {
	Total int64 `json:"total"`
	// Free is what this user may still write.
	Free int64 `json:"free"`
}

// Room says whether what must be written still can be.
type Room string

// How much room there is.
const (
	RoomGood Room = "good"
	RoomLow  Room = "low"  // somebody should make room soon
	RoomNone Room = "none" // soon nothing can be written
)

// Where room is low, and where there is next to none. A tenth counts up to largeTenth alone: of
// a disk of 2 TB it is enough for years.
const (
	lowRoom    = 1_000_000_000
	noRoom     = 200_000_000
	largeTenth = 10_000_000_000
)

// Room judges what is free. A disk of unknown size is good.
func (d Disk) Room() Room {
	switch {
	case d.Total <= 0:
		return RoomGood
	case d.Free < noRoom:
		return RoomNone
	case d.Free < lowRoom, d.Free < min(d.Total/10, largeTenth):
		return RoomLow
	}
	return RoomGood
}

// DiskOf measures the disk on which path lies; an error where there is no such path.
func DiskOf(path string) (Disk, error) {
	d, err := measure(path)
	if err != nil {
		return Disk{}, &fs.PathError{Op: "statfs", Path: path, Err: err}
	}
	return d, nil
}
