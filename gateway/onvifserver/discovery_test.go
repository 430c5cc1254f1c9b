package onvifserver

import (
	"fmt"
	"log/slog"
	"net/netip"
	"strings"
	"testing"

	"golang.org/x/time/rate"

	"github.com/bauta-gateway/bauta/gateway/onvif/soapxml"
)

// discard is a log that keeps nothing.
var discard = slog.New(slog.DiscardHandler)

var found = description{id: deviceUUID, name: "gate house", at: netip.MustParseAddrPort("[::]:8580")}

func search(header, body string) []byte {
	return []byte(`<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery">` +
		`<s:Header>` + header + `</s:Header><s:Body>` + body + `</s:Body></s:Envelope>`)
}

const numbered = `<a:MessageID>urn:uuid:7</a:MessageID>`

// What is asked for this device is answered, and nothing else.
func TestSearches(t *testing.T) {
	probe := func(inner string) []byte { return search(numbered, `<d:Probe>`+inner+`</d:Probe>`) }
	for name, data := range map[string][]byte{
		"anything":        probe(""),
		"a camera":        probe(`<d:Types xmlns:dn="http://www.onvif.org/ver10/network/wsdl">dn:NetworkVideoTransmitter</d:Types>`),
		"a device":        probe(`<d:Types>tds:Device</d:Types>`),
		"both":            probe(`<d:Types>tds:Device dn:NetworkVideoTransmitter</d:Types>`),
		"a scope":         probe(`<d:Scopes>onvif://www.onvif.org/Profile/Streaming</d:Scopes>`),
		"above scopes":    probe(`<d:Scopes>onvif://www.onvif.org/Profile/ onvif://www.onvif.org/hardware</d:Scopes>`),
		"a name":          probe(`<d:Scopes MatchBy="http://schemas.xmlsoap.org/ws/2005/04/discovery/strcmp0">onvif://www.onvif.org/name/gate%20house</d:Scopes>`),
		"where it is":     search(numbered, `<d:Resolve><a:EndpointReference><a:Address>urn:uuid:`+deviceUUID+`</a:Address></a:EndpointReference></d:Resolve>`),
		"without a space": []byte(`<Envelope><Header><MessageID>1</MessageID></Header><Body><Probe/></Body></Envelope>`),
	} {
		if _, ok := found.asked(data); !ok {
			t.Errorf("%s is not answered", name)
		}
	}
	for name, data := range map[string][]byte{
		"a printer":        probe(`<d:Types>wsdp:Printer</d:Types>`),
		"a display":        probe(`<d:Types>dn:NetworkVideoDisplay</d:Types>`),
		"one of two":       probe(`<d:Types>dn:NetworkVideoTransmitter wsdp:Printer</d:Types>`),
		"another scope":    probe(`<d:Scopes>onvif://www.onvif.org/location/x</d:Scopes>`),
		"half a part":      probe(`<d:Scopes>onvif://www.onvif.org/Prof</d:Scopes>`),
		"a plain part":     probe(`<d:Scopes MatchBy="x/strcmp0">onvif://www.onvif.org/Profile</d:Scopes>`),
		"another rule":     probe(`<d:Scopes MatchBy="x/ldap">onvif://www.onvif.org/Profile</d:Scopes>`),
		"another device":   search(numbered, `<d:Resolve><a:EndpointReference><a:Address>urn:uuid:1</a:Address></a:EndpointReference></d:Resolve>`),
		"no number":        search("", `<d:Probe/>`),
		"too long a one":   search(`<a:MessageID>`+strings.Repeat("x", maxID+1)+`</a:MessageID>`, `<d:Probe/>`),
		"an answer":        search(numbered+`<a:RelatesTo>urn:uuid:8</a:RelatesTo>`, `<d:Probe/>`),
		"answers of ours":  found.answer(question{id: "1"}, netip.MustParseAddr("192.0.2.1"), "2", ""),
		"a hello":          found.hello(netip.MustParseAddr("192.0.2.1"), "2", ""),
		"a bye":            found.bye("2", ""),
		"no envelope":      []byte(`<Probe/>`),
		"nothing":          nil,
		"a declared type":  []byte(`<!DOCTYPE a [<!ENTITY b "c">]><a/>`),
		"half of one":      probe("")[:200],
		"an empty message": []byte(`<Envelope/>`),
	} {
		if q, ok := found.asked(data); ok {
			t.Errorf("%s is answered: %+v", name, q)
		}
	}
}

// An answer has the address at which it was asked, and says nothing of places or persons.
func TestAnswerToASearch(t *testing.T) {
	data := found.answer(question{id: `7"<&`}, netip.MustParseAddr("192.0.2.1"), deviceUUID, sequence(1, 2))
	doc, err := soapxml.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"RelatesTo": `7"<&`, "Action": "http://schemas.xmlsoap.org/ws/2005/04/discovery/ProbeMatches", "XAddrs": "http://192.0.2.1:8580/onvif/device_service",
		"Types": "dn:NetworkVideoTransmitter tds:Device", "To": "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous",
	} {
		if got := doc.Value(path); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
	if scopes := doc.Value("Scopes"); strings.Contains(scopes, "location") || len(data) > 2000 {
		t.Errorf("%d bytes, scopes %s", len(data), scopes)
	}
}

// Only hosts of the interface's own network are answered.
func TestHostsOfANetwork(t *testing.T) {
	for network, hosts := range map[string]map[string]bool{
		"192.0.2.1/24":   {"192.0.2.7": true, "192.0.2.0": false, "192.0.2.255": false, "192.0.3.7": false, "239.255.255.250": false, "0.0.0.0": false, "::1": false},
		"10.1.2.1/22":    {"10.1.3.255": false, "10.1.2.255": true, "10.1.0.0": false, "10.1.3.0": true, "10.1.4.0": false},
		"192.0.2.0/31":   {"192.0.2.1": true, "192.0.2.0": true, "192.0.2.2": false},
		"169.254.3.4/16": {"169.254.9.9": true, "169.254.255.255": false},
	} {
		for host, want := range hosts {
			if got := usable(netip.MustParsePrefix(network), netip.MustParseAddr(host)); got != want {
				t.Errorf("%s in %s: %v", host, network, got)
			}
		}
	}
}

// A source gets few answers, all together get few, and no more sources are remembered than a bound.
func TestAnswersAreFew(t *testing.T) {
	s := &discovery{all: rate.NewLimiter(AnswersASecond, AnswersASecond), each: map[netip.Addr]*rate.Limiter{}}
	one, all := 0, 0
	for range 100 {
		if s.allowed(netip.MustParseAddr("192.0.2.7")) {
			one++
		}
	}
	for i := range 2 * maxAskers {
		if s.allowed(netip.MustParseAddr(fmt.Sprintf("10.0.%d.%d", i/250, i%250))) {
			all++
		}
	}
	if one > answersAtOnce+1 || one+all > 3*AnswersASecond || len(s.each) > maxAskers {
		t.Errorf("%d answers to one, %d to all others, %d remembered", one, all, len(s.each))
	}
}
