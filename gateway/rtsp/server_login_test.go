package rtsp

import (
	"bufio"
	"fmt"
	"net"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bluenviron/gortsplib/v4/pkg/auth"
	"github.com/bluenviron/gortsplib/v4/pkg/base"
)

// rawViewer writes requests by hand.
type rawViewer struct {
	t       *testing.T
	c       net.Conn
	br      *bufio.Reader
	url     string
	session string
	last    base.Response
	cseq    int
}

func rawDial(t *testing.T, s *Server, path string) *rawViewer {
	t.Helper()
	c, err := net.Dial("tcp", s.Addrs().RTSP)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return &rawViewer{t: t, c: c, url: urlOf(s, path)}
}

// ask sends one request and returns the answer's code, 0 for a closed connection.
func (r *rawViewer) ask(method, control string, header ...string) int {
	r.t.Helper()
	if r.br == nil {
		r.br = bufio.NewReader(r.c)
	}
	r.cseq++
	if r.session != "" {
		header = append(header, "Session: "+r.session)
	}
	header = append(header, fmt.Sprintf("CSeq: %d", r.cseq))
	_ = r.c.SetDeadline(time.Now().Add(patience))
	_, err := fmt.Fprintf(r.c, "%s %s%s RTSP/1.0\r\n%s\r\n\r\n", method, r.url, control, strings.Join(header, "\r\n"))
	if err != nil {
		return 0
	}
	r.last = base.Response{}
	if err := r.last.Unmarshal(r.br); err != nil {
		return 0
	}
	if id := r.last.Header["Session"]; len(id) == 1 {
		r.session, _, _ = strings.Cut(id[0], ";")
	}
	return int(r.last.StatusCode)
}

// login is the Authorization for the last challenge.
func (r *rawViewer) login(method, control, user, pass string) string {
	r.t.Helper()
	sender := auth.Sender{WWWAuth: r.last.Header["WWW-Authenticate"], User: user, Pass: pass}
	if err := sender.Initialize(); err != nil {
		r.t.Fatalf("no challenge: %v", r.last)
	}
	u, err := base.ParseURL(r.url + control)
	if err != nil {
		r.t.Fatal(err)
	}
	req := &base.Request{Method: base.Method(method), URL: u}
	sender.AddAuthorization(req)
	return "Authorization: " + req.Header["Authorization"][0]
}

func TestLogin(t *testing.T) {
	t.Parallel()
	s := startServer(t, nil)
	feed(t, s, "lobby", clipOf(t, "160x120", 10))
	const tcp = "Transport: RTP/AVP/TCP;unicast;interleaved=0-1"
	basic := "Authorization: Basic dmlld2VyOmNvcnJlY3QgaG9yc2U=" // the right ones
	t.Run("nothing works without", func(t *testing.T) {
		r := rawDial(t, s, "lobby")
		for _, m := range []string{"DESCRIBE", "SETUP", "PLAY", "GET_PARAMETER", "TEARDOWN", "ANNOUNCE", "RECORD", "PAUSE"} {
			if got := r.ask(m, "", tcp); got != 401 || r.session != "" {
				t.Errorf("%s: %d, session %q", m, got, r.session)
			}
		}
		if got := r.ask("OPTIONS", ""); got != 200 {
			t.Errorf("OPTIONS: %d", got)
		}
	})
	t.Run("paths stay hidden", func(t *testing.T) {
		if got := rawDial(t, s, "nowhere").ask("DESCRIBE", ""); got != 401 {
			t.Errorf("unknown path: %d", got)
		}
	})
	t.Run("basic is no login", func(t *testing.T) {
		r := rawDial(t, s, "lobby")
		if got := r.ask("SETUP", "/trackID=0", tcp, basic); got != 401 {
			t.Errorf("%d", got)
		}
		if s.Stats().LoginsFailed != 0 {
			t.Error("it counts as failed")
		}
		if got := r.ask("SETUP", "/trackID=0", tcp, r.login("SETUP", "/trackID=0", testUser, testPass)); got != 200 {
			t.Errorf("digest on the same connection: %d", got)
		}
	})
	t.Run("old nonce asks again", func(t *testing.T) {
		r, other := rawDial(t, s, "lobby"), rawDial(t, s, "lobby")
		other.ask("DESCRIBE", "")
		if got := r.ask("DESCRIBE", "", other.login("DESCRIBE", "", testUser, testPass)); got != 401 {
			t.Errorf("%d", got)
		}
		if got := r.ask("DESCRIBE", "", r.login("DESCRIBE", "", testUser, testPass)); got != 200 {
			t.Errorf("with the new nonce: %d", got)
		}
	})
}

func TestWrongLogin(t *testing.T) {
	t.Parallel()
	s := startServer(t, nil)
	publish(t, s, "lobby", PathHooks{})
	tries := [][2]string{{testUser, "wrong"}, {"wrong", testPass}, {testUser, ""}}
	var wg sync.WaitGroup
	for _, try := range tries {
		r := rawDial(t, s, "lobby")
		r.ask("DESCRIBE", "")
		login := r.login("DESCRIBE", "", try[0], try[1])
		wg.Go(func() {
			begin := time.Now()
			if got := r.ask("DESCRIBE", "", login); got != 401 {
				t.Errorf("%v: %d", try, got)
			}
			if d := time.Since(begin); d < loginDelay {
				t.Errorf("%v: answered after %v", try, d)
			}
			for got := 401; got != 0; {
				if got = r.ask("OPTIONS", ""); got != 0 && got != 401 {
					t.Errorf("%v: the connection goes on: %d", try, got)
					return
				}
			}
		})
	}
	wg.Wait()
	if got := s.Stats().LoginsFailed; got != uint64(len(tries)) {
		t.Errorf("counted %d", got)
	}
	eventually(t, "connections are gone", func() bool { return s.Stats().Conns == 0 })
}

func TestWrongLoginFFmpeg(t *testing.T) {
	t.Parallel()
	need(t, "ffmpeg")
	s := startServer(t, nil)
	publish(t, s, "lobby", PathHooks{})
	url := strings.Replace(withLogin(s, "lobby"), testUser+":", testUser+":not-", 1)
	out, err := exec.Command("ffmpeg", "-v", "error", "-rtsp_transport", "tcp", "-i", url, "-f", "null", "-").CombinedOutput()
	if err == nil || !strings.Contains(string(out), "401") {
		t.Errorf("%v: %s", err, out)
	}
}

func TestAnonymous(t *testing.T) {
	t.Parallel()
	clip := clipOf(t, "160x120", 10)
	s := startServer(t, func(c *ServerConfig) { c.Anonymous, c.Logins = true, nil })
	feed(t, s, "lobby", clip)
	w, err := connect(t, urlOf(s, "lobby"), nil)
	if err == nil {
		err = w.play()
	}
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "a frame", func() bool { return len(w.got()) > 0 })
	if got := rawDial(t, s, "nowhere").ask("DESCRIBE", ""); got != 404 {
		t.Errorf("unknown path: %d", got)
	}
}

// A host name in a request must not make the server ask the DNS.
func TestTame(t *testing.T) {
	req := &base.Request{Header: base.Header{
		"User-Agent": {"GStreamer/1.22"},
		"Transport":  {"RTP/AVP,source=evil.example;source=evil.example;unicast"},
	}}
	tame(req)
	if got := req.Header["Transport"][0]; strings.Contains(got, "source=") {
		t.Error(got)
	}
	if len(req.Header["User-Agent"]) != 0 {
		t.Error("User-Agent stays")
	}
}
