package onvifserver

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"sync"
	"time"
)

// The nonces that are remembered until their time is over; of one login at most half of them.
const (
	MaxNonces     = 65_536
	maxNoncesEach = MaxNonces / 2
	// sweepEvery is the least time between two searches for those whose time is over.
	sweepEvery = 5 * time.Second
)

const nonceSize = 16 // bytes of its time and of chance

// challenge is the value of WWW-Authenticate. MD5 alone: recorders give up, or misread it, where SHA-256 is offered beside it.
func (s *Server) challenge(now time.Time, stale bool) string {
	var nonce [nonceSize]byte
	binary.BigEndian.PutUint64(nonce[:8], uint64(now.UnixNano()))
	rand.Read(nonce[8:]) // never fails
	value := fmt.Sprintf(`Digest realm="%s", qop="auth", algorithm=MD5, nonce="%s"`, realm, base64.RawURLEncoding.EncodeToString(s.sign(nonce[:])))
	if stale {
		value += ", stale=true"
	}
	return value
}

// sign puts a mark behind a nonce, so that ours need not be remembered before they are used.
func (s *Server) sign(nonce []byte) []byte {
	mac := hmac.New(sha256.New, s.key)
	mac.Write(nonce)
	return append(nonce[:nonceSize:nonceSize], mac.Sum(nil)[:nonceSize]...)
}

// ours reports whether a nonce was given out here and is not too old, and when it will be.
func (s *Server) ours(sent string, now time.Time) (fresh bool, until time.Time) {
	b, err := base64.RawURLEncoding.DecodeString(sent)
	if err != nil || len(b) != 2*nonceSize || !hmac.Equal(b, s.sign(b[:nonceSize])) {
		return false, until
	}
	until = time.Unix(0, int64(binary.BigEndian.Uint64(b[:8]))).Add(ClockSkew)
	return now.Before(until), until
}

// used are the nonces of right logins: each counts once, an own one once for each of its counts.
type used struct {
	mu       sync.Mutex
	now      func() time.Time
	all      map[[nonceSize]byte]*counts
	each     map[string]int // by login
	swept    time.Time
	replayed uint64
}

// counts are those of one nonce: the highest, and which of the 64 below it were used. Clients
// send several requests at once, which arrive in any order.
type counts struct {
	name  string
	until time.Time
	top   uint32
	below uint64
}

func newUsed() *used {
	return &used{now: time.Now, all: map[[nonceSize]byte]*counts{}, each: map[string]int{}}
}

// take uses a nonce; false: it was used before, or there are too many.
func (u *used) take(name, nonce string, count uint32, until time.Time) bool {
	sum := sha256.Sum256([]byte(name + "\x00" + nonce))
	key := [nonceSize]byte(sum[:nonceSize])
	u.mu.Lock()
	defer u.mu.Unlock()
	c := u.all[key]
	if c == nil {
		if !u.room(name) {
			u.replayed++
			return false
		}
		c = &counts{name: name, until: until}
		u.all[key] = c
		u.each[name]++
	}
	ok := c.take(count)
	if !ok {
		u.replayed++
	}
	return ok
}

func (c *counts) take(count uint32) bool {
	switch {
	case count > c.top:
		if c.top > 0 {
			c.below = c.below<<(count-c.top) | 1<<(count-c.top-1) // shifts of 64 and more give 0
		}
		c.top = count
		return true
	case count == c.top, c.top-count > 64, c.below&(1<<(c.top-count-1)) != 0:
		return false
	}
	c.below |= 1 << (c.top - count - 1)
	return true
}

// room forgets those whose time is over, now and then, and reports whether one more is possible.
func (u *used) room(name string) bool {
	if now := u.now(); now.Sub(u.swept) >= sweepEvery {
		u.swept = now
		for key, c := range u.all {
			if now.After(c.until) {
				delete(u.all, key)
				if u.each[c.name]--; u.each[c.name] == 0 {
					delete(u.each, c.name)
				}
			}
		}
	}
	return len(u.all) < MaxNonces && u.each[name] < maxNoncesEach
}

func (u *used) replays() uint64 {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.replayed
}
