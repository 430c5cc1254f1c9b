package notify

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
)

// Reason says in words why a message was not taken; status is the server's number, 0 for none.
func Reason(lang text.Lang, code api.NotifyReason, status int) string {
	said := text.Of(lang, text.Key("console.notify.reason."+string(code)))
	if status > 0 {
		said += fmt.Sprintf(" (%d)", status)
	}
	return said
}

// KindWord is what a kind is called.
func KindWord(lang text.Lang, k api.TroubleKind) string {
	return text.Of(lang, text.Key("console.notify.kind."+string(k)))
}

func nextWord(lang text.Lang, k api.TroubleKind) string {
	return text.Of(lang, text.Key("console.notify.next."+string(k)))
}

// writer makes the texts of messages in one language.
type writer struct {
	lang          text.Lang
	zone          *time.Location
	gateway, site string
	console       string
	perHour       int
}

// writer is for a reader's language; the lock is held.
func (r *Room) writer(lang text.Lang) writer {
	return writer{cmp.Or(lang, r.cfg.Language, text.EN), r.cfg.Zone(), r.cfg.Gateway, cmp.Or(r.set.Site.Name, r.cfg.Gateway), r.set.Site.Console, r.set.Rules.PerHour}
}

func (w writer) of(key text.Key, args ...any) string { return text.Of(w.lang, key, args...) }

func (w writer) both(t api.Words) string {
	if w.lang == text.ZhCN {
		return cmp.Or(t.ZH, t.EN)
	}
	return t.EN
}

func (w writer) when(t time.Time) string { return t.In(w.zone).Format("2006-01-02 15:04") }

// headline is what one item says in a few words.
func (w writer) headline(i item) string {
	said := KindWord(w.lang, i.Kind)
	if name := w.both(i.Name); name != "" {
		said += w.sign(": ", "：") + name
	}
	if i.State == itemOver {
		return w.of(text.NotifyOver, said)
	}
	return said
}

// about puts the site in front.
func (w writer) about(said string) string { return "[Bauta] " + w.site + w.sign(": ", "：") + said }

// sign is a punctuation mark of the reader's language.
func (w writer) sign(en, zh string) string {
	if w.lang == text.ZhCN {
		return zh
	}
	return en
}

// subject names the site and what is worst.
func (w writer) subject(m message) string {
	if len(m.Items) == 0 {
		return w.about(w.of(text.NotifyTest))
	}
	first := m.Items[0]
	if i := slices.IndexFunc(m.Items, func(i item) bool { return i.State != itemOver }); i >= 0 {
		first = m.Items[i]
	}
	said := w.headline(first)
	if n := len(m.Items) + m.More - 1; n > 0 {
		said = w.of(text.NotifyAndMore, said, n)
	}
	return w.about(said)
}

// text is the body for people: what is new, what goes on, what is over.
func (w writer) text(m message) string {
	if len(m.Items) == 0 {
		return w.of(text.NotifyTestBody, w.site, w.gateway, w.when(m.At)) + "\n" + w.foot()
	}
	var b strings.Builder
	fmt.Fprintln(&b, w.of(text.NotifyIntro, w.site, w.gateway, w.when(m.At)))
	for _, part := range []struct {
		state itemState
		head  text.Key
	}{{itemNew, text.NotifyHeadNew}, {itemStill, text.NotifyHeadStill}, {itemOver, text.NotifyHeadOver}} {
		w.part(&b, m.Items, part.state, part.head)
	}
	if m.More > 0 {
		fmt.Fprintf(&b, "\n%s\n", w.of(text.NotifyMore, m.More))
	}
	if m.Held > 0 {
		fmt.Fprintf(&b, "\n%s\n", w.of(text.NotifyHeld, m.Held, w.perHour))
	}
	return b.String() + w.foot()
}

// part lists the items of one state by kind, with what to do once for each kind.
func (w writer) part(b *strings.Builder, all []item, state itemState, head text.Key) {
	headed := false
	for _, kind := range api.TroubleKinds {
		items := slices.DeleteFunc(slices.Clone(all), func(i item) bool { return i.State != state || i.Kind != kind })
		if len(items) == 0 {
			continue
		}
		if !headed {
			fmt.Fprintf(b, "\n%s\n", w.of(head))
			headed = true
		}
		fmt.Fprintf(b, "\n%s\n", KindWord(w.lang, kind))
		for _, i := range items {
			fmt.Fprintf(b, "- %s\n", w.line(i))
			if link := w.link(i); link != "" && state != itemOver {
				fmt.Fprintf(b, "  %s\n", link)
			}
		}
		if state != itemOver {
			fmt.Fprintln(b, w.of(text.NotifyNext, nextWord(w.lang, kind)))
		}
	}
}

// line is one trouble: its name, since when, and more.
func (w writer) line(i item) string {
	var said []string
	if name := w.both(i.Name); name != "" {
		said = append(said, name)
	}
	if i.State == itemOver {
		said = append(said, w.of(text.NotifyFromTo, w.when(i.Since), w.when(i.Ended)))
	} else {
		said = append(said, w.of(text.NotifySince, w.when(i.Since)))
	}
	if more := w.both(i.More); more != "" && i.State != itemOver {
		said = append(said, more)
	}
	if i.Turns > 1 {
		said = append(said, w.of(text.NotifyTurns, i.Turns))
	}
	return strings.Join(said, w.sign(", ", "，"))
}

// link leads to the page of an item; empty where nobody said how the console is reached.
func (w writer) link(i item) string {
	switch {
	case strings.HasPrefix(i.Path, "https://"):
		return i.Path
	case w.console == "" || i.Path == "":
		return ""
	}
	return w.console + i.Path
}

func (w writer) foot() string {
	said := "\n-- \n" + w.of(text.NotifyFoot, w.site)
	if w.console != "" {
		said += "\n" + w.console + "/notify"
	}
	return said + "\n"
}

// hookItem is a trouble as a webhook gets it; docs/notify.md describes it.
type hookItem struct {
	Kind  api.TroubleKind `json:"kind"`
	State itemState       `json:"state"`
	ID    string          `json:"id,omitempty"`
	Name  string          `json:"name,omitempty"`
	More  string          `json:"more,omitempty"`
	Since time.Time       `json:"since"`
	Ended time.Time       `json:"ended,omitzero"`
	Turns int             `json:"turns,omitempty"`
	Next  string          `json:"next,omitempty"`
	Link  string          `json:"link,omitempty"`
}

// body is a message as a webhook gets it, the same for each try.
func (w writer) body(m message) []byte {
	out := struct {
		ID      string     `json:"id"`
		Time    time.Time  `json:"ts"`
		Gateway string     `json:"gateway"`
		Site    string     `json:"site"`
		Test    bool       `json:"test,omitempty"`
		Title   string     `json:"title"`
		Items   []hookItem `json:"items"`
		More    int        `json:"more,omitempty"`
		Held    int        `json:"held,omitempty"`
	}{m.ID, m.At, w.gateway, w.site, len(m.Items) == 0, w.subject(m), []hookItem{}, m.More, m.Held}
	for _, i := range m.Items {
		one := hookItem{Kind: i.Kind, State: i.State, ID: i.ID, Name: w.both(i.Name), More: w.both(i.More), Since: i.Since, Ended: i.Ended, Turns: i.Turns, Link: w.link(i)}
		if i.State != itemOver {
			one.Next = nextWord(w.lang, i.Kind)
		}
		out.Items = append(out.Items, one)
	}
	b, _ := json.Marshal(out) // texts, times and numbers always encode
	return b
}
