package notify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/backoff"
	"github.com/bauta-gateway/bauta/gateway/change"
	"github.com/bauta-gateway/bauta/gateway/notify/deliver"
)

const (
	// giveUp is after how long a message is not tried any more.
	giveUp = 24 * time.Hour
	// unkept is how long a message waits for the disk before it is sent all the same.
	unkept = 10 * time.Second
)

// retries are the pauses between the tries of one message, mailRetries those after the mail server itself failed.
var (
	retries     = backoff.Bounds{First: 15 * time.Second, Longest: 15 * time.Minute, Spread: 0.2}
	mailRetries = backoff.Bounds{First: 15 * time.Second, Longest: 5 * time.Minute, Spread: 0.2}
)

// recipient is one who is told: a person by mail, or a webhook.
type recipient struct {
	api.NotifyTo
	kept
	id       string
	language text.Lang
	address  string // of a person
	hook     *webhook

	first  time.Time // since when something is to be told
	held   int       // how much the limit of an hour held back
	capped bool
	// tries of the message, next is when it is tried again; flies: it is being handed over.
	tries   int
	next    time.Time
	flies   bool
	failing api.NotifyReason
	status  int

	dirty  bool           // the store does not have all of it
	saving *change.Change // nil: nothing is being written
	saved  string         // the ID of the message that the store has, or is to have once saving is done
	has    string         // and of the one that it has
}

// known reports whether somebody was told of a trouble and not of its end; the lock is held.
func (r *Room) known(key string) bool {
	for _, to := range r.to {
		if to.Reported[key] != nil {
			return true
		}
	}
	return false
}

// arrange makes the recipients of the settings; the lock is held.
func (r *Room) arrange() {
	all := map[string]*recipient{}
	accounts := map[string]Person{}
	for _, p := range r.cfg.People() {
		accounts[p.ID] = p
	}
	for _, p := range r.set.People {
		if account, ok := accounts[p.ID]; ok {
			to := r.recipient(p.ID)
			to.NotifyTo, to.address, to.language = p.NotifyTo, p.Address, account.Language
			all[p.ID] = to
		}
	}
	for _, w := range r.set.Webhooks {
		to := r.recipient(w.ID)
		to.NotifyTo, to.hook, to.language = w.NotifyTo, &w, text.Lang(w.Language)
		all[w.ID] = to
	}
	for id := range r.to {
		if all[id] == nil { // what was told of is nobody's business any more
			r.forget(id)
		}
	}
	r.to = all
}

// forget leaves nothing in the store of who is not told any more.
func (r *Room) forget(id string) {
	r.cfg.Queue.Once("who was told", func() error { return r.cfg.Store.PutSetting(statePrefix+id, store.NewSecret("{}")) })
}

// recipient is the one that there is, or what the store has of it.
func (r *Room) recipient(id string) *recipient {
	if to := r.to[id]; to != nil {
		to.next = time.Time{} // another address may do
		return to
	}
	to := &recipient{id: id}
	v, err := r.cfg.Store.Setting(statePrefix + id)
	if err == nil {
		err = json.Unmarshal([]byte(v.Reveal()), &to.kept)
	}
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		r.cfg.Log.Error("what somebody got is forgotten, and is sent again", "recipient", id, "error", err)
	}
	if to.Reported == nil {
		to.Reported = map[string]*reported{}
	}
	for key, t := range to.Reported { // until it is seen to be over, it counts
		if r.watched.all[key] == nil {
			r.watched.all[key] = &entry{Trouble: t.Trouble, counts: true}
		}
	}
	if to.Message != nil {
		to.has = to.Message.ID
	}
	return to
}

// keep has the store take what changed, one write of a recipient at a time; the lock is held.
func (r *Room) keep(to *recipient, now time.Time) {
	if to.saving != nil {
		select {
		case <-to.saving.Done:
			if err := to.saving.Err; err != nil {
				to.dirty = true
				r.cfg.Log.Error("what was sent is not stored yet, and is tried again", "recipient", to.id, "error", err)
			} else {
				to.has = to.saved
			}
			to.saving = nil
		default:
			return
		}
	}
	if !to.dirty {
		return
	}
	b, err := json.Marshal(to.kept)
	if err != nil {
		return // texts, times and numbers: it never is
	}
	to.dirty, to.saved = false, ""
	if to.Message != nil {
		to.saved = to.Message.ID
	}
	to.saving = r.cfg.Queue.Once("what was told", func() error { return r.cfg.Store.PutSetting(statePrefix+to.id, store.NewSecret(string(b))) })
}

