package consent

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"filippo.io/age"
	"filippo.io/age/armor"

	"github.com/bauta-gateway/bauta/config/text"
)

const (
	// MaxLetter bounds tokens that are encrypted to gateways, in bytes.
	MaxLetter = MaxList
	// MaxReaders bounds the gateways that one letter is for.
	MaxReaders = 200
)

// ErrNotForUs: encrypted to other gateways.
var ErrNotForUs = errors.New("encrypted to other gateways")

// Reader is a gateway's key pair for tokens that are sent to it.
type Reader struct{ identity *age.X25519Identity }

// NewReader makes a random one.
func NewReader() (Reader, error) {
	i, err := age.GenerateX25519Identity()
	return Reader{i}, err
}

// ParseReader reads what Secret gave.
func ParseReader(secret string) (Reader, error) {
	i, err := age.ParseX25519Identity(secret)
	if err != nil {
		return Reader{}, text.Fail(ErrKey, text.LetterNoKey)
	}
	return Reader{i}, nil
}

// Secret is the private half.
func (r Reader) Secret() string { return r.identity.String() }

// Recipient is the public half: age1 and 58 letters and digits.
func (r Reader) Recipient() string { return r.identity.Recipient().String() }

// SealLetter encrypts tokens and revocations to gateways, by their Recipient. For anybody else
// they are unreadable: a token tells a badge, an age and a guardian's reference.
func SealLetter(raws, recipients []string) (string, error) {
	var to []age.Recipient
	for _, s := range recipients {
		r, err := age.ParseX25519Recipient(s)
		if err != nil {
			return "", text.Fail(errors.Join(ErrKey, err), text.LetterRecipient, s[:min(len(s), 80)])
		}
		to = append(to, r)
	}
	if len(to) == 0 || len(to) > MaxReaders {
		return "", text.Fail(ErrKey, text.LetterReaders, MaxReaders)
	}
	var out bytes.Buffer
	lines := armor.NewWriter(&out)
	w, err := age.Encrypt(lines, to...)
	if err == nil {
		_, err = io.WriteString(w, strings.Join(raws, "\n"))
	}
	if err == nil {
		err = errors.Join(w.Close(), lines.Close())
	}
	if err == nil && out.Len() > MaxLetter {
		err = text.Fail(ErrMalformed, text.ConsentTooLarge, MaxLetter)
	}
	return out.String(), err
}

// OpenLetter decrypts what SealLetter made; ErrNotForUs where it was made for others. What is in
// it is not proved.
func OpenLetter(letter string, r Reader) ([]string, error) {
	if len(letter) > MaxLetter {
		return nil, text.Fail(ErrMalformed, text.ConsentTooLarge, MaxLetter)
	}
	in, err := age.Decrypt(armor.NewReader(strings.NewReader(letter)), r.identity)
	if none := (*age.NoIdentityMatchError)(nil); errors.As(err, &none) {
		return nil, ErrNotForUs
	}
	if err != nil {
		return nil, text.Fail(errors.Join(ErrMalformed, err), text.ConsentMalformed)
	}
	b, err := io.ReadAll(io.LimitReader(in, MaxLetter))
	if err != nil {
		return nil, text.Fail(errors.Join(ErrMalformed, err), text.ConsentMalformed)
	}
	return strings.Fields(string(b)), nil
}
