package rtsp

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bluenviron/gortsplib/v4"
	"github.com/bluenviron/gortsplib/v4/pkg/base"
	"github.com/bluenviron/gortsplib/v4/pkg/format"
	"github.com/bluenviron/gortsplib/v4/pkg/format/rtph264"
	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"

	"github.com/bauta-gateway/bauta/hardware/media"
)

const (
	// patience is how long a test waits for what must come; a busy
	// machine may need much of it.
	patience = 60 * time.Second
	testRate = 50 // frames a second of the test clips
	testUser = "viewer"
	testPass = "correct horse"
)

// clipOf makes H.264 with ffmpeg: frames of one GOP, parameter sets in band.
func clipOf(t *testing.T, size string, frames int) [][][]byte {
	t.Helper()
	need(t, "ffmpeg")
	x264 := fmt.Sprintf("aud=1:scenecut=0:keyint=%d:min-keyint=%d", frames, frames)
	out, err := exec.Command("ffmpeg", "-v", "error", "-f", "lavfi",
		"-i", fmt.Sprintf("testsrc=size=%s:rate=%d", size, testRate), "-frames:v", fmt.Sprint(frames),
		"-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-threads", "1",
		"-pix_fmt", "yuv420p", "-x264-params", x264, "-f", "h264", "-").Output()
	if err != nil {
		t.Fatalf("ffmpeg: %v", err)
	}
	var nalus h264.AnnexB
	if err := nalus.Unmarshal(out); err != nil {
		t.Fatal(err)
	}
	var units [][][]byte
	for _, u := range nalus {
		if media.H264Type(u) == h264.NALUTypeAccessUnitDelimiter {
			units = append(units, nil)
		}
		units[len(units)-1] = append(units[len(units)-1], u)
	}
	if len(units) != frames {
		t.Fatalf("ffmpeg made %d access units of %d", len(units), frames)
	}
	return units
}

func need(t *testing.T, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		t.Fatalf("%s is not installed: make setup-test installs it", program)
	}
}

// startServer starts a server on loopback and any free ports.
func startServer(t *testing.T, change func(*ServerConfig)) *Server {
	t.Helper()
	cfg := ServerConfig{
		Addr: "127.0.0.1:0", UDP: true, RTPAddr: "127.0.0.1:0",
		Logins: newLogins(),
	}
	if change != nil {
		change(&cfg)
	}
	s := NewServer(cfg, testLog(t))
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// logins are those of a test: their passwords, and the cameras that one is limited to.
type logins struct {
	mu        sync.Mutex
	passwords map[string]string
	cameras   map[string][]media.CameraID // none: all
	saw       map[string]int
}

func newLogins() *logins {
	return &logins{passwords: map[string]string{testUser: testPass}, cameras: map[string][]media.CameraID{}, saw: map[string]int{}}
}

func (l *logins) Password(name string) (string, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	p, ok := l.passwords[name]
	return p, ok
}

func (l *logins) May(name string, camera media.CameraID) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, ok := l.passwords[name]
	return ok && (l.cameras[name] == nil || slices.Contains(l.cameras[name], camera))
}

func (l *logins) Saw(name, door string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.saw[name+" by "+door]++
}

// set gives a login a password, none to withdraw it, and the cameras that it is limited to.
func (l *logins) set(name, password string, cameras ...media.CameraID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.passwords[name], l.cameras[name] = password, cameras
	if password == "" {
		delete(l.passwords, name)
	}
}

func publish(t *testing.T, s *Server, id media.CameraID, hooks PathHooks) *Path {
	t.Helper()
	return publishStream(t, s, media.StreamID{Camera: id}, hooks)
}

