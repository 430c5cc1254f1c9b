package mp4

import (
	"encoding/binary"
	"fmt"
	"io"

	box "github.com/abema/go-mp4"
)

// fragments walks the movie fragments (moof) of a file. Runs of other tracks
// are walked too, because data may be placed behind theirs.
type fragments struct {
	f     file
	track uint32
	defs  map[uint32]box.Trex
	first int64

	at     int64 // the next top-level box
	queue  []run // of the fragment at hand
	run    run
	left   int64 // samples of run
	base   int64 // what data offsets of the track fragment are counted from
	offset int64 // of the next sample
	dts    int64 // of the track's next sample
}

// run is one trun box with what its track fragment says of it.
type run struct {
	track      uint32
	opens      bool  // the first run of its track fragment
	base       int64 // with opens; behindLast: the end of the data before
	dts        int64 // with opens; -1: where the run before ended
	def        box.Trex
	flags      uint32
	count      int64
	data       int64 // with runDataOffset
	firstFlags uint32
	table      table
}

const behindLast = -1

// Flags of a trun box.
const (
	runDataOffset = 0x001
	runFirstFlags = 0x004
	runDuration   = 0x100
	runSize       = 0x200
	runFlags      = 0x400
	runOffset     = 0x800
)

// Flags of a sample: either of them makes it no place to begin.
const (
	sampleNonSync = 0x00010000
	sampleDepends = 0x01000000
)

func newFragments(f file, m *movie) *fragments {
	return &fragments{f: f, track: m.id, defs: m.defs, first: m.frags}
}

func (x *fragments) rewind() {
	x.at, x.queue, x.left, x.dts = x.first, nil, 0, 0
}

// next returns the track's next sample, or io.EOF.
func (x *fragments) next() (place, error) {
	for {
		for x.left == 0 {
			if err := x.nextRun(); err != nil {
				return place{}, err
			}
		}
		p, err := x.take()
		if err != nil || x.run.track == x.track {
			return p, err
		}
	}
}

// nextRun makes the next run the one at hand.
func (x *fragments) nextRun() error {
	for len(x.queue) == 0 {
		if err := x.nextFragment(); err != nil {
			return err
		}
	}
	r := x.queue[0]
	x.run, x.queue, x.left = r, x.queue[1:], r.count
	if r.opens && r.base != behindLast {
		x.offset = r.base
	}
	if r.opens {
		x.base = x.offset
	}
	if r.flags&runDataOffset != 0 {
		x.offset = x.base + r.data
	}
	if r.track != x.track {
		return x.skipPlain()
	}
	if r.opens && r.dts >= 0 {
		x.dts = r.dts
	}
	if r.table.row == 0 && r.def.DefaultSampleSize == 0 && r.count > 0 {
		return fmt.Errorf("%w: a fragment's pictures have no size", ErrCorrupt)
	}
	return nil
}

// skipPlain passes over another track's run that has no rows to read.
func (x *fragments) skipPlain() error {
	if x.run.table.row == 0 {
		x.offset += x.left * int64(x.run.def.DefaultSampleSize)
		x.left = 0
	}
	return nil
}

// take reads the next sample of the run at hand.
func (x *fragments) take() (place, error) {
	r := &x.run
	var row []byte
	if r.table.row > 0 {
		var err error
		if row, err = r.table.next(); err != nil {
			return place{}, ended(err, "trun")
		}
	}
	field := func(flag, fallback uint32) uint32 {
		if r.flags&flag == 0 {
			return fallback
		}
		v := binary.BigEndian.Uint32(row)
		row = row[4:]
		return v
	}
	duration := field(runDuration, r.def.DefaultSampleDuration)
	size := field(runSize, r.def.DefaultSampleSize)
	flags := field(runFlags, r.def.DefaultSampleFlags)
	shift := int32(field(runOffset, 0)) // signed in both versions, as with ctts
	if r.flags&runFirstFlags != 0 && x.left == r.count {
		flags = r.firstFlags
	}
	p := place{offset: x.offset, size: int64(size), dts: x.dts, cts: x.dts + int64(shift), duration: int64(duration),
		sync: flags&(sampleNonSync|sampleDepends) == 0, entry: int(r.def.DefaultSampleDescriptionIndex) - 1}
	x.left--
	x.offset += p.size
	if r.track != x.track {
		return p, nil
	}
	if x.dts += p.duration; p.duration > maxTrackDelta {
		return p, fmt.Errorf("%w: a fragment's picture has an impossible duration", ErrCorrupt)
	}
	return p, nil
}

