package sealed

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/cmd/bauta/sealed/source"
	"github.com/bauta-gateway/bauta/config/sealed"
	"github.com/bauta-gateway/bauta/config/sealed/movie"
	"github.com/bauta-gateway/bauta/config/text"
)

type open struct {
	where
	requestArg
	Key      string   `help:"The request's own private key, as bauta sealed request wrote it." required:"" type:"existingfile" placeholder:"FILE"`
	Approval []string `help:"File of an approval that does not lie beside R.json; several times for several." type:"existingfile" placeholder:"A.json"`
	Out      string   `help:"MP4 file to write; one that is there is never replaced." required:"" type:"path" placeholder:"OUT.mp4"`
}

func (c *open) Run(p *cli.Program) error {
	src, i, err := c.load(p, c.where, "")
	if err != nil {
		return err
	}
	if _, err := os.Lstat(c.Out); err == nil {
		return text.Fail(cli.Refuse(fs.ErrExist), text.KeygenExists, c.Out) // before a gateway notes an opening
	}
	key, err := identities(p, []string{c.Key})
	if err != nil {
		return err
	}
	given, err := c.given(p, src, i)
	if err != nil {
		return err
	}
	done, err := source.Export(p.Ctx, src, i, given, key.Identities[0], c.Out)
	switch {
	case errors.Is(err, sealed.ErrShares):
		return cli.Refuse(err)
	case err != nil:
		return err
	}
	if err := src.Opened(p.Ctx, i, sealed.Person{ID: key.Label}, done.Units); err != nil {
		return err
	}
	return c.say(p, i, done)
}

// given are the approvals that the source has, and those in the files that are named.
func (c *open) given(p *cli.Program, src source.Source, i source.Item) ([]sealed.Approval, error) {
	all, err := src.Approvals(p.Ctx, i)
	if err != nil {
		return nil, err
	}
	for _, name := range c.Approval {
		a, err := source.ReadApproval(name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, a)
	}
	return all, nil
}

func (c *open) say(p *cli.Program, i source.Item, r movie.Result) error {
	for _, s := range r.Skipped {
		fmt.Fprintln(p.Stderr, p.Text(text.SealedSkipped, s.Err))
	}
	if r.Undecodable > 0 {
		fmt.Fprintln(p.Stderr, p.Text(text.SealedUndecodable, r.Undecodable))
	}
	if len(r.Files) == 0 {
		return text.Fail(cli.Refuse(sealed.ErrRequest), text.SealedNothingInside, i.Request.Camera)
	}
	p.Say(text.SealedOpened, r.Files[0], r.Units, i.Request.Camera, cli.Seconds(r.From), cli.Seconds(r.To))
	for _, name := range r.Files[1:] {
		p.Say(text.SealedOpenedMore, name)
	}
	p.Say(text.SealedNext, r.Files[0])
	if len(r.Skipped) > 0 {
		return cli.ErrSaid
	}
	return nil
}
