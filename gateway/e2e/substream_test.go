package e2e

import (
	"bytes"
	"fmt"
	"image"
	"io"
	"slices"
	"sync"
	"testing"

	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// The sub-stream shows the very frames that leave, smaller: nobody is bare in it, and whoever
// watches the stream itself goes on. It is made when the first one comes and, once nobody watches any
// more, no longer.
func TestE2ESubStream(t *testing.T) {
	want := 40
	if long() {
		want = 1000
	}
	cfg := realSettings(t)
	sent := recorded(t, &cfg.Worker.Binary)
	// At half its pace, so that a busy machine looks for faces and does not blur all of the frame.
	c := lying(t, []part{{count: 120}}, "-bsf:v", "setts=ts=TS*2")
	assertSeenAtHalf(t, c)
	g, client := start(t, gateway.Options{Config: cfg})
	c.play(t, client, api.NewCamera{Name: "hall", SubSize: media.SubHalf, SubFPS: 30})
	awaitMasking(t, g, "hall")
	address := viewer(t, g).URLs[0]
	w := watch(t, address)
	if made(sent(wire.KindControl)) {
		t.Error("a sub-stream is made though nobody watches it")
	}
	small := watch(t, address+"/sub")
	size := &sizeSeen{}
	small.show(size.note)
	t.Run("masked", func(t *testing.T) { c.assertMasked(t, address+"/sub", want) }) // its player ends with it
	eventually(t, "the size of the sub-stream", func() bool { return size.is(c.size.Div(2)) })
	w.assertConnected(t)
	if !made(sent(wire.KindControl)) {
		t.Error("the worker was not asked for a sub-stream")
	}
	small.client.Close()
	if long() {
		eventually(t, "nobody watches: it is not made any more", func() bool { return !made(sent(wire.KindControl)) })
	}
}

// assertMasked watches a stream of the clip until so many faces were in it, and none may be bare.
func (c lyingClip) assertMasked(t *testing.T, address string, want int) {
	t.Helper()
	count := func(frames []liveFrame) (shown, all int) {
		for _, f := range frames {
			shown, all = shown+f.bare, all+f.faces
		}
		return shown, all
	}
	seen := c.watch(t, address, func(s []liveFrame) bool { _, all := count(s); return all >= want })
	if shown, all := count(seen); shown > 0 {
		t.Errorf("%d of %d faces are bare: %v", shown, all, seen)
	}
}

// assertSeenAtHalf holds that the measure of bare faces sees those of a clip brought to half its size.
func assertSeenAtHalf(t *testing.T, c lyingClip) {
	t.Helper()
	filter := fmt.Sprintf("scale=%d:%d,scale=%d:%d:out_range=pc,format=gray", c.size.X/2, c.size.Y/2, c.size.X, c.size.Y)
	raw, img := rawVideo(t, filter, "-i", c.path, "-fps_mode", "passthrough"), image.NewGray(image.Rectangle{Max: c.size})
	shown, all := 0, 0
	for n, src := range c.frames(t, c.path) {
		if _, err := io.ReadFull(raw, img.Pix); err != nil {
			t.Fatal(err)
		}
		some, of := bare(src, img, c.faces[n])
		shown, all = shown+some, all+of
	}
	if all == 0 || shown < all*9/10 {
		t.Fatalf("of %d bare faces at half size the measure sees %d", all, shown)
	}
}

// made reports whether the newest settings that a worker was sent ask for a sub-stream.
func made(controls [][]byte) bool {
	for _, body := range slices.Backward(controls) {
		var m wire.Control
		if err := wire.UnmarshalJSONBody(body, &m); err == nil && m.Settings != nil {
			return m.Settings.Sub.FPS > 0
		}
	}
	return false
}

// sizeSeen is the size that a stream's newest parameter set names.
type sizeSeen struct {
	mu  sync.Mutex
	set []byte
}

func (s *sizeSeen) note(n []byte) {
	if media.H264Type(n) == h264.NALUTypeSPS {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.set = bytes.Clone(n)
	}
}

func (s *sizeSeen) is(want image.Point) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	var set h264.SPS
	return set.Unmarshal(s.set) == nil && image.Pt(set.Width(), set.Height()) == want
}
