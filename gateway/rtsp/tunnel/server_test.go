package tunnel

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/bauta-gateway/bauta/gateway/connlimit"
)

const patience = 20 * time.Second

// taker is a Server behind a listener with limits; what it passes on is echoed, with the
// kind of the connection before it.
type taker struct {
	addr    string
	server  *Server
	limiter *connlimit.Limiter

	mu     sync.Mutex
	passed []net.Conn
}

func take(t testing.TB, limits connlimit.Limits) *taker {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	k := &taker{addr: ln.Addr().String(), limiter: connlimit.New(limits)}
	var all sync.WaitGroup
	k.server = NewServer(func(c net.Conn) {
		k.mu.Lock()
		k.passed = append(k.passed, c)
		k.mu.Unlock()
		all.Go(func() { echo(c) })
	})
	limited := k.limiter.Listen(ln)
	all.Go(func() {
		for {
			c, err := limited.Accept()
			if err != nil {
				return
			}
			g := connlimit.Find(c)
			all.Go(func() { k.server.Serve(Peer{Conn: c, Place: g, Source: g.Source()}) })
		}
	})
	t.Cleanup(func() {
		ln.Close()
		k.server.Close()
		for _, c := range k.all() {
			c.Close()
		}
		all.Wait()
	})
	return k
}

func echo(c net.Conn) {
	defer c.Close()
	kind := "plain"
	if _, ok := c.(*Tunnel); ok {
		kind = "tunnel"
	}
	buf := make([]byte, 4<<10)
	for {
		n, err := c.Read(buf)
		if n > 0 {
			fmt.Fprintf(c, "%s:%s", kind, buf[:n])
		}
		if err != nil {
			return
		}
	}
}

func (k *taker) all() []net.Conn {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Clone(k.passed)
}

// dial sends a text and reads from then on.
func (k *taker) dial(t testing.TB, text string) (net.Conn, *bufio.Reader) {
	t.Helper()
	c, err := net.Dial("tcp", k.addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(patience))
	if _, err := io.WriteString(c, text); err != nil {
		t.Fatal(err)
	}
	return c, bufio.NewReader(c)
}

// opens a GET and returns what is read behind its answer.
func (k *taker) opens(t testing.TB, cookie string) (net.Conn, *bufio.Reader) {
	t.Helper()
	c, r := k.dial(t, "GET /lobby HTTP/1.0\r\nx-sessioncookie: "+cookie+"\r\nAccept: "+contentType+"\r\n\r\n")
	if got := status(t, r); got != http.StatusOK {
		t.Fatalf("GET: %d", got)
	}
	return c, r
}

func post(cookie, length, body string) string {
	return "POST /lobby HTTP/1.0\r\nx-sessioncookie: " + cookie + "\r\nContent-Type: " + contentType + "\r\nContent-Length: " + length + "\r\n\r\n" + body
}

func status(t testing.TB, r *bufio.Reader) int {
	t.Helper()
	res, err := http.ReadResponse(r, nil)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode
}

func expect(t *testing.T, r io.Reader, want string) {
	t.Helper()
	got := make([]byte, len(want))
	if n, err := io.ReadFull(r, got); err != nil || string(got) != want {
		t.Fatalf("%q, %v; want %q", got[:n], err, want)
	}
}

// ends waits until the other side has closed a connection.
func ends(t *testing.T, what string, r io.Reader) {
	t.Helper()
	_, err := io.Copy(io.Discard, r)
	if slow, ok := err.(net.Error); ok && slow.Timeout() {
		t.Errorf("%s goes on", what)
	}
}

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

