package main

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// Maintainer stands in the changelog and, by packaging/nfpm.yaml, in the package.
const maintainer = "Bauta developers <bauta-gateway@users.noreply.github.com>"

// release is one section of CHANGELOG.md.
type release struct {
	version string
	day     string // 2006-01-02, empty where it is not out
	lines   []string
}

var heading = regexp.MustCompile(`^## \[?([0-9][0-9.]*)\]?(?: \(([0-9]{4}-[0-9]{2}-[0-9]{2})\))?`)

// releases reads CHANGELOG.md, the newest first.
func releases(markdown string) ([]release, error) {
	var all []release
	for line := range strings.Lines(markdown) {
		line = strings.TrimRight(line, "\n")
		if m := heading.FindStringSubmatch(line); m != nil {
			all = append(all, release{version: m[1], day: m[2]})
			continue
		}
		if len(all) == 0 {
			continue
		}
		last := &all[len(all)-1]
		if item, is := strings.CutPrefix(line, "- "); is {
			last.lines = append(last.lines, item)
		} else if more := strings.TrimSpace(line); more != "" && len(last.lines) > 0 && line[0] == ' ' {
			last.lines[len(last.lines)-1] += " " + more
		}
	}
	if len(all) == 0 {
		return nil, errors.New("CHANGELOG.md names no version: begin a section with \"## 1.2.3\"")
	}
	return all, nil
}

// changelog is Debian's form of CHANGELOG.md. The revision is what follows the
// version, such as 1~deb12. A section without a day bears when.
func changelog(markdown, revision, codename string, when time.Time) (string, error) {
	all, err := releases(markdown)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, r := range all {
		fmt.Fprintf(&b, "bauta (%s-%s) %s; urgency=medium\n\n", r.version, revision, codename)
		for _, line := range r.lines {
			b.WriteString(wrap("  * ", "    ", line))
		}
		date := when.UTC()
		if r.day != "" {
			if date, err = time.Parse(time.DateOnly, r.day); err != nil {
				return "", fmt.Errorf("CHANGELOG.md, version %s: %w: write the day as 2026-01-31", r.version, err)
			}
		}
		fmt.Fprintf(&b, "\n -- %s  %s\n\n", maintainer, date.Format(time.RFC1123Z))
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}

// changelogWidth is the longest line that Debian's tools do not complain of.
const changelogWidth = 78

// wrap breaks a text between words.
func wrap(first, others, s string) string {
	var b strings.Builder
	line := first
	for i, word := range strings.Fields(s) {
		switch {
		case i == 0:
			line += word
		case len(line)+1+len(word) > changelogWidth:
			b.WriteString(line + "\n")
			line = others + word
		default:
			line += " " + word
		}
	}
	return b.String() + line + "\n"
}
