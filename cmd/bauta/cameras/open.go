package cameras

import (
	"fmt"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config/text"
)

type siteOpen struct {
	cli.Target
	JSON bool `help:"Print JSON."`
}

// Run lists what waits for an answer.
func (c *siteOpen) Run(p *cli.Program) error {
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	all, err := client.Opens(p.Ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return p.JSON(all)
	}
	if len(all) == 0 {
		p.Say(text.OpenNone)
	}
	for _, one := range all {
		if one.Clause != "" {
			p.Say(text.OpenClause, one.Clause, text.Status(string(one.Status)), one.Why)
		} else {
			p.Say(text.OpenRecord, string(one.Kind), one.ID, one.Why)
		}
		if one.Was != "" {
			fmt.Fprintln(p.Stdout, "  "+p.Text(text.OpenWas, text.Status(string(one.Was))))
		}
		fmt.Fprintln(p.Stdout, "  "+p.Text(text.OpenNext, one.Next))
	}
	return nil
}
