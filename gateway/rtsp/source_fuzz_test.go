package rtsp

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// hostile is a camera over TCP that answers what the fuzzer wants: DESCRIBE,
// SETUP and, behind the answer to PLAY, a stream. Then it hangs up.
type hostile struct{ describe, setup, stream string }

func (h hostile) serve(c net.Conn) {
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(patience))
	for r := bufio.NewReader(c); ; {
		line, err := r.ReadString('\n')
		cseq := ""
		for err == nil {
			var head string
			if head, err = r.ReadString('\n'); strings.TrimSpace(head) == "" {
				break
			}
			if strings.HasPrefix(head, "CSeq") {
				cseq = head
			}
		}
		if err != nil {
			return
		}
		method, _, _ := strings.Cut(line, " ")
		answer := "200 OK\r\nPublic: DESCRIBE, SETUP, PLAY\r\n\r\n"
		switch method {
		case "DESCRIBE":
			answer = h.describe
		case "SETUP":
			answer = h.setup
		}
		status, rest, _ := strings.Cut(answer, "\r\n")
		if _, err := fmt.Fprintf(c, "RTSP/1.0 %s\r\n%s%s", status, cseq, rest); err != nil {
			return
		}
		if method == "PLAY" {
			_, _ = io.WriteString(c, h.stream)
			return
		}
	}
}

// interleaved puts a film's packets behind each other as they stand in the
// connection.
func interleaved(f *testing.F, clip camClip) string {
	f.Helper()
	var b strings.Builder
	pack, seq := clip.packets(f), uint16(0)
	for i, unit := range clip.units[:3] {
		if i == 0 {
			unit = append(append([][]byte{}, clip.sets...), unit...)
		}
		for _, p := range pack(unit) {
			p.SequenceNumber, p.Timestamp = seq, uint32(i)*camInterval
			seq++
			raw, err := p.Marshal()
			if err != nil {
				f.Fatal(err)
			}
			b.Write([]byte{'$', 0, byte(len(raw) >> 8), byte(len(raw))})
			b.Write(raw)
		}
	}
	return b.String()
}

// fuzzPace gives up soon: what does not come at once does not come at all.
func fuzzPace() pace {
	p := camPace()
	p.request, p.opening, p.stall, p.keyless = 100*time.Millisecond, time.Second, 100*time.Millisecond, 100*time.Millisecond
	return p
}

// Whatever a camera answers, the source gives only whole access units that
// begin with a keyframe, keeps the login to itself, and comes to an end.
func FuzzCamera(f *testing.F) {
	log.SetOutput(io.Discard)
	setup := "200 OK\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 1\r\n\r\n"
	for codec, lines := range map[media.Codec]string{
		media.H264:  "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1;sprop-parameter-sets=Z0LAHtkDxWhAAAADAEAAAAwDxYuS,aMuMsg==\r\na=control:trackID=0\r\n",
		media.H265:  "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H265/90000\r\n",
		media.MJPEG: "m=audio 0 RTP/AVP 0\r\nm=video 0 RTP/AVP 26\r\na=control:rtsp://127.0.0.1/x\r\n",
	} {
		sdp := sdpAnswer("v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n" + lines)
		f.Add(sdp, setup, interleaved(f, makeCamClip(f, codec, 64, 48, 10)))
	}
	good := sdpAnswer(sdpHead)
	f.Add("302 Found\r\nLocation: rtsp://127.0.0.1:9/\r\n\r\n", "", "")
	f.Add("401 Unauthorized\r\nWWW-Authenticate: Digest realm=\"x\", nonce=\"y\"\r\nWWW-Authenticate: Basic realm=\"x\"\r\n\r\n", "", "")
	f.Add("200 OK\r\nContent-Length: 99999999999\r\n\r\n", "", "")
	f.Add(good, "461 Unsupported Transport\r\n\r\n", "")
	f.Add(good, "200 OK\r\nTransport: RTP/AVP;unicast;client_port=1-2;server_port=3-4;ssrc=zz\r\nSession: 1;timeout=0\r\n\r\n", "")
	f.Add(good, setup, "$\x00\xff\xff$\x01\x00\x08\x80\xc8\x00\x01\x00\x00\x00\x00ANNOUNCE rtsp://x RTSP/1.0\r\nCSeq: 1\r\n\r\n$\x09\x00\x00")
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { ln.Close() })
	next := make(chan hostile, 1)
	go func() {
		var h hostile
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			select {
			case h = <-next:
			default: // another connection of the same try
			}
			go h.serve(c)
		}
	}()
	f.Fuzz(func(t *testing.T, describe, setup, stream string) {
		for len(next) > 0 {
			<-next
		}
		next <- hostile{describe, setup, stream}
		k := &camSink{t: t}
		s := NewSource(SourceConfig{ID: "lobby", URL: "rtsp://" + ln.Addr().String() + "/", User: camUser, Password: camPass, Transport: "tcp"}, k,
			slog.New(slog.NewTextHandler(k, &slog.HandlerOptions{Level: slog.LevelDebug})))
		s.pace = fuzzPace()
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		_, fault := s.connection(ctx)
		if errors.Is(ctx.Err(), context.DeadlineExceeded) || fault == nil {
			t.Fatalf("it does not end: %v", fault)
		}
		noSecret(t, fault.Detail+k.log.String())
		for i, r := range k.raws {
			if i == 0 && !r.Keyframe || len(r.NALUs) == 0 || r.Codec == media.UnknownCodec || r.Size() > len(stream)+len(describe) {
				t.Errorf("frame %d: %v, keyframe %v, %d bytes", i, r.Codec, r.Keyframe, r.Size())
			}
		}
	})
}
