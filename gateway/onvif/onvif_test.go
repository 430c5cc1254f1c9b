package onvif

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/onvif/soapxml"
)

func TestStreams(t *testing.T) {
	for name, d := range map[string]*device{
		"open":                            {},
		"token":                           {auth: "token"},
		"token, clock in another year":    {auth: "token", ahead: -9 * 365 * 24 * time.Hour},
		"token, clock only in HTTP":       {auth: "token", ahead: 3 * time.Hour, locked: true},
		"token, SOAP 1.1 faults":          {auth: "token", soap11: true, faultsAt: 500, ahead: time.Hour},
		"digest":                          {auth: "digest"},
		"digest MD5, named":               {auth: "digest", algorithm: "MD5"},
		"digest SHA-256":                  {auth: "digest", algorithm: "SHA-256"},
		"digest as before 1999":           {auth: "digest", noQop: true},
		"digest, a challenge for each":    {auth: "digest", once: true},
		"digest and token":                {auth: "both"},
		"digest, clock locked":            {auth: "digest", locked: true},
		"before 2011":                     {auth: "token", old: true},
		"names an older address of its":   {auth: "digest", elsewhere: "10.99.99.99:8080"},
		"names a host outside":            {elsewhere: "attacker.example:80"},
		"puts a login into the address":   {rtsp: "rtsp://admin:hunter2@127.0.0.1:554/main?a=1&amp;b=2"},
		"answers with somebody's address": {rtsp: "rtsp://203.0.113.9:554/main?a=1&amp;b=2"},
	} {
		t.Run(name, func(t *testing.T) {
			start(t, d)
			got, err := Streams(t.Context(), d.host(), user, password)
			if err != nil || len(got) != 2 {
				t.Fatalf("%+v, %v; asked %q", got, err, d.asked)
			}
			want := Stream{Profile: "main", Name: "Main & first", URL: "rtsp://127.0.0.1:554/main?a=1&b=2", Codec: "H264", Width: 1920, Height: 1080, FPS: 25}
			if got[0] != want {
				t.Errorf("%+v, want %+v", got[0], want)
			}
			if got[1].Codec != "MJPEG" || got[1].Width != 640 {
				t.Errorf("%+v", got[1])
			}
			if d.wrong > 1 && !d.once {
				t.Errorf("%d wrong logins: some devices lock out after few", d.wrong)
			}
		})
	}
}

func TestMedia2ReportsH265(t *testing.T) {
	d := start(t, &device{media2: true, auth: "digest"})
	got, err := Streams(t.Context(), "http://"+d.host()+"/onvif/device_service", user, password)
	if err != nil || len(got) != 1 || got[0].Codec != "H265" || got[0].FPS != 12.5 || got[0].Height != 2160 || got[0].Name != "Main 265" {
		t.Fatalf("%+v, %v", got, err)
	}
}

func TestWrongLogin(t *testing.T) {
	for _, auth := range []string{"token", "digest", "both"} {
		for _, login := range [][2]string{{user, "hunter2"}, {"", ""}} {
			d := start(t, &device{auth: auth})
			_, err := Streams(t.Context(), d.host(), login[0], login[1])
			if !errors.Is(err, ErrLogin) {
				t.Fatalf("%s: %v", auth, err)
			}
			for _, lang := range text.Langs {
				if said := text.Explain(lang, err) + err.Error() + fmt.Sprintf("%+v", err); strings.Contains(said, "hunter2") {
					t.Errorf("%s: the password is in %q", auth, said)
				}
			}
			if d.wrong > 3 {
				t.Errorf("%s: %d wrong logins", auth, d.wrong)
			}
		}
	}
}

// soap wraps a body as a device does.
func soap(body string) string {
	return `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>` + body + `</s:Body></s:Envelope>`
}