// What a camera's client of ours writes comes out, whatever is declared and however it is cut.
func TestServed(t *testing.T) {
	t.Parallel()
	k := take(t, connlimit.Limits{Total: 100})
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	conn, err := Open(ctx, Config{
		Dial: func(ctx context.Context) (net.Conn, error) { return new(net.Dialer).DialContext(ctx, "tcp", k.addr) },
		Host: k.addr, Path: "/lobby", Timeout: patience,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for _, text := range []string{"OPTIONS", strings.Repeat("x", 700), "y"} {
		if _, err := conn.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		expect(t, conn, "tunnel:"+text)
	}
	for i, length := range []string{"0", "1", "32767", "2147483647", "9223372036854775807"} {
		cookie := fmt.Sprint("length-", i)
		_, r := k.opens(t, cookie)
		k.dial(t, post(cookie, length, b64("one")))
		expect(t, r, "tunnel:one")
	}
}

// A connection that speaks RTSP loses nothing, and waits for nothing.
func TestPlainIsPassedOn(t *testing.T) {
	t.Parallel()
	k := take(t, connlimit.Limits{Total: 100})
	for _, text := range []string{"OPTIONS * RTSP/1.0\r\n\r\n", "GET_PARAMETER x", "POSTPONE", "\r\n", "G\r", "x", strings.Repeat("z", 3000)} {
		_, r := k.dial(t, text)
		expect(t, r, "plain:"+text)
	}
	c, r := k.dial(t, "G")
	time.Sleep(20 * time.Millisecond)
	io.WriteString(c, "ET_")
	expect(t, r, "plain:GET_")
	for _, c := range k.all() {
		if connlimit.Find(c) == nil {
			t.Error("the limits do not know it any more")
		}
	}
}

func TestCutAnywhere(t *testing.T) {
	t.Parallel()
	k := take(t, connlimit.Limits{Total: 100})
	_, r := k.opens(t, "cut")
	c, _ := k.dial(t, post("cut", "32767", ""))
	for _, part := range []string{"T1", "BU", "\r\n", "S", "U9", "\n", "OUw=", "="} {
		io.WriteString(c, part)
		time.Sleep(10 * time.Millisecond)
	}
	for _, want := range []string{"tunnel:OPT", "tunnel:ION", "tunnel:S"} {
		expect(t, r, want)
	}
}

// Players close the POST and open another one; the newest counts.
func TestPostIsReplaced(t *testing.T) {
	t.Parallel()
	k := take(t, connlimit.Limits{Total: 100})
	_, r := k.opens(t, "c")
	first, _ := k.dial(t, post("c", "9", b64("one")))
	expect(t, r, "tunnel:one")
	first.Close()
	second, fromSecond := k.dial(t, post("c", "9", b64("two")+"QU")) // the half of a group is forgotten
	expect(t, r, "tunnel:two")
	third, _ := k.dial(t, post("c", "9", b64("three3")))
	expect(t, r, "tunnel:three3")
	ends(t, "the POST before", fromSecond)
	io.WriteString(second, b64("four"))
	io.WriteString(third, b64("fiv"))
	expect(t, r, "tunnel:fiv")
}

func TestRefusedTunnels(t *testing.T) {
	t.Parallel()
	k := take(t, connlimit.Limits{Total: 100})
	k.opens(t, "taken")
	for _, c := range []struct {
		name, request string
		want          int
	}{
		{"no cookie", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", 400},
		{"a long cookie", "GET / HTTP/1.1\r\nx-sessioncookie: " + strings.Repeat("x", maxCookie+1) + "\r\n\r\n", 400},
		{"a long head", "GET / HTTP/1.1\r\nx: " + strings.Repeat("x", maxAsk) + "\r\n\r\n", 400},
		{"no HTTP", "GET rubbish\r\n\r\n", 400},
		{"a body in chunks", "POST / HTTP/1.1\r\nHost: x\r\nx-sessioncookie: taken\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
		{"a second GET", "GET / HTTP/1.1\r\nHost: x\r\nx-sessioncookie: taken\r\n\r\n", 409},
		{"a POST of no GET", post("other", "9", ""), 404},
	} {
		_, r := k.dial(t, c.request)
		if got := status(t, r); got != c.want {
			t.Errorf("%s: %d", c.name, got)
		}
		ends(t, c.name, r)
	}
	_, r := k.opens(t, "rubbish")
	k.dial(t, post("rubbish", "9", "!!!!"))
	ends(t, "a tunnel with rubbish in it", r)
	_, r = k.opens(t, "talks")
	if got := len(k.all()); got != 3 {
		t.Errorf("%d connections were passed on", got)
	}
	// The halves are of one source.
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 9)}}
	c, err := d.Dial("tcp", k.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	io.WriteString(c, post("talks", "9", b64("theirs")))
	if got := status(t, bufio.NewReader(c)); got != http.StatusNotFound {
		t.Errorf("a POST from elsewhere: %d", got)
	}
	k.dial(t, post("talks", "9", b64("mine..")))
	expect(t, r, "tunnel:mine..")
}

// Halves that stay alone go by the limits, and so does a tunnel that is not put to use; one
// in use stays, with a POST that comes later too, until it is idle.
func TestPlacesOfATunnel(t *testing.T) {
	t.Parallel()
	const idle = 400 * time.Millisecond
	k := take(t, connlimit.Limits{Total: 100, IdleTime: idle})
	_, alone := k.opens(t, "alone")
	_, unused := k.opens(t, "unused")
	k.dial(t, post("unused", "9", ""))
	_, used := k.opens(t, "used")
	k.dial(t, post("used", "9", b64("one")))
	expect(t, used, "tunnel:one")
	tunnel := k.all()[2].(*Tunnel)
	if !tunnel.Busy() {
		t.Fatal("it is not to be used")
	}
	ends(t, "a half alone", alone)
	ends(t, "an unused tunnel", unused)
	if got := k.limiter.Stats().Open; got != 2 {
		t.Errorf("%d places are taken", got)
	}
	k.dial(t, post("used", "9", b64("two")))
	expect(t, used, "tunnel:two")
	time.Sleep(2 * idle)
	if got := k.limiter.Stats().Open; got != 2 {
		t.Errorf("%d places are taken by a tunnel with a new POST", got)
	}
	tunnel.Idle()
	ends(t, "a tunnel that is idle again", used)
	for end := time.Now().Add(patience); k.limiter.Stats().Open > 0; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("places stay taken")
		}
	}
	k.server.mu.Lock()
	defer k.server.mu.Unlock()
	if len(k.server.tunnels)+len(k.server.serving) > 0 {
		t.Errorf("%d tunnels, %d connections are remembered", len(k.server.tunnels), len(k.server.serving))
	}
}

