package e2e

import (
	"archive/zip"
	"bytes"
	"fmt"
	"image/jpeg"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/config/zone/drawing"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
)

// A locked-down worker gives a masked frame of the running stream, on which
// the zones are drawn, alone and in the evidence.
func TestE2ESnapshot(t *testing.T) {
	_, client, _ := startReal(t)
	window := zone.Zone{ID: "window", Kind: zone.Private, Points: []zone.Point{{}, {X: 0.5}, {X: 0.5, Y: 0.5}}}
	if err := client.PutZone(t.Context(), "demo", api.NewZone{Zone: window}); err != nil {
		t.Fatal(err)
	}
	shot, err := client.Snapshot(t.Context(), "demo")
	if err != nil {
		t.Fatal(err)
	}
	size, err := jpeg.DecodeConfig(bytes.NewReader(shot.JPEG))
	if err != nil || size.Width < 320 || size.Width > 960 {
		t.Fatalf("%+v, %v", size, err)
	}
	if svg := string(drawing.SVG(shot.JPEG, size.Width, size.Height, []zone.Zone{window})); !strings.Contains(svg, "window (private)") {
		t.Error("the zone is not in the drawing")
	}

	pack := filepath.Join(t.TempDir(), "pack.zip")
	today := civil.Of(time.Now())
	if err := client.Evidence(t.Context(), today, today, pack); err != nil {
		t.Fatal(err)
	}
	z, err := zip.OpenReader(pack)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	f, err := z.Open("zones/demo.svg")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var svg bytes.Buffer
	if _, err := svg.ReadFrom(f); err != nil || !strings.Contains(svg.String(), "data:image/jpeg;base64,") {
		t.Errorf("the evidence's map has no picture: %v", err)
	}
}

// A part of the clip's background that stands still and has a pattern.
var painting = []zone.Point{{X: 0.1, Y: 0.1}, {X: 0.28, Y: 0.1}, {X: 0.28, Y: 0.43}, {X: 0.1, Y: 0.43}}

const smallW, smallH = 320, 180

// grey starts ffmpeg on a source and returns its frames, small and grey.
func grey(t *testing.T, args ...string) io.Reader {
	t.Helper()
	return rawVideo(t, fmt.Sprintf("scale=%d:%d,format=gray", smallW, smallH), args...)
}

