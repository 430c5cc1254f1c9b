// Package past keeps how gateways stood, for a year, in one file.
//
// In: changes of gateways, as numbers from 0 to 7, and who has seen one. Out: all changes of a
// gateway's year, in order. An entry takes some four bytes; those of a gateway and a day (in UTC) stand
// together, days one after the other, so that the newest are written where the file ends and
// the oldest go at once. A gateway's year is as many reads as it has days.
//
// It starts no goroutine. It must never hold more than a year and a bounded day of a gateway, and
// never write over a file that it cannot read: that one is set aside.
package past

import (
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config/store/dbfile"
)

const (
	// Days are kept.
	Days = 366
	// MaxDay bounds the entries of one gateway and day; the others of that day are dropped and
	// counted.
	MaxDay = 2000
	// MaxState is the largest state.
	MaxState = 7
	// maxBy bounds the name of who has seen a change, in bytes; maxGateway a gateway's.
	maxBy      = 64
	maxGateway = 255

	day = 24 * 60 * 60
	// openWithin is how long another process may hold the file.
	openWithin = time.Second
	// fill leaves some room on a page: the newest day grows in many places.
	fill = 0.9
)

// Entry is that a gateway stands in another way since At, in seconds since 1970, or, where By is
// not empty, that this account had seen how it stood.
type Entry struct {
	Gateway  string `json:"n,omitempty"`
	At       int64  `json:"t"`
	From, To uint8
	By       string
}

// Store is the file. Its methods may be called from any goroutine.
type Store struct {
	db      *dbfile.DB
	dropped atomic.Uint64
	pruned  atomic.Int64 // the day before which nothing is left
}

var bucket = []byte("past")

// Open opens or makes the file. One that is damaged is set aside, and that is logged.
func Open(path string, log *slog.Logger) (*Store, error) {
	db, err := dbfile.Open(path, openWithin)
	if errors.Is(err, dbfile.ErrDamaged) {
		aside := path + time.Now().UTC().Format(".damaged-20060102T150405")
		log.Error("the history of the gateways is damaged: it was set aside and begins anew", "file", aside, "error", err)
		if err := os.Rename(path, aside); err != nil {
			return nil, fmt.Errorf("set the damaged history aside: %w", err)
		}
		db, err = dbfile.Open(path, openWithin)
	}
	if err != nil {
		return nil, fmt.Errorf("history of the gateways: %w", err)
	}
	s := &Store{db: dbfile.Guard(db)}
	err = s.db.Update(func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucketIfNotExists(bucket)
		return err
	})
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Close closes the file.
func (s *Store) Close() error { return s.db.Close() }

// Dropped counts entries that found no room in their day, or that nobody can have meant.
func (s *Store) Dropped() uint64 { return s.dropped.Load() }

// Add keeps entries, of each gateway in the order of their times. All are on the disk when it
// returns, or none.
func (s *Store) Add(all []Entry) error {
	if len(all) == 0 {
		return nil
	}
	dropped := uint64(0)
	err := s.db.Update(func(tx *bbolt.Tx) error {
		dropped = 0
		b := tx.Bucket(bucket)
		b.FillPercent = fill
		for _, e := range all {
			if !e.valid() {
				dropped++
				continue
			}
			chunk, ok := appendTo(b.Get(key(e.Gateway, e.At)), e)
			if !ok {
				dropped++
				continue
			}
			if err := b.Put(key(e.Gateway, e.At), chunk); err != nil {
				return err
			}
		}
		return s.prune(b, all[len(all)-1].At/day)
	})
	if err == nil {
		s.dropped.Add(dropped)
	}
	return err
}

func (e Entry) valid() bool {
	return e.Gateway != "" && len(e.Gateway) <= maxGateway && e.At > 0 && e.At/day <= 1<<16-1 && e.From <= MaxState && e.To <= MaxState && len(e.By) <= maxBy
}

