// Package floors holds the order of the repository's packages, by tests alone.
package floors

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/bauta-gateway/bauta/"

// order is the folders with Go code, the highest floor first. A package may import
// those of its own floor and of the floors below.
var order = []string{"cmd", "gateway", "anonymize", "detector", "config", "hardware"}

// withinTests is what tests of one package need of another in the same row of the
// drawing. What is drawn below they may use anyhow: the real things.
var withinTests = map[edge]string{
	{"gateway/console", "gateway/demo"}:             "a camera for the page that adds one",
	{"gateway/broker", "gateway/broker/brokertest"}: "a real broker",
	{"gateway/fleet", "gateway/mqtt"}:               "what a gateway publishes is what the page reads",
	{"gateway/rtsp/tunnel", "gateway/connlimit"}:    "the limits that its places are of",
}

// edge is one import, by the folders of both packages.
type edge struct{ from, to string }

func (e edge) String() string { return e.from + " imports " + e.to }

func floor(folder string) int {
	first, _, _ := strings.Cut(folder, "/")
	return slices.Index(order, first)
}

// order of the packages: what may import what.
type rules struct {
	rows    map[string]int  // of the drawing, from the top
	allowed map[edge]string // within gateway, with the reason
}

// fault says what is wrong with an import; empty: nothing.
func (r rules) fault(e edge, inTest bool) string {
	from, to := floor(e.from), floor(e.to)
	below := r.rows[e.from] < r.rows[e.to]
	switch {
	case from < 0 || to < 0:
		return fmt.Sprintf("%s: Go code lives in %s", e, strings.Join(order, ", "))
	case to < from:
		return fmt.Sprintf("%s: imports point down, and the floors are %s", e, strings.Join(order, ", "))
	case order[from] != "gateway" || order[to] != "gateway":
		return ""
	case inTest && (below || withinTests[e] != ""), r.allowed[e] != "":
		return ""
	case e.to == "gateway":
		return fmt.Sprintf("%s, which composes the others and is imported by cmd alone", e)
	}
	return fmt.Sprintf("%s: the rooms of gateway do not know each other; what both need goes to a row below, or the table here says why not", e)
}

// imports reads all imports of one package of the repository by another, whatever
// the build tags; true where only tests have it.
func imports(t *testing.T) map[edge]bool {
	t.Helper()
	all := map[edge]bool{}
	walkGo(t, func(rel string) {
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, rel), nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range f.Imports {
			whole, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			to, ours := strings.CutPrefix(whole, module)
			e := edge{filepath.ToSlash(filepath.Dir(rel)), path.Clean(to)}
			if !ours || e.from == e.to { // a package's own tests may stand outside of it
				continue
			}
			onlyTests, known := all[e]
			all[e] = strings.HasSuffix(rel, "_test.go") && (onlyTests || !known)
		}
	})
	return all
}

// root of the repository, as seen from these tests.
var root = filepath.Join("..", "..", "..")

// walkGo calls f with each Go file of the repository, by its path in it.
func walkGo(t *testing.T, f func(rel string)) {
	t.Helper()
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && file != root && (strings.ContainsAny(name[:1], "._") || name == "testdata" || name == "build") {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") {
			return nil
		}
		rel, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		f(rel)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Whoever reads one floor need know only those below it, and a part of gateway
// can be changed without a look at the others.
func TestImportsPointDown(t *testing.T) {
	all, r := imports(t), rules{drawn(t), allowed()}
	if len(all) < 100 {
		t.Fatalf("only %d imports found: are the packages still there?", len(all))
	}
	for _, e := range slices.SortedFunc(maps.Keys(all), func(a, b edge) int { return strings.Compare(a.String(), b.String()) }) {
		if said := r.fault(e, all[e]); said != "" {
			t.Error(said)
		}
	}
	for e := range r.allowed {
		if onlyTests, found := all[e]; !found || onlyTests {
			t.Errorf("%s no longer: take the line out of the table", e)
		}
	}
	for e := range withinTests {
		if onlyTests := all[e]; !onlyTests {
			t.Errorf("%s no longer in tests alone: take the line out of the table", e)
		}
	}
}

func TestFaultsAreFound(t *testing.T) {
	r := rules{drawn(t), allowed()}
	for e, good := range map[edge]bool{
		{"cmd/bauta", "gateway"}:                   true,
		{"gateway/worker", "anonymize/wire"}:       true,
		{"config/store", "config/zone"}:            true,
		{"gateway", "gateway/rtsp"}:                true,
		{"gateway/camera", "gateway/rtsp"}:         true,
		{"gateway/camera", "gateway/consents"}:     false,
		{"hardware/av", "config"}:                  false,
		{"config/zone", "anonymize/wire"}:          false,
		{"anonymize/pipeline", "gateway/worker"}:   false,
		{"gateway", "cmd/dev/bauta-demo-clip"}:     false,
		{"gateway/rtsp", "gateway/mp4"}:            false,
		{"gateway/rtsp", "gateway"}:                false,
		{"gateway/console", "gateway/demo"}:        false, // in a test only
		{"util", "hardware"}:                       false,
		{"gateway/compliance", "gateway/new"}:      false,
		{"gateway/worker/slate", "gateway/worker"}: false,
		{"detector/track", "anonymize/leak"}:       false,
		{"config/consent", "hardware/media"}:       true,
	} {
		if said := r.fault(e, false); (said == "") != good {
			t.Errorf("%s: %q", e, said)
		}
	}
	if said := r.fault(edge{"gateway/console", "gateway/demo"}, true); said != "" {
		t.Error(said)
	}
}
