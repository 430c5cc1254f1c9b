package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
)

// kind is what kind of mistake a mutant is.
type kind string

// The kinds of mistakes.
const (
	dropped  kind = "dropped"  // a condition, or one part of it, does not count
	inverted kind = "inverted" // a comparison says the opposite
	edge     kind = "edge"     // a comparison takes in its bound, or no longer does
	swapped  kind = "swapped"  // the smallest in the place of the largest, or the other way round
)

// mutant is one mistake in one place.
type mutant struct {
	number int // from 1, within the package
	file   string
	line   int
	within string // the function
	kind   kind
	source string // what is mutated
}

// name is the mutant's, whatever line it is on.
func (m mutant) name() string {
	return fmt.Sprintf("%s %s %s `%s`", m.file, m.within, m.kind, m.source)
}

func (m mutant) String() string {
	return fmt.Sprintf("%s:%d: in %s, %s: `%s`", m.file, m.line, m.within, m.kind, m.source)
}

// insertion puts text around a part of a file, by the offsets of its bytes.
type insertion struct {
	from, to      int
	before, after string
}

// mutation has the mutants of one file, and what is put into it to make them.
type mutation struct {
	path    string
	set     *token.FileSet
	source  string
	within  string
	first   int // the number of the first mutant
	mutants []mutant
	inserts []insertion
}

// mutate finds all mutants of a file, whose numbers begin with first, and returns the file
// with all of them in it.
func mutate(path string, source []byte, first int) ([]mutant, []byte, error) {
	m := mutation{path: path, set: token.NewFileSet(), source: string(source), first: first}
	f, err := parser.ParseFile(m.set, path, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, nil, err
	}
	for _, d := range f.Decls {
		m.within = nameOf(d)
		ast.Inspect(d, m.visit)
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil && fn.Type.Results != nil {
			// a case that is left out may now get to the end
			m.insert(fn.Body.Rbrace, fn.Body.Rbrace, `; panic("mutant")`, "")
		}
	}
	return m.mutants, m.written(), nil
}

// nameOf is that of a function, with its receiver's type, or of a variable.
func nameOf(d ast.Decl) string {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			return d.Name.Name
		}
		of := d.Recv.List[0].Type
		if p, ok := of.(*ast.StarExpr); ok {
			of = p.X
		}
		return fmt.Sprint(of, ".", d.Name.Name)
	case *ast.GenDecl:
		if v, ok := d.Specs[0].(*ast.ValueSpec); ok {
			return v.Names[0].Name
		}
	}
	return ""
}

// visit makes the mutants of one node; conditions of loops have none, as the loop might not end.
func (m *mutation) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.ForStmt:
		ast.Inspect(n.Body, m.visit)
		return false
	case *ast.IfStmt:
		m.drop(n.Cond, "&& !")
	case *ast.SwitchStmt:
		m.cases(n)
	case *ast.BinaryExpr:
		m.binary(n)
	case *ast.UnaryExpr:
		if n.Op == token.NOT {
			m.wrap(inverted, n, "(", ") != mutant(%d)")
		}
	case *ast.CallExpr:
		m.call(n)
	}
	return true
}

// cases of a switch over conditions are dropped as those of an if are; others are left at once.
func (m *mutation) cases(s *ast.SwitchStmt) {
	for _, stmt := range s.Body.List {
		c := stmt.(*ast.CaseClause)
		for _, e := range c.List {
			switch {
			case s.Tag == nil:
				m.drop(e, "&& !")
			case len(c.Body) > 0 && e == c.List[0]:
				n := m.add(dropped, e)
				m.insert(c.Body[0].Pos(), c.Body[0].Pos(), fmt.Sprintf("if mutant(%d) { break }; ", n), "")
			}
		}
	}
}

func (m *mutation) binary(b *ast.BinaryExpr) {
	switch b.Op {
	case token.LAND:
		m.drop(b.X, "|| ")
		m.drop(b.Y, "|| ")
	case token.LOR:
		m.drop(b.X, "&& !")
		m.drop(b.Y, "&& !")
	case token.EQL, token.NEQ:
		m.wrap(inverted, b, "((", ") != mutant(%d))")
	case token.LSS, token.GTR:
		m.wrap(inverted, b, "((", ") != mutant(%d))")
		m.wrap(edge, b, "((", ") || mutant(%d) && "+m.equal(b)+")")
	case token.LEQ, token.GEQ:
		m.wrap(inverted, b, "((", ") != mutant(%d))")
		m.wrap(edge, b, "((", ") && !(mutant(%d) && "+m.equal(b)+"))")
	}
}

// equal compares both sides of a comparison.
func (m *mutation) equal(b *ast.BinaryExpr) string {
	same := "(" + m.text(b.X) + ") == (" + m.text(b.Y) + ")"
	return strings.ReplaceAll(same, "%", "%%")
}

// twins are functions that are swapped.
var twins = map[string]string{"min": "mutantMin", "max": "mutantMax", "slices.MinFunc": "mutantMinFunc", "slices.MaxFunc": "mutantMaxFunc"}

func (m *mutation) call(c *ast.CallExpr) {
	name := m.text(c.Fun)
	twin, ok := twins[name]
	if !ok {
		return
	}
	n := m.add(swapped, c)
	// The name stays as a comment: its import may have no other use, which mutants.go sees to.
	m.insert(c.Fun.Pos(), c.Fun.Pos(), twin+"/*", "")
	m.insert(c.Lparen, c.Lparen, "*/", "")
	m.insert(c.Lparen+1, c.Lparen+1, fmt.Sprintf("%d, ", n), "")
}

// drop makes a mutant in which a condition does not count.
func (m *mutation) drop(e ast.Expr, by string) { m.wrap(dropped, e, "((", ") "+by+"mutant(%d))") }

func (m *mutation) wrap(k kind, n ast.Node, before, after string) {
	number := m.add(k, n)
	m.insert(n.Pos(), n.End(), before, fmt.Sprintf(after, number))
}

func (m *mutation) add(k kind, n ast.Node) (number int) {
	number = m.first + len(m.mutants)
	m.mutants = append(m.mutants, mutant{number, m.path, m.set.Position(n.Pos()).Line, m.within, k, strings.Join(strings.Fields(m.text(n)), " ")})
	return number
}

func (m *mutation) text(n ast.Node) string { return m.source[m.offset(n.Pos()):m.offset(n.End())] }

func (m *mutation) offset(p token.Pos) int { return m.set.Position(p).Offset }

func (m *mutation) insert(from, to token.Pos, before, after string) {
	m.inserts = append(m.inserts, insertion{m.offset(from), m.offset(to), before, after})
}

// written is the file with all that is put into it: of what begins at the same place the
// longer part first, of what ends there the shorter one.
func (m *mutation) written() []byte {
	type piece struct {
		at, order int
		text      string
	}
	var pieces []piece
	slices.SortStableFunc(m.inserts, func(a, b insertion) int { return cmp.Or(a.from-b.from, b.to-a.to) })
	for i, in := range m.inserts {
		pieces = append(pieces, piece{in.from, 1 + i, in.before}, piece{in.to, -1 - i, in.after})
	}
	slices.SortStableFunc(pieces, func(a, b piece) int { return cmp.Or(a.at-b.at, a.order-b.order) })
	var out strings.Builder
	at := 0
	for _, p := range pieces {
		out.WriteString(m.source[at:p.at] + p.text)
		at = p.at
	}
	return []byte(out.String() + m.source[at:])
}
