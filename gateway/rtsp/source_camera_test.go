package rtsp

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"log/slog"
	"math/big"
	"net"
	"net/url"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bluenviron/gortsplib/v4"
	"github.com/bluenviron/gortsplib/v4/pkg/auth"
	"github.com/bluenviron/gortsplib/v4/pkg/base"
	"github.com/bluenviron/gortsplib/v4/pkg/description"
	"github.com/bluenviron/gortsplib/v4/pkg/format"
	"github.com/bluenviron/gortsplib/v4/pkg/liberrors"
	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"

	"github.com/bauta-gateway/bauta/gateway/backoff"
	"github.com/bauta-gateway/bauta/hardware/media"
)

const (
	camPatience = 60 * time.Second // for whatever must come; busy machines are slow
	camUser     = "admin"
	camPass     = `p@ss/w#rd 100%? "x"` // what hurts in a URL; the test camera's basic login knows no colon
	camInterval = 1800                  // ticks between two access units: 50 a second
)

// camClip is a short film for a test camera to loop.
type camClip struct {
	codec         media.Codec
	units         [][][]byte // NAL units or one JPEG image each; no parameter sets
	sets          [][]byte   // VPS, SPS, PPS
	width, height int
}

var camClips sync.Map // of camClip by ffmpeg's arguments: tests share them

// makeCamClip has ffmpeg encode a test picture.
func makeCamClip(t testing.TB, codec media.Codec, width, height, frames int, extra ...string) camClip {
	t.Helper()
	args := []string{"-v", "error", "-f", "lavfi", "-i", fmt.Sprintf("testsrc=size=%dx%d:rate=50", width, height),
		"-frames:v", fmt.Sprint(frames), "-threads", "1"}
	switch codec {
	case media.H264:
		args = append(args, "-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-bsf:v", "h264_metadata=aud=insert", "-f", "h264")
	case media.H265:
		args = append(args, "-pix_fmt", "yuv420p", "-c:v", "libx265", "-preset", "ultrafast", "-g", "10",
			"-x265-params", "log-level=none:pools=1:bframes=0", "-bsf:v", "hevc_metadata=aud=insert", "-f", "hevc")
	case media.MJPEG:
		args = append(args, "-pix_fmt", "yuvj420p", "-c:v", "mjpeg", "-huffman", "default", "-q:v", "5", "-f", "mjpeg")
	}
	args = append(append(args, extra...), "-")
	key := strings.Join(args, " ")
	if c, ok := camClips.Load(key); ok {
		return c.(camClip)
	}
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		t.Fatal("ffmpeg is not installed: make setup-test installs it")
	}
	out, err := exec.Command("ffmpeg", args...).Output()
	if err != nil {
		t.Fatalf("ffmpeg: %v", err)
	}
	c := camClip{codec: codec, width: width, height: height}
	c.split(t, out)
	if len(c.units) != frames {
		t.Fatalf("ffmpeg made %d frames of %d", len(c.units), frames)
	}
	camClips.Store(key, c)
	return c
}

func (c *camClip) split(t testing.TB, out []byte) {
	t.Helper()
	if c.codec == media.MJPEG {
		for _, p := range bytes.SplitAfter(out, []byte{0xff, 0xd9}) {
			if len(p) > 0 {
				c.units = append(c.units, [][]byte{p})
			}
		}
		return
	}
	var nalus h264.AnnexB
	if err := nalus.Unmarshal(out); err != nil {
		t.Fatal(err)
	}
	for _, n := range nalus {
		switch k := kindOf(c.codec, n); {
		case k == kindJunk: // the delimiters that ffmpeg put in for us to split at
			c.units = append(c.units, nil)
		case k.set():
			if !containsNALU(c.sets, n) {
				c.sets = append(c.sets, n)
			}
		default:
			last := len(c.units) - 1
			c.units[last] = append(c.units[last], n)
		}
	}
}

func containsNALU(list [][]byte, n []byte) bool {
	for _, v := range list {
		if bytes.Equal(v, n) {
			return true
		}
	}
	return false
}

