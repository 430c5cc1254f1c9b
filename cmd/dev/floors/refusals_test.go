package floors

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// answering are the rooms whose errors are answers to people: what they refuse needs a text in
// each language. cmd speaks to who administers the host, and the edges to the rooms.
var answering = []string{"gateway/anchor", "gateway/api", "gateway/camera", "gateway/consents", "gateway/console", "gateway/evaluation", "gateway/httpapi", "gateway/lock",
	"gateway/logins", "gateway/openings", "gateway/questions", "gateway/restore", "gateway/sealed", "gateway/viewers", "gateway/violations", "config/store", "config/policy",
	"config/register", "config/civil", "config/consent", "config/zone", "config/field"}

// plain are functions of these rooms that may return an error without a text: nobody who can do
// anything about it is answered with it. Each has its reason.
var plain = map[string]string{
	"config/consent.readClaims":         "what is no token is said around it",
	"config/policy.parse":               packs,
	"config/policy.complete":            packs,
	"config/policy.checkItems":          packs,
	"config/store.UnmarshalText":        damage,
	"config/store.PruneAudit":           damage,
	"config/store.checkAuditLog":        damage,
	"config/store.inspect":              damage,
	"config/store.readMeta":             damage,
	"config/store/dbfile.CheckPages":    damage,
	"config/store/dbfile.readMeta":      damage,
	"config/store/dbfile.take":          damage,
	"config/store/dbfile.checkLeaf":     damage,
	"config/store/dbfile.checkFreelist": damage,
	"config/store/seal.Open":            damage,
	"gateway/anchor.write":              "for the log: the page says that anchors fail",
	"gateway/api.decodeError":           client,
	"gateway/api.Decode":                client,
	"gateway/console.ownKey":            starts,
	"gateway/console.operations":        starts,
	"gateway/console.readPages":         starts,
	"gateway/console.compare":           starts,
	"gateway/console.decode":            "a hash that is damaged: the login is refused like any other",
	"gateway/console.parseChain":        "what is no certificate is said around it",
	"gateway/console/icon.PNG":          starts,
	"gateway/httpapi.removeStale":       starts,
	"gateway/sealed/process.lock":       starts,
	"gateway/sealed/process.IsDisk":     "of the process that seals, for its room",
}

// The reasons that several have.
const (
	packs  = "a pack of the program itself, which a test reads"
	damage = "the detail of a damage, of which a text says around it what to do"
	starts = "of the start: for the log and the command line"
	client = "of the client of the API"
)

// Whoever is refused reads why in their own language: no room makes an error of the API with a
// message that only English has, and none that is answered returns bare words.
func TestRefusalsHaveTexts(t *testing.T) {
	set := token.NewFileSet()
	used := map[string]bool{}
	walkGo(t, func(rel string) {
		folder := filepath.ToSlash(filepath.Dir(rel))
		if strings.HasSuffix(rel, "_test.go") || !strings.HasPrefix(folder, "gateway") && !strings.HasPrefix(folder, "config") {
			return
		}
		file, err := parser.ParseFile(set, filepath.Join(root, rel), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		within := slices.ContainsFunc(answering, func(room string) bool { return folder == room || strings.HasPrefix(folder, room+"/") })
		for _, d := range file.Decls {
			if v, isVar := d.(*ast.GenDecl); isVar && within {
				for _, advice := range adviceIn(v) {
					t.Errorf("%s: %s: what advises people is a text of config/text, by text.Fail", set.Position(v.Pos()), advice)
				}
			}
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Body == nil {
				continue
			}
			name := folder + "." + f.Name.Name
			for _, fault := range bareWords(folder, f, within) {
				if plain[name] == "" {
					t.Errorf("%s: %s in %s: give it a text of config/text, by api.Refuse or text.Fail", set.Position(fault.at), fault.what, name)
				}
				used[name] = true
			}
		}
	})
	for name, why := range plain {
		if !used[name] {
			t.Errorf("%s (%s) is listed and returns no bare error", name, why)
		}
	}
}

type bareWord struct {
	at   token.Pos
	what string
}

// bareWords are the places of a function at which words leave it that only English has: errors
// of the API with a message, and in rooms that answer errors that are made where they are returned.
func bareWords(folder string, f *ast.FuncDecl, answers bool) (all []bareWord) {
	ast.Inspect(f.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CompositeLit:
			if isAPIError(folder, n.Type) && hasField(n, "Message") {
				all = append(all, bareWord{n.Pos(), "an error of the API with a message"})
			}
		case *ast.ReturnStmt:
			for _, result := range n.Results {
				if call, made := madeBare(result); answers && made {
					all = append(all, bareWord{result.Pos(), call + " is returned"})
				}
			}
		}
		return true
	})
	return all
}

// adviceIn are errors of a package that say in English alone what to do.
func adviceIn(d *ast.GenDecl) (all []string) {
	for _, spec := range d.Specs {
		v, ok := spec.(*ast.ValueSpec)
		if !ok {
			continue
		}
		for _, value := range v.Values {
			if call, made := madeBare(value); made && call == "errors.New" {
				said, _ := value.(*ast.CallExpr).Args[0].(*ast.BasicLit)
				if said != nil && strings.ContainsAny(said.Value, ":;") {
					all = append(all, said.Value)
				}
			}
		}
	}
	return all
}

func isAPIError(folder string, t ast.Expr) bool {
	switch t := t.(type) {
	case *ast.SelectorExpr:
		return fmt.Sprint(t.X) == "api" && t.Sel.Name == "Error"
	case *ast.Ident:
		return folder == "gateway/api" && t.Name == "Error"
	}
	return false
}

func hasField(lit *ast.CompositeLit, name string) bool {
	return slices.ContainsFunc(lit.Elts, func(e ast.Expr) bool {
		pair, ok := e.(*ast.KeyValueExpr)
		return ok && fmt.Sprint(pair.Key) == name
	})
}

// madeBare reports whether an expression makes an error of bare words. One that wraps another
// only says where that came from: the text is the other's.
func madeBare(e ast.Expr) (call string, made bool) {
	c, ok := e.(*ast.CallExpr)
	if !ok {
		return "", false
	}
	sel, ok := c.Fun.(*ast.SelectorExpr)
	if !ok {
		return "", false
	}
	call = fmt.Sprint(sel.X) + "." + sel.Sel.Name
	switch call {
	case "errors.New":
		return call, true
	case "fmt.Errorf":
		format, ok := c.Args[0].(*ast.BasicLit)
		return call, !ok || !strings.Contains(format.Value, "%w")
	}
	return "", false
}

func TestBareWordsAreFound(t *testing.T) {
	for body, want := range map[string]int{
		`return errors.New("x")`:                       1,
		`return nil, fmt.Errorf("x %d", 1)`:            1,
		`return fmt.Errorf("x: %w", err)`:              0,
		`return api.Refuse(api.CodeInvalid, text.X)`:   0,
		`return &api.Error{Code: c, Message: "x"}`:     1,
		`err := &api.Error{Message: "x"}; return err`:  1,
		`return &api.Error{Code: c, Cause: err}`:       0,
		`return text.Fail(errors.New("x"), text.Y, 1)`: 0,
	} {
		file, err := parser.ParseFile(token.NewFileSet(), "x.go", "package x\nfunc f() {"+body+"}", 0)
		if err != nil {
			t.Fatal(err)
		}
		if got := bareWords("gateway/camera", file.Decls[0].(*ast.FuncDecl), true); len(got) != want {
			t.Errorf("%s: %v", body, got)
		}
	}
}
