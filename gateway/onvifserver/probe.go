package onvifserver

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/bauta-gateway/bauta/gateway/onvif/soapxml"
)

// Namespaces and words of WS-Discovery as ONVIF has it (core specification, section 7.3): the drafts of 2004 and 2005.
const (
	discoveryNS = "http://schemas.xmlsoap.org/ws/2005/04/discovery"
	anonymous   = "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous"
	everybody   = "urn:schemas-xmlsoap-org:ws:2005:04:discovery"
	types       = "dn:NetworkVideoTransmitter tds:Device"
)

// description is what a search finds.
type description struct {
	id, name string
	// at is where the device is served: an unspecified address means all of this host's.
	at netip.AddrPort
}

func (s *Server) described() description {
	at, _ := netip.ParseAddrPort(s.Addr()) // a listener's always is one
	return description{s.cfg.ID, s.cfg.Name, netip.AddrPortFrom(at.Addr().Unmap(), at.Port())}
}

// servedAt reports whether the device is reached at an address of this host.
func (d description) servedAt(a netip.Addr) bool {
	return d.at.Addr().IsUnspecified() || d.at.Addr() == a
}

func (d description) urn() string { return "urn:uuid:" + d.id }

// packet makes a message: to whom, what, in answer to which number.
func packet(action, to, relates, id string, sequence string, body string) []byte {
	if relates != "" {
		relates = value("a:RelatesTo", relates)
	}
	header := value("a:MessageID", "urn:uuid:"+id) + relates + value("a:To", to) + value("a:Action", discoveryNS+"/"+action) + sequence
	return []byte(`<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"` +
		` xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="` + discoveryNS + `"` +
		` xmlns:dn="http://www.onvif.org/ver10/network/wsdl" xmlns:tds="` + deviceNS + `">` + tag("s:Header", header) + tag("s:Body", body) + `</s:Envelope>`)
}

func (d description) endpoint() string {
	return tag("a:EndpointReference", value("a:Address", d.urn()))
}

// match describes the device, by its address on one interface.
func (d description) match(at netip.Addr) string {
	xaddr := "http://" + netip.AddrPortFrom(at, d.at.Port()).String() + root + "device" + serviceSuffix
	return d.endpoint() + value("d:Types", types) + value("d:Scopes", strings.Join(scopes(d.name), " ")) + value("d:XAddrs", xaddr) + value("d:MetadataVersion", 1)
}

// question is a search that this device answers.
type question struct {
	id      string // of the message
	resolve bool   // asks for the address of this very device
}

// maxID bounds the number of a message, which the answer repeats, in bytes.
const maxID = 128

// asked reads a datagram; false: it is no search, or one for something else.
func (d description) asked(data []byte) (q question, ok bool) {
	doc, err := soapxml.Parse(data)
	if err != nil || doc.Name != "Envelope" {
		return q, false
	}
	q.id = doc.Value("Header", "MessageID")
	if q.id == "" || len(q.id) > maxID || doc.Find("Header", "RelatesTo") != nil { // an answer is never answered
		return q, false
	}
	body, err := questionOf(doc)
	switch {
	case err != nil:
		return q, false
	case body.Name == "Resolve":
		q.resolve = true
		return q, body.Value("EndpointReference", "Address") == d.urn()
	}
	return q, body.Name == "Probe" && ofTypes(body.Value("Types")) && d.inScopes(body.Find("Scopes"))
}

// ofTypes reports whether the device is of all types that are asked for.
func ofTypes(asked string) bool {
	for _, one := range strings.Fields(asked) {
		if name := one[strings.LastIndexByte(one, ':')+1:]; name != "NetworkVideoTransmitter" && name != "Device" {
			return false
		}
	}
	return true
}

// inScopes compares by parts of paths, which is the rule where none is named (WS-Discovery, section 5.1); of other rules only plain comparison is known.
func (d description) inScopes(asked *soapxml.Node) bool {
	if asked == nil {
		return true
	}
	plain := strings.HasSuffix(asked.Attr("MatchBy"), "/strcmp0")
	if by := asked.Attr("MatchBy"); by != "" && !plain && !strings.HasSuffix(by, "/rfc3986") {
		return false
	}
	own := scopes(d.name)
	for _, one := range strings.Fields(asked.Text) {
		if !within(own, one, plain) {
			return false
		}
	}
	return true
}

func within(own []string, asked string, plain bool) bool {
	for _, scope := range own {
		if scope == asked || !plain && strings.HasPrefix(scope, strings.TrimSuffix(asked, "/")+"/") {
			return true
		}
	}
	return false
}

// answer to a question, by an address of this device.
func (d description) answer(q question, at netip.Addr, id, sequence string) []byte {
	if q.resolve {
		return packet("ResolveMatches", anonymous, q.id, id, sequence, tag("d:ResolveMatches", tag("d:ResolveMatch", d.match(at))))
	}
	return packet("ProbeMatches", anonymous, q.id, id, sequence, tag("d:ProbeMatches", tag("d:ProbeMatch", d.match(at))))
}

func (d description) hello(at netip.Addr, id, sequence string) []byte {
	return packet("Hello", everybody, "", id, sequence, tag("d:Hello", d.match(at)))
}

func (d description) bye(id, sequence string) []byte {
	return packet("Bye", everybody, "", id, sequence, tag("d:Bye", d.endpoint()))
}

// sequence orders the messages of one start (WS-Discovery, section 7).
func sequence(instance int64, number uint64) string {
	return tag(fmt.Sprintf(`d:AppSequence InstanceId="%d" MessageNumber="%d"`, uint32(instance), number))
}
