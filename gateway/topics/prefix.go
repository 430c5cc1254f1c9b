package topics

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/bauta-gateway/bauta/config/slug"
)

// Prefix begins all topics that are Bauta's own, so that several tenants can share a
// broker: slug.Prefix says what one is. Empty means
// Root. What Home Assistant prescribes does not stand below it.
type Prefix string

// ParsePrefix takes the empty one too.
func ParsePrefix(s string) (Prefix, error) {
	if s != "" && !slug.Prefix(s) {
		return "", fmt.Errorf("topic prefix is not one: use up to %d levels of a-z, 0-9 and single dashes, %d bytes in all, as in acme/bauta", slug.MaxPrefixLevels, slug.MaxPrefix)
	}
	return Prefix(s), nil
}

func (p Prefix) root() string { return cmp.Or(string(p), Root) + "/" }

// Of is for the gateway of this name.
func (p Prefix) Of(gateway string) Gateway { return Gateway{p.root() + gateway + "/"} }

// All is the filter for all topics below the prefix.
func (p Prefix) All() string { return p.root() + "#" }

// Below is what a topic says below the prefix; false for one that is not there.
func (p Prefix) Below(topic string) (rest string, ok bool) { return strings.CutPrefix(topic, p.root()) }

// AllStatus is the filter that finds all gateways of a broker.
func (p Prefix) AllStatus() string { return p.root() + "+/" + Status }

// ClientID is that of a gateway: stable, and another one for each prefix and name, since
// no level holds an underscore.
func (p Prefix) ClientID(gateway string) string {
	if root := cmp.Or(string(p), Root); root != Root {
		return strings.ReplaceAll(root, "/", "_") + "_" + gateway
	}
	return Root + "-" + gateway
}