// format describes the clip in an SDP, with its parameter sets.
func (c camClip) format() format.Format {
	switch c.codec {
	case media.H264:
		return &format.H264{PayloadTyp: 96, PacketizationMode: 1, SPS: c.sets[0], PPS: c.sets[1]}
	case media.H265:
		return &format.H265{PayloadTyp: 96, VPS: c.sets[0], SPS: c.sets[1], PPS: c.sets[2]}
	}
	return &format.MJPEG{}
}

// packets returns a function that packs a unit for RTP.
func (c camClip) packets(t testing.TB) func([][]byte) []*rtp.Packet {
	t.Helper()
	var encode func([][]byte) ([]*rtp.Packet, error)
	switch f := c.format().(type) {
	case *format.H264:
		e, err := f.CreateEncoder()
		if err != nil {
			t.Fatal(err)
		}
		encode = e.Encode
	case *format.H265:
		e, err := f.CreateEncoder()
		if err != nil {
			t.Fatal(err)
		}
		encode = e.Encode
	case *format.MJPEG:
		e, err := f.CreateEncoder()
		if err != nil {
			t.Fatal(err)
		}
		encode = func(u [][]byte) ([]*rtp.Packet, error) { return e.Encode(u[0]) }
	}
	return func(u [][]byte) []*rtp.Packet {
		pkts, err := encode(u)
		if err != nil {
			t.Error(err)
		}
		return pkts
	}
}

// camera is a camera made of the library's server.
type camera struct {
	t    testing.TB
	opt  camOptions
	addr string
	srv  *gortsplib.Server
	main *gortsplib.ServerStream
	desc *description.Session

	stop context.CancelFunc
	wg   sync.WaitGroup
	show atomic.Pointer[camClip]
	mute atomic.Bool

	describes, plays atomic.Int32
	basics           atomic.Int32 // requests with the password in clear
	mu               sync.Mutex
	setups           []string
}

type camOptions struct {
	addr      string // "" for any port of loopback
	login     bool
	methods   []auth.VerifyMethod
	cert      *tls.Certificate
	old       bool // TLS 1.0, keys exchanged by RSA
	udp       bool
	refuseTCP bool
	clip      camClip
	medias    []*description.Media // instead of the clip's own; the video one is the clip's
	sets      bool                 // parameter sets in band too
	drop      func(n int) bool     // loses packet n
	report    *rtcp.SenderReport   // sent before each access unit, with the SSRC filled in
}

func startCamera(t testing.TB, opt camOptions) *camera {
	t.Helper()
	c := &camera{t: t, opt: opt}
	c.show.Store(&opt.clip)
	c.srv = &gortsplib.Server{Handler: c, AuthMethods: opt.methods, DisableRTCPSenderReports: true}
	c.srv.RTSPAddress = opt.addr
	if opt.addr == "" {
		c.srv.RTSPAddress = "127.0.0.1:0"
	}
	c.srv.Listen = func(network, addr string) (net.Listener, error) {
		ln, err := net.Listen(network, addr)
		if err == nil {
			c.addr = ln.Addr().String()
		}
		return ln, err
	}
	if opt.cert != nil {
		c.srv.TLSConfig = &tls.Config{Certificates: []tls.Certificate{*opt.cert}}
		if opt.old {
			c.srv.TLSConfig.MinVersion, c.srv.TLSConfig.MaxVersion = tls.VersionTLS10, tls.VersionTLS10
			c.srv.TLSConfig.CipherSuites = []uint16{tls.TLS_RSA_WITH_AES_128_CBC_SHA}
		}
	}
	c.listen()
	c.publish()
	t.Cleanup(c.close)
	return c
}

// OnRequest notes a password in clear.
func (c *camera) OnRequest(_ *gortsplib.ServerConn, req *base.Request) {
	if v := req.Header["Authorization"]; len(v) > 0 && strings.HasPrefix(v[0], "Basic") {
		c.basics.Add(1)
	}
}

