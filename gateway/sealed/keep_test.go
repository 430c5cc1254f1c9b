package sealed

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/sealed"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway/identity"
	"github.com/bauta-gateway/bauta/hardware/media"
)

const day = 24 * time.Hour

// Which blocks are past a term of 30 days, by what clock.
func TestWhatIsPastItsTerm(t *testing.T) {
	now := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	days := func(ago ...int) (all []block) {
		for _, d := range ago {
			all = append(all, block{End: now.Add(-time.Duration(d) * day), Recorded: day})
		}
		return all
	}
	// The clock of these stood wrong; each of them recorded a day.
	many := func(n, ago int) (all []block) {
		for range n {
			all = append(all, days(ago)...)
		}
		return all
	}
	for name, c := range map[string]struct {
		blocks []block
		want   int
	}{
		"none":                                 {nil, 0},
		"the newest stays, however old":        {days(400), 0},
		"a month":                              {days(32, 31, 30, 29, 28, 1, 0), 3},
		"set back: nothing before its turn":    {days(10, 9, 800, 799, 798, 7, 0), 0},
		"set back at first":                    {days(800, 9, 8, 7, 0), 1},
		"set forward: not kept for ever":       {append(days(-300, -299), many(31, 5)...), 3},
		"set forward: but as long as the rest": {append(days(-300, -299), many(28, 5)...), 0},
		"gaps in between":                      {days(90, 60, 31, 2, 0), 3},
	} {
		f := &footage{blocks: c.blocks}
		if got := f.old(func(block) time.Duration { return 30 * day }, now); got != c.want {
			t.Errorf("%s: %d blocks, want %d", name, got, c.want)
		}
	}
}

// backdate makes the oldest block of a camera as old as that, on the disk, as if it had been whole.
func backdate(t *testing.T, b *bench, by time.Duration) {
	t.Helper()
	f, err := load(b.Folder, "gate")
	if err != nil {
		t.Fatal(err)
	}
	first := f.blocks[0]
	first.Begin, first.End = first.Begin.Add(-by), first.End.Add(-by)
	if err := writeJSON(filepath.Join(f.folder(first.Number), summaryFile), first); err != nil {
		t.Fatal(err)
	}
}

// What is past its term goes, oldest first, with an entry in the audit log that verification
// understands; by the clock alone it goes slowly.
func TestPastItsTermItGoes(t *testing.T) {
	dir := t.TempDir()
	b := newBench(t, dir, func(c *Config) { c.Sweep = time.Hour })
	b.seal("gate")
	b.feed("gate", 25)
	b.Unset(t.Context(), "gate")
	// The segments lie in blocks 0 to 2, as after three days.
	seqs, _ := sealed.Sequences(os.DirFS(b.Folder), "gate")
	if len(seqs) == 0 {
		t.Fatal("nothing sealed")
	}
	for _, seq := range []uint64{sealed.BlockSegments, 2 * sealed.BlockSegments, 2*sealed.BlockSegments + 1} {
		fill(t, b, seq)
	}
	for i, want := range []int{2, 2, 1} {
		if i == 0 {
			backdate(t, b, 100*day)
		}
		if i == 2 { // half a day later
			b.clock["gate"] = time.Now().Add(-clockPause)
			backdate(t, b, 100*day)
		}
		f, err := load(b.Folder, "gate")
		if err != nil {
			t.Fatal(err)
		}
		b.expire(f)
		if len(f.blocks) != want {
			t.Errorf("after %d looks %d blocks are left, want %d", i+1, len(f.blocks), want)
		}
	}
	b.stop()
	var heads []sealed.Head
	for _, a := range audited(t, dir) {
		if detail, ok := strings.CutPrefix(a, "sealed.deleted camera/gate "); ok {
			h, ok := sealed.ParseHead("gate", detail)
			if h.Deleted = true; !ok {
				t.Errorf("not a head: %s", a)
			}
			heads = append(heads, h)
		}
	}
	if len(heads) != 2 {
		t.Errorf("%d deletions in the audit log, want 2", len(heads))
	}
	b.verified("gate", heads...)
}

// fill seals one segment of a number, after the newest that is there.
func fill(t *testing.T, b *bench, seq uint64) {
	t.Helper()
	os.MkdirAll(filepath.Join(b.Folder, sealed.BlockPath("gate", sealed.Block(seq))), 0o700)
	all, _ := sealed.Sequences(os.DirFS(b.Folder), "gate")
	h := sealed.Header{Camera: "gate", Sequence: seq, Start: time.Now().UTC()}
	for _, s := range all {
		if s >= seq {
			os.Remove(filepath.Join(b.Folder, sealed.Path("gate", s)))
			continue
		}
		_, sum, err := sealed.SumOf(os.DirFS(b.Folder), "gate", s)
		if err != nil {
			t.Fatal(err)
		}
		h.Previous = sum
	}
	os.Remove(filepath.Join(b.Folder, sealed.BlockPath("gate", sealed.Block(seq)), indexFile))
	keys, _ := b.Keys()
	out, err := os.Create(filepath.Join(b.Folder, sealed.Path("gate", seq)))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	w, err := sealed.NewWriter(out, h, keys)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.Close(sealed.Trailer{Length: 100, End: sealed.EndFull}); err != nil {
		t.Fatal(err)
	}
}

