package slug

import (
	"strings"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// Bounds of a Prefix. A RabbitMQ routing key has 255 bytes, and names of gateways,
// cameras and clauses follow.
const (
	MaxPrefix       = 64 // bytes
	MaxPrefixLevels = 4
)

// Prefix reports whether topics may begin with s: ids parted by single slashes, without one at
// either end. There are no wildcards among them, none of a broker's own topics, and no letter
// that a broker would take for something else; what Home Assistant prescribes is not Bauta's.
func Prefix(s string) bool {
	levels := strings.Split(s, "/")
	if len(s) > MaxPrefix || len(levels) > MaxPrefixLevels || levels[0] == "homeassistant" {
		return false
	}
	for _, l := range levels {
		if _, err := media.ParseCameraID(l); err != nil { // the same ids
			return false
		}
	}
	return true
}
