package consents

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
)

// ConsoleIssuer is the name of the key that signs the consents issued here.
const ConsoleIssuer = "console"

// issuerSetting holds that key, encrypted by the store.
const issuerSetting = "console.issuer"

// Issue signs a consent with this gateway's own key and imports it.
func (c *Consents) Issue(ctx context.Context, in api.IssueRequest) (api.Issued, error) {
	if in.Statement == "" {
		return api.Issued{}, api.Refuse(api.CodeInvalid, text.PolicyRequired, "statement")
	}
	now := time.Now()
	if in.Purpose == consent.SubjectAccess { // bauta redact has no use for a key that is in the store alone
		return api.Issued{}, api.Refuse(api.CodeInvalid, text.IssueNotHere)
	}
	if !in.NotBefore.IsZero() && in.NotBefore.Before(now.Add(-consent.Skew)) {
		return api.Issued{}, api.Refuse(api.CodeInvalid, text.IssueFromPast)
	}
	t := issueToken(in, now)
	if err := t.CheckUse(c.rules(t, c.cfg.Cameras.Views(), now)); err != nil {
		return api.Issued{}, api.Because(api.CodeInvalid, err)
	}
	// One at a time: the key is made at first use.
	c.issuing.Lock()
	defer c.issuing.Unlock()
	key, err := c.issuerKey(ctx)
	if err != nil {
		return api.Issued{}, err
	}
	raw, err := consent.Sign(t, key)
	if err != nil {
		return api.Issued{}, api.Because(api.CodeInvalid, err)
	}
	return c.importIssued(ctx, t.ID, raw)
}

func (c *Consents) importIssued(ctx context.Context, id, raw string) (api.Issued, error) {
	results, err := c.Import(ctx, []string{raw})
	if err != nil {
		return api.Issued{}, err
	}
	if results[0].Outcome != api.Accepted {
		return api.Issued{}, api.Because(api.CodeInvalid, results[0].Err)
	}
	one, err := c.Get(id)
	return api.Issued{Consent: one, Token: raw}, err
}

func issueToken(in api.IssueRequest, now time.Time) consent.Token {
	now = now.UTC().Truncate(time.Second)
	sum := sha256.Sum256([]byte(in.Statement))
	t := consent.Token{
		Issuer: ConsoleIssuer, Subject: cmp.Or(in.Subject, "p-"+consent.NewID()[:12]), ID: consent.NewID(), Issued: now, NotBefore: now,
		Zones: in.Zones, Purpose: in.Purpose, Basis: cmp.Or(in.Basis, consent.Separate), Statement: hex.EncodeToString(sum[:]),
		Badge: in.Badge, Age: in.Age, Guardian: in.Guardian,
	}
	if !in.NotBefore.IsZero() {
		t.NotBefore = in.NotBefore.UTC().Truncate(time.Second)
	}
	if t.Expires = t.NotBefore.AddDate(1, 0, 0); !in.Expires.IsZero() {
		t.Expires = in.Expires.UTC().Truncate(time.Second)
	}
	return t
}

// issuerKey is the key that signs the consents issued here. One whose trust was
// taken away is not used again: that would bring back what it signed before.
func (c *Consents) issuerKey(ctx context.Context) (consent.PrivateKey, error) {
	stored, err := c.cfg.Store.Setting(issuerSetting)
	if err == nil {
		key, err := consent.ParsePrivateKey([]byte(stored.Reveal()))
		if err == nil && c.trustsKey(key.Public().ID()) {
			return key, nil
		}
	} else if !errors.Is(err, store.ErrNotFound) {
		return consent.PrivateKey{}, err
	}
	key := consent.NewKey()
	if err := c.cfg.Store.PutSetting(issuerSetting, store.NewSecret(string(key.PEM()))); err != nil {
		return consent.PrivateKey{}, err
	}
	c.mu.Lock()
	c.own = key.Public().ID()
	c.mu.Unlock()
	return key, c.AddIssuer(ctx, consent.Issuer{Name: ConsoleIssuer, Key: key.Public()})
}

func (c *Consents) trustsKey(id string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, known := c.issuers[id]
	return known
}
