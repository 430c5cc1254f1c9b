package onviftest

import (
	"errors"
	"fmt"
	"net"

	"github.com/bluenviron/gortsplib/v4"
	"github.com/bluenviron/gortsplib/v4/pkg/base"
	"github.com/bluenviron/gortsplib/v4/pkg/description"
	"github.com/bluenviron/gortsplib/v4/pkg/format"
	"github.com/bluenviron/gortsplib/v4/pkg/liberrors"
)

// streams is the camera's RTSP server.
type streams struct {
	camera  *Camera
	server  *gortsplib.Server
	stream  *gortsplib.ServerStream
	address string
}

func serveRTSP(c *Camera) (*streams, error) {
	s := &streams{camera: c}
	// A port that was free a moment ago: the library wants to be told a number.
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	at := l.Addr().String()
	l.Close()
	s.server = &gortsplib.Server{Handler: s, RTSPAddress: at}
	if err := s.server.Start(); err != nil {
		return nil, err
	}
	desc := &description.Session{Medias: []*description.Media{{Type: description.MediaTypeVideo, Formats: []format.Format{&format.H264{PayloadTyp: 96, PacketizationMode: 1}}}}}
	s.stream = &gortsplib.ServerStream{Server: s.server, Desc: desc}
	s.address = "rtsp://" + at + "/live"
	if err := s.stream.Initialize(); err != nil {
		s.server.Close()
		return nil, fmt.Errorf("the stream of the camera: %w", err)
	}
	return s, nil
}

// Close ends the server.
func (s *streams) Close() {
	s.stream.Close()
	s.server.Close()
}

// OnDescribe shows the stream to who has a login.
func (s *streams) OnDescribe(ctx *gortsplib.ServerHandlerOnDescribeCtx) (*base.Response, *gortsplib.ServerStream, error) {
	return s.admit(ctx.Conn, ctx.Request)
}

// OnSetup asks for the login again.
func (s *streams) OnSetup(ctx *gortsplib.ServerHandlerOnSetupCtx) (*base.Response, *gortsplib.ServerStream, error) {
	return s.admit(ctx.Conn, ctx.Request)
}

// OnPlay is asked after both.
func (s *streams) OnPlay(*gortsplib.ServerHandlerOnPlayCtx) (*base.Response, error) {
	return &base.Response{StatusCode: base.StatusOK}, nil
}

func (s *streams) admit(conn *gortsplib.ServerConn, req *base.Request) (*base.Response, *gortsplib.ServerStream, error) {
	c := s.camera
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.Down {
		return &base.Response{StatusCode: base.StatusServiceUnavailable}, nil, errors.New("down")
	}
	if c.OpenRTSP {
		return &base.Response{StatusCode: base.StatusOK}, s.stream, nil
	}
	for name, a := range c.users {
		password := a.password
		if c.OtherRTSP {
			password = c.first[name]
		}
		if !c.locked && conn.VerifyCredentials(req, name, password) {
			c.logins = append(c.logins, name+":"+password)
			return &base.Response{StatusCode: base.StatusOK}, s.stream, nil
		}
	}
	return &base.Response{StatusCode: base.StatusUnauthorized}, nil, liberrors.ErrServerAuth{}
}
