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
	"github.com/bauta-gateway/bauta/gateway/compliance"
)

// Words is a text in both languages.
type Words = policy.Text

func words(key text.Key, args ...any) Words {
	return Words{EN: text.Of(text.EN, key, args...), ZH: text.Of(text.ZhCN, key, args...)}
}

// Choice is one of what can be chosen.
type Choice struct {
	ID   string `json:"id"`
	Name Words  `json:"name"`
}

// PlaceChoice is a place; Law is what the rules in force say of a prohibited one.
type PlaceChoice struct {
	Choice
	Prohibited bool  `json:"prohibited"`
	Law        Words `json:"law"`
}

// RecordKind is a kind of records with what a form asks for.
type RecordKind struct {
	Choice
	Fields []RecordField `json:"fields"`
}

// RecordField is one field; Type is text, date, number, flag, hash, camera,
// cameras, choice or items (a finding for each choice).
type RecordField struct {
	Choice
	Type     string   `json:"type"`
	Required bool     `json:"required"`
	Filled   bool     `json:"filled"`
	Choices  []Choice `json:"choices,omitempty"`
}

// Setting is one key of the settings file as it is in force.
type Setting struct {
	Key     string `json:"key"`
	Value   string `json:"value"`
	Default bool   `json:"default"`
	About   Words  `json:"about"`
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
	var s Snapshot
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
	law := Words{
		EN: p.Cite(clause, text.EN) + ": " + clause.Duty.EN,
		ZH: p.Cite(clause, text.ZhCN) + "：" + clause.Duty.ZH,
	}
	all := []PlaceChoice{}
	for _, place := range slices.Concat(policy.Ordinary, policy.Prohibited) {
		one := PlaceChoice{Choice: Choice{string(place), words(place.Word())}, Prohibited: place.Prohibited()}
		if one.Prohibited {
			one.Law = law
		}
		all = append(all, one)
	}
	return all, nil
}

func purposes(names []string) []Choice {
	all := []Choice{}
	for _, name := range names {
		all = append(all, Choice{name, words(text.Purpose(name))})
	}
	return all
}

func getRecordKinds(*http.Request) (any, error) {
	all := []RecordKind{}
	for _, kind := range policy.RecordKinds {
		one := RecordKind{Choice: Choice{string(kind), words(text.RecordKindName(string(kind)))}}
		for _, f := range policy.Fields(kind) {
			one.Fields = append(one.Fields, RecordField{
				Choice: Choice{f.Name, words(text.RecordField(f.Name))}, Type: f.Type, Required: f.Required, Filled: f.Filled, Choices: choices(f),
			})
		}
		all = append(all, one)
	}
	return all, nil
}

func choices(f policy.Field) (all []Choice) {
	for _, c := range f.Choices {
		key := text.Purpose(c)
		if f.Type == "items" {
			key = text.AssessmentItem(c)
		}
		all = append(all, Choice{c, words(key)})
	}
	return all
}

func (g *Gateway) getSettings(*http.Request) (any, error) {
	all := []Setting{}
	for _, s := range config.Settings(g.cfg) {
		all = append(all, Setting{s.Key, s.Value, s.Default, words(s.About)})
	}
	return all, nil
}

// IssueRequest is the body of POST /v1/consents/issue.
type IssueRequest struct {
	Badge   int      `json:"badge"`
	Zones   []string `json:"zones"`
	Purpose string   `json:"purpose"`
	// Basis is separate or written; empty means separate.
	Basis consent.Basis `json:"basis,omitempty"`
	Age   consent.Age   `json:"age"`
	// Guardian refers to the guardian's consent; needed for a minor.
	Guardian string `json:"guardian,omitempty"`
	// Subject is the person's pseudonym; empty: a random one.
	Subject string `json:"subject,omitempty"`
	// NotBefore is the first moment, zero: now; Expires the end, zero: a year later.
	NotBefore time.Time `json:"not_before,omitzero"`
	Expires   time.Time `json:"expires,omitzero"`
	// Statement is the text that the person agreed to; its SHA-256 alone is kept.
	Statement string `json:"statement"`
}

