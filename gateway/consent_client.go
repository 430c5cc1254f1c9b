package gateway

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/bauta-gateway/bauta/config/consent"
)

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
		if err := c.call(ctx, http.MethodGet, "/v1/consents?"+q.Encode(), nil, &page); err != nil {
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
	return out, c.call(ctx, http.MethodGet, "/v1/consents/"+url.PathEscape(id), nil, &out)
}

// maxBatch is how many bytes of tokens go into one request.
const maxBatch = maxRequest - 8<<10

// ImportConsents sends tokens and signed revocations, in several requests
// where they are many, and calls told with what became of each. An error ends
// it; what told was called for is done.
func (c *Client) ImportConsents(ctx context.Context, raws []string, told func(Import)) error {
	for len(raws) > 0 {
		n, size := 0, 0
		for n < len(raws) && (n == 0 || size+len(raws[n]) < maxBatch) {
			size += len(raws[n]) + len(`"",`)
			n++
		}
		var out ImportResult
		if err := c.call(ctx, http.MethodPost, "/v1/consents", ImportRequest{Tokens: raws[:n]}, &out); err != nil {
			return err
		}
		for _, one := range out.Results {
			told(one)
		}
		raws = raws[n:]
	}
	return nil
}

// RevokeConsents withdraws a token, a subject's or a badge's tokens for good.
func (c *Client) RevokeConsents(ctx context.Context, r RevokeRequest) (RevokeResult, error) {
	var out RevokeResult
	return out, c.call(ctx, http.MethodPost, "/v1/consents/revoke", r, &out)
}

// Revoked asks whether a token is withdrawn, one that is not stored too.
func (c *Client) Revoked(ctx context.Context, t consent.Token) (bool, error) {
	var out RevokedAnswer
	err := c.call(ctx, http.MethodPost, "/v1/consents/revoked", t, &out)
	return out.Revoked, err
}

// Issuers lists the trusted keys.
func (c *Client) Issuers(ctx context.Context) ([]Issuer, error) {
	var out []Issuer
	return out, c.call(ctx, http.MethodGet, "/v1/issuers", nil, &out)
}

// AddIssuer trusts a key.
func (c *Client) AddIssuer(ctx context.Context, i NewIssuer) (Issuer, error) {
	var out Issuer
	return out, c.call(ctx, http.MethodPost, "/v1/issuers", i, &out)
}

// RemoveIssuer ends the trust in a key, or in all keys of a name.
func (c *Client) RemoveIssuer(ctx context.Context, nameOrKey string) (RemovedIssuer, error) {
	var out RemovedIssuer
	return out, c.call(ctx, http.MethodDelete, "/v1/issuers/"+url.PathEscape(nameOrKey), nil, &out)
}
