package main

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"time"

	"github.com/bluenviron/gortsplib/v4"
	"github.com/bluenviron/gortsplib/v4/pkg/base"
	"github.com/bluenviron/gortsplib/v4/pkg/description"
	"github.com/bluenviron/gortsplib/v4/pkg/format"
	"github.com/bluenviron/gortsplib/v4/pkg/format/rtph264"
	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"
	"github.com/pion/rtcp"

	"github.com/bauta-gateway/bauta/gateway/mp4"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// sent is one frame that the camera sent: the capture time in its sender
// reports, when its last packet was written, and which of the clip it is.
type sent struct {
	captured, written time.Time
	frame             int
}

// camera plays a clip over RTSP in a loop and notes when it sent each frame. Unlike the demo's it writes sender reports of its own: those of the
// library have the fraction of a second wrong, and by them frames are known
// again behind the gateway.
type camera struct {
	addr    string
	clip    *mp4.Reader
	server  *gortsplib.Server
	stream  *gortsplib.ServerStream
	track   *description.Media
	encoder *rtph264.Encoder
	cancel  context.CancelFunc
	done    chan struct{}

	mu  sync.Mutex
	log []sent
	err error
}

func startCamera(ctx context.Context, path string) (*camera, error) {
	clip, err := mp4.Open(path)
	if err != nil {
		return nil, err
	}
	c := &camera{clip: clip, done: make(chan struct{})}
	if err := c.open(); err != nil {
		clip.Close()
		return nil, err
	}
	ctx, c.cancel = context.WithCancel(ctx)
	go func() {
		defer close(c.done)
		err := c.play(ctx)
		c.mu.Lock()
		defer c.mu.Unlock()
		c.err = err
	}()
	return c, nil
}

func (c *camera) open() error {
	first, err := c.clip.Next()
	if err != nil {
		return err
	}
	if first.Codec != media.H264 {
		return errors.New("the live measurement takes H.264 clips only")
	}
	f := &format.H264{PayloadTyp: 96, PacketizationMode: 1}
	for _, u := range first.NALUs {
		switch h264.NALUType(u[0] & 0x1f) {
		case h264.NALUTypeSPS:
			f.SPS = u
		case h264.NALUTypePPS:
			f.PPS = u
		}
	}
	if c.encoder, err = f.CreateEncoder(); err != nil {
		return err
	}
	c.track = &description.Media{Type: description.MediaTypeVideo, Formats: []format.Format{f}}
	c.server = &gortsplib.Server{Handler: c, RTSPAddress: "127.0.0.1:0", WriteQueueSize: 2048, DisableRTCPSenderReports: true,
		Listen: func(network, address string) (net.Listener, error) {
			l, err := net.Listen(network, address)
			if err == nil {
				c.addr = l.Addr().String()
			}
			return l, err
		}}
	if err := c.server.Start(); err != nil {
		return err
	}
	c.stream = &gortsplib.ServerStream{Server: c.server, Desc: &description.Session{Medias: []*description.Media{c.track}}}
	if err := c.stream.Initialize(); err != nil {
		c.server.Close()
		return err
	}
	return nil
}

func (c *camera) url() string { return "rtsp://" + c.addr + "/live" }

func (c *camera) close() {
	c.cancel()
	<-c.done
	c.stream.Close()
	c.server.Close()
	c.clip.Close()
}

// play sends each frame when it is due until ctx ends.
func (c *camera) play(ctx context.Context) error {
	info, began, base := c.clip.Info(), time.Now(), rand.Uint32()
	for rotation := int64(0); ; rotation++ {
		c.clip.Rewind()
		for last := int64(-1); ; {
			s, err := c.clip.Next()
			if errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				return err
			}
			if s.CTS <= last {
				return errors.New("the live measurement takes clips without B-frames only")
			}
			last = s.CTS
			due := began.Add(info.Ticks(rotation*info.Duration + s.DTS).Duration())
			if !sleepUntil(ctx, due) {
				return nil
			}
			shown := info.Ticks(rotation*info.Duration + s.CTS)
			if err := c.send(s, base+uint32(shown), began.Add(shown.Duration())); err != nil {
				return err
			}
		}
	}
}

// send writes one frame and, behind each keyframe, a sender report.
func (c *camera) send(s mp4.Sample, stamp uint32, captured time.Time) error {
	packets, err := c.encoder.Encode(s.NALUs)
	if err != nil {
		return err
	}
	for _, p := range packets {
		p.Timestamp = stamp
		if err := c.stream.WritePacketRTP(c.track, p); err != nil {
			return err
		}
	}
	c.mu.Lock()
	c.log = append(c.log, sent{captured, time.Now(), int(s.Index)})
	c.mu.Unlock()
	if !s.Sync {
		return nil
	}
	return c.stream.WritePacketRTCP(c.track, &rtcp.SenderReport{SSRC: packets[0].SSRC, NTPTime: toNTP(captured), RTPTime: stamp})
}

// sentSoFar returns what was sent so far, and why it stopped if it did.
func (c *camera) sentSoFar() ([]sent, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]sent(nil), c.log...), c.err
}

// OnDescribe answers any path.
func (c *camera) OnDescribe(*gortsplib.ServerHandlerOnDescribeCtx) (*base.Response, *gortsplib.ServerStream, error) {
	return &base.Response{StatusCode: base.StatusOK}, c.stream, nil
}

// OnSetup admits anybody on this computer, over TCP.
func (c *camera) OnSetup(ctx *gortsplib.ServerHandlerOnSetupCtx) (*base.Response, *gortsplib.ServerStream, error) {
	if ctx.Transport != gortsplib.TransportTCP {
		return &base.Response{StatusCode: base.StatusUnsupportedTransport}, nil, nil
	}
	return &base.Response{StatusCode: base.StatusOK}, c.stream, nil
}

// OnPlay lets it begin.
func (c *camera) OnPlay(*gortsplib.ServerHandlerOnPlayCtx) (*base.Response, error) {
	return &base.Response{StatusCode: base.StatusOK}, nil
}

func sleepUntil(ctx context.Context, due time.Time) bool {
	t := time.NewTimer(time.Until(due))
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// NTP counts seconds since 1900 in the high half and their fraction in the low.
const ntpEpoch = 2208988800

func toNTP(t time.Time) uint64 {
	return uint64(t.Unix()+ntpEpoch)<<32 | uint64(t.Nanosecond())<<32/uint64(time.Second)
}

func fromNTP(v uint64) time.Time {
	return time.Unix(int64(v>>32)-ntpEpoch, int64((v&0xffffffff)*uint64(time.Second)>>32))
}
