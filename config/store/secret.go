package store

import (
	"fmt"
	"log/slog"
)

// Secret is a password or the like that prints as "[secret]" wherever it ends
// up: fmt with any verb, log/slog and JSON. Reveal alone gives
// it away. The zero value is the empty secret.
//
// Compare two by their revealed texts, not with ==.
type Secret struct {
	// A pointer: fmt cannot call our methods on the unexported field of
	// somebody's struct, and prints an address then.
	text *string
}

const masked = "[secret]"

// NewSecret wraps s.
func NewSecret(s string) Secret {
	if s == "" {
		return Secret{}
	}
	return Secret{text: &s}
}

// Reveal returns the secret itself.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// String returns "[secret]", for the empty secret too.
func (s Secret) String() string { return masked }

// GoString returns "[secret]".
func (s Secret) GoString() string { return masked }

// Format prints "[secret]" for every verb: %x and %d do not ask String.
func (s Secret) Format(f fmt.State, _ rune) { fmt.Fprint(f, masked) }

// MarshalJSON returns "[secret]" as JSON; there is no way back, on purpose.
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + masked + `"`), nil }

// LogValue logs "[secret]".
func (s Secret) LogValue() slog.Value { return slog.StringValue(masked) }
