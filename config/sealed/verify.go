package sealed

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"time"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// Fault is one thing that is wrong with the chain of a camera.
type Fault struct {
	Sequence uint64 `json:"sequence"`
	// What is one of the Fault words.
	What string `json:"what"`
}

// What can be wrong.
const (
	FaultChanged  = "changed"  // the hash is not the one that the next segment, or the audit log, names
	FaultMissing  = "missing"  // there are earlier and later ones
	FaultMoved    = "moved"    // the file is not the one that its name says, or of another camera
	FaultUnread   = "unread"   // the disk cannot be read
	FaultNotFirst = "notfirst" // the chain does not begin at 1, nor after a deletion that is on record
)

// Head is a segment's hash as the audit log has it.
type Head struct {
	Camera   media.CameraID `json:"camera"`
	Sequence uint64         `json:"sequence"`
	Sum      Sum            `json:"sum"`
	// Deleted: the segments up to this one were deleted past their term.
	Deleted bool `json:"deleted,omitempty"`
}

// HeadDetail is how the audit log writes the hash of a segment.
func HeadDetail(sequence uint64, sum Sum) string {
	return fmt.Sprintf("segment=%d sum=%s", sequence, sum)
}

// ParseHead reads what HeadDetail wrote.
func ParseHead(camera media.CameraID, detail string) (Head, bool) {
	h := Head{Camera: camera}
	var sum string
	if n, err := fmt.Sscanf(detail, "segment=%d sum=%s", &h.Sequence, &sum); n != 2 || err != nil {
		return Head{}, false
	}
	return h, h.Sum.UnmarshalText([]byte(sum)) == nil
}

// Report is what a look at all segments of one camera found.
type Report struct {
	Camera      media.CameraID `json:"camera"`
	First, Last uint64         // 0: none
	From, To    time.Time
	Segments    int
	Torn        []uint64
	Gaps        []Gap
	Faults      []Fault
	// Heads is how many hashes of the audit log were compared.
	Heads int
	// Sum is the last segment's.
	Sum Sum
}

// Verify reads all segments of one camera below root and follows the chain. It tells of each
// segment that is changed, missing or moved. What is missing at the end shows only by
// heads. It reads each byte: a terabyte takes hours.
func Verify(root fs.FS, camera media.CameraID, heads []Head) (Report, error) {
	v := verifier{report: Report{Camera: camera}, heads: map[uint64]Sum{}}
	for _, h := range heads {
		if h.Camera != camera {
			continue
		}
		v.heads[h.Sequence] = h.Sum
		v.latest = max(v.latest, h.Sequence)
		if h.Deleted {
			v.deleted = max(v.deleted, h.Sequence)
		}
	}
	all, err := Sequences(root, camera)
	if err != nil {
		return Report{}, err
	}
	for _, seq := range all {
		v.segment(root, seq)
	}
	v.end()
	return v.report, nil
}

// Cameras lists those that have sealed footage below root, in order.
func Cameras(root fs.FS) ([]media.CameraID, error) {
	entries, err := fs.ReadDir(root, ".")
	var all []media.CameraID
	for _, e := range entries {
		if id, err := media.ParseCameraID(e.Name()); err == nil && e.IsDir() {
			all = append(all, id)
		}
	}
	return all, err
}

// Sequences lists the segments of a camera, in order.
func Sequences(root fs.FS, camera media.CameraID) ([]uint64, error) {
	blocks, err := fs.ReadDir(root, string(camera))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("sealed footage of %s cannot be listed: %w; check the disk", camera, err)
	}
	var all []uint64
	for _, b := range blocks {
		files, err := fs.ReadDir(root, path.Join(string(camera), b.Name()))
		if err != nil {
			return nil, fmt.Errorf("sealed footage of %s cannot be listed: %w; check the disk", camera, err)
		}
		for _, f := range files {
			if seq, ok := SequenceOf(f.Name()); ok && path.Join(string(camera), b.Name(), f.Name()) == Path(camera, seq) {
				all = append(all, seq)
			}
		}
	}
	slices.Sort(all)
	return all, nil
}

type verifier struct {
	report  Report
	heads   map[uint64]Sum
	deleted uint64 // the last sequence that is lawfully gone
	latest  uint64 // the last sequence that the audit log knows
	before  uint64 // the sequence of the segment before
	sum     Sum    // its hash
	unread  bool   // that could not be read, or is another: its hash is not known
}

func (v *verifier) fault(seq uint64, what string) {
	v.report.Faults = append(v.report.Faults, Fault{seq, what})
}

func (v *verifier) segment(root fs.FS, seq uint64) {
	r := &v.report
	first := r.First == 0
	if first {
		r.First = seq
	}
	for missing := v.before + 1; !first && missing < seq; missing++ {
		v.fault(missing, FaultMissing)
	}
	gap := !first && seq != v.before+1
	s, sum, err := SumOf(root, r.Camera, seq)
	r.Segments++
	r.Last, v.before = seq, seq
	headless := errors.Is(err, ErrFormat)
	was := v.unread
	v.unread = !headless && (err != nil || s.Header.Camera != r.Camera || s.Header.Sequence != seq)
	switch {
	case headless:
		s.Torn, s.Header.Sequence = true, seq
	case err != nil:
		v.fault(seq, FaultUnread)
		return
	case v.unread:
		v.fault(seq, FaultMoved)
		return
	case first:
		v.begins(s)
	case !gap && !was && s.Header.Previous != v.sum:
		v.fault(seq-1, FaultChanged)
	}
	if head, known := v.heads[seq]; known {
		r.Heads++
		if head != sum {
			v.fault(seq, FaultChanged)
		}
	}
	v.sum, r.Sum = sum, sum
	v.note(s)
}

// begins looks at the first segment that is there.
func (v *verifier) begins(s Segment) {
	seq := s.Header.Sequence
	head, known := v.heads[seq-1]
	switch {
	case seq == 1 && s.Header.Previous == Sum{}:
	case seq > 1 && seq == v.deleted+1 && (!known || head == s.Header.Previous):
	default:
		v.fault(seq, FaultNotFirst)
	}
}

func (v *verifier) note(s Segment) {
	r := &v.report
	if s.Torn {
		r.Torn = append(r.Torn, s.Header.Sequence)
	}
	if s.Header.Start.IsZero() {
		return
	}
	if r.From.IsZero() {
		r.From = s.Header.Start
	}
	r.To = s.Header.Start.Add(s.Trailer.Duration())
	if s.Header.Gap != nil {
		r.Gaps = append(r.Gaps, *s.Header.Gap)
	}
}

// end looks for segments that the audit log knows after the last one that is there.
func (v *verifier) end() {
	for seq := max(v.before, v.deleted) + 1; seq <= v.latest; seq++ {
		if _, known := v.heads[seq]; known {
			v.fault(seq, FaultMissing)
		}
	}
	slices.SortStableFunc(v.report.Faults, func(a, b Fault) int {
		if a.Sequence < b.Sequence {
			return -1
		} else if a.Sequence > b.Sequence {
			return 1
		}
		return 0
	})
	v.report.Faults = slices.Compact(v.report.Faults)
}
