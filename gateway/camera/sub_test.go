package camera

import (
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
)

// A sub-stream is wanted while anybody watches it by any way, and a little longer.
func TestSubIsWantedWhileWatched(t *testing.T) {
	like := wire.SubStream{Size: "half", FPS: 10}
	s := sub{like: like}
	now := time.Now()
	is := func(after time.Duration, want bool) {
		t.Helper()
		now = now.Add(after)
		if got := s.wanted(now); got != like && want || got != (wire.SubStream{}) && !want {
			t.Errorf("wanted: %+v", got)
		}
	}
	is(0, false)
	s.asked(now)
	is(subLinger-time.Second, true)
	is(2*time.Second, false)
	s.watched("rtsp", 2, now)
	s.watched("hls", 1, now)
	is(time.Hour, true)
	s.watched("rtsp", 0, now)
	is(time.Hour, true)
	s.watched("hls", 0, now)
	is(subLinger-time.Second, true)
	is(2*time.Second, false)
}
