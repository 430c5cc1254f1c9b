//go:build linux

package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/alecthomas/kong"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/cmd/bauta/help"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/config/text/commands"
)

// Each command stands in one group of the help, and no group names one that is not there.
func TestEachCommandHasAGroup(t *testing.T) {
	in := map[string]string{}
	for _, g := range help.Groups() {
		for _, name := range g.Commands {
			if in[name] != "" {
				t.Errorf("%s is in %s and in %s", name, in[name], g.Title)
			}
			in[name] = string(g.Title)
		}
	}
	for _, n := range newParser(&grammar{}).Model.Children {
		if !n.Hidden && in[n.Name] == "" {
			t.Errorf("command %s is in no group: add it to cmd/bauta/help/groups.go", n.Name)
		}
		delete(in, n.Name)
	}
	for name := range in {
		t.Errorf("cmd/bauta/help/groups.go names the command %s, which is not there", name)
	}
}

// Each command shows how it is used, and the command line itself reads that.
func TestEachCommandHasAnExample(t *testing.T) {
	t.Chdir(t.TempDir())
	eachCommand(newParser(&grammar{}).Model.Node, "", func(n *kong.Node, path string) {
		lines := help.Examples(path)
		if len(lines) == 0 {
			t.Errorf("%s has no example: add it to cmd/bauta/help/examples.go", path)
		}
		for _, line := range lines {
			if n.Leaf() && line != "bauta "+path && !strings.HasPrefix(line, "bauta "+path+" ") && path != "models list" {
				t.Errorf("the example of %s is of another command: %s", path, line)
			}
			reads(t, line)
		}
	})
}

// reads fails where the command line refuses a line. Files that it names are there.
func reads(t *testing.T, line string) {
	t.Helper()
	words := shellWords(line)
	for _, w := range words {
		if ext := filepath.Ext(w); ext != "" && !strings.Contains(w, "/") {
			if err := os.WriteFile(w, nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := newParser(&grammar{}).Parse(words[1:]); err != nil {
		t.Errorf("%s\n%v", line, err)
	}
}

// shellWords cuts a line at its spaces, but for those in quotes.
func shellWords(line string) (words []string) {
	var word strings.Builder
	quoted := false
	for _, r := range line + " " {
		switch {
		case r == '"':
			quoted = !quoted
		case r == ' ' && !quoted:
			words = append(words, word.String())
			word.Reset()
		default:
			word.WriteRune(r)
		}
	}
	return words
}

// What help says in English it says in Chinese too.
func TestHelpIsInBothLanguages(t *testing.T) {
	unused := commands.Sentences()
	check := func(path, english string) {
		delete(unused, english)
		chinese, ok := commands.Chinese(english)
		if !ok || !strings.ContainsFunc(chinese, func(r rune) bool { return unicode.Is(unicode.Han, r) }) && chinese != strings.NewReplacer(", ", "、", " or ", " 或 ", ".", "。").Replace(english) {
			t.Errorf("%s: the help %q has no Chinese: add it to config/text/commands", path, english)
		}
		if strings.HasSuffix(english, ".") != strings.HasSuffix(chinese, "。") {
			t.Errorf("%s: %q and %q do not end alike", path, english, chinese)
		}
	}
	eachCommand(newParser(&grammar{}).Model.Node, "", func(n *kong.Node, path string) {
		if path != "" {
			check(path, n.Help)
		}
		for _, arg := range n.Positional {
			check(path, arg.Help)
		}
		for _, f := range n.Flags {
			if !f.Hidden {
				check(path, f.Help)
			}
		}
	})
	for _, elsewhere := range []string{"Prove evidence.", "Keys for sealed originals, requests to open them, approvals and the opening."} {
		delete(unused, elsewhere) // of PCs that are no gateway
	}
	for english := range unused {
		t.Errorf("config/text/commands has %q, which no command says", english)
	}
}

// helped is what the help of a command prints.
func helped(t *testing.T, lang text.Lang, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	chosen, err := newParser(&grammar{}).Parse(append([]string{"help"}, args...))
	if err != nil {
		t.Fatal(err)
	}
	if err := chosen.Run(&cli.Program{Ctx: context.Background(), Stdout: &out, Lang: lang}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// The help of all commands has their examples and flags, in lines that fit a terminal.
func TestHelpOfEachCommand(t *testing.T) {
	for _, lang := range text.Langs {
		eachCommand(newParser(&grammar{}).Model.Node, "", func(n *kong.Node, path string) {
			page := helped(t, lang, strings.Fields(path)...)
			for _, line := range help.Examples(path) {
				if !strings.Contains(page, line) {
					t.Errorf("%s: the help of %s lacks %q", lang, path, line)
				}
			}
			for _, f := range shown(n) {
				if !strings.Contains(page, "--"+f.Name) {
					t.Errorf("%s: the help of %s lacks --%s", lang, path, f.Name)
				}
			}
			for line := range strings.Lines(page) {
				line = strings.TrimRight(line, "\n")
				tooWide := cli.Width(line) > 80 && !strings.Contains(line, "bauta ")
				if tooWide || line != strings.TrimRight(line, " ") {
					t.Errorf("%s: a line of the help of %s: %q", lang, path, line)
				}
			}
		})
	}
}
