package sealed

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"filippo.io/age"

	"github.com/bauta-gateway/bauta/config/sealed"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/sealed/process"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// This program is the sealing process too, as bauta is.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == process.Command {
		os.Exit(process.Run(os.NewFile(3, "in"), os.NewFile(4, "out")))
	}
	os.Exit(m.Run())
}

// bench is a room with a store, an audit log and keys.
type bench struct {
	*Room
	t      *testing.T
	store  *store.Store
	audit  *audit.Log
	ids    []age.Identity
	sent   []media.Raw
	frames int
	stop   func()
}

func newBench(t *testing.T, dir string, change func(*Config)) *bench {
	t.Helper()
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	s, err := store.Open(filepath.Join(dir, "bauta.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	records := audit.New(audit.Config{Store: s, Log: log, Published: func() {}, Evaluate: func() {}, EachMinute: func() {}})
	ctx, cancel := context.WithCancel(context.Background())
	go records.Run(ctx)
	b := &bench{t: t, store: s, audit: records}
	c := Config{
		Folder: filepath.Join(dir, "sealed"), Store: s, Audit: records, Log: log, Program: []string{os.Args[0], process.Command},
		Has: func(id media.CameraID) bool { return id != "nobody" }, Prohibited: func(id media.CameraID) bool { return id == "toilet" },
		Length: 200 * time.Millisecond, Sweep: 50 * time.Millisecond, Queue: 1 << 20, Spare: 1,
	}
	if change != nil {
		change(&c)
	}
	if b.Room, err = Open(c); err != nil {
		t.Fatal(err)
	}
	b.Start()
	closed := false
	b.stop = func() {
		if closed {
			return
		}
		closed = true
		b.Close()
		cancel()
		records.Wait()
		s.Close()
	}
	t.Cleanup(b.stop)
	return b
}

// seal gives the room keys, and has the camera sealed.
func (b *bench) seal(id media.CameraID) {
	b.t.Helper()
	var k sealed.Keys
	for g := range k {
		i, err := age.GenerateX25519Identity()
		if err != nil {
			b.t.Fatal(err)
		}
		b.ids = append(b.ids, i)
		k[g].Holders = []sealed.Holder{{Label: fmt.Sprint("p", g), Key: i.Recipient().String()}}
	}
	if err := b.SetKeys(context.Background(), k); err != nil {
		b.t.Fatal(err)
	}
	if err := b.Set(context.Background(), id, Setting{Days: 30, Why: "test"}); err != nil {
		b.t.Fatal(err)
	}
}

// feed sends access units, of which each fifth is a keyframe, one each 10 ms.
func (b *bench) feed(id media.CameraID, n int) {
	for range n {
		u := media.Raw{Codec: media.H264, NALUs: [][]byte{make([]byte, 5000), make([]byte, 300)}, PTS: media.Ticks90k(b.frames * 900), Keyframe: b.frames%5 == 0, NTP: time.Now().UTC().Truncate(time.Microsecond)}
		rand.Read(u.NALUs[0])
		b.frames++
		b.sent = append(b.sent, u)
		b.Feed(id, u)
		time.Sleep(10 * time.Millisecond)
	}
}

// opened returns all access units of a camera, and its segments.
func (b *bench) opened(id media.CameraID) (units []media.Raw, all []sealed.Segment) {
	b.t.Helper()
	root := os.DirFS(b.Folder)
	seqs, err := sealed.Sequences(root, id)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, seq := range seqs {
		f, err := sealed.Open(root, id, seq)
		if errors.Is(err, sealed.ErrFormat) {
			continue // torn before its header was whole
		} else if err != nil {
			b.t.Fatal(err)
		}
		defer f.Close()
		all = append(all, f.Segment)
		var shares []sealed.Share
		for _, i := range b.ids {
			if s, err := sealed.ShareOf(f.Header, f.Body(f), i); err == nil {
				shares = append(shares, s)
			}
		}
		in, err := f.Units(f, shares)
		if err != nil {
			if f.Torn {
				continue
			}
			b.t.Fatal(seq, err)
		}
		for {
			u, err := in.Next()
			if err == io.EOF {
				break
			} else if err != nil {
				b.t.Fatal(seq, err)
			}
			units = append(units, u)
		}
	}
	return units, all
}

// verified fails the test where the chain is broken.
func (b *bench) verified(id media.CameraID, heads ...sealed.Head) sealed.Report {
	b.t.Helper()
	r, err := sealed.Verify(os.DirFS(b.Folder), id, heads)
	if err != nil || len(r.Faults) > 0 {
		b.t.Errorf("the chain: %v, %v", r.Faults, err)
	}
	return r
}

func (b *bench) status(id media.CameraID) Status {
	for _, s := range b.Status() {
		if s.Camera == id {
			return s
		}
	}
	return Status{}
}

func await(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("not within 20 s: ", what)
		}
	}
}

