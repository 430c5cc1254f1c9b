// Package demo is a camera that is none: an RTSP server on loopback that plays
// a clip for ever, so that the gateway can be tried without a camera.
//
// In: the clip's path. Out: a stream at an address, and the login for it. One goroutine
// plays the clip; Close waits for it. It speaks RTP over TCP only (clients that try UDP
// first fall back by themselves) and asks for a digest login with a password of its own.
// It must never listen on anything but loopback.
package demo

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"sync/atomic"
	"time"

	"github.com/bluenviron/gortsplib/v4"
	"github.com/bluenviron/gortsplib/v4/pkg/auth"
	"github.com/bluenviron/gortsplib/v4/pkg/base"
	"github.com/bluenviron/gortsplib/v4/pkg/description"
	"github.com/bluenviron/gortsplib/v4/pkg/liberrors"

	"github.com/bauta-gateway/bauta/gateway/mp4"
)

const (
	user = "demo"
	path = "demo"
)

// Camera plays a clip until its context ends or it is closed.
type Camera struct {
	addr     string
	password string
	log      *slog.Logger
	clip     *mp4.Reader
	track    track
	server   *gortsplib.Server
	stream   atomic.Pointer[gortsplib.ServerStream]
	cancel   context.CancelFunc
	done     chan struct{}
}

// Start plays the clip, an MP4 or MOV file with H.264, H.265 or Motion JPEG,
// on a free loopback port.
func Start(ctx context.Context, clip string, log *slog.Logger) (*Camera, error) {
	return StartAt(ctx, "127.0.0.1:0", clip, log)
}

// StartAt is Start at a given address; port 0 takes a free one.
func StartAt(ctx context.Context, addr, clip string, log *slog.Logger) (*Camera, error) {
	reader, err := mp4.Open(clip)
	if err != nil {
		return nil, fmt.Errorf("demo clip: %w", err)
	}
	c := &Camera{password: rand.Text(), log: log, clip: reader, done: make(chan struct{})}
	if err := c.start(addr); err != nil {
		reader.Close()
		return nil, fmt.Errorf("demo camera: %w", err)
	}
	ctx, c.cancel = context.WithCancel(ctx)
	go c.run(ctx)
	return c, nil
}

// URL is the stream's address, without credentials.
func (c *Camera) URL() string { return "rtsp://" + c.addr + "/" + path }

// User is the login's name.
func (c *Camera) User() string { return user }

// Password is the login's password, another one at each start.
func (c *Camera) Password() string { return c.password }

// Close disconnects all viewers and returns when everything has stopped.
func (c *Camera) Close() {
	c.cancel()
	<-c.done
}

// start opens the server. Until the stream is set it answers "not found".
func (c *Camera) start(addr string) error {
	first, err := c.clip.Next()
	if err != nil {
		return err
	}
	if c.track, err = newTrack(first); err != nil {
		return err
	}
	c.server = &gortsplib.Server{
		Handler:        c,
		RTSPAddress:    addr,
		AuthMethods:    []auth.VerifyMethod{auth.VerifyMethodDigestMD5},
		WriteQueueSize: 2048, // a keyframe of 2 MB fits
		Listen: func(network, address string) (net.Listener, error) {
			l, err := net.Listen(network, address)
			if err == nil {
				c.addr = l.Addr().String()
			}
			return l, err
		},
	}
	if err := c.server.Start(); err != nil {
		return err
	}
	stream := &gortsplib.ServerStream{Server: c.server, Desc: &description.Session{Medias: []*description.Media{c.track.media}}}
	if err := stream.Initialize(); err != nil {
		c.server.Close()
		return err
	}
	c.stream.Store(stream)
	return nil
}

// run plays until ctx ends and then takes everything down.
func (c *Camera) run(ctx context.Context) {
	defer close(c.done)
	defer c.cancel()
	defer c.clip.Close()
	defer c.server.Close()
	defer c.stream.Load().Close()
	p := newPlayer(c.clip.Info())
	for ctx.Err() == nil {
		if err := c.playOnce(ctx, p); err != nil {
			c.log.Error("demo clip cannot be played, it starts again", "error", err)
			wait(ctx, time.Second)
		}
		p.again()
	}
}

// playOnce plays the clip from its beginning to its end.
func (c *Camera) playOnce(ctx context.Context, p *player) error {
	c.clip.Rewind()
	for {
		s, err := c.clip.Next()
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if !wait(ctx, p.until(s.DTS)) {
			return nil
		}
		packets, err := c.track.encode(s.NALUs)
		if err != nil {
			return err
		}
		stamp, ntp := p.stamp(s.CTS)
		for _, pkt := range packets {
			pkt.Timestamp += stamp
			if err := c.stream.Load().WritePacketRTPWithNTP(c.track.media, pkt, ntp); err != nil {
				return err
			}
		}
	}
}

// wait returns after d, or false when ctx ends first.
func wait(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// OnDescribe answers a client that asks what there is.
func (c *Camera) OnDescribe(ctx *gortsplib.ServerHandlerOnDescribeCtx) (*base.Response, *gortsplib.ServerStream, error) {
	return c.admit(ctx.Conn, ctx.Request, ctx.Path)
}

// OnSetup answers a client that wants to have it.
func (c *Camera) OnSetup(ctx *gortsplib.ServerHandlerOnSetupCtx) (*base.Response, *gortsplib.ServerStream, error) {
	if ctx.Transport != gortsplib.TransportTCP {
		return &base.Response{StatusCode: base.StatusUnsupportedTransport}, nil, nil
	}
	return c.admit(ctx.Conn, ctx.Request, ctx.Path)
}

// OnPlay lets it begin.
func (c *Camera) OnPlay(*gortsplib.ServerHandlerOnPlayCtx) (*base.Response, error) {
	return &base.Response{StatusCode: base.StatusOK}, nil
}

func (c *Camera) admit(conn *gortsplib.ServerConn, req *base.Request, asked string) (*base.Response, *gortsplib.ServerStream, error) {
	if !conn.VerifyCredentials(req, user, c.password) {
		return &base.Response{StatusCode: base.StatusUnauthorized}, nil, liberrors.ErrServerAuth{}
	}
	stream := c.stream.Load()
	if asked != "/"+path || stream == nil {
		return &base.Response{StatusCode: base.StatusNotFound}, nil, nil
	}
	return &base.Response{StatusCode: base.StatusOK}, stream, nil
}
