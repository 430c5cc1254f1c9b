package lock

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/gateway/onvif/onviftest"
)

// events are those that wait to be published.
func (b *bench) events() (all []string) {
	b.Helper()
	waiting, err := b.store.Waiting(100)
	if err != nil {
		b.Fatal(err)
	}
	for _, m := range waiting {
		all = append(all, m.Topic)
	}
	return all
}

// due goes a day on and checks.
func (b *bench) due(days int) {
	b.locks.all(b.Context(), time.Now().Add(time.Duration(days)*day+time.Minute), true)
}

func TestWaysAroundAreFound(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*bench)
		want   string
	}{
		"reset to the former password": {func(b *bench) { b.camera.Reset() }, FormerONVIF},
		"open stream":                  {func(b *bench) { b.camera.Set(func(c *onviftest.Camera) { c.OpenRTSP = true }) }, OpenRTSP},
		"former one opens the stream":  {func(b *bench) { b.camera.Set(func(c *onviftest.Camera) { c.OtherRTSP = true }) }, FormerRTSP},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, false)
			if _, err := b.lock(); err != nil {
				t.Fatal(err)
			}
			b.due(0)
			if s, err := b.locks.Status("lobby"); err != nil || len(s.Bypass) > 0 || s.Checked.IsZero() || len(b.events()) > 0 {
				t.Fatalf("%+v, %v", s, err)
			}
			test.change(b)
			b.due(0)
			if n := len(b.events()); n > 0 {
				t.Fatalf("checked twice a day: %d events", n)
			}
			b.due(1)
			s, err := b.locks.Status("lobby")
			if err != nil || !slices.Equal(s.Bypass, []string{test.want}) || !slices.Contains(b.events(), "bypass") {
				t.Fatalf("%+v, %v, %v", s, err, b.events())
			}
			n := len(b.events())
			b.due(2)
			if len(b.events()) != n {
				t.Error("one way around was reported twice")
			}
			b.silent(nil)
			// A lock anew ends it, but for what no password ends.
			b.camera.Set(func(c *onviftest.Camera) { c.OpenRTSP, c.OtherRTSP = false, false })
			if _, err := b.lock(); err != nil {
				t.Fatal(err)
			}
			b.due(3)
			if s, err := b.locks.Status("lobby"); err != nil || !s.Locked || len(s.Bypass) > 0 {
				t.Errorf("%+v, %v", s, err)
			}
			b.settled()
		})
	}
}

// A check costs few wrong logins and stops at the first sign of a lock-out.
func TestCheckStopsAtALockOut(t *testing.T) {
	b := newBench(t, false)
	if _, err := b.lock("recorder"); err != nil {
		t.Fatal(err)
	}
	b.camera.Set(func(c *onviftest.Camera) { c.LockAfter = 1 })
	b.due(1)
	if n := b.camera.Wrong(); n != 1 {
		t.Errorf("%d wrong logins", n)
	}
	b.camera.Unlock()
	b.camera.Set(func(c *onviftest.Camera) { c.LockAfter = 0 })
	b.due(2)
	if n := b.camera.Wrong(); n > 1 {
		t.Errorf("%d wrong logins in one check", n)
	}
}

// Run begins with what is open and ends with its context.
func TestRunSettles(t *testing.T) {
	b := newBench(t, false)
	b.camera.Set(func(c *onviftest.Camera) { c.SetUser = func(int) onviftest.Fault { return onviftest.LockOut } })
	if _, err := b.lock(); err == nil {
		t.Fatal("locked all the same")
	}
	b.camera.Unlock()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); b.locks.Run(ctx) }()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if s, err := b.locks.Status("lobby"); err == nil && !s.Pending {
			break
		}
		if time.Now().After(end) {
			t.Fatal("not settled")
		}
	}
	cancel()
	<-done
	b.settled()
}

// far is a time at which each camera's next check is due.
func far() time.Time { return time.Now().Add(1000 * day) }

// A camera that refuses the login is tried again soon, then ever more seldom, and left alone
// after wrong logins; once it is settled it is connected to again.
func TestRefusedCameraIsNotHammered(t *testing.T) {
	b := newBench(t, false)
	if _, err := b.lock(); err != nil {
		t.Fatal(err)
	}
	now, was := time.Now(), b.again
	b.locks.all(t.Context(), now, true)
	b.camera.Reset()
	b.camera.Add("admin", "setByNobody", "Administrator")
	b.locks.Refused("lobby")
	tries := 0
	for minute := range 120 {
		before := b.camera.Wrong()
		b.locks.all(t.Context(), now.Add(time.Duration(minute)*time.Minute), false)
		if b.camera.Wrong() != before {
			tries++
		}
	}
	if tries < 2 || tries > 5 || b.again != was {
		t.Errorf("%d tries in two hours, connected to %d times more", tries, b.again-was)
	}
	b.camera.Add("admin", first, "Administrator")
	b.locks.all(t.Context(), now.Add(5*time.Hour), false)
	b.settled()
	if s, err := b.locks.Status("lobby"); err != nil || b.again != was+1 || !slices.Contains(s.Bypass, FormerONVIF) {
		t.Errorf("%+v, %v: connected to %d times more", s, err, b.again-was)
	}
	b.locks.all(t.Context(), now.Add(20*time.Hour), false)
	if b.again != was+1 {
		t.Error("connected to again without need")
	}
}
