package records

import (
	"fmt"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
)

type violationList struct {
	cli.Target
	JSON bool `help:"Print JSON."`
}

func (c *violationList) Run(p *cli.Program) error {
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	all, err := client.Violations(p.Ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return p.JSON(all)
	}
	if len(all) == 0 {
		p.Say(text.RecordNone)
	}
	for _, v := range all {
		fmt.Fprintln(p.Stdout, p.Text(text.ViolationHead, v.ID, v.In(p.Lang, time.Local)))
		fmt.Fprintln(p.Stdout, "  "+ending(p, v))
	}
	return nil
}

// ending says how a violation was closed, or that it was not.
func ending(p *cli.Program, v policy.Violation) string {
	c := v.Closing
	if c == nil {
		return p.Text(text.ViolationOpen)
	}
	parts := []string{p.Text(text.ViolationClosedAt, c.Time.Local().Format(time.DateTime), c.Account, c.Cause, c.Measure)}
	if c.FootageDeleted != nil {
		said := text.ReportFootageKept
		if *c.FootageDeleted {
			said = text.ReportFootageDeleted
		}
		parts = append(parts, p.Text(said), c.Police)
	}
	return strings.Join(append(parts, c.File), "; ")
}

type violationClose struct {
	cli.Target
	ID      string `arg:"" help:"The violation's number, as in bauta violation list."`
	File    string `arg:"" help:"A photo or document that proves it; only its SHA-256 is kept." type:"existingfile" name:"proof"`
	Cause   string `help:"What the cause was, without names." required:"" placeholder:"TEXT"`
	Measure string `help:"What was done about it." required:"" placeholder:"TEXT"`
	Footage string `help:"Whether the camera's footage is deleted: deleted or kept. Asked for where the place was a prohibited one." enum:",deleted,kept" default:"" placeholder:"STATE"`
	Police  string `help:"Reference of the report to the police. Asked for where the place was a prohibited one." placeholder:"REFERENCE"`
}

func (c *violationClose) Run(p *cli.Program) error {
	file, err := cli.HashOf(c.File)
	if err != nil {
		return err
	}
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	closing := api.NewClosing{Cause: c.Cause, Measure: c.Measure, File: file, Police: c.Police}
	if c.Footage != "" {
		deleted := c.Footage == "deleted"
		closing.FootageDeleted = &deleted
	}
	if err := client.CloseViolation(p.Ctx, c.ID, closing); err != nil {
		return err
	}
	p.Say(text.ViolationClosed, c.ID)
	return nil
}

// Violations are the commands of bauta violation.
type Violations struct {
	List  violationList  `cmd:"" help:"List the violations, open and closed."`
	Close violationClose `cmd:"" help:"Close a violation for good: its cause, what was done and the proof."`
}
