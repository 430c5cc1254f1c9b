package sealed

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"filippo.io/age"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// shareStanza is the type of the stanzas in the age header of a segment's body. Its
// arguments are the group, 1 or 2, and the number of the holder in the group, from 1.
const shareStanza = "bauta-share"

// Share is what one holder's key gives of one segment. It says itself of what it is, so that
// a holder who is asked for one camera and time is not made to open another.
type Share struct {
	Camera   media.CameraID `json:"camera"`
	Sequence uint64         `json:"sequence"`
	Start    time.Time      `json:"start"`
	// Group is 1 or 2, Holder counts from 1 in the group, Need of the group are needed.
	Group  int `json:"group"`
	Holder int `json:"holder"`
	Need   int `json:"need"`
	// Value is secret.
	Value []byte `json:"value"`
}

// String hides the value.
func (s Share) String() string {
	return fmt.Sprintf("share %d.%d of %s %d", s.Group, s.Holder, s.Camera, s.Sequence)
}

// GoString hides the value from %#v.
func (s Share) GoString() string { return s.String() }

func (s Share) of(h Header) bool {
	return s.Camera == h.Camera && s.Sequence == h.Sequence && s.Start.Equal(h.Start)
}

// recipient wraps a segment's file key for both groups. It is an age.Recipient.
type recipient struct {
	header Header
	keys   Keys
}

// Wrap makes one stanza for each holder.
func (r recipient) Wrap(fileKey []byte) ([]*age.Stanza, error) {
	reveal(r.header, fileKey)
	var all []*age.Stanza
	for i, half := range halves(fileKey) {
		g := r.keys[i]
		for j, p := range cut(half, g.need(), len(g.Holders)) {
			body, err := r.to(g.Holders[j], Share{
				Camera: r.header.Camera, Sequence: r.header.Sequence, Start: r.header.Start,
				Group: i + 1, Holder: int(p.x), Need: g.need(), Value: p.y,
			})
			if err != nil {
				return nil, err
			}
			all = append(all, &age.Stanza{Type: shareStanza, Args: []string{strconv.Itoa(i + 1), strconv.Itoa(j + 1)}, Body: body})
		}
	}
	return all, nil
}

func (r recipient) to(h Holder, s Share) ([]byte, error) {
	key, err := parseKey(h.Key)
	if err != nil {
		return nil, err
	}
	b, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	return encrypt(b, key)
}

func encrypt(plain []byte, to age.Recipient) ([]byte, error) {
	var out bytes.Buffer
	w, err := age.Encrypt(&out, to)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(plain); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// stanzas is an age.Identity that opens nothing and keeps what it is shown: the age
// package gives a header's stanzas to identities alone.
type stanzas []*age.Stanza

func (s *stanzas) Unwrap(all []*age.Stanza) ([]byte, error) {
	*s = all
	return nil, age.ErrIncorrectIdentity
}

// wrapped are the stanzas at the start of a segment's body.
func wrapped(body io.Reader) ([]*age.Stanza, error) {
	var s stanzas
	_, err := age.Decrypt(body, &s)
	if s == nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return s, nil
}

// ShareOf opens the share of one holder. The body need only go on as far as its header.
// ErrShares where the identities are of no holder of these keys, or where the share
// says that it is of another segment.
func ShareOf(h Header, body io.Reader, ids ...age.Identity) (Share, error) {
	all, err := wrapped(body)
	if err != nil {
		return Share{}, err
	}
	for _, st := range all {
		if st.Type != shareStanza {
			continue
		}
		s, err := openShare(st.Body, ids)
		var other *age.NoIdentityMatchError
		switch {
		case errors.As(err, &other):
			continue
		case err != nil:
			return Share{}, fmt.Errorf("%w: %w", ErrDamaged, err)
		case !s.of(h):
			return Share{}, text.Fail(ErrShares, text.SealedShareOfOther, s.Camera, s.Start, h.Camera, h.Start)
		}
		return s, nil
	}
	return Share{}, text.Fail(ErrShares, text.SealedNoHolder, h.Keys)
}

func openShare(b []byte, ids []age.Identity) (Share, error) {
	plain, err := age.Decrypt(bytes.NewReader(b), ids...)
	if err != nil {
		return Share{}, err
	}
	b, err = io.ReadAll(io.LimitReader(plain, maxClear))
	if err != nil {
		return Share{}, err
	}
	var s Share
	if err := json.Unmarshal(b, &s); err != nil {
		return Share{}, err
	}
	if s.Group < 1 || s.Group > Groups || s.Holder < 1 || s.Holder > maxHolders || s.Need < 1 || s.Need > maxHolders {
		return Share{}, errors.New("a share of no group")
	}
	return s, nil
}

// fileKey puts the shares of both groups together.
func fileKey(h Header, shares []Share) ([]byte, error) {
	key := make([]byte, keySize)
	for g := 1; g <= Groups; g++ {
		points, need := pointsOf(h, shares, g)
		if len(points) == 0 || len(points) < need {
			return nil, text.Fail(ErrShares, text.SealedSharesMissing, h.Camera, h.Sequence, g, len(points), max(1, need))
		}
		half, err := join(points[:need])
		if err != nil {
			return nil, err
		}
		for i := range key {
			key[i] ^= half[i]
		}
		clear(half)
	}
	return key, nil
}

// pointsOf are the shares of one segment and group, each holder once, and how many are needed.
func pointsOf(h Header, shares []Share, group int) (points []point, need int) {
	var have [maxHolders + 1]bool
	for _, s := range shares {
		if !s.of(h) || s.Group != group || have[s.Holder] {
			continue
		}
		have[s.Holder] = true
		points, need = append(points, point{byte(s.Holder), s.Value}), s.Need
	}
	return points, need
}

// joined is the age.Identity of somebody who has the shares of both groups.
type joined struct {
	header Header
	shares []Share
}

func (j joined) Unwrap([]*age.Stanza) ([]byte, error) { return fileKey(j.header, j.shares) }
