// Package questions asks for all that the law wants to know of a site, one question at a time:
// why each is asked, who can answer it, and what is open. An answer is kept at once, wherever
// it belongs: what is said of the site, of its cameras, or a record.
//
// In: the site, the cameras, the records and the newest report. Out: the questions with what is
// known already, and changes of those. It evaluates nothing and starts no goroutines.
package questions

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/compliance"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Site is where answers about the site and records go.
type Site interface {
	Site() (policy.Site, error)
	SetSite(context.Context, policy.Site) error
	SetAnswer(context.Context, policy.Question, policy.Answer) error
	Records(context.Context, register.Kind) ([]api.Record, error)
	AddRecord(context.Context, register.Kind, register.Record) (api.RecordID, error)
	Calendar() (api.Calendar, error)
	Preview() compliance.Report
}

// Cameras is where answers about cameras go.
type Cameras interface {
	Names() []api.CameraName
	Facts(media.CameraID) (policy.Camera, error)
	SetFacts(context.Context, media.CameraID, policy.Camera) error
}

// Settings keep who answered what.
type Settings interface {
	Setting(name string) (store.Secret, error)
	PutSetting(name string, value store.Secret) error
}

// Guide asks the questions of one gateway.
type Guide struct {
	Site     Site
	Cameras  Cameras
	Settings Settings

	changing sync.Mutex // one answer at a time: each rests on what is said already
}

// stamps say who answered a question last, and on which day.
type stamps map[string]stamp

type stamp struct {
	By   string     `json:"by"`
	Date civil.Date `json:"date"`
}

const stampSetting = "questions.answered"

func (g *Guide) stamps() (stamps, error) {
	all := stamps{}
	v, err := g.Settings.Setting(stampSetting)
	if errors.Is(err, store.ErrNotFound) {
		return all, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(v.Reveal()), &all)
	}
	return all, err
}

func (g *Guide) putStamp(id string, s stamp) error {
	all, err := g.stamps()
	if err != nil {
		return err
	}
	all[id] = s
	b, err := json.Marshal(all)
	if err != nil {
		return err
	}
	return g.Settings.PutSetting(stampSetting, store.NewSecret(string(b)))
}

// known is what is known of the site while its questions are listed.
type known struct {
	site    map[string]any
	answers map[policy.Question]policy.Answer
	cameras []knownCamera
	records map[register.Kind][]api.Record
	report  compliance.Report
	stamps  stamps
	today   civil.Date
}

type knownCamera struct {
	api.CameraName
	facts map[string]any
}

func (g *Guide) known(ctx context.Context) (*known, error) {
	site, err := g.Site.Site()
	if err != nil {
		return nil, api.FromStore(err)
	}
	k := &known{site: fieldsOf(site), answers: site.Answers, report: g.Site.Preview(), records: map[register.Kind][]api.Record{}}
	if k.stamps, err = g.stamps(); err != nil {
		return nil, api.FromStore(err)
	}
	calendar, err := g.Site.Calendar()
	if err != nil {
		return nil, api.FromStore(err)
	}
	k.today = calendar.Today
	for _, c := range g.Cameras.Names() {
		facts, err := g.Cameras.Facts(c.ID)
		if err != nil {
			return nil, err
		}
		k.cameras = append(k.cameras, knownCamera{c, fieldsOf(facts)})
	}
	for _, q := range list {
		for _, f := range q.records {
			if _, read := k.records[f.kind]; read {
				continue
			}
			if k.records[f.kind], err = g.Site.Records(ctx, f.kind); err != nil {
				return nil, err
			}
		}
	}
	return k, nil
}

// fieldsOf are the fields of a value that say something, by their JSON names.
func fieldsOf(v any) map[string]any {
	b, _ := json.Marshal(v) // a struct of strings, numbers and lists always encodes
	all := map[string]any{}
	_ = json.Unmarshal(b, &all)
	return all
}

// List are the questions in their order with what is known.
func (g *Guide) List(ctx context.Context) ([]api.Guided, error) {
	k, err := g.known(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]api.Guided, len(list))
	for i, q := range list {
		all[i] = q.with(k)
	}
	return all, nil
}

// with is a question as the API has it.
func (q *question) with(k *known) api.Guided {
	out := api.Guided{
		ID: q.id, Title: words("console.asked." + q.id + ".title"), About: words("console.asked." + q.id + ".about"), Who: words("console.asked.who." + q.who),
		Actions: q.actions, Page: q.page, Duties: q.dutiesIn(k.report), Open: q.opens(k.report),
	}
	s := k.stamps[q.id]
	a := k.answers[q.answer]
	out.By, out.Date = cmp.Or(s.By, a.By), cmp.Or(s.Date, a.Date)
	for _, name := range q.site {
		out.Site = append(out.Site, siteField(name, k.site[name]))
	}
	switch {
	case q.answer != "":
		out.Answer = q.asked(a)
	case q.either:
		out.Answer = &api.GuidedAnswer{Question: words("console.asked." + q.id + ".either")}
	}
	for _, name := range q.cameras {
		out.Columns = append(out.Columns, cameraField(name, k.said("kind")))
	}
	if len(q.cameras) > 0 {
		out.Cameras = q.rows(k)
	}
	for i := range q.records {
		out.Records = append(out.Records, q.records[i].with(k))
	}
	out.State = q.state(k, out)
	return out
}

