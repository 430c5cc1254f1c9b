package questions

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/text"
)

// Each question has words, and the duties, next steps and fields that it names are there.
func TestListNamesWhatThereIs(t *testing.T) {
	clauses := map[string]bool{}
	for _, pack := range config.Packs {
		for _, c := range policy.Load(pack).Clauses {
			clauses[c.ID] = true
		}
	}
	seen := map[string]bool{}
	for _, q := range list {
		if seen[q.id] {
			t.Errorf("%s stands twice", q.id)
		}
		seen[q.id] = true
		for _, key := range []string{"console.asked." + q.id + ".title", "console.asked." + q.id + ".about", "console.asked.who." + q.who} {
			if !text.Has(text.Key(key)) {
				t.Errorf("%s: there is no text %s", q.id, key)
			}
		}
		for _, id := range q.duties {
			if !clauses[id] {
				t.Errorf("%s: no pack has the clause %s", q.id, id)
			}
		}
		for _, action := range q.actions {
			if !text.Has(text.Key("next." + action)) {
				t.Errorf("%s: no finding has the next step %s", q.id, action)
			}
		}
		for _, f := range q.records {
			fields := register.Fields(f.kind)
			for _, name := range f.fields {
				if !slices.ContainsFunc(fields, func(f register.Field) bool { return f.Name == name }) {
					t.Errorf("%s: a record %s has no field %s", q.id, f.kind, name)
				}
			}
			for _, field := range fields {
				_, fixed := f.fixed[field.Name]
				if asked := len(f.fields) == 0 || slices.Contains(f.fields, field.Name) || slices.Contains(f.same, field.Name); field.Required && !field.Filled && !asked && !fixed && field.Name != "camera" {
					t.Errorf("%s: a record %s wants %s, which is not asked for", q.id, f.kind, field.Name)
				}
			}
		}
	}
	for _, q := range policy.Questions {
		if !slices.ContainsFunc(list, func(one question) bool { return one.answer == q || one.instead == q }) {
			t.Errorf("nobody asks %s", q)
		}
	}
}

// Whatever a check may find unknown leads somewhere: to a question, or on the page of legal
// duties to where else it is done.
func TestUnknownsLeadSomewhere(t *testing.T) {
	page, err := os.ReadFile("../console/web/static/compliance.js")
	if err != nil {
		t.Fatal(err)
	}
	keys := keysOfText(t)
	used := regexp.MustCompile(`unknown\(text\.(Next\w+)`)
	files, err := filepath.Glob("../../config/policy/*.go")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	found := 0
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range used.FindAllStringSubmatch(string(b), -1) {
			found++
			action := strings.TrimPrefix(keys[m[1]], "next.")
			asked := slices.ContainsFunc(list, func(q question) bool { return slices.Contains(q.actions, action) })
			if !asked && action != "site" && !regexp.MustCompile(`\b`+action+`\b`).Match(page) {
				t.Errorf("%s: %s is unknown and leads nowhere", filepath.Base(file), action)
			}
		}
	}
	if found < 30 {
		t.Errorf("only %d findings are unknown: do they still say so?", found)
	}
}

// keysOfText are the names of the catalogue's constants with their values.
func keysOfText(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	constant := regexp.MustCompile(`(?m)^\s+(Next\w+)\s+(?:Key )?= "(next\.\w+)"`)
	files, _ := filepath.Glob("../../config/text/*.go")
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range constant.FindAllStringSubmatch(string(b), -1) {
			all[m[1]] = m[2]
		}
	}
	return all
}
