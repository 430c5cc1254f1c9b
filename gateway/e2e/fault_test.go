package e2e

import (
	"context"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/faultlog"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

const (
	// darkBound is the longest that viewers wait for the slate, mendBound for
	// masked frames once all is well; the machine may be busy.
	darkBound = 8 * time.Second
	mendBound = 10 * time.Second
	// faultLasts is how long a fault goes on that leaves frames to viewers.
	faultLasts = 2 * time.Second
)

// oddFault is a way in which a camera or its network is bad.
type oddFault struct {
	fault   string
	twist   twist
	network network
	// dark: viewers get the slate while it lasts. Else frames may go on.
	dark bool
	// short ones belong to the daily run, as samples of the others.
	short bool
}

var oddFaults = []oddFault{
	{fault: "camera stalls", twist: silent, dark: true, short: true},
	{fault: "camera sends one picture a second", twist: seldom},
	{fault: "5 % of the RTP packets are lost", network: losing(0.05)},
	{fault: "20 % of the RTP packets are lost", network: losing(0.2), short: true},
	{fault: "RTP packets in the wrong order", network: shuffled},
	{fault: "timestamps jump one hour ahead", twist: jump(3600 * media.TicksPerSecond)},
	{fault: "timestamps jump one hour back", twist: jump(-3600 * media.TicksPerSecond)},
	{fault: "SPS and PPS cease", twist: without(isSet)},
	{fault: "truncated NAL units", twist: damaged(func(n []byte) []byte { return n[:1+len(n)/3] })},
	{fault: "random NAL units", twist: damaged(randomSlice), short: true},
	{fault: "keyframes of 9 MB", twist: oversize},
}

// Whatever a camera and its network do, viewers stay and get nothing but
// masked frames and the slate, and the frames are back soon after.
func TestE2ECameraFaults(t *testing.T) {
	clip := clip(t)
	g, client := start(t, gateway.Options{Config: realSettings(t)})
	for _, f := range oddFaults {
		if !f.short && !long() {
			continue
		}
		t.Run(f.fault, func(t *testing.T) {
			cam := startOdd(t, "", clip, f.network != nil)
			w := addOdd(t, g, client, cam)
			began := time.Now()
			cam.be(f.twist)
			cam.through(f.network)
			row := faultlog.Row{Topic: "camera", Fault: f.fault, Ends: "slate or whole masked pictures; masked again once it is over", Bound: mendBound}
			if f.dark {
				eventually(t, "the slate", func() bool { p := protection(g, "odd"); return p == media.Blocked || p == media.Offline })
				faultlog.Check(t, faultlog.Row{Topic: "camera", Fault: f.fault + ", until the slate", Ends: "slate with the reason", Bound: darkBound}, time.Since(began))
			} else {
				time.Sleep(faultLasts) // its length is the point
			}
			mended := time.Now()
			cam.be(nil)
			cam.through(nil)
			awaitFrames(t, g)
			faultlog.Check(t, row, time.Since(mended))
			w.assertConnected(t)
			if _, gap := w.seen(); gap > maxGap {
				t.Errorf("the viewer saw nothing for %v", gap)
			}
			w.assertNothingOf(t, clip)
		})
	}
}

// addOdd adds the camera under the name odd, waits for it and watches it.
func addOdd(t *testing.T, g *gateway.Gateway, client *api.Client, cam *oddCamera) *watcher {
	t.Helper()
	n := api.NewCamera{ID: "odd", Name: "odd", URL: cam.url(), Transport: "tcp"}
	if cam.udp {
		n.Transport = "udp"
	}
	if _, err := client.AddCamera(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := client.RemoveCamera(context.Background(), "odd"); err != nil { // the test's own context is over
			t.Error(err)
		}
	})
	w := watch(t, viewer(t, g).URLs[0])
	awaitMasking(t, g, "odd")
	eventually(t, "the viewer has a picture", func() bool { n, _ := w.seen(); return n > 5 })
	w.forget()
	return w
}

// awaitPictures waits for some more masked frames.
func awaitFrames(t *testing.T, g *gateway.Gateway) {
	t.Helper()
	before := framesOf(g, "odd")
	eventually(t, "masked pictures", func() bool {
		p := protection(g, "odd")
		return framesOf(g, "odd") > before+5 && (p == media.Protected || p == media.OverMasked)
	})
}

// A camera that comes back as another one: viewers see the slate meanwhile and
// then its frames, without connecting anew.
func TestE2ECameraRestarts(t *testing.T) {
	first := clip(t)
	g, client := start(t, gateway.Options{Config: realSettings(t)})
	tests := []struct {
		as, codec string
		width     int
		short     bool
		args      []string
	}{
		{"another size", "H264", 320, true, []string{"-vf", "scale=320:240", "-c:v", "libx264", "-preset", "ultrafast", "-g", "8", "-bf", "0"}},
		{"another codec", "H265", 320, false, []string{"-vf", "scale=320:240", "-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:keyint=8:bframes=0:pools=1"}},
		{"B-frames", "H264", 320, false, []string{"-vf", "scale=320:240", "-c:v", "libx264", "-preset", "veryfast", "-g", "16", "-bf", "3"}},
	}
	for _, test := range tests {
		if !test.short && !long() {
			continue
		}
		t.Run(test.as, func(t *testing.T) {
			second := convert(t, first, "second.mp4", append([]string{"-an"}, test.args...)...)
			cam := startOdd(t, "", first, false)
			w := addOdd(t, g, client, cam)
			began := time.Now()
			cam.close()
			eventually(t, "the camera is offline", func() bool { return protection(g, "odd") == media.Offline })
			faultlog.Check(t, faultlog.Row{Topic: "camera", Fault: "camera gone", Ends: "slate with the reason, offline in status and MQTT", Bound: darkBound}, time.Since(began))
			began = time.Now()
			startOdd(t, cam.addr, second, false)
			awaitFrames(t, g)
			faultlog.Check(t, faultlog.Row{Topic: "camera", Fault: "camera restarts with " + test.as, Ends: "masked pictures of the new kind, viewers stay", Bound: mendBound}, time.Since(began))
			if got := cameraStatus(t, client, "odd").Source; got.Codec != test.codec || got.Width != test.width {
				t.Errorf("source: %+v", got)
			}
			w.assertConnected(t)
			w.assertNothingOf(t, first)
			w.assertNothingOf(t, second)
		})
	}
}

// Without parameter sets nothing can be decoded: the slate, and frames as
// soon as they come.
func TestE2ECameraWithoutParameterSets(t *testing.T) {
	clip := clip(t)
	g, client := start(t, gateway.Options{Config: realSettings(t)})
	cam := startOdd(t, "", clip, false)
	cam.be(without(isSet))
	if _, err := client.AddCamera(t.Context(), api.NewCamera{ID: "odd", Name: "odd", URL: cam.url(), Transport: "tcp"}); err != nil {
		t.Fatal(err)
	}
	w := watch(t, viewer(t, g).URLs[0])
	eventually(t, "the slate", func() bool { n, _ := w.seen(); return n > 10 })
	if n := framesOf(g, "odd"); n > 0 {
		t.Errorf("%d pictures of a stream that cannot be decoded", n)
	}
	began := time.Now()
	cam.be(nil)
	awaitFrames(t, g)
	faultlog.Check(t, faultlog.Row{Topic: "camera", Fault: "SPS and PPS missing from the start", Ends: "slate; masked once they come", Bound: mendBound}, time.Since(began))
	w.assertConnected(t)
	w.assertNothingOf(t, clip)
}
