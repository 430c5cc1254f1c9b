package records

import (
	"fmt"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/compliance"
)

// Compliance is bauta compliance.
type Compliance struct {
	cli.Target
	JSON bool `help:"Print JSON, as docs/cli.md describes it."`
	All  bool `help:"Print clauses that pass or cannot be checked too."`
}

func (c *Compliance) Run(p *cli.Program) error {
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	r, err := client.Compliance(p.Ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return p.JSON(r)
	}
	today := policy.DateOf(time.Now())
	days, err := client.Days(p.Ctx, today, today)
	if err != nil {
		return err
	}
	p.Say(text.ComplianceState, r.Title.In(p.Lang), r.Version, text.Status(string(r.State)), r.Since.Local().Format(time.DateTime))
	if r.ProtectedShare == nil {
		p.Say(text.ComplianceNoShare)
	} else {
		p.Say(text.ComplianceShare, policy.Percent(*r.ProtectedShare, 2))
	}
	for _, d := range days {
		p.Say(text.ComplianceDay, string(d.Camera), d.Protected/60, d.Gap/60, d.Offline/60)
	}
	clauses(p, r, c.All)
	p.Say(text.ComplianceAdvice)
	return nil
}

// clauses prints what asks for something, or all.
func clauses(p *cli.Program, r compliance.Report, all bool) {
	counts := map[policy.Status]int{}
	for _, cl := range r.Clauses {
		counts[cl.Status]++
		if !all && (cl.Status == policy.Pass || cl.Status.Rank() == 0) {
			continue
		}
		mark := ""
		if !cl.Verified {
			mark = " " + p.Text(text.ComplianceUnverified)
		}
		fmt.Fprintf(p.Stdout, "\n%s  %s  %s%s\n", p.Text(text.Standing(string(cl.Status), string(cl.Basis))), cl.ID, cl.Citation.In(p.Lang), mark)
		for _, line := range []string{cl.Duty.In(p.Lang), cl.Evidence.In(p.Lang), cl.Next.In(p.Lang)} {
			if line != "" {
				fmt.Fprintln(p.Stdout, "  "+line)
			}
		}
	}
	fmt.Fprintln(p.Stdout)
	var parts []string
	for _, s := range []policy.Status{policy.Fail, policy.Unknown, policy.Warn, policy.Pass, policy.NotApplicable, policy.Info} {
		parts = append(parts, fmt.Sprintf("%s %d", p.Text(text.Status(string(s))), counts[s]))
	}
	fmt.Fprintln(p.Stdout, strings.Join(parts, ", "))
}
