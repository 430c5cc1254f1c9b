package oddcamera

import (
	"bytes"
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestShowsAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "clip.mp4")
	if out, err := exec.Command("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "color=red:size=160x96:rate=10", "-frames:v", "12", file).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	c := Start(t, Options{Clip: file, Width: 160, Height: 96, Seconds: 1})
	for codec, sets := range map[string]int{"plain": 2, "plain265": 3, "mjpeg": 0} {
		k, err := c.clipOf(c.modes[codec])
		if err != nil {
			t.Fatal(err)
		}
		if len(k.frames) != 10 || len(c.Sets(codec)) != sets || !k.frames[0].key || k.frames[1].key != (codec == "mjpeg") {
			t.Errorf("%s: %d frames, %d sets", codec, len(k.frames), len(k.sets))
		}
		if units := k.frames[3].units; !c.Sent(codec, units[len(units)-1]) || c.Sent(codec, []byte{0x65, 1, 2, 3}) {
			t.Errorf("%s: it does not know what it sent", codec)
		}
	}
}

// What is read in base64 comes out as it went in, wherever it is cut and padded.
func TestDecoder(t *testing.T) {
	in := "T1BUSU9OUw==UExBWQ==\r\nREVTQ1JJQkU="
	for size := 3; size < 12; size++ {
		d := &decoder{in: bytes.NewReader([]byte(in))}
		var out []byte
		for b := make([]byte, size); ; {
			n, err := d.Read(b)
			if out = append(out, b[:n]...); err != nil {
				break
			}
		}
		if string(out) != "OPTIONSPLAYDESCRIBE" {
			t.Errorf("in steps of %d: %q", size, out)
		}
	}
}

// Each answer of a mode that changes all of them is the odd one.
func TestAnswersAreOdd(t *testing.T) {
	c := Start(t, Options{})
	for mode, want := range map[string]string{
		"plain":             "RTSP/1.0 200 OK\r\nCSeq: 7\r\nPublic: ",
		"status-bare":       "RTSP/1.0 200\r\nCSeq: 7\r\n",
		"status-bare-blank": "RTSP/1.0 200 \r\nCSeq: 7\r\n",
		"lf-only":           "RTSP/1.0 200 OK\nCSeq: 7\n",
		"cseq-less":         "RTSP/1.0 200 OK\r\nCSeq: 6\r\n",
		"headers-doubled":   "RTSP/1.0 200 OK\r\nCSeq: 7\r\nCSeq: 7\r\n",
		"http-only":         "HTTP/1.0 501 Not Implemented\r\n",
		"options-501":       "RTSP/1.0 501 Not Implemented\r\n",
	} {
		if got := ask(t, c, "OPTIONS "+c.URL(mode)+" RTSP/1.0\r\nCSeq: 7\r\n\r\n"); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %q", mode, got)
		}
	}
	if got := ask(t, c, "DESCRIBE rtsp://127.0.0.1/nothing RTSP/1.0\r\nCSeq: 7\r\n\r\n"); !strings.HasPrefix(got, "RTSP/1.0 404 ") {
		t.Errorf("%q", got)
	}
}

func ask(t *testing.T, c *Camera, request string) string {
	t.Helper()
	conn, err := net.Dial("tcp", c.host())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := conn.Write([]byte(request)); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 4096)
	n, err := conn.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	return string(b[:n])
}
