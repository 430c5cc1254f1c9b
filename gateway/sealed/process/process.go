// Package process is the process that seals one segment: bauta, started again by itself. The
// content key of a segment is in the memory of this process alone, and gone with it.
//
// In: on one pipe what segment to write where and the access units. Out: the segment's file, and
// on another pipe that it is open, and its hash. It starts no goroutine that outlives Run. Once the file is
// open, it can open nothing more, remove nothing, reach no network and start no program.
package process

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"time"

	"github.com/bauta-gateway/bauta/config/sealed"
)

// Command is the hidden command of bauta that ends up in Run.
const Command = "seal-segment"

// Marker is the file in the root folder that tells its disk from an empty folder where a
// disk should be mounted. It holds an id.
const Marker = "bauta-sealed-disk"

// Start is the first line that the process reads, in JSON.
type Start struct {
	// Root is the folder of all sealed footage, Disk what its Marker has to say.
	Root   string        `json:"root"`
	Disk   string        `json:"disk"`
	Header sealed.Header `json:"header"`
	Keys   sealed.Keys   `json:"keys"`
}

// End is what comes after the last access unit, in JSON, with EndFlag in its length. Where
// nothing comes, the starter has died.
type End struct {
	sealed.Trailer
}

// EndFlag in the length of a frame says that an End follows and no access unit.
const EndFlag = 1 << 31

// Reply is a line of what the process says, in JSON: first that the file is open, then
// what became of it.
type Reply struct {
	Open bool       `json:"open,omitempty"`
	Done bool       `json:"done,omitempty"`
	Sum  sealed.Sum `json:"sum"`
	Size int64      `json:"size,omitempty"`
	Lock []string   `json:"lock,omitempty"`
	// Fault is one of the Fault words; Detail says more, for the log.
	Fault  string `json:"fault,omitempty"`
	Detail string `json:"detail,omitempty"`
}

// What can go wrong.
const (
	FaultAway   = "away"   // the disk is not there: its marker is missing or another
	FaultExists = "exists" // there is a segment of this number
	FaultDisk   = "disk"   // the disk cannot be written
	FaultKeys   = "keys"   // the keys cannot be used
	FaultLock   = "lock"   // the process cannot be locked down
	FaultInput  = "input"  // what was sent is not as it should be
)

type fault struct {
	word string
	err  error
}

func (f fault) Error() string { return f.err.Error() }

func failed(word string, err error) error {
	if err == nil {
		return nil
	}
	return fault{word, err}
}

// Run seals one segment and returns the exit code.
func Run(in io.Reader, out io.Writer) int {
	say := json.NewEncoder(out)
	sum, size, err := seal(bufio.NewReaderSize(in, 64<<10), func(lock []string) error { return say.Encode(Reply{Open: true, Lock: lock}) })
	if err != nil {
		r := Reply{Fault: FaultDisk, Detail: err.Error()}
		var f fault
		if errors.As(err, &f) {
			r.Fault = f.word
		}
		_ = say.Encode(r) // where nobody listens, the exit code tells
		return 1
	}
	if say.Encode(Reply{Done: true, Sum: sum, Size: size}) != nil {
		return 1
	}
	return 0
}

func seal(in *bufio.Reader, opened func([]string) error) (sealed.Sum, int64, error) {
	line, err := in.ReadBytes('\n')
	var start Start
	if err == nil {
		err = json.Unmarshal(line, &start)
	}
	if err != nil {
		return sealed.Sum{}, 0, failed(FaultInput, err)
	}
	file, folder, err := create(start)
	if err != nil {
		return sealed.Sum{}, 0, err
	}
	layers, err := lock()
	if err != nil {
		return sealed.Sum{}, 0, failed(FaultLock, err)
	}
	w, err := sealed.NewWriter(file, start.Header, start.Keys)
	if errors.Is(err, sealed.ErrKeys) {
		return sealed.Sum{}, 0, failed(FaultKeys, err)
	} else if err != nil {
		return sealed.Sum{}, 0, err
	}
	if err := opened(layers); err != nil {
		return sealed.Sum{}, 0, failed(FaultInput, err)
	}
	began, units := time.Now(), 0
	t, err := pass(in, w, &units)
	if errors.Is(err, io.EOF) { // nobody is there any more: what came is kept
		t, err = sealed.Trailer{Length: time.Since(began).Milliseconds(), End: sealed.EndProcess}, nil
	}
	if err != nil {
		return sealed.Sum{}, 0, err
	}
	t.Units = units
	sum, size, err := w.Close(t)
	if err != nil {
		return sealed.Sum{}, 0, err
	}
	return sum, size, errors.Join(file.Sync(), folder.Sync(), file.Close())
}

// pass hands access units on until the End.
func pass(in *bufio.Reader, w *sealed.Writer, units *int) (sealed.Trailer, error) {
	frame := make([]byte, 4, 256<<10)
	for {
		if _, err := io.ReadFull(in, frame[:4]); err != nil {
			return sealed.Trailer{}, io.EOF
		}
		size := binary.BigEndian.Uint32(frame[:4])
		end := size&EndFlag != 0
		if size &^= EndFlag; size > sealed.MaxUnit {
			return sealed.Trailer{}, failed(FaultInput, fmt.Errorf("a frame of %d bytes", size))
		}
		if need := 4 + int(size); cap(frame) < need {
			frame = append(make([]byte, 0, need), frame[:4]...)
		}
		frame = frame[:4+size]
		if _, err := io.ReadFull(in, frame[4:]); err != nil {
			return sealed.Trailer{}, io.EOF
		}
		if end {
			var e End
			err := json.Unmarshal(frame[4:], &e)
			return e.Trailer, failed(FaultInput, err)
		}
		if err := w.Framed(frame); err != nil {
			return sealed.Trailer{}, err
		}
		*units++
	}
}

// create makes the segment's file, on the disk that is meant. All of it goes by the open root folder: a
// disk that goes away meanwhile has nothing written in its place.
func create(s Start) (file, folder *os.File, err error) {
	root, err := os.OpenRoot(s.Root)
	if err != nil {
		return nil, nil, failed(FaultAway, err)
	}
	defer root.Close()
	if err := IsDisk(root.FS(), s.Disk); err != nil {
		return nil, nil, failed(FaultAway, err)
	}
	name := sealed.Path(s.Header.Camera, s.Header.Sequence)
	if err := root.MkdirAll(path.Dir(name), 0o700); err != nil {
		return nil, nil, err
	}
	if folder, err = root.Open(path.Dir(name)); err != nil {
		return nil, nil, err
	}
	file, err = root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL|os.O_APPEND, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil, nil, failed(FaultExists, err)
	}
	if err == nil {
		err = hold(file)
	}
	return file, folder, err
}

// IsDisk reports why root is not of the disk that is meant.
func IsDisk(root fs.FS, id string) error {
	b, err := fs.ReadFile(root, Marker)
	if err != nil {
		return fmt.Errorf("no marker of the disk: %w", err)
	}
	if string(b) != id {
		return fmt.Errorf("the marker is of the disk %.40q", b)
	}
	return nil
}
