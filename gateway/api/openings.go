package api

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/bauta-gateway/bauta/config/sealed"
)

// States of an opening.
const (
	OpeningWaiting  = "waiting"
	OpeningApproved = "approved"
	OpeningRefused  = "refused"
	OpeningOpened   = "opened"
	OpeningEnded    = "ended"
)

// MaxAnswer bounds the body of an approval, in bytes.
const MaxAnswer = sealed.MaxApproval*4/3 + 1<<20

// maxFronts bounds the fronts of a request in an answer: 20000 of some 2 KiB, in base64.
const maxFronts = 64 << 20

// Opening is a request to open sealed originals, and what became of it.
type Opening struct {
	Request sealed.Request `json:"request"`
	// Account is whose request it is.
	Account  string          `json:"account"`
	Segments int             `json:"segments"`
	State    string          `json:"state"`
	Answers  []OpeningAnswer `json:"answers"`
}

// OpeningAnswer is that somebody approved, or why he refused; never what he gave.
type OpeningAnswer struct {
	By      string    `json:"by"`
	Account string    `json:"account"`
	At      time.Time `json:"at"`
	Group   int       `json:"group,omitempty"`
	Refused string    `json:"refused,omitempty"`
}

// OpeningDone is the body of POST /v1/openings/{id}/done.
type OpeningDone struct {
	Units int `json:"units"`
}

func openingPath(id string, more string) string {
	return "/v1/openings/" + url.PathEscape(id) + more
}

// Openings lists all requests.
func (c *Client) Openings(ctx context.Context) ([]Opening, error) {
	var out []Opening
	return out, c.Call(ctx, http.MethodGet, "/v1/openings", nil, &out)
}

// Opening is one of them.
func (c *Client) Opening(ctx context.Context, id string) (Opening, error) {
	var out Opening
	return out, c.Call(ctx, http.MethodGet, openingPath(id, ""), nil, &out)
}

// AskOpening makes a request.
func (c *Client) AskOpening(ctx context.Context, r sealed.Request) (Opening, error) {
	var out Opening
	return out, c.Call(ctx, http.MethodPost, "/v1/openings", r, &out)
}

// Fronts are the fronts of the segments of a request.
func (c *Client) Fronts(ctx context.Context, id string) (fronts [][]byte, err error) {
	body, err := c.download(ctx, openingPath(id, "/fronts"))
	if err != nil {
		return nil, err
	}
	defer body.Close()
	if err := json.NewDecoder(io.LimitReader(body, maxFronts)).Decode(&fronts); err != nil {
		return nil, fmt.Errorf("bauta's answer makes no sense: %w", err)
	}
	return fronts, nil
}

// AnswerOpening gives an approval or a refusal.
func (c *Client) AnswerOpening(ctx context.Context, a sealed.Approval) (Opening, error) {
	var out Opening
	return out, c.Call(ctx, http.MethodPost, openingPath(a.Request, "/answers"), a, &out)
}

// OpenOpening hands out what was approved; it is on record from then on.
func (c *Client) OpenOpening(ctx context.Context, id string) (approvals []sealed.Approval, err error) {
	body, err := c.transfer(ctx, http.MethodPost, openingPath(id, "/open"))
	if err != nil {
		return nil, err
	}
	defer body.Close()
	if err := json.NewDecoder(io.LimitReader(body, 8*MaxAnswer)).Decode(&approvals); err != nil {
		return nil, fmt.Errorf("bauta's answer makes no sense: %w", err)
	}
	return approvals, nil
}

// SealedSegment is the file of one segment, as it is on the disk.
func (c *Client) SealedSegment(ctx context.Context, id string, sequence uint64) (io.ReadCloser, error) {
	return c.download(ctx, openingPath(id, fmt.Sprintf("/segments/%d", sequence)))
}

// OpeningDone notes how much was opened.
func (c *Client) OpeningDone(ctx context.Context, id string, units int) error {
	return c.Call(ctx, http.MethodPost, openingPath(id, "/done"), OpeningDone{units}, nil)
}

// SealedKeys are the public keys that new segments are sealed to.
func (c *Client) SealedKeys(ctx context.Context) (k sealed.Keys, err error) {
	return k, c.Call(ctx, http.MethodGet, "/v1/sealed/keys", nil, &k)
}

// SetSealedKeys puts others in their place.
func (c *Client) SetSealedKeys(ctx context.Context, k sealed.Keys) error {
	return c.Call(ctx, http.MethodPut, "/v1/sealed/keys", k, nil)
}

// download asks for what is too large for an answer in one piece.
func (c *Client) download(ctx context.Context, path string) (io.ReadCloser, error) {
	return c.transfer(ctx, http.MethodGet, path)
}

func (c *Client) transfer(ctx context.Context, method, path string) (io.ReadCloser, error) {
	res, err := c.stream(ctx, method, path, nil)
	if err != nil {
		return nil, err
	}
	return res.Body, nil
}
