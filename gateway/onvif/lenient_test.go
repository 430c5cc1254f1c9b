package onvif

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/onvif/onviftest"
	"github.com/bauta-gateway/bauta/gateway/onvif/soapxml"
)

func TestClocks(t *testing.T) {
	date := func(name, tz, dst string, v ...string) string {
		return "<r>" + dst + tz + "<" + name + "><Time><Hour>" + v[3] + "</Hour><Minute>" + v[4] + "</Minute><Second>" + v[5] + "</Second></Time><Date><Year>" + v[0] + "</Year><Month>" + v[1] + "</Month><Day>" + v[2] + "</Day></Date></" + name + "></r>"
	}
	zoned := func(s string) string { return "<TimeZone><TZ>" + s + "</TZ></TimeZone>" }
	const summer = "<DaylightSavings>true</DaylightSavings>"
	for in, want := range map[string]string{
		date("UTCDateTime", "", "", "2026", "2", "28", "23", "59", "60"):                            "2026-02-28T23:59:59Z",
		date("UTCDateTime", "", "", "1970", "1", "1", "0", "0", "9"):                                "1970-01-01T00:00:09Z",
		date("UTCDateTime", "", "", "0", "0", "0", "0", "0", "0"):                                   "",
		date("UTCDateTime", "", "", "2026", "2", "30", "0", "0", "0"):                               "",
		date("UTCDateTime", "", "", "2026", "1", "1", "24", "0", "0"):                               "",
		date("UTCDateTime", "", "", "9999999999", "1", "1", "1", "0", "0"):                          "",
		date("UTCDateTime", "", "", "2026", "1", "1", "x", "0", "0"):                                "",
		date("LocalDateTime", zoned("CST-8"), "", "2026", "1", "1", "7", "0", "0"):                  "2025-12-31T23:00:00Z",
		date("LocalDateTime", zoned("&lt;+0530&gt;-5:30"), "", "2026", "1", "1", "7", "0", "0"):     "2026-01-01T01:30:00Z",
		date("LocalDateTime", zoned("EST5EDT,M3.2.0,M11.1.0"), "", "2026", "1", "1", "7", "0", "0"): "2026-01-01T12:00:00Z",
		date("LocalDateTime", zoned("EST5EDT"), summer, "2026", "7", "1", "7", "0", "0"):            "2026-07-01T11:00:00Z",
		date("LocalDateTime", zoned("Asia/Shanghai"), "", "2026", "1", "1", "7", "0", "0"):          "2026-01-01T07:00:00Z",
		"<r/>": "",
	} {
		n, err := soapxml.Parse([]byte(in))
		if err != nil {
			t.Fatal(err)
		}
		at, ok := deviceTime(n)
		if ok != (want != "") || ok && at.Format(time.RFC3339) != want {
			t.Errorf("%s: %v, %v, want %s", in, at, ok, want)
		}
	}
	if _, ok := deviceTime(nil); ok {
		t.Error("no answer has a time")
	}
}

// A password is sent readable where a device offers nothing else, and never after it showed
// anything better: who sits on the way could else ask for it.
func TestBasicIsTheLast(t *testing.T) {
	const basic, digest = `Basic realm="x"`, `Digest realm="x", nonce="1"`
	tokenTaken := func(r *http.Request, body string) bool {
		return strings.Contains(body, "UsernameToken") && strings.Contains(body, "GetProfiles")
	}
	for name, test := range map[string]struct {
		offers []string // of each refusal, the last again and again
		lets   func(r *http.Request, body string) bool
		tls    bool
		sent   bool
	}{
		"nothing else":                 {[]string{basic}, nil, false, true},
		"nothing else, TLS":            {[]string{basic}, nil, true, true},
		"digest once":                  {[]string{digest, basic}, nil, false, false},
		"digest once, TLS":             {[]string{digest, basic}, nil, true, false},
		"digest beside":                {[]string{basic + ", " + digest}, nil, false, false},
		"a token was taken":            {[]string{basic}, tokenTaken, false, false},
		"nothing at all":               {[]string{""}, nil, false, false},
		"an unknown digest, and Basic": {[]string{`Digest realm="x", nonce="1", algorithm=NONE`, basic}, nil, false, false},
		"an unknown digest beside":     {[]string{`Digest realm="x", nonce="1", algorithm=NONE, ` + basic}, nil, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			var sent, refusals atomic.Int32
			srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				data, _ := io.ReadAll(r.Body)
				if _, _, ok := r.BasicAuth(); ok {
					sent.Add(1)
				}
				if test.lets != nil && test.lets(r, string(data)) {
					io.WriteString(w, soap((&device{}).profiles(false)))
					return
				}
				w.Header().Set("WWW-Authenticate", test.offers[min(int(refusals.Add(1)), len(test.offers))-1])
				w.WriteHeader(http.StatusUnauthorized)
			}))
			if test.tls {
				srv.StartTLS()
			} else {
				srv.Start()
			}
			t.Cleanup(srv.Close)
			target, err := resolve(t.Context(), srv.URL)
			if err != nil {
				t.Fatal(err)
			}
			c := newClient(target, user, password)
			c.readable = true
			for range 3 {
				_, err = c.ask(t.Context(), target.own(srv.URL+"/media"), "<trt:GetProfiles/>", "<trt:GetStreamUri>%</trt:GetStreamUri>")
			}
			if !errors.Is(err, ErrLogin) || (sent.Load() > 0) != test.sent || sent.Load() > 1 {
				t.Errorf("%v, sent %d times", err, sent.Load())
			}
			if said := text.Explain(text.EN, err); !test.sent && test.offers[len(test.offers)-1] == basic && !strings.Contains(said, "not sent") {
				t.Error(said)
			}
		})
	}
}

