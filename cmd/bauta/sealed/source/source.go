// Package source is where requests to open sealed originals are kept and where the
// originals lie: files and a disk, without any gateway, or a gateway with its API.
//
// In: requests, approvals and refusals. Out: what others gave, the fronts of segments, and
// segments. It holds no private key, and starts no goroutine.
package source

import (
	"context"
	"slices"

	"github.com/bauta-gateway/bauta/config/sealed"
)

// Item is a request with what became of it.
type Item struct {
	// Ref is what Load finds it by: an id, or the name of its file.
	Ref     string
	Request sealed.Request
	// Account is whose request it is at a gateway.
	Account string
	// Given are approvals and refusals, in the order in which they came; without the shares
	// where they are at a gateway.
	Given []sealed.Approval
	// Segments is how many segments it is about.
	Segments int
	// State is one of the State words.
	State string
}

// States of a request.
const (
	StateWaiting  = "waiting"
	StateApproved = "approved"
	StateRefused  = "refused"
	StateOpened   = "opened"
	StateEnded    = "ended"
)

// Refused is the refusal that ended the request, where there is one.
func (i Item) Refused() (sealed.Approval, bool) {
	for _, a := range i.Given {
		if a.Refused != "" {
			return a, true
		}
	}
	return sealed.Approval{}, false
}

// Groups are the groups that have approved so far.
func (i Item) Groups() (has [sealed.Groups]bool) {
	for _, a := range i.Given {
		if a.Refused == "" && a.Group >= 1 && a.Group <= sealed.Groups {
			has[a.Group-1] = true
		}
	}
	return has
}

// Sequences are the segments of which somebody gave shares, in order.
func Sequences(given []sealed.Approval) (all []uint64) {
	seen := map[uint64]bool{}
	for _, a := range given {
		for _, seq := range a.Segments {
			if !seen[seq] {
				seen[seq], all = true, append(all, seq)
			}
		}
	}
	slices.Sort(all)
	return all
}

// Source is either kind.
type Source interface {
	// Load finds one request, by its id or the name of its file.
	Load(ctx context.Context, ref string) (Item, error)
	// List lists all requests, the newest first.
	List(ctx context.Context) ([]Item, error)
	// Submit keeps a new request and says where.
	Submit(ctx context.Context, r sealed.Request) (where string, segments int, err error)
	// Fronts are the fronts of the segments that a request is about.
	Fronts(ctx context.Context, i Item) ([][]byte, error)
	// Answer keeps an approval or a refusal and says where; empty: at the gateway.
	Answer(ctx context.Context, i Item, a sealed.Approval) (where string, err error)
	// Approvals are what the holders gave, for who asked. A gateway has the opening on
	// record from then on.
	Approvals(ctx context.Context, i Item) ([]sealed.Approval, error)
	// Segment opens the file of one segment.
	Segment(ctx context.Context, i Item, sequence uint64) (sealed.File, error)
	// Opened notes that a request was opened.
	Opened(ctx context.Context, i Item, by sealed.Person, units int) error
}