// prune removes the days that are older than a year, once a day.
func (s *Store) prune(b *bbolt.Bucket, today int64) error {
	first := today - Days + 1
	if first <= s.pruned.Load() {
		return nil
	}
	limit := binary.BigEndian.AppendUint16(nil, uint16(max(first, 0)))
	c := b.Cursor()
	for k, _ := c.First(); k != nil && string(k[:2]) < string(limit); k, _ = c.First() {
		if err := b.Delete(k); err != nil {
			return err
		}
	}
	s.pruned.Store(first)
	return nil
}

// key is a gateway's day: the days come one after the other.
func key(gateway string, at int64) []byte {
	return append(binary.BigEndian.AppendUint16(nil, uint16(at/day)), gateway...)
}

// A chunk is the entries of a gateway and day. Each is the seconds since the one before, or
// since the day's beginning, as a uvarint; a byte of both states and whether somebody's name
// follows; and that name behind its length.
const named = 1 << 6

func appendTo(chunk []byte, e Entry) ([]byte, bool) {
	last, n := int64(0), 0
	for rest := chunk; len(rest) > 0; n++ {
		one, after, err := next(rest, last)
		if err != nil {
			chunk = chunk[:len(chunk)-len(rest)] // what can be read of it stays
			break
		}
		last, rest = one.At, after
	}
	if n >= MaxDay {
		return nil, false
	}
	since := max(e.At%day-last, 0) // a clock may have gone back
	out := binary.AppendUvarint(append(make([]byte, 0, len(chunk)+8+len(e.By)), chunk...), uint64(since))
	states := e.From<<3 | e.To
	if e.By == "" {
		return append(out, states), true
	}
	return append(append(out, states|named, byte(len(e.By))), e.By...), true
}

var errChunk = errors.New("entries of a day that end amid one")

// next reads an entry, whose time is that of the day.
func next(chunk []byte, last int64) (e Entry, rest []byte, err error) {
	since, n := binary.Uvarint(chunk)
	if n <= 0 || since >= day || len(chunk) < n+1 {
		return e, nil, errChunk
	}
	states := chunk[n]
	e = Entry{At: last + int64(since), From: states >> 3 & MaxState, To: states & MaxState}
	rest = chunk[n+1:]
	if states&named == 0 {
		return e, rest, nil
	}
	if len(rest) < 1 || len(rest) < 1+int(rest[0]) {
		return e, nil, errChunk
	}
	e.By = string(rest[1 : 1+int(rest[0])])
	return e, rest[1+int(rest[0]):], nil
}

// Year returns a gateway's entries of the year that ends with now, the oldest first.
func (s *Store) Year(gateway string, now time.Time) (all []Entry, err error) {
	today := now.Unix() / day
	err = s.db.View(func(tx *bbolt.Tx) error {
		b := tx.Bucket(bucket)
		for d := max(today-Days+1, 0); d <= today; d++ {
			all = append(all, read(b.Get(key(gateway, d*day)), d*day)...)
		}
		return nil
	})
	return all, err
}

// read reads the entries of a day, up to the first that is damaged.
func read(chunk []byte, begin int64) (all []Entry) {
	last := int64(0)
	for len(chunk) > 0 {
		e, rest, err := next(chunk, last)
		if err != nil {
			break
		}
		last, chunk = e.At, rest
		e.At += begin
		all = append(all, e)
	}
	return all
}

// Last is the newest change of a gateway in the year that ends with now; false: there is none.
func (s *Store) Last(gateway string, now time.Time) (last Entry, found bool) {
	today := now.Unix() / day
	err := s.db.View(func(tx *bbolt.Tx) error {
		b := tx.Bucket(bucket)
		for d := today; d >= max(today-Days+1, 0) && !found; d-- {
			for _, e := range read(b.Get(key(gateway, d*day)), d*day) {
				if e.By == "" {
					last, found = e, true
				}
			}
		}
		return nil
	})
	return last, found && err == nil
}
