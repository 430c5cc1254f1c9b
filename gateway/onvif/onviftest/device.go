package onviftest

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"hash"
	"io"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// The login of every Device.
const (
	User     = "operator"
	Password = "S3cret &<pass>"
)

// Device is an ONVIF device that is found by WS-Discovery and names its streams, with one
// habit. It has an address of this host to itself, such as 127.0.0.7.
type Device struct {
	Habit
	host       string
	web, other net.Listener // of its services; other: a second one, where media is elsewhere
	udp        *net.UDPConn
	running    sync.WaitGroup

	mu     sync.Mutex
	used   int // challenges
	wrong  int
	basics int
}

// Start starts one at an address.
func Start(host string, h Habit) (*Device, error) {
	d := &Device{Habit: h, host: host}
	var err error
	if d.web, err = net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(h.Port))); err != nil {
		return nil, err
	}
	if d.other, err = net.Listen("tcp", net.JoinHostPort(host, "0")); err != nil {
		d.web.Close()
		return nil, err
	}
	if d.udp, err = net.ListenUDP("udp", &net.UDPAddr{IP: net.ParseIP(host), Port: 3702}); err != nil {
		d.web.Close()
		d.other.Close()
		return nil, err
	}
	for _, l := range []net.Listener{d.web, d.other} {
		d.running.Go(func() {
			srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { d.serve(w, r, l == d.other) }), ReadHeaderTimeout: time.Minute}
			_ = srv.Serve(l) // ends with the listener
		})
	}
	d.running.Go(d.beacon)
	return d, nil
}

// Close ends it.
func (d *Device) Close() {
	d.web.Close()
	d.other.Close()
	d.udp.Close()
	d.running.Wait()
}

// Service is the address of its device service.
func (d *Device) Service() string { return "http://" + d.web.Addr().String() + "/onvif/device_service" }

// Wrong counts logins that were wrong, Basics passwords that were sent readable.
func (d *Device) Wrong() (wrong, basics int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.wrong, d.basics
}

// Fill puts the device's address into the places of a text.
func (d *Device) Fill(s string) string {
	port := func(l net.Listener) string { _, p, _ := net.SplitHostPort(l.Addr().String()); return p }
	return strings.NewReplacer("HOST", d.host, "PORT", port(d.web), "OTHER", port(d.other)).Replace(s)
}

// wire makes the bytes that go out.
func (d *Device) wire(s string) []byte {
	if d.Wire != nil {
		return d.Wire(s)
	}
	return []byte(s)
}

const (
	declaration = `<?xml version="1.0" encoding="utf-8"?>`
	envelopeTag = `<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://www.w3.org/2003/05/soap-envelope" xmlns:wsa="http://schemas.xmlsoap.org/ws/2004/08/addressing"` +
		` xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" xmlns:dn="http://www.onvif.org/ver10/network/wsdl" xmlns:tt="http://www.onvif.org/ver10/schema"` +
		` xmlns:tds="http://www.onvif.org/ver10/device/wsdl" xmlns:trt="http://www.onvif.org/ver10/media/wsdl" xmlns:ter="http://www.onvif.org/ver10/error">`
)

func message(header, body string) string {
	return declaration + envelopeTag + `<SOAP-ENV:Header>` + header + `</SOAP-ENV:Header><SOAP-ENV:Body>` + body + `</SOAP-ENV:Body></SOAP-ENV:Envelope>`
}

// probe is what a client asks by UDP.
type probe struct {
	ID    string `xml:"Header>MessageID"`
	Types string `xml:"Body>Probe>Types"`
}

func (d *Device) beacon() {
	buf := make([]byte, 8<<10)
	for {
		n, from, err := d.udp.ReadFromUDPAddrPort(buf)
		if err != nil {
			return
		}
		var p probe
		if xml.Unmarshal(buf[:n], &p) != nil || d.Silent {
			continue
		}
		_, _ = d.udp.WriteToUDPAddrPort(d.wire(d.match(p)), from) // who asked may be gone
	}
}

