package ports

import (
	"errors"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/bauta-gateway/bauta/config/text"
)

// taken holds a TCP port until the test ends.
func taken(t *testing.T) (addr string, port int) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l.Addr().String(), l.Addr().(*net.TCPAddr).Port
}

func TestBusyPortIsNamedWithItsOwner(t *testing.T) {
	addr, port := taken(t)
	l, err := TCP(Want{Addr: addr, Setting: "rtsp.address"})
	if err == nil {
		l.Close()
		t.Fatal("opened a port that is in use")
	}
	if !errors.Is(err, syscall.EADDRINUSE) {
		t.Errorf("%v is not EADDRINUSE", err)
	}
	for _, lang := range text.Langs {
		text := text.Explain(lang, err)
		for _, word := range []string{strconv.Itoa(port), strconv.Itoa(os.Getpid()), "ports.test", "rtsp.address", "--free-ports"} {
			if !strings.Contains(text, word) {
				t.Errorf("%s: %q is missing in %q", lang, word, text)
			}
		}
	}
}

func TestNextFreePort(t *testing.T) {
	addr, port := taken(t)
	for range 2 { // the second one finds the first one's port taken, too
		l, err := TCP(Want{Addr: addr, Next: true})
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		if got := l.Addr().(*net.TCPAddr); got.Port <= port || got.Port > port+tries || !got.IP.IsLoopback() {
			t.Errorf("%v after port %d", got, port)
		}
	}
}

// Only a port in use is a reason to search further.
func TestOtherErrorsStay(t *testing.T) {
	if l, err := TCP(Want{Addr: "192.0.2.1:18000", Next: true}); !errors.Is(err, syscall.EADDRNOTAVAIL) {
		t.Errorf("%v, %v", l, err)
	}
	if _, err := TCP(Want{Addr: "127.0.0.1:65536", Next: true}); err == nil {
		t.Error("no such port")
	}
}

func closePair(pair [2]*net.UDPConn) {
	for _, c := range pair {
		c.Close()
	}
}

func portsOf(pair [2]*net.UDPConn) (rtp, rtcp int) {
	return pair[0].LocalAddr().(*net.UDPAddr).Port, pair[1].LocalAddr().(*net.UDPAddr).Port
}

// The pair moves as a whole, whichever of the two is taken, and stays even.
func TestUDPPairMoves(t *testing.T) {
	for which := range 2 {
		free, err := UDPPair(Want{Addr: "127.0.0.1:0"})
		if err != nil {
			t.Fatal(err)
		}
		rtp, rtcp := portsOf(free)
		if rtp%2 != 0 || rtcp != rtp+1 {
			t.Fatalf("pair %d, %d", rtp, rtcp)
		}
		free[1-which].Close()
		addr := net.JoinHostPort("127.0.0.1", strconv.Itoa(rtp))
		if pair, err := UDPPair(Want{Addr: addr, Setting: "rtsp.udp_address"}); err == nil || !strings.Contains(err.Error(), strconv.Itoa(rtp+which)) {
			t.Errorf("%v, %v", pair, err)
		}
		pair, err := UDPPair(Want{Addr: addr, Next: true})
		if err != nil {
			t.Fatal(err)
		}
		if a, b := portsOf(pair); a <= rtp || a%2 != 0 || b != a+1 {
			t.Errorf("pair %d, %d after %d", a, b, rtp)
		}
		closePair(pair)
		free[which].Close()
	}
}

// Where the owner cannot be seen, the text says how to find out.
func TestUnknownOwner(t *testing.T) {
	for _, port := range []int{8554, 12345} {
		for _, lang := range text.Langs {
			if text := (Holder{Port: port}).In(lang); !strings.Contains(text, "ss -lntup 'sport = :"+strconv.Itoa(port)+"'") {
				t.Errorf("%s: %q", lang, text)
			}
		}
	}
}
