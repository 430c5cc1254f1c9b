package sealed

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/config/sealed"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/backoff"
	"github.com/bauta-gateway/bauta/gateway/sealed/process"
	"github.com/bauta-gateway/bauta/hardware/media"
)

const (
	// segmentLength is when a segment ends, with the keyframe that follows.
	segmentLength = time.Minute
	// longestSegment and largestSegment end one whose camera sends no keyframe, or very much: what comes
	// until the next keyframe is of the next segment all the same, and nothing is lost.
	longestSegment = 5 * time.Minute
	largestSegment = 256 << 20
)

// again is when what failed is tried again.
var again = backoff.Bounds{First: 250 * time.Millisecond, Longest: 10 * time.Second}

// item waits to be sealed: an access unit, or the end of what the camera sends.
type item struct {
	unit media.Raw
	at   time.Time
	end  string // one of sealed's End words; empty: a unit
}

// recorder seals one camera. Its goroutine is run; Feed and Lost never wait for it.
type recorder struct {
	room   *Room
	camera media.CameraID
	log    *slog.Logger
	wake   chan struct{} // holds one

	mu      sync.Mutex
	queue   []item
	bytes   int
	full    bool   // what comes is dropped until there is room and a keyframe
	dropped uint64 // access units
	peak    int    // bytes that waited at most
	state   State
	stale   bool // the disk is another one: what is known of it is not true any more

	// Of the owner alone.
	footage  *footage
	now      *segment
	gap      string // why nothing was sealed since the last segment; empty: nothing is missing
	failures int    // in a row, to begin a segment
	broken   int    // segments in a row that were begun and not ended
}

// Feed takes an access unit. Where the disk is too slow or away for longer than the queue lasts, units are
// dropped, counted, and the gap is marked.
func (r *recorder) Feed(u media.Raw) {
	now := time.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.full && (!u.Keyframe || r.bytes > r.room.Queue/2) {
		r.dropped++
		return
	}
	size := u.Size()
	if r.bytes+size > r.room.Queue {
		r.full = true
		r.dropped++
		r.push(item{at: now, end: r.why()})
		return
	}
	r.full = false
	r.bytes += size
	r.peak = max(r.peak, r.bytes)
	r.push(item{unit: u, at: now})
}

// why is the reason for a gap when the queue is full.
func (r *recorder) why() string {
	switch r.state.Fault {
	case "":
		return sealed.EndSlow
	case process.FaultKeys:
		return sealed.EndStopped
	}
	return sealed.EndDisk
}

// Lost says that the camera sends nothing more for now.
func (r *recorder) Lost() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if n := len(r.queue); n > 0 && r.queue[n-1].end != "" {
		return
	}
	r.push(item{at: time.Now(), end: sealed.EndCamera})
}

func (r *recorder) push(i item) {
	r.queue = append(r.queue, i)
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// next is what waits longest; it stays in the queue until done.
func (r *recorder) next() (item, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.queue) == 0 {
		return item{}, false
	}
	return r.queue[0], true
}

func (r *recorder) done() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.bytes -= r.queue[0].unit.Size()
	r.queue[0] = item{}
	r.queue = r.queue[1:]
}

// run is the owner. It ends with ctx, after the segment at hand.
func (r *recorder) run(ctx context.Context) {
	r.gap = sealed.EndStopped
	sweep := time.NewTicker(r.room.Sweep)
	defer sweep.Stop()
	r.expire()
	for {
		select {
		case <-sweep.C:
			r.expire()
		default:
		}
		i, waits := r.next()
		if !waits {
			select {
			case <-r.wake:
				continue
			case <-sweep.C:
				r.expire()
				continue
			case <-ctx.Done():
				r.end(sealed.EndStopped, time.Now())
				return
			}
		}
		if err := r.take(i); err != nil {
			r.failed(err)
			select {
			case <-time.After(again.After(r.failures)):
				continue
			case <-ctx.Done():
				r.end(sealed.EndStopped, time.Now())
				return
			}
		}
		r.done()
	}
}

// take does what one item asks. After an error it is tried again.
func (r *recorder) take(i item) error {
	if i.end != "" {
		r.end(i.end, i.at)
		r.gap = i.end
		return nil
	}
	if r.now != nil && r.over(i) {
		r.end(sealed.EndFull, i.at)
	}
	if r.now == nil {
		if !i.unit.Keyframe && r.gap != "" {
			return nil // nobody could show it: the gap lasts until the next keyframe
		}
		if err := r.begin(i.at); err != nil {
			return err
		}
	}
	if err := r.now.write(i.unit, i.at); err != nil {
		_, said := r.now.end(sealed.EndProcess, i.at)
		r.torn(errors.Join(err, said))
		return nil
	}
	return nil
}

func (r *recorder) over(i item) bool {
	age := i.at.Sub(r.now.first)
	return i.unit.Keyframe && age >= r.room.Length || age >= longestSegment || r.now.bytes >= largestSegment
}

