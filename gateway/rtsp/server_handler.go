package rtsp

import (
	"time"

	"github.com/bluenviron/gortsplib/v4"
	"github.com/bluenviron/gortsplib/v4/pkg/base"

	"github.com/bauta-gateway/bauta/gateway/connlimit"
)

// handler is what gortsplib calls. There is no PAUSE: a camera's stream has
// nothing to come back to, and players do without it.
type handler struct{ s *Server }

// OnConnOpen comes first on a connection.
func (h handler) OnConnOpen(c *gortsplib.ServerHandlerOnConnOpenCtx) {
	cl, err := newClient(c.Conn)
	if err != nil {
		h.s.log.Error("no random numbers for logins", "err", err)
		c.Conn.Close()
		return
	}
	c.Conn.SetUserData(cl)
	h.s.mu.Lock()
	h.s.clients[cl] = struct{}{}
	h.s.mu.Unlock()
}

// OnConnClose comes last on a connection.
func (h handler) OnConnClose(c *gortsplib.ServerHandlerOnConnCloseCtx) {
	if cl, ok := c.Conn.UserData().(*client); ok {
		h.s.mu.Lock()
		delete(h.s.clients, cl)
		h.s.mu.Unlock()
	}
}

// OnRequest checks each request before gortsplib sees it. One that is not
// let in loses its method, so that all it gets is an answer, which
// OnResponse turns into a 401: no session, no hint at which paths exist.
func (h handler) OnRequest(sc *gortsplib.ServerConn, req *base.Request) {
	cl, ok := sc.UserData().(*client)
	if !ok {
		req.Method = ""
		return
	}
	cl.verdict = h.s.check(cl, req) // first: a login covers the URL as sent
	tame(req)
	if cl.verdict == pass && req.Method == base.Setup {
		h.s.setup.Lock()
		cl.settingUp = true
	}
	if cl.verdict != pass {
		req.Method = ""
	}
}

// OnResponse finishes each answer; it runs in the connection's own
// goroutine, so a delay here holds up nobody else.
func (h handler) OnResponse(sc *gortsplib.ServerConn, res *base.Response) {
	res.Header["Server"] = base.HeaderValue{realm}
	cl, ok := sc.UserData().(*client)
	if !ok {
		return
	}
	if cl.settingUp {
		cl.settingUp = false
		h.s.setup.Unlock()
	}
	if cl.verdict == pass {
		return
	}
	cl.deny(res)
	if cl.verdict == refuse {
		h.s.loginFailed(sc)
		sc.Close() // after this answer
	}
}

// loginFailed counts and delays a wrong login. What was tried stays unknown:
// it may be almost right.
func (s *Server) loginFailed(sc *gortsplib.ServerConn) {
	s.loginsFailed.Add(1)
	from := source(sc)
	if muted, ok := s.loginLog.Allow(from); ok {
		s.log.Warn("a viewer's login was wrong", "from", from, "muted", muted)
	}
	select {
	case <-time.After(loginDelay):
	case <-s.stop:
	}
}

// OnDescribe answers with the stream's description.
func (h handler) OnDescribe(c *gortsplib.ServerHandlerOnDescribeCtx) (*base.Response, *gortsplib.ServerStream, error) {
	p, _ := h.pathOf(c.Conn, c.Path)
	if p == nil {
		return answer(base.StatusNotFound), nil, nil
	}
	p.asked()
	p.awaitFormat()
	return answer(base.StatusOK), p.stream, nil
}

// OnSetup makes a session belong to a path.
func (h handler) OnSetup(c *gortsplib.ServerHandlerOnSetupCtx) (*base.Response, *gortsplib.ServerStream, error) {
	p, cl := h.pathOf(c.Conn, c.Path)
	if p == nil {
		return answer(base.StatusNotFound), nil, nil
	}
	if c.Transport != gortsplib.TransportTCP && !plain(c.Conn.NetConn()) {
		return answer(base.StatusUnsupportedTransport), nil, nil
	}
	if status := p.enter(c.Session, cl); status != base.StatusOK {
		return answer(status), nil, nil
	}
	p.asked()
	return answer(base.StatusOK), p.stream, nil
}

// OnPlay makes a session a viewer.
func (h handler) OnPlay(c *gortsplib.ServerHandlerOnPlayCtx) (*base.Response, error) {
	p := c.Session.UserData().(*Path) // SETUP came before
	cl, ok := c.Conn.UserData().(*client)
	if !ok {
		return answer(base.StatusInternalServerError), nil
	}
	status := p.play(c.Session, cl)
	if status != base.StatusOK {
		if muted, ok := h.s.busyLog.Allow(source(c.Conn)); ok {
			p.log.Warn("a viewer was refused", "from", source(c.Conn), "status", int(status), "limit", h.s.cfg.MaxViewers, "muted", muted)
		}
		return answer(status), nil
	}
	p.log.Debug("a viewer joined", "from", c.Conn.NetConn().RemoteAddr(), "transport", c.Session.SetuppedTransport().String())
	return answer(status), nil
}

// OnSessionClose comes last on a session, after its last packet.
func (h handler) OnSessionClose(c *gortsplib.ServerHandlerOnSessionCloseCtx) {
	p, ok := c.Session.UserData().(*Path)
	if !ok {
		return
	}
	if v := p.leave(c.Session); v.playing {
		p.log.Debug("a viewer left", "why", c.Error, "dropped", v.dropped)
	}
}

// OnDecodeError is here to keep gortsplib from logging what viewers send.
func (h handler) OnDecodeError(*gortsplib.ServerHandlerOnDecodeErrorCtx) {}

// pathOf is the path that a viewer asks for; nil where there is none, or none for this
// viewer, who is not to know which of the two.
func (h handler) pathOf(sc *gortsplib.ServerConn, urlPath string) (*Path, *client) {
	cl, ok := sc.UserData().(*client)
	p := h.s.find(urlPath)
	if p != nil && (!ok || !h.s.may(cl.who(), p.id)) {
		p = nil
	}
	if p == nil {
		if muted, ok := h.s.lookupLog.Allow(source(sc)); ok {
			h.s.log.Info("a viewer asked for a camera that is not there for it", "from", source(sc), "path", clip(urlPath), "muted", muted)
		}
	}
	return p, cl
}

// source is whom a connection counts for.
func source(sc *gortsplib.ServerConn) string {
	return connlimit.Source(sc.NetConn().RemoteAddr().String())
}

// clip shortens what an outsider wrote for the log.
func clip(s string) string {
	const most = 64
	if len(s) > most {
		return s[:most] + "..."
	}
	return s
}

func answer(status base.StatusCode) *base.Response {
	return &base.Response{StatusCode: status}
}
