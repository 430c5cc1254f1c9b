package api

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// ConsentStatus counts consents.
type ConsentStatus struct {
	// Issuers are trusted keys.
	Issuers int `json:"issuers"`
	// Live consents count now or will; Shown is how many of them count on some camera now.
	Live  int `json:"live"`
	Shown int `json:"shown"`
	// Idle counts the live ones that show nobody anywhere, by reason.
	Idle map[IdleReason]int `json:"idle"`
	// Unconfirmed zones have purposes that nobody named.
	Unconfirmed []UnconfirmedZone `json:"unconfirmed_zones"`
	// RevocationsReceived came over MQTT since the start; RevocationsRefused of
	// them were not signed by a trusted issuer.
	RevocationsReceived uint64 `json:"revocations_received"`
	RevocationsRefused  uint64 `json:"revocations_refused"`
	// ExchangeDropped counts what other gateways said of their lists faster than it was taken.
	ExchangeDropped uint64 `json:"exchange_dropped"`
	// Lists tell how much is known of what each trusted issuer withdrew, by the issuers' names;
	// FreshDays is how old that may be: 0, any age.
	Lists     []IssuerList `json:"lists"`
	FreshDays int          `json:"fresh_days"`
}

// IssuerList is what is known of an issuer's withdrawals as a whole.
type IssuerList struct {
	Issuer string `json:"issuer"`
	// Number is the newest list's and Withdrawn how many entries it has; 0: none came yet.
	Number    uint64 `json:"number"`
	Withdrawn int    `json:"withdrawn"`
	// Sure is up to when it is certain that nothing else was withdrawn; zero: never was.
	Sure time.Time `json:"sure,omitzero"`
	// Behind: the issuer has signed a newer list, which did not come yet.
	Behind bool `json:"behind"`
	// Stale: Sure is too long ago, and nobody is shown by this issuer's consents.
	Stale bool `json:"stale"`
}

// Recipient is the public key to which consents for this gateway are encrypted.
type Recipient struct {
	Recipient string `json:"recipient"`
}

// ConsentState is how a stored consent stands.
type ConsentState string

// The states.
const (
	ConsentValid     ConsentState = "valid"     // it counts where it names a consent zone
	ConsentFuture    ConsentState = "future"    // its time has not come
	ConsentExpired   ConsentState = "expired"   // its time is over
	ConsentRevoked   ConsentState = "revoked"   // it was withdrawn
	ConsentUntrusted ConsentState = "untrusted" // its issuer is not trusted any more
)

// Consent is a stored consent. Its token's fields stand under the names of their claims.
type Consent struct {
	consent.Token
	// ZoneNames are what people call the areas of zones, in the same order.
	ZoneNames []string     `json:"zone_names"`
	KeyID     string       `json:"kid"`
	State     ConsentState `json:"state"`
	Imported  time.Time    `json:"imported"`
	Revoked   time.Time    `json:"revoked,omitzero"`
	// Cameras are those on which it counts now.
	Cameras []media.CameraID `json:"cameras"`
	// Reason is why it shows nobody although it is in order; empty where it shows somebody.
	Reason IdleReason `json:"reason,omitempty"`
}

// ConsentPage is the answer of GET /v1/consents.
type ConsentPage struct {
	Consents []Consent `json:"consents"`
	// More says that others follow: ask again with after=<last id>.
	More bool `json:"more"`
}

// ConsentFilter chooses consents; its zero value takes those that count now or later.
type ConsentFilter struct {
	// All takes those that ended too.
	All     bool
	Badge   int
	Subject string
}

// IdleReason is why a consent that is in order shows nobody on any camera.
type IdleReason string

// The reasons.
const (
	IdleFace         IdleReason = "face_off"        // it is bound to an enrolled face
	IdleFileOnly     IdleReason = "file_only"       // for subject-access: only copies of film show its holder
	IdleUnserved     IdleReason = "unknown_purpose" // the settings do not have its purpose any more
	IdleNoZone       IdleReason = "unknown_zone"    // no camera has a consent zone that it names
	IdleOtherPurpose IdleReason = "wrong_purpose"   // none of those zones names its purpose
	IdleStale        IdleReason = "not_fresh"       // it is not certain that it was not withdrawn meanwhile
)

// UnconfirmedZone is a consent zone whose purposes were taken over from its consents.
type UnconfirmedZone struct {
	Camera   media.CameraID `json:"camera"`
	Zone     string         `json:"zone"`
	Purposes []string       `json:"purposes"`
}

// Outcome is what became of a token at its import.
type Outcome string

// The outcomes.
const (
	Accepted Outcome = "accepted"
	Known    Outcome = "known" // the very same token is here already
	Refused  Outcome = "refused"
)

// The kinds of statements that can be imported.
const (
	KindToken      = "token"
	KindRevocation = "revocation"
	// KindList is a signed list of all that an issuer withdrew; KindAttestation says how new one is.
	KindList        = "list"
	KindAttestation = "attestation"
)

// ImportRequest is the body of POST /v1/consents: tokens and signed revocations.
type ImportRequest struct {
	Tokens []string `json:"tokens"`
}

// Import is what became of one of them, in the order of the request.
type Import struct {
	Kind    string  `json:"kind"`
	Outcome Outcome `json:"outcome"`
	// ID, Badge and Expires of a token whose signature holds; ID of a revocation.
	ID      string    `json:"id,omitempty"`
	Badge   int       `json:"badge,omitempty"`
	Expires time.Time `json:"expires,omitzero"`
	// Revoked lists the stored tokens that a revocation withdrew.
	Revoked []string `json:"revoked,omitempty"`
	// Code is why it was refused, or a note, for programs; Message for people.
	Code    string `json:"code,omitempty"`
	Message string `json:"message,omitempty"`
}

