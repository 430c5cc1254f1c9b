// Package openings keeps the requests to open sealed originals, and what became of them.
//
// In: requests, and approvals and refusals that holders made on their own PCs. Out: the list
// for everybody who may see it, and to who asked the approvals, once both groups have given
// one. Each step is in the audit log and an event before it is answered; an opening is
// in the register of calls too. Run is the one goroutine, started and awaited by who
// composes the gateway. What it keeps is encrypted to the request's own key: it can open
// nothing, and neither can who steals its files.
package openings

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/sealed"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/identity"
)

const (
	// waitFor is how long a request may wait before it is over.
	waitFor = 30 * 24 * time.Hour
	// keepFor is how long one is kept after its end: the audit log and the register have
	// it for good.
	keepFor = 90 * 24 * time.Hour
	// maxKept and maxWaiting bound the requests, maxAnswers the approvals of one.
	maxKept    = 500
	maxWaiting = 50
	maxAnswers = 32
	pruneEvery = time.Hour
)

// Config is what a Desk works with.
type Config struct {
	// Folder is where requests are kept; it is made with the first one.
	Folder string
	// Sealed is the root of sealed footage; nil: sealing is off.
	Sealed fs.FS
	Store  *store.Store
	Audit  *audit.Log
	// Record writes an opening into the register of calls, and what Unit it is of.
	Record func(context.Context, register.Export) error
	// Zone is the site's time zone, by whose clock the register tells times; nil: the host's.
	Zone func() *time.Location
	// Lang is the language of the register.
	Lang text.Lang
	Log  *slog.Logger
}

// here is a moment by the clock of the site.
func (d *Desk) here(t time.Time) time.Time {
	if d.cfg.Zone == nil {
		return t.Local()
	}
	return t.In(d.cfg.Zone())
}

// Desk takes requests and answers. Its methods may be called from any goroutine.
type Desk struct {
	cfg Config
	now func() time.Time
	mu  sync.Mutex // held while files change
}

// New makes a desk of what is on the disk.
func New(c Config) *Desk { return &Desk{cfg: c, now: time.Now} }

