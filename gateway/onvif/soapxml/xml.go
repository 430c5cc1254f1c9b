// Package soapxml reads SOAP as devices and recorders write it, well formed or not.
//
// In: bytes of strangers. Out: elements by their names without prefix, within bounds of depth, number
// and length, or an error. It has no goroutine, resolves no type and no entity but XML's own five, and
// fetches nothing.
package soapxml

import (
	"encoding/xml"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Bounds of a document.
const (
	maxDepth = 24
	// MaxNodes counts elements and attributes.
	MaxNodes = 20_000
	maxValue = 8 << 10  // bytes of text in one element
	maxJunk  = 64 << 10 // bytes before the document
)

// errNotWhole is a document that ends too early.
var errNotWhole = errors.New("not one whole document")

// Node is an element. Names are without their namespace: devices mix up the
// versions of the namespaces, and hardly two elements asked for share a name.
type Node struct {
	Name string
	// Space is the namespace that the prefix, or the lack of one, stands for; empty where none was declared.
	Space    string
	Text     string
	Children []*Node
	attrs    []attribute
	spaces   map[string]string // declared here, by prefix; nil: none
}

type attribute struct{ name, value string }

// Parse reads a document within the bounds, as devices write it: what no XML allows but
// devices send is read where it has only one meaning, such as a bare & in an address, an
// attribute without quotes, a prefix that was never declared, or text after the end.
// Types and entities are never declared: only XML's own five entities are known. Go's own
// reader takes neither addresses without quotes nor numbers of no character, strict or not.
func Parse(data []byte) (*Node, error) {
	r := &reader{rest: begin(decode(data))}
	for {
		root, err := r.step()
		if root != nil || err != nil {
			return root, err
		}
	}
}

// begin cuts off what some devices send before the document.
func begin(s string) string {
	return s[max(strings.IndexByte(s[:min(len(s), maxJunk)], '<'), 0):]
}

// reader is a document of which a part was read.
type reader struct {
	rest  string
	stack []*Node // open elements, the root first
	nodes int
}

// step reads up to the end of the next tag. It returns the root once that is whole.
func (r *reader) step() (*Node, error) {
	before, rest, ok := strings.Cut(r.rest, "<")
	if !ok {
		return nil, errNotWhole
	}
	r.rest = rest
	if err := r.say(unescape(before)); err != nil {
		return nil, err
	}
	switch {
	case strings.HasPrefix(rest, "!--"):
		_, err := r.until("!--", "-->")
		return nil, err
	case strings.HasPrefix(rest, "![CDATA["):
		raw, err := r.until("![CDATA[", "]]>")
		if err != nil {
			return nil, err
		}
		return nil, r.say(raw)
	case strings.HasPrefix(rest, "!"):
		return nil, errors.New("a document type is not allowed")
	case strings.HasPrefix(rest, "?"):
		_, err := r.until("?", "?>")
		return nil, err
	case strings.HasPrefix(rest, "/"):
		return r.close()
	}
	return r.open()
}

// until takes what stands between two marks, of which the first is next.
func (r *reader) until(first, last string) (string, error) {
	inner, rest, ok := strings.Cut(r.rest[len(first):], last)
	if !ok {
		return "", errNotWhole
	}
	r.rest = rest
	return inner, nil
}

// say adds text to the open element; outside of all it counts for nothing.
func (r *reader) say(s string) error {
	s = strings.TrimSpace(s)
	if len(r.stack) == 0 || s == "" {
		return nil
	}
	at := r.stack[len(r.stack)-1]
	if at.Text += s; len(at.Text) > maxValue {
		return errors.New("too long a text")
	}
	return nil
}

// count bounds elements and attributes.
func (r *reader) count() error {
	if r.nodes++; r.nodes > MaxNodes || len(r.stack) > maxDepth {
		return errors.New("too large a document")
	}
	return nil
}

// close ends an element; it returns the root when that ends.
func (r *reader) close() (*Node, error) {
	name, err := r.until("/", ">")
	if err != nil {
		return nil, err
	}
	if len(r.stack) == 0 || r.stack[len(r.stack)-1].Name != base(strings.TrimSpace(name)) {
		return nil, errors.New("elements do not nest")
	}
	return r.pop(), nil
}

func (r *reader) pop() *Node {
	last := r.stack[len(r.stack)-1]
	if r.stack = r.stack[:len(r.stack)-1]; len(r.stack) == 0 {
		return last
	}
	return nil
}

// open begins an element, and ends it where it is empty.
func (r *reader) open() (*Node, error) {
	name := r.word()
	if name == "" {
		return nil, errors.New("an element without a name")
	}
	if err := r.count(); err != nil {
		return nil, err
	}
	n := &Node{Name: base(name)}
	if len(r.stack) > 0 {
		at := r.stack[len(r.stack)-1]
		at.Children = append(at.Children, n)
	}
	r.stack = append(r.stack, n)
	for {
		r.rest = strings.TrimLeft(r.rest, blank)
		switch {
		case strings.HasPrefix(r.rest, ">"):
			r.rest = r.rest[1:]
			n.Space = r.space(prefix(name))
			return nil, nil
		case strings.HasPrefix(r.rest, "/>"):
			r.rest = r.rest[2:]
			n.Space = r.space(prefix(name))
			return r.pop(), nil
		}
		if err := r.attribute(n); err != nil {
			return nil, err
		}
	}
}

const blank = " \t\r\n"

// word takes a name.
func (r *reader) word() string {
	end := strings.IndexAny(r.rest, blank+`=/<>"'`)
	if end < 0 {
		end = len(r.rest)
	}
	out := r.rest[:end]
	r.rest = r.rest[end:]
	return out
}

// attribute takes name="value", name='value', name=value or name.
func (r *reader) attribute(n *Node) error {
	if err := r.count(); err != nil {
		return err
	}
	whole := r.word()
	a := attribute{name: base(whole)}
	if a.name == "" {
		return errors.New("an attribute without a name")
	}
	rest, has := strings.CutPrefix(strings.TrimLeft(r.rest, blank), "=")
	if has {
		r.rest = strings.TrimLeft(rest, blank)
		if err := r.value(&a); err != nil {
			return err
		}
	}
	n.attrs = append(n.attrs, a)
	switch {
	case whole == declares:
		n.declare("", a.value)
	case prefix(whole) == declares:
		n.declare(a.name, a.value)
	}
	return nil
}

// declares is the attribute, or an attribute's prefix, that declares a namespace.
const declares = "xmlns"

func (n *Node) declare(prefix, space string) {
	if n.spaces == nil {
		n.spaces = map[string]string{}
	}
	n.spaces[prefix] = space
}

// space is what a prefix stands for in the innermost open element.
func (r *reader) space(prefix string) string {
	for i := len(r.stack) - 1; i >= 0; i-- {
		if space, ok := r.stack[i].spaces[prefix]; ok {
			return space
		}
	}
	return ""
}

// value takes an attribute's value. Without quotes it goes to the next blank, or to the end
// of the tag.
func (r *reader) value(a *attribute) error {
	for _, quote := range []string{`"`, "'"} {
		if strings.HasPrefix(r.rest, quote) {
			v, err := r.until(quote, quote)
			a.value = unescape(v)
			return err
		}
	}
	end := strings.IndexAny(r.rest, blank+">")
	if end < 0 {
		return errNotWhole
	}
	if r.rest[end] == '>' && end > 0 && r.rest[end-1] == '/' {
		end--
	}
	a.value, r.rest = unescape(r.rest[:end]), r.rest[end:]
	return nil
}

// prefix is what stands before the name.
func prefix(name string) string { return name[:max(strings.LastIndexByte(name, ':'), 0)] }

// base takes the prefix off a name.
func base(name string) string {
	return name[strings.LastIndexByte(name, ':')+1:]
}

// entities are those that XML knows without a declaration.
var entities = map[string]string{"amp": "&", "lt": "<", "gt": ">", "quot": `"`, "apos": "'"}

// maxEntity bounds the length of a name or number between & and ;.
const maxEntity = 10

// unescape puts characters in the place of entities; an & that begins none is itself.
func unescape(s string) string {
	if !strings.Contains(s, "&") {
		return s
	}
	var out strings.Builder
	for {
		before, rest, more := strings.Cut(s, "&")
		out.WriteString(before)
		if !more {
			return out.String()
		}
		name, _, ended := strings.Cut(rest[:min(len(rest), maxEntity)], ";")
		if is, known := entity(name); ended && known {
			out.WriteString(is)
			s = rest[len(name)+1:]
		} else {
			out.WriteByte('&')
			s = rest
		}
	}
}

// entity is what stands for a name or a number; false: it is none.
func entity(name string) (string, bool) {
	if is, ok := entities[name]; ok {
		return is, true
	}
	number, ok := strings.CutPrefix(name, "#")
	if !ok {
		return "", false
	}
	radix := 10
	if hex, is := strings.CutPrefix(number, "x"); is {
		number, radix = hex, 16
	}
	n, err := strconv.ParseUint(number, radix, 21)
	if err != nil || !utf8.ValidRune(rune(n)) || n < ' ' && !strings.ContainsRune(blank, rune(n)) {
		return "", false
	}
	return string(rune(n)), true
}

// Find returns the first element below n by the path of names, at any depth
// for each step; nil where there is none. It may be called on nil.
func (n *Node) Find(path ...string) *Node {
	for _, name := range path {
		all := n.All(name)
		if len(all) == 0 {
			return nil
		}
		n = all[0]
	}
	return n
}

// All returns the elements of a name below n, outermost only, in order.
func (n *Node) All(name string) []*Node {
	if n == nil {
		return nil
	}
	var out []*Node
	for _, c := range n.Children {
		if c.Name == name {
			out = append(out, c)
			continue
		}
		out = append(out, c.All(name)...)
	}
	return out
}

// Value is the text of the first element by the path.
func (n *Node) Value(path ...string) string {
	if n = n.Find(path...); n == nil {
		return ""
	}
	return n.Text
}

func (n *Node) Attr(name string) string {
	for _, a := range n.attrs {
		if a.name == name {
			return a.value
		}
	}
	return ""
}

// Escape makes text safe inside an element.
func Escape(s string) string {
	var out strings.Builder
	_ = xml.EscapeText(&out, []byte(s)) // a Builder takes everything
	return out.String()
}
