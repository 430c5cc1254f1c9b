package worker

import (
	"slices"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Bounds of what waits for the child and of what is kept for the next one.
const (
	maxQueueUnits = 64
	maxQueueBytes = wire.MaxBody // at most what one frame may be
	maxGOPUnits   = 300
	maxGOPBytes   = 16 << 20
)

const (
	// jump is the difference between a camera's clock and ours, from one access
	// unit to the next, that means a new connection.
	jump = 10 * time.Second
	// reorder is how far presentation times may go back within one connection:
	// B-frames come after the frames that they are shown before.
	reorder = time.Second
	// tooOld is the age from which a frame would not be shown any more: the
	// child decodes it for those that refer to it, and no more.
	tooOld = time.Second
	// maxInterval bounds what is taken for the time between two frames;
	// a longer one is a pause.
	maxInterval = 5 * time.Second
)

// unit is an access unit in the queue, its time by the queue's clock.
type unit struct {
	fed
	keyframe bool
	nalus    [][]byte
	size     int
}

// queue stands between the camera's goroutine, which must never wait, and the
// writer of the child. It gives the access units of all connections one clock,
// holds those that the child has not taken yet, and keeps the newest group of
// frames for the next child, so that it need not wait for the camera's next
// keyframe. Compressed units are all it holds, in memory alone.
type queue struct {
	wake  chan struct{} // for the writer: there may be something new
	epoch time.Time     // where the clock is zero

	mu           sync.Mutex
	closed       bool
	attached     *inFlight      // of the child that is fed; nil: none
	want         keyframes      // that viewers wait for
	settings     *wire.Settings // to be sent, nil: none
	wantSnapshot bool
	replays      []unit // go first; bounded by the group of pictures
	units        []unit
	bytes        int
	waitKey      bool // after a loss nothing can be decoded before a keyframe

	gop      []unit
	gopBytes int
	gopID    int // grows with each keyframe
	replayed int // the one that the present child began with

	codec    media.Codec
	conn     uint64
	anchored bool           // offset holds for this connection
	down     text.Key       // why there is no connection
	offset   media.Ticks90k // from the camera's clock to ours
	lastRaw  media.Ticks90k
	last     media.Ticks90k // the highest time given out
	lastCame time.Time
	interval time.Duration // between two frames, smoothed

	fedUnits, fedBytes, dropped uint64
}

func newQueue(now time.Time) *queue {
	return &queue{wake: make(chan struct{}, 1), epoch: now, waitKey: true, last: -1, interval: 40 * time.Millisecond}
}

func (q *queue) notify() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// push takes an access unit from the camera. It reports whether the codec is
// another one than before.
func (q *queue) push(r media.Raw, now time.Time) (newCodec bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return false
	}
	q.fedUnits++
	q.fedBytes += uint64(r.Size())
	if newCodec = r.Codec != q.codec; newCodec {
		q.codec = r.Codec
		q.attached = nil // that child decodes another one
		q.forget()
	}
	u := unit{keyframe: r.Keyframe, nalus: r.NALUs, size: bodySize(r)}
	u.pts, u.ntp, u.came = q.clock(r.PTS, now), r.NTP, now
	u.conn = q.conn
	q.keep(u)
	q.enqueue(u)
	q.notify()
	return newCodec
}

// bodySize is at least what r takes in a frame.
func bodySize(r media.Raw) int { return r.Size() + 4*len(r.NALUs) + 64 }

// clock maps a camera's presentation time. Each connection is anchored where
// its first access unit arrives, so that time goes on across connections.
func (q *queue) clock(raw media.Ticks90k, now time.Time) media.Ticks90k {
	step, passed := (raw - q.lastRaw).Duration(), now.Sub(q.lastCame)
	if q.anchored && (step < -reorder || step-passed > jump || passed-step > jump) {
		q.disconnect()
	}
	if !q.anchored {
		q.anchored, q.down = true, ""
		q.offset = max(media.TicksOf(now.Sub(q.epoch)), q.last+1) - raw
	} else if passed < maxInterval {
		q.interval += (passed - q.interval) / 16
	}
	q.lastRaw, q.lastCame = raw, now
	pts := raw + q.offset
	q.last = max(q.last, pts)
	return pts
}

// disconnect forgets what belongs to the connection that ended.
func (q *queue) disconnect() {
	q.conn++
	q.anchored = false
	q.forget()
}

// forget drops all units; the next one that counts is a keyframe.
func (q *queue) forget() {
	q.drop()
	q.gop, q.gopBytes = nil, 0
	q.waitKey = true
}

// drop empties the line for the child.
func (q *queue) drop() {
	q.dropped += uint64(len(q.units))
	q.units, q.bytes, q.replays = nil, 0, nil
}

// keep adds u to the group of pictures. One that outgrows its bounds is of no
// use without its begin and given up.
func (q *queue) keep(u unit) {
	switch {
	case u.keyframe:
		q.gop, q.gopBytes = nil, 0
		q.gopID++
	case len(q.gop) == 0:
		return
	}
	q.gop, q.gopBytes = append(q.gop, u), q.gopBytes+u.size
	if len(q.gop) > maxGOPUnits || q.gopBytes > maxGOPBytes {
		q.gop, q.gopBytes = nil, 0
	}
}

