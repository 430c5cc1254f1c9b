package notify

import (
	"cmp"
	"crypto/rand"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
)

// account finds who has an account by name.
func (r *Room) account(name string) (Person, error) {
	for _, p := range r.cfg.People() {
		if p.Name == name {
			return p, nil
		}
	}
	return Person{}, api.Refuse(api.CodeNotFound, text.NotifyNobody, name)
}

// SetPerson says of what a person is told and where, and returns the account's id.
func (r *Room) SetPerson(in api.NotifyPerson) (id string, err error) {
	p, err := r.account(in.User)
	if err != nil {
		return "", err
	}
	if !bare(in.Address) {
		return "", api.Refuse(api.CodeInvalid, text.NotifyPersonAddress)
	}
	if err := checkTo(in.NotifyTo); err != nil {
		return "", err
	}
	next := person{ID: p.ID, Address: in.Address, NotifyTo: tidy(in.NotifyTo)}
	return p.ID, r.change(func(s *settings) error {
		s.People = r.withAccounts(s.People)
		if i := slices.IndexFunc(s.People, func(o person) bool { return o.ID == p.ID }); i >= 0 {
			s.People[i] = next
			return nil
		}
		if len(s.People) >= MaxPeople {
			return api.Refuse(api.CodeInvalid, text.NotifyMany, MaxPeople)
		}
		s.People = append(s.People, next)
		return nil
	})
}

// withAccounts drops those whose account is gone, and their addresses with them.
func (r *Room) withAccounts(all []person) []person {
	accounts := r.cfg.People()
	return slices.DeleteFunc(all, func(one person) bool {
		return !slices.ContainsFunc(accounts, func(p Person) bool { return p.ID == one.ID })
	})
}

// forgetAfter is how long the address of a removed account stays: for a minute it can be had back.
const forgetAfter = 2 * time.Minute

// checkAccounts has nobody told whose account is gone, and soon their addresses forgotten; the lock is held.
func (r *Room) checkAccounts() {
	accounts := r.cfg.People()
	seen := ""
	for _, p := range accounts {
		seen += p.ID + ":" + string(p.Language) + " "
	}
	if seen != r.accounts {
		r.accounts, r.accountsAt = seen, r.now()
		r.arrange()
	}
	if r.accountsAt.IsZero() || r.now().Sub(r.accountsAt) < forgetAfter {
		return
	}
	r.accountsAt = time.Time{}
	if left := r.withAccounts(slices.Clone(r.set.People)); len(left) == len(r.set.People) || len(accounts) == 0 {
		return // without any accounts they could not be read, maybe
	}
	r.cfg.Queue.Once("who is told", func() error {
		return r.change(func(s *settings) error { s.People = r.withAccounts(s.People); return nil })
	})
}

// RemovePerson forgets a person's address, and returns the account's id.
func (r *Room) RemovePerson(name string) (id string, err error) {
	p, err := r.account(name)
	if err != nil {
		return "", err
	}
	return p.ID, r.change(func(s *settings) error {
		s.People = slices.DeleteFunc(s.People, func(o person) bool { return o.ID == p.ID })
		return nil
	})
}

// tidy puts the kinds in order, each once.
func tidy(to api.NotifyTo) api.NotifyTo {
	kinds := []api.TroubleKind{}
	for _, k := range api.TroubleKinds {
		if slices.Contains(to.Kinds, k) {
			kinds = append(kinds, k)
		}
	}
	to.Kinds = kinds
	return to
}

// AddWebhook makes one, with a secret of its own.
func (r *Room) AddWebhook(in api.NotifyWebhook) (api.MadeWebhook, error) {
	if err := checkWebhook(in); err != nil {
		return api.MadeWebhook{}, err
	}
	if err := checkURL(in.URL, in.Private); err != nil {
		return api.MadeWebhook{}, err
	}
	one := webhook{ID: "w" + strings.ToLower(rand.Text()[:10]), Secret: rand.Text()}
	one.take(in)
	err := r.change(func(s *settings) error {
		if len(s.Webhooks) >= MaxWebhooks {
			return api.Refuse(api.CodeInvalid, text.NotifyMany, MaxWebhooks)
		}
		s.Webhooks = append(s.Webhooks, one)
		return nil
	})
	return api.MadeWebhook{NotifyWebhook: one.shown(), Secret: one.Secret}, err
}

