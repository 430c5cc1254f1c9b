package onvif

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/icholy/digest"
	"golang.org/x/net/ipv4"

	"github.com/bauta-gateway/bauta/gateway/onvif/soapxml"
)

// The login of every device here.
const user, password = "operator", `s3cret "&<quoted>`

// device is an ONVIF device written from the specifications, with the habits
// of one maker or another.
type device struct {
	srv *httptest.Server

	auth      string        // "", token, digest, both
	algorithm string        // of HTTP digest: MD5 or SHA-256; empty: not named
	noQop     bool          // the digest of RFC 2069
	once      bool          // each challenge is good for one request
	ahead     time.Duration // of its clock
	locked    bool          // even the clock needs the login
	old       bool          // knows GetCapabilities only
	media2    bool
	elsewhere string                    // host that its addresses name, instead of its own
	soap11    bool                      // faults of SOAP 1.1
	faultsAt  int                       // HTTP status of its faults; 0: 400
	rtsp      string                    // what GetStreamUri answers; "": a plain address
	answer    func(http.ResponseWriter) // instead of any answer

	mu     sync.Mutex
	nonces map[string]bool
	wrong  int // logins refused
	used   int // challenges
	asked  []string
}

func start(t *testing.T, d *device) *device {
	t.Helper()
	d.nonces = map[string]bool{}
	d.srv = httptest.NewServer(d)
	t.Cleanup(d.srv.Close)
	return d
}

func (d *device) host() string { return strings.TrimPrefix(d.srv.URL, "http://") }

// named is how its answers call it.
func (d *device) named() string {
	if d.elsewhere != "" {
		return d.elsewhere
	}
	return d.host()
}

func (d *device) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if d.answer != nil {
		d.answer(w)
		return
	}
	data, _ := io.ReadAll(r.Body)
	doc, err := soapxml.Parse(data)
	if err != nil || len(doc.Find("Body").Children) != 1 {
		http.Error(w, "no SOAP", http.StatusBadRequest)
		return
	}
	what := doc.Find("Body").Children[0].Name
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked = append(d.asked, what+" "+r.URL.Path)
	w.Header().Set("Date", time.Now().Add(d.ahead).UTC().Format(http.TimeFormat))
	if (what != "GetSystemDateAndTime" || d.locked) && !d.welcome(w, r, doc) {
		return
	}
	d.reply(w, what, doc.Find("Body"))
}

func (d *device) fault(w http.ResponseWriter, code, why string) {
	status := d.faultsAt
	if status == 0 {
		status = http.StatusBadRequest
	}
	w.Header().Set("Content-Type", "application/soap+xml")
	w.WriteHeader(status)
	if d.soap11 {
		fmt.Fprintf(w, `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><e:Fault><faultcode>%s</faultcode><faultstring>%s</faultstring></e:Fault></e:Body></e:Envelope>`, code, why)
		return
	}
	fmt.Fprintf(w, `<?xml version="1.0"?><env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope" xmlns:ter="http://www.onvif.org/ver10/error"><env:Body><env:Fault>`+
		`<env:Code><env:Value>env:Sender</env:Value><env:Subcode><env:Value>ter:InvalidArgVal</env:Value><env:Subcode><env:Value>%s</env:Value></env:Subcode></env:Subcode></env:Code>`+
		`<env:Reason><env:Text xml:lang="en">%s</env:Text></env:Reason></env:Fault></env:Body></env:Envelope>`, code, why)
}

// welcome checks the login.
func (d *device) welcome(w http.ResponseWriter, r *http.Request, doc *soapxml.Node) bool {
	token, digest := doc.Find("Header", "UsernameToken"), r.Header.Get("Authorization")
	if (token != nil && !d.tokenIsRight(token)) || (digest != "" && !d.digestIsRight(r)) {
		d.wrong++
		token, digest = nil, ""
	}
	ok := map[string]bool{"": true, "token": token != nil, "digest": digest != "" && token == nil, "both": digest != "" && token != nil}[d.auth]
	switch {
	case ok:
		return true
	case d.auth == "token":
		d.fault(w, "ter:NotAuthorized", "Sender not authorized")
	default:
		w.Header().Add("WWW-Authenticate", `Basic realm="camera"`)
		challenge := `Digest realm="a \"camera\"", nonce="` + d.nonce() + `", opaque="0paque"`
		if !d.noQop {
			challenge += `, qop="auth,auth-int"`
		}
		if d.algorithm != "" {
			challenge += ", algorithm=" + d.algorithm
		}
		w.Header().Add("WWW-Authenticate", challenge)
		w.WriteHeader(http.StatusUnauthorized)
	}
	return false
}