// Ninety days of eight cameras are known in a moment.
func TestMonthsAreReadInAMoment(t *testing.T) {
	const whole, today = 90, 900
	dir, now := t.TempDir(), time.Now()
	for c := range 8 {
		f := &footage{root: dir, camera: mediaID(c)}
		for n := range uint64(whole + 1) {
			os.MkdirAll(f.folder(n), 0o700)
			b := block{Number: n, First: n*sealed.BlockSegments + 1, Last: (n + 1) * sealed.BlockSegments, Begin: now.Add(time.Duration(n)*day - whole*day), Recorded: day}
			if err := writeJSON(filepath.Join(f.folder(n), summaryFile), b); err != nil {
				t.Fatal(err)
			}
		}
		os.Remove(filepath.Join(f.folder(whole), summaryFile))
		var index []byte
		for i := range uint64(today) {
			e := entry{Sequence: whole*sealed.BlockSegments + i + 1, Start: now.Add(time.Duration(i) * time.Minute), Length: 60000, Size: 30 << 20}
			line, _ := json.Marshal(e)
			index = append(append(index, line...), '\n')
			os.WriteFile(filepath.Join(dir, sealed.Path(f.camera, e.Sequence)), nil, 0o600)
		}
		os.WriteFile(filepath.Join(f.folder(whole), indexFile), index, 0o600)
	}
	began := time.Now()
	var segments uint64
	for c := range 8 {
		f, err := load(dir, mediaID(c))
		if err != nil {
			t.Fatal(err)
		}
		var s Status
		s.blocks = f.blocks
		s.sum(now)
		segments += s.Segments
	}
	took := time.Since(began)
	t.Logf("%d segments in %v", segments, took)
	if took > 2*time.Second || segments != 8*(whole*sealed.BlockSegments+today) {
		t.Errorf("%d segments in %v", segments, took)
	}
}

func mediaID(n int) media.CameraID { return media.CameraID(fmt.Sprint("cam-", n)) }

func TestAMissingBlockIsFound(t *testing.T) {
	b := newBench(t, t.TempDir(), func(c *Config) { c.Sweep = time.Hour })
	day := func(n uint64) block {
		return block{Number: n, First: n*sealed.BlockSegments + 1, Last: (n + 1) * sealed.BlockSegments}
	}
	for name, c := range map[string]struct {
		blocks []block
		gone   int
		want   uint64
	}{
		"all":                     {[]block{day(0), day(1)}, 0, 0},
		"the first was deleted":   {[]block{day(1), day(2)}, 0, 0},
		"the first is missing":    {[]block{day(1)}, -1, 1},
		"one more is missing":     {[]block{day(2)}, 0, sealed.BlockSegments + 1},
		"one in between":          {[]block{day(0), day(2)}, -1, sealed.BlockSegments + 1},
		"deleted, but for a file": {[]block{{First: sealed.BlockSegments, Last: sealed.BlockSegments}, day(1)}, 0, 0},
	} {
		id := media.CameraID(strings.ReplaceAll(strings.ReplaceAll(name, " ", "-"), ",", ""))
		if c.gone >= 0 {
			if err := b.goes(id, upTo{Sequence: day(uint64(c.gone)).Last}); err != nil {
				t.Fatal(err)
			}
		}
		if got := b.missing(id, c.blocks); got != c.want {
			t.Errorf("%s: segment %d is missing, want %d", name, got, c.want)
		}
	}
}

// Footage of a place where no camera may be goes before its term, once two accounts ask for it.
func TestTwoHaveFootageDeleted(t *testing.T) {
	dir := t.TempDir()
	prohibited := false
	b := newBench(t, dir, func(c *Config) { c.Prohibited = func(media.CameraID) bool { return prohibited } })
	b.seal("gate")
	b.feed("gate", 40)
	as := func(id string) context.Context {
		return identity.Identity{Role: identity.Manager, ID: id, User: id}.In(context.Background())
	}
	if _, err := b.Delete(as("u-1"), "gate"); !errors.Is(err, store.ErrInvalid) {
		t.Errorf("of a place where cameras may be: %v", err)
	}
	prohibited = true
	if _, err := b.Delete(identity.Identity{Role: identity.Manager, ID: "t-1"}.In(context.Background()), "gate"); !errors.Is(err, store.ErrInvalid) {
		t.Errorf("a program's token: %v", err)
	}
	if done, err := b.Delete(as("u-1"), "gate"); done || err != nil {
		t.Errorf("the first alone: %v, %v", done, err)
	}
	if _, err := b.Delete(as("u-1"), "gate"); !errors.Is(err, store.ErrInvalid) {
		t.Errorf("one twice: %v", err)
	}
	if _, all := b.opened("gate"); len(all) == 0 {
		t.Error("deleted for one")
	}
	if done, err := b.Delete(as("u-2"), "gate"); !done || err != nil {
		t.Errorf("the second: %v, %v", done, err)
	}
	left, _ := sealed.Sequences(os.DirFS(b.Folder), "gate")
	b.stop()
	log := strings.Join(audited(t, dir), "\n")
	if len(left) != 0 || !strings.Contains(log, "sealed.deletion camera/gate first") || !strings.Contains(log, "sealed.deletion camera/gate second") || !strings.Contains(log, "sealed.deleted camera/gate segment=") {
		t.Errorf("%d segments are left; audit log:\n%s", len(left), log)
	}
}
