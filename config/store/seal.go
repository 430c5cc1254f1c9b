package store

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"fmt"
)

// box seals texts with AES-256-GCM. A sealed text is a format byte, the random
// nonce and the ciphertext with its tag. It opens only at the place it was
// sealed for, so that nobody moves one camera's password to another.
type box struct{ aead cipher.AEAD }

const (
	keySize    = 32 // bytes
	sealFormat = 1
)

var errUnsealed = errors.New("it was sealed with another key, for another place, or has been changed")

func newBox(key []byte) (*box, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, err
	}
	return &box{aead: aead}, nil
}

// seal encrypts plain for the place; equal texts give different results.
func (b *box) seal(plain string, place ...string) []byte {
	return b.aead.Seal([]byte{sealFormat}, nil, []byte(plain), binding(place))
}

func (b *box) open(sealed []byte, place ...string) (string, error) {
	if len(sealed) == 0 {
		return "", errUnsealed
	}
	if sealed[0] != sealFormat {
		return "", fmt.Errorf("unknown format %d of encryption", sealed[0])
	}
	plain, err := b.aead.Open(nil, nil, sealed[1:], binding(place))
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

// proofText sealed tells whether a key is the one that all was sealed with.
const proofText = "bauta"

// proof is what verify knows a key by.
func (b *box) proof() []byte { return b.seal(proofText, "key") }

// verify tells whether all was sealed with this key, by a proof; nil is that of a
// database in which nothing was ever sealed.
func (b *box) verify(proof []byte) error {
	if proof == nil {
		return nil // nothing was ever sealed
	}
	got, err := b.open(proof, "key")
	if err == nil && got != proofText {
		err = errUnsealed
	}
	return err
}
