package topics

import (
	"strings"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Consents is the filter for all that gateways share.
const Consents = consents + "#"

const (
	consents = Root + "/consent/"
	asking   = "/consent/" + string(consent.KindAsk)
)

// Revocations is the filter for the signed revocations of all issuers.
const Revocations = consents + string(consent.KindRevocation) + "/+"

// Letters is the filter for consents that are encrypted to gateways.
const Letters = consents + string(consent.KindLetter) + "/+"

// AllAsk is the filter for what any gateway asks.
const AllAsk = Root + "/+" + asking

// Consent is the topic of one kind and name.
func Consent(kind consent.Kind, name string) string {
	if kind == consent.KindAsk {
		return Root + "/" + name + asking
	}
	return consents + string(kind) + "/" + name
}

// ConsentOf is the kind and the name in a topic of Consent; false for any other topic.
func ConsentOf(topic string) (kind consent.Kind, name string, ok bool) {
	if rest, below := strings.CutPrefix(topic, consents); below {
		word, name, _ := strings.Cut(rest, "/")
		switch kind = consent.Kind(word); kind {
		case consent.KindRevocation, consent.KindLetter:
			return kind, name, consent.ValidID(name)
		case consent.KindList, consent.KindAttestation, consent.KindDigest:
			return kind, name, consent.ValidName(name)
		}
		return "", "", false
	}
	rest, below := strings.CutPrefix(topic, Root+"/")
	name, is := strings.CutSuffix(rest, asking)
	_, err := media.ParseCameraID(name) // gateways' names are the same slugs
	return consent.KindAsk, name, below && is && err == nil
}
