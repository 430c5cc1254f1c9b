package logins

import (
	"fmt"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config/text"
)

// Viewer is bauta viewer.
type Viewer struct {
	cli.Target
	JSON bool `help:"Print JSON."`
}

func (c *Viewer) Run(p *cli.Program) error {
	client, err := c.Client(p)
	if err != nil {
		return err
	}
	v, err := client.Viewer(p.Ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return p.JSON(v)
	}
	if v.Anonymous {
		p.Say(text.ViewerNone)
	} else {
		p.Say(text.StatusViewer, v.User, v.Password)
	}
	for _, url := range v.URLs {
		fmt.Fprintln(p.Stdout, url)
	}
	return nil
}
