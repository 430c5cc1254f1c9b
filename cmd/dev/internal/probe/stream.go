package probe

import (
	"context"
	"errors"
	"net"

	"github.com/bluenviron/gortsplib/v4"
	"github.com/bluenviron/gortsplib/v4/pkg/base"
	"github.com/bluenviron/gortsplib/v4/pkg/format"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

// Stream says what to do with what a viewer gets.
type Stream struct {
	// Dial connects; nil is the usual way.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Unit gets each whole access unit with its RTP time, in ticks of 1/90,000 s.
	Unit func(stamp uint32, nalus [][]byte)
	// Report gets the sender reports; nil: they are dropped.
	Report func(*rtcp.SenderReport)
}

// Play connects to a stream's H.264 track over TCP. The caller closes the client.
func (s Stream) Play(address string) (*gortsplib.Client, error) {
	u, err := base.ParseURL(address)
	if err != nil {
		return nil, err
	}
	tcp := gortsplib.TransportTCP
	client := &gortsplib.Client{Scheme: u.Scheme, Host: u.Host, Transport: &tcp, DialContext: s.Dial}
	if err := client.Start2(); err != nil {
		return nil, err
	}
	if err := s.begin(client, u); err != nil {
		client.Close()
		return nil, err
	}
	return client, nil
}

func (s Stream) begin(client *gortsplib.Client, u *base.URL) error {
	desc, _, err := client.Describe(u)
	if err != nil {
		return err
	}
	var h264 *format.H264
	track := desc.FindFormat(&h264)
	if track == nil {
		return errors.New("the stream has no H.264 track")
	}
	decoder, err := h264.CreateDecoder()
	if err != nil {
		return err
	}
	if _, err := client.Setup(desc.BaseURL, track, 0, 0); err != nil {
		return err
	}
	client.OnPacketRTP(track, h264, func(p *rtp.Packet) {
		if nalus, err := decoder.Decode(p); err == nil {
			s.Unit(p.Timestamp, nalus)
		}
	})
	if s.Report != nil {
		client.OnPacketRTCP(track, func(p rtcp.Packet) {
			if report, ok := p.(*rtcp.SenderReport); ok {
				s.Report(report)
			}
		})
	}
	_, err = client.Play(nil)
	return err
}
