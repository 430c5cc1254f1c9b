package sealed

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"filippo.io/age"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Segment is what a segment's file says in clear.
type Segment struct {
	Header Header
	// Trailer is zero where the segment is torn.
	Trailer Trailer
	// Torn: the process that wrote it died, and the file has no trailer.
	Torn bool
	// Size is the file's in bytes.
	Size int64

	clear      [sha256.Size]byte // of the header's bytes
	body, tail int64             // where the body begins and ends
}

// Inspect reads what stands in clear. ErrFormat where there is no header.
func Inspect(r io.ReaderAt, size int64) (Segment, error) {
	s := Segment{Size: size, Torn: true, tail: size}
	front := make([]byte, len(magic)+4)
	if _, err := r.ReadAt(front, 0); err != nil || string(front[:len(magic)]) != magic {
		return Segment{}, text.Fail(ErrFormat, text.SealedNoSegment)
	}
	b, err := clearBytes(r, int64(len(front)), binary.BigEndian.Uint32(front[len(magic):]), size)
	if err != nil {
		return Segment{}, err
	}
	if err := json.Unmarshal(b, &s.Header); err != nil || s.Header.Sequence == 0 || s.Header.Camera == "" {
		return Segment{}, text.Fail(ErrFormat, text.SealedNoSegment)
	}
	s.clear, s.body = sha256.Sum256(b), int64(len(front)+len(b))
	return s, s.end(r)
}

// end reads the trailer, where there is one.
func (s *Segment) end(r io.ReaderAt) error {
	foot := make([]byte, 4+len(endMagic))
	at := s.Size - int64(len(foot))
	if at < s.body {
		return nil
	}
	if _, err := r.ReadAt(foot, at); err != nil {
		return fmt.Errorf("segment cannot be read: %w", err)
	}
	length := int64(binary.BigEndian.Uint32(foot))
	if string(foot[4:]) != endMagic || length > at-s.body {
		return nil
	}
	b, err := clearBytes(r, at-length, uint32(length), s.Size)
	if err != nil || json.Unmarshal(b, &s.Trailer) != nil {
		s.Trailer = Trailer{}
		return nil
	}
	s.Torn, s.tail = false, at-length
	return nil
}

func clearBytes(r io.ReaderAt, at int64, length uint32, size int64) ([]byte, error) {
	if length > maxClear || at+int64(length) > size {
		return nil, text.Fail(ErrFormat, text.SealedNoSegment)
	}
	b := make([]byte, length)
	if _, err := r.ReadAt(b, at); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("segment cannot be read: %w", err)
	}
	return b, nil
}

// Body is the sealed part of the file.
func (s Segment) Body(r io.ReaderAt) io.Reader { return io.NewSectionReader(r, s.body, s.tail-s.body) }

// Front is the file up to the end of the shares: what a holder needs of it to
// open his share, without the footage itself.
func (s Segment) Front(r io.ReaderAt) ([]byte, error) {
	if _, err := wrapped(s.Body(r)); err != nil {
		return nil, err
	}
	// The header of an age file ends with the line of its MAC; 16 bytes of the nonce follow.
	b := make([]byte, min(maxFront, s.tail-s.body))
	if _, err := r.ReadAt(b, s.body); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("segment cannot be read: %w", err)
	}
	mac := bytes.Index(b, []byte("\n--- "))
	if mac < 0 {
		return nil, fmt.Errorf("%w: the age header has no end", ErrDamaged)
	}
	end := bytes.IndexByte(b[mac+1:], '\n')
	if end < 0 {
		return nil, fmt.Errorf("%w: the age header has no end", ErrDamaged)
	}
	front := make([]byte, s.body+int64(mac+1+end+1))
	_, err := r.ReadAt(front, 0)
	return front, err
}

// maxFront bounds the age header: 32 shares of some 400 bytes each, in base64.
const maxFront = 64 << 10

// Units opens a segment with the shares of both groups. ErrShares where they do not do.
func (s Segment) Units(r io.ReaderAt, shares []Share) (*Units, error) {
	plain, err := age.Decrypt(s.Body(r), joined{s.Header, shares})
	switch {
	case errors.Is(err, ErrShares):
		return nil, err
	case err != nil:
		return nil, text.Fail(errors.Join(ErrShares, err), text.SealedNotOpened, s.Header.Camera, s.Header.Sequence)
	}
	var sum [sha256.Size]byte
	if _, err := io.ReadFull(plain, sum[:]); err != nil || sum != s.clear {
		if s.Torn && err != nil {
			return &Units{torn: true}, nil
		}
		return nil, text.Fail(ErrDamaged, text.SealedHeaderChanged, s.Header.Camera, s.Header.Sequence)
	}
	return &Units{from: plain, torn: s.Torn}, nil
}

// Units are the access units of an opened segment.
type Units struct {
	from io.Reader // nil: none
	torn bool
}

// Next is the next access unit; io.EOF after the last. A torn segment ends with the last
// access unit that is whole. ErrDamaged where the content was changed.
func (u *Units) Next() (media.Raw, error) {
	if u.from == nil {
		return media.Raw{}, io.EOF
	}
	unit, err := readUnit(u.from)
	switch {
	case err == nil:
		return unit, nil
	case err == io.EOF:
		return media.Raw{}, io.EOF
	case u.torn && !errors.Is(err, ErrDamaged):
		return media.Raw{}, io.EOF
	case errors.Is(err, ErrDamaged):
		return media.Raw{}, err
	}
	return media.Raw{}, fmt.Errorf("%w: %w", ErrDamaged, err)
}
