package rtsp

import (
	"regexp"
	"strings"
	"time"

	"github.com/bluenviron/gortsplib/v4"
	"github.com/bluenviron/gortsplib/v4/pkg/auth"
	"github.com/bluenviron/gortsplib/v4/pkg/base"
	"github.com/bluenviron/gortsplib/v4/pkg/headers"

	"github.com/bauta-gateway/bauta/gateway/connlimit"
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

// client is what the server knows of one connection. Only the connection's
// own goroutine touches it, and a session's while that one waits for it.
type client struct {
	nonce    string
	admitted bool    // a login on this connection was right
	refused  bool    // or wrong: the connection is about to close
	verdict  verdict // of the request being answered
	// settingUp: that request is a SETUP and holds the server's lock for it.
	settingUp bool
	limited   *connlimit.Conn
}

func newClient(sc *gortsplib.ServerConn) (*client, error) {
	nonce, err := auth.GenerateNonce()
	if err != nil {
		return nil, err
	}
	return &client{nonce: nonce, limited: connlimit.Find(sc.NetConn())}, nil
}

// check evaluates a request. A right login holds for its whole connection.
func (cl *client) check(cfg *ServerConfig, req *base.Request) verdict {
	if cl.admitted || cfg.Anonymous {
		return pass
	}
	if cl.refused {
		return ask // sent before the connection closed: not even checked
	}
	if req.Method == base.Options && len(req.Header["Session"]) == 0 {
		return pass // tells nothing but the methods
	}
	var h headers.Authorization
	err := h.Unmarshal(req.Header["Authorization"])
	if err != nil || req.URL == nil || h.Method != headers.AuthMethodDigest || h.Nonce != cl.nonce {
		return ask // an old nonce is no guess at the password
	}
	if auth.Verify(req, cfg.User, cfg.Password, loginMethods, realm, cl.nonce) != nil {
		cl.refused = true
		return refuse
	}
	cl.admitted = true
	return pass
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
