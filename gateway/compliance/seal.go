package compliance

import (
	"crypto"
	"crypto/ed25519"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
)

// An evidence pack is a ZIP file whose last bytes, its comment, are the
// gateway's signature of all bytes before: Ed25519ph (RFC 8032) over their
// SHA-512, in lower-case hex after a word that names the format. So nothing of
// the file can change unnoticed, its inner headers included.
const (
	sealWord = "bauta evidence 1 "
	sealSize = len(sealWord) + 2*ed25519.SignatureSize
)

var sealOptions = &ed25519.Options{Hash: crypto.SHA512}

// blankSeal is as long as a seal; it is the comment until the seal is known.
func blankSeal() string { return sealWord + hex.EncodeToString(make([]byte, ed25519.SignatureSize)) }

// sealer passes on what is written but for the last sealSize bytes, in the
// place of which finish writes the seal.
type sealer struct {
	w    io.Writer
	sum  hash.Hash
	tail []byte
}

func newSealer(w io.Writer) *sealer { return &sealer{w: w, sum: sha512.New()} }

func (s *sealer) Write(b []byte) (int, error) {
	s.tail = append(s.tail, b...)
	n := len(s.tail) - sealSize
	if n <= 0 {
		return len(b), nil
	}
	s.sum.Write(s.tail[:n])
	if _, err := s.w.Write(s.tail[:n]); err != nil {
		return 0, err
	}
	s.tail = append(s.tail[:0], s.tail[n:]...)
	return len(b), nil
}

// finish writes the seal.
func (s *sealer) finish(key ed25519.PrivateKey) error {
	if string(s.tail) != blankSeal() {
		return errors.New("the pack does not end in its comment")
	}
	signature, err := key.Sign(nil, s.sum.Sum(nil), sealOptions)
	if err != nil {
		return err
	}
	_, err = io.WriteString(s.w, sealWord+hex.EncodeToString(signature))
	return err
}

// ErrForged means that a pack is not what the gateway made.
var ErrForged = errors.New("the evidence has been changed or is not whole")

func forged(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrForged}, args...)...)
}

// checkSeal compares the last bytes of a file with all before them.
func checkSeal(r io.ReaderAt, size int64, key ed25519.PublicKey) error {
	if size < int64(sealSize) {
		return forged("it is too short")
	}
	tail := make([]byte, sealSize)
	if _, err := r.ReadAt(tail, size-int64(sealSize)); err != nil {
		return err
	}
	if !sealFormed(tail) {
		return forged("its signature cannot be read")
	}
	signature, _ := hex.DecodeString(string(tail[len(sealWord):])) // it is formed well
	sum := sha512.New()
	if _, err := io.Copy(sum, io.NewSectionReader(r, 0, size-int64(sealSize))); err != nil {
		return err
	}
	if ed25519.VerifyWithOptions(key, sum.Sum(nil), signature, sealOptions) != nil {
		return forged("its signature does not fit")
	}
	return nil
}

// sealFormed reports whether b could be a seal. Hex has two ways to write a
// letter; only one is taken.
func sealFormed(b []byte) bool {
	if len(b) != sealSize {
		return false
	}
	signature, err := hex.DecodeString(string(b[len(sealWord):]))
	return err == nil && string(b) == sealWord+hex.EncodeToString(signature)
}
