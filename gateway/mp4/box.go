package mp4

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"

	box "github.com/abema/go-mp4"
)

// file is a source of bytes whose end is known.
type file struct {
	io.ReaderAt
	size int64
}

// span is a box found in a file: its type and where its payload lies.
type span struct {
	kind       string
	head       int64 // offset of the box itself
	start, end int64 // payload
}

func (s span) len() int64 { return s.end - s.start }

// read fills b from at; it reports a short file as such.
func (f file) read(b []byte, at int64) error {
	n, err := f.ReadAt(b, at)
	switch {
	case n == len(b):
		return nil
	case err == nil || errors.Is(err, io.EOF):
		return fmt.Errorf("%w: nothing at byte %d", ErrTruncated, at+int64(n))
	}
	return fmt.Errorf("reading at byte %d: %w", at, err)
}

// span reads the box header at a place before end. A box that claims to go on
// past end comes with ErrCorrupt.
func (f file) span(at, end int64) (span, error) {
	var h [16]byte
	n := min(int64(len(h)), end-at)
	if err := f.read(h[:n], at); err != nil {
		return span{}, err
	}
	size, head := int64(binary.BigEndian.Uint32(h[:])), int64(8)
	switch size {
	case 0:
		size = end - at
	case 1:
		size, head = int64(binary.BigEndian.Uint64(h[8:])), 16
	}
	s := span{kind: string(h[4:8]), head: at, start: at + head, end: at + size}
	if size < head || size > end-at {
		return s, fmt.Errorf("%w: box %q at byte %d has an impossible size", ErrCorrupt, s.kind, at)
	}
	return s, nil
}

// boxes walks the boxes in a range. A rest too small for a box is no error,
// nor is the zero word that QuickTime ends some lists with.
func (f file) boxes(start, end int64) iter.Seq2[span, error] {
	return func(yield func(span, error) bool) {
		for at := start; end-at >= 8; {
			s, err := f.span(at, end)
			if err == nil && s.kind == "\x00\x00\x00\x00" {
				return
			}
			if !yield(s, err) || err != nil {
				return
			}
			at = s.end
		}
	}
}

// find returns the first box of each kind among the children of parent.
func (f file) find(parent span, kinds ...string) (map[string]span, error) {
	found := make(map[string]span, len(kinds))
	for s, err := range f.boxes(parent.start, parent.end) {
		if err != nil {
			return nil, err
		}
		for _, k := range kinds {
			if _, twice := found[k]; k == s.kind && !twice {
				found[k] = s
			}
		}
	}
	return found, nil
}

// payload reads a small box whole.
func (f file) payload(s span) ([]byte, error) {
	if s.len() > maxSmallBox {
		return nil, fmt.Errorf("%w: box %q has %d bytes", ErrCorrupt, s.kind, s.len())
	}
	b := make([]byte, s.len())
	return b, f.read(b, s.start)
}

// decode reads a small box into one of go-mp4's structs.
func (f file) decode(s span, into box.IBox) error {
	b, err := f.payload(s)
	if err != nil {
		return err
	}
	if a, ok := into.(box.IAnyType); ok {
		a.SetType(box.StrToBoxType(s.kind))
	}
	if _, err := box.Unmarshal(bytes.NewReader(b), uint64(len(b)), into, box.Context{}); err != nil {
		return fmt.Errorf("%w: box %q: %v", ErrCorrupt, s.kind, err)
	}
	return nil
}

// table reads the rows of a box one after the other, a block at a time, so
// that a table of any length costs a few kilobytes.
type table struct {
	f        file
	row      int
	at, end  int64
	buf      []byte // rows read and not yet taken
	block    []byte
	from, to int64 // the whole table, for rewind
}

const tableBlock = 8 << 10

// newTable makes a table of n rows that begin at a place in s.
func newTable(f file, s span, at, n int64, row int) (table, error) {
	if n < 0 || row <= 0 || at < s.start || n > (s.end-at)/int64(row) {
		return table{}, fmt.Errorf("%w: box %q has no room for %d rows", ErrCorrupt, s.kind, n)
	}
	t := table{f: f, row: row, from: at, to: at + n*int64(row)}
	t.rewind()
	return t, nil
}

// countedTable makes a table of a full box whose row count stands before the rows.
func countedTable(f file, s span, row int) (table, error) {
	var h [8]byte
	if s.len() < 8 {
		return table{}, fmt.Errorf("%w: box %q is too short", ErrCorrupt, s.kind)
	}
	if err := f.read(h[:], s.start); err != nil {
		return table{}, err
	}
	return newTable(f, s, s.start+8, int64(binary.BigEndian.Uint32(h[4:])), row)
}

func (t *table) rewind() { t.at, t.end, t.buf = t.from, t.to, nil }

// next returns the next row, valid until the call after, or io.EOF.
func (t *table) next() ([]byte, error) {
	if len(t.buf) == 0 {
		if t.at >= t.end { // a zero table ends at once, too
			return nil, io.EOF
		}
		n := min(int64(tableBlock/t.row*t.row), t.end-t.at)
		if t.block == nil {
			t.block = make([]byte, n)
		}
		t.buf = t.block[:n]
		if err := t.f.read(t.buf, t.at); err != nil {
			t.buf = nil
			return nil, err
		}
		t.at += n
	}
	row := t.buf[:t.row]
	t.buf = t.buf[t.row:]
	return row, nil
}
