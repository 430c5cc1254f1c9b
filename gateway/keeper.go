package gateway

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
)

const (
	// maxKept bounds the changes that wait for the disk: some 2 MB. One more is
	// in force like the others, but its answer says that it is not kept.
	maxKept = 4096
	// keptWithin is how long an answer waits for the disk: what masks has to be
	// told as in force within a second.
	keptWithin = 800 * time.Millisecond
	// alarmSlack is by how much timers may be early.
	alarmSlack = 20 * time.Millisecond
	// keepAgain is the pause after a write that failed.
	keepAgain = time.Second
)

// keeper writes to the store, one change after another in the order in which
// they were put, so that whoever puts one need not wait for a disk that hangs.
// What masks is tried again until it is written.
type keeper struct {
	log *slog.Logger
	// late is called when changes begin or cease to be late.
	late func()

	mu    sync.Mutex
	queue []*keeping // the first one is being written
	tells bool       // late was called for the present delay
	full  uint64     // changes that found no room
	ended bool

	wake chan struct{} // holds one
	stop context.CancelFunc
	done chan struct{}
}

// keeping is one change on its way to the disk.
type keeping struct {
	what  string
	masks bool // in force already: it is never given up
	write func() error
	since time.Time
	alarm *time.Timer   // nil: nobody is told that it is late
	done  chan struct{} // closed when err says what came of it
	err   error
}

func newKeeper(log *slog.Logger, late func()) *keeper {
	ctx, cancel := context.WithCancel(context.Background())
	k := &keeper{log: log, late: late, wake: make(chan struct{}, 1), stop: cancel, done: make(chan struct{})}
	go k.run(ctx)
	return k
}

// mask queues what is in force already and is to be written for good.
func (k *keeper) mask(what string, write func() error) *keeping {
	return k.put(&keeping{what: what, masks: true, write: write})
}

// keep queues a change that is tried once.
func (k *keeper) keep(what string, write func() error) *keeping {
	return k.put(&keeping{what: what, write: write})
}

func (k *keeper) put(p *keeping) *keeping {
	p.since, p.done = time.Now(), make(chan struct{})
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.ended || len(k.queue) >= maxKept {
		k.full++
		p.err = api.Because(api.CodeBusy, text.Fail(errNotKept, text.StoreBehind, len(k.queue)))
		close(p.done)
		return p
	}
	k.queue = append(k.queue, p)
	if p.masks {
		p.alarm = time.AfterFunc(keptWithin+alarmSlack, k.tell)
	}
	select {
	case k.wake <- struct{}{}:
	default: // it has not looked since the last one
	}
	return p
}

// errNotKept: there was no room.
var errNotKept = errors.New("too many changes wait for the disk")

// soon is keep for what the next call under the same name makes up for: one of
// a name waits at a time.
func (k *keeper) soon(what string, write func() error) {
	k.mu.Lock()
	for _, p := range k.queue[min(1, len(k.queue)):] {
		if p.what == what {
			p.write = write
			k.mu.Unlock()
			return
		}
	}
	k.mu.Unlock()
	k.keep(what, write)
}

// within waits for a change, for a moment: after that it is ErrUnstored.
func (p *keeping) within(limit time.Duration) error {
	select {
	case <-p.done:
		return p.err
	default:
	}
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-p.done:
		return p.err
	case <-timer.C:
		return text.Fail(api.ErrUnstored, text.StoreUnstored)
	}
}

// until waits for a change as long as somebody wants to know.
func (p *keeping) until(ctx context.Context) error {
	select {
	case <-p.done:
		return p.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// unstored counts changes that mask and wait for the disk longer than an answer
// does, and those that found no room.
func (k *keeper) unstored() (waiting int, full uint64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.countLate(time.Now()), k.full
}

func (k *keeper) countLate(now time.Time) (n int) {
	for _, p := range k.queue {
		if p.masks && now.Sub(p.since) >= keptWithin {
			n++
		}
	}
	return n
}

func (k *keeper) run(ctx context.Context) {
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

func (k *keeper) first() *keeping {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.queue) == 0 {
		return nil
	}
	return k.queue[0]
}

// write writes one change; what masks again and again, until the gateway ends.
func (k *keeper) write(ctx context.Context, p *keeping) {
	err := p.write()
	for tries := 1; p.masks && err != nil && !final(err) && ctx.Err() == nil; tries++ {
		if tries == 1 {
			k.log.Error("what is masked cannot be stored yet and is tried again", "change", p.what, "error", err)
		}
		select {
		case <-time.After(keepAgain):
		case <-ctx.Done():
		}
		err = p.write()
	}
	if p.alarm != nil {
		p.alarm.Stop()
	}
	k.mu.Lock()
	k.queue = k.queue[1:]
	caughtUp := k.tells && k.countLate(time.Now()) == 0
	if caughtUp {
		k.tells = false
	}
	k.mu.Unlock()
	p.err = err
	close(p.done)
	if caughtUp {
		k.log.Info("all that is masked is stored")
		k.late()
	}
}

// tell says that changes wait, in the log once for each delay.
func (k *keeper) tell() {
	k.mu.Lock()
	waiting := k.countLate(time.Now())
	first := waiting > 0 && !k.tells
	k.tells = k.tells || first
	k.mu.Unlock()
	if first {
		k.log.Error("the disk does not take what is masked: it is in force, and lost if the gateway ends before", "changes", waiting)
	}
	if waiting > 0 {
		k.late()
	}
}

// final tells errors that another try will not mend: the store refused the
// change, or all but the trail is written.
func final(err error) bool {
	if errors.As(err, new(*api.Error)) {
		return true
	}
	for _, e := range []error{store.ErrInvalid, store.ErrExists, store.ErrNotFound, store.ErrUnreadable, store.ErrDamaged, errOffTrail} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// errOffTrail: a change is stored but not on the audit trail, which counts what
// it misses and tells of it once it can.
var errOffTrail = errors.New("not on the audit trail")

// offTrail marks such an error.
type offTrail struct{ error }

func (offTrail) Is(target error) bool { return target == errOffTrail }
func (o offTrail) Unwrap() error      { return o.error }

// exceptTrail is the end of a change: what the trail misses is no reason to write it again.
func exceptTrail(err error) error {
	if err == nil {
		return nil
	}
	return offTrail{err}
}

// close writes what waits, each once, and ends. It waits for a disk that hangs:
// whoever calls it has a limit.
func (k *keeper) close() {
	k.mu.Lock()
	k.ended = true
	k.mu.Unlock()
	k.stop()
	<-k.done
}
