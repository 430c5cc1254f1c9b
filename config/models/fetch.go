package models

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// fetchTimeout bounds a whole download: models are small, networks of
// buildings slow.
const fetchTimeout = 5 * time.Minute

// Fetch brings a model into dir and returns its path there. from is a local
// file or an https:// address; empty means the model's own. The file appears under its name only
// after its hash was checked: a failed fetch leaves what was there before.
func Fetch(ctx context.Context, m Model, dir, from string) (string, error) {
	if from == "" {
		from = m.URL
	}
	src, err := open(ctx, from)
	if err != nil {
		return "", err
	}
	defer src.Close()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("models folder: %w", err)
	}
	return place(m, dir, from, src)
}

// place writes a temporary file beside the final one and renames it.
func place(m Model, dir, from string, src io.Reader) (string, error) {
	tmp, err := os.CreateTemp(dir, ".fetch-*")
	if err != nil {
		return "", fmt.Errorf("models folder: %w", err)
	}
	defer os.Remove(tmp.Name()) // fails after the rename, which is right
	defer tmp.Close()
	if _, err := verify(m, from, io.TeeReader(src, tmp)); err != nil {
		return "", fetchError(err)
	}
	if err := errors.Join(tmp.Chmod(0o644), tmp.Sync(), tmp.Close()); err != nil {
		return "", fmt.Errorf("write the model: %w", err)
	}
	path := filepath.Join(dir, m.File)
	if err := os.Rename(tmp.Name(), path); err != nil {
		return "", fmt.Errorf("write the model: %w", err)
	}
	return path, nil
}

func fetchError(err error) error {
	if errors.Is(err, ErrHash) {
		return fmt.Errorf("%w: this is not the known model, nothing was changed", err)
	}
	return fmt.Errorf("fetch the model: %w", err)
}

func open(ctx context.Context, from string) (io.ReadCloser, error) {
	switch {
	case strings.HasPrefix(from, "https://"):
		return download(ctx, from, http.DefaultTransport)
	case strings.Contains(from, "://"):
		return nil, fmt.Errorf("%s: only https:// addresses and local files are taken", Redact(from))
	}
	f, err := os.Open(from)
	if err != nil {
		return nil, fmt.Errorf("fetch the model: %w", err)
	}
	return f, nil
}

func download(ctx context.Context, from string, transport http.RoundTripper) (io.ReadCloser, error) {
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, from, nil)
	if err != nil {
		cancel()
		return nil, fmt.Errorf("%s: not an address", Redact(from))
	}
	client := http.Client{Transport: transport, CheckRedirect: stayOnHTTPS}
	res, err := client.Do(req)
	if err != nil {
		cancel()
		return nil, fmt.Errorf("download: %w: without internet, copy the file here and use --from FILE", err)
	}
	if res.StatusCode != http.StatusOK {
		res.Body.Close()
		cancel()
		return nil, fmt.Errorf("download %s: server says %s: use --from FILE with a copy of the model", Redact(from), res.Status)
	}
	return &body{res.Body, cancel}, nil
}

func stayOnHTTPS(req *http.Request, via []*http.Request) error {
	if req.URL.Scheme != "https" {
		return errors.New("redirect away from https refused")
	}
	if len(via) > 5 {
		return errors.New("too many redirects")
	}
	return nil
}

// body ends the download's context with the body.
type body struct {
	io.ReadCloser
	cancel context.CancelFunc
}

func (b *body) Close() error {
	defer b.cancel()
	return b.ReadCloser.Close()
}

// Redact drops a password that a private mirror's address may hold; file names
// stay as they are.
func Redact(from string) string {
	if !strings.Contains(from, "://") {
		return from
	}
	u, err := url.Parse(from)
	if err != nil {
		return "(an address that cannot be read)"
	}
	return u.Redacted()
}