// Accounts are never changed by a login that everybody on the way can read.
func TestAccountsWithoutBasic(t *testing.T) {
	h, _ := onviftest.With("Basic alone")
	d, err := onviftest.Start("127.0.0.1", h)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(d.Close)
	s := &Service{Address: d.Service()}
	if _, err := s.Users(t.Context(), Login{onviftest.User, onviftest.Password}); !errors.Is(err, ErrLogin) {
		t.Error(err)
	}
	if _, basics := d.Wrong(); basics > 0 {
		t.Error("the password was sent")
	}
}

func TestRanges(t *testing.T) {
	count := func(s string) int { return len(strings.Fields(s)) }
	for in, want := range map[string]string{
		"192.168.1.9":                      "192.168.1.9",
		"192.168.1.8/30":                   "192.168.1.9 192.168.1.10",
		"192.168.1.10/31":                  "192.168.1.10 192.168.1.11",
		" 10.0.0.7-9,10.0.0.8;10.0.0.1 ":   "10.0.0.1 10.0.0.7 10.0.0.8 10.0.0.9",
		"172.16.0.255-172.16.1.1":          "172.16.0.255 172.16.1.0 172.16.1.1",
		"fe80::1, fd00::4/127，169.254.3.4": "169.254.3.4 fd00::4 fd00::5 fe80::1",
		"::ffff:192.168.1.1":               "192.168.1.1",
		"localhost":                        "127.0.0.1",
	} {
		got, err := Addresses(t.Context(), in)
		var said []string
		for _, a := range got {
			said = append(said, a.String())
		}
		if s := strings.Join(said, " "); err != nil || s != want && !(in == "localhost" && s == "::1") {
			t.Errorf("%q: %q, %v", in, s, err)
		}
	}
	if got, err := Addresses(t.Context(), "10.0.0.0/22"); err != nil || len(got) != MaxAddresses-2 || got[0].String() != "10.0.0.1" {
		t.Errorf("%d, %v", len(got), err)
	}
	for in, next := range map[string]string{
		"": "192.168.1.0/24", "192.168.1": "192.168.1.0/24", "192.168.1.9-5": "192.168.1.10-40", "192.168.1.0/33": "192.168.1.0/24", "192.168.1.1-fd00::1": "192.168.1.10-40",
		"8.8.8.8": "private", "8.8.8.0/24": "private", "192.168.0.0/8": "private", "2001:db8::1": "private", "0.0.0.0/0": "private", "224.0.0.1": "private", "0.0.0.0": "private", "::ffff:8.8.8.8": "private",
		"10.0.0.0/8": "1024", "10.0.0.0/21": "1024", "fd00::/64": "1024", "172.16.0.0-172.16.9.9": "1024",
		"no-such-host.invalid": "router", "a\x00b": "192.168.1.0/24", "http://192.168.1.1/": "192.168.1.0/24", "x/y": "192.168.1.0/24",
		strings.Repeat("camera.invalid ", 400): "192.168.1.0/24",
	} {
		got, err := Addresses(t.Context(), in)
		if !errors.Is(err, ErrRange) || len(got) > 0 {
			t.Errorf("%q: %v, %v", in, got, err)
		}
		for _, lang := range text.Langs {
			if said := text.Explain(lang, err); !strings.Contains(said, next) && (lang == text.EN || count(next) > 1) {
				t.Errorf("%q: %q does not say %q", in, said, next)
			}
		}
	}
}

