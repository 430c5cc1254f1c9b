package sealed

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/sealed"
	"github.com/bauta-gateway/bauta/gateway/identity"
	"github.com/bauta-gateway/bauta/gateway/sealed/process"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// A segment that is torn after the clock was set by months is no months long: what came before it stays.
func TestATornSegmentIsNoLongerThanASegment(t *testing.T) {
	b := newBench(t, t.TempDir(), func(c *Config) { c.Sweep = time.Hour })
	b.seal("gate")
	b.feed("gate", 25)
	b.Unset(t.Context(), "gate")
	for _, seq := range []uint64{sealed.BlockSegments, 2 * sealed.BlockSegments, 2*sealed.BlockSegments + 1} {
		fill(t, b, seq)
	}
	whole, err := os.ReadFile(filepath.Join(b.Folder, sealed.Path("gate", 2*sealed.BlockSegments+1)))
	if err != nil {
		t.Fatal(err)
	}
	torn := filepath.Join(b.Folder, sealed.Path("gate", 2*sealed.BlockSegments+2))
	ahead := time.Now().Add(100 * day)
	if err := os.WriteFile(torn, whole[:len(whole)-20], 0o600); err != nil {
		t.Fatal(err)
	}
	os.Chtimes(torn, ahead, ahead)
	f, err := load(b.Folder, "gate")
	if err != nil {
		t.Fatal(err)
	}
	b.expire(f)
	if got := f.blocks[len(f.blocks)-1].Recorded; len(f.blocks) != 3 || got > 2*longestSegment {
		t.Errorf("%d blocks are left, and the last one is %v long", len(f.blocks), got)
	}
}

// However the days are shortened, what is there is kept for as long as was said when it was sealed.
func TestWhatWasPromisedIsKept(t *testing.T) {
	b := newBench(t, t.TempDir(), func(c *Config) { c.Sweep = time.Hour })
	b.seal("gate")
	if err := b.Set(t.Context(), "gate", Setting{Days: 365, Why: "test"}); err != nil {
		t.Fatal(err)
	}
	c := b.of("gate")
	c.note(func(s *State) { s.blocks = []block{{First: 1, Last: 40 * sealed.BlockSegments}} })
	days := func(n uint64) int { return int(b.terms("gate")(block{First: n}) / day) }
	after := uint64(41*sealed.BlockSegments + 1)
	if got := days(1); got != 365 {
		t.Errorf("while it is 365 days: %d", got)
	}
	if err := b.Set(t.Context(), "gate", Setting{Days: 30, Why: "test"}); err != nil {
		t.Fatal(err)
	}
	if got := []int{days(1), days(after)}; !slices.Equal(got, []int{365, 30}) {
		t.Errorf("shortened to 30 days: %d", got)
	}
	if err := b.Unset(t.Context(), "gate"); err != nil {
		t.Fatal(err)
	}
	if got := days(1); got != 365 {
		t.Errorf("ended: %d", got)
	}
	if err := b.goes("gate", upTo{Sequence: 40*sealed.BlockSegments + 1}); err != nil {
		t.Fatal(err)
	}
	if err := b.promised("gate", 31); err != nil || len(b.promises()["gate"]) != 1 {
		t.Errorf("promises of what is gone: %v, %v", b.promises(), err)
	}
	if got := int(b.terms("other")(block{First: 1}) / day); got != KeyTargetDays {
		t.Errorf("of a camera that nobody knows: %d", got)
	}
}

// A disk that opens files and takes nothing is a fault like one that is not there.
func TestADiskThatTakesNothing(t *testing.T) {
	dir := t.TempDir()
	script := `read -r line <&3
seq=$(printf '%s' "$line" | sed 's/.*"sequence":\([0-9]*\).*/\1/')
mkdir -p ` + dir + `/sealed/gate/000000
: > ` + dir + `/sealed/gate/000000/$(printf '%010d' $seq).sealed
printf '{"open":true,"sum":""}\n' >&4
head -c 20000 <&3 >/dev/null
printf '{"fault":"disk","detail":"input/output error","sum":""}\n' >&4
exit 1`
	b := newBench(t, dir, func(c *Config) { c.Program, c.Sweep = []string{"/bin/sh", "-c", script}, time.Hour })
	b.seal("gate")
	await(t, "the fault", func() bool { b.feed("gate", 1); return b.status("gate").Fault == process.FaultDisk })
	if b.Keeps("gate") {
		t.Error("its originals are said to be kept")
	}
}

