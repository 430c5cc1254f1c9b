package document

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"io"
	"strings"
)

//go:embed page.html
var pageSource string

//go:embed page.css
var sheetStyle string

var page = template.Must(template.New("page").Funcs(template.FuncMap{
	"style":  func() template.CSS { return template.CSS(sheetStyle) }, // ours, whose hash ContentPolicy has
	"lines":  func(s string) []string { return strings.Split(s, "\n") },
	"number": func(i int) int { return i + 1 },
	"pair":   func(d Document, value string) said { return said{value, d.NotSaid} },
}).Parse(pageSource))

// said is a value, and what stands in its place where there is none.
type said struct{ Value, NotSaid string }

// ContentPolicy lets a page have its own style and nothing else: it loads and runs nothing.
var ContentPolicy = PolicyFor(sheetStyle)

// PolicyFor is the policy of a page that has this one style in it and loads nothing.
func PolicyFor(style string) string {
	sum := sha256.Sum256([]byte(style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}

func (d Document) html(w io.Writer) error { return page.Execute(w, d) }
