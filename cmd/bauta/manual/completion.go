package manual

import (
	_ "embed"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
)

// Completion is bauta completion.
type Completion struct {
	Shell string `arg:"" help:"bash, zsh or fish." enum:"bash,zsh,fish"`
}

// The shells' own halves: each walks along the words to the command that is
// being typed and then looks into tables that are made here.
var (
	//go:embed completion.bash
	completionBash string
	//go:embed completion.zsh
	completionZsh string
	//go:embed completion.fish
	completionFish string
)

// Run prints what a shell reads at its start, or a package installs.
func (c *Completion) Run(p *cli.Program, k *kong.Context) error {
	frame, rows := completionBash, bashRow
	switch c.Shell {
	case "zsh":
		frame, rows = completionZsh, zshRow
	case "fish":
		frame, rows = completionFish, fishRow
	}
	var at, offers, values strings.Builder
	positions := positionsOf(k.Model.Node)
	for _, s := range positions {
		if s.path != "" {
			fmt.Fprintf(&at, " '%s'", s.path)
		}
		offers.WriteString(rows(s))
	}
	for _, f := range flagsOf(positions) {
		values.WriteString(valueRow(c.Shell, f))
	}
	script := strings.NewReplacer("@PATHS@", at.String()[1:], "@OFFERS@", offers.String(), "@VALUES@", values.String()).Replace(frame)
	_, err := io.WriteString(p.Stdout, script)
	return err
}

// offer is a word that can come next, with a hint.
type offer struct{ word, hint string }

// position is a command or a group of them: what can be typed behind it.
type position struct {
	path     string // "camera add"; empty for bauta alone
	commands []offer
	flags    []*kong.Flag
	choices  []string // of its first argument
	file     bool     // an argument names a file
}

// spotsOf lists the root and all below it.
func positionsOf(root *kong.Node) []position {
	var all []position
	var walk func(n *kong.Node)
	walk = func(n *kong.Node) {
		s := position{flags: visible(n)}
		if n != root {
			s.path = commandName(n)
			s.flags = append(s.flags, visible(root)...)
		}
		for _, arg := range n.Positional {
			s.file = s.file || names(arg)
			if arg.Enum != "" && s.choices == nil {
				s.choices = choices(arg)
			}
		}
		var below []*kong.Node
		for _, child := range n.Children {
			if !child.Hidden {
				s.commands = append(s.commands, offer{child.Name, child.Help})
				below = append(below, child)
			}
		}
		all = append(all, s)
		for _, child := range below {
			walk(child)
		}
	}
	walk(root)
	return all
}

// names reports whether a value is a path.
func names(v *kong.Value) bool {
	return slices.Contains([]string{"path", "existingfile", "existingdir"}, v.Tag.Type)
}

// choices are the values of an enumeration, without the empty one.
func choices(v *kong.Value) []string {
	var out []string
	for _, c := range strings.Split(v.Enum, ",") {
		if c != "" {
			out = append(out, c)
		}
	}
	return out
}

// flagsOf are all flags that take a value, each name once: no two commands
// give one name different kinds of values.
func flagsOf(positions []position) []*kong.Flag {
	var all []*kong.Flag
	seen := map[string]bool{}
	for _, s := range positions {
		for _, f := range s.flags {
			if !f.IsBool() && !seen[f.Name] {
				seen[f.Name] = true
				all = append(all, f)
			}
		}
	}
	return all
}

// valueRow says what may follow a flag: a file, one of few words, or nothing
// that a shell could know.
func valueRow(shell string, f *kong.Flag) string {
	pattern := "--" + f.Name
	if f.Short != 0 {
		pattern += map[string]string{"bash": "|-", "zsh": "|-", "fish": " -"}[shell] + string(f.Short)
	}
	kind := "nothing"
	switch {
	case names(f.Value):
		kind = "files"
	case f.Enum != "":
		kind = "words " + strings.Join(choices(f.Value), " ")
	}
	if shell == "fish" {
		return fmt.Sprintf("        case %s\n            echo %s\n", pattern, kind)
	}
	return fmt.Sprintf("\t%s) kind='%s' ;;\n", pattern, kind)
}

// words is all that can come next.
func (s position) words() []offer {
	out := slices.Clone(s.commands)
	for _, c := range s.choices {
		out = append(out, offer{c, ""})
	}
	for _, f := range s.flags {
		out = append(out, offer{"--" + f.Name, f.Help})
	}
	return out
}

func bashRow(s position) string {
	var words []string
	for _, o := range s.words() {
		words = append(words, o.word)
	}
	return fmt.Sprintf("\t'%s') offers='%s' files=%t ;;\n", s.path, strings.Join(words, " "), s.file)
}

func zshRow(s position) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\t'%s')\n\t\tfiles=%t\n\t\toffers=(\n", s.path, s.file)
	for _, o := range s.words() {
		fmt.Fprintf(&b, "\t\t\t%s\n", quote(o.word+":"+o.hint, `'\''`))
	}
	return b.String() + "\t\t) ;;\n"
}

func fishRow(s position) string {
	var b strings.Builder
	fmt.Fprintf(&b, "        case '%s'\n", s.path)
	for _, o := range s.words() {
		fmt.Fprintf(&b, "            printf '%%s\\t%%s\\n' %s %s\n", o.word, quote(strings.ReplaceAll(o.hint, `\`, `\\`), `\'`))
	}
	if s.file {
		b.WriteString("            __fish_complete_path (commandline -ct)\n")
	}
	return b.String()
}

// quote puts a text into single quotes; apostrophe is how the shell writes one
// in them.
func quote(s, apostrophe string) string {
	return "'" + strings.ReplaceAll(s, "'", apostrophe) + "'"
}