// rawVideo is what ffmpeg decodes from its input, filtered, the frames
// without anything between them.
func rawVideo(t *testing.T, filter string, input ...string) io.Reader {
	t.Helper()
	need(t, "ffmpeg")
	args := append(append([]string{"-nostdin", "-v", "error"}, input...), "-vf", filter, "-f", "rawvideo", "-")
	cmd := exec.CommandContext(t.Context(), "ffmpeg", args...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	return out
}

// inside are the pixels well inside of it.
func inside(frame []byte) (px []float64) {
	for y := smallH * 14 / 100; y < smallH*40/100; y++ {
		for x := smallW * 13 / 100; x < smallW*25/100; x++ {
			px = append(px, float64(frame[y*smallW+x]))
		}
	}
	return px
}

// likeness is the correlation of two patterns, -1 to 1; 0 where one is even.
func likeness(a, b []float64) float64 {
	var sa, sb, saa, sbb, sab float64
	for i := range a {
		sa, sb, saa, sbb, sab = sa+a[i], sb+b[i], saa+a[i]*a[i], sbb+b[i]*b[i], sab+a[i]*b[i]
	}
	n := float64(len(a))
	va, vb := saa-sa*sa/n, sbb-sb*sb/n
	if va < n || vb < n { // less than one grey level of noise
		return 0
	}
	return (sab - sa*sb/n) / math.Sqrt(va*vb)
}

// sizes is the clip at two frame sizes, one after the other in one stream.
func sizes(t *testing.T) string {
	t.Helper()
	var both []byte
	for _, size := range []string{"640:360", "480:272"} {
		part := convert(t, clip(t), "part.h264", "-an", "-vf", "scale="+size+",setsar=1", "-c:v", "libx264", "-preset", "ultrafast", "-g", "8", "-bf", "0")
		b, err := os.ReadFile(part)
		if err != nil {
			t.Fatal(err)
		}
		both = append(both, b...)
	}
	raw := filepath.Join(t.TempDir(), "both.h264")
	if err := os.WriteFile(raw, both, 0o600); err != nil {
		t.Fatal(err)
	}
	return convert(t, raw, "both.mp4", "-c", "copy")
}

// Inside of a private zone nothing of the source ever leaves: not while the
// worker is killed, nor while other zones come and go, nor when the camera's
// frames change their size, nor after a restart.
func TestE2EPrivateZone(t *testing.T) {
	want := 200
	if long() {
		want = 1000
	}
	frame := make([]byte, smallW*smallH)
	if _, err := io.ReadFull(grey(t, "-i", clip(t)), frame); err != nil {
		t.Fatal(err)
	}
	source := inside(frame)

	clip := sizes(t)
	cfg := realSettings(t)
	seen, even, turns := 0, 0, 0
	widths := map[int]int{}
	for range 2 { // with a restart in between
		g, client := start(t, gateway.Options{Config: cfg, Demo: clip})
		if seen == 0 {
			addPrivate(t, g, client, source)
		}
		stream, last := grey(t, "-rtsp_transport", "tcp", "-i", viewer(t, g).URLs[0]), 0
		for i := range want / 2 { // the zone was there before this viewer came
			if _, err := io.ReadFull(stream, frame); err != nil {
				t.Fatal(err)
			}
			seen++
			px := inside(frame)
			if r := likeness(px, source); r > 0.3 {
				t.Fatalf("frame %d is like the source inside of the zone: %.2f", seen, r)
			}
			if likeness(px, px) == 0 {
				even++
			}
			if w := statusOf(g, "demo").Source.Width; w != last {
				turns, last = turns+1, w
			}
			widths[last]++
			disturb(t, g, client, i)
		}
		g.Close()
	}
	if likeness(source, source) == 0 || even < want/4 {
		t.Errorf("only %d of %d frames had a solid zone", even, seen)
	}
	if widths[640] == 0 || widths[480] == 0 || turns < 4 {
		t.Errorf("the size did not change under the viewer: %v, %d turns", widths, turns)
	}
	t.Logf("%d frames, %d of them with a solid zone, the others slates; frames by the camera's width %v, %d turns", seen, even, widths, turns)
}

// addPrivate sees the source's pattern in the stream while there is no zone, so
// that the test would notice it, and how soon it is gone once there is one.
func addPrivate(t *testing.T, g *gateway.Gateway, client *api.Client, source []float64) {
	t.Helper()
	awaitMasking(t, g, "demo")
	stream, frame := grey(t, "-fflags", "nobuffer", "-flags", "low_delay", "-threads", "1", "-rtsp_transport", "tcp", "-i", viewer(t, g).URLs[0]), make([]byte, smallW*smallH)
	await := func(what string, is func(px []float64) bool) {
		t.Helper()
		for range 200 {
			if _, err := io.ReadFull(stream, frame); err != nil {
				t.Fatal(err)
			}
			if is(inside(frame)) {
				return
			}
		}
		t.Fatal(what)
	}
	behind := 30 // frames until a player has caught up with what it buffered at first
	await("the source's pattern was not seen without a zone", func(px []float64) bool {
		behind--
		return behind < 0 && likeness(px, source) > 0.6
	})
	if err := client.PutZone(t.Context(), "demo", api.NewZone{Zone: zone.Zone{ID: "painting", Kind: zone.Private, Points: painting}}); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	await("the zone never became solid", func(px []float64) bool { return likeness(px, px) == 0 })
	took := time.Since(began)
	t.Logf("a player shows the zone solid %v after it was added", took)
	if long() && took > time.Second {
		t.Errorf("the zone was solid after %v, want 1 s", took)
	}
}

// disturb kills the worker now and then, and has another zone come and go.
func disturb(t *testing.T, g *gateway.Gateway, client *api.Client, i int) {
	t.Helper()
	other := zone.Zone{ID: "other", Kind: zone.Consent, Points: []zone.Point{{}, {X: 1}, {X: 1, Y: 1}, {Y: 1}}}
	var err error
	switch i % 40 {
	case 10:
		err = client.PutZone(t.Context(), "demo", api.NewZone{Zone: other, Replace: true})
	case 20:
		err = client.RemoveZone(t.Context(), "demo", "other")
	case 30:
		if pid := statusOf(g, "demo").Worker.PID; pid > 0 {
			_ = syscall.Kill(pid, syscall.SIGKILL) // it may be gone already
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}
