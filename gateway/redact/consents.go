package redact

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"slices"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway/api"
)

// Token is what became of one token given for a file.
type Token struct {
	// File is where it was read.
	File string `json:"file"`
	// ID, Badge and Purpose are those of a token whose signature holds.
	ID      string `json:"id,omitempty"`
	Badge   int    `json:"badge,omitempty"`
	Purpose string `json:"purpose,omitempty"`
	// Used means that the badge's wearer may be shown, in the frames from From
	// until before To. Code and Message say why not.
	Used    bool      `json:"used"`
	From    time.Time `json:"from,omitzero"`
	To      time.Time `json:"to,omitzero"`
	Code    string    `json:"code,omitempty"`
	Message string    `json:"message,omitempty"`
}

// Consents are the tokens for a file, evaluated by Terms.Evaluate.
type Consents struct {
	// Zone names the whole frame, as the one consent zone that a file has.
	Zone string
	// Purpose is what the copy is made for.
	Purpose string
	Tokens  []Token
	shows   []wire.Show
}

// Terms are what tokens for a file are evaluated by.
type Terms struct {
	Trust consent.Issuers
	// Rules are the gateway's; the recording's time is asked for beside them.
	Rules consent.Rules
	// Purpose is what the copy is made for: tokens of another show nobody.
	Purpose string
	// Zone is the name of the whole frame.
	Zone string
	// Revocations are signed ones that were given along.
	Revocations []consent.Revocation
	// Revoked asks whether the gateway here knows a token as withdrawn. Where
	// it fails the token does not count.
	Revoked func(consent.Token) (bool, error)
	Lang    text.Lang
}

// Evaluate proves tokens for a recording, names[i] being where raws[i] was read.
// None of them is an error: whom no token shows is masked.
func (j Terms) Evaluate(recording Recording, raws, names []string) *Consents {
	j.Rules.Zone = func(z string) bool { return z == j.Zone }
	tokens, errs := make([]consent.Token, len(raws)), make([]error, len(raws))
	wearer := map[int]string{} // id of the token that a badge belongs to
	twice := map[int]bool{}    // badges that belong to several
	for i, raw := range raws {
		if tokens[i], errs[i] = j.evaluate(recording, raw); errs[i] == nil {
			t := tokens[i]
			twice[t.Badge] = twice[t.Badge] || wearer[t.Badge] != "" && wearer[t.Badge] != t.ID
			wearer[t.Badge] = t.ID
		}
	}
	all := &Consents{Zone: j.Zone, Purpose: j.Purpose}
	for i, t := range tokens {
		err := errs[i]
		if err == nil && twice[t.Badge] { // nobody can tell who wears it
			err = text.Fail(consent.ErrBadge, text.ConsentBadgeTwice, t.Badge)
		}
		one := Token{File: names[i], ID: t.ID, Badge: t.Badge, Purpose: t.Purpose, Code: consent.Code(err), Message: text.Explain(j.Lang, err)}
		if err == nil {
			one.Used = true
			one.From, one.To = recording.part(t)
			all.show(t)
		}
		all.Tokens = append(all.Tokens, one)
	}
	return all
}

// show adds a token, the very same one once. Each frame is evaluated by its own
// time: where the recording runs past what the token covers, its wearer is masked.
func (all *Consents) show(t consent.Token) {
	if !slices.ContainsFunc(all.shows, func(s wire.Show) bool { return s.Token == t.ID }) {
		of := t.Covers()
		all.shows = append(all.shows, wire.Show{Token: t.ID, Badge: t.Badge, Zones: []string{all.Zone}, NotBefore: of.From, Expires: of.To})
	}
}

func (j Terms) evaluate(recording Recording, raw string) (consent.Token, error) {
	s, err := consent.Open(raw, j.Trust)
	if err != nil {
		return consent.Token{}, err
	}
	for _, check := range []func(consent.Token) error{j.use, j.revoked, recording.unknown, recording.outside} {
		if err := check(s.Token); err != nil {
			return s.Token, err
		}
	}
	return s.Token, nil
}

// use says why a token is not for this copy. One for subject access must be valid
// today: it lets the copy be made. Any other counts by when the file was recorded.
func (j Terms) use(t consent.Token) error {
	if t.Purpose != j.Purpose {
		return text.Fail(consent.ErrOtherPurpose, text.RedactWrongPurpose, t.Purpose, j.Purpose)
	}
	err := t.CheckUse(j.Rules)
	if err == nil && t.Purpose == consent.SubjectAccess {
		err = t.CheckTime(j.Rules.Now)
	}
	if err == nil && t.Badge == 0 {
		err = text.Fail(nil, text.ConsentFaceOff)
	}
	return err
}

// revoked says that a token was withdrawn, or that nobody can say.
func (j Terms) revoked(t consent.Token) error {
	for _, r := range j.Revocations {
		if r.Concerns(t) {
			return text.Fail(consent.ErrRevoked, text.ConsentRevoked)
		}
	}
	revoked, err := j.Revoked(t)
	switch {
	case err != nil:
		return text.Fail(err, text.RedactUnasked, err)
	case revoked:
		return text.Fail(consent.ErrRevoked, text.ConsentRevoked)
	}
	return nil
}

// grant makes the whole frame a consent zone, where anybody is shown at all.
func (all *Consents) grant(s *wire.Settings) {
	if len(all.shows) == 0 {
		return
	}
	s.Zones = []zone.Zone{{ID: all.Zone, Kind: zone.Consent, Points: []zone.Point{{X: 0, Y: 0}, {X: 1, Y: 0}, {X: 1, Y: 1}, {X: 0, Y: 1}}}}
	s.Shows = all.shows
}

// askTimeout bounds the question to a daemon that does not answer.
const askTimeout = 5 * time.Second

// AskRevoked asks the gateway on this host whether a token is withdrawn: the
// running one, or the store of one that is stopped. Where there is none, nothing is.
func AskRevoked(ctx context.Context, client *api.Client, storePath string) func(consent.Token) (bool, error) {
	return func(t consent.Token) (bool, error) {
		ctx, cancel := context.WithTimeout(ctx, askTimeout)
		defer cancel()
		revoked, err := client.Revoked(ctx, t)
		if !errors.Is(err, api.ErrNotRunning) {
			return revoked, err
		}
		if _, err := os.Stat(storePath); errors.Is(err, fs.ErrNotExist) {
			return false, nil
		}
		s, err := store.Open(storePath, store.Options{AsIs: true})
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
