package register

import (
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/config/text"
)

// Each kind, field and choice has words: a name of the API shown to a person is none.
func TestEveryFieldHasWords(t *testing.T) {
	for _, kind := range Kinds {
		k := string(kind)
		wanted := []text.Key{text.RecordKindName(k), text.RecordAbout(k), text.Key("console.record." + k + ".add")}
		for _, f := range Fields(kind) {
			if !f.Old {
				wanted = append(wanted, text.RecordLabel(k, f.Name))
			}
			for _, c := range f.Choices {
				wanted = append(wanted, text.RecordChoice(k, f.Name, c))
			}
		}
		for _, key := range wanted {
			if !text.Has(key) {
				t.Errorf("%s: no words for %s", k, key)
			}
		}
	}
}

// What is said of a field is said of one that there is.
func TestWordsAreOfFields(t *testing.T) {
	names, kinds := map[string]bool{}, map[string]bool{}
	for _, kind := range Kinds {
		kinds[string(kind)] = true
		for _, f := range Fields(kind) {
			names[f.Name], names[string(kind)+"."+f.Name] = true, true
			if f.Type == "items" {
				for _, c := range f.Choices {
					names[string(kind)+"."+c] = true
				}
			}
		}
	}
	for key := range text.Under(text.EN, "console.record.") {
		kind, name, inKind := strings.Cut(strings.TrimPrefix(string(key), "console.record."), ".")
		name = strings.TrimSuffix(name, "_hint")
		switch {
		case name == "title", name == "about", name == "add":
		case kind == "field" && !names[name], inKind && kinds[kind] && !names[kind+"."+name]:
			t.Errorf("%s is said of no field", key)
		}
	}
}
