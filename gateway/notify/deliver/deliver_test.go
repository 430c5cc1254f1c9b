package deliver

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/notify/mailtest"
)

func serverAt(s *mailtest.Server) Server {
	out := Server{Host: "127.0.0.1", Port: s.Port, Security: api.MailSecurity(s.Security), From: mailtest.Sender, Name: "Bauta", Roots: s.Roots}
	if s.Security != mailtest.Plain {
		out.User, out.Password = mailtest.User, mailtest.Password
	}
	return out
}

var letter = Mail{ID: "abc", To: "lee@example.test", Subject: "[Bauta] 幸福小区：摄像机离线：走廊 10 层（另有 19 项）", Body: "走廊 10 层，自 2026-11-30 21:40 起\n" + strings.Repeat("很长的一行", 300) + "\n.\n", Time: time.Now()}

// A mail arrives with its subject and its body in both languages, by STARTTLS and by TLS, with each of
// the two ways to log in.
func TestMailArrives(t *testing.T) {
	for _, o := range []mailtest.Options{{Security: mailtest.StartTLS}, {Security: mailtest.TLS}, {Security: mailtest.StartTLS, Login: true}, {Security: mailtest.TLS, Login: true}, {Security: mailtest.Plain}} {
		s := mailtest.Start(t, o)
		if err := serverAt(s).Send(t.Context(), letter); err != nil {
			t.Fatalf("%+v: %v (%v)", o, err, errors.Unwrap(err))
		}
		got := s.Mails()
		if len(got) != 1 || got[0].Subject != letter.Subject || strings.ReplaceAll(got[0].Body, "\r\n", "\n") != letter.Body || got[0].To != letter.To || got[0].ID != "<abc@example.test>" {
			t.Errorf("%+v: %+v", o, got)
		}
		for l := range strings.SplitSeq(got[0].Raw, "\n") {
			if len(l) > 990 {
				t.Errorf("a line of %d bytes", len(l))
			}
		}
	}
}

// Each way in which a mail fails has its reason, and no error repeats an address.
func TestWhyMailsFail(t *testing.T) {
	start, secure, plain, expired := mailtest.Start(t, mailtest.Options{Security: mailtest.StartTLS}), mailtest.Start(t, mailtest.Options{Security: mailtest.TLS}),
		mailtest.Start(t, mailtest.Options{Security: mailtest.Plain}), mailtest.Start(t, mailtest.Options{Security: mailtest.TLS, Expired: true})
	mute := listen(t, func(c net.Conn) { _, _ = io.Copy(io.Discard, c) })
	web := listen(t, func(c net.Conn) {
		_, _ = io.WriteString(c, "HTTP/1.1 400 Bad Request\r\n\r\n")
		_, _ = io.Copy(io.Discard, c)
	})
	closed := listen(t, func(c net.Conn) { c.Close() })
	for name, c := range map[string]struct {
		want api.NotifyReason
		edit func(s *Server, m *Mail)
		at   *mailtest.Server
	}{
		"a name that is none":      {api.NotifyHost, func(s *Server, _ *Mail) { s.Host = "mail.invalid" }, start},
		"nobody listens":           {api.NotifyRefused, func(s *Server, _ *Mail) { s.Port = 1 }, start},
		"nobody speaks":            {api.NotifyTimeout, func(s *Server, _ *Mail) { s.Port = mute }, start},
		"a web server":             {api.NotifyNoMail, func(s *Server, _ *Mail) { s.Port = web }, start},
		"it hangs up":              {api.NotifyBroken, func(s *Server, _ *Mail) { s.Port = closed }, start},
		"no STARTTLS there":        {api.NotifyNoStartTLS, func(s *Server, _ *Mail) { s.Security = api.MailStartTLS }, plain},
		"TLS where there is none":  {api.NotifyTLS, func(s *Server, _ *Mail) { s.Security = api.MailTLS }, plain},
		"nobody vouches for it":    {api.NotifyCertificate, func(s *Server, _ *Mail) { s.Roots = start.Roots }, secure},
		"an expired certificate":   {api.NotifyCertificate, func(*Server, *Mail) {}, expired},
		"another name on it":       {api.NotifyCertificate, func(s *Server, _ *Mail) { s.Host = "localhost" }, start},
		"a wrong password":         {api.NotifyLogin, func(s *Server, _ *Mail) { s.Password = "wrong" }, start},
		"a sender of another":      {api.NotifySender, func(s *Server, _ *Mail) { s.From = "me@elsewhere.test" }, start},
		"a recipient it knows not": {api.NotifyRecipient, func(_ *Server, m *Mail) { m.To = mailtest.Nobody }, start},
	} {
		t.Run(name, func(t *testing.T) {
			server, m := serverAt(c.at), letter
			c.edit(&server, &m)
			ctx, cancel := context.WithTimeout(t.Context(), 8*time.Second)
			defer cancel()
			if c.want == api.NotifyTimeout {
				ctx, cancel = context.WithTimeout(t.Context(), 500*time.Millisecond)
				defer cancel()
			}
			err := server.Send(ctx, m)
			if f := Explain(err); err == nil || f.Code != c.want {
				t.Errorf("%v, want %s: %v", err, c.want, errors.Unwrap(err))
			}
			if err != nil && strings.Contains(err.Error(), "@") {
				t.Errorf("an address in %q", err)
			}
		})
	}
}