func (d *Device) match(p probe) string {
	if d.UntypedOnly && p.Types != "" {
		return message("", `<SOAP-ENV:Fault><SOAP-ENV:Code><SOAP-ENV:Value>SOAP-ENV:Sender</SOAP-ENV:Value></SOAP-ENV:Code></SOAP-ENV:Fault>`)
	}
	id := `<wsa:RelatesTo>` + p.ID + `</wsa:RelatesTo>`
	if d.Relates != nil {
		id = d.Relates(p.ID)
	}
	xaddrs := "http://HOST:PORT/onvif/device_service"
	if d.XAddrs != nil {
		xaddrs = *d.XAddrs
	}
	types, scopes := "dn:NetworkVideoTransmitter", "onvif://www.onvif.org/name/"+d.name()+" onvif://www.onvif.org/hardware/X1"
	if d.Printer {
		types, scopes = "wprt:PrintDeviceType", ""
	}
	return message(id, `<d:ProbeMatches><d:ProbeMatch><wsa:EndpointReference><wsa:Address>urn:uuid:`+d.host+`</wsa:Address></wsa:EndpointReference><d:Types>`+
		types+`</d:Types><d:Scopes>`+scopes+`</d:Scopes><d:XAddrs>`+d.Fill(xaddrs)+`</d:XAddrs></d:ProbeMatch></d:ProbeMatches>`)
}

func (d *Device) name() string {
	if d.Called != "" {
		return d.Called
	}
	return "Lobby"
}

// serve answers one question over HTTP.
func (d *Device) serve(w http.ResponseWriter, r *http.Request, other bool) {
	data, _ := io.ReadAll(r.Body)
	var in envelope
	if err := xml.Unmarshal(data, &in); err != nil {
		http.Error(w, "no SOAP", http.StatusBadRequest)
		return
	}
	what := question.FindString(in.Body.Inner)
	media := strings.Contains(what, "Profiles") || strings.Contains(what, "Stream")
	switch {
	case d.WantsAction && !strings.Contains(r.Header.Get("Content-Type"), "/"+what+`"`):
		return // an empty answer
	case media && other != d.MediaElsewhere, media && d.NoServices && !strings.HasSuffix(r.URL.Path, "media_service"):
		http.NotFound(w, r)
		return
	case what == "GetSystemDateAndTime" && d.ClockLocked == "" || d.admit(w, r, in, what):
		w.Header().Set("Content-Type", "application/soap+xml")
		_, _ = w.Write(d.wire(message("", `<tds:`+what+`Response>`+d.reply(what)+`</tds:`+what+`Response>`)))
	}
}

var question = regexp.MustCompile(`Get[A-Za-z]+`)

func (d *Device) reply(what string) string {
	switch what {
	case "GetSystemDateAndTime":
		if d.Clock != nil {
			return `<tds:SystemDateAndTime>` + d.Clock() + `</tds:SystemDateAndTime>`
		}
		return clock(time.Now().Add(d.ClockSays).UTC())
	case "GetServices":
		if d.NoServices {
			return ""
		}
		at := "http://HOST:PORT/onvif/media_service"
		if d.Media != "" {
			at = d.Media
		}
		return `<tds:Service><tds:Namespace>http://www.onvif.org/ver10/media/wsdl</tds:Namespace><tds:XAddr>` + d.Fill(at) + `</tds:XAddr></tds:Service>`
	case "GetProfiles":
		return `<trt:Profiles token="main" fixed="true"><tt:Name>` + d.name() + `</tt:Name><tt:VideoEncoderConfiguration token="v"><tt:Encoding>H264</tt:Encoding>` +
			`<tt:Resolution><tt:Width>1920</tt:Width><tt:Height>1080</tt:Height></tt:Resolution></tt:VideoEncoderConfiguration></trt:Profiles>`
	case "GetStreamUri":
		at := "rtsp://HOST:554/main?a=1&amp;b=2"
		if d.Stream != "" {
			at = d.Stream
		}
		return `<trt:MediaUri><tt:Uri>` + d.Fill(at) + `</tt:Uri></trt:MediaUri>`
	}
	return ""
}

