// Package strict is what the readers of people's YAML files have in common: bauta.yaml, a
// site's file and the list of a company's gateways are read by it, so that all of them say in
// one voice what is wrong, and where.
//
// In: a file's bytes, a key that nobody knows. Out: the tree of its one document, lines, and
// errors in the words of the catalogue. It starts no goroutines, and what it says of a file never
// shows the file's lines: somebody may have put a password there.
package strict

import (
	"bytes"
	"errors"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/bauta-gateway/bauta/config/nearest"
	"github.com/bauta-gateway/bauta/config/text"
)

// Root returns the file's one document, nil where it is empty. Where it is broken, the error
// is of a line; 0 is for one that no line shows.
func Root(src []byte) (root ast.Node, line int, err error) {
	src = bytes.TrimPrefix(src, []byte("\ufeff"))
	if !utf8.Valid(src) {
		return nil, lineOfBadText(src), text.Fail(nil, text.ConfigNotUTF8)
	}
	// Twins are found by the callers, who know what the keys mean.
	file, err := parser.ParseBytes(src, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		line, message := syntax(err)
		return nil, line, text.Fail(nil, text.ConfigSyntax, message)
	}
	for _, doc := range file.Docs {
		switch {
		case doc.Body == nil || doc.Body.Type() == ast.DirectiveType:
		case root != nil:
			return nil, Line(doc.Body), text.Fail(nil, text.ConfigOneDocument)
		default:
			root = doc.Body
		}
	}
	return root, 0, nil
}

func lineOfBadText(src []byte) int {
	for i, line := range bytes.Split(src, []byte("\n")) {
		if !utf8.Valid(line) {
			return i + 1
		}
	}
	return 0
}

// syntax takes the library's message without its excerpt of the file, which
// could show a password that someone put there.
func syntax(err error) (line int, message string) {
	var at yaml.Error
	if !errors.As(err, &at) {
		return 1, "not understood"
	}
	if tk := at.GetToken(); tk != nil && tk.Position != nil {
		line = tk.Position.Line
	}
	return max(line, 1), strings.TrimSpace(at.GetMessage())
}

// Line is the line on which a node begins.
func Line(n ast.Node) int {
	if tk := n.GetToken(); tk != nil && tk.Position != nil {
		return max(tk.Position.Line, 1)
	}
	return 1
}

// Blank reports whether nothing was written.
func Blank(n ast.Node) bool {
	return n.Type() == ast.NullType || n.Type() == ast.CommentType || n.Type() == ast.CommentGroupType
}

// Whole is a whole number; it caps what nobody takes anyway.
func Whole(n ast.Node) (int, bool) {
	i, ok := n.(*ast.IntegerNode)
	if !ok {
		return 0, false
	}
	switch v := i.Value.(type) {
	case int64:
		return int(v), true
	case uint64:
		return int(min(v, math.MaxInt)), true
	}
	return 0, false
}

// MaxShown is how many bytes of the file an error shows.
const MaxShown = 60

// Source is a value as it was written, cut short.
func Source(n ast.Node) string {
	switch n.(type) {
	case *ast.MappingNode, *ast.SequenceNode, *ast.AnchorNode, *ast.AliasNode, *ast.TagNode, *ast.LiteralNode:
		return "..."
	}
	return Clip(n.GetToken().Value)
}

// Clip cuts a text short.
func Clip(s string) string {
	if len(s) > MaxShown {
		return strings.ToValidUTF8(s[:MaxShown], "") + "..."
	}
	return s
}

// IsSecret reports whether a key asks for a password.
func IsSecret(name string) bool {
	name = Plain(name)
	for _, word := range []string{"passwd", "password", "passphrase", "secret"} {
		if strings.Contains(name, word) && !strings.Contains(name, "file") {
			return true
		}
	}
	return name == "pass" || name == "pwd"
}

// Plain makes lookAhead, look-ahead and LOOK_AHEAD the same.
func Plain(s string) string {
	s = strings.ToLower(Clip(s))
	return strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r == ' ' {
			return -1
		}
		return r
	}, s)
}

// Nearest is the word among those known that name may have meant, "" where none is close.
func Nearest(name string, known []string) string {
	best, bestCost := "", max(1, min(len(name), MaxShown)/3)+1
	for _, k := range known {
		if cost := nearest.Distance(Plain(name), Plain(k)); cost < bestCost {
			best, bestCost = k, cost
		}
	}
	return best
}