// A login is not sent over a connection without encryption, whatever a server offers.
func TestNoPasswordInTheClear(t *testing.T) {
	s := mailtest.Start(t, mailtest.Options{Security: mailtest.Plain})
	server := serverAt(s)
	server.User, server.Password = mailtest.User, mailtest.Password
	if err := server.Send(t.Context(), letter); err != nil { // it sends without
		t.Fatal(err)
	}
	if len(s.Mails()) != 1 {
		t.Error("not arrived")
	}
}

func listen(t *testing.T, serve func(net.Conn)) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go serve(c)
		}
	}()
	return port(l.Addr())
}

func port(a net.Addr) int { return a.(*net.TCPAddr).Port }

// A webhook gets what was signed, and can prove it as docs/notify.md says.
func TestPostIsSigned(t *testing.T) {
	var header http.Header
	var body []byte
	web := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		header = r.Header
		body, _ = io.ReadAll(r.Body)
	}))
	defer web.Close()
	if err := (Address{URL: web.URL, Private: true}).Post(t.Context(), "id1", "secret", []byte(`{"a":1}`), time.Unix(1700000000, 0)); err != nil {
		t.Fatal(err)
	}
	at, signature, _ := strings.Cut(strings.TrimPrefix(header.Get(HeaderSignature), "t="), ",v1=")
	mac := hmac.New(sha256.New, []byte("secret"))
	mac.Write([]byte(at + "." + string(body)))
	if at != "1700000000" || signature != hex.EncodeToString(mac.Sum(nil)) || header.Get(HeaderID) != "id1" || string(body) != `{"a":1}` {
		t.Errorf("%v %s", header, body)
	}
}

// A webhook that fails says how; nobody is followed elsewhere, no answer is read for long.
func TestWhyPostsFail(t *testing.T) {
	asked := 0
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked++ }))
	defer elsewhere.Close()
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/redirect":
			http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
		case "/500":
			w.WriteHeader(http.StatusInternalServerError)
		case "/slow":
			<-r.Context().Done()
		case "/endless":
			for r.Context().Err() == nil {
				_, _ = w.Write(make([]byte, 1<<16))
			}
		}
	}))
	defer web.Close()
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	defer secure.Close()
	for name, c := range map[string]struct {
		url    string
		tick   bool
		want   api.NotifyReason
		status int
	}{
		"redirect":    {web.URL + "/redirect", true, api.NotifyRedirect, 307},
		"500":         {web.URL + "/500", true, api.NotifyStatus, 500},
		"slow":        {web.URL + "/slow", true, api.NotifyTimeout, 0},
		"not ticked":  {web.URL, false, api.NotifyPrivate, 0},
		"loopback":    {"https://" + secure.Listener.Addr().String(), false, api.NotifyPrivate, 0},
		"localhost":   {"https://localhost:1", false, api.NotifyPrivate, 0},
		"certificate": {secure.URL, true, api.NotifyCertificate, 0},
		"no address":  {"https://", true, api.NotifyAddress, 0},
		"a file":      {"file:///etc/passwd", true, api.NotifyAddress, 0},
		"nobody":      {"http://127.0.0.1:1", true, api.NotifyRefused, 0},
		"no name":     {"https://hook.invalid", false, api.NotifyHost, 0},
		"a login":     {"https://a:b@example.com", false, api.NotifyAddress, 0},
	} {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		err := Address{URL: c.url, Private: c.tick}.Post(ctx, "x", "s", nil, time.Now())
		cancel()
		if f := Explain(err); err == nil || f.Code != c.want || f.Status != c.status {
			t.Errorf("%s: %v %+v, want %s %d: %v", name, err, f, c.want, c.status, errors.Unwrap(err))
		}
	}
	if asked != 0 {
		t.Error("it was followed elsewhere")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if err := (Address{URL: web.URL + "/endless", Private: true}).Ping(ctx); err != nil || ctx.Err() != nil {
		t.Errorf("an answer without an end: %v", err)
	}
}

