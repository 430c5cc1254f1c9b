package api

import (
	"context"
	"net/http"
	"net/url"

	"github.com/bauta-gateway/bauta/config/policy"
)

// NewClosing is what somebody says who closes a violation.
type NewClosing struct {
	Cause   string `json:"cause"`
	Measure string `json:"measure"`
	// File is the SHA-256 of the photo or document that proves it, in hex.
	File string `json:"proof"`
	// FootageDeleted and Police are asked for where the place was a prohibited one.
	FootageDeleted *bool  `json:"footage_deleted,omitempty"`
	Police         string `json:"police,omitempty"`
}

// Closing is the record of it, without when and by whom.
func (n NewClosing) Closing() policy.Closing {
	return policy.Closing{Cause: n.Cause, Measure: n.Measure, File: n.File, FootageDeleted: n.FootageDeleted, Police: n.Police}
}

// Violations lists all violations, open and closed.
func (c *Client) Violations(ctx context.Context) ([]policy.Violation, error) {
	var out []policy.Violation
	return out, c.Call(ctx, http.MethodGet, "/v1/violations", nil, &out)
}

// CloseViolation ends one for good.
func (c *Client) CloseViolation(ctx context.Context, id string, closing NewClosing) error {
	return c.Call(ctx, http.MethodPost, "/v1/violations/"+url.PathEscape(id)+"/close", closing, nil)
}
