package whep

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/rtp/codecs"
	"github.com/pion/webrtc/v4"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// maxPayload keeps a packet with the headers of RTP, SRTP, UDP and IPv6 below
// 1280 bytes, which every IPv6 link passes (RFC 8200, section 5).
const maxPayload = 1188

// session is one viewer. Its run goroutine owns the connection; the server's
// lock guards what take uses.
type session struct {
	server *Server
	stream media.StreamID
	name   string
	from   string // whom the limit by address counts it for
	begun  time.Time
	ctx    context.Context
	cancel context.CancelFunc
	queue  chan media.Clean

	pc           *webrtc.PeerConnection
	track        *webrtc.TrackLocalStaticRTP
	reportsEnded chan struct{} // closed when the viewer's reports have ended

	payloader codecs.H264Payloader
	clock     uint32 // RTP time of PTS 0
	seq       uint16

	connected bool
	started   bool // was given its first keyframe
	open      bool // takes frames: from a keyframe to a loss
}

func newSession(s *Server, id media.StreamID, from, name string) *session {
	v := &session{server: s, stream: id, name: name, from: from, begun: time.Now(), queue: make(chan media.Clean, queueLength),
		clock: rand.Uint32(), seq: uint16(rand.Uint32())} // random, as RFC 3550 wants
	v.ctx, v.cancel = context.WithCancel(s.ctx)
	return v
}

// take queues a frame; false: the viewer misses one. What comes before its
// first keyframe is not missed. The server's lock is held.
func (v *session) take(c media.Clean) bool {
	if c.Keyframe() && v.connected {
		v.open, v.started = true, true
	}
	if !v.open {
		return !v.started
	}
	select {
	case v.queue <- c:
		return true
	default:
		v.open = false
		return false
	}
}

// negotiate makes the connection and the answer to a checked offer.
func (v *session) negotiate(ctx context.Context, q *question) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, gatherLimit)
	defer cancel()
	if err := v.connect(); err != nil {
		return "", fmt.Errorf("preview by WebRTC: %w", err)
	}
	if err := v.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: q.video}); err != nil {
		return "", refuse(err)
	}
	answer, err := v.pc.CreateAnswer(nil)
	if err != nil {
		return "", refuse(err)
	}
	gathered := webrtc.GatheringCompletePromise(v.pc)
	if err := v.pc.SetLocalDescription(answer); err != nil {
		return "", refuse(err)
	}
	select {
	case <-gathered:
	case <-v.server.enough():
	case <-v.ctx.Done():
		return "", text.Fail(ErrClosed, text.PreviewStopped)
	case <-ctx.Done():
		return "", fmt.Errorf("preview by WebRTC: this box's addresses: %w", ctx.Err())
	}
	return q.answer(v.pc.LocalDescription().SDP, v.server.net.candidates(ctx))
}

// enough is when an answer goes without what ICE servers have not said by then: the viewer
// waits for it. Without such servers the host's own addresses are all there is.
func (s *Server) enough() <-chan time.Time {
	if !s.cfg.Network.full() {
		return nil
	}
	return time.After(serverLimit)
}

func (v *session) connect() (err error) {
	if v.pc, err = v.server.api.NewPeerConnection(webrtc.Configuration{ICEServers: v.server.cfg.Network.servers()}); err != nil {
		return err
	}
	v.pc.OnConnectionStateChange(func(state webrtc.PeerConnectionState) {
		switch state {
		case webrtc.PeerConnectionStateConnected:
			v.server.begin(v)
		case webrtc.PeerConnectionStateFailed, webrtc.PeerConnectionStateClosed:
			v.cancel()
		}
	})
	// One fixed name: the viewer learns nothing from it.
	if v.track, err = webrtc.NewTrackLocalStaticRTP(capability("42e01f"), "video", "bauta"); err != nil {
		return err
	}
	way, err := v.pc.AddTransceiverFromTrack(v.track, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly})
	if err != nil {
		return err
	}
	v.reportsEnded = make(chan struct{})
	go v.listen(way.Sender())
	return nil
}

// listen receives the viewer's reports until the connection is closed; reading
// them also drives the repetition of lost packets.
func (v *session) listen(sender *webrtc.RTPSender) {
	defer close(v.reportsEnded)
	for {
		pkts, _, err := sender.ReadRTCP()
		if err != nil {
			return
		}
		for _, p := range pkts {
			switch p.(type) {
			case *rtcp.PictureLossIndication, *rtcp.FullIntraRequest:
				v.server.lost(v)
			}
		}
	}
}

// run sends what is queued until the session ends.
func (v *session) run() {
	defer v.close()
	connect := time.NewTimer(v.server.connectLimit)
	defer connect.Stop()
	for {
		select {
		case <-v.ctx.Done():
			return
		case <-connect.C:
			if v.pc.ConnectionState() == webrtc.PeerConnectionStateNew || v.pc.ConnectionState() == webrtc.PeerConnectionStateConnecting {
				return
			}
		case c := <-v.queue:
			if err := v.send(c); err != nil {
				v.server.cfg.Log.Debug("preview ends", "stream", v.stream, "error", err)
				return
			}
		}
	}
}

// close waits until nothing of the session is left.
func (v *session) close() {
	v.cancel()
	if v.pc != nil {
		_ = v.pc.GracefulClose() // its error is of no use any more
	}
	if v.reportsEnded != nil {
		<-v.reportsEnded
	}
	v.server.release(v)
}

// send packs a frame (RFC 6184) and sends it.
func (v *session) send(c media.Clean) error {
	var payloads [][]byte
	for _, u := range c.NALUs() {
		payloads = append(payloads, v.payloader.Payload(maxPayload, u)...)
	}
	for i, payload := range payloads {
		v.seq++
		err := v.track.WriteRTP(&rtp.Packet{
			Header:  rtp.Header{Version: 2, Marker: i == len(payloads)-1, SequenceNumber: v.seq, Timestamp: v.clock + uint32(c.PTS())},
			Payload: payload,
		})
		if err != nil {
			return err
		}
	}
	v.server.sent()
	return nil
}