// What a camera sends comes out of several segments bit for bit, without a gap, also after a
// restart of the gateway.
func TestSealed(t *testing.T) {
	dir := t.TempDir()
	b := newBench(t, dir, nil)
	b.feed("gate", 3)
	b.sent, b.frames = nil, 0 // nobody asked for it yet
	b.seal("gate")
	b.feed("gate", 100)
	b.stop()
	units, all := b.opened("gate")
	if len(all) < 4 || !reflect.DeepEqual(units, b.sent) {
		t.Errorf("%d of %d access units in %d segments", len(units), len(b.sent), len(all))
	}
	for i, s := range all {
		if s.Torn || s.Header.Gap != nil || i < len(all)-1 && s.Trailer.End != sealed.EndFull {
			t.Errorf("segment %d: %+v %+v", i, s.Header, s.Trailer)
		}
		if i > 0 {
			if hole := s.Header.Start.Sub(all[i-1].Header.Start.Add(all[i-1].Trailer.Duration())); hole.Abs() > 2*time.Millisecond {
				t.Errorf("%v between segment %d and the one before", hole, i)
			}
		}
	}
	b.verified("gate")

	again := newBench(t, dir, nil)
	again.ids, again.frames = b.ids, 0
	again.feed("gate", 30)
	again.stop()
	units, all = again.opened("gate")
	if !reflect.DeepEqual(units, append(b.sent, again.sent...)) {
		t.Errorf("%d access units after a restart, want %d", len(units), len(b.sent)+len(again.sent))
	}
	gaps := 0
	for _, s := range all {
		if s.Header.Gap != nil {
			gaps++
			if s.Header.Gap.Reason != sealed.EndStopped {
				t.Errorf("gap: %+v", s.Header.Gap)
			}
		}
	}
	if r := again.verified("gate"); gaps != 1 || r.Segments != len(all) {
		t.Errorf("%d gaps, %d segments", gaps, r.Segments)
	}
	for _, a := range audited(t, dir) {
		if strings.Contains(a, "sealed.head camera/gate segment=") {
			return
		}
	}
	t.Error("the audit log has no head of the chain")
}

