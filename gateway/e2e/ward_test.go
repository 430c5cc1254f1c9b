package e2e

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/faultlog"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/demo"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// ward is a running gateway with two cameras of the same clip and a viewer of
// each. Tests hurt "demo"; "other" must not notice.
type ward struct {
	g         *gateway.Gateway
	client    *api.Client
	clip      string
	seen      *watcher // of "demo"
	unharmed  *watcher
	unharmedP int // its worker
}

func openWard(t *testing.T) *ward {
	t.Helper()
	w := &ward{clip: clip(t)}
	w.g, w.client, _ = startReal(t)
	second, err := demo.Start(t.Context(), w.clip, quiet())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(second.Close)
	w.add(t, "other", second.URL(), second.User(), second.Password())
	awaitMasking(t, w.g, "other")
	w.unharmedP = workerPID(t, w.g, "other")
	w.seen, w.unharmed = watch(t, w.address(t, "demo")), watch(t, w.address(t, "other"))
	for _, v := range []*watcher{w.seen, w.unharmed} {
		eventually(t, "the viewer has pictures", func() bool { n, _ := v.seen(); return n > 5 })
		v.forget()
	}
	return w
}

func (w *ward) add(t *testing.T, id, url, user, password string) {
	t.Helper()
	cam := api.NewCamera{ID: id, Name: id, URL: url, User: user, Password: password, Transport: "tcp"}
	if _, err := w.client.AddCamera(t.Context(), cam); err != nil {
		t.Fatal(err)
	}
}

// address is where a viewer with the login watches a camera.
func (w *ward) address(t *testing.T, id media.CameraID) string {
	all := viewer(t, w.g).URLs
	return all[slices.IndexFunc(all, func(a string) bool { return strings.HasSuffix(a, "/"+string(id)) })]
}

// until waits for a condition and says how long that took.
func until(t *testing.T, what string, begin time.Time, ok func() bool) time.Duration {
	t.Helper()
	for end := time.Now().Add(2 * patience); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited %v in vain: %s", 2*patience, what)
		}
	}
	return time.Since(begin)
}

// course is what a fault took: until the slate left, and until a frame of
// the next worker did.
type course struct{ slate, back time.Duration }

func (c course) longer(than course) course {
	return course{max(c.slate, than.slate), max(c.back, than.back)}
}

// hurt does harm to the cameras' workers at once and waits until all are well again.
func (w *ward) hurt(t *testing.T, harm func(pid int), ids ...media.CameraID) (c course) {
	t.Helper()
	before, pids := map[media.CameraID]uint64{}, map[media.CameraID]int{}
	for _, id := range ids {
		before[id], pids[id] = statusOf(w.g, id).Totals.Slates, workerPID(t, w.g, id)
	}
	begin := time.Now()
	for _, pid := range pids {
		harm(pid)
	}
	dark := map[media.CameraID]uint64{}
	for _, id := range ids {
		c.slate = max(c.slate, until(t, "the slate of "+string(id), begin, func() bool { return statusOf(w.g, id).Totals.Slates > before[id] }))
		dark[id] = framesOf(w.g, id)
	}
	for _, id := range ids {
		c.back = max(c.back, until(t, "the picture of "+string(id), begin, func() bool { return framesOf(w.g, id) > dark[id] }))
		if workerPID(t, w.g, id) == pids[id] {
			t.Errorf("%s: worker %d is still in service", id, pids[id])
		}
	}
	return c
}

// check closes a fault: its rows of the table, the viewers, the other camera.
func (w *ward) check(t *testing.T, fault string, c, bound course) {
	t.Helper()
	faultlog.Check(t, faultlog.Row{Topic: "worker", Fault: fault, Ends: "slate with the reason, viewers stay connected", Bound: bound.slate}, c.slate)
	faultlog.Check(t, faultlog.Row{Topic: "worker", Fault: fault + ": afterwards", Ends: "masked picture of a new worker", Bound: bound.back}, c.back)
	w.sound(t)
}

// sound fails where a viewer was lost, saw an original, or waited too long.
func (w *ward) sound(t *testing.T) {
	t.Helper()
	for _, v := range []*watcher{w.seen, w.unharmed} {
		v.assertConnected(t)
		v.assertNothingOf(t, w.clip)
		if n, gap := v.seen(); gap > maxGap {
			t.Errorf("a viewer saw nothing for %v (%d access units so far)", gap, n)
		}
	}
}

// undisturbed fails where the other camera noticed anything.
func (w *ward) undisturbed(t *testing.T) {
	t.Helper()
	is := statusOf(w.g, "other").Worker
	if is.PID != w.unharmedP || is.Restarts > 0 || is.Hangs+is.Violations > 0 {
		t.Errorf("the other camera's worker was %d and is %d: %+v", w.unharmedP, is.PID, is)
	}
}

// residentOf is what a process holds in memory, in bytes.
func residentOf(pid int) (int64, error) { return memoryOf(pid, "VmRSS") }

// memoryOf is a field of a process's status, in bytes.
func memoryOf(pid int, field string) (int64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	m := regexp.MustCompile(field + `:\s+(\d+) kB`).FindSubmatch(b)
	if m == nil {
		return 0, fmt.Errorf("process %d has no %s", pid, field)
	}
	kb, err := strconv.ParseInt(string(m[1]), 10, 64)
	return kb << 10, err
}
