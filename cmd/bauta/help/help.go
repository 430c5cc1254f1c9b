// Package help prints what a command is for, with an example, and says what was wrong with a
// command line, both in the user's language.
//
// In: kong's model of the command line, its errors, and the words of config/text. Out: lines
// on a terminal. It starts no goroutines, keeps no state and runs no command. The tests of
// cmd/bauta prove that each command has a group, an example that parses, and Chinese help.
package help

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/config/text/commands"
)

// Command is bauta help.
type Command struct {
	Command []string `arg:"" optional:"" help:"The command, such as camera add. Default: all of them."`
}

// Run prints the help of a command, or of all.
func (c *Command) Run(p *cli.Program, k *kong.Context) error {
	n := k.Model.Node
	for _, word := range c.Command {
		at := slices.IndexFunc(n.Children, func(child *kong.Node) bool { return child.Name == word })
		if at < 0 {
			asked := strings.Join(c.Command, " ")
			return text.Fail(cli.Usage(errors.New("no such command")), text.UsageCommand, asked)
		}
		n = n.Children[at]
	}
	newPage(p.Stdout, p.Lang).all(n)
	return nil
}

// Printer is what --help prints.
func Printer(_ kong.HelpOptions, k *kong.Context) error {
	n := k.Selected()
	if n == nil {
		n = k.Model.Node
	}
	newPage(k.Stdout, Language(k.Args)).all(n)
	return nil
}

// Language is the language of what is printed before a command runs: that of --lang, else
// the environment's.
func Language(args []string) text.Lang {
	for i, arg := range args {
		if arg == "--" {
			break
		}
		if value, ok := strings.CutPrefix(arg, "--lang="); ok {
			return text.Pick(value)
		}
		if arg == "--lang" && i+1 < len(args) {
			return text.Pick(args[i+1])
		}
	}
	return text.FromEnv()
}

// widest is the most cells of a line, however wide the terminal is.
const widest = 100

// page is what is being printed.
type page struct {
	w     io.Writer
	lang  text.Lang
	width int
}

func newPage(w io.Writer, lang text.Lang) *page {
	width := 80
	if f, ok := w.(*os.File); ok {
		width = cli.Columns(f)
	}
	return &page{w, lang, max(40, min(width, widest))}
}

func (p *page) text(key text.Key, args ...any) string { return text.Of(p.lang, key, args...) }

// help is a sentence of a command's tags in the page's language.
func (p *page) help(english string) string {
	if p.lang == text.ZhCN {
		if chinese, ok := commands.Chinese(english); ok {
			return chinese
		}
	}
	return english
}

func (p *page) line(s string) { fmt.Fprintln(p.w, s) }

func (p *page) paragraph(s string) {
	for _, l := range cli.Wrap(s, p.width) {
		p.line(l)
	}
}

func (p *page) title(key text.Key) {
	p.line("")
	p.line(p.text(key))
}

// entry is a term with what it means beside it.
type entry struct{ term, meaning string }

// entries lines terms up; a term that is too long has its meaning on the next line.
func (p *page) entries(all []entry) {
	const most = 30
	column := 0
	for _, e := range all {
		if len(e.term) <= most {
			column = max(column, len(e.term)+4)
		}
	}
	for _, e := range all {
		head := cli.Pad("  "+e.term, column)
		lines := cli.Wrap(e.meaning, p.width-column)
		if len(e.term) > most {
			p.line("  " + e.term)
			head = strings.Repeat(" ", column)
		}
		for _, l := range lines {
			p.line(strings.TrimRight(head+l, " "))
			head = strings.Repeat(" ", column)
		}
	}
}

// short is what bauta alone prints: what it is and the first word of each command.
func (p *page) short(root *kong.Node) {
	p.groups(root, func(n *kong.Node) []entry { return []entry{{n.Name, p.help(n.Help)}} })
	p.line("")
	p.paragraph(p.text(text.HelpMore))
}

