package dbfile

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
)

// bbolt trusts its file: on a damaged one it panics, reads past the end or
// follows pages in a circle until memory is gone. So CheckPages reads all of a
// file before bbolt does. It refuses what bbolt could stumble over: pages that
// are out of bounds, of a wrong kind or reached twice, and entries that stick
// out of their page. Numbers are little endian, as on every machine we run on.

// Kinds of pages, and the flag of an entry that is a bucket.
const (
	branchPage   = 0x01
	leafPage     = 0x02
	freelistPage = 0x10
	bucketEntry  = 0x01
)

const (
	headSize    = 16 // of a page: id, kind, count, overflow
	entrySize   = 16 // of a branch's or a leaf's entry, without key and value
	bucketSize  = 16 // of a bucket's root and sequence
	metaSize    = 64
	boltMagic   = 0xED0CDAED
	boltVersion = 2
	noFreelist  = 1<<64 - 1
)

// meta is the root of one state of the file. There are two, written in turns.
type meta struct {
	pageSize                    uint32
	root, freelist, limit, txid uint64
}

// pages walks one file.
type pages struct {
	r    io.ReaderAt
	meta meta
	seen []bool // by page
}

var errBeyond = errors.New("an entry reaches beyond its page")

// CheckPages checks a file of some length; an empty one is fine.
func CheckPages(r io.ReaderAt, length int64) error {
	if length == 0 {
		return nil
	}
	m, err := readMeta(r)
	if err != nil {
		return err
	}
	if whole := uint64(length) / uint64(m.pageSize); m.limit > whole {
		return fmt.Errorf("it ends after %d of %d pages", whole, m.limit)
	}
	p := pages{r: r, meta: m, seen: make([]bool, m.limit)}
	if err := p.visit(m.root); err != nil {
		return err
	}
	if m.freelist == noFreelist {
		return nil
	}
	return p.checkFreelist()
}

// readMeta returns the newer of the two that are whole: a power cut may have
// torn one. The second lies one page after the first, whose size only they
// know.
func readMeta(r io.ReaderAt) (best meta, err error) {
	found := false
	take := func(at int64) {
		b := make([]byte, headSize+metaSize)
		if _, err := r.ReadAt(b, at); err != nil {
			return
		}
		if m, ok := parseMeta(b[headSize:]); ok && (at == 0 || at == int64(m.pageSize)) && (!found || m.txid > best.txid) {
			best, found = m, true
		}
	}
	take(0)
	for size := int64(1 << 10); size <= 1<<16; size <<= 1 {
		take(size)
	}
	if !found {
		return meta{}, errors.New("its head is not that of a database")
	}
	return best, nil
}

func parseMeta(b []byte) (meta, bool) {
	u32, u64 := binary.LittleEndian.Uint32, binary.LittleEndian.Uint64
	sum := fnv.New64a()
	sum.Write(b[:metaSize-8])
	if u32(b) != boltMagic || u32(b[4:]) != boltVersion || u64(b[metaSize-8:]) != sum.Sum64() {
		return meta{}, false
	}
	m := meta{pageSize: u32(b[8:]), root: u64(b[16:]), freelist: u64(b[32:]), limit: u64(b[40:]), txid: u64(b[48:])}
	return m, m.pageSize >= 1<<10 && m.pageSize <= 1<<16 && m.limit >= 4
}

// take reads a page with its overflow and notes that it is in use.
func (p *pages) take(id uint64) ([]byte, error) {
	if id < 2 || id >= p.meta.limit {
		return nil, fmt.Errorf("page %d is out of bounds", id)
	}
	at := int64(id) * int64(p.meta.pageSize)
	head := make([]byte, headSize)
	if _, err := p.r.ReadAt(head, at); err != nil {
		return nil, err
	}
	more := uint64(binary.LittleEndian.Uint32(head[12:]))
	if binary.LittleEndian.Uint64(head) != id || more >= p.meta.limit-id {
		return nil, fmt.Errorf("page %d has a broken head", id)
	}
	for i := id; i <= id+more; i++ {
		if p.seen[i] {
			return nil, fmt.Errorf("page %d is used twice", i)
		}
		p.seen[i] = true
	}
	body := make([]byte, (more+1)*uint64(p.meta.pageSize))
	_, err := p.r.ReadAt(body, at)
	return body, err
}

