package api

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/bauta-gateway/bauta/config/forms/document"
	"github.com/bauta-gateway/bauta/config/text"
)

// FormInfo is a form that can be printed.
type FormInfo struct {
	Choice
	About Words `json:"about"`
	// Persons: names of persons can be printed on it, for a manager.
	Persons bool `json:"persons"`
}

// Sign is what a sign says of some cameras; what nobody said is empty, to be written by hand.
type Sign struct {
	Unit     string `json:"unit"`
	Contact  string `json:"contact"`
	Purposes Words  `json:"purposes"`
	// Days that footage is kept, 0: not said of each camera; UpTo: of some less.
	Days int  `json:"days"`
	UpTo bool `json:"up_to"`
	// Masking is what is masked, as far as it is true.
	Masking Words `json:"masking"`
	// Link is where the notice can be read, as its record says; Here where this gateway
	// serves it. Both may be empty.
	Link string `json:"link"`
	Here string `json:"here"`
}

// FormLimit is how long the printing of a form may take; a thousand entries take a second.
const FormLimit = 2 * time.Minute

// Forms lists the forms that can be printed.
func (c *Client) Forms(ctx context.Context) ([]FormInfo, error) {
	var out []FormInfo
	return out, c.Call(ctx, http.MethodGet, "/v1/forms", nil, &out)
}

// Form prints a form into a file, which appears when it is whole. An existing one is replaced.
func (c *Client) Form(ctx context.Context, id string, lang text.Lang, format document.Format, names bool, path string) error {
	q := url.Values{"lang": {string(lang)}, "format": {string(format)}}
	if names {
		q.Set("names", "1")
	}
	return c.file(ctx, "/v1/forms/"+url.PathEscape(id)+"?"+q.Encode(), path)
}

// Notice writes the page of the newest notice into a file.
func (c *Client) Notice(ctx context.Context, path string) error {
	return c.file(ctx, "/v1/notice", path)
}

func (c *Client) file(ctx context.Context, from, path string) error {
	ctx, cancel := context.WithTimeout(ctx, FormLimit)
	defer cancel()
	res, err := c.stream(ctx, http.MethodGet, from, nil)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	return writeWhole(path, res.Body)
}
