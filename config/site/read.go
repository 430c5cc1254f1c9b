package site

import (
	"errors"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"github.com/bauta-gateway/bauta/config/strict"
	"github.com/bauta-gateway/bauta/config/text"
)

const (
	// MaxFile bounds a file, in bytes: a hundred cameras with twenty areas each are some 300 KB.
	MaxFile = 2 << 20
	// maxNested bounds how deep one line nests: the YAML library takes quadratic time for more.
	maxNested   = 16
	maxProblems = 20 // in one error: enough to mend, short enough to read
)

// File is a site's file that was read and found good as far as it can be without its gateway.
type File struct {
	path  string
	root  ast.Node
	lines map[string]int
	// Said is the file's own site: what it does not say is empty.
	Said Site
}

// Read reads a file; path is for messages. Its error holds every problem of the file, one a
// line: unknown keys and words with the nearest known ones, and what no gateway takes.
func Read(src []byte, path string) (*File, error) {
	f := &File{path: path, lines: map[string]int{}}
	r := &reading{path: path, lines: f.lines}
	f.root = r.root(src, reflect.ValueOf(&f.Said).Elem())
	if len(r.errs) == 0 {
		r.check(f.Said)
	}
	if len(r.errs) > 0 {
		return nil, errors.Join(r.errs...)
	}
	return f, nil
}

// Over is a gateway's site as the file makes it. What the file does not say stays as it is.
// With prune it goes: elements of lists that the file has, and in what it has the fields that it
// leaves out. A part that the file does not have at all stays in any case.
func (f *File) Over(now Site, prune bool) Site {
	r := &reading{path: f.path, lines: map[string]int{}, prune: prune}
	out := now.tidy()
	if f.root != nil {
		r.mapping(f.root, reflect.ValueOf(&out).Elem(), place{})
	}
	return out.tidy()
}

// Fail is an error of what stands at a path of keys and ids, such as cameras/lobby/url: with its
// line, or that of what it is in.
func (f *File) Fail(path string, err error) error {
	return text.Fail(err, text.ConfigLine, f.path, lineAt(f.lines, path), err)
}

// Has reports whether the file says what stands at such a path.
func (f *File) Has(path string) bool { return f.lines[path] > 0 }

func lineAt(lines map[string]int, path string) int {
	for ; path != ""; path = path[:max(0, strings.LastIndexByte(path, '/'))] {
		if line := lines[path]; line > 0 {
			return line
		}
	}
	return 1
}

// reading collects what one file says and what is wrong with it.
type reading struct {
	path  string
	lines map[string]int
	prune bool
	errs  []error
}

// place is where a value stands: key for people, path to point back at it.
type place struct{ key, path string }

func (p place) under(name string) place {
	return place{strings.TrimPrefix(p.key+"."+name, "."), strings.TrimPrefix(p.path+"/"+name, "/")}
}

func (p place) element(id string) place { return place{p.key, p.path + "/" + id} }

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

// root reads a whole file into a struct, and returns its tree.
func (r *reading) root(src []byte, into reflect.Value) ast.Node {
	if len(src) > MaxFile {
		r.fail(0, text.Fail(nil, text.SiteFileLarge, r.path, MaxFile>>10))
		return nil
	}
	if line := tooDeep(src); line > 0 {
		r.fail(line, text.Fail(nil, text.SiteFileDeep))
		return nil
	}
	root, line, err := strict.Root(src)
	if err != nil {
		r.fail(line, err)
		return nil
	}
	if root != nil {
		r.mapping(root, into, place{})
	}
	if into.FieldByName("Version").Int() != Version && len(r.errs) == 0 {
		r.fail(lineAt(r.lines, "version"), text.Fail(nil, text.SiteFileVersion, Version))
	}
	return root
}

// tooDeep is the first line that nests deeper than any that is meant; 0: none does.
func tooDeep(src []byte) int {
	n := 0
	for line := range strings.Lines(string(src)) {
		n++
		indent := len(line) - len(strings.TrimLeft(line, " -?"))
		if indent > 2*maxNested || strings.Count(line, "[")+strings.Count(line, "{") > maxNested {
			return n
		}
	}
	return 0
}

// mapping reads keys and values into a struct.
func (r *reading) mapping(n ast.Node, v reflect.Value, at place) {
	m, ok := n.(*ast.MappingNode)
	if !ok {
		if at.key == "" {
			r.fail(strict.Line(n), text.Fail(nil, text.ConfigNotPairs))
			return
		}
		r.fail(strict.Line(n), text.Fail(nil, text.ConfigNotSection, at.key))
		return
	}
	keys := keysOf(v.Type())
	for _, pair := range m.Values {
		word, ok := pair.Key.(*ast.StringNode) // merge keys, lists and the like have no place here
		if !ok {
			r.fail(strict.Line(pair.Key), text.Fail(nil, text.ConfigNotPairs))
			continue
		}
		r.pair(word, pair.Value, v, keys, at)
	}
}

