package oddcamera

import (
	"bufio"
	"encoding/base64"
	"io"
	"strings"
)

const getAnswer = "HTTP/1.0 200 OK\r\nServer: odd\r\nConnection: close\r\nCache-Control: no-store\r\nContent-Type: application/x-rtsp-tunnelled\r\n\r\n"

// tunnel takes one half of RTSP over HTTP. GET's connection is for answers and stays, which is
// why it returns when that has ended; POST's goes on with requests in base64.
func (c *conn) tunnel(r *request) (goOn bool) {
	cookie := r.headers["x-sessioncookie"]
	switch {
	case c.mode.noTunnel:
		io.WriteString(c.out, "HTTP/1.0 404 Not Found\r\nConnection: close\r\n\r\n")
		return false
	case r.method == "GET":
		c.camera.mu.Lock()
		c.camera.tunnels[cookie] = c.out
		c.camera.mu.Unlock()
		if _, err := io.WriteString(c.out, getAnswer); err == nil {
			io.Copy(io.Discard, c.in)
		}
		return false
	case r.method == "POST":
		c.camera.mu.Lock()
		out := c.camera.tunnels[cookie]
		c.camera.mu.Unlock()
		if out == nil {
			return false
		}
		c.out, c.tunnelled = out, true
		c.in = bufio.NewReader(&decoder{in: c.in})
		return true
	}
	io.WriteString(c.out, "HTTP/1.0 405 Method Not Allowed\r\n\r\n")
	return false
}

// decoder undoes base64 of one request after the other, each of which may be padded.
type decoder struct {
	in   io.Reader
	text []byte
}

func (d *decoder) Read(b []byte) (int, error) {
	var chunk [1024]byte
	for len(d.text) < 4 {
		n, err := d.in.Read(chunk[:min(len(chunk), len(b))])
		if err != nil {
			return 0, err
		}
		for _, ch := range chunk[:n] {
			if !strings.ContainsRune("\r\n ", rune(ch)) {
				d.text = append(d.text, ch)
			}
		}
	}
	total := 0
	for len(d.text) >= 4 && total+3 <= len(b) {
		n, err := base64.StdEncoding.Decode(b[total:], d.text[:4])
		if err != nil {
			return total, err
		}
		total, d.text = total+n, d.text[4:]
	}
	return total, nil
}