func TestHostileAnswers(t *testing.T) {
	var outside atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { outside.Add(1) }))
	t.Cleanup(other.Close)
	for name, c := range map[string]struct {
		answer func(http.ResponseWriter)
		want   error
	}{
		"redirect":     {func(w http.ResponseWriter) { w.Header().Set("Location", other.URL); w.WriteHeader(307) }, ErrProtocol},
		"not XML":      {func(w http.ResponseWriter) { io.WriteString(w, "<html><p>camera") }, ErrProtocol},
		"empty":        {func(http.ResponseWriter) {}, ErrProtocol},
		"no SOAP":      {func(w http.ResponseWriter) { io.WriteString(w, "<a><Body/></a>") }, ErrProtocol},
		"entities":     {func(w http.ResponseWriter) { io.WriteString(w, `<!DOCTYPE a [<!ENTITY b "bb">]>`+soap("&b;")) }, ErrProtocol},
		"outer entity": {func(w http.ResponseWriter) { io.WriteString(w, `<!DOCTYPE a SYSTEM "file:///etc/passwd">`+soap("")) }, ErrProtocol},
		"deep": {func(w http.ResponseWriter) {
			io.WriteString(w, soap(strings.Repeat("<a>", 1000)+strings.Repeat("</a>", 1000)))
		}, ErrProtocol},
		"long text":     {func(w http.ResponseWriter) { io.WriteString(w, soap(strings.Repeat("a<!-- -->", 50_000))) }, ErrProtocol},
		"broad":         {func(w http.ResponseWriter) { io.WriteString(w, soap(strings.Repeat("<a/>", soapxml.MaxNodes))) }, ErrProtocol},
		"endless":       {func(w http.ResponseWriter) { io.Copy(w, io.LimitReader(zeros{}, 64<<20)) }, ErrProtocol},
		"endless login": {func(w http.ResponseWriter) { w.Header().Set("WWW-Authenticate", "Digest nonce=1"); w.WriteHeader(401) }, ErrLogin},
		"basic only":    {func(w http.ResponseWriter) { w.Header().Set("WWW-Authenticate", "Basic realm=x"); w.WriteHeader(401) }, ErrLogin},
		"no media":      {func(w http.ResponseWriter) { io.WriteString(w, soap("<GetServicesResponse/>")) }, ErrNoStreams},
		"another charset": {func(w http.ResponseWriter) {
			io.WriteString(w, `<?xml version="1.0" encoding="UTF-7"?>`+strings.ReplaceAll(soap(""), "<", "+ADw-"))
		}, ErrProtocol},
	} {
		t.Run(name, func(t *testing.T) {
			d := start(t, &device{answer: c.answer})
			got, err := Streams(t.Context(), d.host(), user, password)
			if !errors.Is(err, c.want) || len(got) > 0 {
				t.Errorf("%+v, %v", got, err)
			}
			if err != nil && strings.Contains(err.Error()+fmt.Sprint(err), password) {
				t.Errorf("the password is in %q", err)
			}
		})
	}
	if outside.Load() > 0 {
		t.Error("a device led to another host")
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

func TestAddresses(t *testing.T) {
	for address, want := range map[string]error{
		"8.8.8.8": ErrAddress, "http://203.0.113.9/onvif": ErrAddress, "[2001:db8::1]:80": ErrAddress, "ftp://192.168.1.2": ErrAddress, "": ErrAddress,
		"http://": ErrAddress, "http://a:b@192.168.1.2": ErrAddress, "192.168.1.2/../x\x00": ErrAddress, "http://" + strings.Repeat("a", 600): ErrAddress,
		"0.0.0.0": ErrAddress, "255.255.255.255": ErrAddress, "224.0.0.1": ErrAddress, "[::ffff:8.8.8.8]": ErrAddress, "http://nowhere.invalid/": ErrUnreachable,
	} {
		if _, err := resolve(t.Context(), address); !errors.Is(err, want) {
			t.Errorf("%q: %v", address, err)
		}
	}
	for address, want := range map[string]string{
		"192.168.1.64": "http://192.168.1.64/onvif/device_service", "10.0.0.7:8080": "http://10.0.0.7:8080/onvif/device_service",
		"https://172.16.0.9/cam?x=1#y": "https://172.16.0.9/cam", "[fd00::7]": "http://[fd00::7]/onvif/device_service", "http://169.254.3.4/": "http://169.254.3.4/onvif/device_service",
	} {
		if got, err := resolve(t.Context(), address); err != nil || got.service.String() != want {
			t.Errorf("%q: %v, %v", address, got.service, err)
		}
	}
}

func TestNobodyThere(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	if _, err := Streams(t.Context(), l.Addr().String(), user, password); !errors.Is(err, ErrUnreachable) || strings.Contains(err.Error(), password) {
		t.Error(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	gaveUp := make(chan struct{}) // the device answers only then: an answer at the deadline itself may still be read
	d := start(t, &device{answer: func(http.ResponseWriter) { <-gaveUp }})
	t.Cleanup(func() { close(gaveUp) })
	if _, err := Streams(ctx, d.host(), user, password); !errors.Is(err, ErrUnreachable) {
		t.Error(err)
	}
}

func TestDiscover(t *testing.T) {
	var probes atomic.Int32
	beacon(t, func(id, types string) []string {
		probes.Add(1)
		answers := []string{
			match(strings.ToUpper(id), "urn:uuid:1", "http://[fe80::1]/onvif http://SELF:8000/onvif/device_service http://SELF/second", "onvif://www.onvif.org/name/Front%20door onvif://www.onvif.org/hardware/X1 onvif://www.onvif.org/location/hall"),
			match(id, "urn:uuid:1", "http://SELF:8000/again", ""),
			match("", "urn:uuid:2", "http://SELF:8001/", "onvif://www.onvif.org/name/%3Cscript%3E%00"),
			match("urn:uuid:other-question", "urn:uuid:3", "http://SELF:1/", ""),
			match(id, "urn:uuid:4", "http://203.0.113.5/", ""), match(id, "urn:uuid:5", "http://camera.example/", ""), match(id, "urn:uuid:6", "file:///etc/passwd", ""),
			match(id, "urn:uuid:7", "http://a:b@SELF/", ""), "<html>", "", strings.Repeat("x", 20_000), `<!DOCTYPE a [<!ENTITY x "y">]>` + match(id, "urn:uuid:8", "http://SELF/", ""),
		}
		if types == "" { // one that answers only to this
			return append(answers, match(id, "urn:uuid:9", "http://SELF:9/onvif", ""))
		}
		return answers
	})
	got, err := Discover(t.Context(), 1500*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	byID := map[string]Device{}
	for _, d := range got {
		byID[d.ID] = d
		if !strings.HasPrefix(d.Address, "http://"+d.Host.String()) {
			t.Errorf("%s is not at the host that answered, %s", d.Address, d.Host)
		}
	}
	if d := byID["urn:uuid:1"]; d.Name != "Front door" || d.Hardware != "X1" || d.Location != "hall" || !strings.HasSuffix(d.Address, ":8000/onvif/device_service") {
		t.Errorf("%+v", d)
	}
	if d := byID["urn:uuid:2"]; d.Name != "<script>" {
		t.Errorf("%+v", d)
	}
	for _, id := range []string{"4", "5", "6", "7", "9"} { // at the host that answered, whatever they name
		if byID["urn:uuid:"+id].Address == "" {
			t.Errorf("device %s was not found", id)
		}
	}
	if len(got) != 7 {
		t.Errorf("%d devices: %+v", len(got), got)
	}
	if n := probes.Load(); n < int32(len(probeTypes)*probeRounds) {
		t.Errorf("%d probes", n)
	}
}

func TestDiscoverStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	begun := time.Now()
	if _, err := Discover(ctx, time.Minute); time.Since(begun) > 10*time.Second {
		t.Errorf("took %v, %v", time.Since(begun), err)
	}
}

// A network full of devices, or one that plays many, fills no memory.
func TestDevicesAreBounded(t *testing.T) {
	f := &findings{devices: map[string]Device{}}
	host := netip.MustParseAddr("192.168.1.9")
	for i := range 10 * maxDevices {
		for _, d := range matches([]byte(match("", fmt.Sprintf("urn:%d", i), "http://192.168.1.9/", "")), host, nil) {
			f.add(d)
		}
	}
	if n := len(f.sorted()); n != maxDevices {
		t.Errorf("%d devices", n)
	}
	if got := matches([]byte(match("", "urn:1", "http://8.8.8.8/", "")), netip.MustParseAddr("8.8.8.8"), nil); len(got) > 0 {
		t.Errorf("a device outside: %+v", got)
	}
}

func FuzzAnswer(f *testing.F) {
	for _, seed := range []string{match("", "urn:uuid:1", "http://192.168.1.9/x", "onvif://www.onvif.org/name/a%20b"), soap("<Fault><Code><Value>a</Value></Code></Fault>"),
		soap(`<GetProfilesResponse>` + (&device{}).profiles(false) + `</GetProfilesResponse>`), "<a b='c'>&#60;<![CDATA[x]]></a>", `<!DOCTYPE a>`, "<a:b></c:b>"} {
		f.Add([]byte(seed))
	}
	host := netip.MustParseAddr("192.168.1.9")
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, d := range matches(data, host, nil) {
			if !strings.Contains(d.Address, "192.168.1.9") || len(d.Name) > maxText {
				t.Errorf("%+v", d)
			}
		}
		doc, err := soapxml.Parse(data)
		if err != nil {
			return
		}
		body, err := unwrap(doc)
		if err != nil {
			return
		}
		for _, p := range body.All("Profiles") {
			if s, ok := profile(p); ok && (s.Width < 0 || s.FPS < 0 || len(s.Name) > maxText) {
				t.Errorf("%+v", s)
			}
		}
		deviceTime(body)
	})
}
