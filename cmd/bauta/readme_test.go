//go:build linux

package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// outline is what both languages of a document have in common: the levels of
// its headings, its code blocks, and the files and images that it leads to.
type outline struct {
	levels []int
	code   []string
	links  []string
}

var leadsTo = regexp.MustCompile(`\]\(([^)]+)\)`)

func outlineOf(t *testing.T, path string) (o outline) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	inCode := false
	for line := range strings.Lines(string(b)) {
		switch marks := len(line) - len(strings.TrimLeft(line, "#")); {
		case strings.HasPrefix(line, "```"):
			inCode = !inCode
			o.code = append(o.code, "") // so that blocks stay apart
		case inCode:
			o.code = append(o.code, line)
		case marks > 0:
			o.levels = append(o.levels, marks)
		}
		for _, to := range leadsTo.FindAllStringSubmatch(line, -1) {
			o.links = append(o.links, filepath.Join(filepath.Dir(path), to[1]))
		}
	}
	return o
}

// targets are the names of the files that the links lead to, whichever language
// of a document it is.
func (o outline) targets() (names []string) {
	for _, to := range o.links {
		names = append(names, strings.Replace(filepath.Base(to), ".zh-CN", "", 1))
	}
	slices.Sort(names)
	return names
}

// README.md and its Chinese twin have the same sections, commands and links, each
// leads to the other, and no link of either leads nowhere.
func TestReadmesAreTwins(t *testing.T) {
	english, chinese := filepath.Join("..", "..", "README.md"), filepath.Join("..", "..", "docs", "README.zh-CN.md")
	en, zh := outlineOf(t, english), outlineOf(t, chinese)
	if len(en.levels) < 5 || !slices.Equal(en.levels, zh.levels) {
		t.Errorf("headings of levels %v, in Chinese %v", en.levels, zh.levels)
	}
	if len(en.code) < 20 || !slices.Equal(en.code, zh.code) {
		t.Errorf("the code differs:\n%s\nin Chinese:\n%s", strings.Join(en.code, ""), strings.Join(zh.code, ""))
	}
	if !slices.Equal(en.targets(), zh.targets()) {
		t.Errorf("links lead to %v, in Chinese to %v", en.targets(), zh.targets())
	}
	if !slices.Contains(en.links, chinese) || !slices.Contains(zh.links, english) {
		t.Error("one does not lead to the other")
	}
	for _, to := range slices.Concat(en.links, zh.links) {
		if !exists(to) {
			t.Errorf("a link leads to %s, which is not there", to)
		}
	}
}
