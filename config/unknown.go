package config

import (
	"strings"

	"github.com/bauta-gateway/bauta/config/nearest"
	"github.com/bauta-gateway/bauta/config/strict"
	"github.com/bauta-gateway/bauta/config/text"
)

// unknown says what to write instead of a key that does not exist. It never
// shows the value.
func unknown(section, name string) error {
	key := join(section, strict.Clip(name))
	if strict.IsSecret(name) {
		if section == "mqtt" {
			return text.Fail(nil, text.ConfigSecretMQTT, key)
		}
		return text.Fail(nil, text.ConfigSecret, key)
	}
	if near := nearestKey(section, name); near != "" {
		return text.Fail(nil, text.ConfigNearest, key, near)
	}
	return text.Fail(nil, text.ConfigUnknown, key, strings.Join(within(section), ", "))
}

// nearestKey returns the known key closest to name, or "" where none is close. A
// key of the same section wins over one that would have to move.
func nearestKey(section, name string) string {
	best, bestCost := "", 2*max(1, min(len(name), strict.MaxShown)/3)+1
	offer := func(key, known, home string) {
		cost := 2 * nearest.Distance(strict.Plain(name), strict.Plain(known))
		if home != section {
			cost++
		}
		if cost < bestCost {
			best, bestCost = key, cost
		}
	}
	for _, known := range within("") {
		offer(known, known, "")
	}
	for _, f := range shown() {
		if home, known, nested := strings.Cut(f.key, "."); nested {
			offer(f.key, known, home)
		}
	}
	return best
}
