package gateway

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"os"
	"slices"
	"time"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/consent/badge"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/compliance"
)

func words(key text.Key, args ...any) api.Words {
	return api.Words{EN: text.Of(text.EN, key, args...), ZH: text.Of(text.ZhCN, key, args...)}
}

// consoleRoutes are what the console's pages need beyond the command line.
func (g *Gateway) consoleRoutes(r *routes) {
	r.HandleFunc("GET /v1/stream", g.getStream)
	r.HandleFunc("GET /v1/cameras/{id}/snapshot.jpg", g.getSnapshotJPEG)
	r.HandleFunc("GET /v1/cameras/{id}/history", answer(http.StatusOK, g.getHistory))
	r.HandleFunc("GET /v1/cameras/{id}/walktest", answer(http.StatusOK, g.getWalkTest))
	r.HandleFunc("POST /v1/cameras/{id}/walktest", answer(http.StatusCreated, g.postWalkTest))
	r.HandleFunc("GET /v1/places", answer(http.StatusOK, g.getPlaces))
	r.HandleFunc("GET /v1/purposes", answer(http.StatusOK, func(*http.Request) (any, error) { return purposes(policy.Purposes), nil }))
	r.HandleFunc("GET /v1/consent-purposes", answer(http.StatusOK, func(*http.Request) (any, error) { return purposes(g.consents.purposes), nil }))
	r.HandleFunc("GET /v1/record-kinds", answer(http.StatusOK, getRecordKinds))
	r.HandleFunc("GET /v1/settings", answer(http.StatusOK, g.getSettings))
	r.HandleFunc("POST /v1/consents/issue", answer(http.StatusCreated, g.postIssue))
	r.HandleFunc("GET /v1/consents/{id}/badge.pdf", g.badgeOf(func(b badge.Badge, w io.Writer) error { return b.PDF(w) }))
	r.HandleFunc("GET /v1/consents/{id}/sheet.pdf", g.badgeOf(func(b badge.Badge, w io.Writer) error { return badge.Sheet(w, []badge.Badge{b}) }))
	r.HandleLarge("POST /v1/evidence/verify", maxPack, answer(http.StatusOK, g.postVerify))
}

