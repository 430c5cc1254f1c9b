// Package change writes changes to the store in the background, so that what masks
// more is in force before the disk has it, and what masks less only after. Inputs are
// the writes as functions, outputs what came of them. Each Queue has one goroutine,
// which Close waits for; a change may never wait for another queue.
package change

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/backoff"
)

const (
	// maxWaiting bounds the changes that wait for the disk: some 2 MB. One more is
	// in force like the others, but its answer says that it is not kept.
	maxWaiting = 4096
	// Within is how long an answer waits for the disk: what masks has to be
	// reported as in force within a second.
	Within = 800 * time.Millisecond
	// alarmSlack is by how much timers may be early.
	alarmSlack = 20 * time.Millisecond
	// tryAgain is the pause after a write that failed.
	tryAgain = time.Second
)

// Queue writes to the store, one change after another in the order in which
// they were put, so that whoever puts one need not wait for a disk that hangs.
// What masks is tried again until it is written.
type Queue struct {
	log *slog.Logger
	// late is called when changes begin or cease to be late.
	late func()

	mu       sync.Mutex
	queue    []*Change // the first one is being written
	reported bool      // late was called for the present delay
	full     uint64    // changes that found no room
	ended    bool

	wake chan struct{} // holds one
	stop context.CancelFunc
	done chan struct{}
}

// Change is one change on its way to the disk.
type Change struct {
	what  string
	masks bool // in force already: it is never given up
	write func() error
	since time.Time
	alarm *time.Timer   // nil: nobody hears that it is late
	Done  chan struct{} // closed when err says what came of it
	Err   error
}

// NewQueue starts one; late may be called from any goroutine.
func NewQueue(log *slog.Logger, late func()) *Queue {
	ctx, cancel := context.WithCancel(context.Background())
	k := &Queue{log: log, late: late, wake: make(chan struct{}, 1), stop: cancel, done: make(chan struct{})}
	go k.run(ctx)
	return k
}

// Mask queues what is in force already and is to be written for good.
func (k *Queue) Mask(what string, write func() error) *Change {
	return k.put(&Change{what: what, masks: true, write: write})
}

// Once queues a change that is tried once.
func (k *Queue) Once(what string, write func() error) *Change {
	return k.put(&Change{what: what, write: write})
}

func (k *Queue) put(p *Change) *Change {
	p.since, p.Done = time.Now(), make(chan struct{})
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.ended || len(k.queue) >= maxWaiting {
		k.full++
		p.Err = api.Because(api.CodeBusy, text.Fail(errNoRoom, text.StoreBehind, len(k.queue)))
		close(p.Done)
		if p.masks {
			k.log.Error("what is masked will not be stored: too many changes wait for the disk", "change", p.what)
		}
		return p
	}
	k.queue = append(k.queue, p)
	if p.masks {
		p.alarm = time.AfterFunc(Within+alarmSlack, k.report)
	}
	select {
	case k.wake <- struct{}{}:
	default: // it has yet to wake for the last one
	}
	return p
}

// errNoRoom: there was no room.
var errNoRoom = errors.New("too many changes wait for the disk")

// Soon is Once for what the next call under the same name makes up for: one of
// a name waits at a time.
func (k *Queue) Soon(what string, write func() error) {
	k.mu.Lock()
	for _, p := range k.queue[min(1, len(k.queue)):] {
		if p.what == what {
			p.write = write
			k.mu.Unlock()
			return
		}
	}
	k.mu.Unlock()
	k.Once(what, write)
}

// Within waits for a change, for a moment: after that it is ErrUnstored.
func (p *Change) Within(limit time.Duration) error {
	select {
	case <-p.Done:
		return p.Err
	default:
	}
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-p.Done:
		return p.Err
	case <-timer.C:
		return text.Fail(api.ErrUnstored, text.StoreUnstored)
	}
}

// Until waits for a change as long as somebody wants to know.
func (p *Change) Until(ctx context.Context) error {
	select {
	case <-p.Done:
		return p.Err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Unstored counts changes that mask and wait for the disk longer than an answer
// does, and those that found no room.
func (k *Queue) Unstored() (waiting int, full uint64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.countLate(time.Now()), k.full
}

func (k *Queue) countLate(now time.Time) (n int) {
	for _, p := range k.queue {
		if p.masks && now.Sub(p.since) >= Within {
			n++
		}
	}
	return n
}

func (k *Queue) run(ctx context.Context) {
	defer close(k.done)
	for {
		p := k.first()
		switch {
		case p != nil:
			k.write(ctx, p)
		case ctx.Err() != nil:
			return
		default:
			select {
			case <-k.wake:
			case <-ctx.Done():
			}
		}
	}
}

func (k *Queue) first() *Change {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.queue) == 0 {
		return nil
	}
	return k.queue[0]
}

// write writes one change; what masks again and again, until the gateway ends.
func (k *Queue) write(ctx context.Context, p *Change) {
	err := p.write()
	for tries := 1; p.masks && err != nil && !Final(err) && ctx.Err() == nil; tries++ {
		if tries == 1 {
			k.log.Error("what is masked cannot be stored yet and is tried again", "change", p.what, "error", err)
		}
		backoff.Sleep(ctx, tryAgain) // and once more where it ends meanwhile
		err = p.write()
	}
	if p.masks && err != nil && !errors.Is(err, ErrOffLog) {
		k.log.Error("what is masked could not be stored", "change", p.what, "error", err)
	}
	if p.alarm != nil {
		p.alarm.Stop()
	}
	k.mu.Lock()
	k.queue = k.queue[1:]
	caughtUp := k.reported && k.countLate(time.Now()) == 0
	if caughtUp {
		k.reported = false
	}
	k.mu.Unlock()
	p.Err = err
	close(p.Done)
	if caughtUp {
		k.log.Info("all that is masked is stored")
		k.late()
	}
}

// report says that changes wait, in the log once for each delay.
func (k *Queue) report() {
	k.mu.Lock()
	waiting := k.countLate(time.Now())
	first := waiting > 0 && !k.reported
	k.reported = k.reported || first
	k.mu.Unlock()
	if first {
		k.log.Error("the disk does not take what is masked: it is in force, and lost if the gateway ends before", "changes", waiting)
	}
	if waiting > 0 {
		k.late()
	}
}

// Final tells errors that another try will not mend: the store refused the
// change, or all but the audit log is written.
func Final(err error) bool {
	if errors.As(err, new(*api.Error)) {
		return true
	}
	for _, e := range []error{store.ErrInvalid, store.ErrExists, store.ErrNotFound, store.ErrUnreadable, store.ErrDamaged, ErrOffLog} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// ErrOffLog: a change is stored but not in the audit log, which counts what
// it misses and says so once it can.
var ErrOffLog = errors.New("not in the audit log")

// offLog marks such an error.
type offLog struct{ error }

func (offLog) Is(target error) bool { return target == ErrOffLog }
func (o offLog) Unwrap() error      { return o.error }

// ExceptLog is the end of a change: what the audit log misses is no reason to write it again.
func ExceptLog(err error) error {
	if err == nil {
		return nil
	}
	return offLog{err}
}

// Close writes what waits, each once, and ends. It waits for a disk that hangs:
// whoever calls it has a limit.
func (k *Queue) Close() {
	k.mu.Lock()
	k.ended = true
	k.mu.Unlock()
	k.stop()
	<-k.done
}

// Waits reports whether a change of this name is not written yet.
func (k *Queue) Waits(what string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.ContainsFunc(k.queue, func(p *Change) bool { return p.what == what })
}
