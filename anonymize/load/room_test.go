package load

import (
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// frames feeds a camera of 25 frames a second to r for a while; each frame takes so much of its
// time, a third of it for encoding at full size.
func frames(r *Room, from, span media.Ticks90k, share float64) (now media.Ticks90k) {
	const interval = 3600
	for now = from; now < from+span; now += interval {
		full := time.Duration(share * float64(time.Second) / 25)
		w := Work{PTS: now, All: full, Encode: full / 3, Smaller: 1}
		if r.Behind {
			w.Smaller = 4
			w.Encode /= 4
			w.All -= 3 * w.Encode
		}
		r.Observe(w)
	}
	return now
}

func TestRoomDecidesAfterASecond(t *testing.T) {
	for share, want := range map[float64]bool{0.5: false, 0.8: false, 1.0: true, 3: true} {
		r := Room{}
		r.Observe(Work{All: 5 * time.Second, Smaller: 1}) // the first frame is searched at length
		frames(&r, 3600, media.TicksPerSecond*3/2, share)
		if r.Behind != want {
			t.Errorf("share %v: behind %v", share, r.Behind)
		}
	}
}

// A box that cannot keep up at full size stays at half size, however little that takes; one that
// was busy for a while only comes back.
func TestRoomComesBackSeldom(t *testing.T) {
	r := Room{}
	now := frames(&r, 0, 2*media.TicksPerSecond, 1.2)
	if now = frames(&r, now, 3600*media.TicksPerSecond, 1.2); !r.Behind {
		t.Fatal("it went back to full size, which was too much before")
	}
	if now = frames(&r, now, 20*media.TicksPerSecond, 0.4); r.Behind {
		t.Fatal("there is room, and it is not used")
	}
	now = frames(&r, now, 20*media.TicksPerSecond, 1.2)
	if now = frames(&r, now, 6*60*media.TicksPerSecond, 0.4); !r.Behind {
		t.Fatal("it went back as soon as before, although that failed")
	}
	if frames(&r, now, 6*60*media.TicksPerSecond, 0.4); r.Behind {
		t.Fatal("it never went back")
	}
}

func TestRoomFallsWithOverload(t *testing.T) {
	r := Room{}
	now := frames(&r, 0, 60*media.TicksPerSecond, 0.5)
	if r.Observe(Work{PTS: now, Smaller: 1, Overloaded: true}); !r.Behind {
		t.Error("frames are left out, and it stays at full size")
	}
	r = Room{}
	if r.Observe(Work{Smaller: 1, Overloaded: true}); !r.Behind {
		t.Error("nothing but frames that are left out, and it stays at full size")
	}
}
