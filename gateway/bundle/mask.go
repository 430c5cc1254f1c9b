package bundle

import (
	"bytes"
	"cmp"
	"encoding/json"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Masker puts labels in the place of what must not leave the gateway. The same text has the same
// label throughout one bundle. While a text is worked on, a label is one rune of those that are
// for private use: so nothing in it is taken for something else that is known.
type Masker struct {
	runes  map[string]rune // by what they stand for
	labels []string        // by the rune's place from firstRune on
	counts map[string]int  // of each kind of label
	known  []string        // the longest first, once sorted
	has    map[string]bool // what is in known
	secret map[string]bool // and is masked within other words too
	sorted bool
}

const (
	firstRune = 0xf0000
	maxLabels = 0xfff0
)

// NewMasker knows nothing yet.
func NewMasker() *Masker {
	return &Masker{runes: map[string]rune{}, counts: map[string]int{}, has: map[string]bool{}, secret: map[string]bool{}}
}

// Know has the masker put one label of a kind in the place of each of these texts, which mean the
// same. Those of one byte are left out: they would be found in every word.
func (m *Masker) Know(kind string, aliases ...string) {
	var same rune
	for _, s := range aliases {
		if s = strings.TrimSpace(s); len(s) < 2 {
			continue
		}
		if same == 0 {
			same = m.rune(kind, s)
		}
		for _, form := range []string{s, inner(strconv.Quote(s)), inner(quoted(s))} {
			if m.has[form] {
				continue
			}
			m.runes[form], m.has[form] = same, true
			m.secret[form] = kind == "secret" && len(form) >= shortWord
			m.known, m.sorted = append(m.known, form), false
		}
	}
}

func inner(s string) string { return s[1 : len(s)-1] }

func quoted(s string) string {
	b, _ := json.Marshal(s) // texts always encode
	return string(b)
}

// rune is what stands for s; the first call makes its label.
func (m *Masker) rune(kind, s string) rune {
	if was, ok := m.runes[s]; ok {
		return was
	}
	if len(m.labels) == maxLabels {
		return firstRune + maxLabels
	}
	m.counts[kind]++
	m.labels = append(m.labels, kind+"-"+strconv.Itoa(m.counts[kind]))
	m.runes[s] = rune(firstRune + len(m.labels) - 1)
	return m.runes[s]
}

func (m *Masker) label(kind, s string) string { return string(m.rune(kind, s)) }

// expand puts the labels in the place of their runes.
func (m *Masker) expand(s string) string {
	var out strings.Builder
	for _, r := range s {
		switch {
		case r < firstRune:
			out.WriteRune(r)
		case int(r-firstRune) < len(m.labels):
			out.WriteString(m.labels[r-firstRune])
		default:
			out.WriteString("[masked]")
		}
	}
	return out.String()
}

var (
	link = regexp.MustCompile(`\b[A-Za-z][A-Za-z0-9+.-]{1,15}://[^\s"'<>\\]+`)
	mail = regexp.MustCompile(`[\p{L}\p{N}._%+-]+@[\p{L}\p{N}.-]+`)
	// mac comes before IPv6, which it could be taken for.
	mac  = regexp.MustCompile(`\b[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}\b`)
	ip4  = regexp.MustCompile(`\b\d{1,3}(?:\.\d{1,3}){3}\b`)
	ip6  = regexp.MustCompile(`[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?:%\w+)?`)
	home = regexp.MustCompile(`/(home|Users|root)/[^/\s"]+`)
	// named is a name with dots that ends in letters, before a port.
	named = regexp.MustCompile(`\b[A-Za-z0-9][A-Za-z0-9-]*(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}:\d{2,5}\b`)
)

// Text masks what is known, then whatever has the form of an address.
func (m *Masker) Text(s string) string {
	if !m.sorted {
		slices.SortStableFunc(m.known, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
		m.sorted = true
	}
	for _, k := range m.known {
		if strings.Contains(s, k) {
			s = m.replace(s, k)
		}
	}
	s = link.ReplaceAllStringFunc(s, m.link)
	s = mail.ReplaceAllStringFunc(s, func(s string) string { return m.label("mail", s) })
	s = mac.ReplaceAllStringFunc(s, func(s string) string { return m.label("mac", s) })
	s = ip4.ReplaceAllStringFunc(s, m.ip)
	s = ip6.ReplaceAllStringFunc(s, m.ip)
	s = named.ReplaceAllStringFunc(s, func(s string) string {
		name, port, _ := strings.Cut(s, ":")
		return m.label("host", name) + ":" + port
	})
	return m.expand(home.ReplaceAllString(s, "/$1/user"))
}

// replace finds a known text where no longer word holds it, unless it is of a script without spaces.
func (m *Masker) replace(s, known string) string {
	var out strings.Builder
	for {
		at := strings.Index(s, known)
		if at < 0 {
			out.WriteString(s)
			return out.String()
		}
		end := at + len(known)
		out.WriteString(s[:at])
		before, _ := utf8.DecodeLastRuneInString(out.String())
		after, _ := utf8.DecodeRuneInString(s[end:])
		if !m.secret[known] && len(known) < longWord && (wordy(before) && wordy(rune(known[0])) || wordy(after) && wordy(rune(known[len(known)-1]))) {
			out.WriteString(known)
		} else {
			out.WriteRune(m.runes[known])
		}
		s = s[end:]
	}
}

// In bytes: a short word says nothing, one that is not long stands within others by chance.
const (
	shortWord = 5
	longWord  = 12
)

func wordy(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}

// link leaves of an address its scheme, its host's label and its port.
func (m *Masker) link(s string) string {
	scheme, rest, _ := strings.Cut(s, "://")
	rest = rest[strings.LastIndex(rest, "@")+1:]
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		rest = rest[:end]
	}
	name, port := rest, ""
	if at := strings.LastIndex(rest, ":"); at >= 0 && !strings.HasSuffix(rest, "]") {
		name, port = rest[:at], rest[at:]
	}
	return scheme + "://" + m.host(strings.Trim(name, "[]")) + port
}

// host is the label of a host's name or address; this machine's own stay.
func (m *Masker) host(name string) string {
	if first, _ := utf8.DecodeRuneInString(name); name == "" || name == "localhost" || first >= firstRune {
		return name
	}
	if _, err := netip.ParseAddr(name); err == nil {
		return m.ip(name)
	}
	return m.label("host", name)
}

// ip masks an address; what is none, as a time is, stays, and so do those that name no machine.
func (m *Masker) ip(s string) string {
	a, err := netip.ParseAddr(s)
	if err != nil || a.IsLoopback() || a.IsUnspecified() {
		return s
	}
	return m.label("host", a.WithZone("").String())
}

// JSON is v with all texts in it masked; names of fields stay.
func (m *Masker) JSON(v any) ([]byte, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	var all any
	if err := json.Unmarshal(b, &all); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err = e.Encode(m.walk(all))
	return out.Bytes(), err
}

func (m *Masker) walk(v any) any {
	switch v := v.(type) {
	case string:
		return m.Text(v)
	case []any:
		for i := range v {
			v[i] = m.walk(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = m.walk(v[k])
		}
	}
	return v
}