// ImportResult is the answer.
type ImportResult struct {
	Results []Import `json:"results"`
}

// RevokeRequest is the body of POST /v1/consents/revoke; one field is set.
type RevokeRequest struct {
	Token   string `json:"token,omitempty"`
	Subject string `json:"subject,omitempty"`
	Badge   int    `json:"badge,omitempty"`
}

// RevokeResult lists the stored tokens that counted until now.
type RevokeResult struct {
	Revoked []string `json:"revoked"`
}

// RevokedAnswer is the answer of POST /v1/consents/revoked, whose body is a token's fields.
type RevokedAnswer struct {
	Revoked bool `json:"revoked"`
}

// Issuer is a trusted key.
type Issuer struct {
	Name  string    `json:"name"`
	KeyID string    `json:"kid"`
	Added time.Time `json:"added"`
	// Key is the public key, as PEM.
	Key string `json:"key"`
}

// NewIssuer is the body of POST /v1/issuers; Key is PEM.
type NewIssuer struct {
	Name string `json:"name"`
	Key  string `json:"key"`
}

// RemovedIssuer is the answer of DELETE /v1/issuers/{name or key id}.
type RemovedIssuer struct {
	Keys []string `json:"keys"`
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
	// Until is the last day by the site's clock, in the place of Expires.
	Until civil.Date `json:"until,omitempty"`
	// Statement is the text that the person agreed to; its SHA-256 alone is kept.
	Statement string `json:"statement"`
}

// Issued is the answer. Token is shown this once.
type Issued struct {
	Consent Consent `json:"consent"`
	Token   string  `json:"token"`
}

// Consents lists stored consents in the order of their ids.
func (c *Client) Consents(ctx context.Context, f ConsentFilter) ([]Consent, error) {
	q := url.Values{}
	if f.All {
		q.Set("all", "1")
	}
	if f.Badge != 0 {
		q.Set("badge", strconv.Itoa(f.Badge))
	}
	if f.Subject != "" {
		q.Set("subject", f.Subject)
	}
	all := []Consent{}
	for {
		var page ConsentPage
		if err := c.Call(ctx, http.MethodGet, "/v1/consents?"+q.Encode(), nil, &page); err != nil {
			return nil, err
		}
		all = append(all, page.Consents...)
		if !page.More || len(page.Consents) == 0 {
			return all, nil
		}
		q.Set("after", all[len(all)-1].ID)
	}
}

// Consent asks for one consent.
func (c *Client) Consent(ctx context.Context, id string) (Consent, error) {
	var out Consent
	return out, c.Call(ctx, http.MethodGet, "/v1/consents/"+url.PathEscape(id), nil, &out)
}

// maxBatch is how many bytes of tokens go into one request.
const maxBatch = MaxRequest - 8<<10

// ImportConsents sends tokens and signed revocations, in several requests
// where they are many, and calls done with what became of each. An error ends
// it; what done was called for is done.
func (c *Client) ImportConsents(ctx context.Context, raws []string, done func(Import)) error {
	for len(raws) > 0 {
		n, size := 0, 0
		for n < len(raws) && (n == 0 || size+len(raws[n]) < maxBatch) {
			size += len(raws[n]) + len(`"",`)
			n++
		}
		var out ImportResult
		if err := c.Call(ctx, http.MethodPost, "/v1/consents", ImportRequest{Tokens: raws[:n]}, &out); err != nil {
			return err
		}
		for _, one := range out.Results {
			done(one)
		}
		raws = raws[n:]
	}
	return nil
}

// RevokeConsents withdraws a token, a subject's or a badge's tokens for good.
func (c *Client) RevokeConsents(ctx context.Context, r RevokeRequest) (RevokeResult, error) {
	var out RevokeResult
	return out, c.Call(ctx, http.MethodPost, "/v1/consents/revoke", r, &out)
}

// Revoked asks whether a token is withdrawn, one that is not stored too.
func (c *Client) Revoked(ctx context.Context, t consent.Token) (bool, error) {
	var out RevokedAnswer
	err := c.Call(ctx, http.MethodPost, "/v1/consents/revoked", t, &out)
	return out.Revoked, err
}

// ConsentRecipient returns the public key to which consents for the gateway are encrypted.
func (c *Client) ConsentRecipient(ctx context.Context) (Recipient, error) {
	var out Recipient
	return out, c.Call(ctx, http.MethodGet, "/v1/consents/recipient", nil, &out)
}

// Issuers lists the trusted keys.
func (c *Client) Issuers(ctx context.Context) ([]Issuer, error) {
	var out []Issuer
	return out, c.Call(ctx, http.MethodGet, "/v1/issuers", nil, &out)
}

// AddIssuer trusts a key.
func (c *Client) AddIssuer(ctx context.Context, i NewIssuer) (Issuer, error) {
	var out Issuer
	return out, c.Call(ctx, http.MethodPost, "/v1/issuers", i, &out)
}

// RemoveIssuer ends the trust in a key, or in all keys of a name.
func (c *Client) RemoveIssuer(ctx context.Context, nameOrKey string) (RemovedIssuer, error) {
	var out RemovedIssuer
	return out, c.Call(ctx, http.MethodDelete, "/v1/issuers/"+url.PathEscape(nameOrKey), nil, &out)
}
