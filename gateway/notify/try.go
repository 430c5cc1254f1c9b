package notify

import (
	"context"
	"crypto/rand"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/notify/deliver"
)

// Test sends a message that is only a test, and says in lang what came of it. It waits for the answer.
func (r *Room) Test(ctx context.Context, in api.NotifyTest, lang text.Lang) (api.NotifyTested, error) {
	send, err := r.testOf(in)
	if err != nil {
		return api.NotifyTested{}, err
	}
	select {
	case r.tests <- struct{}{}:
		defer func() { <-r.tests }()
	default:
		return api.NotifyTested{}, api.Refuse(api.CodeBusy, text.NotifyTestsRun)
	}
	if err := send(ctx); err != nil {
		f := deliver.Explain(err)
		return api.NotifyTested{Reason: f.Code, Status: f.Status, Message: Reason(lang, f.Code, f.Status)}, nil
	}
	return api.NotifyTested{Sent: true, Message: text.Of(lang, text.NotifyTestSent)}, nil
}

// testOf is how a test goes out.
func (r *Room) testOf(in api.NotifyTest) (func(context.Context) error, error) {
	var account Person
	if in.User != "" {
		var err error
		if account, err = r.account(in.User); err != nil {
			return nil, err
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	m := message{ID: "test-" + strings.ToLower(rand.Text()), At: r.now().UTC().Truncate(time.Second)}
	switch to := r.to[account.ID]; {
	case in.User != "" && to != nil:
		return r.way(to, m), nil
	case in.User != "":
		return nil, api.Refuse(api.CodeInvalid, text.NotifyNoAddress, in.User)
	case in.Webhook != "" && r.to[in.Webhook] != nil:
		return r.way(r.to[in.Webhook], m), nil
	case in.Ping && r.set.Ping.URL != "":
		return r.watcher().Ping, nil
	}
	return nil, api.Refuse(api.CodeNotFound, text.NotifyNoWebhook)
}
