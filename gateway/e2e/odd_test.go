package e2e

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bluenviron/gortsplib/v4"
	"github.com/bluenviron/gortsplib/v4/pkg/base"
	"github.com/bluenviron/gortsplib/v4/pkg/description"
	"github.com/bluenviron/gortsplib/v4/pkg/format"
	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"
	"github.com/pion/rtp"

	"github.com/bauta-gateway/bauta/gateway/mp4"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// twist changes the nth access unit and its RTP time before it is sent; no
// unit at all sends nothing.
type twist func(n int, nalus [][]byte, stamp uint32) ([][]byte, uint32)

// network changes the order and number of the packets of an access unit.
type network func([]*rtp.Packet) []*rtp.Packet

// oddCamera plays an H.264 or H.265 clip over and over, as badly as it is asked to.
type oddCamera struct {
	t      *testing.T
	server *gortsplib.Server
	stream *gortsplib.ServerStream
	video  *description.Media
	addr   string
	udp    bool
	clip   []mp4.Sample
	info   mp4.Info
	encode func([][]byte) ([]*rtp.Packet, error)

	twist   atomic.Pointer[twist]
	network atomic.Pointer[network]
	cancel  context.CancelFunc
	done    chan struct{}
}

// startOdd plays a clip at this address; an empty one is any.
func startOdd(t *testing.T, addr, clip string, udp bool) *oddCamera {
	t.Helper()
	c := &oddCamera{t: t, udp: udp, done: make(chan struct{})}
	c.read(clip)
	c.describe()
	if addr == "" {
		addr = "127.0.0.1:0"
	}
	c.server = &gortsplib.Server{Handler: c, RTSPAddress: addr, WriteQueueSize: 16384, Listen: func(network, address string) (net.Listener, error) {
		l, err := net.Listen(network, address)
		if err == nil {
			c.addr = l.Addr().String()
		}
		return l, err
	}}
	c.listen()
	c.stream = &gortsplib.ServerStream{Server: c.server, Desc: &description.Session{Medias: []*description.Media{c.video}}}
	if err := c.stream.Initialize(); err != nil {
		t.Fatal(err)
	}
	var ctx context.Context
	ctx, c.cancel = context.WithCancel(context.Background())
	go c.play(ctx)
	t.Cleanup(c.close)
	return c
}

// listen finds a pair of UDP ports where it needs one.
func (c *oddCamera) listen() {
	c.t.Helper()
	for try := range 50 {
		if c.udp {
			port := 20000 + 2*rand.IntN(10000)
			c.server.UDPRTPAddress, c.server.UDPRTCPAddress = fmt.Sprintf("127.0.0.1:%d", port), fmt.Sprintf("127.0.0.1:%d", port+1)
		}
		err := c.server.Start()
		if err == nil {
			return
		}
		if !c.udp || try == 49 {
			c.t.Fatal(err)
		}
	}
}

func (c *oddCamera) read(clip string) {
	c.t.Helper()
	r, err := mp4.Open(clip)
	if err != nil {
		c.t.Fatal(err)
	}
	defer r.Close()
	c.info = r.Info()
	for {
		s, err := r.Next()
		if errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			c.t.Fatal(err)
		}
		c.clip = append(c.clip, s)
	}
}

// describe leaves the parameter sets out of the SDP: those in the stream are
// all there are, so that a camera can really lack them.
func (c *oddCamera) describe() {
	var f format.Format
	var err error
	switch c.clip[0].Codec {
	case media.H264:
		h := &format.H264{PayloadTyp: 96, PacketizationMode: 1}
		e, bad := h.CreateEncoder()
		f, err = h, bad
		c.encode = e.Encode
	case media.H265:
		h := &format.H265{PayloadTyp: 96}
		e, bad := h.CreateEncoder()
		f, err = h, bad
		c.encode = e.Encode
	default:
		c.t.Fatalf("no odd camera for %v", c.clip[0].Codec)
	}
	if err != nil {
		c.t.Fatal(err)
	}
	c.video = &description.Media{Type: description.MediaTypeVideo, Formats: []format.Format{f}}
}

func (c *oddCamera) url() string { return "rtsp://" + c.addr + "/odd" }

// be makes it send so from now on; nil is as it ought to.
func (c *oddCamera) be(t twist) {
	if t == nil {
		c.twist.Store(nil)
		return
	}
	c.twist.Store(&t)
}

// through puts a bad network in its way; nil is a good one.
func (c *oddCamera) through(n network) {
	if n == nil {
		c.network.Store(nil)
		return
	}
	c.network.Store(&n)
}

func (c *oddCamera) close() {
	if c.cancel == nil {
		return
	}
	c.cancel()
	<-c.done
	c.stream.Close()
	c.server.Close()
	c.cancel = nil
}

