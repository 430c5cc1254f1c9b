package onvifserver

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/bauta-gateway/bauta/gateway/onvif/soapxml"
)

// The namespaces of what is asked and answered.
const (
	deviceNS = "http://www.onvif.org/ver10/device/wsdl"
	mediaNS  = "http://www.onvif.org/ver10/media/wsdl"
	media2NS = "http://www.onvif.org/ver20/media/wsdl"
	eventsNS = "http://www.onvif.org/ver10/events/wsdl"
	notifyNS = "http://docs.oasis-open.org/wsn/b-2"
	// ownNS is that of the one topic that ONVIF has not.
	ownNS = "urn:bauta:topics"
)

// envelope begins each answer; all prefixes are declared there.
const envelope = `<?xml version="1.0" encoding="UTF-8"?>` +
	`<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:wsa="http://www.w3.org/2005/08/addressing"` +
	` xmlns:tt="http://www.onvif.org/ver10/schema" xmlns:tds="` + deviceNS + `" xmlns:trt="` + mediaNS + `" xmlns:tr2="` + media2NS + `" xmlns:tev="` + eventsNS + `"` +
	` xmlns:wsnt="` + notifyNS + `" xmlns:wstop="http://docs.oasis-open.org/wsn/t-1" xmlns:ter="http://www.onvif.org/ver10/error"` +
	` xmlns:tns1="http://www.onvif.org/ver10/topics" xmlns:bauta="` + ownNS + `" xmlns:xs="http://www.w3.org/2001/XMLSchema">`

// tag is an element with what is in it. The name may be followed by attributes.
func tag(name string, inner ...string) string {
	first, _, _ := strings.Cut(name, " ")
	if len(inner) == 0 {
		return "<" + name + "/>"
	}
	return "<" + name + ">" + strings.Join(inner, "") + "</" + first + ">"
}

// value is an element with a text.
func value(name string, is any) string { return tag(name, soapxml.Escape(fmt.Sprint(is))) }

// attr is an attribute, with the blank before it.
func attr(name string, is any) string {
	return " " + name + `="` + soapxml.Escape(fmt.Sprint(is)) + `"`
}

// fault is a refusal as SOAP 1.2 and ONVIF (core specification, section 5.8.2) write it.
type fault struct {
	// receiver: the device cannot; otherwise the sender is at fault.
	receiver bool
	// codes are ONVIF's, the outer one first.
	codes  []string
	reason string
	// challenge asks for a login by HTTP digest; stale says that the old one's nonce was too old.
	challenge, stale bool
}

func (f *fault) Error() string { return f.reason }

// The refusals.
var (
	notImplemented = &fault{receiver: true, codes: []string{"ter:ActionNotSupported"}, reason: "Optional action not implemented"}
	nothingSet     = &fault{receiver: true, codes: []string{"ter:ActionNotSupported"}, reason: "Optional action not implemented: nothing can be set here"}
	notForLogin    = &fault{codes: []string{"ter:NotAuthorized"}, reason: "Sender not authorized"}
	notWellFormed  = &fault{codes: []string{"ter:WellFormed"}, reason: "Well-formed error"}
)

func invalid(code, reason string) *fault {
	return &fault{codes: []string{"ter:InvalidArgVal", code}, reason: reason}
}

func (f *fault) body() string {
	var sub string
	for i := len(f.codes) - 1; i >= 0; i-- {
		sub = tag("s:Subcode", value("s:Value", f.codes[i]), sub)
	}
	code := "s:Sender"
	if f.receiver {
		code = "s:Receiver"
	}
	return tag("s:Fault", tag("s:Code", value("s:Value", code), sub), tag("s:Reason", value(`s:Text xml:lang="en"`, f.reason)))
}

// status is as SOAP 1.2 has it over HTTP; the core specification, section 5.9.1, asks for 401 where a login is wanted.
func (f *fault) status() int {
	switch {
	case f.challenge:
		return http.StatusUnauthorized
	case f.receiver:
		return http.StatusInternalServerError
	}
	return http.StatusBadRequest
}

// send writes an envelope. The client may be gone.
func send(w http.ResponseWriter, status int, header, body string) {
	w.Header().Set("Content-Type", "application/soap+xml; charset=utf-8")
	w.WriteHeader(status)
	if header != "" {
		header = tag("s:Header", header)
	}
	_, _ = w.Write([]byte(envelope + header + tag("s:Body", body) + "</s:Envelope>"))
}
