package mp4

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"

	"github.com/bauta-gateway/bauta/config/store/wholefile"
)

// Writer writes H.264 frames to a progressive MP4. It works on a temporary
// file (mode 0600) beside the output, which Commit puts in place (mode 0644)
// and Abort removes: nobody ever sees a half-written output. One goroutine only.
//
// It keeps some 10 bytes of memory a frame for the index.
type Writer struct {
	src     Info
	in, out string
	tmp     *os.File
	buf     *bufio.Writer
	at      int64 // file offset of the next byte
	mdat    int64 // where the media data box begins
	head    int64 // bytes before it that are kept for the index
	tables  tables
	sps     []byte // the first
	pps     []byte // the first
	changed bool   // parameter sets changed in mid-file
	first   int64
	last    Timing
	created uint32 // seconds since epoch; 0: no time is written
	err     error
	done    bool
}

// Create begins an output with the timing, rotation and aspect of src. A file
// that is there already is replaced by Commit; ErrSameFile where it is the
// one that src reads, also through links.
func Create(out string, src *Reader) (*Writer, error) {
	out, err := target(out, src.stat)
	if err != nil {
		return nil, err
	}
	tmp, err := os.CreateTemp(filepath.Dir(out), "."+filepath.Base(out)+".*.tmp")
	if err != nil {
		return nil, wholefile.Unwritten(out, err)
	}
	w := &Writer{src: src.info, in: src.path, out: out, tmp: tmp, buf: bufio.NewWriterSize(tmp, 1<<20)}
	if err := w.begin(); err != nil {
		w.Abort()
		return nil, err
	}
	return w, nil
}

// target follows links to the file that is to be written.
func target(out string, in os.FileInfo) (string, error) {
	stat, err := os.Stat(out)
	if errors.Is(err, os.ErrNotExist) {
		return out, nil
	} else if err != nil {
		return "", err
	}
	switch {
	case in != nil && os.SameFile(stat, in):
		return "", fmt.Errorf("%s: %w; give another name", out, ErrSameFile)
	case !stat.Mode().IsRegular():
		return "", fmt.Errorf("%s is not a regular file; give the name of a file", out)
	}
	return filepath.EvalSymlinks(out)
}

// begin writes what stands before the frames, with room for the index. Its
// length is only known at the end: 16 bytes a frame do for all but strange
// timing, the rest stays as free space, and an index that does not fit goes to
// the end. The room is a hole, which reads as zeros.
func (w *Writer) begin() error {
	head, err := fileType()
	if err != nil {
		return err
	}
	w.mdat = int64(len(head))
	if w.src.Samples < maxReservation/16 {
		w.head = 4096 + int64(len(w.src.Color)) + 40*int64(len(w.src.Edits)) + 16*w.src.Samples
		w.mdat += w.head
		head = append(head, freeHead(w.head)...)
	}
	w.write(head)
	if w.err == nil {
		w.err = w.buf.Flush()
	}
	if w.err == nil {
		w.at, w.err = w.tmp.Seek(w.mdat, io.SeekStart)
	}
	w.write(mdatHead(16))
	return w.err
}

func (w *Writer) write(b []byte) {
	if w.err != nil {
		return
	}
	var n int
	n, w.err = w.buf.Write(b)
	w.at += int64(n)
}

// KeepTime has the source's creation time, where there is one, written into the output.
func (w *Writer) KeepTime() {
	if t := w.src.Created; !t.IsZero() {
		w.created = uint32(t.Sub(epoch) / time.Second)
	}
}

// Write adds one frame: H.264 NAL units without start codes, parameter sets
// before each keyframe. Frames come in presentation order, the first is a
// keyframe. An error is final: call Abort.
func (w *Writer) Write(nalus [][]byte, keyframe bool, t Timing) error {
	if w.err != nil {
		return w.err
	}
	if w.err = w.add(nalus, keyframe, t); w.err != nil {
		w.err = advise(w.in, fmt.Errorf("writing picture %d: %w", w.tables.count()+1, w.err))
	}
	return w.err
}

