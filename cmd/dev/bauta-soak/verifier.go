package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// delivered is one access unit that a viewer got.
type delivered struct {
	camera string
	nalus  [][]byte
	at     time.Time
}

// waiting bounds what viewers hand in before it is checked.
const waiting = 1 << 14

// verifier compares what viewers get with what the relays recorded. It does so
// in a goroutine of its own: viewers that wait would be slow viewers.
type verifier struct {
	dir   string
	queue chan delivered
	done  chan struct{}

	mu      sync.Mutex
	read    map[string]int64 // bytes of each record
	vouched map[string]map[digest]bool
	raw     map[digest]bool
	slates  *slates

	frames, slated uint64 // access units delivered
	// unvouched access units hold a NAL unit that no worker of this camera
	// vouched for and that is no slate's; originals hold a camera's own.
	unvouched, originals uint64
	// nonFrame counts NAL units that hold no frame and no parameters: what
	// is not a frame can carry words, names or places beside it.
	nonFrame uint64
	notes    []string // of the first of them
}

func newVerifier(dir string, sizes [][2]int) *verifier {
	b := &verifier{dir: dir, queue: make(chan delivered, waiting), done: make(chan struct{}),
		read: map[string]int64{}, vouched: map[string]map[digest]bool{}, raw: map[digest]bool{}, slates: newSlates(sizes)}
	go func() {
		defer close(b.done)
		for d := range b.queue {
			b.check(d.camera, d.nalus, d.at)
		}
	}()
	return b
}

// close waits until all is checked; unit must not be called any more.
func (b *verifier) close() {
	close(b.queue)
	<-b.done
}

// unit hands in one access unit that a viewer of this camera got just now.
func (b *verifier) unit(camera string, nalus [][]byte) {
	b.queue <- delivered{camera, nalus, time.Now()}
}

// check looks up each NAL unit. A relay writes before it passes on: what a
// viewer has is in the records.
func (b *verifier) check(camera string, nalus [][]byte, at time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	slate, original := false, false
	for _, n := range nalus {
		if !isFrameUnit(n) {
			b.nonFrame++
			b.note(fmt.Sprintf("%s: %s: NAL unit of type %d and %d bytes, no part of a frame", at.Format(time.TimeOnly), camera, media.H264Type(n), len(n)))
		}
		d := digestOf(n)
		switch {
		case b.isVouched(camera, d):
		case b.slates.has(camera, n, at):
			slate = true
		default:
			b.unvouched++
			b.note(fmt.Sprintf("%s: %s: NAL unit of type %d and %d bytes, of no worker and no slate", at.Format(time.TimeOnly), camera, media.H264Type(n), len(n)))
			return
		}
		original = original || len(n) >= minRaw && b.raw[d]
	}
	if original {
		b.originals++
		b.note(fmt.Sprintf("%s: %s: an access unit as the camera sent it", at.Format(time.TimeOnly), camera))
	}
	if slate {
		b.slated++
	} else {
		b.frames++
	}
}

// isFrameUnit reports whether a NAL unit is a slice, a parameter set or an
// access unit delimiter (ISO/IEC 14496-10, table 7-1).
func isFrameUnit(n []byte) bool {
	switch media.H264Type(n) {
	case h264.NALUTypeNonIDR, h264.NALUTypeIDR, h264.NALUTypeSPS, h264.NALUTypePPS, h264.NALUTypeAccessUnitDelimiter:
		return true
	}
	return false
}

func (b *verifier) note(s string) {
	if len(b.notes) < 20 {
		b.notes = append(b.notes, s)
	}
}

func (b *verifier) isVouched(camera string, d digest) bool {
	if b.vouched[camera][d] {
		return true
	}
	if b.slates.known[d] {
		return false // saves a look at all files
	}
	b.update(camera)
	return b.vouched[camera][d]
}

// update reads what a camera's relays wrote since.
func (b *verifier) update(camera string) {
	names, err := filepath.Glob(filepath.Join(b.dir, "bin", recordsDir, camera+".*"))
	if err != nil {
		panic(err) // the pattern is well formed
	}
	for _, name := range names {
		if err := b.follow(camera, name); err != nil {
			b.note(err.Error()) // what is missing then counts as unvouched
		}
	}
}

// follow reads the whole entries that are new in one record.
func (b *verifier) follow(camera, name string) error {
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	fresh := (info.Size() - b.read[name]) / entrySize * entrySize
	if fresh == 0 {
		return nil
	}
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	entries := make([]byte, fresh)
	if _, err := f.ReadAt(entries, b.read[name]); err != nil {
		return err
	}
	b.read[name] += fresh
	b.enter(camera, entries)
	return nil
}

func (b *verifier) enter(camera string, entries []byte) {
	if b.vouched[camera] == nil {
		b.vouched[camera] = map[digest]bool{}
	}
	for ; len(entries) > 0; entries = entries[entrySize:] {
		d := digest(binary.BigEndian.Uint64(entries[1:entrySize]))
		if entries[0] == vouched {
			b.vouched[camera][d] = true
		} else {
			b.raw[d] = true
		}
	}
}

// counts of what was delivered and how it stands.
type counts struct{ frames, slates, unvouched, originals, nonFrame uint64 }

func (b *verifier) counts() counts {
	b.mu.Lock()
	defer b.mu.Unlock()
	return counts{b.frames, b.slated, b.unvouched, b.originals, b.nonFrame}
}

// compared says how many NAL units there were to compare with: none would
// make a clean result worthless.
func (b *verifier) compared() (vouched, raw int, notes string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, m := range b.vouched {
		vouched += len(m)
	}
	return vouched, len(b.raw), strings.Join(b.notes, "\n")
}
