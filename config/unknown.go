package config

import (
	"strings"

	"github.com/bauta-gateway/bauta/config/nearest"
	"github.com/bauta-gateway/bauta/config/text"
)

// unknown says what to write instead of a key that does not exist. It never
// shows the value.
func unknown(section, name string) error {
	key := join(section, clip(name))
	if isSecret(name) {
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

func clip(s string) string {
	if len(s) > maxShown {
		return strings.ToValidUTF8(s[:maxShown], "") + "..."
	}
	return s
}

func isSecret(name string) bool {
	name = plain(name)
	for _, word := range []string{"passwd", "password", "passphrase", "secret"} {
		if strings.Contains(name, word) && !strings.Contains(name, "file") {
			return true
		}
	}
	return name == "pass" || name == "pwd"
}

// nearestKey returns the known key closest to name, or "" where none is close. A
// key of the same section wins over one that would have to move.
func nearestKey(section, name string) string {
	best, bestCost := "", 2*max(1, min(len(name), maxShown)/3)+1
	offer := func(key, known, home string) {
		cost := 2 * nearest.Distance(plain(name), plain(known))
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

// plain makes lookAhead, look-ahead and LOOK_AHEAD the same.
func plain(s string) string {
	s = strings.ToLower(clip(s))
	return strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r == ' ' {
			return -1
		}
		return r
	}, s)
}