func TestBusyNeedsBothPlaces(t *testing.T) {
	t.Parallel()
	k := take(t, connlimit.Limits{Total: 100, Busy: 3})
	for i, want := range []bool{true, false} {
		cookie := fmt.Sprint(i)
		_, r := k.opens(t, cookie)
		k.dial(t, post(cookie, "9", b64("one")))
		expect(t, r, "tunnel:one")
		if got := k.all()[i].(*Tunnel).Busy(); got != want {
			t.Errorf("tunnel %d of one source: %v", i, got)
		}
	}
}

// Close ends what waits for a word, a half or an end; what came by RTSP is not its own.
func TestServerCloses(t *testing.T) {
	t.Parallel()
	k := take(t, connlimit.Limits{Total: 100})
	_, silent := k.dial(t, "GE")
	_, half := k.opens(t, "half")
	_, whole := k.opens(t, "whole")
	k.dial(t, post("whole", "9", b64("one")))
	expect(t, whole, "tunnel:one")
	plain, fromPlain := k.dial(t, "x")
	expect(t, fromPlain, "plain:x")
	k.server.Close()
	ends(t, "half a word", silent)
	ends(t, "half a tunnel", half)
	ends(t, "a tunnel", whole)
	io.WriteString(plain, "y")
	expect(t, fromPlain, "plain:y")
	_, late := k.dial(t, "OPTIONS")
	ends(t, "one that comes later", late)
}

func TestDecoder(t *testing.T) {
	t.Parallel()
	want := "OPTIONS * RTSP/1.0\r\n\r\n"
	all := b64(want) + "\r\n" + b64("a") + b64("bc") + "\n \t" + b64("def")
	for _, from := range []io.Reader{strings.NewReader(all), iotest.OneByteReader(strings.NewReader(all)), iotest.HalfReader(strings.NewReader(all))} {
		var d decoder
		var got []byte
		buf := make([]byte, 7)
		for {
			n, err := from.Read(buf)
			var odd error
			if got, odd = d.decode(got, buf[:n]); odd != nil {
				t.Fatal(odd)
			}
			if err != nil {
				break
			}
		}
		if string(got) != want+"abcdef" {
			t.Errorf("%q", got)
		}
	}
	for _, s := range []string{"a===", "====", "ab=c", "a!bc", "\x00\x00\x00\x00", "-_-_"} {
		if _, err := new(decoder).decode(nil, []byte(s)); err == nil {
			t.Errorf("%q is taken", s)
		}
	}
}

// However a body is cut, the same comes out of it.
func FuzzDecoder(f *testing.F) {
	f.Add([]byte(b64("OPTIONS")+"\r\n"+b64("x")), 3)
	f.Add([]byte("ab=="), 1)
	f.Fuzz(func(t *testing.T, body []byte, size int) {
		size = max(1, size%64)
		whole, err := new(decoder).decode(nil, body)
		var d decoder
		var cut []byte
		var cutErr error
		for part := range slices.Chunk(body, size) {
			if cut, cutErr = d.decode(cut, part); cutErr != nil {
				break
			}
		}
		if (err == nil) != (cutErr == nil) || !bytes.Equal(whole, cut) {
			t.Errorf("%q, %v; in parts of %d %q, %v", whole, err, size, cut, cutErr)
		}
		if plain, odd := base64.StdEncoding.DecodeString(string(body)); odd == nil && (err != nil || !bytes.Equal(plain, whole)) {
			t.Errorf("%q, %v; plainly %q", whole, err, plain)
		}
	})
}

// Whatever somebody writes, it ends, and leaves nothing behind.
func FuzzServe(f *testing.F) {
	k := take(f, connlimit.Limits{Total: 100})
	f.Add([]byte("GET / HTTP/1.0\r\nx-sessioncookie: a\r\n\r\n"))
	f.Add([]byte(post("a", "32767", b64("OPTIONS"))))
	f.Add([]byte("OPTIONS * RTSP/1.0\r\n\r\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		open, err := net.Dial("tcp", k.addr)
		if err != nil {
			t.Fatal(err)
		}
		defer open.Close()
		io.WriteString(open, "GET / HTTP/1.0\r\nx-sessioncookie: a\r\n\r\n")
		c, err := net.Dial("tcp", k.addr)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		c.SetDeadline(time.Now().Add(patience))
		c.Write(b)
		c.(*net.TCPConn).CloseWrite()
		ends(t, fmt.Sprintf("%q", b), c)
	})
}
