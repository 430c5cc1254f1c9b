package console

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"github.com/bauta-gateway/bauta/config/text"
)

// cost of one hash. 32 MiB and three passes are above what OWASP's Password
// Storage Cheat Sheet asks for (19 MiB and two), and take some 0.1 s on a PC,
// 0.3 s on a small board.
var cost = argonCost{memory: 32 << 10, passes: 3, lanes: 1}

type argonCost struct {
	memory uint32 // KiB
	passes uint32
	lanes  uint8
}

const (
	saltSize = 16 // bytes
	keySize  = 32 // bytes
	// maxHashes bounds what logins take of the memory: a camera's worker
	// must not die for it.
	maxHashes = 2
	// hashWait is how long a login waits for a slot.
	hashWait = 10 * time.Second
	// minPassword in characters and maxPassword in bytes: length is what
	// counts (NIST SP 800-63B), and a bound keeps hashing cheap.
	minPassword = 10
	maxPassword = 256
)

// errBusy: too many logins at once.
var errBusy = errors.New("too many logins at once")

// hasher makes and compares hashes, few at a time.
type hasher struct {
	slots chan struct{}
	// decoy is compared with where there is no such user, so that both take
	// the same time.
	decoy string
}

func newHasher() *hasher {
	h := &hasher{slots: make(chan struct{}, maxHashes)}
	h.decoy = encode(cost, make([]byte, saltSize), make([]byte, keySize))
	return h
}

// slot waits for one of the slots; done gives it back.
func (h *hasher) slot(ctx context.Context) (done func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, hashWait)
	defer cancel()
	select {
	case h.slots <- struct{}{}:
		return func() { <-h.slots }, nil
	case <-ctx.Done():
		return nil, errBusy
	}
}

func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	done, err := h.slot(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	salt := make([]byte, saltSize)
	rand.Read(salt) // never fails
	return encode(cost, salt, derive(cost, password, salt)), nil
}

// fits reports whether password is the one that was hashed. An empty hash is that of
// nobody.
func (h *hasher) fits(ctx context.Context, password, hash string) (bool, error) {
	done, err := h.slot(ctx)
	if err != nil {
		return false, err
	}
	defer done()
	known := hash != ""
	if !known {
		hash = h.decoy
	}
	c, salt, want, err := decode(hash)
	if err != nil {
		return false, err
	}
	same := subtle.ConstantTimeCompare(derive(c, password, salt), want) == 1
	return same && known, nil
}

func derive(c argonCost, password string, salt []byte) []byte {
	return argon2.IDKey([]byte(password), salt, c.passes, c.memory, c.lanes, keySize)
}

var b64 = base64.RawStdEncoding

// encode writes the PHC string format, so that a later version may raise the cost.
func encode(c argonCost, salt, key []byte) string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.memory, c.passes, c.lanes, b64.EncodeToString(salt), b64.EncodeToString(key))
}

func decode(hash string) (c argonCost, salt, key []byte, err error) {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, errors.New("a stored password hash is of another kind")
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.memory, &c.passes, &c.lanes); err != nil {
		return c, nil, nil, fmt.Errorf("a stored password hash cannot be read: %w", err)
	}
	salt, err1 := b64.DecodeString(parts[4])
	key, err2 := b64.DecodeString(parts[5])
	err = errors.Join(err1, err2)
	if err == nil && (c.memory == 0 || c.passes == 0 || c.lanes == 0 || len(key) != keySize) {
		err = errors.New("a stored password hash cannot be read")
	}
	return c, salt, key, err
}

// checkPassword refuses what is too short or too long, or the user's own name.
func checkPassword(user, password string) error {
	switch {
	case utf8.RuneCountInString(password) < minPassword, len(password) > maxPassword:
		return text.Fail(ErrInvalid, text.AccessPassword, minPassword, maxPassword)
	case strings.EqualFold(user, password):
		return text.Fail(ErrInvalid, text.AccessPasswordName)
	}
	return nil
}
