package slug

import "strings"

// MaxTopic bounds a topic that a person chooses, in bytes.
const MaxTopic = 128

// ownRoot is the first level of all topics that are Bauta's own.
const ownRoot = "bauta"

// IsTopic reports whether a person may choose a topic for messages that another program
// prescribes: levels of letters, digits, dashes, underscores and dots, none of them empty and
// the first one not Bauta's own.
func IsTopic(topic string) bool {
	if len(topic) > MaxTopic {
		return false
	}
	levels := strings.Split(topic, "/")
	for _, level := range levels {
		if level == "" || strings.ContainsFunc(level, notInTopic) {
			return false
		}
	}
	return levels[0] != ownRoot
}

func notInTopic(r rune) bool {
	letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	return !letter && !strings.ContainsRune("-_.", r)
}
