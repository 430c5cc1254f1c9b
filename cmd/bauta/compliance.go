package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/compliance"
)

type complianceCommand struct {
	place
	JSON bool `help:"Print JSON, as docs/cli.md describes it."`
	All  bool `help:"Print clauses that pass or cannot be checked too."`
}

func (c *complianceCommand) Run(p *program) error {
	client, err := c.client(p)
	if err != nil {
		return err
	}
	r, err := client.Compliance(p.ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return p.json(r)
	}
	today := policy.DateOf(time.Now())
	days, err := client.Days(p.ctx, today, today)
	if err != nil {
		return err
	}
	p.say(text.ComplianceState, r.Title.In(p.lang), r.Version, text.Status(string(r.State)), r.Since.Local().Format(time.DateTime))
	p.say(text.ComplianceShare, 100*r.ProtectedShare)
	for _, d := range days {
		p.say(text.ComplianceDay, string(d.Camera), d.Protected/60, d.Gap/60, d.Offline/60)
	}
	clauses(p, r, c.All)
	p.say(text.ComplianceAdvice)
	return nil
}

// clauses prints what asks for something, or all.
func clauses(p *program, r compliance.Report, all bool) {
	counts := map[policy.Status]int{}
	for _, cl := range r.Clauses {
		counts[cl.Status]++
		if !all && (cl.Status == policy.Pass || cl.Status == policy.Info) {
			continue
		}
		mark := ""
		if !cl.Verified {
			mark = " " + p.text(text.ComplianceUnverified)
		}
		fmt.Fprintf(p.stdout, "\n%s  %s  %s%s\n", p.text(text.Status(string(cl.Status))), cl.ID, cl.Citation.In(p.lang), mark)
		for _, line := range []string{cl.Duty.In(p.lang), cl.Evidence.In(p.lang), cl.Next.In(p.lang)} {
			if line != "" {
				fmt.Fprintln(p.stdout, "  "+line)
			}
		}
	}
	fmt.Fprintln(p.stdout)
	var parts []string
	for _, s := range []policy.Status{policy.Fail, policy.Warn, policy.Unknown, policy.Pass, policy.Info} {
		parts = append(parts, fmt.Sprintf("%s %d", p.text(text.Status(string(s))), counts[s]))
	}
	fmt.Fprintln(p.stdout, strings.Join(parts, ", "))
}
