// Package manual prints the manual pages and the shells' completions of a command line.
//
// In: kong's model of it, which Run gets from kong. Out: roff, or a script for bash,
// zsh or fish. It starts no goroutines and knows no command by name. The tests of
// cmd/bauta prove both on the whole command line.
//
// Kong's helpers do less than this: mango-kong leaves out arguments, variables of the
// environment and section 5, and kongplete starts the program at each Tab.
package manual

import (
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/cmd/bauta/help"
	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/text"
)

// Command is bauta manual.
type Command struct {
	Page string `arg:"" optional:"" help:"bauta (section 1) or bauta.yaml (section 5)." enum:"bauta,bauta.yaml" default:"bauta"`
}

// Run prints roff; `bauta manual | man -l -` shows it.
func (c *Command) Run(p *cli.Program, k *kong.Context) error {
	var r roff
	if c.Page == "bauta.yaml" {
		r.settings(p.Lang)
	} else {
		r.program(k.Model.Node)
	}
	_, err := io.WriteString(p.Stdout, r.String())
	return err
}

// roff is a manual page in the man macros.
type roff struct{ strings.Builder }

// macro writes a request with its arguments, each in quotes.
func (r *roff) macro(name string, args ...string) {
	r.WriteString("." + name)
	for _, arg := range args {
		fmt.Fprintf(r, ` "%s"`, strings.ReplaceAll(escape(arg), `"`, `\(dq`))
	}
	r.WriteByte('\n')
}

// say writes running text.
func (r *roff) say(line string) {
	line = escape(line)
	if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
		line = `\&` + line // no request
	}
	r.WriteString(line + "\n")
}

// entry is a term and below it what it means.
func (r *roff) entry(term, meaning string) {
	r.macro("TP")
	r.macro("B", term)
	r.say(meaning)
}

// escape keeps what people paste as it is: roff makes a hyphen of a minus and
// a command of a backslash.
func escape(s string) string {
	return strings.NewReplacer(`\`, `\e`, "-", `\-`, "`", `\(ga`, "^", `\(ha`, "~", `\(ti`).Replace(s)
}

func (r *roff) title(name, section string) {
	r.macro("TH", name, section, "", "Bauta "+wire.Version, "Bauta")
}

// program describes the command line.
func (r *roff) program(root *kong.Node) {
	about, codes, _ := strings.Cut(root.Help, "\n\n")
	r.title("BAUTA", "1")
	r.macro("SH", "NAME")
	r.say("bauta - privacy gateway for cameras")
	r.macro("SH", "SYNOPSIS")
	r.macro("B", "bauta")
	r.say("COMMAND [FLAG...]")
	r.macro("SH", "DESCRIPTION")
	r.say(about)
	r.macro("SH", "OPTIONS")
	r.flags(root)
	r.macro("SH", "COMMANDS")
	for _, leaf := range root.Leaves(true) {
		r.command(leaf)
	}
	r.macro("SH", "EXIT STATUS")
	r.say(codes)
	r.macro("SH", "ENVIRONMENT")
	r.environment(root)
	r.macro("SH", "FILES")
	r.entry("/etc/bauta/bauta.yaml", "Settings, see bauta.yaml(5).")
	r.entry(config.SystemData, "State of the gateway that runs as a service: cameras, consents, audit trail, and the key that encrypts them.")
	r.macro("SH", "SEE ALSO")
	r.macro("BR", "bauta.yaml", " (5)")
}

// command is one that can be run. What a group of commands shares is described with
// each of them.
func (r *roff) command(n *kong.Node) {
	r.macro("SS", usage(n))
	r.say(n.Help)
	for _, arg := range n.Positional {
		r.entry(arg.Summary(), arg.Help)
	}
	r.flags(n)
	for _, line := range help.Examples(n.Path()) {
		r.macro("PP")
		r.say("Example: " + line)
	}
}

// usage is the command without its flags.
func usage(n *kong.Node) string {
	words := []string{"bauta", commandName(n)}
	for _, arg := range n.Positional {
		words = append(words, arg.Summary())
	}
	return strings.Join(words, " ")
}

func (r *roff) flags(n *kong.Node) {
	for _, f := range visible(n) {
		r.entry(f.String(), f.Help)
		if f.Enum != "" && !strings.HasPrefix(f.Enum, ",") {
			r.say("One of " + strings.ReplaceAll(f.Enum, ",", ", ") + ".")
		}
	}
}

// visible are the flags of a command itself, without --help, which all have.
func visible(n *kong.Node) []*kong.Flag {
	var out []*kong.Flag
	for _, f := range n.Flags {
		if !f.Hidden && (f.Name != "help" || n.Type == kong.ApplicationNode) {
			out = append(out, f)
		}
	}
	return out
}

// environment lists each variable once, with the flag that it stands for.
func (r *roff) environment(root *kong.Node) {
	seen := map[string]bool{}
	for _, leaf := range root.Leaves(true) {
		for _, f := range leaf.Flags {
			for _, name := range f.Envs {
				if !seen[name] {
					seen[name] = true
					r.entry(name, "Stands for --"+f.Name+" where that is not given: "+f.Help)
				}
			}
		}
	}
	r.entry("LC_ALL, LC_MESSAGES, LANG", "The language of messages, where neither --lang nor the settings name one.")
}

// commandName is the command with its parents, without arguments.
func commandName(n *kong.Node) string {
	name := n.Name
	for p := n.Parent; p != nil && p.Type == kong.CommandNode; p = p.Parent {
		name = p.Name + " " + name
	}
	return name
}

// settings describes bauta.yaml.
func (r *roff) settings(lang text.Lang) {
	say := func(key text.Key, args ...any) string { return text.Of(lang, key, args...) }
	r.title("BAUTA.YAML", "5")
	r.macro("SH", say(text.ManualName))
	r.say("bauta.yaml - " + say(text.ManualConfigTitle))
	r.macro("SH", say(text.ManualDescription))
	for i, key := range []text.Key{text.ManualConfigAbout, text.ManualConfigStrict, text.ManualConfigStart} {
		if i > 0 {
			r.macro("PP")
		}
		r.say(say(key))
	}
	r.macro("SH", say(text.ManualSettings))
	for _, s := range config.Describe() {
		r.entry(s.Key, say(s.About))
		r.macro("br")
		r.say(say(text.ManualDefault, s.Default))
	}
	r.macro("SH", say(text.ManualFiles))
	r.entry("/etc/bauta/bauta.yaml", say(text.ManualConfigFile))
	r.macro("SH", say(text.ManualSeeAlso))
	r.macro("BR", "bauta", " (1)")
}