func (c *camera) listen() {
	c.t.Helper()
	var err error
	for port := 20000 + 2*int(time.Now().UnixNano()/64%5000); ; port += 2 {
		if c.opt.udp {
			c.srv.UDPRTPAddress, c.srv.UDPRTCPAddress = fmt.Sprintf("127.0.0.1:%d", port), fmt.Sprintf("127.0.0.1:%d", port+1)
		}
		if err = c.srv.Start(); err == nil {
			return
		}
		if !c.opt.udp || port > 60000 {
			c.t.Fatal(err)
		}
	}
}

func (c *camera) publish() {
	c.t.Helper()
	c.desc = &description.Session{Medias: c.opt.medias}
	if c.opt.medias == nil {
		c.desc.Medias = []*description.Media{{Type: description.MediaTypeVideo, Formats: []format.Format{c.opt.clip.format()}}}
	}
	c.main = &gortsplib.ServerStream{Server: c.srv, Desc: c.desc}
	if err := c.main.Initialize(); err != nil {
		c.t.Fatal(err)
	}
	if c.opt.clip.units == nil {
		return
	}
	var ctx context.Context
	ctx, c.stop = context.WithCancel(context.Background())
	c.wg.Add(1)
	go c.run(ctx)
}

func (c *camera) close() {
	if c.srv == nil {
		return
	}
	if c.stop != nil {
		c.stop()
	}
	c.wg.Wait()
	c.main.Close()
	c.srv.Close()
	c.srv = nil
}

// run films.
func (c *camera) run(ctx context.Context) {
	defer c.wg.Done()
	video, pt := c.video()
	ssrc := c.main.Stats().Medias[video].Formats[video.Formats[0]].LocalSSRC
	encode := c.opt.clip.packets(c.t)
	tick := time.NewTicker(5 * time.Millisecond) // four times as fast as its timestamps say: tests are short
	defer tick.Stop()
	seq, sent := uint16(65000), 0
	for i := 0; ctx.Err() == nil; i++ {
		clip := c.show.Load()
		ts := uint32(i)*camInterval - 40*camInterval // wraps soon
		unit := clip.units[i%len(clip.units)]
		if c.opt.sets && clip.codec != media.MJPEG {
			unit = append(append([][]byte{{9, 0xf0}}, clip.sets...), unit...)
		}
		if r := c.opt.report; r != nil {
			sr := *r
			sr.SSRC, sr.RTPTime = ssrc, ts
			sr.NTPTime += uint64(i) << 32 / 50
			c.main.WritePacketRTCP(video, &sr)
		}
		for _, p := range encode(unit) {
			p.SequenceNumber, p.Timestamp, p.PayloadType = seq, ts, pt
			seq++
			sent++
			if !c.mute.Load() && (c.opt.drop == nil || !c.opt.drop(sent)) {
				c.main.WritePacketRTP(video, p)
			}
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
		}
	}
}

func (c *camera) video() (*description.Media, uint8) {
	for _, m := range c.desc.Medias {
		if m.Type == description.MediaTypeVideo {
			return m, m.Formats[0].PayloadType()
		}
	}
	c.t.Error("no video track")
	return nil, 0
}

func (c *camera) url() string {
	if c.opt.cert != nil {
		return "rtsps://" + c.addr + "/stream"
	}
	return "rtsp://" + c.addr + "/stream"
}

func (c *camera) refuse(conn *gortsplib.ServerConn, req *base.Request, path string) (*base.Response, error) {
	if c.opt.login && !conn.VerifyCredentials(req, camUser, camPass) {
		return &base.Response{StatusCode: base.StatusUnauthorized}, liberrors.ErrServerAuth{}
	}
	if strings.Trim(path, "/") != "stream" {
		return &base.Response{StatusCode: base.StatusNotFound}, nil
	}
	return nil, nil
}