// A chain goes on where it was, on another disk, and after all of it was deleted.
func TestChainsGoOn(t *testing.T) {
	for name, lose := range map[string]func(b *bench){
		"another disk": func(b *bench) {
			if err := os.Rename(b.Folder, b.Folder+"-old"); err != nil {
				b.t.Fatal(err)
			}
			if err := b.AcceptDisk(b.t.Context()); err != nil {
				b.t.Fatal(err)
			}
		},
		"deleted": func(b *bench) {
			for _, who := range []string{"u-1", "u-2"} {
				if _, err := b.Delete(identity.Identity{ID: who, User: who, Role: identity.Manager}.In(b.t.Context()), "gate"); err != nil {
					b.t.Fatal(err)
				}
			}
			if err := b.Room.may("gate", Setting{Days: 30, Why: "test"}); err == nil {
				b.t.Error("sealed again in a prohibited place")
			}
			b.Prohibited = func(media.CameraID) bool { return false }
			if err := b.Set(b.t.Context(), "gate", Setting{Days: 30, Why: "test"}); err != nil {
				b.t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			b := newBench(t, dir, func(c *Config) { c.Prohibited = func(media.CameraID) bool { return name == "deleted" } })
			b.Prohibited = func(media.CameraID) bool { return false }
			b.seal("gate")
			b.feed("gate", 80)
			await(t, "segments", func() bool { return b.status("gate").Segments > 1 })
			b.Prohibited = func(media.CameraID) bool { return name == "deleted" }
			b.heads()
			b.Lost("gate")
			await(t, "the end of the segment", func() bool { return !b.status("gate").Sealing })
			last := b.status("gate").Last
			lose(b)
			await(t, "new segments", func() bool { b.feed("gate", 1); return b.status("gate").Segments > 1 })
			b.stop()
			seqs, err := sealed.Sequences(os.DirFS(b.Folder), "gate")
			if err != nil || len(seqs) == 0 || seqs[0] != last+1 {
				t.Errorf("after segment %d: %v, %v", last, seqs, err)
			}
			again := newBench(t, dir, nil)
			heads, err := again.Heads()
			if err != nil {
				t.Fatal(err)
			}
			again.verified("gate", heads...)
			if seq := again.missing("gate", []block{{First: seqs[0], Last: seqs[len(seqs)-1]}}); seq != 0 {
				t.Errorf("segment %d is said to be missing", seq)
			}
		})
	}
}

// A disk with the mark of another gateway is taken when somebody says so, and ends to be the other's then.
func TestADiskOfAnotherGateway(t *testing.T) {
	dir := t.TempDir()
	a := newBench(t, filepath.Join(dir, "a"), func(c *Config) { c.Folder = filepath.Join(dir, "share") })
	a.seal("gate")
	a.feed("gate", 10)
	await(t, "sealing", func() bool { return a.status("gate").Sealing })
	b := newBench(t, filepath.Join(dir, "b"), func(c *Config) { c.Folder = filepath.Join(dir, "share") })
	b.seal("hall")
	b.feed("hall", 10)
	await(t, "the fault", func() bool { return b.status("hall").Fault == process.FaultAway })
	if err := b.AcceptDisk(t.Context()); err != nil {
		t.Fatal(err)
	}
	await(t, "sealing", func() bool { b.feed("hall", 1); return b.status("hall").Sealing })
	await(t, "the fault of the other", func() bool { a.feed("gate", 1); return a.status("gate").Fault == process.FaultAway })
}

// Where there is no room nothing new is kept, and nothing goes before its term to make some.
func TestAFullDisk(t *testing.T) {
	b := newBench(t, t.TempDir(), func(c *Config) { c.Quota = 100_000 })
	b.seal("gate")
	await(t, "the fault", func() bool { b.feed("gate", 1); return b.status("gate").Fault == FaultFull })
	kept := b.status("gate").Segments
	b.feed("gate", 30)
	if s := b.status("gate"); kept == 0 || s.Segments != kept || s.Sealing {
		t.Errorf("%d segments, then %d, sealing %v", kept, s.Segments, s.Sealing)
	}
	b.verified("gate")
}