// Run removes what is over long enough, until ctx ends.
func (d *Desk) Run(ctx context.Context) {
	tick := time.NewTicker(pruneEvery)
	defer tick.Stop()
	for {
		d.prune()
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

func (d *Desk) prune() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, o := range d.all() {
		if over := d.over(o); over.IsZero() || d.now().Sub(over) < keepFor {
			continue
		}
		if err := os.RemoveAll(d.folder(o.asked.Request.ID)); err != nil {
			d.cfg.Log.Error("an old request to open sealed footage cannot be removed", "opening", o.asked.Request.ID, "error", err)
		}
	}
}

// over is when a request ended; zero while it waits.
func (d *Desk) over(o opening) time.Time {
	switch o.state(d.now()) {
	case api.OpeningRefused:
		return o.answers[len(o.answers)-1].At
	case api.OpeningOpened:
		return o.opened.At
	case api.OpeningEnded:
		return o.asked.At.Add(waitFor)
	}
	return time.Time{}
}

// account is who asks, as the audit log names accounts, without the role, which may change.
func account(ctx context.Context) string {
	if who, ok := identity.Who(ctx); ok {
		return who.ID
	}
	return identity.LocalActor
}

// List lists all requests, the newest first, without what anybody gave.
func (d *Desk) List() []api.Opening {
	d.mu.Lock()
	defer d.mu.Unlock()
	all := []api.Opening{}
	for _, o := range d.all() {
		all = append(all, o.shown(d.now()))
	}
	slices.SortFunc(all, func(a, b api.Opening) int { return b.Request.Created.Compare(a.Request.Created) })
	return all
}

// Get is one request.
func (d *Desk) Get(id string) (api.Opening, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	o, err := d.load(id)
	return o.shown(d.now()), err
}

// Ask takes a new request.
func (d *Desk) Ask(ctx context.Context, r sealed.Request) (api.Opening, error) {
	if err := checkRequest(r, d.now()); err != nil {
		return api.Opening{}, err
	}
	found, err := d.segments(r)
	if err != nil {
		return api.Opening{}, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.room(r.ID); err != nil {
		return api.Opening{}, err
	}
	o := opening{asked: asked{Request: r, Account: account(ctx), At: d.now().UTC(), Segments: len(found)}}
	if err := d.write(r.ID, requestName, o.asked); err != nil {
		return api.Opening{}, err
	}
	if err := d.did(ctx, audit.OpeningRequested, r, fmt.Sprintf("by=%s segments=%d test=%t", r.By.ID, len(found), r.Test), "requested"); err != nil {
		return api.Opening{}, errors.Join(err, os.RemoveAll(d.folder(r.ID)))
	}
	return o.shown(d.now()), nil
}

// checkRequest refuses what is no request, and names of persons.
func checkRequest(r sealed.Request, now time.Time) error {
	err := r.Check()
	switch {
	case err != nil:
	case !sealed.IsPersonID(r.By.ID) || r.By.Account != "":
		err = text.Fail(sealed.ErrRequest, text.SealedPersonID, r.By.ID)
	case r.Created.Sub(now).Abs() > 10*time.Minute:
		err = text.Fail(sealed.ErrRequest, text.SealedClock)
	}
	if err != nil {
		return api.Because(api.CodeInvalid, err)
	}
	return nil
}

// room refuses one too many, and the same one twice.
func (d *Desk) room(id string) error {
	waiting, all := 0, d.all()
	for _, o := range all {
		if o.asked.Request.ID == id {
			return api.Refuse(api.CodeExists, text.SealedRequestExists, id)
		}
		if s := o.state(d.now()); s == api.OpeningWaiting || s == api.OpeningApproved {
			waiting++
		}
	}
	if len(all) >= maxKept || waiting >= maxWaiting {
		return api.Refuse(api.CodeTooMany, text.SealedTooManyRequests, waiting)
	}
	return nil
}

// segments are those that a request is about.
func (d *Desk) segments(r sealed.Request) ([]sealed.Segment, error) {
	if d.cfg.Sealed == nil {
		return nil, api.Refuse(api.CodeNotFound, text.SealedOff)
	}
	found, err := sealed.Find(d.cfg.Sealed, r.Camera, r.From, r.To)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, api.Refuse(api.CodeNotFound, text.SealedRequestNothing, r.Camera)
	}
	if len(found) > sealed.MaxSegments {
		return nil, api.Refuse(api.CodeTooLarge, text.SealedRequestLong, int(sealed.MaxSpan/time.Hour))
	}
	return found, nil
}

// did writes a step into the audit log, with its event.
func (d *Desk) did(ctx context.Context, action audit.Action, r sealed.Request, detail, step string) error {
	return d.cfg.Audit.Did(ctx, action, audit.Camera(r.Camera), "opening="+r.ID+" "+detail, &audit.Event{Type: audit.EventOpening, Camera: r.Camera, To: step})
}

// Fronts are the fronts of the segments of a request, for a holder. What cannot be read is
// left out.
func (d *Desk) Fronts(id string) ([][]byte, error) {
	d.mu.Lock()
	o, err := d.load(id)
	d.mu.Unlock()
	if err != nil {
		return nil, err
	}
	found, err := d.segments(o.asked.Request)
	if err != nil {
		return nil, err
	}
	var fronts [][]byte
	for _, s := range found {
		if front, err := d.front(s); err == nil {
			fronts = append(fronts, front)
		}
	}
	return fronts, nil
}

func (d *Desk) front(s sealed.Segment) ([]byte, error) {
	f, err := sealed.Open(d.cfg.Sealed, s.Header.Camera, s.Header.Sequence)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.Front(f)
}

// folder is where one request's files are; the id is a slug.
func (d *Desk) folder(id string) string { return filepath.Join(d.cfg.Folder, id) }