func (d *device) nonce() string { return fmt.Sprint("n0nce", d.used) }

func (d *device) tokenIsRight(t *soapxml.Node) bool {
	nonce, _ := base64.StdEncoding.DecodeString(t.Value("Nonce"))
	sum := sha1.Sum([]byte(string(nonce) + t.Value("Created") + password))
	at, err := time.Parse(time.RFC3339, t.Value("Created"))
	age := time.Since(at.Add(-d.ahead)).Abs()
	again := d.nonces[string(nonce)]
	d.nonces[string(nonce)] = true
	return err == nil && age < 30*time.Second && !again && t.Value("Username") == user && t.Value("Password") == base64.StdEncoding.EncodeToString(sum[:])
}

func (d *device) digestIsRight(r *http.Request) bool {
	p, err := digest.ParseCredentials(r.Header.Get("Authorization"))
	if err != nil {
		return false
	}
	sum := func(s string) string {
		var h hash.Hash = md5.New()
		if d.algorithm == "SHA-256" {
			h = sha256.New()
		}
		h.Write([]byte(s))
		return hex.EncodeToString(h.Sum(nil))
	}
	ha1, ha2 := sum(user+`:a "camera":`+password), sum("POST:"+r.URL.RequestURI())
	want := sum(ha1 + ":" + p.Nonce + ":" + ha2)
	if !d.noQop {
		want = sum(strings.Join([]string{ha1, p.Nonce, fmt.Sprintf("%08x", p.Nc), p.Cnonce, "auth", ha2}, ":"))
	}
	current := p.Nonce == d.nonce()
	if d.once {
		d.used++
	}
	return current && p.Username == user && p.Opaque == "0paque" && p.Response == want
}

func (d *device) reply(w http.ResponseWriter, what string, body *soapxml.Node) {
	out := ""
	switch what {
	case "GetSystemDateAndTime":
		n := time.Now().Add(d.ahead).UTC()
		out = fmt.Sprintf(`<tds:SystemDateAndTime><tt:DateTimeType>NTP</tt:DateTimeType><tt:UTCDateTime><tt:Time><tt:Hour>%d</tt:Hour><tt:Minute>%d</tt:Minute><tt:Second>%d</tt:Second></tt:Time>`+
			`<tt:Date><tt:Year>%d</tt:Year><tt:Month>%d</tt:Month><tt:Day>%d</tt:Day></tt:Date></tt:UTCDateTime></tds:SystemDateAndTime>`, n.Hour(), n.Minute(), n.Second(), n.Year(), n.Month(), n.Day())
	case "GetServices":
		if d.old {
			d.fault(w, "ter:ActionNotSupported", "Optional Action Not Implemented")
			return
		}
		out = d.service(media1NS, "/onvif/media")
		if d.media2 {
			out += d.service(media2NS, "/onvif/media2")
		}
	case "GetCapabilities":
		out = `<tds:Capabilities><tt:Device><tt:XAddr>http://` + d.named() + `/onvif/device_service</tt:XAddr></tt:Device><tt:Media><tt:XAddr>http://` + d.named() + `/onvif/media</tt:XAddr></tt:Media></tds:Capabilities>`
	case "GetProfiles":
		out = d.profiles(body.Find("Type") != nil)
	case "GetStreamUri":
		out = d.uri(body)
	}
	fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8"?><!-- made by a test --><SOAP-ENV:Envelope xmlns:SOAP-ENV="http://www.w3.org/2003/05/soap-envelope" xmlns:tt="http://www.onvif.org/ver10/schema"`+
		` xmlns:tds="http://www.onvif.org/ver10/device/wsdl"><SOAP-ENV:Body><tds:%sResponse>%s</tds:%sResponse></SOAP-ENV:Body></SOAP-ENV:Envelope>`, what, out, what)
}

func (d *device) service(namespace, path string) string {
	return `<tds:Service><tds:Namespace>` + namespace + `</tds:Namespace><tds:XAddr>http://` + d.named() + path + `</tds:XAddr><tds:Version><tt:Major>2</tt:Major></tds:Version></tds:Service>`
}