func checkWebhook(in api.NotifyWebhook) error {
	if in.Name == "" || !line(in.Name, maxName) {
		return api.Refuse(api.CodeInvalid, text.NotifyName)
	}
	return checkTo(in.NotifyTo)
}

func (w *webhook) take(in api.NotifyWebhook) {
	w.Name, w.Private, w.NotifyTo = in.Name, in.Private, tidy(in.NotifyTo)
	w.URL, w.Language = cmp.Or(in.URL, w.URL), string(text.Pick(in.Language))
}

// shown is without the address, which may hold a secret, but for its host.
func (w webhook) shown() api.NotifyWebhook {
	return api.NotifyWebhook{ID: w.ID, Name: w.Name, Host: hostOf(w.URL), Private: w.Private, Language: w.Language, NotifyTo: w.NotifyTo}
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

// SetWebhook changes one.
func (r *Room) SetWebhook(id string, in api.NotifyWebhook) error {
	if err := checkWebhook(in); err != nil {
		return err
	}
	return r.change(func(s *settings) error {
		i := slices.IndexFunc(s.Webhooks, func(w webhook) bool { return w.ID == id })
		if i < 0 {
			return api.Refuse(api.CodeNotFound, text.NotifyNoWebhook)
		}
		s.Webhooks[i].take(in)
		return checkURL(s.Webhooks[i].URL, in.Private)
	})
}

// RemoveWebhook withdraws one.
func (r *Room) RemoveWebhook(id string) error {
	return r.change(func(s *settings) error {
		n := len(s.Webhooks)
		if s.Webhooks = slices.DeleteFunc(s.Webhooks, func(w webhook) bool { return w.ID == id }); len(s.Webhooks) == n {
			return api.Refuse(api.CodeNotFound, text.NotifyNoWebhook)
		}
		return nil
	})
}

// List says who is told of what and how that goes. People without an address are in it too, so
// that they can be given one.
func (r *Room) List() api.Notify {
	accounts := r.cfg.People()
	r.mu.Lock()
	defer r.mu.Unlock()
	out := api.Notify{Site: r.set.Site, Mail: r.set.Mail, Rules: r.set.Rules, People: []api.NotifyPerson{}, Webhooks: []api.NotifyWebhook{}, State: r.state()}
	out.Mail.PasswordSet, out.Mail.Password = r.set.Mail.Password != "", ""
	out.Ping = api.NotifyPing{Host: hostOf(r.set.Ping.URL), Every: r.set.Ping.Every, Private: r.set.Ping.Private, Last: r.ping.last, Failing: r.ping.failing}
	for _, p := range accounts {
		one := api.NotifyPerson{User: p.Name, NotifyTo: api.NotifyTo{Kinds: []api.TroubleKind{}}}
		if i := slices.IndexFunc(r.set.People, func(o person) bool { return o.ID == p.ID }); i >= 0 {
			one.Address, one.NotifyTo, one.NotifyGoing = r.set.People[i].Address, r.set.People[i].NotifyTo, r.going(p.ID)
		}
		out.People = append(out.People, one)
	}
	for _, w := range r.set.Webhooks {
		one := w.shown()
		one.NotifyGoing = r.going(w.ID)
		out.Webhooks = append(out.Webhooks, one)
	}
	return out
}

func (r *Room) going(id string) (g api.NotifyGoing) {
	to := r.to[id]
	if to == nil {
		return g
	}
	g = api.NotifyGoing{Open: len(to.Reported), Last: to.Last, Failing: to.failing, Status: to.status}
	if to.Message != nil {
		g.Waiting = to.Message.At
	}
	return g
}

// state counts; the lock is held.
func (r *Room) state() api.NotifyState {
	s := r.stats
	s.Dropped, s.Open = r.watched.dropped, []api.OpenTrouble{}
	for _, to := range r.to {
		if to.Message != nil {
			s.Waiting++
		}
	}
	for _, e := range r.watched.counting() {
		s.Open = append(s.Open, api.OpenTrouble{Kind: e.Kind, ID: e.ID, Name: e.Name.EN, Since: e.Since})
	}
	return s
}

// Stats are counted since the start.
func (r *Room) Stats() api.NotifyState {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.state()
}

// Near says how long before its end something is near.
func (r *Room) Near() (deadline, certificate time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	const day = 24 * time.Hour
	return time.Duration(r.set.Rules.DeadlineDays) * day, time.Duration(r.set.Rules.CertificateDays) * day
}
