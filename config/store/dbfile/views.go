package dbfile

import (
	"errors"
	"sync"

	"go.etcd.io/bbolt"
)

// mapped is how much of a database is mapped into memory from the begin, in bytes:
// addresses, not memory. A mapping that has to grow waits for all readers.
const mapped = 4 << 30

// mappedSlack is what one transaction may add at most.
const mappedSlack = 256 << 20

// views let readers go on while a writer waits for a disk that does not answer:
// bbolt holds the lock that begins and ends transactions while it writes the page
// that makes one count. So readers share one transaction that is begun after each
// write, and the writers alone begin and end it.
type views struct {
	writing sync.Mutex // one writer, held by whoever renews

	mu   sync.Mutex
	idle sync.Cond // of mu: somebody left
	now  *view     // nil: readers have transactions of their own
	old  []*view   // not ended yet
}

// view is one state of the database, with how many read it.
type view struct {
	tx    *bbolt.Tx
	users int
}

// ShareReads has readers share a transaction from now on.
func (g *DB) ShareReads() error {
	g.views.writing.Lock()
	defer g.views.writing.Unlock()
	g.views.idle.L = &g.views.mu
	tx, err := g.DB.Begin(false)
	if err != nil {
		return err
	}
	g.views.mu.Lock()
	defer g.views.mu.Unlock()
	g.views.now = &view{tx: tx}
	return nil
}

func (vs *views) enter() *view {
	vs.mu.Lock()
	defer vs.mu.Unlock()
	if vs.now != nil {
		vs.now.users++
	}
	return vs.now
}

// leave never ends the transaction: that might wait for the disk.
func (vs *views) leave(v *view) {
	vs.mu.Lock()
	defer vs.mu.Unlock()
	if v.users--; v.users == 0 && vs.idle.L != nil {
		vs.idle.Broadcast()
	}
}

// renew shows what was written. The caller holds writing.
func (vs *views) renew(db *bbolt.DB) error {
	if vs.now == nil {
		return nil
	}
	tx, err := db.Begin(false)
	if err != nil {
		return err
	}
	vs.mu.Lock()
	vs.old = append(vs.old, vs.now)
	vs.now = &view{tx: tx}
	vs.mu.Unlock()
	return vs.sweep()
}

// sweep ends the transactions that nobody uses any more.
func (vs *views) sweep() (err error) {
	vs.mu.Lock()
	var unused, still []*view
	for _, v := range vs.old {
		if v.users == 0 {
			unused = append(unused, v)
		} else {
			still = append(still, v)
		}
	}
	vs.old = still
	vs.mu.Unlock()
	for _, v := range unused {
		err = errors.Join(err, v.tx.Rollback())
	}
	return err
}

// room gives the shared transaction up where a database is about to outgrow its
// mapping, which could not grow as long as anybody reads.
func (vs *views) room() error {
	if vs.now == nil || vs.now.tx.Size() < mapped-mappedSlack {
		return nil
	}
	return vs.end()
}

// end waits for all readers and has new ones begin transactions of their own.
func (vs *views) end() error {
	vs.mu.Lock()
	if vs.now != nil {
		vs.old, vs.now = append(vs.old, vs.now), nil
	}
	for vs.busy() {
		vs.idle.Wait()
	}
	vs.mu.Unlock()
	return vs.sweep()
}

func (vs *views) busy() bool {
	for _, v := range vs.old {
		if v.users > 0 {
			return true
		}
	}
	return false
}