func (d *device) profiles(second bool) string {
	if second {
		return `<tr2:Profiles token="main265"><tr2:Name>Main 265</tr2:Name><tr2:Configurations><tr2:VideoEncoder token="v"><tt:Name>enc</tt:Name><tt:Encoding>H265</tt:Encoding>` +
			`<tt:Resolution><tt:Width>3840</tt:Width><tt:Height>2160</tt:Height></tt:Resolution><tt:RateControl><tt:FrameRateLimit>12.5</tt:FrameRateLimit></tt:RateControl></tr2:VideoEncoder></tr2:Configurations></tr2:Profiles>`
	}
	one := func(token, name, encoding string, w, h int) string {
		return fmt.Sprintf(`<trt:Profiles token="%s" fixed="true"><tt:VideoSourceConfiguration token="vs"><tt:Name>source</tt:Name></tt:VideoSourceConfiguration><tt:Name>%s</tt:Name>`+
			`<tt:VideoEncoderConfiguration token="ve"><tt:Name>encoder</tt:Name><tt:Encoding>%s</tt:Encoding><tt:Resolution><tt:Width>%d</tt:Width><tt:Height>%d</tt:Height></tt:Resolution>`+
			`<tt:RateControl><tt:FrameRateLimit>25</tt:FrameRateLimit></tt:RateControl></tt:VideoEncoderConfiguration></trt:Profiles>`, token, name, encoding, w, h)
	}
	return one("main", "Main\n&amp; first", "H264", 1920, 1080) + one("sub", "Sub", "JPEG", 640, 360) +
		`<trt:Profiles token="sound"><tt:Name>Sound</tt:Name><tt:AudioEncoderConfiguration token="a"/></trt:Profiles>`
}

func (d *device) uri(body *soapxml.Node) string {
	host, _, _ := net.SplitHostPort(d.named())
	uri := "rtsp://" + host + ":554/" + body.Value("ProfileToken") + "?a=1&amp;b=2"
	if d.rtsp != "" {
		uri = d.rtsp
	}
	if body.Find("Protocol") != nil && body.Find("StreamSetup") == nil {
		return "<tr2:Uri>" + uri + "</tr2:Uri>"
	}
	return "<trt:MediaUri><tt:Uri>\n " + uri + " </tt:Uri><tt:InvalidAfterConnect>false</tt:InvalidAfterConnect></trt:MediaUri>"
}

// beacon answers WS-Discovery probes for devices, on this host's own network,
// as the function says.
func beacon(t *testing.T, answer func(id string, types string) []string) {
	t.Helper()
	conn, err := net.ListenMulticastUDP("udp4", nil, group)
	if err != nil {
		t.Skipf("no multicast on this host: %v", err)
	}
	p := ipv4.NewPacketConn(conn)
	ifaces, _ := net.Interfaces()
	for i := range ifaces {
		_ = p.JoinGroup(&ifaces[i], &net.UDPAddr{IP: group.IP}) // joined already, or none there: the others do
	}
	done := make(chan struct{})
	t.Cleanup(func() { conn.Close(); <-done })
	go func() {
		defer close(done)
		buf := make([]byte, 4096)
		for {
			n, from, err := conn.ReadFromUDPAddrPort(buf)
			if err != nil {
				return
			}
			doc, err := soapxml.Parse(buf[:n])
			if err != nil {
				continue
			}
			for _, a := range answer(doc.Value("Header", "MessageID"), doc.Value("Body", "Probe", "Types")) {
				reply(from, a)
			}
		}
	}()
}

// reply answers from the address at which the question arrived.
func reply(to netip.AddrPort, answer string) {
	conn, err := net.DialUDP("udp4", nil, net.UDPAddrFromAddrPort(to))
	if err != nil {
		return
	}
	defer conn.Close()
	local, _, _ := net.SplitHostPort(conn.LocalAddr().String())
	io.WriteString(conn, strings.ReplaceAll(answer, "SELF", local))
}

func match(id, endpoint, xaddrs, scopes string) string {
	if id != "" {
		id = "<wsa:RelatesTo>" + id + "</wsa:RelatesTo>"
	}
	return `<?xml version="1.0" encoding="utf-8"?><SOAP-ENV:Envelope xmlns:SOAP-ENV="http://www.w3.org/2003/05/soap-envelope" xmlns:wsa="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery">` +
		`<SOAP-ENV:Header>` + id + `</SOAP-ENV:Header><SOAP-ENV:Body><d:ProbeMatches><d:ProbeMatch><wsa:EndpointReference><wsa:Address>` + endpoint + `</wsa:Address></wsa:EndpointReference>` +
		`<d:Types>dn:NetworkVideoTransmitter</d:Types><d:Scopes>` + scopes + `</d:Scopes><d:XAddrs>` + xaddrs + `</d:XAddrs></d:ProbeMatch></d:ProbeMatches></SOAP-ENV:Body></SOAP-ENV:Envelope>`
}