func publishStream(t *testing.T, s *Server, id media.StreamID, hooks PathHooks) *Path {
	t.Helper()
	p, err := s.Publish(id, hooks)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// logTo is a test's log.
type logTo struct{ t *testing.T }

func (l logTo) Write(b []byte) (int, error) {
	l.t.Logf("%s", bytes.TrimSpace(b))
	return len(b), nil
}

// testLog also fails the test where a log line holds the password.
func testLog(t *testing.T) *slog.Logger {
	return slog.New(slog.NewTextHandler(logTo{t}, &slog.HandlerOptions{
		Level: slog.LevelDebug,
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if strings.Contains(a.Value.String(), testPass) {
				t.Errorf("the log holds the password: %v", a)
			}
			return a
		},
	}))
}

func urlOf(s *Server, path string) string {
	return "rtsp://" + s.Addrs().RTSP + "/" + path
}

// withLogin is urlOf for programs that take the login in the URL.
func withLogin(s *Server, path string) string {
	return fmt.Sprintf("rtsp://%s:%s@%s/%s", testUser, strings.ReplaceAll(testPass, " ", "%20"), s.Addrs().RTSP, path)
}

// eventually waits for a condition.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited %v in vain: %s", patience, what)
		}
	}
}

func waitViewers(t *testing.T, p *Path, n int) {
	t.Helper()
	eventually(t, fmt.Sprintf("%d viewers on %s", n, p.id), func() bool { return p.Viewers() == n })
}

// feeder publishes a clip again and again, as a worker would: at a steady
// rate, and from its keyframe whenever one is wanted.
type feeder struct {
	mu     sync.Mutex
	path   *Path
	clip   [][][]byte
	next   int // within clip
	units  [][][]byte
	start  time.Time
	wanted []time.Time
	fill   int // bytes of filler in each unit
}

func (f *feeder) hooks() PathHooks { return PathHooks{KeyframeWanted: f.keyframe} }

func (f *feeder) keyframe() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.next = 0
	f.wanted = append(f.wanted, time.Now())
}

func (f *feeder) wants() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.wanted)
}

// show switches to another clip.
func (f *feeder) show(clip [][][]byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.clip, f.next = clip, 0
}

// step publishes one access unit.
func (f *feeder) step(t *testing.T) {
	f.mu.Lock()
	i, clip, n := f.next, f.clip, len(f.units)
	f.next = (f.next + 1) % len(clip)
	unit := clip[i]
	if f.fill > 0 {
		unit = append(slices.Clip(unit), filler(n, f.fill))
	}
	f.units = append(f.units, unit)
	f.mu.Unlock()
	f.path.Write(vouched(t, unit, i == 0, n, f.start))
}

// filler is a NAL unit that decoders skip; it distinguishes the units. Its
// bytes have the top bit set, so that none of them is taken for a start code.
func filler(n, size int) []byte {
	u := bytes.Repeat([]byte{0xff}, size)
	u[0], u[1], u[2] = byte(h264.NALUTypeFillerData), 0x80|byte(n>>7), 0x80|byte(n)
	return u
}

// number reads which unit a filler was put in.
func number(unit [][]byte) int {
	u := unit[len(unit)-1]
	return int(u[1]&0x7f)<<7 | int(u[2]&0x7f)
}

func (f *feeder) published() [][][]byte {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.units)
}

// run steps n times at testRate, or until ctx ends where n is 0.
func (f *feeder) run(ctx context.Context, t *testing.T, n int) {
	tick := time.NewTicker(time.Second / testRate)
	defer tick.Stop()
	for i := 0; n == 0 || i < n; i++ {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			f.step(t)
		}
	}
}

// feed runs a feeder until the test ends.
func feed(t *testing.T, s *Server, id media.CameraID, clip [][][]byte) *feeder {
	t.Helper()
	return feedStream(t, s, media.StreamID{Camera: id}, clip)
}

func feedStream(t *testing.T, s *Server, id media.StreamID, clip [][][]byte) *feeder {
	t.Helper()
	f := &feeder{clip: clip, start: time.Now()}
	f.path = publishStream(t, s, id, f.hooks())
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { f.run(ctx, t, 0) })
	t.Cleanup(func() { cancel(); wg.Wait() })
	return f
}

