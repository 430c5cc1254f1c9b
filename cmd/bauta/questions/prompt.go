package questions

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
)

// lines reads what a person types, and gives up with the program's context.
type lines struct {
	p   *cli.Program
	got chan string
}

func newLines(p *cli.Program) *lines {
	l := &lines{p, make(chan string)}
	// A read of a terminal cannot be ended: the goroutine goes with the process.
	go func() {
		defer close(l.got)
		for in := bufio.NewScanner(p.Stdin); in.Scan(); {
			l.got <- in.Text()
		}
	}()
	return l
}

// next is a line, or what the person wants instead; the end of the input quits.
func (l *lines) next(prompt string) (string, error) {
	fmt.Fprint(l.p.Stdout, prompt+" ")
	select {
	case <-l.p.Ctx.Done():
		return "", l.p.Ctx.Err()
	case line, more := <-l.got:
		if !more {
			return "", errQuit
		}
		line = strings.TrimSpace(line)
		return line, map[string]error{"/skip": errSkip, "/back": errBack, "/quit": errQuit, "/each": errEach}[line]
	}
}

// errEach: the cameras differ.
var errEach = errors.New("each camera")

// errAgain: what was typed is no value of the field.
var errAgain = errors.New("again")

// value asks for one field until it is one; nil: it may be left empty, and is. What is known
// stays where nothing is typed. The cameras are those of which all are asked at once; nil: none.
func (s *session) value(f api.GuidedField, cameras []api.GuidedCamera) (any, error) {
	if f.Type == "items" {
		return s.items(f)
	}
	s.offer(f)
	prompt := f.Name.In(s.p.Lang)
	if f.Value != nil {
		prompt += " [" + word(s.p, f, f.Value) + "]"
	}
	for {
		line, err := s.lines.next(prompt + ":")
		switch {
		case errors.Is(err, errEach) && cameras == nil:
			continue
		case err != nil:
			return nil, err
		case line == "" && f.Value != nil, line == "" && !f.Required:
			return f.Value, nil
		}
		v, err := s.parse(f, line)
		if err == nil {
			return v, nil
		}
		if !errors.Is(err, errAgain) {
			fmt.Fprintln(s.p.Stdout, text.Explain(s.p.Lang, err))
			continue
		}
		s.p.Say(text.AskAgain, both(text.AskType(f.Type)))
	}
}

func (s *session) items(f api.GuidedField) (any, error) {
	all := map[string]any{}
	for _, item := range f.Choices {
		v, err := s.value(api.GuidedField{RecordField: api.RecordField{Choice: item.Choice, Type: "text", Required: true}}, nil)
		if err != nil {
			return nil, err
		}
		all[item.ID] = v
	}
	return all, nil
}

// offer lists what can be chosen by its number; once where the same is asked of camera after
// camera.
func (s *session) offer(f api.GuidedField) {
	if s.offered == f.ID {
		return
	}
	s.offered = f.ID
	if hint := f.Hint.In(s.p.Lang); hint != "" {
		fmt.Fprintln(s.p.Stdout, hint)
	}
	for i, c := range choices(f) {
		fmt.Fprintf(s.p.Stdout, "  %d) %s\n", i+1, c.In(s.p.Lang))
	}
}

// choices are those that a list of numbers can show; longer ones are typed by their codes.
func choices(f api.GuidedField) (all []api.Words) {
	if f.Type == "text" {
		return f.Suggestions
	}
	for _, c := range f.Choices {
		all = append(all, c.Name)
	}
	return all
}

func (s *session) parse(f api.GuidedField, line string) (any, error) {
	switch f.Type {
	case "number":
		n, err := strconv.Atoi(line)
		if err != nil {
			return nil, errAgain
		}
		return n, nil
	case "flag", "answer":
		return yesNo(line)
	case "hash":
		return cli.HashOf(line)
	case "cameras":
		return s.list(line)
	case "choice":
		return choose(f.Choices, line)
	case "choices":
		return several(f.Choices, line)
	}
	if n, err := strconv.Atoi(line); err == nil && f.Type == "text" && n >= 1 && n <= len(f.Suggestions) {
		return f.Suggestions[n-1].In(s.p.Lang), nil
	}
	return line, nil
}

func yesNo(line string) (any, error) {
	switch strings.ToLower(line) {
	case "yes", "y", text.Of(text.ZhCN, text.Said("yes")):
		return true, nil
	case "no", "n", text.Of(text.ZhCN, text.Said("no")):
		return false, nil
	}
	return nil, errAgain
}

// choose takes a number of the list or the word itself.
func choose(all []api.RecordChoice, line string) (string, error) {
	if slices.ContainsFunc(all, func(c api.RecordChoice) bool { return c.ID == line }) {
		return line, nil
	}
	if n, err := strconv.Atoi(line); err == nil && n >= 1 && n <= len(all) {
		return all[n-1].ID, nil
	}
	return "", errAgain
}

func several(all []api.RecordChoice, line string) (any, error) {
	var out []string
	for _, part := range strings.FieldsFunc(line, func(r rune) bool { return r == ' ' || r == ',' }) {
		c, err := choose(all, part)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

// list is all cameras, or those that are named.
func (s *session) list(line string) (any, error) {
	if line != "all" {
		return strings.FieldsFunc(line, func(r rune) bool { return r == ' ' || r == ',' }), nil
	}
	cameras, err := s.client.Cameras(s.p.Ctx)
	ids := make([]string, len(cameras))
	for i, c := range cameras {
		ids[i] = string(c.ID)
	}
	return ids, err
}

// put puts a value into a struct by its JSON name.
func put(into any, name string, value any) error {
	if value == nil {
		return nil
	}
	b, err := json.Marshal(map[string]any{name: value})
	if err != nil {
		return err
	}
	return json.Unmarshal(b, into)
}
