package sealed

import (
	"fmt"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/cmd/bauta/sealed/page"
	"github.com/bauta-gateway/bauta/cmd/bauta/sealed/source"
	"github.com/bauta-gateway/bauta/config/text"
)

// local is bauta sealed page.
type local struct {
	where
	Folder string `help:"Folder for keys and opened stretches; with --disk also where requests are." type:"existingdir" default:"." placeholder:"DIR"`
	Files  bool   `help:"Requests are files in the folder: no gateway is asked, and no disk is needed to approve."`
}

func (c *local) Run(p *cli.Program) error {
	var src source.Source = source.Files{Disk: c.files("").Disk, Folder: c.Folder}
	if c.Disk == "" && !c.Files {
		var err error
		if src, err = c.gateway(p); err != nil {
			return err
		}
	}
	return page.Run(p.Ctx, page.Config{Source: src, Folder: c.Folder, Lang: p.Lang, Token: token(p), Ready: func(address string) {
		p.Say(text.SealedPageReady)
		fmt.Fprintln(p.Stdout, address)
	}})
}