// admit checks the login, and refuses where it is wrong or missing.
func (d *Device) admit(w http.ResponseWriter, r *http.Request, in envelope, what string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	header := r.Header.Get("Authorization")
	if strings.HasPrefix(header, "Basic ") {
		d.basics++
	}
	if what == "GetSystemDateAndTime" && d.ClockLocked == "fault" {
		d.unauthorized(w)
		return false
	}
	ok := d.Login == "" && what != "GetSystemDateAndTime"
	switch d.Login {
	case "token":
		ok = in.Token != nil && d.tokenIsRight(in.Token.Username, in.Token.Password, in.Token.Nonce, in.Token.Created)
	case "digest":
		ok = d.digestIsRight(r, header)
	case "basic":
		user, password, _ := r.BasicAuth()
		ok = user == User && password == Password
	}
	if ok {
		return true
	}
	if in.Token != nil && d.Login == "token" || header != "" {
		d.wrong++
	}
	if d.Login == "token" && d.ClockLocked != "http" {
		d.unauthorized(w)
		return false
	}
	for _, c := range d.Challenges {
		w.Header().Add("WWW-Authenticate", strings.ReplaceAll(c, "NONCE", fmt.Sprint("n0nce", d.used)))
	}
	w.WriteHeader(http.StatusUnauthorized)
	return false
}

func (d *Device) unauthorized(w http.ResponseWriter) {
	w.WriteHeader(http.StatusBadRequest)
	_, _ = w.Write(d.wire(message("", `<SOAP-ENV:Fault><SOAP-ENV:Code><SOAP-ENV:Value>SOAP-ENV:Sender</SOAP-ENV:Value><SOAP-ENV:Subcode><SOAP-ENV:Value>ter:NotAuthorized</SOAP-ENV:Value>`+
		`</SOAP-ENV:Subcode></SOAP-ENV:Code><SOAP-ENV:Reason><SOAP-ENV:Text>An error was discovered</SOAP-ENV:Text></SOAP-ENV:Reason></SOAP-ENV:Fault>`)))
}

// tokenIsRight compares a token's time with the clock by which the device goes.
func (d *Device) tokenIsRight(user, password, nonce, created string) bool {
	raw, _ := base64.StdEncoding.DecodeString(nonce)
	sum := sha1.Sum([]byte(string(raw) + created + Password))
	at, err := time.Parse(time.RFC3339, created)
	age := time.Since(at.Add(-d.ClockIs)).Abs()
	return err == nil && age < 10*time.Second && user == User && password == base64.StdEncoding.EncodeToString(sum[:])
}

var pair = regexp.MustCompile(`([a-z]+)="?([^",]*)"?`)

// digestIsRight checks an answer to HTTP digest by the algorithm that the device really has.
func (d *Device) digestIsRight(r *http.Request, header string) bool {
	p := map[string]string{}
	for _, m := range pair.FindAllStringSubmatch(header, -1) {
		p[m[1]] = m[2]
	}
	var h hash.Hash = md5.New()
	if d.Algorithm == "SHA-256" {
		h = sha256.New()
	}
	sum := func(parts ...string) string {
		h.Reset()
		h.Write([]byte(strings.Join(parts, ":")))
		return hex.EncodeToString(h.Sum(nil))
	}
	ha1, ha2 := sum(User, p["realm"], Password), sum(r.Method, r.URL.RequestURI())
	want := sum(ha1, p["nonce"], ha2)
	if p["qop"] != "" {
		want = sum(ha1, p["nonce"], p["nc"], p["cnonce"], p["qop"], ha2)
	}
	fresh := p["nonce"] == fmt.Sprint("n0nce", d.used)
	if d.OneUse {
		d.used++
	}
	return header != "" && fresh && p["response"] == want
}
