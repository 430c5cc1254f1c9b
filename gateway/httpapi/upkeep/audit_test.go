package upkeep

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/audit"
)

// actions are all that the program writes into the audit log: the constants of gateway/audit and
// of the store, and what the console says by itself.
func actions(t *testing.T) map[string]bool {
	t.Helper()
	all := map[string]bool{store.ActionAdded: true, store.ActionFacts: true, store.ActionFault: true, store.SignAction: true, "store.restored": true}
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", "..", "audit", "record.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		kind, _ := spec.Type.(*ast.Ident)
		if lit, ok := spec.Values[0].(*ast.BasicLit); ok && kind != nil && kind.Name == "Action" {
			value, _ := strconv.Unquote(lit.Value)
			all[value] = true
		}
		return true
	})
	said := regexp.MustCompile(`(?:Audit|failed|refusedDisplay)\([^"\n]*"([a-z-]+(?:\.[a-z]+)?)"|action = "([a-z.]+)"`)
	names, err := filepath.Glob(filepath.Join("..", "..", "console", "*.go"))
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range said.FindAllStringSubmatch(string(b), -1) {
			if what := m[1] + m[2]; what != "anonymous" && !strings.HasSuffix(name, "_test.go") {
				all[what] = true
			}
		}
	}
	if len(all) < 60 || !all["login.accepted"] || !all["logout"] || !all["login.locked"] || !all["setup.failed"] {
		t.Fatalf("%d actions: %v", len(all), slices.Sorted(maps.Keys(all)))
	}
	return all
}

// Each action, and the kind that it belongs to, has words in both languages.
func TestActionsHaveWords(t *testing.T) {
	all := actions(t)
	for action := range all {
		if !text.Has(text.Key("console.audit.action." + action)) {
			t.Errorf("%s has no words", action)
		}
		kind, _, _ := strings.Cut(action, ".")
		if !slices.Contains(audit.Kinds, kind) {
			t.Errorf("%s: nobody can choose its kind", action)
		}
	}
	for key := range text.Under(text.EN, "console.audit.action.") {
		if action := strings.TrimPrefix(string(key), "console.audit.action."); !all[action] {
			t.Errorf("nothing writes %s", action)
		}
	}
	for _, kind := range audit.Kinds {
		if !text.Has(text.Key("console.audit.kind." + kind)) {
			t.Errorf("kind %s has no word", kind)
		}
	}
}

func TestEntriesInWords(t *testing.T) {
	names := map[string]string{"user/u1": "刘经理", "camera/gate": "大门", "token/t1": "pump", "clause/p26": "Article 26"}
	for _, c := range []struct {
		lang            text.Lang
		e               store.AuditRecord
		who, what, name string
		detail          string
	}{
		{lang: text.ZhCN, e: store.AuditRecord{Action: "camera.added", Actor: "manager:u1", Subject: "camera/gate", Detail: "place=lobby"}, who: "刘经理", what: "添加摄像机", name: "摄像机 大门", detail: "place=lobby"},
		{lang: text.EN, e: store.AuditRecord{Action: "protection.changed", Actor: "gateway", Subject: "camera/gone", Detail: "protected>offline"}, who: "the gateway itself", what: "Protection changed", name: "camera gone", detail: "protected → not reachable"},
		{lang: text.EN, e: store.AuditRecord{Action: "user.removed", Actor: "manager:u9", Subject: "user/u1", Detail: "role=viewer"}, who: "manager u9 (account removed)", what: "Person removed", name: "person 刘经理", detail: "role=viewer"},
		{lang: text.EN, e: store.AuditRecord{Action: "camera.removed", Actor: "manager:t1", Subject: "camera/gate"}, who: "pump", what: "Camera removed", name: "camera 大门"},
		{lang: text.EN, e: store.AuditRecord{Action: "future.thing", Actor: "local", Subject: "what/ever"}, who: "an administrator on this box", what: "future.thing", name: "what/ever"},
		{lang: text.ZhCN, e: store.AuditRecord{Action: "clause.changed", Actor: "gateway", Subject: "clause/p26", Detail: "unknown>pass"}, who: "网关自身", what: "条款状态变化", name: "条款 Article 26", detail: "尚不清楚 → 符合"},
	} {
		got := reporter{c.lang, names}.entry(c.e)
		if got.Who != c.who || got.What != c.what || got.Name != c.name || got.Detail != c.detail {
			t.Errorf("%+v: %+v", c.e, got)
		}
	}
}

func TestWanted(t *testing.T) {
	at := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	e := store.AuditRecord{Time: at, Action: "user.added", Actor: "manager:u1"}
	for _, c := range []struct {
		name string
		w    wanted
		want bool
	}{
		{"all", wanted{}, true}, {"kind", wanted{kind: "user"}, true}, {"other kind", wanted{kind: "camera"}, false}, {"who", wanted{actor: "u1"}, true}, {"somebody else", wanted{actor: "u2"}, false},
		{"from", wanted{from: at}, true}, {"later", wanted{from: at.Add(1)}, false}, {"to", wanted{to: at}, false}, {"until later", wanted{to: at.Add(1)}, true},
	} {
		if c.w.of(e) != c.want {
			t.Errorf("%s: %v", c.name, !c.want)
		}
	}
	if (wanted{}).of(store.AuditRecord{Action: store.SignAction}) {
		t.Error("signatures are shown to people")
	}
}

// A name is no formula to a spreadsheet.
func TestCells(t *testing.T) {
	if got := cells("=1+1", "-x", "@a", "＝1", "plain", ""); !slices.Equal(got, []string{"'=1+1", "'-x", "'@a", "'＝1", "plain", ""}) {
		t.Errorf("%q", got)
	}
}
