package demo

import (
	"context"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bluenviron/gortsplib/v4"
	"github.com/bluenviron/gortsplib/v4/pkg/base"
	"github.com/bluenviron/gortsplib/v4/pkg/description"
	"github.com/bluenviron/gortsplib/v4/pkg/format"
	"github.com/pion/rtp"

	"github.com/bauta-gateway/bauta/gateway/mp4"
	"github.com/bauta-gateway/bauta/hardware/media"
)

var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

// makeClip has ffmpeg make half a second of frames.
func makeClip(t *testing.T, codec ...string) string {
	t.Helper()
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		t.Fatal("ffmpeg is not installed: make setup-test installs it")
	}
	path := filepath.Join(t.TempDir(), "clip.mp4")
	args := append([]string{"-v", "error", "-nostdin", "-f", "lavfi", "-i", "testsrc2=size=160x120:rate=30", "-frames:v", "15", "-threads", "1"}, codec...)
	if out, err := exec.Command("ffmpeg", append(args, path)...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return path
}

var (
	h264Args = []string{"-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "ultrafast", "-bf", "0"}
	h265Args = []string{"-pix_fmt", "yuv420p", "-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error:bframes=0"}
	jpegArgs = []string{"-pix_fmt", "yuvj420p", "-c:v", "mjpeg"}
)

// stamps connects and returns the RTP times of the first n frames.
func stamps(t *testing.T, c *Camera, n int) []uint32 {
	t.Helper()
	u, err := base.ParseURL(c.URL())
	if err != nil {
		t.Fatal(err)
	}
	u.User = nil
	withLogin, err := base.ParseURL("rtsp://" + c.User() + ":" + c.Password() + "@" + u.Host + u.Path)
	if err != nil {
		t.Fatal(err)
	}
	client := gortsplib.Client{Scheme: u.Scheme, Host: u.Host}
	if err := client.Start2(); err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	desc, _, err := client.Describe(withLogin)
	if err != nil {
		t.Fatal(err)
	}
	if err := client.SetupAll(desc.BaseURL, desc.Medias); err != nil {
		t.Fatal(err)
	}
	got := make(chan uint32, 1024)
	client.OnPacketRTPAny(func(_ *description.Media, _ format.Format, pkt *rtp.Packet) {
		select {
		case got <- pkt.Timestamp:
		default:
		}
	})
	if _, err := client.Play(nil); err != nil {
		t.Fatal(err)
	}
	var all []uint32
	late := time.After(20 * time.Second)
	for len(all) < n {
		select {
		case s := <-got:
			if len(all) == 0 || all[len(all)-1] != s {
				all = append(all, s)
			}
		case <-late:
			t.Fatalf("%d frames in 20 s", len(all))
		}
	}
	return all
}

// Time goes on steadily where the clip begins again.
func TestPlaysForEver(t *testing.T) {
	for name, args := range map[string][]string{"h264": h264Args, "h265": h265Args, "mjpeg": jpegArgs} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := Start(context.Background(), makeClip(t, args...), quiet)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			all := stamps(t, c, 40)
			for k := 1; k < len(all); k++ {
				if step := all[k] - all[k-1]; step != 3000 {
					t.Errorf("frame %d comes %d ticks after the one before", k, step)
				}
			}
		})
	}
}

// The clip runs at its own speed, whatever its start.
func TestPlayerKeepsTime(t *testing.T) {
	p := newPlayer(mp4.Info{Codec: media.H264, Timescale: 30000, Duration: 45045})
	first, at := p.stamp(0)
	for range 1000 {
		p.again()
	}
	last, end := p.stamp(0)
	if span := last - first; span != 1000*135135 {
		t.Errorf("%d ticks in 1000 rounds", span)
	}
	if d := end.Sub(at) - 1501500*time.Millisecond; d < -time.Millisecond || d > time.Millisecond {
		t.Errorf("off by %v in 1000 rounds", d)
	}
	if left := p.until(0); left < 1500*time.Second || left > 1502*time.Second {
		t.Errorf("due in %v", left)
	}
	p.start = p.start.Add(-time.Hour)
	if left := p.until(0); left != 0 {
		t.Errorf("after a sleep the next frame is due in %v", left)
	}
}

func TestFFmpegPulls(t *testing.T) {
	c, err := Start(context.Background(), makeClip(t, h264Args...), quiet)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	address := strings.Replace(c.URL(), "://", "://"+c.User()+":"+c.Password()+"@", 1)
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, "ffmpeg", "-v", "error", "-nostdin", "-i", address, "-frames:v", "20", "-f", "null", "-").CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestRefuses(t *testing.T) {
	clip := makeClip(t, h264Args...)
	c, err := Start(context.Background(), clip, quiet)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	host := strings.TrimSuffix(strings.TrimPrefix(c.URL(), "rtsp://"), "/demo")
	for address, want := range map[string]string{
		c.URL():                               "401",
		"rtsp://demo:wrong@" + host + "/demo": "401",
		"rtsp://demo:" + c.Password() + "@" + host + "/other": "404",
	} {
		u, err := base.ParseURL(address)
		if err != nil {
			t.Fatal(err)
		}
		client := gortsplib.Client{Scheme: u.Scheme, Host: u.Host}
		if err := client.Start2(); err != nil {
			t.Fatal(err)
		}
		if _, _, err := client.Describe(u); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", address, err, want)
		}
		client.Close()
	}
	if !strings.HasPrefix(host, "127.0.0.1:") {
		t.Errorf("listens at %s", host)
	}
	if _, err := StartAt(context.Background(), host, clip, quiet); err == nil {
		t.Error("two cameras at one port")
	}
	if _, err := Start(context.Background(), filepath.Join(t.TempDir(), "none.mp4"), quiet); err == nil {
		t.Error("no clip, no error")
	}
}

// Both ends of life leave nothing: the port is free and the clip may go.
func TestStops(t *testing.T) {
	clip := makeClip(t, h264Args...)
	ctx, cancel := context.WithCancel(context.Background())
	c, err := Start(ctx, clip, quiet)
	if err != nil {
		t.Fatal(err)
	}
	stamps(t, c, 2)
	cancel()
	c.Close()
	c.Close()
	if conn, err := net.Dial("tcp", c.addr); err == nil {
		conn.Close()
		t.Error("still listens")
	}
	if err := os.Remove(clip); err != nil {
		t.Error(err)
	}
}
