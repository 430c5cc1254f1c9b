package route

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/identity"
)

// literals are the strings of a folder's source that isOne chooses.
func literals(t *testing.T, folder string, isOne func(ast.Node) []ast.Expr) (all []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatal(folder, err)
	}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		ast.Inspect(file, func(n ast.Node) bool {
			for _, e := range isOne(n) {
				if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
					s, _ := strconv.Unquote(lit.Value)
					all = append(all, s)
				}
			}
			return true
		})
	}
	slices.Sort(all)
	return slices.Compact(slices.DeleteFunc(all, func(s string) bool { return s == "" }))
}

// constants are those of a type.
func constants(typ string) func(ast.Node) []ast.Expr {
	return func(n ast.Node) []ast.Expr {
		if spec, ok := n.(*ast.ValueSpec); ok && fmt.Sprint(spec.Type) == typ {
			return spec.Values
		}
		return nil
	}
}

// kinds are what errors of a camera's source tell apart, and what its dialError returns.
func kinds(n ast.Node) []ast.Expr {
	switch n := n.(type) {
	case *ast.KeyValueExpr:
		if fmt.Sprint(n.Key) == "Kind" {
			return []ast.Expr{n.Value}
		}
	case *ast.FuncDecl:
		if n.Name.Name != "kind" {
			return nil
		}
		var all []ast.Expr
		ast.Inspect(n, func(n ast.Node) bool {
			if r, ok := n.(*ast.ReturnStmt); ok {
				all = append(all, r.Results...)
			}
			return true
		})
		return all
	}
	return nil
}

// said are the Latin words that Chinese sentences may hold: what the field has no other word for.
var said = regexp.MustCompile(`\b(RTSPS?|TCP|UDP|IP|H\.26[45]|SHA-256|Bauta|JSON|bauta sealed (disk|keys)|/api/openapi\.yaml|\d+x\d+)\b|rtsp://`)

func check(t *testing.T, what string, lang text.Lang, message, raw string) {
	t.Helper()
	han := strings.IndexFunc(message, func(r rune) bool { return unicode.Is(unicode.Han, r) }) >= 0
	latin := regexp.MustCompile(`[A-Za-z]{2,}`).FindString(said.ReplaceAllString(strings.ReplaceAll(message, "fact-7", ""), ""))
	switch {
	case message == "" || strings.Contains(message, "%!") || strings.Contains(message, raw):
		t.Errorf("%s in %s: %q", what, lang, message)
	case lang == text.ZhCN && (!han || latin != ""):
		t.Errorf("%s: %q is not Chinese: %s", what, message, latin)
	case lang == text.EN && han:
		t.Errorf("%s: %q is not English", what, message)
	}
}

// Each code that the API refuses with, and each reason and kind of a camera, has a sentence in
// both languages, whatever the error underneath says in its own words.
func TestEachRefusalHasWords(t *testing.T) {
	raw := "dial tcp: lookup x.example: no such host"
	codes := append(literals(t, "../../reply", constants("Code")), literals(t, "../../api", constants("Code"))...)
	reasons := append(literals(t, "../../rtsp", constants("Reason")), "unsupported_size", "undecodable", "overload", "worker_slow", "worker_failed", "worker_missing", "worker_restarting", "model_missing", "lockdown")
	all := append(literals(t, "../../rtsp", kinds), literals(t, "../../camera", kinds)...)
	if len(codes) < 12 || len(reasons) < 20 || len(all) < 10 {
		t.Fatalf("found codes %q, reasons %q, kinds %q", codes, reasons, all)
	}
	for _, lang := range text.Langs {
		for _, code := range codes {
			if code != string(api.CodeInternal) && text.Refused(code) == text.RefusedInternal {
				t.Errorf("no text is for the code %s", code)
			}
			check(t, code, lang, Refusal(api.Because(api.Code(code), errors.New(raw)), lang).Message, raw)
		}
		for _, reason := range reasons {
			for _, kind := range append(all, "") {
				for _, fact := range []string{"", "fact-7"} {
					e := &api.Error{Code: api.CodeProbe, Reason: reason, Kind: kind, Fact: fact}
					check(t, reason+" "+kind, lang, Refusal(fmt.Errorf("probe: %w", e), lang).Message, raw)
				}
			}
		}
		for _, kind := range all {
			if !slices.ContainsFunc(reasons, func(reason string) bool { return text.Has(text.Key("probe." + reason + "." + kind)) }) {
				t.Errorf("no text is for the kind %q", kind)
			}
		}
	}
}

// What a request's JSON lacks is said in the reader's language.
func TestUnreadableRequests(t *testing.T) {
	for _, body := range []string{"", "{", "{]", `{"nmae": 1}`, `{"name": 7}`, `{"mounting": 5, "name": {}}`, `[]`, "\x00"} {
		for _, lang := range text.Langs {
			r := httptest.NewRequest(http.MethodPost, "/v1/cameras", strings.NewReader(body))
			var in api.NewCamera
			err := Body(r, &in)
			var e *api.Error
			if !errors.As(err, &e) || e.Code != api.CodeInvalid {
				t.Fatalf("%q: %v", body, err)
			}
			message := Refusal(err, lang).Message
			for _, own := range []string{"nmae", "name", "mounting"} { // fields have these names
				message = strings.ReplaceAll(message, own, "")
			}
			check(t, body, lang, message, "json:")
		}
	}
}

// An error of which nobody thought is said by its code; its own words are for the log, and for
// who administers the host.
func TestOtherErrorsAreLogged(t *testing.T) {
	var log strings.Builder
	r := &Routes{Mux: http.NewServeMux(), Log: slog.New(slog.NewTextHandler(&log, nil))}
	r.HandleFunc("GET /x", Answer(http.StatusOK, func(*http.Request) (any, error) { return nil, errors.New("open /nodir/.tmp: no such file") }))
	ask := func(remote bool) string {
		req := httptest.NewRequest(http.MethodGet, "/x", nil)
		req.Header.Set("Accept-Language", "zh-CN")
		if remote {
			req = req.WithContext(identity.Identity{Role: identity.Manager}.In(req.Context()))
		}
		w := httptest.NewRecorder()
		r.Mux.ServeHTTP(w, req)
		return w.Body.String()
	}
	if got := ask(true); strings.Contains(got, "nodir") || !strings.Contains(got, "网关内部出错") {
		t.Errorf("a page reads %s", got)
	}
	if got := ask(false); !strings.Contains(got, "nodir") {
		t.Errorf("the host's administrator reads %s", got)
	}
	if !strings.Contains(log.String(), "/nodir/.tmp") {
		t.Errorf("the log: %s", log.String())
	}
}
