package notify

import (
	"cmp"
	"crypto/rand"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/gateway/api"
)

const (
	// maxItems bounds what one message names; the rest is counted.
	maxItems = 40
	// maxKnown bounds what is remembered of one recipient: what is more is told once there is room.
	maxKnown = 250
	// maxName bounds a name that is remembered, in bytes.
	maxName = 60
)

// kept is what the store has of a recipient.
type kept struct {
	// Reported is what the recipient knows of, by key, and not of its end.
	Reported map[string]*reported `json:"told"`
	// Message is on its way until it is taken; nil: none is.
	Message *message `json:"message,omitempty"`
	// Sent are the times of the last hour's messages, Last that of the newest.
	Sent []time.Time `json:"sent,omitempty"`
	Last time.Time   `json:"last,omitzero"`
}

type reported struct {
	Trouble
	At time.Time `json:"at"`
}

// message is frozen once it is made: each try sends the same under the same ID.
type message struct {
	ID    string    `json:"id"`
	At    time.Time `json:"at"`
	Items []item    `json:"items"`
	// More counts troubles beyond Items; Held those that waited because of the limit of an hour.
	More int `json:"more,omitempty"`
	Held int `json:"held,omitempty"`
}

// itemState is what a message says of a trouble.
type itemState string

const (
	itemNew   itemState = "new"
	itemStill itemState = "still" // told again
	itemOver  itemState = "over"
)

type item struct {
	Trouble
	State itemState `json:"state"`
	Ended time.Time `json:"ended,omitzero"`
	// Turns is how often it came back meanwhile.
	Turns int `json:"turns,omitempty"`
}

// owe makes the next message of a recipient where one is due, of what counts now.
func (r *Room) owe(to *recipient, counting []*entry, now time.Time) {
	if r.expired(to, now) {
		return
	}
	items, more := r.due(to, counting, now)
	if len(items) == 0 {
		to.first = time.Time{}
		return
	}
	if to.first.IsZero() {
		to.first = now
	}
	if to.Message != nil || now.Sub(to.first) < time.Duration(r.set.Rules.DigestS)*time.Second {
		return
	}
	to.Sent = slices.DeleteFunc(to.Sent, func(at time.Time) bool { return now.Sub(at) >= time.Hour || at.After(now) })
	if len(to.Sent) >= r.set.Rules.PerHour {
		to.held = max(to.held, len(items)+more)
		if !to.capped {
			to.capped = true
			r.stats.Capped++
		}
		return
	}
	to.Message = &message{ID: strings.ToLower(rand.Text()), At: now.UTC().Truncate(time.Second), Items: items, More: more, Held: to.held}
	to.report(items, now)
	to.first, to.held, to.capped, to.failing, to.tries, to.next = time.Time{}, 0, false, "", 0, time.Time{}
	to.dirty = true
}

// due is what a recipient is to be told now: what is over first, so that there is room for what is new.
func (r *Room) due(to *recipient, counting []*entry, now time.Time) (items []item, more int) {
	atRest := quiet(to.NotifyTo, now.In(r.cfg.Zone()))
	let := func(k api.TroubleKind) bool { return !atRest || to.Urgent && k.Urgent() }
	for _, key := range slices.Sorted(maps.Keys(to.Reported)) {
		known, e := to.Reported[key], r.watched.all[key]
		switch {
		case !slices.Contains(to.Kinds, known.Kind): // nobody wants to know any more
			delete(to.Reported, key)
			to.dirty = true
		case !let(known.Kind):
		case e == nil || !e.counts:
			items = append(items, over(known, e, now))
		case repeats(r.set.rule(known.Kind), known.At, now):
			items = append(items, item{Trouble: e.Trouble, State: itemStill, Turns: e.turns})
		}
	}
	room := maxKnown - len(to.Reported)
	for _, e := range counting {
		if to.Reported[e.key()] != nil || !slices.Contains(to.Kinds, e.Kind) || !let(e.Kind) {
			continue
		}
		if room--; room < 0 {
			more++
			continue
		}
		items = append(items, item{Trouble: e.Trouble, State: itemNew, Turns: e.turns})
	}
	if len(items) == 0 {
		more = 0
	}
	return items, more
}

func repeats(rule api.KindRule, at, now time.Time) bool {
	return rule.RepeatH > 0 && now.Sub(at) >= time.Duration(rule.RepeatH)*time.Hour
}

func over(known *reported, e *entry, now time.Time) item {
	i := item{Trouble: known.Trouble, State: itemOver, Ended: now.UTC().Truncate(time.Second)}
	if e != nil {
		i.Ended, i.Turns = e.gone.UTC().Truncate(time.Second), max(0, e.turns-1)
	}
	return i
}

// report notes what a recipient knows from now on, and cuts the message to what it may name.
func (to *recipient) report(items []item, now time.Time) {
	for _, i := range items {
		if i.State == itemOver {
			delete(to.Reported, i.key())
			continue
		}
		t := i.Trouble
		t.Name, t.More = api.Words{EN: short(t.Name.EN), ZH: short(t.Name.ZH)}, api.Words{}
		to.Reported[i.key()] = &reported{t, now.UTC().Truncate(time.Second)}
	}
	if len(items) > maxItems {
		to.Message.More += len(items) - maxItems
		to.Message.Items = items[:maxItems]
	}
}

func short(s string) string {
	if len(s) > maxName {
		s = strings.ToValidUTF8(s[:maxName], "") + "…"
	}
	return s
}

// counting is what counts now: what is urgent first, then what began first.
func (l *watched) counting() (all []*entry) {
	for _, e := range l.all {
		if e.counts {
			all = append(all, e)
		}
	}
	place := func(e *entry) int { return slices.Index(api.TroubleKinds, e.Kind) }
	slices.SortFunc(all, func(a, b *entry) int {
		return cmp.Or(cmp.Compare(place(a), place(b)), a.Since.Compare(b.Since), cmp.Compare(a.ID, b.ID))
	})
	return all
}
