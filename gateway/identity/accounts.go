package identity

import (
	"time"

	"github.com/bauta-gateway/bauta/config/text"
)

// User is an account as others see it.
type User struct {
	Name     string    `json:"name"`
	Role     Role      `json:"role"`
	Language text.Lang `json:"language,omitempty"`
	Created  time.Time `json:"created"`
	// ID is what the audit log names.
	ID string `json:"id"`
	// LastSeen is the hour of the last use; zero: none yet.
	LastSeen time.Time `json:"last_seen,omitzero"`
	// Second: a login needs a code beside the password. Provider: a login provider proves it.
	Second   bool `json:"second,omitempty"`
	Provider bool `json:"provider,omitempty"`
}

// Token is a machine's token as others see it: without its secret.
type Token struct {
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	Role    Role      `json:"role"`
	Created time.Time `json:"created"`
	Expires time.Time `json:"expires"`
}
