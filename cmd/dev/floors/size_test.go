package floors

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// How large things may be. Functions of tests do not count: their length is what they prove.
const (
	maxFileLines      = 500
	medianLines       = 10
	ninetiethLines    = 40
	maxPackageFiles   = 20
	maxGatewayFiles   = 8
	maxGatewayFields  = 12
	maxGatewayMethods = 20
)

// source is one Go file that is no test.
type source struct {
	folder string
	set    *token.FileSet
	file   *ast.File
}

// sources reads all Go files but tests, whatever the build tags.
func sources(t *testing.T) map[string]source {
	t.Helper()
	all := map[string]source{}
	walkGo(t, func(rel string) {
		if strings.HasSuffix(rel, "_test.go") {
			return
		}
		set := token.NewFileSet()
		f, err := parser.ParseFile(set, filepath.Join(root, rel), nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		all[rel] = source{filepath.ToSlash(filepath.Dir(rel)), set, f}
	})
	return all
}

// Whoever opens a file or a folder can read it in one go.
func TestSizes(t *testing.T) {
	files, lengths := map[string]int{}, []int{}
	walkGo(t, func(rel string) {
		b, err := os.ReadFile(filepath.Join(root, rel))
		if err != nil {
			t.Fatal(err)
		}
		if n := bytes.Count(b, []byte("\n")); n > maxFileLines {
			t.Errorf("%s has %d lines: cut it by subject, %d are the limit", rel, n, maxFileLines)
		}
	})
	for _, s := range sources(t) {
		files[s.folder]++
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil {
				lengths = append(lengths, s.set.Position(f.Body.End()).Line-s.set.Position(f.Pos()).Line+1)
			}
		}
	}
	for folder, n := range files {
		limit := maxPackageFiles
		if folder == "gateway" {
			limit = maxGatewayFiles
		}
		if n > limit {
			t.Errorf("%s has %d files: cut it by subject, %d are the limit", folder, n, limit)
		}
	}
	slices.Sort(lengths)
	median, ninetieth := lengths[len(lengths)/2], lengths[len(lengths)*9/10]
	t.Logf("%d functions: median %d lines, 90 of 100 at most %d, longest %d", len(lengths), median, ninetieth, lengths[len(lengths)-1])
	if median > medianLines || ninetieth > ninetiethLines {
		t.Errorf("functions have %d lines at the median and %d at the 90th percentile: %d and %d are the limits", median, ninetieth, medianLines, ninetiethLines)
	}
}

// Package gateway composes the rooms: no type of it knows all of them.
func TestGatewayComposesOnly(t *testing.T) {
	fields, methods := map[string]int{}, map[string]int{}
	for _, s := range sources(t) {
		if s.folder != "gateway" {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.TypeSpec:
				if st, ok := n.Type.(*ast.StructType); ok {
					fields[n.Name.Name] = st.Fields.NumFields()
				}
			case *ast.FuncDecl:
				if n.Recv != nil {
					methods[receiver(n)]++
				}
			}
			return true
		})
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if fields[name] > maxGatewayFields || methods[name] > maxGatewayMethods {
			t.Errorf("%s has %d fields and %d methods: %d and %d are the limits", name, fields[name], methods[name], maxGatewayFields, maxGatewayMethods)
		}
	}
}

func receiver(f *ast.FuncDecl) string {
	t := f.Recv.List[0].Type
	if p, ok := t.(*ast.StarExpr); ok {
		t = p.X
	}
	if id, ok := t.(*ast.Ident); ok {
		return id.Name
	}
	return ""
}
