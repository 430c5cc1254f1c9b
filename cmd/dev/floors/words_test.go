package floors

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// retired are words that the code once had names and messages of, and the field's word that
// each became. Where one is ordinary English in another sense, kept has the names.
var retired = map[string]string{
	"picture": "frame (decoded), image (a file)", "pictures": "frames",
	"look": "pass", "looks": "passes", "closer": "tile", "reserve": "fallback",
	"ladder": "degradation level", "rung": "degradation level", "rungs": "degradation levels",
	"spot": "box, position", "happening": "audit record", "happenings": "audit records", "trail": "audit log",
	"judge": "evaluate", "judges": "evaluate", "judged": "evaluated", "judging": "evaluation", "judgement": "evaluation",
	"told": "reported", "tell": "report", "tells": "report", "teller": "reporter",
	"poke": "notify", "ear": "subscriber", "hear": "receive", "hears": "receive", "heard": "received",
	"board": "state cache", "ledger": "in-flight table", "withheld": "safe mode", "withhold": "safe mode", "proof": "monitor",
	"film": "clip, recording", "films": "clips, recordings", "guest": "transient camera", "guests": "transient cameras",
	"confess": "report", "confesses": "reports", "confessed": "reported", "mourn": "close", "mourning": "closing", "buried": "closed",
	"rebirth": "restart", "farewell": "final message", "fares": "is",
}

// retiredIn are words that are ordinary elsewhere, with the folders in which they are not.
var retiredIn = map[string]struct {
	became  string
	folders []string
}{
	"book":  {"verifier", []string{"cmd/dev/bauta-soak"}},
	"books": {"verifiers", []string{"cmd/dev/bauta-soak"}},
	"line":  {"fault proxy", []string{"cmd/dev/bauta-soak"}},
	"scene": {"motion state", []string{"anonymize", "detector", "gateway"}},
	"box":   {"host, or gateway", []string{"hardware/tpm", "gateway/heat", "gateway/evaluation", "gateway/httpapi", "gateway/identity"}},
}

// became is what a word became, in a folder; empty where it may stand.
func became(word, folder string) string {
	for _, in := range retiredIn[word].folders {
		if folder == in || strings.HasPrefix(folder, in+"/") {
			return retiredIn[word].became
		}
	}
	return retired[word]
}

// words cuts a name at its capitals and underscores.
func words(name string) (all []string) {
	var word []rune
	end := func() {
		if len(word) > 0 {
			all = append(all, strings.ToLower(string(word)))
		}
		word = nil
	}
	runes := []rune(name)
	for i, r := range runes {
		capital := unicode.IsUpper(r) && (i > 0 && !unicode.IsUpper(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1]))
		if !unicode.IsLetter(r) || capital {
			end()
		}
		if unicode.IsLetter(r) {
			word = append(word, r)
		}
	}
	end()
	return all
}

// Whoever knows the field need not learn another language to read the code.
func TestWords(t *testing.T) {
	found := map[string]bool{}
	walkGo(t, func(rel string) {
		set := token.NewFileSet()
		f, err := parser.ParseFile(set, filepath.Join(root, rel), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		check := func(what, text string, pos token.Pos) {
			for _, w := range words(text) {
				field := became(w, filepath.ToSlash(filepath.Dir(rel)))
				if field == "" {
					continue
				}
				found[text] = true
				if _, ok := kept[text]; !ok {
					t.Errorf("%s:%d: %s %q: %q became %q", rel, set.Position(pos).Line, what, text, w, field)
				}
			}
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.Ident:
				check("name", n.Name, n.Pos())
			case *ast.CallExpr:
				for _, m := range messages(n) {
					check("message", m, n.Pos())
				}
			}
			return true
		})
	})
	for name := range kept {
		if !found[name] {
			t.Errorf("%q is nowhere any more: take it out of kept", name)
		}
	}
}

// logged are the methods whose texts are for developers' logs.
var logged = []string{"Debug", "Info", "Warn", "Error", "With"}

// messages are the texts of a call that logs: the message and its keys.
func messages(c *ast.CallExpr) (all []string) {
	s, ok := c.Fun.(*ast.SelectorExpr)
	if !ok || !slices.Contains(logged, s.Sel.Name) || !strings.Contains(strings.ToLower(nameOf(s.X)), "log") {
		return nil
	}
	for _, a := range c.Args {
		if l, ok := a.(*ast.BasicLit); ok && l.Kind == token.STRING {
			if text, err := strconv.Unquote(l.Value); err == nil {
				all = append(all, text)
			}
		}
	}
	return all
}

func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

func TestNamesAreCutIntoWords(t *testing.T) {
	for name, want := range map[string]string{"ToldTwice": "told twice", "toldX": "told x", "H264Type": "h type", "max_film": "max film", "RTSPFilm": "rtsp film", "refilm": "refilm"} {
		if got := strings.Join(words(name), " "); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
}
