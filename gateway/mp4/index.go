package mp4

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// place is one sample as the tables describe it.
type place struct {
	offset   int64
	size     int64
	dts, cts int64
	duration int64
	sync     bool
	entry    int // index into movie.entries
}

// index yields the samples of the movie box, then those of its fragments, in
// decoding order. It holds a block of each table, whatever their length.
type index struct {
	main  *samples // nil where the movie box has none
	frags *fragments
	inner bool // still in main
}

func newIndex(f file, m *movie) (*index, error) {
	x := &index{}
	var err error
	if _, ok := m.tables["stsz"]; ok {
		x.main, err = newSamples(f, m.tables)
	}
	if m.frags > 0 {
		x.frags = newFragments(f, m)
	}
	x.rewind()
	return x, err
}

func (x *index) rewind() {
	x.inner = x.main != nil
	if x.main != nil {
		x.main.rewind()
	}
	if x.frags != nil {
		x.frags.rewind()
	}
}

// next returns the next sample's place, or io.EOF.
func (x *index) next() (place, error) {
	if x.inner {
		p, err := x.main.next()
		if !errors.Is(err, io.EOF) {
			return p, err
		}
		x.inner = false
		if x.frags != nil {
			x.frags.dts = x.main.dts
		}
	}
	if x.frags == nil {
		return place{}, io.EOF
	}
	return x.frags.next()
}

// samples walks the sample table of a progressive file.
type samples struct {
	count, size int64 // size is that of every sample; 0: see sizes
	sizes       table
	times       runs // stts
	offsets     runs // ctts
	chunks      chunks
	syncs       table
	allSync     bool

	at, dts, nextSync int64
}

func newSamples(f file, tables map[string]span) (*samples, error) {
	s := &samples{}
	if err := s.openSizes(f, tables["stsz"]); err != nil || s.count == 0 {
		return s, err
	}
	for _, kind := range []string{"stts", "stsc"} {
		if _, ok := tables[kind]; !ok {
			return nil, fmt.Errorf("%w: box %q is missing", ErrCorrupt, kind)
		}
	}
	var err error
	if s.times.table, err = countedTable(f, tables["stts"], 8); err != nil {
		return nil, err
	}
	if ctts, ok := tables["ctts"]; ok {
		if s.offsets.table, err = countedTable(f, ctts, 8); err != nil {
			return nil, err
		}
	}
	stss, some := tables["stss"]
	if s.allSync = !some; some {
		if s.syncs, err = countedTable(f, stss, 4); err != nil {
			return nil, err
		}
	}
	return s, s.chunks.open(f, tables)
}

// openSizes reads the head of stsz.
func (s *samples) openSizes(f file, stsz span) error {
	var h [12]byte
	if stsz.len() < 12 {
		return fmt.Errorf("%w: box %q is too short", ErrCorrupt, "stsz")
	}
	if err := f.read(h[:], stsz.start); err != nil {
		return err
	}
	s.size, s.count = int64(binary.BigEndian.Uint32(h[4:])), int64(binary.BigEndian.Uint32(h[8:]))
	if s.size > 0 {
		return nil
	}
	var err error
	s.sizes, err = newTable(f, stsz, stsz.start+12, s.count, 4)
	return err
}

func (s *samples) rewind() {
	s.at, s.dts, s.nextSync = 0, 0, 0
	s.sizes.rewind()
	s.syncs.rewind()
	s.times.rewind()
	s.offsets.rewind()
	s.chunks.rewind()
}

func (s *samples) next() (place, error) {
	if s.at == s.count {
		return place{}, io.EOF
	}
	p := place{size: s.size, dts: s.dts}
	if s.size == 0 {
		row, err := s.sizes.next()
		if err != nil {
			return p, ended(err, "stsz")
		}
		p.size = int64(binary.BigEndian.Uint32(row))
	}
	delta, err := s.times.next()
	if err != nil {
		return p, err
	}
	offset, err := s.offsets.next()
	if err != nil {
		return p, err
	}
	if p.duration = int64(delta); delta > maxTrackDelta {
		return p, fmt.Errorf("%w: picture %d has an impossible duration", ErrCorrupt, s.at)
	}
	// Version 0 of ctts is unsigned by the standard, but writers put
	// negative offsets there too, and no real offset needs the 32nd bit.
	p.cts = p.dts + int64(int32(offset))
	if p.sync, err = s.sync(); err != nil {
		return p, err
	}
	p.offset, p.entry, err = s.chunks.take(p.size)
	s.at++
	s.dts += p.duration
	return p, err
}

