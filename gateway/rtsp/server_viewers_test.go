package rtsp

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bluenviron/gortsplib/v4"
	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"
)

// The programs that people really use show every frame, bit for bit.
func TestRealViewers(t *testing.T) {
	const frames, size = 100, 160 * 120 * 3 / 2
	clip := clipOf(t, "160x120", frames)
	want := decoded(t, clip)
	cert, key := certificate(t)
	s := startServer(t, func(c *ServerConfig) { c.TLSAddr, c.TLSCert, c.TLSKey = "127.0.0.1:0", cert, key })
	f := &feeder{clip: clip}
	f.path = publish(t, s, "lobby", f.hooks())
	f.step(t) // DESCRIBE has its parameter sets; the viewers come after this frame
	secure := strings.Replace(withLogin(s, "lobby"), "rtsp://", "rtsps://", 1)
	secure = strings.Replace(secure, s.Addrs().RTSP, s.Addrs().RTSPS, 1)
	outputs := map[string]func() []byte{
		"ffmpeg tcp":    start(t, ffmpegViewer("tcp", withLogin(s, "lobby"), frames)),
		"ffmpeg udp":    start(t, ffmpegViewer("udp", withLogin(s, "lobby"), frames)),
		"ffmpeg rtsps":  start(t, ffmpegViewer("tcp", secure, frames)),
		"ffmpeg query":  start(t, ffmpegViewer("tcp", withLogin(s, "lobby")+"?a=b&c=/d", frames)),
		"ffmpeg slash":  start(t, ffmpegViewer("tcp", withLogin(s, "lobby")+"/", frames)),
		"gstreamer tcp": start(t, gstViewer(t, "tcp", urlOf(s, "lobby"), frames)),
		"gstreamer udp": start(t, gstViewer(t, "udp", urlOf(s, "lobby")+"/", frames)),
		// Through HTTP, and through HTTPS where RTSPS is.
		"ffmpeg http":     start(t, ffmpegViewer("http", withLogin(s, "lobby"), frames)),
		"ffmpeg https":    start(t, ffmpegViewer("https", strings.Replace(secure, "rtsps://", "rtsp://", 1), frames)),
		"gstreamer http":  start(t, gstViewer(t, "tcp+http", "rtsph://"+s.Addrs().RTSP+"/lobby", frames)),
		"gstreamer https": start(t, gstViewer(t, "tcp+http", "rtspsh://"+s.Addrs().RTSPS+"/lobby", frames)),
	}
	waitViewers(t, f.path, len(outputs))
	if got := s.Stats().Conns; got != len(outputs)+4 {
		t.Errorf("%d connections: four of the viewers have two", got)
	}
	f.show(clip)
	f.run(context.Background(), t, frames+5) // a few more: some decoders hold frames back
	for name, wait := range outputs {
		got := wait()
		if len(got) != frames*size {
			t.Errorf("%s shows %d frames of %d", name, len(got)/size, frames)
		} else if !bytes.Equal(got, want) {
			t.Errorf("%s shows other frames than were published", name)
		}
	}
	waitViewers(t, f.path, 0)
	if st := f.path.Stats(); st.Dropped != 0 || st.UnitsLost != 0 {
		t.Errorf("lost without need: %+v", st)
	}
}

