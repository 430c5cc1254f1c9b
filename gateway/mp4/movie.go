package mp4

import (
	"fmt"
	"math"
	"time"

	box "github.com/abema/go-mp4"
)

// movie is what the file's headers say of the video track.
type movie struct {
	info    Info
	id      uint32
	entries []sampleEntry
	tables  map[string]span // of the sample table box
	frags   int64           // where fragments may begin; 0 where there are none
	defs    map[uint32]box.Trex
}

// openMovie reads the headers of f.
func openMovie(f file) (*movie, error) {
	moov, fragments, err := f.layout()
	if err != nil {
		return nil, err
	}
	top, err := f.find(moov, "mvhd", "mvex", "cmov")
	if err != nil {
		return nil, err
	}
	if _, ok := top["cmov"]; ok {
		return nil, fmt.Errorf("%w: its header is compressed", ErrCorrupt)
	}
	var mvhd box.Mvhd
	if err := f.decodeNeeded(top, "mvhd", &mvhd); err != nil {
		return nil, err
	}
	m := &movie{info: Info{Created: created(&mvhd), MovieMatrix: mvhd.Matrix, Dropped: map[string]int{}}}
	if err := m.tracks(f, moov, mvhd.Timescale); err != nil {
		return nil, err
	}
	if mvex, ok := top["mvex"]; ok && fragments > 0 {
		m.frags, m.info.Fragmented = fragments, true
		err = m.defaults(f, mvex)
	}
	return m, err
}

// epoch is where the times of an MP4 file begin.
var epoch = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)

// created is the movie's creation time; zero where it is 0, as many writers
// leave it, or beyond what 32 bits hold (2040): no recording is from then.
func created(mvhd *box.Mvhd) time.Time {
	seconds := uint64(mvhd.CreationTimeV0)
	if mvhd.Version == 1 {
		seconds = mvhd.CreationTimeV1
	}
	if seconds == 0 || seconds > math.MaxUint32 {
		return time.Time{}
	}
	return epoch.Add(time.Duration(seconds) * time.Second)
}

// layout finds the movie box and the first fragment, and sees whether the
// file has its end.
func (f file) layout() (moov span, fragments int64, err error) {
	known := false
	for s, err := range f.boxes(0, f.size) {
		if known = known || knownFirst[s.kind]; !known {
			break
		}
		if err != nil && holdsVideo[s.kind] {
			return moov, 0, fmt.Errorf("%w: box %q at byte %d goes on past its end", ErrTruncated, s.kind, s.head)
		}
		if err != nil {
			break // something foreign behind the last box
		}
		if s.kind == "moov" && moov.kind == "" {
			moov = s
		}
		if s.kind == "moof" && fragments == 0 {
			fragments = s.head
		}
	}
	switch {
	case !known:
		return moov, 0, ErrNotMP4
	case moov.kind == "":
		return moov, 0, errNoIndex
	}
	return moov, fragments, nil
}

var errNoIndex = fmt.Errorf("%w: it has no index (moov), so its recording was never finished", ErrTruncated)

// knownFirst are the boxes that MP4 and MOV files begin with.
var knownFirst = map[string]bool{"ftyp": true, "moov": true, "mdat": true, "free": true, "skip": true,
	"wide": true, "pnot": true, "styp": true, "moof": true, "sidx": true, "uuid": true}

// holdsVideo are the boxes without whose end frames are missing.
var holdsVideo = map[string]bool{"moov": true, "mdat": true, "moof": true}

// decodeNeeded decodes a box that must be there.
func (f file) decodeNeeded(found map[string]span, kind string, into box.IBox) error {
	s, ok := found[kind]
	if !ok {
		return fmt.Errorf("%w: box %q is missing", ErrCorrupt, kind)
	}
	return f.decode(s, into)
}

// tracks reads the first video track and counts the others.
func (m *movie) tracks(f file, moov span, movieScale uint32) error {
	for trak, err := range f.boxes(moov.start, moov.end) {
		if err != nil {
			return err
		}
		if trak.kind != "trak" {
			continue
		}
		if kind := f.handler(trak); kind != "video" || m.id != 0 {
			m.info.Dropped[kind]++
		} else if err := m.track(f, trak, movieScale); err != nil {
			return err
		}
	}
	if m.id == 0 {
		return ErrNoVideo
	}
	return nil
}

// handler reports what kind of track it is; a damaged one is "other".
func (f file) handler(trak span) string {
	var hdlr box.Hdlr
	found, err := f.find(trak, "mdia")
	if err == nil {
		found, err = f.find(found["mdia"], "hdlr")
	}
	if err != nil || f.decodeNeeded(found, "hdlr", &hdlr) != nil {
		return "other"
	}
	switch string(hdlr.HandlerType[:]) {
	case "vide":
		return "video"
	case "soun":
		return "audio"
	}
	return "other"
}

