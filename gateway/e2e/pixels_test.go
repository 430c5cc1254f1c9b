package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/mp4"
	"github.com/bauta-gateway/bauta/gateway/redact"
	"github.com/bauta-gateway/bauta/gateway/whep/wheptest"
	"github.com/bauta-gateway/bauta/gateway/worker"
	"github.com/bauta-gateway/bauta/hardware/jpegscan"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// What a camera says beside its pixels. No byte of it is an escape or a start code.
var gossip = []byte("Li Si, plate A12345, said in the hall: see you at nine")

// seiMessage is a message of a type in a NAL unit of its own.
func seiMessage(codec media.Codec, typ int, payload []byte) []byte {
	out := []byte{6}
	if codec == media.H265 {
		out = []byte{39 << 1, 1}
	}
	for _, n := range []int{typ, len(payload)} {
		for ; n >= 255; n -= 255 {
			out = append(out, 255)
		}
		out = append(out, byte(n))
	}
	return append(append(out, payload...), 0x80)
}

// smuggled are messages of every type, well formed ones of those that decoders know, and NAL
// units of every type that is no slice and no parameter set; deadly are units of the others.
func smuggled(codec media.Codec) (harmless, deadly [][]byte) {
	for typ := range 300 {
		harmless = append(harmless, seiMessage(codec, typ, gossip))
	}
	caption := []byte{0xb5, 0, 0x31, 'G', 'A', '9', '4', 3, 0xc0 | byte(len(gossip)/3), 0xff}
	for i := 0; i+3 <= len(gossip); i += 3 {
		caption = append(caption, 0xfc|gossip[i]&1, gossip[i+1], gossip[i+2])
	}
	for typ, payload := range map[int][]byte{
		4: append(caption, 0xff), 5: append(bytes.Repeat([]byte{7}, 16), gossip...), 65535: gossip, 255 * 40: gossip,
		19: bytes.Repeat(gossip, 30), 136: bytes.Repeat([]byte{0x48, 0x91}, 9), 137: bytes.Repeat([]byte{1, 2, 3, 4}, 6), 144: {1, 2, 3, 4},
	} {
		harmless = append(harmless, seiMessage(codec, typ, payload))
	}
	most, header := 32, func(typ int) []byte { return []byte{3<<5 | byte(typ)} }
	kills := func(typ int) bool { return typ >= 1 && typ <= 5 || typ == 7 || typ == 8 || typ == 20 }
	if codec == media.H265 {
		most, header = 64, func(typ int) []byte { return []byte{byte(typ << 1), 1} }
		kills = func(typ int) bool { return typ <= 34 }
	}
	for typ := range most {
		n := append(header(typ), gossip...)
		if kills(typ) {
			deadly = append(deadly, n)
		} else {
			harmless = append(harmless, n)
		}
	}
	return harmless, deadly
}

// beside puts units before the first slice of a frame.
func beside(codec media.Codec, nalus, what [][]byte) [][]byte {
	slice := slices.IndexFunc(nalus, func(n []byte) bool {
		return codec == media.H264 && n[0]&31 <= 5 || codec == media.H265 && n[0]>>1&63 < 32
	})
	return slices.Insert(slices.Clone(nalus), max(slice, 0), what...)
}

// pixelsOnly fails where a NAL unit of the masked stream is anything else than a part of a
// frame, or the message on how it is shown, of which there are seven.
func pixelsOnly(t *testing.T, where string, n []byte) {
	canonical := len(n) == 7 && n[0] == 6 && n[1] == 47 && n[2] == 3 && n[3]&^0x58 == 0 && n[4] == 0 && n[5] == 0x09 && n[6] == 0x80
	if kind := n[0] & 31; kind != 1 && kind != 5 && kind != 7 && kind != 8 && !canonical {
		t.Errorf("%s: a NAL unit of type %d came out: %.40q", where, kind, n)
	}
	for at := 0; at+8 <= len(gossip); at++ {
		if bytes.Contains(n, gossip[at:at+8]) {
			t.Errorf("%s: %q came out in a NAL unit of type %d", where, gossip[at:at+8], n[0]&31)
			return
		}
	}
}

