package main

import (
	"errors"
	"net"
	"sync"

	"github.com/bluenviron/gortsplib/v4"
	"github.com/bluenviron/gortsplib/v4/pkg/base"
	"github.com/bluenviron/gortsplib/v4/pkg/description"
	"github.com/bluenviron/gortsplib/v4/pkg/format"
	"github.com/pion/rtp"
)

// hub is an RTSP server to which one ffmpeg publishes: together they are a
// camera with ffmpeg's ways of packing.
type hub struct {
	server *gortsplib.Server
	addr   string

	mu        sync.Mutex
	stream    *gortsplib.ServerStream
	publisher *gortsplib.ServerSession
}

func startHub() (*hub, error) {
	h := &hub{}
	h.server = &gortsplib.Server{Handler: h, RTSPAddress: "127.0.0.1:0", WriteQueueSize: 1024,
		Listen: func(network, address string) (net.Listener, error) {
			l, err := net.Listen(network, address)
			if err == nil {
				h.addr = l.Addr().String()
			}
			return l, err
		}}
	return h, h.server.Start()
}

// OnAnnounce takes a publisher where there is none.
func (h *hub) OnAnnounce(ctx *gortsplib.ServerHandlerOnAnnounceCtx) (*base.Response, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.stream != nil {
		return &base.Response{StatusCode: base.StatusBadRequest}, errors.New("one publisher only")
	}
	stream := &gortsplib.ServerStream{Server: h.server, Desc: ctx.Description}
	if err := stream.Initialize(); err != nil {
		return &base.Response{StatusCode: base.StatusInternalServerError}, err
	}
	h.stream, h.publisher = stream, ctx.Session
	return &base.Response{StatusCode: base.StatusOK}, nil
}

// OnSessionClose ends the stream with its publisher.
func (h *hub) OnSessionClose(ctx *gortsplib.ServerHandlerOnSessionCloseCtx) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.stream != nil && ctx.Session == h.publisher {
		h.stream.Close()
		h.stream = nil
	}
}

func (h *hub) answer() (*base.Response, *gortsplib.ServerStream, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.stream == nil {
		return &base.Response{StatusCode: base.StatusNotFound}, nil, nil
	}
	return &base.Response{StatusCode: base.StatusOK}, h.stream, nil
}

// OnDescribe answers the gateway.
func (h *hub) OnDescribe(*gortsplib.ServerHandlerOnDescribeCtx) (*base.Response, *gortsplib.ServerStream, error) {
	return h.answer()
}

// OnSetup takes over TCP from both sides.
func (h *hub) OnSetup(ctx *gortsplib.ServerHandlerOnSetupCtx) (*base.Response, *gortsplib.ServerStream, error) {
	switch {
	case ctx.Transport != gortsplib.TransportTCP:
		return &base.Response{StatusCode: base.StatusUnsupportedTransport}, nil, nil
	case ctx.Session.State() == gortsplib.ServerSessionStatePreRecord:
		return &base.Response{StatusCode: base.StatusOK}, nil, nil
	}
	return h.answer()
}

// OnPlay lets the gateway begin.
func (h *hub) OnPlay(*gortsplib.ServerHandlerOnPlayCtx) (*base.Response, error) {
	return &base.Response{StatusCode: base.StatusOK}, nil
}

// OnRecord passes the publisher's packets on.
func (h *hub) OnRecord(ctx *gortsplib.ServerHandlerOnRecordCtx) (*base.Response, error) {
	h.mu.Lock()
	stream := h.stream
	h.mu.Unlock()
	ctx.Session.OnPacketRTPAny(func(m *description.Media, _ format.Format, p *rtp.Packet) {
		_ = stream.WritePacketRTP(m, p) // a full queue loses it: so do networks
	})
	return &base.Response{StatusCode: base.StatusOK}, nil
}
