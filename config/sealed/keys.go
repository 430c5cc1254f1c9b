package sealed

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"

	"filippo.io/age"

	"github.com/bauta-gateway/bauta/config/text"
)

// Groups is how many groups have to act together.
const Groups = 2

// maxHolders bounds a group: a share is made for each holder with each segment.
const maxHolders = 16

// Holder is who has one private key.
type Holder struct {
	// Label tells holders apart: the id of a person in the register, not a name.
	Label string `json:"label"`
	// Key is the public key, age1….
	Key string `json:"key"`
}

// Group is some holders of whom Need have to act.
type Group struct {
	// Need is how many of the holders are needed; 0 reads as 1.
	Need    int      `json:"need,omitempty"`
	Holders []Holder `json:"holders"`
}

func (g Group) need() int { return max(1, g.Need) }

// Keys are what segments are sealed to: both groups are needed to open one.
type Keys [Groups]Group

// ID tells sets of keys apart: 16 characters of the hash of all of it but the labels.
func (k Keys) ID() string {
	bare := k
	for i := range bare {
		bare[i].Need = k[i].need()
		bare[i].Holders = nil
		for _, h := range k[i].Holders {
			bare[i].Holders = append(bare[i].Holders, Holder{Key: h.Key})
		}
	}
	b, _ := json.Marshal(bare) // strings and numbers always marshal
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8])
}

// Check says why segments cannot be sealed to the keys. ErrKeys.
func (k Keys) Check() error {
	seen := map[string]int{}
	for i, g := range k {
		switch {
		case len(g.Holders) == 0:
			return text.Fail(ErrKeys, text.SealedGroupEmpty, i+1)
		case len(g.Holders) > maxHolders:
			return text.Fail(ErrKeys, text.SealedGroupLarge, i+1, maxHolders)
		case g.Need < 0 || g.Need > len(g.Holders):
			return text.Fail(ErrKeys, text.SealedGroupNeed, i+1, g.Need, len(g.Holders))
		}
		for _, h := range g.Holders {
			if _, err := parseKey(h.Key); err != nil {
				return err
			}
			if other := seen[h.Key]; other != 0 {
				return text.Fail(ErrKeys, text.SealedKeyTwice, h.Label, other, i+1)
			}
			seen[h.Key] = i + 1
		}
	}
	return nil
}

// parseKey reads a holder's public key. Keys of hardware tokens cannot be used directly: their
// programs would have to run inside of the sealing process, which may start none. What
// a token protects is the identity file of the holder.
func parseKey(s string) (age.Recipient, error) {
	r, err := age.ParseX25519Recipient(s)
	switch {
	case err == nil:
		return r, nil
	case strings.HasPrefix(s, "AGE-SECRET-KEY-"):
		return nil, text.Fail(ErrKeys, text.SealedKeySecret)
	case strings.HasPrefix(s, "age1") && strings.Count(s, "1") > 1:
		return nil, text.Fail(ErrKeys, text.SealedKeyPlugin)
	}
	return nil, text.Fail(ErrKeys, text.SealedKeyMalformed)
}
