package sealed

import (
	"errors"
	"strings"
	"time"
	"unicode"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/cmd/bauta/sealed/source"
	"github.com/bauta-gateway/bauta/config/sealed"
	"github.com/bauta-gateway/bauta/config/text"
)

// requestArg is a request as an argument.
type requestArg struct {
	Request string `arg:"" help:"The request's id at the gateway, or its file R.json."`
}

type approve struct {
	where
	requestArg
	Identity []string `help:"Your private key's file; with a hardware token also the file of its AGE-PLUGIN identity." required:"" type:"existingfile" placeholder:"FILE"`
	By       string   `help:"Who approves: your id in the register. Default: the label in the key's file." placeholder:"ID"`
	Yes      bool     `help:"Do not ask: you have read the request otherwise."`
	Out      string   `help:"With R.json: file for the approval. Default: beside it." type:"path" placeholder:"A.json"`
}

func (c *approve) Run(p *cli.Program) error {
	src, i, err := c.load(p, c.where, c.Out)
	if err != nil {
		return err
	}
	fronts, err := src.Fronts(p.Ctx, i)
	if err != nil {
		return err
	}
	show(p, i, len(fronts))
	if !c.Yes {
		if yes, err := p.Confirm(p.Text(text.SealedAskYes)); err != nil || !yes {
			return errors.Join(err, text.Fail(cli.Refuse(errors.New("no")), text.SealedNotGiven))
		}
	}
	keys, err := identities(p, c.Identity)
	if err != nil {
		return err
	}
	by, err := person(c.By, keys.Label)
	if err != nil {
		return err
	}
	a, err := sealed.Approve(i.Request, fronts, by, time.Now(), keys.Identities...)
	if err != nil {
		return cli.Refuse(err)
	}
	at, err := src.Answer(p.Ctx, i, a)
	if err != nil {
		return err
	}
	if at != "" {
		p.Say(text.SealedApprovedFile, a.Group, len(a.Segments), at)
	} else {
		p.Say(text.SealedApprovedGateway, a.Group, len(a.Segments))
	}
	return nil
}

// load finds the request; one that somebody refused is over.
func (c requestArg) load(p *cli.Program, w where, out string) (source.Source, source.Item, error) {
	src, err := w.of(p, c.Request, out)
	if err != nil {
		return nil, source.Item{}, err
	}
	i, err := src.Load(p.Ctx, c.Request)
	if err != nil {
		return nil, source.Item{}, err
	}
	if a, refused := i.Refused(); refused {
		return nil, source.Item{}, text.Fail(cli.Refuse(sealed.ErrShares), text.SealedRefused, a.Request, a.By.ID, printable(a.Refused))
	}
	return src, i, nil
}

type refuse struct {
	where
	requestArg
	Why string `help:"Why." required:"" placeholder:"TEXT"`
	By  string `help:"Who refuses: your id in the register." required:"" placeholder:"ID"`
	Out string `help:"With R.json: file for the refusal. Default: beside it." type:"path" placeholder:"A.json"`
}

func (c *refuse) Run(p *cli.Program) error {
	by, err := person(c.By, "")
	if err != nil {
		return err
	}
	src, i, err := c.load(p, c.where, c.Out)
	if err != nil {
		return err
	}
	a, err := sealed.Refuse(i.Request, c.Why, by, time.Now())
	if err != nil {
		return cli.Usage(err)
	}
	at, err := src.Answer(p.Ctx, i, a)
	if err != nil {
		return err
	}
	if at != "" {
		p.Say(text.SealedRefusedFile, i.Request.ID, at)
	} else {
		p.Say(text.SealedRefusedGateway, i.Request.ID)
	}
	return nil
}

// printable is what somebody else wrote, without what a terminal would obey.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, s)
}