// nextFragment queues the runs of the next fragment.
func (x *fragments) nextFragment() error {
	for x.f.size-x.at >= 8 {
		s, err := x.f.span(x.at, x.f.size)
		if err != nil || s.kind == "\x00\x00\x00\x00" {
			break // layout has evaluated the file's end
		}
		if x.at = s.end; s.kind == "moof" {
			return x.fragment(s)
		}
	}
	return io.EOF
}

func (x *fragments) fragment(moof span) error {
	first := true
	for traf, err := range x.f.boxes(moof.start, moof.end) {
		if err != nil {
			return err
		}
		if traf.kind != "traf" {
			continue
		}
		if err := x.trackFragment(moof, traf, first); err != nil {
			return err
		}
		first = false
	}
	return nil
}

// trackFragment queues the runs of one traf.
func (x *fragments) trackFragment(moof, traf span, first bool) error {
	found, err := x.f.find(traf, "tfhd", "tfdt")
	if err != nil {
		return err
	}
	var tfhd box.Tfhd
	if err := x.f.decodeNeeded(found, "tfhd", &tfhd); err != nil {
		return err
	}
	r := run{track: tfhd.TrackID, opens: true, base: behindLast, dts: -1, def: withHeader(x.defs[tfhd.TrackID], &tfhd)}
	switch {
	case tfhd.CheckFlag(box.TfhdBaseDataOffsetPresent):
		if r.base = int64(tfhd.BaseDataOffset); r.base < 0 {
			return fmt.Errorf("%w: a fragment's data lies out of range", ErrCorrupt)
		}
	case first || tfhd.CheckFlag(box.TfhdDefaultBaseIsMoof):
		r.base = moof.head
	}
	if s, ok := found["tfdt"]; ok {
		var tfdt box.Tfdt
		if err := x.f.decode(s, &tfdt); err != nil {
			return err
		}
		if t := tfdt.GetBaseMediaDecodeTime(); t > maxMediaTime {
			return fmt.Errorf("%w: a fragment's time lies out of range", ErrCorrupt)
		} else {
			r.dts = int64(t)
		}
	}
	return x.runs(traf, r)
}

// withHeader puts what a traf's header says over the track's defaults.
func withHeader(def box.Trex, tfhd *box.Tfhd) box.Trex {
	if tfhd.CheckFlag(box.TfhdSampleDescriptionIndexPresent) {
		def.DefaultSampleDescriptionIndex = tfhd.SampleDescriptionIndex
	}
	if tfhd.CheckFlag(box.TfhdDefaultSampleDurationPresent) {
		def.DefaultSampleDuration = tfhd.DefaultSampleDuration
	}
	if tfhd.CheckFlag(box.TfhdDefaultSampleSizePresent) {
		def.DefaultSampleSize = tfhd.DefaultSampleSize
	}
	if tfhd.CheckFlag(box.TfhdDefaultSampleFlagsPresent) {
		def.DefaultSampleFlags = tfhd.DefaultSampleFlags
	}
	return def
}

// runs queues the trun boxes of a traf; r has what they share.
func (x *fragments) runs(traf span, r run) error {
	for s, err := range x.f.boxes(traf.start, traf.end) {
		if err != nil {
			return err
		}
		if s.kind != "trun" {
			continue
		}
		if len(x.queue) == maxRuns {
			return fmt.Errorf("%w: a fragment of more than %d runs", ErrCorrupt, maxRuns)
		}
		if err := r.read(x.f, s); err != nil {
			return err
		}
		x.queue = append(x.queue, r)
		r.opens = false
	}
	return nil
}

// read takes the head of a trun box.
func (r *run) read(f file, s span) error {
	var h [16]byte
	n := min(int64(len(h)), s.len())
	if n < 8 {
		return fmt.Errorf("%w: box %q is too short", ErrCorrupt, s.kind)
	}
	if err := f.read(h[:n], s.start); err != nil {
		return err
	}
	r.flags, r.count = binary.BigEndian.Uint32(h[:])&0xffffff, int64(binary.BigEndian.Uint32(h[4:]))
	at := 8
	if r.flags&runDataOffset != 0 {
		r.data = int64(int32(binary.BigEndian.Uint32(h[at:])))
		at += 4
	}
	if r.flags&runFirstFlags != 0 {
		r.firstFlags = binary.BigEndian.Uint32(h[at:])
		at += 4
	}
	row := 0
	for _, flag := range []uint32{runDuration, runSize, runFlags, runOffset} {
		if r.flags&flag != 0 {
			row += 4
		}
	}
	if int64(at) > n {
		return fmt.Errorf("%w: box %q is too short", ErrCorrupt, s.kind)
	}
	r.table = table{}
	if row == 0 {
		return nil
	}
	var err error
	r.table, err = newTable(f, s, s.start+int64(at), r.count, row)
	return err
}