func (w *Writer) add(nalus [][]byte, keyframe bool, t Timing) error {
	w.parameterSets(nalus)
	if w.tables.count() == 0 {
		if !keyframe || w.sps == nil || w.pps == nil {
			return errors.New("it must be a keyframe with parameter sets")
		}
		w.first = t.CTS
	} else if err := w.tables.duration(t.CTS - w.last.CTS); err != nil {
		return err
	}
	start := w.at
	for _, u := range nalus {
		var size [4]byte
		binary.BigEndian.PutUint32(size[:], uint32(len(u)))
		w.write(size[:])
		w.write(u)
	}
	w.last = t
	if w.err == nil {
		w.tables.sample(start, w.at-start, keyframe, (t.CTS-w.first)/max(1, int64(w.src.Timescale)/2))
	}
	return w.err
}

// parameterSets keeps the first ones for the file's head and sees whether
// later ones differ.
func (w *Writer) parameterSets(nalus [][]byte) {
	for _, u := range nalus {
		switch {
		case isH264(u, h264.NALUTypeSPS):
			w.changed = keep(&w.sps, u) || w.changed
		case isH264(u, h264.NALUTypePPS):
			w.changed = keep(&w.pps, u) || w.changed
		}
	}
}

// keep sets *first once and reports whether u is another one.
func keep(first *[]byte, u []byte) bool {
	if *first == nil {
		*first = bytes.Clone(u)
	}
	return !bytes.Equal(*first, u)
}

// Frames is the number written so far.
func (w *Writer) Frames() int64 { return int64(w.tables.count()) }

// Commit finishes the file and puts it in place of the output. After an error
// nothing is there but what was before.
func (w *Writer) Commit() error {
	defer w.Abort()
	if w.err == nil && w.tables.count() == 0 {
		w.err = errors.New("no picture was written")
	}
	if w.err == nil {
		w.err = w.finish()
	}
	if w.err != nil {
		return w.err
	}
	if w.err = wholefile.Unwritten(w.out, os.Rename(w.tmp.Name(), w.out)); w.err != nil {
		return w.err
	}
	w.done, w.err = true, os.ErrClosed
	syncDir(filepath.Dir(w.out))
	return nil
}

// finish writes the index and makes sure that all of it is on the disk.
func (w *Writer) finish() error {
	if err := w.tables.duration(w.lastDuration()); err != nil {
		return err
	}
	end := w.at
	moov, err := w.moov()
	if err != nil {
		return err
	}
	room := w.head - int64(len(moov))
	front := room == 0 || room >= 8
	if !front {
		w.write(moov)
	}
	if w.err != nil {
		return w.err
	}
	if err := w.buf.Flush(); err != nil {
		return err
	}
	if front {
		if err := w.putIndex(moov, room); err != nil {
			return err
		}
	}
	if _, err := w.tmp.WriteAt(mdatHead(end-w.mdat), w.mdat); err != nil {
		return err
	}
	return errors.Join(w.tmp.Chmod(0o644), w.tmp.Sync(), w.tmp.Close())
}

// putIndex writes the index into the room before the media data.
func (w *Writer) putIndex(moov []byte, room int64) error {
	if room > 0 {
		moov = append(moov, freeHead(room)...)
	}
	_, err := w.tmp.WriteAt(moov, w.mdat-w.head)
	return err
}

// lastDuration is what the last frame needs so that the media is as long as
// the source's. That may be 0, where B-frames and uneven timing come together;
// where it would be less, it is what the source's table gave the frame.
func (w *Writer) lastDuration() int64 {
	if d := w.src.FirstCTS + w.src.Duration - w.last.CTS; d >= 0 && d <= maxTrackDelta {
		return d
	}
	return max(0, min(w.last.Duration, maxTrackDelta))
}

// Abort removes what was written, unless Commit has put it in place. It may
// always be called, any number of times.
func (w *Writer) Abort() {
	if w.done || w.tmp == nil {
		return
	}
	w.tmp.Close()
	os.Remove(w.tmp.Name())
	w.tmp = nil
	if w.err == nil {
		w.err = errors.New("output was given up")
	}
}

// syncDir makes a rename last. A file system that cannot is no error of ours:
// the file is complete.
func syncDir(dir string) {
	if d, err := os.Open(dir); err == nil {
		_ = d.Sync()
		d.Close()
	}
}
