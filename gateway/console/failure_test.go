package console_test

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
)

// elsewhere is where the camera of movedCamera sends whoever asks.
const elsewhere = "rtsp://192.0.2.7:554/live?token=abc123"

// movedCamera answers each DESCRIBE with a redirect to another host.
func movedCamera(t *testing.T) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			serving.Go(func() { defer conn.Close(); redirect(conn) })
		}
	})
	t.Cleanup(func() { l.Close(); serving.Wait() })
	return "rtsp://" + l.Addr().String() + "/live"
}

func redirect(conn net.Conn) {
	lines := bufio.NewScanner(conn)
	method, cseq := "", ""
	for lines.Scan() {
		switch line := strings.TrimSpace(lines.Text()); {
		case strings.HasSuffix(line, "RTSP/1.0"):
			method, _, _ = strings.Cut(line, " ")
		case strings.HasPrefix(strings.ToLower(line), "cseq:"):
			cseq = strings.TrimSpace(line[len("cseq:"):])
		case line == "" && method == "DESCRIBE":
			fmt.Fprintf(conn, "RTSP/1.0 302 Moved Temporarily\r\nCSeq: %s\r\nLocation: %s\r\n\r\n", cseq, elsewhere)
		case line == "":
			fmt.Fprintf(conn, "RTSP/1.0 200 OK\r\nCSeq: %s\r\nPublic: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n\r\n", cseq)
		}
	}
}

// A manager reads where a camera went, in full, and takes that address by one press.
func TestCameraThatMoved(t *testing.T) {
	for _, c := range oneOf(t, []struct {
		lang, says    string
		width, height int64
	}{{"en", "names another address", 1280, 900}, {"zh-CN", "改用该地址", 360, 740}}) {
		t.Run(c.lang, func(t *testing.T) {
			b := openBrowser(t, c.width, c.height)
			s := walkthrough{b, mouse{browser: b}, startGateway(t), c.lang, false}
			s.setUp()
			s.open(s.url + "/cameras/new")
			s.waitFor("#url")
			s.userInput.write("#url", movedCamera(t))
			s.userInput.press("#test")
			s.waitFor("#moved-use")
			s.page("a camera that moved")
			s.shoot(c.lang + "-camera-moved")
			var said string
			s.js("document.querySelector('#failed').innerText", &said)
			if !strings.Contains(said, c.says) || !strings.Contains(said, elsewhere) {
				t.Errorf("the page says %q", said)
			}
			s.userInput.press("#moved-use")
			s.wait("the address is taken", fmt.Sprintf("document.querySelector('#url').value === %s", quoted(elsewhere)))
		})
	}
}

// What only a person can decide is asked where it is the reason, and nowhere else.
func TestDecisionsFitTheReason(t *testing.T) {
	s, b := startGateway(t), openBrowser(t, 1440, 900)
	b.open(s.url + "/?lang=en")
	for reason, want := range map[string]string{
		"basic_only": "basic", "tls": "pin", "moved": "moved", "timeout": "", "unauthorized": "", "unsupported_size": "",
	} {
		var asked string
		b.js(fmt.Sprintf(`import('/static/failure.js').then(m => {
			const note = m.failure({reason: %[1]q, message: 'said', location: %[1]q === 'moved' ? 'rtsp://h/x' : undefined},
				{basic: m.basicBox, pin: () => Object.assign(document.createElement('b'), {id: 'pin-next'}), use: () => {}});
			return [['#basic-login', 'basic'], ['#pin-next', 'pin'], ['#moved-use', 'moved']].filter(one => note.querySelector(one[0])).map(one => one[1]).join();
		})`, reason), &asked)
		if asked != want {
			t.Errorf("%s asks %q, want %q", reason, asked, want)
		}
	}
}
