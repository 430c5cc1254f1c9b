// Package movie writes an opened stretch of sealed footage as fragmented MP4.
//
// In: access units as the camera sent them, and when they came by the gateway's clock. Out:
// one file, and one more wherever the camera changed its codec's parameters, each whole
// under its name or not there, of mode 0600. The NAL units in it are those that were
// sealed, byte for byte. It starts no goroutine, and holds two groups of pictures
// in memory at most.
package movie

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/bluenviron/mediacommon/v2/pkg/formats/fmp4"
	"github.com/bluenviron/mediacommon/v2/pkg/formats/fmp4/seekablebuffer"

	"github.com/bauta-gateway/bauta/hardware/media"
)

const (
	// A fragment ends before a keyframe, and where none comes at one of these.
	maxFragmentBytes = 16 << 20
	maxFragmentUnits = 600
	// restart is how far the camera's clock and the gateway's may part between two access
	// units: beyond it, the camera began to count anew.
	restart = 2 * media.TicksPerSecond
	// frame is the distance of two frames where nothing else is known.
	frame = media.Ticks90k(media.TicksPerSecond / 25)
)

// Writer writes one stretch. One goroutine only.
type Writer struct {
	path   string
	parts  []string // temporary files, in order
	file   *os.File
	params params
	number uint32 // of the next fragment in the file
	base   media.Ticks90k

	open, ready []sample // the fragment that grows, and the one before, which waits for its end
	size        int      // of open
	decoded     media.Ticks90k
	delay       media.Ticks90k // of what is shown after what is decoded

	offset, last, latest media.Ticks90k // from the camera's time to the file's; of the last unit; of all
	came                 time.Time      // of the last unit
	begun                bool

	// Units is how many were written; Undecodable how many came before the first keyframe
	// and were left out.
	Units, Undecodable int
}

// sample is an access unit with its time in the file.
type sample struct {
	unit media.Raw
	pts  media.Ticks90k
}

// Create prepares a stretch that is to stand under this path. Nothing is written before
// the first access unit. fs.ErrExist where there is such a file already.
func Create(path string) (*Writer, error) {
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return nil, errors.Join(err, fs.ErrExist)
	}
	return &Writer{path: path}, nil
}

// Write adds an access unit that came at this time by the gateway's clock.
func (w *Writer) Write(u media.Raw, came time.Time) error {
	if !w.begun && !u.Keyframe {
		w.Undecodable++
		return nil
	}
	if u.Keyframe {
		if err := w.begin(u); err != nil {
			return err
		}
	}
	if len(w.open) > 0 && (u.Keyframe || w.size > maxFragmentBytes || len(w.open) >= maxFragmentUnits) {
		if err := w.turn(); err != nil {
			return err
		}
	}
	w.open = append(w.open, sample{u, w.place(u.PTS, came)})
	w.size += u.Size()
	w.Units++
	return nil
}

// place is the time of an access unit in the file. A camera that was connected anew counts
// from 0 again: then the gateway's clock says how much later it is.
func (w *Writer) place(pts media.Ticks90k, came time.Time) media.Ticks90k {
	at := pts + w.offset
	switch expected := w.last + media.TicksOf(came.Sub(w.came)); {
	case !w.begun:
		at = 0
	case at-expected > restart || expected-at > restart:
		at = max(expected, w.latest+frame)
	}
	w.begun, w.offset, w.last, w.came = true, at-pts, at, came
	w.latest = max(w.latest, at)
	return at
}

// begin looks at a keyframe's parameters: other ones begin another file.
func (w *Writer) begin(u media.Raw) error {
	p, err := paramsOf(u, w.params)
	if err != nil {
		return err
	}
	if w.file != nil && p.same(w.params) {
		return nil
	}
	if err := w.end(); err != nil {
		return err
	}
	w.params = p
	return w.create()
}

// create begins a file.
func (w *Writer) create() error {
	f, err := os.CreateTemp(filepath.Dir(w.path), "."+filepath.Base(w.path)+"-*") // of mode 0600
	if err != nil {
		return err
	}
	w.file, w.parts, w.number = f, append(w.parts, f.Name()), 0
	codec, err := w.params.codec()
	if err != nil {
		return err
	}
	var out seekablebuffer.Buffer
	init := fmp4.Init{Tracks: []*fmp4.InitTrack{{ID: 1, TimeScale: media.TicksPerSecond, Codec: codec}}}
	if err := init.Marshal(&out); err != nil {
		return fmt.Errorf("the camera's parameter sets cannot be read: %w", err)
	}
	_, err = f.Write(out.Bytes())
	return err
}