func (g *Gateway) getSnapshotJPEG(w http.ResponseWriter, r *http.Request) {
	id, err := pathID(r)
	var s api.Snapshot
	if err == nil {
		s, err = g.Snapshot(r.Context(), id)
	}
	if err != nil {
		refuseTo(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "image/jpeg")
	_, _ = w.Write(s.JPEG) // the client may be gone
}

func (g *Gateway) getPlaces(*http.Request) (any, error) {
	p := g.pack()
	clause := p.Prohibition()
	law := api.Words{
		EN: p.Cite(clause, text.EN) + ": " + clause.Duty.EN,
		ZH: p.Cite(clause, text.ZhCN) + "：" + clause.Duty.ZH,
	}
	all := []api.PlaceChoice{}
	for _, place := range slices.Concat(policy.Ordinary, policy.Prohibited) {
		one := api.PlaceChoice{Choice: api.Choice{ID: string(place), Name: words(place.Word())}, Prohibited: place.Prohibited()}
		if one.Prohibited {
			one.Law = law
		}
		all = append(all, one)
	}
	return all, nil
}

func purposes(names []string) []api.Choice {
	all := []api.Choice{}
	for _, name := range names {
		all = append(all, api.Choice{ID: name, Name: words(text.Purpose(name))})
	}
	return all
}

func getRecordKinds(*http.Request) (any, error) {
	all := []api.RecordKind{}
	for _, kind := range policy.RecordKinds {
		one := api.RecordKind{Choice: api.Choice{ID: string(kind), Name: words(text.RecordKindName(string(kind)))}}
		for _, f := range policy.Fields(kind) {
			one.Fields = append(one.Fields, api.RecordField{
				Choice: api.Choice{ID: f.Name, Name: words(text.RecordField(f.Name))}, Type: f.Type, Required: f.Required, Filled: f.Filled, Choices: choices(f),
			})
		}
		all = append(all, one)
	}
	return all, nil
}

func choices(f policy.Field) (all []api.Choice) {
	for _, c := range f.Choices {
		key := text.Purpose(c)
		if f.Type == "items" {
			key = text.AssessmentItem(c)
		}
		all = append(all, api.Choice{ID: c, Name: words(key)})
	}
	return all
}

func (g *Gateway) getSettings(*http.Request) (any, error) {
	all := []api.Setting{}
	for _, s := range config.Settings(g.cfg) {
		all = append(all, api.Setting{Key: s.Key, Value: s.Value, Default: s.Default, About: words(s.About)})
	}
	return all, nil
}

// ConsoleIssuer is the name of the key that signs the consents issued here.
const ConsoleIssuer = "console"

// issuerSetting holds that key, encrypted by the store.
const issuerSetting = "console.issuer"

func (g *Gateway) postIssue(r *http.Request) (any, error) {
	var in api.IssueRequest
	if err := body(r, &in); err != nil {
		return nil, err
	}
	return g.IssueConsent(r.Context(), in)
}

// IssueConsent signs a consent with this gateway's own key and imports it.
func (g *Gateway) IssueConsent(ctx context.Context, in api.IssueRequest) (api.Issued, error) {
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
	if err := t.CheckUse(g.consents.rules(t, g.views(), now)); err != nil {
		return api.Issued{}, api.Because(api.CodeInvalid, err)
	}
	// One at a time: the key is made at first use.
	g.issuing.Lock()
	defer g.issuing.Unlock()
	key, err := g.issuerKey(ctx)
	if err != nil {
		return api.Issued{}, err
	}
	raw, err := consent.Sign(t, key)
	if err != nil {
		return api.Issued{}, api.Because(api.CodeInvalid, err)
	}
	return g.importIssued(ctx, t.ID, raw)
}

func (g *Gateway) importIssued(ctx context.Context, id, raw string) (api.Issued, error) {
	results, err := g.importConsents(ctx, []string{raw})
	if err != nil {
		return api.Issued{}, err
	}
	if results[0].outcome != api.Accepted {
		return api.Issued{}, api.Because(api.CodeInvalid, results[0].err)
	}
	one, err := g.store.Consent(id)
	if err != nil {
		return api.Issued{}, err
	}
	g.consents.mu.Lock()
	defer g.consents.mu.Unlock()
	return api.Issued{Consent: g.consents.describe(one, time.Now(), g.views()), Token: raw}, nil
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
func (g *Gateway) issuerKey(ctx context.Context) (consent.PrivateKey, error) {
	stored, err := g.store.Setting(issuerSetting)
	if err == nil {
		key, err := consent.ParsePrivateKey([]byte(stored.Reveal()))
		if err == nil && g.trustsKey(key.Public().ID()) {
			return key, nil
		}
	} else if !errors.Is(err, store.ErrNotFound) {
		return consent.PrivateKey{}, err
	}
	key := consent.NewKey()
	if err := g.store.PutSetting(issuerSetting, store.NewSecret(string(key.PEM()))); err != nil {
		return consent.PrivateKey{}, err
	}
	return key, g.AddIssuer(ctx, consent.Issuer{Name: ConsoleIssuer, Key: key.Public()})
}

func (g *Gateway) trustsKey(id string) bool {
	g.consents.mu.Lock()
	defer g.consents.mu.Unlock()
	_, known := g.consents.issuers[id]
	return known
}

// badgeOf draws the badge of a consent.
func (g *Gateway) badgeOf(draw func(badge.Badge, io.Writer) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		one, err := g.storedConsent(r.PathValue("id"))
		if err == nil && one.Badge == 0 {
			err = api.Refuse(api.CodeNotFound, text.APINoBadge, one.ID)
		}
		if err != nil {
			refuseTo(w, r, err)
			return
		}
		w.Header().Set("Content-Type", "application/pdf")
		if err := draw(badge.Badge{Number: one.Badge, Expires: one.Expires.In(time.Local)}, w); err != nil {
			g.log.Debug("a badge was not fetched", "error", err) // the client is gone
		}
	}
}

func (g *Gateway) storedConsent(id string) (store.Consent, error) {
	one, err := g.store.Consent(id)
	if errors.Is(err, store.ErrNotFound) {
		err = api.Because(api.CodeNotFound, err)
	}
	return one, err
}

// maxPack bounds an evidence pack that is to be verified; a year of a busy
// site is some 100 MB.
const maxPack = 256 << 20

func (g *Gateway) postVerify(r *http.Request) (any, error) {
	if !g.verifying.TryLock() {
		return nil, api.Refuse(api.CodeBusy, text.AccessBusy)
	}
	defer g.verifying.Unlock()
	f, err := os.CreateTemp(g.cfg.Data, ".verify-*") // of mode 0600
	if err != nil {
		return nil, err
	}
	defer f.Close()
	err = os.Remove(f.Name()) // a power cut leaves nothing behind
	size, copied := io.Copy(f, r.Body)
	err = errors.Join(err, copied)
	if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
		return nil, api.Refuse(api.CodeTooLarge, text.AccessTooLarge, large.Limit)
	}
	if err != nil {
		return nil, api.Because(api.CodeInvalid, err)
	}
	return g.verified(f, size, text.Pick(r.Header.Get("Accept-Language")))
}

func (g *Gateway) verified(f *os.File, size int64, lang text.Lang) (any, error) {
	p, err := compliance.Verify(f, size)
	if errors.Is(err, compliance.ErrForged) {
		return api.Verified{Message: text.Explain(lang, err)}, nil
	}
	if err != nil {
		return nil, err
	}
	own, err := g.EvidenceKey()
	return api.Verified{Valid: true, Own: own.Key == p.Key, Proven: &p}, err
}
