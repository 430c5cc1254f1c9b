package mp4

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"

	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"
	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h265"

	"github.com/bauta-gateway/bauta/hardware/jpegscan"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Reader reads the first video track of a file, sample by sample, in memory
// that does not grow with the file. One goroutine only.
type Reader struct {
	f     file
	path  string
	file  io.Closer
	stat  os.FileInfo // nil where the source is no file
	info  Info
	movie *movie
	index *index
	at    int64
	last  int // the entry of the sample before
}

// Open opens a file and checks its tables from end to end, so that a damaged
// or truncated file is refused before anything is made of it. Errors are
// those of this package, with the path and advice, or the operating system's.
func Open(path string) (*Reader, error) {
	stat, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !stat.Mode().IsRegular() { // opening a pipe would wait for its other end
		return nil, fmt.Errorf("%s is not a regular file; give the name of a video file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	r := &Reader{path: path, file: f, stat: stat}
	if err := r.open(f, stat.Size()); err != nil {
		f.Close()
		return nil, err
	}
	return r, nil
}

// NewReader is Open for bytes that are no file.
func NewReader(src io.ReaderAt, size int64) (*Reader, error) {
	r := &Reader{}
	if err := r.open(src, size); err != nil {
		return nil, err
	}
	return r, nil
}

func (r *Reader) open(src io.ReaderAt, size int64) (err error) {
	r.f = file{src, size}
	if r.movie, err = openMovie(r.f); err != nil {
		return advise(r.path, err)
	}
	r.info = r.movie.info
	if r.index, err = newIndex(r.f, r.movie); err != nil {
		return advise(r.path, err)
	}
	if err := r.scan(); err != nil {
		return advise(r.path, err)
	}
	r.Rewind()
	return nil
}

// Info describes the video track.
func (r *Reader) Info() Info { return r.info }

// Rewind makes Next begin with the first sample again.
func (r *Reader) Rewind() {
	r.at, r.last = 0, -1
	r.index.rewind()
}

// Close closes the file. It does not matter to samples already read.
func (r *Reader) Close() error {
	if r.file == nil {
		return nil
	}
	return r.file.Close()
}

// Next returns the next sample in decoding order, io.EOF behind the last, or
// an error that ends the reading.
func (r *Reader) Next() (Sample, error) {
	p, err := r.nextPlace()
	if errors.Is(err, io.EOF) {
		return Sample{}, io.EOF
	} else if err != nil {
		return Sample{}, advise(r.path, err)
	}
	e := &r.movie.entries[p.entry]
	body := make([]byte, p.size)
	if err := r.f.read(body, p.offset); err != nil {
		return Sample{}, advise(r.path, err)
	}
	pts := p.cts + r.info.Shift()
	s := Sample{Index: r.at, Codec: e.codec, DTS: p.dts, Timing: Timing{CTS: p.cts, Duration: p.duration},
		PTS: pts, Ticks: r.info.Ticks(pts), Sync: p.sync}
	if s.NALUs, err = e.split(body); err == nil {
		err = e.checkJPEG(body)
	}
	if err != nil {
		return Sample{}, advise(r.path, fmt.Errorf("picture %d: %w", r.at+1, err))
	}
	s.Sync = s.Sync || e.startsHere(s.NALUs)
	if s.Sync || p.entry != r.last {
		s.NALUs = e.withParams(s.NALUs)
	}
	r.at++
	r.last = p.entry
	return s, nil
}

// nextPlace returns the next sample that has bytes: an empty one only makes
// the frame before it last longer.
func (r *Reader) nextPlace() (place, error) {
	for {
		if p, err := r.index.next(); err != nil || p.size > 0 {
			return p, err
		}
	}
}

// scan walks the whole index once: it checks every entry and sums up.
func (r *Reader) scan() error {
	i := &r.info
	i.FirstCTS = math.MaxInt64
	var start, end int64
	lead := int64(math.MaxInt64)
	_, begin := i.opening()
	for {
		p, err := r.nextPlace()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = r.check(p)
		}
		if err != nil {
			return err
		}
		if i.Samples == 0 {
			start = p.dts
		}
		i.Samples++
		i.FirstCTS = min(i.FirstCTS, p.cts)
		end = max(end, p.dts+p.duration)
		if p.cts >= begin {
			lead = min(lead, p.cts-begin)
		}
		// Samples that share bytes would let a small file claim endless frames.
		if i.Bytes += p.size; i.Bytes > r.f.size {
			return fmt.Errorf("%w: pictures overlap", ErrCorrupt)
		}
	}
	if i.Samples == 0 {
		return ErrEmpty
	}
	i.Duration = end - start
	// Players differ on a span that begins between two frames. ffmpeg,
	// and what is built on it, lets its first whole frame begin it, but
	// only with a sample table at hand, not with fragments.
	if len(i.Edits) > 0 && !i.Fragmented && lead < math.MaxInt64 {
		i.lead = lead
	}
	return nil
}

// check evaluates one entry of the index.
func (r *Reader) check(p place) error {
	n := r.info.Samples + 1
	switch {
	case p.size > MaxSample:
		return fmt.Errorf("%w: picture %d has %d bytes, more than %d", ErrCorrupt, n, p.size, MaxSample)
	case p.entry < 0 || p.entry >= len(r.movie.entries):
		return fmt.Errorf("%w: picture %d has no sample entry", ErrCorrupt, n)
	case p.offset < 0:
		return fmt.Errorf("%w: picture %d lies out of range", ErrCorrupt, n)
	case p.offset > r.f.size-p.size:
		return fmt.Errorf("%w: picture %d lies behind its end", ErrTruncated, n)
	case p.dts > 2*maxMediaTime:
		return fmt.Errorf("%w: picture %d has an impossible time", ErrCorrupt, n)
	}
	return nil
}

// split takes a sample's NAL units apart; a JPEG stays whole.
func (e *sampleEntry) split(body []byte) ([][]byte, error) {
	if e.lengthSize == 0 {
		return [][]byte{body}, nil
	}
	var nalus [][]byte
	for b := body; len(b) > 0; {
		if len(b) < e.lengthSize {
			return nil, fmt.Errorf("%w: it ends inside a NAL unit's length", ErrCorrupt)
		}
		size := 0
		for _, v := range b[:e.lengthSize] {
			size = size<<8 | int(v)
		}
		if b = b[e.lengthSize:]; size > len(b) {
			return nil, fmt.Errorf("%w: a NAL unit is longer than the picture", ErrCorrupt)
		}
		if size > 0 {
			nalus = append(nalus, b[:size:size])
		}
		b = b[size:]
		if len(nalus) > maxNALUs {
			return nil, fmt.Errorf("%w: more than %d NAL units", ErrCorrupt, maxNALUs)
		}
	}
	if len(nalus) == 0 {
		return nil, fmt.Errorf("%w: it has no NAL unit", ErrCorrupt)
	}
	return nalus, nil
}

// checkJPEG compares a JPEG's size with the one that the file gives. One that cannot be read
// is the decoder's to refuse; two fields may be in one sample, each half as high.
func (e *sampleEntry) checkJPEG(body []byte) error {
	if e.codec != media.MJPEG {
		return nil
	}
	width, height, ok := jpegscan.Size(body)
	if !ok {
		return nil
	}
	coded := *e
	coded.width, coded.height = width, height
	err := coded.checkSize(e.width, e.height)
	if err != nil && coded.checkSize(e.width, e.height/2) == nil {
		return nil
	}
	return err
}

// startsHere finds keyframes that the file's table of them has not.
func (e *sampleEntry) startsHere(nalus [][]byte) bool {
	switch e.codec {
	case media.H264:
		return h264.IsRandomAccess(nalus)
	case media.H265:
		return h265.IsRandomAccess(nalus)
	}
	return true
}

// withParams puts the entry's parameter sets before a frame that does not
// bring a sequence parameter set of its own.
func (e *sampleEntry) withParams(nalus [][]byte) [][]byte {
	for _, u := range nalus {
		if e.codec == media.H264 && isH264(u, h264.NALUTypeSPS) || e.codec == media.H265 && isH265(u, h265.NALUType_SPS_NUT) {
			return nalus
		}
	}
	return append(append(make([][]byte, 0, len(e.params)+len(nalus)), e.params...), nalus...)
}
