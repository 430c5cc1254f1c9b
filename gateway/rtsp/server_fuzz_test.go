package rtsp

import (
	"io"
	"log/slog"
	"net"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/hardware/media"
)

func FuzzStreamOf(f *testing.F) {
	for _, s := range []string{"/lobby", "/lobby/", "//", "", "/a/b", "/%2e", "/大厅", "/lobby/sub", "/sub/sub/", "/lobby/sub/sub"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, path string) {
		id, err := streamOf(path)
		if err != nil {
			return
		}
		if again, err := media.ParseStreamID(id.String()); err != nil || again != id {
			t.Errorf("%q gave %q: %v", path, id, err)
		}
	})
}

// Whatever an outsider writes, the server stays up and lets go of him.
func FuzzRequests(f *testing.F) {
	s := NewServer(ServerConfig{
		Addr: "127.0.0.1:0", UDP: true, RTPAddr: "127.0.0.1:0", Anonymous: true,
	}, slog.New(slog.DiscardHandler))
	if err := s.Start(); err != nil {
		f.Fatal(err)
	}
	f.Cleanup(s.Close)
	p, err := s.Publish(media.StreamID{Camera: "lobby"}, PathHooks{})
	if err != nil {
		f.Fatal(err)
	}
	p.Write(media.VouchSlate([][]byte{{0x67, 1, 2, 3}, {0x68, 1}, {0x65, 1}}, true, 0, time.Now()))
	const url = "rtsp://127.0.0.1/lobby"
	const setup = "SETUP " + url + "/trackID=0 RTSP/1.0\r\nCSeq: 1\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n\r\n"
	for _, seed := range []string{
		"OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n",
		"DESCRIBE " + url + "?a=b RTSP/1.0\r\nCSeq: 1\r\nAuthorization: Digest username=\"u\", realm=\"bauta\"\r\n\r\n",
		setup + "PLAY " + url + "/ RTSP/1.0\r\nCSeq: 2\r\n\r\n$\x01\x00\x04\x80\xc9\x00\x01TEARDOWN " + url + " RTSP/1.0\r\nCSeq: 3\r\n\r\n",
		"GET /lobby HTTP/1.0\r\nx-sessioncookie: a\r\n\r\n",
		"POST /lobby HTTP/1.0\r\nx-sessioncookie: a\r\nContent-Length: 32767\r\n\r\nT1BUSU9OUw==",
		setup + setup + "GET_PARAMETER " + url + " RTSP/1.0\r\nCSeq: 2\r\nSession: x\r\nContent-Length: 2\r\n\r\nab",
		"SETUP " + url + "/trackID=0 RTSP/1.0\r\nCSeq: 1\r\nTransport: RTP/AVP;client_port=1-2,RTP/SAVP;source=x\r\nKeyMgmt: prot=mikey\r\n\r\n",
		"ANNOUNCE " + url + " RTSP/1.0\r\nCSeq: 1\r\n\r\nRECORD " + url + " RTSP/1.0\r\nCSeq: 2\r\n\r\nPAUSE " + url + " RTSP/1.0\r\nCSeq: 3\r\n\r\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := net.Dial("tcp", s.Addrs().RTSP)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		_ = c.SetDeadline(time.Now().Add(patience))
		_, _ = c.Write(b)
		_ = c.(*net.TCPConn).CloseWrite()
		_, err = io.Copy(io.Discard, c)
		if slow, ok := err.(net.Error); ok && slow.Timeout() {
			t.Fatal(err) // a reset is fine
		}
	})
}
