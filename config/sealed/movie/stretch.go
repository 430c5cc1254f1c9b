package movie

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/bauta-gateway/bauta/config/sealed"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// maxReorder is how many frames may come before one that is shown earlier; H.264 and H.265
// allow 16.
const maxReorder = 16

// Skipped is a segment that could not be opened to its end, and why.
type Skipped struct {
	Sequence uint64
	Err      error
}

// Result is what came of an opening.
type Result struct {
	// Files are the names, in order; none where nothing of the camera is in the stretch.
	Files []string
	// From and To are when the first and the last access unit came, by the gateway's clock. From
	// is before the request's: decoding begins at a keyframe.
	From, To time.Time
	// Segments were opened; Units were written, Undecodable came before the first keyframe.
	Segments, Units, Undecodable int
	Skipped                      []Skipped
}

// Export opens segments with the shares of both groups and writes what is in the request's
// stretch, from the keyframe before it. What cannot be opened is left out and named; where
// nothing opens, nothing is written and the first reason is the error. open is
// called for one segment after another, and done, which may be nil, after each.
func Export(out string, r sealed.Request, sequences []uint64, shares []sealed.Share, open func(sequence uint64) (sealed.File, error), done func()) (Result, error) {
	w, err := Create(out)
	if err != nil {
		return Result{}, err
	}
	defer w.Abort()
	s := stretch{request: r, out: w}
	for _, seq := range sequences {
		if err := s.segment(seq, shares, open); err != nil {
			return Result{}, err
		}
		if done != nil {
			done()
		}
	}
	if s.result.Segments == 0 && len(s.result.Skipped) > 0 {
		return Result{}, s.result.Skipped[0].Err
	}
	s.result.Units, s.result.Undecodable = w.Units, w.Undecodable
	s.result.Files, err = w.Close()
	return s.result, err
}

// stretch picks the access units of a request.
type stretch struct {
	request sealed.Request
	out     *Writer
	result  Result
	lead    []timed // since the last keyframe, before the stretch
	behind  []timed // after the stretch, while one of it may still come
	size    int     // of lead
}

// timed is an access unit and when it came by the gateway's clock.
type timed struct {
	unit media.Raw
	came time.Time
}

// maxLead bounds what is held back for the beginning, in bytes.
const maxLead = 256 << 20

// errWrite marks errors of the output: they end the work, those of segments do not.
type errWrite struct{ error }

func (e errWrite) Unwrap() error { return e.error }

func (s *stretch) segment(seq uint64, shares []sealed.Share, open func(uint64) (sealed.File, error)) error {
	f, err := open(seq)
	if err != nil {
		s.result.Skipped = append(s.result.Skipped, Skipped{seq, fmt.Errorf("segment %d: %w", seq, err)})
		return nil
	}
	defer f.Close()
	err = s.units(f, shares)
	var out errWrite
	switch {
	case errors.As(err, &out):
		return out.error
	case err != nil:
		s.result.Skipped = append(s.result.Skipped, Skipped{seq, err})
	}
	return nil
}

// units reads a segment. A unit came as much after the segment's start as its own time is
// after the first one's: the camera's clock may be wrong, its intervals are not.
func (s *stretch) units(f sealed.File, shares []sealed.Share) error {
	if f.Header.Camera != s.request.Camera {
		return fmt.Errorf("%w: segment %d is of camera %s", sealed.ErrRequest, f.Header.Sequence, f.Header.Camera)
	}
	units, err := f.Units(f, shares)
	if err != nil {
		return err
	}
	s.result.Segments++
	s.behind = nil
	var first *media.Ticks90k
	for {
		u, err := units.Next()
		if err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		if first == nil {
			first = &u.PTS
		}
		more, err := s.unit(timed{u, f.Header.Start.Add((u.PTS - *first).Duration())})
		if err != nil {
			return errWrite{err}
		}
		if !more {
			return nil
		}
	}
}

// unit takes one; more is false where nothing of the segment is in the stretch any more.
func (s *stretch) unit(t timed) (more bool, err error) {
	switch {
	case t.came.Before(s.request.From):
		s.hold(t)
		return true, nil
	case !t.came.Before(s.request.To):
		s.behind = append(s.behind, t)
		return len(s.behind) <= maxReorder && !t.unit.Keyframe, nil
	}
	for _, one := range append(append(s.lead, s.behind...), t) {
		if err := s.write(one); err != nil {
			return false, err
		}
	}
	s.lead, s.behind, s.size = nil, nil, 0
	return true, nil
}

// hold keeps what a decoder needs before the stretch.
func (s *stretch) hold(t timed) {
	if t.unit.Keyframe || s.size > maxLead {
		s.lead, s.size = nil, 0
	}
	if len(s.lead) > 0 || t.unit.Keyframe {
		s.lead, s.size = append(s.lead, t), s.size+t.unit.Size()
	}
}

func (s *stretch) write(t timed) error {
	if s.result.From.IsZero() {
		s.result.From = t.came
	}
	s.result.To = t.came
	return s.out.Write(t.unit, t.came)
}