// Issued is the answer. Token is told this once.
type Issued struct {
	Consent Consent `json:"consent"`
	Token   string  `json:"token"`
}

// ConsoleIssuer is the name of the key that signs the consents issued here.
const ConsoleIssuer = "console"

// issuerSetting holds that key, encrypted by the store.
const issuerSetting = "console.issuer"

func (g *Gateway) postIssue(r *http.Request) (any, error) {
	var in IssueRequest
	if err := body(r, &in); err != nil {
		return nil, err
	}
	return g.IssueConsent(r.Context(), in)
}

// IssueConsent signs a consent with this gateway's own key and imports it.
func (g *Gateway) IssueConsent(ctx context.Context, in IssueRequest) (Issued, error) {
	if in.Statement == "" {
		return Issued{}, refuse(CodeInvalid, text.PolicyRequired, "statement")
	}
	now := time.Now()
	if in.Purpose == consent.SubjectAccess { // bauta redact has no use for a key that is in the store alone
		return Issued{}, refuse(CodeInvalid, text.IssueNotHere)
	}
	if !in.NotBefore.IsZero() && in.NotBefore.Before(now.Add(-consent.Skew)) {
		return Issued{}, refuse(CodeInvalid, text.IssueFromPast)
	}
	t := in.token(now)
	if err := t.CheckUse(g.consents.rules(t, g.views(), now)); err != nil {
		return Issued{}, &APIError{Code: CodeInvalid, cause: err}
	}
	// One at a time: the key is made at first use.
	g.issuing.Lock()
	defer g.issuing.Unlock()
	key, err := g.issuerKey(ctx)
	if err != nil {
		return Issued{}, err
	}
	raw, err := consent.Sign(t, key)
	if err != nil {
		return Issued{}, &APIError{Code: CodeInvalid, cause: err}
	}
	return g.importIssued(ctx, t.ID, raw)
}

func (g *Gateway) importIssued(ctx context.Context, id, raw string) (Issued, error) {
	results, err := g.importConsents(ctx, []string{raw})
	if err != nil {
		return Issued{}, err
	}
	if results[0].outcome != Accepted {
		return Issued{}, &APIError{Code: CodeInvalid, cause: results[0].err}
	}
	one, err := g.store.Consent(id)
	if err != nil {
		return Issued{}, err
	}
	g.consents.mu.Lock()
	defer g.consents.mu.Unlock()
	return Issued{Consent: g.consents.describe(one, time.Now(), g.views()), Token: raw}, nil
}

func (in IssueRequest) token(now time.Time) consent.Token {
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
			err = refuse(CodeNotFound, text.APINoBadge, one.ID)
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
		err = &APIError{Code: CodeNotFound, cause: err}
	}
	return one, err
}

// maxPack bounds an evidence pack that is to be verified; a year of a busy
// site is some 100 MB.
const maxPack = 256 << 20

// Verified is the answer of POST /v1/evidence/verify.
type Verified struct {
	Valid bool `json:"valid"`
	// Message says why not.
	Message string `json:"message,omitempty"`
	// Own tells that this very gateway signed it.
	Own bool `json:"own"`
	// Proven is what the pack says; absent where it is not valid.
	Proven *compliance.Proven `json:"proven,omitempty"`
}

func (g *Gateway) postVerify(r *http.Request) (any, error) {
	if !g.verifying.TryLock() {
		return nil, refuse(CodeBusy, text.AccessBusy)
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
		return nil, refuse(CodeTooLarge, text.AccessTooLarge, large.Limit)
	}
	if err != nil {
		return nil, &APIError{Code: CodeInvalid, cause: err}
	}
	return g.verified(f, size, text.Pick(r.Header.Get("Accept-Language")))
}

func (g *Gateway) verified(f *os.File, size int64, lang text.Lang) (any, error) {
	p, err := compliance.Verify(f, size)
	if errors.Is(err, compliance.ErrForged) {
		return Verified{Message: text.Explain(lang, err)}, nil
	}
	if err != nil {
		return nil, err
	}
	own, err := g.EvidenceKey()
	return Verified{Valid: true, Own: own.Key == p.Key, Proven: &p}, err
}
