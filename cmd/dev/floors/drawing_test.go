package floors

import (
	"go/ast"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// page is the document that a newcomer reads.
var page = filepath.Join(root, "docs", "architecture.md")

// drawn reads the drawing of the page: the row of each folder, from the top.
func drawn(t *testing.T) map[string]int {
	t.Helper()
	b, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	_, drawing, _ := strings.Cut(string(b), "```floors\n")
	drawing, _, _ = strings.Cut(drawing, "```")
	rows, floor := map[string]int{}, ""
	for n, line := range strings.Split(strings.TrimRight(drawing, "\n"), "\n") {
		names := strings.Fields(line)
		if !strings.HasPrefix(line, " ") {
			floor, names = names[0], names[1:]
		}
		for _, name := range names {
			folder := strings.TrimSuffix(floor+"/"+name, "/.")
			if _, twice := rows[folder]; twice {
				t.Errorf("%s is drawn twice", folder)
			}
			rows[folder] = n
		}
	}
	return rows
}

// The drawing has each folder with Go code and no other, and imports point down in it.
func TestDrawing(t *testing.T) {
	rows, packages := drawn(t), map[string]bool{}
	walkGo(t, func(rel string) { packages[filepath.ToSlash(filepath.Dir(rel))] = true })
	for _, p := range slices.Sorted(maps.Keys(packages)) {
		if _, ok := rows[p]; !ok {
			t.Errorf("docs/architecture.md does not draw %s", p)
		}
	}
	for _, p := range slices.Sorted(maps.Keys(rows)) {
		if !packages[p] {
			t.Errorf("docs/architecture.md draws %s, where no Go code is", p)
		}
	}
	for e, onlyTests := range imports(t) {
		if from, to := rows[e.from], rows[e.to]; from > to && !onlyTests {
			t.Errorf("%s, which docs/architecture.md draws above it", e)
		}
	}
}

// step is a folder with what is called in it, as the page writes it.
var step = regexp.MustCompile("`([a-z0-9/-]+)` · `([A-Za-z.]+)`")

// file is a file of the repository, as the page writes it.
var file = regexp.MustCompile("`([a-z0-9/_-]+\\.(?:go|yaml))`")

// What the page says of the way of an access unit and of a consent is there.
func TestWays(t *testing.T) {
	b, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	has := declared(t)
	steps := step.FindAllStringSubmatch(string(b), -1)
	if len(steps) < 20 {
		t.Fatalf("only %d steps found: does the page still write them so?", len(steps))
	}
	for _, s := range steps {
		if !has[s[1]+" "+s[2]] {
			t.Errorf("docs/architecture.md names %s in %s, which has no such function", s[2], s[1])
		}
	}
	for _, f := range file.FindAllStringSubmatch(string(b), -1) {
		if _, err := os.Stat(filepath.Join(root, f[1])); err != nil {
			t.Errorf("docs/architecture.md names %s: %v", f[1], err)
		}
	}
}

// declared has each function and method, by "folder Name" and "folder Type.Name".
func declared(t *testing.T) map[string]bool {
	t.Helper()
	all := map[string]bool{}
	for _, s := range sources(t) {
		for _, d := range s.file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				name := d.Name.Name
				if d.Recv != nil {
					name = receiver(d) + "." + name
				}
				all[s.folder+" "+name] = true
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					if ts, ok := spec.(*ast.TypeSpec); ok {
						interfaceMethods(all, s.folder, ts)
					}
				}
			}
		}
	}
	return all
}

func interfaceMethods(all map[string]bool, folder string, ts *ast.TypeSpec) {
	i, ok := ts.Type.(*ast.InterfaceType)
	if !ok {
		return
	}
	for _, m := range i.Methods.List {
		for _, n := range m.Names {
			all[folder+" "+ts.Name.Name+"."+n.Name] = true
		}
	}
}