// Only who was asked is listed, and nobody is asked by HTTP against the wish.
func TestRangeListsOnlyWhoWasAsked(t *testing.T) {
	h, _ := onviftest.With("silent")
	d, err := onviftest.Start("127.0.0.66", h)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(d.Close)
	if got, err := DiscoverAt(t.Context(), []netip.Addr{netip.MustParseAddr("127.0.0.66"), netip.MustParseAddr("127.0.0.65")}, false); err != nil || len(got) > 0 {
		t.Errorf("%+v, %v", got, err)
	}
	f := &findings{devices: map[string]Device{}, only: true, silent: map[netip.Addr]bool{netip.MustParseAddr("192.168.1.9"): true}}
	for _, from := range []string{"192.168.1.9", "192.168.1.10"} {
		for _, d := range matches([]byte(match("", "urn:uuid:1", "http://192.168.1.9/onvif", "")), netip.MustParseAddr(from), nil) {
			f.add(d)
		}
	}
	if got := f.sorted(); len(got) != 1 || got[0].Host.String() != "192.168.1.9" || f.waits(got[0].Host) {
		t.Errorf("%+v", got)
	}
}

// A whole range is searched within the time that clients wait, no faster than said.
func TestWholeRange(t *testing.T) {
	if os.Getenv("BAUTA_LONG") == "" {
		t.Skip("takes 15 s: with BAUTA_LONG=1")
	}
	addrs, err := Addresses(t.Context(), "127.5.0.0/22")
	if err != nil {
		t.Fatal(err)
	}
	none, _ := onviftest.With("none")
	silent, _ := onviftest.With("silent")
	for host, h := range map[string]onviftest.Habit{"127.5.0.1": none, "127.5.3.254": silent} {
		d, err := onviftest.Start(host, h)
		if err != nil {
			t.Skip(err)
		}
		t.Cleanup(d.Close)
	}
	begun := time.Now()
	got, err := DiscoverAt(t.Context(), addrs, true)
	took := time.Since(begun)
	if err != nil || len(got) != 2 || got[0].Host.String() != "127.5.0.1" || got[1].Host.String() != "127.5.3.254" {
		t.Errorf("%+v, %v", got, err)
	}
	if least := time.Duration(len(addrs)*len(probeTypes)) * time.Second / perSecond; took > rangeTime+time.Second || took < least {
		t.Errorf("took %v", took)
	}
	t.Logf("%d addresses in %v", len(addrs), took)
}

// A search ends with its caller's time, and returns what it has.
func TestRangeStops(t *testing.T) {
	addrs, err := Addresses(t.Context(), "127.6.0.0/22")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	begun := time.Now()
	if got, err := DiscoverAt(ctx, addrs, true); err != nil || len(got) > 0 || time.Since(begun) > 3*time.Second {
		t.Errorf("%+v, %v after %v", got, err, time.Since(begun))
	}
}

func TestNoWayToARange(t *testing.T) {
	if c, err := net.Dial("udp", "[fd5a:1::1]:3702"); err == nil {
		c.Close()
		t.Skip("this host has a route for such addresses")
	}
	_, err := DiscoverAt(t.Context(), []netip.Addr{netip.MustParseAddr("fd5a:1::1")}, true)
	if !errors.Is(err, ErrUnreachable) || !strings.Contains(text.Explain(text.EN, err), "route") {
		t.Error(err)
	}
}

// Whatever address a device names, only the one that answered is in what is made of it.
func FuzzAddress(f *testing.F) {
	for _, seed := range []string{"http://0.0.0.0:80/x", "rtsp://a:b@[fe80::1]:554/x?y=1&amp;z", "rtsp://10.0.0.1:80:554/%", "https://x", "rtsp://fe80::1:554/a b#c", "http://:80", "rtsp:///\r\n"} {
		f.Add(seed)
	}
	t0, err := resolve(context.Background(), "192.168.1.9:8080")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		all := t0.own(raw)
		if u, _, ok := service(raw, t0.addr); ok {
			all = append(all, u)
		}
		if s, ok := t0.stream(raw); ok {
			u, err := url.Parse(s)
			if err != nil || strings.ContainsFunc(s, func(r rune) bool { return r == ' ' || !unicode.IsPrint(r) }) || u.Scheme != "rtsp" && u.Scheme != "rtsps" {
				t.Fatalf("%q: %v", s, err)
			}
			all = append(all, u)
		}
		for _, u := range all {
			if u.Hostname() != "192.168.1.9" || u.User != nil || u.Fragment != "" {
				t.Errorf("%q became %s", raw, u)
			}
		}
	})
}

// No range but one of few local addresses is taken.
func FuzzRange(f *testing.F) {
	for _, seed := range []string{"192.168.1.0/24", "10.0.0.1-9, fd00::/120", "::ffff:10.0.0.0/120", "169.254.0.1-169.254.4.0", "fe80::1%eth0"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if strings.ContainsAny(strings.ToLower(s), "ghijklmnopqrstuvwxyz") {
			return // may be a name, which is looked up
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		all, err := Addresses(ctx, s)
		if (err == nil) != (len(all) > 0) || len(all) > MaxAddresses || slices.ContainsFunc(all, func(a netip.Addr) bool { return !local(a) }) {
			t.Errorf("%q: %d, %v", s, len(all), err)
		}
	})
}
