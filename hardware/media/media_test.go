package media

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestParseCameraID(t *testing.T) {
	for _, ok := range []string{"a", "lobby", "hall-2", "7", strings.Repeat("x", MaxCameraID)} {
		if id, err := ParseCameraID(ok); err != nil || string(id) != ok {
			t.Errorf("ParseCameraID(%q) = %q, %v", ok, id, err)
		}
	}
	for _, bad := range []string{"", "-a", "a-", "a--b", "Lobby", "a/b", "a+b", "#", "大厅", strings.Repeat("x", MaxCameraID+1)} {
		if _, err := ParseCameraID(bad); err == nil {
			t.Errorf("ParseCameraID(%q) passed", bad)
		}
	}
}

func TestTicks(t *testing.T) {
	for _, d := range []time.Duration{0, time.Second, -time.Second, 40 * time.Millisecond, 1000 * time.Hour} {
		if got := TicksOf(d).Duration(); got != d {
			t.Errorf("TicksOf(%v).Duration() = %v", d, got)
		}
	}
}

func TestVouchRefuses(t *testing.T) {
	for _, code := range []Code{NoCode, AwaitKeyframe, Undecodable, Unsupported, Shed, EncodeFailed} {
		if _, err := Vouch([][]byte{{1}}, true, Record{Code: code}); err == nil {
			t.Errorf("Vouch passed code %v", code)
		}
	}
	if _, err := Vouch(nil, true, Record{Code: Masked}); err == nil {
		t.Error("Vouch passed an empty access unit")
	}
}

// Promise 1 rests on this: only the child's handle makes a Clean.
func TestOnlyWorkerVouches(t *testing.T) {
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		rel, _ := filepath.Rel(root, path)
		dir := filepath.ToSlash(filepath.Dir(rel))
		if dir == "gateway/worker" || dir == "hardware/media" || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok && (s.Sel.Name == "Vouch" || s.Sel.Name == "VouchSlate" || s.Sel.Name == "VouchStill") {
				t.Errorf("%s calls %s: only gateway/worker may", rel, s.Sel.Name)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
