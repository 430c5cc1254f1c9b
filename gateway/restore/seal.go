package restore

import (
	"bufio"
	"errors"
	"io"

	"filippo.io/age"

	"github.com/bauta-gateway/bauta/config/text"
)

const (
	// sealWork is scrypt's work factor, 2^16: 64 MB of memory and some tenths
	// of a second, which the smallest host has. maxSealWork is what is taken on
	// to open a file that anybody may have made.
	sealWork    = 16
	maxSealWork = 18
	// MinPassphrase keeps the shortest ones out, in bytes.
	MinPassphrase = 8
	ageHead       = "age-encryption.org/"
)

// ErrPassphrase: the backup is sealed with another one, or changed.
var ErrPassphrase = errors.New("the passphrase does not open the backup")

// CheckPassphrase refuses the shortest ones.
func CheckPassphrase(passphrase string) error {
	if len(passphrase) < MinPassphrase {
		return text.Fail(nil, text.BackupShort, MinPassphrase)
	}
	return nil
}

// Seal encrypts what is written to it with a passphrase; Close writes the end.
func Seal(w io.Writer, passphrase string) (io.WriteCloser, error) {
	to, err := age.NewScryptRecipient(passphrase)
	if err != nil {
		return nil, err
	}
	to.SetWorkFactor(sealWork)
	return age.Encrypt(w, to)
}

// Sealed reports whether a passphrase is needed.
func Sealed(r *bufio.Reader) bool {
	head, _ := r.Peek(len(ageHead)) // a shorter file is no backup, as is found later
	return string(head) == ageHead
}

// Unseal decrypts what Seal wrote; what is not sealed stays as it is. ask is asked for the
// passphrase where one is needed.
func Unseal(r *bufio.Reader, ask func() (string, error)) (io.Reader, error) {
	if !Sealed(r) {
		return r, nil
	}
	passphrase, err := ask()
	if err != nil {
		return nil, err
	}
	who, err := age.NewScryptIdentity(passphrase)
	if err != nil {
		return nil, text.Fail(ErrPassphrase, text.BackupNoPassphrase)
	}
	who.SetMaxWorkFactor(maxSealWork)
	plain, err := age.Decrypt(r, who)
	if err != nil {
		return nil, text.Fail(ErrPassphrase, text.BackupWrongOne)
	}
	return plain, nil
}
