package consent

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"strings"

	"github.com/bauta-gateway/bauta/config/text"
)

// PrivateKey signs tokens and revocations.
type PrivateKey struct{ key ed25519.PrivateKey }

// PublicKey proves them.
type PublicKey struct{ key ed25519.PublicKey }

// Issuer is who may sign.
type Issuer struct {
	// Name is what tokens must say in iss; empty takes any name.
	Name string
	Key  PublicKey
}

// Issuers are the trusted keys by their key id.
type Issuers map[string]Issuer

// NewIssuers collects issuers.
func NewIssuers(all ...Issuer) Issuers {
	trust := Issuers{}
	for _, i := range all {
		trust[i.Key.ID()] = i
	}
	return trust
}

// NewKey makes a random key.
func NewKey() PrivateKey {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		panic(fmt.Sprintf("consent: no random numbers: %v", err)) // crypto/rand never fails
	}
	return PrivateKey{key}
}

// Public is the key's other half.
func (k PrivateKey) Public() PublicKey { return PublicKey{k.key.Public().(ed25519.PublicKey)} }

// String hides the key from logs.
func (k PrivateKey) String() string { return "[secret]" }

// GoString hides it from %#v.
func (k PrivateKey) GoString() string { return "[secret]" }

// Format hides it from every other verb.
func (k PrivateKey) Format(f fmt.State, _ rune) { fmt.Fprint(f, "[secret]") }

// ID is the key's thumbprint by RFC 7638 with the members of RFC 8037: the
// SHA-256 of its JSON Web Key, in unpadded base64url. Tokens carry it as kid.
func (k PublicKey) ID() string {
	x := base64.RawURLEncoding.EncodeToString(k.key)
	sum := sha256.Sum256([]byte(`{"crv":"Ed25519","kty":"OKP","x":"` + x + `"}`))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

const (
	privateBlock = "PRIVATE KEY"
	publicBlock  = "PUBLIC KEY"
)

// PEM is the key in PKCS #8.
func (k PrivateKey) PEM() []byte {
	der, err := x509.MarshalPKCS8PrivateKey(k.key)
	if err != nil {
		panic(fmt.Sprintf("consent: %v", err)) // an Ed25519 key always encodes
	}
	return pem.EncodeToMemory(&pem.Block{Type: privateBlock, Bytes: der})
}

// PEM is the key in PKIX.
func (k PublicKey) PEM() []byte {
	der, err := x509.MarshalPKIXPublicKey(k.key)
	if err != nil {
		panic(fmt.Sprintf("consent: %v", err)) // an Ed25519 key always encodes
	}
	return pem.EncodeToMemory(&pem.Block{Type: publicBlock, Bytes: der})
}

// ParsePrivateKey reads what PEM made. Errors wrap ErrKey and never show the content.
func ParsePrivateKey(b []byte) (PrivateKey, error) {
	block, rest := pem.Decode(b)
	if block == nil || block.Type != privateBlock || strings.TrimSpace(string(rest)) != "" {
		return PrivateKey{}, text.Fail(ErrKey, text.ConsentNoPrivateKey)
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	ed, ok := key.(ed25519.PrivateKey)
	if err != nil || !ok {
		return PrivateKey{}, text.Fail(ErrKey, text.ConsentNoPrivateKey)
	}
	return PrivateKey{ed}, nil
}

// ParsePublicKey reads what PEM made. Errors wrap ErrKey.
func ParsePublicKey(b []byte) (PublicKey, error) {
	block, rest := pem.Decode(b)
	switch {
	case block != nil && block.Type == privateBlock:
		return PublicKey{}, text.Fail(ErrKey, text.ConsentKeyIsPrivate)
	case block == nil || block.Type != publicBlock || strings.TrimSpace(string(rest)) != "":
		return PublicKey{}, text.Fail(ErrKey, text.ConsentNoPublicKey)
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	ed, ok := key.(ed25519.PublicKey)
	if err != nil || !ok {
		return PublicKey{}, text.Fail(ErrKey, text.ConsentNoPublicKey)
	}
	return PublicKey{ed}, nil
}
