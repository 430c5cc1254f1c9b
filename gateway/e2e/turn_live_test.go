package e2e

import (
	"fmt"
	"image"
	"io"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
)

// livePicture is a frame that a viewer got: its number in the clip, and the faces in it.
type liveFrame struct{ number, bare, faces int }

// watch evaluates the frames of the clip that a viewer of the stream gets, until that is enough.
func (c lyingClip) watch(t *testing.T, address string, enough func([]liveFrame) bool) (seen []liveFrame) {
	t.Helper()
	src := c.frames(t, c.path)
	filter := fmt.Sprintf("scale=%d:%d:out_range=pc,format=gray", c.size.X, c.size.Y)
	stream := rawVideo(t, filter, "-fflags", "nobuffer", "-flags", "low_delay", "-threads", "1", "-rtsp_transport", "tcp", "-i", address, "-fps_mode", "passthrough")
	img := image.NewGray(image.Rectangle{Max: c.size})
	for until := time.Now().Add(2 * patience); !enough(seen); {
		if _, err := io.ReadFull(stream, img.Pix); err != nil || time.Now().After(until) {
			t.Fatalf("%d pictures seen: %v", len(seen), err)
		}
		n, ok := readNumber(img)
		if !ok || n >= len(src) { // the slate, or all of it blurred
			continue
		}
		shown, all := bare(src[n], img, c.faces[n])
		seen = append(seen, liveFrame{n, shown, all})
	}
	return seen
}

// play shows the clip over and over as a camera of the gateway.
func (c lyingClip) play(t *testing.T, client *api.Client, cam api.NewCamera) {
	t.Helper()
	r := startRelay(t)
	r.feed(t, "-re", "-stream_loop", "-1", "-i", c.path, "-c", "copy", "-an")
	cam.URL, cam.Transport = r.url(), "tcp"
	if _, err := client.AddCamera(t.Context(), cam); err != nil {
		t.Fatal(err)
	}
}

// Which way is up reaches a running worker; viewers stay connected, and who walks into the
// sideways frame is masked from the first frame on.
func TestE2EMountingOfARunningCamera(t *testing.T) {
	want := 40
	if long() {
		want = 120
	}
	cfg := realSettings(t)
	sent := recorded(t, &cfg.Worker.Binary)
	// At half its pace, so that a busy machine looks for faces and does not blur all of the frame.
	c := lying(t, []part{{count: 80, turn: 1, side: 480}}, "-bsf:v", "setts=ts=TS*2")
	g, client := start(t, gateway.Options{Config: cfg})
	c.play(t, client, api.NewCamera{Name: "hall", Mounting: "180"})
	awaitMasking(t, g, "hall")
	pid := workerPID(t, g, "hall")
	w := watch(t, viewer(t, g).URLs[0])
	if err := client.SetMounting(t.Context(), "hall", "90"); err != nil {
		t.Fatal(err)
	}
	wants := func(kind wire.Kind, mounting string) bool {
		for _, body := range sent(kind) {
			var m struct{ Settings struct{ Mounting string } }
			if err := wire.UnmarshalJSONBody(body, &m); err == nil && m.Settings.Mounting == mounting {
				return true
			}
		}
		return false
	}
	eventually(t, "the worker is told", func() bool { return wants(wire.KindHello, "180") && wants(wire.KindControl, "90") })
	c.assertMasked(t, viewer(t, g).URLs[0], want)
	w.assertConnected(t)
	if workerPID(t, g, "hall") != pid {
		t.Error("the worker was started anew")
	}
}