// dispatch hands a message over where its time has come; the lock is held. One that the store does not
// have yet waits: a power cut would have it told twice.
func (r *Room) dispatch(to *recipient, now time.Time) {
	m := to.Message
	if m == nil || to.flies || now.Before(to.next) || r.flight >= onTheirWay || r.ctx.Err() != nil {
		return
	}
	if to.has != m.ID && now.Sub(m.At) < unkept || to.hook == nil && now.Before(r.mailRest) {
		return
	}
	send := r.way(to, *m)
	to.flies, r.flight = true, r.flight+1
	r.sending.Go(func() {
		err := send(r.ctx)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.flight--
		to.flies = false
		r.sent(to, m, err)
		if r.to[to.id] == to { // else nothing is kept of it any more
			r.keep(to, r.now()) // at once: after a power cut it would be sent again
		}
	})
}

// way is how a message goes out; the lock is held.
func (r *Room) way(to *recipient, m message) func(context.Context) error {
	words := r.writer(to.language)
	if to.hook != nil {
		hook, body := *to.hook, words.body(m)
		return func(ctx context.Context) error {
			return deliver.Address{URL: hook.URL, Private: hook.Private, Roots: r.cfg.Roots}.Post(ctx, m.ID, hook.Secret, body, r.now())
		}
	}
	mail := deliver.Mail{ID: m.ID, To: to.address, Subject: words.subject(m), Body: words.text(m), Time: m.At.In(words.zone)}
	server := r.server()
	return func(ctx context.Context) error { return server.Send(ctx, mail) }
}

// server is where mails are handed in; the lock is held.
func (r *Room) server() deliver.Server {
	m := r.set.Mail
	return deliver.Server{Host: m.Host, Port: m.Port, Security: m.Security, User: m.User, Password: m.Password, From: m.From, Name: "Bauta", Roots: r.cfg.Roots}
}

// sent takes what came of a try; the lock is held.
func (r *Room) sent(to *recipient, m *message, err error) {
	now := r.now()
	if to.Message != m {
		return // it was given up meanwhile
	}
	if err == nil {
		r.stats.Sent++
		to.Message, to.failing, to.status, to.Last, to.dirty = nil, "", 0, now.UTC().Truncate(time.Second), true
		to.Sent = append(to.Sent, to.Last)
		if to.hook == nil {
			r.mailRest, r.mailFails = time.Time{}, 0
		}
		return
	}
	if r.ctx.Err() != nil {
		return // the gateway ends
	}
	f := deliver.Explain(err)
	r.stats.Failed++
	to.tries++
	to.failing, to.status = f.Code, f.Status
	to.next = now.Add(retries.After(to.tries))
	if to.hook == nil && f.Code != api.NotifyRecipient { // the next person's mail would fare no better
		r.mailFails++
		r.mailRest = now.Add(mailRetries.After(r.mailFails))
	}
	if to.tries == 1 {
		r.cfg.Log.Warn("a message was not taken, and is tried again", "recipient", to.id, "reason", string(f.Code), "status", f.Status)
	}
}

// expired gives up a message that nobody took for a day. What it told of and is still so is told anew.
func (r *Room) expired(to *recipient, now time.Time) bool {
	m := to.Message
	if m == nil || to.flies || now.Sub(m.At) < giveUp {
		return false
	}
	for key, t := range to.Reported {
		if t.At.Equal(m.At) {
			delete(to.Reported, key)
		}
	}
	to.Message, to.dirty = nil, true
	r.stats.Expired++
	r.cfg.Note(audit.Record{
		Action: audit.NotifyExpired, Actor: audit.Gateway, Subject: "notify/" + to.id, Detail: fmt.Sprintf("troubles=%d reason=%s", len(m.Items)+m.More, to.failing),
	})
	return true
}
