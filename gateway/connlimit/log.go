package connlimit

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	// LogEvery is the shortest time between two log lines on one source.
	LogEvery = time.Minute
	// MaxSources bounds the sources remembered; all others share a line.
	MaxSources = 1024
)

// LogLimiter lets one log line a minute on each source pass and counts the rest, so
// that nobody outside can fill the disk. The zero value is ready.
type LogLimiter struct {
	now func() time.Time // nil: time.Now

	mu  sync.Mutex
	all map[string]*lines
}

// lines are those on one source.
type lines struct {
	limiter *rate.Limiter
	muted   int // since the last one that passed
}

func newLines() *lines { return &lines{limiter: rate.NewLimiter(rate.Every(LogEvery), 1)} }

// Allow reports whether to write a line on source, and how many were left out
// since the last one.
func (q *LogLimiter) Allow(source string) (muted int, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := time.Now()
	if q.now != nil {
		now = q.now()
	}
	one := q.find(source, now)
	if !one.limiter.AllowN(now, 1) {
		one.muted++
		return 0, false
	}
	muted, one.muted = one.muted, 0
	return muted, true
}

// find makes an entry where there is none. The key of all those without a
// place of their own is empty.
func (q *LogLimiter) find(source string, now time.Time) *lines {
	if q.all == nil {
		q.all = map[string]*lines{}
	}
	if one := q.all[source]; one != nil {
		return one
	}
	if len(q.all) >= MaxSources {
		q.makeRoom(now)
	}
	if len(q.all) >= MaxSources {
		source = ""
	}
	if q.all[source] == nil {
		q.all[source] = newLines()
	}
	return q.all[source]
}

// makeRoom forgets the sources whose time is over. What was counted of them
// is reported with those that share a line.
func (q *LogLimiter) makeRoom(now time.Time) {
	shared := q.all[""]
	if shared == nil {
		shared = newLines()
	}
	for key, one := range q.all {
		if key != "" && one.limiter.TokensAt(now) >= 1 {
			shared.muted += one.muted
			delete(q.all, key)
		}
	}
	q.all[""] = shared
}