func kindOf(page []byte) uint16    { return binary.LittleEndian.Uint16(page[8:]) }
func countOf(page []byte) int      { return int(binary.LittleEndian.Uint16(page[10:])) }
func isLeaf(page []byte) bool      { return kindOf(page) == leafPage }
func fits(page []byte, n int) bool { return headSize+n*entrySize <= len(page) }

// visit checks a page and all below it. Each page is reached once, so this
// ends.
func (p *pages) visit(id uint64) error {
	page, err := p.take(id)
	switch {
	case err != nil:
		return err
	case isLeaf(page):
		err = p.checkLeaf(page)
	case kindOf(page) == branchPage && countOf(page) > 0:
		err = p.checkBranch(page)
	default:
		err = errors.New("it is neither a branch nor a leaf")
	}
	if err != nil {
		return fmt.Errorf("page %d: %w", id, err)
	}
	return nil
}

func (p *pages) checkBranch(page []byte) error {
	if !fits(page, countOf(page)) {
		return errBeyond
	}
	for i := range countOf(page) {
		at := headSize + i*entrySize
		e := page[at:]
		pos, key := binary.LittleEndian.Uint32(e), binary.LittleEndian.Uint32(e[4:])
		if _, ok := part(page, at, pos, uint64(key)); !ok || key == 0 {
			return errBeyond
		}
		if err := p.visit(binary.LittleEndian.Uint64(e[8:])); err != nil {
			return err
		}
	}
	return nil
}

// checkLeaf takes a small bucket's page too, which lies in its entry's value.
func (p *pages) checkLeaf(page []byte) error {
	if !fits(page, countOf(page)) {
		return errBeyond
	}
	var last []byte
	for i := range countOf(page) {
		at := headSize + i*entrySize
		e := page[at:]
		flags, pos := binary.LittleEndian.Uint32(e), binary.LittleEndian.Uint32(e[4:])
		keySize, size := binary.LittleEndian.Uint32(e[8:]), binary.LittleEndian.Uint32(e[12:])
		both, ok := part(page, at, pos, uint64(keySize)+uint64(size))
		if !ok || keySize == 0 {
			return errBeyond
		}
		key, value := both[:keySize], both[keySize:]
		if bytes.Compare(last, key) >= 0 {
			return errors.New("its keys are out of order")
		}
		last = key
		if flags&bucketEntry != 0 {
			if err := p.checkBucket(value); err != nil {
				return err
			}
		}
	}
	return nil
}

// part is an entry's key, or key and value; its position counts from the entry.
func part(page []byte, entry int, pos uint32, size uint64) ([]byte, bool) {
	from := uint64(entry) + uint64(pos)
	if from+size > uint64(len(page)) {
		return nil, false
	}
	return page[from : from+size], true
}

func (p *pages) checkBucket(value []byte) error {
	if len(value) < bucketSize {
		return errBeyond
	}
	if root := binary.LittleEndian.Uint64(value); root != 0 {
		return p.visit(root)
	}
	inline := value[bucketSize:]
	if len(inline) < headSize || !isLeaf(inline) {
		return errBeyond
	}
	return p.checkLeaf(inline)
}

// checkFreelist finds free pages that are in use: bbolt would write over them.
func (p *pages) checkFreelist() error {
	page, err := p.take(p.meta.freelist)
	if err != nil {
		return err
	}
	if kindOf(page) != freelistPage {
		return errors.New("its list of free pages is missing")
	}
	count, ids := uint64(countOf(page)), page[headSize:]
	if count == 0xffff { // then the real count comes first
		count, ids = binary.LittleEndian.Uint64(ids), ids[8:]
	}
	if count > uint64(len(ids))/8 {
		return errBeyond
	}
	for i := range count {
		id := binary.LittleEndian.Uint64(ids[8*i:])
		if id < 2 || id >= p.meta.limit || p.seen[id] {
			return fmt.Errorf("page %d cannot be free", id)
		}
		p.seen[id] = true
	}
	return nil
}
