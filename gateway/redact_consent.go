package gateway

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"time"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/wire"
)

// RedactToken is what became of one token given for a file.
type RedactToken struct {
	// File is where it was read.
	File string `json:"file"`
	// ID and Badge are those of a token whose signature holds.
	ID    string `json:"id,omitempty"`
	Badge int    `json:"badge,omitempty"`
	// Used means that the badge's wearer is shown. Code and Message say why not.
	Used    bool   `json:"used"`
	Code    string `json:"code,omitempty"`
	Message string `json:"message,omitempty"`
}

// RedactConsents are the tokens for a file, judged by JudgeTokens.
type RedactConsents struct {
	// Zone names the whole picture, as the one consent zone that a file has.
	Zone   string
	Tokens []RedactToken
	shows  []wire.Show
}

// Judge is what tokens for a file are judged by.
type Judge struct {
	Trust consent.Issuers
	Rules consent.Rules
	// Zone is the name of the whole picture.
	Zone string
	// Revocations are signed ones that were given along.
	Revocations []consent.Revocation
	// Revoked asks whether the gateway here knows a token as withdrawn. Where
	// it fails the token does not count.
	Revoked func(consent.Token) (bool, error)
	Lang    text.Lang
}

// JudgeTokens proves tokens, names[i] being where raws[i] was read. None of
// them is an error: whom no token shows is masked.
func (j Judge) JudgeTokens(raws, names []string) *RedactConsents {
	j.Rules.Zone = func(z string) bool { return z == j.Zone }
	all := &RedactConsents{Zone: j.Zone}
	badges := map[int]string{} // by id
	for i, raw := range raws {
		t, err := j.judge(raw)
		one := RedactToken{File: names[i], ID: t.ID, Badge: t.Badge, Used: err == nil, Code: consent.Code(err), Message: text.Explain(j.Lang, err)}
		if other, worn := badges[t.Badge]; one.Used && worn && other != t.ID {
			all.withhold(j.Lang, t.Badge, other)
			err = text.Fail(consent.ErrBadge, text.ConsentBadgeTaken, t.Badge, other)
			one.Used, one.Code, one.Message = false, consent.Code(err), text.Explain(j.Lang, err)
		}
		if one.Used {
			badges[t.Badge] = t.ID
			all.shows = append(all.shows, wire.Show{Token: t.ID, Badge: t.Badge, Zones: []string{j.Zone}, NotBefore: t.NotBefore, Expires: t.Expires})
		}
		all.Tokens = append(all.Tokens, one)
	}
	return all
}

// withhold takes back what a badge shows: of two tokens for it nobody can tell
// who wears it.
func (all *RedactConsents) withhold(lang text.Lang, badge int, other string) {
	kept := all.shows[:0]
	for _, s := range all.shows {
		if s.Badge != badge {
			kept = append(kept, s)
		}
	}
	all.shows = kept
	for i := range all.Tokens {
		if t := &all.Tokens[i]; t.Used && t.Badge == badge {
			err := text.Fail(consent.ErrBadge, text.ConsentBadgeTaken, badge, other)
			t.Used, t.Code, t.Message = false, consent.Code(err), text.Explain(lang, err)
		}
	}
}

func (j Judge) judge(raw string) (consent.Token, error) {
	s, err := consent.Open(raw, j.Trust)
	if err != nil {
		return consent.Token{}, err
	}
	t := s.Token
	if err := t.Check(j.Rules); err != nil {
		return t, err
	}
	if t.Badge == 0 {
		return t, text.Fail(nil, text.ConsentFaceOff)
	}
	for _, r := range j.Revocations {
		if r.Concerns(t) {
			return t, text.Fail(consent.ErrRevoked, text.ConsentRevoked)
		}
	}
	revoked, err := j.Revoked(t)
	switch {
	case err != nil:
		return t, text.Fail(err, text.RedactUnasked, err)
	case revoked:
		return t, text.Fail(consent.ErrRevoked, text.ConsentRevoked)
	}
	return t, nil
}

// grant makes the whole picture a consent zone, where anybody is shown at all.
func (all *RedactConsents) grant(s *wire.Settings) {
	if len(all.shows) == 0 {
		return
	}
	s.Zones = []wire.Zone{{ID: all.Zone, Kind: wire.ZoneConsent, Points: []wire.Point{{X: 0, Y: 0}, {X: 1, Y: 0}, {X: 1, Y: 1}, {X: 0, Y: 1}}}}
	s.Shows = all.shows
}

// askTimeout bounds the question to a daemon that does not answer.
const askTimeout = 5 * time.Second

// AskRevoked asks the gateway on this box whether a token is withdrawn: the
// running one, or the store of one that is stopped. Where there is none, nothing is.
func AskRevoked(ctx context.Context, client *Client, storePath string) func(consent.Token) (bool, error) {
	return func(t consent.Token) (bool, error) {
		ctx, cancel := context.WithTimeout(ctx, askTimeout)
		defer cancel()
		revoked, err := client.Revoked(ctx, t)
		if !errors.Is(err, ErrNotRunning) {
			return revoked, err
		}
		if _, err := os.Stat(storePath); errors.Is(err, fs.ErrNotExist) {
			return false, nil
		}
		s, err := store.Open(storePath, store.Options{})
		if err != nil {
			return false, err
		}
		defer s.Close()
		err = s.CheckRevoked(t)
		if errors.Is(err, consent.ErrRevoked) {
			return true, nil
		}
		return false, err
	}
}
