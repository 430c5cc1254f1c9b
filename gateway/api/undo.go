package api

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// Removed is the answer where something was removed.
type Removed struct {
	// Undo takes it back; nil: nothing does.
	Undo *Undo `json:"undo,omitempty"`
}

// Undo is an offer to put back what was removed, all of it, until a time: for who removed it.
type Undo struct {
	ID    string    `json:"id"`
	Until time.Time `json:"until"`
}

// Progress is how far long work is.
type Progress struct {
	// What is being done; Done of Total are.
	What  Words `json:"what"`
	Done  int   `json:"done"`
	Total int   `json:"total"`
}

// Undo puts back what was removed.
func (c *Client) Undo(ctx context.Context, id string) error {
	return c.Call(ctx, http.MethodPost, "/v1/undo/"+url.PathEscape(id), nil, nil)
}