// A name that means a private address by the time of the connection is refused there, whatever it
// meant before: the connection looks at the address itself.
func TestRebinding(t *testing.T) {
	var hits, asked atomic.Int64
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hits.Add(1) }))
	defer inside.Close()
	d := dialer(false)
	d.Resolver = &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) { asked.Add(1); return rebind(t), nil }}
	client := &http.Client{Transport: &http.Transport{DialContext: d.DialContext, DisableKeepAlives: true}, Timeout: 3 * time.Second}
	for range 3 {
		_, err := client.Get("http://rebind.example.test:" + strings.Split(inside.Listener.Addr().String(), ":")[1])
		if err == nil || !errors.Is(err, errPrivate) {
			t.Errorf("%v", err)
		}
	}
	if hits.Load() != 0 || asked.Load() == 0 {
		t.Errorf("%d requests came in, DNS was asked %d times", hits.Load(), asked.Load())
	}
}

// rebind is a DNS server that names the host's own address.
func rebind(t *testing.T) net.Conn {
	here, there := net.Pipe()
	go func() {
		defer there.Close()
		size := make([]byte, 2)
		if _, err := io.ReadFull(there, size); err != nil {
			return
		}
		q := make([]byte, int(size[0])<<8|int(size[1]))
		if _, err := io.ReadFull(there, q); err != nil {
			return
		}
		end := 12
		for q[end] != 0 {
			end += int(q[end]) + 1
		}
		end += 5
		a := append([]byte{q[0], q[1], 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0}, q[12:end]...)
		if q[end-4] == 0 && q[end-3] == 1 {
			a = append(a, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 127, 0, 0, 1)
		} else {
			a[7] = 0
		}
		_, _ = there.Write(append([]byte{byte(len(a) >> 8), byte(len(a))}, a...))
	}()
	t.Cleanup(func() { here.Close() })
	return here
}

func TestMayDial(t *testing.T) {
	for address, want := range map[string][2]bool{ // without the tick, with it
		"8.8.8.8": {true, true}, "2606:4700::1111": {true, true}, "127.0.0.1": {false, true}, "::1": {false, true}, "10.1.2.3": {false, true}, "172.16.0.1": {false, true},
		"192.168.1.1": {false, true}, "169.254.169.254": {false, true}, "fe80::1": {false, true}, "fd00::1": {false, true}, "100.64.1.1": {false, true}, "::ffff:10.0.0.1": {false, true},
		"64:ff9b::a00:1": {false, true}, "2002:a00:1::": {false, true}, "64:ff9b::808:808": {true, true}, "0.0.0.0": {false, false}, "::": {false, false}, "224.0.0.1": {false, false},
		"255.255.255.255": {false, false}, "ff02::1": {false, false}, "::7f00:1": {false, false}, "240.0.0.1": {false, false},
	} {
		a := netip.MustParseAddr(address)
		if mayDial(a, false) != want[0] || mayDial(a, true) != want[1] {
			t.Errorf("%s: %v, %v", address, mayDial(a, false), mayDial(a, true))
		}
	}
}
