package config

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"github.com/bauta-gateway/bauta/config/strict"
	"github.com/bauta-gateway/bauta/config/text"
)

// maxFile is ten times the example; the YAML library takes quadratic time for
// hostile nesting.
const maxFile = 32 << 10 // bytes

// Load reads the file at path. Its error holds every problem of the file, one
// a line; text.Explain tells it in Chinese. errors.Is finds fs.ErrNotExist.
func Load(path string) (Config, error) {
	src, err := read(path)
	if err != nil {
		return Config{}, err
	}
	c, err := parse(src, path)
	if err != nil {
		return Config{}, err
	}
	c.File = path
	return c, nil
}

// LoadOrDefault loads the first of the paths that exists, and returns the
// defaults where none does.
func LoadOrDefault(paths ...string) (Config, error) {
	for _, path := range paths {
		c, err := Load(path)
		if !errors.Is(err, fs.ErrNotExist) {
			return c, err
		}
	}
	c := Default()
	if _, err := c.together(); err != nil {
		return Config{}, err
	}
	return c, nil
}

func read(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, text.Fail(err, text.ConfigUnreadable, err)
	}
	defer f.Close()
	src, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, text.Fail(err, text.ConfigUnreadable, err)
	}
	if len(src) > maxFile {
		return nil, text.Fail(nil, text.ConfigTooLarge, path, maxFile>>10)
	}
	return src, nil
}

// reading collects what one file says and what is wrong with it.
type reading struct {
	path  string
	c     Config
	lines map[string]int // of each key set, to find twins and to point back
	errs  []error
}

// parse reads src; path is for messages and for relative paths in it. An
// empty one leaves them as they are.
func parse(src []byte, path string) (Config, error) {
	r := &reading{path: path, c: written(), lines: map[string]int{}}
	if root := r.tree(src); root != nil {
		r.pairs(root, "")
	}
	if len(r.errs) == 0 {
		r.c = r.c.resolved()
		if key, err := r.c.together(); err != nil {
			r.fail(r.lines[key], err)
		}
	}
	if len(r.errs) > 0 {
		return Config{}, errors.Join(r.errs...)
	}
	return r.c, nil
}

const maxProblems = 20 // in one error: enough to mend, short enough to read

// fail notes a problem; line 0 is for one that no line of the file shows.
func (r *reading) fail(line int, err error) {
	if len(r.errs) == maxProblems {
		return
	}
	if line > 0 {
		err = text.Fail(err, text.ConfigLine, r.path, line, err)
	}
	r.errs = append(r.errs, err)
}

// tree returns the file's one document, or nil where it is empty or broken.
func (r *reading) tree(src []byte) ast.Node {
	root, line, err := strict.Root(src)
	if err != nil {
		r.fail(line, err)
	}
	return root
}

// pairs reads a mapping: the whole file, or a section of it.
func (r *reading) pairs(n ast.Node, section string) {
	if strict.Blank(n) {
		return
	}
	m, ok := n.(*ast.MappingNode)
	if !ok && section == "" {
		r.fail(strict.Line(n), text.Fail(nil, text.ConfigNotPairs))
		return
	}
	if !ok {
		r.fail(strict.Line(n), text.Fail(nil, text.ConfigNotSection, section))
		return
	}
	for _, pair := range m.Values {
		r.pair(pair, section)
	}
}

func (r *reading) pair(pair *ast.MappingValueNode, section string) {
	line := strict.Line(pair.Key)
	word, ok := pair.Key.(*ast.StringNode) // merge keys, lists and the like have no place here
	if !ok {
		r.fail(line, text.Fail(nil, text.ConfigNotPairs))
		return
	}
	name := word.Value
	if head, _, dotted := strings.Cut(name, "."); dotted && section == "" && len(within(head)) > 0 {
		r.fail(line, text.Fail(nil, text.ConfigNotSection, head))
		return
	}
	key := join(section, name)
	f, isField := find(key)
	isSection := section == "" && len(within(name)) > 0
	if !isField && !isSection {
		r.fail(line, unknown(section, name))
		return
	}
	if first, twice := r.lines[key]; twice {
		r.fail(line, text.Fail(nil, text.ConfigDuplicate, key, first))
		return
	}
	r.lines[key] = line
	if isSection {
		r.pairs(pair.Value, name)
		return
	}
	r.set(f, pair.Value)
}