// sync reports whether the sample at s.at is in stss, whose numbers grow from 1.
func (s *samples) sync() (bool, error) {
	for !s.allSync && s.nextSync < s.at+1 {
		row, err := s.syncs.next()
		if errors.Is(err, io.EOF) {
			s.nextSync = s.count + 1
			break
		} else if err != nil {
			return false, err
		}
		s.nextSync = int64(binary.BigEndian.Uint32(row))
	}
	return s.allSync || s.nextSync == s.at+1, nil
}

// runs reads a table of (count, value) rows as one value a sample. Behind its
// end it repeats the last value; of no table it makes zeros.
type runs struct {
	table
	left, value uint32
	over        bool
}

func (r *runs) rewind() {
	r.table.rewind()
	r.left, r.value, r.over = 0, 0, false
}

func (r *runs) next() (uint32, error) {
	for r.left == 0 && !r.over {
		row, err := r.table.next()
		if errors.Is(err, io.EOF) {
			r.over = true
			break
		} else if err != nil {
			return 0, err
		}
		r.left, r.value = binary.BigEndian.Uint32(row), binary.BigEndian.Uint32(row[4:])
	}
	if !r.over {
		r.left--
	}
	return r.value, nil
}

// chunks places samples by stsc (how many are in a chunk) and stco or co64
// (where a chunk is).
type chunks struct {
	offsets table
	runs    table
	number  int64 // of the chunk at hand, from 1
	left    int64 // samples in it
	at      int64 // the next sample's offset
	per     int64
	entry   int
	until   int64 // the first chunk of the next row; 0 where this is the last
	pending [2]uint32
}

func (c *chunks) open(f file, tables map[string]span) error {
	var err error
	if c.runs, err = countedTable(f, tables["stsc"], 12); err != nil {
		return err
	}
	if s, ok := tables["stco"]; ok {
		c.offsets, err = countedTable(f, s, 4)
	} else if s, ok := tables["co64"]; ok {
		c.offsets, err = countedTable(f, s, 8)
	} else {
		err = fmt.Errorf("%w: box %q is missing", ErrCorrupt, "stco")
	}
	return err
}

func (c *chunks) rewind() {
	c.offsets.rewind()
	c.runs.rewind()
	c.number, c.left, c.per, c.until = 0, 0, 0, 1
	c.pending = [2]uint32{}
}

// take returns where the next sample lies and which entry describes it.
func (c *chunks) take(size int64) (offset int64, entry int, err error) {
	for c.left == 0 {
		if err := c.nextChunk(); err != nil {
			return 0, 0, err
		}
	}
	offset = c.at
	c.at += size
	c.left--
	return offset, c.entry, nil
}

func (c *chunks) nextChunk() error {
	row, err := c.offsets.next()
	if err != nil {
		return ended(err, "stco")
	}
	if len(row) == 8 {
		c.at = int64(binary.BigEndian.Uint64(row))
	} else {
		c.at = int64(binary.BigEndian.Uint32(row))
	}
	c.number++
	if c.number == c.until {
		if err := c.nextRow(); err != nil {
			return err
		}
	}
	c.left = c.per
	return nil
}

// nextRow takes the stsc row that begins at the chunk at hand and looks at
// where the one behind it begins.
func (c *chunks) nextRow() error {
	if c.number == 1 {
		first, err := c.row()
		if err != nil || first != 1 {
			return fmt.Errorf("%w: box %q does not begin with the first chunk", ErrCorrupt, "stsc")
		}
	}
	c.per, c.entry = int64(c.pending[0]), int(c.pending[1])-1
	next, err := c.row()
	switch {
	case errors.Is(err, io.EOF):
		c.until = 0
	case err != nil:
		return err
	case next <= c.number:
		return fmt.Errorf("%w: box %q does not grow", ErrCorrupt, "stsc")
	default:
		c.until = next
	}
	return nil
}

// row reads an stsc row: the first chunk comes back, the rest waits.
func (c *chunks) row() (first int64, err error) {
	row, err := c.runs.next()
	if err != nil {
		return 0, err
	}
	c.pending = [2]uint32{binary.BigEndian.Uint32(row[4:]), binary.BigEndian.Uint32(row[8:])}
	return int64(binary.BigEndian.Uint32(row)), nil
}

// ended turns a table's early end into an error of the file.
func ended(err error, kind string) error {
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: box %q ends before the pictures do", ErrCorrupt, kind)
	}
	return err
}
