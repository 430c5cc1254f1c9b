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

// within lists which packages of gateway import which others, and why. All else
// is wanted apart: a new line here needs as good a reason.
var within = map[edge]string{
	{"gateway", "gateway/broker"}:     "says which broker the page of many gateways reads",
	{"gateway", "gateway/compliance"}: "gives it the facts and publishes what it concludes",
	{"gateway", "gateway/connlimit"}:  "tells viewers apart by address and bounds repeated log lines",
	{"gateway", "gateway/console"}:    "starts the pages and gives them the API",
	{"gateway", "gateway/demo"}:       "starts the built-in camera",
	{"gateway", "gateway/fleet"}:      "starts the page of many gateways",
	{"gateway", "gateway/mp4"}:        "reads and writes the files that are masked",
	{"gateway", "gateway/mqtt"}:       "starts the publisher and the broker",
	{"gateway", "gateway/onvif"}:      "finds cameras and asks them for their streams",
	{"gateway", "gateway/ports"}:      "says who has a port that another one was taken for",
	{"gateway", "gateway/rtsp"}:       "starts sources and the server of the masked streams",
	{"gateway", "gateway/whep"}:       "shows masked streams in browsers",
	{"gateway", "gateway/worker"}:     "starts a worker for each camera and file",

	{"gateway/broker", "gateway/backoff"}:      "waits between tries to connect",
	{"gateway/console", "gateway/backoff"}:     "how long wrong logins have to wait",
	{"gateway/console", "gateway/connlimit"}:   "strangers connect to it",
	{"gateway/console", "gateway/ports"}:       "opens its address",
	{"gateway/console", "gateway/reply"}:       "answers in JSON as the API does",
	{"gateway/demo", "gateway/mp4"}:            "the clip that it plays is a file",
	{"gateway/fleet", "gateway/connlimit"}:     "strangers connect to it",
	{"gateway/fleet", "gateway/broker"}:        "reads a broker",
	{"gateway/fleet", "gateway/sse"}:           "its pages stay up to date",
	{"gateway/fleet", "gateway/topics"}:        "the topics that it reads",
	{"gateway/mqtt", "gateway/backoff"}:        "waits between tries to connect",
	{"gateway/mqtt", "gateway/broker"}:         "publishes to a broker",
	{"gateway/mqtt", "gateway/connlimit"}:      "strangers connect to the embedded broker",
	{"gateway/mqtt", "gateway/ports"}:          "opens the embedded broker's address",
	{"gateway/mqtt", "gateway/topics"}:         "the topics that it writes",
	{"gateway/rtsp", "gateway/backoff"}:        "waits between tries to read a camera",
	{"gateway/rtsp", "gateway/connlimit"}:      "strangers connect to the server",
	{"gateway/rtsp", "gateway/ports"}:          "opens the server's addresses",
	{"gateway/worker", "gateway/backoff"}:      "waits before a worker is started again",
	{"gateway/worker", "gateway/worker/slate"}: "sends a slate where there is no vouched picture",
}

// withinTests is what tests need beside that.
var withinTests = map[edge]string{
	{"gateway/broker", "gateway/broker/brokertest"}: "a real broker",
	{"gateway/console", "gateway/demo"}:             "a camera for the page that adds one",
	{"gateway/fleet", "gateway/broker/brokertest"}:  "a real broker",
	{"gateway/fleet", "gateway/mqtt"}:               "what a gateway publishes is what the page reads",
	{"gateway/mqtt", "gateway/broker/brokertest"}:   "a real broker",
	{"gateway/whep", "gateway/worker/slate"}:        "a stream that browsers can play",
}

// edge is one import, by the folders of both packages.
type edge struct{ from, to string }

func (e edge) String() string { return e.from + " imports " + e.to }

func floor(folder string) int {
	first, _, _ := strings.Cut(folder, "/")
	return slices.Index(order, first)
}

// fault says what is wrong with an import; empty: nothing.
func fault(e edge, inTest bool) string {
	_, allowed := within[e]
	_, allowedInTest := withinTests[e]
	from, to := floor(e.from), floor(e.to)
	switch {
	case from < 0 || to < 0:
		return fmt.Sprintf("%s: Go code lives in %s", e, strings.Join(order, ", "))
	case to < from:
		return fmt.Sprintf("%s: imports point down, and the floors are %s", e, strings.Join(order, ", "))
	case order[from] != "gateway" || order[to] != "gateway" || allowed || allowedInTest && inTest:
		return ""
	case e.to == "gateway":
		return fmt.Sprintf("%s, which composes the others and is imported by cmd alone", e)
	}
	return fmt.Sprintf("%s: the parts of gateway do not know each other; what both need goes to a floor below, or the table here says why not", e)
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
	all := imports(t)
	if len(all) < 100 {
		t.Fatalf("only %d imports found: are the packages still there?", len(all))
	}
	for _, e := range slices.SortedFunc(maps.Keys(all), func(a, b edge) int { return strings.Compare(a.String(), b.String()) }) {
		if said := fault(e, all[e]); said != "" {
			t.Error(said)
		}
	}
	for e := range within {
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
	for e, good := range map[edge]bool{
		{"cmd/bauta", "gateway"}:                   true,
		{"gateway/worker", "anonymize/wire"}:       true,
		{"config/store", "config/zone"}:            true,
		{"gateway", "gateway/rtsp"}:                true,
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
		if said := fault(e, false); (said == "") != good {
			t.Errorf("%s: %q", e, said)
		}
	}
	if said := fault(edge{"gateway/console", "gateway/demo"}, true); said != "" {
		t.Error(said)
	}
}