// set puts a value into the Config. A blank one leaves the default.
func (r *reading) set(f field, n ast.Node) {
	if n.Type() == ast.NullType {
		return
	}
	v, err := f.value(n)
	if err == nil {
		err = f.accept(v)
	}
	if err != nil {
		r.fail(strict.Line(n), err)
		return
	}
	if s, ok := v.(string); ok && f.path {
		v = r.rooted(s)
	}
	f.put(&r.c, v)
}

// rooted takes relative paths from the file's folder, not from wherever the
// daemon was started.
func (r *reading) rooted(path string) string {
	if path == "" || r.path == "" || filepath.IsAbs(path) {
		return path
	}
	abs, err := filepath.Abs(filepath.Join(filepath.Dir(r.path), path))
	if err != nil {
		return path
	}
	return abs
}

// value turns a node into the kind that the field has.
func (f field) value(n ast.Node) (any, error) {
	switch f.standard.(type) {
	case string:
		return f.textOf(n)
	case bool:
		if b, ok := n.(*ast.BoolNode); ok {
			return b.Value, nil
		}
		return nil, text.Fail(nil, text.ConfigWantBool, f.key, strict.Source(n))
	case int:
		if whole, ok := strict.Whole(n); ok {
			return whole, nil
		}
		return nil, f.want(text.ConfigWantWhole, n)
	case float64:
		return f.numberOf(n)
	}
	return f.spanOf(n)
}

func (f field) textOf(n ast.Node) (any, error) {
	switch n := n.(type) {
	case *ast.SequenceNode:
		if f.list {
			return f.listOf(n)
		}
	case *ast.StringNode:
		return n.Value, nil
	case *ast.LiteralNode:
		return n.Value.Value, nil
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		meant := f.sample
		if f.check == nil {
			meant = strconv.Quote(strict.Source(n))
		}
		return nil, text.Fail(nil, text.ConfigWantQuotes, f.key, strict.Source(n), meant)
	}
	return nil, text.Fail(nil, text.ConfigWantText, f.key, f.sample)
}

// listOf takes texts without a comma: each is one part.
func (f field) listOf(n *ast.SequenceNode) (any, error) {
	parts := make([]string, 0, len(n.Values))
	for _, v := range n.Values {
		part, ok := v.(*ast.StringNode)
		if !ok || strings.TrimSpace(part.Value) == "" || strings.Contains(part.Value, ",") {
			return nil, text.Fail(nil, text.ConfigWantText, f.key, f.sample)
		}
		parts = append(parts, part.Value)
	}
	return strings.Join(parts, ", "), nil
}

func (f field) numberOf(n ast.Node) (any, error) {
	if x, ok := n.(*ast.FloatNode); ok {
		return x.Value, nil
	}
	if whole, ok := strict.Whole(n); ok {
		return float64(whole), nil
	}
	return nil, f.want(text.ConfigWantNumber, n)
}

// spanOf takes 0 without a unit, as Go does.
func (f field) spanOf(n ast.Node) (any, error) {
	if s, ok := n.(*ast.StringNode); ok {
		if d, err := time.ParseDuration(s.Value); err == nil {
			return d, nil
		}
	}
	if whole, ok := strict.Whole(n); ok && whole == 0 {
		return time.Duration(0), nil
	}
	return nil, f.want(text.ConfigWantSpan, n)
}

func (f field) want(key text.Key, n ast.Node) error {
	return text.Fail(nil, key, f.key, strict.Source(n), show(f.from), show(f.to), f.sample)
}
