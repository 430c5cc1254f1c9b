package onvif

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Bounds of a document.
const (
	maxDepth = 24
	maxNodes = 20_000
	maxValue = 8 << 10 // bytes of text in one element
)

// node is an element. Names are without their namespace: devices mix up the
// versions of the namespaces, and no two elements asked for share a name.
type node struct {
	name     string
	attrs    []xml.Attr
	text     string
	children []*node
}

// parse reads a document within the bounds. Declarations of types and entities
// are refused, and only UTF-8 is read.
func parse(data []byte) (*node, error) {
	d := xml.NewDecoder(bytes.NewReader(data))
	root := &node{}
	stack := []*node{root}
	for nodes := 0; ; {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return finish(root, stack)
		}
		if err != nil {
			return nil, err
		}
		switch token := token.(type) {
		case xml.StartElement:
			if nodes++; nodes > maxNodes || len(stack) > maxDepth {
				return nil, errors.New("too large a document")
			}
			n := &node{name: token.Name.Local, attrs: token.Copy().Attr}
			at := stack[len(stack)-1]
			at.children = append(at.children, n)
			stack = append(stack, n)
		case xml.EndElement:
			if at := stack[len(stack)-1]; len(stack) == 1 || at.name != token.Name.Local {
				return nil, errors.New("elements do not nest")
			}
			stack = stack[:len(stack)-1]
		case xml.CharData:
			at := stack[len(stack)-1]
			if at.text += strings.TrimSpace(string(token)); len(at.text) > maxValue {
				return nil, errors.New("too long a text")
			}
		case xml.Directive:
			return nil, errors.New("a document type is not allowed")
		}
	}
}

func finish(root *node, stack []*node) (*node, error) {
	if len(stack) != 1 || len(root.children) != 1 {
		return nil, fmt.Errorf("not one whole document")
	}
	return root.children[0], nil
}

// find returns the first element below n by the path of names, at any depth
// for each step; nil where there is none. It may be called on nil.
func (n *node) find(path ...string) *node {
	for _, name := range path {
		all := n.all(name)
		if len(all) == 0 {
			return nil
		}
		n = all[0]
	}
	return n
}

// all returns the elements of a name below n, outermost only, in order.
func (n *node) all(name string) []*node {
	if n == nil {
		return nil
	}
	var out []*node
	for _, c := range n.children {
		if c.name == name {
			out = append(out, c)
			continue
		}
		out = append(out, c.all(name)...)
	}
	return out
}

// value is the text of the first element by the path.
func (n *node) value(path ...string) string {
	if n = n.find(path...); n == nil {
		return ""
	}
	return n.text
}

func (n *node) attr(name string) string {
	for _, a := range n.attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// escape makes text safe inside an element.
func escape(s string) string {
	var out strings.Builder
	_ = xml.EscapeText(&out, []byte(s)) // a Builder takes everything
	return out.String()
}
