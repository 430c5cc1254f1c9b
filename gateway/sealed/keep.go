package sealed

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/bauta-gateway/bauta/config/sealed"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/hardware/media"
)

const (
	// headsEvery is how often the heads of the chains go into the audit log.
	headsEvery = time.Hour
	// clockPause is between two blocks of a camera that go by the clock alone: a clock
	// that is set forward by mistake, or on purpose, costs two days of footage a day, and
	// somebody has time to notice.
	clockPause = 12 * time.Hour
)

// keep writes the heads into the audit log, and deletes what is past its term of cameras that
// are not sealed any more.
func (r *Room) keep() {
	sweep, heads := time.NewTicker(r.Sweep), time.NewTicker(headsEvery)
	defer sweep.Stop()
	defer heads.Stop()
	r.sweepOthers()
	for {
		select {
		case <-r.life.Done():
			r.heads()
			return
		case <-heads.C:
			r.heads()
		case <-sweep.C:
			r.sweepOthers()
			r.probe()
		}
	}
}

// heads notes each camera's newest segment.
func (r *Room) heads() {
	for _, s := range r.Status() {
		if s.Segments > 0 {
			r.Audit.Note(audit.Record{Action: audit.SealedHead, Actor: audit.Gateway, Subject: audit.Camera(s.Camera), Detail: sealed.HeadDetail(s.Last, s.Sum)})
		}
	}
}

// Heads are the hashes of segments that the audit log has, and which segments are lawfully gone.
func (r *Room) Heads() ([]sealed.Head, error) {
	all := []sealed.Head{}
	_, err := r.Store.AuditLog(time.Time{}, time.Now().Add(24*time.Hour), func(l store.Link) error {
		var e store.AuditRecord
		if err := json.Unmarshal(l.Text, &e); err != nil {
			return err
		}
		deleted := e.Action == string(audit.SealedDeleted)
		if !deleted && e.Action != string(audit.SealedHead) {
			return nil
		}
		h, ok := sealed.ParseHead(media.CameraID(strings.TrimPrefix(e.Subject, "camera/")), e.Detail)
		if h.Deleted = deleted; ok {
			all = append(all, h)
		}
		return nil
	})
	return all, err
}

// probe reads one segment of each camera, taken by chance, and compares it with what the index
// knows: who changes footage on the disk is found out without anybody asking. What is found
// stays found until the next start.
func (r *Room) probe() {
	for _, s := range r.Status() {
		c := r.of(s.Camera)
		if s.Segments == 0 || c == nil || s.Fault != "" {
			continue
		}
		if seq := r.missing(s.Camera, s.blocks); seq != 0 {
			c.note(func(s *State) { s.Changed = seq })
			r.Log.Error("sealed segments are missing: run bauta sealed verify", "camera", string(s.Camera), "segment", seq)
			continue
		}
		b := s.blocks[rand.IntN(len(s.blocks))]
		seq := b.First + rand.Uint64N(b.Last-b.First+1)
		f := footage{root: r.Folder, camera: s.Camera}
		if known, err := f.known(seq); err == nil && !f.same(known) {
			c.note(func(s *State) { s.Changed = seq })
			r.Log.Error("a sealed segment is not as it was sealed: run bauta sealed verify", "camera", string(s.Camera), "segment", seq)
		}
	}
}

// sweepOthers looks after footage of cameras that are not sealed any more. Where nothing ever was, it makes no
// folder.
func (r *Room) sweepOthers() {
	if _, err := os.Stat(r.Folder); err != nil || r.disk.check() != nil {
		return
	}
	others := map[media.CameraID][]block{}
	ids, err := sealed.Cameras(os.DirFS(r.Folder))
	if err != nil {
		return
	}
	for _, id := range ids {
		if r.of(id) != nil {
			continue
		}
		if f, err := load(r.Folder, id); err == nil {
			r.expire(f)
			others[id] = f.blocks
		}
	}
	r.mu.Lock()
	r.others = others
	r.mu.Unlock()
}

// expire deletes what is past its term, and reports whether it did. Each deletion is in the audit
// log before it happens.
func (r *Room) expire(f *footage) (some bool) {
	term := r.terms(f.camera)
	for range f.old(term, time.Now()) {
		b := f.blocks[0]
		if f.recordedAfter() < term(b) && !r.byClock(f.camera) {
			return some
		}
		err := r.goes(f.camera, upTo{b.Last, b.Sum})
		if err == nil {
			err = f.drop()
		}
		if err != nil {
			r.Log.Error("sealed footage that is past its term could not be deleted", "camera", string(f.camera), "error", fmt.Errorf("%w; it is tried again", err))
			return some
		}
		some = true
	}
	return some
}

// errFull says that there is no room. Nothing is deleted before its term to make some.
var errFull = text.Fail(nil, text.SealedDiskFull)

// FaultFull is why nothing is sealed where there is no room.
const FaultFull = "full"

// full says why there is no room for another segment.
func (r *Room) full() error {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(r.Folder, &fs); err != nil {
		return fmt.Errorf("%w (%w)", errAway, err)
	}
	if int64(fs.Bavail)*fs.Bsize < r.Spare {
		return errFull
	}
	if r.Quota > 0 && r.used() >= r.Quota {
		return errFull
	}
	return nil
}

// used is how many bytes of the disk sealed footage has, also of cameras that are not sealed any more.
func (r *Room) used() (n int64) {
	for _, s := range r.Status() {
		n += s.Size
	}
	return n
}

// byClock reports whether another block of a camera may go by the clock alone.
func (r *Room) byClock(id media.CameraID) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if last, ok := r.clock[id]; ok && time.Since(last) < clockPause {
		return false
	}
	r.clock[id] = time.Now()
	return true
}

// recordedAfter is how much was recorded after the oldest block.
func (f *footage) recordedAfter() (d time.Duration) {
	for _, b := range f.blocks[1:] {
		d += b.Recorded
	}
	return d
}