func (r *reading) pair(word *ast.StringNode, value ast.Node, v reflect.Value, keys []key, at place) {
	name, line := word.Value, strict.Line(word)
	i := slices.IndexFunc(keys, func(k key) bool { return k.name == name })
	if i < 0 {
		r.fail(line, unknown(at, name, names(keys)))
		return
	}
	here := at.under(name)
	if first, twice := r.lines[here.path]; twice {
		r.fail(line, text.Fail(nil, text.ConfigDuplicate, here.key, first))
		return
	}
	if strict.Blank(value) {
		return
	}
	r.lines[here.path] = line
	r.set(value, keys[i].of(v), keys[i], here)
}

// unknown says what to write instead of a key that does not exist.
func unknown(at place, name string, known []string) error {
	shown := at.under(strict.Clip(name)).key
	if strict.IsSecret(name) {
		return text.Fail(nil, text.SiteFileSecret, shown)
	}
	if near := strict.Nearest(name, known); near != "" {
		return text.Fail(nil, text.ConfigNearest, shown, at.under(near).key)
	}
	return text.Fail(nil, text.ConfigUnknown, shown, strings.Join(known, ", "))
}

// set puts a value into its field.
func (r *reading) set(n ast.Node, v reflect.Value, k key, at place) {
	switch {
	case v.Kind() == reflect.Struct:
		if r.prune {
			reset(v)
		}
		r.mapping(n, v, at)
	case k.whole:
		r.whole(n, v, at)
	case v.Kind() == reflect.Slice:
		r.list(n, v, k, at)
	default:
		r.one(n, v, k, at)
	}
}

// reset empties the fields of a struct that the file is the only word on; what has lines of its
// own stays until the file has some.
func reset(v reflect.Value) {
	for _, k := range keysOf(v.Type()) {
		if f := k.of(v); !k.kept && !isSection(f) {
			f.SetZero()
		}
	}
}

// whole reads a list that is one value.
func (r *reading) whole(n ast.Node, v reflect.Value, at place) {
	seq, ok := n.(*ast.SequenceNode)
	if !ok {
		r.fail(strict.Line(n), text.Fail(nil, text.SiteFileList, at.key))
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(seq.Values), len(seq.Values)))
	for i, child := range seq.Values {
		inner := at.element(strconv.Itoa(i + 1))
		elem := v.Index(i)
		if elem.Kind() != reflect.Struct {
			r.one(child, elem, key{}, inner)
			continue
		}
		m, ok := child.(*ast.MappingNode)
		if !ok {
			r.fail(strict.Line(child), text.Fail(nil, text.ConfigNotSection, at.key))
			continue
		}
		for _, pair := range m.Values {
			r.wholePair(pair, elem, inner)
		}
	}
}

// wholePair reads a pair in a list that is one value: lists in it are so too.
func (r *reading) wholePair(pair *ast.MappingValueNode, v reflect.Value, at place) {
	keys := keysOf(v.Type())
	for i := range keys {
		keys[i].whole = keys[i].of(v).Kind() == reflect.Slice
	}
	word, ok := pair.Key.(*ast.StringNode)
	if !ok {
		r.fail(strict.Line(pair.Key), text.Fail(nil, text.ConfigNotPairs))
		return
	}
	r.pair(word, pair.Value, v, keys, at)
}

// list reads a list: of texts as a whole, of structs into those with the same ids.
func (r *reading) list(n ast.Node, v reflect.Value, k key, at place) {
	if v.Type().Elem().Kind() != reflect.Struct {
		r.whole(n, v, at)
		return
	}
	seq, ok := n.(*ast.SequenceNode)
	if !ok {
		r.fail(strict.Line(n), text.Fail(nil, text.SiteFileList, at.key))
		return
	}
	was, out := v, reflect.MakeSlice(v.Type(), 0, v.Len())
	said := map[string]bool{}
	for _, child := range seq.Values {
		elem, ok := r.element(child, was, at, said)
		if ok {
			out = reflect.Append(out, elem)
		}
	}
	for i := range was.Len() {
		if one := was.Index(i); (!r.prune || k.kept) && !said[idOf(one)] {
			out = reflect.Append(out, one)
		}
	}
	v.Set(out)
}

