package topics

import (
	"strings"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// ConsentKind is what a message about consents is.
type ConsentKind string

// The kinds. All but the last stand below Root/consent, which the gateways of a broker share.
const (
	// Revocation is one that an issuer signed, by its id.
	Revocation ConsentKind = "revocation"
	// List is all that an issuer has withdrawn, by the issuer's name; Attestation says how new it is.
	List        ConsentKind = "list"
	Attestation ConsentKind = "attestation"
	// Digest is what some gateway knows of an issuer's list, by the issuer's name.
	Digest ConsentKind = "digest"
	// Ask is a gateway's wish to be told more, by its own name.
	Ask ConsentKind = "ask"
)

// Consents is the filter for all that gateways share.
const Consents = consents + "#"

const (
	consents = Root + "/consent/"
	asking   = "/consent/" + string(Ask)
)

// Revocations is the filter for the signed revocations of all issuers.
const Revocations = consents + string(Revocation) + "/+"

// AllAsk is the filter for what any gateway asks.
const AllAsk = Root + "/+" + asking

// Consent is the topic of one kind and name.
func Consent(kind ConsentKind, name string) string {
	if kind == Ask {
		return Root + "/" + name + asking
	}
	return consents + string(kind) + "/" + name
}

// ConsentOf is the kind and the name in a topic of Consent; false for any other topic.
func ConsentOf(topic string) (kind ConsentKind, name string, ok bool) {
	if rest, below := strings.CutPrefix(topic, consents); below {
		word, name, _ := strings.Cut(rest, "/")
		switch kind = ConsentKind(word); kind {
		case Revocation:
			return kind, name, consent.ValidID(name)
		case List, Attestation, Digest:
			return kind, name, consent.ValidName(name)
		}
		return "", "", false
	}
	rest, below := strings.CutPrefix(topic, Root+"/")
	name, is := strings.CutSuffix(rest, asking)
	_, err := media.ParseCameraID(name) // gateways' names are the same slugs
	return Ask, name, below && is && err == nil
}
