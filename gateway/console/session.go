package console

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/identity"
)

// How long a session lives: without a request, and at all.
const (
	idleLimit     = 30 * time.Minute
	absoluteLimit = 12 * time.Hour
	// maxSessions bounds all of them; beyond it the one idle for longest ends.
	maxSessions = 500
	sweepEvery  = time.Minute
)

// session is one login of a user.
type session struct {
	id, user string // of the account
	role     identity.Role
	by       means
	csrf     string
	language text.Lang
	created  time.Time
	seen     time.Time
	ctx      context.Context
	end      context.CancelFunc
}

// sessions are in memory only, by the hash of what the cookie holds: who reads
// the memory's copy on a disk cannot use it, and a restart ends all.
type sessions struct {
	mu  sync.Mutex
	now func() time.Time
	all map[[sha256.Size]byte]*session
}

func newSessions(now func() time.Time) *sessions {
	return &sessions{now: now, all: map[[sha256.Size]byte]*session{}}
}

// random is 256 bits that nobody can guess.
func random() string {
	b := make([]byte, 32)
	rand.Read(b) // never fails
	return base64.RawURLEncoding.EncodeToString(b)
}

// start begins a session and returns what its cookie holds.
func (s *sessions) start(u store.User, lang text.Lang, how means) (secret string, started session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.all) >= maxSessions {
		s.endOldest()
	}
	now := s.now()
	ctx, cancel := context.WithCancel(context.Background())
	one := &session{id: u.ID, user: u.Name, role: identity.Role(u.Role), by: how, csrf: random(), language: lang, created: now, seen: now, ctx: ctx, end: cancel}
	secret = random()
	s.all[sha256.Sum256([]byte(secret))] = one
	return secret, *one
}

func (s *sessions) endOldest() {
	var oldest [sha256.Size]byte
	var at time.Time
	for key, one := range s.all {
		if at.IsZero() || one.seen.Before(at) {
			oldest, at = key, one.seen
		}
	}
	s.drop(oldest)
}

func (s *sessions) drop(key [sha256.Size]byte) {
	if one := s.all[key]; one != nil {
		one.end()
		delete(s.all, key)
	}
}

// find returns the session of a cookie. With touch it is in use; what a page
// asks for by itself is none.
func (s *sessions) find(secret string, touch bool) (session, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := sha256.Sum256([]byte(secret))
	one := s.all[key]
	if one == nil {
		return session{}, false
	}
	now := s.now()
	if one.over(now) {
		s.drop(key)
		return session{}, false
	}
	if touch {
		one.seen = now
	}
	return *one, true
}

func (o *session) over(now time.Time) bool {
	return now.Sub(o.seen) >= idleLimit || now.Sub(o.created) >= absoluteLimit
}

// speak sets the language of a session.
func (s *sessions) speak(secret string, lang text.Lang) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if one := s.all[sha256.Sum256([]byte(secret))]; one != nil {
		one.language = lang
	}
}

// stop ends one session.
func (s *sessions) stop(secret string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drop(sha256.Sum256([]byte(secret)))
}

// stopUser ends all sessions of an account.
func (s *sessions) stopUser(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for key, one := range s.all {
		if one.id == id {
			s.drop(key)
		}
	}
}

// proved marks one session of an account as proved by both factors and ends its others.
func (s *sessions) proved(id, secret string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	stays := sha256.Sum256([]byte(secret))
	for key, one := range s.all {
		switch {
		case one.id != id:
		case key == stays:
			one.by = bySecond
		default:
			s.drop(key)
		}
	}
}

// sweep ends what is over, so that open streams end too.
func (s *sessions) sweep() {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	for key, one := range s.all {
		if one.over(now) {
			s.drop(key)
		}
	}
}

func (s *sessions) stopAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for key := range s.all {
		s.drop(key)
	}
}

func (o session) identity() identity.Identity {
	return identity.Identity{ID: o.id, User: o.user, Role: o.role, Language: o.language, Until: o.ctx}
}
