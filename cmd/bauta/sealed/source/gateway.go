package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/bauta-gateway/bauta/config/sealed"
	"github.com/bauta-gateway/bauta/gateway/api"
)

// Gateway keeps requests at a gateway, and finds segments there, or on a disk where one is at
// hand.
type Gateway struct {
	Client *api.Client
	// Disk is as in Files.
	Disk Files
}

func item(o api.Opening) Item {
	i := Item{Ref: o.Request.ID, Request: o.Request, Account: o.Account, Segments: o.Segments, State: o.State}
	for _, a := range o.Answers {
		i.Given = append(i.Given, sealed.Approval{Request: o.Request.ID, Group: a.Group, By: sealed.Person{ID: a.By, Account: a.Account}, At: a.At, Refused: a.Refused})
	}
	return i
}

// Load asks for one request; what was given is without its shares.
func (g Gateway) Load(ctx context.Context, ref string) (Item, error) {
	o, err := g.Client.Opening(ctx, ref)
	return item(o), err
}

// List lists those of the gateway.
func (g Gateway) List(ctx context.Context) ([]Item, error) {
	all, err := g.Client.Openings(ctx)
	var items []Item
	for _, o := range all {
		items = append(items, item(o))
	}
	return items, err
}

// Submit gives a request to the gateway.
func (g Gateway) Submit(ctx context.Context, r sealed.Request) (string, int, error) {
	o, err := g.Client.AskOpening(ctx, r)
	return "", o.Segments, err
}

// Fronts asks for the fronts. That they are of the request, sealed.Approve proves.
func (g Gateway) Fronts(ctx context.Context, i Item) ([][]byte, error) {
	return g.Client.Fronts(ctx, i.Ref)
}

// Answer gives an approval or a refusal to the gateway.
func (g Gateway) Answer(ctx context.Context, _ Item, a sealed.Approval) (string, error) {
	_, err := g.Client.AnswerOpening(ctx, a)
	return "", err
}

// Approvals asks for what was given, with the shares: the gateway has it on record from now on.
func (g Gateway) Approvals(ctx context.Context, i Item) ([]sealed.Approval, error) {
	return g.Client.OpenOpening(ctx, i.Ref)
}

// Segment fetches a segment into a file that is gone once it is closed. It is sealed there
// as on the gateway's disk.
func (g Gateway) Segment(ctx context.Context, i Item, sequence uint64) (sealed.File, error) {
	if g.Disk.Disk != nil {
		return g.Disk.Segment(ctx, i, sequence)
	}
	body, err := g.Client.SealedSegment(ctx, i.Ref, sequence)
	if err != nil {
		return sealed.File{}, err
	}
	defer body.Close()
	f, err := os.CreateTemp("", "bauta-sealed-*")
	if err != nil {
		return sealed.File{}, err
	}
	size, err := io.Copy(f, body)
	s := sealed.Segment{}
	if err == nil {
		s, err = sealed.Inspect(f, size)
	}
	if err != nil {
		return sealed.File{}, errors.Join(fmt.Errorf("segment %d: %w", sequence, err), removed{f}.Close())
	}
	return sealed.File{Segment: s, File: removed{f}, ReaderAt: f}, nil
}

// removed is a file that is gone once it is closed.
type removed struct{ *os.File }

func (r removed) Close() error { return errors.Join(r.File.Close(), os.Remove(r.Name())) }

// Opened notes at the gateway how much was opened.
func (g Gateway) Opened(ctx context.Context, i Item, _ sealed.Person, units int) error {
	return g.Client.OpeningDone(ctx, i.Ref, units)
}

// Approvals are those that lie beside the request.
func (s Files) Approvals(_ context.Context, i Item) ([]sealed.Approval, error) {
	return slices.Clone(i.Given), nil
}
