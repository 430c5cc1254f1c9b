package rtsp

import (
	"bytes"
	"context"
	"net"
	"os/exec"
	"sync"
	"testing"

	"github.com/bluenviron/gortsplib/v4"
	"github.com/bluenviron/gortsplib/v4/pkg/base"
	"github.com/bluenviron/gortsplib/v4/pkg/description"
	"github.com/bluenviron/gortsplib/v4/pkg/format"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// relay takes one stream that ffmpeg pushes and offers it, packets and sender
// reports untouched: a camera with ffmpeg's habits.
type relay struct {
	srv   *gortsplib.Server
	addr  string
	mu    sync.Mutex
	main  *gortsplib.ServerStream
	ready chan struct{}
}

func startRelay(t *testing.T) *relay {
	t.Helper()
	r := &relay{ready: make(chan struct{})}
	r.srv = &gortsplib.Server{Handler: r, RTSPAddress: "127.0.0.1:0", DisableRTCPSenderReports: true}
	r.srv.Listen = func(network, addr string) (net.Listener, error) {
		ln, err := net.Listen(network, addr)
		if err == nil {
			r.addr = ln.Addr().String()
		}
		return ln, err
	}
	if err := r.srv.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.srv.Close)
	return r
}

func (r *relay) stream() *gortsplib.ServerStream {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.main
}

// OnAnnounce and the following are the library's callbacks.
func (r *relay) OnAnnounce(ctx *gortsplib.ServerHandlerOnAnnounceCtx) (*base.Response, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.main = &gortsplib.ServerStream{Server: r.srv, Desc: ctx.Description}
	return &base.Response{StatusCode: base.StatusOK}, r.main.Initialize()
}

func (r *relay) OnDescribe(*gortsplib.ServerHandlerOnDescribeCtx) (*base.Response, *gortsplib.ServerStream, error) {
	return &base.Response{StatusCode: base.StatusOK}, r.stream(), nil
}

func (r *relay) OnSetup(ctx *gortsplib.ServerHandlerOnSetupCtx) (*base.Response, *gortsplib.ServerStream, error) {
	if ctx.Session.State() == gortsplib.ServerSessionStatePreRecord {
		return &base.Response{StatusCode: base.StatusOK}, nil, nil
	}
	return &base.Response{StatusCode: base.StatusOK}, r.stream(), nil
}

func (r *relay) OnPlay(*gortsplib.ServerHandlerOnPlayCtx) (*base.Response, error) {
	return &base.Response{StatusCode: base.StatusOK}, nil
}

func (r *relay) OnRecord(ctx *gortsplib.ServerHandlerOnRecordCtx) (*base.Response, error) {
	s := r.stream()
	ctx.Session.OnPacketRTPAny(func(m *description.Media, _ format.Format, p *rtp.Packet) { s.WritePacketRTP(m, p) })
	ctx.Session.OnPacketRTCPAny(func(m *description.Media, p rtcp.Packet) {
		if sr, ok := p.(*rtcp.SenderReport); ok {
			sr.SSRC = s.Stats().Medias[m].Formats[m.Formats[0]].LocalSSRC
			s.WritePacketRTCP(m, sr)
		}
	})
	close(r.ready)
	return &base.Response{StatusCode: base.StatusOK}, nil
}

// Streams as ffmpeg sends them: reordered access units, several slices, its own
// ways of packing.
func TestSourceFFmpeg(t *testing.T) {
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		t.Fatal("ffmpeg is not installed: make setup-test installs it")
	}
	for _, c := range []struct {
		name  string
		codec media.Codec
		args  []string
	}{
		{"H264", media.H264, []string{"-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "10", "-slices", "4"}},
		{"H265", media.H265, []string{"-pix_fmt", "yuv420p", "-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:keyint=10:bframes=2:open-gop=0"}},
		{"Motion JPEG", media.MJPEG, []string{"-pix_fmt", "yuvj420p", "-c:v", "mjpeg", "-huffman", "default"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := startRelay(t)
			ctx, cancel := context.WithCancel(context.Background())
			args := append([]string{"-v", "error", "-re", "-f", "lavfi", "-i", "testsrc=size=320x184:rate=25"}, c.args...)
			push := exec.CommandContext(ctx, "ffmpeg", append(args, "-f", "rtsp", "-rtsp_transport", "tcp", "rtsp://"+r.addr+"/stream")...)
			var complaints bytes.Buffer
			push.Stderr = &complaints
			if err := push.Start(); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				cancel()
				push.Wait()
				if t.Failed() {
					t.Logf("ffmpeg: %s", &complaints)
				}
			})
			<-r.ready
			sink, src, _ := readCamera(t, SourceConfig{URL: "rtsp://" + r.addr + "/stream"}, nil)
			raws := sink.units(30)
			checkDecodes(t, raws)
			if on := stateOf(sink, Online); on.Codec != c.codec || on.Width != 320 || on.Height != 184 {
				t.Errorf("state: %+v", on)
			}
			// Only the unit that was under way when we joined may be damaged.
			if st := src.Stats(); st.PacketsLost != 0 || st.Damaged > 1 {
				t.Errorf("stats: %+v", st)
			}
		})
	}
}
