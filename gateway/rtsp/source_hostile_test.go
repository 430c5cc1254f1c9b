package rtsp

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"log"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// listenHost serves each connection with a function and returns its address.
func listenHost(t *testing.T, serve func(net.Conn)) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				serve(c)
			}()
		}
	}()
	return ln.Addr().String()
}

// talkingHost answers every RTSP request with what answer returns: all after
// "RTSP/1.0 ". PLAY is answered after the early bytes.
func talkingHost(t *testing.T, early []byte, answer func(method, line string) string) string {
	t.Helper()
	return listenHost(t, func(c net.Conn) { talk(c, early, answer) })
}

func talk(c net.Conn, early []byte, answer func(method, line string) string) {
	r := bufio.NewReader(c)
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		cseq := ""
		for {
			h, err := r.ReadString('\n')
			if err != nil || strings.TrimSpace(h) == "" {
				break
			}
			if strings.HasPrefix(h, "CSeq") {
				cseq = h
			}
		}
		method, _, _ := strings.Cut(line, " ")
		if method == "PLAY" {
			c.Write(early)
		}
		status, rest, _ := strings.Cut(answer(method, strings.TrimSpace(line)), "\r\n")
		fmt.Fprintf(c, "RTSP/1.0 %s\r\n%s%s", status, cseq, rest)
	}
}

const sdpHead = "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"

func sdpAnswer(body string) string {
	return fmt.Sprintf("200 OK\r\nContent-Type: application/sdp\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
}

// Some cameras send access units before they answer PLAY. However many, the
// answer gets through, and what is shown begins with a keyframe and has no
// holes but before another one.
func TestSourceEarlyUnits(t *testing.T) {
	clip := makeCamClip(t, media.H264, 320, 184, 20)
	pack := clip.packets(t)
	for _, n := range []int{3, earlyUnits, 3 * earlyUnits} {
		var early []byte
		seq := uint16(0)
		for i := range n {
			unit := clip.units[i%20]
			if i%10 == 0 {
				unit = append(append([][]byte{}, clip.sets...), unit...)
			}
			for _, p := range pack(unit) {
				p.SequenceNumber, p.Timestamp = seq, uint32(i)*camInterval
				seq++
				b, err := p.Marshal()
				if err != nil {
					t.Fatal(err)
				}
				early = append(early, '$', 0, byte(len(b)>>8), byte(len(b)))
				early = append(early, b...)
			}
		}
		host := talkingHost(t, early, func(method, _ string) string {
			switch method {
			case "DESCRIBE":
				return sdpAnswer(sdpHead)
			case "SETUP":
				return "200 OK\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 1\r\n\r\n"
			}
			return "200 OK\r\nPublic: DESCRIBE, SETUP, PLAY\r\n\r\n"
		})
		sink, src, stop := readCamera(t, SourceConfig{URL: "rtsp://" + host + "/"}, nil)
		raws := sink.units(min(n, earlyUnits))
		checkUnits(t, clip, raws)
		if st := src.Stats(); n <= earlyUnits && st.Damaged > 0 || st.Connections != 1 {
			t.Errorf("%d early: %+v", n, st)
		}
		stop()
	}
}

// Nothing that a camera says brings the login to another host, the password
// into a text, or the process down. The library's own log stays empty too.
func TestSourceHostileCamera(t *testing.T) {
	var library bytes.Buffer
	defer log.SetOutput(log.Writer())
	log.SetOutput(&library)
	called := make(chan string, 100)
	other := strings.Replace(talkingHost(t, nil, func(_, line string) string { called <- line; return "404 Not Found\r\n\r\n" }), "127.0.0.1", "localhost", 1)
	for _, c := range []struct {
		name, describe, detail string
		reason                 Reason
	}{
		{"redirect", "302 Found\r\nLocation: rtsp://x:y@" + other + "/\r\n\r\n", "moved to rtsp://***@" + other, ReasonMoved},
		{"password in the status", "400 " + camPass + "\r\n\r\n", redacted, ReasonProtocol},
		{"password in the status, encoded", "400 p%40ss%2Fw%23rd%20100%25%3f%20%22x%22\r\n\r\n", redacted, ReasonProtocol},
		{"address with a login in the status", "400 rtsp://a:b@c/\r\n\r\n", "rtsp://***@c/", ReasonProtocol},
		{"control characters in the status", "400 a\x1b[31mb\r\n\r\n", "a [31mb", ReasonProtocol},
		{"malformed control", sdpAnswer(sdpHead + "a=control:%zz\r\n"), "malformed", ReasonProtocol},
		{"malformed global control", sdpAnswer("a=control:rtsp://" + camPass + "@%zz/\r\n" + sdpHead), "", ReasonProtocol},
		{"no SDP", sdpAnswer("hello"), "", ReasonNoVideo},
		{"another kind of text", "200 OK\r\nContent-Type: text/" + camPass + "\r\n\r\n", "no video", ReasonNoVideo},
	} {
		host := talkingHost(t, nil, func(method, _ string) string {
			if method == "DESCRIBE" {
				return c.describe
			}
			return "200 OK\r\nPublic: DESCRIBE, SETUP, PLAY\r\n\r\n"
		})
		cfg := SourceConfig{URL: "rtsp://" + host + "/", User: camUser, Password: camPass}
		sink, _, stop := readCamera(t, cfg, nil)
		if f := sink.fault(); f.Reason != c.reason || !strings.Contains(f.Detail, c.detail) {
			t.Errorf("%s: %+v", c.name, f)
		}
		stop()
		_, err := probe(context.Background(), cfg, camPace())
		if err == nil {
			t.Errorf("%s: probe passes", c.name)
			continue
		}
		noSecret(t, err.Error())
	}
	select {
	case line := <-called:
		t.Errorf("the other host was called: %s", line)
	default:
	}
	if library.Len() > 0 {
		t.Errorf("the library logs: %s", &library)
	}
}

// A host that takes connections and says nothing, in the clear or at the TLS
// handshake, costs a bounded time, and none once Run is to end.
func TestSourceSilentHost(t *testing.T) {
	for _, scheme := range []string{"rtsp", "rtsps", "rtsp+http"} {
		t.Run(scheme, func(t *testing.T) {
			t.Parallel()
			ln, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { ln.Close() }) // the backlog takes connections by itself
			address := scheme + "://" + ln.Addr().String() + "/"
			sink, _, _ := readCamera(t, SourceConfig{URL: address, InsecureTLS: true}, func(p *pace) { p.request, p.opening = time.Second, time.Second })
			if f := sink.fault(); f.Reason != ReasonTimeout {
				t.Errorf("state: %+v", f)
			}
			slow, _, stop := readCamera(t, SourceConfig{URL: address, InsecureTLS: true}, func(p *pace) { p.request, p.opening = time.Hour, time.Hour })
			stateOf(slow, Connecting)
			stop()
		})
	}
}