// element reads one element of a list, over the one that has the same id.
func (r *reading) element(n ast.Node, was reflect.Value, at place, said map[string]bool) (elem reflect.Value, ok bool) {
	elem = reflect.New(was.Type().Elem()).Elem()
	by := idKey(elem.Type())
	id, line := r.idIn(n, elem, by, at)
	if line > 0 && id == "" {
		r.fail(line, text.Fail(nil, text.SiteFileNoID, at.key, by.name))
	}
	if id == "" {
		return elem, false
	}
	if first := at.element(id); said[id] {
		r.fail(line, text.Fail(nil, text.ConfigDuplicate, at.key+" "+strict.Clip(nameOf(elem)), r.lines[first.path]))
		return elem, false
	}
	said[id] = true
	for i := range was.Len() {
		if idOf(was.Index(i)) == id {
			copyInto(elem, was.Index(i))
			if r.prune {
				reset(elem)
			}
		}
	}
	r.lines[at.element(id).path] = line
	r.mapping(n, elem, at.element(id))
	return elem, true
}

// idIn is the id of an element that is about to be read, in the form that it has once it is
// read; line 0 says that it is nothing that could have one, which was noted.
func (r *reading) idIn(n ast.Node, elem reflect.Value, by key, at place) (id string, line int) {
	m, ok := n.(*ast.MappingNode)
	if !ok {
		r.fail(strict.Line(n), text.Fail(nil, text.ConfigNotSection, at.key))
		return "", 0
	}
	for _, pair := range m.Values {
		if word, ok := pair.Key.(*ast.StringNode); ok && word.Value == by.name && !strict.Blank(pair.Value) {
			quiet := reading{path: r.path, lines: map[string]int{}}
			quiet.one(pair.Value, by.of(elem), by, at.under(by.name))
			if r.errs = append(r.errs, quiet.errs...); len(quiet.errs) > 0 {
				return "", 0
			}
		}
	}
	if i, ok := elem.Addr().Interface().(*Issuer); ok {
		i.Key = plainKey(i.Key)
	}
	if by.of(elem).IsZero() {
		return "", strict.Line(n)
	}
	return idOf(elem), strict.Line(n)
}

// one reads a single value.
func (r *reading) one(n ast.Node, v reflect.Value, k key, at place) {
	err := error(nil)
	switch {
	case v.Type() == spanType:
		err = span(n, v, at.key)
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		r.one(n, v.Elem(), k, at)
	case v.Kind() == reflect.String:
		err = word(n, v, k, at.key)
	case v.Kind() == reflect.Bool:
		b, ok := n.(*ast.BoolNode)
		if !ok {
			err = text.Fail(nil, text.ConfigWantBool, at.key, strict.Source(n))
			break
		}
		v.SetBool(b.Value)
	case v.Kind() == reflect.Int:
		whole, ok := strict.Whole(n)
		if !ok {
			err = text.Fail(nil, text.SiteFileWhole, at.key, strict.Source(n))
		}
		v.SetInt(int64(whole))
	case v.Kind() == reflect.Float64:
		err = fraction(n, v, at.key)
	}
	if err != nil {
		r.fail(strict.Line(n), err)
	}
}

func fraction(n ast.Node, v reflect.Value, key string) error {
	if x, ok := n.(*ast.FloatNode); ok {
		v.SetFloat(x.Value)
		return nil
	}
	whole, ok := strict.Whole(n)
	if !ok {
		return text.Fail(nil, text.SiteFileNumber, key, strict.Source(n))
	}
	v.SetFloat(float64(whole))
	return nil
}

// span takes 0 without a unit, as Go does.
func span(n ast.Node, v reflect.Value, key string) error {
	var d time.Duration
	whole, isWhole := strict.Whole(n)
	s, isText := n.(*ast.StringNode)
	err := error(nil)
	if isText {
		d, err = time.ParseDuration(s.Value)
	}
	if err != nil || !isText && (!isWhole || whole != 0) {
		return text.Fail(nil, text.SiteFileSpan, key, strict.Source(n))
	}
	v.Set(reflect.ValueOf(&d))
	return nil
}

// word reads a text, one of some words where there are such.
func word(n ast.Node, v reflect.Value, k key, key string) error {
	var s string
	switch n := n.(type) {
	case *ast.StringNode:
		s = strings.TrimSpace(n.Value)
	case *ast.LiteralNode:
		s = n.Value.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		s = n.GetToken().Value
		if !slices.Contains(k.words, s) { // degrees need no quotes
			return text.Fail(nil, text.ConfigWantQuotes, key, strict.Source(n), strconv.Quote(strict.Source(n)))
		}
	default:
		return text.Fail(nil, text.ConfigWantText, key, strconv.Quote(""))
	}
	if len(k.words) > 0 && s != "" && !slices.Contains(k.words, s) {
		if near := strict.Nearest(s, k.words); near != "" {
			return text.Fail(nil, text.SiteFileNearWord, key, strict.Clip(s), near)
		}
		return text.Fail(nil, text.ConfigChoice, key, strict.Clip(s), strings.Join(k.words, ", "))
	}
	v.SetString(s)
	return nil
}
