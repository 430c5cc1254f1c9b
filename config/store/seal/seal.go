// Package seal encrypts the values that a store must not show, and keeps the key.
//
// In: the key's file or systemd credential, texts and the place that each is sealed
// for. Out: sealed bytes that open at that place alone. It starts no goroutines. It
// never writes a text in plain and never replaces a key but by the one of a backup
// that is restored, which it keeps beside the new one.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"fmt"
)

// Cipher seals texts with AES-256-GCM. A sealed text is a format byte, the random
// nonce and the ciphertext with its tag. It opens only at the place it was
// sealed for, so that nobody moves one camera's password to another.
type Cipher struct{ aead cipher.AEAD }

// KeySize is a key's length in bytes.
const KeySize = 32

const sealFormat = 1

var errUnsealed = errors.New("it was sealed with another key, for another place, or has been changed")

// New makes a Cipher of a key of KeySize bytes.
func New(key []byte) (*Cipher, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, err
	}
	return &Cipher{aead: aead}, nil
}

// Seal encrypts plain for the place; equal texts give different results.
func (c *Cipher) Seal(plain string, place ...string) []byte {
	return c.aead.Seal([]byte{sealFormat}, nil, []byte(plain), binding(place))
}

// Open returns what was sealed for the place; an error says that it was not, or that
// the bytes were changed.
func (c *Cipher) Open(sealed []byte, place ...string) (string, error) {
	if len(sealed) == 0 {
		return "", errUnsealed
	}
	if sealed[0] != sealFormat {
		return "", fmt.Errorf("unknown format %d of encryption", sealed[0])
	}
	plain, err := c.aead.Open(nil, nil, sealed[1:], binding(place))
	if err != nil {
		return "", errUnsealed
	}
	return string(plain), nil
}

// binding joins the parts of a place so that no two places give the same bytes.
func binding(place []string) []byte {
	b := []byte("bauta store")
	for _, part := range place {
		b = binary.BigEndian.AppendUint32(b, uint32(len(part)))
		b = append(b, part...)
	}
	return b
}

// proofText sealed reports whether a key is the one that all was sealed with.
const checkText = "bauta"

// Proof is what verify knows a key by.
func (c *Cipher) Check() []byte { return c.Seal(checkText, "key") }

// Verify reports whether all was sealed with this key, by a proof; nil is that of a
// database in which nothing was ever sealed.
func (c *Cipher) Verify(check []byte) error {
	if check == nil {
		return nil // nothing was ever sealed
	}
	got, err := c.Open(check, "key")
	if err == nil && got != checkText {
		err = errUnsealed
	}
	return err
}
