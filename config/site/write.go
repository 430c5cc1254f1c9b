package site

import (
	"bytes"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/bauta-gateway/bauta/config/text"
)

// Write is the site as a file, in one form and order: two equal sites give the same bytes.
// The comment on top is in both languages, so that this holds whoever asks.
func Write(s Site) []byte {
	s.Version = Version
	s = s.tidy()
	var b bytes.Buffer
	for _, lang := range []text.Lang{text.EN, text.ZhCN} {
		for _, line := range []text.Key{text.SiteFileAbout, text.SiteFileHow, text.SiteFileNoSecrets} {
			fmt.Fprintf(&b, "# %s\n", text.Of(lang, line))
		}
	}
	w := writer{&b}
	w.keys(reflect.ValueOf(s), "")
	return b.Bytes()
}

type writer struct{ b *bytes.Buffer }

// keys writes those of a struct that say something, each line behind an indent.
func (w writer) keys(v reflect.Value, indent string) {
	for _, k := range keysOf(v.Type()) {
		switch f := k.of(v); {
		case f.Kind() == reflect.Struct:
			w.section(k.name, f, indent)
		case isSection(f):
			w.list(k.name, f, indent)
		case !f.IsZero() && !emptyList(f) || mustShow(v, k):
			w.b.WriteString(indent + k.name + ": " + block(f, indent) + "\n")
		}
	}
}

func (w writer) section(name string, v reflect.Value, indent string) {
	inner := writer{&bytes.Buffer{}}
	inner.keys(v, indent+"  ")
	if inner.b.Len() == 0 {
		w.b.WriteString(indent + name + ": {}\n")
		return
	}
	w.b.WriteString(indent + name + ":\n" + inner.b.String())
}

func (w writer) list(name string, v reflect.Value, indent string) {
	if v.Len() == 0 {
		w.b.WriteString(indent + name + ": []\n")
		return
	}
	w.b.WriteString(indent + name + ":\n")
	for i := range v.Len() {
		inner := writer{&bytes.Buffer{}}
		inner.keys(v.Index(i), indent+"    ")
		w.b.WriteString(indent + "  - " + strings.TrimPrefix(inner.b.String(), indent+"    "))
	}
}

func emptyList(v reflect.Value) bool { return v.Kind() == reflect.Slice && v.Len() == 0 }

// block is a value, over several lines where it has some.
func block(v reflect.Value, indent string) string {
	if v.Kind() != reflect.String || !isBlock(v.String()) {
		return flow(v)
	}
	var b strings.Builder
	b.WriteString("|")
	for line := range strings.Lines(v.String()) {
		b.WriteString("\n" + indent + "  " + strings.TrimSuffix(line, "\n"))
	}
	return b.String()
}

// isBlock reports whether a text is of plain lines, such as a key in PEM.
func isBlock(s string) bool {
	odd := func(r rune) bool { return r != '\n' && (r < ' ' || r > '~') }
	return strings.HasSuffix(s, "\n") && !strings.HasPrefix(s, " ") && !strings.Contains(s, "\n\n") && !strings.ContainsFunc(s, odd)
}

// flow is a value on one line.
func flow(v reflect.Value) string {
	switch {
	case v.Type() == spanType && !v.IsNil():
		return scalar(v.Interface().(*time.Duration).String())
	case v.Kind() == reflect.Pointer:
		if v.IsNil() {
			return ""
		}
		return flow(v.Elem())
	}
	switch v.Kind() {
	case reflect.String:
		return scalar(v.String())
	case reflect.Float64:
		return strconv.FormatFloat(v.Float(), 'f', -1, 64)
	case reflect.Slice:
		all := make([]string, v.Len())
		for i := range all {
			all[i] = flow(v.Index(i))
		}
		return "[" + strings.Join(all, ", ") + "]"
	case reflect.Struct:
		var all []string
		for _, k := range keysOf(v.Type()) {
			if f := k.of(v); !f.IsZero() {
				all = append(all, k.name+": "+flow(f))
			}
		}
		return "{" + strings.Join(all, ", ") + "}"
	}
	return fmt.Sprint(v)
}

var (
	// bare is what YAML takes for a text wherever it stands, unless one of others takes it for more.
	bare   = regexp.MustCompile(`^([A-Za-z/][A-Za-z0-9_./-]*(:[/0-9A-Za-z][A-Za-z0-9_./:?=-]*)?|[0-9.]+(ms|s))$`)
	others = []string{"true", "false", "yes", "no", "on", "off", "y", "n", "null"}
)

// scalar is a text as YAML, without quotes where no reader takes it for anything else.
func scalar(s string) string {
	if bare.MatchString(s) && !slices.Contains(others, strings.ToLower(s)) {
		return s
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteString(`\` + string(r))
		case r == '\n':
			b.WriteString(`\n`)
		case unicode.IsPrint(r) || r == ' ':
			b.WriteRune(r)
		case r > 0xffff:
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