// samples reads a file's frames.
func samples(t *testing.T, path string) (all []mp4.Sample) {
	t.Helper()
	r, err := mp4.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for {
		s, err := r.Next()
		if errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
}

// listed gives samples one by one.
type listed struct{ left []mp4.Sample }

func (l *listed) Next() (media.Raw, error) {
	if len(l.left) == 0 {
		return media.Raw{}, io.EOF
	}
	s := l.left[0]
	l.left = l.left[1:]
	return s.Raw(), nil
}

// redacted counts what the real worker makes of them.
func redacted(t *testing.T, list []mp4.Sample) (frames int) {
	t.Helper()
	needWorker(t)
	hello := realParts().Hello(wire.Settings{Mask: "blur"})
	hello.Camera, hello.Codec = "file", list[0].Codec
	_, err := worker.Redact(t.Context(), worker.FileConfig{Bin: builtWorker, Hello: hello, Log: quiet()}, &listed{list}, func(rec media.Record, c media.Clean) error {
		for _, n := range c.NALUs() {
			pixelsOnly(t, fmt.Sprintf("%v, picture %d", list[0].Codec, rec.Seq), n)
		}
		if rec.Code == media.Masked {
			frames++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return frames
}

// laden has the harmless units beside its frames, some beside each, and behind those each
// deadly one beside a frame of its own.
func laden(t *testing.T, clip []mp4.Sample) (list []mp4.Sample, honest int) {
	t.Helper()
	codec := clip[0].Codec
	harmless, deadly := smuggled(codec)
	next := func(what ...[]byte) {
		s := clip[len(list)%len(clip)]
		s.Ticks = media.Ticks90k(len(list)) * media.TicksPerSecond / 15
		s.NALUs = beside(codec, s.NALUs, what)
		list = append(list, s)
	}
	for chunk := range slices.Chunk(harmless, 12) {
		next(chunk...)
	}
	honest = len(list)
	for _, n := range deadly {
		next(n)
	}
	return list, honest
}

func TestE2EOnlyPixelsComeOutOfFiles(t *testing.T) {
	for _, codec := range []string{"libx264", "libx265"} {
		clip := convert(t, clip(t), codec+".mp4", "-an", "-frames:v", "12", "-c:v", codec, "-preset", "ultrafast", "-g", "4", "-bf", "0", "-x265-params", "log-level=none")
		list, honest := laden(t, samples(t, clip))
		if got := redacted(t, list); got < honest {
			t.Errorf("%s: %d pictures of %d", codec, got, honest)
		}
	}
}

// A JPEG has room for a maker's notes, comments and profiles.
func TestE2EOnlyPixelsComeOutOfJPEGs(t *testing.T) {
	clip := samples(t, convert(t, clip(t), "jpeg.mov", "-an", "-frames:v", "3", "-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-q:v", "5"))
	for i := range clip {
		b := clip[i].NALUs[0]
		var segments []byte
		for mark := byte(0xe0); mark <= 0xef; mark++ {
			segments = append(append(segments, 0xff, mark, 0, byte(len(gossip)+2)), gossip...)
		}
		segments = append(append(segments, 0xff, 0xfe, 0, byte(len(gossip)+2)), gossip...)
		clip[i].NALUs = [][]byte{slices.Concat(b[:2], segments, b[2:], gossip)}
	}
	if got := redacted(t, clip); got != len(clip) {
		t.Errorf("%d pictures of %d", got, len(clip))
	}
}

// under begins a file of frames of the test's own under the header of another; done ends it.
func under(t *testing.T, header, in string) (w *mp4.Writer, info mp4.Info, done func()) {
	t.Helper()
	src, err := mp4.Open(header)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { src.Close() })
	if w, err = mp4.Create(in, src); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Abort)
	return w, src.Info(), func() {
		t.Helper()
		if err := w.Commit(); err != nil {
			t.Fatal(err)
		}
	}
}

// The whole way of `bauta redact`, from one file to another.
func TestE2ERedactKeepsNothingButPixels(t *testing.T) {
	clip := clip(t)
	in := filepath.Join(t.TempDir(), "laden.mp4")
	w, info, done := under(t, clip, in)
	list, honest := laden(t, samples(t, clip))
	for i, s := range list[:honest] {
		if err := w.Write(s.NALUs, s.Sync, mp4.Timing{CTS: int64(i) * int64(info.Timescale) / 15}); err != nil {
			t.Fatal(err)
		}
	}
	done()
	if b, err := os.ReadFile(in); err != nil || bytes.Count(b, gossip) < 300 {
		t.Fatalf("the source does not hold it all: %v", err)
	}
	o := redactOptions(t, in)
	report, err := redact.File(t.Context(), o)
	if err != nil || report.Frames != int64(honest) {
		t.Fatalf("%+v, %v", report, err)
	}
	for _, s := range samples(t, o.Out) {
		for _, n := range s.NALUs {
			pixelsOnly(t, fmt.Sprintf("picture %d", s.Index), n)
		}
	}
	if b, err := os.ReadFile(o.Out); err != nil || bytes.Contains(b, gossip[:8]) {
		t.Errorf("the file holds it still: %v", err)
	}
}

// A header that describes frames of one size, before the first of another.
func TestE2ERedactRefusesAnotherSizeThanTheHeaders(t *testing.T) {
	small, large := convert(t, clip(t), "a.mp4", "-vf", "scale=320:180", "-frames:v", "3", "-c:v", "libx264", "-bf", "0"), clip(t)
	in := filepath.Join(t.TempDir(), "lying.mp4")
	w, _, done := under(t, large, in)
	sets := slices.DeleteFunc(samples(t, small)[0].NALUs, func(n []byte) bool { return !isSet(n) })
	for i, s := range samples(t, large)[:8] {
		nalus := s.NALUs
		if i == 0 { // the first ones go into the header, the decoder goes by the last ones
			nalus = slices.Concat(sets, nalus)
		}
		if err := w.Write(nalus, s.Sync, s.Timing); err != nil {
			t.Fatal(err)
		}
	}
	done()
	o := redactOptions(t, in)
	if _, err := redact.File(t.Context(), o); !errors.Is(err, mp4.ErrDisagree) {
		t.Errorf("%v", err)
	}
	assertEmpty(t, o)
}

// preview watches a camera as a browser does and shows each NAL unit to f.
func preview(t *testing.T, g *gateway.Gateway, id media.CameraID, f func(nalu []byte)) {
	t.Helper()
	v, offer := wheptest.Offer(t, webrtc.RTPCodecTypeVideo)
	v.Watch(func(unit [][]byte, _ error) {
		for _, n := range unit {
			f(n)
		}
	})
	answer, err := g.Client().Preview(t.Context(), id, offer)
	if err != nil {
		t.Fatal(err)
	}
	v.Accept(t, answer)
}

// A camera that talks beside its frames: viewers, browsers and snapshots get pixels.
func TestE2EOnlyPixelsComeOutLive(t *testing.T) {
	for _, codec := range []string{"libx264", "libx265"} {
		t.Run(codec, func(t *testing.T) {
			clip := convert(t, clip(t), codec+".mp4", "-an", "-c:v", codec, "-preset", "ultrafast", "-g", "8", "-bf", "0", "-x265-params", "log-level=none")
			g, client := start(t, gateway.Options{Config: realSettings(t)})
			cam := startOdd(t, "", clip, false)
			kind := cam.clip[0].Codec
			harmless, deadly := smuggled(kind)
			talked := cam.talk(kind, harmless, 12)
			w := addOdd(t, g, client, cam)
			var mu sync.Mutex
			seen := map[string]int{}
			watcher := func(where string) func([]byte) {
				return func(n []byte) {
					mu.Lock()
					defer mu.Unlock()
					seen[where]++
					pixelsOnly(t, where, n)
				}
			}
			w.show(watcher("viewer"))
			preview(t, g, "odd", watcher("browser"))
			watchHLS(t, g, "odd", watcher("HLS"))
			talked()
			checkSnapshot(t, client)
			cam.talk(kind, deadly, 1)()
			cam.be(nil)
			awaitFrames(t, g)
			checkSnapshot(t, client)
			w.assertConnected(t)
			eventually(t, "all have seen enough", func() bool {
				mu.Lock()
				defer mu.Unlock()
				return min(seen["viewer"], seen["browser"], seen["HLS"]) > 20
			})
			if n := statusOf(g, "odd").Worker.Violations; n > 0 {
				t.Errorf("the worker broke the protocol %d times", n)
			}
		})
	}
}

// talk has the camera say all that, some beside each frame, over and over; the function that it returns
// waits until it has said all of it.
func (c *oddCamera) talk(codec media.Codec, what [][]byte, each int) (said func()) {
	chunks := slices.Collect(slices.Chunk(what, each))
	var count atomic.Int64
	c.be(func(_ int, nalus [][]byte, stamp uint32) ([][]byte, uint32) {
		n := int(count.Add(1))
		return beside(codec, nalus, chunks[n%len(chunks)]), stamp
	})
	return func() {
		c.t.Helper()
		from := count.Load()
		eventually(c.t, "all of it was said", func() bool { return count.Load()-from > int64(len(chunks)) })
	}
}

func checkSnapshot(t *testing.T, client *api.Client) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	shot, err := client.Snapshot(ctx, "odd")
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := new(jpegscan.Checker).Plain(shot.JPEG); err != nil || bytes.Contains(shot.JPEG, gossip[:8]) {
		t.Errorf("snapshot: %v", err)
	}
}
