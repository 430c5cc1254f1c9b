package openings

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/bauta-gateway/bauta/config/sealed"
	"github.com/bauta-gateway/bauta/config/store/wholefile"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// The files of a request's folder.
const (
	requestName  = "request.json"
	answerPrefix = "approval-" // and a number from 1, also of a refusal
	sharesEnd    = ".shares"   // of an approval, as they came; kept apart, for they are large
	openedName   = "opened.json"
)

// maxFile bounds a file but the shares: the numbers of sealed.MaxSegments, and some more.
const maxFile = 1 << 20

// asked is a request as it was taken.
type asked struct {
	Request  sealed.Request `json:"request"`
	Account  string         `json:"account"`
	At       time.Time      `json:"at"` // by the gateway's clock
	Segments int            `json:"segments"`
}

// answer is an approval or a refusal as it was taken, without its shares.
type answer struct {
	Approval sealed.Approval `json:"approval"`
	Account  string          `json:"account"`
	At       time.Time       `json:"at"`
}

// opened is that the approvals were handed out.
type opened struct {
	Account string    `json:"account"`
	At      time.Time `json:"at"`
}

// opening is all of a request.
type opening struct {
	asked   asked
	answers []answer
	opened  *opened // nil: not yet
}

// state is what became of it.
func (o opening) state(now time.Time) string {
	var groups [sealed.Groups + 1]bool
	for _, a := range o.answers {
		if a.Approval.Refused != "" {
			return api.OpeningRefused
		}
		groups[a.Approval.Group] = true
	}
	switch {
	case o.opened != nil:
		return api.OpeningOpened
	case now.Sub(o.asked.At) > waitFor:
		return api.OpeningEnded
	case groups[1] && groups[2]:
		return api.OpeningApproved
	}
	return api.OpeningWaiting
}

func (o opening) approvers() (ids []string) {
	for _, a := range o.answers {
		if a.Approval.Refused == "" {
			ids = append(ids, a.Approval.By.ID)
		}
	}
	return ids
}

// shown is what everybody may see of it.
func (o opening) shown(now time.Time) api.Opening {
	out := api.Opening{Request: o.asked.Request, Account: o.asked.Account, Segments: o.asked.Segments, State: o.state(now), Answers: []api.OpeningAnswer{}}
	for _, a := range o.answers {
		out.Answers = append(out.Answers, api.OpeningAnswer{By: a.Approval.By.ID, Account: a.Account, At: a.At, Group: a.Approval.Group, Refused: a.Approval.Refused})
	}
	return out
}

// all are the requests that can be read; others are logged.
func (d *Desk) all() (all []opening) {
	entries, err := os.ReadDir(d.cfg.Folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		d.cfg.Log.Error("requests to open sealed footage cannot be listed", "error", err)
	}
	for _, e := range entries {
		o, err := d.load(e.Name())
		if err != nil {
			d.cfg.Log.Error("a request to open sealed footage cannot be read", "opening", e.Name(), "error", err)
			continue
		}
		all = append(all, o)
	}
	return all
}

// load reads one.
func (d *Desk) load(id string) (opening, error) {
	var o opening
	if !media.IsSlug(id) {
		return o, api.Refuse(api.CodeNotFound, text.SealedNoRequest, id)
	}
	switch err := d.read(id, requestName, &o.asked); {
	case errors.Is(err, fs.ErrNotExist):
		return o, api.Refuse(api.CodeNotFound, text.SealedNoRequest, id)
	case err != nil:
		return o, err
	}
	for n := 1; n <= maxAnswers+1; n++ {
		var a answer
		err := d.read(id, fmt.Sprintf("%s%d.json", answerPrefix, n), &a)
		if errors.Is(err, fs.ErrNotExist) {
			break
		} else if err != nil {
			return o, err
		}
		if g := a.Approval.Group; g < 0 || g > sealed.Groups {
			return o, text.Fail(nil, text.OpeningDamaged, id)
		}
		o.answers = append(o.answers, a)
	}
	var is opened
	switch err := d.read(id, openedName, &is); {
	case err == nil:
		o.opened = &is
	case !errors.Is(err, fs.ErrNotExist):
		return o, err
	}
	return o, nil
}

func (d *Desk) read(id, name string, into any) error {
	f, err := os.Open(filepath.Join(d.folder(id), name))
	if err != nil {
		return err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxFile))
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, into); err != nil {
		return fmt.Errorf("%w (%s: %w)", text.Fail(nil, text.OpeningDamaged, id), name, err)
	}
	return nil
}

// keep writes an answer; with its second file it is there.
func (d *Desk) keep(id, name string, a answer) error {
	if err := d.put(id, name+sharesEnd, a.Approval.Shares); err != nil {
		return err
	}
	a.Approval.Shares = nil
	return d.write(id, name+".json", a)
}

// shares are the approvals with what was given.
func (d *Desk) shares(o opening) (all []sealed.Approval, err error) {
	for i, a := range o.answers {
		b, err := os.ReadFile(filepath.Join(d.folder(o.asked.Request.ID), fmt.Sprintf("%s%d%s", answerPrefix, i+1, sharesEnd)))
		if err != nil {
			return nil, err
		}
		a.Approval.Shares = b
		all = append(all, a.Approval)
	}
	return all, nil
}

// write puts a value there as JSON.
func (d *Desk) write(id, name string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return d.put(id, name, append(b, '\n'))
}

// put puts a file there for good.
func (d *Desk) put(id, name string, b []byte) error {
	if err := os.MkdirAll(d.folder(id), 0o700); err != nil {
		return err
	}
	path := filepath.Join(d.folder(id), name)
	if err := wholefile.Copy(path, bytes.NewReader(b)); err != nil {
		return err
	}
	return errors.Join(wholefile.SyncDir(d.folder(id)), wholefile.SyncDir(d.cfg.Folder))
}
