package dbfile

import (
	"encoding/binary"
	"io"
	"os"
)

// Salvage calls take with all entries that can still be found in a damaged
// file, of pages in use and of old ones alike. It trusts nothing in it: what
// take gets are bytes that lay where an entry may lie.
func Salvage(f *os.File, take func(key, value []byte)) error {
	size := os.Getpagesize() // of databases made on this host
	if m, err := readMeta(f); err == nil {
		size = int(m.pageSize)
	}
	page := make([]byte, size)
	for at := int64(0); ; at += int64(size) {
		n, err := f.ReadAt(page, at)
		whole := page[:n]
		if n >= headSize {
			// A long page goes on in those after it, which hold no heads.
			if more := int64(binary.LittleEndian.Uint32(whole[12:])); isLeaf(whole) && more > 0 && more <= maxSalvage/int64(size) {
				whole = make([]byte, (more+1)*int64(size))
				n, _ := f.ReadAt(whole, at)
				whole = whole[:n]
			}
			salvageLeaf(whole, take, 0)
		}
		if err == io.EOF {
			return nil
		}
		if err != nil && n == 0 { // a bad sector: go on behind it
			if info, statErr := f.Stat(); statErr != nil || at >= info.Size() {
				return statErr
			}
		}
	}
}

// maxSalvage bounds one page with its overflow in bytes.
const maxSalvage = 16 << 20

// salvageLeaf reads a leaf's entries and those of the small buckets in them.
func salvageLeaf(page []byte, take func(key, value []byte), depth int) {
	if len(page) < headSize || !isLeaf(page) || depth > 2 {
		return
	}
	for i := range countOf(page) {
		at := headSize + i*entrySize
		if at+entrySize > len(page) {
			return
		}
		e := page[at:]
		flags, pos := binary.LittleEndian.Uint32(e), binary.LittleEndian.Uint32(e[4:])
		keySize, size := binary.LittleEndian.Uint32(e[8:]), binary.LittleEndian.Uint32(e[12:])
		both, ok := part(page, at, pos, uint64(keySize)+uint64(size))
		if !ok {
			continue
		}
		value := both[keySize:]
		if flags&bucketEntry == 0 {
			take(both[:keySize], value)
		} else if len(value) > bucketSize {
			salvageLeaf(value[bucketSize:], take, depth+1)
		}
	}
}
