package topics

import (
	"strings"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// consents is the level below which the gateways of a broker share what they know of
// consents; asking ends the topic on which one of them asks.
const (
	consents = "consent/"
	asking   = "/consent/" + string(consent.KindAsk)
)

// Consents is the filter for all that gateways share.
func (p Prefix) Consents() string { return p.root() + consents + "#" }

// Revocations is the filter for the signed revocations of all issuers.
func (p Prefix) Revocations() string { return p.Consent(consent.KindRevocation, "+") }

// Letters is the filter for consents that are encrypted to gateways.
func (p Prefix) Letters() string { return p.Consent(consent.KindLetter, "+") }

// AllAsk is the filter for what any gateway asks.
func (p Prefix) AllAsk() string { return p.Consent(consent.KindAsk, "+") }

// Consent is the topic of one kind and name.
func (p Prefix) Consent(kind consent.Kind, name string) string {
	if kind == consent.KindAsk {
		return p.root() + name + asking
	}
	return p.root() + consents + string(kind) + "/" + name
}

// ConsentOf is the kind and the name in a topic of Consent; false for any other topic.
func (p Prefix) ConsentOf(topic string) (kind consent.Kind, name string, ok bool) {
	rest, ok := p.Below(topic)
	if !ok {
		return "", "", false
	}
	if shared, below := strings.CutPrefix(rest, consents); below {
		word, name, _ := strings.Cut(shared, "/")
		switch kind = consent.Kind(word); kind {
		case consent.KindRevocation, consent.KindLetter:
			return kind, name, consent.ValidID(name)
		case consent.KindList, consent.KindAttestation, consent.KindDigest:
			return kind, name, consent.ValidName(name)
		}
		return "", "", false
	}
	name, is := strings.CutSuffix(rest, asking)
	_, err := media.ParseCameraID(name) // gateways' names are the same slugs
	return consent.KindAsk, name, is && err == nil
}
