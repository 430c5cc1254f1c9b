package wire

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

// everything reads until the end and writes what came in short.
func everything(r *reader) (string, error) {
	var out []string
	for {
		frame, m, err := r.next()
		switch {
		case err != nil:
			return strings.Join(out, " "), err
		case frame != nil:
			out = append(out, fmt.Sprintf("$%d:%d", frame[1], len(frame)-4))
		case m.status != 0:
			out = append(out, fmt.Sprintf("%d:%d", m.status, len(m.body)))
		default:
			out = append(out, m.method)
		}
	}
}

const answerOK = "RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n"

// packet is a frame of channel 0 that looks like RTP.
func packet(n int) string {
	return "$\x00\x00" + string(rune(n)) + "\x80" + strings.Repeat("\xaa", n-1)
}

func TestReader(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"answer":                      {answerOK, "200:0"},
		"no phrase":                   {"RTSP/1.0 200\r\n\r\nRTSP/1.0 200 \r\n\r\n", "200:0 200:0"},
		"line feeds alone":            {"RTSP/1.0 200 OK\nCSeq: 1\n\n" + answerOK, "200:0 200:0"},
		"another version":             {"RTSP/2.0 200 OK\r\n\r\n", "200:0"},
		"lines between":               {"\r\n\r\n" + answerOK + "\r\n\r\n" + answerOK, "200:0 200:0"},
		"odd header lines":            {"RTSP/1.0 200 OK\r\nno colon\r\n: no name\r\nA :b\r\n\r\n", "200:0"},
		"body":                        {"RTSP/1.0 200 OK\r\ncontent-length : 5\r\n\r\nv=0\r\n" + answerOK, "200:5 200:0"},
		"body longer than it says":    {"RTSP/1.0 200 OK\r\nContent-Type: application/sdp\r\nContent-Length: 5\r\n\r\nv=0\r\ns=x\r\nm=video\r\n" + answerOK, "200:17 200:0"},
		"request":                     {"OPTIONS rtsp://x/ RTSP/1.0\r\nCSeq: 1\r\n\r\nANNOUNCE rtsp://x RTSP/1.0\r\nContent-Length: 2\r\n\r\nv=" + answerOK, "OPTIONS ANNOUNCE 200:0"},
		"frames":                      {answerOK + packet(5) + "$\x07\x00\x02zz" + packet(9), "200:0 $0:5 $7:2 $0:9"},
		"garbage between frames":      {answerOK + packet(5) + "junk\x00$$RTSP" + packet(9) + answerOK, "200:0 $0:5 $0:9 200:0"},
		"a frame cut short":           {answerOK + packet(5) + packet(9)[:7] + packet(8) + packet(6), "200:0 $0:5 $0:9 $0:6"},
		"no RTP in the video's frame": {answerOK + "$\x00\x00\x04abcd" + packet(6), "200:0 $0:6"},
		"what looks like a request":   {answerOK + "OPTIONS are many\r\n" + answerOK, "200:0 200:0"},
		"a status that is none":       {answerOK + "RTSP/1.0 000\r\n" + answerOK, "200:0 200:0"},
		"an answer that is none":      {answerOK + "RTSP/1.0 abc\r\n" + answerOK, "200:0 200:0"},
		"the empty frame":             {answerOK + "$\x00\x00\x00" + packet(6), "200:0 $0:0 $0:6"},
	} {
		r := newReader(strings.NewReader(c.in))
		r.video = 0
		got, err := everything(r)
		if got != c.want {
			t.Errorf("%s: %s (%v), expected %s", name, got, err, c.want)
		}
		if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReaderKnowsOtherProtocols(t *testing.T) {
	for in, line := range map[string]string{
		"HTTP/1.1 400 Bad Request\r\n\r\n": "HTTP/1.1 400 Bad Request",
		"SSH-2.0-dropbear\r\n":             "SSH-2.0-dropbear",
		"\r\n220 ftp\r\n":                  "220 ftp",
		"\x15\x03\x01\x00\x02\x02\x16":     "",
	} {
		_, err := everything(newReader(strings.NewReader(in)))
		var other *NotRTSPError
		if !errors.As(err, &other) || line != "" && other.Line != line || strings.ContainsAny(err.Error(), "\x15\r\n") {
			t.Errorf("%q: %v", in, err)
		}
	}
}

// FuzzReader: no bytes bring it down or keep it from its end, and no more comes out than went in.
func FuzzReader(f *testing.F) {
	f.Add([]byte(answerOK + packet(5) + "junk" + packet(9)))
	f.Add([]byte("RTSP/1.0 200\nContent-Length: 3\nContent-Type: application/sdp\n\nv=0\na=b\n$\x00\x00\x00$"))
	f.Add([]byte("ANNOUNCE rtsp://x RTSP/1.0\r\nContent-Length: 99999999999\r\n\r\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		r, got := newReader(bytes.NewReader(in)), 0
		for {
			frame, m, err := r.next()
			if err != nil {
				return
			}
			got += len(frame)
			if m != nil {
				got += len(m.body)
				if m.status == 0 && m.method == "" || m.status != 0 && (m.status < 0 || m.status > 999) {
					t.Fatalf("%+v", m)
				}
			} else {
				r.video = int(frame[1])
			}
			if got > len(in)+len(in) {
				t.Fatalf("%d bytes of %d", got, len(in))
			}
		}
	})
}
