// Package questions asks for what the law wants to know of a site, on the command line.
//
// In: what a person types at a terminal, and files of which only the SHA-256 goes on. Out: the
// list of the questions, and requests to the daemon, one for each answer. It starts one
// goroutine that reads lines and ends with the process. The scripts of cmd/bauta prove both
// commands.
package questions

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
)

// List is bauta site questions.
type List struct {
	cli.Target
	Open bool `help:"Only those that wait for an answer."`
	JSON bool `help:"Print JSON."`
}

// Run prints the questions.
func (c *List) Run(p *cli.Program) error {
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	all, err := client.Guide(p.Ctx)
	if err != nil {
		return err
	}
	if c.Open {
		all = slices.DeleteFunc(all, func(q api.Guided) bool { return q.State != open })
	}
	if c.JSON {
		return p.JSON(all)
	}
	for _, q := range all {
		fmt.Fprintf(p.Stdout, "%s: %s (%s)\n", q.ID, q.Title.In(p.Lang), p.Text(text.AskState(q.State)))
		if said := answered(p, q); said != "" {
			fmt.Fprintln(p.Stdout, "  "+said)
		}
		if q.State == open {
			p.Say(text.AskWho, q.Who)
		}
	}
	return nil
}

// open is the state of a question that waits for an answer.
const open = "open"

// answered is what was said, with all that belongs to it and who said it.
func answered(p *cli.Program, q api.Guided) string {
	var parts []string
	if q.Answer != nil && q.Answer.Says != "" {
		parts = append(parts, p.Text(text.Said(q.Answer.Says)))
		for _, f := range q.Answer.More {
			if f.Value != nil {
				parts = append(parts, fmt.Sprintf("%s: %v", f.Name.In(p.Lang), f.Value))
			}
		}
	}
	for _, f := range q.Site {
		if f.Value != nil {
			parts = append(parts, fmt.Sprintf("%s: %s", f.Name.In(p.Lang), word(p, f, f.Value)))
		}
	}
	for _, r := range q.Records {
		if r.Have > 0 {
			parts = append(parts, p.Text(text.AskHave, r.Have, r.Newest))
		}
	}
	if q.By != "" {
		parts = append(parts, p.Text(text.AnsweredBy, q.By, string(q.Date)))
	}
	return strings.Join(parts, "; ")
}

// word is a value as its field words it.
func word(p *cli.Program, f api.GuidedField, value any) string {
	if i := slices.IndexFunc(f.Choices, func(c api.RecordChoice) bool { return c.ID == fmt.Sprint(value) }); i >= 0 {
		return f.Choices[i].Name.In(p.Lang)
	}
	return fmt.Sprint(value)
}
