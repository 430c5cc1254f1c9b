// Package keyfile makes and reads the private keys of holders of sealed originals.
//
// In: files of holders, passphrases, what somebody typed off a recovery sheet. Out: age
// identities, files of them, plain or encrypted with a passphrase, and the sheet. It
// starts no goroutine, prints no private key but on the sheet, and has none in an error.
// Programs of hardware tokens are started where a file asks for them, as age does.
package keyfile

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"filippo.io/age"
	"filippo.io/age/armor"

	"github.com/bauta-gateway/bauta/config/sealed"
	"github.com/bauta-gateway/bauta/config/text"
)

// Key is one holder's private key.
type Key struct {
	Identity *age.X25519Identity
	// Label says whose it is: an id of the register, not a name; empty: nobody said so.
	Label string
}

// New makes a key. The label is empty or a slug.
func New(label string) (Key, error) {
	if err := checkLabel(label); err != nil {
		return Key{}, err
	}
	id, err := age.GenerateX25519Identity()
	return Key{id, label}, err
}

func checkLabel(label string) error {
	if label != "" && !sealed.IsPersonID(label) {
		return text.Fail(sealed.ErrKeys, text.SealedPersonID, label)
	}
	return nil
}

// CheckPerson refuses what is no id of a person: in the audit log stand ids and no names.
func CheckPerson(id string) error {
	if id == "" {
		return text.Fail(sealed.ErrKeys, text.SealedPersonID, id)
	}
	return checkLabel(id)
}

// leastPassphrase in characters: with scrypt, so many at random are out of reach.
const leastPassphrase = 10

// CheckPassphrase refuses a short one.
func CheckPassphrase(s string) error {
	if utf8.RuneCountInString(s) < leastPassphrase {
		return text.Fail(sealed.ErrKeys, text.SealedPassphraseShort, leastPassphrase)
	}
	return nil
}

// Public is the public key, for the gateway.
func (k Key) Public() string { return k.Identity.Recipient().String() }

const (
	labelMark = "# label: "
	madeMark  = "# created: "
)

// File is what is kept of the key: an identity file of age, encrypted with the passphrase
// unless that is empty.
func (k Key) File(passphrase string, now time.Time) ([]byte, error) {
	var plain bytes.Buffer
	fmt.Fprintf(&plain, "%s%s\n", madeMark, now.UTC().Format(time.RFC3339))
	if k.Label != "" {
		fmt.Fprintf(&plain, "%s%s\n", labelMark, k.Label)
	}
	fmt.Fprintf(&plain, "# public key: %s\n%s\n", k.Public(), k.Identity)
	if passphrase == "" {
		return plain.Bytes(), nil
	}
	defer clear(plain.Bytes())
	return locked(plain.Bytes(), passphrase)
}

// workFactor is scrypt's: a guess at the passphrase takes a second and 256 MiB or so.
const workFactor = 18

func locked(plain []byte, passphrase string) ([]byte, error) {
	to, err := age.NewScryptRecipient(passphrase)
	if err != nil {
		return nil, err
	}
	to.SetWorkFactor(workFactor)
	var out bytes.Buffer
	lines := armor.NewWriter(&out)
	w, err := age.Encrypt(lines, to)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(plain); err != nil {
		return nil, err
	}
	err = errors.Join(w.Close(), lines.Close())
	return out.Bytes(), err
}

// prefix is how each private key begins.
const prefix = "AGE-SECRET-KEY-1"

// groupLetters is how many letters stand together on a sheet.
const groupLetters = 4

// Letters are the private key in groups, as a sheet shows them.
func (k Key) Letters() string {
	rest := strings.TrimPrefix(k.Identity.String(), prefix)
	groups := []string{prefix}
	for len(rest) > groupLetters {
		groups, rest = append(groups, rest[:groupLetters]), rest[groupLetters:]
	}
	return strings.Join(append(groups, rest), " ")
}

// Restore reads what was typed off a sheet, or read off its code. Letters have a checksum: what is
// mistyped is found.
func Restore(typed, label string) (Key, error) {
	if err := checkLabel(label); err != nil {
		return Key{}, err
	}
	clean := strings.ToUpper(strings.Join(strings.Fields(typed), ""))
	if !strings.HasPrefix(clean, prefix) {
		clean = prefix + clean
	}
	id, err := age.ParseX25519Identity(clean)
	if err != nil {
		return Key{}, text.Fail(sealed.ErrKeys, text.SealedMistyped) // the cause would show letters of it
	}
	return Key{id, label}, nil
}
