package soapxml

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// What devices answer.
const (
	match = `<?xml version="1.0" encoding="utf-8"?><S:Envelope xmlns:S="http://www.w3.org/2003/05/soap-envelope" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"><S:Body>` +
		`<d:ProbeMatches><d:ProbeMatch><d:Types>dn:NetworkVideoTransmitter</d:Types><d:XAddrs>http://192.168.1.9/x http://b</d:XAddrs></d:ProbeMatch></d:ProbeMatches></S:Body></S:Envelope>`
	profiles = `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><GetProfilesResponse xmlns="http://www.onvif.org/ver10/media/wsdl">` +
		`<Profiles token="a"><Name>R&amp;D</Name></Profiles><Profiles fixed='true' token='b'/></GetProfilesResponse></s:Body></s:Envelope>`
)

func TestOddXML(t *testing.T) {
	for in, want := range map[string]string{
		`<a>R&D &amp; x &lt;&#65;&#x42;&nope;&#0;&#xD800;&</a>`:                  "R&D & x <AB&nope;&#0;&#xD800;&",
		`<a><![CDATA[a&b<c]]></a>`:                                               "a&b<c",
		"<?xml version='1.0' encoding='x'?>\n<!-- c --><a\n>b<!-- > --></a ><c>": "b",
		`<a b='1' c="2"d=3 e f = 4>t</a>`:                                        "t",
		"\x00\x01 GET / <x:a>\x07b\x08</y:a>junk & <":                            "b",
		"<a>\xb4\xf3\xcc\xfc</a>":                                                "大厅",
		"<a>大厅\xe5\xa4</a>":                                                      "大厅\uFFFD",
		"<?xml version='1.0' encoding='GB2312'?><a>\xc4\xa3</a>":                 "模",
		"<?xml version='1.0' encoding='utf-8'?><a>\xc4\xa3</a>":                  "ģ",
		"<a>\xff</a>": "\uFFFD",
		"<\x00a\x00>\x00'Y\x85S<\x00/\x00a\x00>\x00":  "大厅",
		"\x00<\x00a\x00>\x59\x27\x00<\x00/\x00a\x00>": "大",
		`<a/>`:              "",
		`<a b=c/>`:          "",
		`<a>x<b/>y<b/></a>`: "xy",
	} {
		if n, err := Parse([]byte(in)); err != nil || n.Name != "a" || n.Text != want {
			t.Errorf("%q: %+v, %v", in, n, err)
		}
	}
	for _, in := range []string{"", "x", "<", "<a", "<a>", "<a b", `<a b="`, "<a b=", "</a>", "<a></b>", "<!DOCTYPE a><a/>", "<a><!ENTITY b 'c'></a>", "<a>&lt", "<a><![CDATA[", "<a><!--",
		"<?xml", "< a/>", "<a =1/>", "<a></", strings.Repeat("<a>", maxDepth+2) + strings.Repeat("</a>", maxDepth+2), "<a " + strings.Repeat("b ", MaxNodes) + "/>"} {
		if n, err := Parse([]byte(in)); err == nil {
			t.Errorf("%.40q: %+v", in, n)
		}
	}
}

// strict reads by Go's own XML, for comparison; nil: it is not well formed, or uses what devices never do.
func strict(data []byte) *Node {
	d := xml.NewDecoder(strings.NewReader(string(data)))
	root := &Node{}
	stack := []*Node{root}
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) && len(stack) == 1 && len(root.Children) == 1 {
			return root.Children[0]
		}
		if err != nil {
			return nil
		}
		at := stack[len(stack)-1]
		switch token := token.(type) {
		case xml.StartElement:
			n := &Node{Name: base(token.Name.Local)}
			for _, a := range token.Attr {
				n.attrs = append(n.attrs, attribute{base(a.Name.Local), a.Value})
			}
			at.Children = append(at.Children, n)
			stack = append(stack, n)
		case xml.EndElement:
			if len(stack) == 1 || at.Name != base(token.Name.Local) {
				return nil
			}
			stack = stack[:len(stack)-1]
		case xml.CharData:
			if len(stack) == 1 && strings.TrimSpace(string(token)) != "" {
				return nil
			}
			at.Text += strings.TrimSpace(string(token))
		case xml.Directive:
			return nil
		}
	}
}

func compare(a, b *Node) bool {
	return a.Name == b.Name && a.Text == b.Text && reflect.DeepEqual(a.attrs, b.attrs) && slices.EqualFunc(a.Children, b.Children, compare)
}

// What is well formed is read as Go's own XML reads it.
func TestWellFormedIsReadAsEver(t *testing.T) {
	for _, in := range []string{match, profiles,
		`<a b='&#60;"' c="'&amp;"> x <!-- y --> z <![CDATA[ <q> ]]></a>`} {
		want := strict([]byte(in))
		got, err := Parse([]byte(in))
		if err != nil || want == nil || !compare(got, want) {
			t.Errorf("%s: %v", in, err)
		}
	}
}

// What Go's own XML takes is read the same; whatever comes, nothing fails but with an error.
func FuzzXML(f *testing.F) {
	for _, seed := range []string{match, profiles, `<a b=c d='&#60;"'>R&D<![CDATA[<]]><!-- > --><b/>&amp;</a>`, "<\x00a\x00/\x00>\x00", "<a>\xb4\xf3</a>"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := Parse(data)
		if err == nil && !utf8.ValidString(got.Name+got.Text) {
			t.Errorf("%q is no text", got.Text)
		}
		if !utf8.Valid(data) || bytes.ContainsAny(data, "\r\x7f\x00\uFEFF") || bytes.Contains(data, []byte("&#0")) || bytes.Contains(data, []byte("&#x0")) || wide(data) {
			return // read otherwise on purpose, or beyond the bounds
		}
		want := strict(data)
		if want == nil || err != nil && strings.HasPrefix(err.Error(), "too ") {
			return
		}
		if err != nil || !compare(got, want) {
			t.Errorf("%+v, %v, want %+v", got, err, want)
		}
	})
}

func TestNamespaces(t *testing.T) {
	doc, err := Parse([]byte(`<s:E xmlns:s="soap" xmlns="plain" xmlns:t='media'><B><t:G t="1"/><u:G/><G xmlns="own" xmlns:t="other"><t:H/></G></B></s:E>`))
	if err != nil {
		t.Fatal(err)
	}
	b := doc.Children[0]
	got := []string{doc.Space, b.Space, b.Children[0].Space, b.Children[1].Space, b.Children[2].Space, b.Children[2].Children[0].Space}
	if want := []string{"soap", "plain", "media", "", "own", "other"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
