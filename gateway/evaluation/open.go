package evaluation

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/compliance"
)

// beforeSetting keeps how the clauses stood when another version of the program ran last.
const beforeSetting = "compliance.before"

// before is how the clauses stood before an update.
type before struct {
	// Release of the program that runs since.
	Release  string                   `json:"release"`
	Statuses map[string]policy.Status `json:"statuses"`
}

// lastUpdate reads how the clauses stood before the last update; fresh says that the update is
// new, and how they stood is what the last run left.
func (e *Evaluation) lastUpdate(m compliance.Memory) (b before, fresh bool) {
	v, err := e.cfg.Store.Setting(beforeSetting)
	if err == nil {
		err = json.Unmarshal([]byte(v.Reveal()), &b)
	}
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		e.cfg.Log.Error("how the duties stood before the last update is not known", "error", err)
	}
	if b.Release == wire.Release() {
		return b, false
	}
	now := before{Release: wire.Release(), Statuses: map[string]policy.Status{}}
	for id, r := range m {
		now.Statuses[id] = r.Status
		if was := b.Statuses[id]; was.Rank() > 0 && was.Rank() < r.Status.Rank() {
			now.Statuses[id] = was // what an earlier update made unknown is not settled yet
		}
	}
	return now, true
}

// keepUpdate stores how the clauses stood before an update.
func (e *Evaluation) keepUpdate() error {
	b, err := json.Marshal(e.before)
	if err == nil {
		err = e.cfg.Store.PutSetting(beforeSetting, store.NewSecret(string(b)))
	}
	if err != nil {
		e.cfg.Log.Error("how the duties stood before the update cannot be stored", "error", err)
	}
	return err
}

// Open lists what waits for an answer: clauses that are not known, those that stand worse since
// the last update, and records that lack what is asked of new ones.
func (e *Evaluation) Open(ctx context.Context) ([]api.Open, error) {
	all := []api.Open{}
	for _, c := range e.Preview().Clauses {
		was := e.before.Statuses[c.ID]
		if was == c.Status || was.Rank() >= c.Status.Rank() {
			was = ""
		}
		if c.Status != policy.Unknown && (was == "" || c.Status.Rank() == 0) {
			continue
		}
		all = append(all, api.Open{Clause: c.ID, Status: c.Status, Was: was, Why: c.Evidence, Next: c.Next, Action: c.Action, Question: c.Asks})
	}
	var bad []error
	for _, kind := range register.Kinds {
		list, err := e.Records(ctx, kind)
		bad = append(bad, err)
		for _, r := range list {
			if r.Confirm != (api.Words{}) {
				all = append(all, api.Open{Kind: kind, ID: r.ID, Why: r.Confirm, Action: "complete",
					Next: api.Words{EN: text.Of(text.EN, text.NextComplete, string(kind), r.ID), ZH: text.Of(text.ZhCN, text.NextComplete, string(kind), r.ID)}})
			}
		}
	}
	return all, errors.Join(bad...)
}
