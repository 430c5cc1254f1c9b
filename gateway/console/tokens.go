package console

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/identity"
)

// TokenPrefix marks a machine's token, so that scanners find one that was
// published by mistake.
const TokenPrefix = "bauta_"

const (
	maxTokens    = 100
	maxTokenName = 64 // bytes
	maxTokenDays = 3650
)

// machine is a token with the requests that run on it.
type machine struct {
	store.APIToken
	ctx context.Context
	end context.CancelFunc
}

func newMachine(t store.APIToken) *machine {
	ctx, cancel := context.WithCancel(context.Background())
	return &machine{t, ctx, cancel}
}

func (m *machine) public() identity.Token {
	return identity.Token{ID: m.ID, Name: m.Name, Role: identity.Role(m.Role), Created: m.Created, Expires: m.Expires}
}

// Tokens lists the machines' tokens by name, ended ones included.
func (a *Accounts) Tokens() []identity.Token {
	a.mu.Lock()
	defer a.mu.Unlock()
	all := []identity.Token{}
	for _, m := range a.tokens {
		all = append(all, m.public())
	}
	slices.SortFunc(all, func(x, y identity.Token) int { return cmp.Or(cmp.Compare(x.Name, y.Name), cmp.Compare(x.ID, y.ID)) })
	return all
}

// AddToken makes a token for a machine that is good for some days, 1 to 3650.
// The secret is returned this once; the store has its hash alone.
func (a *Accounts) AddToken(name string, role identity.Role, days int) (t identity.Token, secret string, err error) {
	if name == "" || len(name) > maxTokenName || !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) {
		return identity.Token{}, "", text.Fail(ErrInvalid, text.AccessTokenName, maxTokenName)
	}
	if err := checkRole(role); err != nil {
		return identity.Token{}, "", err
	}
	if days < 1 || days > maxTokenDays {
		return identity.Token{}, "", text.Fail(ErrInvalid, text.ConfigRange, "days", days, 1, maxTokenDays, 365)
	}
	secret = TokenPrefix + random()
	now := a.now().UTC().Truncate(time.Second)
	m := newMachine(store.APIToken{ID: newID("t"), Name: name, Role: string(role), Hash: hashOf(secret), Created: now, Expires: now.AddDate(0, 0, days)})
	a.changing.Lock()
	defer a.changing.Unlock()
	if len(a.Tokens()) >= maxTokens {
		return identity.Token{}, "", text.Fail(ErrInvalid, text.AccessTokenLimit, maxTokens)
	}
	if err := a.store.PutAPIToken(m.APIToken); err != nil {
		return identity.Token{}, "", err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.tokens[m.ID] = m
	return m.public(), secret, nil
}

// RemoveToken ends a token and what runs on it.
func (a *Accounts) RemoveToken(id string) (identity.Token, error) {
	a.changing.Lock()
	defer a.changing.Unlock()
	a.mu.Lock()
	m := a.tokens[id]
	a.mu.Unlock()
	if m == nil {
		return identity.Token{}, text.Fail(ErrNotFound, text.AccessNoToken, id)
	}
	if err := a.store.DeleteAPIToken(id); err != nil {
		return identity.Token{}, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.tokens, id)
	m.end()
	return m.public(), nil
}

// AgainToken returns what puts a token back as it is now: its secret counts again. Nil where
// there is none.
func (a *Accounts) AgainToken(id string) func() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	was := a.tokens[id]
	if was == nil {
		return nil
	}
	return func() error {
		a.changing.Lock()
		defer a.changing.Unlock()
		if len(a.Tokens()) >= maxTokens {
			return text.Fail(ErrInvalid, text.AccessTokenLimit, maxTokens)
		}
		if err := a.store.PutAPIToken(was.APIToken); err != nil {
			return err
		}
		a.mu.Lock()
		defer a.mu.Unlock()
		a.tokens[id] = newMachine(was.APIToken)
		return nil
	}
}

// machine returns whose token it is. 256 random bits need no slow hash.
func (a *Accounts) machine(secret string) (identity.Identity, bool) {
	if !strings.HasPrefix(secret, TokenPrefix) {
		return identity.Identity{}, false
	}
	want := []byte(hashOf(secret))
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, m := range a.tokens {
		if subtle.ConstantTimeCompare([]byte(m.Hash), want) == 1 && a.now().Before(m.Expires) {
			return identity.Identity{ID: m.ID, Role: identity.Role(m.Role), Until: m.ctx}, true
		}
	}
	return identity.Identity{}, false
}

func hashOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// sweepTokens ends what runs on tokens that are over.
func (a *Accounts) sweepTokens() {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, m := range a.tokens {
		if !a.now().Before(m.Expires) {
			m.end()
		}
	}
}