// track reads one track's headers.
func (m *movie) track(f file, trak span, movieScale uint32) error {
	top, err := f.find(trak, "tkhd", "edts", "mdia")
	if err != nil {
		return err
	}
	var tkhd box.Tkhd
	if err := f.decodeNeeded(top, "tkhd", &tkhd); err != nil {
		return err
	}
	m.id, m.info.Matrix = tkhd.TrackID, tkhd.Matrix
	m.info.DisplayWidth, m.info.DisplayHeight = tkhd.Width, tkhd.Height
	if m.id == 0 {
		return fmt.Errorf("%w: the video track has no number", ErrCorrupt)
	}
	if err := m.media(f, top["mdia"]); err != nil {
		return err
	}
	if edts, ok := top["edts"]; ok {
		return m.edits(f, edts, movieScale)
	}
	return nil
}

// media reads the boxes below mdia.
func (m *movie) media(f file, mdia span) error {
	below, err := f.find(mdia, "mdhd", "minf")
	if err != nil {
		return err
	}
	var mdhd box.Mdhd
	if err := f.decodeNeeded(below, "mdhd", &mdhd); err != nil {
		return err
	}
	if m.info.Timescale = mdhd.Timescale; mdhd.Timescale == 0 {
		return fmt.Errorf("%w: the video track has no timescale", ErrCorrupt)
	}
	minf, err := f.find(below["minf"], "stbl")
	if err != nil {
		return err
	}
	m.tables, err = f.find(minf["stbl"], "stsd", "stts", "ctts", "stsz", "stsc", "stco", "co64", "stss")
	if err != nil {
		return err
	}
	stsd, ok := m.tables["stsd"]
	if !ok {
		return fmt.Errorf("%w: box %q is missing", ErrCorrupt, "stsd")
	}
	return m.describe(f, stsd)
}

// describe reads the sample entries and what they say of the whole track.
func (m *movie) describe(f file, stsd span) error {
	if stsd.len() < 8 {
		return fmt.Errorf("%w: box %q is too short", ErrCorrupt, "stsd")
	}
	for s, err := range f.boxes(stsd.start+8, stsd.end) {
		if err != nil {
			return err
		}
		if len(m.entries) == maxEntries {
			return fmt.Errorf("%w: more than %d sample entries", ErrCorrupt, maxEntries)
		}
		e, err := f.entry(s)
		if err != nil {
			return err
		}
		m.entries = append(m.entries, e)
	}
	if len(m.entries) == 0 {
		return ErrEmpty
	}
	first := m.entries[0]
	for _, e := range m.entries {
		if e.codec != first.codec {
			return fmt.Errorf("%w: it changes from %v to %v", ErrCodec, first.codec, e.codec)
		}
	}
	i := &m.info
	i.Codec, i.Width, i.Height, i.Color = first.codec, first.width, first.height, first.color
	i.AspectH, i.AspectV = first.aspectH, first.aspectV
	return i.shown()
}

// edits reads the edit list; its spans are in the movie's timescale.
func (m *movie) edits(f file, edts span, movieScale uint32) error {
	found, err := f.find(edts, "elst")
	if err != nil || found["elst"].kind == "" {
		return err
	}
	var elst box.Elst
	if err := f.decode(found["elst"], &elst); err != nil {
		return err
	}
	var sum int64
	for k, e := range elst.Entries {
		d, t := elst.GetSegmentDuration(k), elst.GetMediaTime(k)
		if d > maxMediaTime || t > maxMediaTime || t < -1 || (d != 0 && movieScale == 0) {
			return fmt.Errorf("%w: edit %d lies out of range", ErrCorrupt, k+1)
		}
		edit := Edit{MediaTime: t, Rate: e.MediaRateInteger}
		if d != 0 {
			edit.Duration = rescale(int64(d), int64(m.info.Timescale), int64(movieScale))
		}
		if sum += edit.Duration; sum > maxMediaTime {
			return fmt.Errorf("%w: its edits last too long", ErrCorrupt)
		}
		m.info.Edits = append(m.info.Edits, edit)
	}
	return nil
}

// defaults reads what fragments leave out.
func (m *movie) defaults(f file, mvex span) error {
	m.defs = map[uint32]box.Trex{}
	for s, err := range f.boxes(mvex.start, mvex.end) {
		if err != nil {
			return err
		}
		if s.kind != "trex" {
			continue
		}
		var trex box.Trex
		if err := f.decode(s, &trex); err != nil {
			return err
		}
		m.defs[trex.TrackID] = trex
	}
	return nil
}
