package rtsp

import (
	"regexp"
	"strings"
	"sync/atomic"
	"time"

	"github.com/bluenviron/gortsplib/v4"
	"github.com/bluenviron/gortsplib/v4/pkg/auth"
	"github.com/bluenviron/gortsplib/v4/pkg/base"
	"github.com/bluenviron/gortsplib/v4/pkg/headers"

	"github.com/bauta-gateway/bauta/hardware/media"
)

const (
	realm = "bauta"
	// loginDelay is how long the answer to a wrong login takes: it slows
	// guessing and a person does not mind.
	loginDelay = 500 * time.Millisecond
)

// Digest with MD5 alone: Basic would send the password readable, and ffmpeg
// gives up when it is offered SHA-256.
var loginMethods = []auth.VerifyMethod{auth.VerifyMethodDigestMD5}

// verdict is what the login check says of one request.
type verdict uint8

const (
	pass   verdict = iota
	ask            // no usable login was sent: ask for one
	refuse         // a login was sent and it is wrong
)

// login is one that was proved, with the password that it was proved by: a login of
// the same name and another password is another one.
type login struct{ name, password string }

// place is what a connection takes of the listener's limits.
type place interface {
	// Busy keeps it; false: it is lost already, or too many of one source are busy.
	Busy() bool
	// Idle ends what a true Busy began.
	Idle()
}

// client is what the server knows of one connection. Only the connection's
// own goroutine touches it, and a session's while that one waits for it, but for login.
type client struct {
	conn    *gortsplib.ServerConn
	nonce   string
	login   atomic.Pointer[login] // that was right on this connection; nil: none was
	refused bool                  // one was wrong: the connection is about to close
	verdict verdict               // of the request being answered
	// settingUp: that request is a SETUP and holds the server's lock for it.
	settingUp bool
	place     place // nil: not counted
}

func newClient(sc *gortsplib.ServerConn) (*client, error) {
	nonce, err := auth.GenerateNonce()
	if err != nil {
		return nil, err
	}
	return &client{conn: sc, nonce: nonce, place: placeOf(sc.NetConn())}, nil
}

// who has been admitted on this connection; empty where nobody had to prove anything.
func (cl *client) who() login {
	if l := cl.login.Load(); l != nil {
		return *l
	}
	return login{}
}

// check evaluates a request. A right login holds for its whole connection.
func (s *Server) check(cl *client, req *base.Request) verdict {
	if s.cfg.Anonymous {
		return pass
	}
	if cl.refused {
		return ask // sent before the connection closed: not even checked
	}
	if l := cl.login.Load(); l != nil {
		s.cfg.Logins.Saw(l.name, Door)
		return pass
	}
	if req.Method == base.Options && len(req.Header["Session"]) == 0 {
		return pass // tells nothing but the methods
	}
	var h headers.Authorization
	err := h.Unmarshal(req.Header["Authorization"])
	if err != nil || req.URL == nil || h.Method != headers.AuthMethodDigest || h.Nonce != cl.nonce {
		return ask // an old nonce is no guess at the password
	}
	if !s.admit(cl, req, h.Username) {
		cl.refused = true
		return refuse
	}
	s.cfg.Logins.Saw(h.Username, Door)
	return pass
}

// admit proves a login. One that is not there is reckoned through like any other, so
// that its answer takes as long.
func (s *Server) admit(cl *client, req *base.Request, name string) bool {
	password, known := s.cfg.Logins.Password(name)
	if !known {
		password = s.decoy
	}
	if auth.Verify(req, name, password, loginMethods, realm, cl.nonce) != nil || !known {
		return false
	}
	l := login{name, password}
	cl.login.Store(&l)
	return s.holds(l) // looked up again: from here on Recheck finds it
}

// holds reports whether a login that was proved is still there.
func (s *Server) holds(l login) bool {
	password, ok := s.cfg.Logins.Password(l.name)
	return ok && password == l.password
}

// may reports whether a login may watch a stream.
func (s *Server) may(l login, id media.StreamID) bool {
	return s.cfg.Anonymous || s.holds(l) && s.cfg.Logins.May(l.name, id.Camera)
}

// NoteViewers has Logins see who watches now: a recorder may play for months without
// another request.
func (s *Server) NoteViewers() {
	if s.cfg.Anonymous {
		return
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, p := range s.paths {
		p.noteViewers()
	}
}

// Recheck ends what logins have open that were withdrawn or changed meanwhile, and what
// they watch of cameras that they may not watch any more. Logins must answer as it is
// now before it is called.
func (s *Server) Recheck() {
	if s.cfg.Anonymous {
		return
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	for cl := range s.clients {
		if l := cl.login.Load(); l != nil && !s.holds(*l) {
			cl.conn.Close()
		}
	}
	for _, p := range s.paths {
		p.recheck()
	}
}

// deny turns an answer into "401 Unauthorized".
func (cl *client) deny(res *base.Response) {
	res.StatusCode, res.StatusMessage, res.Body = base.StatusUnauthorized, "", nil
	res.Header["WWW-Authenticate"] = auth.GenerateWWWAuthenticate(loginMethods, realm, cl.nonce)
}

// tame takes out of a request what gortsplib reacts to in harmful ways.
func tame(req *base.Request) {
	// It holds back its answer to GStreamer for a second, as a help for
	// publishers; our viewers would see their video a second later.
	delete(req.Header, "User-Agent")
	// It looks up the host name in "source=" in the DNS, for anybody and for
	// as long as that takes. Nothing needs that parameter in a request.
	for i, v := range req.Header["Transport"] {
		req.Header["Transport"][i] = strings.ReplaceAll(v, "source=", "ignored=")
	}
	// It compares paths letter by letter, and for a URL with a slash at its
	// end viewers write two of them in SETUP and one in PLAY.
	if req.URL != nil {
		req.URL.Path = slashes.ReplaceAllString(req.URL.Path, "/")
	}
}

var slashes = regexp.MustCompile(`/{2,}`)
