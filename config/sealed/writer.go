package sealed

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash"
	"io"

	"filippo.io/age"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// Writer seals one segment. One goroutine only. The content key is in memory until the
// process ends: where it must not stay, a process writes one segment.
type Writer struct {
	out  io.Writer // the file and the hash
	hash hash.Hash
	body io.WriteCloser
	unit []byte
	size int64
}

// NewWriter begins a segment on w. The keys are checked; header.Keys is set by them.
func NewWriter(w io.Writer, header Header, keys Keys) (*Writer, error) {
	if err := keys.Check(); err != nil {
		return nil, err
	}
	header.Keys = keys.ID()
	clear, err := json.Marshal(header)
	if err != nil {
		return nil, err
	}
	s := &Writer{hash: sha256.New()}
	s.out = io.MultiWriter(w, s.hash, &counter{&s.size})
	front := append([]byte(magic), 0, 0, 0, 0)
	binary.BigEndian.PutUint32(front[len(magic):], uint32(len(clear)))
	if _, err := s.out.Write(append(front, clear...)); err != nil {
		return nil, err
	}
	if s.body, err = age.Encrypt(s.out, recipient{header, keys}); err != nil {
		return nil, err
	}
	// The first of the sealed bytes is the header's hash: another header on the same
	// body is found out on opening too.
	sum := sha256.Sum256(clear)
	_, err = s.body.Write(sum[:])
	return s, err
}

// counter counts bytes.
type counter struct{ n *int64 }

func (c *counter) Write(b []byte) (int, error) {
	*c.n += int64(len(b))
	return len(b), nil
}

// Write seals one access unit.
func (w *Writer) Write(u media.Raw) error {
	var err error
	if w.unit, err = AppendUnit(w.unit[:0], u); err != nil {
		return err
	}
	return w.Framed(w.unit)
}

// Framed seals one access unit that AppendUnit wrote.
func (w *Writer) Framed(b []byte) error {
	_, err := w.body.Write(b)
	return err
}

// Close ends the segment and returns the file's hash and size. It does not close or sync the file.
func (w *Writer) Close(t Trailer) (Sum, int64, error) {
	if err := w.body.Close(); err != nil {
		return Sum{}, 0, fmt.Errorf("segment cannot be ended: %w", err)
	}
	b, err := json.Marshal(t)
	if err != nil {
		return Sum{}, 0, err
	}
	b = binary.BigEndian.AppendUint32(b, uint32(len(b)))
	if _, err := w.out.Write(append(b, endMagic...)); err != nil {
		return Sum{}, 0, fmt.Errorf("segment cannot be ended: %w", err)
	}
	return Sum(w.hash.Sum(nil)), w.size, nil
}