func (c *oddCamera) play(ctx context.Context) {
	defer close(c.done)
	began := time.Now()
	for n := 0; ; n++ {
		s, turn := c.clip[n%len(c.clip)], int64(n/len(c.clip))
		due := began.Add(c.info.Ticks(turn*c.info.Duration + s.DTS).Duration())
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Until(due)):
		}
		c.send(n, s.NALUs, uint32(c.info.Ticks(turn*c.info.Duration+s.CTS)))
	}
}

func (c *oddCamera) send(n int, nalus [][]byte, stamp uint32) {
	if t := c.twist.Load(); t != nil {
		nalus, stamp = (*t)(n, nalus, stamp)
	}
	if len(nalus) == 0 {
		return
	}
	packets, err := c.encode(nalus)
	if err != nil {
		c.t.Error(err)
		return
	}
	for _, p := range packets {
		p.Timestamp = stamp
	}
	if w := c.network.Load(); w != nil {
		packets = (*w)(packets)
	}
	for _, p := range packets {
		_ = c.stream.WritePacketRTP(c.video, p) // see OnStreamWriteError
	}
}

// OnDescribe, OnSetup and OnPlay are the library's callbacks.
func (c *oddCamera) OnDescribe(*gortsplib.ServerHandlerOnDescribeCtx) (*base.Response, *gortsplib.ServerStream, error) {
	return &base.Response{StatusCode: base.StatusOK}, c.stream, nil
}

func (c *oddCamera) OnSetup(*gortsplib.ServerHandlerOnSetupCtx) (*base.Response, *gortsplib.ServerStream, error) {
	return &base.Response{StatusCode: base.StatusOK}, c.stream, nil
}

func (c *oddCamera) OnPlay(*gortsplib.ServerHandlerOnPlayCtx) (*base.Response, error) {
	return &base.Response{StatusCode: base.StatusOK}, nil
}

// OnStreamWriteError is for packets that found no room: the gateway sees a loss.
func (c *oddCamera) OnStreamWriteError(*gortsplib.ServerHandlerOnStreamWriteErrorCtx) {}

// isSet tells a parameter set of H.264.
func isSet(nalu []byte) bool {
	typ := h264.NALUType(nalu[0] & 0x1f)
	return typ == h264.NALUTypeSPS || typ == h264.NALUTypePPS
}

// without leaves out the NAL units of a kind.
func without(bad func([]byte) bool) twist {
	return func(_ int, nalus [][]byte, stamp uint32) (out [][]byte, _ uint32) {
		for _, n := range nalus {
			if !bad(n) {
				out = append(out, n)
			}
		}
		return out, stamp
	}
}

// damaged changes the slices and leaves the parameter sets alone.
func damaged(change func([]byte) []byte) twist {
	return func(_ int, nalus [][]byte, stamp uint32) (out [][]byte, _ uint32) {
		for _, n := range nalus {
			if !isSet(n) {
				n = change(n)
			}
			out = append(out, n)
		}
		return out, stamp
	}
}

// randomSlice keeps the header alone, so that a decoder takes it for a frame.
func randomSlice(n []byte) []byte {
	out := append([]byte(nil), n...)
	for i := 1; i < len(out); i++ {
		out[i] = byte(1 + rand.IntN(255)) // no zeros: none of it looks like a start code
	}
	return out
}

func jump(by int32) twist {
	return func(_ int, nalus [][]byte, stamp uint32) ([][]byte, uint32) { return nalus, stamp + uint32(by) }
}

func seldom(n int, nalus [][]byte, stamp uint32) ([][]byte, uint32) {
	if n%16 != 0 { // of 15 a second, each of them a keyframe
		return nil, 0
	}
	return nalus, stamp
}

func silent(int, [][]byte, uint32) ([][]byte, uint32) { return nil, 0 }

// oversize makes each keyframe larger than the gateway takes: 9 MB.
func oversize(_ int, nalus [][]byte, stamp uint32) ([][]byte, uint32) {
	if !slices.ContainsFunc(nalus, isSet) {
		return nalus, stamp
	}
	filler := make([]byte, 9<<20)
	for i := range filler {
		filler[i] = 0xff
	}
	filler[0] = byte(h264.NALUTypeFillerData)
	return append(append([][]byte{}, nalus...), filler), stamp
}

func losing(share float64) network {
	return func(all []*rtp.Packet) (out []*rtp.Packet) {
		for _, p := range all {
			if rand.Float64() >= share {
				out = append(out, p)
			}
		}
		return out
	}
}

// shuffled swaps neighbours, as two ways through a network do.
func shuffled(all []*rtp.Packet) []*rtp.Packet {
	for i := 0; i+1 < len(all); i += 2 {
		all[i], all[i+1] = all[i+1], all[i]
	}
	return all
}