// audited are the entries of the audit log.
func audited(t *testing.T, dir string) (all []string) {
	t.Helper()
	s, err := store.Open(filepath.Join(dir, "bauta.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	_, err = s.AuditLog(time.Time{}, time.Now().Add(time.Hour), func(l store.Link) error {
		var e store.AuditRecord
		err := json.Unmarshal(l.Text, &e)
		all = append(all, fmt.Sprintf("%s %s %s", e.Action, e.Subject, e.Detail))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// A sealing process that is killed costs what it was writing, and the gap says so.
func TestAKilledProcessCostsItsSegment(t *testing.T) {
	b := newBench(t, t.TempDir(), func(c *Config) { c.Length = time.Hour })
	b.seal("gate")
	b.feed("gate", 60)
	await(t, "sealing", func() bool { return b.status("gate").Sealing })
	if s := b.status("gate"); s.From.IsZero() || s.Segments != 0 {
		t.Errorf("while the first segment is written: from %v, %d segments", s.From, s.Segments)
	}
	kill(t, b, syscall.SIGKILL)
	b.feed("gate", 60)
	b.stop()
	units, all := b.opened("gate")
	if len(all) != 2 || !all[0].Torn || all[1].Torn || all[1].Header.Gap == nil || all[1].Header.Gap.Reason != sealed.EndProcess {
		t.Fatalf("%d segments: %+v", len(all), all)
	}
	if b.verified("gate"); len(units) < 90 {
		t.Errorf("%d of %d access units", len(units), len(b.sent))
	}
	if s := b.status("gate"); s.Torn != 1 || s.Gaps != 1 || s.Missing <= 0 || s.Missing > time.Second {
		t.Errorf("status: torn %d, gaps %d of %v", s.Torn, s.Gaps, s.Missing)
	}
}

// kill sends a signal to the sealing processes of this test.
func kill(t *testing.T, b *bench, sig syscall.Signal) {
	t.Helper()
	for _, pid := range processes(t) {
		if err := syscall.Kill(pid, sig); err != nil {
			t.Error(err)
		}
	}
}

// processes are this test's sealing processes.
func processes(t *testing.T) []int {
	t.Helper()
	return slices.DeleteFunc(childrenOf(t, os.Getpid()), func(pid int) bool {
		line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
		return err != nil || !bytes.HasSuffix(line, []byte("\x00"+process.Command+"\x00"))
	})
}

// A disk that goes away and comes back within what the queue holds costs nothing; one that
// stays away longer costs what did not fit, and the gap is marked. Never is anything written
// where the disk should be.
func TestADiskThatGoesAway(t *testing.T) {
	b := newBench(t, t.TempDir(), nil)
	b.seal("gate")
	b.feed("gate", 30)
	away := b.Folder + "-away"
	leave := func() {
		if err := os.Rename(b.Folder, away); err != nil {
			t.Fatal(err)
		}
		os.Mkdir(b.Folder, 0o700)
	}
	back := func() {
		if left, _ := os.ReadDir(b.Folder); len(left) > 0 {
			t.Errorf("written where the disk should be: %v", left)
		}
		os.Remove(b.Folder)
		if err := os.Rename(away, b.Folder); err != nil {
			t.Fatal(err)
		}
	}
	leave()
	b.feed("gate", 60)
	await(t, "the fault", func() bool { return b.status("gate").Fault == process.FaultAway })
	back()
	await(t, "sealing", func() bool { return b.status("gate").Sealing })
	b.feed("gate", 20)
	leave()
	await(t, "the fault", func() bool { b.feed("gate", 1); return b.status("gate").Fault == process.FaultAway })
	for range 200 { // more than the queue holds
		b.Feed("gate", media.Raw{Codec: media.H264, NALUs: [][]byte{make([]byte, 10000)}, Keyframe: true})
	}
	back()
	await(t, "sealing", func() bool { b.feed("gate", 1); return b.status("gate").Gaps > 0 })
	b.stop()
	var reported []string
	for _, a := range audited(t, filepath.Dir(b.Folder)) {
		if change, ok := strings.CutPrefix(a, "sealed.fault camera/gate "); ok {
			reported = append(reported, change)
		}
	}
	if !slices.Equal(reported, []string{"ok>away", "away>ok", "ok>away", "away>ok"}) {
		t.Errorf("reported: %v", reported)
	}
	_, all := b.opened("gate")
	var reasons []string
	for _, s := range all {
		if s.Header.Gap != nil {
			reasons = append(reasons, s.Header.Gap.Reason)
		}
	}
	s := b.status("gate")
	if b.verified("gate"); !slices.Equal(reasons, []string{sealed.EndDisk}) || s.Dropped == 0 || s.Peak > 1<<20 {
		t.Errorf("gaps %v, %d dropped, %d bytes waited", reasons, s.Dropped, s.Peak)
	}
}

// Where the camera is silent, that is no fault of the keeping.
func TestALostCameraIsNoHole(t *testing.T) {
	b := newBench(t, t.TempDir(), func(c *Config) { c.Length = time.Hour })
	b.seal("gate")
	b.feed("gate", 10)
	b.Lost("gate")
	b.Lost("gate")
	await(t, "the end", func() bool { return b.status("gate").Segments == 1 })
	b.feed("gate", 10)
	b.stop()
	s := b.status("gate")
	if _, all := b.opened("gate"); len(all) != 2 || all[0].Trailer.End != sealed.EndCamera || s.Gaps != 0 || s.Silent <= 0 {
		t.Errorf("%d segments, %d gaps, silent %v", len(all), s.Gaps, s.Silent)
	}
}

// What somebody changes on the disk is found without anybody asking.
func TestAChangedSegmentIsFound(t *testing.T) {
	b := newBench(t, t.TempDir(), nil)
	b.seal("gate")
	b.feed("gate", 60)
	await(t, "segments", func() bool { return b.status("gate").Segments > 1 })
	time.Sleep(200 * time.Millisecond) // some looks
	if s := b.status("gate"); s.Changed != 0 {
		t.Errorf("segment %d is said to be changed", s.Changed)
	}
	name := filepath.Join(b.Folder, sealed.Path("gate", 1))
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	content[len(content)/2] ^= 1
	if err := os.WriteFile(name, content, 0o600); err != nil {
		t.Fatal(err)
	}
	await(t, "the changed one", func() bool { return b.status("gate").Changed == 1 })
}

func TestWhoIsSealed(t *testing.T) {
	b := newBench(t, t.TempDir(), nil)
	if err := b.Set(context.Background(), "gate", Setting{Days: 30, Why: "test"}); !errors.Is(err, sealed.ErrKeys) {
		t.Errorf("without keys: %v", err)
	}
	b.seal("gate")
	for name, c := range map[string]struct {
		id   media.CameraID
		s    Setting
		want error
	}{
		"29 days":            {"hall", Setting{Days: 29, Why: "test"}, store.ErrInvalid},
		"years":              {"hall", Setting{Days: 400, Why: "test"}, store.ErrInvalid},
		"nobody says why":    {"hall", Setting{Days: 30, Why: " "}, store.ErrInvalid},
		"a prohibited place": {"toilet", Setting{Days: 30, Why: "test"}, store.ErrInvalid},
		"no camera":          {"nobody", Setting{Days: 30, Why: "test"}, store.ErrNotFound},
	} {
		if err := b.Set(context.Background(), c.id, c.s); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	b.feed("gate", 10)
	b.feed("hall", 10)
	if err := b.Unset(context.Background(), "gate"); err != nil {
		t.Fatal(err)
	}
	b.feed("gate", 10)
	units, _ := b.opened("gate")
	if names, _ := sealed.Cameras(os.DirFS(b.Folder)); len(units) != 10 || !slices.Equal(names, []media.CameraID{"gate"}) || len(b.Settings()) != 0 {
		t.Errorf("%d access units of %v, sealed still: %v", len(units), names, b.Settings())
	}
}
