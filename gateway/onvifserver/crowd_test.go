package onvifserver

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/faultlog"
)

// Three hundred idle connections of one address and fifty that send or take a byte now and then keep no recorder
// out, and end nobody's pull.
func TestCrowd(t *testing.T) {
	idle, slow, length := 300, 50, 2*time.Second
	if os.Getenv("BAUTA_LONG") != "" {
		length = time.Minute
	}
	d := start(t)
	at := d.pullPoint("/onvif/events_service", "recorder", recorderPassword, "")
	d.recorderPulls(at, "PT0S")
	pulled := make(chan []string, 1)
	go func() { pulled <- d.recorderPulls(at, "PT60S") }()
	eventually(t, "the pull", func() bool { return d.limiter.Stats().Open >= 1 })
	end := time.Now().Add(length)
	for i := range idle + slow {
		dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, byte(3+i%2))}}
		c, err := dialer.Dial("tcp", d.Addr())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if i >= idle {
			go trickle(c, end)
		}
	}
	var longest time.Duration
	for time.Now().Before(end) {
		began := time.Now()
		if got := d.statusOf(token("recorder", recorderPassword, freshNonce(), time.Now())); got != http.StatusOK {
			t.Fatalf("another recorder: %d", got)
		}
		longest = max(longest, time.Since(began))
		time.Sleep(20 * time.Millisecond)
	}
	d.protect("lobby", "offline")
	if got := <-pulled; len(got) != 2 {
		t.Errorf("the pull that waited got %q", got)
	}
	st := d.Stats()
	if st.Conns > MaxConnections || st.ConnsDropped == 0 {
		t.Errorf("%+v", st)
	}
	faultlog.Check(t, faultlog.Row{Topic: "viewer", Fault: "300 idle and 50 slow connections at the ONVIF door", Ends: "another recorder is answered, a pull that waits goes on", Bound: 2 * time.Second}, longest)
}

// trickle sends a request byte by byte.
func trickle(c net.Conn, end time.Time) {
	request := "POST " + theDevice + " HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n" + strings.Repeat(" ", 60000)
	for i := 0; time.Now().Before(end); i++ {
		if _, err := fmt.Fprint(c, request[i:i+1]); err != nil {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}
