package sealed

import (
	"errors"
	"fmt"
	"io/fs"

	"filippo.io/age"

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
	for _, name := range c.Approval {
		a, err := source.ReadApproval(name)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		i.Given = append(i.Given, a)
	}
	key, err := identities(p, []string{c.Key})
	if err != nil {
		return err
	}
	done, err := c.export(p, src, i, key.Identities[0])
	if err != nil {
		return err
	}
	by := sealed.Person{ID: key.Label}
	if err := src.Opened(p.Ctx, i, by, done.Units); err != nil {
		return err
	}
	return c.say(p, i, done)
}

func (c *open) export(p *cli.Program, src source.Source, i source.Item, key age.Identity) (movie.Result, error) {
	shares, err := sealed.Shares(i.Request, i.Given, key)
	if err != nil {
		return movie.Result{}, cli.Refuse(err)
	}
	sequences := i.Sequences()
	if len(sequences) == 0 {
		return movie.Result{}, text.Fail(cli.Refuse(sealed.ErrShares), text.SealedNobodyGave, i.Request.ID)
	}
	segment := func(seq uint64) (sealed.File, error) {
		if err := p.Ctx.Err(); err != nil {
			return sealed.File{}, err
		}
		return src.Segment(p.Ctx, i, seq)
	}
	r, err := movie.Export(c.Out, i.Request, sequences, shares, segment, nil)
	switch {
	case p.Ctx.Err() != nil:
		return movie.Result{}, p.Ctx.Err()
	case errors.Is(err, fs.ErrExist):
		return movie.Result{}, text.Fail(cli.Refuse(err), text.KeygenExists, c.Out)
	case errors.Is(err, sealed.ErrShares):
		return movie.Result{}, cli.Refuse(err)
	}
	return r, err
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
