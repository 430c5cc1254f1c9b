// Package plainhttp tells browsers that speak plain HTTP to a port of TLS where to go: to the
// same address by https. In: a listener's connections. Out: the same connections; those whose
// first byte begins a request of HTTP are answered and closed. It starts no goroutine: the
// answer is given in the first Read, within the deadline that the TLS handshake has. It must
// never read more than one small header, nor lead to another host than the one that was asked.
package plainhttp

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

const (
	// handshake is the first byte of TLS.
	handshake = 0x16
	// MaxHeader bounds what is read of a request, in bytes; maxHost and maxPath what of it is led to.
	MaxHeader = 8 << 10
	maxHost   = 255
	maxPath   = 1024
)

// Listen has plain HTTP on l answered.
func Listen(l net.Listener) net.Listener { return listener{l} }

type listener struct{ net.Listener }

// Accept implements net.Listener. It waits for no byte of the connection.
func (l listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &conn{Conn: c}, nil
}

// conn looks at its first byte. Only the goroutine that reads uses looked.
type conn struct {
	net.Conn
	looked bool
}

// Read implements net.Conn.
func (c *conn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if c.looked || n == 0 {
		return n, err
	}
	c.looked = true
	if p[0] == handshake || p[0] < 'A' || p[0] > 'Z' {
		return n, err // TLS, or what TLS refuses
	}
	c.answer(p[:n])
	_ = c.Conn.Close() // nothing more is read
	return 0, io.EOF
}

// answer reads the rest of the header and leads to https.
func (c *conn) answer(began []byte) {
	in := io.MultiReader(bytes.NewReader(began), c.Conn)
	r, err := http.ReadRequest(bufio.NewReader(io.LimitReader(in, MaxHeader)))
	if err != nil {
		return
	}
	status, extra, body := http.StatusBadRequest, "", "Use https."
	if r.Method == http.MethodGet || r.Method == http.MethodHead { // what else was sent is lost, and was readable on its way
		to := target(r, c.LocalAddr().String())
		status, extra, body = http.StatusTemporaryRedirect, "Location: "+to+"\r\n", to
	}
	if r.Method == http.MethodHead {
		body = ""
	}
	fmt.Fprintf(c.Conn, "HTTP/1.1 %d %s\r\n%sContent-Type: text/plain; charset=utf-8\r\nCache-Control: no-store\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s",
		status, http.StatusText(status), extra, len(body), body)
}

// target is the same page by https. What is no plain host name or address does not get into it:
// then the address that took the connection stands there.
func target(r *http.Request, local string) string {
	host := local
	if plainHost(r.Host) {
		host = r.Host
	}
	path := r.URL.EscapedPath()
	if r.URL.RawQuery != "" {
		path += "?" + r.URL.RawQuery
	}
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || len(path) > maxPath || strings.ContainsFunc(path, func(c rune) bool { return c <= ' ' || c > '~' || c == '\\' }) {
		path = "/"
	}
	return (&url.URL{Scheme: "https", Host: host}).String() + path
}

// plainHost reports whether host is a name or an address, with or without a port.
func plainHost(host string) bool {
	name, port, err := net.SplitHostPort(host)
	if err != nil {
		name, port = host, "1"
	}
	if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 || len(host) > maxHost || name == "" {
		return false
	}
	if a, err := netip.ParseAddr(strings.Trim(name, "[]")); err == nil && a.Zone() == "" {
		return true
	}
	return !strings.ContainsFunc(name, func(c rune) bool {
		return !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '-')
	})
}
