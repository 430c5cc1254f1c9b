package probe

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bluenviron/gortsplib/v4"
	"github.com/bluenviron/gortsplib/v4/pkg/base"
	"github.com/bluenviron/gortsplib/v4/pkg/description"
	"github.com/bluenviron/gortsplib/v4/pkg/format"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

func TestProcesses(t *testing.T) {
	cmd := exec.Command("sleep", "60")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	pid, own := cmd.Process.Pid, os.Getpid()
	if !slices.Contains(Below(own), pid) || slices.Contains(Below(own), own) {
		t.Errorf("below %d are %v, not %d", own, Below(own), pid)
	}
	for end := time.Now().Add(10 * time.Second); filepath.Base(Name(pid)) != "sleep" && time.Now().Before(end); {
		time.Sleep(time.Millisecond) // until it is no copy of the test any more
	}
	if filepath.Base(Name(pid)) != "sleep" || !Alive(pid) || Descriptors(pid) == 0 || Resident(pid) == 0 || Peak(pid) < Resident(pid) {
		t.Errorf("%s, %t, %d descriptors, %d of %d bytes", Name(pid), Alive(pid), Descriptors(pid), Resident(pid), Peak(pid))
	}
	for end := time.Now().Add(10 * time.Second); CPU(own) < 20*time.Millisecond && time.Now().Before(end); {
		// this loop takes processor time
	}
	if share := Share(own); CPU(own) < 20*time.Millisecond || share <= 0 || share > Resident(own)+1<<20 {
		t.Errorf("this test took %v and holds %d of %d bytes", CPU(own), share, Resident(own))
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(10 * time.Second); Alive(pid) && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
	if Alive(pid) {
		t.Error("a process that waits to be reaped is alive")
	}
	_ = cmd.Wait() // it was killed
	if Alive(pid) || Resident(pid) != 0 || Share(pid) != 0 || CPU(pid) != 0 || Peak(pid) != 0 || Descriptors(pid) != 0 || Name(pid) != "" || len(Below(pid)) > 0 {
		t.Error("a process that has ended holds something")
	}
}

// camera serves one track.
type camera struct{ stream *gortsplib.ServerStream }

func (c *camera) OnDescribe(*gortsplib.ServerHandlerOnDescribeCtx) (*base.Response, *gortsplib.ServerStream, error) {
	return &base.Response{StatusCode: base.StatusOK}, c.stream, nil
}

func (c *camera) OnSetup(*gortsplib.ServerHandlerOnSetupCtx) (*base.Response, *gortsplib.ServerStream, error) {
	return &base.Response{StatusCode: base.StatusOK}, c.stream, nil
}

func (c *camera) OnPlay(*gortsplib.ServerHandlerOnPlayCtx) (*base.Response, error) {
	return &base.Response{StatusCode: base.StatusOK}, nil
}

// serve starts a camera of this format and returns its address.
func serve(t *testing.T, f format.Format) (*gortsplib.ServerStream, *description.Media, string) {
	t.Helper()
	address := ""
	c := &camera{}
	server := &gortsplib.Server{Handler: c, RTSPAddress: "127.0.0.1:0", DisableRTCPSenderReports: true, Listen: func(network, at string) (net.Listener, error) {
		l, err := net.Listen(network, at)
		if err == nil {
			address = l.Addr().String()
		}
		return l, err
	}}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	track := &description.Media{Type: description.MediaTypeVideo, Formats: []format.Format{f}}
	c.stream = &gortsplib.ServerStream{Server: server, Desc: &description.Session{Medias: []*description.Media{track}}}
	if err := c.stream.Initialize(); err != nil {
		t.Fatal(err)
	}
	return c.stream, track, "rtsp://" + address + "/live"
}

func TestPlay(t *testing.T) {
	stream, track, address := serve(t, &format.H264{PayloadTyp: 96, PacketizationMode: 1})
	stamps, reports := make(chan uint32, 16), make(chan uint32, 16)
	var dialled atomic.Bool
	client, err := Stream{
		Dial: func(ctx context.Context, network, at string) (net.Conn, error) {
			dialled.Store(true)
			var d net.Dialer
			return d.DialContext(ctx, network, at)
		},
		Unit: func(stamp uint32, nalus [][]byte) {
			if len(nalus) != 1 || len(nalus[0]) != 3 {
				t.Errorf("NAL units %v", nalus)
			}
			stamps <- stamp
		},
		Report: func(r *rtcp.SenderReport) { reports <- r.RTPTime },
	}.Play(address)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if !dialled.Load() {
		t.Error("it did not connect by Dial")
	}
	packet := &rtp.Packet{Header: rtp.Header{Version: 2, PayloadType: 96, Marker: true, SequenceNumber: 1, Timestamp: 9000, SSRC: 7}, Payload: []byte{0x65, 1, 2}}
	if err := stream.WritePacketRTP(track, packet); err != nil {
		t.Fatal(err)
	}
	if err := stream.WritePacketRTCP(track, &rtcp.SenderReport{SSRC: 7, RTPTime: 9001}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		from chan uint32
		want uint32
	}{{stamps, 9000}, {reports, 9001}} {
		select {
		case got := <-c.from:
			if got != c.want {
				t.Errorf("RTP time %d, want %d", got, c.want)
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("nothing came of RTP time %d", c.want)
		}
	}
}

func TestPlayFails(t *testing.T) {
	_, _, other := serve(t, &format.MJPEG{})
	for name, c := range map[string]struct{ address, want string }{
		"no address":   {"rtsp://", ""},
		"nobody there": {"rtsp://127.0.0.1:1/live", "refused"},
		"no H.264":     {other, "no H.264 track"},
	} {
		client, err := Stream{Unit: func(uint32, [][]byte) {}}.Play(c.address)
		if err == nil {
			client.Close()
			t.Errorf("%s: it plays", name)
		} else if !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
