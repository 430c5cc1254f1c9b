package dbfile

import (
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"sync"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config/text"
)

// DB stands before the open database. CheckPages has read all of the file
// at the opening, but the disk may fail later: bbolt then panics, or reads
// where the file has ended. DB makes an error of that, once, and lets
// nobody at the database any more: bbolt may still hold its locks.
type DB struct {
	*bbolt.DB
	once   sync.Once
	broken chan struct{}
	why    error // valid once broken is closed

	views views
}

// Guard puts a DB before a database that is open.
func Guard(db *bbolt.DB) *DB { return &DB{DB: db, broken: make(chan struct{})} }

// View runs f in a transaction that reads.
func (g *DB) View(f func(*bbolt.Tx) error) (err error) {
	if g.isBroken() {
		return g.why
	}
	defer g.rescue(debug.SetPanicOnFault(true), &err)
	if v := g.views.enter(); v != nil {
		defer g.views.leave(v)
		return f(v.tx)
	}
	return g.DB.View(f)
}

// Update runs f in a transaction that writes.
func (g *DB) Update(f func(*bbolt.Tx) error) (err error) {
	if g.isBroken() {
		return g.why
	}
	defer g.rescue(debug.SetPanicOnFault(true), &err)
	g.views.writing.Lock()
	defer g.views.writing.Unlock()
	if err := g.views.room(); err != nil {
		return err
	}
	if err := g.DB.Update(f); err != nil {
		return err
	}
	return g.views.renew(g.DB)
}

func (g *DB) rescue(before bool, err *error) {
	if r := recover(); r != nil {
		*err = g.fail(fmt.Errorf("reading it failed: %v", r))
	}
	debug.SetPanicOnFault(before)
}

func (g *DB) fail(why error) error {
	g.once.Do(func() {
		g.why = Damaged(g.Path(), why)
		close(g.broken)
	})
	return g.why
}

func (g *DB) isBroken() bool {
	select {
	case <-g.broken:
		return true
	default:
		return false
	}
}

// Close leaves a broken database as it is: the end of the process lets go of it.
func (g *DB) Close() error {
	if g.isBroken() {
		return nil
	}
	g.views.writing.Lock()
	defer g.views.writing.Unlock()
	if err := g.views.end(); err != nil {
		return err
	}
	return g.DB.Close()
}

// Broken is closed when the database turns out to be damaged while it is open.
func (g *DB) Broken() <-chan struct{} { return g.broken }

// Check reads the whole file as Open does, while others read and write.
func (g *DB) Check() error {
	f, err := os.Open(g.Path())
	if err != nil {
		return text.Fail(err, text.StoreOpen, g.Path(), err)
	}
	defer f.Close()
	var bad error
	err = g.View(func(tx *bbolt.Tx) error { // while it lasts, no page that it sees is written over
		bad = checkState(f, uint32(g.Info().PageSize), tx)
		return nil
	})
	if bad != nil {
		return g.fail(bad)
	}
	return err
}

// checkState checks the pages of the state that tx sees. Those of a newer one
// may be written over at once, for no reader holds them; so may the list of
// free pages.
func checkState(r io.ReaderAt, pageSize uint32, tx *bbolt.Tx) error {
	if _, err := readMeta(r); err != nil {
		return err
	}
	m := meta{pageSize: pageSize, root: uint64(tx.Cursor().Bucket().Root()), limit: uint64(tx.Size()) / uint64(pageSize)}
	p := pages{r: r, meta: m, seen: make([]bool, m.limit)}
	return p.visit(m.root)
}
