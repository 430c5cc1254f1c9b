package lock

import (
	"fmt"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/bauta-gateway/bauta/gateway/onvif/onviftest"
)

var faults = []onviftest.Fault{onviftest.None, onviftest.Refuse, onviftest.RefuseTake, onviftest.DieBefore, onviftest.DieAfter,
	onviftest.Ignore, onviftest.Late, onviftest.Forget, onviftest.LockOut}

// endsAt has the daemon lose its store at one of the camera's answers: nothing is kept from
// there on, as after a power cut.
func (b *bench) endsAt(n int) {
	asked := 0
	b.camera.Set(func(c *onviftest.Camera) {
		c.Asked = func(string) {
			if asked++; asked == n+1 {
				b.ended = true
				b.store.Close()
			}
		}
	})
}

// recover restarts daemon and camera until what the camera has is what the gateway uses.
func (b *bench) recover(what string) {
	b.Helper()
	b.camera.Set(func(c *onviftest.Camera) { c.Asked, c.SetUser, c.Down = nil, nil, false })
	for range 12 {
		b.camera.Unlock()
		b.restart()
		if !b.enters() {
			b.Fatalf("%s: nobody can enter the camera", what)
		}
		if c, err := b.store.Camera("lobby"); err == nil && c.Password.Reveal() == b.camera.Password("admin") {
			return
		}
		b.camera.Unlock()
		b.locks.all(b.Context(), far(), true)
	}
	b.Fatalf("%s: the gateway does not find the camera's password", what)
}

// Whatever a camera does with a new password, and at whichever of its answers the daemon
// ends: there is always somebody who can enter, and the gateway finds its way back in.
func TestEveryFaultPoint(t *testing.T) {
	for _, fault := range faults {
		for _, locked := range []bool{false, true} {
			for ends := range 9 {
				b := newBench(t, false)
				if locked {
					if _, err := b.lock("recorder"); err != nil {
						t.Fatal(err)
					}
				}
				what := fmt.Sprintf("%s, locked before: %v, ends at answer %d", fault, locked, ends)
				b.camera.Set(func(c *onviftest.Camera) { c.SetUser = func(int) onviftest.Fault { return fault } })
				b.endsAt(ends)
				if locked && ends%2 == 0 {
					_, _ = b.locks.Unlock(t.Context(), "lobby", false)
				} else {
					_, _ = b.lock("recorder")
				}
				b.recover(what)
				b.camera.Restart()
				b.recover(what + ", after a restart of the camera")
				if _, err := b.lock(); err != nil {
					t.Errorf("%s: locked again: %v", what, err)
				}
				b.settled()
				b.store.Close()
				b.camera.Close()
			}
		}
	}
}

// The same in any order, with cameras that cut passwords off, lock out and are reset.
func TestNobodyIsEverLockedOut(t *testing.T) {
	runs := 40
	if os.Getenv("BAUTA_LONG") != "" {
		runs = 2000
	}
	for seed := range runs {
		random(t, uint64(seed))
	}
}

func random(t *testing.T, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 1))
	b := newBench(t, false)
	defer b.store.Close()
	defer b.camera.Close()
	b.camera.Set(func(c *onviftest.Camera) {
		c.Truncate = []int{0, 0, 8, 12, 15}[r.IntN(5)]
		c.Longest = []int{0, 0, 12, 8}[r.IntN(4)]
		c.LockAfter, c.Silent = []int{0, 3, 5}[r.IntN(3)], r.IntN(2) == 0
	})
	what := fmt.Sprintf("seed %d:", seed)
	for range 2 + r.IntN(8) {
		step := r.IntN(10)
		what += fmt.Sprint(" ", step)
		fault := faults[r.IntN(len(faults))]
		b.camera.Set(func(c *onviftest.Camera) { c.SetUser, c.Asked = func(int) onviftest.Fault { return fault }, nil })
		if r.IntN(3) == 0 {
			b.endsAt(r.IntN(9))
		}
		switch step {
		case 0, 1, 2, 3:
			what += string(fault)
			_, _ = b.lock("recorder")
		case 4, 5:
			what += string(fault)
			_, _ = b.locks.Unlock(t.Context(), "lobby", false)
		case 6:
			b.camera.Restart()
		case 7:
			b.camera.Reset()
		case 8:
			b.camera.Unlock()
		default:
			b.locks.all(t.Context(), far(), true)
		}
		b.restart()
		if !b.enters() {
			t.Fatalf("%s: nobody can enter the camera", what)
		}
	}
	b.recover(what)
}
