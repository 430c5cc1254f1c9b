package sealed

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"time"

	"github.com/bauta-gateway/bauta/config/sealed"
	"github.com/bauta-gateway/bauta/config/store/wholefile"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// entry is one segment in the index. The index says nothing that the segments do not say
// themselves: where it is missing, it is made anew.
type entry struct {
	Sequence uint64      `json:"sequence"`
	Start    time.Time   `json:"start"`
	Length   int64       `json:"length_ms"`
	Size     int64       `json:"size"`
	Sum      sealed.Sum  `json:"sum"`
	Gap      *sealed.Gap `json:"gap,omitempty"`
	Torn     bool        `json:"torn,omitempty"`
}

func (e entry) end() time.Time { return e.Start.Add(time.Duration(e.Length) * time.Millisecond) }

// gap is a time without footage.
type gap struct {
	Since  time.Time `json:"since"`
	Until  time.Time `json:"until"`
	Reason string    `json:"reason"`
}

// block is what is known of one folder of segments. It is small, so that what is on record
// for months is read in a moment.
type block struct {
	Number uint64 `json:"number"`
	First  uint64 `json:"first"`
	Last   uint64 `json:"last"`
	// Begin is the first segment's start, End the last one's end, by the clock as it stood.
	Begin    time.Time     `json:"begin"`
	End      time.Time     `json:"end"`
	Recorded time.Duration `json:"recorded_ns"`
	Size     int64         `json:"size"`
	Torn     int           `json:"torn"`
	Gaps     []gap         `json:"gaps,omitempty"`
	// Sum is the last segment's.
	Sum sealed.Sum `json:"sum"`
}

// add counts a segment in.
func (b *block) add(e entry) {
	if b.First == 0 {
		b.First, b.Begin = e.Sequence, e.Start
	}
	b.Last, b.End, b.Sum = e.Sequence, e.end(), e.Sum
	b.Recorded += time.Duration(e.Length) * time.Millisecond
	b.Size += e.Size
	if e.Torn {
		b.Torn++
	}
	if e.Gap != nil && len(b.Gaps) < sealed.BlockSegments {
		b.Gaps = append(b.Gaps, gap{e.Gap.Since, e.Start, e.Gap.Reason})
	}
}

const (
	indexFile   = "index.jsonl"
	summaryFile = "summary.json"
)

// footage is what there is of one camera on the disk. One goroutine only.
type footage struct {
	root   string
	camera media.CameraID
	blocks []block // in order
}

// load reads what there is of a camera. Of whole blocks it reads the summary alone; of the last
// one each segment that the index does not have.
func load(root string, camera media.CameraID) (*footage, error) {
	f := &footage{root: root, camera: camera}
	names, err := os.ReadDir(path.Join(root, string(camera)))
	if errors.Is(err, fs.ErrNotExist) {
		return f, nil
	} else if err != nil {
		return nil, fmt.Errorf("%w (%s: %w)", text.Fail(nil, text.SealedDiskRead), camera, err)
	}
	for i, n := range names {
		number, err := strconv.ParseUint(n.Name(), 10, 64)
		if err != nil || !n.IsDir() {
			continue
		}
		b, err := f.block(number, i < len(names)-1)
		if err != nil {
			return nil, err
		}
		if b.First != 0 {
			f.blocks = append(f.blocks, b)
		}
	}
	return f, nil
}

func (f *footage) folder(number uint64) string {
	return path.Join(f.root, sealed.BlockPath(f.camera, number))
}

// block reads one block; a whole one has a summary, or gets it.
func (f *footage) block(number uint64, whole bool) (block, error) {
	name := path.Join(f.folder(number), summaryFile)
	if whole {
		if b, err := os.ReadFile(name); err == nil {
			var known block
			if json.Unmarshal(b, &known) == nil && known.Number == number {
				return known, nil
			}
		}
	}
	b, err := f.read(number)
	if err == nil && whole {
		err = writeJSON(name, b)
	}
	return b, err
}

func writeJSON(name string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return wholefile.Copy(name, bytes.NewReader(b))
}

// read makes a block of its index and of what the index lacks.
func (f *footage) read(number uint64) (block, error) {
	dir := f.folder(number)
	known := f.index(number)
	files, err := os.ReadDir(dir)
	if err != nil {
		return block{}, fmt.Errorf("%w (%w)", text.Fail(nil, text.SealedDiskRead), err)
	}
	b := block{Number: number}
	for _, file := range files {
		seq, ok := sealed.SequenceOf(file.Name())
		if !ok {
			continue
		}
		e, has := known[seq]
		if !has {
			if e, err = f.inspect(seq); err != nil {
				return block{}, err
			}
			if err := f.append(e); err != nil {
				return block{}, err
			}
		}
		b.add(e)
	}
	return b, nil
}

// index reads a block's index; what is damaged in it is left out.
func (f *footage) index(number uint64) map[uint64]entry {
	known := map[uint64]entry{}
	in, err := os.Open(path.Join(f.folder(number), indexFile))
	if err != nil {
		return known
	}
	defer in.Close()
	for lines := bufio.NewScanner(in); lines.Scan(); {
		var e entry
		if json.Unmarshal(lines.Bytes(), &e) == nil {
			known[e.Sequence] = e
		}
	}
	return known
}

