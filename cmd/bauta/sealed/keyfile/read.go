package keyfile

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"

	"filippo.io/age"
	"filippo.io/age/armor"
	"filippo.io/age/plugin"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config/sealed"
	"github.com/bauta-gateway/bauta/config/text"
)

// Set are the identities of a holder.
type Set struct {
	Identities []age.Identity
	// Label says whose they are; empty: no file does.
	Label string
}

// Reader reads identity files.
type Reader struct {
	// Passphrase asks for the one of a file.
	Passphrase func(file string) (string, error)
	// Token is how programs of hardware tokens talk to the person.
	Token *plugin.ClientUI

	tokens []age.Identity
	found  Set
}

// Content is a file that was read.
type Content struct {
	Name  string
	Bytes []byte
}

// Read reads several files: keys as they are, keys encrypted with a passphrase, identities of
// hardware tokens (AGE-PLUGIN-...), and keys encrypted to one of those. Tokens open files alone: the
// footage itself is sealed to plain keys. The order of the files does not matter.
func (r *Reader) Read(files ...string) (Set, error) {
	var all []Content
	for _, name := range files {
		b, err := cli.ReadSmall(name)
		if err != nil {
			return Set{}, err
		}
		if !encrypted(b) {
			if err := closed(name); err != nil {
				return Set{}, err
			}
		}
		all = append(all, Content{name, b})
	}
	return r.ReadAll(all...)
}

// ReadAll is Read for files that were read already.
func (r *Reader) ReadAll(files ...Content) (Set, error) {
	// What is encrypted comes last: the others may open it.
	slices.SortStableFunc(files, func(a, b Content) int { return order(a.Bytes) - order(b.Bytes) })
	for _, f := range files {
		read := r.parse
		if encrypted(f.Bytes) {
			read = r.unlock
		}
		if err := read(f.Name, f.Bytes); err != nil {
			return Set{}, err
		}
	}
	if len(r.found.Identities) == 0 {
		return Set{}, text.Fail(sealed.ErrKeys, text.SealedIdentityMalformed)
	}
	return r.found, nil
}

func order(b []byte) int {
	if encrypted(b) {
		return 1
	}
	return 0
}

// closed refuses a private key that others may read, as ssh does.
func closed(name string) error {
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return text.Fail(cli.Refuse(os.ErrPermission), text.StoreKeyOpen, name, name)
	}
	return nil
}

const binaryMagic = "age-encryption.org/v1"

func encrypted(b []byte) bool {
	return bytes.HasPrefix(b, []byte(binaryMagic)) || bytes.HasPrefix(bytes.TrimSpace(b), []byte(armor.Header))
}

// unlock opens an encrypted file with its passphrase, or with a token or key that was read
// before.
func (r *Reader) unlock(name string, content []byte) error {
	var in io.Reader = bytes.NewReader(content)
	if !bytes.HasPrefix(content, []byte(binaryMagic)) {
		in = armor.NewReader(bytes.NewReader(bytes.TrimSpace(content)))
	}
	head := bufio.NewReader(in)
	// Encrypted with a passphrase, it has one stanza, of scrypt.
	first, _ := head.Peek(len(binaryMagic) + len("\n-> scrypt"))
	by := append(append([]age.Identity{}, r.tokens...), r.found.Identities...)
	byPassphrase := strings.HasSuffix(string(first), "-> scrypt")
	if byPassphrase {
		passphrase, err := r.Passphrase(name)
		if err != nil {
			return err
		}
		id, err := age.NewScryptIdentity(passphrase)
		if err != nil {
			return text.Fail(errors.Join(sealed.ErrKeys, err), text.SealedPassphraseWrong, name)
		}
		id.SetMaxWorkFactor(workFactor + 4)
		by = []age.Identity{id}
	}
	plain, err := decrypt(head, by)
	var other *age.NoIdentityMatchError
	switch {
	case byPassphrase && err != nil:
		return text.Fail(errors.Join(sealed.ErrKeys, err), text.SealedPassphraseWrong, name)
	case len(by) == 0, errors.As(err, &other):
		return text.Fail(errors.Join(sealed.ErrKeys, err), text.SealedIdentityLocked, name)
	case err != nil:
		return text.Fail(errors.Join(sealed.ErrKeys, err), text.SealedIdentityDamaged, name, err)
	}
	defer clear(plain)
	return r.parse(name, plain)
}

// maxFile bounds what an encrypted file may hold.
const maxFile = 64 << 10

func decrypt(in io.Reader, by []age.Identity) ([]byte, error) {
	if len(by) == 0 {
		return nil, nil
	}
	plain, err := age.Decrypt(in, by...)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(plain, maxFile))
}

// parse reads the lines of a file. Errors never show them.
func (r *Reader) parse(name string, b []byte) error {
	for line := range strings.Lines(string(b)) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, labelMark):
			r.found.Label = strings.TrimPrefix(line, labelMark)
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "AGE-PLUGIN-"):
			id, err := plugin.NewIdentity(line, r.Token)
			if err != nil {
				return text.Fail(sealed.ErrKeys, text.SealedIdentityUnknown, name)
			}
			r.tokens = append(r.tokens, id)
		default:
			id, err := age.ParseX25519Identity(line)
			if err != nil {
				return text.Fail(sealed.ErrKeys, text.SealedIdentityUnknown, name)
			}
			r.found.Identities = append(r.found.Identities, id)
		}
	}
	return nil
}