// turn has the open fragment wait and writes the one that waited: its last frame lasts until
// the first of the next.
func (w *Writer) turn() error {
	first := slices.MinFunc(w.open, earlier).pts
	if err := w.flush(first); err != nil {
		return err
	}
	w.ready, w.open, w.size = w.open, nil, 0
	return nil
}

func earlier(a, b sample) int { return int(a.pts - b.pts) }

// flush writes the fragment that waits; next is when the one after it begins.
func (w *Writer) flush(next media.Ticks90k) error {
	if len(w.ready) == 0 {
		return nil
	}
	times := w.decodingTimes()
	if w.number == 0 {
		w.base = times[0]
	}
	track := &fmp4.PartTrack{ID: 1, BaseTime: uint64(times[0] - w.base)}
	for i, s := range w.ready {
		until := max(next-w.delay, times[i]+1)
		if i+1 < len(times) {
			until = times[i+1]
		}
		out := &fmp4.Sample{Duration: uint32(until - times[i]), PTSOffset: int32(s.pts - times[i]), IsNonSyncSample: !s.unit.Keyframe}
		var err error
		if out.Payload, err = payload(s.unit); err != nil {
			return err
		}
		track.Samples = append(track.Samples, out)
	}
	w.ready = nil
	return w.put(track)
}

// decodingTimes are when the frames of the waiting fragment are decoded: the times at which
// they are shown, in order, and so much earlier that none is decoded after it is
// shown. How much that is, the file's first fragment tells.
func (w *Writer) decodingTimes() []media.Ticks90k {
	times := make([]media.Ticks90k, len(w.ready))
	for i, s := range w.ready {
		times[i] = s.pts
	}
	slices.Sort(times)
	if w.number == 0 {
		w.delay, w.decoded = 0, math.MinInt64
		for i, s := range w.ready {
			w.delay = max(w.delay, times[i]-s.pts)
		}
	}
	for i := range times {
		times[i] = max(times[i]-w.delay, w.decoded+1)
		w.decoded = times[i]
	}
	return times
}

func (w *Writer) put(track *fmp4.PartTrack) error {
	var out seekablebuffer.Buffer
	part := fmp4.Part{SequenceNumber: w.number, Tracks: []*fmp4.PartTrack{track}}
	if err := part.Marshal(&out); err != nil {
		return err
	}
	w.number++
	_, err := w.file.Write(out.Bytes())
	return err
}

// end writes what waits and ends the file.
func (w *Writer) end() error {
	if w.file == nil {
		return nil
	}
	var err error
	if len(w.open) > 0 {
		err = w.turn()
	}
	if err == nil {
		err = w.flush(w.latest + frame)
	}
	if err == nil {
		err = w.file.Sync()
	}
	err = errors.Join(err, w.file.Close())
	w.file = nil
	return err
}

// Close puts the files in their places and returns their names; none where nothing was written.
func (w *Writer) Close() ([]string, error) {
	if err := w.end(); err != nil {
		w.Abort()
		return nil, fmt.Errorf("%s cannot be written: %w; make room or choose another folder", w.path, err)
	}
	var done []string
	for i, part := range w.parts {
		name := Name(w.path, i+1)
		if err := os.Rename(part, name); err != nil {
			w.Abort()
			return done, err
		}
		done = append(done, name)
	}
	w.parts = nil
	return done, nil
}

// Abort takes away what is not in its place.
func (w *Writer) Abort() {
	if w.file != nil {
		w.file.Close()
		w.file = nil
	}
	for _, part := range w.parts {
		os.Remove(part)
	}
}

// Name is the name of a stretch's file: OUT.mp4, OUT-2.mp4 and so on.
func Name(path string, n int) string {
	if n == 1 {
		return path
	}
	end := filepath.Ext(path)
	return fmt.Sprintf("%s-%d%s", strings.TrimSuffix(path, end), n, end)
}