// OnDescribe, OnSetup and OnPlay are the library's callbacks.
func (c *camera) OnDescribe(ctx *gortsplib.ServerHandlerOnDescribeCtx) (*base.Response, *gortsplib.ServerStream, error) {
	c.describes.Add(1)
	if res, err := c.refuse(ctx.Conn, ctx.Request, ctx.Path); res != nil {
		return res, nil, err
	}
	return &base.Response{StatusCode: base.StatusOK}, c.main, nil
}

func (c *camera) OnSetup(ctx *gortsplib.ServerHandlerOnSetupCtx) (*base.Response, *gortsplib.ServerStream, error) {
	if res, err := c.refuse(ctx.Conn, ctx.Request, ctx.Path); res != nil {
		return res, nil, err
	}
	if c.opt.refuseTCP && ctx.Transport == gortsplib.TransportTCP {
		return &base.Response{StatusCode: base.StatusUnsupportedTransport}, nil, nil
	}
	c.mu.Lock()
	c.setups = append(c.setups, ctx.Request.URL.String()+" "+ctx.Transport.String())
	c.mu.Unlock()
	return &base.Response{StatusCode: base.StatusOK}, c.main, nil
}

func (c *camera) OnPlay(*gortsplib.ServerHandlerOnPlayCtx) (*base.Response, error) {
	c.plays.Add(1)
	return &base.Response{StatusCode: base.StatusOK}, nil
}

// camCert makes a certificate that nobody vouches for.
func camCert(t testing.TB) *tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return certOf(t, key)
}

func certOf(t testing.TB, key crypto.Signer) *tls.Certificate {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}, &x509.Certificate{SerialNumber: big.NewInt(1)}, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

// camPace waits less than life does between tries, and more for answers than
// a busy machine needs.
func camPace() pace {
	p := defaultPace()
	p.fleeting = backoff.Bounds{First: 5 * time.Millisecond, Longest: 20 * time.Millisecond}
	p.lasting = backoff.Bounds{First: 50 * time.Millisecond, Longest: 200 * time.Millisecond}
	p.watch = 500 * time.Millisecond
	return p
}

// readCamera runs a Source until the test ends and looks for the password in
// all it said.
func readCamera(t testing.TB, cfg SourceConfig, change func(*pace)) (*camSink, *Source, context.CancelFunc) {
	t.Helper()
	if cfg.ID == "" {
		cfg.ID = "lobby"
	}
	k := &camSink{t: t}
	s := NewSource(cfg, k, slog.New(slog.NewTextHandler(k, &slog.HandlerOptions{Level: slog.LevelDebug})))
	s.pace = camPace()
	if change != nil {
		change(&s.pace)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.Run(ctx)
	}()
	stop := func() {
		cancel()
		select {
		case <-ended:
		case <-time.After(camPatience):
			t.Error("Run does not end")
		}
	}
	t.Cleanup(func() {
		stop()
		k.mu.Lock()
		defer k.mu.Unlock()
		noSecret(t, k.log.String())
		noSecret(t, fmt.Sprintf("%+v", k.states))
		if last := k.states[len(k.states)-1]; last.Phase != Stopped || last.Reason != ReasonClosed {
			t.Errorf("last state: %+v", last)
		}
	})
	return k, s, stop
}

// noSecret fails the test where text holds the password in any guise.
func noSecret(t testing.TB, text string) {
	t.Helper()
	guises := []string{camPass, url.QueryEscape(camPass), url.PathEscape(camPass), url.UserPassword("", camPass).String()[1:],
		strconv.Quote(camPass), base64.StdEncoding.EncodeToString([]byte(camUser + ":" + camPass))}
	for _, g := range guises {
		if strings.Contains(strings.ToLower(text), strings.ToLower(g)) {
			t.Errorf("%q is in: %s", g, text)
		}
	}
}

func annexB(raws []media.Raw) []byte {
	var out []byte
	for _, r := range raws {
		for _, n := range r.NALUs {
			if r.Codec != media.MJPEG {
				out = binary.BigEndian.AppendUint32(out, 1)
			}
			out = append(out, n...)
		}
	}
	return out
}
