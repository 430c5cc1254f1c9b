package floors

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// twins are the documents that are there in both languages. A page docs/x.zh-CN.md is the Chinese
// of docs/x.md, and has the same sections in the same order, with the same commands, as many rows
// in its tables and the same links. Each of its headings says by an anchor whose it is:
//
//	## <a id="2-the-package"></a>2. 软件包
//
// The anchor is the one that the English heading has, so that links may go by it in both.
var twins = []string{"README", "install", "troubleshooting", "manager", "tasks", "consent", "mqtt"}

// chineseAlone are pages that have no English twin.
var chineseAlone = []string{"glossary"}

// section is a heading of a document with what stands below it.
type section struct {
	level   int
	heading string
	anchor  string // empty for a Chinese one that names none
	code    []string
	rows    []int // of each table
	links   []string
}

var (
	anchorID  = regexp.MustCompile(`<a id="([^"]+)"></a>`)
	linkTo    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	inlineAlt = regexp.MustCompile("`([^`]*)`|\\[([^\\]]*)\\]\\([^)]*\\)")
	comment   = regexp.MustCompile(`(^|\s+)#\s.*$`)
)

// slug is the anchor that GitHub makes of a heading.
func slug(heading string) string {
	heading = inlineAlt.ReplaceAllString(anchorID.ReplaceAllString(heading, ""), "$1$2")
	var b strings.Builder
	for _, r := range strings.ToLower(strings.TrimSpace(heading)) {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_':
			b.WriteRune(r)
		case r == ' ':
			b.WriteByte('-')
		}
	}
	return b.String()
}

// sections reads a document. Comments in its commands are left out.
func sections(t *testing.T, path string) (all []section) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	all = []section{{}} // what stands before the first heading
	fenced, table, empty := false, false, true
	for line := range strings.Lines(string(b)) {
		line = strings.TrimRight(line, " \n")
		at := &all[len(all)-1]
		marks := len(line) - len(strings.TrimLeft(line, "#"))
		row := strings.HasPrefix(line, "|")
		indented := strings.HasPrefix(line, "    ") && (empty || len(at.code) > 0 && !fenced && strings.HasPrefix(at.code[len(at.code)-1], "    "))
		switch {
		case strings.HasPrefix(line, "```"):
			fenced = !fenced
			at.code = append(at.code, "```")
		case fenced || indented:
			if command := strings.TrimRight(comment.ReplaceAllString(line, ""), " "); command != "" {
				at.code = append(at.code, command)
			}
		case marks > 0 && strings.HasPrefix(line[marks:], " "):
			s := section{level: marks, heading: line, anchor: slug(line[marks:])}
			if m := anchorID.FindStringSubmatch(line); m != nil {
				s.anchor = m[1]
			}
			all = append(all, s)
		case row && table:
			at.rows[len(at.rows)-1]++
		case row:
			at.rows = append(at.rows, 1)
		}
		if !fenced && !indented {
			for _, to := range linkTo.FindAllStringSubmatch(line, -1) {
				at = &all[len(all)-1]
				at.links = append(at.links, to[1])
			}
		}
		table, empty = row && !fenced, line == "" || empty && indented
	}
	return all
}

