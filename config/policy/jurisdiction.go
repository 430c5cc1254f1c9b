package policy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"

	"github.com/bauta-gateway/bauta/config/field"
	"github.com/bauta-gateway/bauta/config/nearest"
	"github.com/bauta-gateway/bauta/config/text"
)

// Region is what the code of a jurisdiction stands for.
type Region struct {
	Code string `yaml:"code" json:"code"`
	Name Text   `yaml:"name" json:"name"`

	packs []string
	area  *area
}

// In names the region with its code.
func (r Region) In(lang text.Lang) string { return r.Code + " (" + r.Name.In(lang) + ")" }

// Covered reports whether a pack holds the law of the region.
func (r Region) Covered() bool { return len(r.packs) > 0 }

// area is a part of the world in which the same packs are evaluated.
type area struct {
	Packs   []string `yaml:"packs"`
	Absent  []string `yaml:"absent"`
	Regions []Region `yaml:"regions"`
	Local   []local  `yaml:"local"`
}

// local adds packs for the codes that begin with a prefix.
type local struct {
	Prefix string   `yaml:"prefix"`
	Name   Text     `yaml:"name"`
	Packs  []string `yaml:"packs"`
}

// areas are the table of jurisdictions. A mistake in it stops the program, and the tests
// of this package before that.
var areas = sync.OnceValue(func() []area {
	var table struct {
		Areas []area `yaml:"areas"`
	}
	b, err := files.ReadFile("packs/jurisdictions.yaml")
	if err == nil {
		err = yaml.UnmarshalWithOptions(b, &table, yaml.Strict())
	}
	if err != nil {
		panic(fmt.Sprintf("policy: jurisdictions: %v", err))
	}
	return table.Areas
})

// Jurisdiction looks a code up; ok is false where it is none of the table.
func Jurisdiction(code string) (region Region, ok bool) {
	all := areas()
	for i := range all {
		for _, r := range all[i].Regions {
			if code == r.Code || isCounty(code, r.Code) {
				return all[i].region(code, r.Name), true
			}
		}
	}
	return Region{}, false
}

// isCounty reports whether a code is a division's with the four digits of a city or county.
func isCounty(code, division string) bool {
	rest, ok := strings.CutPrefix(code, division)
	notDigit := func(r rune) bool { return r < '0' || r > '9' }
	return ok && strings.Contains(division, "-") && len(rest) == 4 && !strings.ContainsFunc(rest, notDigit)
}

func (a *area) region(code string, name Text) Region {
	r := Region{Code: code, Name: name, packs: slices.Clone(a.Packs), area: a}
	for _, l := range a.Local {
		if strings.HasPrefix(code, l.Prefix) {
			r.Name, r.packs = l.Name, append(r.packs, l.Packs...)
		}
	}
	return r
}

// has reports whether a pack belongs to the area.
func (a *area) has(pack string) bool {
	return slices.Contains(a.Packs, pack) || slices.ContainsFunc(a.Local, func(l local) bool { return slices.Contains(l.Packs, pack) })
}

// Regions are all of the table, without the cities and counties of a division.
func Regions() (all []Region) {
	for _, a := range areas() {
		all = append(all, a.Regions...)
	}
	return all
}

// regions are told one after another.
type regions []Region

// In names all of them.
func (all regions) In(lang text.Lang) string {
	names := make([]string, len(all))
	for i, r := range all {
		names[i] = r.In(lang)
	}
	return strings.Join(names, ", ")
}

// Bounds of what is offered in the place of a word that is no code.
const (
	maxOffered  = 3
	maxCompared = 40 // letters of the word
)

// nearestRegions are those whose code or name is most like a word.
func nearestRegions(word string) regions {
	letters := []rune(strings.ToLower(strings.TrimSpace(word)))
	word = string(letters[:min(len(letters), maxCompared)])
	away := func(r Region) int {
		return min(nearest.Distance(word, strings.ToLower(r.Code)), nearest.Distance(word, strings.ToLower(r.Name.EN)), nearest.Distance(word, r.Name.ZH))
	}
	all := Regions()
	slices.SortStableFunc(all, func(x, y Region) int { return cmp.Compare(away(x), away(y)) })
	return all[:maxOffered]
}

// checkJurisdiction refuses what is no code; empty means that nobody has said it yet.
func checkJurisdiction(code string) error {
	if code == "" {
		return nil
	}
	if err := field.Line("jurisdiction", code); err != nil {
		return err
	}
	if _, ok := Jurisdiction(code); !ok {
		return text.Fail(field.ErrInvalid, text.PolicyJurisdiction, code, nearestRegions(code))
	}
	return nil
}
