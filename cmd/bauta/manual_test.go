//go:build linux

package main

import (
	"bytes"
	"context"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/text"
)

// output runs a command line in this process.
func output(t *testing.T, lang text.Lang, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	chosen, err := newParser(&grammar{}).Parse(args)
	if err != nil {
		t.Fatal(err)
	}
	if err := chosen.Run(&cli.Program{Ctx: context.Background(), Stdout: &out, Lang: lang}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// eachCommand calls do for a command and all below it that are not hidden, with their
// names as they are typed behind bauta.
func eachCommand(n *kong.Node, path string, do func(n *kong.Node, path string)) {
	do(n, path)
	for _, child := range n.Children {
		if !child.Hidden {
			eachCommand(child, strings.TrimSpace(path+" "+child.Name), do)
		}
	}
}

// shown are a command's own flags without --help, which all have.
func shown(n *kong.Node) []*kong.Flag {
	return slices.DeleteFunc(slices.Clone(n.Flags), func(f *kong.Flag) bool { return f.Hidden || f.Name == "help" })
}

// unescaped is the text of a page as people read it.
func unescaped(page string) string {
	return strings.NewReplacer(`\-`, "-", `\(dq`, `"`, `\(ti`, "~").Replace(page)
}

func TestManualNamesEveryCommandAndFlag(t *testing.T) {
	page := unescaped(output(t, text.EN, "manual"))
	eachCommand(newParser(&grammar{}).Model.Node, "", func(n *kong.Node, path string) {
		if n.Leaf() && !strings.Contains(page, "bauta "+path) {
			t.Errorf("%s is missing", path)
		}
		for _, f := range shown(n) {
			if !strings.Contains(page, f.String()) {
				t.Errorf("%s of %s is missing", f, path)
			}
		}
	})
	if !strings.Contains(page, "BAUTA_MODELS") {
		t.Error("the environment is missing")
	}
}

func TestManualNamesEverySetting(t *testing.T) {
	for _, lang := range text.Langs {
		page := unescaped(output(t, lang, "manual", "bauta.yaml"))
		for _, s := range config.Describe() {
			if !strings.Contains(page, s.Key) || !strings.Contains(page, text.Of(lang, s.About)) {
				t.Errorf("%s: %s is missing", lang, s.Key)
			}
		}
	}
}

// The formatter itself checks the pages: what it does not know it says on
// stderr.
func TestManualIsGoodRoff(t *testing.T) {
	if _, err := exec.LookPath("groff"); err != nil {
		t.Skip("groff is not installed")
	}
	for _, page := range []string{"bauta", "bauta.yaml"} {
		for _, lang := range text.Langs {
			cmd := exec.Command("groff", "-man", "-Kutf8", "-Tutf8", "-ww", "-Wbreak", "-z")
			cmd.Stdin = strings.NewReader(output(t, lang, "manual", page))
			if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
				t.Errorf("%s in %s: %v\n%s", page, lang, err, out)
			}
		}
	}
}

func TestCompletionsNameEveryCommandAndFlag(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish"} {
		script := output(t, text.EN, "completion", shell)
		eachCommand(newParser(&grammar{}).Model.Node, "", func(n *kong.Node, path string) {
			if path != "" && !strings.Contains(script, "'"+path+"'") {
				t.Errorf("%s: %s is missing", shell, path)
			}
			for _, f := range shown(n) {
				if !strings.Contains(script, "--"+f.Name) {
					t.Errorf("%s: --%s is missing", shell, f.Name)
				}
			}
		})
	}
}

var typed = []struct {
	line string // the last word is being typed
	want []string
}{
	{"bauta cam", []string{"camera"}},
	{"bauta camera ", []string{"add", "discover", "export", "import", "list", "lock", "places", "remove", "set", "test", "unlock"}},
	{"bauta camera add --tr", []string{"--transport"}},
	{"bauta --lang z", []string{"zh", "zh-CN"}},
	{"bauta --lang zh stat", []string{"status"}},
	{"bauta redact --mask ", []string{"blur", "mosaic", "solid"}},
	{"bauta run --data camera --lo", []string{"--log-level"}},
	{"bauta completion z", []string{"zsh"}},
	{"bauta run --camera ", nil},
	{"bauta viewer ", []string{"add", "list", "remove", "set"}},
	{"bauta viewer add recorder --pass", []string{"--password-stdin"}},
	{"bauta nonsense --vers", []string{"--version"}},
}

func TestBashCompletes(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("bash is not installed")
	}
	script := output(t, text.EN, "completion", "bash") + `
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_bauta
[[ ${#COMPREPLY[@]} == 0 ]] || printf '%s\n' "${COMPREPLY[@]}"`
	for _, c := range typed {
		args := append([]string{"--norc", "-c", script, "bash"}, strings.Split(c.line, " ")...)
		out, err := exec.Command("bash", args...).CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		check(t, c.line, string(out), c.want)
	}
}

func TestFishCompletes(t *testing.T) {
	if _, err := exec.LookPath("fish"); err != nil {
		t.Skip("fish is not installed")
	}
	script := output(t, text.EN, "completion", "fish") + "\ncomplete -C $argv[1]"
	for _, c := range typed {
		out, err := exec.Command("fish", "--no-config", "-c", script, c.line).CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		check(t, c.line, string(out), c.want)
	}
}

func TestZshReadsItsCompletion(t *testing.T) {
	if _, err := exec.LookPath("zsh"); err != nil {
		t.Skip("zsh is not installed")
	}
	cmd := exec.Command("zsh", "-n")
	cmd.Stdin = strings.NewReader(output(t, text.EN, "completion", "zsh"))
	if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("%v\n%s", err, out)
	}
}

// check compares the words of the lines; a hint may follow after a tab.
func check(t *testing.T, line, out string, want []string) {
	t.Helper()
	var got []string
	for l := range strings.Lines(out) {
		word, _, _ := strings.Cut(strings.TrimSpace(l), "\t")
		if !strings.HasPrefix(word, "--") || strings.HasPrefix(line[strings.LastIndex(line, " ")+1:], "-") {
			got = append(got, word)
		}
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("%q: %q, want %q", line, got, want)
	}
}
