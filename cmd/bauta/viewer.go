package main

import (
	"fmt"

	"github.com/bauta-gateway/bauta/config/text"
)

type viewerCommand struct {
	place
	JSON bool `help:"Print JSON."`
}

func (c *viewerCommand) Run(p *program) error {
	client, err := c.client(p)
	if err != nil {
		return err
	}
	v, err := client.Viewer(p.ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return p.json(v)
	}
	if v.Anonymous {
		p.say(text.ViewerNone)
	} else {
		p.say(text.StatusViewer, v.User, v.Password)
	}
	for _, url := range v.URLs {
		fmt.Fprintln(p.stdout, url)
	}
	return nil
}
