package sealed

import (
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"time"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// File is an open segment.
type File struct {
	Segment
	fs.File
	io.ReaderAt
}

// Open opens the file of a segment below root and reads what stands in clear.
func Open(root fs.FS, camera media.CameraID, sequence uint64) (File, error) {
	f, err := root.Open(Path(camera, sequence))
	if err != nil {
		return File{}, err
	}
	s, at, err := inspectFile(f)
	if err != nil {
		return File{}, errors.Join(err, f.Close())
	}
	return File{s, f, at}, nil
}

// SumOf reads a whole segment: what it says in clear, and its hash. There is a hash with an ErrFormat
// too: a process that died at once leaves a file without a header.
func SumOf(root fs.FS, camera media.CameraID, sequence uint64) (Segment, Sum, error) {
	f, err := root.Open(Path(camera, sequence))
	if err != nil {
		return Segment{}, Sum{}, err
	}
	defer f.Close()
	s, _, wrong := inspectFile(f)
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return Segment{}, Sum{}, err
	}
	return s, Sum(h.Sum(nil)), wrong
}

func inspectFile(f fs.File) (Segment, io.ReaderAt, error) {
	stat, err := f.Stat()
	if err != nil {
		return Segment{}, nil, err
	}
	at, ok := f.(io.ReaderAt)
	if !ok {
		return Segment{}, nil, errors.New("file system without random access")
	}
	s, err := Inspect(at, stat.Size())
	return s, at, err
}

// Find lists the segments of a camera that may hold something of a stretch, in order. It looks
// at all of them, so that a clock that was set back hides none. What cannot be read is
// left out: Verify names it.
func Find(root fs.FS, camera media.CameraID, from, to time.Time) ([]Segment, error) {
	all, err := Sequences(root, camera)
	if err != nil {
		return nil, err
	}
	stretch := Request{Camera: camera, From: from, To: to}
	var found []Segment
	for _, seq := range all {
		f, err := Open(root, camera, seq)
		if err != nil {
			continue
		}
		f.Close()
		if stretch.Covers(f.Segment) {
			found = append(found, f.Segment)
		}
	}
	return found, nil
}
