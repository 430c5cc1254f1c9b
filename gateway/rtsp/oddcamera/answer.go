package oddcamera

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"strings"
)

// exchange is a request with the faultless answer to it, which a mode changes before it is
// sent.
type exchange struct {
	*request
	conn        *conn
	status      string
	headers     []string // whole lines, in order
	body        []byte
	newline     string
	leading     string // bytes before the answer
	trailer     string // and behind it
	dropped     bool   // nothing is answered
	hangUp      bool   // the connection ends behind the answer
	spellLength string
}

const publicMethods = "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER"

// respond answers one request; false ends the connection.
func (c *conn) respond(r *request) bool {
	x := &exchange{request: r, conn: c, status: "RTSP/1.0 200 OK", newline: "\r\n", spellLength: "Content-Length"}
	x.headers = []string{"CSeq: " + r.headers["cseq"]}
	if x.admitted() {
		x.fill()
	}
	if c.mode.answer != nil {
		c.mode.answer(x)
	}
	if !x.dropped {
		if _, err := c.out.Write(x.bytes()); err != nil {
			return false
		}
	}
	if r.method == "PLAY" && strings.Contains(x.status, "200") {
		if c.mode.closes {
			return false
		}
		c.play()
	}
	return r.method != "TEARDOWN" && !x.hangUp
}

// admitted sees to unknown paths and the login.
func (x *exchange) admitted() bool {
	c := x.conn
	if !c.chosen && x.method != "OPTIONS" {
		x.refuse(404, "Not Found")
		return false
	}
	if c.mode.login == nil || x.method == "OPTIONS" {
		return true
	}
	return c.mode.login.admit(x)
}

// fill makes the faultless answer.
func (x *exchange) fill() {
	switch x.method {
	case "OPTIONS":
		x.headers = append(x.headers, publicMethods)
	case "DESCRIBE":
		x.describe()
	case "SETUP":
		x.setup()
	case "PLAY":
		x.headers = append(x.headers, "Session: "+x.conn.session)
	case "GET_PARAMETER", "SET_PARAMETER", "TEARDOWN":
	default:
		x.refuse(501, "Not Implemented")
	}
}

func (x *exchange) describe() {
	c := x.conn
	k, err := c.camera.clipOf(c.mode)
	if err != nil {
		c.camera.tb.Error(err)
		x.refuse(500, "Internal Server Error")
		return
	}
	d := newSDP(c.mode.Name, k, payloadType(k.codec))
	if c.mode.describe != nil {
		c.mode.describe(d)
	}
	x.headers = append(x.headers, "Content-Type: application/sdp", "Content-Base: "+x.base())
	x.body = d.bytes()
}

// base is the address that controls are relative to: the query comes before the slash, as
// many cameras have it.
func (x *exchange) base() string { return strings.TrimSuffix(x.url, "/") + "/" }

func payloadType(codec string) int {
	if codec == "mjpeg" {
		return 26
	}
	return 96
}

func (x *exchange) setup() {
	c, wish := x.conn, x.request.headers["transport"]
	transport := ""
	if strings.Contains(strings.ToUpper(wish), "TCP") {
		c.channel = byte(number(wish, "interleaved="))
		transport = fmt.Sprintf("RTP/AVP/TCP;unicast;interleaved=%d-%d", c.channel, c.channel+1)
	} else {
		port, own := number(wish, "client_port="), 0
		if own = c.openUDP(port); own == 0 {
			x.refuse(500, "No Ports")
			return
		}
		transport = fmt.Sprintf("RTP/AVP;unicast;client_port=%d-%d;server_port=%d-%d", port, port+1, own, own+1)
	}
	x.headers = append(x.headers, "Transport: "+transport, "Session: "+c.session+";timeout=60")
}

// openUDP binds two ports in a row and returns the first; 0: there are none.
func (c *conn) openUDP(client int) int {
	peer := c.net.RemoteAddr().(*net.TCPAddr).IP
	for range 50 {
		own := 36000 + 2*rand.IntN(10000)
		even, err := net.DialUDP("udp", &net.UDPAddr{IP: peer, Port: own}, &net.UDPAddr{IP: peer, Port: client})
		if err != nil {
			continue
		}
		odd, err := net.DialUDP("udp", &net.UDPAddr{IP: peer, Port: own + 1}, &net.UDPAddr{IP: peer, Port: client + 1})
		if err != nil {
			even.Close()
			continue
		}
		c.udp, c.rtcp = even, odd
		return own
	}
	return 0
}

// number is the decimal number behind a word; 0: there is none.
func number(text, word string) int {
	_, rest, _ := strings.Cut(text, word)
	if i := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' }); i >= 0 {
		rest = rest[:i]
	}
	n, _ := strconv.Atoi(rest)
	return n
}

func (x *exchange) bytes() []byte {
	var b bytes.Buffer
	b.WriteString(x.leading + x.status + x.newline)
	for _, h := range x.headers {
		b.WriteString(h + x.newline)
	}
	if len(x.body) > 0 && x.header("Content-Length") == "" {
		fmt.Fprintf(&b, "%s: %d%s", x.spellLength, len(x.body), x.newline)
	}
	b.WriteString(x.newline)
	b.Write(x.body)
	b.WriteString(x.trailer)
	return b.Bytes()
}

// The following are for the table.

func (x *exchange) refuse(code int, phrase string) {
	x.status, x.body = fmt.Sprintf("RTSP/1.0 %d %s", code, phrase), nil
	x.headers = x.headers[:1]
}

func (x *exchange) header(name string) string {
	for _, h := range x.headers {
		if n, value, _ := strings.Cut(h, ":"); strings.EqualFold(n, name) {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// set puts a header in the place of the one of this name, drop takes it out.
func (x *exchange) set(name, value string) { x.headers = change(x.headers, name+": ", name+": "+value) }
func (x *exchange) drop(name string)       { x.headers = change(x.headers, name+": ") }

// only changes the answers to one method.
func only(method string, change func(*exchange)) func(*exchange) {
	return func(x *exchange) {
		if x.method == method {
			change(x)
		}
	}
}
