package console

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/config/text"
)

// textKey is a key as templates and scripts write it. One that ends in a dot or
// an underscore is continued by the script with a state, a kind or a name.
var textKey = regexp.MustCompile(`['"\x60](console\.[a-z0-9_.]*)`)

// The questions' texts are said by the API, whose code lies there.
const asking = "../questions/*.go"

// Entries of the audit log are told by the API.
const inWords = "../httpapi/upkeep/*.go"

// Keys of the console have no constants, so the compiler finds no misspelt one,
// nor one that nothing says any more.
func TestPagesSayWhatTheCatalogueHas(t *testing.T) {
	used := map[string]bool{}
	for _, dir := range []string{"web/*.html", "web/static/*.js"} {
		names, err := fs.Glob(web, dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			b, err := web.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range textKey.FindAllSubmatch(b, -1) {
				used[string(m[1])] = true
			}
		}
	}
	var asked []string
	for _, where := range []string{asking, inWords} {
		names, err := filepath.Glob(where)
		if err != nil || len(names) == 0 {
			t.Fatalf("%s: %d files, %v", where, len(names), err)
		}
		asked = append(asked, names...)
	}
	for _, name := range asked {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range textKey.FindAllSubmatch(b, -1) {
			used[string(m[1])] = true
		}
	}
	all := text.Under(text.EN, "console.")
	begins := func(prefix string) bool {
		for key := range all {
			if strings.HasPrefix(string(key), prefix) {
				return true
			}
		}
		return false
	}
	for key := range used {
		if key != "console.certificate" && !text.Has(text.Key(key)) && !begins(key) { // that one is a setting
			t.Errorf("%s is said but not in the catalogue", key)
		}
	}
	for key := range all {
		if !saidBy(used, string(key)) {
			t.Errorf("%s is in the catalogue but nothing says it", key)
		}
	}
}

// saidBy reports whether a key, or a part of it that a script continues, is used.
func saidBy(used map[string]bool, key string) bool {
	for i := len(key); i > len("console."); i-- {
		if (i == len(key) || strings.ContainsRune("._", rune(key[i-1]))) && used[key[:i]] {
			return true
		}
	}
	return false
}

// The policy of the pages refuses inline scripts, styles and handlers: one
// would simply not work.
func TestPagesHoldNothingInline(t *testing.T) {
	inline := regexp.MustCompile(`(?i)<script(?:[^>]*)>[^<]|<style|\sstyle=|\son[a-z]+=|javascript:|https?://`)
	names, _ := fs.Glob(web, "web/*.html")
	for _, name := range names {
		b, err := web.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if m := inline.Find(b); m != nil {
			t.Errorf("%s holds %q", name, m)
		}
	}
}

// Each page is marked in the menu, by its own entry or by the one that leads to it.
func TestEachPageIsInTheMenu(t *testing.T) {
	layout, err := web.ReadFile("web/layout.html")
	if err != nil {
		t.Fatal(err)
	}
	entries := regexp.MustCompile(`<li[^>]*><a href="(/[a-z]*)"`).FindAllStringSubmatch(string(layout), -1)
	for pattern := range pageNames {
		p, marked := page{Path: strings.NewReplacer("{$}", "", "{id}", "lobby").Replace(pattern)}, 0
		for _, entry := range entries {
			switch p.Current(entry[1]) {
			case "page":
				marked++
				if entry[1] != p.Path {
					t.Errorf("%s is said to be %s", p.Path, entry[1])
				}
			case "true":
				marked++
			}
		}
		if marked != 1 {
			t.Errorf("%s: %d entries are marked", pattern, marked)
		}
	}
}