// said is what is said of the site in one of its fields.
func (k *known) said(name string) string {
	s, _ := k.site[name].(string)
	return s
}

// since is the day from which a register has to be whole and nobody confirmed it yet: after the
// last time that was confirmed, or the first use of a camera.
func (k *known) since(confirmed []api.Record) (day string) {
	for _, c := range k.cameras {
		if first, _ := c.facts["commissioned"].(string); first != "" && (day == "" || first < day) {
			day = first
		}
	}
	for _, r := range confirmed {
		if to, _ := fieldsOf(r.Body)["to"].(string); to != "" {
			day = max(day, string(civil.Date(to).After(1)))
		}
	}
	return day
}

func (q *question) rows(k *known) (all []api.GuidedCamera) {
	for _, c := range k.cameras {
		row := api.GuidedCamera{CameraName: c.CameraName, Values: map[string]any{}}
		for _, name := range q.cameras {
			if v, said := c.facts[name]; said {
				row.Values[name] = v
			}
		}
		all = append(all, row)
	}
	return all
}

func (q *question) dutiesIn(r compliance.Report) []api.GuidedDuty {
	all := []api.GuidedDuty{}
	for _, c := range r.Clauses {
		if slices.Contains(q.duties, c.ID) {
			all = append(all, api.GuidedDuty{ID: c.ID, Citation: c.Citation, Duty: c.Duty, Status: c.Status})
		}
	}
	return all
}

// opens are the clauses that are unknown and that this question makes known.
func (q *question) opens(r compliance.Report) []string {
	all := []string{}
	for _, c := range r.Clauses {
		if c.Status == policy.Unknown && q.leads(c) {
			all = append(all, c.ID)
		}
	}
	return all
}

// leads reports whether the next step of a clause is this question.
func (q *question) leads(c compliance.Clause) bool {
	switch c.Action {
	case "answer":
		return c.Asks != "" && (c.Asks == q.answer || c.Asks == q.instead)
	case "site": // of the questions on the site that on what the clause hangs
		return len(q.site) > 0 && slices.Contains(q.duties, c.ID) || q.id == siteQuestion && !aboutSite(c.ID)
	}
	return slices.Contains(q.actions, c.Action) && (slices.Contains(q.duties, c.ID) || !dutyOfAnother(c))
}

// dutyOfAnother reports whether a clause hangs on a question that deals with its next step:
// others that deal with the same step wait for something else.
func dutyOfAnother(c compliance.Clause) bool {
	return slices.ContainsFunc(list, func(q question) bool { return slices.Contains(q.actions, c.Action) && slices.Contains(q.duties, c.ID) })
}

// siteQuestion takes the clauses that wait for something of the site that no question names.
const siteQuestion = "kind"

func aboutSite(clause string) bool {
	return slices.ContainsFunc(list, func(q question) bool { return len(q.site) > 0 && slices.Contains(q.duties, clause) })
}

// The states of a question.
const (
	Open     = "open"
	Answered = "answered"
	Spared   = "spared" // none of its duties applies here
)

func (q *question) state(k *known, out api.Guided) string {
	applies := slices.ContainsFunc(out.Duties, func(d api.GuidedDuty) bool { return d.Status.Rank() > 0 })
	switch {
	case len(out.Open) > 0:
		return Open
	case q.wanted && !slices.ContainsFunc(out.Records, func(r api.GuidedRecord) bool { return r.Have > 0 }), !q.always && !applies:
		return Spared
	case q.lacks(k):
		return Open
	}
	return Answered
}

// lacks reports whether something is not said that the question asks for.
func (q *question) lacks(k *known) bool {
	says := k.answers[q.answer].Says
	if q.answer != "" && says == "" {
		return true
	}
	for _, name := range q.site {
		if siteField(name, nil).Required && k.site[name] == nil {
			return true
		}
	}
	for _, c := range k.cameras {
		for _, name := range q.cameras {
			if cameraField(name, "").Required && c.facts[name] == nil {
				return true
			}
		}
	}
	none := func(f form) bool { return len(f.on(k.records[f.kind])) == 0 }
	if q.either {
		return !slices.ContainsFunc(q.records, func(f form) bool { return !none(f) })
	}
	return slices.ContainsFunc(q.records, func(f form) bool { return f.wanted(says) && none(f) })
}

func (f *form) wanted(says string) bool { return f.when == "" || f.when == says }

// on are the records that the form asks for, of those of its kind.
func (f *form) on(all []api.Record) []api.Record {
	return slices.DeleteFunc(slices.Clone(all), func(r api.Record) bool {
		said := map[string]any{}
		if r.Unreadable || r.Withdrawn || json.Unmarshal(r.Body, &said) != nil {
			return true
		}
		for name, value := range f.fixed {
			if number, is := value.(int); is {
				value = float64(number)
			}
			if said[name] != value {
				return true
			}
		}
		return false
	})
}

func words(key string, args ...any) api.Words {
	return api.Words{EN: text.Of(text.EN, text.Key(key), args...), ZH: text.Of(text.ZhCN, text.Key(key), args...)}
}