// enqueue puts u in line for the child, if there is one.
func (q *queue) enqueue(u unit) {
	if q.attached == nil {
		return
	}
	full := len(q.units) >= maxQueueUnits || q.bytes+u.size > maxQueueBytes
	// What waits is worth nothing any longer where a replay has not caught up
	// or the child falls behind, and a keyframe offers a fresh begin.
	if u.keyframe && (full || len(q.replays) > 0) {
		q.drop()
		q.waitKey, full = false, u.size > maxQueueBytes
	}
	if q.waitKey = (q.waitKey && !u.keyframe) || full; q.waitKey {
		q.dropped++
		return
	}
	q.units, q.bytes = append(q.units, u), q.bytes+u.size
}

// attach opens the queue to a child: first the group of pictures so far, then
// what comes.
func (q *queue) attach(l *inFlight) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.attached = l
	q.units, q.bytes = nil, 0
	q.replays = slices.Clone(q.gop)
	for i := range q.replays {
		q.replays[i].replay = true
	}
	q.replayed = q.gopID
	q.waitKey = len(q.replays) == 0
	q.notify()
}

// detach closes it again and forgets what was still to be asked of that child;
// it returns the number of replayed units that were not sent.
func (q *queue) detach() (unsent int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	unsent = len(q.replays)
	q.drop()
	q.attached, q.want, q.settings, q.wantSnapshot = nil, keyframes{}, nil, false
	return unsent
}

// giveUpReplayed gives up the group of pictures that was replayed: it may be what
// kills the child.
func (q *queue) giveUpReplayed() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.gopID == q.replayed {
		q.gop, q.gopBytes = nil, 0
	}
}

// sourceDown ends a connection for this reason.
func (q *queue) sourceDown(reason text.Key) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.disconnect()
	q.down = reason
}

// close ends everything; later units are ignored.
func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.forget()
}

// ask asks the child for keyframes ahead of the units that wait.
func (q *queue) ask(k keyframes) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.want = q.want.and(k)
	q.notify()
}

// set sends new settings ahead of the units that wait; without a child they
// wait for the next one's Ready, in case its Hello was too early to have them.
func (q *queue) set(s wire.Settings) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.settings = &s
	q.notify()
}

// live is the source of a child's messages for a camera: Hello, then settings,
// requests and units as they come, and End when it is to stop.
func (q *queue) live(hello wire.Hello) source {
	helloSent, ended := false, false
	return func(quit <-chan struct{}) (message, bool) {
		if !helloSent {
			helloSent = true
			return message{wire.KindHello, wire.MarshalJSONBody(hello)}, true
		}
		if m, ok := q.next(quit); ok || ended {
			return m, ok
		}
		ended = true
		return message{wire.KindControl, wire.MarshalJSONBody(wire.Control{End: true})}, true
	}
}

// next waits for the next message until quit is closed.
func (q *queue) next(quit <-chan struct{}) (message, bool) {
	for {
		select {
		case <-quit:
			return message{}, false
		default:
		}
		if m, ok := q.take(time.Now()); ok {
			return m, true
		}
		select {
		case <-quit:
		case <-q.wake:
		}
	}
}

// take returns the next message for the child and notes its unit as in flight.
func (q *queue) take(now time.Time) (message, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.attached == nil {
		return message{}, false
	}
	if q.want.any() || q.settings != nil || q.wantSnapshot {
		c := wire.Control{Keyframe: q.want.main, SubKeyframe: q.want.sub, Settings: q.settings, Snapshot: q.wantSnapshot}
		q.want, q.settings, q.wantSnapshot = keyframes{}, nil, false
		return message{wire.KindControl, wire.MarshalJSONBody(c)}, true
	}
	u, ok := q.first()
	if !ok {
		return message{}, false
	}
	catchUp := u.replay || now.Sub(u.came) > tooOld
	return message{wire.KindUnit, u.marshal(q.attached.add(u.fed, now), catchUp)}, true
}

// first takes the next unit out of the line, if the child may have one more.
func (q *queue) first() (u unit, ok bool) {
	if q.attached.full() {
		return u, false
	}
	if len(q.replays) > 0 {
		u, q.replays = q.replays[0], q.replays[1:]
		return u, true
	}
	if len(q.units) == 0 {
		return u, false
	}
	u = q.units[0]
	q.units[0] = unit{} // lets go of its bytes
	q.units, q.bytes = q.units[1:], q.bytes-u.size
	return u, true
}

func (u unit) marshal(seq uint64, catchUp bool) []byte {
	return wire.Unit{Seq: seq, PTS: u.pts, NTP: u.ntp, Keyframe: u.keyframe, CatchUp: catchUp, NALUs: u.nalus}.Marshal()
}

// view is what the owner needs to know of the queue.
type view struct {
	codec    media.Codec
	conn     uint64
	live     bool     // this connection has sent something
	down     text.Key // why it has not; empty before the first one
	lastCame time.Time
	interval time.Duration
}

func (q *queue) view() view {
	q.mu.Lock()
	defer q.mu.Unlock()
	return view{q.codec, q.conn, q.anchored, q.down, q.lastCame, q.interval}
}

// count adds the queue's part to s.
func (q *queue) count(s *Stats) {
	q.mu.Lock()
	defer q.mu.Unlock()
	s.Fed, s.FedBytes, s.Dropped, s.Queued = q.fedUnits, q.fedBytes, q.dropped, len(q.replays)+len(q.units)
	if q.attached != nil {
		s.InFlight = q.attached.len()
	}
}
