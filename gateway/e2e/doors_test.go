package e2e

import (
	"bytes"
	"context"
	"crypto/sha256"
	"net"
	"net/url"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"

	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// slices are the coded slices that came by one way, by their hashes: what they show is the same where
// they are.
type coded struct {
	mu   sync.Mutex
	seen map[[32]byte]bool
}

func (c *coded) note(n []byte) {
	if t := media.H264Type(n); t != h264.NALUTypeIDR && t != h264.NALUTypeNonIDR {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seen[sha256.Sum256(n)] = true
}

func (c *coded) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.seen)
}

// Browsers by WebRTC and players by HLS are shown the very access units that viewers by RTSP get, of
// the stream and of the sub-stream: whatever is masked in the one is in the others.
func TestE2EAllDoorsShowTheSameFrames(t *testing.T) {
	need(t, "ffmpeg")
	g, client, address := startReal(t)
	made, err := client.AddStreamLogin(t.Context(), api.NewStreamLogin{Name: "wall", Cameras: []media.CameraID{"demo"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, sub := range []string{"", "/sub"} {
		t.Run("demo"+sub, func(t *testing.T) {
			viewed, webrtc := &coded{seen: map[[32]byte]bool{}}, &coded{seen: map[[32]byte]bool{}}
			w := watch(t, address+sub)
			w.show(viewed.note)
			if sub == "" {
				preview(t, g, "demo", webrtc.note)
			}
			eventually(t, "viewers", func() bool { return viewed.count() > 10 })
			u, err := url.Parse(g.ConsoleURL())
			if err != nil {
				t.Fatal(err)
			}
			u.User, u.Path = url.UserPassword(made.Name, made.Password), "/hls/demo"+sub+"/index.m3u8"
			cmd := exec.CommandContext(t.Context(), "ffmpeg", "-v", "error", "-tls_verify", "0", "-i", u.String(), "-t", "4", "-c", "copy", "-f", "h264", "-")
			var out, complaints bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, &complaints
			if err := cmd.Run(); err != nil {
				t.Fatalf("ffmpeg: %v\n%s", err, &complaints)
			}
			hls := &coded{seen: map[[32]byte]bool{}}
			for _, n := range media.SplitAnnexB(out.Bytes()) {
				hls.note(n)
			}
			time.Sleep(time.Second) // what the others had first is on its way to the viewer
			for name, other := range map[string]*coded{"HLS": hls, "WebRTC": webrtc} {
				if least := 20; other.count() < least && (name == "HLS" || sub == "") {
					t.Errorf("%s showed %d frames", name, other.count())
				}
				other.mu.Lock()
				viewed.mu.Lock()
				for hash := range other.seen {
					if !viewed.seen[hash] {
						t.Errorf("%s showed a frame that no viewer had", name)
						break
					}
				}
				viewed.mu.Unlock()
				other.mu.Unlock()
			}
		})
	}
}

// Each server that may pass masked video on stands in the audit log from each start on.
func TestRelaysAreOnRecord(t *testing.T) {
	cfg := settings(t)
	cfg.WebRTC.ICEServers = "stun:192.0.2.1, stun:192.0.2.2:5349"
	g, _ := start(t, gateway.Options{Config: cfg})
	g.Close()
	inOrder(t, "the audit log", auditLog(t, cfg.Store()), "relay.set gateway webrtc stun:192.0.2.1", "relay.set gateway webrtc stun:192.0.2.2:5349")
}

// Three hundred connections that say nothing, fifty that send a byte now and then and fifty that send
// datagrams of nonsense at the ports of WebRTC: viewers elsewhere do not notice, and the next browser
// is shown the stream.
func TestE2ECrowdAtWebRTC(t *testing.T) {
	cfg := realSettings(t)
	cfg.WebRTC.UDPAddress, cfg.WebRTC.TCPAddress = freePort(t, "udp"), freePort(t, "tcp")
	g, client := start(t, gateway.Options{Config: cfg, Demo: clip(t)})
	awaitMasking(t, g, "demo")
	ctx, cancel := context.WithCancel(t.Context())
	var all sync.WaitGroup
	defer all.Wait()
	defer cancel()
	unnoticed(t, g, client, func() {
		for range 300 {
			dialFrom(t, "127.0.0.9", cfg.WebRTC.TCPAddress)
		}
		for range 50 {
			all.Go(func() { trickle(ctx, "tcp", "127.0.0.8", cfg.WebRTC.TCPAddress, []byte{0}) })
			all.Go(func() { trickle(ctx, "udp", "127.0.0.8", cfg.WebRTC.UDPAddress, bytes.Repeat([]byte{1}, 400)) })
		}
	})
	shown := &coded{seen: map[[32]byte]bool{}}
	preview(t, g, "demo", shown.note)
	eventually(t, "a browser is shown the stream", func() bool { return shown.count() > 3 })
}

// freePort is an address of this host that was free just now.
func freePort(t *testing.T, network string) string {
	t.Helper()
	if network == "udp" {
		c, err := net.ListenPacket(network, "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		return c.LocalAddr().String()
	}
	l, err := net.Listen(network, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// trickle sends from another address of this host, again and again, until ctx ends.
func trickle(ctx context.Context, network, local, to string, data []byte) {
	from := net.Addr(&net.TCPAddr{IP: net.ParseIP(local)})
	if network == "udp" {
		from = &net.UDPAddr{IP: net.ParseIP(local)}
	}
	d := net.Dialer{LocalAddr: from}
	for ctx.Err() == nil {
		c, err := d.DialContext(ctx, network, to)
		if err != nil {
			return
		}
		for ctx.Err() == nil {
			if _, err := c.Write(data); err != nil {
				break
			}
			time.Sleep(20 * time.Millisecond)
		}
		c.Close()
	}
}
