package policy

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/field"
	"github.com/bauta-gateway/bauta/config/text"
)

// Free text is no answer to which law holds: it is refused, and codes are named.
func TestC01JurisdictionIsACode(t *testing.T) {
	for _, code := range []string{"", "CN", "CN-11", "CN-44", "CN-310115", "CN-440305", "CN-81", "DE", "FR"} {
		if err := (Site{Jurisdiction: code}).Check(); err != nil {
			t.Errorf("%q: %v", code, err)
		}
	}
	for code, near := range map[string]string{
		"banana": "", " ": "", "CN-99": "CN-", "Mars": "", "cn-44": "CN-44 (Guangdong)", "Shanghai": "CN-31 (Shanghai)", "上海": "CN-31", "Germany": "DE (Germany)",
		"CN-4403": "CN-44", "CN-44030": "CN-44", "CN-44030x": "CN-44", "CN0305": "CN", "DE0305": "DE", "XX": "", strings.Repeat("x", field.MaxLine+1): "",
	} {
		err := Site{Jurisdiction: code}.Check()
		if !errors.Is(err, field.ErrInvalid) || !strings.Contains(err.Error(), near) || strings.Contains(err.Error(), "%!") {
			t.Errorf("%.20q: %v", code, err)
		}
		if zh := text.Explain(text.ZhCN, err); len(code) < field.MaxLine && (!strings.Contains(zh, "代码") || strings.Count(zh, "(") < maxOffered) {
			t.Errorf("%q: %s", code, zh)
		}
	}
}

// What an older version stored is no code: the configured law stays, and it is not known
// whether it holds.
func TestC01StoredFreeTextIsUnknown(t *testing.T) {
	for _, c := range []struct{ code, configured, law string }{
		{"banana", "cn-2025", "cn-2025"}, {"Germany", "eu-gdpr", "eu-gdpr"}, {"CN-81", "cn-2025", "cn-2025"}, {" ", "cn-shenzhen-draft", "cn-2025"},
	} {
		s := Select(c.code, c.configured)
		if s[0].ID != c.law || len(s.Laws()) != 1 {
			t.Errorf("%q: %v", c.code, idsOf(s))
		}
		f := good()
		f.Site.Jurisdiction = c.code
		var found []Status
		for _, clause := range s[0].Clauses {
			if clause.Check == "scope" {
				found = append(found, clause.Run(f).Status)
			}
		}
		if !slices.Equal(found, []Status{Unknown}) {
			t.Errorf("%q: %v", c.code, found)
		}
	}
}

func idsOf(s Stack) (ids []string) {
	for _, p := range s {
		ids = append(ids, p.ID)
	}
	return ids
}

// A draft does not switch the law off, and a law of elsewhere is none here.
func TestC21PacksStack(t *testing.T) {
	for _, c := range []struct {
		code, configured string
		want             []string
	}{
		{"CN-440305", "cn-shenzhen-draft", []string{"cn-2025", "cn-2023-draft", "cn-shenzhen-draft"}},
		{"CN-440305", "cn-2025", []string{"cn-2025", "cn-2023-draft", "cn-shenzhen-draft"}},
		{"CN-44", "cn-2025", []string{"cn-2025", "cn-2023-draft"}},
		{"CN-310115", "cn-shenzhen-draft", []string{"cn-2025", "cn-2023-draft", "cn-shenzhen-draft"}},
		{"", "cn-2023-draft", []string{"cn-2025", "cn-2023-draft"}},
		{"", "cn-2025", []string{"cn-2025"}},
		{"", "eu-gdpr", []string{"eu-gdpr"}},
		{"DE", "cn-2025", []string{"eu-gdpr"}},
		{"CN", "eu-gdpr", []string{"cn-2025", "cn-2023-draft"}},
		{"", "nonsense", []string{"cn-2025"}},
	} {
		if got := idsOf(Select(c.code, c.configured)); !slices.Equal(got, c.want) {
			t.Errorf("%q with %s: %v, want %v", c.code, c.configured, got, c.want)
		}
	}
}

// Every entry of the table has its names and packs that exist, at least one of them a law,
// and no clause id occurs twice in what can stand together.
func TestJurisdictions(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range Regions() {
		got, ok := Jurisdiction(r.Code)
		if !ok || seen[r.Code] || !r.Name.whole() || got.Name != r.Name {
			t.Errorf("%+v", r)
		}
		seen[r.Code] = true
	}
	if len(seen) != 1+34+27 {
		t.Errorf("%d codes", len(seen))
	}
	if r, ok := Jurisdiction("CN-440305"); !ok || r.In(text.ZhCN) != "CN-440305 (广东省深圳市)" || r.In(text.EN) != "CN-440305 (Shenzhen, Guangdong)" {
		t.Errorf("%+v", r)
	}
	for _, a := range areas() {
		var all Stack
		for _, id := range config.Packs {
			if a.has(id) {
				all = append(all, Load(id))
			}
		}
		if len(all.Laws()) == 0 && len(a.Packs) > 0 {
			t.Errorf("no law among %v", a.Packs)
		}
		ids := map[string]bool{}
		for _, p := range all {
			for _, id := range clauseIDs(p) {
				if ids[id] {
					t.Errorf("two clauses %s among %v", id, idsOf(all))
				}
				ids[id] = true
			}
		}
		for _, id := range append(slices.Clone(a.Packs), a.Absent...) {
			if Load(id) == nil {
				t.Errorf("pack %s is unknown", id)
			}
		}
		for _, l := range a.Local {
			if !l.Name.whole() || slices.ContainsFunc(l.Packs, func(id string) bool { return Load(id) == nil }) {
				t.Errorf("%+v", l)
			}
		}
	}
}

// S8: the law of elsewhere is listed where it is known that another one holds.
func TestS08LawsThatDoNotHold(t *testing.T) {
	for code, want := range map[string][]string{"DE": {"cn-2025"}, "CN-31": nil, "": nil, "banana": nil, "CN-81": nil} {
		got := Absent(code)
		if !slices.Equal(idsOf(got), want) {
			t.Errorf("%q: %v", code, idsOf(got))
		}
		for _, p := range got {
			if own := slices.ContainsFunc(p.Clauses, func(c Clause) bool { return c.Source == OwnPolicy }); own || len(p.Clauses) < 50 {
				t.Errorf("%q: %d clauses of %s, the product's own: %v", code, len(p.Clauses), p.ID, own)
			}
		}
	}
}