// groups prints what the program is, its commands by groups, and how one begins.
func (p *page) groups(root *kong.Node, entries func(*kong.Node) []entry) {
	p.line(p.text(text.HelpUsage, "bauta COMMAND [FLAG...]"))
	p.line("")
	p.paragraph(p.text(text.HelpAbout))
	for _, g := range groups {
		var list []entry
		for _, name := range g.Commands {
			if n := child(root, name); n != nil {
				list = append(list, entries(n)...)
			}
		}
		if len(list) > 0 { // fewer commands are there on systems that run no gateway
			p.title(g.Title)
			p.entries(list)
		}
	}
	p.example(root)
}

// all is the whole help of a command, a group of them, or the program.
func (p *page) all(n *kong.Node) {
	if n.Parent == nil {
		p.program(n)
		return
	}
	p.line(p.text(text.HelpUsage, usage(n)))
	p.line("")
	p.paragraph(p.help(n.Help))
	p.example(n)
	if !n.Leaf() {
		p.title(text.HelpCommands)
		p.entries(p.leaves(n))
	}
	if len(n.Positional) > 0 {
		p.title(text.HelpArguments)
		var list []entry
		for _, arg := range n.Positional {
			list = append(list, entry{arg.Summary(), p.help(arg.Help)})
		}
		p.entries(list)
	}
	own, shared := flags(n)
	p.flags(text.HelpFlags, own)
	p.flags(text.HelpShared, shared)
}

// program lists every command, by groups.
func (p *page) program(root *kong.Node) {
	p.groups(root, p.leaves)
	p.flags(text.HelpShared, root.Flags)
	p.line("")
	p.paragraph(p.text(text.HelpCodes))
}

func child(n *kong.Node, name string) *kong.Node {
	for _, c := range n.Children {
		if c.Name == name && !c.Hidden {
			return c
		}
	}
	return nil
}

// leaves are the commands that can be run, of a node and all below it.
func (p *page) leaves(n *kong.Node) (list []entry) {
	if n.Leaf() {
		return []entry{{n.Path(), p.help(n.Help)}}
	}
	for _, c := range n.Children {
		if !c.Hidden {
			list = append(list, p.leaves(c)...)
		}
	}
	return list
}

func (p *page) example(n *kong.Node) {
	lines := slices.DeleteFunc(slices.Clone(Examples(n.Path())), func(line string) bool {
		return n.Parent == nil && child(n, strings.Fields(line)[1]) == nil
	})
	if len(lines) == 0 {
		return
	}
	p.title(text.HelpExample)
	for _, l := range lines {
		p.line("  " + l)
	}
}

func (p *page) flags(title text.Key, list []*kong.Flag) {
	var shown []entry
	for _, f := range list {
		if !f.Hidden {
			shown = append(shown, entry{f.String(), p.help(f.Help)})
		}
	}
	if len(shown) > 0 {
		p.title(title)
		p.entries(shown)
	}
}

// common are the flags that most commands have.
var common = []string{"config", "data", "help", "lang", "version"}

// flags parts what is a command's own from what most have.
func flags(n *kong.Node) (own, shared []*kong.Flag) {
	for at := n; at != nil; at = at.Parent {
		for _, f := range at.Flags {
			if slices.Contains(common, f.Name) {
				shared = append(shared, f)
			} else {
				own = append(own, f)
			}
		}
	}
	return own, shared
}

// usage is how a command is written.
func usage(n *kong.Node) string {
	words := []string{"bauta", n.Path()}
	for _, arg := range n.Positional {
		words = append(words, arg.Summary())
	}
	for _, f := range n.Flags {
		if f.Required && !f.Hidden {
			words = append(words, f.Summary())
		}
	}
	if !n.Leaf() {
		words = append(words, "COMMAND")
	}
	return strings.Join(append(words, "[FLAG...]"), " ")
}
