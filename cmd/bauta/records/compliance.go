package records

import (
	"fmt"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/compliance"
)

// Compliance is bauta compliance.
type Compliance struct {
	cli.Target
	JSON bool `help:"Print JSON, as docs/cli.md describes it."`
	All  bool `help:"Print clauses that are met, do not apply or cannot be checked too."`
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
	today := civil.Of(r.Time) // at the site
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
	clauses(p, r.Clauses, c.All)
	for _, o := range r.Overlays {
		fmt.Fprintln(p.Stdout)
		p.Say(text.ComplianceOverlay, o.Title.In(p.Lang), text.PackKind(string(o.Kind)), o.Version)
		clauses(p, o.Clauses, c.All)
	}
	p.Say(text.ComplianceAdvice)
	return nil
}

// clauses prints what asks for something, or all.
func clauses(p *cli.Program, list []compliance.Clause, all bool) {
	counts := map[text.Key]int{}
	for _, cl := range list {
		counts[standing(cl)]++
		if !all && (cl.Status == policy.Pass || cl.Status.Rank() == 0) {
			continue
		}
		clause(p, cl)
	}
	fmt.Fprintln(p.Stdout)
	var parts []string
	for _, s := range []text.Key{text.StatusFail, text.StatusUnknown, text.StatusWarn, text.StatusMeasured, text.StatusRecorded, text.StatusDeclared, text.StatusDesign, text.StatusPass, text.StatusSpared, text.StatusInfo} {
		if counts[s] > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", p.Text(s), counts[s]))
		}
	}
	fmt.Fprintln(p.Stdout, strings.Join(parts, ", "))
}

// standing is how a clause stands, with what a pass rests on.
func standing(c compliance.Clause) text.Key { return text.Standing(string(c.Status), string(c.Basis)) }

// clause prints one with who owes it and what breaking it costs.
func clause(p *cli.Program, c compliance.Clause) {
	mark := ""
	if !c.Verified {
		mark = " " + p.Text(text.ComplianceUnverified)
	}
	fmt.Fprintf(p.Stdout, "\n%s  %s  %s%s\n", p.Text(standing(c)), c.ID, c.Citation.In(p.Lang), mark)
	penalty := ""
	if c.Penalty != (compliance.Text{}) {
		penalty = p.Text(text.CompliancePenalty, c.Penalty.In(p.Lang))
	}
	for _, line := range []string{c.Duty.In(p.Lang), p.Text(text.ComplianceWho, c.Who.In(p.Lang)), penalty, c.Evidence.In(p.Lang), c.Next.In(p.Lang)} {
		if line != "" {
			fmt.Fprintln(p.Stdout, "  "+line)
		}
	}
}
