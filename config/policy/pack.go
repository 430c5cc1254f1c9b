package policy

import (
	"cmp"
	"embed"
	"fmt"
	"slices"
	"sync"

	"github.com/goccy/go-yaml"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Text is one text of a pack in both languages.
type Text struct {
	EN string `yaml:"en" json:"en"`
	ZH string `yaml:"zh" json:"zh"`
}

// In returns the text in lang.
func (t Text) In(lang text.Lang) string {
	if lang == text.ZhCN {
		return t.ZH
	}
	return t.EN
}

// whole reports whether both languages are there.
func (t Text) whole() bool { return t.EN != "" && t.ZH != "" }

// Source says how well a clause is known.
type Source string

// The sources. Only an unverified clause is shown as such; one of this
// product's own making is no law.
const (
	Official   Source = "official"   // the provision's text or an official summary was read
	Secondary  Source = "secondary"  // a secondary source only
	Unverified Source = "unverified" // nobody could verify it
	OwnPolicy  Source = "policy"     // this product's choice
)

// Trust says what was read of a clause.
type Trust string

// The grades of trust.
const (
	LawRead      Trust = "V" // the provision's text
	NoticeRead   Trust = "A" // an official notice, or a quotation of the article
	SecondSource Trust = "S" // a secondary source only
	FromMemory   Trust = "M" // nothing: nobody could verify it
)

// sources are those that follow from the trust.
var sources = map[Trust]Source{LawRead: Official, NoticeRead: Official, SecondSource: Secondary, FromMemory: Unverified}

// Instrument is a law, a regulation, a draft or a guideline.
type Instrument struct {
	ID   string `yaml:"id"`
	Name Text   `yaml:"name"`
	// InForce is since when; empty for drafts and guidelines.
	InForce civil.Date `yaml:"in_force"`
	// Who and Penalty are those of its clauses that name none of their own.
	Who     Text `yaml:"who"`
	Penalty Text `yaml:"penalty"`
}

// Clause is one duty.
type Clause struct {
	// ID is a slug, the topic's last level over MQTT.
	ID         string `yaml:"id"`
	Instrument string `yaml:"instrument"`
	// Article as it is cited; a question mark where the number is not known.
	Article Text `yaml:"article"`
	Duty    Text `yaml:"duty"`
	// Items are the parts of the article that name a prohibited place.
	Items  map[Place]Text `yaml:"items"`
	Check  string         `yaml:"check"`
	Params Params         `yaml:"params"`
	// Applies narrows the clause; empty: it applies everywhere.
	Applies []Condition `yaml:"applies"`
	// Who owes the duty, and what breaking it costs; the zero Text: nothing of its own.
	Who     Text  `yaml:"who"`
	Penalty Text  `yaml:"penalty"`
	Trust   Trust `yaml:"trust"`
	// Source is written for this product's own policy alone; else it follows from Trust.
	Source Source `yaml:"source"`
}

// Verified reports whether somebody could verify the clause.
func (c Clause) Verified() bool { return c.Trust != FromMemory }

// Run evaluates the clause. Where nobody knows whether it applies it is unknown, unless
// something is wrong already; without a camera only a violation is, for those outlive cameras.
func (c Clause) Run(f *Facts) Finding {
	found := checks[c.Check](f, c.Params)
	if found.Status == Info {
		return found
	}
	if gap := gap(&f.Records, c.Check); gap.Status != "" && (found.Status != Fail || found.absent) {
		found = gap
	}
	for _, condition := range c.Applies {
		switch met := conditions[condition](f); {
		case met.Status == NotApplicable:
			return met
		case met.Status == Unknown && (found.Status != Fail || met.unconfirmed || condition == "cameras" && !c.showsViolations()):
			found = met
		}
	}
	return found
}

// showsViolations reports whether the clause fails while a violation is open.
func (c Clause) showsViolations() bool {
	return c.Check == "consent" || c.Check == "prohibited_place" || c.Check == "private_rooms"
}

// Pack is a set of clauses.
type Pack struct {
	ID string `yaml:"pack"`
	// Version of the data, by which a report says what it was evaluated by.
	Version     string       `yaml:"version"`
	Kind        PackKind     `yaml:"kind"`
	Title       Text         `yaml:"title"`
	Instruments []Instrument `yaml:"instruments"`
	Clauses     []Clause     `yaml:"clauses"`
}

//go:embed packs/*.yaml
var files embed.FS

// packs are loaded when one is first asked for, which the daemon does at its
// start and most commands never. A mistake in one of them, such as an unknown check,
// stops the program, and the tests of this package before that.
var packs = sync.OnceValue(func() map[string]*Pack {
	return mustLoad("cn-2025", "cn-2023-draft", "cn-shenzhen-draft", "eu-gdpr")
})

func mustLoad(ids ...string) map[string]*Pack {
	all := map[string]*Pack{}
	for _, id := range ids {
		b, err := files.ReadFile("packs/" + id + ".yaml")
		var p *Pack
		if err == nil {
			p, err = parse(id, b)
		}
		if err != nil {
			panic(fmt.Sprintf("policy: pack %s: %v", id, err))
		}
		all[id] = p
	}
	return all
}

// Load returns a pack by its name, as config.Packs lists them; nil for an
// unknown one. It is shared: do not write to it.
func Load(id string) *Pack { return packs()[id] }

func parse(id string, b []byte) (*Pack, error) {
	var p Pack
	if err := yaml.UnmarshalWithOptions(b, &p, yaml.Strict()); err != nil {
		return nil, err
	}
	if p.ID != id || p.Version == "" || len(p.Clauses) == 0 || !slices.Contains(packKinds, p.Kind) {
		return nil, fmt.Errorf("it says that it is pack %q of version %q and kind %q with %d clauses", p.ID, p.Version, p.Kind, len(p.Clauses))
	}
	seen := map[string]bool{}
	for i := range p.Clauses {
		c := &p.Clauses[i]
		if err := p.complete(c); err != nil {
			return nil, fmt.Errorf("clause %q: %w", c.ID, err)
		}
		if seen[c.ID] {
			return nil, fmt.Errorf("two clauses %q", c.ID)
		}
		seen[c.ID] = true
	}
	return &p, nil
}

// complete fills in what a clause has from its instrument and its trust, and checks it.
func (p *Pack) complete(c *Clause) error {
	_, known := checks[c.Check]
	in := p.Instrument(c.Instrument)
	switch {
	case !media.IsSlug(c.ID):
		return fmt.Errorf("the id is no slug")
	case in == nil:
		return fmt.Errorf("unknown instrument %q", c.Instrument)
	case !known:
		return fmt.Errorf("unknown check %q", c.Check)
	case slices.ContainsFunc(c.Applies, func(w Condition) bool { return conditions[w] == nil }):
		return fmt.Errorf("unknown condition in %q", c.Applies)
	case sources[c.Trust] == "":
		return fmt.Errorf("unknown trust %q", c.Trust)
	case c.Source != "" && c.Source != OwnPolicy:
		return fmt.Errorf("source %q is none to write: it follows from the trust", c.Source)
	}
	c.Who, c.Penalty = cmp.Or(c.Who, in.Who), cmp.Or(c.Penalty, in.Penalty)
	c.Source = cmp.Or(c.Source, sources[c.Trust])
	if !c.Article.whole() || !c.Duty.whole() || !c.Who.whole() || c.Penalty != (Text{}) && !c.Penalty.whole() {
		return fmt.Errorf("a text is missing")
	}
	return c.checkItems()
}

func (c *Clause) checkItems() error {
	for place, item := range c.Items {
		if !place.Prohibited() || !item.whole() {
			return fmt.Errorf("item %q: it is no prohibited place, or a text is missing", place)
		}
	}
	return nil
}

// Instrument returns one of the pack's instruments; nil for an unknown one.
func (p *Pack) Instrument(id string) *Instrument {
	for i := range p.Instruments {
		if p.Instruments[i].ID == id {
			return &p.Instruments[i]
		}
	}
	return nil
}

// Cite names a clause with its instrument, such as "Decree 799, Article 8(1)".
func (p *Pack) Cite(c Clause, lang text.Lang) string {
	name := p.Instrument(c.Instrument).Name.In(lang)
	if lang == text.ZhCN {
		return name + c.Article.ZH
	}
	return name + ", " + c.Article.EN
}