// known is what the index has of a segment.
func (f *footage) known(seq uint64) (entry, error) {
	e, ok := f.index(sealed.Block(seq))[seq]
	if !ok {
		return e, fs.ErrNotExist
	}
	return e, nil
}

// same reports whether a segment is as it was sealed. One that is past its term meanwhile is.
func (f *footage) same(e entry) bool {
	_, sum, err := sealed.SumOf(os.DirFS(f.root), f.camera, e.Sequence)
	if errors.Is(err, fs.ErrNotExist) {
		_, err := f.known(e.Sequence)
		return err != nil
	}
	return sum == e.Sum && (err == nil || errors.Is(err, sealed.ErrFormat))
}

// inspect makes the entry of a segment from its file, all of which it reads. A process that
// may still be writing it is waited for.
func (f *footage) inspect(seq uint64) (entry, error) {
	name := path.Join(f.root, sealed.Path(f.camera, seq))
	if err := awaitWriter(name); err != nil {
		return entry{}, err
	}
	s, sum, err := sealed.SumOf(os.DirFS(f.root), f.camera, seq)
	if err != nil && !errors.Is(err, sealed.ErrFormat) {
		return entry{}, fmt.Errorf("%w (%w)", text.Fail(nil, text.SealedDiskRead), err)
	}
	e := entry{Sequence: seq, Start: s.Header.Start, Length: s.Trailer.Length, Size: s.Size, Sum: sum, Gap: s.Header.Gap, Torn: s.Torn || err != nil}
	if stat, err := os.Stat(name); err == nil && e.Torn {
		e.Size = stat.Size()
		if !e.Start.IsZero() {
			// By the clock, which somebody may have set meanwhile: no longer than a segment can be.
			e.Length = min(max(0, stat.ModTime().Sub(e.Start)), longestSegment).Milliseconds()
		} else {
			e.Start = stat.ModTime()
		}
	}
	return e, nil
}

// append writes an entry to the index.
func (f *footage) append(e entry) error {
	b, err := json.Marshal(e)
	if err != nil {
		return err
	}
	out, err := os.OpenFile(path.Join(f.folder(sealed.Block(e.Sequence)), indexFile), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("index of sealed footage: %w", err)
	}
	_, err = out.Write(append(b, '\n'))
	return errors.Join(err, out.Close())
}

// put counts a segment in that was just sealed, and closes the block before it.
func (f *footage) put(e entry) error {
	number := sealed.Block(e.Sequence)
	n := len(f.blocks)
	if n == 0 || f.blocks[n-1].Number != number {
		if n > 0 {
			before := f.blocks[n-1]
			if err := writeJSON(path.Join(f.folder(before.Number), summaryFile), before); err != nil {
				return err
			}
		}
		f.blocks = append(f.blocks, block{Number: number})
		n++
	}
	f.blocks[n-1].add(e)
	return f.append(e)
}

// last is the newest segment's number, hash and end; zero values: there is none.
func (f *footage) last() (uint64, sealed.Sum, time.Time) {
	if len(f.blocks) == 0 {
		return 0, sealed.Sum{}, time.Time{}
	}
	b := f.blocks[len(f.blocks)-1]
	return b.Last, b.Sum, b.End
}

// old is how many blocks at the front are past their terms: each ended longer ago than its term, and so
// did all before it; or at least as much was recorded after it, whatever the clock says. So a
// clock that is set back makes nothing old before its turn, and one that is set forward keeps
// nothing for ever. The newest block is never old.
func (f *footage) old(term func(block) time.Duration, now time.Time) int {
	var after time.Duration // recorded after the block
	recorded := make([]time.Duration, len(f.blocks))
	for i := len(f.blocks) - 1; i >= 0; i-- {
		recorded[i] = after
		after += f.blocks[i].Recorded
	}
	for i, b := range f.blocks {
		if i == len(f.blocks)-1 || recorded[i] < term(b) && now.Sub(b.End) < term(b) {
			return i
		}
	}
	return 0
}

// drop removes the oldest block.
func (f *footage) drop() error {
	dir := f.folder(f.blocks[0].Number)
	files, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	// The segments go in order: where this ends in between, what is left is still a chain.
	slices.SortFunc(files, func(a, b os.DirEntry) int { return cmpSegments(a.Name(), b.Name()) })
	for _, n := range files {
		if err := wholefile.IgnoreMissing(os.Remove(path.Join(dir, n.Name()))); err != nil {
			return err
		}
	}
	if err := wholefile.IgnoreMissing(os.Remove(dir)); err != nil {
		return err
	}
	f.blocks = f.blocks[1:]
	return nil
}

// cmpSegments orders segments by their numbers, and what is none after them.
func cmpSegments(a, b string) int {
	x, isA := sealed.SequenceOf(a)
	y, isB := sealed.SequenceOf(b)
	switch {
	case isA != isB && isA, isA && isB && x < y:
		return -1
	case isA != isB, isA && isB && x > y:
		return 1
	}
	return 0
}
