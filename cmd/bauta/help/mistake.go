package help

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config/nearest"
	"github.com/bauta-gateway/bauta/config/text"
)

// Mistake tells of a command line that cannot be read, on stderr, and returns the exit code. Where
// only a command is missing it prints what there is.
func Mistake(p *cli.Program, root *kong.Node, err error) int {
	n := root
	var parse *kong.ParseError
	if errors.As(err, &parse) && parse.Context.Selected() != nil {
		n = parse.Context.Selected()
	}
	message := err.Error()
	if !n.Leaf() && strings.HasPrefix(message, "expected ") {
		if n == root {
			newPage(p.Stderr, p.Lang).short(n)
		} else {
			newPage(p.Stderr, p.Lang).all(n)
		}
		return cli.ExitUsage
	}
	said := explained(p.Lang, n, message)
	var problem *text.Problem
	if name, _, ok := strings.Cut(message, ": "); ok && errors.As(err, &problem) {
		said = text.Of(p.Lang, text.UsageOf, name, problem)
	}
	fmt.Fprintln(p.Stderr, "bauta: "+said)
	fmt.Fprintln(p.Stderr, text.Of(p.Lang, text.UsageTry, n.FullPath()+" --help"))
	return cli.ExitUsage
}

// mistake is one of kong's messages, whose parts are told in the catalogue's words.
type mistake struct {
	of  *regexp.Regexp
	say func(lang text.Lang, n *kong.Node, m []string) string
}

func simple(key text.Key) func(text.Lang, *kong.Node, []string) string {
	return func(lang text.Lang, _ *kong.Node, m []string) string {
		args := make([]any, len(m)-1)
		for i, part := range m[1:] {
			args[i] = part
		}
		return text.Of(lang, key, args...)
	}
}

const meantPart = `(?:, did you mean (?:one of )?(.+)\?)?$`

// mistakes are tried in order. What kong says otherwise is printed as it is.
var mistakes = []mistake{
	{regexp.MustCompile(`^unknown flag (\S+?)` + meantPart), unknown(text.UsageFlag)},
	{regexp.MustCompile(`^unexpected argument (.+?)` + meantPart), unexpected},
	{regexp.MustCompile(`^missing flags: (.+)$`), simple(text.UsageMissing)},
	{regexp.MustCompile(`^missing positional arguments (.+)$`), simple(text.UsageMissing)},
	{regexp.MustCompile(`^expected "(.+)"$`), simple(text.UsageMissing)},
	{regexp.MustCompile(`^(.+?) must be one of (.+) but got "(.*)"$`), choice},
	{regexp.MustCompile(`^(.+?): (bool) value must be .+ but got "(.*)"$`), yesOrNo},
	{regexp.MustCompile(`^(.+?): expected \w+ value but got "EOL"`), simple(text.UsageValue)},
	{regexp.MustCompile(`^(.+?): expected \w+ value but got "--.*; perhaps try`), simple(text.UsageValue)},
	{regexp.MustCompile(`^(.+?): expected a valid \d+ bit u?int but got "(.*)"$`), simple(text.UsageNumber)},
	{regexp.MustCompile(`^(.+?): expected (?:an int|a float) but got "(.*)" \(.*\)$`), simple(text.UsageNumber)},
	{regexp.MustCompile(`^(.+?): expected duration but got "(.*?)"(?::.*)?$`), simple(text.UsageSpan)},
	{regexp.MustCompile(`^(.+?): "(.*)" is no span of time: .*$`), simple(text.UsageDays)},
	{regexp.MustCompile(`^(.+?) and (.+?) can't be used together$`), simple(text.UsageTogether)},
	{regexp.MustCompile(`^(.+?): (?:stat|open) (.+): no such file or directory$`), simple(text.UsageNoFile)},
	{regexp.MustCompile(`^(.+?): "(.+)" exists but is a directory$`), simple(text.UsageFolder)},
}

// explained is kong's message in the user's language.
func explained(lang text.Lang, n *kong.Node, message string) string {
	for _, m := range mistakes {
		if found := m.of.FindStringSubmatch(message); found != nil {
			return m.say(lang, n, found)
		}
	}
	return message
}

// unknown says what is not there, and what was meant.
func unknown(key text.Key) func(text.Lang, *kong.Node, []string) string {
	return func(lang text.Lang, _ *kong.Node, m []string) string {
		return meant(lang, text.Of(lang, key, m[1]), strings.ReplaceAll(m[2], `"`, ""))
	}
}

func meant(lang text.Lang, said, word string) string {
	if word == "" {
		return said
	}
	return text.Of(lang, text.UsageMeant, said, word)
}

// unexpected is a command that is not there, or one argument too many.
func unexpected(lang text.Lang, n *kong.Node, m []string) string {
	if n.Leaf() {
		return text.Of(lang, text.UsageArgument, m[1])
	}
	said := text.Of(lang, text.UsageCommand, strings.TrimSpace(n.Path()+" "+m[1]))
	return meant(lang, said, strings.ReplaceAll(m[2], `"`, ""))
}

// yesOrNo is a value of a flag that is there or not.
func yesOrNo(lang text.Lang, _ *kong.Node, m []string) string {
	return text.Of(lang, text.UsageChoice, m[1], oneOf(lang, []string{"true", "false"}), m[3])
}

// choice is a value that is none of a few.
func choice(lang text.Lang, n *kong.Node, m []string) string {
	words := choices(n, m[1], m[2])
	said := text.Of(lang, text.UsageChoice, m[1], oneOf(lang, words), m[3])
	return meant(lang, said, near(m[3], words))
}

// choices are what a flag or argument takes: by its placeholder where that lists them, else
// all that kong names.
func choices(n *kong.Node, name, quoted string) (words []string) {
	for at := n; at != nil; at = at.Parent {
		for _, f := range at.Flags {
			if "--"+f.Name == name && strings.Contains(f.PlaceHolder, "|") {
				return strings.Split(f.PlaceHolder, "|")
			}
		}
	}
	for _, word := range strings.Split(quoted, ",") {
		if word = strings.Trim(word, `"`); word != "" {
			words = append(words, word)
		}
	}
	return words
}

func oneOf(lang text.Lang, words []string) string {
	if len(words) == 0 {
		return ""
	}
	comma := ", "
	if lang == text.ZhCN {
		comma = "、"
	}
	last := len(words) - 1
	if last == 0 {
		return words[0]
	}
	return text.Of(lang, text.UsageOr, strings.Join(words[:last], comma), words[last])
}

// alike are words that other programs have for what is meant.
var alike = map[string]string{
	"admin": "manager", "administrator": "manager", "guest": "viewer", "watch": "viewer", "blackout": "private", "pixelate": "mosaic",
	"write": "mask", "child": "minor14", "minor": "minor14",
}

// near is the word that was meant; empty where none is near. Of more letters more may be wrong.
func near(given string, words []string) (best string) {
	if word := alike[strings.ToLower(given)]; slices.Contains(words, word) {
		return word
	}
	least := 1 + len(given)/3
	for _, word := range words {
		d := nearest.Distance(strings.ToLower(given), word)
		if strings.HasPrefix(word, given) && given != "" {
			d = 0
		}
		if d <= least && (best == "" || d < least) {
			best, least = word, d
		}
	}
	return best
}
