package wire

import (
	"fmt"
	"net"
	"regexp"
	"strconv"
	"strings"

	"github.com/bluenviron/gortsplib/v4/pkg/base"

	"github.com/bauta-gateway/bauta/gateway/rtsp/describe"
)

// serve answers a request of the camera. None of them can change what is played.
func (c *Conn) serve(m *message) error {
	status := "200 OK"
	switch m.method {
	case "OPTIONS", "ANNOUNCE", "SET_PARAMETER", "GET_PARAMETER", "PLAY_NOTIFY":
	default:
		status = "405 Method Not Allowed"
	}
	out := "RTSP/1.0 " + status + "\r\n"
	for _, name := range []string{"CSeq", "Session"} {
		if v, ok := m.header.get(name); ok {
			out += name + ": " + v + "\r\n"
		}
	}
	return c.put([]byte(out + "\r\n"))
}

// answered takes an answer and returns what the library gets: nothing where the request goes out
// again with a login, or where nobody asked.
func (c *Conn) answered(m *message) ([]byte, error) {
	x := c.take(m)
	if x == nil {
		return nil, nil
	}
	if m.status == int(base.StatusUnauthorized) {
		again, err := c.refused(m, x)
		if err != nil || again {
			return nil, err
		}
	}
	return c.mend(m, x).Marshal()
}

// take finds the request that is answered: by its number, or the oldest where a camera sends
// none, and the only one where it sends another.
func (c *Conn) take(m *message) *exchange {
	c.mu.Lock()
	defer c.mu.Unlock()
	text, _ := m.header.get("CSeq")
	n, err := strconv.Atoi(text)
	for i, x := range c.pending {
		if x.cseq == n || err != nil || len(c.pending) == 1 {
			c.pending = append(c.pending[:i], c.pending[i+1:]...)
			return x
		}
	}
	return nil
}

// refused sends a request again where the camera can be given a login that it has not refused yet.
func (c *Conn) refused(m *message, x *exchange) (again bool, err error) {
	c.mu.Lock()
	again, err = c.auth.Refused(m.header.all("WWW-Authenticate"), &x.tries)
	if err != nil && c.fault == nil {
		c.fault = err
	}
	if again {
		c.pending = append(c.pending, x)
	}
	c.mu.Unlock()
	if again {
		return true, c.send(x)
	}
	return false, nil
}

// mend makes an answer for the library: of its lines only those that the library needs, each in
// the form that it knows.
func (c *Conn) mend(m *message, x *exchange) *base.Response {
	res := &base.Response{
		StatusCode: base.StatusCode(m.status), StatusMessage: phrase(m),
		Header: base.Header{"CSeq": x.own},
	}
	ok := m.status == int(base.StatusOK)
	if id, is := session(m.header); is {
		res.Header["Session"] = base.HeaderValue{id}
	}
	switch {
	case m.status >= 300 && m.status < 400:
		if to, is := m.header.get("Location"); is {
			c.mu.Lock()
			c.moved = to
			c.mu.Unlock()
		}
	case x.req.Method == base.Options:
		c.mendOptions(m, res)
	case ok && x.req.Method == base.Describe:
		c.mendDescription(m, res)
	case ok && x.req.Method == base.Setup:
		c.mendTransport(m, res)
	}
	return res
}

func phrase(m *message) string {
	if p := strings.TrimSpace(m.phrase); p != "" {
		return p[:min(len(p), 200)]
	}
	return "-"
}

var sessionTimeout = regexp.MustCompile(`(?i)timeout\s*=\s*"?([0-9]{1,6})`)

// session reads "ID ; timeout = 60".
func session(h header) (string, bool) {
	v, ok := h.get("Session")
	id, rest, _ := strings.Cut(v, ";")
	if id = strings.TrimSpace(id); !ok || id == "" {
		return "", false
	}
	if t := sessionTimeout.FindStringSubmatch(rest); t != nil {
		id += ";timeout=" + t[1]
	}
	return id, true
}

// mendOptions takes any answer but a refused login for one: cameras that know no OPTIONS play all
// the same.
func (c *Conn) mendOptions(m *message, res *base.Response) {
	if m.status == int(base.StatusUnauthorized) {
		return
	}
	res.StatusCode, res.StatusMessage = base.StatusOK, "OK"
	if public, ok := m.header.get("Public"); ok {
		res.Header["Public"] = base.HeaderValue{public}
	}
}

// mendDescription gives the library the video medium alone.
func (c *Conn) mendDescription(m *message, res *base.Response) {
	c.mu.Lock()
	defer c.mu.Unlock()
	video, sdp, err := describe.Cut(m.body)
	if err != nil {
		c.fault = err
		sdp = []byte("v=0\r\n") // the library refuses it; Fault says why
	} else {
		c.video, c.cut, c.fault = video, true, nil
		c.rtp.own, c.rtp.announced = video.PayloadType, describe.Announced(video.Codec)
	}
	res.Header["Content-Type"] = base.HeaderValue{"application/sdp"}
	res.Body = sdp
	if v, ok := m.header.get("Content-Base"); ok {
		if b, ok := contentBase(v); ok {
			res.Header["Content-Base"] = base.HeaderValue{b}
		}
	}
}

// contentBase is an address that the library can take; others fall back to the one of the request
// (RFC 2326, C.1.1).
func contentBase(v string) (string, bool) {
	v = strings.TrimSpace(v)
	if strings.HasPrefix(v, "/") {
		_, err := base.ParseURL("rtsp://localhost" + v)
		return v, err == nil
	}
	u, err := base.ParseURL(v)
	if err != nil || u.Host == "" {
		return "", false
	}
	return v, true
}

var (
	interleavedIDs = regexp.MustCompile(`(?i)interleaved\s*=\s*"?([0-9]{1,3})`)
	serverPorts    = regexp.MustCompile(`(?i)server_port\s*=\s*"?([0-9]{1,5})(?:\s*-\s*([0-9]{1,5}))?`)
	sourceAddress  = regexp.MustCompile(`(?i)source\s*=\s*"?([0-9A-Fa-f.:]+)`)
)

// interleavedOf is the first channel that a transport names, empty if none.
func interleavedOf(transport string) string {
	if found := interleavedIDs.FindStringSubmatch(transport); found != nil {
		return found[1]
	}
	return ""
}

// mendTransport reads which channels or ports the camera chose, and tells the library of channels
// in either case.
func (c *Conn) mendTransport(m *message, res *base.Response) {
	c.mu.Lock()
	defer c.mu.Unlock()
	said, _ := m.header.get("Transport")
	tcp := strings.Contains(strings.ToUpper(said), "TCP") || interleavedOf(said) != ""
	if said != "" && tcp == (c.udp != nil) {
		// It chose the other way of its own accord: the caller has an answer for that.
		res.StatusCode, res.StatusMessage = base.StatusUnsupportedTransport, "Unsupported Transport"
		return
	}
	channel := c.asked
	if c.udp != nil {
		c.udp.from(said, c.Conn.RemoteAddr())
	} else if found := interleavedOf(said); found != "" {
		channel = found
	}
	n, err := strconv.Atoi(channel)
	if err != nil || n > 254 {
		n = 0
	}
	if c.udp == nil {
		c.reader.video = n
	}
	res.Header["Transport"] = base.HeaderValue{fmt.Sprintf("RTP/AVP/TCP;unicast;interleaved=%d-%d", n, n+1)}
}

// remoteIP is the address of the connection's other end.
func remoteIP(a net.Addr) net.IP {
	if t, ok := a.(*net.TCPAddr); ok {
		return t.IP
	}
	return nil
}
