package policy

import (
	"slices"
	"strings"

	"github.com/bauta-gateway/bauta/config/text"
)

// PackKind says what a pack holds.
type PackKind string

// The kinds of packs. Only a law decides how a site stands: drafts and guidance are shown
// beside it.
const (
	Law      PackKind = "law"
	Overlay  PackKind = "overlay" // a draft
	Guidance PackKind = "guidance"
)

var packKinds = []PackKind{Law, Overlay, Guidance}

// Stack are the packs that a site is evaluated by, laws first. Clause ids are unique over
// all packs that can be in one.
type Stack []*Pack

// Select returns the packs for a jurisdiction, and the configured one where it belongs
// there: it adds to the law and never takes it away. For what is no code, or a region that
// no pack covers, they are the law of the area that the configured pack belongs to; a law
// of elsewhere is not evaluated.
func Select(jurisdiction, configured string) Stack {
	region, _ := Jurisdiction(jurisdiction)
	if !region.Covered() {
		region = lawOf(configured)
	}
	ids := slices.Clone(region.packs)
	if region.area.has(configured) && !slices.Contains(ids, configured) {
		ids = append(ids, configured)
	}
	var s Stack
	for _, id := range ids {
		s = append(s, Load(id))
	}
	slices.SortStableFunc(s, func(x, y *Pack) int { return slices.Index(packKinds, x.Kind) - slices.Index(packKinds, y.Kind) })
	return s
}

// Absent are the laws that do not hold in a jurisdiction and are listed there as such. What is
// this product's own in them holds everywhere and is not of the law's area.
func Absent(jurisdiction string) (s Stack) {
	region, _ := Jurisdiction(jurisdiction)
	if !region.Covered() {
		return nil
	}
	for _, id := range region.area.Absent {
		p := *Load(id)
		p.Clauses = slices.DeleteFunc(slices.Clone(p.Clauses), func(c Clause) bool { return c.Source == OwnPolicy })
		s = append(s, &p)
	}
	return s
}

// Spared is what is found of a clause of such a law: where the site lies takes it out.
func (f *Facts) Spared() Finding {
	region, _ := Jurisdiction(f.Site.Jurisdiction)
	return spared(text.FoundAbsentLaw, region)
}

// lawOf is a region without a name in which the laws of a pack's area are evaluated; that
// of the first area for an unknown pack.
func lawOf(configured string) Region {
	all := areas()
	a := &all[max(0, slices.IndexFunc(all, func(a area) bool { return a.has(configured) }))]
	isNoLaw := func(id string) bool { return Load(id).Kind != Law }
	return Region{packs: slices.DeleteFunc(slices.Clone(a.Packs), isNoLaw), area: a}
}

// Laws are those packs that decide how a site stands.
func (s Stack) Laws() Stack {
	return slices.DeleteFunc(slices.Clone(s), func(p *Pack) bool { return p.Kind != Law })
}

// Prohibition is a clause in force that keeps cameras out of a place.
type Prohibition struct {
	// Citation names the very item, Duty the clause as a whole.
	Citation, Duty Text
}

// Prohibitions are told one after another by their citations.
type Prohibitions []Prohibition

// In cites all of them.
func (all Prohibitions) In(lang text.Lang) string {
	cites := make([]string, len(all))
	for i, p := range all {
		cites[i] = p.Citation.In(lang)
	}
	return strings.Join(cites, "; ")
}

// Prohibitions are the clauses in force that name a place, item by item; none of them names
// an ordinary one.
func (s Stack) Prohibitions(place Place) (all Prohibitions) {
	for _, p := range s.Laws() {
		for _, c := range p.Clauses {
			if item, ok := c.Items[place]; ok {
				c.Article = item
				all = append(all, Prohibition{Text{p.Cite(c, text.EN), p.Cite(c, text.ZhCN)}, c.Duty})
			}
		}
	}
	return all
}
