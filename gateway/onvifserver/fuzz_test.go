package onvifserver

import (
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"
)

// wellFormed reads by Go's own XML.
func wellFormed(data string) error {
	d := xml.NewDecoder(strings.NewReader(data))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// Whatever comes, what goes out is well-formed XML, and without a login nothing but the time.
func FuzzRequest(f *testing.F) {
	for _, s := range services {
		for name := range s.operations {
			f.Add("/onvif/"+s.name+"_service", "", "cam", enveloped("", "<"+s.prefix+":"+name+"/>"))
		}
	}
	f.Add("/onvif/lobby/media_service", `Digest username="recorder", realm="bauta", nonce="x", uri="/", nc=00000001, cnonce="y", qop=auth, response="z"`, "[::1]:80", enveloped(token("recorder", "x", "y", time.Now()), streamURI("lobby_main", "RTSP")))
	f.Add("/onvif/pullpoint/x", "Basic eDp5", "a:b", enveloped("", `<tev:PullMessages><tev:Timeout>PT0S</tev:Timeout></tev:PullMessages>`))
	f.Add("/onvif/snapshot/lobby", "", "", "")
	d := newFuzzed()
	f.Fuzz(func(t *testing.T, path, authorization, host, body string) {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.URL.Path, r.Host = path, host
		r.Header.Set("Authorization", authorization)
		w := httptest.NewRecorder()
		d.ServeHTTP(w, r)
		if strings.HasPrefix(w.Header().Get("Content-Type"), "application/soap") {
			if err := wellFormed(w.Body.String()); err != nil {
				t.Errorf("%v: %s", err, w.Body)
			}
			if strings.Contains(w.Body.String(), "Response>") && !strings.Contains(w.Body.String(), "GetSystemDateAndTimeResponse>") {
				t.Errorf("without a login: %s", w.Body)
			}
		}
		d.asRecorder(t, path, host, body)
	})
}

func newFuzzed() *device {
	d := &device{logins: &logins{seen: map[string]string{}}, cameras: []Camera{camera("lobby", "Lobby")}}
	d.Server = New(Config{ID: deviceUUID, Name: "gate house", Logins: d.logins, Cameras: d.all, Snapshot: d.shoot, Streams: func() (string, string) { return ":8554", "" }, Log: discard})
	d.stop() // nothing waits
	return d
}

// asRecorder has the same question of one who is logged in.
func (d *device) asRecorder(t *testing.T, path, host, body string) {
	target, ok := targetOf(path)
	if !ok {
		return
	}
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Host = host
	w := httptest.NewRecorder()
	c, err := d.read(w, r, target)
	if err != nil {
		return
	}
	c.user = "recorder"
	answer, err := c.answer()
	if err != nil {
		return
	}
	send(w, http.StatusOK, c.addressing(), answer)
	if err := wellFormed(w.Body.String()); err != nil {
		t.Errorf("%v: %s", err, w.Body)
	}
}

// Whatever comes, at most one answer goes out, well formed, of a bounded size and never one that would be answered.
func FuzzProbe(f *testing.F) {
	f.Add(search(numbered, `<d:Probe/>`))
	f.Add(search(numbered, `<d:Probe><d:Types>dn:NetworkVideoTransmitter</d:Types><d:Scopes MatchBy="x/rfc3986">onvif://www.onvif.org/Profile</d:Scopes></d:Probe>`))
	f.Add(search(numbered, `<d:Resolve><a:EndpointReference><a:Address>urn:uuid:`+deviceUUID+`</a:Address></a:EndpointReference></d:Resolve>`))
	f.Add(found.hello(netip.MustParseAddr("192.0.2.1"), "2", ""))
	f.Fuzz(func(t *testing.T, data []byte) {
		q, ok := found.asked(data)
		if !ok {
			return
		}
		answer := found.answer(q, netip.MustParseAddr("192.0.2.1"), deviceUUID, sequence(1, 1))
		if _, again := found.asked(answer); again || len(answer) > 3000 || wellFormed(string(answer)) != nil {
			t.Errorf("%d bytes: %s", len(answer), answer)
		}
	})
}