// decoded is a clip's raw frames.
func decoded(t *testing.T, clip [][][]byte) []byte {
	t.Helper()
	var stream []byte
	for _, unit := range clip {
		b, err := h264.AnnexB(unit).Marshal()
		if err != nil {
			t.Fatal(err)
		}
		stream = append(stream, b...)
	}
	cmd := exec.Command("ffmpeg", "-v", "error", "-f", "h264", "-i", "-",
		"-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-")
	cmd.Stdin = bytes.NewReader(stream)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// viewerCmd is a program that writes raw frames to a file, or to stdout
// where that is empty.
type viewerCmd struct {
	args []string
	file string
}

func ffmpegViewer(transport, url string, frames int) viewerCmd {
	return viewerCmd{args: []string{"ffmpeg", "-v", "error", "-rtsp_transport", transport, "-i", url, "-map", "0:v",
		"-fps_mode", "passthrough", "-frames:v", fmt.Sprint(frames), "-f", "rawvideo", "-pix_fmt", "yuv420p", "-"}}
}

func gstViewer(t *testing.T, transport, url string, frames int) viewerCmd {
	file := filepath.Join(t.TempDir(), "pictures")
	return viewerCmd{file: file, args: []string{"gst-launch-1.0", "-q", "rtspsrc", "location=" + url,
		"user-id=" + testUser, "user-pw=" + testPass, "protocols=" + transport, "latency=200", "tls-validation-flags=0",
		"!", "rtph264depay", "!", "h264parse", "!", "avdec_h264", "!", "video/x-raw,format=I420",
		"!", "identity", fmt.Sprintf("eos-after=%d", frames+1), "!", "filesink", "location=" + file}}
}

// start starts a viewer; the function that it returns waits for its frames.
func start(t *testing.T, v viewerCmd) func() []byte {
	t.Helper()
	need(t, v.args[0])
	ctx, cancel := context.WithTimeout(context.Background(), 3*patience)
	cmd := exec.CommandContext(ctx, v.args[0], v.args[1:]...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var err error
	wait := sync.OnceFunc(func() { err = cmd.Wait(); cancel() })
	t.Cleanup(func() { cancel(); wait() })
	return func() []byte {
		wait()
		if err != nil || errs.Len() > 0 {
			t.Errorf("%s: %v\n%s", v.args[0], err, errs.String())
		}
		if v.file == "" {
			return out.Bytes()
		}
		b, err := os.ReadFile(v.file)
		if err != nil {
			t.Error(err)
		}
		return b
	}
}

// certificate makes a self-signed one for 127.0.0.1.
func certificate(t *testing.T) (certFile, keyFile string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	cert, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	certFile, keyFile = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for file, b := range map[string]*pem.Block{
		certFile: {Type: "CERTIFICATE", Bytes: cert}, keyFile: {Type: "PRIVATE KEY", Bytes: keyDER},
	} {
		if err := os.WriteFile(file, pem.EncodeToMemory(b), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return certFile, keyFile
}

// What a viewer gets is what was published: the same bytes in the same
// order, with the times that were given, over TCP, UDP and TLS.
func TestSameBytes(t *testing.T) {
	t.Parallel()
	clip := clipOf(t, "640x480", 25)
	cert, key := certificate(t)
	s := startServer(t, func(c *ServerConfig) { c.TLSAddr, c.TLSCert, c.TLSKey = "127.0.0.1:0", cert, key })
	f := &feeder{clip: clip, start: time.Now(), fill: 20}
	f.path = publish(t, s, "lobby", f.hooks())
	f.step(t)
	udp := gortsplib.TransportUDP
	secure := strings.Replace(withLogin(s, "lobby"), "rtsp://", "rtsps://", 1)
	secure = strings.Replace(secure, s.Addrs().RTSP, s.Addrs().RTSPS, 1)
	viewers := map[string]*watcher{}
	for _, v := range []struct {
		name, url string
		change    func(*gortsplib.Client)
	}{
		{"tcp", withLogin(s, "lobby"), nil},
		{"udp", withLogin(s, "lobby"), func(c *gortsplib.Client) { c.Transport = &udp }},
		{"tls", secure, func(c *gortsplib.Client) { c.TLSConfig = &tls.Config{InsecureSkipVerify: true} }},
	} {
		w, err := connect(t, v.url, v.change)
		if err == nil {
			err = w.play()
		}
		if err != nil {
			t.Fatalf("%s: %v", v.name, err)
		}
		viewers[v.name] = w
	}
	waitViewers(t, f.path, len(viewers))
	f.show(clip)
	f.run(context.Background(), t, 40)
	all := f.published()
	want := all[1:]
	for name, w := range viewers {
		early := 0 // on a slow machine the one from before the viewers still reaches the first of them
		eventually(t, name+" has all", func() bool {
			got := w.got()
			if len(got) > 0 && sameUnit(got[0], all[0]) {
				early = 1
			}
			return len(got) >= early+len(want)
		})
		for i, unit := range w.got()[early:] {
			if !sameUnit(unit, want[i]) {
				t.Fatalf("%s: access unit %d differs", name, i)
			}
			if d := w.times[early+i] - w.times[early]; d != uint32(i*90000/testRate) {
				t.Fatalf("%s: access unit %d is at %d", name, i, d)
			}
		}
		if w.lost != 0 {
			t.Errorf("%s lost %d packets", name, w.lost)
		}
	}
}

// Encrypted control with readable video would only seem safe.
func TestNoPlainUDPForTLS(t *testing.T) {
	t.Parallel()
	cert, key := certificate(t)
	s := startServer(t, func(c *ServerConfig) {
		c.Anonymous, c.Addr, c.TLSAddr, c.TLSCert, c.TLSKey = true, "", "127.0.0.1:0", cert, key
	})
	if s.Addrs().RTSP != "" {
		t.Fatal("plain RTSP is open beside RTSPS though no address was set for it")
	}
	publish(t, s, "lobby", PathHooks{})
	c, err := tls.Dial("tcp", s.Addrs().RTSPS, &tls.Config{InsecureSkipVerify: true})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	r := &rawViewer{t: t, c: c, url: "rtsps://" + s.Addrs().RTSPS + "/lobby"}
	if got := r.ask("SETUP", "/trackID=0", "Transport: RTP/AVP;unicast;client_port=5000-5001"); got != 461 {
		t.Errorf("UDP over RTSPS is answered with %d", got)
	}
	if got := r.ask("SETUP", "/trackID=0", "Transport: RTP/AVP/TCP;unicast;interleaved=0-1"); got != 200 {
		t.Errorf("TCP over RTSPS is answered with %d", got)
	}
}