// begin starts the next segment.
func (r *recorder) begin(at time.Time) error {
	if err := r.read(); err != nil {
		return err
	}
	if err := r.room.full(); err != nil {
		return err
	}
	keys, err := r.room.given()
	if err != nil {
		return err
	}
	last, sum, ended := r.footage.last()
	if gone := r.room.gone(r.camera); last < gone.Sequence {
		last, sum = gone.Sequence, gone.Sum
	}
	h := sealed.Header{Camera: r.camera, Sequence: last + 1, Start: at.UTC().Truncate(time.Millisecond), Previous: sum}
	if r.gap != "" && last > 0 {
		h.Gap = &sealed.Gap{Since: ended, Reason: r.gap}
	}
	r.now, err = begin(r.room.Program, process.Start{Root: r.room.Folder, Disk: r.room.disk.id(), Header: h, Keys: keys})
	if err != nil {
		if faultOf(err) == process.FaultExists {
			r.footage = nil // the disk has more than was known: read it again
		}
		return err
	}
	r.room.layers.Do(func() { r.log.Info("the process that seals is locked down", "layers", strings.Join(r.now.lock, " ")) })
	r.gap, r.failures = "", 0
	r.note(func(s *State) { s.begun = h.Start })
	if r.broken == 0 {
		r.stands(true, "")
	}
	return nil
}

// read makes sure that the disk is there, and that what it holds of the camera is known.
func (r *recorder) read() error {
	if err := r.room.disk.check(); err != nil {
		return err
	}
	if r.wasStale() {
		r.footage = nil
	}
	if r.footage != nil {
		return nil
	}
	f, err := load(r.room.Folder, r.camera)
	if err != nil {
		return err
	}
	r.footage = f
	r.count(nil)
	return nil
}

// reread has the owner read the disk anew before the next segment.
func (r *recorder) reread() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stale, r.state.blocks = true, nil
}

// wasStale reports whether what was known of the disk is of another one, and ends that.
func (r *recorder) wasStale() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	was := r.stale
	r.stale = false
	return was
}

// expire deletes what is past its term.
func (r *recorder) expire() {
	if r.now != nil && r.footage == nil || r.read() != nil {
		return
	}
	if r.room.expire(r.footage) {
		r.count(nil)
	}
}

// end closes the segment at hand.
func (r *recorder) end(why string, until time.Time) {
	if r.now == nil {
		return
	}
	g := r.now
	if why != sealed.EndFull {
		until = g.last // what comes after the last access unit was not recorded
	}
	said, err := g.end(why, until)
	if err != nil {
		r.torn(err)
		return
	}
	r.now, r.broken = nil, 0
	r.stands(true, "")
	e := entry{Sequence: g.header.Sequence, Start: g.header.Start, Length: until.Sub(g.first).Milliseconds(), Size: said.Size, Sum: said.Sum, Gap: g.header.Gap}
	r.count(r.footage.put(e))
	if why != sealed.EndFull {
		r.gap = why
		r.note(func(s *State) { s.Sealing = false })
	}
}

// torn takes in what a process that died left behind.
func (r *recorder) torn(why error) {
	r.log.Warn("a sealed segment is torn", "segment", r.now.header.Sequence, "error", why)
	g := r.now
	r.now, r.gap = nil, sealed.EndProcess
	if faultOf(why) == process.FaultDisk {
		r.gap = sealed.EndDisk
	}
	e, err := r.footage.inspect(g.header.Sequence)
	if err == nil {
		err = r.footage.put(e)
	}
	r.count(err)
	// Once is a process that died; twice is a disk that opens files and takes nothing.
	if r.broken++; r.broken > 1 {
		r.stands(false, cmp.Or(faultOf(why), process.FaultDisk))
	}
}

// count brings the state up to date. What could not be indexed is read again from the disk.
func (r *recorder) count(err error) {
	if err != nil {
		r.log.Warn("the index of sealed footage is made anew", "error", err)
		r.footage = nil
		return
	}
	blocks := append([]block(nil), r.footage.blocks...)
	r.note(func(s *State) { s.blocks = blocks })
}

// failed notes why no segment could be begun.
func (r *recorder) failed(err error) {
	r.failures++
	why := faultOf(err)
	switch {
	case errors.Is(err, sealed.ErrKeys):
		why = process.FaultKeys
	case errors.Is(err, errAway):
		why = process.FaultAway
	case errors.Is(err, errFull):
		why = FaultFull
	case why == "":
		why = process.FaultDisk
	}
	if r.failures == 1 {
		r.log.Error("nothing is sealed for now", "why", why, "error", err)
	}
	r.stands(false, why)
}

// stands notes whether a segment is being written, and tells of each change of what is wrong.
func (r *recorder) stands(sealing bool, fault string) {
	was := ""
	r.note(func(s *State) { was, s.Sealing, s.Fault = s.Fault, sealing, fault })
	if was == fault {
		return
	}
	from, to := cmp.Or(was, faultNone), cmp.Or(fault, faultNone)
	r.room.Audit.Note(audit.Record{
		Action: audit.SealedFault, Actor: audit.Gateway, Subject: audit.Camera(r.camera), Detail: from + ">" + to,
		Event: &audit.Event{Type: audit.EventSealed, Camera: r.camera, From: from, To: to},
	})
}

// faultNone is the word of events for nothing wrong.
const faultNone = "ok"

func (r *recorder) note(change func(*State)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	change(&r.state)
}