func vouched(t *testing.T, unit [][]byte, keyframe bool, n int, start time.Time) media.Clean {
	pts := media.Ticks90k(n * media.TicksPerSecond / testRate)
	c, err := media.Vouch(unit, keyframe, media.Record{Code: media.Masked, PTS: pts, NTP: start.Add(pts.Duration())})
	if err != nil {
		t.Error(err)
	}
	return c
}

// watcher is a viewer made of gortsplib's client.
type watcher struct {
	client *gortsplib.Client
	format *format.H264
	mu     sync.Mutex
	units  [][][]byte
	times  []uint32    // RTP, of units
	seen   []time.Time // arrival, of units
	lost   int
	last   uint16
	report *rtcp.SenderReport
	gate   sync.Mutex // held while the viewer is paused
}

// connect describes and sets up; play follows.
func connect(t *testing.T, rawURL string, change func(*gortsplib.Client)) (*watcher, error) {
	t.Helper()
	u, err := base.ParseURL(rawURL)
	if err != nil {
		t.Fatal(err)
	}
	tcp := gortsplib.TransportTCP
	w := &watcher{}
	w.client = &gortsplib.Client{
		Scheme: u.Scheme, Host: u.Host, Transport: &tcp, ReadTimeout: patience, WriteTimeout: patience,
		OnPacketsLost: func(n uint64) { w.mu.Lock(); w.lost += int(n); w.mu.Unlock() },
		OnDecodeError: func(error) {},
	}
	if change != nil {
		change(w.client)
	}
	if err := w.client.Start2(); err != nil {
		return nil, err
	}
	t.Cleanup(w.client.Close)
	desc, _, err := w.client.Describe(u)
	if err != nil {
		return nil, err
	}
	track := desc.FindFormat(&w.format)
	if track == nil {
		return nil, fmt.Errorf("no H264 in the description")
	}
	if _, err = w.client.Setup(desc.BaseURL, track, 0, 0); err != nil {
		return nil, err
	}
	var dec *rtph264.Decoder
	w.client.OnPacketRTP(track, w.format, func(pkt *rtp.Packet) { dec = w.packet(dec, pkt) })
	w.client.OnPacketRTCP(track, func(pkt rtcp.Packet) {
		w.mu.Lock()
		defer w.mu.Unlock()
		if sr, ok := pkt.(*rtcp.SenderReport); ok {
			w.report = sr
		}
	})
	return w, nil
}

// packet collects access units; after a loss it begins anew.
func (w *watcher) packet(dec *rtph264.Decoder, pkt *rtp.Packet) *rtph264.Decoder {
	w.gate.Lock()
	defer w.gate.Unlock()
	w.mu.Lock()
	defer w.mu.Unlock()
	if dec == nil || pkt.SequenceNumber != w.last+1 {
		dec = &rtph264.Decoder{PacketizationMode: 1}
		_ = dec.Init()
	}
	w.last = pkt.SequenceNumber
	unit, err := dec.Decode(pkt)
	if err != nil {
		return dec
	}
	w.units = append(w.units, unit)
	w.times = append(w.times, pkt.Timestamp)
	w.seen = append(w.seen, time.Now())
	return dec
}

func (w *watcher) play() error {
	_, err := w.client.Play(nil)
	return err
}

// pause stops the viewer's reading until resume is called or the test ends.
func (w *watcher) pause(t *testing.T) (resume func()) {
	w.gate.Lock()
	resume = sync.OnceFunc(w.gate.Unlock)
	t.Cleanup(resume)
	return resume
}

func (w *watcher) got() [][][]byte {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.units)
}

// watch connects with the right login and plays.
func watch(t *testing.T, s *Server, path string) *watcher {
	t.Helper()
	w, err := connect(t, withLogin(s, path), nil)
	if err == nil {
		err = w.play()
	}
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func sameUnit(a, b [][]byte) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !bytes.Equal(a[i], b[i]) {
			return false
		}
	}
	return true
}