// targets are where the links of a section lead, whichever language of a page that is.
func (s section) targets(self string) (names []string) {
	for _, to := range s.links {
		file, _, _ := strings.Cut(to, "#")
		if !strings.Contains(to, "://") {
			to = strings.TrimPrefix(strings.Replace(filepath.Base(file), ".zh-CN", "", 1), "./")
			to = regexp.MustCompile(`\.(en|zh-CN)\.png$`).ReplaceAllString(strings.Replace(to, ".en.png", ".png", 1), ".png")
		}
		if to != self {
			names = append(names, to)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func both(name string) (english, chinese string) {
	english = filepath.Join(root, "docs", name+".md")
	if name == "README" {
		english = filepath.Join(root, "README.md")
	}
	return english, filepath.Join(root, "docs", name+".zh-CN.md")
}

// Who reads Chinese finds what stands in English, section by section.
func TestChinesePagesAreTwins(t *testing.T) {
	for _, name := range twins {
		english, chinese := both(name)
		en, zh := sections(t, english), sections(t, chinese)
		for _, problem := range differ(en, zh, name+".md") {
			t.Errorf("docs/%s.zh-CN.md: %s", name, problem)
		}
		if !leadsTo(en, filepath.Base(chinese)) || !leadsTo(zh, filepath.Base(english)) {
			t.Errorf("%s: one language does not lead to the other", name)
		}
	}
	pages, err := filepath.Glob(filepath.Join(root, "docs", "*.zh-CN.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range pages {
		name := strings.TrimSuffix(filepath.Base(page), ".zh-CN.md")
		if !slices.Contains(slices.Concat(twins, chineseAlone), name) {
			t.Errorf("%s is in no list of cmd/dev/floors/twins_test.go", page)
		}
	}
}

func leadsTo(all []section, file string) bool {
	return slices.ContainsFunc(all, func(s section) bool {
		return slices.ContainsFunc(s.links, func(to string) bool { return filepath.Base(to) == file })
	})
}

// differ says in which sections two languages of a page are not alike.
func differ(en, zh []section, self string) (problems []string) {
	say := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	find := func(all []section, anchor string) int {
		return slices.IndexFunc(all, func(s section) bool { return s.anchor == anchor })
	}
	for i := range min(len(en), len(zh), 2) { // the title needs no anchor
		zh[i].anchor = en[i].anchor
	}
	last := -1
	for i, e := range en {
		at := find(zh, e.anchor)
		if at < 0 {
			say("no Chinese for %q: add the section `%s <a id=\"%s\"></a>…`", e.heading, strings.Repeat("#", e.level), e.anchor)
			continue
		}
		z := zh[at]
		if at < last {
			say("%q stands elsewhere than %q", z.heading, e.heading)
		}
		last = max(last, at)
		if e.level != z.level {
			say("%q is of level %d, %q of %d", z.heading, z.level, e.heading, e.level)
		}
		for n := range max(len(e.code), len(z.code)) {
			if a, b := line(e.code, n), line(z.code, n); a != b {
				say("below %q the commands differ: %q, in English %q", z.heading, b, a)
				break
			}
		}
		if !slices.Equal(e.rows, z.rows) {
			say("below %q are tables of %v rows, in English %v", z.heading, z.rows, e.rows)
		}
		if a, b := e.targets(self), z.targets(self); !slices.Equal(a, b) && i > 1 {
			say("below %q links lead to %q, in English to %q", z.heading, b, a)
		}
	}
	for i, z := range zh {
		if find(zh, z.anchor) != i {
			say("%q is there twice", z.heading)
		}
		if find(en, z.anchor) < 0 {
			say("%q has no English heading with the anchor %q", z.heading, z.anchor)
		}
	}
	return problems
}

func line(all []string, n int) string {
	if n < len(all) {
		return all[n]
	}
	return ""
}

// A page that lacks a section, or has another command, is found and named.
func TestDifferNamesTheSection(t *testing.T) {
	en := []section{{}, {level: 1, heading: "# A", anchor: "a"}, {level: 2, heading: "## B c", anchor: "b-c", code: []string{"x"}, rows: []int{3}}}
	for want, zh := range map[string][]section{
		`no Chinese for "## B c"`: {{}, {level: 1, anchor: "a"}},
		"the commands differ":     {{}, {level: 1}, {level: 2, anchor: "b-c", code: []string{"y"}, rows: []int{3}}},
		"tables of [2] rows":      {{}, {level: 1}, {level: 2, anchor: "b-c", code: []string{"x"}, rows: []int{2}}},
		"is of level 3":           {{}, {level: 1}, {level: 3, anchor: "b-c", code: []string{"x"}, rows: []int{3}}},
		"links lead to":           {{}, {level: 1}, {level: 2, anchor: "b-c", code: []string{"x"}, rows: []int{3}, links: []string{"y.md"}}},
		`"" is there twice`:       {{}, {level: 1, anchor: "a"}, en[2], {level: 2, anchor: "b-c"}},
		`no English heading with`: {{}, {level: 1, anchor: "a"}, en[2], {level: 2, anchor: "d"}},
	} {
		if got := strings.Join(differ(slices.Clone(en), zh, "a.md"), "\n"); !strings.Contains(got, want) || strings.Contains(got, "\n") {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := differ(slices.Clone(en), slices.Clone(en), "a.md"); got != nil {
		t.Errorf("%q", got)
	}
}

// No link of a document leads to a file or a heading that is not there.
func TestLinksOfDocuments(t *testing.T) {
	pages, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	pages = append(pages, filepath.Join(root, "README.md"))
	anchors := map[string][]string{}
	for _, page := range pages {
		for _, s := range sections(t, page) {
			anchors[page] = append(anchors[page], s.anchor, slug(strings.TrimLeft(s.heading, "# ")))
		}
	}
	for _, page := range pages {
		for _, s := range sections(t, page) {
			for _, to := range s.links {
				file, anchor, _ := strings.Cut(to, "#")
				if strings.Contains(to, "://") || strings.HasPrefix(to, "mailto:") {
					continue
				}
				target := page
				if file != "" {
					target = filepath.Join(filepath.Dir(page), file)
				}
				if _, err := os.Stat(target); err != nil {
					t.Errorf("%s: a link leads to %s, which is not there", page, to)
				} else if anchor != "" && !slices.Contains(anchors[target], anchor) {
					t.Errorf("%s: a link leads to %s, and there is no such heading", page, to)
				}
			}
		}
	}
}
