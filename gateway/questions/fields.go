package questions

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
)

// siteField is a field of the site as a form asks for it. What it must not be the site itself
// refuses.
func siteField(name string, value any) api.GuidedField {
	f := api.GuidedField{RecordField: api.RecordField{Choice: api.Choice{ID: name, Name: words("console.site." + name)}, Type: "text", Required: true}, Value: value}
	f.Hint, f.Suggestions = hint("console.site."+name+"_hint"), suggestions("site."+name)
	switch name {
	case "kind":
		f.Type = "choice"
		for _, k := range policy.SiteKinds() {
			c := choice(string(k), string(k.Word()))
			c.Group = words("console.site.class." + k.Class())
			f.Choices = append(f.Choices, c)
		}
	case "credit_code", "address":
		f.Required = false
	case "recognition_mode":
		f.Type = "choice"
		f.Choices = options("console.site.mode.", policy.DetectOnly, policy.Matching)
	case "jurisdiction":
		for _, r := range policy.Regions() {
			f.Choices = append(f.Choices, api.RecordChoice{Choice: api.Choice{ID: r.Code, Name: r.Name}})
		}
	}
	return f
}

func options(prefix string, names ...string) (all []api.RecordChoice) {
	for _, name := range names {
		all = append(all, choice(name, prefix+name))
	}
	return all
}

func choice(id, key string) api.RecordChoice {
	return api.RecordChoice{Choice: api.Choice{ID: id, Name: words(key)}}
}

// cameraField is a fact of a camera as a form asks for it; kind is that of the place, whose
// suggestions come first.
func cameraField(name, kind string) api.GuidedField {
	f := api.GuidedField{RecordField: api.RecordField{Choice: api.Choice{ID: name, Name: words("console.facts." + name)}, Type: "text", Required: true}}
	f.Hint = hint("console.facts." + name + "_hint")
	switch name {
	case "place":
		f.Type = "choice"
		for _, p := range slices.Concat(policy.Ordinary, policy.Prohibited) {
			c := choice(string(p), string(p.Word()))
			if p.Prohibited() {
				c.Group = words("console.facts.prohibited")
			}
			f.Choices = append(f.Choices, c)
		}
	case "purpose":
		f.Type = "choice"
		for _, p := range register.Purposes {
			f.Choices = append(f.Choices, choice(p, string(text.Purpose(p))))
		}
	case "commissioned":
		f.Type = "date"
	case "necessity":
		f.Suggestions = append(suggestions("necessity."+kind), suggestions("necessity")...)
	}
	return f
}

// asked is a question of yes or no with what belongs to it.
func (q *question) asked(a policy.Answer) *api.GuidedAnswer {
	out := &api.GuidedAnswer{ID: q.answer, Question: words(string(q.answer.Word())), Says: a.Says}
	values := map[string]any{}
	if a.Says != "" {
		values = fieldsOf(a)
	}
	types := map[string]string{"note": "text", "count": "number", "day": "date"}
	for _, name := range []string{"note", "count", "day"} {
		if !slices.Contains(q.more, name) && values[name] == nil {
			continue // earlier versions asked for more, and what they were answered stays in sight
		}
		key := "console.questions." + name
		if own := key + "." + string(q.answer); text.Has(text.Key(own)) {
			key = own
		}
		out.More = append(out.More, api.GuidedField{RecordField: api.RecordField{Choice: api.Choice{ID: name, Name: words(key)}, Type: types[name]}, Value: values[name]})
	}
	return out
}

// with is the form of a record with how many there are.
func (f *form) with(k *known) api.GuidedRecord {
	have := f.on(k.records[f.kind])
	out := api.GuidedRecord{Kind: f.kind, Title: words("console.record." + string(f.kind) + ".add"), When: f.when, Each: f.each, Whole: len(f.fields) == 0, Have: len(have)}
	if of, fixed := f.fixed["of"].(string); fixed { // it says which of its kind the record is
		out.Title = words(string(text.RecordChoice(string(f.kind), "of", of)))
	}
	for _, r := range have {
		day, _ := fieldsOf(r.Body)["date"].(string)
		out.Newest = max(out.Newest, day)
	}
	if f.each {
		out.Fields = append(out.Fields, api.GuidedField{RecordField: api.RecordField{Choice: api.Choice{ID: "cameras", Name: words("console.record.field.cameras")}, Type: "cameras", Required: true}})
	}
	for _, field := range register.Fields(f.kind) {
		if _, fixed := f.fixed[field.Name]; !field.Filled && !field.Old && !fixed && (len(f.fields) == 0 || slices.Contains(f.fields, field.Name)) {
			out.Fields = append(out.Fields, f.field(field, k, have))
		}
	}
	return out
}

// field is one of the record's with what may be taken over of what is known.
func (f *form) field(field register.Field, k *known, have []api.Record) api.GuidedField {
	out := api.GuidedField{RecordField: api.RecordFieldOf(f.kind, field), Suggestions: suggestions(string(f.kind) + "." + field.Name)}
	switch {
	case f.kind == register.KindNotice && field.Name == "contact" && k.said("contact") != "":
		unit := strings.Trim(k.said("unit")+", "+k.said("contact"), ", ")
		out.Suggestions = []api.Words{{EN: unit, ZH: unit}}
	case f.kind == register.KindQuiet && field.Name == "from" && k.since(have) != "":
		out.Value = k.since(have)
	case f.kind == register.KindQuiet && field.Name == "to":
		out.Value = k.today
	}
	return out
}

// suggestions are what people may choose instead of typing, from the catalogue.
func suggestions(name string) (all []api.Words) {
	for i := 1; text.Has(text.Key(fmt.Sprintf("console.suggest.%s.%d", name, i))); i++ {
		all = append(all, words(fmt.Sprintf("console.suggest.%s.%d", name, i)))
	}
	return all
}

func hint(key string) (w api.Words) {
	if text.Has(text.Key(key)) {
		w = words(key)
	}
	return w
}
