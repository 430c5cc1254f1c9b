package floors

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/config/text/commands"
)

// avoided are the words of the last column of the glossary, with the term to write instead. A word
// with a note in brackets has a place of its own and is left alone.
func avoided(t *testing.T) map[string]string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, "docs", "glossary.zh-CN.md"))
	if err != nil {
		t.Fatal(err)
	}
	note := regexp.MustCompile(`（[^）]*）`)
	words := map[string]string{}
	for line := range strings.Lines(string(b)) {
		cells := strings.Split(line, "|")
		if len(cells) != 6 || strings.Contains(line, "不用 |") || strings.Contains(line, "---") {
			continue
		}
		for _, word := range strings.Split(cells[4], "、") {
			if word = strings.TrimSpace(word); word != "" && !note.MatchString(word) {
				words[word] = strings.TrimSpace(cells[1])
			}
		}
	}
	if len(words) < 20 {
		t.Fatalf("only %d words to avoid: does the glossary still have its columns?", len(words))
	}
	return words
}

// One thing has one name in Chinese, in the program and in its documents.
func TestOneTermForOneThing(t *testing.T) {
	words := avoided(t)
	check := func(where, s string) {
		for word, term := range words {
			if strings.Contains(s, word) {
				t.Errorf("%s: %q is %q by docs/glossary.zh-CN.md: %s", where, word, term, s)
			}
		}
	}
	for key, s := range text.Under(text.ZhCN, "") {
		check(string(key), s)
	}
	for english, s := range commands.Sentences() {
		check(english, s)
	}
	pages, err := filepath.Glob(filepath.Join(root, "docs", "*.zh-CN.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range pages {
		b, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Base(page) != "glossary.zh-CN.md" {
			for line := range strings.Lines(string(b)) {
				check(page, line)
			}
		}
	}
}
